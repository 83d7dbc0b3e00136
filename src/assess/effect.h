/* assess/effect.h — did it work? The places of an intervention before and after, beside others.
 *
 * Options are the words of the command line; effect_run checks them all. NULL = not given.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_EFFECT_H
#define REEVE_ASSESS_EFFECT_H

#include "assess/cube.h"
#include "assess/finding.h"
#include "assess/table.h"

enum effect_role { EFFECT_TREATED, EFFECT_COMPARISON, EFFECT_NEARBY, EFFECT_ROLES };

struct effect_options {
    struct table_options table;      /* what is counted: profile, kind, where, area, vintage; .by is
                                        the type of the areas; .period is not looked at */
    const char *areas[EFFECT_ROLES]; /* "E05013983,E05013971"; of the comparison also "rest": every
                                        area of table.area that has no other part */
    const char *before, *after;      /* "2021-01..2021-06": whole months, one after the other */
};

/* Events in the areas of one part; NaN = not available, because a month is not covered. */
struct effect_counts {
    size_t areas;
    double before, after;
    double earlier; /* in a period as long as that before, directly before it */
};

struct effect {
    struct effect_counts roles[EFFECT_ROLES];
    struct month_range before, after, earlier;
    /* effect.treated.change, effect.nearby.change, effect.together.change where areas nearby are
     * named, effect.treated.earlier; of the theme "effect". */
    struct finding findings[4];
    size_t finding_count;
    const char *const *notes; /* of the table that was counted: source, denominator, left out */
    size_t note_count;
};

/* Each finding compares the change of some areas with that of the comparison in two ways: by number
 * (the weighted displacement difference, sizes being the numbers of areas: each area would have
 * changed by as many) and by proportion (Fisher's test of the four counts: all would have changed
 * by the same factor). Fewer or more is said only when both tell it from chance in one direction.
 * The finding of the earlier period asks the same of the two periods before the intervention: areas
 * that were moving otherwise already, or were chosen at a peak, make the others not reliable.
 *
 * RV_USAGE for words that are missing or wrong, periods that overlap or stand in the wrong order;
 * RV_NOT_FOUND for a code that no area has; RV_INVALID for an area with two parts; as table_run.
 * Checked: tests/e2e/test_effect.py: planted counts, both comparisons computed again in Python.
 * Cost: three tables. */
RV_MUST_CHECK rv_status effect_run(struct held *h, const struct effect_options *options,
                                   struct effect *ret, struct rv_err *reterr);

#endif

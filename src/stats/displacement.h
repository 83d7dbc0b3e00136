/* stats/displacement.h — did the areas of an intervention change otherwise than their comparison?
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_DISPLACEMENT_H
#define REEVE_STATS_DISPLACEMENT_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

/* Events in one kind of area, before and after. */
struct displacement_area {
    int64_t before, after;
    double size; /* counts are divided by it; 1 unless areas of unequal size are compared */
};

struct displacement_input {
    struct displacement_area treated, comparison;
    bool has_neighbours; /* where events may have moved to, and their own comparison */
    struct displacement_area neighbours, neighbours_comparison;
};

struct displacement_options {
    double before_length, after_length; /* of the two periods, in one unit, > 0 */
    double level;
};

#define DISPLACEMENT_DEFAULTS                                                                      \
    ((struct displacement_options){.before_length = 1, .after_length = 1, .level = STATS_LEVEL})

/* Events in a period as long as the one after: negative = fewer than the comparison makes expected.
 * Without has_test no event was recorded in any of its areas, so there is nothing to test by. */
struct displacement_effect {
    double estimate, standard_error;
    bool has_test;
    double z, p; /* two-sided, of a normal distribution */
    double lower, upper;
};

/* Under this count in some area and period the normal distribution is rough. */
#define DISPLACEMENT_SMALL 5

struct displacement {
    struct displacement_effect local; /* treated less comparison */
    bool has_neighbours;
    struct displacement_effect displaced; /* neighbours less their comparison */
    struct displacement_effect total;     /* both: what the whole place won or lost */
    bool is_rough;                        /* some count is under DISPLACEMENT_SMALL */
};

/* The weighted displacement difference.
 *
 *   WDD = (T1 - T0) - (C1 - C0) + (D1 - D0) - (E1 - E0)
 *
 * with counts of the period before multiplied by after_length / before_length and each divided by
 * the size of its area; the variance is the sum of the counts, each times the square of its factor
 * (counts are taken as Poisson and independent). The test asks whether areas changed by unequal
 * numbers of events: it takes for granted that without the intervention both would have changed by
 * the same number.
 *
 *   ret  total = local without neighbours
 *
 * RV_DOMAIN for a count that is negative or over STATS_COUNT_MAX, a size or length that is not
 * above 0, a level out of range.
 *
 * Source:  Wheeler & Ratcliffe (2018), Crime Science 7, 11.
 * Checked: tests/ref/wdd.csv: the example of the paper and those printed by its authors for unequal
 *          periods and areas, rel 1e-9.
 * Card:    wdd
 * Cost:    one normal quantile and three tails.
 */
RV_MUST_CHECK rv_status displacement_difference(const struct displacement_input *input,
                                                const struct displacement_options *options,
                                                struct displacement *ret, struct rv_err *reterr);

#endif

/* synth/plan.h — what one borough has to add up to.
 *
 * The detailed borough takes its tables as they stand. For another, the ladders say how many
 * offences each profile has in each year; the overlaps and offence groups follow the proportions
 * of the detailed borough.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_PLAN_H
#define REEVE_SYNTH_PLAN_H

#include "synth/targets.h"

#define WARDS_MOST 32

/* Margins of the wards of a borough: exact, or the most; -1 = free. */
struct ward_plan {
    int64_t u25[WARDS_MOST], u25_most[WARDS_MOST];
    int64_t sv[WARDS_MOST], sv_most[WARDS_MOST];
    int64_t da[WARDS_MOST], da_most[WARDS_MOST];
    int64_t da_2021[WARDS_MOST], da_2022[WARDS_MOST], da_2022_most[WARDS_MOST];
};

struct plan {
    const struct targets *t;
    const struct geography *g;
    size_t borough;
    bool is_detailed;
    int64_t groups[REGIONS][GROUPS][TWO_YEARS];
    int64_t tno[TNO_CATEGORIES][TWO_YEARS]; /* all offences by the publisher's category */
    int64_t da_elsewhere[TWO_YEARS];        /* flagged, but in no profile */
    int64_t accused_u25, accused_sv;
    size_t ward_first, ward_count; /* in g->wards_2022 */
    struct ward_plan wards;
};

/* Plans of all boroughs, in the order of g->boroughs. RV_REFUSED names the table that cannot be
 * met. Lives in `a`. */
RV_MUST_CHECK rv_status plan_all(struct arena *a, uint64_t seed, const struct targets *t,
                                 const struct geography *g, struct plan **ret,
                                 struct rv_err *reterr);

#endif

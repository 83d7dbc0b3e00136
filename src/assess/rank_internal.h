/* assess/rank_internal.h — what ranks, their table and funnels share. Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_ASSESS_RANK_INTERNAL_H
#define REEVE_ASSESS_RANK_INTERNAL_H

#include "assess/profile_internal.h"

/* Person-years of residents of an area (placed code) over months; NaN when not known. */
double residents_years(const struct population *p, uint32_t placed, struct month_range r);

/* Ranks of the boroughs by count or by rate in a bucket, with simultaneous sets. *ret_ranked is
 * false, and nothing else set, when rates are asked for and some borough's residents are not known.
 * beside: NULL, or [boroughs]: each beside the borough that is assessed, as
 * rank_simultaneous_beside; all 0 when that takes no rank. */
RV_MUST_CHECK rv_status rank_boroughs(struct lens *l, uint32_t category, int bucket, bool by_rate,
                                      struct rank *ranks, int8_t *beside, bool *ret_ranked,
                                      struct rv_err *reterr);
/* The boroughs in a table: rates with the places each could hold, and places by count. */
RV_MUST_CHECK rv_status rank_table(struct lens *l, uint32_t category, struct rv_err *reterr);

/* ---- funnels ---- */

#define FUNNEL_LEAST 10 /* areas from which their spread can be told */

/* Areas with events and person-years: limits are of all of `valid`, rows those of `shown`. */
struct funnel_asked {
    const char *id;
    const char *label;    /* "Borough" */
    const char *things;   /* whose spread it is: "boroughs" */
    const char *shown_as; /* "wards of Havering" */
    const char *whole;    /* what the reference is of: "all boroughs together" */
    const char *focus;
    size_t n;
    const double *counts, *years; /* [n] */
    const uint64_t *valid;
    const char *const *names; /* [n] */
    const uint32_t *shown;    /* [shown_count] */
    size_t shown_count;
};

/* A table with its funnel; quiet with fewer than FUNNEL_LEAST areas or without an event. */
RV_MUST_CHECK rv_status funnel_table(struct lens *l, const struct funnel_asked *q,
                                     struct rv_err *reterr);
/* That of the boroughs; quiet where not all of them are covered or have residents. */
RV_MUST_CHECK rv_status funnel_boroughs(struct lens *l, struct rv_err *reterr);

#endif

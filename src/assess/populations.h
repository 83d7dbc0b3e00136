/* assess/populations.h — the populations held beside residents: their names, and what a rate on one
 * of them means.
 *
 * Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_POPULATIONS_H
#define REEVE_ASSESS_POPULATIONS_H

#include "assess/population.h"

struct population_held {
    const char *name; /* as rows write it: "workday population" */
    const char *slug; /* what --denominator also takes and ids have: "workday-population" */
};

/* Every other population with a current row, by name. Cost: rows of the extracts that name any. */
RV_MUST_CHECK rv_status populations_held(struct held *h, struct population_held **ret,
                                         size_t *ret_count, struct rv_err *reterr);

/* The one that an option names, by name or slug; RV_USAGE lists those held. `others` are the
 * further words that the option takes: "residents or same-age". */
RV_MUST_CHECK rv_status populations_find(struct held *h, const char *given, const char *others,
                                         struct population_held *ret, struct rv_err *reterr);

/* Of whom its figures are: which ages, of which years and for which of `range` they stand in for
 * others, and of how many of the areas that count. In the arena, NULL when out of memory. */
const char *population_says(struct arena *a, const struct population *p, struct month_range range,
                            size_t known, size_t areas);

#endif

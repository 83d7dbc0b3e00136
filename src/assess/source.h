/* assess/source.h — the series of extracts that a figure can come from, and which is chosen.
 *
 * A source is all extracts of one kind that continue each other (store/extract.h: `source`).
 * Figures of different sources are never added up: their categories and their gaps differ.
 * Rule of choice, stated in every finding: the source that covers most months of the periods
 * asked for; among equals the one imported last.
 *
 * Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_SOURCE_H
#define REEVE_ASSESS_SOURCE_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/civil.h"
#include "store/extract.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
    const char *kind, *name;
    const struct extract_info *extracts; /* in order of import */
    size_t extract_count;
    const int32_t *months; /* covered, ascending; of the last extract when each replaces all */
    size_t month_count;
};

/* Every source of a kind (NULL = every kind), in order of first import. */
RV_MUST_CHECK rv_status sources_load(struct store *s, struct arena *a, const char *kind,
                                     struct source **ret, size_t *ret_count, struct rv_err *reterr);

bool source_covers(const struct source *s, int32_t month);
int32_t source_months_in(const struct source *s, struct month_range range); /* covered months */
struct month_range source_span(const struct source *s); /* first > last when it covers nothing */
int64_t source_last_extract(const struct source *s);    /* highest extract id */

/* The source of a kind by the rule above for two periods (either may be empty); NULL = none. */
const struct source *source_choose(const struct source *sources, size_t count, const char *kind,
                                   struct month_range period, struct month_range compare);

/* "March 2021, May 2021 to July 2021": the months of a range that are not covered; "" when all are.
 * In the arena; NULL when out of memory. */
const char *source_gaps(struct arena *a, const struct source *s, struct month_range range);

/* The extracts of the source that cover a month of either period, as evidence of a finding. */
RV_MUST_CHECK rv_status source_evidence(struct arena *a, const struct source *s,
                                        struct month_range period, struct month_range compare,
                                        struct finding_source **ret, size_t *ret_count,
                                        struct rv_err *reterr);

#endif

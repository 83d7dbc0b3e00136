/* place/lookup.h — look-ups between codes (ward to ward, LSOA to ward, …) with weights, chained.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_LOOKUP_H
#define REEVE_PLACE_LOOKUP_H

#include "base/arena.h"
#include "place/areas.h"

/* Where one code goes: `count` areas of the target layer with weights that sum to 1 or less. */
struct lookup_share {
    uint32_t placed; /* placed code in the target layer, never 0 */
    double weight;   /* 0 < weight <= 1 */
};
struct lookup_target {
    struct lookup_share *shares;
    size_t count;
};

struct lookups; /* every look-up held, in the arena */

/* Codes that a file splits without saying how: shared out by the residents of the parts, or equally
 * where no population held knows all of them. */
struct lookup_splits {
    size_t by_residents, equally;
};

/* Loads the current rows of all extracts of kind "lookup". */
RV_MUST_CHECK rv_status lookups_load(struct store *s, struct arena *a, struct lookups **ret,
                                     struct rv_err *reterr);

struct lookup_splits lookups_splits(const struct lookups *ls);

/* Resolves a code to areas of `target`: directly when it is one of its codes, else through the
 * shortest chain of look-ups (at most 3 steps). count 0 when there is no way. Weights multiply
 * along a chain. Deterministic: among chains of equal length the lowest codes come first. */
RV_MUST_CHECK rv_status lookup_resolve(const struct lookups *ls, struct arena *a, struct text code,
                                       const struct layer *target, struct lookup_target *ret,
                                       struct rv_err *reterr);

#endif

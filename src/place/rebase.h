/* place/rebase.h — re-basings held: how counts on the areas of one layer are given on another's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_REBASE_H
#define REEVE_PLACE_REBASE_H

#include "base/arena.h"
#include "place/areas.h"
#include "store/store.h"

#define REBASE_WHOLE 1000000 /* parts of a whole area */

struct rebase_part {
    uint32_t from;  /* position in the layer that is given up */
    uint32_t to;    /* placed code in the other layer; 0 = in none of its areas */
    int32_t parts;  /* of REBASE_WHOLE, at least 1; those of an area add up to it */
    bool is_main;   /* the largest part of its area, the lowest target of equals */
    double area_m2; /* slivers left out */
    double persons; /* residents of the part; 0 by area */
};

struct rebase { /* lives in the arena */
    int64_t id;
    const struct layer *from, *to;
    const char *basis;      /* "population", "area" */
    const char *population; /* "residents, Census 2021, of lsoa 2021"; "" by area */
    const char *sources;    /* JSON: extracts of that population with their SHA-256 */
    double sliver_m;        /* common parts of a smaller mean width were dropped */
    uint32_t slivers;
    double slivers_m2;
    const char *made_at;
    struct rebase_part *parts; /* by from, then to */
    size_t count;
};

/* All re-basings between layers of `layers`. RV_DAMAGED when the parts of an area are not a whole.
 */
RV_MUST_CHECK rv_status rebases_load(struct store *s, struct arena *a, const struct layer *layers,
                                     size_t layer_count, struct rebase **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* The re-basing from one layer to another; NULL when none is held. */
const struct rebase *rebase_find(const struct rebase *rebases, size_t count,
                                 const struct layer *from, const struct layer *to);

/* The parts of area `from`, *ret_count of them; NULL and 0 when it has none. O(log parts). */
const struct rebase_part *rebase_parts(const struct rebase *r, uint32_t from, size_t *ret_count);

/* Marks the main part of every area. */
void rebase_mark_main(struct rebase *r);

/* Puts it in the place of any other between the same layers: one transaction. `made_at` is its
 * time; `id` is not read. */
RV_MUST_CHECK rv_status rebase_store(struct store *s, const struct rebase *r,
                                     struct rv_err *reterr);

#endif

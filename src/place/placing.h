/* place/placing.h — which area each record lies in.
 *
 * Order of evidence: coordinates; else lsoa_code, then ward_code, then borough_code, directly or
 * through look-ups. Coordinates outside every area are unplaced even when a code is given.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_PLACING_H
#define REEVE_PLACE_PLACING_H

#include "base/arena.h"
#include "base/pool.h"
#include "base/progress.h"
#include "place/areas.h"

/* An index over one layer: a grid whose cells wholly inside one area answer at once, GEOS
 * prepared geometries for the rest. Thread-safe to query after opening (one GEOS context per
 * worker of the pool given). */
struct place_index;
RV_MUST_CHECK rv_status place_index_open(struct store *s, struct arena *a, const struct layer *l,
                                         size_t workers, struct place_index **ret,
                                         struct rv_err *reterr);
void place_index_close(struct place_index *index);
void place_index_closep(struct place_index **index);

/* placed[i] = placed code of point i (British National Grid millimetres); 0 = in none. A point
 * on a shared edge belongs to the lowest code among the areas that cover it; a point within 1 m
 * of exactly the layer's outer edge or a sliver goes to no area. Cost: see bench/place. */
RV_MUST_CHECK rv_status place_points(struct place_index *index, size_t worker, size_t n,
                                     const int64_t *easting_mm, const int64_t *northing_mm,
                                     const uint64_t *valid, uint32_t *placed,
                                     struct rv_err *reterr);

/* Places every current extract of a record kind (offences, …) in every layer and stores it:
 * extract 0 = all extracts. Call inside store_begin. */
RV_MUST_CHECK rv_status place_extracts(struct store *s, struct arena *a, struct pool *pool,
                                       struct progress *progress, int64_t extract,
                                       struct rv_err *reterr);

/* Stored placement of an extract in a layer, for scanning: chunk by chunk placed codes, decoded
 * into the arena. RV_NOT_FOUND when not placed yet. */
RV_MUST_CHECK rv_status placement_load(struct store *s, struct arena *a, int64_t extract,
                                       const struct layer *l, const uint32_t ***ret_chunks,
                                       uint32_t *ret_count, int64_t *ret_unplaced,
                                       struct rv_err *reterr);

#endif

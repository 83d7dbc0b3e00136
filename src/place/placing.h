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
#include "store/extract.h"

/* An index over one layer: a grid whose cells wholly inside one area answer at once, GEOS
 * prepared geometries for the rest. Each worker has a GEOS context and prepared geometries of its
 * own, made when first needed, so different workers may ask at the same time. */
struct place_index;
RV_MUST_CHECK rv_status place_index_open(struct store *s, struct arena *a, const struct layer *l,
                                         size_t workers, struct place_index **ret,
                                         struct rv_err *reterr);

/* The same from shapes: wkb[i] is the Polygon or MultiPolygon of area i in British National Grid
 * metres. Keeps the bytes of wkb (borrowed) and a grid in `a`. RV_DAMAGED for bytes that are none.
 */
RV_MUST_CHECK rv_status place_index_from_wkb(struct arena *a, const struct text *wkb,
                                             uint32_t count, size_t workers,
                                             struct place_index **ret, struct rv_err *reterr);
void place_index_close(struct place_index *index); /* NULL allowed */
void place_index_closep(struct place_index **index);

/* placed[i] = placed code of point i (British National Grid millimetres); 0 = in none, and where
 * valid (bit i%64 of word i/64; NULL = all) says there is no point. Edges and corners belong to
 * the areas they bound: a point on a shared edge goes to the lowest code among the areas that
 * cover it. A point outside every area, even by a millimetre or in a sliver between two, goes to
 * none. Exact: areas and points are whole millimetres. `worker` < workers.
 *
 * Checked: tests/place/test_placing.c: 06_pip (shapely), GEOS one by one, every point once.
 * Cost:    bench/bench_place.c: 9 million points a second in order of arrival, more when sorted;
 *          one point in nine of that layer lies so near an edge that it takes a GEOS test. */
RV_MUST_CHECK rv_status place_points(struct place_index *index, size_t worker, size_t n,
                                     const int64_t *easting_mm, const int64_t *northing_mm,
                                     const uint64_t *valid, uint32_t *placed,
                                     struct rv_err *reterr);

/* Places every extract that holds records (it has coordinates or area codes, and is none of
 * area-counts, population, indicators, lookup, weights, calendar) in every layer and stores it,
 * masked rows included: extract 0 = all extracts. An extract of another kind costs nothing, but a
 * look-up has every record placed again, for it may lead some somewhere new: call it after every
 * import, inside store_begin. RV_INTERRUPTED. */
RV_MUST_CHECK rv_status place_extracts(struct store *s, struct arena *a, struct pool *pool,
                                       struct progress *progress, int64_t extract,
                                       struct rv_err *reterr);

/* The same for an extract that is still a draft, before the transaction that stores it: places it
 * in every layer held now and keeps the outcome in memory (about 2 bytes a row and layer). */
struct placed_draft;
RV_MUST_CHECK rv_status place_draft(struct store *s, struct pool *pool, struct progress *progress,
                                    const char *kind, struct extract_draft *d,
                                    const struct dictionary *const *dictionaries,
                                    struct placed_draft **ret, struct rv_err *reterr);
void placed_draft_closep(struct placed_draft **p);

/* Inside store_begin, once the draft is stored as `extract`: stores the outcome; when layers or
 * look-ups have come since, or it is itself a look-up, place_extracts. */
RV_MUST_CHECK rv_status placed_draft_store(struct store *s, struct arena *a, struct pool *pool,
                                           struct progress *progress, const struct placed_draft *p,
                                           int64_t extract, struct rv_err *reterr);

/* Stored placement of an extract in a layer, for scanning: chunk by chunk placed codes, decoded
 * into the arena. RV_NOT_FOUND when not placed yet; RV_DAMAGED when the stored bytes are. */
RV_MUST_CHECK rv_status placement_load(struct store *s, struct arena *a, int64_t extract,
                                       const struct layer *l, const uint32_t ***ret_chunks,
                                       uint32_t *ret_count, int64_t *ret_unplaced,
                                       struct rv_err *reterr);

#endif

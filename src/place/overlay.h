/* place/overlay.h — what areas of one layer have in common with areas of another.
 *
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_OVERLAY_H
#define REEVE_PLACE_OVERLAY_H

#include "base/arena.h"
#include "base/progress.h"
#include "place/areas.h"

#define OVERLAY_OUTSIDE UINT32_MAX /* `two` of a part that lies in no area of the second layer */

/* One polygon that two areas have in common: a pair that meets in several places has several. */
struct overlay_part {
    uint32_t one, two;       /* positions in the two layers */
    double area_m2, width_m; /* mean width: twice the area by the perimeter */
    double amount;           /* of the third layer, spread evenly over each of its areas */
};

struct overlay {                /* in the arena */
    struct overlay_part *parts; /* by one, then two, outside last; parts without area left out */
    size_t count;
};

/* A layer's shapes: wkb[count], British National Grid metres. */
struct overlay_layer {
    const struct text *wkb;
    uint32_t count;
};

/* Intersects each area of `one` with the areas of `two` whose boxes meet it; what of it lies in
 * none of them is `outside`. `amounts` belong to the areas of `third`, for example their
 * residents: a part gets of each the share of its area that lies in the part. NULL for both = no
 * amounts.
 *
 * RV_DAMAGED for bytes that are no polygon, RV_INTERRUPTED, RV_NO_MEMORY.
 * Checked: tests/ref/apportion-pieces.csv (shapely), rel 1e-9; areas and amounts add up.
 * Cost:    10 s for 657 wards, 704 wards and 4,994 LSOAs. */
RV_MUST_CHECK rv_status overlay_shapes(struct arena *a, struct progress *progress,
                                       const struct overlay_layer *one,
                                       const struct overlay_layer *two,
                                       const struct overlay_layer *third, const double *amounts,
                                       struct overlay *ret, struct rv_err *reterr);

/* The same of layers held. */
RV_MUST_CHECK rv_status overlay_layers(struct store *s, struct arena *a, struct progress *progress,
                                       const struct layer *one, const struct layer *two,
                                       const struct layer *third, const double *amounts,
                                       struct overlay *ret, struct rv_err *reterr);

#endif

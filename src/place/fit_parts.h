/* place/fit_parts.h — what the two halves of fit share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_FIT_PARTS_H
#define REEVE_PLACE_FIT_PARTS_H

#include "place/fit.h"
#include "place/geometry.h"

struct edge { /* millimetres; a before b by x, then y */
    int32_t ax, ay, bx, by;
    uint32_t area;
    bool is_forward; /* its ring goes from a to b */
};

struct fitting {
    struct arena *arena; /* of the result */
    struct arena scratch;
    struct progress *progress;
    struct geos geos;
    GEOSGeometry **shapes; /* millimetres */
    uint32_t count;
    size_t points;
    struct edge *edges; /* all, then the loose ones */
    size_t edge_count;
    uint8_t *is_loose; /* the area has a loose edge */
};

/* Twice the area by the perimeter, in metres, of a shape in millimetres. */
double fit_width_m(struct geos *g, const GEOSGeometry *shape, double *ret_area_m2);

/* The faces that loose edges enclose and no area covers. */
RV_MUST_CHECK rv_status fit_gaps(struct fitting *f, const struct text *wkb, struct fit *fit,
                                 struct rv_err *reterr);

#endif

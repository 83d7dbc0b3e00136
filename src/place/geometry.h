/* place/geometry.h — GEOS with our statuses: shapes in, valid polygons and WKB out.
 *
 * Thread-compatible: one struct geos per thread, and every geometry belongs to the context that
 * made it. Private to src/place: nobody else sees geos_c.h.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_GEOMETRY_H
#define REEVE_PLACE_GEOMETRY_H

#define GEOS_USE_ONLY_R_API
#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <geos_c.h>
#include <stdint.h>

struct geos {
    GEOSContextHandle_t handle;
    char message[256]; /* GEOS's last error */
};

/* `g` must stay where it is until geos_done: GEOS keeps its address. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status geos_open(struct geos *g, struct rv_err *reterr);
void geos_done(struct geos *g); /* harmless when never opened */

/* One ring in the caller's memory: points pairs, closed. Rings with the same `polygon` belong
 * together, the first being the shell (as in read/geojson.h). */
struct geometry_ring {
    const double *xy;
    uint32_t points, polygon;
};

/* A Polygon, or a MultiPolygon when the rings have several polygon numbers, as it stands (perhaps
 * invalid). The caller destroys *ret with GEOSGeom_destroy_r. RV_INVALID with GEOS's reason. */
RV_MUST_CHECK rv_status geometry_build(struct geos *g, struct arena *a,
                                       const struct geometry_ring *rings, uint32_t count,
                                       GEOSGeometry **ret, struct rv_err *reterr);

/* Makes *shape valid in place: self-crossings become corners, overlapping parts are joined, holes
 * outside are dropped, spikes and lines vanish (GEOS's "structure" method). *note is NULL when it
 * was valid, else one sentence in the arena. RV_INVALID when no area is left. */
RV_MUST_CHECK rv_status geometry_repair(struct geos *g, struct arena *a, GEOSGeometry **shape,
                                        const char **note, struct rv_err *reterr);

struct geometry_facts {
    double area_m2, smallest_m2; /* of all its parts, of the smallest */
    double point_e, point_n;     /* inside or on the shape */
    uint32_t parts, holes;
};
RV_MUST_CHECK rv_status geometry_measure(struct geos *g, const GEOSGeometry *shape,
                                         struct geometry_facts *ret, struct rv_err *reterr);

/* Well-known binary (little-endian, two dimensions), copied into the arena. */
RV_MUST_CHECK rv_status geometry_to_wkb(struct geos *g, struct arena *a, const GEOSGeometry *shape,
                                        struct text *ret, struct rv_err *reterr);

/* The shape in millimetres, rounded: whole numbers, so that the side of an edge on which a point
 * lies is decided without rounding error. The caller destroys it. RV_DAMAGED when the bytes are
 * not a Polygon or MultiPolygon on Earth. */
RV_MUST_CHECK rv_status geometry_from_wkb(struct geos *g, struct text wkb, GEOSGeometry **ret,
                                          struct rv_err *reterr);

/* All rings of a Polygon or MultiPolygon, one after another in the arena. */
struct geometry_rings {
    double *xy;       /* points of all rings */
    uint32_t *starts; /* count + 1 offsets in points */
    uint32_t count;
};
RV_MUST_CHECK rv_status geometry_rings(struct geos *g, struct arena *a, const GEOSGeometry *shape,
                                       struct geometry_rings *ret, struct rv_err *reterr);

#endif

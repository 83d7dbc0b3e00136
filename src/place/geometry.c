/* place/geometry.c — polygons built, repaired, measured and written with GEOS.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/geometry.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* No coordinate on Earth in millimetres of any grid is as large. */
#define MOST_MM 1e11

static void remember_error(const char *message, void *context)
{
    struct geos *g = context;
    (void)snprintf(g->message, sizeof g->message, "%s", message);
}

rv_status geos_open(struct geos *g, struct rv_err *reterr)
{
    g->message[0] = '\0';
    g->handle = GEOS_init_r();
    if (!g->handle) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for geometry");
    }
    (void)GEOSContext_setErrorMessageHandler_r(g->handle, remember_error, g);
    return rv_ok();
}

void geos_done(struct geos *g)
{
    if (g->handle) {
        GEOS_finish_r(g->handle);
        g->handle = NULL;
    }
}

static const char *reason(const struct geos *g)
{
    return g->message[0] ? g->message : "out of memory";
}

static rv_status fail_invalid(const struct geos *g, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "the shape cannot be built (%s)", reason(g));
}

/* ---- building ---- */

static GEOSGeometry *build_ring(struct geos *g, const struct geometry_ring *ring)
{
    GEOSCoordSequence *points =
        GEOSCoordSeq_copyFromBuffer_r(g->handle, ring->xy, ring->points, 0, 0);
    return points ? GEOSGeom_createLinearRing_r(g->handle, points) : NULL; /* takes points */
}

static void destroy_all(struct geos *g, GEOSGeometry **geometries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        GEOSGeom_destroy_r(g->handle, geometries[i]);
    }
}

/* One polygon from its rings; `scratch` has room for count pointers. NULL when GEOS refuses. */
static GEOSGeometry *build_polygon(struct geos *g, const struct geometry_ring *rings,
                                   uint32_t count, GEOSGeometry **scratch)
{
    for (uint32_t i = 0; i < count; i++) {
        scratch[i] = build_ring(g, &rings[i]);
        if (!scratch[i]) {
            destroy_all(g, scratch, i);
            return NULL;
        }
    }
    return GEOSGeom_createPolygon_r(g->handle, scratch[0], scratch + 1, count - 1);
}

rv_status geometry_build(struct geos *g, struct arena *a, const struct geometry_ring *rings,
                         uint32_t count, GEOSGeometry **ret, struct rv_err *reterr)
{
    GEOSGeometry **scratch = ARENA_NEW(a, GEOSGeometry *, count);
    GEOSGeometry **polygons = ARENA_NEW(a, GEOSGeometry *, count);
    if (!scratch || !polygons) {
        return arena_fail(a, reterr);
    }
    g->message[0] = '\0';
    uint32_t made = 0;
    for (uint32_t i = 0, end; i < count; i = end) {
        end = i + 1;
        while (end < count && rings[end].polygon == rings[i].polygon) {
            end++;
        }
        polygons[made] = build_polygon(g, rings + i, end - i, scratch);
        if (!polygons[made]) {
            destroy_all(g, polygons, made);
            return fail_invalid(g, reterr);
        }
        made++;
    }
    GEOSGeometry *shape =
        made == 1 ? polygons[0]
                  : GEOSGeom_createCollection_r(g->handle, GEOS_MULTIPOLYGON, polygons, made);
    if (!shape) {
        return fail_invalid(g, reterr);
    }
    *ret = shape;
    return rv_ok();
}

/* ---- repair ---- */

static bool is_polygonal(struct geos *g, const GEOSGeometry *shape)
{
    int type = GEOSGeomTypeId_r(g->handle, shape);
    return type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON;
}

static GEOSGeometry *make_valid(struct geos *g, const GEOSGeometry *shape)
{
    GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(g->handle);
    if (!how) {
        return NULL;
    }
    (void)GEOSMakeValidParams_setMethod_r(g->handle, how, GEOS_MAKE_VALID_STRUCTURE);
    (void)GEOSMakeValidParams_setKeepCollapsed_r(g->handle, how, 0);
    GEOSGeometry *valid = GEOSMakeValidWithParams_r(g->handle, shape, how);
    GEOSMakeValidParams_destroy_r(g->handle, how);
    return valid;
}

/* "Self-intersection near 549560, 185762" */
static const char *fault_text(struct geos *g, struct arena *a, const char *why,
                              const GEOSGeometry *where)
{
    double e = 0, n = 0;
    if (where && GEOSGeomGetX_r(g->handle, where, &e) == 1 &&
        GEOSGeomGetY_r(g->handle, where, &n) == 1) {
        return arena_printf(a, "%s near %.0f, %.0f", why ? why : "invalid", e, n);
    }
    return arena_printf(a, "%s", why ? why : "invalid");
}

rv_status geometry_repair(struct geos *g, struct arena *a, GEOSGeometry **shape, const char **note,
                          struct rv_err *reterr)
{
    char *why = NULL;
    GEOSGeometry *where = NULL, *valid = NULL;
    g->message[0] = '\0';
    char is_valid = GEOSisValidDetail_r(g->handle, *shape, 0, &why, &where);
    const char *fault = is_valid == 0 ? fault_text(g, a, why, where) : NULL;
    GEOSFree_r(g->handle, why);
    GEOSGeom_destroy_r(g->handle, where);
    if (is_valid == 1) {
        *note = NULL;
        return rv_ok();
    }
    if (is_valid != 0 || !fault || !(valid = make_valid(g, *shape))) {
        return fail_invalid(g, reterr);
    }
    double before = 0, after = 0;
    (void)GEOSArea_r(g->handle, *shape, &before);
    (void)GEOSArea_r(g->handle, valid, &after);
    if (!is_polygonal(g, valid) || GEOSisEmpty_r(g->handle, valid) != 0 || !(after > 0)) {
        GEOSGeom_destroy_r(g->handle, valid);
        return rv_fail(reterr, RV_INVALID, "the shape encloses no area (%s)", fault);
    }
    GEOSGeom_destroy_r(g->handle, *shape);
    *shape = valid;
    *note = arena_printf(a, "%s: repaired, area changed from %.0f to %.0f square metres", fault,
                         before, after);
    return *note ? rv_ok() : arena_fail(a, reterr);
}

/* ---- measuring ---- */

static uint32_t count_holes(struct geos *g, const GEOSGeometry *shape, int parts)
{
    int holes = 0;
    for (int i = 0; i < parts; i++) {
        int n = GEOSGetNumInteriorRings_r(g->handle, GEOSGetGeometryN_r(g->handle, shape, i));
        holes += n > 0 ? n : 0;
    }
    return (uint32_t)holes;
}

static double smallest_part(struct geos *g, const GEOSGeometry *shape, int parts)
{
    double least = INFINITY;
    for (int i = 0; i < parts; i++) {
        double area = 0;
        (void)GEOSArea_r(g->handle, GEOSGetGeometryN_r(g->handle, shape, i), &area);
        least = fmin(least, area);
    }
    return least;
}

rv_status geometry_measure(struct geos *g, const GEOSGeometry *shape, struct geometry_facts *ret,
                           struct rv_err *reterr)
{
    struct geometry_facts facts = {0};
    g->message[0] = '\0';
    GEOSGeometry *point = GEOSPointOnSurface_r(g->handle, shape);
    int parts = GEOSGetNumGeometries_r(g->handle, shape);
    bool is_measured = point && parts > 0 && GEOSArea_r(g->handle, shape, &facts.area_m2) == 1 &&
                       GEOSGeomGetX_r(g->handle, point, &facts.point_e) == 1 &&
                       GEOSGeomGetY_r(g->handle, point, &facts.point_n) == 1;
    GEOSGeom_destroy_r(g->handle, point);
    if (!is_measured) {
        return rv_fail(reterr, RV_INVALID, "the shape cannot be measured (%s)", reason(g));
    }
    if (!(facts.area_m2 > 0)) {
        return rv_fail(reterr, RV_INVALID, "the shape encloses no area");
    }
    facts.parts = (uint32_t)parts;
    facts.holes = count_holes(g, shape, parts);
    facts.smallest_m2 = smallest_part(g, shape, parts);
    *ret = facts;
    return rv_ok();
}

/* ---- bytes ---- */

rv_status geometry_to_wkb(struct geos *g, struct arena *a, const GEOSGeometry *shape,
                          struct text *ret, struct rv_err *reterr)
{
    g->message[0] = '\0';
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(g->handle);
    if (!writer) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a shape");
    }
    GEOSWKBWriter_setByteOrder_r(g->handle, writer, GEOS_WKB_NDR);
    GEOSWKBWriter_setOutputDimension_r(g->handle, writer, 2);
    size_t n = 0;
    unsigned char *bytes = GEOSWKBWriter_write_r(g->handle, writer, shape, &n);
    GEOSWKBWriter_destroy_r(g->handle, writer);
    const char *copy = bytes ? arena_text(a, (const char *)bytes, n) : NULL;
    GEOSFree_r(g->handle, bytes);
    if (!bytes) {
        return rv_fail(reterr, RV_NO_MEMORY, "a shape cannot be written (%s)", reason(g));
    }
    if (!copy) {
        return arena_fail(a, reterr);
    }
    *ret = (struct text){copy, n};
    return rv_ok();
}

/* GEOS calls it for every point; 0 stops. NaN fails the comparison. */
static int to_millimetres(double *x, double *y, void *context)
{
    (void)context;
    *x = nearbyint(*x * 1000);
    *y = nearbyint(*y * 1000);
    return fabs(*x) < MOST_MM && fabs(*y) < MOST_MM;
}

rv_status geometry_from_wkb(struct geos *g, struct text wkb, GEOSGeometry **ret,
                            struct rv_err *reterr)
{
    g->message[0] = '\0';
    GEOSGeometry *metres =
        wkb.n ? GEOSGeomFromWKB_buf_r(g->handle, (const unsigned char *)wkb.at, wkb.n) : NULL;
    GEOSGeometry *shape = metres && is_polygonal(g, metres)
                              ? GEOSGeom_transformXY_r(g->handle, metres, to_millimetres, NULL)
                              : NULL;
    GEOSGeom_destroy_r(g->handle, metres);
    if (!shape) {
        return rv_fail(reterr, RV_DAMAGED,
                       "a stored boundary cannot be read (%s): run 'reeve verify'",
                       g->message[0] ? g->message : "not a polygon in metres");
    }
    *ret = shape;
    return rv_ok();
}

static rv_status append_ring(struct geos *g, const GEOSGeometry *ring, struct geometry_rings *out,
                             struct rv_err *reterr)
{
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(g->handle, ring);
    unsigned n = 0;
    uint32_t at = out->starts[out->count];
    if (!points || GEOSCoordSeq_getSize_r(g->handle, points, &n) != 1 ||
        GEOSCoordSeq_copyToBuffer_r(g->handle, points, out->xy + 2 * (size_t)at, 0, 0) != 1) {
        return rv_fail(reterr, RV_DAMAGED, "a stored boundary cannot be read (%s)", reason(g));
    }
    out->starts[++out->count] = at + n;
    return rv_ok();
}

static rv_status append_polygon(struct geos *g, const GEOSGeometry *part,
                                struct geometry_rings *out, struct rv_err *reterr)
{
    RV_TRY(append_ring(g, GEOSGetExteriorRing_r(g->handle, part), out, reterr));
    int inner = GEOSGetNumInteriorRings_r(g->handle, part);
    for (int k = 0; k < inner; k++) {
        RV_TRY(append_ring(g, GEOSGetInteriorRingN_r(g->handle, part, k), out, reterr));
    }
    return rv_ok();
}

rv_status geometry_rings(struct geos *g, struct arena *a, const GEOSGeometry *shape,
                         struct geometry_rings *ret, struct rv_err *reterr)
{
    g->message[0] = '\0';
    int parts = GEOSGetNumGeometries_r(g->handle, shape);
    int points = GEOSGetNumCoordinates_r(g->handle, shape);
    uint32_t holes = count_holes(g, shape, parts);
    if (parts < 0 || points < 0) {
        return rv_fail(reterr, RV_DAMAGED, "a stored boundary cannot be read (%s)", reason(g));
    }
    struct geometry_rings rings = {
        .xy = ARENA_NEW(a, double, 2 * (size_t)points),
        .starts = ARENA_NEW(a, uint32_t, (size_t)parts + holes + 1),
    };
    if (!rings.xy || !rings.starts) {
        return arena_fail(a, reterr);
    }
    for (int i = 0; i < parts; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(g->handle, shape, i);
        if (!part || GEOSisEmpty_r(g->handle, part) != 0) {
            continue;
        }
        RV_TRY(append_polygon(g, part, &rings, reterr));
    }
    *ret = rings;
    return rv_ok();
}

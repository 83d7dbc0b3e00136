/* place/fit_gaps.c — gaps: faces between loose edges that no area covers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/fit_parts.h"
#include "place/placing.h"

#include <math.h>
#include <stdlib.h>

#define MOST_EDGES 300000 /* beyond it crossing edges could take all memory */

static rv_status fail_memory(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory checking how the areas fit");
}

static void destroy_lines(struct fitting *f, GEOSGeometry **lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        GEOSGeom_destroy_r(f->geos.handle, lines[i]);
    }
}

/* The loose edges as one collection of lines, each once. */
static GEOSGeometry *edges_as_lines(struct fitting *f)
{
    GEOSContextHandle_t g = f->geos.handle;
    GEOSGeometry **lines = ARENA_NEW(&f->scratch, GEOSGeometry *, f->edge_count);
    size_t count = 0;
    for (size_t i = 0; lines && i < f->edge_count; i++) {
        const struct edge *e = &f->edges[i], *last = i ? e - 1 : NULL;
        if (last && last->ax == e->ax && last->ay == e->ay && last->bx == e->bx &&
            last->by == e->by) {
            continue;
        }
        const double xy[4] = {e->ax, e->ay, e->bx, e->by};
        GEOSCoordSequence *points = GEOSCoordSeq_copyFromBuffer_r(g, xy, 2, 0, 0);
        lines[count] = points ? GEOSGeom_createLineString_r(g, points) : NULL;
        if (!lines[count]) {
            destroy_lines(f, lines, count);
            return NULL;
        }
        count++;
    }
    return lines ? GEOSGeom_createCollection_r(g, GEOS_MULTILINESTRING, lines, (unsigned)count)
                 : NULL;
}

/* Cut where they meet, on the millimetre grid, and closed to faces. */
static GEOSGeometry *faces_of(struct fitting *f)
{
    GEOSContextHandle_t g = f->geos.handle;
    GEOSGeometry *lines = edges_as_lines(f);
    const GEOSGeometry *noded = lines ? GEOSUnaryUnionPrec_r(g, lines, 1) : NULL;
    GEOSGeometry *faces = noded ? GEOSPolygonize_r(g, &noded, 1) : NULL;
    GEOSGeom_destroy_r(g, lines);
    if (noded) {
        GEOSGeom_destroy_r(g, (GEOSGeometry *)(uintptr_t)noded);
    }
    return faces;
}

struct face {
    double area_m2, width_m;
    int64_t e, n; /* a point inside, millimetres */
};

static bool measure_face(struct fitting *f, const GEOSGeometry *shape, struct face *ret)
{
    double e = 0, n = 0;
    ret->width_m = fit_width_m(&f->geos, shape, &ret->area_m2);
    if (ret->width_m < FIT_WIDTH_M) {
        return false;
    }
    GEOSGeometry *point = GEOSPointOnSurface_r(f->geos.handle, shape);
    bool has = point && GEOSGeomGetX_r(f->geos.handle, point, &e) == 1 &&
               GEOSGeomGetY_r(f->geos.handle, point, &n) == 1;
    GEOSGeom_destroy_r(f->geos.handle, point);
    ret->e = llround(e);
    ret->n = llround(n);
    return has;
}

static int by_size(const void *a, const void *b)
{
    const struct face *x = a, *y = b;
    if (x->area_m2 != y->area_m2) {
        return x->area_m2 > y->area_m2 ? -1 : 1;
    }
    return x->e != y->e ? (x->e < y->e ? -1 : 1) : x->n < y->n ? -1 : x->n > y->n;
}

/* Those of the faces whose inside point no area covers. */
static rv_status keep_uncovered(struct fitting *f, const struct text *wkb, struct face *faces,
                                size_t *count, struct rv_err *reterr)
{
    int64_t *e = ARENA_NEW(&f->scratch, int64_t, *count);
    int64_t *n = ARENA_NEW(&f->scratch, int64_t, *count);
    uint32_t *placed = ARENA_NEW(&f->scratch, uint32_t, *count);
    if (!e || !n || !placed) {
        return arena_fail(&f->scratch, reterr);
    }
    for (size_t i = 0; i < *count; i++) {
        e[i] = faces[i].e;
        n[i] = faces[i].n;
    }
    RV_CLEANUP(place_index_closep) struct place_index *index = NULL;
    RV_TRY(place_index_from_wkb(&f->scratch, wkb, f->count, 1, &index, reterr));
    RV_TRY(place_points(index, 0, *count, e, n, NULL, placed, reterr));
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (placed[i] == 0) {
            faces[kept++] = faces[i];
        }
    }
    *count = kept;
    return rv_ok();
}

static rv_status list_gaps(struct fitting *f, const struct text *wkb, const GEOSGeometry *shapes,
                           struct fit *fit, struct rv_err *reterr)
{
    int n = GEOSGetNumGeometries_r(f->geos.handle, shapes);
    struct face *faces = ARENA_NEW(&f->scratch, struct face, n > 0 ? (size_t)n : 0);
    size_t count = 0;
    if (!faces) {
        return arena_fail(&f->scratch, reterr);
    }
    for (int i = 0; i < n; i++) {
        count +=
            measure_face(f, GEOSGetGeometryN_r(f->geos.handle, shapes, i), &faces[count]) ? 1 : 0;
    }
    RV_TRY(count ? keep_uncovered(f, wkb, faces, &count, reterr) : rv_ok());
    if (count > 1) {
        qsort(faces, count, sizeof *faces, by_size);
    }
    for (size_t i = 0; i < count; i++) {
        fit->gap_m2 += faces[i].area_m2;
        if (i < FIT_LISTED) {
            fit->gaps[i] = (struct fit_gap){faces[i].area_m2, faces[i].width_m,
                                            (double)faces[i].e / 1000, (double)faces[i].n / 1000};
        }
    }
    fit->gap_count = (uint32_t)count;
    fit->has_gaps = true;
    return rv_ok();
}

rv_status fit_gaps(struct fitting *f, const struct text *wkb, struct fit *fit,
                   struct rv_err *reterr)
{
    if (f->edge_count > MOST_EDGES) {
        return rv_ok();
    }
    RV_TRY(progress_check(f->progress, reterr));
    GEOSGeometry *shapes = faces_of(f);
    if (!shapes) {
        return fail_memory(reterr);
    }
    rv_status status = list_gaps(f, wkb, shapes, fit, reterr);
    GEOSGeom_destroy_r(f->geos.handle, shapes);
    return status;
}

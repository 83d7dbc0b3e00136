/* place/overlay.c — intersections of two layers, with a third layer's amounts in them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/overlay.h"

#include "base/limits.h"
#include "place/geometry.h"

#include <stdlib.h>
#include <string.h>

#define TREE_NODES 10

/* A layer's shapes in millimetres, to be searched by box. */
struct sheet {
    GEOSGeometry **shapes;
    double *areas;     /* square metres */
    uint32_t *numbers; /* 0, 1, …: the tree's items */
    uint32_t count;
    GEOSSTRtree *tree;
};

struct overlaying {
    struct arena *arena, scratch;
    struct progress *progress;
    struct geos geos;
    struct sheet one, two, third;
    const double *amounts;
    uint32_t *found; /* room for the areas of `two` or `third` whose boxes meet */
    uint32_t *found_third;
    struct overlay_part *parts;
    size_t count, room;
};

static void sheet_done(struct geos *g, struct sheet *s)
{
    for (uint32_t i = 0; s->shapes && i < s->count; i++) {
        GEOSGeom_destroy_r(g->handle, s->shapes[i]);
    }
    if (s->tree) {
        GEOSSTRtree_destroy_r(g->handle, s->tree);
    }
}

static void overlaying_done(struct overlaying *o)
{
    if (o->geos.handle) {
        sheet_done(&o->geos, &o->one);
        sheet_done(&o->geos, &o->two);
        sheet_done(&o->geos, &o->third);
    }
    geos_done(&o->geos);
    arena_done(&o->scratch);
}

static rv_status fail_memory(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory intersecting boundaries");
}

static double area_of(struct geos *g, const GEOSGeometry *shape)
{
    double area = 0;
    (void)GEOSArea_r(g->handle, shape, &area);
    return area / 1e6;
}

static rv_status sheet_read(struct overlaying *o, const struct overlay_layer *layer, bool is_found,
                            struct sheet *s, struct rv_err *reterr)
{
    s->shapes = ARENA_NEW(&o->scratch, GEOSGeometry *, layer->count);
    s->areas = ARENA_NEW(&o->scratch, double, layer->count);
    s->numbers = ARENA_NEW(&o->scratch, uint32_t, layer->count);
    if (!s->shapes || !s->areas || !s->numbers) {
        return arena_fail(&o->scratch, reterr);
    }
    s->count = layer->count;
    s->tree = is_found ? GEOSSTRtree_create_r(o->geos.handle, TREE_NODES) : NULL;
    if (is_found && !s->tree) {
        return fail_memory(reterr);
    }
    for (uint32_t i = 0; i < layer->count; i++) {
        RV_TRY(geometry_from_wkb(&o->geos, layer->wkb[i], &s->shapes[i], reterr));
        s->areas[i] = area_of(&o->geos, s->shapes[i]);
        s->numbers[i] = i;
        if (is_found) {
            GEOSSTRtree_insert_r(o->geos.handle, s->tree, s->shapes[i], &s->numbers[i]);
        }
    }
    return rv_ok();
}

/* ---- parts ---- */

struct search {
    uint32_t *found;
    size_t count;
};

static void keep_found(void *item, void *context)
{
    struct search *s = context;
    s->found[s->count++] = *(const uint32_t *)item;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The areas of a sheet whose boxes meet the shape's, in order: sums do not depend on the tree. */
static size_t find(struct geos *g, const struct sheet *s, const GEOSGeometry *shape,
                   uint32_t *found)
{
    struct search search = {found, 0};
    GEOSSTRtree_query_r(g->handle, s->tree, shape, keep_found, &search);
    if (search.count > 1) {
        qsort(found, search.count, sizeof *found, by_number);
    }
    return search.count;
}

/* The amount of the third layer in a shape. */
static rv_status amount_in(struct overlaying *o, const GEOSGeometry *shape, double *ret,
                           struct rv_err *reterr)
{
    *ret = 0;
    if (!o->amounts) {
        return rv_ok();
    }
    size_t n = find(&o->geos, &o->third, shape, o->found_third);
    for (size_t i = 0; i < n; i++) {
        uint32_t k = o->found_third[i];
        if (!(o->amounts[k] > 0) || !(o->third.areas[k] > 0)) {
            continue;
        }
        GEOSGeometry *both = GEOSIntersection_r(o->geos.handle, shape, o->third.shapes[k]);
        if (!both) {
            return fail_memory(reterr);
        }
        *ret += o->amounts[k] * area_of(&o->geos, both) / o->third.areas[k];
        GEOSGeom_destroy_r(o->geos.handle, both);
    }
    return rv_ok();
}

static rv_status keep_part(struct overlaying *o, struct overlay_part part, struct rv_err *reterr)
{
    if (o->count == o->room) {
        size_t room = o->room ? 2 * o->room : 1024;
        struct overlay_part *parts = ARENA_NEW(o->arena, struct overlay_part, room);
        if (!parts) {
            return arena_fail(o->arena, reterr);
        }
        if (o->count) {
            memcpy(parts, o->parts, o->count * sizeof *parts);
        }
        o->parts = parts;
        o->room = room;
    }
    o->parts[o->count++] = part;
    return rv_ok();
}

/* One polygon of what two areas have in common. */
static rv_status measure_polygon(struct overlaying *o, uint32_t i, uint32_t k,
                                 const GEOSGeometry *polygon, struct rv_err *reterr)
{
    struct overlay_part part = {.one = i, .two = k, .area_m2 = area_of(&o->geos, polygon)};
    double length = 0;
    (void)GEOSLength_r(o->geos.handle, polygon, &length);
    if (!(part.area_m2 > 0) || !(length > 0)) {
        return rv_ok(); /* a common side or corner */
    }
    part.width_m = 2 * part.area_m2 / (length / 1000);
    RV_TRY(amount_in(o, polygon, &part.amount, reterr));
    return keep_part(o, part, reterr);
}

static rv_status measure_part(struct overlaying *o, uint32_t i, uint32_t k,
                              const GEOSGeometry *shape, struct rv_err *reterr)
{
    int count = GEOSGetNumGeometries_r(o->geos.handle, shape);
    for (int p = 0; p < count; p++) {
        RV_TRY(measure_polygon(o, i, k, GEOSGetGeometryN_r(o->geos.handle, shape, p), reterr));
    }
    return rv_ok();
}

/* Takes the area k of `two` out of what is left of area i. */
static rv_status cut_one(struct overlaying *o, uint32_t i, uint32_t k, GEOSGeometry **left,
                         struct rv_err *reterr)
{
    const GEOSGeometry *two = o->two.shapes[k];
    GEOSGeometry *both = GEOSIntersection_r(o->geos.handle, o->one.shapes[i], two);
    if (!both) {
        return fail_memory(reterr);
    }
    rv_status status = measure_part(o, i, k, both, reterr);
    GEOSGeom_destroy_r(o->geos.handle, both);
    RV_TRY(status);
    GEOSGeometry *rest = GEOSDifference_r(o->geos.handle, *left, two);
    if (!rest) {
        return fail_memory(reterr);
    }
    GEOSGeom_destroy_r(o->geos.handle, *left);
    *left = rest;
    return rv_ok();
}

static rv_status cut_area(struct overlaying *o, uint32_t i, struct rv_err *reterr)
{
    size_t n = find(&o->geos, &o->two, o->one.shapes[i], o->found);
    GEOSGeometry *left = GEOSGeom_clone_r(o->geos.handle, o->one.shapes[i]);
    rv_status status = left ? rv_ok() : fail_memory(reterr);
    for (size_t f = 0; f < n && rv_is_ok(status); f++) {
        status = cut_one(o, i, o->found[f], &left, reterr);
    }
    if (rv_is_ok(status)) {
        status = measure_part(o, i, OVERLAY_OUTSIDE, left, reterr);
    }
    GEOSGeom_destroy_r(o->geos.handle, left);
    return status;
}

static rv_status run(struct overlaying *o, const struct overlay_layer *one,
                     const struct overlay_layer *two, const struct overlay_layer *third,
                     struct rv_err *reterr)
{
    RV_TRY(geos_open(&o->geos, reterr));
    RV_TRY(sheet_read(o, one, false, &o->one, reterr));
    RV_TRY(sheet_read(o, two, true, &o->two, reterr));
    RV_TRY(o->amounts ? sheet_read(o, third, true, &o->third, reterr) : rv_ok());
    o->found = ARENA_NEW(&o->scratch, uint32_t, two->count);
    o->found_third = ARENA_NEW(&o->scratch, uint32_t, o->third.count);
    if (!o->found || !o->found_third) {
        return arena_fail(&o->scratch, reterr);
    }
    progress_step(o->progress, "intersecting boundaries", one->count);
    for (uint32_t i = 0; i < one->count; i++) {
        RV_TRY(progress_check(o->progress, reterr));
        RV_TRY(cut_area(o, i, reterr));
        progress_add(o->progress, 1);
    }
    return rv_ok();
}

rv_status overlay_shapes(struct arena *a, struct progress *progress,
                         const struct overlay_layer *one, const struct overlay_layer *two,
                         const struct overlay_layer *third, const double *amounts,
                         struct overlay *ret, struct rv_err *reterr)
{
    RV_CLEANUP(overlaying_done)
    struct overlaying o = {.arena = a, .progress = progress, .amounts = third ? amounts : NULL};
    arena_init(&o.scratch, LIMIT_ARENA_BYTES);
    RV_TRY(run(&o, one, two, third, reterr));
    *ret = (struct overlay){o.parts, o.count};
    return rv_ok();
}

rv_status overlay_layers(struct store *s, struct arena *a, struct progress *progress,
                         const struct layer *one, const struct layer *two,
                         const struct layer *third, const double *amounts, struct overlay *ret,
                         struct rv_err *reterr)
{
    const struct layer *layers[3] = {one, two, third};
    struct overlay_layer shapes[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    for (int i = 0; i < 3 && layers[i]; i++) {
        struct text *wkb = NULL;
        RV_TRY(layer_geometry(s, a, layers[i], &wkb, reterr));
        shapes[i] = (struct overlay_layer){wkb, layers[i]->count};
    }
    return overlay_shapes(a, progress, &shapes[0], &shapes[1], third ? &shapes[2] : NULL, amounts,
                          ret, reterr);
}

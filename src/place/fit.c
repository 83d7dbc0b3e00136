/* place/fit.c — loose edges by sorting, overlaps by intersection of the areas that have them.
 *
 * If every edge of a layer has its partner, the number of areas over a place is the same on both
 * sides of every edge, and so everywhere: none overlap. When loose areas do overlap, all pairs are
 * looked at, for an area may lie wholly inside a doubled region.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/fit.h"

#include "base/limits.h"
#include "base/memory.h"
#include "place/fit_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_POINTS 6000000 /* of all areas together: 150 MB of edges */
#define MOST_PAIRS  400000  /* of areas whose boxes meet */

/* ---- shapes and edges ---- */

static void shapes_done(struct fitting *f)
{
    for (uint32_t i = 0; f->shapes && i < f->count; i++) {
        GEOSGeom_destroy_r(f->geos.handle, f->shapes[i]);
    }
    memory_free(f->edges);
    arena_done(&f->scratch);
    geos_done(&f->geos);
}

static rv_status read_shapes(struct fitting *f, const struct text *wkb, struct rv_err *reterr)
{
    f->shapes = ARENA_NEW(&f->scratch, GEOSGeometry *, f->count);
    if (!f->shapes) {
        return arena_fail(&f->scratch, reterr);
    }
    for (uint32_t i = 0; i < f->count; i++) {
        RV_TRY(geometry_from_wkb(&f->geos, wkb[i], &f->shapes[i], reterr));
        (void)GEOSNormalize_r(f->geos.handle, f->shapes[i]); /* shells clockwise, holes not */
        int points = GEOSGetNumCoordinates_r(f->geos.handle, f->shapes[i]);
        f->points += points > 0 ? (size_t)points : 0;
    }
    return rv_ok();
}

static void add_edge(struct fitting *f, uint32_t area, const double *from, const double *to)
{
    struct edge *e = &f->edges[f->edge_count++];
    bool is_forward = from[0] < to[0] || (from[0] == to[0] && from[1] < to[1]);
    const double *low = is_forward ? from : to, *high = is_forward ? to : from;
    *e = (struct edge){.ax = (int32_t)low[0],
                       .ay = (int32_t)low[1],
                       .bx = (int32_t)high[0],
                       .by = (int32_t)high[1],
                       .area = area,
                       .is_forward = is_forward};
}

static rv_status list_edges(struct fitting *f, struct rv_err *reterr)
{
    f->edges = memory_new(f->points, sizeof *f->edges);
    if (!f->edges) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory checking how the areas fit");
    }
    struct arena_mark mark = arena_mark(&f->scratch);
    for (uint32_t i = 0; i < f->count; i++) {
        struct geometry_rings rings;
        RV_TRY(geometry_rings(&f->geos, &f->scratch, f->shapes[i], &rings, reterr));
        for (uint32_t r = 0; r < rings.count; r++) {
            for (uint32_t k = rings.starts[r]; k + 1 < rings.starts[r + 1]; k++) {
                add_edge(f, i, rings.xy + 2 * (size_t)k, rings.xy + 2 * (size_t)k + 2);
            }
        }
        arena_release(&f->scratch, mark);
    }
    return rv_ok();
}

static int by_place(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    if (x->ax != y->ax) {
        return x->ax < y->ax ? -1 : 1;
    }
    if (x->ay != y->ay) {
        return x->ay < y->ay ? -1 : 1;
    }
    if (x->bx != y->bx) {
        return x->bx < y->bx ? -1 : 1;
    }
    if (x->by != y->by) {
        return x->by < y->by ? -1 : 1;
    }
    return x->area < y->area ? -1 : x->area > y->area;
}

static bool is_same_place(const struct edge *x, const struct edge *y)
{
    return x->ax == y->ax && x->ay == y->ay && x->bx == y->bx && x->by == y->by;
}

/* Keeps the loose edges, and marks the areas that have one. */
static void keep_loose(struct fitting *f)
{
    size_t kept = 0;
    for (size_t i = 0, end; i < f->edge_count; i = end) {
        size_t forward = 0;
        for (end = i; end < f->edge_count && is_same_place(&f->edges[i], &f->edges[end]); end++) {
            forward += f->edges[end].is_forward;
        }
        bool is_paired = end - i == 2 && forward == 1;
        for (size_t k = i; k < end && !is_paired; k++) {
            f->is_loose[f->edges[k].area] = 1;
            f->edges[kept++] = f->edges[k];
        }
    }
    f->edge_count = kept;
}

/* ---- overlaps ---- */

struct pairs {
    struct fitting *fitting;
    const uint32_t *numbers; /* of all areas: the tree's items point into it */
    uint32_t *found;         /* areas whose boxes meet that of `one` */
    size_t count, room;
    uint32_t one;
    bool is_failed;
};

static void find_pair(void *item, void *context)
{
    struct pairs *p = context;
    uint32_t two = *(const uint32_t *)item;
    if (two <= p->one || p->count == p->room) {
        p->is_failed = p->is_failed || two > p->one;
        return;
    }
    p->found[p->count++] = two;
}

double fit_width_m(struct geos *g, const GEOSGeometry *shape, double *ret_area_m2)
{
    double area = 0, length = 0;
    (void)GEOSArea_r(g->handle, shape, &area);
    (void)GEOSLength_r(g->handle, shape, &length);
    *ret_area_m2 = area / 1e6;
    return length > 0 ? 2 * area / length / 1000 : 0;
}

static int by_overlap(const void *a, const void *b)
{
    const struct fit_overlap *x = a, *y = b;
    if (x->area_m2 != y->area_m2) {
        return x->area_m2 > y->area_m2 ? -1 : 1;
    }
    return x->one != y->one ? (x->one < y->one ? -1 : 1) : (x->two < y->two ? -1 : 1);
}

/* The list holds twice as many as are kept; when full it is cut to the largest. */
static void add_overlap(struct fit *fit, struct fit_overlap overlap, uint32_t *listed)
{
    fit->overlap_count++;
    fit->overlap_m2 += overlap.area_m2;
    if (*listed == 2 * FIT_LISTED) {
        qsort(fit->overlaps, *listed, sizeof *fit->overlaps, by_overlap);
        *listed = FIT_LISTED;
    }
    fit->overlaps[(*listed)++] = overlap;
}

static rv_status measure_pair(struct fitting *f, uint32_t one, uint32_t two, struct fit *fit,
                              uint32_t *listed, struct rv_err *reterr)
{
    GEOSContextHandle_t g = f->geos.handle;
    GEOSGeometry *both = GEOSIntersectionPrec_r(g, f->shapes[one], f->shapes[two], 1);
    if (!both) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory checking how the areas fit");
    }
    double area_m2 = 0, width_m = fit_width_m(&f->geos, both, &area_m2);
    GEOSGeom_destroy_r(g, both);
    if (width_m >= FIT_WIDTH_M) {
        bool is_same = GEOSEquals_r(g, f->shapes[one], f->shapes[two]) == 1;
        add_overlap(fit, (struct fit_overlap){one, two, area_m2, is_same}, listed);
    }
    return rv_ok();
}

static rv_status measure_pairs(struct fitting *f, struct pairs *p, GEOSSTRtree *tree,
                               struct fit *fit, struct rv_err *reterr)
{
    size_t pairs = 0;
    uint32_t listed = 0;
    for (uint32_t i = 0; i < f->count && !p->is_failed && pairs <= MOST_PAIRS; i++) {
        if (!f->is_loose[i]) {
            continue;
        }
        RV_TRY(progress_check(f->progress, reterr));
        p->one = i;
        p->count = 0;
        GEOSSTRtree_query_r(f->geos.handle, tree, f->shapes[i], find_pair, p);
        pairs += p->count;
        for (size_t k = 0; k < p->count && pairs <= MOST_PAIRS; k++) {
            RV_TRY(measure_pair(f, i, p->found[k], fit, &listed, reterr));
        }
    }
    if (listed > 1) {
        qsort(fit->overlaps, listed, sizeof *fit->overlaps, by_overlap);
    }
    fit->has_overlaps = !p->is_failed && pairs <= MOST_PAIRS;
    return rv_ok();
}

/* Between the areas that are marked loose. */
static rv_status find_overlaps(struct fitting *f, struct fit *fit, struct rv_err *reterr)
{
    GEOSContextHandle_t g = f->geos.handle;
    uint32_t *numbers = ARENA_NEW(&f->scratch, uint32_t, f->count);
    struct pairs p = {.fitting = f,
                      .numbers = numbers,
                      .found = ARENA_NEW(&f->scratch, uint32_t, f->count),
                      .room = f->count};
    GEOSSTRtree *tree = GEOSSTRtree_create_r(g, 10);
    rv_status status = tree && numbers && p.found ? rv_ok() : arena_fail(&f->scratch, reterr);
    for (uint32_t i = 0; rv_is_ok(status) && i < f->count; i++) {
        numbers[i] = i;
        if (f->is_loose[i]) {
            GEOSSTRtree_insert_r(g, tree, f->shapes[i], &numbers[i]);
        }
    }
    fit->overlap_count = 0;
    fit->overlap_m2 = 0;
    if (rv_is_ok(status)) {
        status = measure_pairs(f, &p, tree, fit, reterr);
    }
    if (tree) {
        GEOSSTRtree_destroy_r(g, tree);
    }
    return status;
}

/* ---- the whole ---- */

static rv_status check(struct fitting *f, const struct text *wkb, struct fit *fit,
                       struct rv_err *reterr)
{
    RV_TRY(geos_open(&f->geos, reterr));
    RV_TRY(read_shapes(f, wkb, reterr));
    f->is_loose = ARENA_NEW(&f->scratch, uint8_t, f->count);
    fit->overlaps = ARENA_NEW(f->arena, struct fit_overlap, 2 * (size_t)FIT_LISTED);
    fit->gaps = ARENA_NEW(f->arena, struct fit_gap, FIT_LISTED);
    if (!f->is_loose || !fit->overlaps || !fit->gaps) {
        return arena_fail(f->arena, reterr);
    }
    if (f->points > MOST_POINTS) {
        return rv_ok();
    }
    RV_TRY(list_edges(f, reterr));
    if (f->edge_count > 1) {
        qsort(f->edges, f->edge_count, sizeof *f->edges, by_place);
    }
    keep_loose(f);
    RV_TRY(find_overlaps(f, fit, reterr));
    if (fit->overlap_count > 0 && fit->has_overlaps) {
        memset(f->is_loose, 1, f->count);
        RV_TRY(find_overlaps(f, fit, reterr));
    }
    return fit->has_overlaps ? fit_gaps(f, wkb, fit, reterr) : rv_ok();
}

rv_status fit_check(struct arena *a, struct progress *progress, const struct text *wkb,
                    uint32_t count, struct fit *ret, struct rv_err *reterr)
{
    RV_CLEANUP(shapes_done)
    struct fitting f = {.arena = a, .progress = progress, .count = count};
    struct fit fit = {0};
    arena_init(&f.scratch, LIMIT_ARENA_BYTES);
    RV_TRY(check(&f, wkb, &fit, reterr));
    *ret = fit;
    return rv_ok();
}

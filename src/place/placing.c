/* place/placing.c — points to areas: the grid answers, or GEOS does.
 *
 * Prepared geometries build their search trees at the first question, so no two threads may share
 * one: each worker prepares its own, in its own context, and only of the areas it is asked about.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/placing.h"

#include "base/limits.h"
#include "base/memory.h"
#include "place/geometry.h"
#include "place/grid.h"

#include <string.h>

#define BLOCK_POINTS ((size_t)1 << 18) /* points waiting for GEOS at a time: 2 MB a worker */
#define SORT_POINTS  256               /* fewer than this are tested as they come */

struct waiting { /* a point in a cell near an edge */
    uint32_t point, list;
};

struct place_worker {
    struct geos geos;
    GEOSGeometry **shapes; /* millimetres; NULL until asked for */
    const GEOSPreparedGeometry **prepared;
    struct waiting *waiting, *sorted; /* BLOCK_POINTS each */
    uint32_t *starts;                 /* count + 2: where each area's points begin */
};

struct place_index {
    const struct text *wkb; /* borrowed */
    uint32_t count;
    struct grid grid;
    size_t workers;
    struct place_worker *worker;
};

/* ---- opening ---- */

static rv_status build_grid(struct arena *a, struct place_index *index, struct arena *scratch,
                            struct rv_err *reterr)
{
    RV_CLEANUP(geos_done) struct geos g = {NULL, ""};
    RV_TRY(geos_open(&g, reterr));
    struct geometry_rings *rings = ARENA_NEW(scratch, struct geometry_rings, index->count);
    if (!rings) {
        return arena_fail(scratch, reterr);
    }
    for (uint32_t i = 0; i < index->count; i++) {
        GEOSGeometry *shape = NULL;
        RV_TRY(geometry_from_wkb(&g, index->wkb[i], &shape, reterr));
        rv_status status = geometry_rings(&g, scratch, shape, &rings[i], reterr);
        GEOSGeom_destroy_r(g.handle, shape);
        RV_TRY(status);
    }
    return grid_build(a, scratch, rings, index->count, &index->grid, reterr);
}

static rv_status open_worker(struct place_worker *w, uint32_t count, struct rv_err *reterr)
{
    RV_TRY(geos_open(&w->geos, reterr));
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    w->shapes = memory_new(count, sizeof *w->shapes);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    w->prepared = memory_new(count, sizeof *w->prepared);
    w->starts = memory_new((size_t)count + 2, sizeof *w->starts);
    if (!w->shapes || !w->prepared || !w->starts) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the index of a layer");
    }
    return rv_ok();
}

static void close_worker(struct place_worker *w, uint32_t count)
{
    for (uint32_t i = 0; i < count && w->shapes && w->prepared; i++) {
        if (w->prepared[i]) {
            GEOSPreparedGeom_destroy_r(w->geos.handle, w->prepared[i]);
        }
        GEOSGeom_destroy_r(w->geos.handle, w->shapes[i]);
    }
    memory_free(w->shapes);
    memory_free(w->prepared);
    memory_free(w->waiting);
    memory_free(w->sorted);
    memory_free(w->starts);
    geos_done(&w->geos);
}

rv_status place_index_from_wkb(struct arena *a, const struct text *wkb, uint32_t count,
                               size_t workers, struct place_index **ret, struct rv_err *reterr)
{
    RV_CLEANUP(place_index_closep) struct place_index *index = memory_new(1, sizeof *index);
    if (!index || !(index->worker = memory_new(workers, sizeof *index->worker))) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the index of a layer");
    }
    index->workers = workers;
    index->wkb = wkb;
    index->count = count;
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(build_grid(a, index, &scratch, reterr));
    for (size_t i = 0; i < workers; i++) {
        RV_TRY(open_worker(&index->worker[i], count, reterr));
    }
    *ret = index;
    index = NULL;
    return rv_ok();
}

rv_status place_index_open(struct store *s, struct arena *a, const struct layer *l, size_t workers,
                           struct place_index **ret, struct rv_err *reterr)
{
    struct text *wkb = NULL;
    RV_TRY(layer_geometry(s, a, l, &wkb, reterr));
    return place_index_from_wkb(a, wkb, l->count, workers, ret, reterr);
}

void place_index_close(struct place_index *index)
{
    if (!index) {
        return;
    }
    for (size_t i = 0; index->worker && i < index->workers; i++) {
        if (index->worker[i].geos.handle) {
            close_worker(&index->worker[i], index->count);
        }
    }
    memory_free(index->worker);
    memory_free(index);
}

void place_index_closep(struct place_index **index)
{
    place_index_close(*index);
    *index = NULL;
}

/* ---- asking GEOS ---- */

static rv_status prepare(const struct place_index *index, struct place_worker *w, uint32_t area,
                         struct rv_err *reterr)
{
    RV_TRY(geometry_from_wkb(&w->geos, index->wkb[area], &w->shapes[area], reterr));
    w->prepared[area] = GEOSPrepare_r(w->geos.handle, w->shapes[area]);
    if (!w->prepared[area]) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the index of a layer");
    }
    return rv_ok();
}

/* The first candidate of the list that covers the point, edges included. */
static rv_status ask_list(const struct place_index *index, struct place_worker *w, uint32_t list,
                          const GEOSGeometry *point, uint32_t *ret, struct rv_err *reterr)
{
    for (const uint32_t *entry = index->grid.lists + list;; entry++) {
        uint32_t placed = *entry >> 2;
        if (*entry & GRID_WHOLE) {
            *ret = placed;
            return rv_ok();
        }
        RV_TRY(w->prepared[placed - 1] ? rv_ok() : prepare(index, w, placed - 1, reterr));
        char covers = GEOSPreparedCovers_r(w->geos.handle, w->prepared[placed - 1], point);
        if (covers != 0 && covers != 1) {
            return rv_fail(reterr, RV_DAMAGED, "a stored boundary cannot be tested (%s)",
                           w->geos.message);
        }
        if (covers) {
            *ret = placed;
            return rv_ok();
        }
        if (*entry & GRID_LAST) {
            *ret = 0;
            return rv_ok();
        }
    }
}

/* Groups the waiting points by their first candidate, so that each shape's tree is asked while it
 * is in the cache: a counting sort, stable. */
static void sort_waiting(const struct place_index *index, struct place_worker *w, size_t n)
{
    memset(w->starts, 0, ((size_t)index->count + 2) * sizeof *w->starts);
    for (size_t i = 0; i < n; i++) {
        w->starts[(index->grid.lists[w->waiting[i].list] >> 2) + 1]++;
    }
    for (uint32_t i = 1; i < index->count + 2; i++) {
        w->starts[i] += w->starts[i - 1];
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t first = index->grid.lists[w->waiting[i].list] >> 2;
        w->sorted[w->starts[first]++] = w->waiting[i];
    }
    struct waiting *swap = w->waiting;
    w->waiting = w->sorted;
    w->sorted = swap;
}

struct points { /* one block */
    const int64_t *easting_mm, *northing_mm;
    const uint64_t *valid;
    size_t first; /* of the whole, for valid */
    uint32_t *placed;
};

static rv_status ask_waiting(const struct place_index *index, struct place_worker *w,
                             const struct points *at, size_t n, struct rv_err *reterr)
{
    if (n >= SORT_POINTS) {
        sort_waiting(index, w, n);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t row = w->waiting[i].point;
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(
            w->geos.handle, (double)at->easting_mm[row], (double)at->northing_mm[row]);
        if (!point) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a point");
        }
        rv_status status = ask_list(index, w, w->waiting[i].list, point, &at->placed[row], reterr);
        GEOSGeom_destroy_r(w->geos.handle, point);
        RV_TRY(status);
    }
    return rv_ok();
}

/* ---- asking the grid ---- */

static bool has_point(const struct points *at, size_t i)
{
    size_t row = at->first + i;
    return !at->valid || ((at->valid[row / 64] >> (row % 64)) & 1);
}

/* Answers what the grid knows and returns how many points wait. */
static size_t ask_grid(const struct grid *g, const struct points *at, size_t n,
                       struct waiting *waiting)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t cell = has_point(at, i) ? grid_cell(g, at->easting_mm[i], at->northing_mm[i]) : 0;
        at->placed[i] = cell & GRID_LIST ? 0 : cell;
        waiting[count] = (struct waiting){(uint32_t)i, cell & ~GRID_LIST};
        count += (cell & GRID_LIST) != 0;
    }
    return count;
}

static rv_status have_room(struct place_worker *w, struct rv_err *reterr)
{
    if (!w->waiting) {
        w->waiting = memory_new(BLOCK_POINTS, sizeof *w->waiting);
        w->sorted = memory_new(BLOCK_POINTS, sizeof *w->sorted);
    }
    if (!w->waiting || !w->sorted) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for placing points");
    }
    return rv_ok();
}

rv_status place_points(struct place_index *index, size_t worker, size_t n,
                       const int64_t *easting_mm, const int64_t *northing_mm, const uint64_t *valid,
                       uint32_t *placed, struct rv_err *reterr)
{
    struct place_worker *w = &index->worker[worker];
    RV_TRY(have_room(w, reterr));
    for (size_t first = 0; first < n; first += BLOCK_POINTS) {
        size_t block = n - first < BLOCK_POINTS ? n - first : BLOCK_POINTS;
        struct points at = {easting_mm + first, northing_mm + first, valid, first, placed + first};
        size_t waiting = ask_grid(&index->grid, &at, block, w->waiting);
        RV_TRY(ask_waiting(index, w, &at, waiting, reterr));
    }
    return rv_ok();
}

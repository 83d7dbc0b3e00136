/* report/map_shapes.c — shapes of a map on the grid of its drawing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/map_shapes.h"

#include "report/wkb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1.0 /* grid units */
#define MARGIN    4.0 /* pixels, both sides together */

struct extent {
    double west, south, east, north;
};

struct shape {
    struct ring *rings;
    size_t count;
};

/* Shapes of one kind while they are read. */
struct reading {
    struct shape *shapes;
    struct map_area *areas;
    size_t count, ring_count;
};

static size_t layer_position(const struct report_layer *l, const char *code)
{
    size_t from = 0, to = l->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(l->codes[middle], code);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return l->count;
}

static void widen(struct extent *e, const struct ring *ring)
{
    for (size_t k = 0; k < ring->n; k++) {
        e->west = fmin(e->west, ring->x[k]);
        e->east = fmax(e->east, ring->x[k]);
        e->south = fmin(e->south, ring->y[k]);
        e->north = fmax(e->north, ring->y[k]);
    }
}

static rv_status read_one(struct svg *s, struct reading *r, size_t row, struct text wkb,
                          struct extent *e, struct rv_err *reterr)
{
    struct shape *shape = &r->shapes[r->count];
    RV_TRY(wkb_rings(s->arena, wkb, &shape->rings, &shape->count, reterr));
    r->areas[r->count++] = (struct map_area){.row = row};
    r->ring_count += shape->count;
    for (size_t i = 0; i < shape->count; i++) {
        widen(e, &shape->rings[i]);
    }
    return rv_ok();
}

static rv_status start_reading(struct arena *a, size_t most, struct reading *r,
                               struct rv_err *reterr)
{
    r->shapes = ARENA_NEW(a, struct shape, most + 1);
    r->areas = ARENA_NEW(a, struct map_area, most + 1);
    return r->shapes && r->areas ? rv_ok() : arena_fail(a, reterr);
}

static struct grid_ring snap(struct arena *a, const struct ring *ring, const struct extent *e,
                             double scale, size_t shape)
{
    struct grid_ring r = {ARENA_NEW(a, struct grid_point, ring->n), ring->n, shape};
    for (size_t i = 0; r.points && i < r.n; i++) {
        r.points[i] =
            (struct grid_point){(int32_t)lround((ring->x[i] - e->west) * scale * MAP_GRID),
                                (int32_t)lround((e->north - ring->y[i]) * scale * MAP_GRID)};
    }
    return r;
}

static rv_status finish_reading(struct svg *s, struct reading *r, const struct extent *e,
                                double scale, struct rv_err *reterr)
{
    struct grid_ring *rings = ARENA_NEW(s->arena, struct grid_ring, r->ring_count);
    if (!rings) {
        return arena_fail(s->arena, reterr);
    }
    size_t used = 0;
    for (size_t i = 0; i < r->count; i++) {
        r->areas[i].rings = rings + used;
        r->areas[i].ring_count = r->shapes[i].count;
        for (size_t k = 0; k < r->shapes[i].count; k++) {
            rings[used] = snap(s->arena, &r->shapes[i].rings[k], e, scale, i);
            if (!rings[used++].points) {
                return arena_fail(s->arena, reterr);
            }
        }
    }
    return rings_simplify(s->arena, rings, r->ring_count, TOLERANCE, reterr);
}

rv_status map_shapes_load(struct svg *s, double width, double height, struct map_shapes *ret,
                          struct rv_err *reterr)
{
    const struct report_layer *layer = s->look->layer, *coarse = s->look->outlines;
    struct reading areas = {.count = 0}, outlines = {.count = 0};
    struct extent e = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    struct map_shapes m = {.unknown = 0};
    RV_TRY(start_reading(s->arena, s->table->row_count, &areas, reterr));
    RV_TRY(start_reading(s->arena, coarse ? coarse->count : 0, &outlines, reterr));
    for (size_t row = 0; row < s->table->row_count; row++) {
        const char *code = table_cell(s->table, row, 0)->text;
        size_t at = layer_position(layer, code ? code : "");
        if (at == layer->count) {
            m.unknown++;
            continue;
        }
        RV_TRY(read_one(s, &areas, row, layer->wkb[at], &e, reterr));
    }
    for (size_t i = 0; coarse && areas.count && i < coarse->count; i++) {
        RV_TRY(read_one(s, &outlines, i, coarse->wkb[i], &e, reterr));
    }
    if (areas.count) {
        double span_x = fmax(e.east - e.west, 1), span_y = fmax(e.north - e.south, 1);
        double scale = fmin((width - MARGIN) / span_x, (height - MARGIN) / span_y);
        m.width = span_x * scale + MARGIN;
        m.height = span_y * scale + MARGIN;
        RV_TRY(finish_reading(s, &areas, &e, scale, reterr));
        RV_TRY(finish_reading(s, &outlines, &e, scale, reterr));
    }
    m.areas = areas.areas;
    m.area_count = areas.count;
    m.outlines = outlines.areas;
    m.outline_count = outlines.count;
    *ret = m;
    return rv_ok();
}

void map_path(struct buf *b, const struct map_area *area)
{
    bool any = false;
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct grid_ring *r = &area->rings[i];
        for (size_t k = 0; k < r->n && r->n >= 3; k++) {
            if (k == 0) {
                buf_printf(b, "M%d %d", r->points[0].x, r->points[0].y);
            } else {
                buf_printf(b, "%s%d %d", k == 1 ? "l" : " ", r->points[k].x - r->points[k - 1].x,
                           r->points[k].y - r->points[k - 1].y);
            }
            any = true;
        }
        buf_text(b, r->n >= 3 ? "z" : "");
    }
    if (!any && area->ring_count && area->rings[0].n) {
        buf_printf(b, "M%d %dh4v4h-4z", area->rings[0].points[0].x - 2,
                   area->rings[0].points[0].y - 2);
    }
}

/* Where a line across the area at height y (grid units) runs inside it for longest. */
static double widest_inside(const struct map_area *area, double y, double *ret_x)
{
    enum { CROSSINGS_MAX = 64 };
    double at[CROSSINGS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct grid_ring *r = &area->rings[i];
        for (size_t k = 0; k < r->n && n < CROSSINGS_MAX; k++) {
            struct grid_point p = r->points[k], q = r->points[(k + 1) % r->n];
            if ((p.y > y) == (q.y > y)) {
                continue;
            }
            double x = p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x);
            size_t j = n++;
            for (; j > 0 && at[j - 1] > x; j--) {
                at[j] = at[j - 1];
            }
            at[j] = x;
        }
    }
    double widest = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        if (at[i + 1] - at[i] > widest) {
            widest = at[i + 1] - at[i];
            *ret_x = (at[i] + at[i + 1]) / 2;
        }
    }
    return widest;
}

bool map_place(const struct map_area *area, double width, double height, double *ret_x,
               double *ret_y)
{
    double top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < area->ring_count; i++) {
        for (size_t k = 0; k < area->rings[i].n; k++) {
            top = fmin(top, area->rings[i].points[k].y);
            bottom = fmax(bottom, area->rings[i].points[k].y);
        }
    }
    double best = 0, x = 0, y = 0;
    for (int step = 3; step <= 7; step++) {
        double here_x = 0, here_y = top + (bottom - top) * step / 10 + 0.25;
        double w = widest_inside(area, here_y, &here_x);
        /* Near the middle is better than a little wider. */
        double score = w * (1 - 0.15 * abs(step - 5));
        if (score > best) {
            best = score;
            x = here_x;
            y = here_y;
        }
    }
    if (best < width * MAP_GRID || bottom - top < height * MAP_GRID) {
        return false;
    }
    *ret_x = MARGIN / 2 + x / MAP_GRID;
    *ret_y = MARGIN / 2 + y / MAP_GRID;
    return true;
}

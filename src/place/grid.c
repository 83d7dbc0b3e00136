/* place/grid.c — edges mark the cells they touch, scan lines fill what lies between.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/grid.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

#define MOST_CELLS  ((int64_t)1 << 22)
#define LEAST_SHIFT 10 /* a metre: finer cells gain nothing */
#define MOST_PLACED (GRID_LIST >> 2)

/* What one area does to a cell of its bounding box. */
#define TOUCHED 1 /* an edge passes within a millimetre */
#define TOGGLED                                                                                    \
    2 /* the cell's centre is on the other side of an edge than its left neighbour's               \
       */

/* The box of cells that one area covers, and their marks. */
struct patch {
    uint32_t column, row, width, height;
    uint8_t *marks;
};

struct node {       /* candidates of a cell while the grid is built, in ascending order */
    uint32_t entry; /* placed code << 2 | GRID_WHOLE */
    uint32_t next;  /* 0 = last */
};

struct nodes {
    struct node *all; /* all[0] is not used */
    size_t count, capacity;
};

static void nodes_done(struct nodes *n)
{
    memory_free(n->all);
}

/* ---- extent ---- */

struct box {
    double west, south, east, north;
};

struct edge { /* from the grid's south-west corner, millimetres */
    double x1, y1, x2, y2;
    double slope; /* dx / dy; not finite when level */
};

static struct box box_of(const struct geometry_rings *rings)
{
    struct box b = {HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    uint32_t points = rings->count ? rings->starts[rings->count] : 0;
    for (uint32_t i = 0; i < points; i++) {
        double x = rings->xy[2 * (size_t)i], y = rings->xy[2 * (size_t)i + 1];
        b.west = fmin(b.west, x);
        b.south = fmin(b.south, y);
        b.east = fmax(b.east, x);
        b.north = fmax(b.north, y);
    }
    return b;
}

static void choose_cells(const struct geometry_rings *rings, uint32_t count, struct grid *g)
{
    struct box all = {HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (uint32_t i = 0; i < count; i++) {
        struct box b = box_of(&rings[i]);
        all = (struct box){fmin(all.west, b.west), fmin(all.south, b.south), fmax(all.east, b.east),
                           fmax(all.north, b.north)};
    }
    if (!(all.west <= all.east)) {
        *g = (struct grid){.shift = LEAST_SHIFT};
        return;
    }
    /* A millimetre of margin, because edges mark what they nearly touch. */
    g->east = (int64_t)all.west - 1;
    g->north = (int64_t)all.south - 1;
    int64_t wide = (int64_t)all.east - g->east + 1, high = (int64_t)all.north - g->north + 1;
    g->shift = LEAST_SHIFT;
    while (((wide >> g->shift) + 1) * ((high >> g->shift) + 1) > MOST_CELLS) {
        g->shift++;
    }
    g->width = (uint32_t)(wide >> g->shift) + 1;
    g->height = (uint32_t)(high >> g->shift) + 1;
}

/* ---- marking one area ---- */

static uint32_t clamp_cell(double cell, uint32_t first, uint32_t count)
{
    double at = floor(cell) - first;
    return at <= 0 ? 0 : at >= count ? count - 1 : (uint32_t)at;
}

/* Marks every cell within a millimetre of the edge: row by row, the stretch of x that the edge
 * has within the row's band widened by a millimetre. */
static void touch_cells(const struct grid *g, const struct patch *p, const struct edge *e)
{
    double size = (double)((int64_t)1 << g->shift);
    double west = fmin(e->x1, e->x2), east = fmax(e->x1, e->x2);
    double south = fmin(e->y1, e->y2), north = fmax(e->y1, e->y2);
    uint32_t first = clamp_cell((south - 1) / size, p->row, p->height);
    uint32_t last = clamp_cell((north + 1) / size, p->row, p->height);
    for (uint32_t row = first; row <= last; row++) {
        double bottom = (p->row + row) * size - 1, top = bottom + size + 2;
        double left = west, right = east;
        if (isfinite(e->slope)) {
            double x1 = e->x1 + e->slope * (fmax(bottom, south) - e->y1);
            double x2 = e->x1 + e->slope * (fmin(top, north) - e->y1);
            left = fmax(west, fmin(x1, x2));
            right = fmin(east, fmax(x1, x2));
        }
        uint32_t from = clamp_cell((left - 1) / size, p->column, p->width);
        uint32_t to = clamp_cell((right + 1) / size, p->column, p->width);
        uint8_t *marks = p->marks + (size_t)row * p->width;
        for (uint32_t column = from; column <= to; column++) {
            marks[column] |= TOUCHED;
        }
    }
}

/* In every row whose centre line the edge crosses (its lower end counts, its upper does not),
 * toggles the first cell whose centre is to the right. A rounding error can only choose the wrong
 * one of two cells when the edge runs through a centre, and that cell is marked as touched. */
static void toggle_cells(const struct grid *g, const struct patch *p, const struct edge *e)
{
    double size = (double)((int64_t)1 << g->shift);
    double south = fmin(e->y1, e->y2), north = fmax(e->y1, e->y2);
    double lowest = ceil(south / size - 0.5) - p->row;
    uint32_t first = lowest > 0 ? (uint32_t)fmin(lowest, p->height) : 0;
    for (uint32_t row = first; row < p->height; row++) {
        double y = (p->row + row + 0.5) * size;
        if (y >= north) {
            break;
        }
        double x = e->x1 + e->slope * (y - e->y1);
        double column = ceil(x / size - 0.5) - p->column;
        if (column < p->width) {
            size_t at = (size_t)row * p->width + (column > 0 ? (size_t)column : 0);
            p->marks[at] ^= TOGGLED;
        }
    }
}

static void mark_rings(const struct grid *g, const struct geometry_rings *rings,
                       const struct patch *p)
{
    for (uint32_t r = 0; r < rings->count; r++) {
        for (uint32_t i = rings->starts[r]; i + 1 < rings->starts[r + 1]; i++) {
            const double *xy = rings->xy + 2 * (size_t)i;
            struct edge e = {xy[0] - (double)g->east, xy[1] - (double)g->north,
                             xy[2] - (double)g->east, xy[3] - (double)g->north, 0};
            e.slope = (e.x2 - e.x1) / (e.y2 - e.y1);
            touch_cells(g, p, &e);
            if (e.y1 < e.y2 || e.y1 > e.y2) {
                toggle_cells(g, p, &e);
            }
        }
    }
}

static struct patch patch_of(const struct grid *g, const struct geometry_rings *rings)
{
    struct box b = box_of(rings);
    struct patch p = {0};
    if (b.west <= b.east) {
        p.column = (uint32_t)(((int64_t)b.west - 1 - g->east) >> g->shift);
        p.row = (uint32_t)(((int64_t)b.south - 1 - g->north) >> g->shift);
        p.width = (uint32_t)(((int64_t)b.east + 1 - g->east) >> g->shift) - p.column + 1;
        p.height = (uint32_t)(((int64_t)b.north + 1 - g->north) >> g->shift) - p.row + 1;
    }
    return p;
}

/* ---- collecting the areas of each cell ---- */

static rv_status node_new(struct nodes *n, uint32_t entry, uint32_t *ret, struct rv_err *reterr)
{
    if (n->count == n->capacity) {
        size_t capacity = n->capacity ? n->capacity * 2 : 4096;
        struct node *all =
            capacity < GRID_LIST ? memory_resize(n->all, capacity, sizeof *all) : NULL;
        if (!all) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the index of a layer");
        }
        n->all = all;
        n->capacity = capacity;
        n->count = n->count ? n->count : 1;
    }
    *ret = (uint32_t)n->count++;
    n->all[*ret] = (struct node){entry, 0};
    return rv_ok();
}

/* Areas come in ascending order, so what holds the whole cell already ends its candidates. */
static rv_status add_area(struct nodes *n, uint32_t *cell, uint32_t placed, bool is_whole,
                          struct rv_err *reterr)
{
    uint32_t entry = placed << 2 | (is_whole ? GRID_WHOLE : 0), made = 0;
    if (*cell == 0 && is_whole) {
        *cell = placed;
        return rv_ok();
    }
    if (*cell == 0) {
        RV_TRY(node_new(n, entry, &made, reterr));
        *cell = GRID_LIST | made;
        return rv_ok();
    }
    if (!(*cell & GRID_LIST)) {
        return rv_ok();
    }
    uint32_t tail = *cell & ~GRID_LIST;
    while (n->all[tail].next) {
        tail = n->all[tail].next;
    }
    if (n->all[tail].entry & GRID_WHOLE) {
        return rv_ok();
    }
    RV_TRY(node_new(n, entry, &made, reterr));
    n->all[tail].next = made;
    return rv_ok();
}

static rv_status add_row(struct nodes *n, uint32_t *cells, const uint8_t *marks, uint32_t width,
                         uint32_t placed, struct rv_err *reterr)
{
    bool is_inside = false;
    for (uint32_t column = 0; column < width; column++) {
        is_inside ^= (marks[column] & TOGGLED) != 0;
        bool is_touched = marks[column] & TOUCHED;
        RV_TRY(is_touched || is_inside ? add_area(n, &cells[column], placed, !is_touched, reterr)
                                       : rv_ok());
    }
    return rv_ok();
}

static rv_status add_patch(const struct grid *g, struct nodes *n, const struct patch *p,
                           uint32_t placed, struct rv_err *reterr)
{
    for (uint32_t row = 0; row < p->height; row++) {
        uint32_t *cells = g->cells + (size_t)(p->row + row) * g->width + p->column;
        const uint8_t *marks = p->marks + (size_t)row * p->width;
        RV_TRY(add_row(n, cells, marks, p->width, placed, reterr));
    }
    return rv_ok();
}

/* Lists in order of cell, so that neighbouring points read neighbouring memory. */
static rv_status pack_lists(struct arena *a, const struct nodes *n, struct grid *g,
                            struct rv_err *reterr)
{
    g->lists = ARENA_NEW(a, uint32_t, n->count ? n->count : 1);
    if (!g->lists) {
        return arena_fail(a, reterr);
    }
    uint32_t used = 0;
    for (size_t i = 0; i < (size_t)g->width * g->height; i++) {
        if (!(g->cells[i] & GRID_LIST)) {
            continue;
        }
        uint32_t at = g->cells[i] & ~GRID_LIST;
        g->cells[i] = GRID_LIST | used;
        for (; at; at = n->all[at].next) {
            g->lists[used++] = n->all[at].entry;
        }
        g->lists[used - 1] |= GRID_LAST;
    }
    return rv_ok();
}

rv_status grid_build(struct arena *a, struct arena *scratch, const struct geometry_rings *rings,
                     uint32_t count, struct grid *ret, struct rv_err *reterr)
{
    RV_CLEANUP(nodes_done) struct nodes nodes = {0};
    struct grid g = {0};
    if (count >= MOST_PLACED) {
        return rv_fail(reterr, RV_LIMIT, "a layer of %u areas is too large", count);
    }
    choose_cells(rings, count, &g);
    g.cells = ARENA_NEW(a, uint32_t, (size_t)g.width * g.height);
    if (!g.cells) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct patch p = patch_of(&g, &rings[i]);
        p.marks = ARENA_NEW(scratch, uint8_t, (size_t)p.width * p.height);
        if (!p.marks) {
            return arena_fail(scratch, reterr);
        }
        mark_rings(&g, &rings[i], &p);
        RV_TRY(add_patch(&g, &nodes, &p, i + 1, reterr));
        arena_release(scratch, mark);
    }
    RV_TRY(pack_lists(a, &nodes, &g, reterr));
    *ret = g;
    return rv_ok();
}

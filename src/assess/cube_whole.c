/* assess/cube_whole.c — cells in parts of an event made whole, totals kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube_internal.h"
#include "stats/apportion.h"

#include <stdlib.h>
#include <string.h>

struct part {
    uint64_t group; /* key of all dimensions but those of areas */
    uint32_t borough;
    size_t at; /* position among the cells or values */
};

struct wholing {
    struct held *held;
    const struct cube_query *query;
    struct cube *cube;
    size_t finest;           /* axis of the finest areas among the dimensions; SIZE_MAX = none */
    const uint32_t *borough; /* of each of its areas; NULL = all in one group */
    struct part *parts;
    size_t count;
    int64_t *whole; /* beside the cells or values */
    double *values; /* room for count */
    int64_t *given;
};

static int by_group(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->group != y->group) {
        return x->group < y->group ? -1 : 1;
    }
    if (x->borough != y->borough) {
        return x->borough < y->borough ? -1 : 1;
    }
    return (x->at > y->at) - (x->at < y->at);
}

/* The axis whose areas are made whole, and the borough of each. */
static rv_status find_boroughs(struct wholing *w, struct rv_err *reterr)
{
    const struct held *h = w->held;
    w->finest = SIZE_MAX;
    for (size_t k = 0; k < w->query->axis_count; k++) {
        const struct cube_axis *axis = &w->query->axes[k];
        bool is_finer =
            axis->kind == AXIS_AREA && !axis->is_filter &&
            (w->finest == SIZE_MAX || area_fineness(axis->layer->type) >
                                          area_fineness(w->query->axes[w->finest].layer->type));
        w->finest = is_finer ? k : w->finest;
    }
    const struct layer *boroughs =
        layer_choose(h->layers, h->layer_count, "borough", NULL, w->query->period.last);
    if (w->finest == SIZE_MAX || !boroughs) {
        return rv_ok();
    }
    return held_parents_of(w->held, w->query->axes[w->finest].layer, boroughs, &w->borough, reterr);
}

static struct part part_of(const struct wholing *w, uint64_t key, size_t at)
{
    struct part p = {.at = at};
    for (size_t k = 0; k < w->query->axis_count; k++) {
        uint64_t stride = w->cube->strides[k];
        uint32_t code = stride ? (uint32_t)(key / stride % w->query->axes[k].size) : 0;
        p.group += w->query->axes[k].layer ? 0 : code * stride;
        if (k == w->finest && w->borough && code) {
            p.borough = w->borough[code - 1];
        }
    }
    return p;
}

static const int64_t *cells_of(const struct cube *c)
{
    return c->cells ? c->cells : c->values;
}

static rv_status list_parts(struct wholing *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct cube *c = w->cube;
    size_t n = c->cells ? c->cell_count : c->key_count, used = 0;
    for (size_t i = 0; i < n; i++) {
        used += cells_of(c)[i] != 0;
    }
    w->parts = ARENA_NEW(a, struct part, used);
    w->whole = ARENA_NEW(a, int64_t, n);
    w->values = ARENA_NEW(a, double, used);
    w->given = ARENA_NEW(a, int64_t, used);
    if (!w->parts || !w->whole || !w->values || !w->given) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if (cells_of(c)[i] != 0) {
            w->parts[w->count++] = part_of(w, c->cells ? i : c->keys[i], i);
        }
    }
    if (w->count > 1) {
        qsort(w->parts, w->count, sizeof *w->parts, by_group);
    }
    return rv_ok();
}

static int64_t sum_of(const struct wholing *w, size_t first, size_t end)
{
    int64_t sum = 0;
    for (size_t i = first; i < end; i++) {
        sum += cells_of(w->cube)[w->parts[i].at];
    }
    return sum;
}

static size_t borough_end(const struct wholing *w, size_t first, size_t end)
{
    size_t i = first;
    while (i < end && w->parts[i].borough == w->parts[first].borough) {
        i++;
    }
    return i;
}

/* The areas of one borough to its whole total. */
static rv_status settle_borough(struct wholing *w, size_t first, size_t end, int64_t total,
                                struct rv_err *reterr)
{
    size_t n = end - first;
    int64_t *given = w->given + first; /* behind what the boroughs of the group still need */
    for (size_t i = 0; i < n; i++) {
        w->values[i] = (double)cells_of(w->cube)[w->parts[first + i].at] / CUBE_FINE;
    }
    RV_TRY(apportion_round(w->held->arena, w->values, n, total, given, reterr));
    for (size_t i = 0; i < n; i++) {
        w->whole[w->parts[first + i].at] = given[i];
    }
    return rv_ok();
}

/* One combination of the other dimensions: totals of the boroughs first. */
static rv_status settle_group(struct wholing *w, size_t first, size_t end, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    struct arena_mark mark = arena_mark(a);
    size_t boroughs = 0;
    for (size_t i = first; i < end; i = borough_end(w, i, end)) {
        w->values[boroughs++] = (double)sum_of(w, i, borough_end(w, i, end)) / CUBE_FINE;
    }
    int64_t *totals = ARENA_NEW(a, int64_t, boroughs);
    if (!totals) {
        return arena_fail(a, reterr);
    }
    int64_t all = (sum_of(w, first, end) + CUBE_FINE / 2) / CUBE_FINE;
    RV_TRY(apportion_round(a, w->values, boroughs, all, totals, reterr));
    size_t b = 0;
    for (size_t i = first, next; i < end; i = next) {
        next = borough_end(w, i, end);
        RV_TRY(settle_borough(w, i, next, totals[b++], reterr));
    }
    arena_release(a, mark);
    return rv_ok();
}

rv_status cube_whole(struct held *h, const struct cube_query *query, struct cube *c,
                     struct rv_err *reterr)
{
    if (c->unit == 1) {
        return rv_ok();
    }
    struct wholing w = {.held = h, .query = query, .cube = c};
    RV_TRY(find_boroughs(&w, reterr));
    RV_TRY(list_parts(&w, reterr));
    for (size_t i = 0, end; i < w.count; i = end) {
        for (end = i; end < w.count && w.parts[end].group == w.parts[i].group; end++) {
        }
        RV_TRY(settle_group(&w, i, end, reterr));
    }
    c->parts = cells_of(c);
    *(c->cells ? &c->cells : &c->values) = w.whole;
    c->unit = 1;
    return rv_ok();
}

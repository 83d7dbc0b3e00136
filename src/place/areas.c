/* place/areas.c — layers out of the partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/areas.h"

#include "place/vintage.h"
#include "store/sql_id.h"

#include <string.h>

/* ---- loading ---- */

static bool read_layer(struct stmt *st, struct arena *a, struct layer *l)
{
    *l = (struct layer){
        .id = stmt_int(st, 0),
        .type = stmt_keep(st, 1, a),
        .vintage = stmt_keep(st, 2, a),
        .file_name = stmt_keep(st, 3, a),
        .sha256 = stmt_keep(st, 4, a),
        .imported_at = stmt_keep(st, 5, a),
        .crs = stmt_keep(st, 6, a),
        .pipeline = stmt_keep(st, 7, a),
        .accuracy_m = stmt_real(st, 8),
        .count = (uint32_t)stmt_int(st, 9),
        .members = stmt_int(st, 10),
    };
    l->areas = ARENA_NEW(a, struct area, l->count);
    return l->type && l->vintage && l->file_name && l->sha256 && l->imported_at && l->crs &&
           l->pipeline && l->areas;
}

static rv_status list_layers(struct store *s, struct arena *a, struct layer **ret,
                             size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_AREA_LAYER_LIST, &st, reterr));
    struct layer *layers = NULL;
    size_t count = 0, capacity = 0;
    for (bool row = false;;) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            break;
        }
        if (count == capacity) {
            struct layer *more = ARENA_NEW(a, struct layer, capacity * 2 + 8);
            if (!more) {
                stmt_reset(st);
                return arena_fail(a, reterr);
            }
            if (count) {
                memcpy(more, layers, count * sizeof *layers);
            }
            layers = more;
            capacity = capacity * 2 + 8;
        }
        if (!read_layer(st, a, &layers[count++])) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
    }
    *ret = layers;
    *ret_count = count;
    return rv_ok();
}

/* Positions are 0, 1, … in order of code: everything that finds areas by position relies on it. */
static rv_status check_position(const struct layer *l, struct stmt *st, uint32_t expected,
                                struct rv_err *reterr)
{
    if (expected < l->count && stmt_int(st, 0) == (int64_t)expected) {
        return rv_ok();
    }
    stmt_reset(st);
    return rv_fail(reterr, RV_DAMAGED,
                   "the areas of layer %s %s are not numbered in order: run 'reeve verify'",
                   l->type, l->vintage);
}

static rv_status load_areas(struct store *s, struct arena *a, struct layer *l,
                            struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_AREA_LIST, &st, reterr));
    stmt_bind_int(st, ":layer", l->id);
    uint32_t i = 0;
    for (bool row = false;; i++) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            break;
        }
        RV_TRY(check_position(l, st, i, reterr));
        struct area *area = &l->areas[i];
        *area = (struct area){
            .code = stmt_keep(st, 1, a),
            .name = stmt_keep(st, 2, a),
            .note = stmt_keep(st, 3, a),
            .area_m2 = stmt_real(st, 4),
            .point_e = stmt_real(st, 5),
            .point_n = stmt_real(st, 6),
        };
        if (!area->code || !area->name || !area->note) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
    }
    l->count = i;
    return rv_ok();
}

rv_status layers_load(struct store *s, struct arena *a, struct layer **ret, size_t *ret_count,
                      struct rv_err *reterr)
{
    struct layer *layers = NULL;
    size_t count = 0;
    RV_TRY(list_layers(s, a, &layers, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(load_areas(s, a, &layers[i], reterr));
    }
    *ret = layers;
    *ret_count = count;
    return rv_ok();
}

/* ---- finding ---- */

/* Whether vintage b is the better one for a period ending in month `last`: one that has begun
 * beats one that has not; of those begun the latest, of the others the earliest. */
static bool is_better(const struct layer *a, const struct layer *b, int32_t last)
{
    int32_t from_a = vintage_month(text_of(a->vintage)),
            from_b = vintage_month(text_of(b->vintage));
    bool begun_a = from_a <= last, begun_b = from_b <= last;
    if (begun_a != begun_b) {
        return begun_b;
    }
    if (from_a != from_b) {
        return begun_b ? from_b > from_a : from_b < from_a;
    }
    return strcmp(b->vintage, a->vintage) > 0;
}

const struct layer *layer_choose(const struct layer *layers, size_t count, const char *type,
                                 const char *vintage, int32_t last)
{
    const struct layer *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct layer *l = &layers[i];
        if (strcmp(l->type, type) != 0) {
            continue;
        }
        if (vintage && strcmp(l->vintage, vintage) == 0) {
            return l;
        }
        if (!vintage && (!best || is_better(best, l, last))) {
            best = l;
        }
    }
    return best;
}

uint32_t layer_find(const struct layer *l, struct text code)
{
    uint32_t low = 0, high = l->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = text_compare(text_of(l->areas[middle].code), code);
        if (order == 0) {
            return middle + 1;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

/* ---- parents and shapes ---- */

rv_status layer_parents(struct store *s, struct arena *a, const struct layer *child,
                        const struct layer *parent, uint32_t **ret, struct rv_err *reterr)
{
    uint32_t *parents = ARENA_NEW(a, uint32_t, child->count);
    if (!parents) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_AREA_PARENT_LIST, &st, reterr));
    stmt_bind_int(st, ":layer", child->id);
    stmt_bind_int(st, ":parent_layer", parent->id);
    for (bool row = false;;) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            break;
        }
        int64_t position = stmt_int(st, 0), of = stmt_int(st, 1);
        if (position < 0 || position >= child->count || of < 0 || of >= parent->count) {
            stmt_reset(st);
            return rv_fail(reterr, RV_DAMAGED,
                           "an area of %s %s has a parent that %s %s does not have: run 'reeve "
                           "verify'",
                           child->type, child->vintage, parent->type, parent->vintage);
        }
        parents[position] = (uint32_t)of + 1;
    }
    *ret = parents;
    return rv_ok();
}

rv_status layer_geometry(struct store *s, struct arena *a, const struct layer *l, struct text **ret,
                         struct rv_err *reterr)
{
    struct text *shapes = ARENA_NEW(a, struct text, l->count);
    if (!shapes) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_AREA_GEOMETRY_LIST, &st, reterr));
    stmt_bind_int(st, ":layer", l->id);
    uint32_t i = 0;
    for (bool row = false;; i++) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            break;
        }
        RV_TRY(check_position(l, st, i, reterr));
        struct text bytes = stmt_blob(st, 1);
        shapes[i] = (struct text){arena_text(a, bytes.at, bytes.n), bytes.n};
        if (!shapes[i].at) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
    }
    *ret = shapes; /* areas that are missing at the end have no bytes: place_index refuses them */
    return rv_ok();
}

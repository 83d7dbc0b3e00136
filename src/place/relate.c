/* place/relate.c — parents by inside point.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/relate.h"

#include "place/placing.h"
#include "store/sql_id.h"

#include <math.h>
#include <string.h>

static double mean_area(const struct layer *l)
{
    double sum = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        sum += l->areas[i].area_m2;
    }
    return l->count ? sum / l->count : 0;
}

/* Members lie in the localities that they make up, however small those are; other areas in those
 * that are larger on average. */
static bool is_within(const struct layer *child, const struct layer *parent)
{
    if (parent->members || child->members) {
        const struct layer *whole = parent->members ? parent : child;
        const struct layer *other = whole == parent ? child : parent;
        if (whole->members == other->id ||
            (other->members == 0 && strcmp(other->type, "ward") == 0)) {
            return whole == parent;
        }
    }
    return mean_area(child) < mean_area(parent);
}

static rv_status insert_parents(struct store *s, const struct layer *child,
                                const struct layer *parent, const uint32_t *placed,
                                struct rv_err *reterr)
{
    for (uint32_t i = 0; i < child->count; i++) {
        if (!placed[i]) {
            continue;
        }
        struct stmt *st = NULL;
        RV_TRY(store_prepare(s, SQL_AREA_PARENT_INSERT, &st, reterr));
        stmt_bind_int(st, ":layer", child->id);
        stmt_bind_int(st, ":position", i);
        stmt_bind_int(st, ":parent_layer", parent->id);
        stmt_bind_int(st, ":parent_position", (int64_t)placed[i] - 1);
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

static rv_status relate(struct store *s, struct arena *a, const struct layer *child,
                        const struct layer *parent, struct place_index *index,
                        struct rv_err *reterr)
{
    int64_t *e = ARENA_NEW(a, int64_t, child->count), *n = ARENA_NEW(a, int64_t, child->count);
    uint32_t *placed = ARENA_NEW(a, uint32_t, child->count);
    if (!e || !n || !placed) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < child->count; i++) {
        e[i] = llround(child->areas[i].point_e * 1000);
        n[i] = llround(child->areas[i].point_n * 1000);
    }
    RV_TRY(place_points(index, 0, child->count, e, n, NULL, placed, reterr));
    return insert_parents(s, child, parent, placed, reterr);
}

rv_status relate_layer(struct store *s, struct arena *a, int64_t id, struct rv_err *reterr)
{
    struct layer *layers = NULL;
    const struct layer *self = NULL;
    size_t count = 0;
    RV_TRY(layers_load(s, a, &layers, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        self = layers[i].id == id ? &layers[i] : self;
    }
    if (!self) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no layer %lld", (long long)id);
    }
    RV_CLEANUP(place_index_closep) struct place_index *own = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct layer *other = &layers[i];
        if (strcmp(other->type, self->type) == 0) {
            continue;
        }
        if (is_within(other, self)) {
            if (!own) {
                RV_TRY(place_index_open(s, a, self, 1, &own, reterr));
            }
            RV_TRY(relate(s, a, other, self, own, reterr));
        } else if (is_within(self, other)) {
            RV_CLEANUP(place_index_closep) struct place_index *index = NULL;
            RV_TRY(place_index_open(s, a, other, 1, &index, reterr));
            RV_TRY(relate(s, a, self, other, index, reterr));
        }
    }
    return rv_ok();
}

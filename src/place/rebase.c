/* place/rebase.c — re-basings in and out of the partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/rebase.h"

#include "base/progress.h"
#include "store/sql_id.h"

#include <string.h>

static const struct layer *layer_of(const struct layer *layers, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (layers[i].id == id) {
            return &layers[i];
        }
    }
    return NULL;
}

/* ---- loading ---- */

struct listing {
    struct arena *arena;
    const struct layer *layers;
    size_t layer_count;
    struct rebase *rebases;
    size_t count, capacity;
};

static rv_status list_one(struct listing *l, struct stmt *st, struct rv_err *reterr)
{
    struct arena *a = l->arena;
    if (l->count == l->capacity) {
        struct rebase *more = ARENA_NEW(a, struct rebase, l->capacity * 2 + 4);
        if (!more) {
            return arena_fail(a, reterr);
        }
        if (l->count) {
            memcpy(more, l->rebases, l->count * sizeof *more);
        }
        l->rebases = more;
        l->capacity = l->capacity * 2 + 4;
    }
    struct rebase *r = &l->rebases[l->count];
    *r = (struct rebase){
        .id = stmt_int(st, 0),
        .from = layer_of(l->layers, l->layer_count, stmt_int(st, 1)),
        .to = layer_of(l->layers, l->layer_count, stmt_int(st, 2)),
        .basis = stmt_keep(st, 3, a),
        .population = stmt_keep(st, 4, a),
        .sources = stmt_keep(st, 5, a),
        .sliver_m = stmt_real(st, 6),
        .slivers = (uint32_t)stmt_int(st, 7),
        .slivers_m2 = stmt_real(st, 8),
        .made_at = stmt_keep(st, 9, a),
        .count = (size_t)stmt_int(st, 10),
    };
    r->parts = ARENA_NEW(a, struct rebase_part, r->count);
    if (!r->basis || !r->population || !r->sources || !r->made_at || !r->parts) {
        return arena_fail(a, reterr);
    }
    l->count += r->from && r->to ? 1 : 0; /* layers that came after `layers` were loaded */
    return rv_ok();
}

static rv_status list_rebases(struct store *s, struct listing *l, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_REBASE_LIST, &st, reterr));
    for (bool row = false;;) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            return rv_ok();
        }
        rv_status status = list_one(l, st, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
}

/* Parts of an area that are no whole, or of areas that are not there, would make or lose events. */
static bool is_whole(const struct rebase *r)
{
    for (size_t i = 0, end; i < r->count; i = end) {
        int64_t sum = 0;
        for (end = i; end < r->count && r->parts[end].from == r->parts[i].from; end++) {
            sum += r->parts[end].parts;
            if (r->parts[end].from >= r->from->count || r->parts[end].to > r->to->count) {
                return false;
            }
        }
        if (sum != REBASE_WHOLE) {
            return false;
        }
    }
    return true;
}

static rv_status load_parts(struct store *s, struct rebase *r, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_REBASE_PART_LIST, &st, reterr));
    stmt_bind_int(st, ":rebase", r->id);
    size_t n = 0;
    for (bool row = false;;) {
        RV_TRY(stmt_step(st, &row, reterr));
        if (!row) {
            break;
        }
        if (n < r->count) {
            r->parts[n++] = (struct rebase_part){.from = (uint32_t)stmt_int(st, 0),
                                                 .to = (uint32_t)stmt_int(st, 1),
                                                 .parts = (int32_t)stmt_int(st, 2),
                                                 .area_m2 = stmt_real(st, 3),
                                                 .persons = stmt_real(st, 4)};
        }
    }
    r->count = n;
    if (!is_whole(r)) {
        return rv_fail(reterr, RV_DAMAGED,
                       "the re-basing from %s %s to %s %s is not whole: run 'reeve verify'",
                       r->from->type, r->from->vintage, r->to->type, r->to->vintage);
    }
    rebase_mark_main(r);
    return rv_ok();
}

rv_status rebases_load(struct store *s, struct arena *a, const struct layer *layers,
                       size_t layer_count, struct rebase **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    struct listing l = {.arena = a, .layers = layers, .layer_count = layer_count};
    RV_TRY(list_rebases(s, &l, reterr));
    for (size_t i = 0; i < l.count; i++) {
        RV_TRY(load_parts(s, &l.rebases[i], reterr));
    }
    *ret = l.rebases;
    *ret_count = l.count;
    return rv_ok();
}

/* ---- finding ---- */

const struct rebase *rebase_find(const struct rebase *rebases, size_t count,
                                 const struct layer *from, const struct layer *to)
{
    for (size_t i = 0; i < count; i++) {
        if (rebases[i].from == from && rebases[i].to == to) {
            return &rebases[i];
        }
    }
    return NULL;
}

const struct rebase_part *rebase_parts(const struct rebase *r, uint32_t from, size_t *ret_count)
{
    size_t low = 0, high = r->count, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->parts[middle].from < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low + n < r->count && r->parts[low + n].from == from) {
        n++;
    }
    *ret_count = n;
    return n ? &r->parts[low] : NULL;
}

void rebase_mark_main(struct rebase *r)
{
    for (size_t i = 0, end; i < r->count; i = end) {
        size_t best = i;
        for (end = i; end < r->count && r->parts[end].from == r->parts[i].from; end++) {
            r->parts[end].is_main = false;
            best = r->parts[end].parts > r->parts[best].parts ? end : best;
        }
        r->parts[best].is_main = true;
    }
}

/* ---- storing ---- */

static rv_status insert(struct store *s, const struct rebase *r, int64_t *ret,
                        struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_REBASE_DELETE, &st, reterr));
    stmt_bind_int(st, ":from_layer", r->from->id);
    stmt_bind_int(st, ":to_layer", r->to->id);
    RV_TRY(stmt_run(st, reterr));
    RV_TRY(store_prepare(s, SQL_REBASE_INSERT, &st, reterr));
    stmt_bind_int(st, ":from_layer", r->from->id);
    stmt_bind_int(st, ":to_layer", r->to->id);
    stmt_bind_string(st, ":basis", r->basis);
    stmt_bind_string(st, ":population", r->population);
    stmt_bind_string(st, ":sources", r->sources);
    stmt_bind_real(st, ":sliver_m", r->sliver_m);
    stmt_bind_int(st, ":slivers", r->slivers);
    stmt_bind_real(st, ":slivers_m2", r->slivers_m2);
    stmt_bind_string(st, ":made_at", r->made_at);
    RV_TRY(stmt_run(st, reterr));
    *ret = store_last_id(s);
    return rv_ok();
}

static rv_status insert_part(struct store *s, int64_t id, const struct rebase_part *p,
                             struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_REBASE_PART_INSERT, &st, reterr));
    stmt_bind_int(st, ":rebase", id);
    stmt_bind_int(st, ":position", p->from);
    stmt_bind_int(st, ":target", p->to);
    stmt_bind_int(st, ":parts", p->parts);
    stmt_bind_real(st, ":area_m2", p->area_m2);
    stmt_bind_real(st, ":persons", p->persons);
    return stmt_run(st, reterr);
}

rv_status rebase_store(struct store *s, const struct rebase *r, struct rv_err *reterr)
{
    store_doing(s, "the re-basing of areas");
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    (void)open;
    int64_t id = 0;
    RV_TRY(insert(s, r, &id, reterr));
    fault_point("rebase.stored");
    for (size_t i = 0; i < r->count; i++) {
        RV_TRY(insert_part(s, id, &r->parts[i], reterr));
    }
    fault_point("rebase.parts");
    return store_commit(s, reterr);
}

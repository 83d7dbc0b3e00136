/* ingest/orphans.c — rows about an offence that is not held: they load, and count nowhere.
 *
 * Both sides are hashes of identifiers in row sets, compared one partition at a time. What is
 * reported is the state at this import: files may come in any order, and an offence that comes
 * later takes its people in. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "ingest/import.h"
#include "ingest/values.h"

#include <stdlib.h>

static const char *const ID[] = {"offence_id"};

struct ids { /* the identifiers of one scan on their way into a row set */
    const struct import *m;
    const struct extract_scan *scan;
    uint64_t *const *leave_out; /* bits of each chunk, NULL = none */
    struct rowset *to;
    struct rv_err *err;
};

static rv_status add_chunk(const struct ids *ids, uint32_t sequence, struct arena *a)
{
    struct column column;
    const uint64_t *current;
    RV_TRY(progress_check(ids->m->progress, ids->err));
    RV_TRY(extract_scan_read(ids->scan, sequence, a, &column, &current, ids->err));
    const uint64_t *out = ids->leave_out ? ids->leave_out[sequence] : NULL;
    for (uint32_t row = 0; row < column.rows; row++) {
        bool is_in = (!current || bit_of(current, row)) && (!out || !bit_of(out, row));
        if (is_in && column.type == COLUMN_TEXT && column_has(&column, row)) {
            struct row_entry e = {.key = hash_text(column_text_at(&column, row))};
            RV_TRY(rowset_add(ids->to, &e, ids->err));
        }
    }
    return rv_ok();
}

static rv_status add_all(const struct ids *ids, struct arena *a)
{
    for (uint32_t k = 0; k < extract_scan_chunks(ids->scan); k++) {
        struct arena_mark mark = arena_mark(a);
        rv_status status = add_chunk(ids, k, a);
        arena_release(a, mark);
        RV_TRY(status);
    }
    return rv_ok();
}

/* Identifiers of every offence in the current view. */
static rv_status add_offences(struct import *m, struct rowset *to, struct rv_err *reterr)
{
    struct extract_info *list;
    size_t count;
    RV_TRY(extract_list_all(m->s, m->a, "offences", &list, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_CLEANUP(arena_done) struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        struct extract_scan *scan;
        RV_TRY(extract_scan_open(m->s, &a, list[i].id, ID, 1, 0, &scan, reterr));
        struct ids ids = {.m = m, .scan = scan, .to = to, .err = reterr};
        RV_TRY(add_all(&ids, &a));
    }
    return rv_ok();
}

static rv_status add_own(struct import *m, struct rowset *to, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_scan *scan;
    RV_TRY(draft_scan_open(m->pipeline.draft, &a, m->pipeline.borrow, ID, 1, &scan, reterr));
    struct ids ids = {
        .m = m, .scan = scan, .leave_out = m->resolution.duplicates, .to = to, .err = reterr};
    return add_all(&ids, &a);
}

static int by_key(const void *left, const void *right)
{
    const struct row_entry *a = left, *b = right;
    if (a->key.a != b->key.a) {
        return a->key.a < b->key.a ? -1 : 1;
    }
    return (a->key.b > b->key.b) - (a->key.b < b->key.b);
}

/* Rows of one partition whose offence is not there. */
static rv_status count_partition(struct import *m, struct rowset *own, size_t number,
                                 const struct row_entry *held, size_t held_count, struct arena *a,
                                 struct rv_err *reterr)
{
    struct row_entry *rows;
    size_t row_count;
    RV_TRY(rowset_partition(own, a, number, &rows, &row_count, reterr));
    for (size_t i = 0; i < row_count; i++) {
        bool is_held =
            held_count && bsearch(&rows[i], held, held_count, sizeof *held, by_key) != NULL;
        m->report.orphans += !is_held;
    }
    return rv_ok();
}

struct orphans { /* of the files that name offences */
    struct import **list;
    struct rowset **own; /* the identifiers that each names */
    size_t count;
    struct rowset *offences;
};

static void orphans_done(struct orphans *o)
{
    for (size_t i = 0; i < o->count; i++) {
        rowset_close(o->own[i]);
    }
    rowset_close(o->offences);
    memory_free(o->own);
    memory_free(o->list);
}

static rv_status count_all(const struct orphans *o, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        struct arena_mark mark = arena_mark(&a);
        struct row_entry *held;
        size_t held_count;
        RV_TRY(rowset_partition(o->offences, &a, i, &held, &held_count, reterr));
        if (held_count) {
            qsort(held, held_count, sizeof *held, by_key);
        }
        for (size_t k = 0; k < o->count; k++) {
            struct arena_mark one = arena_mark(&a);
            RV_TRY(count_partition(o->list[k], o->own[k], i, held, held_count, &a, reterr));
            arena_release(&a, one);
        }
        arena_release(&a, mark);
    }
    return rv_ok();
}

static rv_status collect(struct orphans *o, struct import *const *list, size_t count,
                         struct rv_err *reterr)
{
    o->list = memory_new(count + 1, sizeof(struct import *));
    o->own = memory_new(count + 1, sizeof(struct rowset *));
    if (!o->list || !o->own) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
    }
    for (size_t i = 0; i < count; i++) {
        struct import *m = list[i];
        m->report.orphans = 0;
        if (m->plan.about == PLAN_NONE) {
            continue;
        }
        o->list[o->count] = m;
        RV_TRY(rowset_open(store_dir(m->s), &o->own[o->count], reterr));
        o->count++;
        RV_TRY(add_own(m, o->own[o->count - 1], reterr));
        RV_TRY(count > 1 ? rowset_rest(o->own[o->count - 1], reterr) : rv_ok());
    }
    return rv_ok();
}

rv_status import_count_orphans(struct import *const *list, size_t count, struct rv_err *reterr)
{
    RV_CLEANUP(orphans_done) struct orphans o = {.list = NULL};
    RV_TRY(collect(&o, list, count, reterr));
    if (o.count == 0) {
        return rv_ok();
    }
    RV_TRY(rowset_open(store_dir(o.list[0]->s), &o.offences, reterr));
    RV_TRY(add_offences(o.list[0], o.offences, reterr));
    return count_all(&o, reterr);
}

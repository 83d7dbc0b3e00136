/* ingest/orphans.c — rows about an offence that is not held: they load, and count nowhere.
 *
 * Both sides are hashes of identifiers in row sets, compared one partition at a time. What is
 * reported is the state at this import: files may come in any order, and an offence that comes
 * later takes its people in. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "ingest/import.h"
#include "ingest/values.h"

#include <stdlib.h>

static const char *const ID[] = {"offence_id"};

struct ids { /* the identifiers of one scan on their way into a row set */
    const struct import *m;
    const struct extract_scan *scan;
    uint64_t *const *leave_out; /* bits of each chunk, NULL = none */
    struct rowset *to;
};

static rv_status add_chunk(const struct ids *ids, uint32_t sequence, struct arena *a)
{
    struct column column;
    const uint64_t *current;
    RV_TRY(progress_check(ids->m->progress, ids->m->err));
    RV_TRY(extract_scan_read(ids->scan, sequence, a, &column, &current, ids->m->err));
    const uint64_t *out = ids->leave_out ? ids->leave_out[sequence] : NULL;
    for (uint32_t row = 0; row < column.rows; row++) {
        bool is_in = (!current || bit_of(current, row)) && (!out || !bit_of(out, row));
        if (is_in && column.type == COLUMN_TEXT && column_has(&column, row)) {
            struct row_entry e = {.key = hash_text(column_text_at(&column, row))};
            RV_TRY(rowset_add(ids->to, &e, ids->m->err));
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
static rv_status add_offences(struct import *m, struct rowset *to)
{
    struct extract_info *list;
    size_t count;
    RV_TRY(extract_list(m->s, m->a, "offences", &list, &count, m->err));
    for (size_t i = 0; i < count; i++) {
        RV_CLEANUP(arena_done) struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        struct extract_scan *scan;
        RV_TRY(extract_scan_open(m->s, &a, list[i].id, ID, 1, 0, &scan, m->err));
        struct ids ids = {.m = m, .scan = scan, .to = to};
        RV_TRY(add_all(&ids, &a));
    }
    return rv_ok();
}

static rv_status add_own(struct import *m, struct rowset *to)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_scan *scan;
    RV_TRY(draft_scan_open(m->pipeline.draft, &a, m->pipeline.borrow, ID, 1, &scan, m->err));
    struct ids ids = {.m = m, .scan = scan, .leave_out = m->resolution.duplicates, .to = to};
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

/* Own rows of one partition whose offence is not there. */
static rv_status count_partition(struct import *m, struct rowset *own, struct rowset *offences,
                                 size_t number, struct arena *a)
{
    struct row_entry *rows, *held;
    size_t row_count, held_count;
    RV_TRY(rowset_partition(own, a, number, &rows, &row_count, m->err));
    RV_TRY(rowset_partition(offences, a, number, &held, &held_count, m->err));
    if (held_count) {
        qsort(held, held_count, sizeof *held, by_key);
    }
    for (size_t i = 0; i < row_count; i++) {
        bool is_held =
            held_count && bsearch(&rows[i], held, held_count, sizeof *held, by_key) != NULL;
        m->report.orphans += !is_held;
    }
    return rv_ok();
}

rv_status import_count_orphans(struct import *m)
{
    RV_CLEANUP(rowset_closep) struct rowset *own = NULL;
    RV_CLEANUP(rowset_closep) struct rowset *offences = NULL;
    m->report.orphans = 0;
    if (m->plan.about == PLAN_NONE) {
        return rv_ok();
    }
    RV_TRY(rowset_open(store_dir(m->s), &own, m->err));
    RV_TRY(rowset_open(store_dir(m->s), &offences, m->err));
    RV_TRY(add_own(m, own));
    RV_TRY(add_offences(m, offences));
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        struct arena_mark mark = arena_mark(&a);
        rv_status status = count_partition(m, own, offences, i, &a);
        arena_release(&a, mark);
        RV_TRY(status);
    }
    return rv_ok();
}

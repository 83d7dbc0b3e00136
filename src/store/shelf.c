/* store/shelf.c — columns of extracts kept in memory for a command that scans them many times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/memory.h"
#include "store/internal.h"
#include "store/scan_internal.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

struct shelved_column {
    struct scan_column column;
    struct shelved_column *next;
};

struct shelved_extract {
    struct extract_scan rows;      /* without columns */
    const uint32_t *const *chosen; /* [chunk][row]: its number in the whole; NULL = all rows */
    struct shelved_column *columns;
    struct shelved_extract *next;
};

struct extract_shelf {
    struct store *store;
    struct arena *arena;
    struct shelved_extract *extracts;
    struct extract_shelf *whole; /* whose rows these are chosen from; NULL = it is the whole */
    struct pool *pool;
};

rv_status extract_shelf_make(struct store *s, struct arena *a, struct extract_shelf **ret,
                             struct rv_err *reterr)
{
    struct extract_shelf *shelf = ARENA_NEW(a, struct extract_shelf, 1);
    if (!shelf) {
        return arena_fail(a, reterr);
    }
    *shelf = (struct extract_shelf){.store = s, .arena = a};
    *ret = shelf;
    return rv_ok();
}

static struct shelved_extract *held_extract(const struct extract_shelf *shelf, int64_t extract)
{
    struct shelved_extract *x = shelf->extracts;
    while (x && x->rows.extract != extract) {
        x = x->next;
    }
    return x;
}

static rv_status find_extract(struct extract_shelf *shelf, int64_t extract,
                              struct shelved_extract **ret, struct rv_err *reterr)
{
    struct shelved_extract *x = held_extract(shelf, extract);
    assert(x || !shelf->whole); /* extract_shelf_keep comes first */
    if (!x) {
        x = ARENA_NEW(shelf->arena, struct shelved_extract, 1);
        if (!x) {
            return arena_fail(shelf->arena, reterr);
        }
        *x = (struct shelved_extract){.rows.extract = extract, .next = shelf->extracts};
        RV_TRY(scan_load_rows(shelf->store, shelf->arena, &x->rows, 0, reterr));
        shelf->extracts = x;
    }
    *ret = x;
    return rv_ok();
}

/* ---- chosen rows ---- */

rv_status extract_shelf_choose(struct extract_shelf *whole, struct pool *pool,
                               struct extract_shelf **ret, struct rv_err *reterr)
{
    struct extract_shelf *chosen = NULL;
    RV_TRY(extract_shelf_make(whole->store, whole->arena, &chosen, reterr));
    chosen->whole = whole;
    chosen->pool = pool;
    *ret = chosen;
    return rv_ok();
}

rv_status extract_shelf_keep(struct extract_shelf *chosen, int64_t extract, uint32_t chunks,
                             const uint32_t *const *rows, uint32_t *counts, struct rv_err *reterr)
{
    struct shelved_extract *x = ARENA_NEW(chosen->arena, struct shelved_extract, 1);
    uint64_t **current = ARENA_NEW(chosen->arena, uint64_t *, chunks); /* NULL: all of them */
    if (!x || !current) {
        return arena_fail(chosen->arena, reterr);
    }
    x->rows = (struct extract_scan){extract, chunks, counts, current, NULL, 0};
    x->chosen = rows;
    x->next = chosen->extracts;
    chosen->extracts = x;
    return rv_ok();
}

/* One column while its chosen rows are taken out of the whole. */
struct choosing {
    const struct shelved_extract *extract;
    const struct extract_scan *whole; /* of this column alone */
    struct column *columns;           /* [chunk] */
    struct arena *scratch;            /* one a worker */
    struct arena *arena;              /* of the shelf: one at a time */
    pthread_mutex_t lock;
};

static void *choose_room(struct choosing *c, size_t count, size_t size)
{
    (void)pthread_mutex_lock(&c->lock);
    void *room = arena_new(c->arena, count, size);
    (void)pthread_mutex_unlock(&c->lock);
    return room;
}

static bool choose_valid(struct choosing *c, const struct column *from, const uint32_t *rows,
                         struct column *to)
{
    uint64_t *valid = from->valid ? choose_room(c, to->rows / 64 + 1, sizeof *valid) : NULL;
    for (uint32_t i = 0; valid && i < to->rows; i++) {
        valid[i / 64] |= (from->valid[rows[i] / 64] >> (rows[i] % 64) & 1) << (i % 64);
    }
    to->valid = valid;
    return valid || !from->valid;
}

static bool choose_codes(struct choosing *c, const struct column *from, const uint32_t *rows,
                         struct column *to)
{
    uint32_t *codes = choose_room(c, to->rows, sizeof *codes);
    for (uint32_t i = 0; codes && i < to->rows; i++) {
        codes[i] = from->codes[rows[i]];
    }
    to->codes = codes;
    return codes != NULL;
}

static bool choose_integers(struct choosing *c, const struct column *from, const uint32_t *rows,
                            struct column *to)
{
    int64_t *integers = choose_room(c, to->rows, sizeof *integers);
    for (uint32_t i = 0; integers && i < to->rows; i++) {
        integers[i] = from->integers[rows[i]];
    }
    to->integers = integers;
    return integers != NULL;
}

static bool choose_reals(struct choosing *c, const struct column *from, const uint32_t *rows,
                         struct column *to)
{
    double *reals = choose_room(c, to->rows, sizeof *reals);
    for (uint32_t i = 0; reals && i < to->rows; i++) {
        reals[i] = from->reals[rows[i]];
    }
    to->reals = reals;
    return reals != NULL;
}

static bool choose_texts(struct choosing *c, const struct column *from, const uint32_t *rows,
                         struct column *to)
{
    uint32_t *offsets = choose_room(c, (size_t)to->rows + 1, sizeof *offsets);
    for (uint32_t i = 0; offsets && i < to->rows; i++) {
        offsets[i + 1] = offsets[i] + (uint32_t)column_text_at(from, rows[i]).n;
    }
    char *bytes = offsets ? choose_room(c, offsets[to->rows], 1) : NULL;
    for (uint32_t i = 0; bytes && i < to->rows; i++) {
        struct text t = column_text_at(from, rows[i]);
        memcpy(bytes + offsets[i], t.at, t.n);
    }
    to->offsets = offsets;
    to->bytes = bytes;
    return bytes != NULL;
}

static uint32_t count_missing(const struct column *c)
{
    uint32_t missing = 0;
    for (uint32_t i = 0; i < c->rows; i++) {
        missing += !column_has(c, i);
    }
    return missing;
}

static rv_status choose_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct choosing *c = context;
    struct column from, to = {.rows = c->extract->rows.rows[piece]};
    const uint32_t *rows = c->extract->chosen[piece];
    const uint64_t *current;
    arena_clear(&c->scratch[worker]);
    RV_TRY(
        extract_scan_read(c->whole, (uint32_t)piece, &c->scratch[worker], &from, &current, reterr));
    to.type = from.type;
    bool is_whole = choose_valid(c, &from, rows, &to);
    if (from.type == COLUMN_CATEGORY) {
        is_whole = is_whole && choose_codes(c, &from, rows, &to);
    } else if (from.type == COLUMN_TEXT) {
        is_whole = is_whole && choose_texts(c, &from, rows, &to);
    } else if (from.type == COLUMN_REAL) {
        is_whole = is_whole && choose_reals(c, &from, rows, &to);
    } else {
        is_whole = is_whole && choose_integers(c, &from, rows, &to);
    }
    if (!is_whole) {
        return arena_fail(c->arena, reterr);
    }
    to.nulls = count_missing(&to);
    c->columns[piece] = to;
    return rv_ok();
}

/* The column of the whole, decoded, with the chosen rows alone. */
static rv_status choose_column(struct extract_shelf *shelf, const struct shelved_extract *x,
                               const char *name, struct scan_column *ret, struct rv_err *reterr)
{
    struct extract_scan *whole = NULL;
    RV_TRY(
        extract_shelf_scan(shelf->whole, shelf->arena, x->rows.extract, &name, 1, &whole, reterr));
    *ret = whole->columns[0];
    if (!ret->is_there) {
        return rv_ok();
    }
    size_t workers = pool_threads(shelf->pool);
    struct choosing c = {.extract = x, .whole = whole, .arena = shelf->arena};
    c.columns = ARENA_NEW(shelf->arena, struct column, x->rows.chunks);
    c.scratch = memory_new(workers, sizeof *c.scratch);
    if (!c.columns || !c.scratch || pthread_mutex_init(&c.lock, NULL) != 0) {
        memory_free(c.scratch);
        return arena_fail(shelf->arena, reterr);
    }
    for (size_t w = 0; w < workers; w++) {
        arena_init(&c.scratch[w], LIMIT_ARENA_BYTES);
    }
    rv_status status = pool_run(shelf->pool, x->rows.chunks, choose_piece, &c, reterr);
    for (size_t w = 0; w < workers; w++) {
        arena_done(&c.scratch[w]);
    }
    memory_free(c.scratch);
    (void)pthread_mutex_destroy(&c.lock);
    ret->decoded = c.columns;
    return status;
}

/* ---- columns ---- */

static rv_status find_column(struct extract_shelf *shelf, struct shelved_extract *x,
                             const char *name, struct scan_column *ret, struct rv_err *reterr)
{
    struct shelved_column *c = x->columns;
    while (c && strcmp(c->column.name, name) != 0) {
        c = c->next;
    }
    if (!c) {
        c = ARENA_NEW(shelf->arena, struct shelved_column, 1);
        if (!c) {
            return arena_fail(shelf->arena, reterr);
        }
        RV_TRY(shelf->whole ? choose_column(shelf, x, name, &c->column, reterr)
                            : scan_load_column(shelf->store, shelf->arena, &x->rows, name,
                                               &c->column, reterr));
        c->next = x->columns;
        x->columns = c;
    }
    *ret = c->column;
    return rv_ok();
}

rv_status extract_shelf_scan(struct extract_shelf *shelf, struct arena *a, int64_t extract,
                             const char *const *names, size_t count, struct extract_scan **ret,
                             struct rv_err *reterr)
{
    struct extract_scan *scan = ARENA_NEW(a, struct extract_scan, 1);
    struct scan_column *columns = ARENA_NEW(a, struct scan_column, count);
    if (!scan || !columns) {
        return arena_fail(a, reterr);
    }
    RV_TRY(store_snapshot(shelf->store, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = shelf->store;
    struct shelved_extract *x = NULL;
    RV_TRY(find_extract(shelf, extract, &x, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(find_column(shelf, x, names[i], &columns[i], reterr));
    }
    *scan = x->rows;
    scan->columns = columns;
    scan->count = count;
    *ret = scan;
    return rv_ok();
}

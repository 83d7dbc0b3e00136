/* store/scan.c — reading chosen columns of an extract: load under a snapshot, decode on any thread.
 *
 * After extract_scan_open everything lies in the caller's arena and nothing changes it, so
 * extract_scan_read needs neither SQLite nor a lock. What comes from the file is checked before it
 * is used as an index or a length: a hostile file gives RV_DAMAGED.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "store/extract.h"
#include "store/internal.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define MOST_CHUNKS (1 << 24) /* 10^12 rows: more is a damaged number */

struct scan_column {
    bool is_there;
    int64_t position;
    enum column_type type;
    const char *name;
    const struct dictionary *dictionary; /* categories only */
    struct text *chunks;                 /* encoded bytes of each chunk */
};

struct extract_scan {
    int64_t extract;
    uint32_t chunks;
    uint32_t *rows;     /* of each chunk */
    uint64_t **current; /* of each chunk: bits of rows in the current view, NULL = all */
    struct scan_column *columns;
    size_t count;
};

static rv_status damaged(const struct extract_scan *scan, struct rv_err *reterr, const char *what)
{
    return rv_fail(reterr, RV_DAMAGED,
                   "extract %" PRId64 " is damaged: %s; run 'reeve verify' to see where",
                   scan->extract, what);
}

/* ---- loading ---- */

static rv_status load_size(struct store *s, struct arena *a, struct extract_scan *scan,
                           int64_t *ret_rows, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_SIZE, &st, reterr));
    stmt_bind_int(st, ":extract", scan->extract);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_fail(reterr, RV_NOT_FOUND, "%s holds no extract %" PRId64, s->path,
                       scan->extract);
    }
    *ret_rows = stmt_int(st, 0);
    int64_t chunks = stmt_int(st, 1);
    stmt_reset(st);
    if (chunks < 0 || chunks > MOST_CHUNKS) {
        return damaged(scan, reterr, "its number of chunks is out of range");
    }
    scan->chunks = (uint32_t)chunks;
    scan->rows = ARENA_NEW(a, uint32_t, scan->chunks);
    scan->current = ARENA_NEW(a, uint64_t *, scan->chunks);
    return scan->rows && scan->current ? rv_ok() : arena_fail(a, reterr);
}

/* The chunks of one column must be 0 … chunks-1, each with 1 to LIMIT_CHUNK_ROWS rows. */
static rv_status check_place(const struct extract_scan *scan, struct stmt *st, uint32_t expected,
                             struct rv_err *reterr)
{
    assert(scan->rows);
    if (expected >= scan->chunks || stmt_int(st, 0) != expected) {
        return damaged(scan, reterr, "a chunk of rows is missing or too many");
    }
    int64_t rows = stmt_int(st, 1);
    bool is_known = scan->rows[expected] != 0;
    if (rows <= 0 || rows > LIMIT_CHUNK_ROWS || (is_known && rows != scan->rows[expected])) {
        return damaged(scan, reterr, "the columns of a chunk differ in their number of rows");
    }
    return rv_ok();
}

static rv_status load_rows(struct store *s, struct extract_scan *scan, int64_t wanted,
                           struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_CHUNK_ROWS, &st, reterr));
    stmt_bind_int(st, ":extract", scan->extract);
    assert(scan->rows);
    uint32_t found = 0;
    int64_t total = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rv_status status = check_place(scan, st, found, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        scan->rows[found] = (uint32_t)stmt_int(st, 1);
        total += scan->rows[found++];
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    if (found != scan->chunks || total != wanted) {
        return damaged(scan, reterr, "its chunks do not hold the rows it was stored with");
    }
    return rv_ok();
}

/* Rows that left the view, as bits; turned round when all masks are in. */
static rv_status load_masks(struct store *s, struct arena *a, struct extract_scan *scan,
                            int64_t as_of, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_ROW_MASK_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", scan->extract);
    stmt_bind_int(st, ":as_of", as_of);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        int64_t k = stmt_int(st, 0);
        rv_status status = rv_ok();
        if (k < 0 || k >= scan->chunks) {
            status = damaged(scan, reterr, "a row mask belongs to no chunk");
        } else if (!scan->current[k]) {
            scan->current[k] = ARENA_NEW(a, uint64_t, mask_words(scan->rows[k]));
            status = scan->current[k] ? rv_ok() : arena_fail(a, reterr);
        }
        if (rv_is_ok(status)) {
            status = mask_or(stmt_blob(st, 1), scan->rows[k], scan->current[k], reterr);
        }
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return rv_ok();
}

static void turn_masks(struct extract_scan *scan)
{
    for (uint32_t k = 0; k < scan->chunks; k++) {
        if (!scan->current[k]) {
            continue;
        }
        uint32_t rows = scan->rows[k];
        for (size_t w = 0; w < mask_words(rows); w++) {
            scan->current[k][w] = ~scan->current[k][w];
        }
        if (rows % 64) {
            scan->current[k][rows / 64] &= (UINT64_C(1) << (rows % 64)) - 1;
        }
    }
}

static void *copy_into(struct arena *a, const void *from, size_t count, size_t size)
{
    void *copy = arena_new(a, count, size);
    if (copy && count && from) {
        memcpy(copy, from, count * size);
    }
    return copy;
}

/* The same dictionary with all its memory in the arena, so that a scan needs no clean-up. */
static rv_status settle_dictionary(struct arena *a, const struct dictionary *from,
                                   const struct dictionary **ret, struct rv_err *reterr)
{
    struct dictionary *d = ARENA_NEW(a, struct dictionary, 1);
    if (!d) {
        return arena_fail(a, reterr);
    }
    *d = *from;
    d->bytes.bytes = copy_into(a, from->bytes.bytes, from->bytes.n, 1);
    d->starts = copy_into(a, from->starts, from->starts ? (size_t)from->count + 1 : 0, 4);
    d->slots = copy_into(a, from->slots, from->slot_count, sizeof *from->slots);
    if (!d->bytes.bytes || !d->starts || !d->slots) {
        return arena_fail(a, reterr);
    }
    *ret = d;
    return rv_ok();
}

static rv_status load_dictionary(struct stmt *st, struct arena *a, const struct extract_scan *scan,
                                 struct scan_column *c, struct rv_err *reterr)
{
    struct text image = stmt_blob(st, 2);
    if (store_crc(image.at, image.n) != stmt_int(st, 3)) {
        return damaged(scan, reterr, "a list of values does not match its checksum");
    }
    struct dictionary d;
    dictionary_init(&d, LIMIT_DICTIONARY);
    rv_status status = dictionary_read(&d, image, reterr);
    if (rv_is_ok(status)) {
        status = settle_dictionary(a, &d, &c->dictionary, reterr);
    }
    dictionary_done(&d);
    return status;
}

/* A column that the extract does not have. */
static rv_status settle_missing(struct arena *a, struct scan_column *c, struct rv_err *reterr)
{
    struct dictionary empty;
    dictionary_init(&empty, LIMIT_DICTIONARY);
    c->type = COLUMN_CATEGORY;
    return settle_dictionary(a, &empty, &c->dictionary, reterr);
}

static rv_status load_column(struct store *s, struct arena *a, const struct extract_scan *scan,
                             struct scan_column *c, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_COLUMN_FIND, &st, reterr));
    stmt_bind_int(st, ":extract", scan->extract);
    stmt_bind_string(st, ":name", c->name);
    RV_TRY(stmt_step(st, &c->is_there, reterr));
    if (!c->is_there) {
        return settle_missing(a, c, reterr);
    }
    c->position = stmt_int(st, 0);
    int64_t type = stmt_int(st, 1);
    rv_status status = rv_ok();
    if (type < COLUMN_CATEGORY || type > COLUMN_TEXT) {
        status = damaged(scan, reterr, "a column has an unknown type");
    } else {
        c->type = (enum column_type)type;
    }
    if (rv_is_ok(status) && c->type == COLUMN_CATEGORY) {
        status = load_dictionary(st, a, scan, c, reterr);
    }
    stmt_reset(st);
    return status;
}

static rv_status load_chunks(struct store *s, struct arena *a, const struct extract_scan *scan,
                             struct scan_column *c, struct rv_err *reterr)
{
    c->chunks = ARENA_NEW(a, struct text, scan->chunks);
    if (!c->chunks) {
        return arena_fail(a, reterr);
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_CHUNK_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", scan->extract);
    stmt_bind_int(st, ":position", c->position);
    uint32_t found = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rv_status status = check_place(scan, st, found, reterr);
        if (rv_is_ok(status)) {
            struct text bytes = stmt_blob(st, 2);
            char *copy = copy_into(a, bytes.at, bytes.n, 1);
            c->chunks[found++] = (struct text){copy, bytes.n};
            status = copy ? rv_ok() : arena_fail(a, reterr);
        }
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return found == scan->chunks ? rv_ok() : damaged(scan, reterr, "a chunk of rows is missing");
}

static rv_status load_named(struct store *s, struct arena *a, const struct extract_scan *scan,
                            struct scan_column *c, const char *name, struct rv_err *reterr)
{
    c->name = arena_text(a, name, strlen(name));
    if (!c->name) {
        return arena_fail(a, reterr);
    }
    RV_TRY(load_column(s, a, scan, c, reterr));
    return c->is_there ? load_chunks(s, a, scan, c, reterr) : rv_ok();
}

static rv_status load(struct store *s, struct arena *a, struct extract_scan *scan,
                      const char *const *names, int64_t as_of, struct rv_err *reterr)
{
    int64_t rows = 0;
    RV_TRY(load_size(s, a, scan, &rows, reterr));
    RV_TRY(load_rows(s, scan, rows, reterr));
    RV_TRY(load_masks(s, a, scan, as_of, reterr));
    turn_masks(scan);
    for (size_t i = 0; i < scan->count; i++) {
        RV_TRY(load_named(s, a, scan, &scan->columns[i], names[i], reterr));
    }
    return rv_ok();
}

rv_status extract_scan_open(struct store *s, struct arena *a, int64_t extract,
                            const char *const *names, size_t count, int64_t as_of,
                            struct extract_scan **ret, struct rv_err *reterr)
{
    struct extract_scan *scan = ARENA_NEW(a, struct extract_scan, 1);
    struct scan_column *columns = ARENA_NEW(a, struct scan_column, count);
    if (!scan || !columns) {
        return arena_fail(a, reterr);
    }
    *scan = (struct extract_scan){.extract = extract, .columns = columns, .count = count};
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    RV_TRY(load(s, a, scan, names, as_of, reterr));
    *ret = scan;
    return rv_ok();
}

/* ---- a draft ---- */

static rv_status load_drafted(const struct extract_draft *d, struct arena *a,
                              const struct dictionary *const *dictionaries,
                              const struct extract_scan *scan, struct scan_column *c,
                              struct rv_err *reterr)
{
    size_t position = 0;
    c->is_there = draft_find(d, c->name, &position, &c->type);
    if (!c->is_there) {
        return settle_missing(a, c, reterr);
    }
    c->position = (int64_t)position;
    c->dictionary = dictionaries[position];
    c->chunks = ARENA_NEW(a, struct text, scan->chunks);
    if (!c->chunks) {
        return arena_fail(a, reterr);
    }
    for (uint32_t k = 0; k < scan->chunks; k++) {
        RV_TRY(draft_chunk(d, a, position, k, &c->chunks[k], reterr));
    }
    return rv_ok();
}

rv_status draft_scan_open(struct extract_draft *d, struct arena *a,
                          const struct dictionary *const *dictionaries, const char *const *names,
                          size_t count, struct extract_scan **ret, struct rv_err *reterr)
{
    uint32_t chunks = 0;
    RV_TRY(draft_seal(d, &chunks, reterr));
    struct extract_scan *scan = ARENA_NEW(a, struct extract_scan, 1);
    struct scan_column *columns = ARENA_NEW(a, struct scan_column, count);
    uint32_t *rows = ARENA_NEW(a, uint32_t, chunks);
    uint64_t **current = ARENA_NEW(a, uint64_t *, chunks);
    if (!scan || !columns || !rows || !current) {
        return arena_fail(a, reterr);
    }
    for (uint32_t k = 0; k < chunks; k++) {
        rows[k] = draft_rows(d, k);
    }
    *scan = (struct extract_scan){0, chunks, rows, current, columns, count};
    for (size_t i = 0; i < count; i++) {
        columns[i].name = arena_text(a, names[i], strlen(names[i]));
        if (!columns[i].name) {
            return arena_fail(a, reterr);
        }
        RV_TRY(load_drafted(d, a, dictionaries, scan, &columns[i], reterr));
    }
    *ret = scan;
    return rv_ok();
}

/* ---- asking ---- */

uint32_t extract_scan_chunks(const struct extract_scan *scan)
{
    return scan->chunks;
}

uint32_t extract_scan_rows(const struct extract_scan *scan, uint32_t sequence)
{
    assert(sequence < scan->chunks);
    return scan->rows[sequence];
}

bool extract_scan_has(const struct extract_scan *scan, size_t k)
{
    assert(k < scan->count);
    return scan->columns[k].is_there;
}

enum column_type extract_scan_type(const struct extract_scan *scan, size_t k)
{
    assert(k < scan->count);
    return scan->columns[k].type;
}

const struct dictionary *extract_scan_dictionary(const struct extract_scan *scan, size_t k)
{
    assert(k < scan->count);
    return scan->columns[k].dictionary;
}

/* ---- decoding ---- */

static rv_status read_missing(struct arena *a, uint32_t rows, struct column *ret,
                              struct rv_err *reterr)
{
    const uint32_t *codes = ARENA_NEW(a, uint32_t, rows);
    if (!codes) {
        return arena_fail(a, reterr);
    }
    *ret = (struct column){.type = COLUMN_CATEGORY, .rows = rows, .nulls = rows, .codes = codes};
    return rv_ok();
}

static rv_status read_column(const struct extract_scan *scan, const struct scan_column *c,
                             uint32_t sequence, struct arena *a, struct column *ret,
                             struct rv_err *reterr)
{
    uint32_t rows = scan->rows[sequence];
    if (!c->is_there) {
        return read_missing(a, rows, ret, reterr);
    }
    struct column decoded;
    RV_TRY(chunk_decode(a, c->chunks[sequence], c->type, &decoded, reterr));
    if (decoded.rows != rows) {
        return damaged(scan, reterr,
                       "a chunk holds another number of rows than it was stored with");
    }
    if (c->dictionary && column_codes_end(&decoded) > c->dictionary->count) {
        return damaged(scan, reterr, "a code of a category is not in its list of values");
    }
    *ret = decoded;
    return rv_ok();
}

rv_status extract_scan_read(const struct extract_scan *scan, uint32_t sequence, struct arena *a,
                            struct column *columns, const uint64_t **ret_current,
                            struct rv_err *reterr)
{
    assert(sequence < scan->chunks);
    for (size_t i = 0; i < scan->count; i++) {
        RV_TRY(read_column(scan, &scan->columns[i], sequence, a, &columns[i], reterr));
    }
    *ret_current = scan->current[sequence];
    return rv_ok();
}

/* store/scan_load.c — an extract's rows and columns from the file into memory, under a snapshot.
 *
 * What comes from the file is checked before it is used as an index or a length: a hostile file
 * gives RV_DAMAGED. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "store/internal.h"
#include "store/scan_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define MOST_CHUNKS (1 << 24) /* 10^12 rows: more is a damaged number */

rv_status scan_damaged(const struct extract_scan *scan, struct rv_err *reterr, const char *what)
{
    return rv_fail(reterr, RV_DAMAGED,
                   "extract %" PRId64 " is damaged: %s; run 'reeve verify' to see where",
                   scan->extract, what);
}

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
        return scan_damaged(scan, reterr, "its number of chunks is out of range");
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
        return scan_damaged(scan, reterr, "a chunk of rows is missing or too many");
    }
    int64_t rows = stmt_int(st, 1);
    bool is_known = scan->rows[expected] != 0;
    if (rows <= 0 || rows > LIMIT_CHUNK_ROWS || (is_known && rows != scan->rows[expected])) {
        return scan_damaged(scan, reterr, "the columns of a chunk differ in their number of rows");
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
        return scan_damaged(scan, reterr, "its chunks do not hold the rows it was stored with");
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
            status = scan_damaged(scan, reterr, "a row mask belongs to no chunk");
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
        return scan_damaged(scan, reterr, "a list of values does not match its checksum");
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
rv_status scan_missing_column(struct arena *a, struct scan_column *c, struct rv_err *reterr)
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
        return scan_missing_column(a, c, reterr);
    }
    c->position = stmt_int(st, 0);
    int64_t type = stmt_int(st, 1);
    rv_status status = rv_ok();
    if (type < COLUMN_CATEGORY || type > COLUMN_TEXT) {
        status = scan_damaged(scan, reterr, "a column has an unknown type");
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
    return found == scan->chunks ? rv_ok()
                                 : scan_damaged(scan, reterr, "a chunk of rows is missing");
}

rv_status scan_load_column(struct store *s, struct arena *a, const struct extract_scan *scan,
                           const char *name, struct scan_column *ret, struct rv_err *reterr)
{
    struct scan_column c = {.name = arena_text(a, name, strlen(name))};
    if (!c.name) {
        return arena_fail(a, reterr);
    }
    RV_TRY(load_column(s, a, scan, &c, reterr));
    RV_TRY(c.is_there ? load_chunks(s, a, scan, &c, reterr) : rv_ok());
    *ret = c;
    return rv_ok();
}

rv_status scan_load_rows(struct store *s, struct arena *a, struct extract_scan *scan, int64_t as_of,
                         struct rv_err *reterr)
{
    int64_t rows = 0;
    RV_TRY(load_size(s, a, scan, &rows, reterr));
    RV_TRY(load_rows(s, scan, rows, reterr));
    RV_TRY(load_masks(s, a, scan, as_of, reterr));
    turn_masks(scan);
    return rv_ok();
}

/* store/scan.c — reading chosen columns of an extract: loaded under a snapshot, decoded anywhere.
 *
 * After extract_scan_open everything lies in the caller's arena and nothing changes it, so
 * extract_scan_read needs neither SQLite nor a lock. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/internal.h"
#include "store/scan_internal.h"

#include <assert.h>
#include <string.h>

/* ---- opening ---- */

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
    RV_TRY(scan_load_rows(s, a, scan, as_of, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(scan_load_column(s, a, scan, names[i], &columns[i], reterr));
    }
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
        return scan_missing_column(a, c, reterr);
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
    if (c->decoded) {
        *ret = c->decoded[sequence];
        return rv_ok();
    }
    struct column decoded;
    RV_TRY(chunk_decode(a, c->chunks[sequence], c->type, &decoded, reterr));
    if (decoded.rows != rows) {
        return scan_damaged(scan, reterr,
                            "a chunk holds another number of rows than it was stored with");
    }
    if (c->dictionary && column_codes_end(&decoded) > c->dictionary->count) {
        return scan_damaged(scan, reterr, "a code of a category is not in its list of values");
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

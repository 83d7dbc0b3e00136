/* store/provenance.c — what is kept of an extract beside its rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/provenance.h"

#include "store/internal.h"

static int64_t bits_set(const uint64_t *words, uint32_t rows)
{
    int64_t n = 0;
    for (size_t w = 0; w < mask_words(rows); w++) {
        n += __builtin_popcountll(words[w]);
    }
    return n;
}

rv_status extract_current_rows(struct store *s, struct arena *a, int64_t extract, int64_t *ret,
                               struct rv_err *reterr)
{
    struct extract_scan *scan;
    int64_t total = 0;
    struct arena_mark mark = arena_mark(a);
    RV_TRY(extract_scan_open(s, a, extract, NULL, 0, 0, &scan, reterr));
    for (uint32_t k = 0; k < extract_scan_chunks(scan); k++) {
        const uint64_t *current;
        uint32_t rows = extract_scan_rows(scan, k);
        RV_TRY(extract_scan_read(scan, k, a, NULL, &current, reterr));
        total += current ? bits_set(current, rows) : (int64_t)rows;
    }
    arena_release(a, mark);
    *ret = total;
    return rv_ok();
}

static rv_status prepare(struct store *s, enum sql_id id, int64_t extract, struct stmt **ret,
                         struct rv_err *reterr)
{
    RV_TRY(store_prepare(s, id, ret, reterr));
    stmt_bind_int(*ret, ":extract", extract);
    return rv_ok();
}

rv_status extract_report(struct store *s, struct arena *a, int64_t extract, struct text *ret,
                         struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool has_row = false;
    RV_TRY(prepare(s, SQL_EXTRACT_REPORT_GET, extract, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_fail(reterr, RV_NOT_FOUND, "there is no extract %lld", (long long)extract);
    }
    const char *kept = stmt_keep(st, 0, a);
    stmt_reset(st);
    if (!kept) {
        return arena_fail(a, reterr);
    }
    *ret = text_of(kept);
    return rv_ok();
}

rv_status extract_columns(struct store *s, struct arena *a, int64_t extract,
                          struct extract_column **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    struct extract_column *list = NULL;
    size_t count = 0, room = 0;
    bool has_row = false;
    RV_TRY(prepare(s, SQL_EXTRACT_COLUMN_LIST, extract, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        list = arena_grow(a, list, count, &room, sizeof *list);
        const char *name = list ? stmt_keep(st, 0, a) : NULL;
        if (!name) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        list[count++] = (struct extract_column){name, (enum column_type)stmt_int(st, 1)};
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = list;
    *ret_count = count;
    return rv_ok();
}

rv_status quarantine_reasons(struct store *s, struct arena *a, int64_t extract,
                             struct quarantine_reason **ret, size_t *ret_count,
                             struct rv_err *reterr)
{
    struct stmt *st = NULL;
    struct quarantine_reason *list = NULL;
    size_t count = 0, room = 0;
    bool has_row = false;
    RV_TRY(prepare(s, SQL_QUARANTINE_REASONS, extract, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        list = arena_grow(a, list, count, &room, sizeof *list);
        if (list) {
            list[count] = (struct quarantine_reason){stmt_keep(st, 0, a), stmt_keep(st, 1, a),
                                                     stmt_int(st, 2)};
        }
        if (!list || !list[count].code || !list[count].column) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        count++;
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = list;
    *ret_count = count;
    return rv_ok();
}

rv_status quarantine_walk(struct store *s, int64_t extract, quarantine_each *each, void *context,
                          struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool has_row = false;
    RV_TRY(prepare(s, SQL_QUARANTINE_LIST, extract, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        const struct quarantined row = {stmt_int(st, 0), stmt_text(st, 1), stmt_text(st, 2),
                                        stmt_text(st, 3), stmt_text(st, 4)};
        rv_status status = each(context, &row, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return rv_ok();
}

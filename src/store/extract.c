/* store/extract.c — what extracts are held.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/extract.h"

#include "store/internal.h"
#include "store/only.h"

#include <string.h>

/* In the order of the columns of extract-list.sql. */
static rv_status take_info(struct stmt *st, struct arena *a, struct extract_info *ret,
                           struct rv_err *reterr)
{
    *ret =
        (struct extract_info){.id = stmt_int(st, 0),
                              .kind = stmt_keep(st, 1, a),
                              .source = stmt_keep(st, 2, a),
                              .profile = stmt_keep(st, 3, a),
                              .supplier = stmt_is_null(st, 4) ? NULL : stmt_keep(st, 4, a),
                              .file_name = stmt_keep(st, 5, a),
                              .sha256 = stmt_keep(st, 6, a),
                              .imported_at = stmt_keep(st, 7, a),
                              .refresh = stmt_keep(st, 8, a),
                              .rows = stmt_int(st, 9),
                              .rows_read = stmt_int(st, 10),
                              .accepted = stmt_int(st, 11),
                              .quarantined = stmt_int(st, 12),
                              .excluded = stmt_int(st, 13),
                              .duplicates = stmt_int(st, 14),
                              .repeated_keys = stmt_int(st, 15),
                              .superseded = stmt_int(st, 16),
                              .withdrawn = stmt_int(st, 17),
                              .chunks = (uint32_t)stmt_int(st, 18),
                              .agreement = stmt_is_null(st, 19) ? NULL : stmt_keep(st, 19, a),
                              .is_open = stmt_int(st, 20) != 0,
                              .is_in_use = stmt_int(st, 21) != 0,
                              .last_day = stmt_is_null(st, 23) ? NULL : stmt_keep(st, 23, a),
                              .retention_months = stmt_int(st, 24),
                              .supplier_kind = stmt_is_null(st, 25) ? NULL : stmt_keep(st, 25, a)};
    ret->marking = ret->is_open ? MARKING_PUBLIC : MARKING_OFFICIAL;
    (void)marking_find(stmt_text(st, 22), &ret->marking); /* none without an agreement */
    bool is_kept = ret->kind && ret->source && ret->profile && ret->file_name && ret->sha256 &&
                   ret->imported_at && ret->refresh && (ret->supplier || stmt_is_null(st, 4)) &&
                   (ret->supplier_kind || stmt_is_null(st, 25)) &&
                   (ret->agreement || stmt_is_null(st, 19)) &&
                   (ret->last_day || stmt_is_null(st, 23));
    return is_kept ? rv_ok() : arena_fail(a, reterr);
}

static rv_status list_infos(struct store *s, struct arena *a, const char *kind, bool all,
                            struct extract_info **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_LIST, &st, reterr));
    stmt_bind_string(st, ":kind", kind);
    stmt_bind_string(st, ":day", store_day(s));
    stmt_bind_int(st, ":all", all);
    struct extract_info *infos = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        infos = arena_grow(a, infos, count, &capacity, sizeof *infos);
        rv_status status = infos ? take_info(st, a, &infos[count], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        count += all || !s->may_list || s->may_list(s->may_context, &infos[count]);
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = infos;
    *ret_count = count;
    return rv_ok();
}

static rv_status list_months(struct store *s, struct arena *a, struct extract_info *info,
                             struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_MONTH_LIST, &st, reterr));
    stmt_bind_int(st, ":extract", info->id);
    int32_t *months = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        months = arena_grow(a, months, count, &capacity, sizeof *months);
        if (!months) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        months[count++] = (int32_t)stmt_int(st, 0);
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    info->months = months;
    info->month_count = count;
    return rv_ok();
}

static rv_status list(struct store *s, struct arena *a, const char *kind, bool all,
                      struct extract_info **ret, size_t *ret_count, struct rv_err *reterr)
{
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    struct extract_info *infos = NULL;
    size_t count = 0;
    RV_TRY(list_infos(s, a, kind, all, &infos, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        RV_TRY(list_months(s, a, &infos[i], reterr));
    }
    *ret = infos;
    *ret_count = count;
    return rv_ok();
}

rv_status extract_list(struct store *s, struct arena *a, const char *kind,
                       struct extract_info **ret, size_t *ret_count, struct rv_err *reterr)
{
    return list(s, a, kind, false, ret, ret_count, reterr);
}

void extract_list_only(struct store *s, extract_filter *may, void *context)
{
    s->may_list = may;
    s->may_context = context;
}

bool extract_is_told(const struct store *s, const struct extract_info *extract)
{
    struct extract_info used = *extract;
    used.is_in_use = true;
    return !s->may_list || s->may_list(s->may_context, &used);
}

rv_status extract_list_all(struct store *s, struct arena *a, const char *kind,
                           struct extract_info **ret, size_t *ret_count, struct rv_err *reterr)
{
    return list(s, a, kind, true, ret, ret_count, reterr);
}

rv_status extract_find_sha256(struct store *s, const char *sha256, const char *kind,
                              const char *part, int64_t *ret_id, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_FIND_SHA256, &st, reterr));
    stmt_bind_string(st, ":sha256", sha256);
    stmt_bind_string(st, ":kind", kind);
    stmt_bind_string(st, ":part", part);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    *ret_id = has_row ? stmt_int(st, 0) : 0;
    stmt_reset(st);
    return rv_ok();
}

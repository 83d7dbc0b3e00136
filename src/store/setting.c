/* store/setting.c — settings of the partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/setting.h"

#include "store/sql_id.h"

rv_status setting_get(struct store *s, struct arena *a, const char *name, const char **ret,
                      struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_SETTING_GET, &st, reterr));
    stmt_bind_string(st, ":name", name);
    bool has_row;
    RV_TRY(stmt_step(st, &has_row, reterr));
    const char *value = NULL;
    if (has_row) {
        value = stmt_keep(st, 0, a);
        stmt_reset(st);
        if (!value) {
            return arena_fail(a, reterr);
        }
    }
    *ret = value;
    return rv_ok();
}

rv_status setting_put(struct store *s, const char *name, const char *value, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_SETTING_PUT, &st, reterr));
    stmt_bind_string(st, ":name", name);
    stmt_bind_string(st, ":value", value);
    return stmt_run(st, reterr);
}

rv_status setting_list(struct store *s, struct arena *a, const char *start, struct setting **ret,
                       size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    struct setting *list = NULL;
    size_t count = 0, room = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_SETTING_LIST, &st, reterr));
    stmt_bind_string(st, ":start", start);
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        list = arena_grow(a, list, count, &room, sizeof *list);
        if (list) {
            list[count] = (struct setting){stmt_keep(st, 0, a), stmt_keep(st, 1, a)};
        }
        if (!list || !list[count].name || !list[count].value) {
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

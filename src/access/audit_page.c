/* access/audit_page.c — rows of the audit for people: a page of them, a line of CSV.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"
#include "store/sql_id.h"

static void bind(struct stmt *st, const char *name, int64_t value)
{
    if (value) {
        stmt_bind_int(st, name, value);
    }
}

/* In the order of the columns of audit-page.sql. */
static rv_status keep_row(struct stmt *st, struct arena *a, struct audit_row *ret,
                          struct rv_err *reterr)
{
    *ret = (struct audit_row){.id = stmt_int(st, 0),
                              .at = stmt_int(st, 1),
                              .actor = stmt_int(st, 2),
                              .action = stmt_keep(st, 3, a),
                              .subject = stmt_keep(st, 4, a),
                              .outcome = stmt_keep(st, 5, a),
                              .previous = stmt_keep(st, 6, a),
                              .hash = stmt_keep(st, 7, a)};
    bool is_kept = ret->action && ret->subject && ret->outcome && ret->previous && ret->hash;
    return is_kept ? rv_ok() : arena_fail(a, reterr);
}

rv_status audit_page(struct store *s, struct arena *a, const struct audit_choice *choice,
                     size_t most, struct audit_row **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct audit_row *rows = ARENA_NEW(a, struct audit_row, most);
    size_t count = 0;
    bool has_row = false;
    if (!rows) {
        return arena_fail(a, reterr);
    }
    RV_TRY(store_prepare(s, SQL_AUDIT_PAGE, &st, reterr));
    bind(st, ":before", choice->before);
    bind(st, ":from", choice->from);
    bind(st, ":to", choice->to);
    bind(st, ":actor", choice->actor);
    stmt_bind_string(st, ":action", choice->action);
    stmt_bind_int(st, ":most", (int64_t)most);
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rv_status status = keep_row(st, a, &rows[count], reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        count++;
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

rv_status audit_actions(struct store *s, struct arena *a, const char *const **ret,
                        size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    const char **words = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_AUDIT_ACTIONS, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        words = arena_grow(a, words, count, &capacity, sizeof *words);
        if (!words || !(words[count++] = stmt_keep(st, 0, a))) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = words;
    *ret_count = count;
    return rv_ok();
}

void audit_csv_row(struct buf *out, const struct audit_row *row)
{
    buf_printf(out, "%lld,%lld,%lld,", (long long)row->id, (long long)row->at,
               (long long)row->actor);
    const char *const texts[] = {row->action, row->subject, row->outcome, row->previous, row->hash};
    for (size_t i = 0; i < 5; i++) {
        buf_text(out, i ? "," : "");
        buf_csv_words(out, text_of(texts[i]));
    }
    buf_char(out, '\n');
}

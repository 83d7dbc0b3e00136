/* store/stmt.c — named statements: prepared once, bound by name, stepped with a status.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/internal.h"

#include <assert.h>

rv_status store_prepare(struct store *s, enum sql_id id, struct stmt **ret, struct rv_err *reterr)
{
    assert((unsigned)id < SQL_COUNT);
    struct stmt *st = &s->statements[id];
    if (!st->handle) {
        struct text sql = asset_text(sql_asset(id));
        int code = sqlite3_prepare_v3(s->db, sql.at, (int)sql.n, SQLITE_PREPARE_PERSISTENT,
                                      &st->handle, NULL);
        if (code != SQLITE_OK) {
            return sqlite_fail(s->db, code, s->path, reterr);
        }
        st->store = s;
    }
    stmt_reset(st);
    sqlite3_clear_bindings(st->handle);
    *ret = st;
    return rv_ok();
}

static int parameter(const struct stmt *st, const char *name)
{
    int index = sqlite3_bind_parameter_index(st->handle, name);
    assert(index > 0); /* the statement has no such parameter */
    return index;
}

/* Binding fails only for want of memory or for a text beyond SQLite's limit: kept for the step. */
static void note(struct stmt *st, int code)
{
    assert(code != SQLITE_MISUSE); /* bound while standing on a row */
    if (st->bind_code == SQLITE_OK) {
        st->bind_code = code;
    }
}

void stmt_bind_int(struct stmt *st, const char *name, int64_t value)
{
    note(st, sqlite3_bind_int64(st->handle, parameter(st, name), value));
}

void stmt_bind_real(struct stmt *st, const char *name, double value)
{
    note(st, sqlite3_bind_double(st->handle, parameter(st, name), value));
}

void stmt_bind_text(struct stmt *st, const char *name, struct text value)
{
    /* SQLite takes a NULL address for NULL, but an empty text is a value. */
    note(st, sqlite3_bind_text64(st->handle, parameter(st, name), value.at ? value.at : "", value.n,
                                 SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_string(struct stmt *st, const char *name, const char *value)
{
    if (value) {
        stmt_bind_text(st, name, text_of(value));
    } else {
        stmt_bind_null(st, name);
    }
}

void stmt_bind_blob(struct stmt *st, const char *name, const void *bytes, size_t n)
{
    note(st, sqlite3_bind_blob64(st->handle, parameter(st, name), bytes ? bytes : "", n,
                                 SQLITE_STATIC));
}

void stmt_bind_null(struct stmt *st, const char *name)
{
    note(st, sqlite3_bind_null(st->handle, parameter(st, name)));
}

rv_status stmt_step(struct stmt *st, bool *ret_row, struct rv_err *reterr)
{
    assert(!st->is_cut); /* its transaction ended while it stood on a row */
    int code = st->bind_code;
    if (code == SQLITE_OK) {
        code = sqlite3_step(st->handle);
    }
    if (code == SQLITE_ROW) {
        st->is_standing = true;
        *ret_row = true;
        return rv_ok();
    }
    rv_status status = rv_ok();
    if (code == SQLITE_DONE) {
        *ret_row = false;
    } else {
        status = sqlite_fail(st->store->db, code, st->store->path, reterr);
    }
    stmt_reset(st);
    return status;
}

rv_status stmt_run(struct stmt *st, struct rv_err *reterr)
{
    bool has_row = true;
    while (has_row) {
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return rv_ok();
}

void stmt_reset(struct stmt *st)
{
    sqlite3_reset(st->handle); /* repeats the failure of the last step, which was reported then */
    st->bind_code = SQLITE_OK;
    st->is_standing = false;
    st->is_cut = false;
}

bool stmt_is_null(struct stmt *st, int column)
{
    return sqlite3_column_type(st->handle, column) == SQLITE_NULL;
}

int64_t stmt_int(struct stmt *st, int column)
{
    return sqlite3_column_int64(st->handle, column);
}

double stmt_real(struct stmt *st, int column)
{
    return sqlite3_column_double(st->handle, column);
}

/* The bytes as they lie in the file: sqlite3_column_text would copy them to add a NUL, and could
 * fail doing so. Files in another encoding than UTF-8 are refused when they are opened. */
struct text stmt_text(struct stmt *st, int column)
{
    return stmt_blob(st, column);
}

char *stmt_keep(struct stmt *st, int column, struct arena *a)
{
    struct text t = stmt_text(st, column);
    return arena_text(a, t.n ? t.at : "", t.n);
}

struct text stmt_blob(struct stmt *st, int column)
{
    const char *at = sqlite3_column_blob(st->handle, column);
    int n = sqlite3_column_bytes(st->handle, column);
    return (struct text){at, at && n > 0 ? (size_t)n : 0};
}

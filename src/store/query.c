/* store/query.c — one SELECT for a person, over registers and records, that can change nothing.
 *
 * Four walls: a connection of its own that is read-only, query_only, an authorizer that allows
 * reading (but not what people sign in with) and a short list of PRAGMAs that only tell, and
 * sqlite3_stmt_readonly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/query.h"

#include "base/limits.h"
#include "store/internal.h"
#include "store/records_table.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PROGRESS_STEPS 5000        /* instructions of SQLite between looks at cancellation */
#define MOST_VALUE     (256 << 20) /* bytes of one value: against zeroblob(1e9) */
#define MOST_SQL       ((size_t)1 << 20)
#define MOST_COLUMNS   2000 /* SQLite's own limit */

/* One query under way. */
struct run {
    struct store *store;
    const char *sql;
    const struct progress *progress;
    struct arena arena;
    struct records_failure failure;
    query_row *each;
    void *context;
    sqlite3_stmt *statement;
};

/* PRAGMAs that tell and never change, with or without an argument. */
static const char *const telling_pragmas[] = {"table_info",      "table_xinfo", "table_list",
                                              "index_list",      "index_info",  "index_xinfo",
                                              "foreign_key_list"};

/* These tell without an argument and would change something with one. */
static const char *const asking_pragmas[] = {"application_id", "user_version", "schema_version",
                                             "page_size",      "page_count",   "freelist_count",
                                             "encoding"};

static bool is_listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name && strcasecmp(name, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What people sign in with: no query reads it, not even how many rows there are. The last would
 * show the pages that it lies on. */
static const char *const secret_tables[] = {"account_secret", "recovery_code",   "invitation",
                                            "session",        "sign_in_failure", "sqlite_dbpage"};

#define IS_LISTED(name, list) is_listed((name), (list), sizeof(list) / sizeof *(list))

/* `first` and `second` mean what SQLite's documentation of each action says. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    (void)context;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_READ:
        return IS_LISTED(first, secret_tables) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second && strcasecmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        if (IS_LISTED(first, telling_pragmas)) {
            return SQLITE_OK;
        }
        return !second && IS_LISTED(first, asking_pragmas) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static int is_cancelled(void *context)
{
    const struct run *r = context;
    return !rv_is_ok(progress_check(r->progress, NULL));
}

/* ---- preparing ---- */

static rv_status fail_syntax(sqlite3 *db, const char *sql, struct rv_err *reterr)
{
    int offset = sqlite3_error_offset(db);
    if (offset < 0) {
        return rv_fail(reterr, RV_INVALID, "the query cannot be used: %s", sqlite3_errmsg(db));
    }
    int line = 1, column = 1;
    for (int i = 0; i < offset && sql[i]; i++) {
        column = sql[i] == '\n' ? 1 : column + 1;
        line += sql[i] == '\n';
    }
    return rv_fail(reterr, RV_INVALID,
                   "the query cannot be used: %s (line %d, column %d, at '%.20s')",
                   sqlite3_errmsg(db), line, column, sql + offset);
}

/* For a virtual table and for a function SQLite has only a sentence, not a code. */
static bool is_refusal(sqlite3 *db, int code)
{
    const char *says = sqlite3_errmsg(db);
    return (code & 0xff) == SQLITE_AUTH || strstr(says, "may not be modified") ||
           strstr(says, " is prohibited") || strncmp(says, "not authorized", 14) == 0;
}

static rv_status fail_prepare(const struct store *s, int code, const char *sql,
                              const struct records_failure *failure, struct rv_err *reterr)
{
    if (!rv_is_ok(failure->status)) {
        if (reterr) {
            *reterr = failure->err;
        }
        return failure->status;
    }
    if (is_refusal(s->db, code)) {
        return rv_fail(reterr, RV_REFUSED,
                       "only reading is allowed here, a SELECT, WITH, VALUES or EXPLAIN, and not "
                       "of what people sign in with (%s)",
                       sqlite3_errmsg(s->db));
    }
    if ((code & 0xff) == SQLITE_ERROR) {
        return fail_syntax(s->db, sql, reterr);
    }
    return sqlite_fail(s->db, code, s->path, reterr);
}

/* Spaces, semicolons and comments only. */
static bool is_blank(sqlite3 *db, const char *sql)
{
    while (*sql) {
        sqlite3_stmt *st = NULL;
        const char *rest = sql;
        int code = sqlite3_prepare_v2(db, sql, -1, &st, &rest);
        bool is_empty = code == SQLITE_OK && !st;
        sqlite3_finalize(st);
        if (!is_empty || rest == sql) {
            return false;
        }
        sql = rest;
    }
    return true;
}

static rv_status prepare(struct store *s, const char *sql, const struct records_failure *failure,
                         sqlite3_stmt **ret, struct rv_err *reterr)
{
    if (strlen(sql) > MOST_SQL) {
        return rv_fail(reterr, RV_LIMIT, "the query is longer than %zu bytes", MOST_SQL);
    }
    const char *rest = NULL;
    int code = sqlite3_prepare_v2(s->db, sql, -1, ret, &rest);
    if (code != SQLITE_OK) {
        return fail_prepare(s, code, sql, failure, reterr);
    }
    if (!*ret) {
        return rv_fail(reterr, RV_INVALID, "the query is empty");
    }
    if (!sqlite3_stmt_readonly(*ret)) {
        return rv_fail(reterr, RV_REFUSED, "only reading is allowed here");
    }
    if (!is_blank(s->db, rest)) {
        return rv_fail(reterr, RV_REFUSED, "one query at a time: there is more after its end");
    }
    return rv_ok();
}

/* ---- running ---- */

static void take_cell(sqlite3_stmt *st, int column, struct query_cell *cell)
{
    *cell = (struct query_cell){.type = QUERY_NULL};
    switch (sqlite3_column_type(st, column)) {
    case SQLITE_INTEGER:
        cell->type = QUERY_INT;
        cell->integer = sqlite3_column_int64(st, column);
        return;
    case SQLITE_FLOAT:
        cell->type = QUERY_REAL;
        cell->real = sqlite3_column_double(st, column);
        return;
    case SQLITE_TEXT:
        cell->type = QUERY_TEXT;
        break;
    case SQLITE_BLOB:
        cell->type = QUERY_BLOB;
        break;
    default:
        return;
    }
    const char *at = sqlite3_column_blob(st, column);
    int n = sqlite3_column_bytes(st, column);
    cell->text = (struct text){at, at ? (size_t)n : 0};
}

static void run_done(struct run *r)
{
    sqlite3_finalize(r->statement);
    if (r->store) {
        store_snapshot_end(r->store);
    }
    store_close(r->store); /* before the arena: the tables' descriptions live there */
    arena_done(&r->arena);
}

static rv_status give_rows(struct run *r, int columns, const char *const *names,
                           struct query_cell *cells, struct rv_err *reterr)
{
    RV_TRY(r->each(r->context, columns, names, NULL, reterr));
    int code;
    while ((code = sqlite3_step(r->statement)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++) {
            take_cell(r->statement, i, &cells[i]);
        }
        RV_TRY(r->each(r->context, columns, names, cells, reterr));
    }
    if (code == SQLITE_DONE) {
        return rv_ok();
    }
    return fail_prepare(r->store, code, r->sql, &r->failure, reterr);
}

static rv_status run_query(struct run *r, struct rv_err *reterr)
{
    RV_TRY(prepare(r->store, r->sql, &r->failure, &r->statement, reterr));
    int columns = sqlite3_column_count(r->statement);
    const char **names = ARENA_NEW(&r->arena, const char *, (size_t)columns);
    struct query_cell *cells = ARENA_NEW(&r->arena, struct query_cell, (size_t)columns);
    if (!names || !cells) {
        return arena_fail(&r->arena, reterr);
    }
    for (int i = 0; i < columns; i++) {
        names[i] = sqlite3_column_name(r->statement, i);
        if (!names[i]) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the names of the columns");
        }
    }
    return give_rows(r, columns, names, cells, reterr);
}

rv_status store_query(struct store *s, const char *sql, const struct progress *p, query_row *each,
                      void *context, struct rv_err *reterr)
{
    RV_CLEANUP(run_done)
    struct run r = {.sql = sql, .progress = p, .each = each, .context = context};
    arena_init(&r.arena, LIMIT_ARENA_BYTES);
    RV_TRY(store_open(s->real, STORE_READ, &r.store, reterr));
    store_set_day(r.store, store_day(s));
    RV_TRY(store_snapshot(r.store, reterr)); /* the inner reads see what the query sees */
    RV_TRY(records_register(r.store, &r.arena, &r.failure, reterr));
    sqlite3_limit(r.store->db, SQLITE_LIMIT_LENGTH, MOST_VALUE);
    sqlite3_set_authorizer(r.store->db, authorize, NULL);
    sqlite3_progress_handler(r.store->db, PROGRESS_STEPS, is_cancelled, &r);
    return run_query(&r, reterr);
}

/* store/query.c — one SELECT for a person, over registers and records, that can change nothing.
 *
 * Four walls: a connection of its own that is read-only, query_only, an authorizer (query_wall.c)
 * that allows reading and little else, and sqlite3_stmt_readonly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/query.h"

#include "base/limits.h"
#include "store/internal.h"
#include "store/only.h"
#include "store/query_wall.h"
#include "store/records_table.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define PROGRESS_STEPS 5000        /* instructions of SQLite between looks at cancellation */
#define MOST_VALUE     (256 << 20) /* bytes of one value: against zeroblob(1e9) */
#define WALLED_VALUE   (1 << 20)
#define WALLED_PATTERN 200 /* of LIKE and GLOB: a long one can take minutes on one value */
#define MOST_SQL       ((size_t)1 << 20)
#define MOST_COLUMNS   2000 /* SQLite's own limit */

/* One query under way. */
struct run {
    struct store *store;
    const char *sql;
    const struct progress *progress;
    struct query_bounds bounds;
    struct query_wall wall;
    struct query_told told;
    int64_t deadline; /* milliseconds of the monotonic clock; 0 = none */
    bool is_late;
    struct arena arena;
    struct records_failure failure;
    query_row *each;
    void *context;
    sqlite3_stmt *statement;
};

static int64_t milliseconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int is_cancelled(void *context)
{
    struct run *r = context;
    r->is_late = r->deadline > 0 && milliseconds_now() > r->deadline;
    return r->is_late || !rv_is_ok(progress_check(r->progress, NULL));
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

static rv_status fail_prepare(const struct run *r, int code, struct rv_err *reterr)
{
    const struct store *s = r->store;
    if (!rv_is_ok(r->failure.status)) {
        if (reterr) {
            *reterr = r->failure.err;
        }
        return r->failure.status;
    }
    if (r->is_late) {
        return rv_fail(reterr, RV_LIMIT, "the query was stopped after %d seconds: ask for less",
                       r->bounds.milliseconds / 1000);
    }
    if (is_refusal(s->db, code)) {
        return rv_fail(reterr, RV_REFUSED,
                       "only reading is allowed here, a SELECT, WITH, VALUES or EXPLAIN, and %s "
                       "(%s)",
                       r->bounds.is_walled ? "only of the tables that are listed"
                                           : "not of what people sign in with",
                       sqlite3_errmsg(s->db));
    }
    if ((code & 0xff) == SQLITE_TOOBIG) {
        return rv_fail(reterr, RV_LIMIT, "the query or one of its values is too long");
    }
    if ((code & 0xff) == SQLITE_ERROR) {
        return fail_syntax(s->db, r->sql, reterr);
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

static rv_status prepare(struct run *r, struct rv_err *reterr)
{
    if (strlen(r->sql) > MOST_SQL) {
        return rv_fail(reterr, RV_LIMIT, "the query is longer than %zu bytes", MOST_SQL);
    }
    const char *rest = NULL;
    int code = sqlite3_prepare_v2(r->store->db, r->sql, -1, &r->statement, &rest);
    if (code != SQLITE_OK) {
        return fail_prepare(r, code, reterr);
    }
    if (!r->statement) {
        return rv_fail(reterr, RV_INVALID, "the query is empty");
    }
    if (!sqlite3_stmt_readonly(r->statement)) {
        return rv_fail(reterr, RV_REFUSED, "only reading is allowed here");
    }
    if (!is_blank(r->store->db, rest)) {
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
        if (r->bounds.most_rows > 0 && r->told.rows == r->bounds.most_rows) {
            r->told.is_cut = true;
            return rv_ok();
        }
        r->told.rows++;
        for (int i = 0; i < columns; i++) {
            take_cell(r->statement, i, &cells[i]);
        }
        RV_TRY(r->each(r->context, columns, names, cells, reterr));
    }
    if (code == SQLITE_DONE) {
        return rv_ok();
    }
    return fail_prepare(r, code, reterr);
}

static rv_status run_query(struct run *r, struct rv_err *reterr)
{
    RV_TRY(prepare(r, reterr));
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

/* A connection of its own that sees what `s` may see, on the same day. */
static rv_status open_inner(struct run *r, struct store *s, struct rv_err *reterr)
{
    RV_TRY(store_open(s->real, STORE_READ, &r->store, reterr));
    store_set_day(r->store, store_day(s));
    extract_list_only(r->store, s->may_list, s->may_context);
    RV_TRY(store_snapshot(r->store, reterr)); /* the inner reads see what the query sees */
    return records_register(r->store, &r->arena, &r->failure, reterr);
}

static void set_limits(struct run *r)
{
    sqlite3 *db = r->store->db;
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, r->bounds.is_walled ? WALLED_VALUE : MOST_VALUE);
    if (r->bounds.is_walled) {
        sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, WALLED_PATTERN);
    }
    sqlite3_set_authorizer(db, query_authorize, &r->wall);
    sqlite3_progress_handler(db, PROGRESS_STEPS, is_cancelled, r);
    r->deadline = r->bounds.milliseconds > 0 ? milliseconds_now() + r->bounds.milliseconds : 0;
}

rv_status store_query_within(struct store *s, const char *sql, const struct query_bounds *bounds,
                             const struct progress *p, query_row *each, void *context,
                             struct query_told *ret, struct rv_err *reterr)
{
    RV_CLEANUP(run_done)
    struct run r = {.sql = sql, .progress = p, .bounds = *bounds, .each = each, .context = context};
    arena_init(&r.arena, LIMIT_ARENA_BYTES);
    RV_TRY(open_inner(&r, s, reterr));
    RV_TRY(query_wall_make(r.store, &r.arena, bounds->is_walled, &r.wall, reterr));
    r.wall.is_inside = &r.failure.is_inside;
    set_limits(&r);
    RV_TRY(run_query(&r, reterr));
    *ret = r.told;
    return rv_ok();
}

rv_status store_query(struct store *s, const char *sql, const struct progress *p, query_row *each,
                      void *context, struct rv_err *reterr)
{
    struct query_told told;
    return store_query_within(s, sql, &(struct query_bounds){.is_walled = false}, p, each, context,
                              &told, reterr);
}

/* ---- what can be read ---- */

/* As SQLite itself sees the columns: no list that could differ from it. */
static rv_status describe(struct run *r, struct arena *a, const char *name, const char *kind,
                          struct query_table *ret, struct rv_err *reterr)
{
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" LIMIT 0", name);
    sqlite3_stmt *st = NULL;
    int code = sql ? sqlite3_prepare_v2(r->store->db, sql, -1, &st, NULL) : SQLITE_NOMEM;
    sqlite3_free(sql);
    if (code != SQLITE_OK) {
        sqlite3_finalize(st);
        return sqlite_fail(r->store->db, code, r->store->path, reterr);
    }
    size_t count = (size_t)sqlite3_column_count(st);
    const char **names = ARENA_NEW(a, const char *, count),
               **types = ARENA_NEW(a, const char *, count);
    bool is_whole = names && types;
    for (size_t i = 0; is_whole && i < count; i++) {
        struct text column = text_of(sqlite3_column_name(st, (int)i));
        const char *type = sqlite3_column_decltype(st, (int)i);
        struct text words = text_of(type ? type : "");
        names[i] = arena_text(a, column.at, column.n);
        types[i] = arena_text(a, words.at, words.n);
        is_whole = names[i] && types[i];
    }
    sqlite3_finalize(st);
    *ret = (struct query_table){name, kind, names, types, count};
    return is_whole ? rv_ok() : arena_fail(a, reterr);
}

rv_status query_tables(struct store *s, struct arena *a, struct query_table **ret,
                       size_t *ret_count, struct rv_err *reterr)
{
    RV_CLEANUP(run_done) struct run r = {.bounds = {.is_walled = true}};
    arena_init(&r.arena, LIMIT_ARENA_BYTES);
    RV_TRY(open_inner(&r, s, reterr));
    RV_TRY(query_wall_make(r.store, a, true, &r.wall, reterr));
    size_t records = r.wall.record_count, count = records + QUERY_AREA_TABLES;
    struct query_table *list = ARENA_NEW(a, struct query_table, count);
    if (!list) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_area = i >= records;
        RV_TRY(describe(&r, a, is_area ? query_area_tables[i - records] : r.wall.records[i],
                        is_area ? NULL : r.wall.kinds[i], &list[i], reterr));
    }
    *ret = list;
    *ret_count = count;
    return rv_ok();
}

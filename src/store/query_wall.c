/* store/query_wall.c — what a person's query may read.
 *
 * On the command line all but what people sign in with. For a page, where roles and agreements say
 * what a person sees, the other way round: nothing but the tables that are listed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/query_wall.h"

#include "store/extract.h"
#include "store/internal.h"

#include <string.h>
#include <strings.h>

/* PRAGMAs that tell and never change, with or without an argument. */
static const char *const telling_pragmas[] = {"table_info",      "table_xinfo", "table_list",
                                              "index_list",      "index_info",  "index_xinfo",
                                              "foreign_key_list"};

/* These tell without an argument and would change something with one. */
static const char *const asking_pragmas[] = {"application_id", "user_version", "schema_version",
                                             "page_size",      "page_count",   "freelist_count",
                                             "encoding"};

/* What people sign in with: no query reads it, not even how many rows there are. The last would
 * show the pages that it lies on. */
static const char *const secret_tables[] = {"account_secret", "recovery_code",   "invitation",
                                            "session",        "sign_in_failure", "sqlite_dbpage"};

const char *const query_area_tables[QUERY_AREA_TABLES] = {"area_layer", "area", "area_parent"};

/* Tables that SQLite makes of itself and that tell of the file. */
static const char *const own_tables[] = {"dbstat", "bytecode", "tables_used"};

static bool is_listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name && strcasecmp(name, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_LISTED(name, list) is_listed((name), (list), sizeof(list) / sizeof *(list))

static bool is_open(const struct query_wall *w, const char *table)
{
    return is_listed(table, w->records, w->record_count) || IS_LISTED(table, query_area_tables);
}

/* No column of it is read, as in count(*): then SQLite names what the query itself calls so too (a
 * part of WITH), so that only tables that exist are refused. */
static bool is_real_table(const struct query_wall *w, const char *table)
{
    return is_listed(table, w->held, w->held_count) || IS_LISTED(table, own_tables) ||
           strncasecmp(table, "sqlite_", 7) == 0 || strncasecmp(table, "pragma_", 7) == 0;
}

static bool may_read(const struct query_wall *w, const char *table, const char *column)
{
    if (!w->is_walled) {
        return !IS_LISTED(table, secret_tables);
    }
    bool is_unread = !column || !*column;
    return is_open(w, table) || (is_unread && table && !is_real_table(w, table));
}

static bool may_ask_pragma(const struct query_wall *w, const char *name, const char *argument)
{
    return !w->is_walled &&
           (IS_LISTED(name, telling_pragmas) || (!argument && IS_LISTED(name, asking_pragmas)));
}

/* `first` and `second` mean what SQLite's documentation of each action says. */
int query_authorize(void *context, int action, const char *first, const char *second,
                    const char *database, const char *trigger)
{
    (void)database;
    (void)trigger;
    const struct query_wall *w = context;
    switch (action) {
    case SQLITE_READ:
        return (w->is_inside && *w->is_inside) || may_read(w, first, second) ? SQLITE_OK
                                                                             : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second && (strcasecmp(second, "load_extension") == 0 ||
                          strcasecmp(second, "fts3_tokenizer") == 0)
                   ? SQLITE_DENY
                   : SQLITE_OK;
    case SQLITE_PRAGMA:
        return may_ask_pragma(w, first, second) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

char *query_table_name(struct arena *a, const char *kind)
{
    char *table = arena_text(a, kind, strlen(kind));
    for (char *at = table; at && *at; at++) {
        if (*at == '-') {
            *at = '_';
        }
    }
    return table;
}

/* ---- what is there ---- */

struct names {
    const char **at;
    size_t count, capacity;
};

static rv_status add_name(struct names *n, struct arena *a, const char *name, struct rv_err *reterr)
{
    n->at = arena_grow(a, n->at, n->count, &n->capacity, sizeof *n->at);
    if (!n->at || !name) {
        return arena_fail(a, reterr);
    }
    n->at[n->count++] = name;
    return rv_ok();
}

/* The first column of every row, as kept in the arena. */
static rv_status list_names(struct store *s, struct arena *a, enum sql_id id, struct names *ret,
                            struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    *ret = (struct names){NULL, 0, 0};
    RV_TRY(store_prepare(s, id, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rv_status status = add_name(ret, a, stmt_keep(st, 0, a), reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return rv_ok();
}

/* The kinds of which extract_list gives something. */
static rv_status list_kinds(struct store *s, struct arena *a, struct names *ret,
                            struct rv_err *reterr)
{
    struct names all;
    *ret = (struct names){NULL, 0, 0};
    RV_TRY(list_names(s, a, SQL_QUERY_KINDS, &all, reterr));
    for (size_t i = 0; i < all.count; i++) {
        struct extract_info *extracts;
        size_t count;
        RV_TRY(extract_list(s, a, all.at[i], &extracts, &count, reterr));
        if (count > 0) {
            RV_TRY(add_name(ret, a, all.at[i], reterr));
        }
    }
    return rv_ok();
}

rv_status query_wall_make(struct store *s, struct arena *a, bool is_walled, struct query_wall *ret,
                          struct rv_err *reterr)
{
    *ret = (struct query_wall){.is_walled = is_walled};
    if (!is_walled) {
        return rv_ok();
    }
    struct names kinds, held, tables = {NULL, 0, 0};
    RV_TRY(list_kinds(s, a, &kinds, reterr));
    for (size_t i = 0; i < kinds.count; i++) {
        RV_TRY(add_name(&tables, a, query_table_name(a, kinds.at[i]), reterr));
    }
    RV_TRY(list_names(s, a, SQL_QUERY_TABLES, &held, reterr));
    ret->records = tables.at;
    ret->kinds = kinds.at;
    ret->record_count = tables.count;
    ret->held = held.at;
    ret->held_count = held.count;
    return rv_ok();
}

/* store/records_table.c — a virtual table over the column chunks of every extract of a kind.
 *
 * Eponymous: the table needs no CREATE, so the file is never written to. A cursor holds one
 * extract's compressed chunks of the columns that the statement names, and one decoded chunk.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/records_table.h"

#include "base/civil.h"
#include "base/limits.h"
#include "base/memory.h"
#include "store/extract.h"
#include "store/internal.h"
#include "store/query_wall.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* After the columns of the kind. */
enum { COLUMN_OF_EXTRACT, COLUMN_OF_ROW, COLUMN_OF_CURRENT, EXTRA_COLUMNS };
static const char *const extra_names[EXTRA_COLUMNS] = {"extract", "row", "current"};

#define PLAN_ONE_EXTRACT 1
#define MOST_DECLARATION ((size_t)1 << 20)
#define FIRST_COLUMNS    32
#define ROWID_SHIFT      40 /* rowid = extract << 40 | row; an extract has at most 2^40 rows */

/* One kind, made at registration. */
struct records_kind {
    struct store *store;
    struct records_failure *failure;
    const char *kind; /* "area-counts" */
    char *declaration;
    const char **names; /* stored names of its columns */
    size_t count;
    int64_t rows;
    struct extract_info *seen; /* of a connection that may not list every extract */
    size_t seen_count;
};

struct records_table {
    sqlite3_vtab base;
    const struct records_kind *kind;
};

struct records_cursor {
    sqlite3_vtab_cursor base;
    const struct records_kind *kind;
    struct arena list;    /* extract_list */
    struct arena loaded;  /* compressed chunks of one extract */
    struct arena decoded; /* one chunk */
    struct extract_info *extracts;
    size_t extract_count, at_extract;
    int64_t only;       /* 0 = all extracts */
    const char **names; /* columns asked for, in `loaded`'s order */
    int *slots;         /* of each column of the kind: its place in names, -1 = not asked for */
    size_t asked;
    struct extract_scan *scan;
    struct column *columns;
    const uint64_t *current;
    uint32_t at_chunk, at_row, chunk_rows;
    int64_t rows_before; /* rows of the extract's earlier chunks */
    bool is_at_end;
};

/* ---- failures ---- */

static int note(const struct records_kind *kind, sqlite3_vtab *table, rv_status status,
                const struct rv_err *err)
{
    kind->failure->status = status;
    kind->failure->err = *err;
    sqlite3_free(table->zErrMsg);
    table->zErrMsg = sqlite3_mprintf("%s", err->message);
    return status.code == RV_NO_MEMORY ? SQLITE_NOMEM : SQLITE_ERROR;
}

/* ---- connecting ---- */

static int connect_table(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **ret, char **reterr)
{
    (void)argc;
    (void)argv;
    (void)reterr;
    const struct records_kind *kind = aux;
    int code = sqlite3_declare_vtab(db, kind->declaration);
    if (code != SQLITE_OK) {
        return code;
    }
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    struct records_table *table = memory_new(1, sizeof *table);
    if (!table) {
        return SQLITE_NOMEM;
    }
    table->kind = kind;
    *ret = &table->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *base)
{
    memory_free(base);
    return SQLITE_OK;
}

/* ---- planning ---- */

/* The columns that the statement reads, as digits 0 and 1: all SQLite tells of the columns from
 * the 64th on is whether any of them is used. */
static char *used_columns(const struct records_kind *kind, const sqlite3_index_info *info)
{
    char *used = sqlite3_malloc64(kind->count + 1);
    if (used) {
        for (size_t i = 0; i < kind->count; i++) {
            used[i] = (info->colUsed >> (i < 63 ? i : 63)) & 1 ? '1' : '0';
        }
        used[kind->count] = '\0';
    }
    return used;
}

static int plan(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct records_kind *kind = ((struct records_table *)base)->kind;
    info->estimatedRows = kind->rows;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *c = &info->aConstraint[i];
        if (c->usable && c->op == SQLITE_INDEX_CONSTRAINT_EQ &&
            c->iColumn == (int)kind->count + COLUMN_OF_EXTRACT) {
            info->aConstraintUsage[i].argvIndex = 1;
            info->idxNum = PLAN_ONE_EXTRACT;
            info->estimatedRows = kind->rows / 2 + 1;
            break;
        }
    }
    info->estimatedCost = (double)info->estimatedRows;
    info->idxStr = used_columns(kind, info);
    info->needToFreeIdxStr = 1;
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* ---- cursors ---- */

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **ret)
{
    struct records_cursor *c = memory_new(1, sizeof *c);
    if (!c) {
        return SQLITE_NOMEM;
    }
    c->kind = ((struct records_table *)base)->kind;
    arena_init(&c->list, LIMIT_ARENA_BYTES);
    arena_init(&c->loaded, LIMIT_ARENA_BYTES);
    arena_init(&c->decoded, LIMIT_ARENA_BYTES);
    *ret = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    struct records_cursor *c = (struct records_cursor *)base;
    arena_done(&c->list);
    arena_done(&c->loaded);
    arena_done(&c->decoded);
    memory_free(c);
    return SQLITE_OK;
}

/* Decodes the chunk `at_chunk` of the open extract. */
static rv_status read_chunk(struct records_cursor *c, struct rv_err *reterr)
{
    arena_done(&c->decoded);
    c->chunk_rows = extract_scan_rows(c->scan, c->at_chunk);
    c->at_row = 0;
    return extract_scan_read(c->scan, c->at_chunk, &c->decoded, c->columns, &c->current, reterr);
}

/* Loads the extract `at_extract`, or the first one after it that has rows and is asked for. */
static rv_status load_extract(struct records_cursor *c, struct rv_err *reterr)
{
    for (; c->at_extract < c->extract_count; c->at_extract++) {
        const struct extract_info *e = &c->extracts[c->at_extract];
        if (e->rows == 0 || (c->only && e->id != c->only)) {
            continue;
        }
        arena_done(&c->loaded);
        RV_TRY(extract_scan_open(c->kind->store, &c->loaded, e->id, c->names, c->asked, 0, &c->scan,
                                 reterr));
        if (extract_scan_chunks(c->scan) == 0) {
            continue;
        }
        c->at_chunk = 0;
        c->rows_before = 0;
        return read_chunk(c, reterr);
    }
    c->is_at_end = true;
    return rv_ok();
}

static rv_status choose_columns(struct records_cursor *c, const char *used, struct rv_err *reterr)
{
    size_t count = c->kind->count;
    c->names = ARENA_NEW(&c->list, const char *, count);
    c->slots = ARENA_NEW(&c->list, int, count);
    c->columns = ARENA_NEW(&c->list, struct column, count);
    if (!c->names || !c->slots || !c->columns) {
        return arena_fail(&c->list, reterr);
    }
    c->asked = 0;
    for (size_t i = 0; i < count; i++) {
        c->slots[i] = -1;
        if (used[i] == '1') {
            c->slots[i] = (int)c->asked;
            c->names[c->asked++] = c->kind->names[i];
        }
    }
    return rv_ok();
}

static rv_status start(struct records_cursor *c, const char *used, struct rv_err *reterr)
{
    arena_done(&c->list);
    RV_TRY(choose_columns(c, used, reterr));
    RV_TRY(extract_list(c->kind->store, &c->list, c->kind->kind, &c->extracts, &c->extract_count,
                        reterr));
    c->at_extract = 0;
    c->is_at_end = false;
    return load_extract(c, reterr);
}

/* The id that "extract = value" asks for: 0 = look at all and let SQLite compare (3.0 equals 3),
 * -1 = none can be equal. */
static int64_t extract_asked(sqlite3_value *value)
{
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER:
        return sqlite3_value_int64(value) > 0 ? sqlite3_value_int64(value) : -1;
    case SQLITE_FLOAT:
        return 0;
    default:
        return -1;
    }
}

static int filter(sqlite3_vtab_cursor *base, int plan_number, const char *used, int argc,
                  sqlite3_value **argv)
{
    struct records_cursor *c = (struct records_cursor *)base;
    c->only = plan_number == PLAN_ONE_EXTRACT && argc == 1 ? extract_asked(argv[0]) : 0;
    struct rv_err err = {0};
    c->kind->failure->is_inside = true;
    rv_status status = start(c, used, &err);
    c->kind->failure->is_inside = false;
    return rv_is_ok(status) ? SQLITE_OK : note(c->kind, base->pVtab, status, &err);
}

static rv_status step(struct records_cursor *c, struct rv_err *reterr)
{
    if (++c->at_row < c->chunk_rows) {
        return rv_ok();
    }
    c->rows_before += c->chunk_rows;
    if (++c->at_chunk < extract_scan_chunks(c->scan)) {
        return read_chunk(c, reterr);
    }
    c->at_extract++;
    return load_extract(c, reterr);
}

static int next(sqlite3_vtab_cursor *base)
{
    struct records_cursor *c = (struct records_cursor *)base;
    struct rv_err err = {0};
    c->kind->failure->is_inside = true;
    rv_status status = step(c, &err);
    c->kind->failure->is_inside = false;
    return rv_is_ok(status) ? SQLITE_OK : note(c->kind, base->pVtab, status, &err);
}

static int at_end(sqlite3_vtab_cursor *base)
{
    return ((struct records_cursor *)base)->is_at_end;
}

/* ---- values ---- */

static void give_text(sqlite3_context *out, struct text t)
{
    sqlite3_result_text64(out, t.n ? t.at : "", t.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void give_value(const struct records_cursor *c, sqlite3_context *out, size_t slot)
{
    const struct column *column = &c->columns[slot];
    uint32_t i = c->at_row;
    if (!column_has(column, i)) {
        sqlite3_result_null(out);
        return;
    }
    char time[24];
    switch (column->type) {
    case COLUMN_CATEGORY:
        give_text(out, dictionary_text(extract_scan_dictionary(c->scan, slot), column->codes[i]));
        break;
    case COLUMN_INTEGER:
        sqlite3_result_int64(out, column->integers[i]);
        break;
    case COLUMN_THOUSANDTHS:
        sqlite3_result_double(out, (double)column->integers[i] / 1000.0);
        break;
    case COLUMN_REAL:
        sqlite3_result_double(out, column->reals[i]);
        break;
    case COLUMN_TIME:
        give_text(out, (struct text){time, civil_write(column->integers[i], time)});
        break;
    case COLUMN_TEXT:
        give_text(out, column_text_at(column, i));
        break;
    }
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int number)
{
    const struct records_cursor *c = (struct records_cursor *)base;
    size_t k = (size_t)number;
    if (k < c->kind->count) {
        assert(c->slots[k] >= 0); /* SQLite said that it would not read this column */
        give_value(c, out, (size_t)c->slots[k]);
        return SQLITE_OK;
    }
    switch (k - c->kind->count) {
    case COLUMN_OF_EXTRACT:
        sqlite3_result_int64(out, c->extracts[c->at_extract].id);
        break;
    case COLUMN_OF_ROW:
        sqlite3_result_int64(out, c->rows_before + c->at_row + 1);
        break;
    case COLUMN_OF_CURRENT:
        sqlite3_result_int(out, !c->current ||
                                    ((c->current[c->at_row / 64] >> (c->at_row % 64)) & 1) != 0);
        break;
    default:
        break;
    }
    return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret)
{
    const struct records_cursor *c = (struct records_cursor *)base;
    *ret = (c->extracts[c->at_extract].id << ROWID_SHIFT) + c->rows_before + c->at_row + 1;
    return SQLITE_OK;
}

/* No xCreate: the table exists by its name alone. No xUpdate: it cannot be written to. */
static const sqlite3_module records_module = {.xConnect = connect_table,
                                              .xDisconnect = disconnect_table,
                                              .xBestIndex = plan,
                                              .xOpen = open_cursor,
                                              .xClose = close_cursor,
                                              .xFilter = filter,
                                              .xNext = next,
                                              .xEof = at_end,
                                              .xColumn = give_column,
                                              .xRowid = give_rowid};

/* ---- registering ---- */

static const char *sql_type(int64_t type)
{
    switch (type) {
    case COLUMN_INTEGER:
        return "INTEGER";
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        return "REAL";
    default:
        return "TEXT";
    }
}

/* Whether an earlier column or one of the three extra ones has this name; SQL ignores case. */
static bool is_taken(const struct records_kind *kind, const char *name)
{
    for (size_t i = 0; i < EXTRA_COLUMNS; i++) {
        if (strcasecmp(name, extra_names[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < kind->count; i++) {
        if (strcasecmp(name, kind->names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void put_quoted(struct buf *out, const char *name)
{
    buf_char(out, '"');
    for (; *name; name++) {
        if (*name == '"') {
            buf_char(out, '"');
        }
        buf_char(out, *name);
    }
    buf_char(out, '"');
}

/* A survey's question may be called "row": it is shown as "row_1", by its place. */
static rv_status add_column(struct records_kind *kind, struct arena *a, size_t *capacity,
                            struct stmt *st, struct buf *out, struct rv_err *reterr)
{
    if (kind->count == *capacity) {
        size_t more = *capacity ? *capacity * 2 : FIRST_COLUMNS;
        const char **names = ARENA_NEW(a, const char *, more);
        if (!names) {
            return arena_fail(a, reterr);
        }
        memcpy(names, kind->names ? kind->names : names, kind->count * sizeof *names);
        kind->names = names;
        *capacity = more;
    }
    struct text name = stmt_text(st, 0);
    const char *stored = arena_text(a, name.n ? name.at : "", name.n);
    if (!stored) {
        return arena_fail(a, reterr);
    }
    const char *shown =
        is_taken(kind, stored) ? arena_printf(a, "%s_%zu", stored, kind->count + 1) : stored;
    if (!shown) {
        return arena_fail(a, reterr);
    }
    put_quoted(out, shown);
    buf_printf(out, " %s, ", sql_type(stmt_int(st, 1)));
    kind->names[kind->count++] = stored;
    return rv_ok();
}

/* A column that only extracts have which this connection may not list is not there. */
static rv_status is_hidden(const struct records_kind *kind, struct text name, bool *ret,
                           struct rv_err *reterr)
{
    *ret = kind->store->may_list != NULL;
    for (size_t i = 0; *ret && i < kind->seen_count; i++) {
        struct stmt *st;
        bool has_row;
        RV_TRY(store_prepare(kind->store, SQL_EXTRACT_COLUMN_FIND, &st, reterr));
        stmt_bind_int(st, ":extract", kind->seen[i].id);
        stmt_bind_text(st, ":name", name);
        RV_TRY(stmt_step(st, &has_row, reterr));
        stmt_reset(st);
        *ret = !has_row;
    }
    return rv_ok();
}

static rv_status declare(struct records_kind *kind, struct arena *a, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf out;
    buf_init(&out, MOST_DECLARATION);
    buf_text(&out, "CREATE TABLE records (");
    struct stmt *st = NULL;
    RV_TRY(store_prepare(kind->store, SQL_QUERY_COLUMNS, &st, reterr));
    stmt_bind_string(st, ":kind", kind->kind);
    size_t capacity = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        bool hidden = false;
        rv_status status = is_hidden(kind, stmt_text(st, 0), &hidden, reterr);
        if (rv_is_ok(status) && !hidden) {
            status = add_column(kind, a, &capacity, st, &out, reterr);
        }
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    buf_text(&out, "\"extract\" INTEGER, \"row\" INTEGER, \"current\" INTEGER)");
    RV_TRY(buf_status(&out, reterr));
    kind->declaration = arena_text(a, out.bytes, out.n);
    return kind->declaration ? rv_ok() : arena_fail(a, reterr);
}

/* Has SQLite connect to the table now: later the query's authorizer would refuse its declaration.
 */
static rv_status touch(struct store *s, const char *table, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf sql;
    buf_init(&sql, MOST_DECLARATION);
    buf_text(&sql, "SELECT 1 FROM ");
    put_quoted(&sql, table);
    RV_TRY(buf_status(&sql, reterr));
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(s->db, sql.bytes, -1, &st, NULL);
    sqlite3_finalize(st);
    return code == SQLITE_OK ? rv_ok() : sqlite_fail(s->db, code, s->path, reterr);
}

static rv_status register_kind(struct store *s, struct arena *a, struct records_kind *kind,
                               struct rv_err *reterr)
{
    const char *table = query_table_name(a, kind->kind);
    if (!table) {
        return arena_fail(a, reterr);
    }
    RV_TRY(declare(kind, a, reterr));
    int code = sqlite3_create_module_v2(s->db, table, &records_module, kind, NULL);
    return code == SQLITE_OK ? touch(s, table, reterr) : sqlite_fail(s->db, code, s->path, reterr);
}

static rv_status add_kind(struct store *s, struct arena *a, struct records_failure *failure,
                          struct stmt *st, struct rv_err *reterr)
{
    struct text name = stmt_text(st, 0);
    struct records_kind *kind = ARENA_NEW(a, struct records_kind, 1);
    char *copy = arena_text(a, name.n ? name.at : "", name.n);
    if (!kind || !copy) {
        return arena_fail(a, reterr);
    }
    *kind = (struct records_kind){
        .store = s, .failure = failure, .kind = copy, .rows = stmt_int(st, 1)};
    if (s->may_list) {
        RV_TRY(extract_list(s, a, copy, &kind->seen, &kind->seen_count, reterr));
        if (kind->seen_count == 0) {
            return rv_ok(); /* as if no extract of the kind were held */
        }
    }
    return register_kind(s, a, kind, reterr);
}

rv_status records_register(struct store *s, struct arena *a, struct records_failure *failure,
                           struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_QUERY_KINDS, &st, reterr));
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rv_status status = add_kind(s, a, failure, st, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    return rv_ok();
}

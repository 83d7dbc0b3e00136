/* read/geopackage.c — a stranger's SQLite file, asked four questions and no more.
 *
 * The authorizer lets only plain reading through, so that nothing that the file itself brings
 * (views, triggers, functions in generated columns or indexes) is run; names that come from the
 * file are used only after sqlite_schema says that they are ordinary tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/geopackage.h"

#include "base/buf.h"
#include "base/limits.h"
#include "read/number_text.h"
#include "read/source.h"
#include "read/wkb.h"
#include "read/wkt.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MOST_TABLES    64     /* listed when none is chosen */
#define MOST_STEPS     400000 /* of PROGRESS_OPS: some ten seconds of SQLite's work */
#define PROGRESS_OPS   1000
#define MOST_SQL_BYTES 1000000
#define HEAD_BYTES     8 /* of a geometry, before its envelope */

struct item {
    struct shape_feature shape;
    struct item *next;
};

struct package {
    struct arena *arena;
    sqlite3 *db;
    const struct boundary_options *options;
    int steps;
    char *table, *column; /* the one chosen */
    int64_t srs_id;
    const char *names[LIMIT_COLUMNS];
    uint32_t name_count;
    struct item *first, **last;
    uint32_t count;
    size_t points, attribute_bytes;
    const char *crs;
};

static void db_closep(sqlite3 **db)
{
    sqlite3_close(*db);
}

static void finalizep(sqlite3_stmt **st)
{
    sqlite3_finalize(*st);
}

/* ---- what the file may do ---- */

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *inner)
{
    (void)context, (void)second, (void)database;
    bool is_reading = action == SQLITE_SELECT || action == SQLITE_READ;
    bool is_asking = action == SQLITE_PRAGMA && first && strcmp(first, "table_xinfo") == 0;
    return (is_reading || is_asking) && !inner ? SQLITE_OK : SQLITE_DENY;
}

static int count_steps(void *context)
{
    struct package *p = context;
    return ++p->steps > MOST_STEPS;
}

static rv_status fail_sqlite(struct package *p, struct rv_err *reterr)
{
    int code = p->db ? sqlite3_errcode(p->db) & 0xff : SQLITE_NOMEM;
    if (code == SQLITE_NOMEM) {
        return rv_fail(reterr, RV_NO_MEMORY,
                       "SQLite ran out of memory reading it: it may be damaged");
    }
    if (code == SQLITE_TOOBIG || code == SQLITE_INTERRUPT) {
        return rv_fail(reterr, RV_LIMIT,
                       code == SQLITE_TOOBIG
                           ? "a row has more than %zu MB: simplify the boundaries"
                           : "reading it takes unreasonably long: it may be damaged",
                       LIMIT_BLOB_BYTES >> 20);
    }
    return rv_fail(reterr, code == SQLITE_IOERR ? RV_IO : RV_INVALID,
                   "cannot be read as a GeoPackage (%.200s): export it again",
                   sqlite3_errmsg(p->db));
}

static rv_status guard(struct package *p, struct rv_err *reterr)
{
    static const int off[] = {SQLITE_DBCONFIG_TRUSTED_SCHEMA,
                              SQLITE_DBCONFIG_ENABLE_VIEW,
                              SQLITE_DBCONFIG_ENABLE_TRIGGER,
                              SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
                              SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
                              SQLITE_DBCONFIG_DQS_DML,
                              SQLITE_DBCONFIG_DQS_DDL};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        (void)sqlite3_db_config(p->db, off[i], 0, NULL);
    }
    (void)sqlite3_db_config(p->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_LENGTH, (int)LIMIT_BLOB_BYTES);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_SQL_LENGTH, MOST_SQL_BYTES);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_progress_handler(p->db, PROGRESS_OPS, count_steps, p);
    sqlite3_stmt *st RV_CLEANUP(finalizep) = NULL;
    if (sqlite3_prepare_v2(p->db, "PRAGMA cell_size_check = ON", -1, &st, NULL) != SQLITE_OK ||
        sqlite3_step(st) == SQLITE_ERROR) {
        return fail_sqlite(p, reterr);
    }
    return sqlite3_set_authorizer(p->db, authorize, NULL) == SQLITE_OK ? rv_ok()
                                                                       : fail_sqlite(p, reterr);
}

/* ---- asking ---- */

static rv_status ask(struct package *p, const char *sql, sqlite3_stmt **ret, struct rv_err *reterr)
{
    return sqlite3_prepare_v2(p->db, sql, -1, ret, NULL) == SQLITE_OK ? rv_ok()
                                                                      : fail_sqlite(p, reterr);
}

static rv_status step(struct package *p, sqlite3_stmt *st, bool *ret_row, struct rv_err *reterr)
{
    int code = sqlite3_step(st);
    *ret_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? rv_ok() : fail_sqlite(p, reterr);
}

static struct text column_text(sqlite3_stmt *st, int column)
{
    const char *at = (const char *)sqlite3_column_text(st, column);
    int n = sqlite3_column_bytes(st, column);
    return (struct text){at, at && n > 0 ? (size_t)n : 0};
}

/* A copy in the arena; RV_INVALID for what is no UTF-8. */
static rv_status copy_text(struct package *p, sqlite3_stmt *st, int column, char **ret,
                           struct rv_err *reterr)
{
    struct text t = column_text(st, column);
    if (text_utf8_valid(t) != t.n) {
        return rv_fail(reterr, RV_INVALID, "a name in its tables is not in UTF-8: export it again");
    }
    *ret = arena_text(p->arena, t.at, t.n);
    return *ret ? rv_ok() : arena_fail(p->arena, reterr);
}

/* An ordinary table: not a view, not a virtual table, whatever its text claims. */
static rv_status check_table(struct package *p, const char *name, const char *missing,
                             struct rv_err *reterr)
{
    RV_CLEANUP(finalizep) sqlite3_stmt *st = NULL;
    bool row = false;
    RV_TRY(ask(p, "SELECT type, rootpage, sql FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE",
               &st, reterr));
    (void)sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    RV_TRY(step(p, st, &row, reterr));
    if (!row) {
        return rv_fail(reterr, RV_INVALID, "has no table %.60s%s", name, missing);
    }
    static const char prefix[] = "CREATE TABLE ";
    bool is_plain = text_is(column_text(st, 0), "table") && sqlite3_column_int64(st, 1) > 0 &&
                    text_starts(column_text(st, 2), prefix);
    return is_plain ? rv_ok()
                    : rv_fail(reterr, RV_INVALID,
                              "its %.60s is not an ordinary table (a view, a virtual table): "
                              "export the areas as a table",
                              name);
}

/* ---- which table ---- */

static rv_status fail_choice(struct package *p, const struct buf *list, uint32_t count,
                             struct rv_err *reterr)
{
    const char *wanted = p->options ? p->options->table : NULL;
    if (count == 0) {
        return rv_fail(reterr, RV_INVALID, "has no table of features");
    }
    if (wanted) {
        return rv_fail(reterr, RV_INVALID, "has no table of features \"%.60s\": it has %s", wanted,
                       list->n ? list->bytes : "");
    }
    return rv_fail(reterr, RV_INVALID, "has %s%u tables of features: say which with --table: %s",
                   count == MOST_TABLES ? "at least " : "", count, list->n ? list->bytes : "");
}

static rv_status choose_table(struct package *p, struct rv_err *reterr)
{
    RV_CLEANUP(finalizep) sqlite3_stmt *st = NULL;
    RV_CLEANUP(buf_done) struct buf list;
    buf_init(&list, 600);
    const char *wanted = p->options ? p->options->table : NULL;
    uint32_t count = 0, fitting = 0;
    RV_TRY(
        ask(p, "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns", &st, reterr));
    for (bool row = false; count < MOST_TABLES;) {
        char *table = NULL, *column = NULL;
        RV_TRY(step(p, st, &row, reterr));
        if (!row) {
            break;
        }
        RV_TRY(copy_text(p, st, 0, &table, reterr));
        RV_TRY(copy_text(p, st, 1, &column, reterr));
        buf_printf(&list, "%s%.60s", count++ ? ", " : "", table);
        if (!wanted || strcmp(wanted, table) == 0) {
            p->table = table;
            p->column = column;
            p->srs_id = sqlite3_column_int64(st, 2);
            fitting++;
        }
    }
    return fitting == 1 ? rv_ok() : fail_choice(p, &list, count, reterr);
}

/* ---- its coordinate system ---- */

static const char *crs_by_authority(struct text organization, int64_t code)
{
    if (!text_equal_nocase(organization, text_of("EPSG"))) {
        return NULL;
    }
    return code == 27700 ? "EPSG:27700" : code == 4326 ? "EPSG:4326" : NULL;
}

/* By authority and code; a definition that says otherwise makes it neither. */
static rv_status read_crs(struct package *p, struct rv_err *reterr)
{
    RV_CLEANUP(finalizep) sqlite3_stmt *st = NULL;
    bool row = false;
    RV_TRY(ask(p,
               "SELECT srs_name, organization, organization_coordsys_id, definition FROM "
               "gpkg_spatial_ref_sys WHERE srs_id = ?1",
               &st, reterr));
    (void)sqlite3_bind_int64(st, 1, p->srs_id);
    RV_TRY(step(p, st, &row, reterr));
    if (!row || p->srs_id == 0 || p->srs_id == -1) {
        p->crs = "none"; /* 0 and -1 stand for undefined ones */
        return rv_ok();
    }
    const char *named = crs_by_authority(column_text(st, 1), sqlite3_column_int64(st, 2));
    const char *defined = wkt_crs(p->arena, column_text(st, 3));
    char *own = NULL;
    if (!defined) {
        return arena_fail(p->arena, reterr);
    }
    RV_TRY(copy_text(p, st, 0, &own, reterr));
    bool is_known = strncmp(defined, "EPSG:", 5) == 0;
    p->crs = named && (!is_known || strcmp(named, defined) == 0) ? named
             : !named && is_known                                ? defined
             : own[0]                                            ? own
                                                                 : "unknown";
    return rv_ok();
}

/* ---- its columns ---- */

static void put_name(struct buf *out, const char *name)
{
    buf_char(out, '"');
    for (; *name; name++) {
        buf_text(out, *name == '"' ? "\"" : "");
        buf_char(out, *name);
    }
    buf_char(out, '"');
}

/* The stored columns but the geometry; a generated column would run an expression of the file's. */
static rv_status list_columns(struct package *p, struct rv_err *reterr)
{
    RV_CLEANUP(finalizep) sqlite3_stmt *st = NULL;
    RV_CLEANUP(buf_done) struct buf sql;
    buf_init(&sql, MOST_SQL_BYTES);
    buf_text(&sql, "PRAGMA table_xinfo(");
    put_name(&sql, p->table);
    buf_text(&sql, ")");
    RV_TRY(buf_status(&sql, reterr));
    RV_TRY(ask(p, sql.bytes, &st, reterr));
    bool has_geometry = false;
    for (bool row = false;;) {
        char *name = NULL;
        RV_TRY(step(p, st, &row, reterr));
        if (!row) {
            break;
        }
        RV_TRY(copy_text(p, st, 1, &name, reterr));
        bool is_stored = sqlite3_column_int(st, 6) == 0;
        if (text_equal_nocase(text_of(name), text_of(p->column))) {
            has_geometry = is_stored;
        } else if (is_stored && p->name_count == LIMIT_COLUMNS) {
            return rv_fail(reterr, RV_LIMIT, "more than %d columns; export fewer", LIMIT_COLUMNS);
        } else if (is_stored) {
            p->names[p->name_count++] = name;
        }
    }
    return has_geometry ? rv_ok()
                        : rv_fail(reterr, RV_INVALID, "its table %.60s has no stored column %.60s",
                                  p->table, p->column);
}

/* ---- its features ---- */

static rv_status name_feature(const struct package *p, rv_status status, const struct rv_err *why,
                              struct rv_err *reterr)
{
    return rv_fail(reterr, status.code, "feature %" PRIu32 " %s", p->count + 1, why->message);
}

static rv_status read_property(struct package *p, sqlite3_stmt *st, int column, struct text *ret,
                               struct rv_err *reterr)
{
    char number[NUMBER_TEXT_BYTES] = "";
    int type = sqlite3_column_type(st, column);
    struct text t = text_of(number);
    if (type == SQLITE_INTEGER) {
        (void)snprintf(number, sizeof number, "%" PRId64,
                       (int64_t)sqlite3_column_int64(st, column));
        t = text_of(number);
    } else if (type == SQLITE_FLOAT) {
        double x = sqlite3_column_double(st, column);
        if (isfinite(x)) {
            number_text(x, number);
        }
        t = text_of(number);
    } else if (type == SQLITE_TEXT) {
        t = column_text(st, column);
    } else {
        p->attribute_bytes += (size_t)sqlite3_column_bytes(st, column); /* read, though not kept */
    }
    p->attribute_bytes += t.n + 1;
    if (p->attribute_bytes > LIMIT_ATTRIBUTE_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "brings its columns to more than %zu MB; export fewer",
                       LIMIT_ATTRIBUTE_BYTES >> 20);
    }
    if (text_utf8_valid(t) != t.n) {
        return rv_fail(reterr, RV_INVALID, "has text in %.60s that is not in UTF-8",
                       p->names[column - 1]);
    }
    *ret = (struct text){arena_text(p->arena, t.at ? t.at : "", t.n), t.n};
    return ret->at ? rv_ok() : arena_fail(p->arena, reterr);
}

static rv_status read_feature(struct package *p, sqlite3_stmt *st, struct item *item,
                              struct rv_err *reterr)
{
    struct text wkb;
    const char *at = sqlite3_column_blob(st, 0);
    int n = sqlite3_column_bytes(st, 0);
    struct text geometry = {at, at && n > 0 ? (size_t)n : 0};
    RV_TRY(wkb_in_geopackage(geometry, p->srs_id, &wkb, reterr));
    if (wkb.n) {
        RV_TRY(wkb_shape(p->arena, wkb, &p->points, &item->shape, reterr));
    }
    p->attribute_bytes += p->name_count * sizeof(struct text);
    item->shape.properties = ARENA_NEW(p->arena, struct text, p->name_count);
    if (!item->shape.properties) {
        return arena_fail(p->arena, reterr);
    }
    for (uint32_t i = 0; i < p->name_count; i++) {
        RV_TRY(read_property(p, st, (int)i + 1, &item->shape.properties[i], reterr));
    }
    return rv_ok();
}

static rv_status read_features(struct package *p, struct rv_err *reterr)
{
    RV_CLEANUP(finalizep) sqlite3_stmt *st = NULL;
    RV_CLEANUP(buf_done) struct buf sql;
    buf_init(&sql, MOST_SQL_BYTES);
    buf_text(&sql, "SELECT ");
    put_name(&sql, p->column);
    for (uint32_t i = 0; i < p->name_count; i++) {
        buf_text(&sql, ", ");
        put_name(&sql, p->names[i]);
    }
    buf_text(&sql, " FROM ");
    put_name(&sql, p->table);
    buf_text(&sql, " ORDER BY _rowid_");
    RV_TRY(buf_status(&sql, reterr));
    RV_TRY(ask(p, sql.bytes, &st, reterr));
    p->last = &p->first;
    for (bool row = false;; p->count++) {
        RV_TRY(step(p, st, &row, reterr));
        if (!row) {
            return rv_ok();
        }
        if (p->count == LIMIT_FEATURES) {
            return rv_fail(reterr, RV_LIMIT, "more than %zu areas", LIMIT_FEATURES);
        }
        struct item *item = ARENA_NEW(p->arena, struct item, 1);
        struct rv_err why;
        if (!item) {
            return arena_fail(p->arena, reterr);
        }
        rv_status status = read_feature(p, st, item, &why);
        if (!rv_is_ok(status)) {
            return name_feature(p, status, &why, reterr);
        }
        *p->last = item;
        p->last = &item->next;
    }
}

/* ---- the whole ---- */

static rv_status finish(struct package *p, struct shape_file *ret, struct rv_err *reterr)
{
    struct shape_feature *features = ARENA_NEW(p->arena, struct shape_feature, p->count);
    const char **names = ARENA_NEW(p->arena, const char *, p->name_count);
    if (!features || !names) {
        return arena_fail(p->arena, reterr);
    }
    uint32_t i = 0;
    for (const struct item *item = p->first; item; item = item->next) {
        features[i++] = item->shape;
    }
    if (p->name_count) {
        memcpy(names, p->names, p->name_count * sizeof *names);
    }
    *ret = (struct shape_file){names, p->name_count, features, p->count, p->crs};
    return rv_ok();
}

static rv_status read_package(struct package *p, struct shape_file *ret, struct rv_err *reterr)
{
    static const char not_one[] = ": it is a database, but no GeoPackage of areas";
    RV_TRY(guard(p, reterr));
    RV_TRY(check_table(p, "gpkg_geometry_columns", not_one, reterr));
    RV_TRY(check_table(p, "gpkg_spatial_ref_sys", not_one, reterr));
    RV_TRY(choose_table(p, reterr));
    RV_TRY(check_table(p, p->table, ", which it says it has: export it again", reterr));
    RV_TRY(read_crs(p, reterr));
    RV_TRY(list_columns(p, reterr));
    RV_TRY(read_features(p, reterr));
    return finish(p, ret, reterr);
}

rv_status geopackage_parse(struct arena *a, struct text bytes,
                           const struct boundary_options *options, struct shape_file *ret,
                           struct rv_err *reterr)
{
    RV_CLEANUP(db_closep) sqlite3 *db = NULL;
    struct package *p = ARENA_NEW(a, struct package, 1);
    if (!p) {
        return arena_fail(a, reterr);
    }
    p->arena = a;
    p->options = options;
    int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    p->db = db;
    if (code == SQLITE_OK) { /* read-only: SQLite neither writes to the bytes nor frees them */
        unsigned char *at = (unsigned char *)(uintptr_t)bytes.at;
        code = sqlite3_deserialize(db, "main", at, (sqlite3_int64)bytes.n, (sqlite3_int64)bytes.n,
                                   SQLITE_DESERIALIZE_READONLY);
    }
    return code == SQLITE_OK ? read_package(p, ret, reterr) : fail_sqlite(p, reterr);
}

/* ---- files ---- */

/* Changes that wait beside the file would be invisible: it is read as one nobody else touches. */
static rv_status check_beside(const char *path, struct rv_err *reterr)
{
    static const char *const tails[] = {"-wal", "-journal"};
    char name[PATH_MAX + 16];
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct stat info;
        (void)snprintf(name, sizeof name, "%s%s", path, tails[i]);
        if (stat(name, &info) == 0 && info.st_size > 0) {
            return rv_fail(reterr, RV_INVALID,
                           "changes to it still wait in the file %s beside it: close the program "
                           "that has it open, or export the areas again",
                           tails[i]);
        }
    }
    return rv_ok();
}

static rv_status open_file(const char *path, sqlite3 **ret, struct rv_err *reterr)
{
    char real[PATH_MAX];
    RV_CLEANUP(buf_done) struct buf uri;
    buf_init(&uri, (size_t)4 * PATH_MAX);
    if (!realpath(path, real)) {
        return rv_fail(reterr, RV_IO, "cannot be opened");
    }
    RV_TRY(check_beside(real, reterr));
    buf_text(&uri, "file:");
    buf_uri(&uri, text_of(real));
    buf_text(&uri, "?immutable=1");
    RV_TRY(buf_status(&uri, reterr));
    int flags =
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(uri.bytes, ret, flags, NULL);
    return code == SQLITE_OK ? rv_ok()
                             : rv_fail(reterr, code == SQLITE_NOMEM ? RV_NO_MEMORY : RV_IO,
                                       "cannot be opened (%s)", sqlite3_errstr(code));
}

/* Through to the end, for the SHA-256. */
static rv_status hash_file(const char *path, char *sha256, struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_TRY(source_open(path, &source, reterr));
    if (source_file_bytes(source) > (int64_t)LIMIT_BOUNDARY_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "%s: larger than the %zu MB of a boundary file", path,
                       LIMIT_BOUNDARY_BYTES >> 20);
    }
    char bytes[8192];
    for (size_t n = 1; n > 0;) {
        RV_TRY(source_read(source, bytes, sizeof bytes, &n, reterr));
    }
    return source_sha256(source, sha256, reterr);
}

static rv_status read_open(struct arena *a, const char *path,
                           const struct boundary_options *options, struct shape_file *ret,
                           struct rv_err *reterr)
{
    RV_CLEANUP(db_closep) sqlite3 *db = NULL;
    struct package *p = ARENA_NEW(a, struct package, 1);
    if (!p) {
        return arena_fail(a, reterr);
    }
    RV_TRY(open_file(path, &db, reterr));
    p->arena = a;
    p->db = db;
    p->options = options;
    return read_package(p, ret, reterr);
}

rv_status geopackage_read(struct arena *a, const char *path, const struct boundary_options *options,
                          struct shape_file *ret, char *sha256_or_null, struct rv_err *reterr)
{
    char before[SHA256_HEX + 1], after[SHA256_HEX + 1];
    struct shape_file got;
    struct rv_err why;
    RV_TRY(hash_file(path, before, reterr));
    rv_status status = read_open(a, path, options, &got, &why);
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s: %s", path, why.message);
    }
    RV_TRY(hash_file(path, after, reterr));
    if (strcmp(before, after) != 0) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: it changed while it was read; nothing was loaded: try again once it is "
                       "written",
                       path);
    }
    if (sha256_or_null) {
        memcpy(sha256_or_null, after, sizeof after);
    }
    *ret = got;
    return rv_ok();
}

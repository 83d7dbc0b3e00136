/* tests/read/test_geopackage.c — GeoPackages made here: what is read, and what a stranger's
 * database may not do.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "read/boundary.h"
#include "read/geopackage.h"

#include <sqlite3.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct rv_err err;

/* ---- making one ---- */

static const char schema[] =
    "PRAGMA page_size = 512; PRAGMA application_id = 0x47504B47;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,"
    " organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,"
    " definition TEXT NOT NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES"
    " ('Undefined', 0, 'NONE', 0, 'undefined', ''), ('Undefined', -1, 'NONE', -1, 'undefined', ''),"
    " ('OSGB36 / British National Grid', 27700, 'EPSG', 27700, 'undefined', ''),"
    " ('WGS 84', 4326, 'EPSG', 4326, 'undefined', ''),"
    " ('WGS 84 / Pseudo-Mercator', 3857, 'EPSG', 3857, 'undefined', '');"
    "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL);"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
    " geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z, m);"
    "INSERT INTO gpkg_geometry_columns VALUES ('wards', 'geom', 'POLYGON', 27700, 0, 0);"
    "CREATE TABLE wards (fid INTEGER PRIMARY KEY, geom POLYGON, code TEXT, name TEXT, size REAL);";

static sqlite3 *make(const char *more)
{
    sqlite3 *db = NULL;
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    const char *const scripts[] = {schema, more};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        sqlite3_stmt *st = NULL;
        for (const char *at = scripts[i]; *at; sqlite3_finalize(st)) {
            if (sqlite3_prepare_v2(db, at, -1, &st, &at) != SQLITE_OK) {
                fail_msg("%s: %s", at, sqlite3_errmsg(db));
            }
            int code = st ? sqlite3_step(st) : SQLITE_DONE;
            if (code != SQLITE_DONE && code != SQLITE_ROW) {
                fail_msg("%s: %s", scripts[i], sqlite3_errmsg(db));
            }
        }
    }
    return db;
}

/* A square from x, y as a GeoPackage geometry in hexadecimal, for SQL. */
static const char *square(struct arena *a, uint32_t srs, double x, double y)
{
    const double ring[] = {x, y, x + 10, y, x + 10, y + 10, x, y + 10, x, y};
    struct buf b;
    buf_init(&b, 4096);
    buf_printf(&b, "x'47500001%02x%02x%02x%02x01030000000100000005000000", srs & 0xFF,
               srs >> 8 & 0xFF, srs >> 16 & 0xFF, srs >> 24);
    for (size_t i = 0; i < sizeof ring; i++) {
        buf_printf(&b, "%02x", ((const unsigned char *)ring)[i]);
    }
    buf_char(&b, '\'');
    const char *text = arena_text(a, b.bytes, b.n);
    buf_done(&b);
    return text;
}

static rv_status parse(struct arena *a, sqlite3 *db, const struct boundary_options *options,
                       struct shape_file *ret)
{
    sqlite3_int64 n = 0;
    unsigned char *bytes = sqlite3_serialize(db, "main", &n, 0);
    CHECK(bytes != NULL);
    rv_status status =
        geopackage_parse(a, (struct text){(const char *)bytes, (size_t)n}, options, ret, &err);
    sqlite3_free(bytes);
    sqlite3_close(db);
    return status;
}

static void features_and_columns(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    const char *sql = arena_printf(
        &a,
        "ALTER TABLE wards ADD COLUMN twice AS (size * 2);"
        "ALTER TABLE wards ADD COLUMN photo BLOB;"
        "INSERT INTO wards VALUES (7, %s, 'E05000002', 'St Edward''s', 12.5, x'FFD8'),"
        " (3, %s, 'E05000001', NULL, 4, NULL), (9, NULL, 'E05000003', 'Caf\xC3\xA9', 0.1, NULL);",
        square(&a, 27700, 500, 600), square(&a, 27700, 100, 200));
    CHECK_OK(parse(&a, make(sql), NULL, &f));
    CHECK_STRING(f.crs, "EPSG:27700");
    CHECK_INT(f.count, 3);
    CHECK_INT(f.property_count, 5); /* without the geometry and the generated one */
    static const char *const names[] = {"fid", "code", "name", "size", "photo"};
    static const char *const want[3][5] = {{"3", "E05000001", "", "4", ""},
                                           {"7", "E05000002", "St Edward's", "12.5", ""},
                                           {"9", "E05000003", "Caf\xC3\xA9", "0.1", ""}};
    for (uint32_t p = 0; p < 5; p++) {
        CHECK_STRING(f.property_names[p], names[p]);
        for (uint32_t i = 0; i < 3; i++) {
            CHECK(text_is(f.features[i].properties[p], want[i][p]));
        }
    }
    CHECK_INT(f.features[0].ring_count, 1);
    CHECK_INT(f.features[0].polygon_count, 1);
    CHECK_INT(f.features[0].rings[0].points, 5);
    CHECK_NEAR(f.features[0].rings[0].xy[3], 200, 0);
    CHECK_NEAR(f.features[1].rings[0].xy[0], 500, 0);
    CHECK_INT(f.features[2].ring_count, 0);
    arena_done(&a);
}

static void several_tables_need_a_choice(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    const char *sql = arena_printf(
        &a,
        "CREATE TABLE \"two \"\"words\" (fid INTEGER PRIMARY KEY, shape BLOB, code TEXT);"
        "INSERT INTO gpkg_geometry_columns VALUES ('two \"words', 'shape', 'POLYGON', 4326, 0, 0);"
        "INSERT INTO \"two \"\"words\" VALUES (1, %s, 'X');",
        square(&a, 4326, -0.5, 51));
    CHECK_FAILS(parse(&a, make(sql), NULL, &f), RV_INVALID);
    CHECK(strstr(err.message, "2 tables of features: say which with --table: wards, two \"words"));
    struct boundary_options options = {"two \"words", NULL, NULL};
    CHECK_OK(parse(&a, make(sql), &options, &f));
    CHECK_STRING(f.crs, "EPSG:4326");
    CHECK_INT(f.count, 1);
    CHECK(text_is(f.features[0].properties[1], "X"));
    options.table = "Wards"; /* names are taken as they are written */
    CHECK_FAILS(parse(&a, make(sql), &options, &f), RV_INVALID);
    CHECK(strstr(err.message, "no table of features \"Wards\": it has wards, two \"words"));
    CHECK_FAILS(parse(&a, make("DELETE FROM gpkg_geometry_columns"), NULL, &f), RV_INVALID);
    CHECK(strstr(err.message, "has no table of features"));
    arena_done(&a);
}

static void coordinate_systems(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *want;
    } cases[] = {
        {"UPDATE gpkg_geometry_columns SET srs_id = 4326", "EPSG:4326"},
        {"UPDATE gpkg_geometry_columns SET srs_id = 3857", "WGS 84 / Pseudo-Mercator"},
        {"UPDATE gpkg_geometry_columns SET srs_id = 0", "none"},
        {"UPDATE gpkg_geometry_columns SET srs_id = -1", "none"},
        {"UPDATE gpkg_geometry_columns SET srs_id = 99", "none"}, /* not in the table */
        /* A private number for the grid, by its definition only. */
        {"INSERT INTO gpkg_spatial_ref_sys VALUES ('mine', 100001, 'council', 1, 'GEOGCS[\"x\","
         "DATUM[\"WGS_1984\",SPHEROID[\"w\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],"
         "UNIT[\"degree\",0.0174532925199433]]', ''); UPDATE gpkg_geometry_columns SET srs_id = "
         "100001",
         "EPSG:4326"},
        /* Authority and definition disagree. */
        {"UPDATE gpkg_spatial_ref_sys SET definition = 'GEOGCS[\"x\",DATUM[\"WGS_1984\",SPHEROID["
         "\"w\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\","
         "0.0174532925199433]]' WHERE srs_id = 27700",
         "OSGB36 / British National Grid"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a;
        struct shape_file f;
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_OK(parse(&a, make(cases[i].sql), NULL, &f));
        CHECK_STRING(f.crs, cases[i].want);
        arena_done(&a);
    }
}

static void multipolygons_z_and_big_endian(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    /* MultiPolygon Z, big-endian, of a triangle with heights and an empty polygon; an envelope. */
    static const char shape[] = "x'475000020000"
                                "6c34"
                                "0000000000000000"
                                "0000000000000000"
                                "0000000000000000"
                                "0000000000000000"
                                "00000003ee"
                                "00000002"
                                "00000003eb"
                                "00000001"
                                "00000004"
                                "3ff0000000000000"
                                "4000000000000000"
                                "4008000000000000"
                                "4010000000000000"
                                "4000000000000000"
                                "4008000000000000"
                                "4010000000000000"
                                "4014000000000000"
                                "4008000000000000"
                                "3ff0000000000000"
                                "4000000000000000"
                                "0000000000000000"
                                "00000003eb"
                                "00000000'";
    const char *sql = arena_printf(&a, "INSERT INTO wards VALUES (1, %s, 'A', '', 0);", shape);
    CHECK_OK(parse(&a, make(sql), NULL, &f));
    CHECK_INT(f.features[0].ring_count, 1);
    CHECK_INT(f.features[0].polygon_count, 1);
    CHECK_INT(f.features[0].rings[0].points, 4);
    static const double want[] = {1, 2, 4, 2, 4, 5, 1, 2};
    for (size_t i = 0; i < COUNT(want); i++) {
        CHECK_NEAR(f.features[0].rings[0].xy[i], want[i], 0);
    }
    arena_done(&a);
}

#define HEAD        "47500001346c0000" /* no envelope, EPSG:27700 */
#define INSERT(hex) "INSERT INTO wards VALUES (1, x'" hex "', 'A', '', 0);"
#define POINTS_0_1_0                                                                               \
    "0000000000000000000000000000000000000000000000000000000000000000"                             \
    "0000000000000000000000000000f03f"

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *says;
    } cases[] = {
        {INSERT("00"), "feature 1 has a boundary that is no GeoPackage geometry"},
        {INSERT("4750000134"), "feature 1 has a boundary that is no GeoPackage geometry"},
        {INSERT("47500101346c0000"), "no GeoPackage geometry"}, /* version 2 */
        {INSERT("47500021346c0000"
                "00"),
         "no GeoPackage geometry"}, /* extended */
        {INSERT("47500003346c0000"
                "00"),
         "no GeoPackage geometry"}, /* envelope cut */
        {INSERT("4750000f346c0000"
                "00"),
         "no GeoPackage geometry"}, /* no such envelope */
        {INSERT("47500001e6100000"
                "0103000000"
                "00000000"),
         "says its coordinates are in system 4326, its table 27700"},
        {INSERT(HEAD "0101000000"
                     "0000000000000000"
                     "0000000000000000"),
         "feature 1 is a point"},
        {INSERT(HEAD "0107000000"
                     "00000000"),
         "feature 1 is a collection"},
        {INSERT(HEAD "010a000000"
                     "00000000"),
         "feature 1 is a curve or surface"},
        {INSERT(HEAD "0106000000"
                     "01000000"
                     "0101000000"
                     "0000000000000000"
                     "0000000000000000"),
         "a part that is no polygon"},
        {INSERT(HEAD "0106000000"
                     "01000000"
                     "0106000000"
                     "01000000"),
         "a part that is no polygon"},
        {INSERT(HEAD "0203000000"
                     "00000000"),
         "no well-known binary"},
        {INSERT(HEAD "0103000000"), "bytes break off"},
        {INSERT(HEAD "0103000000"
                     "ffffffff"),
         "bytes break off"},
        {INSERT(HEAD "0103000000"
                     "01000000"
                     "ffffffff"),
         "bytes break off"},
        {INSERT(HEAD "0106000000"
                     "ffffffff"),
         "bytes break off"},
        {INSERT(HEAD "0103000000"
                     "01000000"
                     "03000000" POINTS_0_1_0),
         "fewer than 4 points"},
        {INSERT(HEAD "0103000000"
                     "01000000"
                     "04000000" POINTS_0_1_0 "0000000000000000"
                     "000000000000f07f"),
         "not finite"},
        {INSERT(HEAD "0103000000"
                     "01000000"
                     "04000000" POINTS_0_1_0 "0000000000000000"
                     "000000000000f03f"),
         "last point is not its first"},
        {INSERT(HEAD "0103000000"
                     "00000000"
                     "00"),
         "more bytes than its rings need"},
        {"INSERT INTO wards VALUES (1, NULL, CAST(x'FF' AS TEXT), '', 0)",
         "feature 1 has text in code that is not in UTF-8"},
        {"DROP TABLE gpkg_geometry_columns",
         "no table gpkg_geometry_columns: it is a database, but "
         "no GeoPackage"},
        {"DROP TABLE gpkg_spatial_ref_sys", "no table gpkg_spatial_ref_sys"},
        {"DROP TABLE wards", "has no table wards, which it says it has"},
        {"ALTER TABLE wards DROP COLUMN geom", "has no stored column geom"},
        {"DROP TABLE wards; CREATE VIEW wards AS SELECT x'' AS geom",
         "its wards is not an ordinary table"},
        {"DROP TABLE wards; CREATE VIRTUAL TABLE wards USING rtree(fid, geom, x)",
         "its wards is not an ordinary table"},
        {"ALTER TABLE gpkg_geometry_columns RENAME TO kept; CREATE VIEW gpkg_geometry_columns AS "
         "SELECT * FROM kept",
         "its gpkg_geometry_columns is not an ordinary table"},
        {"DROP TABLE wards; CREATE TABLE wards (geom, code, name, size, fid TEXT PRIMARY KEY) "
         "WITHOUT ROWID",
         "cannot be read as a GeoPackage"},
        {"DROP TABLE wards; CREATE TABLE wards (fid INTEGER PRIMARY KEY, raw, geom AS (raw))",
         "has no stored column geom"},
        /* A table that calls itself one and is virtual. */
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE wards "
         "USING rtree(fid, geom, code)' WHERE name = 'wards'",
         "its wards is not an ordinary table"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = "
         "'wards'",
         "cannot be read as a GeoPackage"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        rv_status status = parse(&a, make(cases[i].sql), NULL, &f);
        if (status.code != RV_INVALID || !strstr(err.message, cases[i].says)) {
            fail_msg("case %zu: %s \"%s\", expected \"%s\"", i, rv_code_name(status.code),
                     rv_is_ok(status) ? "" : err.message, cases[i].says);
        }
        CHECK_INT(f.count, 77);
        arena_done(&a);
    }
}

/* Whatever else the file brings, it is not run and does no harm to what is read. */
static void what_the_file_brings_is_not_run(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "CREATE TRIGGER t AFTER INSERT ON wards BEGIN SELECT no_such_function(); END",
        "CREATE VIEW v AS SELECT load_extension('x')",
        "CREATE TABLE huge (a, b AS (zeroblob(1000000000)))",
        "CREATE INDEX i ON wards (hex(code)); CREATE INDEX j ON wards (name)",
        "ALTER TABLE wards ADD COLUMN bomb AS (hex(zeroblob(900000000)))",
        "CREATE VIRTUAL TABLE x USING rtree(id, a, b)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE wards (fid "
        "INTEGER PRIMARY KEY, geom, code CHECK (no_such()), name DEFAULT (no_such()), size)' WHERE "
        "name = 'wards'",
    };
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct arena a;
        struct shape_file f;
        arena_init(&a, LIMIT_ARENA_BYTES);
        const char *sql = arena_printf(&a, "INSERT INTO wards VALUES (1, %s, 'A', 'B', 2); %s",
                                       square(&a, 27700, 1, 2), scripts[i]);
        rv_status status = parse(&a, make(sql), NULL, &f);
        if (!rv_is_ok(status)) {
            fail_msg("case %zu: %s", i, err.message);
        }
        CHECK_INT(f.count, 1);
        CHECK(text_is(f.features[0].properties[1], "A"));
        arena_done(&a);
    }
}

/* ---- limits ---- */

static double seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_big_endian(unsigned char *at, uint32_t x)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (unsigned char)(x >> (24 - 8 * i));
    }
}

#define PAGE  512
#define CHAIN 16

/* Turns the root and other inner pages of a table into a chain in which each points to the next
 * from every one of its cells: as many rows as there are ways down, some 10^20. */
static void knot(unsigned char *bytes, size_t n, uint32_t root)
{
    uint32_t chain[CHAIN] = {root}, leaf = 0;
    size_t count = 1;
    for (uint32_t p = 2; (size_t)p * PAGE <= n; p++) {
        const unsigned char *at = bytes + (size_t)(p - 1) * PAGE;
        bool is_inner = at[0] == 5 && ((size_t)at[3] << 8 | at[4]) > 20;
        if (is_inner && p != root && count < CHAIN) {
            chain[count++] = p;
        }
        leaf = at[0] == 13 && at[4] > 2 ? p : leaf;
    }
    CHECK_INT(count, CHAIN);
    CHECK(leaf != 0);
    for (size_t i = 0; i < CHAIN; i++) {
        unsigned char *at = bytes + (size_t)(chain[i] - 1) * PAGE;
        uint32_t next = i + 1 < CHAIN ? chain[i + 1] : leaf;
        put_big_endian(at + 8, next);
        for (size_t c = 0; c < ((size_t)at[3] << 8 | at[4]); c++) {
            put_big_endian(at + ((size_t)at[12 + 2 * c] << 8 | at[13 + 2 * c]), next);
        }
    }
    CHECK_INT(big_endian(bytes + (size_t)(root - 1) * PAGE + 8), chain[1]);
}

static void a_table_that_never_ends(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    sqlite3 *db = make("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                       "SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO wards SELECT i, NULL, "
                       "'E05' || i, 'A name of some length', 0 FROM n");
    sqlite3_stmt *st = NULL;
    CHECK_INT(sqlite3_prepare_v2(db, "SELECT rootpage FROM sqlite_schema WHERE name = 'wards'", -1,
                                 &st, NULL),
              SQLITE_OK);
    CHECK_INT(sqlite3_step(st), SQLITE_ROW);
    uint32_t root = (uint32_t)sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_int64 n = 0;
    unsigned char *bytes = sqlite3_serialize(db, "main", &n, 0);
    knot(bytes, (size_t)n, root);
    double start = seconds();
    CHECK_FAILS(geopackage_parse(&a, (struct text){(const char *)bytes, (size_t)n}, NULL, &f, &err),
                RV_LIMIT);
    print_message("%s after %.1f s\n", err.message, seconds() - start);
    CHECK(seconds() - start < 60);
    sqlite3_free(bytes);
    sqlite3_close(db);
    arena_done(&a);
}

static void rows_and_attributes_are_bounded(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_FAILS(
        parse(&a, make("INSERT INTO wards VALUES (1, zeroblob(70000000), '', '', 0)"), NULL, &f),
        RV_LIMIT);
    CHECK(strstr(err.message, "a row has more than 64 MB"));
    CHECK_FAILS(parse(&a,
                      make("INSERT INTO wards VALUES (1, NULL, zeroblob(50000000), '', 0), "
                           "(2, NULL, zeroblob(50000000), '', 0), "
                           "(3, NULL, zeroblob(50000000), '', 0)"),
                      NULL, &f),
                RV_LIMIT);
    CHECK(strstr(err.message, "feature 3 brings its columns to more than 128 MB"));
    arena_done(&a);
}

/* Each allocation of ours fails in turn: a clean failure. */
static void running_out_of_memory(void **state)
{
    (void)state;
    struct arena keep;
    arena_init(&keep, LIMIT_ARENA_BYTES);
    sqlite3_int64 size = 0;
    sqlite3 *db = make(arena_printf(&keep, "INSERT INTO wards VALUES (1, %s, 'A', 'B', 2.5)",
                                    square(&keep, 27700, 1, 2)));
    unsigned char *bytes = sqlite3_serialize(db, "main", &size, 0);
    for (long n = 1;; n++) {
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        memory_fail_nth(n);
        rv_status status =
            geopackage_parse(&a, (struct text){(const char *)bytes, (size_t)size}, NULL, &f, &err);
        long asked = memory_fail_count();
        memory_fail_nth(0);
        arena_done(&a);
        if (asked < n) {
            CHECK_INT(status.code, RV_OK);
            break;
        }
        /* Only the list of tables for a message may be cut short without harm. */
        CHECK(status.code == RV_NO_MEMORY || (rv_is_ok(status) && f.count == 1));
        CHECK(rv_is_ok(status) || f.count == 77);
    }
    sqlite3_free(bytes);
    sqlite3_close(db);
    arena_done(&keep);
}

/* ---- on disk ---- */

static void a_file_is_left_as_it_is(void **state)
{
    (void)state;
    struct arena a;
    struct shape_file f;
    char dir[64], path[128], other[160], sha[SHA256_HEX + 1], want[SHA256_HEX + 1], command[96];
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    (void)snprintf(path, sizeof path, "%s/50%% #1?.gpkg", dir);
    arena_init(&a, LIMIT_ARENA_BYTES);
    sqlite3_int64 n = 0;
    sqlite3 *db = make(arena_printf(&a, "INSERT INTO wards VALUES (1, %s, 'A', 'B', 2.5)",
                                    square(&a, 27700, 1, 2)));
    unsigned char *bytes = sqlite3_serialize(db, "main", &n, 0);
    struct text all = {(const char *)bytes, (size_t)n};
    CHECK_OK(file_write(path, all, &err));
    CHECK_OK(sha256_of(all.at, all.n, want, &err));
    CHECK_OK(boundary_read(&a, path, NULL, &f, sha, &err));
    CHECK_INT(f.count, 1);
    CHECK_STRING(sha, want);
    struct buf after;
    buf_init(&after, (size_t)1 << 24);
    CHECK_OK(file_read(path, &after, &err));
    CHECK(text_equal(buf_view(&after), all));
    buf_done(&after);
    /* Changes that still wait beside it. */
    (void)snprintf(other, sizeof other, "%s-wal", path);
    CHECK_OK(file_write(other, text_of("x"), &err));
    CHECK_FAILS(boundary_read(&a, path, NULL, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "changes to it still wait in the file -wal"));
    CHECK_INT(unlink(other), 0);
    struct boundary_options options = {NULL, "UTF-8", NULL};
    CHECK_FAILS(boundary_read(&a, path, &options, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "--encoding says nothing"));
    /* Cut in the middle. */
    CHECK_OK(file_write(path, (struct text){all.at, all.n / 2}, &err));
    rv_status status = boundary_read(&a, path, NULL, &f, sha, &err);
    CHECK_INT(status.code, RV_INVALID);
    CHECK_INT(truncate(path, (long)LIMIT_BOUNDARY_BYTES + 1), 0);
    CHECK_FAILS(boundary_read(&a, path, NULL, &f, sha, &err), RV_LIMIT);
    sqlite3_free(bytes);
    sqlite3_close(db);
    arena_done(&a);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    CHECK_INT(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_and_columns),
        cmocka_unit_test(several_tables_need_a_choice),
        cmocka_unit_test(coordinate_systems),
        cmocka_unit_test(multipolygons_z_and_big_endian),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(what_the_file_brings_is_not_run),
        cmocka_unit_test(a_table_that_never_ends),
        cmocka_unit_test(rows_and_attributes_are_bounded),
        cmocka_unit_test(running_out_of_memory),
        cmocka_unit_test(a_file_is_left_as_it_is),
    };
    return cmocka_run_group_tests_name("read/geopackage", tests, NULL, NULL);
}

/* tests/read/test_shapefile.c — shapefiles made by hand: what is read, and what is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "read/boundary.h"
#include "read/code_page.h"
#include "read/wkt.h"
#include "shapes.h"

#include <limits.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Clockwise, as shells are. */
static const double big[] = {0, 0, 0, 100, 100, 100, 100, 0, 0, 0};
static const double island[] = {40, 40, 40, 60, 60, 60, 60, 40, 40, 40};
static const double far_off[] = {200, 0, 200, 10, 210, 0, 200, 0};
/* Anticlockwise. */
static const double hole[] = {20, 20, 80, 20, 80, 80, 20, 80, 20, 20};
static const double far_hole[] = {201, 1, 203, 1, 201, 3, 201, 1};

static struct rv_err err;

static void put_square(struct shp_maker *m, const char *code, const char *name)
{
    const double *rings[] = {big};
    const uint32_t counts[] = {5};
    shp_add(m, rings, counts, 1, code, name);
}

static rv_status parse(struct arena *a, const struct shp_maker *m, const char *cpg,
                       const struct boundary_options *options, struct shape_file *ret)
{
    struct shapefile_bytes bytes = shp_bytes(m, PRJ_GRID, cpg);
    return shapefile_parse(a, &bytes, options, ret, &err);
}

static void shapes_rows_and_rings(void **state)
{
    (void)state;
    static const uint32_t types[] = {5, 15, 25};
    for (size_t t = 0; t < COUNT(types); t++) {
        struct shp_maker m;
        struct arena a;
        struct shape_file f;
        arena_init(&a, LIMIT_ARENA_BYTES);
        shp_begin(&m, types[t]);
        put_square(&m, "E05000001", "Abbey");
        shp_add(&m, NULL, NULL, 0, "E05000002", "Nowhere");
        /* Holes before their shells, an island in a hole, a part elsewhere. */
        const double *rings[] = {far_hole, hole, island, far_off, big};
        const uint32_t counts[] = {4, 5, 5, 4, 5};
        shp_add(&m, rings, counts, 5, "E05000003", "St Edward's");
        shp_end(&m);
        CHECK_OK(parse(&a, &m, NULL, NULL, &f));
        CHECK_INT(f.count, 3);
        CHECK_STRING(f.crs, "EPSG:27700");
        CHECK_INT(f.property_count, 2);
        CHECK_STRING(f.property_names[0], "CODE");
        CHECK_STRING(f.property_names[1], "NAME");
        CHECK(text_is(f.features[0].properties[0], "E05000001"));
        CHECK(text_is(f.features[2].properties[1], "St Edward's"));
        CHECK_INT(f.features[0].ring_count, 1);
        CHECK_INT(f.features[1].ring_count, 0);
        CHECK(text_is(f.features[1].properties[1], "Nowhere"));
        const struct shape_feature *s = &f.features[2];
        CHECK_INT(s->ring_count, 5);
        CHECK_INT(s->polygon_count, 3);
        /* Shells in the order of the file: island, far_off, big; each with its holes. */
        static const struct {
            uint32_t polygon, points;
            double x;
        } want[] = {{0, 5, 40}, {1, 4, 200}, {1, 4, 201}, {2, 5, 0}, {2, 5, 20}};
        for (size_t i = 0; i < COUNT(want); i++) {
            CHECK_INT(s->rings[i].polygon, want[i].polygon);
            CHECK_INT(s->rings[i].points, want[i].points);
            CHECK_NEAR(s->rings[i].xy[0], want[i].x, 0);
        }
        shp_done(&m);
        arena_done(&a);
    }
}

/* Some programs write all rings the other way round; and a lone hole is a shell. */
static void directions_the_wrong_way_round(void **state)
{
    (void)state;
    struct shp_maker m;
    struct arena a;
    struct shape_file f;
    static const double big_back[] = {0, 0, 100, 0, 100, 100, 0, 100, 0, 0};
    static const double hole_back[] = {20, 20, 20, 80, 80, 80, 80, 20, 20, 20};
    arena_init(&a, LIMIT_ARENA_BYTES);
    shp_begin(&m, 5);
    const double *back[] = {big_back, hole_back}, *apart[] = {big, far_hole};
    const uint32_t fives[] = {5, 5}, mixed[] = {5, 4};
    shp_add(&m, back, fives, 2, "A", "");
    shp_add(&m, apart, mixed, 2, "B", "");
    shp_end(&m);
    CHECK_OK(parse(&a, &m, NULL, NULL, &f));
    CHECK_INT(f.features[0].polygon_count, 1);
    CHECK_NEAR(f.features[0].rings[0].xy[2], 100, 0);
    CHECK_INT(f.features[1].polygon_count, 2);
    shp_done(&m);
    arena_done(&a);
}

/* A hole may share corners with its shell, and touch another shell's edge. */
static void holes_that_touch_their_shell(void **state)
{
    (void)state;
    struct shp_maker m;
    struct arena a;
    struct shape_file f;
    static const double neighbour[] = {100, 0, 100, 90, 190, 90, 190, 0, 100, 0};
    static const double back[] = {100, 50, 100, 20, 120, 30, 100, 50};
    static const double touching[] = {100, 50, 120, 30, 100, 20, 100, 50};
    arena_init(&a, LIMIT_ARENA_BYTES);
    shp_begin(&m, 5);
    const double *rings[] = {big, neighbour, back};
    const uint32_t counts[] = {5, 5, 4};
    shp_add(&m, rings, counts, 3, "A", "");
    const double *same[] = {big, neighbour, touching}; /* clockwise: a shell of its own */
    shp_add(&m, same, counts, 3, "B", "");
    shp_end(&m);
    CHECK_OK(parse(&a, &m, NULL, NULL, &f));
    CHECK_INT(f.features[0].polygon_count, 2);
    CHECK_INT(f.features[0].rings[2].polygon, 1);
    CHECK_NEAR(f.features[0].rings[1].xy[0], 100, 0);
    CHECK_INT(f.features[1].polygon_count, 3);
    shp_done(&m);
    arena_done(&a);
}

static void encodings_are_declared_never_guessed(void **state)
{
    (void)state;
    static const struct {
        const char *cpg, *option, *bytes, *want; /* want NULL = refused */
        unsigned char driver;
    } cases[] = {
        {NULL, NULL, "Plain", "Plain", 0},
        {NULL, NULL, "Caf\xE9", NULL, 0},
        {NULL, NULL, "Caf\xC3\xA9", NULL, 0},
        {"UTF-8", NULL, "Caf\xC3\xA9", "Caf\xC3\xA9", 0},
        {"UTF-8\r\n", NULL, "Caf\xE9", NULL, 0},
        {"ISO-8859-1", NULL, "Caf\xE9", "Caf\xC3\xA9", 0},
        {"1252", NULL, "King\x92s", "King\xE2\x80\x99s", 0},
        {"ANSI 1252", NULL, "\x80", "\xE2\x82\xAC", 0},
        {"1252", NULL, "\x81", NULL, 0},            /* means nothing there */
        {"ISO-8859-1", NULL, "King\x92s", NULL, 0}, /* a sign of windows-1252 */
        {"UTF-16", NULL, "Plain", NULL, 0},
        {NULL, "windows-1252", "Caf\xE9", "Caf\xC3\xA9", 0},
        {"UTF-8", "windows-1252", "Caf\xE9", "Caf\xC3\xA9", 0}, /* the person decides */
        {NULL, NULL, "Caf\xE9", "Caf\xC3\xA9", 0x57},
        {NULL, NULL, "Caf\xE9", "Caf\xC3\xA9", 0x03},
        {NULL, NULL, "Caf\xE9", NULL, 0x01},
        {"EBCDIC", NULL, "Plain", NULL, 0},
        {NULL, "klingon", "Plain", NULL, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct shp_maker m;
        struct arena a;
        struct shape_file f;
        struct boundary_options options = {NULL, cases[i].option, NULL};
        arena_init(&a, LIMIT_ARENA_BYTES);
        shp_begin(&m, 5);
        put_square(&m, "E05000001", cases[i].bytes);
        shp_end(&m);
        patch(&m.dbf, 29, &cases[i].driver, 1);
        rv_status status = parse(&a, &m, cases[i].cpg, &options, &f);
        if (rv_is_ok(status) != (cases[i].want != NULL)) {
            fail_msg("case %zu: %s", i, rv_is_ok(status) ? "read" : err.message);
        }
        if (cases[i].want) {
            CHECK(text_is(f.features[0].properties[1], cases[i].want));
        } else {
            CHECK_INT(status.code, RV_INVALID);
            CHECK(strstr(err.message, "--encoding") != NULL);
        }
        shp_done(&m);
        arena_done(&a);
    }
}

static void coordinate_systems_are_recognised_by_definition(void **state)
{
    (void)state;
    static const struct {
        const char *wkt, *want;
    } cases[] = {
        {PRJ_GRID, "EPSG:27700"},
        {PRJ_WGS84, "EPSG:4326"},
        /* As GDAL and QGIS write it. */
        {"PROJCS[\"OSGB36 / British National Grid\",GEOGCS[\"OSGB36\",DATUM[\"Ordnance_Survey_of_"
         "Great_Britain_1936\",SPHEROID[\"Airy 1830\",6377563.396,299.3249646]],PRIMEM["
         "\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
         "AUTHORITY[\"EPSG\",\"4277\"]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_"
         "of_origin\",49],PARAMETER[\"central_meridian\",-2],PARAMETER[\"scale_factor\","
         "0.9996012717],PARAMETER[\"false_easting\",400000],PARAMETER[\"false_northing\",-100000],"
         "UNIT[\"metre\",1],AXIS[\"Easting\",EAST],AXIS[\"Northing\",NORTH],AUTHORITY[\"EPSG\","
         "\"27700\"]]",
         "EPSG:27700"},
        {" GEOGCS ( \"x\" , DATUM(\"WGS_1984\",SPHEROID(\"w\",6378137,298.257223563)),\n "
         "PRIMEM(\"Greenwich\",0), UNIT(\"degree\",0.017453292519943295) ) ",
         "EPSG:4326"},
        /* Web Mercator: metres that are not metres. */
        {"PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_"
         "1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT["
         "\"Degree\",0.0174532925199433]],PROJECTION[\"Mercator_Auxiliary_Sphere\"],UNIT[\"Meter\","
         "1.0]]",
         "WGS_1984_Web_Mercator_Auxiliary_Sphere"},
        /* OSGB36 in degrees: 120 m from WGS84. */
        {"GEOGCS[\"GCS_OSGB_1936\",DATUM[\"D_OSGB_1936\",SPHEROID[\"Airy_1830\",6377563.396,"
         "299.3249646]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]",
         "GCS_OSGB_1936"},
        /* A name that lies. */
        {"GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"Airy_1830\",6377563.396,"
         "299.3249646]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]",
         "GCS_WGS_1984"},
        {"GEOGCS[\"Paris\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],"
         "PRIMEM[\"Paris\",2.33722917],UNIT[\"Degree\",0.0174532925199433]]",
         "Paris"},
        {"GEOGCS[\"grads\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],"
         "PRIMEM[\"Greenwich\",0],UNIT[\"Grad\",0.015707963267949]]",
         "grads"},
        /* A definition and an authority that disagree. */
        {"GEOGCS[\"two minds\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]]"
         ",PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433],AUTHORITY[\"EPSG\","
         "\"4258\"]]",
         "two minds"},
        {"", "unknown"},
        {"GEOGCS", "unknown"},
        {"GEOGCS[", "unknown"},
        {"GEOGCS[\"x\"", "unknown"},
        {"GEOGCS[\"x]", "unknown"},
        {"GEOGCS[]", "unknown"},
        {"[\"x\"]", "unknown"},
        {"a,b", "unknown"},
        {"A[\"x\"],B[\"y\"]", "unknown"},
        {"A[\"x\"]]", "unknown"},
        {"A[\"\"]", "unknown"},
        {"\xFF\xFE", "unknown"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        const char *got = wkt_crs(&a, text_of(cases[i].wkt));
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("case %zu: %s, expected %s", i, got, cases[i].want);
        }
        arena_done(&a);
    }
}

/* Each parameter of the National Grid, changed by little, makes it something else. */
static void a_parameter_that_differs_is_another_system(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"400000.0", "400000.1"},
        {"-100000.0", "-100010.0"},
        {"-2.0", "-2.001"},
        {"0.9996012717", "0.9996"},
        {"49.0", "49.5"},
        {"\"Meter\",1.0", "\"Foot\",0.3"},
        {"6377563.396", "6377563"},
        {"299.3249646", "299.32"},
        {"\"Greenwich\",0.0", "\"x\",2.3"},
        {"D_OSGB_1936", "D_OSGB70"},
        {"Transverse_M", "Oblique_M"},
        {"False_Easting", "False_Easing"},
    };
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        const char *at = strstr(PRJ_GRID, changes[i][0]);
        const char *wkt = arena_printf(&a, "%.*s%s%s", (int)(at - PRJ_GRID), PRJ_GRID,
                                       changes[i][1], at + strlen(changes[i][0]));
        CHECK_STRING(wkt_crs(&a, text_of(wkt)), "British_National_Grid");
        arena_done(&a);
    }
}

/* ---- damage ---- */

static void two_squares(struct shp_maker *m)
{
    shp_begin(m, 5);
    put_square(m, "E05000001", "One");
    put_square(m, "E05000002", "Two");
    shp_end(m);
}

static const unsigned char huge[4] = {0xFF, 0xFF, 0xFF, 0x7F}, star[1] = {'*'};
static const double infinite = (double)INFINITY;

/* What is put at a place of one part; what the refusal then says. */
static const struct {
    char part; /* p = shp, x = shx, d = dbf */
    size_t at;
    const void *bytes;
    size_t n;
    const char *says;
} damages[] = {
    {'p', 0, "x", 1, ".shp does not begin as one does"},
    {'x', 0, "x", 1, ".shx does not begin as one does"},
    {'p', 24, "\x7F\xFF\xFF\xFF", 4, "the .shp breaks off"},
    {'x', 24, "\x7F\xFF\xFF\xFF", 4, "the .shx breaks off"},
    {'x', 24, "\0\0\0\x30", 4, "the .dbf has 2 rows for 0 shapes"},
    {'p', 32, "\1", 1, "holds points"},
    {'p', 32, "\3", 1, "holds lines"},
    {'p', 32, "\0", 1, "holds no shapes"},
    {'p', 32, "\x1F", 1, "holds shapes that are no areas"},
    {'x', 100, "\0\0\0\0", 4, "feature 1 is not where the .shx says"},
    {'x', 100, "\x7F\xFF\xFF\xFF", 4, "feature 1 is not where the .shx says"},
    {'x', 108, "\0\0\0\x32", 4, "feature 2 is not where the .shx says"}, /* that of feature 1 */
    {'x', 104, "\0\0\0\x02", 4, "feature 1 is not where the .shx says"},
    {'x', 112, "\x7F\xFF\xFF\xFF", 4, "the .shp or the .shx cannot be read"},
    {'p', 100, "\0\0\0\7", 4, "feature 1 is not where the .shx says"},
    {'p', 108, "\3", 1, "feature 1 says it has more points than its record"},
    {'p', 144, huge, 4, "feature 1 says it has more points than its record"},
    {'p', 148, huge, 4, "feature 1 says it has more points than its record"},
    {'p', 152, "\1", 1, "feature 1"}, /* a part that begins at point 1 */
    {'p', 156, &infinite, 8, "feature 1 has a coordinate that is not finite"},
    {'p', 156, "\1", 1, "feature 1 has a ring whose last point is not its first"},
    {'d', 4, "\3", 1, "the .dbf breaks off"},
    {'d', 4, "\1", 1, "the .dbf has 1 rows for 2 shapes"},
    {'d', 4, huge, 4, "the .dbf breaks off"},
    {'d', 8, "\x20\0", 2, "the .dbf breaks off"},
    {'d', 10, "\1\0", 2, "the .dbf breaks off"},
    {'d', 48, "\xFF", 1, "the .dbf cannot be read"},
    {'d', 64, "CODE", 4, "columns 1 and 2 of the .dbf are both called \"CODE\""},
    {'d', 97, star, 1, "row 1 of the .dbf is marked as deleted"},
};

static void damage_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct shp_maker m;
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        two_squares(&m);
        struct buf *b = damages[i].part == 'p' ? &m.shp : damages[i].part == 'x' ? &m.shx : &m.dbf;
        patch(b, damages[i].at, damages[i].bytes, damages[i].n);
        rv_status status = parse(&a, &m, NULL, NULL, &f);
        if (status.code != RV_INVALID || !strstr(err.message, damages[i].says)) {
            fail_msg("case %zu: %s \"%s\", expected \"%s\"", i, rv_code_name(status.code),
                     rv_is_ok(status) ? "" : err.message, damages[i].says);
        }
        CHECK_INT(f.count, 77);
        shp_done(&m);
        arena_done(&a);
    }
}

static void rings_that_are_none_are_refused(void **state)
{
    (void)state;
    struct shp_maker m;
    struct arena a;
    struct shape_file f;
    static const double three[] = {0, 0, 0, 1, 0, 0};
    const double *rings[] = {big, three};
    const uint32_t counts[] = {5, 3};
    arena_init(&a, LIMIT_ARENA_BYTES);
    shp_begin(&m, 5);
    shp_add(&m, rings, counts, 2, "A", "");
    shp_end(&m);
    CHECK_FAILS(parse(&a, &m, NULL, NULL, &f), RV_INVALID);
    CHECK(strstr(err.message, "feature 1 has a ring of fewer than 4 points") != NULL);
    shp_done(&m);
    arena_done(&a);
}

/* Every part cut anywhere, and every missing part: refused, or read whole. */
static void files_that_break_off_are_refused(void **state)
{
    (void)state;
    struct shp_maker m;
    two_squares(&m);
    struct shapefile_bytes whole = shp_bytes(&m, PRJ_GRID, NULL);
    struct text *parts[] = {&whole.shp, &whole.shx, &whole.dbf};
    for (size_t k = 0; k < COUNT(parts); k++) {
        struct text kept = *parts[k];
        for (size_t n = 0; n < kept.n; n++) {
            struct arena a;
            struct shape_file f;
            arena_init(&a, LIMIT_ARENA_BYTES);
            *parts[k] = (struct text){n ? kept.at : NULL, n};
            bool is_end_mark = k == 2 && n == kept.n - 1; /* 0x1A may be missing */
            CHECK_INT(shapefile_parse(&a, &whole, NULL, &f, &err).code,
                      is_end_mark ? RV_OK : RV_INVALID);
            if (n == 0) {
                CHECK(strstr(err.message, "is not there") != NULL);
            }
            arena_done(&a);
        }
        *parts[k] = kept;
    }
    shp_done(&m);
}

/* A shape of n squares: nested, every second one a hole; or apart, all holes but the first. */
static rv_status parse_many(uint32_t n, bool is_nested)
{
    struct shp_maker m;
    struct arena a;
    struct shape_file f;
    const double **rings = calloc(n, sizeof *rings);
    uint32_t *counts = calloc(n, sizeof *counts);
    double *xy = calloc(n, 10 * sizeof *xy);
    for (uint32_t i = 0; i < n; i++) {
        double low = is_nested ? i : i ? 2.0 * n + i : 0;
        double high = is_nested ? 2.0 * n - i : i ? low + 0.5 : 1;
        bool is_hole = is_nested ? i % 2 : i > 0;
        const double square[] = {low,  low,  is_hole ? high : low, is_hole ? low : high,
                                 high, high, is_hole ? low : high, is_hole ? high : low,
                                 low,  low};
        memcpy(xy + (size_t)10 * i, square, sizeof square);
        rings[i] = xy + (size_t)10 * i;
        counts[i] = 5;
    }
    arena_init(&a, LIMIT_ARENA_BYTES);
    shp_begin(&m, 5);
    m.shp.limit = (size_t)1 << 28;
    shp_add(&m, rings, counts, n, "A", "");
    shp_end(&m);
    rv_status status = parse(&a, &m, NULL, NULL, &f);
    if (rv_is_ok(status)) {
        CHECK_INT(f.features[0].polygon_count, is_nested ? (n + 1) / 2 : n);
    }
    free(rings);
    free(counts);
    free(xy);
    shp_done(&m);
    arena_done(&a);
    return status;
}

/* Sorting the rings of one shape would take minutes if nothing counted. */
static void work_is_bounded(void **state)
{
    (void)state;
    CHECK_OK(parse_many(100000, true));
    CHECK_OK(parse_many(5000, false));
    CHECK_FAILS(parse_many(100000, false), RV_LIMIT);
    CHECK(strstr(err.message, "feature 1 has so many rings") != NULL);
}

/* Each allocation of ours fails in turn: a clean failure. */
static void running_out_of_memory(void **state)
{
    (void)state;
    struct shp_maker m;
    two_squares(&m);
    struct shapefile_bytes bytes = shp_bytes(&m, PRJ_GRID, "1252");
    for (long n = 1;; n++) {
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        memory_fail_nth(n);
        rv_status status = shapefile_parse(&a, &bytes, NULL, &f, &err);
        long asked = memory_fail_count();
        memory_fail_nth(0);
        arena_done(&a);
        if (asked < n) {
            CHECK_INT(status.code, RV_OK);
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
        CHECK_INT(f.count, 77);
    }
    shp_done(&m);
}

/* ---- on disk ---- */

static void put_file(const char *dir, const char *name, struct text bytes)
{
    char path[192];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK_OK(file_write(path, bytes, &err));
}

static void files_side_by_side(void **state)
{
    (void)state;
    struct shp_maker m;
    struct arena a;
    struct shape_file f;
    char dir[64], path[128], sha[SHA256_HEX + 1], want[SHA256_HEX + 1], command[96];
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    two_squares(&m);
    arena_init(&a, LIMIT_ARENA_BYTES);
    put_file(dir, "w.shp", buf_view(&m.shp));
    (void)snprintf(path, sizeof path, "%s/w.shp", dir);
    CHECK_FAILS(boundary_read(&a, path, NULL, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "w.shp: the .shx is not there") != NULL);
    put_file(dir, "w.shx", buf_view(&m.shx));
    CHECK_FAILS(boundary_read(&a, path, NULL, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "w.shp: the .dbf is not there") != NULL);
    put_file(dir, "w.DBF", buf_view(&m.dbf)); /* the other case will do */
    CHECK_OK(boundary_read(&a, path, NULL, &f, sha, &err));
    CHECK_STRING(f.crs, "none");
    struct boundary_options options = {NULL, NULL, "EPSG:27700"};
    CHECK_OK(boundary_read(&a, path, &options, &f, sha, &err));
    CHECK_STRING(f.crs, "EPSG:27700");
    put_file(dir, "w.prj", text_of(PRJ_WGS84));
    CHECK_OK(boundary_read(&a, path, NULL, &f, sha, &err));
    CHECK_STRING(f.crs, "EPSG:4326");
    CHECK_FAILS(boundary_read(&a, path, &options, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "declares that it is in EPSG:4326, not in EPSG:27700") != NULL);
    options = (struct boundary_options){"wards", NULL, NULL};
    CHECK_FAILS(boundary_read(&a, path, &options, &f, sha, &err), RV_INVALID);
    CHECK(strstr(err.message, "--table says nothing") != NULL);
    struct buf all;
    buf_init(&all, (size_t)1 << 20);
    buf_slice(&all, buf_view(&m.shp));
    buf_slice(&all, buf_view(&m.dbf));
    buf_text(&all, PRJ_WGS84);
    CHECK_OK(sha256_of(all.bytes, all.n, want, &err));
    CHECK_STRING(sha, want);
    buf_done(&all);
    shp_done(&m);
    arena_done(&a);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    CHECK_INT(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_rows_and_rings),
        cmocka_unit_test(directions_the_wrong_way_round),
        cmocka_unit_test(holes_that_touch_their_shell),
        cmocka_unit_test(encodings_are_declared_never_guessed),
        cmocka_unit_test(coordinate_systems_are_recognised_by_definition),
        cmocka_unit_test(a_parameter_that_differs_is_another_system),
        cmocka_unit_test(damage_is_refused_with_its_place),
        cmocka_unit_test(rings_that_are_none_are_refused),
        cmocka_unit_test(files_that_break_off_are_refused),
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(running_out_of_memory),
        cmocka_unit_test(files_side_by_side),
    };
    return cmocka_run_group_tests_name("read/shapefile", tests, NULL, NULL);
}

/* tests/read/test_geojson.c — boundary files: what is read, what is refused and how that is said.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "read/geojson.h"

static rv_status parse(struct arena *a, const char *json, struct shape_file *ret,
                       struct rv_err *reterr)
{
    return geojson_parse(a, text_of(json), ret, reterr);
}

#define SQUARE "[[0,0],[0,1],[1,1],[0,0]]"
#define FEATURE(properties, geometry)                                                              \
    "{\"type\":\"Feature\",\"properties\":" properties ",\"geometry\":" geometry "}"
#define POLYGON           "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}"
#define FILE_OF(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static void properties_and_rings(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(parse(
        &a,
        FILE_OF(FEATURE(
            "{\"code\":\"E1\",\"n\":2193,\"x\":0.1,\"z\":28.0,\"b\":true}",
            POLYGON) "," FEATURE("{\"late\":\"\\u00e9\",\"n\":-5,\"code\":null,\"big\":1e300,\"m\":"
                                 "1e15,"
                                 "\"neg\":-0.0,\"in\":{\"a\":[1,2]}}",
                                 "{\"coordinates\":[[" SQUARE "," SQUARE
                                 "],[[[5.5,-6e0,9],[5,7,9],[6,7,9],"
                                 "[5.5,-6,9]]]],\"type\":\"MultiPolygon\"}") "," FEATURE("null",
                                                                                         POLYGON)),
        &f, &err));
    CHECK_INT(f.count, 3);
    CHECK_INT(f.property_count, 10);
    static const char *const names[] = {"code", "n",   "x", "z",   "b",
                                        "late", "big", "m", "neg", "in"};
    static const char *const want[3][10] = {
        {"E1", "2193", "0.1", "28", "true", "", "", "", "", ""},
        {"", "-5", "", "", "", "\xC3\xA9", "1e+300", "1e+15", "0", "{\"a\":[1,2]}"},
        {"", "", "", "", "", "", "", "", "", ""},
    };
    for (uint32_t p = 0; p < 10; p++) {
        CHECK_STRING(f.property_names[p], names[p]);
        for (uint32_t i = 0; i < 3; i++) {
            CHECK(text_is(f.features[i].properties[p], want[i][p]));
        }
    }
    CHECK_STRING(f.crs, "EPSG:4326");
    CHECK_INT(f.features[0].ring_count, 1);
    CHECK_INT(f.features[0].polygon_count, 1);
    const struct shape_feature *m = &f.features[1];
    CHECK_INT(m->ring_count, 3);
    CHECK_INT(m->polygon_count, 2);
    CHECK_INT(m->rings[0].polygon, 0);
    CHECK_INT(m->rings[1].polygon, 0);
    CHECK_INT(m->rings[2].polygon, 1);
    CHECK_INT(m->rings[2].points, 4);
    CHECK_NEAR(m->rings[2].xy[0], 5.5, 0);
    CHECK_NEAR(m->rings[2].xy[1], -6, 0);
    CHECK_NEAR(m->rings[2].xy[3], 7, 0);
    arena_done(&a);
}

struct refusal {
    const char *json;
    enum rv_code code;
    const char *says;
};
#define G(geometry)  FILE_OF(FEATURE("{}", POLYGON) "," FEATURE("{}", geometry))
#define RINGS(rings) G("{\"type\":\"Polygon\",\"coordinates\":[" rings "]}")

static const struct refusal refusals[] = {
    {"", RV_INVALID, "line 1, column 1: '{' expected"},
    {"[]", RV_INVALID, "line 1, column 1: '{' expected"},
    {"{}", RV_INVALID, "its type is ''"},
    {"{\"type\":\"FeatureCollection\"}", RV_INVALID, "with features"},
    {"{\"features\":[]}", RV_INVALID, "its type is ''"},
    {"{\"type\":\"Topology\",\"features\":[]}", RV_INVALID, "its type is 'Topology'"},
    {FILE_OF("") "x", RV_INVALID, "text after the end"},
    {FILE_OF("") "{}", RV_INVALID, "line 1, column 43: text after the end"},
    {"{\"type\":\"FeatureCollection\",\n\"features\":[\n{]}", RV_INVALID, "line 3, column "},
    {"{\"type\":\"FeatureCollection\",\n \"features\":{}}", RV_INVALID,
     "line 2, column 13: '[' expected"},
    {"{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("{}", POLYGON), RV_INVALID,
     "',' expected"},
    {"{\"type\":\"FeatureCollection\",}", RV_INVALID, "line 1, column "},
    {"{\"type\":\"FeatureCollection\",1:2}", RV_INVALID, "a name in quotation marks"},
    {"{\"type\":\"FeatureCollection\",\"type\":\"x\"}", RV_INVALID, "twice"},
    {"{\"features\":[],\"features\":[],\"type\":\"FeatureCollection\"}", RV_INVALID, "twice"},
    {FILE_OF(FEATURE("{\"a\":1,\"a\":2}", POLYGON)), RV_INVALID, "duplicate object key"},
    {FILE_OF(FEATURE("{\"a\":1e999}", POLYGON)), RV_INVALID, "real number overflow"},
    {FILE_OF(FEATURE("{\"a\":\"\xFF\"}", POLYGON)), RV_INVALID, "unable to decode byte 0xff"},
    {FILE_OF(FEATURE("{\"a\":\"\\u0000\"}", POLYGON)), RV_INVALID, "\\u0000"},
    {FILE_OF(FEATURE("[]", POLYGON)), RV_INVALID, "feature 1 has properties that are no"},
    {FILE_OF("{\"type\":\"Point\"}"), RV_INVALID, "feature 1 is not of type 'Feature'"},
    {FILE_OF("7"), RV_INVALID, "feature 1 is not of type 'Feature'"},
    {G("{\"type\":\"Point\",\"coordinates\":[1,2]}"), RV_INVALID, "feature 2 is a 'Point'"},
    {G("{\"type\":\"GeometryCollection\",\"geometries\":[" POLYGON "]}"), RV_INVALID,
     "feature 2 is a 'GeometryCollection'"},
    {G("[]"), RV_INVALID, "feature 2 is a ''"},
    {G("{\"type\":\"Polygon\"}"), RV_INVALID, "feature 2 has a polygon without rings"},
    {RINGS(""), RV_INVALID, "feature 2 has a polygon without rings"},
    {RINGS("[]"), RV_INVALID, "fewer than 4 points"},
    {RINGS("{}"), RV_INVALID, "fewer than 4 points"},
    {RINGS("[[0,0],[1,1],[0,0]]"), RV_INVALID, "fewer than 4 points"},
    {RINGS("[[0,0],[0,1],[1,1],[1,0]]"), RV_INVALID, "last point is not its first"},
    {RINGS("[[0,0],[0,1],[1],[0,0]]"), RV_INVALID, "not two numbers"},
    {RINGS("[[0,0],[0,1],[1,\"1\"],[0,0]]"), RV_INVALID, "not two numbers"},
    {RINGS("[[0,0],[0,1],7,[0,0]]"), RV_INVALID, "not two numbers"},
    {RINGS("[[0,0],[0,1],[1,1e999],[0,0]]"), RV_INVALID, "real number overflow"},
    {G("{\"type\":\"MultiPolygon\",\"coordinates\":[[]]}"), RV_INVALID,
     "feature 2 has a polygon without rings"},
    {G("{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "],[]]}"), RV_INVALID,
     "feature 2 has a polygon without rings"},
};

static void refused_with_the_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct rv_err err = {0};
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        rv_status status = parse(&a, refusals[i].json, &f, &err);
        if (status.code != refusals[i].code || !strstr(err.message, refusals[i].says)) {
            fail_msg("%s gave %s: %s", refusals[i].json, rv_code_name(status.code), err.message);
        }
        CHECK_INT(f.count, 77);
        arena_done(&a);
    }
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct shape_file f;
    arena_init(&a, LIMIT_ARENA_BYTES);
    size_t n = 100000;
    char *json = test_malloc(n + 64);
    int head = snprintf(json, 64, "{\"type\":\"FeatureCollection\",\"features\":");
    memset(json + head, '[', n);
    CHECK_FAILS(geojson_parse(&a, (struct text){json, (size_t)head + n}, &f, &err), RV_INVALID);
    CHECK(strstr(err.message, "depth"));
    test_free(json);
    arena_done(&a);
}

static void reference_systems(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}}",
         "EPSG:4326"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::27700\"}}",
         "EPSG:27700"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG:8.9:27700\"}}",
         "EPSG:27700"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:27700\"}}", "EPSG:27700"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"epsg:3857\"}}", "EPSG:3857"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:x\"}}", "EPSG:x"},
        {"{\"type\":\"name\",\"properties\":{\"name\":\"British National Grid\"}}",
         "British National Grid"},
        {"{\"type\":\"EPSG\",\"properties\":{\"code\":27700}}", "EPSG:27700"},
        {"null", "none"},
        {"{}", "unknown"},
        {"7", "unknown"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct rv_err err = {0};
        struct arena a;
        struct shape_file f;
        char json[512];
        arena_init(&a, LIMIT_ARENA_BYTES);
        (void)snprintf(json, sizeof json,
                       "{\"features\":[],\"crs\":%s,\"type\":\"FeatureCollection\"}", pairs[i][0]);
        CHECK_OK(parse(&a, json, &f, &err));
        CHECK_STRING(f.crs, pairs[i][1]);
        arena_done(&a);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const char *json = FILE_OF(FEATURE("{\"code\":\"E1\",\"in\":{\"a\":[1,2.5]}}", POLYGON));
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        struct arena a;
        struct shape_file f = {.count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        memory_fail_nth(n);
        rv_status status = parse(&a, json, &f, &err);
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        arena_done(&a);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 10);
            return;
        }
        if (status.code != RV_NO_MEMORY || f.count != 77) {
            fail_msg("allocation %ld gave %s: %s", n, rv_code_name(status.code), err.message);
        }
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct shape_file f;
    arena_init(&a, 4096);
    CHECK_FAILS(parse(&a, FILE_OF(FEATURE("{}", POLYGON)), &f, &err), RV_LIMIT);
    arena_done(&a);
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct text large = {"", LIMIT_BOUNDARY_BYTES + 1};
    CHECK_FAILS(geojson_parse(&a, large, &f, &err), RV_LIMIT);
    arena_done(&a);
}

struct real {
    const char *path, *code, *first_code;
    uint32_t count;
};

static const struct real reals[] = {
    {"data/boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "LAD22CD", "E09000002", 33},
    {"data/boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson", "LSOA11CD", "E01002243", 150},
    {"data/boundaries-lsoa-2021/havering_lsoa21_E09000016.geojson", "LSOA21CD", "E01002243", 153},
    {"data/boundaries-wards-2018/London_Ward_2018.wgs84.geojson", "GSS_CODE", "E05000405", 657},
    {"data/boundaries-wards-current/havering_wards_E09000016.geojson", "WD25CD", "E05013967", 20},
    {"data/boundaries-wards-current/london_wards_drkane_E12000007.geojson", "WD25CD", "E05009288",
     704},
};

static void real_boundaries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        struct rv_err err = {0};
        struct arena a;
        struct shape_file f;
        char sha[SHA256_HEX + 1];
        arena_init(&a, LIMIT_ARENA_BYTES);
        CHECK_OK(geojson_read(&a, shared_or_skip(reals[i].path), &f, sha, &err));
        CHECK_INT(f.count, reals[i].count);
        CHECK_STRING(f.crs, "EPSG:4326");
        CHECK_INT(strlen(sha), SHA256_HEX);
        uint32_t p = 0;
        while (p < f.property_count && strcmp(f.property_names[p], reals[i].code) != 0) {
            p++;
        }
        CHECK(p < f.property_count);
        CHECK(text_is(f.features[0].properties[p], reals[i].first_code));
        for (uint32_t k = 0; k < f.count; k++) {
            CHECK(f.features[k].ring_count >= f.features[k].polygon_count);
            CHECK_INT(f.features[k].properties[p].n, 9);
        }
        arena_done(&a);
    }
}

static void files_are_named(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct shape_file f;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/x.geojson", test_dir());
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_FAILS(geojson_read(&a, path, &f, NULL, &err), RV_NOT_FOUND);
    CHECK_OK(file_write(path, text_of("{"), &err));
    CHECK_INT(truncate(path, (long)LIMIT_BOUNDARY_BYTES + 1), 0); /* a hole: takes no room */
    CHECK_FAILS(geojson_read(&a, path, &f, NULL, &err), RV_LIMIT);
    CHECK_OK(file_write(path, text_of("{"), &err));
    CHECK_FAILS(geojson_read(&a, path, &f, NULL, &err), RV_INVALID);
    CHECK(strncmp(err.message, path, strlen(path)) == 0);
    CHECK_OK(file_write(path, text_of("\xEF\xBB\xBF" FILE_OF("")), &err));
    CHECK_OK(geojson_read(&a, path, &f, NULL, &err));
    CHECK_INT(f.count, 0);
    CHECK_INT(unlink(path), 0);
    *strrchr(path, '/') = '\0';
    CHECK_INT(rmdir(path), 0);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_and_rings),      cmocka_unit_test(refused_with_the_place),
        cmocka_unit_test(deep_nesting_is_refused),   cmocka_unit_test(reference_systems),
        cmocka_unit_test(every_allocation_may_fail), cmocka_unit_test(limits_hold),
        cmocka_unit_test(real_boundaries),           cmocka_unit_test(files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

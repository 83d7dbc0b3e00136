/* tests/place/test_areas.c — boundary files as layers: what is kept, mended and refused.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fixture.h"
#include "place/vintage.h"
#include "read/geojson.h"

#include <limits.h>
#include <signal.h>
#include <sys/wait.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *one_feature(struct world *w, const char *crs, const char *geometry)
{
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    put_feature(&b, "E05000001", geometry);
    const char *json = collection(w, crs, &b);
    buf_done(&b);
    return json;
}

static void a_layer_is_kept_in_order_of_code(void **state)
{
    (void)state;
    struct world w = world_open(2);
    struct areas_report r;
    import_squares(&w, "ward", "2022-05", "E05", 4, &r);
    CHECK_INT(r.areas, 16);
    CHECK_INT(r.parts, 16);
    CHECK_INT(r.holes, 0);
    CHECK_INT(r.repaired, 0);
    CHECK_STRING(r.crs, "EPSG:27700");
    CHECK_STRING(r.pipeline, "");
    CHECK_NEAR(r.accuracy_m, 0, 0);
    const struct layer *l = layer_of(&w, "ward", NULL);
    CHECK(l != NULL);
    CHECK_INT(l->count, 16);
    CHECK_STRING(l->vintage, "2022-05");
    CHECK_STRING(l->file_name, "areas-0.geojson");
    CHECK_STRING(l->imported_at, NOW);
    CHECK_INT(strlen(l->sha256), 64);
    for (uint32_t i = 0; i < l->count; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "E05%02u", i);
        CHECK_STRING(l->areas[i].code, code);
        CHECK_NEAR(l->areas[i].area_m2, 4e6, 1e-12);
        CHECK_NEAR(l->areas[i].point_e, WEST_M + 2000 * (i % 4) + 1000, 1e-12);
        CHECK_NEAR(l->areas[i].point_n, SOUTH_M + 2000 * (i / 4) + 1000, 1e-12);
        CHECK_INT(layer_find(l, text_of(code)), i + 1);
    }
    CHECK_STRING(l->areas[7].name, "Area E0507");
    CHECK_INT(layer_find(l, text_of("E0516")), 0);
    CHECK_INT(layer_find(l, text_of("E05")), 0);
    CHECK_INT(layer_find(l, text_of("")), 0);
    world_close(&w);
}

static void degrees_are_projected_and_the_pipeline_recorded(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    /* The corners of a 1 km square of the grid, by the way back. */
    struct projector *p = NULL;
    CHECK_OK(projector_open(&p, &err));
    double xy[5][2];
    static const double metres[5][2] = {
        {550000, 185000}, {551000, 185000}, {551000, 186000}, {550000, 186000}, {550000, 185000}};
    for (int i = 0; i < 5; i++) {
        CHECK(project_to_wgs84(p, metres[i][0], metres[i][1], &xy[i][0], &xy[i][1]));
    }
    const char *geometry = arena_printf(
        &w.arena,
        "{\"type\":\"Polygon\",\"coordinates\":[[[%.10f,%.10f],[%.10f,%.10f],[%.10f,%.10f],"
        "[%.10f,%.10f],[%.10f,%.10f]]]}",
        xy[0][0], xy[0][1], xy[1][0], xy[1][1], xy[2][0], xy[2][1], xy[3][0], xy[3][1], xy[4][0],
        xy[4][1]);
    CHECK_OK(import_text(&w, one_feature(&w, "", geometry), "ward", "2018", &r));
    const struct layer *l = layer_of(&w, "ward", "2018");
    CHECK_STRING(l->crs, "EPSG:4326");
    CHECK_STRING(l->pipeline, projector_pipeline(p));
    CHECK_NEAR(l->accuracy_m, projector_accuracy_m(p), 0);
    CHECK_STRING(r.pipeline, l->pipeline);
    CHECK_NEAR(l->areas[0].area_m2, 1e6, 1e-5);
    CHECK_NEAR(l->areas[0].point_e, 550500, 1e-6);
    projector_close(p);
    world_close(&w);
}

static void holes_and_parts_are_counted_and_kept(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    const char *geometry =
        "{\"type\":\"MultiPolygon\",\"coordinates\":["
        "[[[550000,185000],[551000,185000],[551000,186000],[550000,186000],[550000,185000]],"
        "[[550200,185200],[550200,185400],[550400,185400],[550400,185200],[550200,185200]]],"
        "[[[553000,185000],[553500,185000],[553500,185500],[553000,185000]]]]}";
    CHECK_OK(import_text(&w, one_feature(&w, GRID_CRS, geometry), "ward", "2018", &r));
    CHECK_INT(r.parts, 2);
    CHECK_INT(r.holes, 1);
    CHECK_INT(r.repaired, 0);
    CHECK_NEAR(layer_of(&w, "ward", NULL)->areas[0].area_m2, 1e6 - 4e4 + 125000, 1e-12);
    struct place_index *index = NULL;
    CHECK_OK(place_index_open(w.store, &w.arena, layer_of(&w, "ward", NULL), 1, &index, &err));
    /* In the shell, in the hole, on the hole's edge, in the second part, between the parts. */
    const int64_t e[] = {550100000, 550300000, 550200000, 553400000, 552000000};
    const int64_t n[] = {185100000, 185300000, 185300000, 185100000, 185100000};
    const uint32_t want[] = {1, 0, 1, 1, 0};
    uint32_t placed[5];
    CHECK_OK(place_points(index, 0, 5, e, n, NULL, placed, &err));
    for (int i = 0; i < 5; i++) {
        CHECK_INT(placed[i], want[i]);
    }
    place_index_close(index);
    world_close(&w);
}

static void broken_shapes_are_repaired_with_a_note(void **state)
{
    (void)state;
    static const struct {
        const char *geometry, *fault;
        double area_m2;
        uint32_t parts;
    } cases[] = {
        /* A bow tie: both wings stay. */
        {"{\"type\":\"Polygon\",\"coordinates\":[[[550000,185000],[551000,186000],[551000,185000],"
         "[550000,186000],[550000,185000]]]}",
         "Self-intersection near 550500, 185500", 500000, 2},
        /* Two overlapping parts: joined, the overlap is not lost. */
        {"{\"type\":\"MultiPolygon\",\"coordinates\":[[[[550000,185000],[551000,185000],"
         "[551000,186000],[550000,186000],[550000,185000]]],[[[550500,185500],[551500,185500],"
         "[551500,186500],[550500,186500],[550500,185500]]]]}",
         "Self-intersection near", 1750000, 1},
        /* A spike: gone. */
        {"{\"type\":\"Polygon\",\"coordinates\":[[[550000,185000],[551000,185000],[551000,186000],"
         "[550500,186000],[550500,187000],[550500,186000],[550000,186000],[550000,185000]]]}",
         "Self-intersection near", 1000000, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world w = world_open(1);
        struct areas_report r;
        CHECK_OK(import_text(&w, one_feature(&w, GRID_CRS, cases[i].geometry), "ward", "2018", &r));
        CHECK_INT(r.repaired, 1);
        CHECK_INT(r.note_count, 1);
        CHECK_STRING(r.notes[0].code, "E05000001");
        if (!strstr(r.notes[0].note, cases[i].fault)) {
            fail_msg("case %zu: \"%s\"", i, r.notes[0].note);
        }
        CHECK(strstr(r.notes[0].note, "repaired, area changed from") != NULL);
        const struct layer *l = layer_of(&w, "ward", NULL);
        CHECK_STRING(l->areas[0].note, r.notes[0].note);
        CHECK_NEAR(l->areas[0].area_m2, cases[i].area_m2, 1e-9);
        CHECK_INT(r.parts, cases[i].parts);
        world_close(&w);
    }
}

static void a_file_that_does_not_fit_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const char good[] = "{\"type\":\"Polygon\",\"coordinates\":[[[550000,185000],"
                               "[551000,185000],[551000,186000],[550000,185000]]]}";
    static const struct {
        const char *crs, *geometry, *message;
    } cases[] = {
        {"\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::3857\"}},",
         good, "is in EPSG:3857: Reeve reads boundaries in EPSG:4326"},
        {"", good, "looks like metres, but the file declares degrees"},
        {GRID_CRS,
         "{\"type\":\"Polygon\",\"coordinates\":[[[0.1,51.5],[0.2,51.5],[0.2,51.6],[0.1,51.5]]]}",
         "looks like degrees, but the file declares metres"},
        {"",
         "{\"type\":\"Polygon\",\"coordinates\":[[[51.5,0.1],[51.5,0.2],[51.6,0.2],[51.5,0.1]]]}",
         "latitude and longitude the wrong way round"},
        {"", "{\"type\":\"Polygon\",\"coordinates\":[[[-74,40],[-73,40],[-73,41],[-74,40]]]}",
         "the coordinate -74, 40 is outside Great Britain"},
        {GRID_CRS,
         "{\"type\":\"Polygon\",\"coordinates\":[[[550000,185000],[551000,185000],[550500,185000],"
         "[550000,185000]]]}",
         "feature 1 (E05000001) of areas-0.geojson: the shape encloses no area"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world w = world_open(1);
        struct areas_report r;
        CHECK_FAILS(
            import_text(&w, one_feature(&w, cases[i].crs, cases[i].geometry), "ward", "2018", &r),
            RV_INVALID);
        if (!strstr(err.message, cases[i].message)) {
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.message, cases[i].message);
        }
        CHECK_INT(layer_count(&w), 0);
        world_close(&w);
    }
}

static void codes_must_be_there_and_different(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    put_feature(&b, "E05000002", square(&w, 550000, 185000, 500));
    put_feature(&b, "E05000001", square(&w, 551000, 185000, 500));
    put_feature(&b, " E05000002 ", square(&w, 552000, 185000, 500));
    CHECK_FAILS(import_text(&w, collection(&w, GRID_CRS, &b), "ward", "2018", &r), RV_INVALID);
    CHECK(strstr(err.message, "features 1 and 3 of areas-0.geojson both have the code "
                              "\"E05000002\" (column code)") != NULL);
    buf_clear(&b);
    put_feature(&b, "E05000001", square(&w, 551000, 185000, 500));
    put_feature(&b, "  ", square(&w, 552000, 185000, 500));
    CHECK_FAILS(import_text(&w, collection(&w, GRID_CRS, &b), "ward", "2018", &r), RV_INVALID);
    CHECK(strstr(err.message, "feature 2 of areas-1.geojson has no code in column code") != NULL);
    buf_done(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/areas-1.geojson", w.dir);
    struct areas_options options = {"ward", "2018", "GSS_CODE", "name", {NULL, NULL, NULL}, NULL};
    CHECK_FAILS(areas_import(w.store, &w.arena, w.pool, NULL, path, &options, NOW, &r, &err),
                RV_INVALID);
    CHECK(strstr(err.message,
                 "has no property \"GSS_CODE\" (--code): its features have code, name") != NULL);
    CHECK_INT(layer_count(&w), 0);
    world_close(&w);
}

static void odd_types_and_vintages_are_refused(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    const char *json = one_feature(&w, GRID_CRS, square(&w, 550000, 185000, 500));
    static const char *const types[] = {"", "two words", "-x", "ward;",
                                        "a-name-that-goes-on-and-on-and-on-and-on-and-on"};
    for (size_t i = 0; i < COUNT(types); i++) {
        CHECK_FAILS(import_text(&w, json, types[i], "2018", &r), RV_INVALID);
        CHECK(strstr(err.message, "--type") != NULL);
    }
    static const char *const vintages[] = {"", "new", "18", "1066", "20180", "2018 05"};
    for (size_t i = 0; i < COUNT(vintages); i++) {
        CHECK_FAILS(import_text(&w, json, "ward", vintages[i], &r), RV_INVALID);
        CHECK(strstr(err.message, "--vintage") != NULL);
    }
    CHECK_INT(layer_count(&w), 0);
    CHECK_OK(import_text(&w, json, "ward", "2018-gen20", &r));
    world_close(&w);
}

static void the_same_type_and_vintage_again_is_refused_with_the_remedy(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    import_squares(&w, "ward", "2018", "E05", 2, &r);
    const char *json = one_feature(&w, GRID_CRS, square(&w, 550000, 185000, 500));
    CHECK_FAILS(import_text(&w, json, "ward", "2018", &r), RV_REFUSED);
    CHECK(strstr(err.message,
                 "the layer ward 2018 is already held (4 areas from areas-0.geojson") != NULL);
    CHECK(strstr(err.message, "another --vintage, such as 2018-b") != NULL);
    CHECK_OK(import_text(&w, json, "ward", "2018-b", &r));
    CHECK_OK(import_text(&w, json, "borough", "2018", &r));
    CHECK_INT(layer_count(&w), 3);
    world_close(&w);
}

static void an_interrupted_import_leaves_nothing(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    struct progress progress = {.step = NULL};
    char path[128];
    (void)snprintf(path, sizeof path, "%s/x.geojson", w.dir);
    const char *json = one_feature(&w, GRID_CRS, square(&w, 550000, 185000, 500));
    CHECK_OK(file_write(path, text_of(json), &err));
    progress_cancel(&progress);
    struct areas_options options = {"ward", "2018", "code", "name", {NULL, NULL, NULL}, NULL};
    CHECK_FAILS(areas_import(w.store, &w.arena, w.pool, &progress, path, &options, NOW, &r, &err),
                RV_INTERRUPTED);
    CHECK_INT(layer_count(&w), 0);
    world_close(&w);
}

/* Killed at this point, an import of areas leaves the file as it was, and can be done again. */
static void check_kill(const char *point)
{
    struct world w = world_open(1);
    struct areas_report r;
    static const struct record records[] = {{551500, 186500, {"", "", ""}}};
    import_squares(&w, "ward", "2018", "E05", 2, &r);
    (void)add_records(&w, "offences", records, 1, 64);
    store_close(w.store);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)setenv("REEVE_FAULT_POINT", point, 1);
        CHECK_OK(store_open(w.file, STORE_WRITE, &w.store, &err));
        import_squares(&w, "borough", "2018", "E09", 2, &r);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        fail_msg("the import does not reach %s", point);
    }
    CHECK_OK(store_open(w.file, STORE_WRITE, &w.store, &err));
    CHECK_INT(layer_count(&w), 1);
    import_squares(&w, "borough", "2018", "E09", 2, &r);
    CHECK_INT(layer_count(&w), 2);
    CHECK_INT(r.placed_rows, 1);
    world_close(&w);
}

static void a_killed_import_leaves_nothing(void **state)
{
    (void)state;
    check_kill("areas.stored");
    check_kill("place.store");
    check_kill("areas.placed");
}

/* Allocations up to the end of reading the file: the reader's own tests fail those. */
static long count_reading(struct world *w, const char *path)
{
    struct arena a;
    struct shape_file file;
    struct layer *layers = NULL;
    size_t layer_count = 0;
    arena_init(&a, LIMIT_ARENA_BYTES);
    memory_fail_nth(LONG_MAX);
    CHECK_OK(layers_load(w->store, &a, &layers, &layer_count, &err));
    CHECK_OK(geojson_read(&a, path, &file, NULL, &err));
    long count = memory_fail_count();
    memory_fail_nth(0);
    arena_done(&a);
    return count;
}

#ifdef RV_SANITIZED
#define FAIL_STEP 7 /* each import takes long there; the plain build fails every one */
#else
#define FAIL_STEP 1
#endif

/* Each allocation in turn fails: a clean failure, the file as it was, and no leak (under ASan). */
static void running_out_of_memory_leaves_nothing(void **state)
{
    (void)state;
    struct world w = world_open(1);
    struct areas_report r;
    static const struct record records[] = {{551500, 186500, {"", "E0501", ""}}};
    static const struct link links[] = {{"E0501", "E0902", (double)NAN}};
    import_squares(&w, "ward", "2018", "E05", 2, &r);
    (void)add_records(&w, "offences", records, 1, 64);
    (void)add_lookup(&w, links, 1);
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    put_feature(&b, "E09000001", square(&w, WEST_M, SOUTH_M, SIDE_M));
    const char *json = collection(&w, GRID_CRS, &b);
    buf_done(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/borough.geojson", w.dir);
    CHECK_OK(file_write(path, text_of(json), &err));
    const struct areas_options options = {"borough",          "2018", "code", "name",
                                          {NULL, NULL, NULL}, NULL};
    const long first = count_reading(&w, path) + 1;
    long n = first;
    for (; n < first + 2000; n += FAIL_STEP) {
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        memory_fail_nth(n);
        rv_status status = areas_import(w.store, &a, w.pool, NULL, path, &options, NOW, &r, &err);
        long asked = memory_fail_count();
        memory_fail_nth(0);
        arena_done(&a);
        if (rv_is_ok(status) && asked < n) {
            break; /* it needed fewer than n allocations */
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
        CHECK_INT(layer_count(&w), 1);
    }
    print_message("%ld allocations were made to fail\n", (n - first) / FAIL_STEP);
    CHECK(n > first + 20 && n < first + 2000);
    CHECK_INT(layer_count(&w), 2);
    world_close(&w);
}

static void parents_are_found_in_any_order_of_import(void **state)
{
    (void)state;
    static const int orders[][3] = {{8, 4, 2}, {2, 4, 8}, {4, 8, 2}};
    for (size_t k = 0; k < COUNT(orders); k++) {
        struct world w = world_open(1);
        struct areas_report r;
        for (int i = 0; i < 3; i++) {
            int cut = orders[k][i];
            import_squares(&w,
                           cut == 8   ? "lsoa"
                           : cut == 4 ? "ward"
                                      : "borough",
                           "2021",
                           cut == 8   ? "E01"
                           : cut == 4 ? "E05"
                                      : "E09",
                           cut, &r);
        }
        const struct layer *lsoa = layer_of(&w, "lsoa", NULL), *ward = layer_of(&w, "ward", NULL),
                           *borough = layer_of(&w, "borough", NULL);
        uint32_t *wards = NULL, *boroughs = NULL, *none = NULL;
        CHECK_OK(layer_parents(w.store, &w.arena, lsoa, ward, &wards, &err));
        CHECK_OK(layer_parents(w.store, &w.arena, lsoa, borough, &boroughs, &err));
        CHECK_OK(layer_parents(w.store, &w.arena, borough, lsoa, &none, &err));
        for (uint32_t i = 0; i < 64; i++) {
            CHECK_INT(wards[i], i / 8 / 2 * 4 + i % 8 / 2 + 1);
            CHECK_INT(boroughs[i], i / 8 / 4 * 2 + i % 8 / 4 + 1);
        }
        CHECK_OK(layer_parents(w.store, &w.arena, ward, borough, &boroughs, &err));
        CHECK_INT(boroughs[15], 4);
        CHECK_INT(none[0] + none[3], 0);
        world_close(&w);
    }
}

static void the_vintage_that_covers_the_period_is_chosen(void **state)
{
    (void)state;
    const struct layer layers[] = {{.id = 1, .type = "borough", .vintage = "2011"},
                                   {.id = 2, .type = "ward", .vintage = "2018"},
                                   {.id = 3, .type = "ward", .vintage = "2022-05"},
                                   {.id = 4, .type = "ward", .vintage = "2022-05-b"},
                                   {.id = 5, .type = "ward", .vintage = "2025"}};
    static const struct {
        const char *vintage;
        int32_t last;
        int64_t id; /* 0 = none */
    } cases[] = {{NULL, 2010 * 12, 2},     {NULL, 2018 * 12, 2},      {NULL, 2022 * 12 + 3, 2},
                 {NULL, 2022 * 12 + 4, 4}, {NULL, 2024 * 12 + 11, 4}, {NULL, 2025 * 12, 5},
                 {"2018", 2025 * 12, 2},   {"2022-05", 2018 * 12, 3}, {"2019", 2025 * 12, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct layer *l =
            layer_choose(layers, COUNT(layers), "ward", cases[i].vintage, cases[i].last);
        CHECK_INT(l ? l->id : 0, cases[i].id);
    }
    CHECK(layer_choose(layers, COUNT(layers), "lsoa", NULL, 0) == NULL);
    CHECK_INT(vintage_month(text_of("2018")), 2018 * 12);
    CHECK_INT(vintage_month(text_of("2022-05")), 2022 * 12 + 4);
    CHECK_INT(vintage_month(text_of("2022-13")), 2022 * 12);
    CHECK_INT(vintage_month(text_of("2022-051")), 2022 * 12);
    CHECK_INT(vintage_month(text_of("202")), INT32_MIN);
    CHECK_INT(vintage_month(text_of("")), INT32_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_layer_is_kept_in_order_of_code),
        cmocka_unit_test(degrees_are_projected_and_the_pipeline_recorded),
        cmocka_unit_test(holes_and_parts_are_counted_and_kept),
        cmocka_unit_test(broken_shapes_are_repaired_with_a_note),
        cmocka_unit_test(a_file_that_does_not_fit_is_refused_and_leaves_nothing),
        cmocka_unit_test(codes_must_be_there_and_different),
        cmocka_unit_test(odd_types_and_vintages_are_refused),
        cmocka_unit_test(the_same_type_and_vintage_again_is_refused_with_the_remedy),
        cmocka_unit_test(an_interrupted_import_leaves_nothing),
        cmocka_unit_test(a_killed_import_leaves_nothing),
        cmocka_unit_test(running_out_of_memory_leaves_nothing),
        cmocka_unit_test(parents_are_found_in_any_order_of_import),
        cmocka_unit_test(the_vintage_that_covers_the_period_is_chosen),
    };
    return cmocka_run_group_tests_name("place/areas", tests, NULL, NULL);
}

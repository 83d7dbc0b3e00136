/* tests/report/test_geojson_out.c — features: ring directions, holes, dust, nulls, refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "report/geojson.h"
#include "report/sample.h"

#include <jansson.h>

static struct rv_err err;
static struct arena arena;
static struct projector *projector;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20);
    CHECK_OK(projector_open(&projector, &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    projector_close(projector);
    arena_done(&arena);
    return 0;
}

/* ---- well-known binary by hand ---- */

static void put_u32(struct buf *b, uint32_t value)
{
    buf_put(b, &value, 4); /* the tests run on little-endian machines, as the bytes say */
}

/* A square ring; clockwise when asked. */
static void put_square(struct buf *b, double e, double n, double side, bool is_clockwise)
{
    const double corners[5][2] = {
        {e, n}, {e + side, n}, {e + side, n + side}, {e, n + side}, {e, n}};
    put_u32(b, 5);
    for (size_t i = 0; i < 5; i++) {
        buf_put(b, corners[is_clockwise ? 4 - i : i], 16);
    }
}

static void put_head(struct buf *b, uint32_t type, uint32_t count)
{
    buf_char(b, 1);
    put_u32(b, type);
    put_u32(b, count);
}

static struct text keep(struct buf *b)
{
    struct text t = {arena_text(&arena, b->bytes, b->n), b->n};
    buf_done(b);
    return t;
}

/* Two parts, the first with a hole; every ring turned the wrong way for GeoJSON. A third part is
 * 5 mm wide, which is nothing at 6 decimals. */
static struct text island(void)
{
    struct buf b;
    buf_init(&b, 100000);
    put_head(&b, 6, 3);
    put_head(&b, 3, 2);
    put_square(&b, 550000, 180000, 1000, true);
    put_square(&b, 550300, 180300, 200, false);
    put_head(&b, 3, 1);
    put_square(&b, 553000, 180000, 500, true);
    put_head(&b, 3, 1);
    put_square(&b, 556000, 180000, 0.005, true);
    return keep(&b);
}

static struct text square(double e, double n)
{
    struct buf b;
    buf_init(&b, 100000);
    put_head(&b, 3, 1);
    put_square(&b, e, n, 1000, false);
    return keep(&b);
}

/* ---- a layer and a table over it ---- */

static struct area areas[] = {{.code = "W01", .name = "Island \"One\""},
                              {.code = "W02", .name = "Two"}};
static const struct layer layer = {.id = 7,
                                   .type = "ward",
                                   .vintage = "2022",
                                   .file_name = "wards.geojson",
                                   .sha256 = "ab",
                                   .areas = areas,
                                   .count = 2};

static struct result_table *table_of_wards(void)
{
    static const struct result_column columns[] = {{"ward", "ward", RESULT_TEXT},
                                                   {"month", "Month", RESULT_MONTH},
                                                   {"count", "Count", RESULT_COUNT}};
    struct result_table *t = sample_table(&arena, CHART_NONE, 3, columns, 3);
    static const char *const codes[] = {"W01", "W02", "unplaced"};
    for (size_t r = 0; r < 3; r++) {
        sample_text(t, r, 0, codes[r]);
        sample_number(t, r, 1, 2022 * 12);
    }
    sample_number(t, 0, 2, 12.5);
    sample_number(t, 2, 2, 3);
    return t;
}

static rv_status write_layer(const struct result_table *t, const struct text *wkb, struct buf *out)
{
    const struct geojson_layer l = {
        .layer = &layer, .wkb = wkb, .attribution = "Someone's boundaries", .is_schematic = true};
    const struct report_context context = {.partnership = "A & B", .is_synthetic = true};
    buf_init(out, 1u << 20);
    return geojson_table(&arena, t, &l, projector, &context, out, &err);
}

/* Twice the signed area of a ring of positions. */
static double winding(const json_t *ring)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < json_array_size(ring); i++) {
        const json_t *a = json_array_get(ring, i), *b = json_array_get(ring, i + 1);
        sum += json_number_value(json_array_get(a, 0)) * json_number_value(json_array_get(b, 1)) -
               json_number_value(json_array_get(b, 0)) * json_number_value(json_array_get(a, 1));
    }
    return sum;
}

static const json_t *feature(const json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "features"), i);
}

static void rings_turn_as_rfc_7946_says(void **state)
{
    (void)state;
    const struct text wkb[] = {island(), square(560000, 185000)};
    struct buf out;
    CHECK_OK(write_layer(table_of_wards(), wkb, &out));
    json_error_t fault;
    json_t *root = json_loadb(out.bytes, out.n, JSON_REJECT_DUPLICATES, &fault);
    assert_non_null(root);
    const json_t *geometry = json_object_get(feature(root, 0), "geometry");
    CHECK_STRING(json_string_value(json_object_get(geometry, "type")), "MultiPolygon");
    const json_t *parts = json_object_get(geometry, "coordinates");
    CHECK_INT(json_array_size(parts), 2); /* the dust is gone */
    CHECK_INT(json_array_size(json_array_get(parts, 0)), 2);
    CHECK_INT(json_array_size(json_array_get(parts, 1)), 1);
    CHECK(winding(json_array_get(json_array_get(parts, 0), 0)) > 0);
    CHECK(winding(json_array_get(json_array_get(parts, 0), 1)) < 0);
    CHECK(winding(json_array_get(json_array_get(parts, 1), 0)) > 0);
    const json_t *ring = json_array_get(json_array_get(parts, 0), 0);
    CHECK_INT(json_array_size(ring), 5); /* closed */
    CHECK(json_equal(json_array_get(ring, 0), json_array_get(ring, 4)));
    /* The corner that PROJ gives for 550000, 180000 by EPSG:1314, to the sixth decimal. */
    double longitude, latitude;
    CHECK(project_to_wgs84(projector, 550000, 180000, &longitude, &latitude));
    bool is_found = false;
    for (size_t i = 0; i < 5; i++) {
        const json_t *at = json_array_get(ring, i);
        is_found |= fabs(json_number_value(json_array_get(at, 0)) - longitude) <= 5.1e-7 &&
                    fabs(json_number_value(json_array_get(at, 1)) - latitude) <= 5.1e-7;
    }
    CHECK(is_found);
    json_decref(root);
    buf_done(&out);
}

static void properties_are_the_row(void **state)
{
    (void)state;
    const struct text wkb[] = {island(), square(560000, 185000)};
    struct buf out, again;
    CHECK_OK(write_layer(table_of_wards(), wkb, &out));
    CHECK(strstr(out.bytes, "\"properties\":{\"ward\":\"W01\",\"name\":\"Island \\\"One\\\"\","
                            "\"month\":\"2022-01\",\"count\":12.5,"
                            "\"not_available_because\":null}"));
    CHECK(strstr(out.bytes, "\"properties\":{\"ward\":\"W02\",\"name\":\"Two\",\"month\":"
                            "\"2022-01\",\"count\":null,\"not_available_because\":\"count: no "
                            "extract covers this\"}"));
    CHECK(strstr(out.bytes, "\"geometry\":null,\"properties\":{\"ward\":\"unplaced\",\"name\":null,"
                            "\"month\":\"2022-01\",\"count\":3,"));
    CHECK(strstr(out.bytes, "\"attribution\":\"Someone's boundaries\",\"schematic\":true"));
    CHECK(strstr(out.bytes, "\"partnership\":\"A & B\",\"synthetic\":true"));
    CHECK_OK(write_layer(table_of_wards(), wkb, &again));
    CHECK_STRING(out.bytes, again.bytes);
    buf_done(&out);
    buf_done(&again);
}

static void what_is_no_map_is_refused(void **state)
{
    (void)state;
    struct buf out;
    const struct text outside[] = {square(2000000, 180000), square(560000, 185000)};
    CHECK_FAILS(write_layer(table_of_wards(), outside, &out), RV_DAMAGED);
    CHECK(strstr(err.message, "outside Great Britain"));
    buf_done(&out);
    const struct text broken[] = {{"\x01\x03", 2}, square(560000, 185000)};
    CHECK_FAILS(write_layer(table_of_wards(), broken, &out), RV_DAMAGED);
    buf_done(&out);
    static const struct result_column columns[] = {{"month", "Month", RESULT_MONTH}};
    CHECK_FAILS(write_layer(sample_table(&arena, CHART_NONE, 1, columns, 1), broken, &out),
                RV_INVALID);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rings_turn_as_rfc_7946_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(properties_are_the_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_map_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/assess/test_cube.c — cubes against a plain loop over the same rows; threads and row order;
 * published counts, spans, look-ups, vintages. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/cube.h"
#include "base/buf.h"
#include "fixture.h"

static struct rv_err err;

enum { BOROUGHS = 5, ROWS = 400 };
static const char *const KINDS[] = {"", "Robbery", "Violence", "Burglary"};

struct plain { /* a record as written */
    int borough, ward, lsoa, month, kind;
};

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void make_rows(struct plain *rows, struct buf *text, bool is_reversed)
{
    uint32_t seed = 7;
    for (int i = 0; i < ROWS; i++) {
        rows[i] = (struct plain){(int)(next(&seed) % (BOROUGHS + 1)), (int)(next(&seed) % 4) + 1,
                                 (int)(next(&seed) % 4) + 1, (int)(next(&seed) % 14),
                                 (int)(next(&seed) % 4)};
    }
    for (int k = 0; k < ROWS; k++) {
        const struct plain *r = &rows[is_reversed ? ROWS - 1 - k : k];
        int64_t e = 100000000, n = 100000000; /* borough 0: outside every area */
        if (r->borough > 0) {
            fixture_point(r->borough, r->ward, r->lsoa, &e, &n);
        }
        buf_printf(text, "%d|%d-%02d|%s|%lld|%lld\n", k, 2021 + r->month / 12, r->month % 12 + 1,
                   KINDS[r->kind], (long long)e / 1000, (long long)n / 1000);
    }
}

static const char COLUMNS[] = "offence_id:x recorded_at:t category:c easting:m northing:m";

static void open_records(struct fixture *f, size_t threads, bool is_reversed, struct plain *rows)
{
    fixture_open(f, threads);
    fixture_areas(f, BOROUGHS, "2018", "2018", "2011");
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1 << 20);
    make_rows(rows, &text, is_reversed);
    fixture_extract(f, "offences", "test", COLUMNS, text.bytes, "2021-01..2022-02");
    fixture_place(f);
}

static struct month_range months(const char *text)
{
    struct month_range r;
    CHECK(month_range_parse(text_of(text), &r));
    return r;
}

static void build(struct fixture *f, struct cube_axis *axes, size_t n, const char *period,
                  struct cube *ret)
{
    static struct held held;
    struct source *sources = NULL;
    size_t count = 0;
    CHECK_OK(held_load(f->store, &f->arena, f->pool, NULL, &held, &err));
    CHECK_OK(sources_load(f->store, &f->arena, "offences", &sources, &count, &err));
    for (size_t k = 0; k < n; k++) {
        if (axes[k].kind == AXIS_AREA || axes[k].kind == AXIS_WITHIN) {
            axes[k].layer =
                layer_choose(held.layers, held.layer_count, axes[k].column, NULL, 2022 * 12);
            CHECK(axes[k].layer != NULL);
        }
    }
    struct cube_query q = {
        .source = sources, .axes = axes, .axis_count = n, .period = months(period)};
    CHECK_OK(cube_build(&held, &q, ret, &err));
}

static uint32_t label(const struct cube_axis *axis, const char *word)
{
    for (uint32_t c = 0; c < axis->size; c++) {
        if (strcmp(axis->labels[c], word) == 0) {
            return c;
        }
    }
    return UINT32_MAX;
}

static void records_equal_a_plain_loop(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 3; threads++) {
        struct fixture f;
        struct plain rows[ROWS];
        open_records(&f, threads, threads == 2, rows);
        struct month_range buckets[2] = {months("2021-01..2021-12"), months("2022-01")};
        struct cube_axis axes[3] = {
            {.kind = AXIS_VALUE, .name = "category", .column = "category"},
            {.kind = AXIS_AREA, .name = "ward", .column = "ward"},
            {.kind = AXIS_TIME, .name = "month", .buckets = buckets, .bucket_count = 2}};
        struct cube cube;
        build(&f, axes, 3, "2021-01..2022-01", &cube);
        int64_t total = 0;
        for (uint64_t i = 0; i < cube.cell_count; i++) {
            total += cube.cells[i];
        }
        int64_t inside = 0;
        for (int i = 0; i < ROWS; i++) {
            inside += rows[i].month <= 12;
        }
        CHECK_INT(total, inside);
        for (int kind = 0; kind < 4; kind++) {
            for (int b = 0; b <= BOROUGHS; b++) {
                for (int w = 1; w <= 4; w++) {
                    for (uint32_t t = 1; t <= 2; t++) {
                        int64_t want = 0;
                        for (int i = 0; i < ROWS; i++) {
                            const struct plain *r = &rows[i];
                            bool is_here = r->borough == b && (b == 0 || r->ward == w);
                            bool is_then = t == 1 ? r->month < 12 : r->month == 12;
                            want += is_here && is_then && r->kind == kind;
                        }
                        char ward[32];
                        (void)snprintf(ward, sizeof ward, "E0500%03d%d", b, w);
                        uint32_t codes[3] = {kind ? label(&axes[0], KINDS[kind]) : 0,
                                             b ? label(&axes[1], ward) : 0, t};
                        CHECK_INT(cube_at(&cube, codes), want);
                    }
                }
            }
        }
        fixture_close(&f);
    }
}

/* Beyond CUBE_DENSE_CELLS cells are kept by key: the same numbers. */
static void sparse_equals_dense(void **state)
{
    (void)state;
    struct fixture f;
    struct plain rows[ROWS];
    open_records(&f, 2, false, rows);
    struct month_range *buckets = arena_new(&f.arena, 6000, sizeof *buckets);
    for (int i = 0; i < 6000; i++) {
        buckets[i] = (struct month_range){1800 * 12 + i, 1800 * 12 + i};
    }
    struct cube_axis axes[4] = {
        {.kind = AXIS_AREA, .name = "lsoa", .column = "lsoa"},
        {.kind = AXIS_TIME, .name = "month", .buckets = buckets, .bucket_count = 4800},
        {.kind = AXIS_VALUE, .name = "category", .column = "category"},
        {.kind = AXIS_AREA, .name = "borough", .column = "borough"}};
    struct cube cube;
    build(&f, axes, 4, "2021-01..2022-02", &cube);
    CHECK(cube.cells == NULL);
    int64_t total = 0;
    for (size_t i = 0; i < cube.key_count; i++) {
        total += cube.values[i];
        CHECK(i == 0 || cube.keys[i - 1] < cube.keys[i]);
    }
    CHECK_INT(total, ROWS);
    for (int i = 0; i < ROWS; i++) {
        char lsoa[32], borough[32];
        (void)snprintf(lsoa, sizeof lsoa, "E01%03d%d%d", rows[i].borough, rows[i].ward,
                       rows[i].lsoa);
        (void)snprintf(borough, sizeof borough, "E09000%03d", rows[i].borough);
        uint32_t codes[4] = {rows[i].borough ? label(&axes[0], lsoa) : 0,
                             (uint32_t)(2021 * 12 + rows[i].month - 1800 * 12 + 1),
                             rows[i].kind ? label(&axes[2], KINDS[rows[i].kind]) : 0,
                             rows[i].borough ? label(&axes[3], borough) : 0};
        int64_t want = 0;
        for (int k = 0; k < ROWS; k++) {
            bool is_same_place = rows[k].borough == rows[i].borough &&
                                 (rows[i].borough == 0 ||
                                  (rows[k].ward == rows[i].ward && rows[k].lsoa == rows[i].lsoa));
            want += is_same_place && rows[k].month == rows[i].month && rows[k].kind == rows[i].kind;
        }
        CHECK_INT(cube_at(&cube, codes), want);
    }
    fixture_close(&f);
}

static const char COUNT_COLUMNS[] = "area_code:c category:c period_from:t period_to:t count:i";

/* Wards sum to boroughs through their parents, unless the source gives boroughs too. */
static void counts_of_one_level_only(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    fixture_open(&f, 2);
    fixture_areas(&f, 3, "2018", "2018", NULL);
    fixture_extract(&f, "area-counts", "wards", COUNT_COLUMNS,
                    "E05000021|Robbery|2021-01|2021-01|5\nE05000022|Robbery|2021-01|2021-01|6\n"
                    "E05000031|Robbery|2021-01|2021-01|1\n",
                    "2021-01");
    CHECK_OK(fixture_table(&f, "--kind area-counts --by borough", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E09000002", "count"), 11, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000003", "count"), 1, 0);
    CHECK(isnan(fixture_cell(&t, "E09000001", "count"))); /* nothing published: not 0 */
    CHECK_OK(fixture_table(&f, "--kind area-counts --by month --area E09000001", &t, &err));
    CHECK(isnan(fixture_cell(&t, "2021-01", "count")));
    CHECK_OK(fixture_table(&f, "--kind area-counts --by month --area E09000002", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "2021-01", "count"), 11, 0);
    CHECK_OK(fixture_table(&f, "--kind area-counts --by category", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "Robbery", "count"), 12, 0);
    fixture_extract(&f, "area-counts", "both", COUNT_COLUMNS,
                    "E05000021|Robbery|2021-02|2021-02|5\nE09000002|Robbery|2021-02|2021-02|6\n",
                    "2021-02");
    CHECK_OK(fixture_table(&f, "--kind area-counts --source both --by borough", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E09000002", "count"), 6, 0);
    fixture_close(&f);
}

/* A count for a year says nothing of a month, and its year is whole. */
static void counts_of_longer_spans(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    fixture_open(&f, 1);
    fixture_areas(&f, 2, "2018", NULL, NULL);
    fixture_extract(&f, "area-counts", "annual", COUNT_COLUMNS,
                    "E09000002|Robbery|2021-01-01|2021-12-31|120\n"
                    "E09000002|Robbery|2022-01-01|2022-12-31|90\n",
                    "2021-01..2022-12");
    CHECK_OK(fixture_table(&f, "--kind area-counts --by year,borough", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "2021|E09000002", "count"), 120, 0);
    CHECK_NEAR(fixture_cell(&t, "2022|E09000002", "count"), 90, 0);
    CHECK_OK(fixture_table(&f, "--kind area-counts --by month,borough", &t, &err));
    CHECK(isnan(fixture_cell(&t, "2021-03|E09000002", "count")));
    CHECK_OK(
        fixture_table(&f, "--kind area-counts --by borough --period 2021-07..2022-06", &t, &err));
    CHECK(isnan(fixture_cell(&t, "E09000002", "count")));
    fixture_close(&f);
}

static void vintages_are_not_mixed(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    fixture_open(&f, 2);
    fixture_areas(&f, 2, "2018", "2018", NULL);
    fixture_wards_again(&f, 2, "2022-05");
    fixture_extract(&f, "area-counts", "wards", COUNT_COLUMNS,
                    "E05000021|Robbery|2021-12|2021-12|10\nE05000022|Robbery|2021-12|2021-12|4\n",
                    "2021-12");
    fixture_extract(&f, "area-counts", "wards", COUNT_COLUMNS,
                    "E05990021|Robbery|2022-06|2022-06|7\n", "2022-06");
    CHECK_OK(fixture_table(&f, "--kind area-counts --by ward --period 2021-12", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E05000021", "count"), 10, 0);
    CHECK_OK(fixture_table(&f, "--kind area-counts --by ward --period 2022-06", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E05990021", "count"), 7, 0);
    CHECK_FAILS(fixture_table(&f, "--kind area-counts --by ward", &t, &err), RV_REFUSED);
    CHECK(strstr(err.message, "reeve import FILE lookup.csv --as lookup") != NULL);
    CHECK(strstr(err.message, "--vintage 2022-05") != NULL);
    CHECK(strstr(err.message, "2018") != NULL);
    CHECK_FAILS(fixture_table(&f, "--kind area-counts --by ward --vintage 2018", &t, &err),
                RV_REFUSED);
    /* Boroughs have no such trouble. */
    CHECK_OK(fixture_table(&f, "--kind area-counts --by borough --period 2022-06", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "E09000002", "count"), 7, 0);
    /* The remedy of the message: a look-up, then --vintage. */
    fixture_extract(&f, "lookup", "lookup", "from_code:c to_code:c weight:r basis:c",
                    "E05000021|E05990021|0.75|population\nE05000021|E05990022|0.25|population\n"
                    "E05000022|E05990022|1|exact\n",
                    NULL);
    CHECK_OK(fixture_table(&f, "--kind area-counts --by month,ward --vintage 2022-05", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "2021-12|E05990021", "count"), 8, 0); /* 7.5 and 6.5: */
    CHECK_NEAR(fixture_cell(&t, "2021-12|E05990022", "count"), 6, 0); /* 14 in all, as before */
    CHECK_NEAR(fixture_cell(&t, "2021-12|E05990021", "moved"), 0, 0);
    CHECK_NEAR(fixture_cell(&t, "2021-12|E05990022", "moved"), 2.5 / 6.5, 1e-12);
    CHECK_NEAR(fixture_cell(&t, "2022-06|E05990021", "count"), 7, 0);
    CHECK(t.note_count > 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_equal_a_plain_loop), cmocka_unit_test(sparse_equals_dense),
        cmocka_unit_test(counts_of_one_level_only),   cmocka_unit_test(counts_of_longer_spans),
        cmocka_unit_test(vintages_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

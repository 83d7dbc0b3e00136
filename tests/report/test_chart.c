/* tests/report/test_chart.c — every chart: golden, well formed, and sane at the edges.
 *
 * Edges: no value at all, nought, one category, sixty, 136 months, long labels, hostile labels.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "report/classes.h"
#include "report/sample.h"
#include "report/simplify.h"
#include "report/svg.h"
#include "report/svg_inspect.h"
#include "report/wkb.h"

static struct rv_err err;
static struct arena arena;
static struct seen drawing;
static struct buf words; /* all texts of the drawing */

static int start(void **state)
{
    (void)state;
    arena_init(&arena, 256u << 20);
    buf_init(&words, 1u << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_done(&arena);
    buf_done(&words);
    return 0;
}

/* What is true of every chart, at every edge. */
static void inspect(const struct buf *svg)
{
    svg_inspect(&arena, buf_view(svg), &drawing);
    if (drawing.fault[0] || !svg_texts_are_apart(&drawing)) {
        fail_msg("%s", drawing.fault);
    }
    buf_clear(&words);
    for (size_t i = 0; i < drawing.text_count; i++) {
        buf_printf(&words, "%s ", drawing.texts[i].words);
    }
}

/* Draws at both widths and checks both; the wide one may be kept. */
static void draw(const struct result_table *t, const struct report_layer *layer, struct buf *keep)
{
    static const int widths[] = {CHART_NARROW, CHART_WIDE};
    for (size_t i = 0; i < 2; i++) {
        struct buf svg RV_CLEANUP(buf_done);
        buf_init(&svg, LIMIT_REPORT_BYTES);
        CHECK_OK(chart_svg(&arena, t, "c", widths[i], layer, &svg, &err));
        inspect(&svg);
        CHECK_INT(drawing.width, widths[i]);
        if (keep && i == 1) {
            buf_slice(keep, buf_view(&svg));
        }
    }
}

static bool says(const char *what)
{
    return words.bytes && strstr(words.bytes, what) != NULL;
}

static void test_golden_charts(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    for (size_t i = 0; i < s.assessment.table_count; i++) {
        const struct result_table *t = &s.assessment.tables[i];
        struct buf svg RV_CLEANUP(buf_done);
        buf_init(&svg, LIMIT_REPORT_BYTES);
        draw(t, &s.layer, &svg);
        CHECK_GOLDEN(svg.bytes, svg.n, arena_printf(&arena, "chart-%s.svg", t->id));
    }
    sample_done(&s);
}

/* ---- lines ---- */

static struct result_table *months(size_t rows, size_t series)
{
    struct result_column columns[16] = {{"month", "Month", RESULT_MONTH}};
    for (size_t c = 1; c <= series; c++) {
        columns[c] = (struct result_column){"series", "Offences", RESULT_COUNT};
    }
    struct result_table *t = sample_table(&arena, CHART_LINE, rows, columns, series + 1);
    for (size_t r = 0; r < rows; r++) {
        sample_number(t, r, 0, 2011 * 12 + (double)r);
    }
    return t;
}

static void test_line_breaks_and_never_falls_to_nought(void **state)
{
    (void)state;
    struct result_table *t = months(24, 1);
    for (size_t r = 0; r < 24; r++) {
        if (r < 5 || r > 15) {
            sample_number(t, r, 1, 100 + (double)r);
        }
    }
    struct buf svg RV_CLEANUP(buf_done);
    buf_init(&svg, LIMIT_REPORT_BYTES);
    draw(t, NULL, &svg);
    CHECK(says("not available"));
    CHECK(says("Hatched: not available."));
    size_t runs = 0;
    for (const char *at = svg.bytes; (at = strstr(at, "fill=\"none\" stroke=")); at++) {
        runs++;
    }
    CHECK_INT(runs, 2); /* before the gap and after it */
}

static void test_line_of_136_months(void **state)
{
    (void)state;
    struct result_table *t = months(136, 2);
    for (size_t r = 0; r < 136; r++) {
        sample_number(t, r, 1, 400 + (double)(r * 37 % 90));
        sample_number(t, r, 2, r == 70 ? 0 : 20 + (double)(r * 7 % 9));
    }
    draw(t, NULL, NULL);
    CHECK(says("2012"));
    CHECK(!says("not available"));
}

static void test_many_series_get_panels(void **state)
{
    (void)state;
    struct result_table *t = months(18, 9);
    for (size_t r = 0; r < 18; r++) {
        for (size_t c = 1; c <= 9; c++) {
            sample_number(t, r, c, (double)(r * c));
        }
    }
    draw(t, NULL, NULL);
    CHECK(says("Each panel has a scale of its own."));
}

static void test_line_edges(void **state)
{
    (void)state;
    draw(months(24, 1), NULL, NULL); /* no value at all */
    CHECK(says("not available"));
    struct result_table *zero = months(12, 1);
    for (size_t r = 0; r < 12; r++) {
        sample_number(zero, r, 1, 0);
    }
    draw(zero, NULL, NULL);
    CHECK(!says("not available"));
    struct result_table *one = months(1, 1);
    sample_number(one, 0, 1, 3);
    draw(one, NULL, NULL);
    CHECK(says("Jan 2011"));
}

/* ---- rows ---- */

static struct result_table *rows_of(enum result_chart chart, size_t rows)
{
    static const struct result_column columns[] = {{"label", "Label", RESULT_TEXT},
                                                   {"value", "Value", RESULT_COUNT},
                                                   {"lower", "Lower", RESULT_RATE},
                                                   {"upper", "Upper", RESULT_RATE}};
    struct result_table *t = sample_table(&arena, chart, rows, columns, 4);
    for (size_t r = 0; r < rows; r++) {
        sample_text(t, r, 0, arena_printf(&arena, "Category %zu", r + 1));
    }
    return t;
}

static const enum result_chart row_charts[] = {CHART_BAR, CHART_INTERVAL, CHART_CHANGE};

static void fill(struct result_table *t, size_t row, double value)
{
    sample_number(t, row, 1, value);
    sample_number(t, row, 2, t->chart == CHART_CHANGE ? value + 3 : value * 0.8);
    sample_number(t, row, 3, t->chart == CHART_CHANGE ? 3 : value * 1.2);
}

static void test_row_charts_at_their_edges(void **state)
{
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        static const size_t sizes[] = {1, 2, 60};
        for (size_t i = 0; i < 3; i++) {
            struct result_table *t = rows_of(row_charts[k], sizes[i]);
            draw(t, NULL, NULL); /* nothing available */
            CHECK(says("not available"));
            for (size_t r = 0; r < sizes[i]; r++) {
                fill(t, r, 0);
            }
            draw(t, NULL, NULL);
            CHECK(!says("not available"));
            for (size_t r = 0; r < sizes[i]; r++) {
                fill(t, r, 1234567.0 / (double)(r + 1));
            }
            draw(t, NULL, NULL);
        }
    }
}

static void test_long_and_hostile_labels(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "Violence against the person including stalking, harassment, threats, assaults with and "
        "without injury and every other category that anyone ever thought of adding to a table",
        "LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochLlanfairpwllgwyngyllgogerychwyr"
        "n",
        "</text><script>alert(1)</script>",
        "\"'&<>",
        "Кингстон-апон-Темс и соседние районы города",
        "泰晤士河畔京士頓區泰晤士河畔京士頓區泰晤士河畔京士頓區泰晤士河畔京士頓區"};
    for (size_t k = 0; k < 3; k++) {
        struct result_table *t = rows_of(row_charts[k], 6);
        for (size_t r = 0; r < 6; r++) {
            sample_text(t, r, 0, labels[r]);
            fill(t, r, 10 + (double)r);
        }
        t->focus = labels[0];
        struct buf svg RV_CLEANUP(buf_done);
        buf_init(&svg, LIMIT_REPORT_BYTES);
        draw(t, NULL, &svg);
        CHECK(strstr(svg.bytes, "<script") == NULL);
        CHECK(strstr(svg.bytes, "that anyone ever thought of adding to a table</title>") != NULL);
    }
}

static void test_intervals_stand_in_order(void **state)
{
    (void)state;
    struct result_table *t = rows_of(CHART_INTERVAL, 4);
    fill(t, 0, 20);
    fill(t, 2, 30);
    fill(t, 3, 20);
    draw(t, NULL, NULL);
    const char *at = words.bytes;
    static const int order[] = {3, 1, 4, 2}; /* equal ones as in the table, what is missing last */
    for (size_t i = 0; i < 4; i++) {
        at = strstr(at, arena_printf(&arena, "Category %d", order[i]));
        assert_non_null(at);
    }
    CHECK_STRING(table_label(t, 0, 0).at, "Category 1"); /* the table stays as it was */
}

static void test_bars_below_nought(void **state)
{
    (void)state;
    struct result_table *t = rows_of(CHART_BAR, 3);
    fill(t, 0, -40);
    fill(t, 1, 20);
    fill(t, 2, 0);
    draw(t, NULL, NULL);
    CHECK(says("−40"));
}

static void test_wrong_columns_are_refused(void **state)
{
    (void)state;
    struct result_table *t = rows_of(CHART_BAR, 1);
    t->chart = CHART_LINE;
    struct buf svg RV_CLEANUP(buf_done);
    buf_init(&svg, LIMIT_REPORT_BYTES);
    CHECK_FAILS(chart_svg(&arena, t, "c", CHART_WIDE, NULL, &svg, &err), RV_INVALID);
    t->chart = CHART_CALENDAR;
    CHECK_FAILS(chart_svg(&arena, t, "c", CHART_WIDE, NULL, &svg, &err), RV_INVALID);
    CHECK(strstr(err.message, "is not a month") != NULL);
    t->row_count = 0;
    CHECK_OK(chart_svg(&arena, t, "c", CHART_WIDE, NULL, &svg, &err));
    CHECK_INT(svg.n, 0);
}

static void test_calendar_of_136_months_with_a_hole(void **state)
{
    (void)state;
    struct result_column columns[137] = {{"source", "Source", RESULT_TEXT}};
    for (size_t m = 0; m < 136; m++) {
        size_t year = m < 24 ? 2001 + m / 12 : 2011 + (m - 24) / 12;
        columns[m + 1] = (struct result_column){arena_printf(&arena, "%zu-%02zu", year, m % 12 + 1),
                                                "Month", RESULT_COUNT};
    }
    struct result_table *t = sample_table(&arena, CHART_CALENDAR, 4, columns, 137);
    for (size_t r = 0; r < 4; r++) {
        sample_text(t, r, 0, "A source with a name that is rather long for a chart");
        for (size_t m = 0; m < 136; m++) {
            if (m % 7 != r) {
                sample_number(t, r, m + 1, 1);
            }
        }
    }
    draw(t, NULL, NULL);
    CHECK(says("2002"));
    CHECK(!says("2005"));
}

/* ---- maps ---- */

static struct result_table *map_rows(size_t count)
{
    static const struct result_column columns[] = {{"code", "Code", RESULT_TEXT},
                                                   {"name", "Name", RESULT_TEXT},
                                                   {"rate", "Rate", RESULT_RATE}};
    struct result_table *t = sample_table(&arena, CHART_MAP, count, columns, 3);
    for (size_t r = 0; r < count; r++) {
        sample_text(t, r, 0, arena_printf(&arena, "X%02zu", r));
        sample_text(t, r, 1, arena_printf(&arena, "Area <%zu>", r));
    }
    return t;
}

static void test_map_edges(void **state)
{
    (void)state;
    struct report_layer layer = sample_layer(&arena, 10, 10);
    struct result_table *t = map_rows(100);
    draw(t, &layer, NULL); /* no value at all */
    CHECK(says("not available (100 areas)"));
    for (size_t r = 0; r < 100; r++) {
        sample_number(t, r, 2, 5);
    }
    draw(t, &layer, NULL);
    CHECK(says("5.0 (100 areas)"));
    CHECK(says("One class for each value."));
    for (size_t r = 0; r < 100; r++) {
        sample_number(t, r, 2, (double)(r * r * r));
    }
    draw(t, &layer, NULL);
    CHECK(says("Equal numbers of areas"));
    sample_text(t, 3, 0, "unknown");
    t->focus = "X07";
    draw(t, &layer, NULL);
    CHECK(says("Not on this map: 1 of the"));
    CHECK(says("Area <7>"));
    struct result_table *one = map_rows(1);
    sample_number(one, 0, 2, 3);
    draw(one, &layer, NULL);
    CHECK(says("3.0 (1 area)"));
    sample_text(one, 0, 0, "unknown");
    draw(one, &layer, NULL);
}

static void test_damaged_shapes_are_refused(void **state)
{
    (void)state;
    struct report_layer layer = sample_layer(&arena, 1, 1);
    struct text whole = layer.wkb[0];
    struct ring *rings;
    size_t count;
    CHECK_OK(wkb_rings(&arena, whole, &rings, &count, &err));
    CHECK_INT(count, 1);
    CHECK_INT(rings[0].n, 48); /* the closing point is not repeated */
    for (size_t n = 0; n < whole.n; n++) {
        CHECK_FAILS(wkb_rings(&arena, (struct text){whole.at, n}, &rings, &count, &err),
                    RV_DAMAGED);
    }
    char bytes[4096];
    memcpy(bytes, whole.at, whole.n);
    static const size_t places[] = {0, 1, 5, 9, 12};
    for (size_t i = 0; i < 5; i++) {
        memcpy(bytes, whole.at, whole.n);
        bytes[places[i]] = (char)0x7F;
        CHECK_FAILS(wkb_rings(&arena, (struct text){bytes, whole.n}, &rings, &count, &err),
                    RV_DAMAGED);
    }
    memcpy(bytes, whole.at, whole.n);
    double nan = NAN;
    memcpy(bytes + 13, &nan, 8);
    CHECK_FAILS(wkb_rings(&arena, (struct text){bytes, whole.n}, &rings, &count, &err), RV_DAMAGED);
}

/* Every piece of border between two areas is in both their outlines after simplification. */
static void test_shared_borders_stay_shared(void **state)
{
    (void)state;
    enum { ACROSS = 6, COUNT = 36 };
    struct report_layer layer = sample_layer(&arena, ACROSS, ACROSS);
    struct grid_ring rings[COUNT];
    size_t before = 0, after = 0;
    for (size_t i = 0; i < COUNT; i++) {
        struct ring *shape;
        size_t n;
        CHECK_OK(wkb_rings(&arena, layer.wkb[i], &shape, &n, &err));
        rings[i] = (struct grid_ring){ARENA_NEW(&arena, struct grid_point, shape->n), shape->n, i};
        for (size_t k = 0; k < shape->n; k++) {
            rings[i].points[k] = (struct grid_point){(int32_t)lround(shape->x[k] / 20),
                                                     (int32_t)lround(shape->y[k] / 20)};
        }
        before += shape->n;
    }
    CHECK_OK(rings_simplify(&arena, rings, COUNT, 4, &err));
    size_t shared = 0, alone = 0;
    for (size_t i = 0; i < COUNT; i++) {
        after += rings[i].n;
        for (size_t k = 0; k < rings[i].n; k++) {
            struct grid_point p = rings[i].points[k], q = rings[i].points[(k + 1) % rings[i].n];
            size_t owners = 0;
            for (size_t j = 0; j < COUNT; j++) {
                for (size_t m = 0; m < rings[j].n; m++) {
                    struct grid_point a = rings[j].points[m],
                                      b = rings[j].points[(m + 1) % rings[j].n];
                    bool same = (a.x == p.x && a.y == p.y && b.x == q.x && b.y == q.y) ||
                                (a.x == q.x && a.y == q.y && b.x == p.x && b.y == p.y);
                    owners += same;
                }
            }
            shared += owners == 2;
            alone += owners == 1;
            CHECK(owners <= 2);
        }
    }
    CHECK(after < before / 2);
    /* Outer borders belong to one area; 24 areas touch the outside, 60 pairs touch. */
    CHECK(shared >= 120);
    for (size_t i = 7; i < 29; i++) { /* inner areas have no border of their own */
        bool is_inner = i % ACROSS > 0 && i % ACROSS < ACROSS - 1;
        for (size_t k = 0; is_inner && k < rings[i].n; k++) {
            struct grid_point p = rings[i].points[k];
            size_t found = 0;
            for (size_t j = 0; j < COUNT; j++) {
                for (size_t m = 0; m < rings[j].n && j != i; m++) {
                    found += rings[j].points[m].x == p.x && rings[j].points[m].y == p.y;
                }
            }
            CHECK(found >= 1);
        }
    }
    CHECK(alone > 0);
}

static void test_classes(void **state)
{
    (void)state;
    double few[] = {3, 1, 3, 2};
    struct classes c = classes_choose(few, 4, CLASSES_AUTO);
    CHECK_INT(c.rule, CLASSES_VALUES);
    CHECK_INT(c.count, 3);
    CHECK_INT(c.areas[2], 2);
    double even[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    c = classes_choose(even, 10, CLASSES_AUTO);
    CHECK_INT(c.rule, CLASSES_EQUAL);
    CHECK_INT(c.count, 5);
    double skewed[] = {1, 1, 1, 1, 2, 3, 4, 5, 6, 900};
    c = classes_choose(skewed, 10, CLASSES_AUTO);
    CHECK_INT(c.rule, CLASSES_QUANTILE);
    size_t total = 0;
    for (size_t k = 0; k < c.count; k++) {
        total += c.areas[k];
        CHECK(k == 0 || c.low[k] > c.high[k - 1]); /* equal values are never parted */
    }
    CHECK_INT(total, 10);
    CHECK_INT(classes_find(&c, 1), 0);
    CHECK_INT(classes_find(&c, 900), c.count - 1);
    c = classes_choose(NULL, 0, CLASSES_AUTO);
    CHECK_INT(c.count, 0);
}

static void test_ticks_are_round(void **state)
{
    (void)state;
    static const struct {
        double low, high, step, to;
        enum result_type type;
    } rows[] = {{0, 97, 20, 100, RESULT_RATE},    {0, 1, 1, 1, RESULT_COUNT},
                {0, 0, 1, 1, RESULT_COUNT},       {0, 6183, 2000, 8000, RESULT_COUNT},
                {0, 0.37, 0.1, 0.4, RESULT_RATE}, {-30, 70, 20, 80, RESULT_COUNT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct svg_scale s = svg_scale_of(rows[i].low, rows[i].high, 6, rows[i].type);
        CHECK_NEAR(s.step, rows[i].step, 1e-12);
        CHECK_NEAR(s.to, rows[i].to, 1e-12);
        CHECK(s.from <= rows[i].low && s.to >= rows[i].high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_charts),
        cmocka_unit_test(test_line_breaks_and_never_falls_to_nought),
        cmocka_unit_test(test_line_of_136_months),
        cmocka_unit_test(test_many_series_get_panels),
        cmocka_unit_test(test_line_edges),
        cmocka_unit_test(test_row_charts_at_their_edges),
        cmocka_unit_test(test_long_and_hostile_labels),
        cmocka_unit_test(test_intervals_stand_in_order),
        cmocka_unit_test(test_bars_below_nought),
        cmocka_unit_test(test_wrong_columns_are_refused),
        cmocka_unit_test(test_calendar_of_136_months_with_a_hole),
        cmocka_unit_test(test_map_edges),
        cmocka_unit_test(test_damaged_shapes_are_refused),
        cmocka_unit_test(test_shared_borders_stay_shared),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_ticks_are_round),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

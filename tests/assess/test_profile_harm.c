/* tests/assess/test_profile_harm.c — offences of a profile weighted by a scale that is held,
 * against sums by hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

static struct rv_err err;

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"A test\", \"profiles\": ["
    "{\"id\": \"p\", \"title\": \"Assault\", \"offences\": [\"abh\", \"gbh\", \"homicide\"]}]}";

static const char WEIGHTS[] = "offence_code:c offence_group:c weight:r scheme:c";

/* 2021: 40 abh, 5 gbh. 2022: 50 abh, 10 of them of the code 8N, 15 gbh, 3 homicides. */
static void open_file(struct fixture *f, int homicides, size_t threads)
{
    static const struct {
        const char *group, *code;
        int year, count;
    } rows[] = {{"abh", "", 2021, 40},
                {"gbh", "", 2021, 5},
                {"abh", "", 2022, 40},
                {"abh", "8N", 2022, 10},
                {"gbh", "5D", 2022, 15}};
    struct definition d;
    struct buf text RV_CLEANUP(buf_done);
    int64_t e, n;
    int id = 0;
    buf_init(&text, 1u << 20);
    fixture_point(2, 1, 1, &e, &n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int k = 0; k < rows[i].count; k++) {
            buf_printf(&text, "o%d|%d-05-10|%s|%s|%lld|%lld\n", id++, rows[i].year, rows[i].group,
                       rows[i].code, (long long)e / 1000, (long long)n / 1000);
        }
    }
    for (int k = 0; k < homicides; k++) {
        buf_printf(&text, "o%d|2022-06-10|homicide||%lld|%lld\n", id++, (long long)e / 1000,
                   (long long)n / 1000);
    }
    fixture_open(f, threads);
    fixture_areas(f, 2, "2018", "2022-05", NULL);
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c offence_code:c easting:m "
                    "northing:m",
                    text.bytes, "2021-01..2022-12");
    fixture_place(f);
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void assess(struct fixture *f, const char *compare, struct assessment *ret)
{
    struct assess_options o = {.area = "E09000002", .compare = ASSESS_NO_COMPARE};
    CHECK(month_range_parse(text_of("2022"), &o.period));
    CHECK(!compare || month_range_parse(text_of(compare), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
    for (size_t i = 0; i < ret->finding_count; i++) {
        fixture_check_query(f, &ret->findings[i]);
    }
}

static const struct finding *find(const struct assessment *x)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strcmp(x->findings[i].id, "p.all.harm") == 0) {
            return &x->findings[i];
        }
    }
    return NULL;
}

static double slot(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return g->slots[i].number;
        }
    }
    fail_msg("%s has no slot %s", g->id, name);
    return 0;
}

static bool has_caveat(const struct finding *g, const char *words)
{
    bool has = false;
    for (size_t i = 0; i < g->caveat_count; i++) {
        has = has || strstr(g->caveats[i], words);
    }
    return has;
}

static void sums_by_hand(void **state)
{
    (void)state;
    for (size_t threads = 1; threads < 4; threads += 2) {
        struct fixture f;
        struct assessment x;
        open_file(&f, 3, threads);
        fixture_extract(&f, "weights", "scale", WEIGHTS,
                        "|abh|20|a scale\n|gbh|1000|a scale\n8N||50|a scale\n|rape|1500|a scale\n",
                        NULL);
        assess(&f, "2021", &x);
        const struct finding *g = fixture_finding(&x, "p.all.harm");
        /* 40 x 20 + 10 x 50 + 15 x 1000, before 40 x 20 + 5 x 1000; homicide has no weight. */
        CHECK_NEAR(g->value, 16300, 0);
        CHECK_NEAR(g->compare_value, 5800, 0);
        CHECK_NEAR(g->numerator, 65, 0);
        CHECK_NEAR(g->missing, 3, 0);
        CHECK(g->lower > 8000 && g->lower < 16300 && g->upper > 16300);
        /* 10500 against the root of 15 + 5 times a million and 40 x 400 twice and 10 x 2500. */
        CHECK_STRING(g->rule, "HARM_MORE");
        CHECK_NEAR(slot(g, "most_share"), 100 * 15000.0 / 16300, 1e-9);
        CHECK_NEAR(slot(g, "most_count"), 15, 0);
        CHECK_NEAR(slot(g, "count"), 68, 0);
        CHECK(has_caveat(g, "3 offences have no weight in the scale"));
        CHECK_INT(g->source_count, 2);
        const struct result_table *t = NULL;
        for (size_t i = 0; i < x.table_count; i++) {
            t = strcmp(x.tables[i].id, "p-harm") == 0 ? &x.tables[i] : t;
        }
        assert_non_null(t);
        CHECK(t && t->source_count == 2);
        CHECK_NEAR(fixture_cell(t, "Actual bodily harm", "weight"), 1300, 0);
        CHECK_NEAR(fixture_cell(t, "Actual bodily harm", "weight_before"), 800, 0);
        CHECK_NEAR(fixture_cell(t, "Actual bodily harm", "count_percent"), 100 * 50.0 / 68, 1e-9);
        CHECK_NEAR(fixture_cell(t, "Homicide", "count"), 3, 0);
        CHECK_NEAR(fixture_cell(t, "Homicide", "weight"), 0, 0);
        fixture_close(&f);
    }
}

/* A single heavy offence more is no change that a test tells. */
static void one_heavy_offence_is_no_trend(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, 1, 1);
    fixture_extract(&f, "weights", "scale", WEIGHTS, "|abh|1|a scale\n|homicide|5000|a scale\n",
                    NULL);
    assess(&f, "2021", &x);
    const struct finding *g = fixture_finding(&x, "p.all.harm");
    CHECK_NEAR(g->value, 5050, 0);
    CHECK_NEAR(g->compare_value, 40, 0);
    CHECK_STRING(g->rule, "HARM_NOT_DISTINGUISHABLE");
    fixture_close(&f);
}

static void schemes_never_meet(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, 0, 1);
    fixture_extract(&f, "weights", "scale", WEIGHTS, "|abh|20|old\n|gbh|1000|old\n", NULL);
    fixture_extract(&f, "weights", "scale", WEIGHTS, "|abh|2|new\n", NULL);
    assess(&f, NULL, &x);
    const struct finding *g = fixture_finding(&x, "p.all.harm");
    CHECK_STRING(g->rule, "HARM");
    CHECK_NEAR(g->value, 100, 0);
    CHECK_NEAR(g->missing, 15, 0);
    CHECK(has_caveat(g, "Of 2 scales held the one imported last is used, and no other: \"new\"."));
    fixture_close(&f);
}

static void without_weights_nothing_is_said(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_file(&f, 0, 1);
    assess(&f, "2021", &x);
    CHECK(!find(&x));
    fixture_extract(&f, "weights", "scale", WEIGHTS, "|rape|20|a scale\n", NULL);
    assess(&f, "2021", &x);
    const struct finding *g = fixture_finding(&x, "p.all.harm");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    fixture_extract(&f, "weights", "scale", WEIGHTS, "|abh|0|nought\n|gbh|0|nought\n", NULL);
    assess(&f, "2021", &x);
    CHECK(fixture_finding(&x, "p.all.harm")->verdict == VERDICT_NOT_AVAILABLE);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_by_hand),
        cmocka_unit_test(one_heavy_offence_is_no_trend),
        cmocka_unit_test(schemes_never_meet),
        cmocka_unit_test(without_weights_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

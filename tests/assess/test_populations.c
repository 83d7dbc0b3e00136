/* tests/assess/test_populations.c — populations other than residents: never mixed with them, never
 * replaced by them, never a part for a whole. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/populations.h"
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"
#include "place/residents.h"

#include <math.h>
#include <string.h>

static struct rv_err err;

static const char OFFENCES[] = "offence_id:x recorded_at:t offence_group:c easting:m northing:m";
static const char NAMED[] = "area_code:c year:i age_from:i age_to:i persons:i population_name:c";

/* Offences in 2022 by borough from 2: 6, 3 and 2. Residents of all; of the others what is given. */
static void open_file(struct fixture *f, const char *others)
{
    static const struct {
        int borough, ward;
    } at[] = {{2, 1}, {2, 1}, {2, 1}, {2, 2}, {2, 2}, {2, 3},
              {3, 1}, {3, 1}, {3, 2}, {4, 4}, {4, 4}};
    struct buf rows RV_CLEANUP(buf_done);
    fixture_open(f, 2);
    fixture_areas(f, 4, "2018", "2018", "2011");
    buf_init(&rows, 1 << 16);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        int64_t e, n;
        fixture_point(at[i].borough, at[i].ward, 1, &e, &n);
        buf_printf(&rows, "o%zu|2022-%02zu-03T10:00|gbh|%lld|%lld\n", i, i % 12 + 1,
                   (long long)e / 1000, (long long)n / 1000);
    }
    fixture_extract(f, "offences", "police", OFFENCES, rows.bytes, "2022-01..2022-12");
    fixture_extract(f, "population", "census-2021", "area_code:c year:i persons:i",
                    "E09000001|2021|10\nE09000002|2021|3000\nE09000003|2021|1000\n"
                    "E09000004|2021|500\n",
                    NULL);
    if (others) {
        fixture_extract(f, "population", "others", NAMED, others, NULL);
    }
    fixture_place(f);
}

static struct result_table table(struct fixture *f, const char *words)
{
    struct result_table t;
    rv_status status = fixture_table(f, words, &t, &err);
    if (!rv_is_ok(status)) {
        fail_msg("%s: %s", words, err.message);
    }
    return t;
}

static bool says(const struct result_table *t, const char *part)
{
    for (size_t i = 0; i < t->note_count; i++) {
        if (strstr(t->notes[i], part)) {
            return true;
        }
    }
    return false;
}

#define WORKDAY                                                                                    \
    "E09000002|2011|16|74|2000|workday population\nE09000003|2011|16|74|4000|workday population\n" \
    "E09000004|2011|16|74|0|workday population\n"

static void rates_are_on_the_population_asked_for(void **state)
{
    (void)state;
    struct fixture f;
    open_file(&f, WORKDAY);
    struct result_table t =
        table(&f, "--by borough --period 2022 --rank rate --denominator workday-population");
    CHECK_NEAR(fixture_cell(&t, "E09000002", "population"), 2000, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rate"), 300, 1e-9); /* 6 of 2,000 */
    CHECK_NEAR(fixture_cell(&t, "E09000003", "rate"), 75, 1e-9);  /* 3 of 4,000 */
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rank"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000003", "rank"), 2, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000003", "of"), 2, 0); /* nobody there in the day: no place */
    CHECK(isnan(fixture_cell(&t, "E09000004", "rate")));
    CHECK(isnan(fixture_cell(&t, "E09000004", "rank")));
    CHECK_NEAR(fixture_cell(&t, "E09000004", "count"), 2, 0);
    CHECK(isnan(fixture_cell(&t, "E09000001", "rate"))); /* never residents instead */
    CHECK(says(&t, "not of residents"));
    CHECK(says(&t, "of ages from 16 to 74"));
    CHECK(says(&t, "for 2022 stands the nearest year held, 2011, 11 years away"));
    CHECK(says(&t, "held for 3 of 4 boroughs, and only these are ranked"));

    t = table(&f, "--by borough --period 2022 --rank rate --denominator \"workday population\"");
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rate"), 300, 1e-9);
    t = table(&f, "--by borough --period 2022 --rank rate"); /* residents as they were */
    CHECK_NEAR(fixture_cell(&t, "E09000002", "population"), 3000, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rate"), 200, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000003", "rate"), 300, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000004", "rate"), 400, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rank"), 3, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "of"), 3, 0);
    CHECK(!says(&t, "not of residents"));
    /* All of London: the City is missing, so there is no whole. */
    t = table(&f, "--by year --period 2022 --denominator workday-population");
    CHECK(isnan(fixture_cell(&t, "2022", "rate")));
    t = table(&f, "--by year --period 2022");
    CHECK_NEAR(fixture_cell(&t, "2022", "population"), 4510, 1e-9);
    fixture_close(&f);
}

static void an_unknown_name_lists_those_held(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_file(&f, WORKDAY "E09000002|2021|||50|Pupils on roll\nE09000003|2021|||9|Residents\n"
                          "E09000002|2021|||50|pupils on roll\n");
    CHECK_FAILS(fixture_table(&f, "--by borough --denominator visitors", &t, &err), RV_USAGE);
    CHECK(strstr(err.message, "pupils-on-roll, pupils-on-roll-2, workday-population"));
    struct held held;
    struct population_held *list;
    size_t n;
    CHECK_OK(held_load(f.store, &f.arena, f.pool, NULL, &held, &err));
    CHECK_OK(populations_held(&held, &list, &n, &err));
    CHECK_INT(n, 3);
    CHECK_STRING(list[0].name, "Pupils on roll");
    CHECK_STRING(list[2].name, "workday population");
    fixture_close(&f);
    open_file(&f, NULL);
    CHECK_FAILS(fixture_table(&f, "--by borough --denominator visitors", &t, &err), RV_USAGE);
    CHECK(strstr(err.message, "column population_name"));
    fixture_close(&f);
}

/* A figure of three of the four wards is no figure of the borough. */
static void parts_are_no_whole(void **state)
{
    (void)state;
    static const char three[] = "E05000021|2021|||100|visitors\nE05000022|2021|||200|visitors\n"
                                "E05000023|2021|||300|visitors\n";
    static const char all[] = "E05000021|2021|||100|visitors\nE05000022|2021|||200|visitors\n"
                              "E05000023|2021|||300|visitors\nE05000024|2021|||400|visitors\n";
    struct fixture f;
    open_file(&f, three);
    struct result_table t = table(&f, "--by borough --period 2022 --denominator visitors");
    CHECK(isnan(fixture_cell(&t, "E09000002", "rate")));
    t = table(&f, "--by ward --area E09000002 --period 2022 --denominator visitors");
    CHECK_NEAR(fixture_cell(&t, "E05000021", "rate"), 3000, 1e-9); /* 3 of 100 */
    CHECK(isnan(fixture_cell(&t, "E05000024", "rate")));
    fixture_close(&f);
    open_file(&f, all);
    t = table(&f, "--by borough --period 2022 --denominator visitors");
    CHECK_NEAR(fixture_cell(&t, "E09000002", "population"), 1000, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "rate"), 600, 1e-9);
    CHECK(isnan(fixture_cell(&t, "E09000003", "rate")));
    CHECK(says(&t, "Figures of 1 of 4 areas"));
    fixture_close(&f);
}

/* What shares out a code that a look-up splits, and rates: residents alone, however written. */
static void residents_are_never_mixed(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f, 1);
    fixture_areas(&f, 3, "2018", NULL, NULL);
    fixture_extract(&f, "offences", "police", "offence_id:x recorded_at:t borough_code:c",
                    "a|2022-01-03T10:00|E09000002\n", "2022-01..2022-12");
    fixture_extract(&f, "population", "mixed", NAMED,
                    "E09000002|2021|||700|\nE09000002|2021|||50|workday population\n"
                    "E09000003|2021|||300|Residents\nE09000003|2022|||9|workday population\n",
                    NULL);
    fixture_place(&f);
    struct result_table t = table(&f, "--by borough --period 2022");
    CHECK_NEAR(fixture_cell(&t, "E09000002", "population"), 700, 1e-9);
    CHECK_NEAR(fixture_cell(&t, "E09000003", "population"), 300, 1e-9);
    struct residents *r;
    const struct text codes[] = {text_of("E09000002"), text_of("E09000003")};
    double persons[2];
    CHECK_OK(residents_load(f.store, &f.arena, &r, &err));
    CHECK(residents_of(r, codes, 2, persons));
    CHECK_NEAR(persons[0], 700, 1e-9);
    CHECK_NEAR(persons[1], 300, 1e-9);
    CHECK(population_is_residents(text_of("RESIDENTS")));
    CHECK(!population_is_residents(text_of("resident")));
    CHECK(!population_is_residents(text_of("residents of age")));
    fixture_close(&f);
}

/* ---- the finding ---- */

static const char GROUPS[] =
    "{\"definition\":\"test\",\"version\":\"1\",\"title\":\"Test\",\"area\":\"E09000002\","
    "\"profiles\":[{\"id\":\"harm\",\"title\":\"Grievous harm\",\"offences\":[\"gbh\"]}]}";

/* 400, 200 and 50 offences in 2022 in boroughs 2, 3 and 4, each of 100,000 residents. */
static void open_profile(struct fixture *f, const char *others)
{
    static const int counts[] = {400, 200, 50};
    struct buf rows RV_CLEANUP(buf_done);
    struct definition d;
    fixture_open(f, 2);
    fixture_areas(f, 4, "2018", "2018", "2011");
    buf_init(&rows, 1 << 20);
    for (int b = 0; b < 3; b++) {
        for (int i = 0; i < counts[b]; i++) {
            int64_t e, n;
            fixture_point(b + 2, i % 4 + 1, 1, &e, &n);
            buf_printf(&rows, "o%d-%d|2022-%02d-03T10:00|gbh|%lld|%lld\n", b, i, i % 12 + 1,
                       (long long)e / 1000, (long long)n / 1000);
        }
    }
    fixture_extract(f, "offences", "police", OFFENCES, rows.bytes, "2022-01..2022-12");
    fixture_extract(f, "population", "census-2021", "area_code:c year:i persons:i",
                    "E09000001|2021|10\nE09000002|2021|100000\nE09000003|2021|100000\n"
                    "E09000004|2021|100000\n",
                    NULL);
    fixture_extract(f, "population", "others", NAMED, others, NULL);
    fixture_place(f);
    CHECK_OK(definition_read(&f->arena, "test", text_of(GROUPS), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static const struct finding *assess(struct fixture *f, const char *area, const char *denominator,
                                    struct assessment *ret)
{
    struct assess_options o = {
        .area = area, .compare = ASSESS_NO_COMPARE, .denominator = denominator};
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
    return fixture_finding(ret, "harm.all.rate-on.visitors");
}

static void the_place_is_called_different_only_where_sets_do_not_meet(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    /* On residents 400, 200, 50: first, second, third. On visitors 100, 1,000, 50. */
    open_profile(&f, "E09000002|2022|||400000|visitors\nE09000003|2022|||20000|visitors\n"
                     "E09000004|2022|||100000|visitors\n");
    const struct finding *g = assess(&f, "E09000002", NULL, &x);
    CHECK_STRING(g->rule, "RATE_ON_LOWER");
    CHECK_NEAR(g->value, 100, 1e-9);
    CHECK_NEAR(g->denominator, 400000, 1e-9);
    CHECK_INT(g->rank, 2);
    CHECK_INT(g->rank_low, 2);
    CHECK_INT(g->of, 3);
    fixture_check_query(&f, g);
    g = assess(&f, "E09000003", "visitors", &x);
    CHECK_STRING(g->rule, "RATE_ON_HIGHER");
    CHECK_NEAR(g->value, 1000, 1e-9);
    CHECK_INT(g->rank_high, 1);
    fixture_check_query(&f, g);
    g = assess(&f, "E09000004", NULL, &x);
    CHECK_STRING(g->rule, "RATE_ON_SAME_PLACE");
    fixture_close(&f);
}

static void without_residents_or_two_boroughs_no_place_is_compared(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    open_profile(&f, "E09000002|2022|||400000|visitors\n");
    const struct finding *g = assess(&f, "E09000002", NULL, &x);
    CHECK_STRING(g->rule, "RATE_ON_NO_PLACE");
    CHECK_NEAR(g->value, 100, 1e-9);
    CHECK_INT(g->rank, -1);
    g = assess(&f, "E09000003", NULL, &x);
    CHECK_STRING(g->rule, "RATE_ON_NOT_AVAILABLE");
    CHECK(isnan(g->value) && isnan(g->denominator));
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_on_the_population_asked_for),
        cmocka_unit_test(an_unknown_name_lists_those_held),
        cmocka_unit_test(parts_are_no_whole),
        cmocka_unit_test(residents_are_never_mixed),
        cmocka_unit_test(the_place_is_called_different_only_where_sets_do_not_meet),
        cmocka_unit_test(without_residents_or_two_boroughs_no_place_is_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/assess/test_where.c — how offences are located, what that allows, repeat places, kinds of
 * place and concentration, with counts worked out by hand. SPDX-License-Identifier:
 * GPL-3.0-or-later
 */
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

#include <math.h>

static struct rv_err err;

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"2026-01\", \"title\": \"A test\",\n"
    " \"profiles\": [\n"
    "  {\"id\": \"hurt\", \"title\": \"Hurt\", \"offences\": [\"abh\"]},\n"
    "  {\"id\": \"robbed\", \"title\": \"Robbed\", \"offences\": [\"personal-robbery\"]},\n"
    "  {\"id\": \"rape\", \"title\": \"Rape\", \"offences\": [\"rape\"]}]}";

struct rows {
    struct buf b;
    int n;
    int blank_every; /* 0 = none: coordinates of every so many are left out */
    bool has_types;
};

/* n offences of a group at one place in borough 2, or spread over LSOAs when `is_spread`. */
static void put(struct rows *r, int n, const char *group, const char *precision, bool has_point,
                int ward, int lsoa, const char *venue, const char *type)
{
    for (int i = 0; i < n; i++) {
        int64_t e, north;
        fixture_point(2, ward, lsoa, &e, &north);
        r->n++;
        bool has = has_point && (r->blank_every == 0 || r->n % r->blank_every != 0);
        buf_printf(&r->b, "o%d|2022-%02d-11|%s|%s|%s|%s|E01002%d%d|", r->n, r->n % 12 + 1, group,
                   precision, venue, r->has_types ? type : "", ward, lsoa);
        if (has) {
            buf_printf(&r->b, "%lld|%lld\n", (long long)e / 1000, (long long)north / 1000);
        } else {
            buf_text(&r->b, "|\n");
        }
    }
}

/* abh: 12 exact at one place, 6 snapped at another, 3 apart, 4 withheld, 3 of an area only.
 * Robbery: 2 at each of 12 places. Rape: 9 exact at one place, 11 withheld. Theft: at two more. */
static void put_case(struct rows *r)
{
    buf_init(&r->b, 1u << 20);
    put(r, 12, "abh", "exact", true, 1, 1, "Arms", "pub/club");
    put(r, 6, "abh", "snapped", true, 2, 1, "School", "school");
    for (int lsoa = 1; lsoa <= 3; lsoa++) {
        put(r, 1, "abh", "", true, 3, lsoa, "", "street");
    }
    put(r, 4, "abh", "withheld", true, 1, 1, "", "");
    put(r, 3, "abh", "area-only", false, 4, 4, "", "");
    for (int ward = 1; ward <= 3; ward++) {
        for (int lsoa = 1; lsoa <= 4; lsoa++) {
            put(r, 2, "personal-robbery", "exact", true, ward, lsoa, "", "");
        }
    }
    put(r, 9, "rape", "exact", true, 1, 1, "Arms", "pub/club");
    put(r, 11, "rape", "withheld", false, 1, 2, "Arms", "pub/club");
    put(r, 1, "theft", "exact", true, 4, 1, "", "");
    put(r, 1, "theft", "exact", true, 4, 2, "", "");
}

static void open_case(struct fixture *f, size_t threads, struct rows *r)
{
    struct definition d;
    fixture_open(f, threads);
    fixture_areas(f, 4, "2018", "2018", "2011");
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t offence_group:c location_precision:c venue_name:c "
                    "venue_type:c lsoa_code:c easting:m northing:m",
                    r->b.n ? r->b.bytes : "", "2021-01..2022-12");
    buf_done(&r->b);
    fixture_place(f);
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void assess(struct fixture *f, struct assessment *ret)
{
    struct assess_options o = {.area = "E09000002"};
    CHECK(month_range_parse(text_of("2022-01..2022-12"), &o.period));
    CHECK(month_range_parse(text_of("2021-01..2021-12"), &o.compare));
    CHECK_OK(assess_run(f->store, &f->arena, f->pool, NULL, &o, ret, &err));
}

static const struct finding *find(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strcmp(x->findings[i].id, id) == 0) {
            return &x->findings[i];
        }
    }
    return NULL;
}

static const struct result_table *table_of(const struct assessment *x, const char *theme,
                                           const char *id)
{
    for (size_t i = 0; i < x->table_count; i++) {
        const struct result_table *t = &x->tables[i];
        if (strcmp(t->chapter ? t->chapter : t->theme, theme) == 0 && strcmp(t->id, id) == 0) {
            return t;
        }
    }
    return NULL;
}

static double number_of(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (strcmp(f->slots[i].name, name) == 0) {
            return f->slots[i].number;
        }
    }
    fail_msg("%s has no %s", f->id, name);
    return 0;
}

static const char *words_of(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (strcmp(f->slots[i].name, name) == 0) {
            return f->slots[i].text;
        }
    }
    return "";
}

static void the_ladder_is_counted_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.has_types = true};
    put_case(&r);
    open_case(&f, 2, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "hurt.all.location-quality");
    CHECK_INT(g->numerator, 21);
    CHECK_INT(g->denominator, 28);
    CHECK_INT(g->missing, 7);
    CHECK_INT(g->verdict, VERDICT_HOLDS);
    CHECK_STRING(words_of(g, "rungs"),
                 "12 exact, 6 snapped to map points, 3 of unstated precision, 4 withheld, "
                 "3 with an area only");
    fixture_check_query(&f, g);
    const struct result_table *t = table_of(&x, "hurt", "hurt-location-quality");
    t = t ? t : table_of(&x, "hurt", "location-quality");
    assert_non_null(t);
    static const double rungs[] = {12, 6, 3, 4, 3};
    CHECK_INT(t->row_count, 5);
    for (size_t i = 0; i < 5; i++) {
        CHECK_NEAR(t->cells[i * t->column_count + 1].number, rungs[i], 0);
    }
    fixture_close(&f);
}

/* 21 on the 12 + 1 + 2 places of the borough with an offence of any kind. */
static void repeat_places_are_counted_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.has_types = true};
    put_case(&r);
    open_case(&f, 2, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "hurt.all.repeat-locations");
    CHECK_INT(g->numerator, 18);
    CHECK_INT(g->denominator, 21);
    CHECK_NEAR(number_of(g, "repeat_places"), 2, 0);
    CHECK_NEAR(number_of(g, "half_places"), 1, 0);
    CHECK_NEAR(number_of(g, "all_places"), 14, 0);
    CHECK_NEAR(number_of(g, "chance"), 21 * (1 - pow(13.0 / 14, 20)), 1e-9);
    CHECK_STRING(g->rule, "REPEATS_BY_CHANCE");
    fixture_check_query(&f, g);
    g = fixture_finding(&x, "robbed.all.repeat-locations"); /* 24 on 14 places: all at repeats */
    CHECK_INT(g->numerator, 24);
    CHECK_NEAR(number_of(g, "repeat_places"), 12, 0);
    CHECK_NEAR(number_of(g, "half_places"), 6, 0);
    fixture_close(&f);
}

static void few_coordinates_refuse_lists_of_places(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.has_types = true};
    put_case(&r);
    open_case(&f, 2, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "rape.all.location-quality");
    CHECK_INT(g->numerator, 9);
    CHECK_INT(g->denominator, 20);
    CHECK_INT(g->verdict, VERDICT_NOT_RELIABLE);
    g = fixture_finding(&x, "rape.all.top-place");
    CHECK_INT(g->verdict, VERDICT_NOT_AVAILABLE);
    CHECK(isnan(g->value));
    CHECK_STRING(g->rule, "PLACES_REFUSED");
    assert_null(find(&x, "rape.all.repeat-locations"));
    assert_null(find(&x, "rape.all.place-kinds"));
    for (size_t i = 0; i < x.table_count; i++) {
        const struct result_table *t = &x.tables[i];
        bool is_of_rape = t->chapter && strcmp(t->chapter, "rape") == 0;
        CHECK(!is_of_rape || !strstr(t->id, "places"));
    }
    assert_non_null(find(&x, "rape.all.top-lsoa")); /* areas are still told */
    fixture_close(&f);
}

static void kinds_of_place_are_counted_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.has_types = true};
    put_case(&r);
    open_case(&f, 2, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "hurt.all.place-kinds");
    CHECK_INT(g->numerator, 12);
    CHECK_INT(g->denominator, 21);
    CHECK_INT(g->missing, 7);
    CHECK_STRING(words_of(g, "kinds"), "12 pub/club, 6 school, 3 street");
    CHECK_STRING(words_of(g, "first_kinds"), "1 pub/club, 1 school");
    fixture_check_query(&f, g);
    assert_null(find(&x, "robbed.all.place-kinds")); /* none is recorded */
    fixture_close(&f);
}

/* By LSOA 16, 6, 3 (by code), 1, 1, 1 of 16: one holds half of 28. Robbery: 2 in each of 12. */
static void concentration_is_counted_by_hand(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.has_types = true};
    put_case(&r);
    open_case(&f, 2, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "hurt.all.concentration");
    CHECK_INT(g->value, 1);
    CHECK_INT(g->denominator, 16);
    CHECK_INT(g->missing, 0);
    CHECK_NEAR(number_of(g, "count"), 28, 0);
    CHECK_NEAR(number_of(g, "quarter"), 1, 0);
    CHECK_STRING(g->rule, "CONCENTRATION");
    CHECK_INT(g->is_tied, false);
    fixture_check_query(&f, g);
    g = fixture_finding(&x, "robbed.all.concentration");
    CHECK_INT(g->value, 6);
    CHECK_NEAR(number_of(g, "quarter"), 3, 0);
    CHECK_STRING(g->rule, "CONCENTRATION_BY_CHANCE");
    CHECK_INT(g->is_tied, true);
    fixture_close(&f);
}

/* A source without any coordinates withholds none: its names of places are what it has. */
static void a_source_without_coordinates_keeps_its_names(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct rows r = {.blank_every = 1};
    put_case(&r);
    open_case(&f, 1, &r);
    assess(&f, &x);
    const struct finding *g = fixture_finding(&x, "hurt.all.location-quality");
    CHECK_INT(g->numerator, 0);
    CHECK_INT(g->verdict, VERDICT_NOT_RELIABLE);
    CHECK_INT(fixture_finding(&x, "hurt.all.top-place")->numerator, 12);
    assert_null(find(&x, "hurt.all.repeat-locations"));
    assert_null(find(&x, "hurt.all.place-kinds"));
    fixture_close(&f);
}

static void few_records_make_a_quiet_chapter(void **state)
{
    (void)state;
    for (int n = 0; n <= 1; n++) {
        struct fixture f;
        struct assessment x;
        struct rows r = {.has_types = true};
        buf_init(&r.b, 1u << 16);
        put(&r, 1, "theft", "exact", true, 1, 1, "", "");
        put(&r, n, "abh", "exact", true, 1, 1, "Arms", "pub/club");
        open_case(&f, 1, &r);
        assess(&f, &x);
        const struct finding *total = fixture_finding(&x, "hurt.all.total");
        CHECK(n == 0 ? isnan(total->value) : total->value == 1); /* no such offence in the source */
        const struct finding *g = find(&x, "hurt.all.location-quality");
        CHECK_INT(g != NULL, n);
        if (g) {
            CHECK_STRING(g->rule, "LOCATION_QUALITY_SMALL");
            CHECK(isnan(g->value)); /* no percentage of one */
        }
        assert_null(find(&x, "hurt.all.repeat-locations"));
        assert_null(find(&x, "hurt.all.concentration"));
        assert_null(find(&x, "hurt.all.top-place"));
        fixture_close(&f);
    }
}

/* A point in a table is a number, and conditions on coordinates still find it. */
static void no_table_prints_a_point(void **state)
{
    (void)state;
    struct fixture f;
    struct rows r = {.has_types = true};
    struct result_table t;
    put_case(&r);
    open_case(&f, 2, &r);
    CHECK_OK(fixture_table(&f, "--profile hurt --by point --area E09000002", &t, &err));
    CHECK_INT(t.row_count, 6); /* five places, and those without coordinates */
    for (size_t i = 0; i + 1 < t.row_count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "point %zu", i + 1);
        CHECK_STRING(t.cells[i * t.column_count].text, name);
    }
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 3, 0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_is_counted_by_hand),
        cmocka_unit_test(repeat_places_are_counted_by_hand),
        cmocka_unit_test(few_coordinates_refuse_lists_of_places),
        cmocka_unit_test(kinds_of_place_are_counted_by_hand),
        cmocka_unit_test(concentration_is_counted_by_hand),
        cmocka_unit_test(a_source_without_coordinates_keeps_its_names),
        cmocka_unit_test(few_records_make_a_quiet_chapter),
        cmocka_unit_test(no_table_prints_a_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

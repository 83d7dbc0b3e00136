/* tests/assess/test_change_parts.c — the parts of a profile's change, against counts worked out by
 * hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

static struct rv_err err;

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"A test\", \"profiles\": ["
    "{\"id\": \"p\", \"title\": \"Assault\", \"offences\": [\"abh\", \"gbh\"]}],"
    " \"context\": [{\"id\": \"wider\", \"title\": \"Assault and robbery\","
    " \"offences\": [\"abh\", \"gbh\", \"personal-robbery\"]}]}";

struct source_text {
    struct buf rows, persons;
    int n;
};

static void begin(struct source_text *s)
{
    buf_init(&s->rows, 4u << 20);
    buf_init(&s->persons, 4u << 20);
    s->n = 0;
}

/* `times` copies of one offence in a ward of the second borough; ward 0 = no place but the borough.
 * age: of its victim; "" = not known, NULL = no victim. */
static void put(struct source_text *s, int times, int year, const char *group, int ward,
                const char *clock, const char *venue, const char *age)
{
    int64_t e = 0, n = 0;
    fixture_point(2, ward ? ward : 1, 1, &e, &n);
    for (int i = 0; i < times; i++) {
        int id = s->n++;
        buf_printf(&s->rows, "o%d|%d-05-10|%d-05-09%s|%s|%s|", id, year, year, clock, group, venue);
        if (ward) {
            buf_printf(&s->rows, "%lld|%lld|\n", (long long)e / 1000, (long long)n / 1000);
        } else {
            buf_text(&s->rows, "||E09000002\n");
        }
        if (age) {
            buf_printf(&s->persons, "o%d|victim|%s\n", id, age);
        }
    }
}

static void open_file(struct fixture *f, struct source_text *s, size_t threads)
{
    struct definition d;
    fixture_open(f, threads);
    fixture_areas(f, 2, "2018", "2022-05", NULL);
    fixture_extract(f, "offences", "police",
                    "offence_id:x recorded_at:t committed_from:t offence_group:c venue_type:c "
                    "easting:m northing:m borough_code:c",
                    s->rows.bytes ? s->rows.bytes : "", "2021-01..2022-12");
    if (s->persons.bytes) {
        fixture_extract(f, "persons", "police", "offence_id:x role:c age:i", s->persons.bytes,
                        "2021-01..2022-12");
    }
    fixture_place(f);
    buf_done(&s->rows);
    buf_done(&s->persons);
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

static const struct finding *find(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->finding_count; i++) {
        if (strcmp(x->findings[i].id, id) == 0) {
            return &x->findings[i];
        }
    }
    return NULL;
}

static const struct result_table *parts_of(const struct assessment *x)
{
    for (size_t i = 0; i < x->table_count; i++) {
        if (strcmp(x->tables[i].id, "p-change-parts") == 0) {
            return &x->tables[i];
        }
    }
    return NULL;
}

static const struct finding_slot *slot(const struct finding *g, const char *name)
{
    for (size_t i = 0; i < g->slot_count; i++) {
        if (strcmp(g->slots[i].name, name) == 0) {
            return &g->slots[i];
        }
    }
    fail_msg("%s has no slot %s", g->id, name);
    return NULL;
}

/* Each way adds up to the last row in all three numbers. */
static void check_ways(const struct result_table *t, int want)
{
    const struct result_cell *total = &t->cells[(t->row_count - 1) * t->column_count];
    size_t first = 0, ways = 0;
    CHECK(t->ends_with_total && t->chart == CHART_WATERFALL);
    while (first + 1 < t->row_count) {
        const char *by = t->cells[first * t->column_count + 5].text;
        double sums[3] = {0};
        size_t r = first;
        for (; r + 1 < t->row_count && strcmp(t->cells[r * t->column_count + 5].text, by) == 0;
             r++) {
            for (size_t k = 0; k < 3; k++) {
                sums[k] += t->cells[r * t->column_count + 1 + k].number;
            }
        }
        for (size_t k = 0; k < 3; k++) {
            CHECK_NEAR(sums[k], total[1 + k].number, 1e-9);
        }
        first = r;
        ways++;
    }
    CHECK_INT(ways, want);
}

static void check_adds_up(const struct result_table *t)
{
    check_ways(t, 5);
}

/* 2021: 100, 25 in each ward. 2022: 160, 75 of them in ward 3, a youngest victim under 18 in 40. */
static void growth(struct source_text *s)
{
    begin(s);
    for (int ward = 1; ward <= 4; ward++) {
        put(s, 20, 2021, "abh", ward, "T20:10", "street", "30");
        put(s, 5, 2021, "gbh", ward, "T09:20", "school", "16");
        put(s, ward == 3 ? 60 : 20, 2022, "abh", ward, "T20:10", "street", "30");
        put(s, ward == 3 ? 15 : 5, 2022, "gbh", ward, "T09:20", "school", "16");
    }
    put(s, 6, 2022, "abh", 1, "", "", NULL);
    put(s, 4, 2022, "abh", 0, "T13:30", "", "");
    put(s, 50, 2022, "personal-robbery", 1, "T13:30", "street", "20"); /* of the context alone */
}

static void the_largest_part_beyond_its_size(void **state)
{
    (void)state;
    for (size_t threads = 1; threads < 4; threads += 2) {
        struct fixture f;
        struct assessment x;
        struct source_text s;
        growth(&s);
        open_file(&f, &s, threads);
        assess(&f, "2021", &x);
        const struct finding *g = fixture_finding(&x, "p.all.change-parts");
        CHECK_STRING(g->rule, "PARTS_LARGEST");
        CHECK_STRING(slot(g, "part")->text, "in the ward Ward 2-3");
        CHECK_STRING(slot(g, "direction")->text, "rise");
        CHECK_NEAR(slot(g, "part_before")->number, 25, 0);
        CHECK_NEAR(slot(g, "part_after")->number, 75, 0);
        CHECK_NEAR(slot(g, "total_change")->number, 60, 0);
        /* Parts with something in them: wards 4, ages 2, venues 2, times 3. */
        CHECK_NEAR(slot(g, "tests")->number, 11, 0);
        /* Fisher of 25 to 75 against 75 to 85, in exact fractions elsewhere. */
        CHECK_NEAR(slot(g, "p")->number, 11 * 0.000412161217779935, 1e-12);
        CHECK(slot(g, "p")->number < 0.05);
        CHECK_NEAR(g->missing, 4, 0);
        CHECK_NEAR(g->value, 160, 0);
        CHECK_NEAR(g->compare_value, 100, 0);
        const struct result_table *t = parts_of(&x);
        check_adds_up(t);
        CHECK_NEAR(fixture_cell(t, "Ward 2-3", "change"), 50, 0);
        CHECK_NEAR(fixture_cell(t, "Ward 2-3", "points"), 50, 1e-12);
        CHECK_NEAR(fixture_cell(t, "Ward 2-1", "change"), 6, 0);
        CHECK_NEAR(fixture_cell(t, "In no ward", "after"), 4, 0);
        CHECK_NEAR(fixture_cell(t, "Youngest victim under 18", "change"), 10, 0);
        CHECK_NEAR(fixture_cell(t, "Youngest victim 25 or older", "change"), 40, 0);
        CHECK_NEAR(fixture_cell(t, "No victim recorded", "after"), 6, 0);
        CHECK_NEAR(fixture_cell(t, "Victim's age not known", "after"), 4, 0);
        CHECK_NEAR(fixture_cell(t, "Venue: school", "change"), 10, 0);
        CHECK_NEAR(fixture_cell(t, "Venue not recorded", "change"), 10, 0);
        CHECK_NEAR(fixture_cell(t, "All", "change"), 60, 0);
        CHECK(!find(&x, "p.all.share-reversal"));
        fixture_close(&f);
    }
}

/* As many as before, but one ward twice as many and the others fewer. */
static void a_part_alone_where_the_total_stays(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct source_text s;
    begin(&s);
    put(&s, 50, 2021, "abh", 1, "T20:10", "street", "30");
    put(&s, 120, 2022, "abh", 1, "T20:10", "street", "30");
    put(&s, 75, 2021, "abh", 2, "T20:10", "street", "30");
    put(&s, 40, 2022, "abh", 2, "T20:10", "street", "30");
    put(&s, 75, 2021, "abh", 3, "T20:10", "street", "30");
    put(&s, 40, 2022, "abh", 3, "T20:10", "street", "30");
    open_file(&f, &s, 1);
    assess(&f, "2021", &x);
    const struct finding *g = fixture_finding(&x, "p.all.change-parts");
    CHECK_STRING(g->rule, "PARTS_ALONE");
    CHECK_STRING(slot(g, "part")->text, "in the ward Ward 2-1");
    CHECK_NEAR(slot(g, "part_change")->number, 70, 0);
    CHECK_NEAR(slot(g, "tests")->number, 7, 0); /* 1 group, 3 wards, 1 age, venue and time */
    check_adds_up(parts_of(&x));
    fixture_close(&f);
}

/* Every part alike: nothing is named, whatever the total does. */
static void alike_parts_name_nothing(void **state)
{
    (void)state;
    for (int n = 20; n <= 40; n += 20) {
        struct fixture f;
        struct assessment x;
        struct source_text s;
        begin(&s);
        for (int ward = 1; ward <= 4; ward++) {
            put(&s, 20, 2021, "abh", ward, "T20:10", "street", "30");
            put(&s, n, 2022, "abh", ward, "T20:10", "street", "30");
        }
        open_file(&f, &s, 1);
        assess(&f, "2021", &x);
        const struct finding *g = fixture_finding(&x, "p.all.change-parts");
        CHECK_STRING(g->rule, n == 20 ? "PARTS_NONE" : "PARTS_NONE_APART");
        check_adds_up(parts_of(&x));
        fixture_close(&f);
    }
}

/* Assault: 20 of 100 and 240 of 300 offences in two wards, then 90 of 300 and 90 of 100: the share
 * rises in both and falls in all, because the mix of the wards turns round. */
static void a_share_that_turns_round(void **state)
{
    (void)state;
    static const int in[2][2] = {{20, 240}, {90, 90}}, whole[2][2] = {{100, 300}, {300, 100}};
    struct fixture f;
    struct assessment x;
    struct source_text s;
    begin(&s);
    for (int y = 0; y < 2; y++) {
        for (int w = 0; w < 2; w++) {
            put(&s, in[y][w], 2021 + y, "abh", w + 1, "T20:10", "street", "30");
            put(&s, whole[y][w] - in[y][w], 2021 + y, "personal-robbery", w + 1, "T20:10", "street",
                "30");
        }
    }
    open_file(&f, &s, 2);
    assess(&f, "2021", &x);
    const struct finding *g = fixture_finding(&x, "p.all.share-reversal");
    CHECK_STRING(g->rule, "SHARE_REVERSED");
    CHECK_NEAR(g->compare_value, 65, 1e-12);
    CHECK_NEAR(g->value, 45, 1e-12);
    CHECK_STRING(slot(g, "direction")->text, "fell");
    CHECK_STRING(slot(g, "against")->text, "rose");
    CHECK_STRING(slot(g, "what")->text, "wards");
    CHECK_NEAR(slot(g, "parts")->number, 2, 0);
    CHECK_NEAR(slot(g, "effect")->number, 10, 1e-9); /* 10 points in each ward, half and half */
    fixture_close(&f);
    /* One ward that goes with the whole, and nothing is said. */
    begin(&s);
    for (int y = 0; y < 2; y++) {
        for (int w = 0; w < 2; w++) {
            int n = y == 1 && w == 1 ? 70 : in[y][w];
            put(&s, n, 2021 + y, "abh", w + 1, "T20:10", "street", "30");
            put(&s, whole[y][w] - n, 2021 + y, "personal-robbery", w + 1, "T20:10", "street", "30");
        }
    }
    open_file(&f, &s, 2);
    assess(&f, "2021", &x);
    CHECK(!find(&x, "p.all.share-reversal"));
    fixture_close(&f);
}

/* One period, few records, no persons: a quiet chapter. */
static void little_is_quiet(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct source_text s;
    growth(&s);
    open_file(&f, &s, 1);
    assess(&f, NULL, &x);
    CHECK(!find(&x, "p.all.change-parts") && !parts_of(&x));
    assess(&f, "2019", &x); /* not covered */
    CHECK(!find(&x, "p.all.change-parts") && !parts_of(&x));
    fixture_close(&f);
    begin(&s);
    put(&s, 1, 2022, "abh", 1, "T20:10", "street", NULL);
    open_file(&f, &s, 1);
    assess(&f, "2021", &x);
    CHECK(!find(&x, "p.all.change-parts") && !parts_of(&x));
    fixture_close(&f);
    begin(&s);
    put(&s, 30, 2021, "abh", 0, "", "", NULL);
    put(&s, 70, 2022, "abh", 0, "", "", NULL);
    open_file(&f, &s, 1);
    assess(&f, "2021", &x);
    CHECK(!find(&x, "p.all.change-parts")); /* nothing known to tell apart by but the group */
    const struct result_table *t = parts_of(&x);
    assert_non_null(t);
    CHECK_NEAR(fixture_cell(t, "Actual bodily harm", "change"), 40, 0);
    CHECK(!fixture_has_row(t, "In no ward"));
    bool is_said = false;
    for (size_t k = 0; t && k < t->note_count; k++) {
        is_said = is_said || strstr(t->notes[k], "not told apart by: wards, bands of the youngest "
                                                 "victim's age, kinds of venue, parts of the day.");
    }
    CHECK(is_said);
    check_ways(t, 1);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_part_beyond_its_size),
        cmocka_unit_test(a_part_alone_where_the_total_stays),
        cmocka_unit_test(alike_parts_name_nothing),
        cmocka_unit_test(a_share_that_turns_round),
        cmocka_unit_test(little_is_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/assess/test_when.c — school days, spread times, nights and the ladder of a profile, against
 * counts worked out by hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/day_kinds.h"
#include "base/buf.h"
#include "define/adopted.h"
#include "fixture.h"

static struct rv_err err;

static const char DEFINITION[] =
    "{\"definition\": \"test\", \"version\": \"1\", \"title\": \"A test\", \"profiles\": ["
    "{\"id\": \"p\", \"title\": \"Assault\", \"offences\": [\"abh\"]}]}";

#define COLUMNS                                                                                    \
    "offence_id:x recorded_at:t committed_from:t committed_to:t offence_group:c easting:m "        \
    "northing:m"

struct source_text {
    struct buf rows;
    int n;
    int64_t e, north;
};

static void begin(struct source_text *s)
{
    buf_init(&s->rows, 4u << 20);
    s->n = 0;
    fixture_point(2, 1, 1, &s->e, &s->north);
}

/* `times` copies of one offence; to: "" = not recorded. */
static void put(struct source_text *s, int times, const char *from, const char *to,
                const char *recorded)
{
    for (int i = 0; i < times; i++) {
        buf_printf(&s->rows, "o%d|%s|%s|%s|abh|%lld|%lld\n", s->n++, recorded, from, to,
                   (long long)s->e / 1000, (long long)s->north / 1000);
    }
}

static void open_file(struct fixture *f, struct source_text *s, size_t threads)
{
    struct definition d;
    fixture_open(f, threads);
    fixture_areas(f, 2, "2018", NULL, NULL);
    fixture_extract(f, "offences", "police", COLUMNS, s->rows.bytes, "2022-01..2022-12");
    fixture_place(f);
    buf_done(&s->rows);
    CHECK_OK(definition_read(&f->arena, "test", text_of(DEFINITION), &d, &err));
    CHECK_OK(adopt_definition(f->store, &f->arena, &d, "a test", "2026-01-01T00:00:00Z", &err));
}

static void assess(struct fixture *f, const char *period, struct assessment *ret)
{
    struct assess_options o = {.area = "E09000002", .compare = ASSESS_NO_COMPARE};
    CHECK(month_range_parse(text_of(period), &o.period));
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

static const struct result_table *table_of(const struct assessment *x, const char *id)
{
    for (size_t i = 0; i < x->table_count; i++) {
        if (strcmp(x->tables[i].id, id) == 0) {
            return &x->tables[i];
        }
    }
    fail_msg("no table %s", id);
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

/* ---- days ---- */

/* Weekdays of January 2022: 3 bank holiday, 4 to 21 school, 24 to 31 holiday. */
static const char JANUARY[] =
    "2022-01-03|bank-holiday\n2022-01-03|school-term\n2022-01-04|school-term\n"
    "2022-01-05|school-term\n2022-01-06|school-term\n2022-01-07|school-term\n"
    "2022-01-08|school-term\n" /* a Saturday stays a weekend */
    "2022-01-10|school-term\n2022-01-11|school-term\n2022-01-12|school-term\n"
    "2022-01-13|school-term\n2022-01-14|school-term\n2022-01-17|school-term\n"
    "2022-01-18|school-term\n2022-01-19|school-term\n2022-01-20|school-term\n"
    "2022-01-21|school-term\n2022-01-24|school-holiday\n2022-01-25|school-holiday\n"
    "2022-01-26|school-holiday\n2022-01-27|school-holiday\n2022-01-28|school-holiday\n"
    "2022-01-31|school-holiday\n2022-01-20|lockdown\n2022-01-22|lockdown\n";

/* On each of the 14 school days 3, 2 of them after school; 6 in the holidays, 1 after school; 2 on
 * the bank holiday; 5 on a Saturday. */
static void january(struct source_text *s)
{
    begin(s);
    for (int day = 4; day <= 21; day++) {
        char late[32], early[32], recorded[32];
        (void)snprintf(early, sizeof early, "2022-01-%02dT16:10", day);
        (void)snprintf(late, sizeof late, "2022-01-%02dT19:00", day);
        (void)snprintf(recorded, sizeof recorded, "2022-01-%02d", day + 1);
        bool is_weekend = day == 8 || day == 9 || day == 15 || day == 16;
        put(s, is_weekend ? 0 : 2, early, "", recorded);
        put(s, is_weekend ? 0 : 1, late, "", recorded);
    }
    put(s, 1, "2022-01-25T17:40", "", "2022-01-25");
    for (int day = 24; day <= 28; day++) {
        char from[32];
        (void)snprintf(from, sizeof from, "2022-01-%02dT10:20", day);
        put(s, 1, from, "", "2022-02-20"); /* recorded after the month */
    }
    put(s, 2, "2022-01-03T11:30", "", "2022-01-04");
    put(s, 5, "2022-01-08T12:45", "", "2022-01-09");
    put(s, 4, "2021-12-30T16:30", "", "2022-01-02"); /* began before it */
    put(s, 3, "", "", "2022-01-14");
}

static void school_days_and_other_weekdays(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct source_text s;
    january(&s);
    open_file(&f, &s, 2);
    fixture_extract(&f, "calendar", "terms", "date:t kind:c", JANUARY, NULL);
    assess(&f, "2022-01", &x);
    const struct finding *g = fixture_finding(&x, "p.all.term");
    CHECK(g->verdict == VERDICT_HOLDS);
    CHECK_STRING(g->rule, "TERM_MORE");
    CHECK_NEAR(g->numerator, 42, 0);
    CHECK_NEAR(g->denominator, 14, 0);
    CHECK_NEAR(g->value, 3, 0);
    CHECK_NEAR(slot(g, "other_count"), 8, 0);
    CHECK_NEAR(slot(g, "other_days"), 7, 0);
    CHECK_NEAR(slot(g, "weekend_a_day"), 0.5, 0);
    CHECK_NEAR(slot(g, "ratio"), 2.625, 1e-12);
    CHECK_NEAR(slot(g, "p"), 0.0099513671845, 1e-9); /* Bin(50, 2/3): 42, or as unlikely */
    CHECK_NEAR(g->missing, 3, 0);
    CHECK_INT(g->source_count, 2);
    bool has_lockdown = false; /* the 20th; the 22nd is a Saturday */
    for (size_t i = 0; i < g->caveat_count; i++) {
        has_lockdown = has_lockdown || strstr(g->caveats[i], "1 of the school days lie in what");
    }
    CHECK(has_lockdown);
    g = fixture_finding(&x, "p.all.after-school-term");
    CHECK_NEAR(g->numerator, 28, 0);
    CHECK_NEAR(slot(g, "other_count"), 1, 0);
    CHECK_NEAR(slot(g, "weekend_a_day"), 0, 0);
    CHECK_STRING(g->rule, "AFTER_SCHOOL_TERM_MORE");
    const struct result_table *t = table_of(&x, "p-day-kinds");
    CHECK_NEAR(fixture_cell(t, "School holidays, weekdays", "count"), 6, 0);
    CHECK_NEAR(fixture_cell(t, "Bank holidays, weekdays", "count"), 2, 0);
    CHECK_NEAR(fixture_cell(t, "Weekends", "days"), 10, 0);
    fixture_close(&f);
}

/* Ten times as many on one school day: the exact test sees a difference, the spread of days none.
 */
static void one_bad_day_is_no_school_effect(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct source_text s;
    begin(&s);
    put(&s, 30, "2022-01-12T16:10", "", "2022-01-13");
    put(&s, 3, "2022-01-25T16:10", "", "2022-01-26");
    open_file(&f, &s, 1);
    fixture_extract(&f, "calendar", "terms", "date:t kind:c", JANUARY, NULL);
    assess(&f, "2022-01", &x);
    const struct finding *g = fixture_finding(&x, "p.all.term");
    CHECK_NEAR(g->numerator, 30, 0);
    CHECK_STRING(g->rule, "TERM_NOT_DISTINGUISHABLE");
    CHECK(slot(g, "p") > 0.05);
    fixture_close(&f);
}

static const char *reason_without(const char *columns, const char *calendar)
{
    static char reason[256];
    struct fixture f;
    struct assessment x;
    struct source_text s;
    january(&s);
    open_file(&f, &s, 1);
    if (calendar) {
        fixture_extract(&f, "calendar", "terms", columns, calendar, NULL);
    }
    assess(&f, "2022-01", &x);
    const struct finding *g = fixture_finding(&x, "coverage.calendar.school-terms");
    CHECK(g->verdict == VERDICT_NOT_AVAILABLE && isnan(g->value));
    CHECK(!find(&x, "p.all.term") && !find(&x, "p.all.after-school-term"));
    (void)snprintf(reason, sizeof reason, "%s", g->caveats[g->caveat_count - 1]);
    fixture_close(&f);
    return reason;
}

static void what_the_calendar_does_not_tell_is_said(void **state)
{
    (void)state;
    static const char COLUMNS_2[] = "date:t kind:c";
    char both[2048];
    CHECK(strstr(reason_without(COLUMNS_2, NULL), "no calendar is held"));
    CHECK(strstr(reason_without(COLUMNS_2, "2022-01-03|bank-holiday\n"), "lists no school days"));
    /* The 17th to the 21st and the 24th to the 31st are left out: 11 weekdays. */
    CHECK(strstr(reason_without(COLUMNS_2, "2022-01-04|school-term\n2022-01-14|school-term\n"
                                           "2022-01-03|bank-holiday\n"),
                 "does not say of 11 weekdays of the period"));
    (void)snprintf(both, sizeof both, "%s%s", JANUARY, "2022-01-05|school-holiday\n");
    CHECK(strstr(reason_without(COLUMNS_2, both), "of 1 weekday of the period, or says both ways"));
    CHECK(
        strstr(reason_without("date:t kind:c region:c",
                              "2022-01-04|school-term|Scotland\n2022-01-03|bank-holiday|England\n"),
               "of Borough 2; rows of other regions are left out"));
}

/* A calendar of several regions: what holds the borough counts, and nothing else. */
static void days_of_other_regions_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *region;
        bool is_here;
    } want[] = {
        {"", true},
        {"England", true},
        {"england-and-wales", true},
        {"United Kingdom", true},
        {"E92000001", true},
        {"GREATER LONDON", true},
        {"Bexley", true},
        {"e09000004", true},
        {"E09000002", false},
        {"Barking and Dagenham", false},
        {"Wales", false},
        {"Scotland", false},
        {"northern-ireland", false},
        {"a region whose name is longer than any that the program knows, by far and more", false}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_INT(
            day_region_holds(text_of(want[i].region), (struct day_place){"E09000004", "Bexley"}),
            want[i].is_here);
    }
    CHECK(day_region_holds(text_of("Wales"), (struct day_place){"W06000015", "Cardiff"}));
    CHECK(!day_region_holds(text_of("London"), (struct day_place){"E08000025", "Birmingham"}));
    CHECK(!day_region_holds(text_of("E09"), (struct day_place){"E09", NULL}));
    CHECK(day_region_holds(text_of("London"), (struct day_place){"E09", NULL}));
    struct fixture f;
    struct held h;
    struct day_kinds k;
    fixture_open(&f, 1);
    fixture_extract(&f, "calendar", "days", "date:t kind:c region:c",
                    "2022-01-03|bank-holiday|England\n2022-01-04|bank-holiday|Scotland\n"
                    "2022-01-05|school-term|\n2022-01-06|school-holiday|Bexley\n"
                    "2022-01-07|school-holiday|Barnet\n2022-01-07|school-term|London\n",
                    NULL);
    CHECK_OK(held_load(f.store, &f.arena, f.pool, NULL, &h, &err));
    CHECK_OK(day_kinds_load(&h, (struct day_place){"E09000004", "Bexley"}, &k, &err));
    int32_t first = civil_days(2022, 1, 3);
    static const enum day_kind kinds[] = {DAY_BANK_HOLIDAY, DAY_UNKNOWN, DAY_SCHOOL,
                                          DAY_SCHOOL_HOLIDAY, DAY_SCHOOL};
    for (int32_t d = 0; d < 5; d++) {
        CHECK_INT(day_kind_of(&k, first + d), kinds[d]);
    }
    CHECK_INT(k.elsewhere, 2);
    fixture_close(&f);
}

static void days_have_one_kind_each(void **state)
{
    (void)state;
    struct fixture f;
    struct held h;
    struct day_kinds k;
    fixture_open(&f, 1);
    fixture_extract(&f, "calendar", "terms", "date:t kind:c",
                    "2022-01-04|school-holiday\n2022-01-07|school-holiday\n2022-01-10|fair\n"
                    "2022-01|school-term\n",
                    NULL);
    CHECK_OK(held_load(f.store, &f.arena, f.pool, NULL, &h, &err));
    CHECK_OK(day_kinds_load(&h, (struct day_place){"E09000002", "Borough 2"}, &k, &err));
    int32_t first = civil_days(2022, 1, 4);
    CHECK(k.has_schools && k.is_implied);
    CHECK_INT(k.days, 4); /* neither the fair nor a month is a day of a kind */
    CHECK_INT(day_kind_of(&k, first), DAY_SCHOOL_HOLIDAY);
    CHECK_INT(day_kind_of(&k, first + 1), DAY_SCHOOL);
    CHECK_INT(day_kind_of(&k, first + 3), DAY_SCHOOL_HOLIDAY);
    CHECK_INT(day_kind_of(&k, first + 4), DAY_WEEKEND);
    CHECK_INT(day_kind_of(&k, first + 6), DAY_UNKNOWN);
    CHECK_INT(day_kind_of(&k, first - 1), DAY_UNKNOWN);
    fixture_close(&f);
}

/* ---- hours ---- */

/* Tuesday 1 March 2022 and after. */
static void march(struct source_text *s)
{
    begin(s);
    put(s, 30, "2022-03-01T22:00", "2022-03-02T02:00", "2022-03-02"); /* a quarter in each hour */
    put(s, 8, "2022-03-04T23:10", "", "2022-03-10");                  /* Friday */
    put(s, 3, "2022-03-05T23:00", "2022-03-05", "2022-03-20");        /* Saturday, to its end */
    put(s, 2, "2022-03-06T04:20", "2022-03-06T04:20", "2022-03-07");  /* still Saturday's night */
    put(s, 6, "2022-03-04T04:20", "", "2022-03-30");                  /* still Thursday's */
    put(s, 5, "2022-03-10T10:05", "2022-03-12T10:05", "2022-03-12");  /* longer than a day */
    put(s, 2, "2022-03-08T12:05", "2022-03-08T11:05", "2022-03-08");  /* ends before it begins */
    put(s, 30, "2022-03-15T00:01", "2022-03-15T00:31", "2022-03-15"); /* placeholders */
}

static void hours_spread_over_their_intervals(void **state)
{
    (void)state;
    for (size_t threads = 1; threads < 4; threads += 2) {
        struct fixture f;
        struct assessment x;
        struct source_text s;
        march(&s);
        open_file(&f, &s, threads);
        assess(&f, "2022-03", &x);
        const struct result_table *t = table_of(&x, "p-hours");
        CHECK_NEAR(fixture_cell(t, "22:00", "clean"), 30, 0);
        CHECK_NEAR(fixture_cell(t, "22:00", "aoristic"), 7.5, 1e-12);
        CHECK_NEAR(fixture_cell(t, "23:00", "aoristic"), 7.5 + 8 + 3, 1e-12);
        CHECK_NEAR(fixture_cell(t, "01:00", "aoristic"), 7.5, 1e-12);
        CHECK_NEAR(fixture_cell(t, "02:00", "aoristic"), 0, 0);
        CHECK_NEAR(fixture_cell(t, "04:00", "aoristic"), 8, 1e-12);
        CHECK_NEAR(fixture_cell(t, "10:00", "aoristic"), 0, 0);
        CHECK_NEAR(fixture_cell(t, "10:00", "clean"), 5, 0);
        CHECK_NEAR(fixture_cell(t, "00:00", "all"), 30, 0);
        CHECK(strstr(t->notes[1], "5 (9.3%) may have begun over a day or longer"));
        CHECK(strstr(t->notes[1], "2 more end before they begin"));
        const struct finding *g = fixture_finding(&x, "p.all.spread-peak-hour");
        CHECK_NEAR(g->value, 100 * 18.5 / 49, 1e-9);
        CHECK_NEAR(slot(g, "wide_share"), 100 * 5.0 / 54, 1e-9);
        CHECK(g->verdict == VERDICT_CAUTION); /* a third have no usable time */
        CHECK_STRING(fixture_finding(&x, "p.all.peak-hour")->rule, "PEAK_HOUR_AT"); /* 22:00 */
        fixture_close(&f);
    }
}

static void nights_belong_to_the_day_they_began(void **state)
{
    (void)state;
    struct fixture f;
    struct assessment x;
    struct source_text s;
    march(&s);
    open_file(&f, &s, 1);
    assess(&f, "2022-03", &x);
    const struct finding *g = fixture_finding(&x, "p.all.weekend-nights");
    CHECK_NEAR(g->numerator, 13, 0);
    CHECK_NEAR(g->denominator, 56, 0);
    /* March 2022 has 4 Fridays and 4 Saturdays, of 11 hours each, in 31 days. */
    CHECK_NEAR(slot(g, "even_share"), 100 * 88.0 / 744, 1e-9);
    CHECK_STRING(g->rule, "WEEKEND_NIGHTS_MORE");
    fixture_close(&f);
}

static void the_ladder_keeps_what_was_recorded_soon(void **state)
{
    (void)state;
    static const struct {
        const char *rung, *verdict;
        double kept, timed;
    } want[] = {{"All with both dates", "late records are left in", 86, 56},
                {"Recorded within 28 days", "holds with caution", 86, 56},
                {"Recorded within 7 days", "holds with caution", 77, 47},
                {"Recorded within a day", "not reliable", 64, 34}};
    struct fixture f;
    struct assessment x;
    struct source_text s;
    march(&s);
    open_file(&f, &s, 1);
    assess(&f, "2022-03", &x);
    const struct result_table *t = table_of(&x, "p-delay-ladder");
    for (size_t i = 0; i < 4; i++) {
        CHECK_NEAR(fixture_cell(t, want[i].rung, "kept"), want[i].kept, 0);
        CHECK_NEAR(fixture_cell(t, want[i].rung, "kept_percent"), 100 * want[i].kept / 86, 1e-9);
        CHECK_NEAR(fixture_cell(t, want[i].rung, "with_time"), want[i].timed, 0);
        CHECK_STRING(t->cells[i * t->column_count + 6].text, "22:00 to 23:00 (30)");
        CHECK_STRING(t->cells[i * t->column_count + 8].text, want[i].verdict);
    }
    CHECK_STRING(t->cells[7].text, "23:00 to 00:00 (11)");
    fixture_close(&f);
}

/* One record, and records of which only the month is known, say nothing about days or hours. */
static void little_is_quiet(void **state)
{
    (void)state;
    for (int n = 0; n < 2; n++) {
        struct fixture f;
        struct assessment x;
        struct source_text s;
        begin(&s);
        put(&s, n ? 1 : 60, n ? "2022-01-05T16:10" : "", "", n ? "2022-01-06" : "2022-01");
        open_file(&f, &s, 1);
        fixture_extract(&f, "calendar", "terms", "date:t kind:c", JANUARY, NULL);
        assess(&f, "2022-01", &x);
        const struct finding *g = fixture_finding(&x, "p.all.term");
        CHECK(g->verdict == VERDICT_NOT_AVAILABLE);
        CHECK(strstr(g->caveats[g->caveat_count - 1], "too few offences"));
        CHECK(!find(&x, "p.all.after-school-term") && !find(&x, "p.all.weekend-nights"));
        CHECK(!find(&x, "p.all.spread-peak-hour"));
        for (size_t i = 0; i < x.table_count; i++) {
            CHECK(strcmp(x.tables[i].id, "p-delay-ladder") != 0);
            CHECK(n == 1 || strcmp(x.tables[i].id, "p-day-kinds") != 0);
        }
        fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(school_days_and_other_weekdays),
        cmocka_unit_test(one_bad_day_is_no_school_effect),
        cmocka_unit_test(what_the_calendar_does_not_tell_is_said),
        cmocka_unit_test(days_of_other_regions_are_left_out),
        cmocka_unit_test(days_have_one_kind_each),
        cmocka_unit_test(hours_spread_over_their_intervals),
        cmocka_unit_test(nights_belong_to_the_day_they_began),
        cmocka_unit_test(the_ladder_keeps_what_was_recorded_soon),
        cmocka_unit_test(little_is_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/assess/test_table.c — `reeve table`: words, rows, rates, ranks, gaps, refusals.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "fixture.h"

static struct rv_err err;

static const char COLUMNS[] = "offence_id:x recorded_at:t committed_from:t category:c "
                              "offence_group:c outcome:c venue_name:c easting:m northing:m";

/* Five boroughs; borough 2 has 4 records (3 in ward 1), borough 3 has 2, borough 4 has 2; one
 * record lies outside, one has no category. March 2021 is not covered. */
static void open_small(struct fixture *f, size_t threads)
{
    fixture_open(f, threads);
    fixture_areas(f, 5, "2018", "2018", "2011");
    static const struct {
        int borough, ward;
        const char *cells;
    } rows[] = {
        {2, 1, "2021-01-04T10:00|2021-01-03T23:30|Violence|gbh|accused|Shop"},
        {2, 1, "2021-01-05T10:00|2021-01-05T09:00|Violence|gbh|open|Shop"},
        {2, 1, "2021-02-20T10:00|2021-01-20|Robbery|personal-robbery||Park"},
        {2, 2, "2021-02-01T10:00||Violence|homicide|open|Shop"},
        {3, 1, "2021-01-09T10:00|2021-01-09T00:10|Violence|abh|open|Shop"},
        {3, 4, "2021-04-01T10:00|2021-04-02T10:00|Violence|abh|open|"},
        {4, 1, "2021-04-01T10:00|2020-12-31T10:00|Robbery|personal-robbery|open|"},
        {4, 1, "2021-04-01T10:00|2021-03-31T10:00||not-a-group|open|"},
        {0, 0, "2021-04-01T10:00|2021-03-31T10:00|Violence|abh|open|"},
    };
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t e = 100000000, n = 100000000;
        if (rows[i].borough > 0) {
            fixture_point(rows[i].borough, rows[i].ward, 1, &e, &n);
        }
        buf_printf(&text, "%zu|%s|%lld|%lld\n", i, rows[i].cells, (long long)e / 1000,
                   (long long)n / 1000);
    }
    fixture_extract(f, "offences", "small", COLUMNS, text.bytes,
                    "2021-01..2021-02,2021-04..2021-12");
    fixture_extract(f, "population", "census-test", "area_code:c year:i age_from:i persons:i",
                    "E09000002|2021|0|600\nE09000002|2021|50|400\nE09000003|2021||2000\n"
                    "E09000004|2021||500\nE09000005|2021||500\nE09000001|2021||10\n",
                    NULL);
    fixture_place(f);
}

static double cell(struct fixture *f, const char *words, const char *row, const char *column)
{
    struct result_table t;
    rv_status status = fixture_table(f, words, &t, &err);
    if (!rv_is_ok(status)) {
        fail_msg("%s: %s", words, err.message);
    }
    return fixture_cell(&t, row, column);
}

static void columns_are_those_of_the_contract(void **state)
{
    (void)state;
    static const char *const want[] = {"borough", "month", "count",  "population", "rate",
                                       "lower",   "upper", "rank",   "rank_low",   "rank_high",
                                       "of",      "share", "missing"};
    struct fixture f;
    struct result_table t;
    open_small(&f, 2);
    CHECK_OK(fixture_table(&f, "--by borough,month", &t, &err));
    CHECK_INT(t.column_count, sizeof want / sizeof *want);
    for (size_t i = 0; i < t.column_count; i++) {
        CHECK_STRING(t.columns[i].name, want[i]);
    }
    fixture_close(&f);
}

static void counts_zeros_and_the_unplaced(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    CHECK_OK(fixture_table(&f, "--by borough", &t, &err));
    CHECK_INT(t.row_count, 6);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "count"), 4, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000005", "count"), 0, 0);
    CHECK_NEAR(fixture_cell(&t, "unplaced", "count"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "missing"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "E09000002", "share"), 4 / 9.0, 1e-12);
    CHECK(isnan(fixture_cell(&t, "unplaced", "rank")));
    /* Closed vocabularies show every value, open ones only what is there. */
    CHECK_OK(fixture_table(&f, "--by offence-group", &t, &err));
    CHECK_INT(t.row_count, 28); /* 27 groups and not-recorded */
    CHECK_NEAR(fixture_cell(&t, "arson", "count"), 0, 0);
    CHECK_NEAR(fixture_cell(&t, "abh", "count"), 3, 0);
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 1, 0);
    CHECK_OK(fixture_table(&f, "--by category", &t, &err));
    CHECK_INT(t.row_count, 3);
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 1, 0);
    CHECK_OK(fixture_table(&f, "--by outcome", &t, &err));
    CHECK_INT(t.row_count, 8);
    CHECK_NEAR(fixture_cell(&t, "victim-withdrew", "count"), 0, 0);
    CHECK_NEAR(cell(&f, "--profile gbh --by borough", "E09000002", "count"), 2, 0);
    CHECK_NEAR(cell(&f, "--by borough --where outcome=accused,open --where category=Violence",
                    "E09000002", "count"),
               3, 0);
    fixture_close(&f);
}

static void rates_have_person_years(void **state)
{
    (void)state;
    struct fixture f;
    open_small(&f, 1);
    /* January and February: two months of 1,000 residents. */
    const char *words = "--by borough --period 2021-01..2021-02";
    CHECK_NEAR(cell(&f, words, "E09000002", "population"), 1000, 1e-12);
    CHECK_NEAR(cell(&f, words, "E09000002", "rate"), 4 / (1000 * 2 / 12.0) * 1e5, 1e-12);
    CHECK_NEAR(cell(&f, words, "E09000002", "lower"), 1.0898653 / (1000 * 2 / 12.0) * 1e5, 1e-6);
    CHECK_NEAR(cell(&f, words, "E09000002", "upper"), 10.241589 / (1000 * 2 / 12.0) * 1e5, 1e-6);
    CHECK_NEAR(cell(&f, words, "E09000005", "lower"), 0, 0);
    /* All covered months: eleven of them. */
    CHECK_NEAR(cell(&f, "--by borough", "E09000002", "rate"), 4 / (1000 * 11 / 12.0) * 1e5, 1e-12);
    /* Without an area: the residents of the area asked for. */
    CHECK_NEAR(
        cell(&f, "--by category --area E09000002 --period 2021-01..2021-02", "Violence", "rate"),
        3 / (1000 * 2 / 12.0) * 1e5, 1e-12);
    fixture_close(&f);
}

static void ranks_ties_and_the_city(void **state)
{
    (void)state;
    struct fixture f;
    open_small(&f, 2);
    const char *words = "--by borough";
    CHECK_NEAR(cell(&f, words, "E09000002", "rank"), 1, 0);
    CHECK_NEAR(cell(&f, words, "E09000003", "rank"), 2, 0);
    CHECK_NEAR(cell(&f, words, "E09000004", "rank"), 2, 0);
    CHECK_NEAR(cell(&f, words, "E09000005", "rank"), 4, 0);
    CHECK_NEAR(cell(&f, words, "E09000005", "of"), 4, 0);
    CHECK(isnan(cell(&f, words, "E09000001", "rank"))); /* City of London */
    CHECK_NEAR(cell(&f, words, "E09000002", "rank_low"), 1, 0);
    CHECK_NEAR(cell(&f, words, "E09000002", "rank_high"), 4, 0);
    /* Two among 500 residents are more per resident than four among 1,000 are. No: equal. */
    words = "--by borough --rank rate";
    CHECK_NEAR(cell(&f, words, "E09000002", "rank"), 1, 0);
    CHECK_NEAR(cell(&f, words, "E09000004", "rank"), 1, 0);
    CHECK_NEAR(cell(&f, words, "E09000003", "rank"), 3, 0);
    /* A part of London is ranked among all of it. */
    words = "--by ward --area E09000003";
    struct result_table t;
    CHECK_OK(fixture_table(&f, words, &t, &err));
    CHECK_INT(t.row_count, 4);
    CHECK_NEAR(fixture_cell(&t, "E05000031", "rank"), 3, 0);
    CHECK_NEAR(fixture_cell(&t, "E05000031", "of"), 16, 0);
    CHECK_NEAR(fixture_cell(&t, "E05000031", "share"), 0.5, 1e-12);
    fixture_close(&f);
}

static void a_month_not_covered_is_not_zero(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    CHECK_OK(fixture_table(&f, "--by month,borough --period 2021-01..2021-04", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "2021-04|E09000002", "count"), 0, 0);
    CHECK(isnan(fixture_cell(&t, "2021-03|E09000002", "count")));
    CHECK(isnan(fixture_cell(&t, "2021-03|E09000002", "rate")));
    CHECK(isnan(fixture_cell(&t, "2021-03|E09000002", "rank")));
    for (size_t i = 0; i < t.row_count; i++) {
        const struct result_cell *row = &t.cells[i * t.column_count];
        if (strcmp(row[0].text, "2021-03") == 0) {
            CHECK_STRING(row[2].text, "not-available");
        }
    }
    CHECK(isnan(cell(&f, "--by borough --period 2021-01..2021-04", "E09000002", "count")));
    CHECK_NEAR(cell(&f, "--by borough --period 2021-01..2021-02", "E09000002", "count"), 4, 0);
    CHECK(isnan(cell(&f, "--by year,borough --period 2021", "2021|E09000002", "count")));
    fixture_close(&f);
}

static void times_of_day_and_dates(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    CHECK_OK(fixture_table(&f, "--by hour", &t, &err));
    CHECK_INT(t.row_count, 25);
    CHECK_NEAR(fixture_cell(&t, "23", "count"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "10", "count"), 4, 0);
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 2, 0); /* a date only, and none */
    CHECK_NEAR(fixture_cell(&t, "23", "missing"), 2, 0);
    CHECK_OK(fixture_table(&f, "--by weekday", &t, &err));
    CHECK_INT(t.row_count, 8);
    CHECK_NEAR(fixture_cell(&t, "sunday", "count"), 1, 0); /* 2021-01-03 */
    CHECK_NEAR(cell(&f, "--by hour --date recorded", "10", "count"), 9, 0);
    CHECK_OK(fixture_table(&f, "--by delay-band", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "same-day", "count"), 2, 0);
    CHECK_NEAR(fixture_cell(&t, "1-7", "count"), 3, 0);
    CHECK_NEAR(fixture_cell(&t, "8-28", "count"), 0, 0);
    CHECK_NEAR(fixture_cell(&t, "29-plus", "count"), 2, 0);
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 2, 0); /* none, and negative */
    CHECK_OK(fixture_table(&f, "--by month --date committed --period 2021-01..2021-02", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "2021-01", "count"), 4, 0);
    CHECK_NEAR(fixture_cell(&t, "not-recorded", "count"), 1, 0);
    fixture_close(&f);
}

static void venues_are_within_their_borough(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 2);
    CHECK_OK(fixture_table(&f, "--by venue", &t, &err));
    CHECK_NEAR(fixture_cell(&t, "Shop (Borough 2)", "count"), 3, 0);
    CHECK_NEAR(fixture_cell(&t, "Shop (Borough 3)", "count"), 1, 0);
    CHECK_NEAR(fixture_cell(&t, "Park", "count"), 1, 0);
    CHECK_NEAR(cell(&f, "--by venue --area E09000002", "Shop", "count"), 3, 0);
    fixture_close(&f);
}

static void parents_and_children(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    CHECK_OK(fixture_table(&f, "--by borough,ward", &t, &err));
    CHECK_INT(t.row_count, 5 * 4 + 1);
    CHECK(!fixture_has_row(&t, "E09000002|E05000031"));
    CHECK_NEAR(fixture_cell(&t, "E09000002|E05000021", "count"), 3, 0);
    CHECK_OK(fixture_table(&f, "--by year,month --period 2021-04..2021-12", &t, &err));
    CHECK_INT(t.row_count, 9);
    fixture_close(&f);
}

static void refusals_say_why(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        enum rv_code code;
        const char *part;
    } cases[] = {
        {"--by victim-sex", RV_REFUSED, "no extract of persons is held"},
        {"--by nonsense", RV_USAGE, "venue"},
        {"--by borough,borough", RV_USAGE, "twice"},
        {"--count victims", RV_REFUSED, "persons"},
        {"--count elephants", RV_USAGE, "offences"},
        {"--profile under-25", RV_NOT_FOUND, "no definition is adopted"},
        {"--period 2021-13", RV_USAGE, "2021-01..2021-12"},
        {"--area E09000099", RV_NOT_FOUND, "reeve areas"},
        {"--by ward --vintage 1066", RV_NOT_FOUND, "1066"},
        {"--where borough", RV_USAGE, "dimension=value"},
        {"--where borough=Nowhere", RV_NOT_FOUND, "Nowhere"},
        {"--kind area-counts", RV_NOT_FOUND, "import"},
        {"--kind ghosts", RV_USAGE, "area-counts"},
        {"--rank size", RV_USAGE, "count or rate"},
        {"--date tomorrow", RV_USAGE, "committed"},
        {"--source elsewhere", RV_NOT_FOUND, "small"},
        {"--bands 0,18", RV_REFUSED, "persons"},
    };
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rv_status status = fixture_table(&f, cases[i].words, &t, &err);
        if (status.code != cases[i].code || !strstr(err.message, cases[i].part)) {
            fail_msg("%s: %s: %s", cases[i].words, rv_code_name(status.code), err.message);
        }
    }
    CHECK_NEAR(cell(&f, "--by ward --where \"borough=Borough 2\"", "E05000021", "count"), 3, 0);
    fixture_close(&f);
}

/* Two sources are never added up: the one that covers most months, the later among equals. */
static void one_source_at_a_time(void **state)
{
    (void)state;
    struct fixture f;
    open_small(&f, 1);
    fixture_extract(&f, "offences", "other", "offence_id:x recorded_at:t category:c",
                    "a|2021-03-01|Violence\n", "2021-03");
    fixture_place(&f);
    CHECK_NEAR(cell(&f, "--by category", "Violence", "count"), 6, 0);
    CHECK_NEAR(cell(&f, "--by category --period 2021-03", "Violence", "count"), 1, 0);
    CHECK_NEAR(cell(&f, "--by category --source other", "Violence", "count"), 1, 0);
    fixture_close(&f);
}

/* A condition may name several months at once; a part of a bucket would look like a zero. */
static void a_condition_may_be_a_period(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    open_small(&f, 1);
    CHECK_NEAR(cell(&f, "--by borough --where month=2021-01..2021-02", "E09000002", "count"), 4, 0);
    CHECK_NEAR(cell(&f, "--by borough --where month=2021-02..2021-04", "E09000002", "count"), 2, 0);
    CHECK_NEAR(cell(&f, "--by borough --where month=2021", "E09000003", "count"), 2, 0);
    CHECK_NEAR(cell(&f, "--by month --where month=2021-02..2021-02", "2021-02", "count"), 2, 0);
    CHECK_OK(fixture_table(&f, "--by month --where month=2021-01..2021-02", &t, &err));
    CHECK_INT(t.row_count, 2);
    CHECK_FAILS(fixture_table(&f, "--by borough --where year=2021-03", &t, &err), RV_USAGE);
    CHECK(strstr(err.message, "no whole year lies in it"));
    fixture_close(&f);
}

/* 20 records a minute of one hour, 200 of them at 00:01: those are in no hour, whatever the rows.
 */
static void placeholders_are_in_no_usable_hour(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t;
    struct buf text RV_CLEANUP(buf_done);
    open_small(&f, 1);
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 1440; i++) {
        for (int k = 0; k < (i == 1 ? 200 : 6); k++) {
            buf_printf(&text, "m%d-%d|2022-01-05T10:00|2022-01-0%dT%02d:%02d|%s\n", i, k, k % 2 + 3,
                       i / 60, i % 60, k < 2 ? "Violence" : "Theft");
        }
    }
    buf_text(&text, "none|2022-01-05T10:00|2022-01-05|Theft\n");
    fixture_extract(&f, "offences", "times",
                    "offence_id:x recorded_at:t committed_from:t category:c", text.bytes,
                    "2022-01");
    fixture_place(&f);
    CHECK_NEAR(cell(&f, "--by hour --period 2022-01", "00", "count"), 200 + 59 * 6, 0);
    CHECK_NEAR(cell(&f, "--by usable-hour --period 2022-01", "00", "count"), 59 * 6, 0);
    CHECK_NEAR(cell(&f, "--by usable-hour --period 2022-01", "set-aside", "count"), 200, 0);
    CHECK_NEAR(cell(&f, "--by usable-hour --period 2022-01", "not-recorded", "count"), 1, 0);
    CHECK_NEAR(cell(&f, "--by usable-hour --period 2022-01", "01", "count"), 60 * 6, 0);
    /* Two of them are no heap by themselves, but the habit is the source's. */
    const char *few = "--by usable-hour --period 2022-01 --where category=Violence";
    CHECK_NEAR(cell(&f, few, "set-aside", "count"), 2, 0);
    CHECK_NEAR(cell(&f, few, "00", "count"), 59 * 2, 0);
    CHECK_OK(fixture_table(&f, few, &t, &err));
    bool is_told = false;
    for (size_t i = 0; i < t.note_count; i++) {
        is_told = is_told || strstr(t.notes[i], "set aside: 00:01. ");
    }
    CHECK(is_told);
    fixture_close(&f);
}

/* The rest of the table is the same cell by cell. */
static void ranks_can_be_left_out(void **state)
{
    (void)state;
    struct fixture f;
    struct result_table t, bare;
    open_small(&f, 1);
    const struct table_options options = {
        .by = "ward,month", .area = "E09000002", .without_ranks = true};
    CHECK_OK(fixture_table(&f, "--by ward,month --area E09000002", &t, &err));
    CHECK_OK(table_run(f.store, &f.arena, f.pool, NULL, &options, &bare, &err));
    CHECK_INT(bare.row_count, t.row_count);
    CHECK_INT(bare.column_count, t.column_count);
    size_t differ = 0;
    for (size_t i = 0; i < t.row_count * t.column_count; i++) {
        const char *name = t.columns[i % t.column_count].name;
        bool is_rank = strncmp(name, "rank", 4) == 0 || strcmp(name, "of") == 0;
        CHECK(!is_rank || bare.cells[i].is_missing);
        bool is_other = bare.cells[i].is_missing != t.cells[i].is_missing ||
                        (!t.cells[i].is_missing && bare.cells[i].number != t.cells[i].number);
        CHECK(is_rank || !is_other);
        differ += is_other;
    }
    CHECK(differ > 0); /* there were ranks to leave out */
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_contract),
        cmocka_unit_test(counts_zeros_and_the_unplaced),
        cmocka_unit_test(rates_have_person_years),
        cmocka_unit_test(ranks_ties_and_the_city),
        cmocka_unit_test(a_month_not_covered_is_not_zero),
        cmocka_unit_test(times_of_day_and_dates),
        cmocka_unit_test(venues_are_within_their_borough),
        cmocka_unit_test(parents_and_children),
        cmocka_unit_test(refusals_say_why),
        cmocka_unit_test(one_source_at_a_time),
        cmocka_unit_test(a_condition_may_be_a_period),
        cmocka_unit_test(ranks_can_be_left_out),
        cmocka_unit_test(placeholders_are_in_no_usable_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

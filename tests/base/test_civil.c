/* tests/base/test_civil.c — the calendar, the London clock, and times as people write them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"

#define DAY 86400

/* Every day from 1800 to 2199 by counting, with no formula but the leap rule. */
static void every_day_comes_back_and_has_the_next_weekday(void **state)
{
    (void)state;
    int32_t day = -62091; /* 1800-01-01, a Wednesday */
    int weekday = 2;
    for (int year = 1800; year <= 2199; year++) {
        bool is_leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        int lengths[] = {31, is_leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        for (int month = 1; month <= 12; month++) {
            CHECK_INT(civil_month_days(year, month), lengths[month - 1]);
            CHECK_INT(civil_day_of(civil_month_start(civil_month_index(year, month))), day);
            CHECK(!civil_date_exists(year, month, lengths[month - 1] + 1));
            for (int d = 1; d <= lengths[month - 1]; d++, day++, weekday = (weekday + 1) % 7) {
                int y, m, dd;
                CHECK(civil_date_exists(year, month, d));
                CHECK_INT(civil_days(year, month, d), day);
                civil_from_days(day, &y, &m, &dd);
                CHECK(y == year && m == month && dd == d);
                civil_time t = civil_pack((int64_t)day * DAY + DAY - 1, CIVIL_SECOND);
                CHECK(civil_time_exists(t));
                CHECK_INT(civil_weekday_of(t), weekday);
                CHECK_INT(civil_day_of(t), day);
                CHECK_INT(civil_hour_of(t), 23);
                CHECK_INT(civil_month_of(t), civil_month_index(year, month));
            }
        }
    }
    CHECK_INT(civil_days(1970, 1, 1), 0);
    CHECK(!civil_time_exists(civil_pack((int64_t)day * DAY, CIVIL_DATE)));
    CHECK(!civil_time_exists(civil_pack(INT64_C(-62091) * DAY - 1, CIVIL_SECOND)));
    CHECK(!civil_date_exists(1799, 12, 31) && !civil_date_exists(2200, 1, 1));
    CHECK(!civil_date_exists(2021, 0, 1) && !civil_date_exists(2021, 13, 1));
    CHECK(!civil_date_exists(2021, 1, 0));
}

static void leap_years_follow_the_rule_of_gregory(void **state)
{
    (void)state;
    CHECK(civil_date_exists(2000, 2, 29) && civil_date_exists(2024, 2, 29));
    CHECK(!civil_date_exists(1900, 2, 29) && !civil_date_exists(2100, 2, 29));
    CHECK(!civil_date_exists(2023, 2, 29));
}

/* Days of March and October on which the clock changed, always at 01:00 UTC. Source: IANA time
 * zone database 2024, Europe/London. */
static const int clock_changes[][3] = {
    {1981, 29, 25}, {1982, 28, 24}, {1983, 27, 23}, {1984, 25, 28}, {1985, 31, 27}, {1986, 30, 26},
    {1987, 29, 25}, {1988, 27, 23}, {1989, 26, 29}, {1990, 25, 28}, {1991, 31, 27}, {1992, 29, 25},
    {1993, 28, 24}, {1994, 27, 23}, {1995, 26, 22}, {1996, 31, 27}, {1997, 30, 26}, {1998, 29, 25},
    {1999, 28, 31}, {2000, 26, 29}, {2001, 25, 28}, {2002, 31, 27}, {2003, 30, 26}, {2004, 28, 31},
    {2005, 27, 30}, {2006, 26, 29}, {2007, 25, 28}, {2008, 30, 26}, {2009, 29, 25}, {2010, 28, 31},
    {2011, 27, 30}, {2012, 25, 28}, {2013, 31, 27}, {2014, 30, 26}, {2015, 29, 25}, {2016, 27, 30},
    {2017, 26, 29}, {2018, 25, 28}, {2019, 31, 27}, {2020, 29, 25}, {2021, 28, 31}, {2022, 27, 30},
    {2023, 26, 29}, {2024, 31, 27}, {2025, 30, 26}, {2026, 29, 25}, {2027, 28, 31}, {2028, 26, 29},
    {2029, 25, 28}, {2030, 31, 27}};

static void the_clock_changes_when_it_did(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clock_changes / sizeof *clock_changes; i++) {
        const int *row = clock_changes[i];
        int64_t from = (int64_t)civil_days(row[0], 3, row[1]) * DAY + 3600;
        int64_t to = (int64_t)civil_days(row[0], 10, row[2]) * DAY + 3600;
        CHECK_INT(civil_london_offset(from - 1), 0);
        CHECK_INT(civil_london_offset(from), 3600);
        CHECK_INT(civil_london_offset(to - 1), 3600);
        CHECK_INT(civil_london_offset(to), 0);
        CHECK_INT(civil_london_offset((int64_t)civil_days(row[0], 1, 1) * DAY), 0);
        CHECK_INT(civil_london_offset((int64_t)civil_days(row[0], 12, 31) * DAY), 0);
        CHECK_INT(civil_london_offset((int64_t)civil_days(row[0], 7, 1) * DAY), 3600);
        CHECK(!civil_is_skipped(from - 1)); /* 00:59:59 was shown, 01:00 to 01:59:59 were not */
        CHECK(civil_is_skipped(from) && civil_is_skipped(from + 3599));
        CHECK(!civil_is_skipped(from + 3600));
        CHECK(!civil_is_skipped(to) && !civil_is_skipped(to - 1)); /* shown twice */
        CHECK(!civil_is_skipped(from - 7 * DAY));
    }
    CHECK_INT(civil_london_offset((int64_t)civil_days(1980, 7, 1) * DAY), 0);
}

static const struct time_row {
    const char *cell, *want; /* want NULL: not a time; "" no such date; "skip" */
} time_rows[] = {
    {"2022-07", "2022-07"},
    {"2022-07-31", "2022-07-31"},
    {"2022-07-31T23:05", "2022-07-31T23:05"},
    {"2022-07-31 23:05", "2022-07-31T23:05"},
    {"2022-07-31T23:05:09", "2022-07-31T23:05:09"},
    {"2022-07-31T23:05:09.999", "2022-07-31T23:05:09"},
    {"1800-01-01T00:00", "1800-01-01T00:00"},
    {"2199-12-31T23:59:59", "2199-12-31T23:59:59"},
    /* to the London clock */
    {"2022-06-30T23:00:00Z", "2022-07-01T00:00:00"},
    {"2022-06-30T22:59Z", "2022-06-30T23:59"},
    {"2022-12-31T23:30Z", "2022-12-31T23:30"},
    {"2021-12-31T23:30-00:45", "2022-01-01T00:15"},
    {"2022-07-01T00:00+01:00", "2022-07-01T00:00"},
    {"2022-07-01T00:00+0100", "2022-07-01T00:00"},
    {"2022-07-01T00:00+01", "2022-07-01T00:00"},
    {"2021-03-28T01:30Z", "2021-03-28T02:30"},
    {"2021-03-28T00:59Z", "2021-03-28T00:59"},
    {"2021-03-28T01:00Z", "2021-03-28T02:00"},
    {"2021-10-31T00:30Z", "2021-10-31T01:30"},
    {"2021-10-31T01:30Z", "2021-10-31T01:30"},
    /* skipped and repeated hours */
    {"2021-03-28T01:30", "skip"},
    {"2021-03-28T01:00:00", "skip"},
    {"2021-03-28T01:59:59", "skip"},
    {"2021-03-28T00:59", "2021-03-28T00:59"},
    {"2021-03-28T02:00", "2021-03-28T02:00"},
    {"2021-03-28", "2021-03-28"},
    {"2021-03-21T01:30", "2021-03-21T01:30"},
    {"1979-03-25T01:30", "1979-03-25T01:30"},
    {"2021-10-31T01:30", "2021-10-31T01:30"},
    /* dates that do not exist */
    {"2021-02-29", ""},
    {"2021-13", ""},
    {"2021-00", ""},
    {"2021-04-31", ""},
    {"2021-04-00", ""},
    {"2021-04-30T24:00", ""},
    {"2021-04-30T23:60", ""},
    {"2021-04-30T23:59:60", ""},
    {"1799-12-31", ""},
    {"2200-01", ""},
    {"0000-01-01", ""},
    {"1800-01-01T00:00+14:00", ""},
    {"2199-12-31T23:59:59-01:00", ""},
    /* not times */
    {"", NULL},
    {"2022", NULL},
    {"2022-7", NULL},
    {"202207", NULL},
    {"2022/07/31", NULL},
    {"31/07/2022", NULL},
    {"2022-07-31T", NULL},
    {"2022-07-31T23", NULL},
    {"2022-07-31T2305", NULL},
    {"2022-07-31t23:05", NULL},
    {"2022-07-31T23:05:", NULL},
    {"2022-07-31T23:05:09.", NULL},
    {"2022-07-31T23:05z", NULL},
    {"2022-07-31T23:05+", NULL},
    {"2022-07-31T23:05+1", NULL},
    {"2022-07-31T23:05+01:", NULL},
    {"2022-07-31T23:05+01:0", NULL},
    {"2022-07-31T23:05+01:60", NULL},
    {"2022-07-31T23:05+15:00", NULL},
    {"2022-07-31T23:05Z ", NULL},
    {"2022-07-31Z", NULL},
    {" 2022-07-31", NULL},
    {"2022-07-31 ", NULL},
    {"-2022-07", NULL},
    {"2022-07-31T-1:05", NULL},
};

static void check_time(const struct time_row *row, enum civil_verdict got, civil_time t)
{
    enum civil_verdict want = !row->want                       ? CIVIL_NOT_A_TIME
                              : *row->want == '\0'             ? CIVIL_NO_SUCH_DATE
                              : strcmp(row->want, "skip") == 0 ? CIVIL_SKIPPED_BY_CLOCK
                                                               : CIVIL_OK;
    char out[24] = "nothing written";
    size_t n = 0;
    if (got == CIVIL_OK) {
        n = civil_write(t, out);
    }
    if (got != want || (got == CIVIL_OK && (strcmp(out, row->want) != 0 || n != strlen(out)))) {
        fail_msg("'%s' gave verdict %d and '%s'", row->cell, (int)got, out);
    }
    if (got != CIVIL_OK) {
        CHECK_INT(t, 4242);
    }
}

static void times_are_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof time_rows / sizeof *time_rows; i++) {
        civil_time t = 4242;
        enum civil_verdict verdict = civil_parse(text_of(time_rows[i].cell), &t);
        check_time(&time_rows[i], verdict, t);
    }
}

static void declared_layouts_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *layout;
        bool is_utc;
        struct time_row row;
    } rows[] = {
        {"DD/MM/YYYY HH:MI", false, {"01/02/2022 03:04", "2022-02-01T03:04"}},
        {"DD/MM/YYYY HH:MI", false, {"31/12/2021 23:59", "2021-12-31T23:59"}},
        {"DD/MM/YYYY HH:MI", false, {"12/31/2021 23:59", ""}},
        {"DD/MM/YYYY HH:MI", false, {"28/03/2021 01:30", "skip"}},
        {"DD/MM/YYYY HH:MI", true, {"28/03/2021 01:30", "2021-03-28T02:30"}},
        {"DD/MM/YYYY HH:MI", true, {"30/06/2022 23:00", "2022-07-01T00:00"}},
        {"DD/MM/YYYY HH:MI", false, {"1/2/2022 03:04", NULL}},
        {"DD/MM/YYYY HH:MI", false, {"01/02/2022", NULL}},
        {"DD/MM/YYYY HH:MI", false, {"01/02/2022 03:04 ", NULL}},
        {"DD/MM/YYYY HH:MI", false, {"01-02-2022 03:04", NULL}},
        {"DD/MM/YYYY", true, {"30/06/2022", "2022-06-30"}}, /* a date has no zone */
        {"YYYYMM", false, {"202207", "2022-07"}},
        {"YYYYMM", false, {"202213", ""}},
        {"YYYYMM", false, {"20227", NULL}},
        {"YYYYMM", false, {"2022-07", NULL}},
        {"YYYYMMDD", false, {"20220731", "2022-07-31"}},
        {"MMM-YY", false, {"Sep-20", "2020-09"}},
        {"MMM-YY", false, {"sep-49", "2049-09"}},
        {"MMM-YY", false, {"SEP-50", "1950-09"}},
        {"MMM-YY", false, {"May-99", "1999-05"}},
        {"MMM-YY", false, {"Sept-20", NULL}},
        {"MMM-YY", false, {"Abc-20", NULL}},
        {"MMM-YY", false, {"09-20", NULL}},
        {"YYYY-MM", false, {"2022-07", "2022-07"}},
        {"D/M/YY H:MI:SS", false, {"1/2/22 3:04:05", "2022-02-01T03:04:05"}},
        {"D/M/YY H:MI:SS", false, {"11/12/22 13:04:05", "2022-12-11T13:04:05"}},
        {"DD MMM YYYY", false, {"29 Feb 2024", "2024-02-29"}},
        {"DD MMM YYYY", false, {"29 Feb 2023", ""}},
        {"YYYY", false, {"2022", ""}}, /* no month: not a time of this program */
        {"HH:MI", false, {"12:30", ""}},
        {"MMMM YYYY", false, {"January 2021", "2021-01"}},
        {"MMMM YYYY", false, {"may 2021", "2021-05"}},
        {"MMMM YYYY", false, {"Jan 2021", NULL}},
        {"D MMMM YYYY", false, {"3 September 2021", "2021-09-03"}},
        {"DD/MM/YYYY HH:MI:SS AM", false, {"08/01/2020 12:00:00 AM", "2020-01-08T00:00:00"}},
        {"DD/MM/YYYY HH:MI:SS AM", false, {"08/01/2020 12:05:09 PM", "2020-01-08T12:05:09"}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 1:05 pm", "2020-01-08T13:05"}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 11:05am", NULL}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 13:05 PM", NULL}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 0:05 AM", NULL}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 1:05 XM", NULL}},
        {"DD/MM/YYYY H:MI AM", false, {"08/01/2020 1:05 A", NULL}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 2230", "2020-01-08T22:30"}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 330", "2020-01-08T03:30"}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 5", "2020-01-08T00:05"}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 0000", "2020-01-08T00:00"}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 2400", ""}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 1260", ""}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 02230", NULL}},
        {"YYYY-MM-DD HMI", false, {"2020-01-08 ", NULL}},
        /* A later hour replaces an earlier one: a date that always says midnight, then its time. */
        {"MM/DD/YYYY HH:MI:SS AM HMI",
         false,
         {"01/08/2020 12:00:00 AM 1545", "2020-01-08T15:45:00"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        civil_time t = 4242;
        enum civil_verdict verdict =
            civil_parse_layout(text_of(rows[i].row.cell), rows[i].layout, rows[i].is_utc, &t);
        check_time(&rows[i].row, verdict, t);
    }
}

/* Each UTC minute around the changes of every year arrives at a London time that was shown. */
static void utc_times_never_arrive_in_a_skipped_hour(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clock_changes / sizeof *clock_changes; i++) {
        int64_t from = (int64_t)civil_days(clock_changes[i][0], 3, clock_changes[i][1]) * DAY;
        for (int64_t utc = from - DAY; utc < from + DAY; utc += 60) {
            CHECK(!civil_is_skipped(utc + civil_london_offset(utc)));
        }
    }
}

static void packed_times_are_ordered_and_floor_before_1970(void **state)
{
    (void)state;
    CHECK_INT(civil_seconds(civil_pack(-1, CIVIL_MONTH)), -1);
    CHECK_INT(civil_seconds(civil_pack(-1, CIVIL_SECOND)), -1);
    CHECK_INT(civil_precision_of(civil_pack(-1, CIVIL_MINUTE)), CIVIL_MINUTE);
    CHECK_INT(civil_day_of(civil_pack(-1, CIVIL_SECOND)), -1);
    CHECK_INT(civil_hour_of(civil_pack(-1, CIVIL_SECOND)), 23);
    CHECK(civil_pack(-1, CIVIL_SECOND) < civil_pack(0, CIVIL_MONTH));
}

static void ranges_of_months_are_whole_and_forward(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int32_t count, days;
        const char *first, *last;
    } rows[] = {{"2021-01..2021-12", 12, 365, "2021-01", "2021-12"},
                {"2020-12..2021-02", 3, 90, "2020-12", "2021-02"},
                {"2024-02", 1, 29, "2024-02", "2024-02"},
                {"2021", 12, 365, "2021-01", "2021-12"},
                {"2020..2021", 24, 731, "2020-01", "2021-12"},
                {"2020..2021-03", 15, 456, "2020-01", "2021-03"},
                {"1800..2199", 4800, 146097, "1800-01", "2199-12"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct month_range r = {-1, -1};
        char out[8];
        if (!month_range_parse(text_of(rows[i].cell), &r)) {
            fail_msg("'%s' was refused", rows[i].cell);
        }
        CHECK_INT(month_range_count(r), rows[i].count);
        CHECK_INT(month_range_days(r), rows[i].days);
        month_write(r.first, out);
        CHECK_STRING(out, rows[i].first);
        month_write(r.last, out);
        CHECK_STRING(out, rows[i].last);
    }
    static const char *const refused[] = {"",
                                          "..",
                                          "2021-01..",
                                          "..2021-01",
                                          "2021-12..2021-01",
                                          "2021-13",
                                          "2021-00",
                                          "2021-1",
                                          "2021-01.2021-02",
                                          "2021-01...2021-02",
                                          "1799",
                                          "2200",
                                          "2021-01-01",
                                          "2021-01..2021-02 ",
                                          "2021-01-2021-02",
                                          "2021-01..x",
                                          "2021-02..2021-01..2021-03"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct month_range r = {-1, -1};
        if (month_range_parse(text_of(refused[i]), &r)) {
            fail_msg("'%s' was taken", refused[i]);
        }
        CHECK(r.first == -1 && r.last == -1);
    }
    CHECK_STRING(month_name(1), "January");
    CHECK_STRING(month_name(12), "December");
    CHECK_STRING(weekday_name(0), "Monday");
    CHECK_STRING(weekday_name(6), "Sunday");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_comes_back_and_has_the_next_weekday),
        cmocka_unit_test(leap_years_follow_the_rule_of_gregory),
        cmocka_unit_test(the_clock_changes_when_it_did),
        cmocka_unit_test(times_are_read_strictly),
        cmocka_unit_test(declared_layouts_are_read_strictly),
        cmocka_unit_test(utc_times_never_arrive_in_a_skipped_hour),
        cmocka_unit_test(packed_times_are_ordered_and_floor_before_1970),
        cmocka_unit_test(ranges_of_months_are_whole_and_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

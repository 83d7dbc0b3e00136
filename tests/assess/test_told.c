/* tests/assess/test_told.c — what is told of times and people of a question, against counts worked
 * out by hand. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/clock.h"
#include "assess/series_break.h"
#include "assess/told.h"
#include "base/buf.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

static struct rv_err err;

/* ---- clock ---- */

static void test_a_night_belongs_to_the_day_on_which_it_began(void **state)
{
    (void)state;
    int64_t week[7][24] = {{0}};
    week[4][18] = 1;   /* Friday evening */
    week[5][4] = 10;   /* Saturday 04:00: Friday's night */
    week[6][4] = 100;  /* Sunday 04:00: Saturday's */
    week[0][2] = 1000; /* Monday 02:00: Sunday's */
    week[4][4] = 1000; /* Friday 04:00: Thursday's */
    week[5][5] = week[4][17] = 1000;
    CHECK_INT(clock_weekend_nights(week), 111);
    CHECK_NEAR(clock_weekend_hours(2), 22, 1e-9);
}

static void test_weekdays_of_a_month(void **state)
{
    (void)state;
    double days[7];
    clock_weekdays_in((struct month_range){2022 * 12, 2022 * 12}, NULL, days); /* from a Saturday */
    for (int day = 0; day < 7; day++) {
        CHECK_NEAR(days[day], day == 0 || day > 4 ? 5 : 4, 1e-9);
    }
}

/* ---- a file ---- */

#define COLUMNS "offence_id:x recorded_at:t committed_from:t offence_group:c easting:m northing:m"

struct offence {
    const char *recorded, *from;
    int times;
};

static void put_offences(struct fixture *f, const struct offence *all, size_t count,
                         const char *months)
{
    struct buf rows RV_CLEANUP(buf_done);
    int64_t e, n;
    int id = 0;
    buf_init(&rows, 1u << 20);
    fixture_point(2, 1, 1, &e, &n);
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < all[i].times; k++) {
            buf_printf(&rows, "o%d|%s|%s|abh|%lld|%lld\n", id++, all[i].recorded, all[i].from,
                       (long long)e / 1000, (long long)n / 1000);
        }
    }
    fixture_extract(f, "offences", "police", COLUMNS, rows.bytes, months);
}

static void open_file(struct fixture *f, const char *months)
{
    static const struct offence all[] = {
        {"2021-02-10", "2021-02-09T20:15", 30}, /* a Tuesday */
        {"2022-02-10", "2022-02-09T20:25", 60}, /* a Wednesday */
        {"2022-03-20", "2022-03-18T21:05", 5},  /* a Friday */
        {"2022-03-20", "2022-03-18", 3},        /* without a time */
        {"2022-03-20", "", 2},                  /* without a date */
    };
    fixture_open(f, 1);
    fixture_areas(f, 2, "2018", NULL, NULL);
    put_offences(f, all, sizeof all / sizeof *all, months);
    fixture_place(f);
}

typedef rv_status teller(struct held *h, const struct table_options *question, struct told *ret,
                         struct rv_err *reterr);

static rv_status ask(struct fixture *f, teller *of, struct table_options question, struct told *ret)
{
    struct held h;
    CHECK_OK(held_load(f->store, &f->arena, f->pool, NULL, &h, &err));
    struct table_options *kept = ARENA_NEW(&f->arena, struct table_options, 1);
    *kept = question;
    return of(&h, kept, ret, &err);
}

static const struct told_part *part_of(const struct told *t, const char *id)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->parts[i].id, id) == 0) {
            return &t->parts[i];
        }
    }
    fail_msg("no part %s", id);
    return t->parts;
}

static const struct finding *found(const struct told *t, const char *id)
{
    for (size_t i = 0; i < t->finding_count; i++) {
        if (strcmp(t->findings[i].id, id) == 0) {
            return &t->findings[i];
        }
    }
    fail_msg("no finding %s", id);
    return t->findings;
}

/* The number in a row and column of a part; NaN = not available. */
static double cell(const struct told *t, const char *part, size_t row, size_t column)
{
    const struct result_table *table = &part_of(t, part)->table;
    CHECK(!part_of(t, part)->absent && row < table->row_count && column < table->column_count);
    const struct result_cell *c = &table->cells[row * table->column_count + column];
    return c->is_missing ? (double)NAN : c->number;
}

/* ---- what each test opens ---- */

static struct fixture file;
static struct told told;

static int open_usual(void **state)
{
    (void)state;
    open_file(&file, "2021-01..2022-12");
    return 0;
}

static int close_file(void **state)
{
    (void)state;
    fixture_close(&file);
    return 0;
}

/* ---- when ---- */

static void test_months_and_a_year_beside_the_year_before(void **state)
{
    (void)state;
    CHECK_OK(ask(&file, told_when, (struct table_options){.area = "E09000002"}, &told));
    CHECK_STRING(told.title, "Offences, Borough 2, January 2021 to December 2022");
    CHECK_INT(part_of(&told, "months")->table.row_count, 24);
    CHECK_NEAR(cell(&told, "months", 1, 1), 30, 0);
    CHECK_NEAR(cell(&told, "months", 13, 1), 60, 0);
    CHECK_NEAR(cell(&told, "months", 0, 1), 0, 0); /* covered, and none */
    CHECK_NEAR(cell(&told, "years", 1, 2), 60, 0);
    const struct finding *year = found(&told, "when.years.year");
    CHECK_STRING(year->rule, "YEAR_UP");
    CHECK_NEAR(year->value, 70, 0);
    CHECK_NEAR(year->compare_value, 30, 0);
    CHECK_STRING(found(&told, "when.months.season")->rule, "MONTHS_DIFFER");
}

static void test_what_is_not_covered_is_no_nought(void **state)
{
    (void)state;
    open_file(&file, "2022-02..2022-03");
    CHECK_OK(ask(&file, told_when,
                 (struct table_options){.area = "E09000002", .period = "2021-01..2022-12"}, &told));
    CHECK(isnan(cell(&told, "months", 1, 1)));
    CHECK(isnan(cell(&told, "months", 12, 1)));
    CHECK_NEAR(cell(&told, "months", 13, 1), 60, 0);
    CHECK(isnan(cell(&told, "years", 1, 1)));
    CHECK_STRING(found(&told, "when.years.year")->rule, "YEAR_NOT_AVAILABLE");
    CHECK_STRING(found(&told, "when.months.season")->rule, "MONTHS_NOT_AVAILABLE");
    CHECK_NEAR(cell(&told, "weekdays", 1, 5), 9, 0); /* Tuesdays of February and March 2022 */
}

static void test_a_level_that_changes_at_once(void **state)
{
    (void)state;
    struct offence all[24];
    char dates[24][16];
    for (int i = 0; i < 24; i++) { /* 20 a month, then 60 */
        (void)snprintf(dates[i], sizeof dates[i], "%d-%02d-10", 2021 + i / 12, i % 12 + 1);
        all[i] = (struct offence){dates[i], dates[i], (i < 12 ? 20 : 60) + i % 3};
    }
    fixture_open(&file, 1);
    fixture_areas(&file, 2, "2018", NULL, NULL);
    put_offences(&file, all, 24, "2021-01..2022-12");
    fixture_place(&file);
    CHECK_OK(ask(&file, told_when, (struct table_options){.area = "E09000002"}, &told));
    const struct result_table *months = &part_of(&told, "months")->table;
    CHECK_INT(months->column_count, 3);
    for (size_t r = 0; r < 24; r++) {
        const char *why = months->cells[r * 3 + 2].text;
        CHECK(r == 12 ? strstr(why, "changes at once") != NULL : why[0] == '\0');
    }
    CHECK(strstr(months->notes[0], "cut before January 2022") != NULL);
    CHECK_STRING(found(&told, "when.years.year")->rule, "YEAR_UP");
    CHECK_INT(found(&told, "when.years.year")->verdict, VERDICT_CAUTION);
}

static void test_changes_of_recording_that_are_known(void **state)
{
    (void)state;
    CHECK(series_break_known(text_of("E09000016"), 2024 * 12 + 2) != NULL);
    CHECK(series_break_known(text_of("E06000001"), 2024 * 12 + 2) == NULL);
    CHECK(series_break_known(text_of("E06000001"), 2023 * 12 + 3) != NULL);
    CHECK(series_break_known(text_of("E09000016"), 2022 * 12) == NULL);
}

static void test_days_and_hours(void **state)
{
    (void)state;
    CHECK_OK(ask(&file, told_when, (struct table_options){.period = "2022"}, &told));
    CHECK_NEAR(cell(&told, "weekdays", 2, 4), 60, 0);
    CHECK_NEAR(cell(&told, "weekdays", 4, 4), 8, 0);
    CHECK_NEAR(cell(&told, "weekdays", 2, 1), 60.0 / 52, 1e-9);
    CHECK_NEAR(found(&told, "when.weekdays.weekdays")->missing, 2, 0);
    CHECK_NEAR(cell(&told, "hours", 20, 1) + cell(&told, "hours", 20, 2), 120, 0);
    CHECK_NEAR(cell(&told, "hours", 21, 4), 5, 0); /* within 7 days */
    CHECK_NEAR(cell(&told, "week", 21, 5), 5, 0);
    CHECK_STRING(part_of(&told, "years")->absent,
                 "The period lies in one year. Choose a longer one to set years side by side.");
    CHECK(strstr(part_of(&told, "day-kinds")->absent, "No calendar") != NULL);
    CHECK_STRING(part_of(&told, "hours")->asked.by, "hour");
}

static void test_kinds_without_times_say_so(void **state)
{
    (void)state;
    CHECK_OK(ask(&file, told_when, (struct table_options){.kind = "provision"}, &told));
    CHECK_INT(told.count, 1);
    CHECK(strstr(told.parts[0].absent, "have no time") != NULL);
    CHECK(ask(&file, told_when, (struct table_options){.area = "E09000099"}, &told).code ==
          RV_NOT_FOUND);
    CHECK(ask(&file, told_when, (struct table_options){.kind = "ambulance"}, &told).code ==
          RV_NOT_FOUND);
}

/* ---- who ---- */

static void put_persons(struct fixture *f)
{
    struct buf rows RV_CLEANUP(buf_done);
    buf_init(&rows, 1u << 16);
    for (int i = 0; i < 30; i++) { /* ten persons, each in three offences of 2021 */
        buf_printf(&rows, "o%d|victim|p%d|%s|%s||\n", i, i / 3,
                   i < 6   ? ""
                   : i % 2 ? "16"
                           : "40",
                   i < 3    ? ""
                   : i < 20 ? "female"
                            : "male");
    }
    for (int i = 0; i < 4; i++) {
        buf_printf(&rows, "o%d|suspect||30|male||%s\n", i, i ? "son" : "stranger");
    }
    fixture_extract(f, "persons", "police",
                    "offence_id:x role:c person_ref:x age:i sex:c ethnicity:c relationship:c",
                    rows.bytes, NULL);
}

static void test_ages_and_sexes_with_those_not_recorded(void **state)
{
    (void)state;
    put_persons(&file);
    CHECK_OK(ask(&file, told_who, (struct table_options){.area = "E09000002"}, &told));
    CHECK_NEAR(cell(&told, "victims-age", 0, 5), 12, 0); /* under 18 */
    CHECK_NEAR(cell(&told, "victims-age", 3, 5), 12, 0); /* 35 to 49 */
    CHECK_NEAR(cell(&told, "victims-age", 6, 4), 3, 0);  /* neither age nor sex */
    const struct finding *age = found(&told, "who.victims-age.recorded");
    CHECK_NEAR(age->numerator, 24, 0);
    CHECK_NEAR(age->missing, 6, 0);
    CHECK_NEAR(age->value, 80, 1e-9);
    CHECK_NEAR(cell(&told, "victims-sex", 0, 1), 100 * 17.0 / 27, 1e-9);
    CHECK_NEAR(cell(&told, "victims-sex", 3, 4), 3, 0);
    CHECK(strstr(part_of(&told, "victims-rates")->absent, "population") != NULL);
    CHECK(strstr(part_of(&told, "victims-ethnicity")->absent, "No self-defined ethnicity") != NULL);
}

static void test_few_persons_have_numbers_and_no_shares(void **state)
{
    (void)state;
    put_persons(&file);
    CHECK_OK(ask(&file, told_who, (struct table_options){.area = "E09000002"}, &told));
    CHECK_NEAR(cell(&told, "suspects-relationship", 1, 4), 3, 0); /* sons and daughters */
    CHECK_NEAR(cell(&told, "suspects-relationship", 4, 4), 1, 0); /* strangers */
    CHECK(isnan(cell(&told, "suspects-relationship", 1, 1)));
    CHECK_INT(part_of(&told, "suspects-relationship")->table.chart, CHART_NONE);
    CHECK(isnan(found(&told, "who.suspects-sex.female")->level));
}

static void test_persons_in_several_offences(void **state)
{
    (void)state;
    put_persons(&file);
    CHECK_OK(ask(&file, told_who, (struct table_options){.area = "E09000002"}, &told));
    const struct finding *repeat = found(&told, "who.victims-repeats.repeat");
    CHECK_NEAR(repeat->denominator, 10, 0);
    CHECK_STRING(repeat->rule, "REPEAT_FEW"); /* of fewer than 20 persons there is no share */
    CHECK_STRING(found(&told, "who.suspects-repeats.repeat")->rule, "REPEAT_NOT_AVAILABLE");
    CHECK_OK(ask(&file, told_who, (struct table_options){.period = "2022"}, &told));
    CHECK_STRING(part_of(&told, "victims")->absent, "No victim is on record for this question.");
}

static void test_a_file_without_persons_says_what_to_load(void **state)
{
    (void)state;
    CHECK_OK(ask(&file, told_who, (struct table_options){.area = "E09000002"}, &told));
    CHECK_INT(told.count, 1);
    CHECK(strstr(told.parts[0].absent, "as kind persons") != NULL);
    CHECK_OK(ask(&file, told_who, (struct table_options){.kind = "transport"}, &told));
    CHECK(strstr(told.parts[0].absent, "nothing of people") != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_night_belongs_to_the_day_on_which_it_began),
        cmocka_unit_test(test_weekdays_of_a_month),
        cmocka_unit_test_setup_teardown(test_months_and_a_year_beside_the_year_before, open_usual,
                                        close_file),
        cmocka_unit_test_teardown(test_what_is_not_covered_is_no_nought, close_file),
        cmocka_unit_test_teardown(test_a_level_that_changes_at_once, close_file),
        cmocka_unit_test(test_changes_of_recording_that_are_known),
        cmocka_unit_test_setup_teardown(test_days_and_hours, open_usual, close_file),
        cmocka_unit_test_setup_teardown(test_kinds_without_times_say_so, open_usual, close_file),
        cmocka_unit_test_setup_teardown(test_ages_and_sexes_with_those_not_recorded, open_usual,
                                        close_file),
        cmocka_unit_test_setup_teardown(test_few_persons_have_numbers_and_no_shares, open_usual,
                                        close_file),
        cmocka_unit_test_setup_teardown(test_persons_in_several_offences, open_usual, close_file),
        cmocka_unit_test_setup_teardown(test_a_file_without_persons_says_what_to_load, open_usual,
                                        close_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

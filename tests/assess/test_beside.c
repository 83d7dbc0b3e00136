/* tests/assess/test_beside.c — the table beside a finding holds the finding's own number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/beside.h"
#include "check.h"

static struct rv_err err;

static struct result_cell number(double n)
{
    return (struct result_cell){.number = n, .is_missing = isnan(n)};
}

static struct result_cell text(const char *words)
{
    return (struct result_cell){.text = words, .number = (double)NAN};
}

static struct finding finding_of(const char *id, const char *unit, double value, double part,
                                 double whole)
{
    struct finding f = finding_blank(id, "profile");
    f.unit = unit;
    f.value = value;
    f.numerator = part;
    f.denominator = whole;
    f.period = (struct month_range){100, 101};
    return f;
}

/* The name of the table that stands beside it among these. */
static const char *named(struct finding f, const struct result_table *tables, size_t count)
{
    static struct arena a;
    arena_done(&a);
    arena_init(&a, 1u << 20);
    CHECK_OK(beside_name(&a, &f, 1, tables, count, &err));
    return f.table;
}

static const struct result_column ranks[] = {{"borough", "Borough", RESULT_TEXT},
                                             {"count", "Offences", RESULT_COUNT},
                                             {"rank", "Place", RESULT_RANK},
                                             {"rate", "Rate", RESULT_RATE}};

/* Place 2 is in every table of places; with 70 offences it is only in ours. */
static void a_place_is_found_with_its_count(void **state)
{
    (void)state;
    const struct result_cell cells[] = {text("A"), number(90), number(1), number(2),
                                        text("B"), number(70), number(2), number(1)};
    const struct result_table t = {.id = "p-boroughs-all",
                                   .columns = ranks,
                                   .column_count = 4,
                                   .cells = cells,
                                   .row_count = 2};
    CHECK_STRING(named(finding_of("p.all.rank", "rank", 2, 70, NAN), &t, 1), "p-boroughs-all");
    CHECK(!named(finding_of("p.all.rank", "rank", 2, 90, NAN), &t, 1));
    CHECK(!named(finding_of("p.all.rank", "rank", 1, 70, NAN), &t, 1));
    CHECK(!named(finding_of("p.rape.rank", "rank", 2, 70, NAN), &t, 1)); /* its own or none */
    CHECK(!named(finding_of("q.all.rank", "rank", 2, 70, NAN), &t, 1));
}

static const struct result_column months[] = {
    {"month", "Month", RESULT_MONTH}, {"all", "All", RESULT_COUNT}, {"rape", "Rape", RESULT_COUNT}};

/* By the series that is named, over the period or all months; missing months make no sum. */
static void months_add_up(void **state)
{
    (void)state;
    struct result_cell cells[] = {number(99), number(7),   number(4), number(100), number(8),
                                  number(6),  number(101), number(9), number(11)};
    const struct result_table t = {.id = "p-monthly-by-category",
                                   .columns = months,
                                   .column_count = 3,
                                   .cells = cells,
                                   .row_count = 3};
    struct finding f = finding_of("p.all.total", "offences", 17, 17, NAN);
    CHECK_STRING(named(f, &t, 1), "p-monthly-by-category");
    CHECK_INT(beside_series(&f, &t), 1);
    CHECK_STRING(named(finding_of("p.all.months", "offences", 24, 24, NAN), &t, 1), t.id);
    CHECK(!named(finding_of("p.all.total", "offences", 16, 16, NAN), &t, 1));
    /* 17 of rape too, in a series of another name than the finding's */
    CHECK_INT(beside_series(&(struct finding){.id = "p.arson.total",
                                              .value = 17,
                                              .numerator = (double)NAN,
                                              .period = {100, 101}},
                            &t),
              3);
    cells[4] = number(NAN);
    CHECK(!named(f, &t, 1));
}

static const struct result_column hours[] = {{"hour", "Hour", RESULT_TEXT},
                                             {"clean", "Offences", RESULT_COUNT}};

/* A night goes round midnight; what it is a part of has to be there too. */
static void rows_next_to_each_other_add_up(void **state)
{
    (void)state;
    const struct result_cell cells[] = {text("00"), number(10), text("06"), number(20),
                                        text("12"), number(40), text("18"), number(80)};
    const struct result_table t = {
        .id = "p-hours", .columns = hours, .column_count = 2, .cells = cells, .row_count = 4};
    CHECK_STRING(named(finding_of("p.all.night", "percent", 60, 90, 150), &t, 1), "p-hours");
    CHECK(!named(finding_of("p.all.night", "percent", 60, 90, 151), &t, 1));
    CHECK(!named(finding_of("p.all.night", "percent", 33, 50, 150), &t, 1)); /* not neighbours */
}

/* An equal number in a table of something else is another number. */
static void people_have_tables_of_their_own(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"category", "Kind", RESULT_TEXT},
                                            {"count", "Offences", RESULT_COUNT}};
    const struct result_cell cells[] = {text("All"), number(70)};
    const struct result_table t = {.id = "p-by-category",
                                   .columns = columns,
                                   .column_count = 2,
                                   .cells = cells,
                                   .row_count = 1};
    CHECK_STRING(named(finding_of("p.rape.total", "offences", 70, 70, NAN), &t, 1), t.id);
    CHECK(!named(finding_of("p.victims.total", "victims", 70, 70, NAN), &t, 1));
    struct finding absent = finding_of("p.rape.total", "offences", 70, 70, NAN);
    absent.verdict = VERDICT_NOT_AVAILABLE;
    CHECK(!named(absent, &t, 1));
    CHECK(!named(finding_of("without-parts", "offences", 70, 70, NAN), &t, 1));
}

/* 38 of 145 is told as a count, and stands in the table as a share. */
static void a_share_is_its_two_numbers(void **state)
{
    (void)state;
    const struct result_column columns[] = {{"areas_percent", "Areas", RESULT_PERCENT},
                                            {"offences_percent", "Offences", RESULT_PERCENT}};
    const struct result_cell cells[] = {number(100.0 * 38 / 145), number(50.2)};
    const struct result_table t = {
        .id = "p-lorenz", .columns = columns, .column_count = 2, .cells = cells, .row_count = 1};
    CHECK_STRING(named(finding_of("p.all.concentration", "LSOAs", 38, 38, 145), &t, 1), t.id);
    CHECK(!named(finding_of("p.all.concentration", "LSOAs", 38, 38, 146), &t, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_found_with_its_count),
        cmocka_unit_test(months_add_up),
        cmocka_unit_test(rows_next_to_each_other_add_up),
        cmocka_unit_test(people_have_tables_of_their_own),
        cmocka_unit_test(a_share_is_its_two_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

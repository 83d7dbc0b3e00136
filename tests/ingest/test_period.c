/* tests/ingest/test_period.c — what labels of periods and age bands mean, and which are refused.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "ingest/period.h"

static void a_rule_has_a_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct period_rule rule;
    } RULES[] = {
        {"calendar", {1, 0, 12}},   {"financial", {4, 0, 12}},   {"academic", {9, 0, 12}},
        {"october", {10, 0, 12}},   {"financial-q1", {4, 0, 3}}, {"financial-q4", {4, 9, 3}},
        {"academic-q2", {9, 3, 3}}, {"january", {1, 0, 1}},      {"may", {1, 4, 1}},
        {"December", {1, 11, 1}},
    };
    static const char *const NONE[] = {
        "",          "fiscal",      "calendar-q5", "calendar-q", "calendar-q11",
        "calendar ", "financially", "januaryx"};
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++) {
        struct period_rule got = {-1, -1, -1};
        CHECK(period_rule_named(text_of(RULES[i].name), &got));
        CHECK_INT(got.first_month, RULES[i].rule.first_month);
        CHECK_INT(got.skip, RULES[i].rule.skip);
        CHECK_INT(got.count, RULES[i].rule.count);
    }
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
        struct period_rule got;
        if (period_rule_named(text_of(NONE[i]), &got)) {
            fail_msg("\"%s\" is taken for a rule", NONE[i]);
        }
    }
}

static const struct {
    const char *rule;
    enum period_lone lone;
    const char *label, *want; /* NULL = refused */
} LABELS[] = {
    /* a calendar year, and several */
    {"calendar", PERIOD_LONE_UNKNOWN, "2022", "2022-01..2022-12"},
    {"calendar", PERIOD_LONE_UNKNOWN, "2014-16", "2014-01..2016-12"},
    {"calendar", PERIOD_LONE_UNKNOWN, "2019 - 21", "2019-01..2021-12"},
    {"calendar", PERIOD_LONE_UNKNOWN, "2019 - 2021", "2019-01..2021-12"},
    {"calendar", PERIOD_LONE_UNKNOWN, "2021 Q3", "2021-07..2021-09"},
    {"calendar", PERIOD_LONE_UNKNOWN, "2021/22", NULL}, /* no calendar year has two numbers */
    {"calendar", PERIOD_LONE_UNKNOWN, "202122", NULL},
    /* financial and school years in their spellings */
    {"financial", PERIOD_LONE_UNKNOWN, "2021/22", "2021-04..2022-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "2021-22", "2021-04..2022-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "2021/2022", "2021-04..2022-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "1999/00", "1999-04..2000-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "2021/22 Q4", "2022-01..2022-03"},
    {"academic", PERIOD_LONE_UNKNOWN, "202122", "2021-09..2022-08"},
    {"academic", PERIOD_LONE_UNKNOWN, " 2015/16 ", "2015-09..2016-08"},
    {"academic-q1", PERIOD_LONE_UNKNOWN, "202122", "2021-09..2021-11"},
    {"october", PERIOD_LONE_END, "2022", "2021-10..2022-09"},
    /* one number where a year has two: only as declared */
    {"academic", PERIOD_LONE_UNKNOWN, "2022", NULL},
    {"academic", PERIOD_LONE_END, "2022", "2021-09..2022-08"},
    {"academic", PERIOD_LONE_START, "2022", "2022-09..2023-08"},
    {"financial", PERIOD_LONE_CALENDAR, "2022", "2022-01..2022-12"},
    {"financial", PERIOD_LONE_CALENDAR, "2019 - 21", "2019-01..2021-12"},
    {"financial", PERIOD_LONE_CALENDAR, "2019-21", "2019-01..2021-12"},
    {"financial", PERIOD_LONE_CALENDAR, "2019-20", "2019-04..2020-03"},
    {"financial", PERIOD_LONE_CALENDAR, "2021 Q2", "2021-04..2021-06"},
    /* several years */
    {"financial", PERIOD_LONE_UNKNOWN, "2018/19 - 20/21", "2018-04..2021-03"},
    {"financial", PERIOD_LONE_END, "2013/14-15/16", "2013-04..2016-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "2016-18", NULL}, /* two years, or three? */
    {"financial", PERIOD_LONE_UNKNOWN, "2018/19 - 2021", NULL},
    {"financial", PERIOD_LONE_UNKNOWN, "2020/21 - 18/19", NULL},
    {"academic-q1", PERIOD_LONE_UNKNOWN, "2018/19 - 20/21", NULL},
    /* months */
    {"january", PERIOD_LONE_UNKNOWN, "2022", "2022-01..2022-01"},
    {"november", PERIOD_LONE_UNKNOWN, "202122", "2021-11..2021-11"},
    {"january", PERIOD_LONE_UNKNOWN, "202122", "2022-01..2022-01"},
    {"june", PERIOD_LONE_UNKNOWN, "202122", NULL},
    {"financial", PERIOD_LONE_UNKNOWN, "Mar 2022", "2022-03..2022-03"},
    {"financial", PERIOD_LONE_UNKNOWN, "Oct 2021 - Sep 2022", "2021-10..2022-09"},
    {"financial", PERIOD_LONE_UNKNOWN, "September 2021", "2021-09..2021-09"},
    {"financial", PERIOD_LONE_UNKNOWN, "Sep 2022 - Oct 2021", NULL},
    /* remarks, and what is no label */
    {"academic", PERIOD_LONE_END, "2018 (Rev)", "2017-09..2018-08"},
    {"financial", PERIOD_LONE_END, "2016-17 (OT)", "2016-04..2017-03"},
    {"calendar", PERIOD_LONE_UNKNOWN, "0", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "(2021)", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "20211", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "2021 Q5", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "2021-2019", NULL},
    {"academic", PERIOD_LONE_UNKNOWN, "202123", NULL},
    {"academic", PERIOD_LONE_UNKNOWN, "2021/23", NULL},
    {"academic", PERIOD_LONE_UNKNOWN, "202112", NULL}, /* a month, not a year */
    {"calendar", PERIOD_LONE_UNKNOWN, "1066", NULL},
    {"calendar", PERIOD_LONE_UNKNOWN, "year 2021", NULL},
};

static void a_label_means_what_its_rule_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++) {
        struct period_rule rule;
        struct month_range got = {-1, -1}, want;
        CHECK(period_rule_named(text_of(LABELS[i].rule), &rule));
        bool is_read = period_parse(text_of(LABELS[i].label), &rule, LABELS[i].lone, &got);
        if (is_read != (LABELS[i].want != NULL)) {
            fail_msg("%s \"%s\" is %s", LABELS[i].rule, LABELS[i].label,
                     is_read ? "read" : "refused");
        }
        if (!is_read) {
            CHECK_INT(got.first, -1); /* left alone */
            continue;
        }
        CHECK(month_range_parse(text_of(LABELS[i].want), &want));
        if (got.first != want.first || got.last != want.last) {
            char first[8], last[8];
            month_write(got.first, first);
            month_write(got.last, last);
            fail_msg("%s \"%s\" is %s..%s", LABELS[i].rule, LABELS[i].label, first, last);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_has_a_name),
        cmocka_unit_test(a_label_means_what_its_rule_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

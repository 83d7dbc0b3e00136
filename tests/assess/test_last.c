/* tests/assess/test_last.c — findings of the last assessment beside those of this one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/last.h"
#include "base/limits.h"
#include "check.h"

static struct rv_err err;

static struct arena *fresh(void)
{
    static struct arena a;
    arena_done(&a);
    arena_init(&a, 16u << 20);
    return &a;
}

/* ---- one finding now and then ---- */

static struct finding now_of(const char *rule, const char *unit, double value)
{
    return (struct finding){.id = "p.all.x",
                            .theme = "profile",
                            .rule = rule,
                            .unit = unit,
                            .value = value,
                            .numerator = (double)NAN,
                            .denominator = (double)NAN,
                            .rank = -1,
                            .of = -1,
                            .area = "E09000016",
                            .definition = "ours",
                            .definition_version = "1",
                            .period = {2022 * 12, 2022 * 12 + 11}};
}

static struct last_finding then_of(const char *rule, const char *unit, double value)
{
    return (struct last_finding){.id = "p.all.x",
                                 .statement = "What was found.",
                                 .rule = rule,
                                 .unit = unit,
                                 .value = value,
                                 .numerator = (double)NAN,
                                 .denominator = (double)NAN,
                                 .rank = -1,
                                 .of = -1,
                                 .named_of = -1,
                                 .area = "E09000016",
                                 .definition = "ours",
                                 .definition_version = "1",
                                 .period = {2021 * 12, 2021 * 12 + 11}};
}

static struct finding_last compared(struct finding f, struct last_finding then)
{
    struct assessment now = {.area = "E09000016", .findings = &f, .finding_count = 1};
    CHECK_OK(last_compare(fresh(), &now, &then, 1, &err));
    CHECK_INT(now.last->absent_count, 0);
    CHECK_INT(now.last->period.first, 2021 * 12);
    return f.last ? *f.last : (struct finding_last){.since = SINCE_NOTHING};
}

#define CHECK_SINCE(f, then, wanted) CHECK_INT(compared((f), (then)).since, (wanted))

/* Counts: by the exact test of two counts, whose p for 100 and 131 is 0.048 and for 100 and 130
 * 0.056 (R: poisson.test(c(131, 100))). */
static void test_counts(void **state)
{
    (void)state;
    struct last_finding then = then_of("TOTAL", "offences", 100);
    CHECK_SINCE(now_of("TOTAL", "offences", 100), then, SINCE_STILL);
    CHECK_SINCE(now_of("TOTAL", "offences", 130), then, SINCE_STILL);
    CHECK_SINCE(now_of("TOTAL", "offences", 131), then, SINCE_CHANGED);
    CHECK_SINCE(now_of("TOTAL", "offences", 131), then_of("TOTAL", "offences", 131), SINCE_STILL);
    CHECK_SINCE(now_of("TOTAL", "offences", 0), then_of("TOTAL", "offences", 0), SINCE_STILL);
    CHECK_SINCE(now_of("TOTAL", "offences", 0), then_of("TOTAL", "offences", 6), SINCE_CHANGED);
    CHECK_SINCE(now_of("TOTAL", "offences", 0), then_of("TOTAL", "offences", 5), SINCE_STILL);
    /* Half a year then: 100 in six months are as many as 200 in twelve. */
    then.period.last = 2021 * 12 + 5;
    CHECK_SINCE(now_of("TOTAL", "offences", 200), then, SINCE_STILL);
    CHECK_SINCE(now_of("TOTAL", "offences", 100), then, SINCE_CHANGED);
}

static void test_rates_and_shares(void **state)
{
    (void)state;
    struct finding rate = now_of("RATE", "per 100,000 residents a year", 131);
    struct last_finding before = then_of("RATE", "per 100,000 residents a year", 100);
    rate.numerator = 131;
    rate.denominator = before.denominator = 100000;
    before.numerator = 100;
    CHECK_SINCE(rate, before, SINCE_CHANGED);
    rate.denominator = 131000; /* more people, as many each */
    CHECK_SINCE(rate, before, SINCE_STILL);
    struct finding share = now_of("PEOPLE_SHARE", "percent", 60);
    struct last_finding then = then_of("PEOPLE_SHARE", "percent", 50);
    share.numerator = 60; /* of 100, beside 50 of 100: Fisher's p is 0.20; of 1,000 below 0.001 */
    then.numerator = 50;
    share.denominator = then.denominator = 100;
    CHECK_SINCE(share, then, SINCE_STILL);
    share.numerator = 600;
    then.numerator = 500;
    share.denominator = then.denominator = 1000;
    CHECK_SINCE(share, then, SINCE_CHANGED);
    then.numerator = 1001; /* more than its whole: nothing is said */
    CHECK_SINCE(share, then, SINCE_NOTHING);
}

static void test_places(void **state)
{
    (void)state;
    struct finding f = now_of("RANK", "rank", 20);
    struct last_finding then = then_of("RANK", "rank", 5);
    f.rank = 20, f.rank_low = 12, f.rank_high = 25, f.of = 32;
    then.rank = 5, then.rank_low = 2, then.rank_high = 12, then.of = 32;
    CHECK_SINCE(f, then, SINCE_STILL);
    then.rank_high = 11;
    CHECK_SINCE(f, then, SINCE_CHANGED);
    then.of = 33;
    CHECK_SINCE(f, then, SINCE_OTHER);
}

/* What a change claims is its direction, not its digits. */
static void test_claims_of_change(void **state)
{
    (void)state;
    struct last_finding rose = then_of("CHANGE_UP", "offences", 900);
    CHECK_SINCE(now_of("CHANGE_UP_SMALL", "offences", 15), rose, SINCE_STILL);
    CHECK_SINCE(now_of("CHANGE_DOWN", "offences", 900), rose, SINCE_CHANGED);
    CHECK_SINCE(now_of("CHANGE_NOT_DISTINGUISHABLE", "offences", 900), rose, SINCE_CHANGED);
    struct last_finding none = then_of("CHANGE_NONE", "offences", 900);
    CHECK_SINCE(now_of("CHANGE_NOT_DISTINGUISHABLE", "offences", 950), none, SINCE_STILL);
    CHECK_SINCE(now_of("WEEKDAYS_DIFFER", "offences", 1),
                then_of("WEEKDAYS_NOT_DISTINGUISHABLE", "offences", 1), SINCE_CHANGED);
    rose.rule = NULL; /* an older file: its numbers alone */
    CHECK_SINCE(now_of("CHANGE_UP", "offences", 905), rose, SINCE_STILL);
}

static void test_names(void **state)
{
    (void)state;
    struct finding_slot slots[] = {{"place", SLOT_TEXT, "North", 0},
                                   {"next", SLOT_TEXT, "South", 0},
                                   {"area_count", SLOT_NUMBER, NULL, 20}};
    struct finding f = now_of("TOP_AREA", "offences", 50);
    f.slots = slots;
    f.slot_count = 3;
    struct last_finding then = then_of("TOP_AREA", "offences", 10);
    then.named = "North";
    then.named_of = 20;
    CHECK_SINCE(f, then, SINCE_STILL); /* however many offences it has */
    then.named = "South";
    CHECK_SINCE(f, then, SINCE_CHANGED);
    f.rule = "TOP_AREA_NOT_DISTINGUISHABLE"; /* South may be first still */
    CHECK_SINCE(f, then, SINCE_STILL);
    then.named = "East";
    CHECK_SINCE(f, then, SINCE_CHANGED);
    then.rule = "TOP_AREA_NOT_DISTINGUISHABLE"; /* none stood out, none does */
    then.named = "East | West";
    CHECK_SINCE(f, then, SINCE_STILL);
    then.named_of = 18;
    CHECK_SINCE(f, then, SINCE_OTHER);
    f.rule = then.rule = "TOP_PLACE";
    CHECK_SINCE(f, then, SINCE_OTHER);
}

static void test_what_cannot_be_compared(void **state)
{
    (void)state;
    struct finding f = now_of("TOTAL", "offences", 100);
    struct last_finding then = then_of("TOTAL", "offences", 100);
    then.definition_version = "2";
    CHECK_STRING(compared(f, then).because, "it was found by the definition ours, version 2");
    then.definition_version = "1";
    then.verdict = VERDICT_NOT_RELIABLE;
    CHECK_SINCE(f, then, SINCE_OTHER);
    then.verdict = VERDICT_NOT_AVAILABLE;
    CHECK_SINCE(f, then, SINCE_NEW);
    f.verdict = VERDICT_NOT_AVAILABLE;
    CHECK_SINCE(f, then, SINCE_NOTHING);
    then.verdict = VERDICT_HOLDS;
    CHECK_SINCE(f, then, SINCE_GONE);
    CHECK_STRING(last_since_name(SINCE_GONE), "no longer computable");
}

static void test_of_another_area_and_markings(void **state)
{
    (void)state;
    struct finding f = now_of("TOTAL", "offences", 100);
    struct last_finding then[] = {then_of("TOTAL", "offences", 100),
                                  then_of("TOTAL", "offences", 1)};
    then[1].id = "q.all.total";
    then[1].statement = "Told no more.";
    then[1].marking = MARKING_OFFICIAL_SENSITIVE;
    struct assessment now = {
        .area = "E09000016", .findings = &f, .finding_count = 1, .marking = MARKING_PUBLIC};
    CHECK_OK(last_compare(fresh(), &now, then, 2, &err));
    CHECK_INT(now.marking, MARKING_OFFICIAL_SENSITIVE); /* its sentences stand in the report */
    CHECK_INT(now.last->counts[SINCE_STILL], 1);
    CHECK_INT(now.last->absent_count, 1);
    CHECK_STRING(now.last->absent[0], "Told no more.");
    then[0].area = then[1].area = "E09000002";
    CHECK_FAILS(last_compare(fresh(), &now, then, 2, &err), RV_INVALID);
    CHECK(strstr(err.message, "no finding of E09000016"));
}

/* ---- the file ---- */

#define HEAD "[{\"id\":\"p.all.total\",\"theme\":\"profile\",\"statement\":\"Nine.\","
#define BODY                                                                                       \
    "\"value\":9,\"unit\":\"offences\",\"lower\":null,\"upper\":null,\"level\":null,"              \
    "\"numerator\":9,\"denominator\":null,\"missing\":null,\"rank\":null,\"rank_low\":null,"       \
    "\"rank_high\":null,\"of\":null,\"period_from\":\"2021-01\",\"period_to\":\"2021-12\","        \
    "\"area\":\"E09000016\",\"definition\":null,\"definition_version\":null,"                      \
    "\"method\":\"poisson-exact\",\"verdict\":\"holds with caution\",\"caveats\":[],"              \
    "\"sources\":[],\"query\":null,\"marking\":\"official\""

static rv_status reading_of(const char *json, struct last_finding **ret, size_t *count)
{
    return last_read(fresh(), "last.json", text_of(json), ret, count, &err);
}

static void test_the_file_is_read(void **state)
{
    (void)state;
    struct last_finding *f;
    size_t n = 0;
    CHECK_OK(
        reading_of(HEAD BODY ",\"rule\":\"TOTAL\",\"named\":null,\"named_of\":null}]", &f, &n));
    CHECK_INT(n, 1);
    CHECK_STRING(f->id, "p.all.total");
    CHECK_STRING(f->rule, "TOTAL");
    CHECK_INT(f->verdict, VERDICT_CAUTION);
    CHECK_INT(f->period.first, 2021 * 12);
    CHECK(f->value == 9 && isnan(f->denominator) && f->rank == -1 && !f->named && !f->definition);
    CHECK_OK(reading_of(HEAD BODY "}]", &f, &n)); /* before rules were written */
    CHECK(!f->rule);
}

static void test_a_wrong_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json, *words;
    } WRONG[] = {
        {"", "last.json, line 1"},
        {"{}", "must be the findings.json"},
        {"[]", "must be the findings.json"},
        {"[1]", "must be an object"},
        {HEAD BODY ",\"more\":1}]", "\"more\": is no member"},
        {HEAD BODY ",\"value\":8}]", "duplicate"},
        {HEAD "\"value\":9}]", "\"numerator\": must be a number or null"},
        {HEAD BODY ",\"rule\":7}]", "\"rule\": must be a text"},
        {HEAD BODY ",\"named_of\":0}]", "\"named_of\": must be a whole number"},
    };
    struct last_finding *f;
    size_t n = 0;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        CHECK_FAILS(reading_of(WRONG[i].json, &f, &n), RV_INVALID);
        if (!strstr(err.message, WRONG[i].words)) {
            fail_msg("%zu: %s", i, err.message);
        }
    }
    char twice[4096];
    (void)snprintf(twice, sizeof twice, "%s%s},%s%s}]", HEAD, BODY, &HEAD[1], BODY);
    CHECK_FAILS(reading_of(twice, &f, &n), RV_INVALID);
    CHECK(strstr(err.message, "is there twice"));
}

/* One member after another spoiled: words, numbers, months, verdict, marking. */
static void test_every_member_is_checked(void **state)
{
    (void)state;
    static const char *const SPOILED[][2] = {
        {"\"Nine.\"", "\"Nine\\u0001.\""}, {"\"value\":9", "\"value\":\"9\""},
        {"\"rank\":null", "\"rank\":-3"},  {"\"2021-12\"", "\"2020-12\""},
        {"\"2021-01\"", "\"2021-1\""},     {"\"holds with caution\"", "\"perhaps\""},
        {"\"official\"", "\"secret\""},    {"\"E09000016\"", "16"},
        {"\"p.all.total\"", "\"\""},
    };
    struct last_finding *f;
    size_t n = 0;
    for (size_t i = 0; i < sizeof SPOILED / sizeof *SPOILED; i++) {
        char json[4096];
        const char *whole = HEAD BODY "}]", *at = strstr(whole, SPOILED[i][0]);
        assert_non_null(at);
        (void)snprintf(json, sizeof json, "%.*s%s%s", (int)(at - whole), whole, SPOILED[i][1],
                       at + strlen(SPOILED[i][0]));
        CHECK_FAILS(reading_of(json, &f, &n), RV_INVALID);
        CHECK(strstr(err.message, "last.json, line 1: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_rates_and_shares),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_claims_of_change),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_what_cannot_be_compared),
        cmocka_unit_test(test_of_another_area_and_markings),
        cmocka_unit_test(test_the_file_is_read),
        cmocka_unit_test(test_a_wrong_file_is_refused),
        cmocka_unit_test(test_every_member_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

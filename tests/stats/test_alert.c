/* tests/stats/test_alert.c — weekly alarms against R's surveillance and closed forms.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/alert.h"
#include "stats/farrington.h"
#include "stats/random.h"

#define MOST 512

static struct rv_err err;
static int64_t counts[MOST];

static struct alert_series take(const struct table *t)
{
    CHECK(t->rows <= MOST);
    for (size_t i = 0; i < t->rows; i++) {
        counts[i] = table_int(t, i, "count");
    }
    return (struct alert_series){.n = t->rows, .counts = counts};
}

/* Where the reference has a limit, so have we, within the tolerance, and the alarm is the same. */
static void agree(const struct table *t, const struct alert_week *weeks, const char *limit,
                  const char *alarm, double tolerance, size_t least, double *worst)
{
    size_t compared = 0;
    for (size_t i = 0; i < t->rows; i++) {
        if (table_has(t, i, limit)) {
            CHECK(weeks[i].has_limit);
            CHECK_REF(weeks[i].limit, table_real(t, i, limit), tolerance, worst);
            CHECK_INT(weeks[i].is_alarm, table_int(t, i, alarm));
            compared++;
        }
    }
    CHECK(compared >= least);
}

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "alerts.csv", shared);
    struct alert_series s = take(&t);
    struct alert_week weeks[MOST];
    double ears = 0, old = 0, flexible = 0;
    struct ears_options o = EARS_C1;
    CHECK_OK(alert_ears(&s, &o, weeks, &err));
    agree(&t, weeks, "C1_upper", "C1_alarm", 1e-8, 200, &ears);
    CHECK(!weeks[6].has_limit && weeks[7].has_limit);
    o = EARS_C2;
    CHECK_OK(alert_ears(&s, &o, weeks, &err));
    agree(&t, weeks, "C2_upper", "C2_alarm", 1e-8, 200, &ears);
    CHECK(!weeks[8].has_limit && weeks[9].has_limit);
    o = EARS_C3;
    o.rule = ALERT_C3_R;
    CHECK_OK(alert_ears(&s, &o, weeks, &err));
    agree(&t, weeks, "C3_upper", "C3_alarm", 1e-8, 200, &ears);
    CHECK(!weeks[10].has_limit && weeks[11].has_limit);
    struct arena a;
    arena_init(&a, 1 << 22);
    struct farrington_options f = FARRINGTON_1996_DEFAULTS;
    CHECK_OK(farrington_limits(&a, &s, &f, weeks, &err));
    agree(&t, weeks, "farr_upper", "farr_alarm", 1e-3, 50, &old);
    f = FARRINGTON_2013_DEFAULTS;
    CHECK_OK(farrington_limits(&a, &s, &f, weeks, &err));
    agree(&t, weeks, "farrflex_upper", "farrflex_alarm", 1e-3, 50, &flexible);
    CHECK(!weeks[158].has_limit && weeks[159].has_limit); /* three years and three weeks before */
    measured("alerts", "EARS", t.rows, "relative", ears);
    measured("alerts", "Farrington", t.rows, "relative", old);
    measured("alerts", "Noufaily", t.rows, "relative", flexible);
    arena_done(&a);
    table_done(&t);
}

static void alarms_agree_with_surveillance(void **state)
{
    (void)state;
    rows(NULL);
}

static void alarms_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/05_alerts/weekly_alerts.csv");
}

/* Hutwagner's C3 by its definition: what this week and the two before exceed one sd by. */
static void the_third_ears_rule_is_the_published_one(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "alerts.csv", NULL);
    struct alert_series s = take(&t);
    struct alert_week weeks[MOST];
    struct ears_options o = EARS_C3;
    CHECK_OK(alert_ears(&s, &o, weeks, &err));
    double beyond[MOST] = {0};
    size_t alarms = 0;
    for (size_t i = 9; i < s.n; i++) {
        double mean = 0, square = 0;
        for (size_t k = i - 9; k < i - 2; k++) {
            mean += (double)counts[k] / 7;
        }
        for (size_t k = i - 9; k < i - 2; k++) {
            square += ((double)counts[k] - mean) * ((double)counts[k] - mean) / 6;
        }
        beyond[i] = fmax(0, ((double)counts[i] - mean) / sqrt(square) - 1);
        if (i >= 11) {
            bool is_alarm = beyond[i] + beyond[i - 1] + beyond[i - 2] > 1.959963984540054;
            CHECK_INT(weeks[i].is_alarm, is_alarm);
            alarms += is_alarm;
        }
    }
    CHECK(alarms > 20);
    table_done(&t);
}

static void charts_agree_with_the_closed_form(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "alerts-charts.csv", NULL);
    struct alert_series s = take(&t);
    struct chart_options o = CHART_DEFAULTS;
    struct chart c;
    static struct chart_week weeks[MOST];
    CHECK_OK(alert_charts(&s, &o, &c, weeks, &err));
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        CHECK_REF(c.baseline, table_real(&t, i, "baseline"), 1e-8, &worst);
        CHECK_REF(c.k, table_real(&t, i, "k"), 1e-8, &worst);
        CHECK_REF(c.h, table_real(&t, i, "h"), 1e-8, &worst);
        CHECK_REF(weeks[i].cusum, table_real(&t, i, "cusum"), 1e-8, &worst);
        CHECK_REF(weeks[i].cusum_reset, table_real(&t, i, "cusum_reset"), 1e-8, &worst);
        CHECK_INT(weeks[i].is_cusum_alarm, table_int(&t, i, "cusum_alarm"));
        CHECK_REF(weeks[i].ewma, table_real(&t, i, "ewma"), 1e-8, &worst);
        CHECK_REF(weeks[i].upper, table_real(&t, i, "ewma_ucl3"), 1e-8, &worst);
        CHECK_REF(weeks[i].lower, table_real(&t, i, "ewma_lcl3"), 1e-8, &worst);
        CHECK(weeks[i].is_ewma_alarm == (weeks[i].ewma > weeks[i].upper));
    }
    measured("alerts", "CUSUM and EWMA", t.rows, "relative", worst);
    table_done(&t);
}

/* ---- small counts ---- */

static void the_exact_tail_is_exact(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct tail_options o = TAIL_DEFAULTS;
    struct tail_week weeks[60];
    for (size_t i = 0; i < 60; i++) {
        counts[i] = (int64_t)(i % 3) + 1; /* median 2 */
    }
    counts[59] = 9;
    struct alert_series s = {.n = 60, .counts = counts};
    CHECK_OK(alert_tail(&a, &s, &o, weeks, &err));
    CHECK(!weeks[25].has_p && weeks[26].has_p);
    double below = 0, mass = exp(-2);
    for (int k = 0; k < 9; k++) {
        below += mass;
        mass *= 2.0 / (k + 1);
    }
    CHECK(weeks[59].mean == 2);
    CHECK_NEAR(weeks[59].p, 1 - below, 1e-9);
    CHECK(weeks[59].is_alarm && weeks[59].limit == 8);
    CHECK(weeks[58].p > 0.1 && !weeks[58].is_alarm && weeks[26].limit == 8);
    /* an earlier peak does not lift the median as it lifts a mean */
    counts[50] = 1000;
    CHECK_OK(alert_tail(&a, &s, &o, weeks, &err));
    CHECK(weeks[59].is_alarm);
    arena_done(&a);
}

static void one_event_after_a_quiet_year_is_no_alarm(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct tail_options o = TAIL_DEFAULTS;
    struct tail_week weeks[60];
    memset(counts, 0, sizeof counts);
    struct alert_series s = {.n = 60, .counts = counts};
    for (int64_t count = 0; count < 7; count++) {
        counts[59] = count;
        CHECK_OK(alert_tail(&a, &s, &o, weeks, &err));
        CHECK_NEAR(weeks[59].mean, 0.6931471805599453, 1e-15);
        CHECK_INT(weeks[59].is_alarm, count >= 5);
        CHECK_INT(weeks[59].limit, 4);
        CHECK(count > 0 || weeks[59].p == 1);
    }
    /* the same weeks say nothing by the rules that need a spread */
    struct alert_week ears[60];
    struct ears_options c1 = EARS_C1;
    CHECK_OK(alert_ears(&s, &c1, ears, &err));
    CHECK(!ears[59].has_limit && !ears[59].is_alarm);
    struct farrington_options f = FARRINGTON_2013_DEFAULTS;
    CHECK_OK(farrington_limits(&a, &s, &f, ears, &err));
    CHECK(!ears[59].has_limit && !ears[59].is_alarm);
    arena_done(&a);
}

/* ---- missing weeks ---- */

/* However the missing weeks are spread, and whatever stands in their place: no alarm without a
 * count, and no baseline with a hole in it. */
static void a_missing_week_never_makes_an_alarm(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "alerts.csv", NULL);
    struct alert_series s = take(&t);
    table_done(&t);
    uint64_t valid[MOST / 64];
    struct arena a;
    arena_init(&a, 1 << 22);
    static struct alert_week before[MOST], after[MOST];
    static struct tail_week tails[MOST];
    static struct chart_week charts[MOST];
    static int64_t kept[MOST];
    struct chart c;
    struct ears_options rules[] = {EARS_C1, EARS_C2, EARS_C3};
    struct farrington_options f[] = {FARRINGTON_1996_DEFAULTS, FARRINGTON_2013_DEFAULTS};
    struct tail_options tail = TAIL_DEFAULTS;
    struct chart_options chart = CHART_DEFAULTS;
    chart.baseline = 8.3;
    struct random_stream r;
    random_open(&r, 2, RANDOM_TEST, 0);
    for (size_t i = 0; i < s.n; i++) {
        bool has = random_below(&r, 12) > 0;
        valid[i / 64] = (i % 64 ? valid[i / 64] : 0) | (uint64_t)has << i % 64;
    }
    for (int k = 0; k < 5; k++) {
        s.valid = NULL;
        CHECK_OK(k < 3 ? alert_ears(&s, &rules[k], before, &err)
                       : farrington_limits(&a, &s, &f[k - 3], before, &err));
        s.valid = valid;
        memcpy(kept, counts, sizeof kept);
        for (size_t i = 0; i < s.n; i++) {
            counts[i] = valid[i / 64] >> i % 64 & 1 ? counts[i] : INT64_MAX;
        }
        CHECK_OK(k < 3 ? alert_ears(&s, &rules[k], after, &err)
                       : farrington_limits(&a, &s, &f[k - 3], after, &err));
        CHECK_OK(alert_tail(&a, &s, &tail, tails, &err));
        CHECK_OK(alert_charts(&s, &chart, &c, charts, &err));
        memcpy(counts, kept, sizeof kept);
        for (size_t i = 0; i < s.n; i++) {
            bool has = valid[i / 64] >> i % 64 & 1;
            CHECK(has || (!after[i].is_alarm && !after[i].has_limit));
            CHECK(has || (!tails[i].is_alarm && !tails[i].has_p));
            CHECK(has || (!charts[i].is_cusum_alarm && !charts[i].is_ewma_alarm));
            CHECK(!after[i].has_limit || after[i].limit == before[i].limit);
        }
    }
    arena_done(&a);
}

static void alarms_do_not_depend_on_later_weeks(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "alerts.csv", NULL);
    struct alert_series s = take(&t);
    table_done(&t);
    struct arena a;
    arena_init(&a, 1 << 22);
    static struct alert_week all[MOST], part[MOST];
    struct farrington_options f = FARRINGTON_2013_DEFAULTS;
    CHECK_OK(farrington_limits(&a, &s, &f, all, &err));
    s.n = 220;
    CHECK_OK(farrington_limits(&a, &s, &f, part, &err));
    for (size_t i = 0; i < s.n; i++) {
        CHECK(part[i].has_limit == all[i].has_limit && part[i].limit == all[i].limit);
    }
    arena_done(&a);
}

/* All zeros, then something: the regression has nothing to learn from and says so. */
static void a_series_of_zeros_has_no_regression(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 22);
    memset(counts, 0, sizeof counts);
    counts[299] = 12;
    struct alert_series s = {.n = 300, .counts = counts};
    struct alert_week weeks[300];
    struct farrington_options f[] = {FARRINGTON_1996_DEFAULTS, FARRINGTON_2013_DEFAULTS};
    for (int k = 0; k < 2; k++) {
        CHECK_OK(farrington_limits(&a, &s, &f[k], weeks, &err));
        CHECK(!weeks[299].has_limit && !weeks[299].is_alarm);
    }
    counts[100] = 3; /* one week of events: some parts of the year have none at all */
    counts[299 - 52] = 2;
    for (int k = 0; k < 2; k++) {
        CHECK_OK(farrington_limits(&a, &s, &f[k], weeks, &err));
        CHECK(!weeks[299].has_limit || isfinite(weeks[299].limit));
    }
    arena_done(&a);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    int64_t bad[] = {1, -1}, fine[] = {1, 2};
    struct alert_series s = {.n = 2, .counts = bad}, good = {.n = 2, .counts = fine};
    struct alert_week weeks[2] = {{.limit = -7}};
    struct ears_options e = EARS_C1;
    CHECK_FAILS(alert_ears(&s, &e, weeks, &err), RV_DOMAIN);
    e.baseline = 2;
    CHECK_FAILS(alert_ears(&good, &e, weeks, &err), RV_DOMAIN);
    e = EARS_C1;
    e.alpha = 0;
    CHECK_FAILS(alert_ears(&good, &e, weeks, &err), RV_DOMAIN);
    struct farrington_options f = FARRINGTON_1996_DEFAULTS;
    CHECK_FAILS(farrington_limits(&a, &s, &f, weeks, &err), RV_DOMAIN);
    f.years = 0;
    CHECK_FAILS(farrington_limits(&a, &good, &f, weeks, &err), RV_DOMAIN);
    f = FARRINGTON_2013_DEFAULTS;
    f.periods = 50;
    CHECK_FAILS(farrington_limits(&a, &good, &f, weeks, &err), RV_DOMAIN);
    CHECK(weeks[0].limit == -7);
    struct chart_options o = CHART_DEFAULTS;
    struct chart c = {.k = -7};
    struct chart_week charts[2];
    CHECK_FAILS(alert_charts(&good, &o, &c, charts, &err), RV_DOMAIN); /* 104 weeks are wanted */
    o.baseline_weeks = 0;
    CHECK_FAILS(alert_charts(&good, &o, &c, charts, &err), RV_DOMAIN);
    o.baseline = (double)NAN;
    CHECK_FAILS(alert_charts(&good, &o, &c, charts, &err), RV_DOMAIN);
    o = CHART_DEFAULTS;
    o.baseline = 2;
    o.rise = 1;
    CHECK_FAILS(alert_charts(&good, &o, &c, charts, &err), RV_DOMAIN);
    CHECK(c.k == -7);
    struct tail_options t = TAIL_DEFAULTS;
    struct tail_week tails[2];
    CHECK_FAILS(alert_tail(&a, &s, &t, tails, &err), RV_DOMAIN);
    t.window = 3;
    CHECK_FAILS(alert_tail(&a, &good, &t, tails, &err), RV_DOMAIN);
    struct alert_series empty = {.n = 0};
    t = TAIL_DEFAULTS;
    CHECK_OK(alert_tail(&a, &empty, &t, tails, &err));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alarms_agree_with_surveillance),
        cmocka_unit_test(alarms_agree_with_the_shared_reference),
        cmocka_unit_test(the_third_ears_rule_is_the_published_one),
        cmocka_unit_test(charts_agree_with_the_closed_form),
        cmocka_unit_test(the_exact_tail_is_exact),
        cmocka_unit_test(one_event_after_a_quiet_year_is_no_alarm),
        cmocka_unit_test(a_missing_week_never_makes_an_alarm),
        cmocka_unit_test(alarms_do_not_depend_on_later_weeks),
        cmocka_unit_test(a_series_of_zeros_has_no_regression),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

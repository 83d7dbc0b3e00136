/* tests/stats/test_delay.c — recording delay: shares, ladder, early against late hours, odds ratio.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"
#include "numbers.h"
#include "stats/delay.h"
#include "stats/random.h"

#define MOST 512

static struct rv_err err;

struct input {
    int32_t committed[MOST], recorded[MOST];
    int8_t hour[MOST];
    uint64_t committed_valid[MOST / 64], recorded_valid[MOST / 64], hour_valid[MOST / 64];
    struct delay_records records;
};

static void set(uint64_t *bits, size_t i, bool is)
{
    bits[i / 64] = (bits[i / 64] & ~(UINT64_C(1) << i % 64)) | (uint64_t)is << i % 64;
}

static void set_day(const char *cell, int32_t *day, uint64_t *valid, size_t i)
{
    civil_time t = 0;
    bool has = civil_parse(text_of(cell), &t) == CIVIL_OK;
    set(valid, i, has);
    day[i] = has ? civil_day_of(t) : INT32_MIN;
}

static void bind(struct input *in, size_t n)
{
    in->records = (struct delay_records){.n = n,
                                         .committed = in->committed,
                                         .recorded = in->recorded,
                                         .committed_valid = in->committed_valid,
                                         .recorded_valid = in->recorded_valid,
                                         .hour = in->hour,
                                         .hour_valid = in->hour_valid};
}

static struct input *take(const char *shared)
{
    static struct input in;
    struct table t;
    table_open(&t, "recording-delay-records.csv", shared);
    CHECK(t.rows <= MOST);
    for (size_t i = 0; i < t.rows; i++) {
        set_day(table_cell(&t, i, "committed"), in.committed, in.committed_valid, i);
        set_day(table_cell(&t, i, "recorded"), in.recorded, in.recorded_valid, i);
        set(in.hour_valid, i, table_has(&t, i, "hour"));
        in.hour[i] = (int8_t)table_int(&t, i, "hour");
    }
    bind(&in, t.rows);
    table_done(&t);
    return &in;
}

static struct delay measure(const struct input *in)
{
    struct arena a;
    arena_init(&a, 1 << 24);
    struct delay_options options = DELAY_DEFAULTS;
    struct delay d;
    CHECK_OK(delay_measure(&a, &in->records, &options, &d, &err));
    arena_done(&a);
    return d;
}

static void rows(const char *shared)
{
    struct delay d = measure(take(shared));
    struct table t;
    table_open(&t, "recording-delay.csv", NULL);
    double worst = 0, p = 0;
    CHECK_INT(d.n, numbers_named(&t, "n"));
    CHECK_INT(d.valid, numbers_named(&t, "valid"));
    CHECK_INT(d.missing + d.negative, numbers_named(&t, "invalid"));
    CHECK(d.missing == 1 && d.negative == 1);
    CHECK_INT(d.within, numbers_named(&t, "within7"));
    CHECK_REF(d.retained, numbers_named(&t, "retained_share"), 1e-12, &worst);
    CHECK_REF(d.retained_ci.lower, numbers_named(&t, "ci_lower"), 1e-8, &worst);
    CHECK_REF(d.retained_ci.upper, numbers_named(&t, "ci_upper"), 1e-8, &worst);
    for (size_t q = 0; q < DELAY_QUANTILES; q++) {
        double level = delay_quantile_levels[q];
        CHECK_REF(d.quantiles[q], numbers_nth(&t, "q", (int)lround(100 * level)), 1e-8, &worst);
    }
    for (size_t step = 0; step < DELAY_STEPS; step++) {
        CHECK_INT(d.within_step[step], numbers_nth(&t, "within_", delay_step_days[step]));
    }
    for (int hour = 0; hour < 24; hour++) {
        CHECK_INT(d.early_hours[hour], numbers_nth(&t, "early_", hour));
        CHECK_INT(d.late_hours[hour], numbers_nth(&t, "late_", hour));
    }
    CHECK(d.has_noon_test && d.has_hours_test);
    CHECK_REF(d.noon_p, numbers_named(&t, "noon_fisher_p"), 1e-8, &p);
    CHECK_REF(d.chi_square, numbers_named(&t, "pearson_chisq_hours"), 1e-8, &worst);
    CHECK_INT(d.chi_df, numbers_named(&t, "df"));
    /* R stops its own search for this one at 1e-4; see docs/decisions. */
    double noon = numbers_named(&t, "noon_or");
    CHECK(!d.noon_odds.is_infinite && fabs(d.noon_odds.value - noon) < 1.3e-4);
    CHECK_INT(d.verdict, DELAY_CAUTION);
    measured("recording-delay", "shares, limits, chi-square", t.rows, "relative", worst);
    measured("recording-delay", "p of the noon excess", 1, "relative", p);
    print_message("odds ratio %.15g, R's %.15g\n", d.noon_odds.value, noon);
    table_done(&t);
}

static void delays_agree_with_R(void **state)
{
    (void)state;
    rows(NULL);
}

static void delays_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/05_recording_delay/delay_input.csv");
}

static void the_ladder_tells_the_peak_hour_at_each_rung(void **state)
{
    (void)state;
    struct delay d = measure(take(NULL));
    const int32_t days[] = {-1, 28, 7, 1};
    for (size_t rung = 0; rung < DELAY_RUNGS; rung++) {
        CHECK_INT(d.rungs[rung].days, days[rung]);
        CHECK(d.rungs[rung].has_peak);
        CHECK(rung == 0 || d.rungs[rung].n <= d.rungs[rung - 1].n);
    }
    CHECK(d.rungs[0].n == 398 && d.rungs[0].share == 1);
    CHECK_INT(d.rungs[0].peak, 12); /* late records say 12:00 … */
    CHECK_INT(d.rungs[2].peak, 15); /* … which goes when only those within 7 days are kept */
    CHECK(d.rungs[2].n == 278 && d.rungs[2].peak_count == 27 && d.rungs[2].tied == 1);
    CHECK_INT(d.rungs[3].n, d.within_step[1]);
}

/* ---- properties and edges ---- */

static struct input *made(size_t n, uint32_t chunk)
{
    static struct input in;
    struct random_stream r;
    random_open(&r, 5, RANDOM_TEST, chunk);
    for (size_t i = 0; i < n; i++) {
        in.committed[i] = 18000 + (int32_t)random_below(&r, 700);
        in.recorded[i] = in.committed[i] - 2 + (int32_t)random_below(&r, 30);
        in.hour[i] = (int8_t)random_below(&r, 24);
        set(in.committed_valid, i, random_below(&r, 20) > 0);
        set(in.recorded_valid, i, random_below(&r, 20) > 0);
        set(in.hour_valid, i, random_below(&r, 10) > 0);
    }
    bind(&in, n);
    return &in;
}

static void row_order_and_whole_days_do_not_matter(void **state)
{
    (void)state;
    struct input *in = made(500, 1);
    struct delay a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    a = measure(in);
    static struct input back;
    for (size_t i = 0; i < 500; i++) {
        size_t k = 499 - i;
        back.committed[i] = in->committed[k] + 3653;
        back.recorded[i] = in->recorded[k] + 3653;
        back.hour[i] = in->hour[k];
        set(back.committed_valid, i, in->committed_valid[k / 64] >> k % 64 & 1);
        set(back.recorded_valid, i, in->recorded_valid[k / 64] >> k % 64 & 1);
        set(back.hour_valid, i, in->hour_valid[k / 64] >> k % 64 & 1);
    }
    bind(&back, 500);
    b = measure(&back);
    CHECK(memcmp(a.within_step, b.within_step, sizeof a.within_step) == 0);
    CHECK(memcmp(a.early_hours, b.early_hours, sizeof a.early_hours) == 0);
    CHECK(memcmp(a.late_hours, b.late_hours, sizeof a.late_hours) == 0);
    CHECK(memcmp(a.quantiles, b.quantiles, sizeof a.quantiles) == 0);
    CHECK(a.chi_p == b.chi_p && a.noon_p == b.noon_p && a.missing == b.missing);
}

static void parts_add_up(void **state)
{
    (void)state;
    for (uint32_t chunk = 2; chunk < 20; chunk++) {
        struct delay d = measure(made(400, chunk));
        CHECK_INT(d.valid + d.missing + d.negative, d.n);
        int64_t early = 0, late = 0;
        for (int hour = 0; hour < 24; hour++) {
            early += d.early_hours[hour];
            late += d.late_hours[hour];
        }
        CHECK_INT(early + late + d.without_hour, d.valid);
        CHECK_INT(d.rungs[0].with_hour, early + late);
        CHECK(d.rungs[1].with_hour >= d.rungs[2].with_hour);
        CHECK_INT(d.rungs[2].with_hour, early);
        CHECK(d.retained_ci.lower <= d.retained && d.retained <= d.retained_ci.upper);
        for (size_t q = 1; q < DELAY_QUANTILES; q++) {
            CHECK(d.quantiles[q - 1] <= d.quantiles[q]);
        }
        CHECK(!d.has_noon_test || (d.noon_p > 0 && d.noon_p <= 1));
        CHECK(!d.has_hours_test || (d.chi_p >= 0 && d.chi_p <= 1));
    }
}

static void verdicts_change_at_their_thresholds(void **state)
{
    (void)state;
    const struct {
        int late;
        enum delay_verdict verdict;
    } cases[] = {
        {3, DELAY_USABLE}, {4, DELAY_CAUTION}, {5, DELAY_CAUTION}, {6, DELAY_NOT_RELIABLE}};
    for (size_t k = 0; k < 4; k++) {
        static struct input in;
        for (size_t i = 0; i < 10; i++) {
            in.committed[i] = 19000;
            in.recorded[i] = 19000 + ((int)i < cases[k].late ? 8 : 7); /* 7 days are retained */
        }
        bind(&in, 10);
        in.records.committed_valid = in.records.recorded_valid = NULL;
        in.records.hour = NULL;
        struct delay d = measure(&in);
        CHECK_INT(d.verdict, cases[k].verdict);
        CHECK(d.without_hour == 10 && !d.rungs[0].has_peak);
        CHECK(!d.has_hours_test && !d.has_noon_test);
    }
    CHECK_STRING(delay_verdict_name(DELAY_NOT_RELIABLE), "not-reliable");
}

static void one_record_has_no_tests(void **state)
{
    (void)state;
    struct input *in = made(1, 1);
    set(in->committed_valid, 0, true);
    set(in->recorded_valid, 0, true);
    set(in->hour_valid, 0, true);
    in->recorded[0] = in->committed[0] + 3;
    struct delay d = measure(in);
    CHECK(d.valid == 1 && d.retained == 1 && d.quantiles[0] == 3 && d.quantiles[4] == 3);
    CHECK(!d.has_hours_test && !d.has_noon_test && d.rungs[3].n == 0 && !d.rungs[3].has_peak);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 24);
    struct delay_options options = DELAY_DEFAULTS;
    struct delay d = {.n = -7};
    struct input *in = made(3, 1);
    memset(in->recorded_valid, 0, sizeof in->recorded_valid);
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "no record has both dates in order, so there is no recording delay");
    in->records.n = 0;
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    in = made(3, 1);
    in->records.committed_valid = in->records.recorded_valid = in->records.hour_valid = NULL;
    in->recorded[1] = in->committed[1] = 4;
    in->hour[1] = 24;
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    in->hour[1] = 23;
    in->recorded[1] = INT32_MAX;
    in->committed[1] = INT32_MIN;
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    in->recorded[1] = in->committed[1] = 4;
    options.within_days = -1;
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    options = DELAY_DEFAULTS;
    options.usable = (double)NAN;
    CHECK_FAILS(delay_measure(&a, &in->records, &options, &d, &err), RV_DOMAIN);
    CHECK(d.n == -7);
    arena_done(&a);
}

/* ---- the odds ratio ---- */

/* The mean of the first cell at this odds ratio, summed over the whole support in logarithms. */
static double mean_cell(int64_t a, int64_t b, int64_t c, int64_t d, double psi)
{
    int64_t row = a + b, column = a + c, all = row + c + d;
    double mass = 0, mean = 0;
    for (int64_t k = 0; k <= row && k <= column; k++) {
        if (all - row - column + k >= 0) {
            double weight =
                exp(-lgamma((double)k + 1) - lgamma((double)(row - k) + 1) -
                    lgamma((double)(column - k) + 1) -
                    lgamma((double)(all - row - column + k) + 1) + (double)k * log(psi) +
                    lgamma((double)row / 2 + 1) * 2 + lgamma((double)(all - row) / 2 + 1) * 2);
            mass += weight;
            mean += weight * (double)k;
        }
    }
    return mean / mass;
}

static void odds_ratios_solve_their_equation(void **state)
{
    (void)state;
    const int64_t tables[][4] = {{14, 264, 55, 65}, {1, 1, 1, 1},   {3, 1, 1, 3},
                                 {1, 90, 80, 2},    {40, 3, 5, 60}, {2, 100, 1, 400}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const int64_t *t = tables[i];
        struct odds_ratio o, back;
        CHECK_OK(odds_ratio(t[0], t[1], t[2], t[3], &o, &err));
        CHECK_NEAR(mean_cell(t[0], t[1], t[2], t[3], o.value), (double)t[0], 1e-10);
        CHECK_OK(odds_ratio(t[1], t[0], t[3], t[2], &back, &err));
        CHECK_NEAR(back.value, 1 / o.value, 1e-10);
    }
    struct odds_ratio o;
    CHECK_OK(odds_ratio(200000, 300000, 260000, 240000, &o, &err)); /* nears the sample's own */
    CHECK_NEAR(o.value, 0.6153846153846154, 1e-5);
}

static void odds_ratios_at_the_edge_are_0_or_infinite(void **state)
{
    (void)state;
    struct odds_ratio o;
    CHECK_OK(odds_ratio(0, 5, 3, 9, &o, &err));
    CHECK(o.value == 0 && !o.is_infinite);
    CHECK_OK(odds_ratio(5, 0, 3, 9, &o, &err));
    CHECK(o.is_infinite);
    o.value = -7;
    CHECK_FAILS(odds_ratio(0, 0, 3, 9, &o, &err), RV_DOMAIN);
    CHECK_FAILS(odds_ratio(0, 4, 0, 9, &o, &err), RV_DOMAIN);
    CHECK_FAILS(odds_ratio(-1, 4, 1, 9, &o, &err), RV_DOMAIN);
    CHECK_FAILS(odds_ratio(1000000000, 4, 1, 9, &o, &err), RV_DOMAIN);
    CHECK(o.value == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delays_agree_with_R),
        cmocka_unit_test(delays_agree_with_the_shared_reference),
        cmocka_unit_test(the_ladder_tells_the_peak_hour_at_each_rung),
        cmocka_unit_test(row_order_and_whole_days_do_not_matter),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(verdicts_change_at_their_thresholds),
        cmocka_unit_test(one_record_has_no_tests),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(odds_ratios_solve_their_equation),
        cmocka_unit_test(odds_ratios_at_the_edge_are_0_or_infinite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/stats/test_season.c — weekdays, months, the yearly wave, and its wording.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "check.h"
#include "numbers.h"
#include "stats/glm.h"
#include "stats/random.h"
#include "stats/season.h"

#define DAYS 2048

static struct rv_err err;
static int64_t counts[DAYS];

static int32_t day_of(const char *cell)
{
    civil_time t = 0;
    CHECK(civil_parse(text_of(cell), &t) == CIVIL_OK);
    return civil_day_of(t);
}

/* The 730 days of the reference, by month and weekday. */
static void take(struct arena *a, struct season_table *out)
{
    struct table t;
    table_open(&t, "seasonality-daily.csv", NULL);
    int32_t first = day_of(table_cell(&t, 0, "date"));
    for (size_t i = 0; i < t.rows; i++) {
        CHECK_INT(day_of(table_cell(&t, i, "date")), first + (int32_t)i);
        counts[i] = table_int(&t, i, "count");
    }
    CHECK_OK(season_tabulate(a, first, counts, NULL, t.rows, out, &err));
    table_done(&t);
}

static void months_and_weekdays_agree_with_R(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_table s;
    take(&a, &s);
    CHECK(s.total == 1067 && s.days == 730 && s.missing_days == 0);
    struct table t;
    table_open(&t, "seasonality-months.csv", NULL);
    CHECK_INT(s.month_count, t.rows);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        char month[8];
        month_write(s.months[i].month, month);
        CHECK_STRING(month, table_cell(&t, i, "month"));
        CHECK_INT(s.months[i].count, table_int(&t, i, "count"));
        CHECK_INT(s.months[i].days, table_int(&t, i, "days"));
        struct season_rate r = season_rate(&s.months[i], &s);
        CHECK_REF(r.per_day, table_real(&t, i, "per_day"), 1e-6, &worst);
        CHECK_REF(r.adjusted, table_real(&t, i, "adj_30_4375"), 1e-6, &worst);
        CHECK_REF(r.index, table_real(&t, i, "index"), 1e-6, &worst);
    }
    table_done(&t);
    table_open(&t, "seasonality.csv", NULL);
    double exposure[12] = {0};
    for (int d = 0; d < 7; d++) {
        CHECK_INT(s.weekday_counts[d], numbers_nth(&t, "weekday_count_", d));
        CHECK_INT(s.weekday_days[d], numbers_nth(&t, "weekday_days_", d));
        exposure[d] = (double)s.weekday_days[d];
    }
    struct season_test test;
    CHECK_OK(season_compare(s.weekday_counts, exposure, 7, &test, &err));
    CHECK_REF(test.chi_square, numbers_named(&t, "weekday_chisq"), 1e-6, &worst);
    CHECK_REF(test.p, numbers_named(&t, "weekday_p"), 1e-6, &worst);
    int64_t by_month[12] = {0};
    memset(exposure, 0, sizeof exposure);
    for (size_t i = 0; i < s.month_count; i++) {
        by_month[s.months[i].month % 12] += s.months[i].count;
        exposure[s.months[i].month % 12] += s.months[i].days;
    }
    CHECK_OK(season_compare(by_month, exposure, 12, &test, &err));
    CHECK_REF(test.chi_square, numbers_named(&t, "month_chisq"), 1e-6, &worst);
    CHECK_REF(test.p, numbers_named(&t, "month_p"), 1e-6, &worst);
    CHECK_INT(test.df, numbers_named(&t, "month_df"));
    struct season_contrast c;
    season_summer_winter(s.months, s.month_count, 0.95, &c);
    CHECK_INT(c.summer, numbers_named(&t, "jun_aug"));
    CHECK_INT(c.winter, numbers_named(&t, "dec_feb"));
    CHECK_INT(c.summer_days, numbers_named(&t, "days_jun_aug"));
    CHECK_INT(c.winter_days, numbers_named(&t, "days_dec_feb"));
    CHECK(c.has_comparison && c.comparison.ratio > 1 && c.comparison.p < 0.001);
    measured("seasonality", "months and weekdays", t.rows, "relative", worst);
    table_done(&t);
    arena_done(&a);
}

static void the_wave_agrees_with_R(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_table s;
    take(&a, &s);
    struct season_wave w;
    CHECK_OK(season_fit(&a, s.months, s.month_count, 1, 0.05, &w, &err));
    struct table t;
    table_open(&t, "seasonality.csv", NULL);
    double worst = 0;
    for (int j = 0; j < 3; j++) {
        CHECK_REF(w.coef[j], numbers_nth(&t, "coef_", j), 1e-6, &worst);
        CHECK_REF(w.se[j], numbers_nth(&t, "se_", j), 1e-6, &worst);
    }
    CHECK_REF(w.deviance, numbers_named(&t, "deviance"), 1e-6, &worst);
    CHECK_REF(w.null_deviance, numbers_named(&t, "null_deviance"), 1e-6, &worst);
    CHECK_REF(w.lrt, numbers_named(&t, "lrt"), 1e-6, &worst);
    CHECK_REF(w.lrt_p, numbers_named(&t, "lrt_p"), 1e-6, &worst);
    CHECK_REF(w.amplitude, numbers_named(&t, "amplitude_log"), 1e-6, &worst);
    CHECK_REF(w.peak_to_trough, numbers_named(&t, "peak_to_trough_ratio"), 1e-6, &worst);
    CHECK_REF(w.peak_month, numbers_named(&t, "peak_month"), 1e-6, &worst);
    CHECK_REF(w.dispersion, numbers_named(&t, "pearson_dispersion"), 1e-6, &worst);
    CHECK(w.p == w.lrt_p); /* a dispersion below 1 does not make p smaller */
    CHECK_INT(w.wording, SEASON_TOO_SHORT);
    CHECK_OK(season_fit(&a, s.months, s.month_count, 2, 0.05, &w, &err));
    for (int j = 0; j < 5; j++) {
        CHECK_REF(w.coef[j], numbers_nth(&t, "second_coef_", j), 1e-6, &worst);
    }
    CHECK_REF(w.deviance, numbers_named(&t, "second_deviance"), 1e-6, &worst);
    measured("seasonality", "wave", t.rows, "relative", worst);
    table_done(&t);
    arena_done(&a);
}

/* Months of Poisson-like counts around a wave that is known. */
static size_t wave(struct season_month *months, int years, double amplitude, double peak)
{
    size_t n = 0;
    for (int y = 0; y < years; y++) {
        for (int m = 1; m <= 12; m++) {
            int days = civil_month_days(2018 + y, m);
            double rate = 8 * exp(amplitude * cos(2 * M_PI * (m - peak) / 12));
            months[n++] =
                (struct season_month){civil_month_index(2018 + y, m), llround(rate * days), days};
        }
    }
    return n;
}

static void a_known_wave_is_found_again(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_month months[60];
    struct season_wave w;
    for (double peak = 0.5; peak < 12; peak++) {
        size_t n = wave(months, 5, 0.3, peak);
        CHECK_OK(season_fit(&a, months, n, 1, 0.05, &w, &err));
        CHECK(fabs(w.peak_month - peak) < 0.02);
        CHECK_NEAR(w.peak_to_trough, exp(0.6), 0.01);
        CHECK(w.wording == SEASON_SEASONAL && w.least_years == 5);
        double one = w.peak_to_trough;
        CHECK_OK(season_fit(&a, months, n, 2, 0.05, &w, &err));
        CHECK_NEAR(w.peak_to_trough, one, 0.01);
    }
    arena_done(&a);
}

static void the_word_needs_three_years_and_a_wave(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_month months[60];
    struct season_wave w;
    CHECK_OK(season_fit(&a, months, wave(months, 2, 0.3, 7), 1, 0.05, &w, &err));
    CHECK_INT(w.wording, SEASON_TOO_SHORT);
    CHECK_OK(season_fit(&a, months, wave(months, 3, 0.3, 7) - 1, 1, 0.05, &w, &err));
    CHECK(w.wording == SEASON_TOO_SHORT && w.least_years == 2); /* a third December is wanting */
    CHECK_OK(season_fit(&a, months, wave(months, 3, 0.3, 7), 1, 0.05, &w, &err));
    CHECK_INT(w.wording, SEASON_SEASONAL);
    CHECK_OK(season_fit(&a, months, wave(months, 5, 0, 7), 1, 0.05, &w, &err));
    CHECK(w.wording == SEASON_NOT_SHOWN && w.p > 0.9);
    CHECK_STRING(season_wording_name(SEASON_NOT_SHOWN), "not-distinguishable");
    arena_done(&a);
}

/* Months that vary far more than chance makes them: the plain test would be sure. */
static void dispersion_weakens_the_test(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_month months[36];
    size_t n = wave(months, 3, 0.08, 7);
    for (size_t i = 0; i < n; i++) {
        months[i].count += i % 2 ? 110 : -110;
    }
    struct season_wave w;
    CHECK_OK(season_fit(&a, months, n, 1, 0.05, &w, &err));
    CHECK(w.dispersion > 20 && w.lrt_p < 1e-5 && w.p > 0.05);
    CHECK_INT(w.wording, SEASON_NOT_SHOWN);
    arena_done(&a);
}

static void missing_days_are_no_exposure(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    int64_t few[62];
    uint64_t valid = ~UINT64_C(0) >> 1;
    for (int i = 0; i < 62; i++) {
        few[i] = 2;
    }
    few[0] = INT64_MIN; /* 1 July: not known */
    valid &= ~UINT64_C(1);
    struct season_table s;
    CHECK_OK(season_tabulate(&a, civil_days(2022, 7, 1), few, &valid, 62, &s, &err));
    CHECK(s.days == 61 && s.missing_days == 1 && s.total == 122 && s.month_count == 2);
    CHECK(s.months[0].days == 30 && s.months[0].count == 60);
    CHECK_INT(s.weekday_days[4], 8); /* one of nine Fridays is missing */
    for (int d = 0; d < 7; d++) {
        CHECK_INT(s.weekday_counts[d], 2 * s.weekday_days[d]);
    }
    arena_done(&a);
}

static void the_night_belongs_to_the_evening(void **state)
{
    (void)state;
    int64_t saturday = INT64_C(86400) * civil_days(2022, 7, 2);
    CHECK_INT(season_day(saturday + 2 * 3600, 0), civil_days(2022, 7, 2));
    CHECK_INT(season_day(saturday + 2 * 3600, 5), civil_days(2022, 7, 1));
    CHECK_INT(season_day(saturday + 5 * 3600 - 1, 5), civil_days(2022, 7, 1));
    CHECK_INT(season_day(saturday + 5 * 3600, 5), civil_days(2022, 7, 2));
    CHECK_INT(season_day(-1, 0), -1);
    CHECK_INT(season_day(-86400, 0), -1);
    CHECK_INT(season_day(0, 1), -1);
}

static void equal_rates_have_p_1_and_scale_does_not_matter(void **state)
{
    (void)state;
    const int64_t equal[] = {104, 104, 105, 0};
    const double exposure[] = {52, 52, 52.5, 0};
    struct season_test t, u;
    CHECK_OK(season_compare(equal, exposure, 4, &t, &err));
    CHECK(t.chi_square < 1e-20 && t.p == 1 && t.df == 2);
    const int64_t other[] = {90, 130, 93};
    const double weeks[] = {52, 52, 52.5}, days[] = {364, 364, 367.5};
    CHECK_OK(season_compare(other, weeks, 3, &t, &err));
    CHECK_OK(season_compare(other, days, 3, &u, &err));
    CHECK_NEAR(u.p, t.p, 1e-12);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct season_test t = {.df = -7};
    CHECK_FAILS(season_compare((int64_t[]){1}, (double[]){1}, 1, &t, &err), RV_DOMAIN);
    CHECK_FAILS(season_compare((int64_t[]){0, 0}, (double[]){1, 1}, 2, &t, &err), RV_DOMAIN);
    CHECK_FAILS(season_compare((int64_t[]){1, 2}, (double[]){1, 0}, 2, &t, &err), RV_DOMAIN);
    CHECK_FAILS(season_compare((int64_t[]){1, 2}, (double[]){1, (double)NAN}, 2, &t, &err),
                RV_DOMAIN);
    CHECK_FAILS(season_compare((int64_t[]){1, -2}, (double[]){1, 1}, 2, &t, &err), RV_DOMAIN);
    CHECK_FAILS(season_compare((int64_t[]){1, 2}, (double[]){1e-320, 1e300}, 2, &t, &err),
                RV_DOMAIN);
    CHECK_INT(t.df, -7);
    struct season_table s = {.days = -7};
    uint64_t none = 0;
    int64_t one = 1, negative = -1;
    CHECK_FAILS(season_tabulate(&a, 0, &one, &none, 1, &s, &err), RV_DOMAIN);
    CHECK_FAILS(season_tabulate(&a, 0, NULL, NULL, 0, &s, &err), RV_DOMAIN);
    CHECK_FAILS(season_tabulate(&a, 0, &negative, NULL, 1, &s, &err), RV_DOMAIN);
    CHECK_FAILS(season_tabulate(&a, INT32_MAX, &one, NULL, 1, &s, &err), RV_DOMAIN);
    CHECK_INT(s.days, -7);
    struct season_month months[24];
    struct season_wave w = {.waves = -7};
    size_t n = wave(months, 2, 0.2, 3);
    CHECK_FAILS(season_fit(&a, months, 2, 1, 0.05, &w, &err), RV_DOMAIN);
    CHECK_FAILS(season_fit(&a, months, 0, 1, 0.05, &w, &err), RV_DOMAIN);
    CHECK_FAILS(season_fit(&a, months, n, 4, 0.05, &w, &err), RV_DOMAIN);
    CHECK_FAILS(season_fit(&a, months, n, 1, (double)NAN, &w, &err), RV_DOMAIN);
    for (size_t i = 0; i < n; i++) {
        months[i].count = 0;
    }
    CHECK_FAILS(season_fit(&a, months, n, 1, 0.05, &w, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "all counts are 0: nothing can be fitted");
    for (size_t i = 0; i < n; i++) { /* the same month 24 times: no wave can be seen */
        months[i] = (struct season_month){civil_month_index(2000 + (int)i, 5), 9 + (int)i, 31};
    }
    CHECK_FAILS(season_fit(&a, months, n, 1, 0.05, &w, &err), RV_DOMAIN);
    months[3].days = 0;
    CHECK_FAILS(season_fit(&a, months, n, 1, 0.05, &w, &err), RV_DOMAIN);
    CHECK_INT(w.waves, -7);
    struct season_contrast c;
    season_summer_winter(NULL, 0, 0.95, &c);
    CHECK(!c.has_comparison && c.summer_days == 0);
    arena_done(&a);
}

/* ---- the regression itself ---- */

static void leverages_add_up_to_the_number_of_terms(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 4, RANDOM_TEST, 0);
    struct arena a;
    arena_init(&a, 1 << 20);
    double design[40 * 3], y[40], weights[40];
    for (size_t i = 0; i < 40; i++) {
        design[3 * i] = 1;
        design[3 * i + 1] = random_unit(&r);
        design[3 * i + 2] = random_unit(&r);
        y[i] = (double)random_below(&r, 20);
        weights[i] = 0.5 + random_unit(&r);
    }
    struct glm_data data = {40, 3, design, y, NULL, weights};
    struct glm fit;
    CHECK_OK(glm_poisson(&a, &data, &fit, &err));
    double sum = 0, score[3] = {0};
    for (size_t i = 0; i < 40; i++) {
        sum += fit.leverage[i];
        for (size_t j = 0; j < 3; j++) {
            score[j] += weights[i] * (y[i] - fit.fitted[i]) * design[3 * i + j];
        }
    }
    CHECK_NEAR(sum, 3, 1e-10);
    for (size_t j = 0; j < 3; j++) { /* the likelihood equations */
        CHECK(fabs(score[j]) < 1e-6);
    }
    data.weights = NULL;
    y[3] = (double)NAN;
    CHECK_FAILS(glm_poisson(&a, &data, &fit, &err), RV_DOMAIN);
    y[3] = 2;
    design[5] = (double)INFINITY;
    CHECK_FAILS(glm_poisson(&a, &data, &fit, &err), RV_DOMAIN);
    design[5] = 1;
    weights[7] = 0;
    data.weights = weights;
    CHECK_FAILS(glm_poisson(&a, &data, &fit, &err), RV_DOMAIN);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_and_weekdays_agree_with_R),
        cmocka_unit_test(the_wave_agrees_with_R),
        cmocka_unit_test(a_known_wave_is_found_again),
        cmocka_unit_test(the_word_needs_three_years_and_a_wave),
        cmocka_unit_test(dispersion_weakens_the_test),
        cmocka_unit_test(missing_days_are_no_exposure),
        cmocka_unit_test(the_night_belongs_to_the_evening),
        cmocka_unit_test(equal_rates_have_p_1_and_scale_does_not_matter),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(leverages_add_up_to_the_number_of_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

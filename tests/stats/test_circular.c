/* tests/stats/test_circular.c — hours on the clock: reference, rotation, density, peaks.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/circular.h"
#include "stats/random.h"

#include <gsl/gsl_sf_bessel.h>

#define MOST 512

static struct rv_err err;

static void statistics_agree_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "circular.csv", NULL);
    double worst = 0, kappa = 0;
    for (size_t i = 0; i < t.rows; i++) {
        double hours[MOST];
        size_t n = numbers_read(table_cell(&t, i, "hours"), hours, MOST);
        CHECK_INT(n, table_int(&t, i, "n"));
        struct circular c;
        CHECK_OK(circular_hours(hours, NULL, n, &c, &err));
        CHECK(c.has_test && c.n == (double)n && c.corrected == c.rbar);
        CHECK_REF(c.p, table_real(&t, i, "rayleigh_p_zar"), 1e-7, &worst);
        CHECK_REF(c.p_series, table_real(&t, i, "rayleigh_p"), 1e-7, &worst);
        CHECK_INT(c.has_mean, table_has(&t, i, "mean_hour"));
        if (!c.has_mean) { /* every third hour: what R gives for it is rounding */
            CHECK(c.rbar < 1e-15 && !c.has_kappa && table_real(&t, i, "Rbar") < 1e-15);
            continue;
        }
        CHECK_REF(c.mean_hour, table_real(&t, i, "mean_hour"), 1e-7, &worst);
        CHECK_REF(c.rbar, table_real(&t, i, "Rbar"), 1e-7, &worst);
        CHECK_REF(c.variance, table_real(&t, i, "circ_var"), 1e-7, &worst);
        CHECK_REF(c.sd_rad, table_real(&t, i, "circ_sd_rad"), 1e-7, &worst);
        CHECK_REF(c.rayleigh_z, table_real(&t, i, "rayleigh_Z"), 1e-7, &worst);
        CHECK_REF(c.kappa, table_real(&t, i, "kappa_mle"), 1e-4, &kappa);
        double ratio =
            gsl_sf_bessel_I1_scaled(c.kappa_exact) / gsl_sf_bessel_I0_scaled(c.kappa_exact);
        CHECK_NEAR(ratio, c.rbar, 1e-12);
        CHECK_NEAR(c.kappa_exact, c.kappa, 0.01); /* the closed form is within 1% */
    }
    measured("circular", "mean and spread", t.rows, "relative", worst);
    measured("circular", "kappa", t.rows, "relative", kappa);
    table_done(&t);
}

static void grouped_statistics_agree_with_the_reference(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "circular-grouped.csv", NULL);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        double weights[24];
        CHECK_INT(numbers_read(table_cell(&t, i, "weights"), weights, 24), 24);
        struct circular c;
        CHECK_OK(circular_grouped(weights, 24, &c, &err));
        CHECK_REF(c.mean_hour, table_real(&t, i, "mean_hour"), 1e-7, &worst);
        CHECK_REF(c.rbar, table_real(&t, i, "Rbar"), 1e-7, &worst);
        CHECK_REF(c.corrected, table_real(&t, i, "Rbar_corrected"), 1e-7, &worst);
        CHECK_INT(c.has_test, i != 1); /* weights that are no counts have no p */
    }
    measured("circular", "grouped", t.rows, "relative", worst);
    table_done(&t);
}

static void densities_agree_with_R(void **state)
{
    (void)state;
    struct table hours_of, t;
    table_open(&hours_of, "circular.csv", NULL);
    table_open(&t, "circular-density.csv", NULL);
    struct arena a;
    arena_init(&a, 1 << 20);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        double hours[MOST], at = table_real(&t, i, "hour"), got;
        size_t row = (size_t)table_int(&t, i, "id") - 1;
        size_t n = numbers_read(table_cell(&hours_of, row, "hours"), hours, MOST);
        struct circular_points points = {.n = n, .hours = hours};
        CHECK_OK(circular_density(&a, &points, table_real(&t, i, "kappa"), &at, 1, &got, &err));
        CHECK_REF(got, table_real(&t, i, "density"), 1e-7, &worst);
    }
    measured("circular", "densities", t.rows, "relative", worst);
    arena_done(&a);
    table_done(&t);
    table_done(&hours_of);
}

/* ---- properties ---- */

static void made(double *hours, size_t n, uint32_t chunk)
{
    struct random_stream r;
    random_open(&r, 9, RANDOM_TEST, chunk);
    for (size_t i = 0; i < n; i++) {
        double x = random_unit(&r), y = random_unit(&r);
        hours[i] = fmod(x < 0.6 ? 14 + 4 * y : 20 + 9 * y, 24);
    }
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    double hours[MOST], back[MOST], grid[24], one[24], two[24];
    made(hours, MOST, 0);
    for (size_t i = 0; i < MOST; i++) {
        back[i] = hours[MOST - 1 - i];
    }
    struct circular a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    CHECK_OK(circular_hours(hours, NULL, MOST, &a, &err));
    CHECK_OK(circular_hours(back, NULL, MOST, &b, &err));
    CHECK(a.rbar == b.rbar && a.mean_hour == b.mean_hour && a.p == b.p && a.kappa == b.kappa);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int k = 0; k < 24; k++) {
        grid[k] = k;
    }
    struct circular_points points = {.n = MOST, .hours = hours};
    CHECK_OK(circular_density(&arena, &points, 10, grid, 24, one, &err));
    points.hours = back;
    CHECK_OK(circular_density(&arena, &points, 10, grid, 24, two, &err));
    CHECK(memcmp(one, two, sizeof one) == 0);
    arena_done(&arena);
}

static void turning_the_clock_turns_the_mean_and_nothing_else(void **state)
{
    (void)state;
    double hours[MOST], turned[MOST];
    made(hours, MOST, 1);
    struct circular c, d;
    CHECK_OK(circular_hours(hours, NULL, MOST, &c, &err));
    for (int by = 1; by < 24; by++) {
        for (size_t i = 0; i < MOST; i++) {
            turned[i] = fmod(hours[i] + by, 24);
        }
        CHECK_OK(circular_hours(turned, NULL, MOST, &d, &err));
        double away = fabs(d.mean_hour - fmod(c.mean_hour + by, 24));
        CHECK(fmin(away, 24 - away) < 1e-9);
        CHECK_NEAR(d.rbar, c.rbar, 1e-12);
        CHECK_NEAR(d.p, c.p, 1e-9);
    }
}

static void minutes_in_bins_meet_the_hours_themselves(void **state)
{
    (void)state;
    static double hours[MOST], bins[1440];
    made(hours, MOST, 2);
    for (size_t i = 0; i < MOST; i++) {
        size_t minute = (size_t)(hours[i] * 60);
        bins[minute]++;
        hours[i] = ((double)minute + 0.5) / 60;
    }
    struct circular c, d;
    CHECK_OK(circular_hours(hours, NULL, MOST, &c, &err));
    CHECK_OK(circular_grouped(bins, 1440, &d, &err));
    CHECK_NEAR(d.rbar, c.rbar, 1e-12);
    CHECK_NEAR(d.mean_hour, c.mean_hour, 1e-12);
    CHECK(d.corrected > d.rbar && d.corrected < d.rbar * 1.000001);
}

static void weights_stand_for_repeated_hours(void **state)
{
    (void)state;
    const double hours[] = {14.25, 3, 22.5}, weights[] = {3, 0, 2};
    const double all[] = {14.25, 14.25, 14.25, 22.5, 22.5};
    struct circular c, d;
    struct circular_points points = {.n = 3, .hours = hours, .weights = weights};
    CHECK_OK(circular_weighted(&points, &c, &err));
    CHECK_OK(circular_hours(all, NULL, 5, &d, &err));
    CHECK(c.n == 5 && c.has_test);
    CHECK_NEAR(c.mean_hour, d.mean_hour, 1e-14);
    CHECK_NEAR(c.rbar, d.rbar, 1e-14);
    CHECK_NEAR(c.p, d.p, 1e-13);
    const double none[] = {0, 0, 0};
    points.weights = none;
    CHECK_FAILS(circular_weighted(&points, &c, &err), RV_DOMAIN);
    points = (struct circular_points){.n = 5, .hours = all};
    CHECK_OK(circular_weighted(&points, &c, &err));
    CHECK(c.rbar == d.rbar);
}

static void densities_integrate_to_one_and_do_not_overflow(void **state)
{
    (void)state;
    static double hours[MOST], grid[1440], density[1440];
    made(hours, MOST, 3);
    for (int k = 0; k < 1440; k++) {
        grid[k] = k / 60.0;
    }
    struct arena a;
    arena_init(&a, 1 << 20);
    const double kappas[] = {0.001, 1, 10, 25, 300, 1500};
    for (size_t i = 0; i < 6; i++) {
        struct circular_points points = {.n = MOST, .hours = hours};
        CHECK_OK(circular_density(&a, &points, kappas[i], grid, 1440, density, &err));
        double sum = 0;
        for (int k = 0; k < 1440; k++) {
            CHECK(density[k] >= 0);
            sum += density[k] * (2 * M_PI / 1440);
        }
        CHECK_NEAR(sum, 1, 1e-9);
    }
    arena_done(&a);
}

/* ---- peaks ---- */

static void peaks_of(const double *weights, struct circular_peaks *p)
{
    double hours[24], grid[48], density[48];
    for (int k = 0; k < 48; k++) {
        grid[k] = k / 2.0;
        hours[k % 24] = k % 24 + 0.5;
    }
    struct arena a;
    arena_init(&a, 1 << 20);
    struct circular_points points = {.n = 24, .hours = hours, .weights = weights};
    CHECK_OK(circular_density(&a, &points, 10, grid, 48, density, &err));
    CHECK_OK(circular_find_peaks(density, 48, p, &err));
    arena_done(&a);
}

static void two_peaks_warn_of_the_mean(void **state)
{
    (void)state;
    struct circular_peaks p;
    double after_school[24] = {[14] = 20, [15] = 80, [16] = 60, [17] = 25};
    peaks_of(after_school, &p);
    CHECK(p.count == 1 && !p.is_many && p.hour[0] == 16);
    double both[24] = {[15] = 80, [16] = 60, [23] = 50, [0] = 60, [1] = 40};
    peaks_of(both, &p);
    CHECK(p.count == 2 && p.is_many && p.hour[0] == 16 && p.hour[1] == 0.5);
    both[0] = both[23] = both[1] = 8; /* a small second one is not told */
    peaks_of(both, &p);
    CHECK_INT(p.count, 1);
    double shoulder[24] = {[14] = 60, [15] = 55, [16] = 50, [17] = 50, [18] = 55, [19] = 50};
    peaks_of(shoulder, &p); /* no dip to speak of */
    CHECK_INT(p.count, 1);
}

static void flat_tops_and_flat_days_are_handled(void **state)
{
    (void)state;
    struct circular_peaks p;
    const double flat[] = {1, 1, 1, 1};
    CHECK_OK(circular_find_peaks(flat, 4, &p, &err));
    CHECK(p.count == 0 && !p.is_many);
    const double across[] = {3, 1, 1, 1, 1, 1, 1, 3}; /* the top lies across midnight */
    CHECK_OK(circular_find_peaks(across, 8, &p, &err));
    CHECK(p.count == 1 && p.hour[0] == 22.5);
    const double nothing[] = {0, 0, 0};
    CHECK_OK(circular_find_peaks(nothing, 3, &p, &err));
    CHECK_INT(p.count, 0);
    const double bad[] = {1, (double)NAN, 1};
    p.count = 77;
    CHECK_FAILS(circular_find_peaks(bad, 3, &p, &err), RV_DOMAIN);
    CHECK_FAILS(circular_find_peaks(flat, 2, &p, &err), RV_DOMAIN);
    CHECK_INT(p.count, 77);
}

/* ---- edges ---- */

static void one_hour_has_a_mean_and_no_concentration(void **state)
{
    (void)state;
    const double hour[] = {23.75, 23.75, 5};
    struct circular c;
    CHECK_OK(circular_hours(hour, NULL, 1, &c, &err));
    CHECK(c.has_mean && c.rbar == 1 && !c.has_kappa && c.p > 0.4);
    CHECK_NEAR(c.mean_hour, 23.75, 1e-14);
    uint64_t valid = 3;
    CHECK_OK(circular_hours(hour, &valid, 3, &c, &err));
    CHECK(c.n == 2 && c.rbar == 1);
    const double opposite[] = {3, 15};
    CHECK_OK(circular_hours(opposite, NULL, 2, &c, &err));
    CHECK(!c.has_mean && !c.has_kappa && c.p > 0.99);
}

static void bad_input_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct circular c = {.n = -7};
    const double late[] = {24}, nan[] = {(double)NAN}, below[] = {-0.5}, fine[] = {1};
    uint64_t none = 0;
    CHECK_FAILS(circular_hours(late, NULL, 1, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_hours(nan, NULL, 1, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_hours(below, NULL, 1, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_hours(fine, &none, 1, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_hours(NULL, NULL, 0, &c, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "no hour is known, so there is no mean hour");
    CHECK_FAILS(circular_grouped((double[]){0, 0}, 2, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_grouped((double[]){1, -1}, 2, &c, &err), RV_DOMAIN);
    CHECK_FAILS(circular_grouped(fine, 1, &c, &err), RV_DOMAIN);
    CHECK(c.n == -7);
    struct arena a;
    arena_init(&a, 1 << 20);
    double grid = 3, got = -7;
    struct circular_points points = {.n = 1, .hours = fine};
    CHECK_FAILS(circular_density(&a, &points, 0, &grid, 1, &got, &err), RV_DOMAIN);
    CHECK_FAILS(circular_density(&a, &points, (double)INFINITY, &grid, 1, &got, &err), RV_DOMAIN);
    CHECK_FAILS(circular_density(&a, &points, 10, nan, 1, &got, &err), RV_DOMAIN);
    points.hours = late;
    CHECK_FAILS(circular_density(&a, &points, 10, &grid, 1, &got, &err), RV_DOMAIN);
    points.valid = &none;
    CHECK_FAILS(circular_density(&a, &points, 10, &grid, 1, &got, &err), RV_DOMAIN);
    CHECK(got == -7);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_agree_with_R),
        cmocka_unit_test(grouped_statistics_agree_with_the_reference),
        cmocka_unit_test(densities_agree_with_R),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(turning_the_clock_turns_the_mean_and_nothing_else),
        cmocka_unit_test(minutes_in_bins_meet_the_hours_themselves),
        cmocka_unit_test(weights_stand_for_repeated_hours),
        cmocka_unit_test(densities_integrate_to_one_and_do_not_overflow),
        cmocka_unit_test(two_peaks_warn_of_the_mean),
        cmocka_unit_test(flat_tops_and_flat_days_are_handled),
        cmocka_unit_test(one_hour_has_a_mean_and_no_concentration),
        cmocka_unit_test(bad_input_is_refused_and_leaves_ret_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

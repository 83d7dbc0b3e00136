/* tests/stats/test_stl.c — season, trend and remainder against R's stl, properties, edges.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/random.h"
#include "stats/stl.h"

#define MOST 400

static struct rv_err err;

static const struct stl_options periodic = {.period = 12, .seasonal_window = STL_PERIODIC};
static const struct stl_options robust = {.period = 12, .seasonal_window = 7, .is_robust = true};

static size_t take(const struct table *t, double *y)
{
    CHECK(t->rows <= MOST);
    for (size_t i = 0; i < t->rows; i++) {
        y[i] = table_real(t, i, "y");
    }
    return t->rows;
}

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "stl.csv", shared);
    double y[MOST], worst = 0, robust_worst = 0;
    size_t n = take(&t, y);
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl p, r;
    CHECK_OK(stl_decompose(&a, y, NULL, n, &periodic, &p, &err));
    CHECK_OK(stl_decompose(&a, y, NULL, n, &robust, &r, &err));
    for (size_t i = 0; i < n; i++) {
        CHECK_REF(p.seasonal[i], table_real(&t, i, "seasonal_periodic"), 1e-6, &worst);
        CHECK_REF(p.trend[i], table_real(&t, i, "trend_periodic"), 1e-6, &worst);
        CHECK_REF(p.remainder[i], table_real(&t, i, "rem_periodic"), 1e-6, &worst);
        /* In the ninth of its 15 loops R takes 2.82 for the median of the residuals, which is 2.62:
         * docs/decisions. The loops before are compared below. */
        double off = fmax(fabs(r.seasonal[i] - table_real(&t, i, "seasonal_s7_robust")),
                          fabs(r.trend[i] - table_real(&t, i, "trend_s7_robust")));
        robust_worst = fmax(robust_worst, off);
        CHECK(off < 0.03);
    }
    measured("stl", "periodic", n, "relative", worst);
    measured("stl", "robust: see the card", n, "absolute", robust_worst);
    arena_done(&a);
    table_done(&t);
}

static void decompositions_agree_with_R(void **state)
{
    (void)state;
    rows(NULL);
}

static void decompositions_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/05_stl/stl.csv");
}

/* An odd number of values has one median, which R finds. */
static void robust_fits_and_windows_agree_with_R(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "stl-variants.csv", NULL);
    double y[MOST], worst = 0;
    size_t n = take(&t, y);
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl odd, odd_periodic, early, windows;
    CHECK_OK(stl_decompose(&a, y, NULL, n - 1, &robust, &odd, &err));
    struct stl_options o = periodic;
    o.is_robust = true;
    CHECK_OK(stl_decompose(&a, y, NULL, n - 1, &o, &odd_periodic, &err));
    o = robust;
    o.outer_loops = 8;
    CHECK_OK(stl_decompose(&a, y, NULL, n, &o, &early, &err));
    o = (struct stl_options){
        .period = 12, .seasonal_window = 13, .trend_window = 31, .low_pass_window = 15};
    CHECK_OK(stl_decompose(&a, y, NULL, n, &o, &windows, &err));
    for (size_t i = 0; i < n; i++) {
        if (i < n - 1) {
            CHECK_REF(odd.seasonal[i], table_real(&t, i, "seasonal_71"), 1e-9, &worst);
            CHECK_REF(odd.trend[i], table_real(&t, i, "trend_71"), 1e-9, &worst);
            CHECK(fabs(odd.weights[i] - table_real(&t, i, "weight_71")) < 1e-9);
            CHECK_REF(odd_periodic.seasonal[i], table_real(&t, i, "seasonal_71p"), 1e-9, &worst);
            CHECK_REF(odd_periodic.trend[i], table_real(&t, i, "trend_71p"), 1e-9, &worst);
        }
        CHECK_REF(early.seasonal[i], table_real(&t, i, "seasonal_8"), 1e-9, &worst);
        CHECK_REF(early.trend[i], table_real(&t, i, "trend_8"), 1e-9, &worst);
        CHECK_REF(windows.seasonal[i], table_real(&t, i, "seasonal_13"), 1e-9, &worst);
        CHECK_REF(windows.trend[i], table_real(&t, i, "trend_13"), 1e-9, &worst);
    }
    measured("stl", "variants", n, "relative", worst);
    arena_done(&a);
    table_done(&t);
}

static void made(double *y, size_t n, uint32_t chunk)
{
    struct random_stream r;
    random_open(&r, 6, RANDOM_TEST, chunk);
    for (size_t i = 0; i < n; i++) {
        y[i] = 100 + 0.2 * (double)i + 15 * sin((double)i * M_PI / 6) + 20 * random_unit(&r);
    }
}

static void parts_add_up_and_scale_and_shift_pass_through(void **state)
{
    (void)state;
    double y[MOST], z[MOST];
    struct arena a;
    arena_init(&a, 1 << 20);
    for (uint32_t chunk = 0; chunk < 8; chunk++) {
        size_t n = 25 + 40 * chunk;
        made(y, n, chunk);
        struct stl_options o = {.period = 12, .seasonal_window = chunk % 2 ? 9 : STL_PERIODIC};
        o.is_robust = chunk % 3 == 0;
        struct stl s, moved;
        CHECK_OK(stl_decompose(&a, y, NULL, n, &o, &s, &err));
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR(s.seasonal[i] + s.trend[i] + s.remainder[i], y[i], 1e-13);
            CHECK(s.weights[i] >= 0 && s.weights[i] <= 1 && (o.is_robust || s.weights[i] == 1));
            z[i] = 3 * y[i] - 1000;
        }
        CHECK_OK(stl_decompose(&a, z, NULL, n, &o, &moved, &err));
        for (size_t i = 0; i < n; i++) {
            CHECK(fabs(moved.seasonal[i] - 3 * s.seasonal[i]) < 1e-8);
            CHECK(fabs(moved.trend[i] - (3 * s.trend[i] - 1000)) < 1e-8);
        }
        CHECK_INT(s.is_short, n < 48);
    }
    arena_done(&a);
}

static void a_line_with_a_season_comes_back_whole(void **state)
{
    (void)state;
    double y[96], worst = 0;
    for (size_t i = 0; i < 96; i++) {
        y[i] = 50 + 0.25 * (double)i + 10 * cos((double)i * M_PI / 6);
    }
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl s;
    CHECK_OK(stl_decompose(&a, y, NULL, 96, &periodic, &s, &err));
    for (size_t i = 0; i < 96; i++) {
        worst = fmax(worst, fabs(s.seasonal[i] - 10 * cos((double)i * M_PI / 6)));
        worst = fmax(worst, fabs(s.trend[i] - 50 - 0.25 * (double)i));
        CHECK(s.seasonal[i] == s.seasonal[i % 12]);
    }
    CHECK(worst < 0.3 && !s.is_short && s.cycles == 8);
    arena_done(&a);
}

/* A single wild month bends the plain trend, the robust one hardly. */
static void outliers_do_not_bend_a_robust_fit(void **state)
{
    (void)state;
    double y[96], wild[96];
    made(y, 96, 20);
    memcpy(wild, y, sizeof y);
    wild[40] += 2000;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl_options o = robust;
    struct stl calm, bent;
    CHECK_OK(stl_decompose(&a, y, NULL, 96, &o, &calm, &err));
    CHECK_OK(stl_decompose(&a, wild, NULL, 96, &o, &bent, &err));
    CHECK(fabs(bent.trend[40] - calm.trend[40]) < 5 && bent.weights[40] == 0);
    o.is_robust = false;
    CHECK_OK(stl_decompose(&a, wild, NULL, 96, &o, &bent, &err));
    CHECK(fabs(bent.trend[40] - calm.trend[40]) > 50);
    arena_done(&a);
}

static void constant_series_and_short_ones_work(void **state)
{
    (void)state;
    double y[25];
    for (size_t i = 0; i < 25; i++) {
        y[i] = 7;
    }
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl s;
    CHECK_OK(stl_decompose(&a, y, NULL, 25, &robust, &s, &err));
    for (size_t i = 0; i < 25; i++) {
        CHECK(fabs(s.seasonal[i]) < 1e-12 && fabs(s.trend[i] - 7) < 1e-12 && s.weights[i] == 1);
    }
    const struct stl_options least = {.period = 2, .seasonal_window = 7};
    CHECK_OK(stl_decompose(&a, y, NULL, 5, &least, &s, &err));
    CHECK(fabs(s.trend[4] - 7) < 1e-12);
    arena_done(&a);
}

static void gaps_and_bad_windows_are_refused(void **state)
{
    (void)state;
    double y[40];
    made(y, 40, 3);
    struct arena a;
    arena_init(&a, 1 << 20);
    struct stl s = {.n = 77};
    uint64_t valid = ~(UINT64_C(1) << 6);
    CHECK_FAILS(stl_decompose(&a, y, &valid, 40, &periodic, &s, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "value 7 is not known: a decomposition needs a series without gaps");
    CHECK_FAILS(stl_decompose(&a, y, NULL, 24, &periodic, &s, &err), RV_DOMAIN);
    CHECK_FAILS(stl_decompose(&a, y, NULL, 0, &periodic, &s, &err), RV_DOMAIN);
    struct stl_options o = {.period = 1};
    CHECK_FAILS(stl_decompose(&a, y, NULL, 40, &o, &s, &err), RV_DOMAIN);
    o = (struct stl_options){.period = 12, .seasonal_window = 8};
    CHECK_FAILS(stl_decompose(&a, y, NULL, 40, &o, &s, &err), RV_DOMAIN);
    o = (struct stl_options){.period = 12, .trend_window = 1};
    CHECK_FAILS(stl_decompose(&a, y, NULL, 40, &o, &s, &err), RV_DOMAIN);
    y[39] = (double)INFINITY;
    CHECK_FAILS(stl_decompose(&a, y, NULL, 40, &periodic, &s, &err), RV_DOMAIN);
    CHECK_INT(s.n, 77);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decompositions_agree_with_R),
        cmocka_unit_test(decompositions_agree_with_the_shared_reference),
        cmocka_unit_test(robust_fits_and_windows_agree_with_R),
        cmocka_unit_test(parts_add_up_and_scale_and_shift_pass_through),
        cmocka_unit_test(a_line_with_a_season_comes_back_whole),
        cmocka_unit_test(outliers_do_not_bend_a_robust_fit),
        cmocka_unit_test(constant_series_and_short_ones_work),
        cmocka_unit_test(gaps_and_bad_windows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/stats/test_compare.c — two counts: exact tests, ratio, E-test.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/binomial.h"
#include "stats/compare.h"
#include "table.h"

static struct rv_err err;

/* statsmodels cuts its double sum at fixed quantiles, so that its smallest p-values are too small
 * (38 times at 1e-93): below this they are only lower bounds. */
#define E_REFERENCE_WHOLE 1e-37

/* Wald, exact limits, mid-p and the scores on the square root scale. */
static void check_others(const struct table *t, size_t i, int64_t x1, double n1, int64_t x0,
                         double n0, double *worst)
{
    struct interval exact, wald;
    CHECK_OK(compare_exact(x1, n1, x0, n0, 0.95, &exact, &err));
    CHECK_INT(exact.has_upper, table_has(t, i, "exact_upper"));
    CHECK_REF(exact.lower, table_real(t, i, "exact_lower"), 1e-8, worst);
    if (exact.has_upper) {
        CHECK_REF(exact.upper, table_real(t, i, "exact_upper"), 1e-8, worst);
    }
    if (table_has(t, i, "wald_lower")) {
        CHECK_OK(compare_wald(x1, n1, x0, n0, 0.95, &wald, &err));
        CHECK_REF(wald.lower, table_real(t, i, "wald_lower"), 1e-8, worst);
        CHECK_REF(wald.upper, table_real(t, i, "wald_upper"), 1e-8, worst);
    } else {
        CHECK_FAILS(compare_wald(x1, n1, x0, n0, 0.95, &wald, &err), RV_DOMAIN);
    }
    double mid_p;
    CHECK_OK(compare_mid_p(x1, n1, x0, n0, &mid_p, &err));
    CHECK_REF(mid_p, table_real(t, i, "midp_p"), 1e-8, worst);
    struct root_scores z;
    CHECK_OK(compare_root_scores(x1, n1, x0, n0, &z, &err));
    CHECK_REF(z.two_sample, table_real(t, i, "two_sample_sqrt_z"), 1e-8, worst);
    CHECK_REF(z.known_history, table_real(t, i, "wheeler_z"), 1e-8, worst);
}

static void rows(const char *shared)
{
    struct table t;
    table_open(&t, "rate-ratio.csv", shared);
    double p = 0, limits = 0, e = 0;
    for (size_t i = 0; i < t.rows; i++) {
        int64_t x1 = table_int(&t, i, "x1"), x0 = table_int(&t, i, "x0");
        double n1 = table_real(&t, i, "n1"), n0 = table_real(&t, i, "n0");
        struct comparison c;
        CHECK_OK(compare_rates(x1, n1, x0, n0, 0.95, &c, &err));
        CHECK_INT(c.has_ratio, x0 > 0);
        CHECK_INT(c.has_ratio, table_has(&t, i, "rr"));
        CHECK_INT(c.ci.has_upper, table_has(&t, i, "wilson_upper"));
        if (c.has_ratio) {
            CHECK_REF(c.ratio, table_real(&t, i, "rr"), 1e-8, &limits);
            CHECK_REF(c.ci.upper, table_real(&t, i, "wilson_upper"), 1e-8, &limits);
            CHECK_NEAR(c.percent_change, table_real(&t, i, "pct_change"), 1e-8);
        }
        CHECK_REF(c.ci.lower, table_real(&t, i, "wilson_lower"), 1e-8, &limits);
        CHECK_REF(c.p, table_real(&t, i, "exact_p"), 1e-8, &p);
        check_others(&t, i, x1, n1, x0, n0, &limits);
        double e_p;
        CHECK_OK(compare_e_test(x1, n1, x0, n0, &e_p, &err));
        double reference = table_real(&t, i, "e_test_p");
        if (reference >= E_REFERENCE_WHOLE) {
            CHECK_REF(e_p, reference, 1e-8, &e);
        } else {
            CHECK(e_p >= reference * (1 - 1e-8) && e_p < E_REFERENCE_WHOLE);
        }
    }
    measured("rate-ratio", "p", t.rows, "relative", p);
    measured("rate-ratio", "ratio and limits", t.rows, "relative", limits);
    measured("e-test", "p", t.rows, "relative", e);
    table_done(&t);
}

static void comparisons_agree_with_R_and_statsmodels(void **state)
{
    (void)state;
    rows(NULL);
}

static void comparisons_agree_with_the_shared_reference(void **state)
{
    (void)state;
    rows("reference/02_rate_ratio/rate_ratio.csv");
}

static void the_e_test_meets_its_published_values_and_the_whole_sum(void **state)
{
    (void)state;
    double p;
    CHECK_OK(compare_e_test(0, 1, 3, 1, &p, &err));
    CHECK(fabs(p - 0.0884) < 5e-5);
    CHECK_OK(compare_e_test(6, 1, 2, 1, &p, &err));
    CHECK(fabs(p - 0.1749) < 5e-5);
    CHECK_OK(compare_e_test(25, 1, 16, 1, &p, &err));
    CHECK(fabs(p - 0.165) < 5e-4);
    /* Every cell of 1,500 x 1,500 added up, which statsmodels cuts short. */
    CHECK_OK(compare_e_test(19, 151448, 382, 166924, &p, &err));
    CHECK_NEAR(p, 1.600219840039999e-74, 1e-10);
    CHECK_OK(compare_e_test(3, 180608, 342, 179906, &p, &err));
    CHECK_NEAR(p, 1.976587752921678e-93, 1e-10);
}

/* The ties that other implementations lose: (5, 5) and (1, 1) must give exactly 1. */
static void equal_rates_give_an_e_test_of_1(void **state)
{
    (void)state;
    const int64_t counts[] = {0, 1, 5, 999, 100000000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        double p = -7;
        CHECK_OK(compare_e_test(counts[i], 2.5, counts[i], 2.5, &p, &err));
        CHECK(p == 1);
    }
}

static void comparisons_do_not_depend_on_the_order(void **state)
{
    (void)state;
    for (int64_t x1 = 0; x1 < 30; x1++) {
        for (int64_t x0 = 1; x0 < 30; x0 += 3) {
            struct comparison a, b;
            double e1, e0;
            CHECK_OK(compare_rates(x1, 7, x0, 11, 0.95, &a, &err));
            CHECK(a.ci.lower <= a.ratio && a.ratio <= a.ci.upper);
            struct interval exact, back;
            CHECK_OK(compare_exact(x1, 7, x0, 11, 0.95, &exact, &err));
            CHECK(exact.lower <= a.ratio && a.ratio <= exact.upper);
            CHECK_OK(compare_exact(x0, 11, x1, 7, 0.95, &back, &err));
            CHECK_NEAR(back.lower, 1 / exact.upper, 1e-12);
            CHECK_INT(back.has_upper, x1 > 0);
            double mid_p, mid_q;
            CHECK_OK(compare_mid_p(x1, 7, x0, 11, &mid_p, &err));
            CHECK_OK(compare_mid_p(x0, 11, x1, 7, &mid_q, &err));
            CHECK_NEAR(mid_q, mid_p, 1e-12);
            CHECK(mid_p > 0 && mid_p <= 1);
            CHECK(a.p > 0 && a.p <= 1);
            if (x1 > 0) {
                CHECK_OK(compare_rates(x0, 11, x1, 7, 0.95, &b, &err));
                CHECK_NEAR(b.p, a.p, 1e-12);
                CHECK_NEAR(b.ratio, 1 / a.ratio, 1e-14);
                CHECK_NEAR(b.ci.lower, 1 / a.ci.upper, 1e-12);
            }
            CHECK_OK(compare_e_test(x1, 7, x0, 11, &e1, &err));
            CHECK_OK(compare_e_test(x0, 11, x1, 7, &e0, &err));
            CHECK_NEAR(e0, e1, 1e-11);
        }
    }
}

static void an_infinite_ratio_has_only_a_lower_limit(void **state)
{
    (void)state;
    struct comparison c;
    CHECK_OK(compare_rates(12, 1, 0, 1, 0.95, &c, &err));
    CHECK(!c.has_ratio && !c.has_percent && !c.ci.has_upper && c.ci.has_lower);
    CHECK(c.ci.lower > 1);
    CHECK_NEAR(c.p, 2 / 4096.0, 1e-13);
}

static void nothing_to_compare_is_refused_and_leaves_ret_alone(void **state)
{
    (void)state;
    struct comparison c = {.ratio = -7};
    double p = -7;
    CHECK_FAILS(compare_rates(0, 1, 0, 1, 0.95, &c, &err), RV_DOMAIN);
    CHECK_STRING(err.message, "two counts of 0 cannot be compared");
    CHECK_FAILS(compare_rates(-1, 1, 3, 1, 0.95, &c, &err), RV_DOMAIN);
    CHECK_FAILS(compare_rates(1, 0, 3, 1, 0.95, &c, &err), RV_DOMAIN);
    CHECK_FAILS(compare_rates(1, 1, 3, (double)NAN, 0.95, &c, &err), RV_DOMAIN);
    CHECK_FAILS(compare_rates(1, 1, 3, 1, 95, &c, &err), RV_DOMAIN);
    CHECK_FAILS(compare_e_test(1, 1, INT64_C(1000000000), 1, &p, &err), RV_DOMAIN);
    CHECK_FAILS(compare_e_test(1, -1, 3, 1, &p, &err), RV_DOMAIN);
    CHECK_FAILS(binomial_test(4, 3, 0.5, &p, &err), RV_DOMAIN);
    CHECK_FAILS(binomial_test(1, 3, 0, &p, &err), RV_DOMAIN);
    CHECK_FAILS(binomial_test(1, 3, 1, &p, &err), RV_DOMAIN);
    CHECK_FAILS(binomial_fisher(1, 2, -3, 4, &p, &err), RV_DOMAIN);
    CHECK_FAILS(binomial_fisher(STATS_COUNT_MAX, 1, 0, 0, &p, &err), RV_DOMAIN);
    CHECK(c.ratio == -7 && p == -7);
}

/* Sums of rational numbers, computed exactly with Python's Fraction. */
static void binomial_tails_agree_with_exact_sums(void **state)
{
    (void)state;
    CHECK_NEAR(binomial_upper(7, 10, 0.25), 0.0035057067871093750, 1e-14);
    CHECK_NEAR(binomial_upper(300, 400, 0.5), 1.2959434534860383e-24, 1e-13);
    CHECK_NEAR(binomial_upper(399, 400, 0.0078125), 0.0, 1e-13);
    CHECK_NEAR(binomial_upper(3, 1000, 0.0009765625), 0.07595140364207041, 1e-13);
    CHECK_NEAR(binomial_upper(120, 1000, 0.125), 0.6974865087482204, 1e-13);
    CHECK_NEAR(binomial_mass(300, 400, 0.5), 8.681788740039531e-25, 1e-13);
    CHECK(binomial_upper(0, 10, 0.3) == 1 && binomial_upper(11, 10, 0.3) == 0);
    CHECK(binomial_upper(1, 10, 0) == 0 && binomial_upper(10, 10, 1) == 1);
    CHECK(binomial_mass(0, 0, 0.3) == 1 && binomial_mass(-1, 5, 0.3) == 0);
    CHECK(binomial_mass(5, 5, 1) == 1 && binomial_mass(0, 5, 0) == 1);
    for (int64_t n = 1; n < 400; n += 37) {
        double sum = 0;
        for (int64_t x = 0; x <= n; x++) {
            sum += binomial_mass(x, n, 0.0371);
            double up = binomial_upper(x, n, 0.0371),
                   down = binomial_upper(n - x + 1, n, 1 - 0.0371);
            CHECK_NEAR(up + down, 1, 1e-12);
        }
        CHECK_NEAR(sum, 1, 1e-12);
    }
}

static void fisher_handles_empty_margins_and_symmetry(void **state)
{
    (void)state;
    double p, q;
    CHECK_OK(binomial_fisher(0, 0, 5, 7, &p, &err));
    CHECK(p == 1);
    CHECK_OK(binomial_fisher(0, 4, 0, 7, &p, &err));
    CHECK(p == 1);
    CHECK_OK(binomial_fisher(3, 1, 1, 3, &p, &err)); /* Fisher's lady tasting tea */
    CHECK_NEAR(p, 34.0 / 70, 1e-13);
    CHECK_OK(binomial_fisher(12, 5, 29, 2, &p, &err));
    CHECK_OK(binomial_fisher(12, 29, 5, 2, &q, &err));
    CHECK_NEAR(p, q, 1e-12);
    CHECK_OK(binomial_fisher(5, 12, 2, 29, &q, &err));
    CHECK_NEAR(p, q, 1e-12);
}

static void huge_counts_finish_and_agree_with_the_normal_limit(void **state)
{
    (void)state;
    double p;
    int64_t half = STATS_COUNT_MAX / 2;
    CHECK_OK(binomial_test(half + 1000000, STATS_COUNT_MAX, 0.5, &p, &err)); /* 2 sd */
    CHECK_NEAR(p, 0.04550026389635841, 1e-5);
    CHECK_OK(compare_e_test(300000000, 1, 299950000, 1, &p, &err)); /* z = 2.0413 */
    CHECK_NEAR(p, erfc(50000 / sqrt(599950000.0) / M_SQRT2), 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_agree_with_R_and_statsmodels),
        cmocka_unit_test(comparisons_agree_with_the_shared_reference),
        cmocka_unit_test(the_e_test_meets_its_published_values_and_the_whole_sum),
        cmocka_unit_test(equal_rates_give_an_e_test_of_1),
        cmocka_unit_test(comparisons_do_not_depend_on_the_order),
        cmocka_unit_test(an_infinite_ratio_has_only_a_lower_limit),
        cmocka_unit_test(nothing_to_compare_is_refused_and_leaves_ret_alone),
        cmocka_unit_test(binomial_tails_agree_with_exact_sums),
        cmocka_unit_test(fisher_handles_empty_margins_and_symmetry),
        cmocka_unit_test(huge_counts_finish_and_agree_with_the_normal_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/stats/test_proportion.c — two shares, a benchmark, a mean.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "stats/benchmark.h"
#include "stats/binomial.h"
#include "stats/mean.h"
#include "stats/proportion.h"
#include "stats/rate.h"
#include "table.h"

static struct rv_err err;

static void difference_rows(const char *shared)
{
    struct table t;
    table_open(&t, "diff-proportions.csv", shared);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        struct proportion_difference d;
        CHECK_OK(proportion_compare(table_int(&t, i, "x1"), table_int(&t, i, "n1"),
                                    table_int(&t, i, "x2"), table_int(&t, i, "n2"), 0.95, &d,
                                    &err));
        const double got[] = {d.difference, d.ci.lower, d.ci.upper, d.p};
        const char *const names[] = {"diff", "newcombe_lower", "newcombe_upper",
                                     "fisher_p_two_sided"};
        for (size_t k = 0; k < 4; k++) {
            double error = fabs(got[k] - table_real(&t, i, names[k]));
            CHECK(error <= 1e-9);
            worst = fmax(worst, error);
        }
        /* The far tails too, which an absolute tolerance would let through. */
        CHECK_NEAR(d.p, table_real(&t, i, "fisher_p_two_sided"), 1e-9);
    }
    measured("diff-proportions", "difference and limits", t.rows, "absolute", worst);
    table_done(&t);
}

static void differences_agree_with_statsmodels(void **state)
{
    (void)state;
    difference_rows(NULL);
}

static void differences_agree_with_the_shared_reference(void **state)
{
    (void)state;
    difference_rows("reference/01_diff_proportions/newcombe.csv");
}

/* Newcombe (1998), table II, contrast (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339;
 * contrasts (d) 9/10 v 3/10: 0.1705 to 0.8090; (h) 10/10 v 0/10: 0.6075 to 1.0000. */
static void differences_meet_the_published_table(void **state)
{
    (void)state;
    static const struct {
        int64_t x1, n1, x2, n2;
        double lower, upper;
    } rows[] = {{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},
                {6, 7, 2, 7, 0.0582, 0.8062},     {5, 56, 0, 29, -0.0381, 0.1926},
                {0, 10, 0, 20, -0.1611, 0.2775},  {10, 10, 0, 20, 0.6791, 1.0000},
                {10, 10, 0, 10, 0.6075, 1.0000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proportion_difference d;
        CHECK_OK(
            proportion_compare(rows[i].x1, rows[i].n1, rows[i].x2, rows[i].n2, 0.95, &d, &err));
        if (fabs(d.ci.lower - rows[i].lower) > 6e-5 || fabs(d.ci.upper - rows[i].upper) > 6e-5) {
            fail_msg("row %zu: %.5f to %.5f", i, d.ci.lower, d.ci.upper);
        }
    }
}

static void swapping_the_groups_mirrors_the_difference(void **state)
{
    (void)state;
    for (int64_t x = 0; x <= 12; x++) {
        for (int64_t y = 0; y <= 31; y += 3) {
            struct proportion_difference a, b;
            CHECK_OK(proportion_compare(x, 12, y, 31, 0.95, &a, &err));
            CHECK_OK(proportion_compare(y, 31, x, 12, 0.95, &b, &err));
            CHECK_NEAR(b.ci.lower, -a.ci.upper, 1e-13);
            CHECK_NEAR(b.p, a.p, 1e-11);
            CHECK(a.ci.lower <= a.difference && a.difference <= a.ci.upper);
            CHECK(a.ci.lower >= -1 && a.ci.upper <= 1 && a.p > 0 && a.p <= 1);
            struct proportion_difference wide;
            CHECK_OK(proportion_compare(x, 12, y, 31, 0.998, &wide, &err));
            CHECK(wide.ci.lower <= a.ci.lower && wide.ci.upper >= a.ci.upper);
        }
    }
}

static void a_share_of_nothing_is_not_compared(void **state)
{
    (void)state;
    struct proportion_difference d = {.p = -7};
    CHECK_FAILS(proportion_compare(0, 0, 1, 2, 0.95, &d, &err), RV_DOMAIN);
    CHECK_FAILS(proportion_compare(1, 2, 0, 0, 0.95, &d, &err), RV_DOMAIN);
    CHECK_FAILS(proportion_compare(3, 2, 1, 2, 0.95, &d, &err), RV_DOMAIN);
    CHECK_FAILS(proportion_compare(-1, 2, 1, 2, 0.95, &d, &err), RV_DOMAIN);
    CHECK_FAILS(proportion_compare(1, 2, 1, 2, 1, &d, &err), RV_DOMAIN);
    CHECK_FAILS(proportion_compare(1, STATS_COUNT_MAX, 1, STATS_COUNT_MAX, 0.95, &d, &err),
                RV_DOMAIN);
    CHECK(d.p == -7);
}

/* --- amounts that are not whole --- */

static void intervals_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "phe-interval.csv", NULL);
    for (size_t i = 0; i < t.rows; i++) {
        double level = table_real(&t, i, "confidence") / 100;
        struct interval ci;
        if (table_has(&t, i, "n")) {
            CHECK_OK(interval_wilson_real(table_real(&t, i, "x"), table_real(&t, i, "n"), level,
                                          &ci, &err));
        } else {
            CHECK_OK(interval_byar_real(table_real(&t, i, "x"), level, &ci, &err));
        }
        CHECK_NEAR(ci.upper, table_real(&t, i, "uppercl"), 1e-12);
        if (table_has(&t, i, "lowercl")) {
            CHECK(ci.has_lower);
            CHECK_NEAR(ci.lower, table_real(&t, i, "lowercl"), 1e-12);
        }
    }
    table_done(&t);
}

static void proportions_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "phe-proportion.csv", NULL);
    double worst = 0;
    for (size_t i = 0; i < t.rows; i++) {
        double x = table_real(&t, i, "Numerator"), n = table_real(&t, i, "Denominator");
        double times = table_real(&t, i, "multiplier");
        struct interval ci;
        if (!table_has(&t, i, "value")) { /* printed without a count, so without a share */
            CHECK(!table_has(&t, i, "Numerator"));
            continue;
        }
        CHECK_REF(times * x / n, table_real(&t, i, "value"), 1e-12, &worst);
        CHECK_OK(interval_wilson_real(x, n, 0.95, &ci, &err));
        CHECK_REF(times * ci.lower, table_real(&t, i, "lower95_0cl"), 1e-12, &worst);
        CHECK_REF(times * ci.upper, table_real(&t, i, "upper95_0cl"), 1e-12, &worst);
        CHECK_OK(interval_wilson_real(x, n, 0.998, &ci, &err));
        CHECK_REF(times * ci.lower, table_real(&t, i, "lower99_8cl"), 1e-12, &worst);
        CHECK_REF(times * ci.upper, table_real(&t, i, "upper99_8cl"), 1e-12, &worst);
    }
    measured("wilson", "as published", t.rows, "relative", worst);
    table_done(&t);
}

static void whole_amounts_give_the_bits_of_counts(void **state)
{
    (void)state;
    for (int64_t x = 0; x < 400; x += 7) {
        struct interval a, b;
        CHECK_OK(interval_wilson(x, 400, 0.95, &a, &err));
        CHECK_OK(interval_wilson_real((double)x, 400, 0.95, &b, &err));
        CHECK(a.lower == b.lower && a.upper == b.upper);
        CHECK_OK(interval_byar(x, 0.998, &a, &err));
        CHECK_OK(interval_byar_real((double)x, 0.998, &b, &err));
        CHECK(a.lower == b.lower && a.upper == b.upper && a.has_lower == b.has_lower);
    }
    struct interval ci = {.lower = -7};
    CHECK_FAILS(interval_wilson_real((double)NAN, 3, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_wilson_real(1, (double)INFINITY, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_wilson_real(0.5, 0, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_byar_real((double)NAN, 0.95, &ci, &err), RV_DOMAIN);
    CHECK_FAILS(interval_byar_real(-0.1, 0.95, &ci, &err), RV_DOMAIN);
    CHECK(ci.lower == -7);
}

/* --- benchmark --- */

static enum benchmark_polarity polarity_of(const char *word)
{
    return strcmp(word, "low_good") == 0    ? BENCHMARK_LOW_GOOD
           : strcmp(word, "high_good") == 0 ? BENCHMARK_HIGH_GOOD
                                            : BENCHMARK_NEITHER;
}

static void benchmark_rows(const char *shared)
{
    struct table t;
    table_open(&t, "benchmark.csv", shared);
    const char *const sides[] = {"lower", "similar", "higher"};
    for (size_t i = 0; i < t.rows; i++) {
        enum benchmark_polarity polarity = polarity_of(table_cell(&t, i, "polarity"));
        for (size_t k = 0; k < 2; k++) {
            struct rate_options options = RATE_DEFAULTS;
            options.level = k ? 0.998 : 0.95;
            options.method = RATE_UKHSA;
            struct rate rate;
            CHECK_OK(rate_crude(table_int(&t, i, "events"), table_real(&t, i, "pop"), &options,
                                &rate, &err));
            struct interval ci = {rate.lower, rate.upper, true, true};
            enum benchmark_side side;
            CHECK_OK(benchmark_side_of(&ci, table_real(&t, i, "benchmark"), &side, &err));
            CHECK_STRING(sides[side], table_cell(&t, i, k ? "side998" : "side95"));
            CHECK_STRING(benchmark_label(side, polarity),
                         table_cell(&t, i, k ? "label998" : "label95"));
        }
    }
    measured("compare-benchmark", "labels", t.rows, "exact", 0);
    table_done(&t);
}

static void comparisons_with_a_benchmark_agree_with_UKHSA(void **state)
{
    (void)state;
    benchmark_rows(NULL);
}

static void comparisons_with_a_benchmark_agree_with_the_shared_reference(void **state)
{
    (void)state;
    benchmark_rows("reference/01_benchmark_compare/benchmark_compare.csv");
}

static void touching_the_benchmark_is_similar(void **state)
{
    (void)state;
    enum benchmark_side side;
    const struct interval ci = {2.5, 7.25, true, true};
    CHECK_OK(benchmark_side_of(&ci, 2.5, &side, &err));
    CHECK_INT(side, BENCHMARK_SIMILAR);
    CHECK_OK(benchmark_side_of(&ci, 7.25, &side, &err));
    CHECK_INT(side, BENCHMARK_SIMILAR);
    CHECK_OK(benchmark_side_of(&ci, 2.4999999, &side, &err));
    CHECK_INT(side, BENCHMARK_HIGHER);
    CHECK_OK(benchmark_side_of(&ci, 7.2500001, &side, &err));
    CHECK_INT(side, BENCHMARK_LOWER);
    /* A limit that is missing never decides. */
    const struct interval open = {0, 7.25, false, true}, unknown = {0, 0, false, false};
    CHECK_OK(benchmark_side_of(&open, -5, &side, &err));
    CHECK_INT(side, BENCHMARK_SIMILAR);
    CHECK_OK(benchmark_side_of(&unknown, 1e9, &side, &err));
    CHECK_INT(side, BENCHMARK_SIMILAR);
    CHECK_FAILS(benchmark_side_of(&ci, (double)NAN, &side, &err), RV_DOMAIN);
    const struct interval bad = {(double)NAN, 7.25, true, true};
    CHECK_FAILS(benchmark_side_of(&bad, 1, &side, &err), RV_DOMAIN);
}

/* --- mean --- */

static void means_agree_with_those_that_UKHSA_prints(void **state)
{
    (void)state;
    struct table in, want;
    table_open(&in, "phe-mean-values.csv", NULL);
    table_open(&want, "phe-mean.csv", NULL);
    double values[64], worst = 0;
    for (size_t w = 0; w < want.rows; w++) {
        size_t n = 0;
        bool is_all = strcmp(table_cell(&want, w, "area"), "Area1") != 0;
        for (size_t i = 0; i < in.rows; i++) {
            if (is_all || strcmp(table_cell(&in, i, "area"), "Area1") == 0) {
                values[n++] = table_real(&in, i, "values");
            }
        }
        struct mean m;
        CHECK_OK(mean_student(values, NULL, n, 0.95, &m, &err));
        CHECK_INT(m.n, table_int(&want, w, "value_count"));
        CHECK_REF(m.sum, table_real(&want, w, "value_sum"), 1e-12, &worst);
        CHECK_REF(m.mean, table_real(&want, w, "value"), 1e-12, &worst);
        CHECK_REF(m.sd, table_real(&want, w, "stdev"), 1e-12, &worst);
        CHECK_REF(m.ci.lower, table_real(&want, w, "lower95_0cl"), 1e-12, &worst);
        CHECK_REF(m.ci.upper, table_real(&want, w, "upper95_0cl"), 1e-12, &worst);
        CHECK_OK(mean_student(values, NULL, n, 0.998, &m, &err));
        CHECK_REF(m.ci.lower, table_real(&want, w, "lower99_8cl"), 1e-12, &worst);
        CHECK_REF(m.ci.upper, table_real(&want, w, "upper99_8cl"), 1e-12, &worst);
    }
    measured("mean", "as published", want.rows, "relative", worst);
    table_done(&in);
    table_done(&want);
}

static void a_mean_moves_with_its_values_and_forgets_the_missing(void **state)
{
    (void)state;
    const double values[] = {3.25, -1e300, 7.5, 2.125, 9.0625}; /* the second is missing */
    double moved[5], back[5];
    const uint64_t valid = 0x1d, turned = 0x17;
    for (size_t i = 0; i < 5; i++) {
        moved[i] = values[i] * 4 + 1000;
        back[4 - i] = values[i];
    }
    struct mean a, b, c;
    CHECK_OK(mean_student(values, &valid, 5, 0.95, &a, &err));
    CHECK_OK(mean_student(moved, &valid, 5, 0.95, &b, &err));
    CHECK_OK(mean_student(back, &turned, 5, 0.95, &c, &err));
    CHECK_INT(a.n, 4);
    CHECK_NEAR(b.mean, 4 * a.mean + 1000, 1e-14);
    CHECK_NEAR(b.ci.upper - b.ci.lower, 4 * (a.ci.upper - a.ci.lower), 1e-12);
    CHECK_NEAR(c.mean, a.mean, 1e-15);
    CHECK_NEAR(c.sd, a.sd, 1e-15);
    CHECK(a.ci.lower <= a.mean && a.mean <= a.ci.upper);
    struct mean none = {.sum = -7};
    const uint64_t nothing = 0;
    CHECK_FAILS(mean_student(values, &nothing, 5, 0.95, &none, &err), RV_DOMAIN);
    CHECK_FAILS(mean_student(NULL, NULL, 0, 0.95, &none, &err), RV_DOMAIN);
    CHECK_FAILS(mean_student(values, NULL, 5, 0.95, &none, &err), RV_DOMAIN);
    CHECK(none.sum == -7);
    CHECK_OK(mean_student(values, NULL, 1, 0.95, &none, &err));
    CHECK(none.mean == 3.25 && !none.has_spread && !none.ci.has_lower && !none.ci.has_upper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_agree_with_statsmodels),
        cmocka_unit_test(differences_agree_with_the_shared_reference),
        cmocka_unit_test(differences_meet_the_published_table),
        cmocka_unit_test(swapping_the_groups_mirrors_the_difference),
        cmocka_unit_test(a_share_of_nothing_is_not_compared),
        cmocka_unit_test(intervals_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(proportions_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(whole_amounts_give_the_bits_of_counts),
        cmocka_unit_test(comparisons_with_a_benchmark_agree_with_UKHSA),
        cmocka_unit_test(comparisons_with_a_benchmark_agree_with_the_shared_reference),
        cmocka_unit_test(touching_the_benchmark_is_similar),
        cmocka_unit_test(means_agree_with_those_that_UKHSA_prints),
        cmocka_unit_test(a_mean_moves_with_its_values_and_forgets_the_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

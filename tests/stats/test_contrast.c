/* tests/stats/test_contrast.c — the ratio of two ratios against R, and what must be so of any
 * counts. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "numbers.h"
#include "stats/compare.h"
#include "stats/contrast.h"
#include "stats/random.h"

#include <math.h>

static struct rv_err err;

static void every_row_of_the_reference_comes_out(void **state)
{
    (void)state;
    struct table t;
    table_open(&t, "rate-ratio-ratio.csv", NULL);
    double worst = 0, worst_p = 0;
    for (size_t row = 0; row < t.rows; row++) {
        int64_t x[] = {table_int(&t, row, "a1"), table_int(&t, row, "a0"), table_int(&t, row, "b1"),
                       table_int(&t, row, "b0")};
        struct contrast c, wide;
        CHECK_OK(contrast_ratios(x[0], x[1], x[2], x[3], CONTRAST_INDEPENDENT, 0.95, &c, &err));
        CHECK_OK(contrast_ratios(x[0], x[1], x[2], x[3], CONTRAST_INDEPENDENT, 0.99, &wide, &err));
        CHECK_REF(c.p, table_real(&t, row, "p"), 1e-9, &worst_p);
        CHECK(c.has_ratio == table_has(&t, row, "ratio"));
        if (c.has_ratio) {
            CHECK_REF(c.ratio, table_real(&t, row, "ratio"), 1e-9, &worst);
            CHECK_REF(c.ci.lower, table_real(&t, row, "lower"), 1e-9, &worst);
            CHECK_REF(c.ci.upper, table_real(&t, row, "upper"), 1e-9, &worst);
            CHECK_REF(wide.ci.lower, table_real(&t, row, "lower99"), 1e-9, &worst);
            CHECK_REF(wide.ci.upper, table_real(&t, row, "upper99"), 1e-9, &worst);
        }
    }
    measured("rate-ratio-ratio", "ratio and limits", t.rows, "relative", worst);
    measured("rate-ratio-ratio", "p", t.rows, "relative", worst_p);
    table_done(&t);
}

/* The other way round gives the inverse; the interval holds the ratio; the periods do not matter.
 */
static void it_turns_round(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 12, RANDOM_TEST, 0);
    for (int i = 0; i < 2000; i++) {
        int64_t n[4];
        for (int k = 0; k < 4; k++) {
            n[k] = 1 + random_below(&r, 500);
        }
        struct contrast c, turned, swapped;
        CHECK_OK(contrast_ratios(n[0], n[1], n[2], n[3], CONTRAST_INDEPENDENT, 0.95, &c, &err));
        CHECK_OK(
            contrast_ratios(n[2], n[3], n[0], n[1], CONTRAST_INDEPENDENT, 0.95, &turned, &err));
        CHECK_OK(
            contrast_ratios(n[0], n[2], n[1], n[3], CONTRAST_INDEPENDENT, 0.95, &swapped, &err));
        CHECK_NEAR(c.ratio, 1 / turned.ratio, 1e-12);
        CHECK_NEAR(c.ci.lower, 1 / turned.ci.upper, 1e-12);
        CHECK_NEAR(c.p, turned.p, 1e-9);
        CHECK_NEAR(c.p, swapped.p, 1e-9);
        CHECK(c.ci.lower < c.ratio && c.ratio < c.ci.upper && c.p > 0 && c.p <= 1 + 1e-12);
    }
}

/* Two sources that both fall by a fifth: chance finds a difference in at most 5 of 100. */
static void alike_is_seldom_called_different(void **state)
{
    (void)state;
    struct random_stream r;
    random_open(&r, 13, RANDOM_TEST, 0);
    int found = 0;
    enum { TRIALS = 4000 };
    for (int i = 0; i < TRIALS; i++) {
        int64_t n[4] = {0, 0, 0, 0};
        static const int64_t means[4] = {240, 300, 64, 80};
        for (int k = 0; k < 4; k++) { /* binomial of a small chance: as good as Poisson */
            for (int64_t j = 0; j < means[k] * 10; j++) {
                n[k] += random_below(&r, 10) == 0;
            }
        }
        struct contrast c;
        CHECK_OK(contrast_ratios(n[0], n[1], n[2], n[3], CONTRAST_INDEPENDENT, 0.95, &c, &err));
        found += c.p < 0.05;
    }
    CHECK(found > TRIALS / 100 && found < TRIALS * 5 / 100);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    (void)state;
    struct contrast c = {.p = -1};
    CHECK(contrast_ratios(0, 0, 3, 4, CONTRAST_INDEPENDENT, 0.95, &c, &err).code == RV_DOMAIN);
    CHECK(contrast_ratios(3, 4, 0, 0, CONTRAST_INDEPENDENT, 0.95, &c, &err).code == RV_DOMAIN);
    CHECK(contrast_ratios(-1, 4, 2, 2, CONTRAST_INDEPENDENT, 0.95, &c, &err).code == RV_DOMAIN);
    CHECK(contrast_ratios(1, 4, 2, 2, CONTRAST_INDEPENDENT, 1.0, &c, &err).code == RV_DOMAIN);
    CHECK(c.p < 0);
}

/* R: summary(glm(n ~ period, quasipoisson))$dispersion of 4, 9, 2, 5 and 12, 3, 6, 11, by hand:
 * (26 / 5 + 54 / 8) / 6. */
static void months_that_spread_widen_the_limits(void **state)
{
    (void)state;
    const int64_t months[] = {4, 9, 2, 5, 12, 3, 6, 11}, alike[] = {5, 5, 5, 5, 8, 8, 8, 8};
    const int64_t empty[] = {0, 0, 0, 0, 12, 3, 6, 11}, one[] = {4, 12};
    CHECK_NEAR(contrast_spread(months, (const size_t[]){4, 4}), (26.0 / 5 + 54.0 / 8) / 6, 1e-12);
    CHECK_NEAR(contrast_spread(alike, (const size_t[]){4, 4}), 1, 1e-12);
    CHECK_NEAR(contrast_spread(empty, (const size_t[]){4, 4}), (54.0 / 8) / 3, 1e-12);
    CHECK_NEAR(contrast_spread(one, (const size_t[]){1, 1}), 1, 1e-12);
    struct contrast plain, wide;
    CHECK_OK(contrast_ratios(80, 40, 30, 30, CONTRAST_INDEPENDENT, 0.95, &plain, &err));
    CHECK_OK(contrast_ratios(80, 40, 30, 30, (struct contrast_spreads){4, 4}, 0.95, &wide, &err));
    CHECK_NEAR(log(wide.ci.upper / wide.ratio), 2 * log(plain.ci.upper / plain.ratio), 1e-12);
    CHECK_NEAR(wide.p, plain.p, 1e-15);
    CHECK(contrast_ratios(8, 4, 3, 3, (struct contrast_spreads){0.5, 1}, 0.95, &wide, &err).code ==
          RV_DOMAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_reference_comes_out),
        cmocka_unit_test(it_turns_round),
        cmocka_unit_test(alike_is_seldom_called_different),
        cmocka_unit_test(what_cannot_be_compared_is_refused),
        cmocka_unit_test(months_that_spread_widen_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

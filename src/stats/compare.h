/* stats/compare.h — is one count, or one rate, different from another?
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_COMPARE_H
#define REEVE_STATS_COMPARE_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

struct comparison {
    double ratio;          /* (x1 / n1) / (x0 / n0) */
    bool has_ratio;        /* false when x0 is 0: the ratio is infinite */
    struct interval ci;    /* of the ratio; has_upper is false when x0 is 0 */
    double percent_change; /* 100 (ratio - 1) */
    bool has_percent;      /* as has_ratio */
    double p;              /* two-sided conditional exact */
};

/* Ratio of two Poisson rates with its conditional Wilson interval and exact p-value.
 *
 *   x1, n1  the later or the compared count, >= 0, and its exposure, > 0 and finite: person-years,
 *           days, or 1 for counts over equal periods
 *   x0, n0  the earlier or the reference count and its exposure
 *   level   0.5 <= level < 1
 *
 * Given S = x1 + x0, x1 is Binomial(S, n1 / (n1 + n0)) when the rates are equal; the Wilson limits
 * w of x1 / S give the ratio's w / (1 - w) * n0 / n1. x1 = 0 gives the ratio 0 and lower 0.
 * RV_DOMAIN when S is 0 (nothing to compare), a count is negative or an exposure is not > 0.
 *
 * Source:  Przyborowski & Wilenski (1940), Biometrika 31, 313-323; Wilson (1927).
 * Checked: tests/ref/rate-ratio.csv (R poisson.test, wilson_*), every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(sqrt(S)).
 */
RV_MUST_CHECK rv_status compare_rates(int64_t x1, double n1, int64_t x0, double n0, double level,
                                      struct comparison *ret, struct rv_err *reterr);

/* Wald's interval of the ratio on the log scale; for reproducing tables that used it.
 *
 *   x1, n1, x0, n0, level  as compare_rates; both counts > 0
 *
 * RV_DOMAIN when a count is 0: the formula has no limit there.
 *
 * Source:  Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd edition, chapter 14.
 * Checked: tests/ref/rate-ratio.csv, wald_lower and wald_upper, every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(1).
 */
RV_MUST_CHECK rv_status compare_wald(int64_t x1, double n1, int64_t x0, double n0, double level,
                                     struct interval *ret, struct rv_err *reterr);

/* Exact conditional interval of the ratio: never too narrow, often too wide.
 *
 *   x1, n1, x0, n0, level  as compare_rates
 *
 * The ratios at which P(X >= x1) and P(X <= x1) given S are half of 1 - level. x1 = 0 gives lower
 * 0, x0 = 0 has no upper limit. RV_DOMAIN as compare_rates.
 *
 * Source:  Clopper & Pearson (1934), Biometrika 26, 404-413; R poisson.test.
 * Checked: tests/ref/rate-ratio.csv, exact_lower and exact_upper, every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(sqrt(S)) times about 100.
 */
RV_MUST_CHECK rv_status compare_exact(int64_t x1, double n1, int64_t x0, double n0, double level,
                                      struct interval *ret, struct rv_err *reterr);

/* Two-sided mid-p of equal rates: twice the smaller tail with half the mass of what was observed.
 *
 *   x1, n1, x0, n0  as compare_rates
 *
 * Source:  Lancaster (1961), JASA 56, 223-234; conditional as compare_rates.
 * Checked: tests/ref/rate-ratio.csv, midp_p, every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(sqrt(S)).
 */
RV_MUST_CHECK rv_status compare_mid_p(int64_t x1, double n1, int64_t x0, double n0, double *ret,
                                      struct rv_err *reterr);

struct root_scores {
    double two_sample;    /* (sqrt(x1/n1) - sqrt(x0/n0)) / sqrt(1/(4 n1) + 1/(4 n0)) */
    double known_history; /* 2 (sqrt(x1) - sqrt(x0)): takes x0 as a mean known without error */
};

/* Standard scores of two counts on the square root scale, where a Poisson count has nearly the
 * same spread everywhere. For two single years use two_sample: known_history finds p = 0.05 where
 * there is 0.16.
 *
 *   x1, n1, x0, n0  as compare_rates; both counts 0 give 0
 *
 * RV_DOMAIN outside their ranges.
 *
 * Source:  Anscombe (1948), Biometrika 35, 246-254; Wheeler (2016) for the second.
 * Checked: tests/ref/rate-ratio.csv, two_sample_sqrt_z and wheeler_z, every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(1).
 */
RV_MUST_CHECK rv_status compare_root_scores(int64_t x1, double n1, int64_t x0, double n0,
                                            struct root_scores *ret, struct rv_err *reterr);

/* Two-sided p-value of the E-test for equal Poisson rates: more powerful than the conditional test
 * at small counts.
 *
 *   x1, x0  counts, >= 0, x1 + x0 <= 10^9      n1, n0  exposures, > 0 and finite
 *
 * Both counts 0 give 1: nothing speaks against equality. RV_DOMAIN outside these ranges.
 *
 * Source:  Krishnamoorthy & Thomson (2004), J. Stat. Planning and Inference 119, 23-35.
 * Checked: published .0884, .1749, .165; tests/ref/rate-ratio.csv (statsmodels) within rel 1e-8
 *          down to 1e-37; whole sums of 1,500 x 1,500 cells below, within rel 1e-10.
 * Card:    e-test
 * Cost:    O(sqrt(x1 + x0)) times about 150; 0.04 ms for counts of 1,600.
 */
RV_MUST_CHECK rv_status compare_e_test(int64_t x1, double n1, int64_t x0, double n0, double *ret,
                                       struct rv_err *reterr);

#endif

/* stats/binomial.h — binomial and hypergeometric probabilities and the exact tests built on them.
 *
 * Pure and thread-safe. Accurate in the far tails: probabilities are summed outwards from a
 * saddle-point mass, so 1e-80 is as good as 0.1 and ties are decided as R decides them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_BINOMIAL_H
#define REEVE_STATS_BINOMIAL_H

#include "base/status.h"

#include <stdint.h>

#define BINOMIAL_TIE 1e-7 /* relative: two probabilities this close are one (R's fuzz) */

/* P(X = x), X ~ Binomial(n, p).
 *
 *   x  any; 0 outside 0..n      n  0 .. STATS_COUNT_MAX      p  0 <= p <= 1; not checked
 *
 * Source:  Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
 * Checked: tests/ref/rate-ratio.csv through binomial_test; tests/stats against exact sums.
 * Card:    rate-ratio
 * Cost:    O(1).
 */
double binomial_mass(int64_t x, int64_t n, double p);

/* P(X >= x), X ~ Binomial(n, p): 1 for x <= 0, 0 for x > n.
 *
 *   n  0 .. STATS_COUNT_MAX      p  0 <= p <= 1; not checked
 *
 * Source:  Loader (2000), summed outwards from x.
 * Checked: tests/ref/ranks.csv through rank_simultaneous; tests/stats against exact sums.
 * Card:    rate-ratio
 * Cost:    O(min(sqrt(n), n)) multiplications.
 */
double binomial_upper(int64_t x, int64_t n, double p);

/* Two-sided exact p-value of x successes in n trials of probability p: the total probability of
 * outcomes no likelier than x, counting those within the relative fuzz 1e-7 of it as equal.
 *
 *   x  0 <= x <= n      n  >= 0 (0 gives 1)      p  0 < p < 1
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  Clopper & Pearson (1934), Biometrika 26, 404-413; tie rule of R's binom.test.
 * Checked: tests/ref/rate-ratio.csv (R poisson.test), every row within rel 1e-8.
 * Card:    rate-ratio
 * Cost:    O(sqrt(n)).
 */
RV_MUST_CHECK rv_status binomial_test(int64_t x, int64_t n, double p, double *ret,
                                      struct rv_err *reterr);

/* Two-sided Fisher exact p-value of the table [[a, b], [c, d]], ties as in binomial_test.
 *
 *   a, b, c, d  >= 0, sum <= STATS_COUNT_MAX; a table with an empty row or column gives 1
 *
 * RV_DOMAIN for a negative cell or too large a sum.
 *
 * Source:  Fisher (1935), JRSS 98, 39-82; tie rule of R's fisher.test.
 * Checked: p_vs_rest of tests/ref/decomposition.csv (R fisher.test), every row within rel 1e-9.
 * Card:    decomposition
 * Cost:    O(sqrt(a + b + c + d)).
 */
RV_MUST_CHECK rv_status binomial_fisher(int64_t a, int64_t b, int64_t c, int64_t d, double *ret,
                                        struct rv_err *reterr);

/* One-sided Fisher exact p-value: the chance that the first cell of a table with the margins of
 * [[a, b], [c, d]] is a or more.
 *
 *   a, b, c, d  as binomial_fisher; 1 when the first cell cannot be smaller
 *
 * RV_DOMAIN for a negative cell or too large a sum.
 *
 * Source:  Fisher (1935), JRSS 98, 39-82.
 * Checked: p_greater of tests/ref/rank-shares-pairs.csv (R fisher.test), every row within rel 1e-9.
 * Card:    ranks
 * Cost:    O(sqrt(a + b + c + d)).
 */
RV_MUST_CHECK rv_status binomial_fisher_upper(int64_t a, int64_t b, int64_t c, int64_t d,
                                              double *ret, struct rv_err *reterr);

#endif

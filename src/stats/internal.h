/* stats/internal.h — what the files of this module share and nobody else sees.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_INTERNAL_H
#define REEVE_STATS_INTERNAL_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool stats_has(const uint64_t *valid, size_t i)
{
    return !valid || (valid[i / 64] >> (i % 64) & 1) != 0;
}

/* RV_DOMAIN unless 0 <= count or amount <= STATS_COUNT_MAX, 0.5 <= level < 1, 0 < exposure <
 * infinity. */
rv_status stats_check_count(int64_t count, const char *what, struct rv_err *reterr);
rv_status stats_check_amount(double amount, const char *what, struct rv_err *reterr);
rv_status stats_check_level(double level, struct rv_err *reterr);
rv_status stats_check_exposure(double exposure, const char *what, struct rv_err *reterr);

/* Loader's two pieces of a probability mass: the error of Stirling's formula for n!, and
 * x log(x / mean) + mean - x without cancellation. x >= 0, mean > 0. */
double stats_stirling_error(double n);
double stats_deviance_half(double x, double mean);

/* P(X = x), X ~ Poisson(mean), mean > 0. */
double stats_poisson_mass(int64_t x, double mean);

/* P(X >= x) for x >= mean, P(X <= x) for x <= mean: summed from x outwards until the rest is
 * negligible, O(sqrt(mean)). */
double stats_poisson_up(int64_t x, double mean);
double stats_poisson_down(int64_t x, double mean);

/* A term this small beside the sum ends it: what follows falls at least geometrically. */
#define STATS_NEGLIGIBLE 1e-18

/* binomial_upper and binomial_test with 1 - p given as q, so that nothing is lost when p is close
 * to 1. */
double stats_binomial_upper(int64_t x, int64_t n, double p, double q);
double stats_binomial_two_sided(int64_t x, int64_t n, double p, double q);

#endif

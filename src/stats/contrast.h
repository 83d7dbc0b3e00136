/* stats/contrast.h — did two series of counts change alike?
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_CONTRAST_H
#define REEVE_STATS_CONTRAST_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How much more each source's months spread than independent events would, as a factor of the
 * variance: of contrast_spread. */
struct contrast_spreads {
    double a, b; /* >= 1 */
};
#define CONTRAST_INDEPENDENT ((struct contrast_spreads){1, 1})

/* Pearson's chi-square of the counts of months about the mean of their period, of both periods,
 * over its degrees of freedom; at least 1, and 1 where there are none. Seasons are in it, so that
 * it is rather too large than too small.
 *
 *   periods  first and second run of `counts`: periods[0] + periods[1] counts, >= 0
 *
 * Source:  McCullagh & Nelder (1989), Generalized Linear Models, 2nd edition, 200.
 * Checked: tests/stats/test_contrast.c, R 4.2.2 glm(quasipoisson), summary()$dispersion.
 * Card:    rate-ratio-ratio
 * Cost:    O(n).
 */
double contrast_spread(const int64_t *counts, const size_t periods[2]);

struct contrast {
    double ratio;       /* (a1 / a0) / (b1 / b0) */
    bool has_ratio;     /* all four counts above 0: else there is neither ratio nor interval */
    struct interval ci; /* of the ratio, on the log scale */
    double p;           /* two-sided, Fisher's exact test: that the two changed alike */
};

/* Ratio of two ratios of counts: how differently two sources changed over the same months.
 *
 *   a1, a0  the first source's later and earlier count, >= 0
 *   b1, b0  the second's, of the same months: their lengths then cancel
 *   spreads CONTRAST_INDEPENDENT, or how much wider the limits have to be
 *   level   0.5 <= level < 1
 *
 * Limits exp(ln ratio +- z sqrt(spread a (1/a1 + 1/a0) + spread b (1/b1 + 1/b0))). Given the sums
 * of both sources and of both periods, a1 of Poisson counts that changed alike is hypergeometric: p
 * is Fisher's of
 * [[a1, a0], [b1, b0]], so that p and interval may differ at the edge of a level; p decides.
 * RV_DOMAIN when a count is negative, a spread below 1 or not finite, or one source has no event at
 * all: nothing can be compared.
 *
 * Source:  Altman & Bland (2003), BMJ 326, 219 (limits); Fisher (1935); Woolf (1955).
 * Checked: tests/ref/rate-ratio-ratio.csv: R 4.2.2 glm(poisson) interaction, fisher.test; rel 1e-9.
 * Card:    rate-ratio-ratio
 * Cost:    O(sqrt of the sum).
 */
RV_MUST_CHECK rv_status contrast_ratios(int64_t a1, int64_t a0, int64_t b1, int64_t b0,
                                        struct contrast_spreads spreads, double level,
                                        struct contrast *ret, struct rv_err *reterr);

#endif

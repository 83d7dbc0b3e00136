/* stats/harm.h — offences weighted by the harm they do.
 *
 * Pure and thread-safe. Which weights belong to which offence, and from which edition, is the
 * caller's to say; weights of two editions must never meet in one call or one comparison.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_HARM_H
#define REEVE_STATS_HARM_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct harm {
    double total;          /* sum of weight x count over the offences that have a weight */
    double variance;       /* sum of weight^2 x count: of a compound Poisson sum */
    struct interval ci;    /* of the total; missing when nothing was counted */
    double mean;           /* total / events weighted; when has_mean */
    bool has_mean;         /* false when no event has a weight */
    int64_t events;        /* with a weight */
    int64_t unmapped;      /* events of offences without a weight: they are not in the total */
    size_t unmapped_kinds; /* offences with events and without a weight */
};

/* Total harm of counts by offence, with its interval.
 *
 *   counts   n, >= 0, sum <= STATS_COUNT_MAX      weights  n, >= 0, finite, up to 1e9
 *   mapped   bit i%64 of word i/64 set = offence i has a weight in this edition; NULL = all have
 *   n        offences; none is a total of 0 with no interval
 *   level    0.5 <= level < 1
 *
 * The interval is that of a weighted sum of Poisson counts: total + sqrt(variance / N) (limit of N
 * - N), N the events weighted, with the exact limits of N; below 0 it is 0. It holds the chance of
 * counts, not the doubt about the weights. RV_DOMAIN outside these ranges.
 *
 * Source:  Sherman, Neyroud & Neyroud (2016), Policing 10(3), 171-183, for the index; Dobson et al.
 *          (1991), Statistics in Medicine 10, 457-462, for the interval.
 * Checked: tests/ref/harm.csv (sums in Python), within rel 1e-12; equal weights against the exact
 *          Poisson limits.
 * Card:    harm
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status harm_weigh(const int64_t *counts, const double *weights,
                                   const uint64_t *mapped, size_t n, double level, struct harm *ret,
                                   struct rv_err *reterr);

#endif

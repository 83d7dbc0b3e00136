/* stats/changepoint.h — when did the level of a series of counts change?
 *
 * Thread-safe; the Monte Carlo test runs on a pool and has the same bits on any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_CHANGEPOINT_H
#define REEVE_STATS_CHANGEPOINT_H

#include "base/arena.h"
#include "base/pool.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANGEPOINT_MOST 20000 /* periods: the search for several changes is quadratic */

struct changepoint_options {
    double penalty;     /* for each change in the search for several; 0 = 2 ln n */
    int64_t replicates; /* of the Monte Carlo test of one change, 0 .. 10^6; 0 = no test */
    uint64_t seed;
};

#define CHANGEPOINT_DEFAULTS                                                                       \
    ((struct changepoint_options){.replicates = 999, .seed = UINT64_C(20240131)})

struct changepoint_segment {
    size_t first, end; /* periods first .. end-1 */
    int64_t count;
    double exposure, rate; /* count / exposure */
};

struct changepoint {
    size_t n;
    double *lr;   /* n - 1: twice the log likelihood ratio of a change after period i + 1 */
    size_t after; /* the one change that fits best: after so many periods, 1 .. n - 1; earliest */
    double lr_max;
    bool has_p; /* false without replicates, or without events */
    double p;   /* Monte Carlo: a largest ratio like this or more when nothing changed */
    double penalty;
    struct changepoint_segment
        *segments; /* of the best partition with the penalty; 1 = no change */
    size_t segment_count;
};

/* Changes in the rate of Poisson counts.
 *
 *   a         lr and segments live here      pool  NULL = the calling thread alone
 *   counts    counts[n], >= 0                exposure  exposure[n], > 0: days; NULL = 1 each
 *   valid     bit i%64 of word i/64; NULL = all known. A missing period is refused by number: close
 *             the gap yourself, saying so, or take the longest stretch without one
 *   n         2 .. CHANGEPOINT_MOST
 *
 * The replicates draw the total again among the periods in proportion to their exposure: p allows
 * for the place having been chosen after looking. RV_DOMAIN outside these ranges; RV_NO_MEMORY.
 *
 * Source:  Hinkley & Hinkley (1970), Biometrika 57, 477-488; Jackson et al. (2005), IEEE Signal
 *          Processing Letters 12(2), 105-108, for the optimal partition; Barnard (1963) for p.
 * Checked: tests/ref/changepoint.csv (exhaustive search), rel 1e-9.
 * Card:    changepoint
 * Cost:    O(n^2 + n replicates); 999 replicates of 48 months take 10 ms.
 */
RV_MUST_CHECK rv_status changepoint_detect(struct arena *a, struct pool *pool,
                                           const int64_t *counts, const double *exposure,
                                           const uint64_t *valid, size_t n,
                                           const struct changepoint_options *options,
                                           struct changepoint *ret, struct rv_err *reterr);

#endif

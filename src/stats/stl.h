/* stats/stl.h — a series split into season, trend and remainder by local regression.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_STL_H
#define REEVE_STATS_STL_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stl_options {
    size_t period;          /* values in a cycle: 12 months, 52 weeks, 7 days; >= 2 */
    size_t seasonal_window; /* STL_PERIODIC, or an odd number from 7 on: how many cycles count */
    size_t trend_window;    /* 0 = the next odd number from 1.5 period / (1 - 1.5 / seasonal) */
    size_t low_pass_window; /* 0 = the next odd number from period on */
    bool is_robust;         /* outliers count less */
    int inner_loops;        /* 0 = one when robust, else two */
    int outer_loops;        /* of a robust fit; 0 = 15 */
};

#define STL_PERIODIC ((size_t)0) /* the same season in every cycle */

struct stl {
    size_t n;
    double *seasonal, *trend,
        *remainder;  /* n each, in the caller's arena; they add up to the series */
    double *weights; /* n, 0 .. 1: 1 but for outliers of a robust fit */
    double cycles;   /* n / period */
    bool is_short;   /* under four cycles: the season is hardly known */
};

/* Seasonal-trend decomposition by loess, as R's stl() with its default windows and jumps.
 *
 *   series  series[n], equally spaced, any unit, finite
 *   valid   bit i%64 of word i/64; NULL = all known. STL has no answer to gaps: a missing value is
 *           refused by number, never filled
 *
 * RV_DOMAIN when n is not over two periods, a value is missing or not finite, or a window is out of
 * range; RV_NO_MEMORY.
 *
 * Source:  Cleveland, Cleveland, McRae, Terpenning (1990), STL, J. Official Statistics 6(1), 3-73.
 * Checked: tests/ref/stl.csv (R stl, periodic) and tests/ref/stl-variants.csv (windows, robust,
 * loops), rel 1e-9. The robust columns of stl.csv differ by up to 0.034 of 73 to 157: R's partial
 *          sort misses the median once, see docs/decisions.
 * Card:    stl
 * Cost:    O(n (seasonal + trend + low pass window) loops); 0.3 ms for six years of months.
 */
RV_MUST_CHECK rv_status stl_decompose(struct arena *a, const double *series, const uint64_t *valid,
                                      size_t n, const struct stl_options *options, struct stl *ret,
                                      struct rv_err *reterr);

#endif

/* stats/mean.h — a mean of measurements with Student's interval.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_MEAN_H
#define REEVE_STATS_MEAN_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mean {
    size_t n;           /* values that are known */
    double sum, mean;   /* of them */
    double sd;          /* with n - 1; when has_spread */
    struct interval ci; /* has_lower and has_upper false when n is 1 */
    bool has_spread;    /* n >= 2 */
};

/* Mean of the known values with Student's two-sided interval.
 *
 *   values  n numbers, finite, within 1e150      valid  bit i%64 of word i/64 set = known; NULL =
 *           all are      level  0.5 <= level < 1
 *
 * RV_DOMAIN when none is known (the mean of nothing is not available) or a value is not finite.
 * One value has a mean and no interval.
 *
 * Source:  Student (1908), Biometrika 6(1), 1-25; two passes for the spread.
 * Checked: tests/ref/phe-mean.csv (published by UKHSA), within rel 1e-12.
 * Card:    mean
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status mean_student(const double *values, const uint64_t *valid, size_t n,
                                     double level, struct mean *ret, struct rv_err *reterr);

#endif

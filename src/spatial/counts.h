/* spatial/counts.h — what the files of this module share.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SPATIAL_COUNTS_H
#define REEVE_SPATIAL_COUNTS_H

#include "stats/interval.h"

/* Their sum; RV_DOMAIN for a negative count or a sum over STATS_COUNT_MAX. */
static inline rv_status spatial_sum(const int64_t *counts, size_t n, int64_t *ret,
                                    struct rv_err *reterr)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (counts[i] < 0 || counts[i] > STATS_COUNT_MAX - sum) {
            return rv_fail(reterr, RV_DOMAIN,
                           "count %zu is %lld: counts must be 0 or more and their sum at most %lld",
                           i + 1, (long long)counts[i], (long long)STATS_COUNT_MAX);
        }
        sum += counts[i];
    }
    *ret = sum;
    return rv_ok();
}

#endif

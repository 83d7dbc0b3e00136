/* stats/proportion.h — are two shares different?
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_PROPORTION_H
#define REEVE_STATS_PROPORTION_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdint.h>

struct proportion_difference {
    double first, second; /* x1 / n1, x2 / n2 */
    double difference;    /* first - second */
    struct interval ci;   /* of the difference, within [-1, 1] */
    double p;             /* two-sided, Fisher exact */
};

/* Difference of two independent shares with Newcombe's hybrid score interval and Fisher's p.
 *
 *   x1, n1  0 <= x1 <= n1, n1 > 0      x2, n2  the same of the other group; n1 + n2 <= 10^12
 *   level   0.5 <= level < 1
 *
 * With the Wilson limits (l1, u1) and (l2, u2): lower = d - sqrt((p1 - l1)^2 + (u2 - p2)^2),
 * upper = d + sqrt((u1 - p1)^2 + (p2 - l2)^2). RV_DOMAIN when a base is 0 or a count outside its
 * range. The interval and the test can disagree at the edge of significance: report both.
 *
 * Source:  Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Fisher (1935).
 * Checked: tests/ref/diff-proportions.csv (statsmodels), every row within abs 1e-9.
 * Card:    diff-proportions
 * Cost:    O(sqrt(n1 + n2)), for Fisher's p.
 */
RV_MUST_CHECK rv_status proportion_compare(int64_t x1, int64_t n1, int64_t x2, int64_t n2,
                                           double level, struct proportion_difference *ret,
                                           struct rv_err *reterr);

#endif

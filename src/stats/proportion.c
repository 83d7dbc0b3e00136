/* stats/proportion.c — Newcombe's hybrid score interval.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/proportion.h"

#include "stats/binomial.h"

#include <math.h>

rv_status proportion_compare(int64_t x1, int64_t n1, int64_t x2, int64_t n2, double level,
                             struct proportion_difference *ret, struct rv_err *reterr)
{
    struct interval first, second;
    RV_TRY(interval_wilson(x1, n1, level, &first, reterr));
    RV_TRY(interval_wilson(x2, n2, level, &second, reterr));
    struct proportion_difference d = {.first = (double)x1 / (double)n1,
                                      .second = (double)x2 / (double)n2};
    RV_TRY(binomial_fisher(x1, n1 - x1, x2, n2 - x2, &d.p, reterr));
    d.difference = d.first - d.second;
    double below = hypot(d.first - first.lower, second.upper - d.second);
    double above = hypot(first.upper - d.first, d.second - second.lower);
    /* Rounding alone could leave [-1, 1]. */
    d.ci = (struct interval){fmax(-1, d.difference - below), fmin(1, d.difference + above), true,
                             true};
    *ret = d;
    return rv_ok();
}

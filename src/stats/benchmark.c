/* stats/benchmark.c — one interval against one number.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/benchmark.h"

#include <math.h>

rv_status benchmark_side_of(const struct interval *ci, double benchmark, enum benchmark_side *ret,
                            struct rv_err *reterr)
{
    if (!isfinite(benchmark) || (ci->has_lower && !isfinite(ci->lower)) ||
        (ci->has_upper && !isfinite(ci->upper))) {
        return rv_fail(reterr, RV_DOMAIN, "the benchmark and the limits must be finite numbers");
    }
    *ret = ci->has_upper && ci->upper < benchmark   ? BENCHMARK_LOWER
           : ci->has_lower && ci->lower > benchmark ? BENCHMARK_HIGHER
                                                    : BENCHMARK_SIMILAR;
    return rv_ok();
}

const char *benchmark_label(enum benchmark_side side, enum benchmark_polarity polarity)
{
    static const char *const labels[][3] = {
        [BENCHMARK_LOW_GOOD] = {"better", "similar", "worse"},
        [BENCHMARK_HIGH_GOOD] = {"worse", "similar", "better"},
        [BENCHMARK_NEITHER] = {"lower", "similar", "higher"},
    };
    return labels[polarity][side];
}

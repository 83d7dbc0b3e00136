/* stats/interval.c — Garwood, Byar and Wilson.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/interval.h"

#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double interval_z(double level)
{
    return gsl_cdf_ugaussian_Qinv((1 - level) / 2);
}

/* Byar's limits: also where the search for the exact ones starts. */
static double byar_lower(double count, double z)
{
    double root = 1 - 1 / (9 * count) - z / (3 * sqrt(count));
    return count * root * root * root;
}

static double byar_upper(double count, double z)
{
    double root = 1 - 1 / (9 * (count + 1)) + z / (3 * sqrt(count + 1));
    return (count + 1) * root * root * root;
}

/* The mean at which the tail beyond `count` has the probability `tail`: Newton on the logarithm of
 * the tail, kept inside a shrinking bracket. GSL's gamma quantiles are not used: for a shape of
 * 6,328 its upper one is 20% off.
 *
 * direction is 1 for the lower limit (P(X >= count), which grows with the mean) and -1 for the
 * upper (P(X <= count), which falls). */
static double mean_at_tail(int64_t count, double tail, int direction, double low, double high,
                           double start)
{
    double mean = start > low && start < high ? start : low + (high - low) / 2;
    for (int step = 0; step < 200; step++) {
        double at = direction > 0 ? stats_poisson_up(count, mean) : stats_poisson_down(count, mean);
        double density = stats_poisson_mass(direction > 0 ? count - 1 : count, mean);
        double miss = log(at / tail);
        if (miss * direction > 0) {
            high = mean;
        } else {
            low = mean;
        }
        double move = direction * miss * at / density;
        /* The error of a Newton step is about the square of its length. */
        if (fabs(move) <= 1e-10 * mean) {
            return mean - move;
        }
        double next = mean - move;
        if (!(next > low && next < high)) {
            next = low + (high - low) / 2;
        }
        mean = next;
    }
    return mean;
}

rv_status interval_poisson(int64_t count, double level, struct interval *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_count(count, "the count", reterr));
    RV_TRY(stats_check_level(level, reterr));
    double n = (double)count, tail = (1 - level) / 2, z = interval_z(level);
    struct interval ci = {0, -log(tail), true, true};
    if (count > 0) {
        /* For a mean this much larger, P(X <= count) is far below any tail of a level below 1. */
        double beyond = n + 1000 + 100 * sqrt(n);
        ci.lower = mean_at_tail(count, tail, 1, 0, n, byar_lower(n, z));
        ci.upper = mean_at_tail(count, tail, -1, n, beyond, byar_upper(n, z));
    }
    *ret = ci;
    return rv_ok();
}

rv_status interval_byar(int64_t count, double level, struct interval *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_count(count, "the count", reterr));
    return interval_byar_real((double)count, level, ret, reterr);
}

rv_status interval_byar_real(double count, double level, struct interval *ret,
                             struct rv_err *reterr)
{
    RV_TRY(stats_check_amount(count, "the count", reterr));
    RV_TRY(stats_check_level(level, reterr));
    double z = interval_z(level);
    struct interval ci = {0, byar_upper(count, z), true, true};
    if (count > 0) {
        double lower = byar_lower(count, z);
        ci.has_lower = lower >= 0;
        ci.lower = ci.has_lower ? lower : 0;
    }
    *ret = ci;
    return rv_ok();
}

rv_status interval_wilson(int64_t x, int64_t n, double level, struct interval *ret,
                          struct rv_err *reterr)
{
    RV_TRY(stats_check_count(n, "the base", reterr));
    RV_TRY(stats_check_count(x, "the count", reterr));
    return interval_wilson_real((double)x, (double)n, level, ret, reterr);
}

rv_status interval_wilson_real(double x, double n, double level, struct interval *ret,
                               struct rv_err *reterr)
{
    RV_TRY(stats_check_amount(n, "the base", reterr));
    RV_TRY(stats_check_amount(x, "the count", reterr));
    RV_TRY(stats_check_level(level, reterr));
    if (n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "the share is not available: its base is 0");
    }
    if (n < STATS_EXPOSURE_MIN) {
        return rv_fail(reterr, RV_DOMAIN, "the base %g is too small for a share", n);
    }
    if (x > n) {
        return rv_fail(reterr, RV_DOMAIN, "the count %.12g is larger than its base %.12g", x, n);
    }
    double z = interval_z(level);
    double p = x / n;
    double centre = p + z * z / (2 * n);
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double scale = 1 + z * z / n;
    *ret = (struct interval){x == 0 ? 0 : (centre - half) / scale,
                             x == n ? 1 : (centre + half) / scale, true, true};
    return rv_ok();
}

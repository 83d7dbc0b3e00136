/* stats/imputation.c — proportional allocation of the missing, and Rubin's rules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/imputation.h"

#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

rv_status reallocate(const int64_t *known, const int64_t *missing, size_t strata, size_t groups,
                     double *ret, struct rv_err *reterr)
{
    int64_t all = 0;
    for (size_t i = 0; i < strata * groups; i++) {
        RV_TRY(stats_check_count(known[i], "a count", reterr));
        all += known[i];
        RV_TRY(stats_check_count(all, "the sum of the counts", reterr));
    }
    for (size_t s = 0; s < strata; s++) {
        RV_TRY(stats_check_count(missing[s], "the number without a group", reterr));
    }
    if (all == 0) {
        return rv_fail(reterr, RV_DOMAIN,
                       "no record has a group: there is nothing to allocate the others by");
    }
    for (size_t g = 0; g < groups; g++) {
        int64_t pooled = 0;
        double sum = 0;
        for (size_t s = 0; s < strata; s++) {
            pooled += known[s * groups + g];
        }
        for (size_t s = 0; s < strata; s++) {
            const int64_t *row = &known[s * groups];
            int64_t recorded = 0;
            for (size_t k = 0; k < groups; k++) {
                recorded += row[k];
            }
            double share =
                recorded > 0 ? (double)row[g] / (double)recorded : (double)pooled / (double)all;
            sum += (double)row[g] + share * (double)missing[s];
        }
        ret[g] = sum;
    }
    return rv_ok();
}

/* Degrees of freedom of Barnard & Rubin, which are those of Rubin when the sample is large. */
static double pooled_df(double m, double increase, double complete_df)
{
    if (increase == 0) {
        return complete_df; /* the copies agree: nothing is lost */
    }
    double old = (m - 1) * (1 + 1 / increase) * (1 + 1 / increase);
    if (isinf(complete_df)) {
        return old;
    }
    double lost = increase / (1 + increase);
    double observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - lost);
    return old * observed / (old + observed);
}

rv_status pool_estimates(const double *estimates, const double *variances, size_t m,
                         double complete_df, double level, struct pooled *ret,
                         struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    if (m < 2 || !(complete_df > 0)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "pooling needs at least two estimates and positive degrees of freedom");
    }
    double n = (double)m, mean = 0, within = 0, between = 0;
    for (size_t i = 0; i < m; i++) {
        if (!isfinite(estimates[i]) || !isfinite(variances[i]) || variances[i] < 0) {
            return rv_fail(reterr, RV_DOMAIN,
                           "estimate %zu or its variance is not a number that can be pooled",
                           i + 1);
        }
        mean += estimates[i] / n;
        within += variances[i] / n;
    }
    for (size_t i = 0; i < m; i++) {
        between += (estimates[i] - mean) * (estimates[i] - mean) / (n - 1);
    }
    if (!(within > 0) || !isfinite(mean) || !isfinite(within) || !isfinite(between)) {
        return rv_fail(reterr, RV_DOMAIN, "the variances are all 0, or too large to pool");
    }
    struct pooled p = {.estimate = mean, .within = within, .between = between};
    p.total = within + (1 + 1 / n) * between;
    p.relative_increase = (1 + 1 / n) * between / within;
    p.df = pooled_df(n, p.relative_increase, complete_df);
    double old = pooled_df(n, p.relative_increase, INFINITY);
    double correction = isinf(old) ? 0 : 2 / (old + 3);
    p.fraction_missing = (p.relative_increase + correction) / (p.relative_increase + 1);
    double t = isinf(p.df) ? interval_z(level) : gsl_cdf_tdist_Pinv(1 - (1 - level) / 2, p.df);
    double half = t * sqrt(p.total);
    p.ci = (struct interval){mean - half, mean + half, true, true};
    *ret = p;
    return rv_ok();
}

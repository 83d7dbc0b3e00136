/* stats/weighting.c — weighted shares with a design effect, and representativeness.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/weighting.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Wilson's interval where successes and trials need not be whole. */
static struct interval wilson_of(double share, double n, double level)
{
    double z = interval_z(level), z2 = z * z;
    double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
    double half = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    return (struct interval){share > 0 ? fmax(centre - half, 0) : 0,
                             share < 1 ? fmin(centre + half, 1) : 1, true, true};
}

static double weight_of(const double *weights, size_t i)
{
    return weights ? weights[i] : 1;
}

rv_status weighted_share(const uint8_t *answers, const double *weights, size_t n, double level,
                         struct weighted_share *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    struct weighted_share w = {.n = 0};
    struct sum all = {0, 0}, yes = {0, 0}, squares = {0, 0}, deviation = {0, 0};
    for (size_t i = 0; i < n; i++) {
        double weight = weight_of(weights, i);
        if (!isfinite(weight) || weight < 0) {
            return rv_fail(reterr, RV_DOMAIN, "weight %zu is negative or not a number", i + 1);
        }
        if (answers[i] > 1) {
            continue;
        }
        w.n++;
        w.yes += answers[i];
        sum_add(&all, weight);
        sum_add(&squares, weight * weight);
        sum_add(&yes, answers[i] ? weight : 0);
    }
    double total = sum_value(&all);
    if (w.n == 0 || !(total > 0) || !isfinite(sum_value(&squares))) {
        return rv_fail(reterr, RV_DOMAIN,
                       "nobody answered, or the weights of those who did are all 0 or too large");
    }
    w.share = fmin(sum_value(&yes) / total, 1);
    w.design_effect = (double)w.n * sum_value(&squares) / (total * total);
    w.effective_n = (double)w.n / w.design_effect;
    for (size_t i = 0; i < n; i++) {
        if (answers[i] <= 1) {
            double part = weight_of(weights, i) * (answers[i] - w.share) / total;
            sum_add(&deviation, part * part);
        }
    }
    w.has_standard_error = w.n > 1;
    w.standard_error = w.n > 1 ? sqrt((double)w.n / (double)(w.n - 1) * sum_value(&deviation)) : 0;
    w.ci = wilson_of(w.share, w.effective_n, level);
    w.unweighted = (double)w.yes / (double)w.n;
    RV_TRY(interval_wilson(w.yes, w.n, level, &w.unweighted_ci, reterr));
    *ret = w;
    return rv_ok();
}

rv_status representativeness(const int64_t *counts, const double *populations, size_t n,
                             struct representativeness *ret, struct rv_err *reterr)
{
    if (n < 2) {
        return rv_fail(reterr, RV_DOMAIN, "a comparison needs at least two categories");
    }
    struct representativeness r = {.df = (double)(n - 1)};
    struct sum population = {0, 0};
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_count(counts[i], "the respondents of a category", reterr));
        RV_TRY(stats_check_exposure(populations[i], "the population of a category", reterr));
        r.n += counts[i];
        sum_add(&population, populations[i]);
    }
    double all = sum_value(&population), sample = (double)r.n;
    if (r.n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "no respondent has a category");
    }
    r.response = sample / all;
    struct sum apart = {0, 0}, chi = {0, 0}, variance = {0, 0};
    for (size_t i = 0; i < n; i++) {
        double share = populations[i] / all, expected = sample * share;
        double response = (double)counts[i] / populations[i] - r.response;
        sum_add(&apart, fabs((double)counts[i] / sample - share));
        sum_add(&chi, ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected);
        sum_add(&variance, share * response * response);
    }
    r.dissimilarity = sum_value(&apart) / 2;
    r.chi_square = sum_value(&chi);
    r.p = gsl_cdf_chisq_Q(r.chi_square, r.df);
    double spread = sqrt(sum_value(&variance));
    r.r_indicator = 1 - 2 * spread;
    r.variation = spread / r.response;
    *ret = r;
    return rv_ok();
}

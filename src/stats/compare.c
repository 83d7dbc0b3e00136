/* stats/compare.c — two rates: the conditional tests and the E-test.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/compare.h"

#include "stats/internal.h"

#include <math.h>
#include <stdlib.h>

#define E_TEST_COUNT_MAX INT64_C(1000000000)

/* Statistics within this relative distance of the observed one are as extreme as it. */
#define E_TEST_TIE 1e-10

/* Masses below this take no part: a p-value under 1e-300 comes out as 0. */
#define E_TEST_LEAST_MASS 1e-300

static rv_status check_pair(int64_t x1, double n1, int64_t x0, double n0, struct rv_err *reterr)
{
    RV_TRY(stats_check_count(x1, "the first count", reterr));
    RV_TRY(stats_check_exposure(n1, "the first exposure", reterr));
    RV_TRY(stats_check_count(x0, "the second count", reterr));
    RV_TRY(stats_check_exposure(n0, "the second exposure", reterr));
    return stats_check_count(x1 + x0, "the sum of the two counts", reterr);
}

rv_status compare_rates(int64_t x1, double n1, int64_t x0, double n0, double level,
                        struct comparison *ret, struct rv_err *reterr)
{
    RV_TRY(check_pair(x1, n1, x0, n0, reterr));
    RV_TRY(stats_check_level(level, reterr));
    if (x1 + x0 == 0) {
        return rv_fail(reterr, RV_DOMAIN, "two counts of 0 cannot be compared");
    }
    struct interval share;
    RV_TRY(interval_wilson(x1, x1 + x0, level, &share, reterr));
    /* The Wilson limits of the complement are 1 - w; taking them from their own count keeps the
     * digits that 1 - w would lose. */
    struct interval rest;
    RV_TRY(interval_wilson(x0, x1 + x0, level, &rest, reterr));
    double exposure = n0 / n1;
    struct comparison c = {
        .p = stats_binomial_two_sided(x1, x1 + x0, n1 / (n1 + n0), n0 / (n1 + n0))};
    c.ci = (struct interval){.lower = share.lower / rest.upper * exposure, .has_lower = true};
    if (x0 > 0) {
        c.has_ratio = c.has_percent = c.ci.has_upper = true;
        c.ratio = (double)x1 / (double)x0 * exposure;
        c.percent_change = 100 * (c.ratio - 1);
        c.ci.upper = share.upper / rest.lower * exposure;
    }
    *ret = c;
    return rv_ok();
}

static rv_status check_some(int64_t x1, double n1, int64_t x0, double n0, struct rv_err *reterr)
{
    RV_TRY(check_pair(x1, n1, x0, n0, reterr));
    if (x1 + x0 == 0) {
        return rv_fail(reterr, RV_DOMAIN, "two counts of 0 cannot be compared");
    }
    return rv_ok();
}

rv_status compare_wald(int64_t x1, double n1, int64_t x0, double n0, double level,
                       struct interval *ret, struct rv_err *reterr)
{
    RV_TRY(check_pair(x1, n1, x0, n0, reterr));
    RV_TRY(stats_check_level(level, reterr));
    if (x1 == 0 || x0 == 0) {
        return rv_fail(reterr, RV_DOMAIN, "Wald's interval does not exist for a count of 0");
    }
    double ratio = (double)x1 / (double)x0 * (n0 / n1);
    double stretch = exp(interval_z(level) * sqrt(1 / (double)x1 + 1 / (double)x0));
    *ret = (struct interval){ratio / stretch, ratio * stretch, true, true};
    return rv_ok();
}

/* The odds at which P(X >= x), X ~ Binomial(n, odds / (1 + odds)), is `tail`, for 0 < x <= n: it
 * rises with the odds. Halving on the logarithm, from a bracket around the observed odds. */
static double odds_at_tail(int64_t x, int64_t n, double tail)
{
    double middle = log((double)x + 0.5) - log((double)(n - x) + 0.5);
    double low = middle - 1, high = middle + 1, step = 1;
    while (stats_binomial_upper(x, n, 1 / (1 + exp(-low)), 1 / (1 + exp(low))) > tail) {
        low -= step;
        step *= 2;
    }
    for (step = 1; stats_binomial_upper(x, n, 1 / (1 + exp(-high)), 1 / (1 + exp(high))) < tail;
         step *= 2) {
        high += step;
    }
    while (high - low > 1e-13 * fmax(1, fabs(low))) {
        middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            break;
        }
        if (stats_binomial_upper(x, n, 1 / (1 + exp(-middle)), 1 / (1 + exp(middle))) < tail) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return exp(low + (high - low) / 2);
}

rv_status compare_exact(int64_t x1, double n1, int64_t x0, double n0, double level,
                        struct interval *ret, struct rv_err *reterr)
{
    RV_TRY(check_some(x1, n1, x0, n0, reterr));
    RV_TRY(stats_check_level(level, reterr));
    double tail = (1 - level) / 2, exposure = n0 / n1;
    struct interval ci = {0, 0, true, x0 > 0};
    if (x1 > 0) {
        ci.lower = odds_at_tail(x1, x1 + x0, tail) * exposure;
    }
    if (x0 > 0) {
        /* P(X <= x1) is the upper tail of the other count, whose odds are the inverse. */
        ci.upper = exposure / odds_at_tail(x0, x1 + x0, tail);
    }
    *ret = ci;
    return rv_ok();
}

rv_status compare_mid_p(int64_t x1, double n1, int64_t x0, double n0, double *ret,
                        struct rv_err *reterr)
{
    RV_TRY(check_some(x1, n1, x0, n0, reterr));
    double p = n1 / (n1 + n0), q = n0 / (n1 + n0);
    int64_t n = x1 + x0;
    /* Each tail with half of the observed mass, from sums that hold their digits. */
    double up = stats_binomial_upper(x1, n, p, q), next_up = stats_binomial_upper(x1 + 1, n, p, q);
    double down = stats_binomial_upper(x0, n, q, p);
    double next_down = stats_binomial_upper(x0 + 1, n, q, p);
    *ret = fmin(1, fmin(up + next_up, down + next_down));
    return rv_ok();
}

rv_status compare_root_scores(int64_t x1, double n1, int64_t x0, double n0, struct root_scores *ret,
                              struct rv_err *reterr)
{
    RV_TRY(check_pair(x1, n1, x0, n0, reterr));
    double first = sqrt((double)x1), second = sqrt((double)x0);
    /* Both scaled by sqrt(n1): exposures of any size stay finite. */
    double gap = first - second * sqrt(n1 / n0);
    ret->two_sample = 2 * gap / sqrt(1 + n1 / n0);
    ret->known_history = 2 * (first - second);
    return rv_ok();
}

/* Poisson counts from the first to the last whose mass is worth adding. */
struct span {
    int64_t first, last;
    double mean;
};

static int64_t last_worth(double mean, int64_t from, int64_t to)
{
    while (llabs(to - from) > 1) {
        int64_t middle = from + (to - from) / 2;
        if (stats_poisson_mass(middle, mean) >= E_TEST_LEAST_MASS) {
            from = middle;
        } else {
            to = middle;
        }
    }
    return from;
}

static struct span span_of(double mean)
{
    int64_t centre = (int64_t)mean;
    int64_t beyond = centre + 1000 + (int64_t)(60 * sqrt(mean));
    struct span s = {0, last_worth(mean, centre, beyond), mean};
    if (stats_poisson_mass(0, mean) < E_TEST_LEAST_MASS) {
        s.first = last_worth(mean, centre, 0);
    }
    return s;
}

/* The square of the statistic, signed by its direction: a against b with exposures ratio : 1. */
static double e_statistic(int64_t a, int64_t b, double ratio)
{
    if (a == 0 && b == 0) {
        return 0;
    }
    double gap = (double)a - (double)b * ratio;
    return gap * fabs(gap) / (((double)a + (double)b) * ratio);
}

/* P(statistic >= limit): for each a, the b up to an edge that only rises with a. */
static double e_tail_high(struct span sa, struct span sb, double ratio, double limit)
{
    double total = 0, below = 0;
    double mass_a = stats_poisson_mass(sa.first, sa.mean);
    double mass_b = stats_poisson_mass(sb.first, sb.mean);
    int64_t b = sb.first; /* the next b to enter */
    for (int64_t a = sa.first; a <= sa.last; a++) {
        while (b <= sb.last && e_statistic(a, b, ratio) >= limit) {
            below += mass_b;
            b++;
            mass_b *= sb.mean / (double)b;
        }
        total += mass_a * below;
        mass_a *= sa.mean / (double)(a + 1);
    }
    return total;
}

rv_status compare_e_test(int64_t x1, double n1, int64_t x0, double n0, double *ret,
                         struct rv_err *reterr)
{
    RV_TRY(check_pair(x1, n1, x0, n0, reterr));
    int64_t sum = x1 + x0;
    if (sum > E_TEST_COUNT_MAX) {
        return rv_fail(reterr, RV_DOMAIN, "the E-test takes at most 10^9 events, not %lld",
                       (long long)sum);
    }
    double observed = fabs(e_statistic(x1, x0, n1 / n0));
    if (observed == 0) {
        *ret = 1;
        return rv_ok();
    }
    double limit = observed * (1 - 2 * E_TEST_TIE);
    struct span first = span_of((double)sum * (n1 / (n1 + n0)));
    struct span second = span_of((double)sum * (n0 / (n1 + n0)));
    double p =
        e_tail_high(first, second, n1 / n0, limit) + e_tail_high(second, first, n0 / n1, limit);
    *ret = fmin(1, p);
    return rv_ok();
}

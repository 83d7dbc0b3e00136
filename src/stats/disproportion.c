/* stats/disproportion.c — relative rate index, gap, and bounds over the missing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/disproportion.h"

#include "stats/compare.h"
#include "stats/internal.h"

#include <math.h>

/* What the comparison of one group needs of all of them. */
struct totals {
    int64_t known, population, missing;
    int64_t reference_count, reference_population;
    double level;
};

/* exp(log(ratio) -+ z se) */
static struct interval log_interval(double ratio, double se, double level)
{
    double z = interval_z(level);
    return (struct interval){ratio * exp(-z * se), ratio * exp(z * se), true, true};
}

/* The limits of x1 / (x1 + x0) by inverting its exact tails, as limits of the ratio. */
static struct interval exact_interval(int64_t x1, double n1, int64_t x0, double n0, double level)
{
    int64_t n = x1 + x0;
    double tail = (1 - level) / 2, exposure = n0 / n1;
    struct interval ci = {0, 0, true, x0 > 0};
    double low = 0, high = 1;
    for (int i = 0; x1 > 0 && i < 200; i++) {
        double p = (low + high) / 2;
        *(stats_binomial_upper(x1, n, p, 1 - p) < tail ? &low : &high) = p;
    }
    ci.lower = x1 > 0 ? low / (1 - low) * exposure : 0;
    low = 0; /* of the other's share: q = 1 - p keeps its digits when p is near 1 */
    high = 1;
    for (int i = 0; x0 > 0 && i < 200; i++) {
        double q = (low + high) / 2;
        *(stats_binomial_upper(x0, n, q, 1 - q) < tail ? &low : &high) = q;
    }
    ci.upper = x0 > 0 ? (1 - low) / low * exposure : 0;
    return ci;
}

static rv_status ratio_of(int64_t x1, int64_t n1, int64_t x0, int64_t n0, double level,
                          struct rate_ratio *ret, struct rv_err *reterr)
{
    struct rate_ratio r = {.has_value = x0 > 0};
    if (x1 + x0 > 0) {
        struct comparison k;
        RV_TRY(compare_rates(x1, (double)n1, x0, (double)n0, level, &k, reterr));
        r.p = k.p;
        r.has_p = true;
        r.value = k.ratio;
        r.exact = exact_interval(x1, (double)n1, x0, (double)n0, level);
    }
    if (x1 > 0 && x0 > 0) {
        double a = 1 / (double)x1, b = 1 / (double)x0;
        double drawn = a - 1 / (double)n1 + b - 1 / (double)n0;
        r.events = log_interval(r.value, sqrt(a + b), level);
        if (x1 <= n1 && x0 <= n0) { /* more events than persons: they cannot be persons */
            r.katz = log_interval(r.value, sqrt(drawn), level);
        }
    }
    *ret = r;
    return rv_ok();
}

/* Missing records of the reference at which its rate reaches that of the group. */
static int64_t tipping_point(int64_t count, int64_t population, const struct totals *t)
{
    double needed = (double)count / (double)population * (double)t->reference_population -
                    (double)t->reference_count;
    /* A count that is reached exactly must not be pushed to the next by rounding. */
    double whole = ceil(needed - 1e-9 * fabs(needed));
    return whole > 0 ? (int64_t)whole : 0;
}

static rv_status bound(int64_t count, int64_t population, bool is_reference, const struct totals *t,
                       struct disproportion_bounds *ret, struct rv_err *reterr)
{
    int64_t all = t->known + t->missing;
    struct disproportion_bounds b = {.share_low = (double)count / (double)all,
                                     .share_high = (double)(count + t->missing) / (double)all,
                                     .has_comparison = !is_reference};
    /* One-sided at each end: the two-sided level leaves twice the tail. */
    double level = 1 - 2 * (1 - t->level);
    level = level < 0.5 ? 0.5 : level;
    struct interval low, high;
    RV_TRY(interval_wilson(count, all, level, &low, reterr));
    RV_TRY(interval_wilson(count + t->missing, all, level, &high, reterr));
    b.share_ci = (struct interval){low.lower, high.upper, true, true};
    if (!is_reference) {
        double odds = (double)t->reference_population / (double)population;
        int64_t most = t->reference_count + t->missing;
        b.ratio_low = most > 0 ? (double)count / (double)most * odds : 0;
        b.has_ratio_high = t->reference_count > 0;
        b.ratio_high =
            b.has_ratio_high ? (double)(count + t->missing) / (double)t->reference_count * odds : 0;
        b.is_over = b.ratio_low > 1 || (most == 0 && count > 0);
        b.is_under = b.has_ratio_high && b.ratio_high < 1;
        b.tipping = tipping_point(count, population, t);
        b.can_tip = b.tipping <= t->missing;
    }
    *ret = b;
    return rv_ok();
}

static rv_status compare_one(int64_t count, int64_t population, bool is_reference,
                             const struct totals *t, struct disproportion *ret,
                             struct rv_err *reterr)
{
    struct disproportion d = {
        .rate = (double)count / (double)population,
        .share = (double)count / (double)t->known,
        .population_share = (double)population / (double)t->population,
    };
    d.gap_points = 100 * (d.share - d.population_share);
    d.index = d.share / d.population_share;
    d.is_too_small = count < DISPROPORTION_LEAST_COUNT ||
                     population < DISPROPORTION_LEAST_POPULATION ||
                     d.population_share < DISPROPORTION_LEAST_SHARE;
    RV_TRY(interval_wilson(count, t->known, t->level, &d.share_ci, reterr));
    if (!is_reference) {
        RV_TRY(ratio_of(count, population, t->reference_count, t->reference_population, t->level,
                        &d.to_reference, reterr));
    }
    RV_TRY(ratio_of(count, population, t->known - count, t->population - population, t->level,
                    &d.to_rest, reterr));
    RV_TRY(bound(count, population, is_reference, t, &d.bounds, reterr));
    *ret = d;
    return rv_ok();
}

rv_status disproportion_compare(const int64_t *counts, const int64_t *populations, size_t n,
                                int64_t missing, size_t reference, double level,
                                struct disproportion *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    RV_TRY(stats_check_count(missing, "the number without a group", reterr));
    if (n < 2 || reference >= n) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a comparison needs at least two groups, one of them the reference");
    }
    struct totals t = {.missing = missing,
                       .level = level,
                       .reference_count = counts[reference],
                       .reference_population = populations[reference]};
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_count(counts[i], "the count of a group", reterr));
        RV_TRY(stats_check_count(populations[i], "the population of a group", reterr));
        if (populations[i] == 0) {
            return rv_fail(reterr, RV_DOMAIN, "group %zu has no population: its rate is undefined",
                           i + 1);
        }
        t.known += counts[i];
        t.population += populations[i];
    }
    RV_TRY(stats_check_count(t.known + missing, "the sum of the counts", reterr));
    RV_TRY(stats_check_count(t.population, "the sum of the populations", reterr));
    if (t.known == 0) {
        return rv_fail(reterr, RV_DOMAIN, "no record has a group: nothing can be compared");
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(compare_one(counts[i], populations[i], i == reference, &t, &ret[i], reterr));
    }
    return rv_ok();
}

/* The share of the missing that a group can have at most (or, with 1 / factor, at least). */
static double share_within(double share, double factor)
{
    if (share == 0 || share == 1) {
        /* Odds of 0 and of infinity stay so within a factor, except within any factor. */
        return isinf(factor) ? 1 : factor == 0 ? 0 : share;
    }
    return isinf(factor) ? 1 : factor * share / (factor * share + 1 - share);
}

static rv_status check_pair(int64_t count, int64_t population, int64_t reference_count,
                            int64_t reference_population, int64_t known, int64_t missing,
                            struct rv_err *reterr)
{
    RV_TRY(stats_check_count(count, "the count of the group", reterr));
    RV_TRY(stats_check_count(reference_count, "the count of the reference", reterr));
    RV_TRY(stats_check_count(known, "the number with a group", reterr));
    RV_TRY(stats_check_count(missing, "the number without a group", reterr));
    RV_TRY(stats_check_exposure((double)population, "the population of the group", reterr));
    return stats_check_exposure((double)reference_population, "the population of the reference",
                                reterr);
}

rv_status disproportion_within(int64_t count, int64_t population, int64_t reference_count,
                               int64_t reference_population, int64_t known, int64_t missing,
                               double factor, double *ret_low, double *ret_high,
                               struct rv_err *reterr)
{
    RV_TRY(check_pair(count, population, reference_count, reference_population, known, missing,
                      reterr));
    if (!(factor >= 1) || known < count + reference_count || count + reference_count == 0) {
        return rv_fail(reterr, RV_DOMAIN,
                       "bounds need a factor of at least 1 and recorded events of the two groups");
    }
    double g = (double)count / (double)known, w = (double)reference_count / (double)known;
    double m = (double)missing, odds = (double)reference_population / (double)population;
    double least = share_within(g, 1 / factor), most = share_within(g, factor);
    /* What one group takes of the missing the other cannot have. */
    double other_most = fmin(share_within(w, factor), 1 - least);
    double other_least = fmin(share_within(w, 1 / factor), 1 - most);
    *ret_low = ((double)count + m * least) / ((double)reference_count + m * other_most) * odds;
    double denominator = (double)reference_count + m * other_least;
    *ret_high =
        denominator > 0 ? ((double)count + m * most) / denominator * odds : (double)INFINITY;
    return rv_ok();
}

/* ---- what turns a comparison ---- */

__extension__ typedef __int128 product;

/* Of two groups the one with the lower rate among the recorded, and what it is compared with. */
struct tip {
    int64_t lower, lower_population, higher, higher_population, missing;
    bool is_pair;
    double level;
};

/* With k of the missing in the lower group. */
static bool is_gone(const struct tip *t, int64_t k)
{
    int64_t higher = t->higher + (t->is_pair ? t->missing - k : 0);
    return (product)higher * t->lower_population <= (product)(t->lower + k) * t->higher_population;
}

static bool is_chance(const struct tip *t, int64_t k)
{
    int64_t higher = t->higher + (t->is_pair ? t->missing - k : 0);
    double all = (double)t->higher_population + (double)t->lower_population;
    double tail =
        stats_binomial_upper(higher, higher + t->lower + k, (double)t->higher_population / all,
                             (double)t->lower_population / all);
    return !(tail < (1 - t->level) / 2);
}

/* The least k from 0 that holds, missing + 1 if none does: what holds for k holds for k + 1. */
static int64_t least(const struct tip *t, bool (*holds)(const struct tip *, int64_t))
{
    int64_t low = 0, high = t->missing + 1;
    while (low < high) {
        int64_t k = low + (high - low) / 2;
        if (holds(t, k)) {
            high = k;
        } else {
            low = k + 1;
        }
    }
    return low;
}

rv_status disproportion_tip(int64_t count, int64_t population, int64_t reference_count,
                            int64_t reference_population, int64_t known, int64_t missing,
                            bool is_pair, double level, struct disproportion_tipping *ret,
                            struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    RV_TRY(check_pair(count, population, reference_count, reference_population, known, missing,
                      reterr));
    if (count + reference_count == 0 || known < count + reference_count) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a tipping point needs recorded events of the two groups, among all known");
    }
    product mine = (product)count * reference_population;
    product theirs = (product)reference_count * population;
    struct tip t = {count,   population, reference_count, reference_population, missing,
                    is_pair, level};
    if (mine > theirs) {
        t = (struct tip){
            reference_count, reference_population, count, population, missing, is_pair, level};
    }
    struct disproportion_tipping r = {.is_over = mine > theirs,
                                      .alike = (double)missing * (double)t.lower / (double)known};
    if (mine != theirs) {
        r.gone = least(&t, is_gone);
        r.chance = least(&t, is_chance);
    }
    *ret = r;
    return rv_ok();
}

/* stats/raking.c — iterative proportional fitting of respondents' weights to margins.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/raking.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <math.h>
#include <string.h>

#define TRIM_ROUNDS 10000

/* A margin with its targets scaled to the common total; those who did not say are a category of
 * their own, the last, whose target is their starting share of that total. */
struct margin {
    const uint32_t *categories;
    double *targets, *factors; /* count + 1 */
    struct sum *sums;          /* count + 1 */
    size_t count;
};

struct raking {
    struct arena *scratch;
    double *weights;
    size_t n;
    struct margin *margins;
    size_t margin_count;
    double total, mean;
};

static inline size_t slot(const struct margin *m, size_t i)
{
    return m->categories[i] == RAKE_MISSING ? m->count : m->categories[i];
}

static void add_up(const struct raking *r, struct margin *m)
{
    memset(m->sums, 0, (m->count + 1) * sizeof *m->sums);
    for (size_t i = 0; i < r->n; i++) {
        sum_add(&m->sums[slot(m, i)], r->weights[i]);
    }
}

/* Fits every margin once; the largest relative change of any weight. */
static double sweep(struct raking *r)
{
    double largest = 0;
    for (size_t k = 0; k < r->margin_count; k++) {
        struct margin *m = &r->margins[k];
        add_up(r, m);
        for (size_t c = 0; c <= m->count; c++) {
            double have = sum_value(&m->sums[c]);
            m->factors[c] = have > 0 ? m->targets[c] / have : 1;
            largest = fmax(largest, fabs(m->factors[c] - 1));
        }
        for (size_t i = 0; i < r->n; i++) {
            r->weights[i] *= m->factors[slot(m, i)];
        }
    }
    return largest;
}

/* ---- checks ---- */

static const char *label(const struct rake_margin *m, size_t category)
{
    return m->labels ? m->labels[category] : "of that number";
}

static rv_status check_targets(const struct rake_margin *m, double *ret_total,
                               struct rv_err *reterr)
{
    struct sum total = {0, 0};
    for (size_t c = 0; c < m->count; c++) {
        if (!isfinite(m->targets[c]) || m->targets[c] < 0) {
            return rv_fail(reterr, RV_DOMAIN,
                           "%s: the population of category %zu (%s) is not a number of persons",
                           m->name, c + 1, label(m, c));
        }
        sum_add(&total, m->targets[c]);
    }
    *ret_total = sum_value(&total);
    if (!(*ret_total > 0)) {
        return rv_fail(reterr, RV_DOMAIN, "%s: the population is empty", m->name);
    }
    return rv_ok();
}

/* Categories with respondents but no population, or the other way round. */
static rv_status check_categories(const struct raking *r, struct margin *m,
                                  const struct rake_margin *given, struct rv_err *reterr)
{
    add_up(r, m);
    for (size_t c = 0; c < m->count; c++) {
        bool has_weight = sum_value(&m->sums[c]) > 0;
        if (!has_weight && m->targets[c] > 0) {
            return rv_fail(reterr, RV_DOMAIN,
                           "%s: no respondent is in the category %zu (%s), which the population "
                           "has: merge it with a neighbouring category",
                           given->name, c + 1, label(given, c));
        }
        if (has_weight && m->targets[c] == 0) {
            return rv_fail(reterr, RV_DOMAIN,
                           "%s: respondents are in the category %zu (%s), of which the population "
                           "has nobody: correct the margin or merge the category",
                           given->name, c + 1, label(given, c));
        }
    }
    return rv_ok();
}

static rv_status check_weights(const double *weights, size_t n, double *ret_sum,
                               struct rv_err *reterr)
{
    struct sum sum = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(weights[i]) || weights[i] < 0) {
            return rv_fail(reterr, RV_DOMAIN, "weight %zu is negative or not a number", i + 1);
        }
        sum_add(&sum, weights[i]);
    }
    *ret_sum = sum_value(&sum);
    if (!(*ret_sum > 0) || !isfinite(*ret_sum)) {
        return rv_fail(reterr, RV_DOMAIN, "the weights add up to nothing, or to too much");
    }
    return rv_ok();
}

/* ---- preparation ---- */

static rv_status open_margin(struct raking *r, const struct rake_margin *given, struct margin *m,
                             double total, struct rake_result *result, struct rv_err *reterr)
{
    size_t slots = given->count + 1;
    *m = (struct margin){.categories = given->categories,
                         .targets = ARENA_NEW(r->scratch, double, slots),
                         .factors = ARENA_NEW(r->scratch, double, slots),
                         .sums = ARENA_NEW(r->scratch, struct sum, slots),
                         .count = given->count};
    if (!m->targets || !m->factors || !m->sums) {
        return arena_fail(r->scratch, reterr);
    }
    for (size_t i = 0; i < r->n; i++) {
        if (given->categories[i] != RAKE_MISSING && given->categories[i] >= given->count) {
            return rv_fail(reterr, RV_DOMAIN, "%s: respondent %zu has the category %u of %zu",
                           given->name, i + 1, given->categories[i] + 1, given->count);
        }
    }
    double own;
    RV_TRY(check_targets(given, &own, reterr));
    double scale = r->total / own, apart = fmax(scale, 1 / scale);
    if (apart > 1 + 1e-12) {
        result->is_rescaled = true;
        result->largest_scale = fmax(result->largest_scale, apart);
    }
    add_up(r, m);
    double missing = sum_value(&m->sums[m->count]) / total;
    for (size_t c = 0; c < m->count; c++) {
        m->targets[c] = given->targets[c] * scale * (1 - missing);
    }
    m->targets[m->count] = r->total * missing;
    return check_categories(r, m, given, reterr);
}

static size_t count_missing(const struct rake_margin *margins, size_t margin_count, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_missing = false;
        for (size_t k = 0; k < margin_count; k++) {
            is_missing |= margins[k].categories[i] == RAKE_MISSING;
        }
        found += is_missing;
    }
    return found;
}

/* ---- fitting ---- */

static void converge(struct raking *r, const struct rake_options *o, struct rake_result *result)
{
    while (!result->is_converged && result->sweeps < o->sweeps) {
        result->change = sweep(r);
        result->sweeps++;
        result->is_converged = result->change < o->tolerance;
    }
}

static void cap(struct raking *r, const struct rake_options *o, struct rake_result *result)
{
    double low = o->cap_low * r->mean, high = o->cap_high * r->mean;
    for (uint32_t round = 0; round < o->cap_rounds; round++) {
        for (size_t i = 0; i < r->n; i++) {
            double w = r->weights[i] < low ? low : r->weights[i];
            r->weights[i] = w > high ? high : w;
        }
        result->change = sweep(r);
    }
    for (size_t i = 0; i < r->n; i++) {
        bool is_low = o->cap_low > 0 && r->weights[i] <= low * (1 + 1e-9);
        result->capped += is_low || r->weights[i] >= high * (1 - 1e-9);
    }
}

rv_status rake(struct arena *scratch, double *weights, size_t n, const struct rake_margin *margins,
               size_t margin_count, const struct rake_options *options, struct rake_result *ret,
               struct rv_err *reterr)
{
    if (n == 0 || margin_count == 0 || !(options->tolerance > 0) || !(options->cap_low >= 0) ||
        !(options->cap_high > options->cap_low) || options->cap_low > 1 || options->cap_high < 1) {
        return rv_fail(reterr, RV_DOMAIN,
                       "raking needs respondents, margins, a tolerance above 0, and caps on either "
                       "side of the mean weight");
    }
    struct rake_result result = {.largest_scale = 1};
    double start;
    RV_TRY(check_weights(weights, n, &start, reterr));
    struct raking r = {.scratch = scratch, .n = n, .margin_count = margin_count};
    RV_TRY(check_targets(&margins[0], &r.total, reterr));
    r.mean = r.total / (double)n;
    r.weights = ARENA_NEW(scratch, double, n);
    r.margins = ARENA_NEW(scratch, struct margin, margin_count);
    if (!r.weights || !r.margins) {
        return arena_fail(scratch, reterr);
    }
    memcpy(r.weights, weights, n * sizeof *weights);
    for (size_t k = 0; k < margin_count; k++) {
        RV_TRY(open_margin(&r, &margins[k], &r.margins[k], start, &result, reterr));
    }
    result.missing_count = count_missing(margins, margin_count, n);
    converge(&r, options, &result);
    if (result.is_converged && (options->cap_low > 0 || isfinite(options->cap_high))) {
        cap(&r, options, &result);
    }
    if (result.is_converged) {
        memcpy(weights, r.weights, n * sizeof *weights);
    }
    *ret = result;
    return rv_ok();
}

/* One round: what is outside goes to the edge, and what that cost is shared in equal parts by those
 * that are inside; when none is, by those that have room in that direction. */
static size_t trim_round(double *w, size_t n, double lower, double upper)
{
    struct sum cut = {0, 0};
    size_t outside = 0, roomy = 0;
    for (size_t i = 0; i < n; i++) {
        double edge = w[i] < lower ? lower : w[i] > upper ? upper : w[i];
        bool is_outside = w[i] < lower || w[i] > upper;
        sum_add(&cut, w[i] - edge);
        outside += is_outside;
        w[i] = is_outside ? -edge : edge; /* the sign marks those that take no part in sharing */
    }
    double rest = sum_value(&cut);
    for (size_t i = 0; i < n && outside == n; i++) {
        bool has_room = rest > 0 ? -w[i] < upper : -w[i] > lower;
        w[i] = has_room ? -w[i] : w[i];
        roomy += has_room;
    }
    size_t sharers = outside < n ? n - outside : roomy;
    double part = sharers > 0 ? rest / (double)sharers : 0;
    for (size_t i = 0; i < n; i++) {
        w[i] = signbit(w[i]) ? -w[i] : w[i] + part;
    }
    return outside;
}

rv_status rake_trim(double *weights, size_t n, double lower, double upper, size_t *ret_trimmed,
                    struct rv_err *reterr)
{
    double sum;
    RV_TRY(check_weights(weights, n, &sum, reterr));
    double mean = sum / (double)n;
    if (!(lower >= 0) || !(lower < mean) || !(upper > mean)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "weights cannot be cut to %g to %g: their mean, %g, is not between", lower,
                       upper, mean);
    }
    /* What is cut falls with every round; the last bits may go back and forth. */
    for (int round = 0; round < TRIM_ROUNDS && trim_round(weights, n, lower, upper) > 0; round++) {
    }
    *ret_trimmed = 0;
    for (size_t i = 0; i < n; i++) {
        *ret_trimmed += weights[i] <= lower || weights[i] >= upper;
    }
    return rv_ok();
}

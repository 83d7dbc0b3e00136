/* stats/standard.c — direct and indirect standardisation.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/standard.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <math.h>

const double standard_esp2013[STANDARD_BANDS] = {5000, 5500, 5500, 5500, 6000, 6000, 6500,
                                                 7000, 7000, 7000, 7000, 6500, 6000, 5500,
                                                 5000, 4000, 2500, 1500, 1000};

/* UKHSA: exact below this many events, Byar from it. */
#define BYAR_FROM 10

static rv_status check_options(const struct rate_options *options, size_t n, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(options->level, reterr));
    RV_TRY(stats_check_exposure(options->per, "the multiplier of the rate", reterr));
    if (n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "a standardised rate needs at least one group");
    }
    return rv_ok();
}

/* Limits of a total: exact needs a whole number. */
static rv_status limits_of(double count, const struct rate_options *options, bool use_byar,
                           struct interval *ret, struct rv_err *reterr)
{
    if (use_byar) {
        return interval_byar_real(count, options->level, ret, reterr);
    }
    if (count != floor(count)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "%g events are not a whole number, which exact limits need", count);
    }
    return interval_poisson((int64_t)count, options->level, ret, reterr);
}

rv_status standard_direct(const double *events, const double *populations, const double *weights,
                          size_t n, const struct rate_options *options, struct standard_rate *ret,
                          struct rv_err *reterr)
{
    RV_TRY(check_options(options, n, reterr));
    struct sum count = {0}, persons = {0}, standard = {0}, rate = {0}, spread = {0};
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_amount(events[i], "the events of a group", reterr));
        RV_TRY(stats_check_amount(weights[i], "a standard population", reterr));
        RV_TRY(stats_check_exposure(populations[i], "the population of a group", reterr));
        double weight = weights[i] / populations[i];
        sum_add(&count, events[i]);
        sum_add(&persons, populations[i]);
        sum_add(&standard, weights[i]);
        sum_add(&rate, weight * events[i]);
        sum_add(&spread, weight * weight * events[i]);
    }
    double total = sum_value(&standard), scale = options->per / total;
    RV_TRY(stats_check_exposure(total, "the standard population", reterr));
    struct standard_rate r = {.events = sum_value(&count), .population = sum_value(&persons)};
    r.value = scale * sum_value(&rate);
    r.variance = scale * scale * sum_value(&spread);
    if (!isfinite(r.value) || !isfinite(r.variance)) {
        return rv_fail(reterr, RV_DOMAIN, "the populations are too small for a rate");
    }
    struct interval limits;
    bool use_byar = options->method == RATE_UKHSA;
    RV_TRY(limits_of(r.events, options, use_byar, &limits, reterr));
    if (r.events > 0) {
        double stretch = sqrt(r.variance / r.events);
        r.ci = (struct interval){r.value + stretch * (limits.lower - r.events),
                                 r.value + stretch * (limits.upper - r.events), limits.has_lower,
                                 limits.has_upper};
        /* With very unequal weights the formula can go below 0, where no rate is. */
        r.ci.lower = limits.has_lower ? fmax(0, r.ci.lower) : 0;
    }
    r.is_publishable = r.events >= STANDARD_LEAST_EVENTS;
    *ret = r;
    return rv_ok();
}

static struct interval scaled(struct interval ci, double factor)
{
    return (struct interval){ci.lower * factor, ci.upper * factor, ci.has_lower, ci.has_upper};
}

rv_status standard_indirect(double observed, const double *populations,
                            const double *reference_events, const double *reference_populations,
                            size_t n, const struct rate_options *options,
                            struct standard_ratio *ret, struct rv_err *reterr)
{
    RV_TRY(check_options(options, n, reterr));
    RV_TRY(stats_check_amount(observed, "the observed count", reterr));
    struct sum expected = {0}, events = {0}, persons = {0};
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_amount(populations[i], "the population of a group", reterr));
        RV_TRY(stats_check_amount(reference_events[i], "the reference events of a group", reterr));
        RV_TRY(stats_check_exposure(reference_populations[i], "the reference population of a group",
                                    reterr));
        sum_add(&expected, populations[i] * (reference_events[i] / reference_populations[i]));
        sum_add(&events, reference_events[i]);
        sum_add(&persons, reference_populations[i]);
    }
    struct standard_ratio r = {.observed = observed, .expected = sum_value(&expected)};
    if (!(r.expected > 0)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the ratio is not available: no events are expected at the reference rates");
    }
    struct interval limits;
    bool use_byar = options->method == RATE_UKHSA && observed >= BYAR_FROM;
    RV_TRY(limits_of(observed, options, use_byar, &limits, reterr));
    r.ratio = observed / r.expected;
    r.ci = scaled(limits, 1 / r.expected);
    r.reference = options->per * (sum_value(&events) / sum_value(&persons));
    r.rate = r.ratio * r.reference;
    r.rate_ci = scaled(limits, r.reference / r.expected);
    if (!isfinite(r.ci.upper) || !isfinite(r.rate_ci.upper)) {
        return rv_fail(reterr, RV_DOMAIN, "too few events are expected for a ratio");
    }
    *ret = r;
    return rv_ok();
}

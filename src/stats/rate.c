/* stats/rate.c — crude rates.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/rate.h"

#include "stats/internal.h"

/* Below this count Fingertips uses exact limits, from it on Byar's. */
#define UKHSA_BYAR_FROM 10

static const char *const reason_texts[] = {
    [RATE_AVAILABLE] = "",
    [RATE_COUNT_MISSING] = "the count is not available",
    [RATE_POPULATION_MISSING] = "the population is not available",
    [RATE_POPULATION_ZERO] = "the population is 0",
    [RATE_COUNT_NEGATIVE] = "the count is negative",
    [RATE_OUT_OF_RANGE] = "the count or the population is out of range",
};

const char *rate_reason_text(enum rate_reason reason)
{
    return reason_texts[reason];
}

static enum rate_reason why_undefined(int64_t count, double population)
{
    if (count < 0) {
        return RATE_COUNT_NEGATIVE;
    }
    if (population == 0) {
        return RATE_POPULATION_ZERO;
    }
    if (count > STATS_COUNT_MAX ||
        !(population >= STATS_EXPOSURE_MIN && population <= STATS_EXPOSURE_MAX)) {
        return RATE_OUT_OF_RANGE;
    }
    return RATE_AVAILABLE;
}

static rv_status check_options(const struct rate_options *options, struct rv_err *reterr)
{
    RV_TRY(stats_check_exposure(options->per, "the multiplier of the rate", reterr));
    return stats_check_level(options->level, reterr);
}

static rv_status rate_defined(int64_t count, double population, const struct rate_options *options,
                              struct rate *ret, struct rv_err *reterr)
{
    struct interval ci;
    if (options->method == RATE_UKHSA && count >= UKHSA_BYAR_FROM) {
        RV_TRY(interval_byar(count, options->level, &ci, reterr));
    } else {
        RV_TRY(interval_poisson(count, options->level, &ci, reterr));
    }
    double scale = options->per / population;
    *ret = (struct rate){.value = (double)count * scale,
                         .lower = ci.lower * scale,
                         .upper = ci.upper * scale,
                         .is_above_population = (double)count > population};
    return rv_ok();
}

rv_status rate_crude(int64_t count, double population, const struct rate_options *options,
                     struct rate *ret, struct rv_err *reterr)
{
    RV_TRY(check_options(options, reterr));
    enum rate_reason reason = why_undefined(count, population);
    if (reason != RATE_AVAILABLE) {
        return rv_fail(reterr, RV_DOMAIN, "the rate is not available: %s",
                       rate_reason_text(reason));
    }
    return rate_defined(count, population, options, ret, reterr);
}

rv_status rate_crude_all(const int64_t *counts, const uint64_t *count_valid,
                         const double *populations, const uint64_t *population_valid, size_t n,
                         const struct rate_options *options, struct rate *ret,
                         struct rv_err *reterr)
{
    RV_TRY(check_options(options, reterr));
    for (size_t i = 0; i < n; i++) {
        enum rate_reason reason = !stats_has(count_valid, i) ? RATE_COUNT_MISSING
                                  : !stats_has(population_valid, i)
                                      ? RATE_POPULATION_MISSING
                                      : why_undefined(counts[i], populations[i]);
        if (reason != RATE_AVAILABLE) {
            ret[i] = (struct rate){.reason = reason};
            continue;
        }
        RV_TRY(rate_defined(counts[i], populations[i], options, &ret[i], reterr));
    }
    return rv_ok();
}

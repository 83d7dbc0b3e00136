/* stats/harm.c — a weighted sum of Poisson counts. SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/harm.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <math.h>

#define HARM_WEIGHT_MAX 1e9

static rv_status check_offence(int64_t count, bool is_mapped, double weight, struct rv_err *reterr)
{
    RV_TRY(stats_check_count(count, "the count of an offence", reterr));
    if (is_mapped && !(weight >= 0 && weight <= HARM_WEIGHT_MAX)) {
        return rv_fail(reterr, RV_DOMAIN, "a weight is %g: a number from 0 to 10^9 is needed",
                       weight);
    }
    return rv_ok();
}

rv_status harm_weigh(const int64_t *counts, const double *weights, const uint64_t *mapped, size_t n,
                     double level, struct harm *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    struct harm h = {0};
    struct sum total = {0}, variance = {0};
    for (size_t i = 0; i < n; i++) {
        bool is_mapped = stats_has(mapped, i);
        RV_TRY(check_offence(counts[i], is_mapped, is_mapped ? weights[i] : 0, reterr));
        if (!is_mapped) {
            h.unmapped += counts[i];
            h.unmapped_kinds += counts[i] > 0;
            continue;
        }
        h.events += counts[i];
        sum_add(&total, weights[i] * (double)counts[i]);
        sum_add(&variance, weights[i] * weights[i] * (double)counts[i]);
        RV_TRY(stats_check_count(h.events, "the sum of the counts", reterr));
        RV_TRY(stats_check_count(h.unmapped, "the sum of the counts", reterr));
    }
    h.total = sum_value(&total);
    h.variance = sum_value(&variance);
    h.has_mean = h.events > 0;
    if (h.has_mean) {
        double events = (double)h.events;
        h.mean = h.total / events;
        struct interval limits;
        RV_TRY(interval_poisson(h.events, level, &limits, reterr));
        double stretch = sqrt(h.variance / events);
        h.ci = (struct interval){fmax(0, h.total + stretch * (limits.lower - events)),
                                 h.total + stretch * (limits.upper - events), true, true};
    }
    *ret = h;
    return rv_ok();
}

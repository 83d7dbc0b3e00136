/* stats/contrast.c — the ratio of two ratios of counts, with Fisher's exact test.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/contrast.h"

#include "stats/binomial.h"
#include "stats/internal.h"

#include <math.h>

double contrast_spread(const int64_t *counts, const size_t periods[2])
{
    double chi_square = 0, freedom = 0;
    for (size_t p = 0; p < 2; counts += periods[p], p++) {
        double sum = 0, n = (double)periods[p];
        for (size_t i = 0; i < periods[p]; i++) {
            sum += (double)counts[i];
        }
        for (size_t i = 0; i < periods[p] && sum > 0; i++) {
            double miss = (double)counts[i] - sum / n;
            chi_square += miss * miss / (sum / n);
        }
        freedom += sum > 0 ? n - 1 : 0;
    }
    return freedom > 0 ? fmax(1, chi_square / freedom) : 1;
}

rv_status contrast_ratios(int64_t a1, int64_t a0, int64_t b1, int64_t b0,
                          struct contrast_spreads spreads, double level, struct contrast *ret,
                          struct rv_err *reterr)
{
    const int64_t counts[] = {a1, a0, b1, b0};
    for (size_t i = 0; i < 4; i++) {
        RV_TRY(stats_check_count(counts[i], "a count", reterr));
    }
    RV_TRY(stats_check_level(level, reterr));
    if (!(spreads.a >= 1 && spreads.b >= 1) || isinf(spreads.a) || isinf(spreads.b)) {
        return rv_fail(reterr, RV_DOMAIN, "A spread is %g and %g: numbers of at least 1.",
                       spreads.a, spreads.b);
    }
    if (a1 + a0 == 0 || b1 + b0 == 0) {
        return rv_fail(reterr, RV_DOMAIN, "A source without any event has no change to compare.");
    }
    struct contrast c = {.has_ratio = a1 > 0 && a0 > 0 && b1 > 0 && b0 > 0};
    RV_TRY(binomial_fisher(a1, a0, b1, b0, &c.p, reterr));
    if (c.has_ratio) {
        double z = interval_z(level), x[] = {(double)a1, (double)a0, (double)b1, (double)b0};
        double log_ratio = log(x[0] / x[1]) - log(x[2] / x[3]);
        double half =
            z * sqrt(spreads.a * (1 / x[0] + 1 / x[1]) + spreads.b * (1 / x[2] + 1 / x[3]));
        c.ratio = exp(log_ratio);
        c.ci = (struct interval){exp(log_ratio - half), exp(log_ratio + half), true, true};
    }
    *ret = c;
    return rv_ok();
}

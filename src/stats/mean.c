/* stats/mean.c — Student's interval. SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/mean.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Squares of larger values would not be finite. */
#define MEAN_VALUE_MAX 1e150

static rv_status add_up(const double *values, const uint64_t *valid, size_t n, struct mean *m,
                        struct rv_err *reterr)
{
    struct sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            continue;
        }
        if (!(fabs(values[i]) <= MEAN_VALUE_MAX)) {
            return rv_fail(reterr, RV_DOMAIN, "value %zu is %g: a finite number is needed", i + 1,
                           values[i]);
        }
        sum_add(&sum, values[i]);
        m->n++;
    }
    if (m->n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "the mean is not available: no value is known");
    }
    m->sum = sum_value(&sum);
    m->mean = m->sum / (double)m->n;
    return rv_ok();
}

rv_status mean_student(const double *values, const uint64_t *valid, size_t n, double level,
                       struct mean *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    struct mean m = {0};
    RV_TRY(add_up(values, valid, n, &m, reterr));
    if (m.n >= 2) {
        struct sum squares = {0};
        for (size_t i = 0; i < n; i++) {
            if (stats_has(valid, i)) {
                sum_add(&squares, (values[i] - m.mean) * (values[i] - m.mean));
            }
        }
        double df = (double)(m.n - 1);
        m.sd = sqrt(sum_value(&squares) / df);
        m.has_spread = true;
        double half = gsl_cdf_tdist_Qinv((1 - level) / 2, df) * m.sd / sqrt((double)m.n);
        m.ci = (struct interval){m.mean - half, m.mean + half, true, true};
    }
    *ret = m;
    return rv_ok();
}

/* stats/farrington.c — Farrington's and Noufaily's regressions, week by week.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/farrington.h"

#include "stats/glm.h"
#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define LEAST_TREND_YEARS 3
#define MOST_SD           1000 /* of a week: beyond, the tail is too long to be summed */

/* The weeks looked at for one week, as rows of a regression. Time is counted from that week, so
 * that the constant is the expectation now. */
struct past {
    size_t n;
    double *counts, *time, *weights, *design;
    int *part; /* 1 .. periods; the reference weeks are the last */
    double most;
};

struct model {
    struct glm fit;
    double dispersion; /* at least 1 */
    bool has_trend;
};

/* ---- the weeks that are looked at ---- */

/* The part of the year of a week that lies `back` weeks before this one: the last for reference
 * weeks; the weeks between two reference windows are cut into periods - 1 parts, the earlier ones a
 * week longer where it does not come out even. 0: not looked at. */
static int part_of(const struct farrington_options *o, int back)
{
    int window = o->half_window, last = o->method == FARRINGTON_1996 ? 1 : o->periods;
    int year = (back + window) / o->period; /* whose window this week is in or before */
    int from_reference = back - year * o->period;
    if (from_reference >= -window && from_reference <= window) {
        return year >= 1 && year <= o->years ? last : 0;
    }
    if (o->method == FARRINGTON_1996 || year >= o->years) {
        return 0;
    }
    /* Between the windows of year + 1 (earlier) and year. */
    int between = o->period - 2 * window - 1;
    int at = o->period - from_reference - window - 1; /* 0 = just after the earlier window */
    int parts = last - 1, size = between / parts, larger = between % parts;
    if (at < larger * (size + 1)) {
        return 1 + at / (size + 1);
    }
    return 1 + larger + (at - larger * (size + 1)) / size;
}

/* False when a week among those looked at is missing, or does not exist. */
static bool collect(const struct alert_series *s, const struct farrington_options *o, size_t now,
                    struct past *past)
{
    int reach = o->years * o->period + o->half_window;
    int recent = o->method == FARRINGTON_1996 ? 0 : o->recent;
    if (now < (size_t)reach) {
        return false;
    }
    past->n = 0;
    past->most = 0;
    for (int back = reach; back > recent; back--) {
        int part = part_of(o, back);
        if (part == 0) {
            continue;
        }
        size_t week = now - (size_t)back;
        if (!stats_has(s->valid, week)) {
            return false;
        }
        past->counts[past->n] = (double)s->counts[week];
        past->time[past->n] = -back;
        past->part[past->n] = part;
        past->most = fmax(past->most, past->counts[past->n]);
        past->n++;
    }
    return true;
}

/* ---- the regression ---- */

/* Columns: constant, trend, parts 1 .. periods - 1 against the reference weeks. */
static size_t lay_out(const struct farrington_options *o, struct past *past, bool has_trend)
{
    int others = o->method == FARRINGTON_1996 ? 0 : o->periods - 1;
    size_t terms = 1 + (size_t)has_trend + (size_t)others;
    for (size_t i = 0; i < past->n; i++) {
        double *row = past->design + i * terms;
        row[0] = 1;
        if (has_trend) {
            row[1] = past->time[i];
        }
        for (int part = 1; part <= others; part++) {
            row[(size_t)has_trend + (size_t)part] = past->part[i] == part;
        }
    }
    return terms;
}

/* Weights from standardised Anscombe residuals: 1 / s^2 beyond the threshold, all scaled to the
 * sum n. */
static void weigh(const struct glm *fit, const struct past *past, double dispersion, double outlier)
{
    double sum = 0;
    for (size_t i = 0; i < past->n; i++) {
        double y = past->counts[i], mu = fit->fitted[i];
        double residual = 1.5 * (cbrt(y * y) / pow(mu, 1.0 / 6) - sqrt(mu));
        residual /= sqrt(dispersion * fmax(1e-12, 1 - fit->leverage[i]));
        past->weights[i] = residual > outlier ? 1 / (residual * residual) : 1;
        sum += past->weights[i];
    }
    for (size_t i = 0; i < past->n; i++) {
        past->weights[i] *= (double)past->n / sum;
    }
}

/* The fit, weighted down where residuals were large, and fitted again. */
static rv_status fit_twice(struct arena *a, const struct farrington_options *o, struct past *past,
                           bool has_trend, struct model *ret, struct rv_err *reterr)
{
    size_t terms = lay_out(o, past, has_trend);
    struct glm_data data = {past->n, terms, past->design, past->counts, NULL, NULL};
    RV_TRY(glm_poisson(a, &data, &ret->fit, reterr));
    weigh(&ret->fit, past, fmax(1, ret->fit.dispersion), o->outlier);
    data.weights = past->weights;
    RV_TRY(glm_poisson(a, &data, &ret->fit, reterr));
    ret->dispersion = fmax(1, ret->fit.dispersion);
    ret->has_trend = has_trend;
    return rv_ok();
}

static bool keeps_trend(const struct farrington_options *o, const struct past *past,
                        const struct model *m)
{
    double se = sqrt(m->fit.covariance[1][1] * m->fit.dispersion);
    double t = fabs(m->fit.coef[1]) / se;
    double p = 2 * gsl_cdf_tdist_Q(t, (double)(m->fit.n - m->fit.terms));
    return o->years >= LEAST_TREND_YEARS && p < o->trend_p && exp(m->fit.coef[0]) <= past->most;
}

static rv_status fit_week(struct arena *a, const struct farrington_options *o, struct past *past,
                          struct model *ret, struct rv_err *reterr)
{
    rv_status status = fit_twice(a, o, past, true, ret, reterr);
    bool is_fitted = rv_is_ok(status);
    if (!is_fitted && status.code != RV_DOMAIN) {
        return status;
    }
    if (is_fitted && keeps_trend(o, past, ret)) {
        return rv_ok();
    }
    return fit_twice(a, o, past, false, ret, reterr);
}

/* ---- limits ---- */

/* Upper limit of a new count: the expectation and its error on the scale of the 2/3 power. */
static double limit_1996(const struct model *m, double alpha)
{
    double mu = exp(m->fit.coef[0]);
    double variance = m->fit.covariance[0][0] * m->dispersion * mu * mu;
    double se = sqrt(4.0 / 9 * cbrt(mu) * (m->dispersion + variance / mu));
    double z = gsl_cdf_ugaussian_Qinv(alpha / 2);
    return pow(cbrt(mu * mu) + z * se, 1.5);
}

/* P(X > x) of a negative binomial with mean mu and variance phi mu; Poisson when phi is 1. */
static double tail_beyond(double x, double mu, double phi)
{
    if (phi <= 1) {
        return stats_poisson_up((int64_t)x + 1, mu);
    }
    int sign; /* lgamma itself writes a global */
    double size = mu / (phi - 1), k = x + 1;
    double term = exp(lgamma_r(size + k, &sign) - lgamma_r(size, &sign) - lgamma_r(k + 1, &sign) -
                      size * log(phi) + k * log1p(-1 / phi));
    double sum = term;
    for (; term > STATS_NEGLIGIBLE * sum; k++) {
        term *= (size + k) / (k + 1) * (1 - 1 / phi);
        sum += term;
    }
    return sum;
}

/* The quantile 1 - alpha: the least x, not below the mean, whose tail beyond is at most alpha. */
static double limit_2013(const struct model *m, double alpha)
{
    double mu = exp(m->fit.coef[0]), sd = sqrt(m->dispersion * mu);
    if (!(sd <= MOST_SD)) {
        return (double)NAN; /* no limit */
    }
    double low = floor(mu), high = low + 2;
    while (tail_beyond(high, mu, m->dispersion) > alpha) {
        high += 2 + ceil(4 * sd);
    }
    while (low < high) {
        double middle = floor((low + high) / 2);
        if (tail_beyond(middle, mu, m->dispersion) <= alpha) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static bool has_enough(const struct alert_series *s, const struct farrington_options *o, size_t now)
{
    int64_t sum = 0;
    for (int back = 0; back < o->least_weeks; back++) {
        if ((size_t)back > now || !stats_has(s->valid, now - (size_t)back)) {
            return false;
        }
        sum += s->counts[now - (size_t)back];
    }
    return sum >= o->least;
}

static rv_status limit_week(struct arena *a, const struct alert_series *s,
                            const struct farrington_options *o, size_t now, struct past *past,
                            struct alert_week *ret, struct rv_err *reterr)
{
    *ret = (struct alert_week){.has_limit = false};
    if (!stats_has(s->valid, now) || !has_enough(s, o, now) || !collect(s, o, now, past)) {
        return rv_ok();
    }
    struct arena_mark mark = arena_mark(a);
    struct model model;
    rv_status status = fit_week(a, o, past, &model, reterr);
    arena_release(a, mark);
    if (!rv_is_ok(status)) {
        return status.code == RV_DOMAIN ? rv_ok() : status; /* no events to learn from: no answer */
    }
    double limit =
        o->method == FARRINGTON_1996 ? limit_1996(&model, o->alpha) : limit_2013(&model, o->alpha);
    if (isfinite(limit)) {
        *ret = (struct alert_week){true, (double)s->counts[now] > limit, limit};
    }
    return rv_ok();
}

static rv_status check(const struct farrington_options *o, struct rv_err *reterr)
{
    bool is_flexible = o->method == FARRINGTON_2013;
    bool is_ok = o->years >= 1 && o->years <= 20 && o->half_window >= 0 && o->half_window <= 20 &&
                 o->period >= 4 && o->period <= 366 && o->alpha > 1e-12 && o->alpha <= 0.5 &&
                 o->outlier > 0 && o->trend_p >= 0 && o->least >= 0 && o->least_weeks >= 1 &&
                 o->least_weeks <= o->period && 2 * o->half_window + 1 < o->period;
    if (is_ok && is_flexible) {
        int between = o->period - 2 * o->half_window - 1;
        is_ok = o->periods >= 2 && o->periods <= 12 && between >= o->periods - 1 &&
                o->recent >= 0 && o->recent <= o->period;
    }
    return is_ok ? rv_ok()
                 : rv_fail(reterr, RV_DOMAIN,
                           "an option of the regression is out of range: see the method card");
}

rv_status farrington_limits(struct arena *a, const struct alert_series *series,
                            const struct farrington_options *options, struct alert_week *ret,
                            struct rv_err *reterr)
{
    RV_TRY(check(options, reterr));
    for (size_t i = 0; i < series->n; i++) {
        if (stats_has(series->valid, i)) {
            RV_TRY(stats_check_count(series->counts[i], "the count of a week", reterr));
        }
    }
    struct arena_mark mark = arena_mark(a);
    size_t rows = (size_t)(options->years * options->period + options->half_window);
    struct past past = {.counts = ARENA_NEW(a, double, rows),
                        .time = ARENA_NEW(a, double, rows),
                        .weights = ARENA_NEW(a, double, rows),
                        .design = ARENA_NEW(a, double, rows *GLM_MOST_TERMS),
                        .part = ARENA_NEW(a, int, rows)};
    struct alert_week *weeks = ARENA_NEW(a, struct alert_week, series->n);
    if (!past.counts || !past.time || !past.weights || !past.design || !past.part || !weeks) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < series->n; i++) {
        RV_TRY(limit_week(a, series, options, i, &past, &weeks[i], reterr));
    }
    for (size_t i = 0; i < series->n; i++) {
        ret[i] = weeks[i];
    }
    arena_release(a, mark);
    return rv_ok();
}

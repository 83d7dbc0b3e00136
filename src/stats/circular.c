/* stats/circular.c — resultant, Rayleigh's test, von Mises concentration.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/circular.h"

#include "stats/internal.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>

#define RADIANS_PER_HOUR (M_PI / 12)
#define HOURS_MOST       ((size_t)1 << 32) /* the sums below stay in 64 bits */
#define BINS_MOST        1440

/* A sum of numbers of [-1, 1] in units of 2^-60, held in two halves: integers, so that it has the
 * same bits in any order. */
struct fixed_sum {
    int64_t high, low;
};

static void fixed_add(struct fixed_sum *s, double x)
{
    int64_t units = llrint(ldexp(x, 60));
    s->high += units >> 30;
    s->low += units & ((INT64_C(1) << 30) - 1);
}

static double fixed_value(struct fixed_sum s)
{
    return ldexp((double)s.high, -30) + ldexp((double)s.low, -60);
}

/* Fisher (1993) eq. 4.40. */
static double closed_kappa(double rbar)
{
    if (rbar < 0.53) {
        double square = rbar * rbar;
        return rbar * (2 + square + 5 * square * square / 6);
    }
    if (rbar < 0.85) {
        return -0.4 + 1.39 * rbar + 0.43 / (1 - rbar);
    }
    return 1 / (rbar * (3 + rbar * (rbar - 4)));
}

static double bessel_ratio(double kappa)
{
    return gsl_sf_bessel_I1_scaled(kappa) / gsl_sf_bessel_I0_scaled(kappa);
}

/* Newton from the closed form; A1' = 1 - A1 / kappa - A1^2. */
static double exact_kappa(double rbar, double start)
{
    double kappa = start;
    for (int step = 0; step < 100; step++) {
        double ratio = bessel_ratio(kappa);
        double next = kappa - (ratio - rbar) / (1 - ratio / kappa - ratio * ratio);
        next = fmin(fmax(next, kappa / 2), kappa * 2);
        if (fabs(next - kappa) <= 1e-14 * kappa) {
            return next;
        }
        kappa = next;
    }
    return kappa;
}

/* Zar's formula without its cancellation: with A - (1 + 2n)^2 = -4 R^2 the difference of the
 * roots is a quotient. */
static double rayleigh_zar(double n, double resultant)
{
    double square = resultant * resultant;
    double root = sqrt(1 + 4 * n + 4 * (n * n - square));
    return exp(-4 * square / (root + 1 + 2 * n));
}

static double rayleigh_series(double n, double z)
{
    double factor = 1;
    if (n < 50) {
        factor +=
            (2 * z - z * z) / (4 * n) - z * (24 + z * (-132 + z * (76 - 9 * z))) / (288 * n * n);
    }
    return fmin(1, fmax(0, exp(-z) * factor));
}

/* From the sums of cosines and sines of n events; `stretch` corrects for grouping. */
static struct circular summarise(double n, double c, double s, double stretch, bool has_test)
{
    double resultant = hypot(c, s);
    struct circular r = {.n = n, .rbar = fmin(1, resultant / n), .has_test = has_test};
    r.corrected = fmin(1, r.rbar * stretch);
    r.variance = 1 - r.corrected;
    r.has_mean = r.rbar >= CIRCULAR_LEAST_RBAR;
    /* All at one time: the concentration has no bound. */
    r.has_kappa = r.has_mean && r.corrected < 1 - 1e-12;
    if (r.has_mean) {
        double hour = atan2(s, c) / RADIANS_PER_HOUR;
        hour += hour < 0 ? 24 : 0;
        r.mean_hour = hour >= 24 ? 0 : hour;
        r.sd_rad = sqrt(-2 * log(r.corrected));
    }
    if (r.has_kappa) {
        r.kappa = closed_kappa(r.corrected);
        r.kappa_exact = exact_kappa(r.corrected, r.kappa);
    }
    if (has_test) {
        r.rayleigh_z = n * r.rbar * r.rbar;
        r.p = rayleigh_zar(n, n * r.rbar);
        r.p_series = rayleigh_series(n, r.rayleigh_z);
    }
    return r;
}

static bool is_hour(double hour)
{
    return hour >= 0 && hour < 24; /* false for NaN */
}

rv_status circular_hours(const double *hours, const uint64_t *valid, size_t n, struct circular *ret,
                         struct rv_err *reterr)
{
    if (n > HOURS_MOST) {
        return rv_fail(reterr, RV_LIMIT, "%zu hours are too many: count them by minute", n);
    }
    struct fixed_sum c = {0, 0}, s = {0, 0};
    int64_t known = 0;
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            continue;
        }
        if (!is_hour(hours[i])) {
            return rv_fail(reterr, RV_DOMAIN, "hour %zu is %g: from 0 to below 24 is possible",
                           i + 1, hours[i]);
        }
        fixed_add(&c, cos(hours[i] * RADIANS_PER_HOUR));
        fixed_add(&s, sin(hours[i] * RADIANS_PER_HOUR));
        known++;
    }
    if (known == 0) {
        return rv_fail(reterr, RV_DOMAIN, "no hour is known, so there is no mean hour");
    }
    *ret = summarise((double)known, fixed_value(c), fixed_value(s), 1, true);
    return rv_ok();
}

rv_status circular_grouped(const double *weights, size_t bins, struct circular *ret,
                           struct rv_err *reterr)
{
    if (bins < 2 || bins > BINS_MOST) {
        return rv_fail(reterr, RV_DOMAIN, "%zu parts of a day: 2 to 1440 are possible", bins);
    }
    double n = 0, c = 0, s = 0;
    bool is_whole = true;
    for (size_t k = 0; k < bins; k++) {
        if (!(weights[k] >= 0) || isinf(weights[k])) {
            return rv_fail(reterr, RV_DOMAIN, "weight %zu is %g: a number of at least 0 is needed",
                           k + 1, weights[k]);
        }
        double angle = 2 * M_PI * ((double)k + 0.5) / (double)bins;
        is_whole = is_whole && weights[k] == floor(weights[k]);
        n += weights[k];
        c += weights[k] * cos(angle);
        s += weights[k] * sin(angle);
    }
    if (!(n > 0) || isinf(n)) {
        return rv_fail(reterr, RV_DOMAIN, "the weights add up to %g, so there is no mean hour", n);
    }
    double half = M_PI / (double)bins;
    *ret = summarise(n, c, s, half / sin(half), is_whole);
    return rv_ok();
}

rv_status circular_weighted(const struct circular_points *points, struct circular *ret,
                            struct rv_err *reterr)
{
    if (!points->weights) {
        return circular_hours(points->hours, points->valid, points->n, ret, reterr);
    }
    double n = 0, c = 0, s = 0;
    bool is_whole = true;
    for (size_t i = 0; i < points->n; i++) {
        if (!stats_has(points->valid, i)) {
            continue;
        }
        double hour = points->hours[i], weight = points->weights[i];
        if (!is_hour(hour) || !(weight >= 0) || isinf(weight)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "hour %zu is %g with the weight %g: from 0 to below 24, and at least 0, "
                           "are possible",
                           i + 1, hour, weight);
        }
        is_whole = is_whole && weight == floor(weight);
        n += weight;
        c += weight * cos(hour * RADIANS_PER_HOUR);
        s += weight * sin(hour * RADIANS_PER_HOUR);
    }
    if (!(n > 0) || isinf(n)) {
        return rv_fail(reterr, RV_DOMAIN, "the weights add up to %g, so there is no mean hour", n);
    }
    *ret = summarise(n, c, s, 1, is_whole);
    return rv_ok();
}

/* stats/circular_density.c — von Mises kernel density of hours, and its peaks.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/circular.h"
#include "stats/internal.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct point {
    double hour, weight;
};

static int by_hour(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    int order = (a->hour > b->hour) - (a->hour < b->hour);
    return order != 0 ? order : (a->weight > b->weight) - (a->weight < b->weight);
}

/* The known points in order, and the sum of their weights. */
static rv_status take(const struct circular_points *points, struct point *out, size_t *ret_n,
                      double *ret_sum, struct rv_err *reterr)
{
    size_t n = 0;
    for (size_t i = 0; i < points->n; i++) {
        if (!stats_has(points->valid, i)) {
            continue;
        }
        struct point p = {points->hours[i], points->weights ? points->weights[i] : 1};
        if (!(p.hour >= 0 && p.hour < 24)) {
            return rv_fail(reterr, RV_DOMAIN, "hour %zu is %g: from 0 to below 24 is possible",
                           i + 1, p.hour);
        }
        if (!(p.weight >= 0) || isinf(p.weight)) {
            return rv_fail(reterr, RV_DOMAIN, "weight %zu is %g: a number of at least 0 is needed",
                           i + 1, p.weight);
        }
        if (p.weight > 0) {
            out[n++] = p;
        }
    }
    if (n > 0) {
        qsort(out, n, sizeof *out, by_hour);
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += out[i].weight;
    }
    if (!(sum > 0) || isinf(sum)) {
        return rv_fail(reterr, RV_DOMAIN, "no hour is known, so there is no density");
    }
    *ret_n = n;
    *ret_sum = sum;
    return rv_ok();
}

rv_status circular_density(struct arena *a, const struct circular_points *points, double kappa,
                           const double *grid, size_t m, double *ret, struct rv_err *reterr)
{
    if (!(kappa > 0) || isinf(kappa)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "kappa is %g: a number above 0 is needed, 10 to 25 for hours", kappa);
    }
    for (size_t k = 0; k < m; k++) {
        if (!isfinite(grid[k])) {
            return rv_fail(reterr, RV_DOMAIN, "place %zu of the grid is not a number", k + 1);
        }
    }
    struct arena_mark mark = arena_mark(a);
    struct point *in_order = ARENA_NEW(a, struct point, points->n);
    if (!in_order) {
        return arena_fail(a, reterr);
    }
    size_t n;
    double sum;
    RV_TRY(take(points, in_order, &n, &sum, reterr));
    /* exp(kappa cos d) and I0(kappa) overflow from 700 on; both are scaled by exp(-kappa). */
    double scale = 1 / (2 * M_PI * gsl_sf_bessel_I0_scaled(kappa) * sum);
    for (size_t k = 0; k < m; k++) {
        double total = 0;
        for (size_t i = 0; i < n; i++) {
            double half = (grid[k] - in_order[i].hour) * (M_PI / 24);
            double sine = sin(half); /* cos d - 1 without cancellation */
            total += in_order[i].weight * exp(-2 * kappa * sine * sine);
        }
        ret[k] = total * scale;
    }
    arena_release(a, mark);
    return rv_ok();
}

/* ---- peaks ---- */

#define LEAST_HEIGHT 0.5 /* of the highest peak */
#define MOST_SADDLE  0.8 /* of the lower of two peaks */

static int by_height(const void *left, const void *right)
{
    const struct point *a = left, *b = right; /* weight = density */
    int order = (a->weight < b->weight) - (a->weight > b->weight);
    return order != 0 ? order : (a->hour > b->hour) - (a->hour < b->hour);
}

/* The length of the run of values equal to that at `at`, and whether both its ends fall. A run that
 * does not begin here gives 0. */
static size_t top_at(const double *density, size_t m, size_t at)
{
    if (density[(at + m - 1) % m] >= density[at]) {
        return 0;
    }
    size_t length = 1;
    while (length < m && density[(at + length) % m] == density[at]) {
        length++;
    }
    return density[(at + length) % m] < density[at] ? length : 0;
}

/* The least density from place `from` to `to`, going up the clock. */
static double least_between(const double *density, size_t m, size_t from, size_t to)
{
    double least = density[from];
    for (size_t k = from; k != to; k = (k + 1) % m) {
        least = fmin(least, density[k]);
    }
    return fmin(least, density[to]);
}

static size_t place_of(double hour, size_t m)
{
    return (size_t)lround(floor(hour / 24 * (double)m + 1e-9)) % m;
}

/* Apart from every higher one: to get there, the density must fall, whichever way round. */
static bool is_apart(const double *density, size_t m, const struct circular_peaks *higher,
                     const struct point *peak)
{
    size_t at = place_of(peak->hour, m);
    for (size_t k = 0; k < higher->count; k++) {
        size_t other = place_of(higher->hour[k], m);
        double saddle =
            fmax(least_between(density, m, at, other), least_between(density, m, other, at));
        if (saddle > MOST_SADDLE * peak->weight) {
            return false;
        }
    }
    return true;
}

rv_status circular_find_peaks(const double *density, size_t m, struct circular_peaks *ret,
                              struct rv_err *reterr)
{
    if (m < 3 || m > 1440) {
        return rv_fail(reterr, RV_DOMAIN, "%zu places on the clock: 3 to 1440 are needed", m);
    }
    for (size_t k = 0; k < m; k++) {
        if (!(density[k] >= 0) || isinf(density[k])) {
            return rv_fail(reterr, RV_DOMAIN, "density %zu is %g: a number of at least 0 is needed",
                           k + 1, density[k]);
        }
    }
    struct point tops[720]; /* no two tops are neighbours */
    size_t count = 0;
    for (size_t k = 0; k < m; k++) {
        size_t length = top_at(density, m, k);
        if (length > 0) {
            double middle = (double)k + (double)(length - 1) / 2;
            double hour = fmod(24 * middle / (double)m, 24);
            tops[count++] = (struct point){hour, density[k]};
        }
    }
    struct circular_peaks peaks = {.count = 0};
    if (count > 0) {
        qsort(tops, count, sizeof *tops, by_height);
    }
    for (size_t k = 0; k < count && peaks.count < CIRCULAR_MOST_PEAKS; k++) {
        if (tops[k].weight >= LEAST_HEIGHT * tops[0].weight &&
            is_apart(density, m, &peaks, &tops[k])) {
            peaks.hour[peaks.count] = tops[k].hour;
            peaks.density[peaks.count++] = tops[k].weight;
        }
    }
    peaks.is_many = peaks.count > 1;
    *ret = peaks;
    return rv_ok();
}

/* stats/loess.c — tricube-weighted local means and lines.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/loess.h"

#include <math.h>

/* Tricube weights, scaled to the sum 1; false when they are all 0. */
static bool weigh(const double *weights, double place, size_t left, size_t right, double half,
                  double *out)
{
    double sum = 0;
    for (size_t j = left; j < right; j++) {
        double away = fabs((double)j + 1 - place);
        out[j] = 0;
        if (away <= 0.999 * half) { /* at the edge itself the weight is 0 */
            double part = away / half, cube = 1 - part * part * part;
            out[j] = away <= 0.001 * half ? 1 : cube * cube * cube;
            out[j] *= weights ? weights[j] : 1;
        }
        sum += out[j];
    }
    for (size_t j = left; j < right && sum > 0; j++) {
        out[j] /= sum;
    }
    return sum > 0;
}

/* Turns the weights of a mean into those of a line, where the places are spread enough for one. */
static void tilt(double place, size_t left, size_t right, double range, double *w)
{
    double centre = 0, square = 0;
    for (size_t j = left; j < right; j++) {
        centre += w[j] * ((double)j + 1);
    }
    for (size_t j = left; j < right; j++) {
        double away = (double)j + 1 - centre;
        square += w[j] * away * away;
    }
    if (sqrt(square) > 0.001 * range) {
        double slope = (place - centre) / square;
        for (size_t j = left; j < right; j++) {
            w[j] *= slope * ((double)j + 1 - centre) + 1;
        }
    }
}

bool loess_at(const struct loess *l, const double *y, const double *weights, size_t n, double place,
              size_t left, size_t right, double *scratch, double *ret)
{
    double half = fmax(place - ((double)left + 1), (double)right - place);
    if (l->window > n) { /* a window beyond the series flattens the weights */
        half += (double)((l->window - n) / 2);
    }
    if (!weigh(weights, place, left, right, half, scratch)) {
        return false;
    }
    if (half > 0 && l->degree > 0) {
        tilt(place, left, right, (double)n - 1, scratch);
    }
    double sum = 0;
    for (size_t j = left; j < right; j++) {
        sum += scratch[j] * y[j];
    }
    *ret = sum;
    return true;
}

/* The first of the window's values for the fit at index i: the window is centred where it can be.
 */
static size_t left_of(const struct loess *l, size_t n, size_t i)
{
    if (l->window >= n) {
        return 0;
    }
    size_t before = (l->window - 1) / 2;
    size_t left = i > before ? i - before : 0;
    return left > n - l->window ? n - l->window : left;
}

static void fit(const struct loess *l, const double *y, const double *weights, size_t n, size_t i,
                double *out, double *scratch)
{
    size_t left = left_of(l, n, i), right = l->window < n ? left + l->window : n;
    if (!loess_at(l, y, weights, n, (double)i + 1, left, right, scratch, &out[i])) {
        out[i] = y[i];
    }
}

static void join(double *out, size_t from, size_t to)
{
    double rise = (out[to] - out[from]) / (double)(to - from);
    for (size_t i = from + 1; i < to; i++) {
        out[i] = out[from] + rise * (double)(i - from);
    }
}

void loess_smooth(const struct loess *l, const double *y, const double *weights, size_t n,
                  double *out, double *scratch)
{
    if (n < 2) {
        if (n == 1) {
            out[0] = y[0];
        }
        return;
    }
    size_t jump = l->jump < n - 1 ? l->jump : n - 1, last = 0;
    for (size_t i = 0; i < n; i += jump) {
        fit(l, y, weights, n, i, out, scratch);
        if (i > 0) {
            join(out, last, i);
        }
        last = i;
    }
    if (last < n - 1) {
        fit(l, y, weights, n, n - 1, out, scratch);
        join(out, last, n - 1);
    }
}

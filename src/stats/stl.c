/* stats/stl.c — the loops of STL. Local regression itself is in stats/loess.c.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/stl.h"

#include "stats/internal.h"
#include "stats/loess.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_VALUES    ((size_t)1 << 24)
#define LEAST_CYCLES   4
#define ROUNDING       1e-11 /* of the largest value: residuals below this are nothing */
#define OUTER_LOOPS    15
#define JUMPS_A_WINDOW 10 /* fits a window; the places between are interpolated, as R does */

struct work {
    size_t n, period;
    struct loess seasonal, trend, low_pass;
    const double *series;
    double *season, *level; /* n: the season and the trend so far */
    double *weights;        /* n: robustness, when is_weighted */
    bool is_weighted;
    double *detrended;           /* n */
    double *cycles;              /* n + 2 period: smoothed cycle-subseries */
    double *averages, *smoothed; /* n + 2 period */
    double *one, *one_weights;   /* a subseries, at most n / period + 1 */
    double *one_fit;             /* the same and one more at each end */
    double *scratch;             /* weights of a fit, n + 2 period */
};

/* Smooths the values of one place in the cycle (all Januaries), and one cycle beyond each end. */
static void smooth_subseries(struct work *w, size_t place)
{
    size_t k = (w->n - place - 1) / w->period + 1;
    for (size_t i = 0; i < k; i++) {
        w->one[i] = w->detrended[i * w->period + place];
        w->one_weights[i] = w->is_weighted ? w->weights[i * w->period + place] : 1;
    }
    const double *weights = w->is_weighted ? w->one_weights : NULL;
    const struct loess *l = &w->seasonal;
    loess_smooth(l, w->one, weights, k, w->one_fit + 1, w->scratch);
    size_t right = l->window < k ? l->window : k;
    if (!loess_at(l, w->one, weights, k, 0, 0, right, w->scratch, &w->one_fit[0])) {
        w->one_fit[0] = w->one_fit[1];
    }
    size_t left = k > l->window ? k - l->window : 0;
    if (!loess_at(l, w->one, weights, k, (double)k + 1, left, k, w->scratch, &w->one_fit[k + 1])) {
        w->one_fit[k + 1] = w->one_fit[k];
    }
    for (size_t i = 0; i < k + 2; i++) {
        w->cycles[i * w->period + place] = w->one_fit[i];
    }
}

/* Averages of `length` neighbours; writes n - length + 1 of them. */
static void move_average(const double *x, size_t n, size_t length, double *out)
{
    double sum = 0, size = (double)length;
    for (size_t i = 0; i < length; i++) {
        sum += x[i];
    }
    out[0] = sum / size;
    for (size_t i = length; i < n; i++) {
        sum = sum - x[i - length] + x[i];
        out[i - length + 1] = sum / size;
    }
}

static void inner_loop(struct work *w)
{
    size_t n = w->n, period = w->period, all = n + 2 * period;
    for (size_t i = 0; i < n; i++) {
        w->detrended[i] = w->series[i] - w->level[i];
    }
    for (size_t place = 0; place < period; place++) {
        smooth_subseries(w, place);
    }
    move_average(w->cycles, all, period, w->averages);
    move_average(w->averages, n + period + 1, period, w->smoothed);
    move_average(w->smoothed, n + 2, 3, w->averages);
    loess_smooth(&w->low_pass, w->averages, NULL, n, w->smoothed, w->scratch);
    for (size_t i = 0; i < n; i++) {
        w->season[i] = w->cycles[period + i] - w->smoothed[i];
        w->detrended[i] = w->series[i] - w->season[i];
    }
    loess_smooth(&w->trend, w->detrended, w->is_weighted ? w->weights : NULL, n, w->level,
                 w->scratch);
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Bisquare weights of the residuals beside six times their median. Residuals that are all rounding
 * are no outliers. */
static void weigh_residuals(struct work *w)
{
    double *sizes = w->detrended, largest = 0;
    for (size_t i = 0; i < w->n; i++) {
        w->weights[i] = fabs(w->series[i] - w->level[i] - w->season[i]);
        sizes[i] = w->weights[i];
        largest = fmax(largest, fabs(w->series[i]));
    }
    qsort(sizes, w->n, sizeof *sizes, by_size);
    size_t middle = w->n / 2;
    double limit = 3 * (sizes[middle] + sizes[w->n - middle - 1]);
    limit = fmax(limit, ROUNDING * largest);
    for (size_t i = 0; i < w->n; i++) {
        double r = w->weights[i], part = limit > 0 ? 1 - r / limit * (r / limit) : 1;
        w->weights[i] = r <= 0.001 * limit ? 1 : r <= 0.999 * limit ? part * part : 0;
    }
    w->is_weighted = true;
}

/* One season for all cycles: the mean of each place. */
static void average_season(struct work *w)
{
    for (size_t place = 0; place < w->period; place++) {
        double sum = 0, count = 0;
        for (size_t i = place; i < w->n; i += w->period) {
            sum += w->season[i];
            count++;
        }
        for (size_t i = place; i < w->n; i += w->period) {
            w->season[i] = sum / count;
        }
    }
}

static size_t next_odd(double x)
{
    size_t up = (size_t)ceil(x);
    return up + (up % 2 == 0);
}

static struct loess loess_of(size_t window, int degree)
{
    return (struct loess){window, degree, (window + JUMPS_A_WINDOW - 1) / JUMPS_A_WINDOW};
}

static rv_status check(const double *series, const uint64_t *valid, size_t n,
                       const struct stl_options *o, struct rv_err *reterr)
{
    if (o->period < 2 || o->period > MOST_VALUES || n > MOST_VALUES || n <= 2 * o->period) {
        return rv_fail(reterr, RV_DOMAIN,
                       "%zu values with a period of %zu: more than two whole periods of at least 2 "
                       "are needed",
                       n, o->period);
    }
    if (o->inner_loops < 0 || o->inner_loops > 1000 || o->outer_loops < 0 ||
        o->outer_loops > 1000) {
        return rv_fail(reterr, RV_DOMAIN, "%d inner and %d outer loops: 0 to 1000 are possible",
                       o->inner_loops, o->outer_loops);
    }
    const size_t windows[] = {o->seasonal_window, o->trend_window, o->low_pass_window};
    for (size_t i = 0; i < 3; i++) {
        if (windows[i] > MOST_VALUES || (windows[i] > 0 && windows[i] % 2 == 0) ||
            (windows[i] > 0 && windows[i] < (i == 0 ? 7 : 3))) {
            return rv_fail(reterr, RV_DOMAIN,
                           "a window of %zu: an odd number is needed, of at least 7 for the season "
                           "and 3 for the others",
                           windows[i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i) || !isfinite(series[i])) {
            return rv_fail(reterr, RV_DOMAIN,
                           "value %zu is not known: a decomposition needs a series without gaps",
                           i + 1);
        }
    }
    return rv_ok();
}

static rv_status make_work(struct arena *a, size_t n, const struct stl_options *o, struct work *w,
                           struct rv_err *reterr)
{
    bool is_periodic = o->seasonal_window == STL_PERIODIC;
    size_t seasonal = is_periodic ? 10 * n + 1 : o->seasonal_window;
    double wanted = 1.5 * (double)o->period / (1 - 1.5 / (double)seasonal);
    w->n = n;
    w->period = o->period;
    w->seasonal = loess_of(seasonal, 0);
    w->trend = loess_of(o->trend_window ? o->trend_window : next_odd(wanted), 1);
    w->low_pass =
        loess_of(o->low_pass_window ? o->low_pass_window : next_odd((double)o->period), 1);
    size_t all = n + 2 * o->period;
    double **const arrays[] = {&w->detrended, &w->cycles,      &w->averages, &w->smoothed,
                               &w->one,       &w->one_weights, &w->one_fit,  &w->scratch};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = ARENA_NEW(a, double, all);
        if (!*arrays[i]) {
            return arena_fail(a, reterr);
        }
    }
    return rv_ok();
}

rv_status stl_decompose(struct arena *a, const double *series, const uint64_t *valid, size_t n,
                        const struct stl_options *options, struct stl *ret, struct rv_err *reterr)
{
    RV_TRY(check(series, valid, n, options, reterr));
    struct work w = {.series = series};
    w.season = ARENA_NEW(a, double, n);
    w.level = ARENA_NEW(a, double, n);
    w.weights = ARENA_NEW(a, double, n);
    double *remainder = ARENA_NEW(a, double, n);
    if (!w.season || !w.level || !w.weights || !remainder) {
        return arena_fail(a, reterr);
    }
    struct arena_mark mark = arena_mark(a);
    RV_TRY(make_work(a, n, options, &w, reterr));
    int inner = options->is_robust ? 1 : 2, outer = options->is_robust ? OUTER_LOOPS : 0;
    inner = options->inner_loops ? options->inner_loops : inner;
    outer = options->is_robust && options->outer_loops ? options->outer_loops : outer;
    for (int round = 0; round <= outer; round++) {
        for (int i = 0; i < inner; i++) {
            inner_loop(&w);
        }
        if (round < outer) {
            weigh_residuals(&w);
        }
    }
    if (options->seasonal_window == STL_PERIODIC) {
        average_season(&w);
    }
    for (size_t i = 0; i < n; i++) {
        remainder[i] = series[i] - w.season[i] - w.level[i];
        w.weights[i] = w.is_weighted ? w.weights[i] : 1;
    }
    arena_release(a, mark);
    double cycles = (double)n / (double)options->period;
    *ret = (struct stl){n, w.season, w.level, remainder, w.weights, cycles, cycles < LEAST_CYCLES};
    return rv_ok();
}

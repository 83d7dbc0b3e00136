/* method/circle.c — hours on the clock: directional statistics, density, peaks.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/circular.h"

#include <math.h>

enum { CIRCLE_HOURS, CIRCLE_WEIGHTS };
enum { CIRCLE_KAPPA, CIRCLE_PLACES };

static const struct method_column circle_columns[] = {
    [CIRCLE_HOURS] = {"hours", "hour", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                      "hour of each event, 0 to below 24, 14.5 = half past two"},
    [CIRCLE_WEIGHTS] = {"weights", "weight|count", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                        "without hours: counts of equal parts of the day, from 0:00 on; beside "
                        "hours: how often each occurs"},
    {.name = NULL},
};
static const struct method_input circle_inputs[] = {
    {"data", circle_columns, false, "a row for each event, or for each part of the day"},
    {.name = NULL}};
static const struct method_option circle_options[] = {
    [CIRCLE_KAPPA] = {"kappa", METHOD_REAL, "10", NULL, 0.001, 100000,
                      "concentration of the kernel: 10 to 25 show hours"},
    [CIRCLE_PLACES] = {"places", METHOD_COUNT, "48", NULL, 3, 1440,
                       "of the density, round the clock"},
    {.name = NULL},
};

enum {
    CI_N,
    CI_MEAN,
    CI_RBAR,
    CI_CORRECTED,
    CI_VAR,
    CI_SD,
    CI_KAPPA,
    CI_EXACT,
    CI_STAT,
    CI_Z,
    CI_P,
    CI_SERIES,
    CI_BIMODAL,
    CI_HOUR,
    CI_RADIAN,
    CI_PER_HOUR,
    CI_PEAK,
    CI_PEAK_DENSITY
};

static const struct method_output circle_outputs[] = {
    [CI_N] = {"n", "", METHOD_REAL, "events", "or the sum of weights"},
    [CI_MEAN] = {"mean_hour", "", METHOD_REAL, "hour", "mean direction, 0 to below 24"},
    [CI_RBAR] = {"Rbar", "", METHOD_REAL, "", "mean resultant length, 0 to 1"},
    [CI_CORRECTED] = {"Rbar_corrected", "", METHOD_REAL, "", "the same, corrected for grouping"},
    [CI_VAR] = {"circ_var", "", METHOD_REAL, "", "1 less Rbar"},
    [CI_SD] = {"circ_sd_rad", "", METHOD_REAL, "radians", "circular standard deviation"},
    [CI_KAPPA] = {"kappa_mle", "", METHOD_REAL, "", "concentration, closed form of Fisher (1993)"},
    [CI_EXACT] = {"kappa_exact", "", METHOD_REAL, "", "the same, solved exactly"},
    [CI_STAT] = {"rayleigh_stat", "", METHOD_REAL, "", "Rbar, as R names it"},
    [CI_Z] = {"rayleigh_Z", "", METHOD_REAL, "", "n times the square of Rbar"},
    [CI_P] = {"rayleigh_p_zar", "", METHOD_REAL, "", "of evenness, to use"},
    [CI_SERIES] = {"rayleigh_p", "", METHOD_REAL, "", "by the series of R: poor when tiny"},
    [CI_BIMODAL] = {"several_peaks", "", METHOD_FLAG, "", "the mean hour describes none of them"},
    [CI_HOUR] = {"hour", "density", METHOD_REAL, "hour", "place on the clock"},
    [CI_RADIAN] = {"density_per_radian", "density", METHOD_REAL, "radians^-1", "von Mises kernel"},
    [CI_PER_HOUR] = {"density_per_hour", "density", METHOD_REAL, "hours^-1",
                     "the same by the hour"},
    [CI_PEAK] = {"hour", "peaks", METHOD_REAL, "hour", "highest peak first"},
    [CI_PEAK_DENSITY] = {"density_per_radian", "peaks", METHOD_REAL, "radians^-1", "its height"},
    {.name = NULL},
};

/* The input as points on the clock; parts of the day stand at their middle. */
static rv_status take_points(struct method_call *call, struct circular_points *ret,
                             struct rv_err *reterr)
{
    const struct method_values *hours = &call->in[0].columns[CIRCLE_HOURS];
    const struct method_values *weights = &call->in[0].columns[CIRCLE_WEIGHTS];
    size_t n = hours->is_given ? hours->n : weights->n;
    double *at = ARENA_NEW(call->arena, double, n + 1);
    if (!at) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; weights->is_given && i < n; i++) {
        if (!method_has(weights, i)) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu has no weight: that is not a weight of 0",
                           i + 1);
        }
    }
    for (size_t i = 0; !hours->is_given && i < n; i++) {
        at[i] = 24 * ((double)i + 0.5) / (double)n;
    }
    *ret = (struct circular_points){.n = n,
                                    .hours = hours->is_given ? hours->reals : at,
                                    .weights = weights->is_given ? weights->reals : NULL,
                                    .valid = hours->is_given ? hours->valid : NULL};
    return rv_ok();
}

static rv_status measure(const struct method_call *call, const struct circular_points *points,
                         struct circular *ret, struct rv_err *reterr)
{
    if (!call->in[0].columns[CIRCLE_HOURS].is_given) {
        return circular_grouped(points->weights, points->n, ret, reterr);
    }
    if (!points->weights) {
        return circular_hours(points->hours, points->valid, points->n, ret, reterr);
    }
    return circular_weighted(points, ret, reterr);
}

static void put_statistics(struct method_table *t, const struct circular *c)
{
    static const char no_mean[] = "there is no mean direction";
    static const char no_kappa[] = "all events are at one time, or there is no mean direction";
    static const char no_test[] = "weights that are not whole numbers are no counts";
    method_put(t, 0, CI_N, c->n);
    method_put_if(t, 0, CI_MEAN, c->has_mean, c->mean_hour, no_mean);
    method_put(t, 0, CI_RBAR, c->rbar);
    method_put(t, 0, CI_CORRECTED, c->corrected);
    method_put(t, 0, CI_VAR, c->variance);
    method_put_if(t, 0, CI_SD, c->has_mean, c->sd_rad, no_mean);
    method_put_if(t, 0, CI_KAPPA, c->has_kappa, c->kappa, no_kappa);
    method_put_if(t, 0, CI_EXACT, c->has_kappa, c->kappa_exact, no_kappa);
    method_put(t, 0, CI_STAT, c->rbar);
    method_put_if(t, 0, CI_Z, c->has_test, c->rayleigh_z, no_test);
    method_put_if(t, 0, CI_P, c->has_test, c->p, no_test);
    method_put_if(t, 0, CI_SERIES, c->has_test, c->p_series, no_test);
}

static rv_status put_density(struct method_call *call, const struct circular_points *points,
                             struct circular_peaks *peaks, struct rv_err *reterr)
{
    size_t m = (size_t)call->options[CIRCLE_PLACES].count;
    double *grid = ARENA_NEW(call->arena, double, m), *density = ARENA_NEW(call->arena, double, m);
    if (!grid || !density) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t k = 0; k < m; k++) {
        grid[k] = 24 * (double)k / (double)m;
    }
    RV_TRY(circular_density(call->arena, points, call->options[CIRCLE_KAPPA].real, grid, m, density,
                            reterr));
    RV_TRY(circular_find_peaks(density, m, peaks, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "density", m, NULL, &t, reterr));
    for (size_t k = 0; k < m; k++) {
        method_put(t, k, CI_HOUR, grid[k]);
        method_put(t, k, CI_RADIAN, density[k]);
        method_put(t, k, CI_PER_HOUR, density[k] * (M_PI / 12));
    }
    RV_TRY(method_open(call, "peaks", peaks->count, NULL, &t, reterr));
    for (size_t k = 0; k < peaks->count; k++) {
        method_put(t, k, CI_PEAK, peaks->hour[k]);
        method_put(t, k, CI_PEAK_DENSITY, peaks->density[k]);
    }
    return rv_ok();
}

static rv_status run_circular(struct method_call *call, struct rv_err *reterr)
{
    struct circular_points points;
    RV_TRY(take_points(call, &points, reterr));
    struct circular c;
    RV_TRY(measure(call, &points, &c, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "", 1, NULL, &t, reterr));
    put_statistics(t, &c);
    struct circular_peaks peaks;
    RV_TRY(put_density(call, &points, &peaks, reterr));
    method_put_flag(t, 0, CI_BIMODAL, peaks.is_many);
    if (peaks.is_many) {
        return method_note(call, reterr, "there are several peaks: give them, not the mean hour");
    }
    return rv_ok();
}

const struct method method_circle[] = {
    {"circular", "Hours as directions", NULL,
     "Around which time of day do events gather, how tightly, and is one time enough?",
     circle_inputs, circle_options, circle_outputs, run_circular},
    {.name = NULL},
};

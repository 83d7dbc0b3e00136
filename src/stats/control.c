/* stats/control.c — XmR, p, u, c and Laney's charts with run rules, within declared phases.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/control.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Of a range of two normal values in standard deviations: its mean, 2 / sqrt(pi), and the factor 1
 * + 3 d3 / d2 = 1 + 3 sqrt(pi / 2 - 1) of its upper limit. Tables have 1.128 and 3.267. */
#define D2 1.1283791670955126
#define D4 3.2665319192886013

static bool has_base(enum control_kind kind)
{
    return kind != CONTROL_XMR && kind != CONTROL_C;
}

static bool is_share(enum control_kind kind)
{
    return kind == CONTROL_P || kind == CONTROL_P_LANEY;
}

static bool is_laney(enum control_kind kind)
{
    return kind == CONTROL_P_LANEY || kind == CONTROL_U_LANEY;
}

/* ---- what may go in ---- */

static rv_status check_value(const struct control_series *s, enum control_kind kind, size_t i,
                             struct rv_err *reterr)
{
    double x = s->values[i];
    if (kind == CONTROL_XMR) {
        return isfinite(x) && fabs(x) <= STATS_EXPOSURE_MAX
                   ? rv_ok()
                   : rv_fail(reterr, RV_DOMAIN, "row %zu: the value %g is out of range", i + 1, x);
    }
    if (!(x >= 0 && x <= (double)STATS_COUNT_MAX) || x != floor(x)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "row %zu: the count is %g: a whole number from 0 is needed (measurements "
                       "have an xmr chart)",
                       i + 1, x);
    }
    return rv_ok();
}

static rv_status check_base(const struct control_series *s, enum control_kind kind, size_t i,
                            struct rv_err *reterr)
{
    double x = s->values[i], n = s->bases[i];
    bool is_in_range = n == 0 || (n >= STATS_EXPOSURE_MIN && n <= STATS_EXPOSURE_MAX);
    if (!is_in_range) {
        return rv_fail(reterr, RV_DOMAIN, "row %zu: the base %g is out of range", i + 1, n);
    }
    if (stats_has(s->valid, i) && ((n == 0 && x > 0) || (is_share(kind) && x > n))) {
        return rv_fail(reterr, RV_DOMAIN, "row %zu: %g of %g: a count above its base", i + 1, x, n);
    }
    return rv_ok();
}

static rv_status check(const struct control_series *s, const struct control_options *o,
                       const struct control_phase *phases, size_t count, struct rv_err *reterr)
{
    if (!(o->per >= STATS_EXPOSURE_MIN && o->per <= STATS_EXPOSURE_MAX)) {
        return rv_fail(reterr, RV_DOMAIN, "values per %g: a number above 0 is needed", o->per);
    }
    if (has_base(o->kind) && !s->bases) {
        return rv_fail(reterr, RV_DOMAIN, "a p or u chart needs the base n of each period");
    }
    for (size_t k = 0; k < count; k++) {
        bool is_ordered = k == 0 ? phases[k].first == 0
                                 : phases[k].first > phases[k - 1].first && phases[k].first < s->n;
        if (!is_ordered) {
            return rv_fail(reterr, RV_DOMAIN,
                           "phase %zu begins at row %zu: the first begins at row 1, the others "
                           "later one by one, the last within the %zu rows",
                           k + 1, phases[k].first + 1, s->n);
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        if (stats_has(s->valid, i)) {
            RV_TRY(check_value(s, o->kind, i, reterr));
        }
        if (has_base(o->kind) && stats_has(s->bases_valid, i)) {
            RV_TRY(check_base(s, o->kind, i, reterr));
        }
    }
    return count ? rv_ok() : rv_fail(reterr, RV_DOMAIN, "a chart has at least one phase");
}

/* ---- limits ---- */

static double base_of(const struct control_series *s, enum control_kind kind, size_t i)
{
    return has_base(kind) ? s->bases[i] : 1;
}

/* The values of phase k, which ends before `end`. */
static void take_values(const struct control_series *s, const struct control_options *o, size_t k,
                        size_t first, size_t end, struct control_point *points)
{
    for (size_t i = first; i < end; i++) {
        struct control_point *p = &points[i];
        *p = (struct control_point){.phase = k};
        p->has_value = stats_has(s->valid, i);
        if (has_base(o->kind)) {
            p->has_value = p->has_value && stats_has(s->bases_valid, i) && s->bases[i] > 0;
        }
        if (p->has_value) {
            p->value = s->values[i] / base_of(s, o->kind, i);
        }
        p->is_linked =
            i > first && p->has_value && points[i - 1].has_value && stats_has(s->follows, i);
    }
}

/* The mean of |a - b| of neighbours that are both known, of first .. end - 1; false without any. */
static bool mean_range(const struct control_point *points, size_t first, size_t end,
                       double (*of)(const struct control_point *, double), double centre,
                       double *ret)
{
    struct sum sum = {0, 0};
    size_t n = 0;
    for (size_t i = first + 1; i < end; i++) {
        if (points[i].is_linked) {
            sum_add(&sum, fabs(of(&points[i], centre) - of(&points[i - 1], centre)));
            n++;
        }
    }
    *ret = n ? sum_value(&sum) / (double)n : 0;
    return n > 0;
}

static double plain(const struct control_point *p, double centre)
{
    (void)centre;
    return p->value;
}

static double standardised(const struct control_point *p, double centre)
{
    return (p->value - centre) / p->sigma;
}

/* Centre of a phase from its baseline, and how many periods it stands on. */
static void centre_of(const struct control_series *s, enum control_kind kind,
                      const struct control_point *points, size_t end, struct control_phase *phase)
{
    struct sum above = {0, 0}, below = {0, 0};
    for (size_t i = phase->first; i < end; i++) {
        if (points[i].has_value) {
            sum_add(&above, s->values[i]);
            sum_add(&below, base_of(s, kind, i));
            phase->used++;
        }
    }
    phase->centre = phase->used ? sum_value(&above) / sum_value(&below) : 0;
}

/* How far the standardised values spread: sigma is set for every known point. */
static void spread_of(const struct control_point *points, size_t end, struct control_phase *phase)
{
    struct sum squares = {0, 0};
    for (size_t i = phase->first; i < end; i++) {
        if (points[i].has_value) {
            double z = standardised(&points[i], phase->centre);
            sum_add(&squares, z * z);
        }
    }
    double range, freedom = (double)(phase->used - 1);
    phase->has_spread = true;
    phase->dispersion = sum_value(&squares) / freedom;
    phase->dispersion_p = gsl_cdf_chisq_Q(sum_value(&squares), freedom);
    phase->has_sigma_z = mean_range(points, phase->first, end, standardised, phase->centre, &range);
    phase->sigma_z = range / D2;
}

static double sigma_of(enum control_kind kind, double centre, double base)
{
    return sqrt((is_share(kind) ? centre * (1 - centre) : centre) / base);
}

/* Limits of one phase that ends before `end`, from its periods before `baseline_end`. */
static void limits_of(const struct control_series *s, const struct control_options *o, size_t end,
                      size_t baseline_end, struct control_phase *phase,
                      struct control_point *points)
{
    centre_of(s, o->kind, points, baseline_end, phase);
    phase->is_provisional = phase->used < CONTROL_FIRM;
    double sigma = 0, widen = 1;
    if (o->kind == CONTROL_XMR) {
        phase->has_limits =
            mean_range(points, phase->first, baseline_end, plain, 0, &phase->mean_range) &&
            phase->mean_range > 0;
        sigma = phase->mean_range / D2;
        phase->range_upper = D4 * phase->mean_range;
    } else {
        phase->has_limits = phase->used >= 2 && sigma_of(o->kind, phase->centre, 1) > 0;
    }
    for (size_t i = phase->first; i < end; i++) {
        double own = points[i].has_value && o->kind != CONTROL_XMR
                         ? sigma_of(o->kind, phase->centre, base_of(s, o->kind, i))
                         : sigma;
        points[i].sigma = own;
    }
    if (phase->has_limits && o->kind != CONTROL_XMR) {
        spread_of(points, baseline_end, phase);
    }
    if (is_laney(o->kind) && phase->has_limits) {
        widen = phase->sigma_z;
        phase->has_limits = phase->has_sigma_z && widen > 0;
    }
    for (size_t i = phase->first; i < end; i++) {
        struct control_point *p = &points[i];
        p->has_limits = p->has_value && phase->has_limits;
        p->sigma = p->has_limits ? p->sigma * widen : 0;
        p->centre = p->has_limits ? phase->centre : 0;
        p->lower = p->centre - 3 * p->sigma;
        p->upper = p->centre + 3 * p->sigma;
        if (o->kind != CONTROL_XMR) {
            p->lower = fmax(0, p->lower);
            p->upper = is_share(o->kind) ? fmin(1, p->upper) : p->upper;
        }
    }
}

static void ranges_of(size_t end, const struct control_phase *phase, struct control_point *points)
{
    for (size_t i = phase->first + 1; i < end; i++) {
        struct control_point *p = &points[i];
        p->range = p->is_linked ? fabs(p->value - points[i - 1].value) : 0;
        p->is_range_beyond = p->is_linked && phase->has_limits && p->range > phase->range_upper;
    }
}

/* ---- signals ---- */

static int side(double value)
{
    return (value > 0) - (value < 0);
}

/* How many of the last `window` points up to i, without a gap and within the phase, lie beyond
 * `sigmas` on the side of point i; 0 when i itself does not. */
static int beyond_of(const struct control_point *points, size_t i, size_t window, double sigmas)
{
    double away = (points[i].value - points[i].centre) / points[i].sigma;
    int n = 0, on = side(away);
    if (!(fabs(away) > sigmas)) {
        return 0;
    }
    for (const struct control_point *p = &points[i]; window-- > 0; p--) {
        n += (double)on * (p->value - p->centre) / p->sigma > sigmas;
        if (!p->is_linked) {
            break;
        }
    }
    return n;
}

struct lengths {
    size_t run, trend; /* 0 = no such rule */
    bool has_four_of_five;
};

static const struct lengths LENGTHS[] = {[CONTROL_WESTERN] = {8, 0, true},
                                         [CONTROL_NELSON] = {9, 6, true},
                                         [CONTROL_NHS] = {7, 7, false}};

static void signals_of(const struct lengths *l, size_t end, const struct control_phase *phase,
                       struct control_point *points)
{
    size_t run = 0, trend = 0;
    int run_side = 0, trend_side = 0;
    for (size_t i = phase->first; i < end; i++) {
        struct control_point *p = &points[i];
        if (!p->has_limits) {
            run = trend = 0;
            continue;
        }
        int now = side(p->value - p->centre);
        run = now == 0 ? 0 : run && p->is_linked && now == run_side ? run + 1 : 1;
        run_side = now;
        int step = p->is_linked ? side(p->value - points[i - 1].value) : 0;
        trend = step == 0 ? 1 : trend > 1 && step == trend_side ? trend + 1 : 2;
        trend_side = step;
        bool is_beyond = p->value > p->upper || p->value < p->lower;
        p->signals =
            (is_beyond ? CONTROL_BEYOND : 0U) |
            (beyond_of(points, i, 3, 2) >= 2 ? CONTROL_TWO_OF_THREE : 0U) |
            (l->has_four_of_five && beyond_of(points, i, 5, 1) >= 4 ? CONTROL_FOUR_OF_FIVE : 0U) |
            (run >= l->run ? CONTROL_RUN : 0U) |
            (l->trend && trend >= l->trend ? CONTROL_TREND : 0U);
    }
}

static void scale(double per, struct control_phase *phases, size_t count,
                  struct control_point *points, size_t n)
{
    for (size_t k = 0; k < count; k++) {
        phases[k].centre *= per;
    }
    for (size_t i = 0; i < n; i++) {
        points[i].value *= per;
        points[i].centre *= per;
        points[i].lower *= per;
        points[i].upper *= per;
        points[i].sigma *= per;
    }
}

rv_status control_chart(const struct control_series *series, const struct control_options *options,
                        struct control_phase *phases, size_t count, struct control_point *points,
                        struct rv_err *reterr)
{
    RV_TRY(check(series, options, phases, count, reterr));
    for (size_t k = 0; k < count; k++) {
        struct control_phase *phase = &phases[k];
        *phase = (struct control_phase){.first = phase->first};
        size_t end = k + 1 < count ? phases[k + 1].first : series->n, length = end - phase->first;
        size_t baseline =
            options->baseline && options->baseline < length ? options->baseline : length;
        take_values(series, options, k, phase->first, end, points);
        limits_of(series, options, end, phase->first + baseline, phase, points);
        for (size_t i = phase->first; i < end; i++) {
            phase->known += points[i].has_value;
        }
        if (options->kind == CONTROL_XMR) {
            ranges_of(end, phase, points);
        }
        signals_of(&LENGTHS[options->rules], end, phase, points);
    }
    if (options->kind == CONTROL_U || options->kind == CONTROL_U_LANEY) {
        scale(options->per, phases, count, points, series->n);
    }
    return rv_ok();
}

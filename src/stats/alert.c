/* stats/alert.c — EARS, CUSUM, EWMA and the exact tail.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/alert.h"

#include "stats/internal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static rv_status check_series(const struct alert_series *s, struct rv_err *reterr)
{
    for (size_t i = 0; i < s->n; i++) {
        if (stats_has(s->valid, i)) {
            RV_TRY(stats_check_count(s->counts[i], "the count of a week", reterr));
        }
    }
    return rv_ok();
}

static rv_status check_alpha(double alpha, struct rv_err *reterr)
{
    if (!(alpha > 0 && alpha <= 0.5)) {
        return rv_fail(reterr, RV_DOMAIN, "alpha is %g: a number above 0, at most 0.5, is needed",
                       alpha);
    }
    return rv_ok();
}

/* ---- EARS ---- */

struct spread {
    bool is_known; /* the week, and a baseline without gaps and not all equal */
    double mean, sd;
};

/* Mean and standard deviation of the `baseline` weeks that end `gap` weeks before week i. */
static struct spread spread_before(const struct alert_series *s, size_t i, size_t baseline,
                                   size_t gap)
{
    struct spread out = {false, 0, 0};
    if (i < baseline + gap || !stats_has(s->valid, i)) {
        return out;
    }
    size_t first = i - gap - baseline;
    double square = 0;
    for (size_t k = first; k < first + baseline; k++) {
        if (!stats_has(s->valid, k)) {
            return out;
        }
        out.mean += (double)s->counts[k] / (double)baseline;
    }
    for (size_t k = first; k < first + baseline; k++) {
        double away = (double)s->counts[k] - out.mean;
        square += away * away;
        out.is_known = out.is_known || s->counts[k] != s->counts[first];
    }
    out.sd = sqrt(square / (double)(baseline - 1));
    return out;
}

/* How far week i went beyond one standard deviation above its own baseline. */
static double beyond_one(const struct alert_series *s, size_t i, const struct spread *spread)
{
    return fmax(0, ((double)s->counts[i] - spread->mean) / spread->sd - 1);
}

/* C3 and what R calls so, for a week whose own baseline is known. */
static struct alert_week ears_three(const struct alert_series *s, const struct ears_options *o,
                                    double z, size_t i, const struct spread *now)
{
    size_t baseline = (size_t)o->baseline;
    if (i < 2) {
        return (struct alert_week){.has_limit = false};
    }
    struct spread one = spread_before(s, i - 1, baseline, 2);
    struct spread two = spread_before(s, i - 2, baseline, 2);
    if (!one.is_known || !two.is_known) {
        return (struct alert_week){.has_limit = false};
    }
    double count = (double)s->counts[i], left = z;
    left -= beyond_one(s, i - 2, &two) + beyond_one(s, i - 1, &one);
    if (o->rule == ALERT_C3_R) {
        double limit = fmax(0, count + now->sd * left);
        return (struct alert_week){true, count > limit, limit};
    }
    double limit = left > 0 ? now->mean + now->sd * (1 + left) : 0;
    return (struct alert_week){true, left < 0 || count > limit, limit};
}

static struct alert_week ears_week(const struct alert_series *s, const struct ears_options *o,
                                   double z, size_t i)
{
    struct spread now = spread_before(s, i, (size_t)o->baseline, o->rule == ALERT_C1 ? 0 : 2);
    if (!now.is_known) {
        return (struct alert_week){.has_limit = false};
    }
    if (o->rule == ALERT_C3 || o->rule == ALERT_C3_R) {
        return ears_three(s, o, z, i, &now);
    }
    double limit = now.mean + z * now.sd;
    return (struct alert_week){true, (double)s->counts[i] > limit, limit};
}

rv_status alert_ears(const struct alert_series *series, const struct ears_options *options,
                     struct alert_week *ret, struct rv_err *reterr)
{
    RV_TRY(check_series(series, reterr));
    RV_TRY(check_alpha(options->alpha, reterr));
    if (options->baseline < 3 || options->baseline > 104) {
        return rv_fail(reterr, RV_DOMAIN, "a baseline of %d weeks: 3 to 104 are possible",
                       options->baseline);
    }
    double z = gsl_cdf_ugaussian_Qinv(options->alpha);
    for (size_t i = 0; i < series->n; i++) {
        ret[i] = ears_week(series, options, z, i);
    }
    return rv_ok();
}

/* ---- CUSUM and EWMA ---- */

static rv_status standard_of(const struct alert_series *s, const struct chart_options *o,
                             double *ret, struct rv_err *reterr)
{
    if (o->baseline != 0) {
        if (!(o->baseline > 0) || isinf(o->baseline)) {
            return rv_fail(reterr, RV_DOMAIN, "the standard is %g: a number above 0 is needed",
                           o->baseline);
        }
        *ret = o->baseline;
        return rv_ok();
    }
    size_t known = 0;
    double sum = 0;
    for (size_t i = 0; i < s->n && known < o->baseline_weeks; i++) {
        if (stats_has(s->valid, i)) {
            sum += (double)s->counts[i];
            known++;
        }
    }
    if (known == 0 || known < o->baseline_weeks || sum == 0) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the standard needs %zu known weeks and at least one event in them: there "
                       "are %zu weeks and %g events",
                       o->baseline_weeks, known, sum);
    }
    *ret = sum / (double)known;
    return rv_ok();
}

static rv_status check_chart(const struct chart_options *o, struct rv_err *reterr)
{
    if (!(o->rise > 1) || isinf(o->rise) || !(o->limit > 0) || isinf(o->limit)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a rise by the factor %g and a limit of %g: above 1 and above 0 are needed",
                       o->rise, o->limit);
    }
    if (!(o->lambda > 0 && o->lambda <= 1 && o->width > 0) || isinf(o->width)) {
        return rv_fail(
            reterr, RV_DOMAIN,
            "a weight of %g and a width of %g: above 0, the weight at most 1, are needed",
            o->lambda, o->width);
    }
    return rv_ok();
}

rv_status alert_charts(const struct alert_series *series, const struct chart_options *options,
                       struct chart *chart, struct chart_week *ret, struct rv_err *reterr)
{
    RV_TRY(check_series(series, reterr));
    RV_TRY(check_chart(options, reterr));
    double l0;
    RV_TRY(standard_of(series, options, &l0, reterr));
    double k = l0 * (options->rise - 1) / log(options->rise), h = options->limit * sqrt(l0);
    double rest = 1 - options->lambda, share = options->lambda / (1 + rest), left = 1;
    struct chart_week now = {.ewma = l0, .upper = l0, .lower = l0};
    for (size_t i = 0; i < series->n; i++) {
        now.is_known = stats_has(series->valid, i);
        if (now.is_known) {
            double x = (double)series->counts[i];
            double from = now.is_cusum_alarm ? 0 : now.cusum_reset;
            now.cusum = fmax(0, now.cusum + x - k);
            now.cusum_reset = fmax(0, from + x - k);
            now.is_cusum_alarm = now.cusum_reset > h;
            left *= rest * rest; /* (1 - lambda)^(2 t) */
            double sd = sqrt(l0 * share * (1 - left));
            now.ewma = options->lambda * x + rest * now.ewma;
            now.upper = l0 + options->width * sd;
            now.lower = fmax(0, l0 - options->width * sd);
            now.is_ewma_alarm = now.ewma > now.upper;
        }
        ret[i] = now;
        if (!now.is_known) { /* what is carried on is no new alarm */
            ret[i].is_cusum_alarm = ret[i].is_ewma_alarm = false;
        }
    }
    *chart = (struct chart){l0, k, h};
    return rv_ok();
}

/* ---- the exact tail ---- */

#define TAIL_MOST 10000

static int by_count(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* P(X >= x) of a Poisson count. */
static double poisson_tail(int64_t x, double mean)
{
    if (x <= 0) {
        return 1;
    }
    return (double)x >= mean ? stats_poisson_up(x, mean) : 1 - stats_poisson_down(x - 1, mean);
}

/* The greatest count whose tail is not below alpha. */
static int64_t limit_of(double mean, double alpha)
{
    int64_t low = 0, high = (int64_t)(mean + 10 * sqrt(mean) - 10 * log(alpha)) + 10;
    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        if (poisson_tail(middle, mean) < alpha) {
            high = middle - 1;
        } else {
            low = middle;
        }
    }
    return low;
}

static struct tail_week tail_of(const struct alert_series *s, const struct tail_options *o,
                                size_t i, int64_t *before)
{
    struct tail_week week = {.has_p = false};
    size_t known = 0, first = i > o->window ? i - o->window : 0;
    for (size_t k = first; k < i; k++) {
        if (stats_has(s->valid, k)) {
            before[known++] = s->counts[k];
        }
    }
    if (known < o->least_known || !stats_has(s->valid, i)) {
        return week;
    }
    qsort(before, known, sizeof *before, by_count);
    double median = ((double)before[(known - 1) / 2] + (double)before[known / 2]) / 2;
    week.has_p = true;
    week.mean = fmax(median, M_LN2);
    week.p = poisson_tail(s->counts[i], week.mean);
    week.is_alarm = week.p < o->alpha;
    week.limit = limit_of(week.mean, o->alpha);
    return week;
}

rv_status alert_tail(struct arena *a, const struct alert_series *series,
                     const struct tail_options *options, struct tail_week *ret,
                     struct rv_err *reterr)
{
    RV_TRY(check_series(series, reterr));
    RV_TRY(check_alpha(options->alpha, reterr));
    if (options->alpha < 1e-15 || options->window < 4 || options->window > 520 ||
        options->least_known < 1 || options->least_known > options->window) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a window of %zu weeks of which %zu are known, with alpha %g, is not "
                       "possible",
                       options->window, options->least_known, options->alpha);
    }
    for (size_t i = 0; i < series->n; i++) {
        if (stats_has(series->valid, i) && series->counts[i] > TAIL_MOST) {
            return rv_fail(reterr, RV_DOMAIN,
                           "week %zu has %lld events: the exact tail is for counts up to 10^4",
                           i + 1, (long long)series->counts[i]);
        }
    }
    struct arena_mark mark = arena_mark(a);
    int64_t *before = ARENA_NEW(a, int64_t, options->window);
    if (!before) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < series->n; i++) {
        ret[i] = tail_of(series, options, i, before);
    }
    arena_release(a, mark);
    return rv_ok();
}

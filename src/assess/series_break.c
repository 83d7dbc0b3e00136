/* assess/series_break.c — a level of monthly counts that changes at once, beyond noise and season.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/series_break.h"

#include "stats/changepoint.h"

#include <math.h>

/* Changes of what the police record, by the first month of the new way, in areas whose codes begin
 * so. Source: Home Office Counting Rules of April 2023, on offences that are courses of conduct;
 * the Metropolitan Police's notes on its Monthly Crime Dashboard, on its record system CONNECT. */
static const struct {
    int year, month;
    const char *codes, *text;
} KNOWN[] = {
    {2023, 4, "",
     "the Home Office Counting Rules for courses of conduct (stalking, harassment, coercive "
     "control) changed: figures before and after are not comparable where these belong"},
    {2024, 3, "E09",
     "the Metropolitan Police had moved to another record system: it calls its figures of domestic "
     "abuse and hate crime before and after not comparable"},
};

#define BREAK_SIDE  3    /* months on either side of a break */
#define BREAK_RATIO 1.5  /* of the levels just before and just after */
#define BREAK_LIMIT 16.0 /* of the largest likelihood ratio, twice its log, over the dispersion */
#define BREAK_SLOPE 10.0 /* by how much a step fits better than a slope, over the dispersion */

/* How much more the series moves from month to month than Poisson counts would; the step itself is
 * left out. At least 1. */
static double dispersion(const int64_t *x, size_t n, size_t after)
{
    double sum = 0;
    size_t steps = 0;
    for (size_t i = 1; i < n; i++) {
        double both = (double)(x[i] + x[i - 1]), apart = (double)(x[i] - x[i - 1]);
        if (i != after && both > 0) {
            sum += apart * apart / both;
            steps++;
        }
    }
    return steps && sum > (double)steps ? sum / (double)steps : 1;
}

/* Sum of squares of the square roots around two levels, less that around one straight line: on that
 * scale counts have a variance of about a quarter. Above 0 = the step fits better than the slope.
 */
static double step_over_slope(const int64_t *x, size_t n, size_t after)
{
    double sum[2] = {0, 0}, squares = 0, cross = 0, middle = (double)(n - 1) / 2, spread = 0;
    for (size_t i = 0; i < n; i++) {
        double y = sqrt((double)x[i]), t = (double)i - middle;
        sum[i >= after] += y;
        squares += y * y;
        cross += t * y;
        spread += t * t;
    }
    double total = sum[0] + sum[1];
    double slope_rest = squares - total * total / (double)n - cross * cross / spread;
    double step_rest =
        squares - sum[0] * sum[0] / (double)after - sum[1] * sum[1] / (double)(n - after);
    return slope_rest - step_rest;
}

/* The level of the months from `after` on over that of the same months a year before; `otherwise`
 * where there are none. */
static double over_year(const int64_t *x, size_t after, double later, double otherwise)
{
    if (after < 12) {
        return otherwise;
    }
    int64_t sum = 0;
    for (size_t i = 0; i < BREAK_SIDE; i++) {
        sum += x[after - 12 + i];
    }
    return sum ? later * BREAK_SIDE / (double)sum : otherwise;
}

/* Whether the same months a year later step the same way, at least half as far: a season. The first
 * year has no months before it to be held against. */
static bool comes_again(const int64_t *x, size_t n, size_t after, double ratio)
{
    size_t next = after + 12;
    if (next + BREAK_SIDE > n) {
        return false;
    }
    int64_t before = 0, later = 0;
    for (size_t i = 0; i < BREAK_SIDE; i++) {
        before += x[next - BREAK_SIDE + i];
        later += x[next + i];
    }
    double step = before > 0 && later > 0 ? log((double)later / (double)before) : 0;
    return ratio > 1 ? step >= log(ratio) / 2 : step <= log(ratio) / 2;
}

static bool is_apart(double ratio)
{
    return ratio >= BREAK_RATIO || ratio <= 1 / BREAK_RATIO;
}

static double mean_of(const int64_t *x, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return (double)sum / (double)n;
}

rv_status series_break_find(struct arena *a, const int64_t *x, struct month_range months,
                            struct series_break *ret, bool *ret_found, struct rv_err *reterr)
{
    size_t n = (size_t)month_range_count(months);
    *ret_found = false;
    if (n < SERIES_BREAK_MONTHS) {
        return rv_ok();
    }
    struct arena_mark mark = arena_mark(a);
    struct changepoint c;
    struct changepoint_options options = {.replicates = 0, .seed = 1};
    double *days = ARENA_NEW(a, double, n);
    if (!days) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        int32_t m = months.first + (int32_t)i;
        days[i] = month_range_days((struct month_range){m, m});
    }
    RV_TRY(changepoint_detect(a, NULL, x, days, NULL, n, &options, &c, reterr));
    size_t after = c.after;
    double noise = dispersion(x, n, after), strength = c.lr_max / noise;
    arena_release(a, mark);
    if (after < BREAK_SIDE || n - after < BREAK_SIDE) {
        return rv_ok();
    }
    double before = mean_of(x + after - BREAK_SIDE, BREAK_SIDE);
    double later = mean_of(x + after, BREAK_SIDE);
    double ratio = before > 0 ? later / before : (double)INFINITY;
    *ret = (struct series_break){.month = months.first + (int32_t)after,
                                 .before = before,
                                 .after = later,
                                 .strength = strength};
    *ret_found = strength >= BREAK_LIMIT + 2 * log((double)n) && fabs(later - before) >= 10 &&
                 is_apart(ratio) && is_apart(over_year(x, after, later, ratio)) &&
                 !comes_again(x, n, after, ratio) &&
                 4 * step_over_slope(x, n, after) / noise >= BREAK_SLOPE;
    return rv_ok();
}

const char *series_break_known(struct text area, int32_t month)
{
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (month == KNOWN[i].year * 12 + KNOWN[i].month - 1 && text_starts(area, KNOWN[i].codes)) {
            return KNOWN[i].text;
        }
    }
    return NULL;
}

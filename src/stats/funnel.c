/* stats/funnel.c — funnel limits and over-dispersion.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/funnel.h"

#include "stats/binomial.h"
#include "stats/internal.h"
#include "stats/sum.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

struct funnel {
    const struct funnel_options *options;
    const double *counts, *sizes;
    const uint64_t *count_valid, *size_valid;
    size_t n;
    double target;
    double phi, tau2; /* 1 and 0 unless the limits are widened */
};

/* Smaller than any person-time: below it a rate would not be finite. */
#define FUNNEL_LEAST_SIZE 1e-6

static bool has_size(const struct funnel *f, size_t i)
{
    return stats_has(f->size_valid, i) && f->sizes[i] > 0;
}

static bool has_value(const struct funnel *f, size_t i)
{
    return stats_has(f->count_valid, i) && has_size(f, i);
}

static rv_status check_areas(const struct funnel *f, struct rv_err *reterr)
{
    const struct funnel_options *o = f->options;
    if (!(o->winsorise >= 0 && o->winsorise < 0.5)) {
        return rv_fail(reterr, RV_DOMAIN, "winsorise is %g: a share from 0 to below 0.5 is needed",
                       o->winsorise);
    }
    if (o->kind == FUNNEL_PROPORTION && o->limits == FUNNEL_UKHSA) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the limits of UKHSA's rates do not fit proportions: use "
                       "score");
    }
    for (size_t i = 0; i < f->n; i++) {
        if (stats_has(f->count_valid, i)) {
            RV_TRY(stats_check_amount(f->counts[i], "a count", reterr));
        }
        if (stats_has(f->size_valid, i)) {
            RV_TRY(stats_check_amount(f->sizes[i], "a base or population", reterr));
            if (f->sizes[i] > 0 && f->sizes[i] < FUNNEL_LEAST_SIZE) {
                return rv_fail(reterr, RV_DOMAIN, "a base or population of %g is too small",
                               f->sizes[i]);
            }
        }
        if (o->kind == FUNNEL_PROPORTION && has_value(f, i) && f->counts[i] > f->sizes[i]) {
            return rv_fail(reterr, RV_DOMAIN, "the count %.12g is larger than its base %.12g",
                           f->counts[i], f->sizes[i]);
        }
    }
    return rv_ok();
}

static rv_status find_target(struct funnel *f, struct rv_err *reterr)
{
    f->target = f->options->target;
    if (!f->options->has_target) {
        struct sum counts = {0}, sizes = {0};
        for (size_t i = 0; i < f->n; i++) {
            if (has_value(f, i)) {
                sum_add(&counts, f->counts[i]);
                sum_add(&sizes, f->sizes[i]);
            }
        }
        f->target = sum_value(&sizes) > 0 ? sum_value(&counts) / sum_value(&sizes) : 0;
    }
    bool is_share = f->options->kind == FUNNEL_PROPORTION;
    if (!(f->target > 0) || isinf(f->target) || (is_share && f->target >= 1)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the target is %g: a funnel needs one above 0%s; give it, or areas with "
                       "counts",
                       f->target, is_share ? " and below 1" : "");
    }
    for (size_t i = 0; i < f->n; i++) {
        if (has_size(f, i)) {
            RV_TRY(stats_check_amount(f->target * f->sizes[i], "the expected count", reterr));
        }
    }
    return rv_ok();
}

/* Standard deviation that chance alone gives an area of this size at the target. */
static double chance(const struct funnel *f, double size)
{
    double spread = f->options->kind == FUNNEL_PROPORTION ? f->target * (1 - f->target) : f->target;
    return sqrt(spread / size);
}

static double at_least_0(const struct funnel *f, double limit)
{
    return fmin(f->options->kind == FUNNEL_PROPORTION ? 1 : HUGE_VAL, fmax(0, limit));
}

static struct interval score_limits(const struct funnel *f, double size, double tail)
{
    double sd = chance(f, size);
    double half = gsl_cdf_ugaussian_Qinv(tail) * sqrt(f->phi * sd * sd + f->tau2);
    return (struct interval){at_least_0(f, f->target - half), at_least_0(f, f->target + half), true,
                             true};
}

/* --- Spiegelhalter's interpolation between the counts on both sides of a tail --- */

static double mass_at(const struct funnel *f, double size, int64_t x)
{
    return f->options->kind == FUNNEL_PROPORTION ? binomial_mass(x, (int64_t)size, f->target)
                                                 : stats_poisson_mass(x, size * f->target);
}

/* P(X <= x), for x at or below the mean. */
static double below(const struct funnel *f, double size, int64_t x)
{
    if (f->options->kind == FUNNEL_RATE) {
        return stats_poisson_down(x, size * f->target);
    }
    int64_t n = (int64_t)size;
    return stats_binomial_upper(n - x, n, 1 - f->target, f->target);
}

/* P(X > x), for x at or above the mean less 1. */
static double beyond(const struct funnel *f, double size, int64_t x)
{
    return f->options->kind == FUNNEL_RATE
               ? stats_poisson_up(x + 1, size * f->target)
               : stats_binomial_upper(x + 1, (int64_t)size, f->target, 1 - f->target);
}

/* The least count r with P(X <= r) >= tail. */
static int64_t low_count(const struct funnel *f, double size, double tail)
{
    int64_t no = -1, yes = (int64_t)floor(size * f->target);
    while (yes - no > 1) {
        int64_t middle = no + (yes - no) / 2;
        if (below(f, size, middle) >= tail) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    return yes;
}

/* The least count r with P(X > r) <= tail: at or above the mean less 1 for the tails used here. */
static int64_t high_count(const struct funnel *f, double size, double tail)
{
    double mean = size * f->target;
    int64_t no = (int64_t)ceil(mean) - 2, yes = (int64_t)(mean + 50 + 12 * sqrt(mean));
    while (yes - no > 1) {
        int64_t middle = no + (yes - no) / 2;
        if (beyond(f, size, middle) <= tail) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    return yes;
}

static struct interval exact_limits(const struct funnel *f, double size, double tail)
{
    int64_t low = low_count(f, size, tail), high = high_count(f, size, tail);
    double low_part = (below(f, size, low) - tail) / mass_at(f, size, low);
    double high_part = (tail - beyond(f, size, high)) / mass_at(f, size, high);
    return (struct interval){at_least_0(f, ((double)low - low_part) / size),
                             at_least_0(f, ((double)high - high_part) / size), true, true};
}

/* The rates that the area would have at the size where its count just reaches the limit. */
static rv_status ukhsa_limits(const struct funnel *f, double count, double tail,
                              struct interval *ret, struct rv_err *reterr)
{
    if (count != floor(count)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "%g events are not a whole number, which these limits "
                       "need",
                       count);
    }
    struct interval own;
    RV_TRY(interval_poisson((int64_t)count, 1 - 2 * tail, &own, reterr));
    *ret = (struct interval){f->target * count / own.upper, 0, true, count > 0};
    if (count > 0) {
        ret->upper = f->target * count / own.lower;
    }
    return rv_ok();
}

/* Limits from the area's own count: UKHSA's, unless they are widened. */
static bool is_own(const struct funnel *f)
{
    return f->options->limits == FUNNEL_UKHSA && f->options->dispersion == FUNNEL_AS_CHANCE;
}

static rv_status limits_of(const struct funnel *f, size_t i, double tail, struct interval *ret,
                           struct rv_err *reterr)
{
    bool is_wide = f->options->dispersion != FUNNEL_AS_CHANCE;
    if (is_own(f)) {
        return ukhsa_limits(f, f->counts[i], tail, ret, reterr);
    }
    double size = f->sizes[i];
    if (f->options->limits == FUNNEL_SCORE || is_wide) {
        *ret = score_limits(f, size, tail);
        return rv_ok();
    }
    if (f->options->kind == FUNNEL_PROPORTION && size != floor(size)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a base of %g is not a whole number, which exact limits need: use score",
                       size);
    }
    *ret = exact_limits(f, size, tail);
    return rv_ok();
}

/* --- spread between areas --- */

static int compare_reals(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Quantile of sorted numbers, type 7 (the default of R). */
static double quantile(const double *sorted, size_t n, double at)
{
    double place = at * (double)(n - 1);
    size_t low = (size_t)place;
    size_t high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (place - (double)low) * (sorted[high] - sorted[low]);
}

static double mean_square(const double *z, size_t n, double least, double most)
{
    struct sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        double pulled = fmin(most, fmax(least, z[i]));
        sum_add(&sum, pulled * pulled);
    }
    return sum_value(&sum) / (double)n;
}

/* Spiegelhalter's estimate by moments, from the winsorised spread. */
static double spread_between(const struct funnel *f, double phi, size_t areas)
{
    struct sum weights = {0}, squares = {0};
    for (size_t i = 0; i < f->n; i++) {
        if (has_value(f, i)) {
            double sd = chance(f, f->sizes[i]), weight = 1 / (sd * sd);
            sum_add(&weights, weight);
            sum_add(&squares, weight * weight);
        }
    }
    double total = sum_value(&weights), count = (double)areas;
    double excess = count * phi - (count - 1), room = total - sum_value(&squares) / total;
    return excess > 0 && room > 0 ? excess / room : 0;
}

static rv_status measure_spread(struct arena *scratch, struct funnel *f,
                                struct funnel_summary *summary, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(scratch);
    double *z = ARENA_NEW(scratch, double, f->n + 1);
    if (!z) {
        return arena_fail(scratch, reterr);
    }
    size_t areas = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (has_value(f, i)) {
            z[areas++] = (f->counts[i] / f->sizes[i] - f->target) / chance(f, f->sizes[i]);
        }
    }
    *summary = (struct funnel_summary){.target = f->target, .areas = areas};
    if (areas > 0) {
        qsort(z, areas, sizeof *z, compare_reals);
        double w = f->options->winsorise;
        summary->phi_raw = mean_square(z, areas, -HUGE_VAL, HUGE_VAL);
        summary->phi = mean_square(z, areas, quantile(z, areas, w), quantile(z, areas, 1 - w));
        summary->phi_critical = 1 + 2 * sqrt(2 / (double)areas);
        summary->tau2 = spread_between(f, summary->phi, areas);
        summary->is_over_dispersed = summary->phi > summary->phi_critical;
    }
    arena_release(scratch, mark);
    return rv_ok();
}

/* --- the place of each area --- */

/* The target outside an interval of the count itself: an area without events has no rate below
 * any limit, but its expected events may be more than chance allows. */
static enum funnel_place place_by_count(const struct funnel *f, size_t i,
                                        const struct funnel_area *area)
{
    double value = area->value;
    double expected = f->sizes[i] * f->target;
    if (is_own(f) && f->counts[i] == 0) {
        return expected > -log(FUNNEL_TAIL_3)   ? FUNNEL_LOW_3
               : expected > -log(FUNNEL_TAIL_2) ? FUNNEL_LOW_2
                                                : FUNNEL_WITHIN;
    }
    return value < area->three.lower                            ? FUNNEL_LOW_3
           : value < area->two.lower                            ? FUNNEL_LOW_2
           : area->three.has_upper && value > area->three.upper ? FUNNEL_HIGH_3
           : area->two.has_upper && value > area->two.upper     ? FUNNEL_HIGH_2
                                                                : FUNNEL_WITHIN;
}

static rv_status place_area(const struct funnel *f, size_t i, struct funnel_area *ret,
                            struct rv_err *reterr)
{
    struct funnel_area area = {.place = FUNNEL_WITHIN};
    area.has_limits = is_own(f) ? stats_has(f->count_valid, i) : has_size(f, i);
    if (area.has_limits) {
        RV_TRY(limits_of(f, i, FUNNEL_TAIL_2, &area.two, reterr));
        RV_TRY(limits_of(f, i, FUNNEL_TAIL_3, &area.three, reterr));
    }
    area.has_value = has_value(f, i);
    if (area.has_value) {
        area.value = f->counts[i] / f->sizes[i];
        area.z = (area.value - f->target) / chance(f, f->sizes[i]);
        area.place = place_by_count(f, i, &area);
    }
    *ret = area;
    return rv_ok();
}

rv_status funnel_place_areas(struct arena *scratch, const double *counts,
                             const uint64_t *count_valid, const double *sizes,
                             const uint64_t *size_valid, size_t n,
                             const struct funnel_options *options, struct funnel_area *ret,
                             struct funnel_summary *summary, struct rv_err *reterr)
{
    struct funnel f = {.options = options,
                       .counts = counts,
                       .sizes = sizes,
                       .count_valid = count_valid,
                       .size_valid = size_valid,
                       .n = n,
                       .phi = 1};
    RV_TRY(check_areas(&f, reterr));
    RV_TRY(find_target(&f, reterr));
    struct funnel_summary found;
    RV_TRY(measure_spread(scratch, &f, &found, reterr));
    if (found.is_over_dispersed) {
        f.phi = options->dispersion == FUNNEL_MULTIPLICATIVE ? found.phi : 1;
        f.tau2 = options->dispersion == FUNNEL_ADDITIVE ? found.tau2 : 0;
    }
    struct arena_mark mark = arena_mark(scratch);
    struct funnel_area *areas = ARENA_NEW(scratch, struct funnel_area, n + 1);
    if (!areas) {
        return arena_fail(scratch, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(place_area(&f, i, &areas[i], reterr));
    }
    for (size_t i = 0; i < n; i++) {
        ret[i] = areas[i];
    }
    *summary = found;
    arena_release(scratch, mark);
    return rv_ok();
}

const char *funnel_place_label(enum funnel_place place)
{
    static const char *const labels[] = {
        [FUNNEL_LOW_3] = "Low (0.001)",      [FUNNEL_LOW_2] = "Low (0.025)",
        [FUNNEL_WITHIN] = "Not significant", [FUNNEL_HIGH_2] = "High (0.025)",
        [FUNNEL_HIGH_3] = "High (0.001)",
    };
    return labels[place];
}

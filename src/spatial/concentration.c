/* spatial/concentration.c — how few areas hold how much of the events, and how few would by chance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "spatial/concentration.h"

#include "spatial/counts.h"
#include "stats/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS_AN_AREA 40 /* with fewer events an area, drawing each is faster than by binomials */

static int most_first(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

/* Fewest of the first areas whose sum is at least this part, in quarters, of the events. */
static size_t fewest(const int64_t *ordered, size_t n, int64_t events, int quarters)
{
    int64_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += ordered[k];
        if (4 * sum >= quarters * events) {
            return k + 1;
        }
    }
    return n;
}

/* Of counts in falling order: whole numbers up to the last division, so that nothing is lost. */
static double gini_of(const int64_t *ordered, size_t n, int64_t events)
{
    double sum = 0; /* of (n + 1 - 2 k) x the k-th: whole, and below 2^53 for any London */
    for (size_t k = 0; k < n; k++) {
        sum += ((double)n - 1 - 2 * (double)k) * (double)ordered[k];
    }
    return sum / ((double)n * (double)events);
}

static void measure_shares(struct concentration *c)
{
    double n = (double)c->areas, events = (double)c->events;
    for (size_t k = 0; k < c->areas && c->ordered[k] > 0; k++) {
        double share = (double)c->ordered[k] / events;
        c->with_events++;
        c->hhi += share * share;
        c->theil += share * log(share * n);
    }
    c->gini = gini_of(c->ordered, c->areas, c->events);
    c->generalised = fmax(1, n / events) * (c->gini - 1) + 1;
    double least = fmin(n, events);
    c->gini_unbiased = n > 1 ? c->gini * n / (n - 1) : (double)NAN;
    c->generalised_unbiased = least > 1 ? c->generalised * least / (least - 1) : (double)NAN;
}

rv_status concentration_measure(struct arena *a, const int64_t *counts, size_t n,
                                struct concentration *ret, struct rv_err *reterr)
{
    struct concentration c = {.areas = n};
    RV_TRY(spatial_sum(counts, n, &c.events, reterr));
    if (c.events == 0) {
        return rv_fail(reterr, RV_DOMAIN,
                       n ? "there is no event in any area: nothing is concentrated"
                         : "there is no area");
    }
    int64_t *ordered = ARENA_NEW(a, int64_t, n);
    if (!ordered) {
        return arena_fail(a, reterr);
    }
    memcpy(ordered, counts, n * sizeof *ordered);
    qsort(ordered, n, sizeof *ordered, most_first);
    c.ordered = ordered;
    c.for_quarter = fewest(ordered, n, c.events, 1);
    c.for_half = fewest(ordered, n, c.events, 2);
    c.quarter_percent = 100 * (double)c.for_quarter / (double)n;
    c.half_percent = 100 * (double)c.for_half / (double)n;
    measure_shares(&c);
    *ret = c;
    return rv_ok();
}

double concentration_top(const struct concentration *c, size_t k, bool *ret_tied)
{
    int64_t sum = 0;
    for (size_t i = 0; i < k && i < c->areas; i++) {
        sum += c->ordered[i];
    }
    if (ret_tied) {
        *ret_tied = k > 0 && k < c->areas && c->ordered[k - 1] == c->ordered[k];
    }
    return (double)sum / (double)c->events;
}

/* ---- chance ---- */

/* The values of one measure in every replicate, and how many are as concentrated as observed. */
struct draws {
    double *values;
    double observed;
    size_t as_much;
    bool is_least; /* fewer is more concentrated */
};

enum { DRAWN_TOP, DRAWN_QUARTER, DRAWN_HALF, DRAWN_GINI, DRAWN };

struct throwing {
    const struct concentration *c;
    const struct concentration_options *o;
    int64_t *counts;
    double *weights;
    double *curve; /* sums over the replicates */
    struct draws draws[DRAWN];
};

static rv_status check_options(const struct concentration *c, const struct concentration_options *o,
                               struct rv_err *reterr)
{
    bool is_fit = o->replicates >= 1 && o->replicates <= 1000000 && o->top >= 1 &&
                  o->top <= c->areas && o->level >= 0.5 && o->level < 1 && c->events <= UINT32_MAX;
    return is_fit
               ? rv_ok()
               : rv_fail(reterr, RV_DOMAIN,
                         "chance needs 1 to 1000000 replicates, 1 to %zu top areas, a level from "
                         "0.5 to below 1 and at most 4294967295 events",
                         c->areas);
}

static rv_status prepare(struct arena *a, struct throwing *t, struct rv_err *reterr)
{
    size_t n = t->c->areas;
    t->counts = ARENA_NEW(a, int64_t, n);
    t->weights = ARENA_NEW(a, double, n);
    t->curve = ARENA_NEW(a, double, n);
    bool has_room = t->counts && t->weights && t->curve;
    for (int d = 0; d < DRAWN; d++) {
        t->draws[d].values = ARENA_NEW(a, double, (size_t)t->o->replicates);
        has_room = has_room && t->draws[d].values;
    }
    if (!has_room) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        t->weights[i] = 1;
    }
    t->draws[DRAWN_TOP].observed = concentration_top(t->c, t->o->top, NULL);
    t->draws[DRAWN_QUARTER].observed = (double)t->c->for_quarter;
    t->draws[DRAWN_HALF].observed = (double)t->c->for_half;
    t->draws[DRAWN_GINI].observed = t->c->gini;
    t->draws[DRAWN_QUARTER].is_least = t->draws[DRAWN_HALF].is_least = true;
    return rv_ok();
}

static rv_status throw_events(struct throwing *t, uint32_t replicate, struct rv_err *reterr)
{
    size_t n = t->c->areas;
    struct random_stream stream;
    random_open(&stream, t->o->seed, RANDOM_CONCENTRATION, replicate);
    if (n > UINT32_MAX || t->c->events / DRAWS_AN_AREA > (int64_t)n) {
        return random_multinomial(&stream, t->c->events, n, t->weights, t->counts, reterr);
    }
    memset(t->counts, 0, n * sizeof *t->counts);
    for (int64_t i = 0; i < t->c->events; i++) {
        t->counts[random_below(&stream, (uint32_t)n)]++;
    }
    return rv_ok();
}

static void keep(struct draws *d, size_t replicate, double value)
{
    const double noise = 1e-12; /* the same counts in another order must count as equal */
    d->values[replicate] = value;
    d->as_much += d->is_least ? value <= d->observed + noise : value >= d->observed - noise;
}

static void take(struct throwing *t, size_t replicate)
{
    size_t n = t->c->areas;
    double events = (double)t->c->events;
    int64_t sum = 0;
    qsort(t->counts, n, sizeof *t->counts, most_first);
    for (size_t k = 0; k < n; k++) {
        sum += t->counts[k];
        t->curve[k] += (double)sum / events;
        if (k + 1 == t->o->top) {
            keep(&t->draws[DRAWN_TOP], replicate, (double)sum / events);
        }
    }
    keep(&t->draws[DRAWN_QUARTER], replicate, (double)fewest(t->counts, n, t->c->events, 1));
    keep(&t->draws[DRAWN_HALF], replicate, (double)fewest(t->counts, n, t->c->events, 2));
    keep(&t->draws[DRAWN_GINI], replicate, gini_of(t->counts, n, t->c->events));
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static struct concentration_range range_of(const struct draws *d, size_t n, double level)
{
    struct concentration_range r = {.p = (1 + (double)d->as_much) / (1 + (double)n)};
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += d->values[i];
    }
    qsort(d->values, n, sizeof *d->values, ascending);
    size_t outside = (size_t)floor((1 - level) / 2 * (double)n);
    r.mean = sum / (double)n;
    r.lower = d->values[outside];
    r.upper = d->values[n - 1 - outside];
    return r;
}

rv_status concentration_by_chance(struct arena *a, const struct concentration *c,
                                  const struct concentration_options *options,
                                  struct concentration_chance *ret, struct rv_err *reterr)
{
    struct throwing t = {.c = c, .o = options};
    size_t replicates = (size_t)options->replicates;
    RV_TRY(check_options(c, options, reterr));
    RV_TRY(prepare(a, &t, reterr));
    for (size_t r = 0; r < replicates; r++) {
        RV_TRY(throw_events(&t, (uint32_t)r, reterr));
        take(&t, r);
    }
    for (size_t k = 0; k < c->areas; k++) {
        t.curve[k] /= (double)replicates;
    }
    *ret = (struct concentration_chance){
        .top = range_of(&t.draws[DRAWN_TOP], replicates, options->level),
        .quarter = range_of(&t.draws[DRAWN_QUARTER], replicates, options->level),
        .half = range_of(&t.draws[DRAWN_HALF], replicates, options->level),
        .gini = range_of(&t.draws[DRAWN_GINI], replicates, options->level),
        .curve = t.curve};
    return rv_ok();
}

/* stats/changepoint.c — likelihood ratios of one change, optimal partition for several.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/changepoint.h"

#include "stats/internal.h"
#include "stats/random.h"

#include <math.h>

#define CHUNK_REPLICATES 25
#define MOST_REPLICATES  1000000

/* Counts and exposure of the first i periods, i = 0 .. n. */
struct sums {
    size_t n;
    const double *count, *exposure;
};

/* Twice the log likelihood of a rate of their own for periods first .. end-1, over that of the
 * common rate. x log(x / mean) + mean - x has no cancellation, and the terms mean - x of a
 * partition add up to 0. */
static double fit_of(const struct sums *s, size_t first, size_t end)
{
    double count = s->count[end] - s->count[first];
    double mean = s->count[s->n] * ((s->exposure[end] - s->exposure[first]) / s->exposure[s->n]);
    if (count == 0) {
        return 2 * mean;
    }
    return 2 * stats_deviance_half(count, mean);
}

static double ratio_after(const struct sums *s, size_t i)
{
    return fit_of(s, 0, i) + fit_of(s, i, s->n);
}

/* The largest ratio, and the earliest place that has it: ratios this close are one. */
static double best_of(const struct sums *s, size_t *ret_after)
{
    double best = -1;
    for (size_t i = 1; i < s->n; i++) {
        double ratio = ratio_after(s, i);
        if (best < 0 || ratio > best + 1e-12 * (1 + best)) {
            best = ratio;
            *ret_after = i;
        }
    }
    return best;
}

/* ---- the Monte Carlo test ---- */

struct test {
    size_t n;
    const double *exposure;     /* of each period */
    const double *exposure_sum; /* of the first i */
    int64_t total, replicates;
    uint64_t seed;
    double observed;
    int64_t **drawn;  /* per worker: n */
    double **counts;  /* per worker: n + 1 */
    int64_t *reached; /* per chunk: replicates as large as the observed */
};

static rv_status run_chunk(void *context, size_t chunk, size_t worker, struct rv_err *reterr)
{
    const struct test *t = context;
    int64_t first = (int64_t)chunk * CHUNK_REPLICATES;
    int64_t rounds =
        t->replicates - first < CHUNK_REPLICATES ? t->replicates - first : CHUNK_REPLICATES;
    struct random_stream stream;
    random_open(&stream, t->seed, RANDOM_CHANGEPOINT, (uint32_t)chunk);
    struct sums sums = {t->n, t->counts[worker], t->exposure_sum};
    for (int64_t round = 0; round < rounds; round++) {
        int64_t *drawn = t->drawn[worker];
        RV_TRY(random_multinomial(&stream, t->total, t->n, t->exposure, drawn, reterr));
        for (size_t i = 0; i < t->n; i++) {
            t->counts[worker][i + 1] = t->counts[worker][i] + (double)drawn[i];
        }
        size_t after;
        /* An equal arrangement of counts may differ in the last bits. */
        t->reached[chunk] += best_of(&sums, &after) >= t->observed * (1 - 1e-9);
    }
    return rv_ok();
}

static rv_status run_test(struct arena *a, struct pool *pool, struct test *t, double *ret_p,
                          struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    size_t workers = pool ? pool_threads(pool) : 1;
    size_t chunks = (size_t)((t->replicates + CHUNK_REPLICATES - 1) / CHUNK_REPLICATES);
    t->drawn = ARENA_NEW(a, int64_t *, workers);
    t->counts = ARENA_NEW(a, double *, workers);
    t->reached = ARENA_NEW(a, int64_t, chunks);
    if (!t->drawn || !t->counts || !t->reached) {
        return arena_fail(a, reterr);
    }
    for (size_t w = 0; w < workers; w++) {
        t->drawn[w] = ARENA_NEW(a, int64_t, t->n);
        t->counts[w] = ARENA_NEW(a, double, t->n + 1);
        if (!t->drawn[w] || !t->counts[w]) {
            return arena_fail(a, reterr);
        }
    }
    if (pool) {
        RV_TRY(pool_run(pool, chunks, run_chunk, t, reterr));
    }
    int64_t reached = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        RV_TRY(pool ? rv_ok() : run_chunk(t, chunk, 0, reterr));
        reached += t->reached[chunk];
    }
    arena_release(a, mark);
    *ret_p = (1 + (double)reached) / (1 + (double)t->replicates);
    return rv_ok();
}

/* ---- several changes ---- */

/* Optimal partition: cost[e] is the least cost of the first e periods, came[e] where its last
 * segment begins. Of equal costs the one with the shorter last segment loses, so that a change is
 * only made when it pays. */
static rv_status partition(struct arena *a, const struct sums *s, double penalty,
                           struct changepoint *ret, struct rv_err *reterr)
{
    size_t n = s->n;
    ret->segments = ARENA_NEW(a, struct changepoint_segment, n);
    struct arena_mark mark = arena_mark(a);
    double *cost = ARENA_NEW(a, double, n + 1);
    size_t *came = ARENA_NEW(a, size_t, n + 1), *ends = ARENA_NEW(a, size_t, n + 1);
    if (!ret->segments || !cost || !came || !ends) {
        return arena_fail(a, reterr);
    }
    cost[0] = -penalty;
    for (size_t end = 1; end <= n; end++) {
        cost[end] = (double)INFINITY;
        for (size_t first = 0; first < end; first++) {
            double here = cost[first] + penalty - fit_of(s, first, end);
            if (here < cost[end] - 1e-9) {
                cost[end] = here;
                came[end] = first;
            }
        }
    }
    size_t count = 0;
    for (size_t end = n; end > 0; end = came[end]) {
        ends[count++] = end;
    }
    for (size_t k = 0; k < count; k++) {
        size_t end = ends[count - 1 - k], first = came[end];
        double events = s->count[end] - s->count[first];
        double exposure = s->exposure[end] - s->exposure[first];
        ret->segments[k] =
            (struct changepoint_segment){first, end, (int64_t)events, exposure, events / exposure};
    }
    ret->segment_count = count;
    arena_release(a, mark);
    return rv_ok();
}

static rv_status check(const int64_t *counts, const double *exposure, const uint64_t *valid,
                       size_t n, const struct changepoint_options *o, struct rv_err *reterr)
{
    if (n < 2 || n > CHANGEPOINT_MOST) {
        return rv_fail(reterr, RV_DOMAIN, "%zu periods: from 2 to %d are possible", n,
                       CHANGEPOINT_MOST);
    }
    if (!(o->penalty >= 0) || isinf(o->penalty) || o->replicates < 0 ||
        o->replicates > MOST_REPLICATES) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a penalty of %g with %lld replicates: at least 0, and 0 to 1000000",
                       o->penalty, (long long)o->replicates);
    }
    int64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "period %zu is not known: a change is looked for without gaps only",
                           i + 1);
        }
        RV_TRY(stats_check_count(counts[i], "the count of a period", reterr));
        if (exposure) {
            RV_TRY(stats_check_exposure(exposure[i], "the exposure of a period", reterr));
        }
        total += counts[i];
    }
    return total <= UINT32_MAX
               ? rv_ok()
               : rv_fail(reterr, RV_DOMAIN, "%lld events are too many: at most 4294967295",
                         (long long)total);
}

rv_status changepoint_detect(struct arena *a, struct pool *pool, const int64_t *counts,
                             const double *exposure, const uint64_t *valid, size_t n,
                             const struct changepoint_options *options, struct changepoint *ret,
                             struct rv_err *reterr)
{
    RV_TRY(check(counts, exposure, valid, n, options, reterr));
    struct changepoint c = {.n = n, .lr = ARENA_NEW(a, double, n - 1)};
    double *count = ARENA_NEW(a, double, n + 1), *sum = ARENA_NEW(a, double, n + 1);
    double *each = ARENA_NEW(a, double, n);
    if (!c.lr || !count || !sum || !each) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        each[i] = exposure ? exposure[i] : 1;
        count[i + 1] = count[i] + (double)counts[i];
        sum[i + 1] = sum[i] + each[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (isinf(sum[n]) || !(sum[i + 1] - sum[i] > 1e-9 * each[i])) {
            return rv_fail(reterr, RV_DOMAIN, "the exposures differ too much to be added up");
        }
    }
    struct sums s = {n, count, sum};
    for (size_t i = 1; i < n; i++) {
        c.lr[i - 1] = ratio_after(&s, i);
    }
    c.lr_max = best_of(&s, &c.after);
    c.penalty = options->penalty > 0 ? options->penalty : 2 * log((double)n);
    RV_TRY(partition(a, &s, c.penalty, &c, reterr));
    c.has_p = options->replicates > 0 && count[n] > 0;
    if (c.has_p) {
        struct test t = {.n = n,
                         .exposure = each,
                         .exposure_sum = sum,
                         .total = (int64_t)count[n],
                         .replicates = options->replicates,
                         .seed = options->seed,
                         .observed = c.lr_max};
        RV_TRY(run_test(a, pool, &t, &c.p, reterr));
    }
    *ret = c;
    return rv_ok();
}

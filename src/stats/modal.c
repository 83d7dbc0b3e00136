/* stats/modal.c — the modal hour and its bootstrap. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/modal.h"

#include "base/arena.h"
#include "base/limits.h"
#include "stats/binomial.h"
#include "stats/internal.h"
#include "stats/random.h"

#include <math.h>
#include <string.h>

#define CHUNK_REPLICATES 250
#define MOST_REPLICATES  10000000

/* Hours that cannot lead are drawn together. An hour h leads the mode m with a probability of at
 * most exp(-n (sqrt(p_m) - sqrt(p_h))^2), which is below 1e-26 from this exponent on: in 10^7
 * replicates it would not be seen. */
#define HOPELESS 60.0

struct bootstrap {
    int64_t n, replicates;
    uint64_t seed;
    int contenders;                  /* hours that may lead */
    int hours[MODAL_HOURS];          /* which */
    double weights[MODAL_HOURS + 1]; /* their counts, then those of all others together */
    double (*leads)[MODAL_HOURS];    /* per chunk: replicates led, ties shared */
};

static void find_contenders(const int64_t *counts, int64_t most, struct bootstrap *b)
{
    double rest = 0;
    for (int h = 0; h < MODAL_HOURS; h++) {
        /* n p is the count itself */
        double gap = sqrt((double)most) - sqrt((double)counts[h]);
        if (gap * gap < HOPELESS && counts[h] > 0) {
            b->weights[b->contenders] = (double)counts[h];
            b->hours[b->contenders++] = h;
        } else {
            rest += (double)counts[h];
        }
    }
    b->weights[b->contenders] = rest;
}

/* The hours of the largest count, as bits. */
static uint32_t leaders(const int64_t counts[MODAL_HOURS], int *ret_tied)
{
    int64_t most = 0;
    uint32_t hours = 0;
    *ret_tied = 0;
    for (int h = 0; h < MODAL_HOURS; h++) {
        if (h == 0 || counts[h] > most) {
            most = counts[h];
            hours = 0;
            *ret_tied = 0;
        }
        if (counts[h] == most) {
            hours |= UINT32_C(1) << h;
            *ret_tied += 1;
        }
    }
    return hours;
}

/* Adds one replicate: 1 / k for each of k leaders. */
static void add_leaders(const struct bootstrap *b, const int64_t *drawn, double *leads)
{
    int64_t most = 0;
    int tied = 0;
    for (int k = 0; k < b->contenders; k++) {
        if (drawn[k] > most || k == 0) {
            most = drawn[k];
            tied = 0;
        }
        tied += drawn[k] == most;
    }
    for (int k = 0; k < b->contenders; k++) {
        leads[b->hours[k]] += drawn[k] == most ? 1.0 / tied : 0;
    }
}

static rv_status run_chunk(void *context, size_t chunk, size_t worker, struct rv_err *reterr)
{
    (void)worker;
    const struct bootstrap *b = context;
    int64_t first = (int64_t)chunk * CHUNK_REPLICATES;
    int64_t rounds =
        b->replicates - first < CHUNK_REPLICATES ? b->replicates - first : CHUNK_REPLICATES;
    struct random_stream stream;
    random_open(&stream, b->seed, RANDOM_MODAL_HOUR, (uint32_t)chunk);
    for (int64_t round = 0; round < rounds; round++) {
        int64_t drawn[MODAL_HOURS + 1];
        RV_TRY(random_multinomial(&stream, b->n, (size_t)b->contenders + 1, b->weights, drawn,
                                  reterr));
        add_leaders(b, drawn, b->leads[chunk]);
    }
    return rv_ok();
}

static rv_status run_bootstrap(struct pool *pool, struct bootstrap *b, double *frequency,
                               struct rv_err *reterr)
{
    size_t chunks = (size_t)((b->replicates + CHUNK_REPLICATES - 1) / CHUNK_REPLICATES);
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    b->leads = arena_new(&a, chunks, sizeof *b->leads);
    if (!b->leads) {
        return arena_fail(&a, reterr);
    }
    if (pool) {
        RV_TRY(pool_run(pool, chunks, run_chunk, b, reterr));
    }
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        RV_TRY(pool ? rv_ok() : run_chunk(b, chunk, 0, reterr));
        for (int h = 0; h < MODAL_HOURS; h++) {
            frequency[h] += b->leads[chunk][h];
        }
    }
    for (int h = 0; h < MODAL_HOURS; h++) {
        frequency[h] /= (double)b->replicates;
    }
    return rv_ok();
}

static rv_status check(const int64_t *counts, const struct modal_options *options, int64_t *ret_n,
                       struct rv_err *reterr)
{
    int64_t n = 0;
    for (int h = 0; h < MODAL_HOURS; h++) {
        RV_TRY(stats_check_count(counts[h], "the count of an hour", reterr));
        n += counts[h];
    }
    if (n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "no event has a known hour, so there is no modal hour");
    }
    if (n > UINT32_MAX) {
        return rv_fail(reterr, RV_DOMAIN, "%lld events are too many: at most 4294967295",
                       (long long)n);
    }
    if (options->replicates < 1 || options->replicates > MOST_REPLICATES) {
        return rv_fail(reterr, RV_DOMAIN, "%lld replicates: from 1 to 10000000 are possible",
                       (long long)options->replicates);
    }
    if (!(options->wording >= 0.5 && options->wording <= 1)) {
        return rv_fail(reterr, RV_DOMAIN, "the wording threshold is %g: give 0.5 to 1",
                       options->wording);
    }
    *ret_n = n;
    return stats_check_level(options->level, reterr);
}

/* The most frequent leaders first until they reach the threshold; sums of 1/k may fall short of it
 * by a rounding error. */
static void likely_hours(struct modal_hour *m, double wording)
{
    double reached = 0;
    while (reached < wording - 1e-9 && m->likely < MODAL_HOURS) {
        int next = -1;
        for (int h = 0; h < MODAL_HOURS; h++) {
            bool is_free = (m->likely_hours >> h & 1) == 0;
            if (is_free && (next < 0 || m->frequency[h] > m->frequency[next])) {
                next = h;
            }
        }
        m->likely_hours |= UINT32_C(1) << next;
        m->likely++;
        reached += m->frequency[next];
    }
}

static void find_runner_up(const int64_t *counts, struct modal_hour *m)
{
    m->runner_up = m->hour == 0 ? 1 : 0;
    for (int h = 0; h < MODAL_HOURS; h++) {
        if (h != m->hour && counts[h] > counts[m->runner_up]) {
            m->runner_up = h;
        }
    }
    m->runner_up_count = counts[m->runner_up];
    m->has_runner_up = m->runner_up_count > 0;
}

rv_status modal_hour(struct pool *pool, const int64_t counts[MODAL_HOURS],
                     const struct modal_options *options, struct modal_hour *ret,
                     struct rv_err *reterr)
{
    struct modal_hour m = {.n = 0};
    RV_TRY(check(counts, options, &m.n, reterr));
    m.tied_hours = leaders(counts, &m.tied);
    m.hour = __builtin_ctz(m.tied_hours);
    m.count = counts[m.hour];
    m.share = (double)m.count / (double)m.n;
    find_runner_up(counts, &m);
    RV_TRY(interval_wilson(m.count, m.n, options->level, &m.share_ci, reterr));
    RV_TRY(binomial_test(m.count, m.count + m.runner_up_count, 0.5, &m.p, reterr));
    struct bootstrap b = {.n = m.n, .replicates = options->replicates, .seed = options->seed};
    find_contenders(counts, m.count, &b);
    RV_TRY(run_bootstrap(pool, &b, m.frequency, reterr));
    likely_hours(&m, options->wording);
    m.is_clear = m.tied == 1 && m.frequency[m.hour] >= options->wording;
    *ret = m;
    return rv_ok();
}

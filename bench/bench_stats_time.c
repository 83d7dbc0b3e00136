/* bench/bench_stats_time.c — placeholder times, aoristic weights and the modal hour, n to 100 n.
 *
 * With a folder, the data of the largest case are written there for the peer in R, which works on
 * the same. One line a case: what, how many, seconds, nanoseconds each.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "base/limits.h"
#include "clock.h"
#include "stats/aoristic.h"
#include "stats/heaping.h"
#include "stats/modal.h"
#include "stats/random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LARGEST    ((size_t)2000000)
#define REPLICATES 10000

static void report(const char *what, size_t n, double seconds)
{
    printf("%-44s %10zu  %8.4f s  %8.2f ns each\n", what, n, seconds, 1e9 * seconds / (double)n);
}

struct data {
    int16_t *minutes;
    int64_t *start_s, *end_s;
};

/* Times rounded as people round them, one in ten at 00:01; intervals of which half are moments, and
 * most of the others shorter than a day. */
static void make(struct data *d)
{
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 0);
    const uint32_t steps[] = {1, 5, 15, 30, 60, 60};
    const uint32_t longest[] = {1, 1, 1, 28800, 86400, 604800};
    for (size_t i = 0; i < LARGEST; i++) {
        uint32_t step = steps[random_below(&r, 6)];
        bool is_placeholder = random_below(&r, 10) == 0;
        d->minutes[i] = (int16_t)(is_placeholder ? 1 : random_below(&r, 1440 / step) * step);
        d->start_s[i] = INT64_C(1609459200) + 60 * (int64_t)random_below(&r, 1051200);
        d->end_s[i] = d->start_s[i] + random_below(&r, longest[random_below(&r, 6)]);
    }
}

#define ROUNDS 5 /* the quickest is told */

static rv_status bench_heaping(const struct data *d, size_t n, struct rv_err *reterr)
{
    static int64_t counts[HEAPING_MINUTES];
    static struct heaping h;
    const struct heaping_options options = HEAPING_DEFAULTS;
    double counted = 1e9, found = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        memset(counts, 0, sizeof counts);
        int64_t missing = 0;
        double start = now_s();
        RV_TRY(heaping_count(d->minutes, NULL, n, counts, &missing, reterr));
        counted = fmin(counted, now_s() - start);
        RV_TRY(heaping_detect(counts, &options, &h, reterr));
        found = fmin(found, now_s() - start);
    }
    report("heaping: count the minutes", n, counted);
    report("heaping: count and find placeholders", n, found);
    return rv_ok();
}

static rv_status bench_aoristic(const struct data *d, size_t n, size_t threads,
                                struct rv_err *reterr)
{
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    RV_TRY(pool_open(threads, &pool, reterr));
    const struct aoristic_records records = {.n = n, .start_s = d->start_s, .end_s = d->end_s};
    const struct aoristic_options options = AORISTIC_DEFAULTS;
    struct aoristic w = {.n = 0};
    double seconds = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_s();
        RV_TRY(aoristic_weigh(pool, &records, &options, &w, reterr));
        seconds = fmin(seconds, now_s() - start);
    }
    report(threads > 1 ? "aoristic: 168 weights, 2 threads" : "aoristic: 168 weights, 1 thread", n,
           seconds);
    if (n == LARGEST && threads == 1) {
        printf("%-44s Friday 15:00 %.6f, Sunday 02:00 %.6f\n", "aoristic: to compare with R",
               w.week[4 * 24 + 15], w.week[6 * 24 + 2]);
    }
    return rv_ok();
}

/* Without the placeholders all hours are about equal, so that each of them may lead. */
static rv_status bench_modal(const struct data *d, size_t n, size_t threads, struct rv_err *reterr)
{
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    RV_TRY(pool_open(threads, &pool, reterr));
    int64_t counts[MODAL_HOURS] = {0};
    for (size_t i = 0; i < n; i++) {
        counts[d->minutes[i] / 60] += d->minutes[i] != 1;
    }
    struct modal_options options = MODAL_DEFAULTS;
    options.replicates = REPLICATES;
    double seconds = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        struct modal_hour m;
        double start = now_s();
        RV_TRY(modal_hour(pool, counts, &options, &m, reterr));
        seconds = fmin(seconds, now_s() - start);
    }
    printf("%-44s %10zu  %8.4f s  %8.2f us a replicate\n",
           threads > 1 ? "modal hour: 10,000 replicates, 2 threads"
                       : "modal hour: 10,000 replicates, 1 thread",
           n, seconds, 1e6 * seconds / REPLICATES);
    return rv_ok();
}

static rv_status write_data(const char *folder, const struct data *d, struct rv_err *reterr)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/stats-time.bin", folder);
    FILE *out = fopen(path, "wb");
    bool is_written = out != NULL;
    for (size_t i = 0; i < LARGEST && is_written; i++) {
        double row[3] = {d->minutes[i], (double)d->start_s[i], (double)d->end_s[i]};
        is_written = fwrite(row, sizeof row, 1, out) == 1;
    }
    if (out && fclose(out) != 0) {
        is_written = false;
    }
    return is_written ? rv_ok() : rv_fail(reterr, RV_IO, "cannot write %s", path);
}

static rv_status run(const char *folder, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct data d = {ARENA_NEW(&a, int16_t, LARGEST), ARENA_NEW(&a, int64_t, LARGEST),
                     ARENA_NEW(&a, int64_t, LARGEST)};
    if (!d.minutes || !d.start_s || !d.end_s) {
        return arena_fail(&a, reterr);
    }
    make(&d);
    for (size_t n = LARGEST / 100; n <= LARGEST; n *= 10) {
        RV_TRY(bench_heaping(&d, n, reterr));
    }
    for (size_t threads = 1; threads <= 2; threads++) {
        for (size_t n = LARGEST / 100; n <= LARGEST; n *= 10) {
            RV_TRY(bench_aoristic(&d, n, threads, reterr));
        }
    }
    for (size_t threads = 1; threads <= 2; threads++) {
        for (size_t n = LARGEST / 100; n <= LARGEST; n *= 10) {
            RV_TRY(bench_modal(&d, n, threads, reterr));
        }
    }
    return folder ? write_data(folder, &d, reterr) : rv_ok();
}

int main(int argc, char **argv)
{
    struct rv_err err = {.code = RV_OK};
    rv_status status = run(argc > 1 ? argv[1] : NULL, &err);
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "bench_stats_time: %s\n", err.message);
    }
    return rv_code_exit(status.code);
}

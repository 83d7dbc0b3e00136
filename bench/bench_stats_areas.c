/* bench/bench_stats_areas.c — ranks with their sets for boroughs, wards and LSOAs; raking a survey.
 *
 * With a folder, the data are written there for the peer in R, which works on the same. One line a
 * case: what, how many, seconds, nanoseconds each.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/arena.h"
#include "base/limits.h"
#include "clock.h"
#include "stats/raking.h"
#include "stats/random.h"
#include "stats/rank.h"

#include <math.h>
#include <stdio.h>

#define MOST_AREAS  ((size_t)4835)
#define MOST_PEOPLE ((size_t)100000)
#define MARGINS     6
#define ROUNDS      5 /* the quickest is told */

static void report(const char *what, size_t n, double seconds)
{
    printf("%-44s %10zu  %8.4f s  %8.2f ns each\n", what, n, seconds, 1e9 * seconds / (double)n);
}

/* Violence of a year: about 45 in an area of 1,700, some areas with ten times as much. */
static void make_areas(int64_t *counts, double *populations)
{
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 1);
    for (size_t i = 0; i < MOST_AREAS; i++) {
        populations[i] = 1000 + random_below(&r, 1500);
        uint32_t most = random_below(&r, 40) == 0 ? 800 : 90;
        counts[i] = (int64_t)random_below(&r, most);
    }
}

static const size_t CATEGORIES[MARGINS] = {2, 4, 5, 8, 12, 3};

/* Respondents who are not as the population: the margins that they are fitted to lean the other
 * way. */
static void make_people(uint32_t *codes, double (*targets)[16])
{
    struct random_stream r;
    random_open(&r, RANDOM_SEED, RANDOM_TEST, 2);
    for (size_t m = 0; m < MARGINS; m++) {
        double all = 0;
        for (size_t k = 0; k < CATEGORIES[m]; k++) {
            targets[m][k] = 1 + (double)((k * 7 + m) % CATEGORIES[m]);
            all += targets[m][k];
        }
        for (size_t k = 0; k < CATEGORIES[m]; k++) {
            targets[m][k] *= 200000 / all;
        }
        for (size_t i = 0; i < MOST_PEOPLE; i++) {
            uint32_t n = (uint32_t)CATEGORIES[m], one = random_below(&r, n);
            uint32_t other = random_below(&r, n);
            codes[m * MOST_PEOPLE + i] = one < other ? one : other;
        }
    }
}

static rv_status bench_ranks(struct arena *a, const int64_t *counts, const double *populations,
                             size_t n, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    struct rank *ranks = ARENA_NEW(a, struct rank, n);
    if (!ranks) {
        return arena_fail(a, reterr);
    }
    double seconds = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_s();
        RV_TRY(rank_simultaneous(a, counts, populations, NULL, n, 0.95, RANK_MOST_FIRST, ranks,
                                 reterr));
        seconds = fmin(seconds, now_s() - start);
    }
    report("ranks of rates: simultaneous 95% sets", n, seconds);
    double width = 0;
    for (size_t i = 0; i < n; i++) {
        width += (double)(ranks[i].high - ranks[i].low);
    }
    printf("%-44s %10zu  mean width %.6f\n", "ranks: to compare with R", n, width / (double)n);
    arena_release(a, mark);
    return rv_ok();
}

static rv_status bench_raking(struct arena *a, const uint32_t *codes, double (*targets)[16],
                              size_t n, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    double *weights = ARENA_NEW(a, double, n), seconds = 1e9;
    if (!weights) {
        return arena_fail(a, reterr);
    }
    struct rake_margin margins[MARGINS];
    for (size_t m = 0; m < MARGINS; m++) {
        margins[m] = (struct rake_margin){"margin", codes + m * MOST_PEOPLE, targets[m], NULL,
                                          CATEGORIES[m]};
    }
    const struct rake_options options = RAKE_DEFAULTS;
    struct rake_result result = {.sweeps = 0};
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < n; i++) {
            weights[i] = 1;
        }
        double start = now_s();
        RV_TRY(rake(a, weights, n, margins, MARGINS, &options, &result, reterr));
        seconds = fmin(seconds, now_s() - start);
    }
    report("raking to 6 margins", n, seconds);
    printf("%-44s %10zu  %u sweeps, weight of the first %.9g\n", "raking: to compare with R", n,
           result.sweeps, weights[0]);
    arena_release(a, mark);
    return rv_ok();
}

static rv_status write_data(const char *folder, const int64_t *counts, const double *populations,
                            const uint32_t *codes, double (*targets)[16], struct rv_err *reterr)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/stats-areas.bin", folder);
    FILE *out = fopen(path, "wb");
    bool is_written = out != NULL;
    for (size_t i = 0; i < MOST_AREAS && is_written; i++) {
        double row[2] = {(double)counts[i], populations[i]};
        is_written = fwrite(row, sizeof row, 1, out) == 1;
    }
    for (size_t m = 0; m < MARGINS && is_written; m++) {
        is_written = fwrite(targets[m], sizeof targets[m], 1, out) == 1;
    }
    for (size_t i = 0; i < MARGINS * MOST_PEOPLE && is_written; i++) {
        double code = codes[i];
        is_written = fwrite(&code, sizeof code, 1, out) == 1;
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
    int64_t *counts = ARENA_NEW(&a, int64_t, MOST_AREAS);
    double *populations = ARENA_NEW(&a, double, MOST_AREAS);
    uint32_t *codes = ARENA_NEW(&a, uint32_t, MARGINS * MOST_PEOPLE);
    double targets[MARGINS][16] = {{0}};
    if (!counts || !populations || !codes) {
        return arena_fail(&a, reterr);
    }
    make_areas(counts, populations);
    make_people(codes, targets);
    const size_t areas[] = {32, 632, MOST_AREAS};
    for (size_t k = 0; k < 3; k++) {
        RV_TRY(bench_ranks(&a, counts, populations, areas[k], reterr));
    }
    for (size_t n = MOST_PEOPLE / 100; n <= MOST_PEOPLE; n *= 10) {
        RV_TRY(bench_raking(&a, codes, targets, n, reterr));
    }
    return folder ? write_data(folder, counts, populations, codes, targets, reterr) : rv_ok();
}

int main(int argc, char **argv)
{
    struct rv_err err = {.code = RV_OK};
    rv_status status = run(argc > 1 ? argv[1] : NULL, &err);
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "bench_stats_areas: %s\n", err.message);
    }
    return rv_code_exit(status.code);
}

/* bench/bench_place.c — points placed in a layer of 4,835 areas, and coordinates projected.
 *
 * The layer has London's LSOAs' number, extent and number of vertices, with every edge shared. One
 * line a case: what, how many, seconds, millions a second, the goal of the design.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "../tests/place/mesh.h"
#include "base/limits.h"
#include "clock.h"
#include "place/placing.h"
#include "place/project.h"

#include <inttypes.h>
#include <stdio.h>

#define AREAS 4835

static void report(const char *what, size_t n, double seconds, const char *goal)
{
    printf("%-44s %10zu  %8.3f s  %8.2f M/s  %s\n", what, n, seconds, (double)n / seconds / 1e6,
           goal);
}

struct job {
    struct place_index *index;
    const int64_t *e, *n;
    size_t points;
    uint32_t *placed;
};

#define PIECE ((size_t)65536)

static rv_status place_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct job *j = context;
    size_t first = piece * PIECE, count = j->points - first < PIECE ? j->points - first : PIECE;
    return place_points(j->index, worker, count, j->e + first, j->n + first, NULL,
                        j->placed + first, reterr);
}

static rv_status run(struct job *j, size_t threads, const char *what, const char *goal,
                     struct rv_err *reterr)
{
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    RV_TRY(pool_open(threads, &pool, reterr));
    for (int round = 0; round < 2; round++) {
        double start = now_s();
        RV_TRY(pool_run(pool, (j->points + PIECE - 1) / PIECE, place_piece, j, reterr));
        char label[80];
        (void)snprintf(label, sizeof label, "place: %s, %zu thread%s%s", what, threads,
                       threads > 1 ? "s" : "", round ? "" : ", first time");
        report(label, j->points, now_s() - start, round ? goal : "");
    }
    return rv_ok();
}

static struct job *sorting; /* qsort has no context */

static int by_place(const void *a, const void *b)
{
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    int64_t row_i = sorting->n[i] >> 15, row_k = sorting->n[k] >> 15;
    if (row_i != row_k) {
        return row_i < row_k ? -1 : 1;
    }
    return sorting->e[i] < sorting->e[k] ? -1 : sorting->e[i] > sorting->e[k];
}

static rv_status bench_points(const struct mesh *m, size_t points, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    int64_t *e = ARENA_NEW(&a, int64_t, points), *n = ARENA_NEW(&a, int64_t, points);
    int64_t *se = ARENA_NEW(&a, int64_t, points), *sn = ARENA_NEW(&a, int64_t, points);
    uint32_t *placed = ARENA_NEW(&a, uint32_t, points), *order = ARENA_NEW(&a, uint32_t, points);
    if (!e || !n || !se || !sn || !placed || !order) {
        return arena_fail(&a, reterr);
    }
    for (size_t i = 0; i < points; i++) {
        e[i] = (int64_t)(m->west_mm + mesh_random(i, 0, 11) * m->wide * m->size_mm);
        n[i] = (int64_t)(m->south_mm + mesh_random(i, 0, 12) * m->high * m->size_mm);
        order[i] = (uint32_t)i;
    }
    RV_CLEANUP(place_index_closep) struct place_index *index = NULL;
    double start = now_s();
    RV_TRY(place_index_from_wkb(&a, m->wkb, AREAS, 2, &index, reterr));
    printf("%-44s %10d  %8.3f s\n", "place: open the index of a layer", AREAS, now_s() - start);
    struct job j = {index, e, n, points, placed};
    RV_TRY(run(&j, 1, "in order of arrival", "goal 3", reterr));
    RV_TRY(run(&j, 2, "in order of arrival", "goal 3", reterr));
    sorting = &j;
    qsort(order, points, sizeof *order, by_place);
    for (size_t i = 0; i < points; i++) {
        se[i] = e[order[i]];
        sn[i] = n[order[i]];
    }
    struct job sorted = {index, se, sn, points, placed};
    RV_TRY(run(&sorted, 1, "sorted", "goal 10", reterr));
    return run(&sorted, 2, "sorted", "goal 10", reterr);
}

static rv_status bench_projection(size_t points, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    double *x = ARENA_NEW(&a, double, points), *y = ARENA_NEW(&a, double, points);
    int64_t *e = ARENA_NEW(&a, int64_t, points), *n = ARENA_NEW(&a, int64_t, points);
    uint8_t *inside = ARENA_NEW(&a, uint8_t, points);
    RV_CLEANUP(projector_closep) struct projector *p = NULL;
    if (!x || !y || !e || !n || !inside) {
        return arena_fail(&a, reterr);
    }
    RV_TRY(projector_open(&p, reterr));
    for (int repeated = 0; repeated < 2; repeated++) {
        for (size_t i = 0; i < points; i++) {
            uint64_t place = repeated ? (uint64_t)(mesh_random(i, 0, 13) * 80000) : i;
            x[i] = -0.5 + mesh_random(place, 0, 14) * 0.8;
            y[i] = 51.3 + mesh_random(place, 0, 15) * 0.4;
        }
        double start = now_s();
        (void)project_many(p, points, x, y, e, n, inside);
        report(repeated ? "project: 80,000 places, repeated" : "project: every place different",
               points, now_s() - start, "");
    }
    return rv_ok();
}

int main(int argc, char **argv)
{
    size_t points = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 4000000;
    struct mesh m = mesh_new(65, 75, 24, 730000);
    struct rv_err err = {.code = RV_OK};
    rv_status status = bench_points(&m, points, &err);
    if (rv_is_ok(status)) {
        status = bench_projection(points / 2, &err);
    }
    mesh_free(&m);
    if (!rv_is_ok(status)) {
        (void)fprintf(stderr, "bench_place: %s\n", err.message);
    }
    return rv_code_exit(status.code);
}

/* tests/base/test_pool.c — pieces of work on 1 to 7 threads: same results, lowest failure, no race.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "base/pool.h"
#include "check.h"

#include <sched.h>
#include <stdatomic.h>

#define PIECES       1000
#define MOST_THREADS 7

struct tally {
    double parts[PIECES];      /* each piece writes its own place */
    int scratch[MOST_THREADS]; /* one for each worker, not atomic: a race shows under tsan */
    atomic_int times[PIECES];
    atomic_llong sum;
    size_t threads;
};

static rv_status add_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct tally *t = context;
    if (worker >= t->threads) {
        return rv_fail(reterr, RV_LIMIT, "worker %zu of %zu", worker, t->threads);
    }
    t->scratch[worker]++;
    atomic_fetch_add(&t->times[piece], 1);
    atomic_fetch_add(&t->sum, (long long)piece);
    double part = 0;
    for (size_t i = 1; i < 50; i++) {
        part += 1.0 / (double)(piece * 50 + i);
    }
    t->parts[piece] = part;
    return rv_ok();
}

static double sum_of_parts(const struct tally *t)
{
    double sum = 0;
    for (size_t i = 0; i < PIECES; i++) {
        sum += t->parts[i];
    }
    return sum;
}

static void each_piece_runs_once_and_results_do_not_depend_on_threads(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static struct tally t;
    double first = 0;
    for (size_t threads = 1; threads <= MOST_THREADS; threads++) {
        struct pool *p = NULL;
        CHECK_OK(pool_open(threads, &p, &err));
        CHECK_INT(pool_threads(p), threads);
        memset(&t, 0, sizeof t);
        t.threads = threads;
        for (int run = 1; run <= 20; run++) { /* one pool, many runs */
            CHECK_OK(pool_run(p, PIECES, add_piece, &t, &err));
            for (size_t i = 0; i < PIECES; i++) {
                CHECK_INT(atomic_load(&t.times[i]), run);
            }
        }
        CHECK_INT(atomic_load(&t.sum), 20LL * PIECES * (PIECES - 1) / 2);
        int calls = 0;
        for (size_t i = 0; i < threads; i++) {
            calls += t.scratch[i];
        }
        CHECK_INT(calls, 20 * PIECES);
        double sum = sum_of_parts(&t);
        first = threads == 1 ? sum : first;
        CHECK(memcmp(&sum, &first, sizeof sum) == 0);
        pool_closep(&p);
        CHECK(p == NULL);
    }
}

/* Which pieces fail, and how long they take before they do. */
struct failing {
    bool fails[PIECES];
    bool is_slow[PIECES];
    atomic_int begun;
};

static rv_status maybe_fail(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    (void)worker;
    struct failing *f = context;
    atomic_fetch_add(&f->begun, 1);
    for (int i = 0; f->is_slow[piece] && i < 200; i++) {
        sched_yield();
    }
    return f->fails[piece] ? rv_fail(reterr, RV_INVALID, "piece %zu", piece) : rv_ok();
}

static void the_lowest_failing_piece_is_reported_whatever_the_timing(void **state)
{
    (void)state;
    static struct failing f;
    for (size_t threads = 1; threads <= MOST_THREADS; threads++) {
        struct rv_err err = {0};
        struct pool *p = NULL;
        CHECK_OK(pool_open(threads, &p, &err));
        for (int round = 0; round < 60; round++) {
            memset(&f, 0, sizeof f);
            size_t lowest = (size_t)(round * 7) % 40;
            f.fails[lowest] = true;
            f.is_slow[lowest] = true; /* later ones fail before it does */
            for (size_t i = lowest + 1; i < PIECES; i++) {
                f.fails[i] = i % 3 == 0 || i == lowest + 1;
            }
            char want[32];
            (void)snprintf(want, sizeof want, "piece %zu", lowest);
            CHECK_FAILS(pool_run(p, PIECES, maybe_fail, &f, &err), RV_INVALID);
            CHECK_STRING(err.message, want);
            CHECK(atomic_load(&f.begun) < PIECES); /* the rest was not begun */
            CHECK_FAILS(pool_run(p, PIECES, maybe_fail, &f, NULL), RV_INVALID);
        }
        memset(&f, 0, sizeof f);
        CHECK_OK(pool_run(p, PIECES, maybe_fail, &f, &err)); /* a failure does not stick */
        CHECK_INT(atomic_load(&f.begun), PIECES);
        pool_close(p);
    }
}

/* All fail at once: a thread that has taken piece 0 must run it although piece 1 has failed. */
static void when_all_fail_the_first_is_reported(void **state)
{
    (void)state;
    static struct failing f;
    memset(&f, 0, sizeof f);
    memset(f.fails, true, sizeof f.fails);
    for (size_t threads = 2; threads <= MOST_THREADS; threads++) {
        struct rv_err err = {0};
        struct pool *p = NULL;
        CHECK_OK(pool_open(threads, &p, &err));
        for (int round = 0; round < 500; round++) {
            CHECK_FAILS(pool_run(p, threads, maybe_fail, &f, &err), RV_INVALID);
            CHECK_STRING(err.message, "piece 0");
        }
        pool_close(p);
    }
}

static void no_pieces_and_fewer_pieces_than_threads_are_fine(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct pool *p = NULL;
    static struct tally t;
    memset(&t, 0, sizeof t);
    t.threads = 5;
    CHECK_OK(pool_open(5, &p, &err));
    CHECK_OK(pool_run(p, 0, add_piece, &t, &err));
    CHECK_INT(atomic_load(&t.sum), 0);
    CHECK_OK(pool_run(p, 2, add_piece, &t, &err));
    CHECK_INT(atomic_load(&t.times[0]) + atomic_load(&t.times[1]), 2);
    pool_close(p);
    pool_close(NULL);
}

static void a_number_of_threads_out_of_range_is_refused(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct pool *p = NULL;
    CHECK_FAILS(pool_open(0, &p, &err), RV_USAGE);
    CHECK_FAILS(pool_open(LIMIT_THREADS + 1, &p, &err), RV_USAGE);
    CHECK(strstr(err.message, "--threads"));
    CHECK(p == NULL);
    size_t usual = pool_default_threads();
    CHECK(usual >= 1 && usual <= LIMIT_THREADS);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    struct pool *p = NULL;
    rv_status status = {RV_NO_MEMORY};
    long n;
    for (n = 1; !rv_is_ok(status); n++) {
        CHECK(p == NULL);
        memory_fail_nth(n);
        status = pool_open(4, &p, NULL);
        memory_fail_nth(0);
        CHECK(rv_is_ok(status) || status.code == RV_NO_MEMORY);
    }
    CHECK(n == 2 + 2 + 3); /* pool, handles, three threads */
    pool_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_runs_once_and_results_do_not_depend_on_threads),
        cmocka_unit_test(the_lowest_failing_piece_is_reported_whatever_the_timing),
        cmocka_unit_test(when_all_fail_the_first_is_reported),
        cmocka_unit_test(no_pieces_and_fewer_pieces_than_threads_are_fine),
        cmocka_unit_test(a_number_of_threads_out_of_range_is_refused),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

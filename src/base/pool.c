/* base/pool.c — threads that wait for a run, take pieces off an atomic counter, and meet again.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/pool.h"

#include "base/limits.h"
#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

struct pool {
    size_t threads;
    size_t started; /* threads beside the caller */
    pthread_t *handles;
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    size_t run; /* number of the current run; a change wakes the threads */
    size_t busy;
    bool is_closing;
    pool_work *work;
    void *context;
    size_t pieces;
    atomic_size_t next;
    atomic_size_t failed_piece; /* lowest that failed, SIZE_MAX = none; written under lock */
    rv_status failure;
    struct rv_err error;
};

struct thread_start {
    struct pool *pool;
    size_t worker;
};

static void take_pieces(struct pool *p, size_t worker)
{
    for (;;) {
        size_t piece = atomic_fetch_add(&p->next, 1);
        if (piece >= p->pieces || piece > atomic_load(&p->failed_piece)) {
            return; /* a piece below the failed one still runs: it may fail too */
        }
        struct rv_err error = {.code = RV_OK};
        rv_status status = p->work(p->context, piece, worker, &error);
        if (!rv_is_ok(status)) {
            pthread_mutex_lock(&p->lock);
            if (piece < atomic_load(&p->failed_piece)) {
                atomic_store(&p->failed_piece, piece);
                p->failure = status;
                p->error = error;
            }
            pthread_mutex_unlock(&p->lock);
        }
    }
}

static void *thread_main(void *argument)
{
    struct thread_start start = *(struct thread_start *)argument;
    memory_free(argument);
    struct pool *p = start.pool;
    size_t seen = 0;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->run == seen && !p->is_closing) {
            pthread_cond_wait(&p->begin, &p->lock);
        }
        if (p->is_closing) {
            break;
        }
        seen = p->run;
        pthread_mutex_unlock(&p->lock);
        take_pieces(p, start.worker);
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0) {
            pthread_cond_signal(&p->end);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static bool start_thread(struct pool *p)
{
    struct thread_start *start = memory_new(1, sizeof *start);
    if (!start) {
        return false;
    }
    *start = (struct thread_start){p, p->started + 1};
    if (pthread_create(&p->handles[p->started], NULL, thread_main, start) != 0) {
        memory_free(start);
        return false;
    }
    p->started++;
    return true;
}

rv_status pool_open(size_t threads, struct pool **ret, struct rv_err *reterr)
{
    if (threads < 1 || threads > LIMIT_THREADS) {
        return rv_fail(reterr, RV_USAGE, "--threads takes a number from 1 to %d", LIMIT_THREADS);
    }
    struct pool *p = memory_new(1, sizeof *p);
    pthread_t *handles = p ? memory_new(threads, sizeof *handles) : NULL;
    if (!handles) {
        memory_free(p);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for %zu threads", threads);
    }
    p->threads = threads;
    p->handles = handles;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->begin, NULL);
    pthread_cond_init(&p->end, NULL);
    while (p->started + 1 < threads) {
        if (!start_thread(p)) {
            pool_close(p);
            return rv_fail(reterr, RV_NO_MEMORY, "cannot start %zu threads", threads);
        }
    }
    *ret = p;
    return rv_ok();
}

void pool_close(struct pool *p)
{
    if (!p) {
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->is_closing = true;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < p->started; i++) {
        pthread_join(p->handles[i], NULL);
    }
    pthread_cond_destroy(&p->begin);
    pthread_cond_destroy(&p->end);
    pthread_mutex_destroy(&p->lock);
    memory_free(p->handles);
    memory_free(p);
}

void pool_closep(struct pool **p)
{
    pool_close(*p);
    *p = NULL;
}

size_t pool_threads(const struct pool *p)
{
    return p->threads;
}

size_t pool_default_threads(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n > LIMIT_THREADS ? LIMIT_THREADS : (size_t)n;
}

rv_status pool_run(struct pool *p, size_t pieces, pool_work *work, void *context,
                   struct rv_err *reterr)
{
    pthread_mutex_lock(&p->lock);
    p->work = work;
    p->context = context;
    p->pieces = pieces;
    atomic_store(&p->next, 0);
    atomic_store(&p->failed_piece, SIZE_MAX);
    p->busy = p->started;
    p->run++;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->lock);
    take_pieces(p, 0);
    pthread_mutex_lock(&p->lock);
    while (p->busy) {
        pthread_cond_wait(&p->end, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    if (atomic_load(&p->failed_piece) == SIZE_MAX) {
        return rv_ok();
    }
    if (reterr) {
        *reterr = p->error;
    }
    return p->failure;
}

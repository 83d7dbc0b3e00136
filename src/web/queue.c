/* web/queue.c — a ring of items and the threads that take them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/queue.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>

struct queue_worker {
    struct queue *queue;
    size_t index;
    pthread_t thread;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    void **items; /* ring */
    size_t capacity, first, count;
    bool is_stopping;
    queue_work *work;
    void *context;
    struct queue_worker *workers;
    size_t worker_count; /* started */
};

static void *worker_main(void *argument)
{
    const struct queue_worker *self = argument;
    struct queue *q = self->queue;
    pthread_mutex_lock(&q->lock);
    for (;;) {
        while (q->count == 0 && !q->is_stopping) {
            pthread_cond_wait(&q->wake, &q->lock);
        }
        if (q->count == 0) {
            break;
        }
        void *item = q->items[q->first];
        q->first = (q->first + 1) % q->capacity;
        q->count--;
        pthread_mutex_unlock(&q->lock);
        q->work(q->context, self->index, item);
        pthread_mutex_lock(&q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

/* Signals are the main thread's: the workers are started with all of them blocked. */
static bool start_worker(struct queue *q)
{
    struct queue_worker *w = &q->workers[q->worker_count];
    *w = (struct queue_worker){.queue = q, .index = q->worker_count};
    sigset_t all, before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(&w->thread, NULL, worker_main, w) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    q->worker_count += is_started;
    return is_started;
}

rv_status queue_start(size_t workers, size_t capacity, queue_work *work, void *context,
                      struct queue **ret, struct rv_err *reterr)
{
    struct queue *q = memory_new(1, sizeof *q);
    if (!q) {
        return rv_fail(reterr, RV_NO_MEMORY, "no memory for the queue of requests");
    }
    *q = (struct queue){.lock = PTHREAD_MUTEX_INITIALIZER,
                        .wake = PTHREAD_COND_INITIALIZER,
                        .capacity = capacity,
                        .work = work,
                        .context = context};
    q->items = memory_new(capacity, sizeof *q->items);
    q->workers = memory_new(workers, sizeof *q->workers);
    bool is_good = q->items && q->workers;
    while (is_good && q->worker_count < workers) {
        is_good = start_worker(q);
    }
    if (!is_good) {
        queue_stop(q);
        queue_free(q);
        return rv_fail(reterr, RV_IO, "the system starts no more threads");
    }
    *ret = q;
    return rv_ok();
}

bool queue_put(struct queue *q, void *item)
{
    pthread_mutex_lock(&q->lock);
    bool is_taken = !q->is_stopping && q->count < q->capacity;
    if (is_taken) {
        q->items[(q->first + q->count++) % q->capacity] = item;
        pthread_cond_signal(&q->wake);
    }
    pthread_mutex_unlock(&q->lock);
    return is_taken;
}

void queue_stop(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->is_stopping = true;
    pthread_cond_broadcast(&q->wake);
    pthread_mutex_unlock(&q->lock);
    for (size_t i = 0; i < q->worker_count; i++) {
        pthread_join(q->workers[i].thread, NULL);
    }
}

void queue_free(struct queue *q)
{
    if (q) {
        memory_free(q->workers);
        memory_free(q->items);
        memory_free(q);
    }
}

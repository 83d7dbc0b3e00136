/* web/limit.c — one thread that looks ten times a second whose time is over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/limit.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define MOST 128 /* more than there are workers */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct progress *progress; /* NULL = free */
    long long ends_at;
} watched[MOST];
static bool is_watching;

static long long now(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? t.tv_sec * 1000LL + t.tv_nsec / 1000000 : 0;
}

static void *watch(void *unused)
{
    const struct timespec moment = {.tv_nsec = 100000000};
    (void)unused;
    for (;;) {
        (void)nanosleep(&moment, NULL);
        long long at = now();
        pthread_mutex_lock(&lock);
        for (size_t i = 0; i < MOST; i++) {
            if (watched[i].progress && at >= watched[i].ends_at) {
                progress_cancel(watched[i].progress);
            }
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

/* With the lock held. */
static bool start(void)
{
    pthread_t thread;
    if (!is_watching && pthread_create(&thread, NULL, watch, NULL) == 0) {
        (void)pthread_detach(thread);
        is_watching = true;
    }
    return is_watching;
}

void limit_begin(struct progress *p, int seconds)
{
    bool is_kept = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; start() && i < MOST && !is_kept; i++) {
        if (!watched[i].progress) {
            watched[i].progress = p;
            watched[i].ends_at = now() + seconds * 1000LL;
            is_kept = true;
        }
    }
    pthread_mutex_unlock(&lock);
    if (!is_kept) {
        progress_cancel(p);
    }
}

void limit_end(struct progress *p)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < MOST; i++) {
        watched[i].progress = watched[i].progress == p ? NULL : watched[i].progress;
    }
    pthread_mutex_unlock(&lock);
}

/* cli/session.c — threads, output and the progress line of a running command.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "cli/command.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

rv_status session_pool(struct session *session, struct pool **ret, struct rv_err *reterr)
{
    if (!session->pool) {
        int64_t threads = (int64_t)pool_default_threads();
        const char *given = args_get(&session->args, "threads");
        if (given && (!parse_int(text_of(given), &threads) || threads < 1)) {
            return rv_fail(reterr, RV_USAGE, "--threads takes a number from 1, not '%s'", given);
        }
        RV_TRY(pool_open((size_t)threads, &session->pool, reterr));
    }
    *ret = session->pool;
    return rv_ok();
}

void now_utc(char out[24])
{
    time_t now = time(NULL);
    struct tm tm;
    if (!gmtime_r(&now, &tm) || strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        out[0] = '\0';
    }
}

rv_status session_flush(struct session *session, struct rv_err *reterr)
{
    RV_TRY(buf_status(&session->out, reterr));
    struct text all = buf_view(&session->out);
    bool ok = all.n == 0 || fwrite(all.at, 1, all.n, stdout) == all.n;
    if (!ok || fflush(stdout) != 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "cannot write to standard output: %s",
                       strerror_r(errno, scratch, sizeof scratch));
    }
    buf_clear(&session->out);
    return rv_ok();
}

/* ---- the progress line: a thread that looks at the numbers ten times a second ---- */

static pthread_t shower;
static pthread_mutex_t shower_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t shower_wake = PTHREAD_COND_INITIALIZER;
static bool is_showing, is_ending;

static void show_line(const struct progress *p)
{
    const char *step = atomic_load(&p->step);
    long long done = atomic_load(&p->done), total = atomic_load(&p->total);
    if (!step) {
        return;
    }
    if (total > 0) {
        int percent = (int)(done >= total ? 100 : done * 100 / total);
        int bar = percent / 4;
        (void)fprintf(stderr, "\r\033[K%s [%.*s%.*s] %d%%", step, bar, "#########################",
                      25 - bar, ".........................", percent);
    } else {
        (void)fprintf(stderr, "\r\033[K%s %lld", step, done);
    }
    (void)fflush(stderr);
}

static void *shower_main(void *argument)
{
    const struct progress *p = argument;
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += 1; /* a job under a second needs no line */
    bool has_shown = false;
    pthread_mutex_lock(&shower_lock);
    while (!is_ending) {
        if (pthread_cond_timedwait(&shower_wake, &shower_lock, &at) == ETIMEDOUT) {
            show_line(p);
            has_shown = true;
            at.tv_nsec += 100000000;
            at.tv_sec += at.tv_nsec / 1000000000;
            at.tv_nsec %= 1000000000;
        }
    }
    pthread_mutex_unlock(&shower_lock);
    if (has_shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
    }
    return NULL;
}

void progress_show(struct progress *progress)
{
    if (is_showing || !isatty(STDERR_FILENO)) {
        return;
    }
    is_ending = false;
    is_showing = pthread_create(&shower, NULL, shower_main, progress) == 0;
}

void progress_hide(void)
{
    if (!is_showing) {
        return;
    }
    pthread_mutex_lock(&shower_lock);
    is_ending = true;
    pthread_cond_signal(&shower_wake);
    pthread_mutex_unlock(&shower_lock);
    pthread_join(shower, NULL);
    is_showing = false;
}

/* cli/progress.c — how far a command is: a line on a terminal, or lines for who started it.
 *
 * A thread looks at the numbers. A parent that wants to know (the jobs of the web service) gives an
 * open descriptor and its number in REEVE_PROGRESS_FD; it gets a line "DONE TOTAL STEP" whenever
 * something changed. What it does not read in time is dropped: nobody waits for a reader.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_FIRST_MS 1000 /* a job under a second needs no line */
#define LINE_MS       100
#define TELL_MS       200

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    const struct progress *progress;
    int fd; /* told there; -1 = shown on the terminal */
    bool is_showing, is_ending, has_shown;
    char last[160]; /* told */
} shower = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .fd = -1};

static void show_line(void)
{
    const struct progress *p = shower.progress;
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
    shower.has_shown = true;
}

static void tell_line(void)
{
    const struct progress *p = shower.progress;
    const char *step = atomic_load(&p->step);
    char line[sizeof shower.last];
    int n =
        step ? snprintf(line, sizeof line, "%lld %lld %.100s\n", (long long)atomic_load(&p->done),
                        (long long)atomic_load(&p->total), step)
             : 0;
    if (n > 0 && strcmp(line, shower.last) != 0 && write(shower.fd, line, (size_t)n) == n) {
        memcpy(shower.last, line, sizeof line);
    }
}

static void *shower_main(void *unused)
{
    (void)unused;
    struct timespec at;
    bool is_told = shower.fd >= 0;
    long wait_ms = is_told ? TELL_MS : LINE_FIRST_MS;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    pthread_mutex_lock(&shower.lock);
    while (!shower.is_ending) {
        at.tv_nsec += wait_ms * 1000000L;
        at.tv_sec += at.tv_nsec / 1000000000L;
        at.tv_nsec %= 1000000000L;
        int code = 0;
        while (code == 0 && !shower.is_ending) {
            code = pthread_cond_timedwait(&shower.wake, &shower.lock, &at);
        }
        if (code == ETIMEDOUT) {
            (is_told ? tell_line : show_line)();
            wait_ms = is_told ? TELL_MS : LINE_MS;
        }
    }
    pthread_mutex_unlock(&shower.lock);
    if (shower.has_shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
    }
    return NULL;
}

/* The descriptor that the parent gave: a pipe, so that a number left over in an environment is
 * never taken for it. */
static int told_fd(void)
{
    const char *given = getenv("REEVE_PROGRESS_FD"); /* NOLINT(concurrency-mt-unsafe): read-only */
    int64_t fd;
    struct stat info;
    if (!given || !parse_int(text_of(given), &fd) || fd <= STDERR_FILENO || fd > 1000 ||
        fstat((int)fd, &info) != 0 || !S_ISFIFO(info.st_mode) ||
        fcntl((int)fd, F_SETFL, O_NONBLOCK) != 0 || fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0) {
        return -1;
    }
    return (int)fd;
}

void progress_show(struct progress *progress)
{
    if (shower.is_showing) {
        return;
    }
    shower.fd = told_fd();
    if (shower.fd < 0 && !isatty(STDERR_FILENO)) {
        return;
    }
    shower.progress = progress;
    shower.is_ending = false;
    shower.is_showing = pthread_create(&shower.thread, NULL, shower_main, NULL) == 0;
}

void progress_hide(void)
{
    if (!shower.is_showing) {
        return;
    }
    pthread_mutex_lock(&shower.lock);
    shower.is_ending = true;
    pthread_cond_signal(&shower.wake);
    pthread_mutex_unlock(&shower.lock);
    pthread_join(shower.thread, NULL);
    shower.is_showing = false;
}

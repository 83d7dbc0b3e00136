/* store/lock.c — one writer at a time: an advisory lock on FILE-lock that says who holds it.
 *
 * The lock is flock's, so the kernel lets go of it when its holder dies. The text in the file is
 * only for the message to whoever waits; a stale text from a killed process is never believed,
 * because the message is written only while somebody holds the lock.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 10

rv_status lock_open(struct store *s, struct rv_err *reterr)
{
    char name[STORE_PATH_BYTES];
    int n = snprintf(name, sizeof name, "%s-lock", s->real);
    if (n < 0 || (size_t)n >= sizeof name) {
        return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", STORE_PATH_BYTES);
    }
    struct stat info = {0};
    mode_t mode = stat(s->real, &info) == 0 ? info.st_mode & 0666 : 0600;
    s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    if (s->lock_fd < 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO,
                       "%s: cannot be opened for writing, because its lock file cannot be made: "
                       "%s; check that you may write to its folder",
                       s->path, strerror_r(errno, scratch, sizeof scratch));
    }
    return rv_ok();
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The holder's own words, "process 1234 (the import of street.csv)". */
static void read_holder(const struct store *s, char *out, size_t n)
{
    ssize_t got = pread(s->lock_fd, out, n - 1, 0);
    out[got > 0 ? got : 0] = '\0';
    if (!*out) { /* between its flock and its write */
        (void)snprintf(out, n, "another process");
    }
}

static void write_holder(const struct store *s)
{
    char text[STORE_DOING_BYTES + 64];
    int n = snprintf(text, sizeof text, "process %ld (%s)", (long)getpid(),
                     *s->doing ? s->doing : "writing");
    /* A disk too full for this line is reported by the transaction itself. */
    if (ftruncate(s->lock_fd, 0) == 0 && n > 0 && pwrite(s->lock_fd, text, (size_t)n, 0) != n) {
        (void)!ftruncate(s->lock_fd, 0);
    }
}

rv_status lock_take(struct store *s, struct rv_err *reterr)
{
    int64_t deadline = now_ms() + s->wait_ms;
    while (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) {
            continue;
        }
        if (errno != EWOULDBLOCK) {
            char scratch[128];
            return rv_fail(reterr, RV_IO, "%s: cannot be locked: %s", s->path,
                           strerror_r(errno, scratch, sizeof scratch));
        }
        if (now_ms() >= deadline) {
            char holder[STORE_DOING_BYTES + 64];
            read_holder(s, holder, sizeof holder);
            return rv_fail(reterr, RV_BUSY,
                           "%s is being written by %s; waited %.3g seconds: try again when it has "
                           "finished",
                           s->path, holder, s->wait_ms / 1000.0);
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
    }
    write_holder(s);
    return rv_ok();
}

void lock_release(struct store *s)
{
    (void)!ftruncate(s->lock_fd, 0);
    flock(s->lock_fd, LOCK_UN);
}

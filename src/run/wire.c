/* run/wire.c — messages between the caller and the helper: numbers and strings with their length.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "run/run_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define POLL_MS 50
#define MESSAGE 'm' /* before every message; anything else is a late STOP */
#define STOP    's'

void wire_number(struct buf *b, uint64_t value)
{
    buf_put(b, &value, sizeof value); /* both sides are one program on one machine */
}

void wire_bytes(struct buf *b, struct text bytes)
{
    wire_number(b, bytes.n);
    buf_slice(b, bytes);
}

static bool take(struct wire_reader *r, void *out, size_t n)
{
    if (r->is_bad || r->rest.n < n) {
        r->is_bad = true;
        return false;
    }
    memcpy(out, r->rest.at, n);
    r->rest = (struct text){r->rest.at + n, r->rest.n - n};
    return true;
}

uint64_t wire_take_number(struct wire_reader *r)
{
    uint64_t value = 0;
    return take(r, &value, sizeof value) ? value : 0;
}

struct text wire_take_bytes(struct wire_reader *r)
{
    uint64_t n = wire_take_number(r);
    if (r->is_bad || n > r->rest.n) {
        r->is_bad = true;
        return (struct text){"", 0};
    }
    struct text bytes = {r->rest.at, (size_t)n};
    r->rest = (struct text){r->rest.at + n, r->rest.n - (size_t)n};
    return bytes;
}

static bool send_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

bool wire_send(int fd, const struct buf *message)
{
    const char start = MESSAGE;
    uint64_t n = message->n;
    return !message->failed && send_all(fd, &start, 1) && send_all(fd, &n, sizeof n) &&
           send_all(fd, message->bytes, n);
}

/* Waits until there is something to read; tells the other side once when somebody asked to stop. */
static bool wait_readable(int fd, const struct progress *progress, bool *was_told)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    for (;;) {
        int ready = poll(&wait, 1, progress ? POLL_MS : -1);
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
        if (progress && !*was_told && !rv_is_ok(progress_check(progress, NULL))) {
            *was_told = true;
            const char stop = STOP;
            if (!send_all(fd, &stop, 1)) {
                return false;
            }
        }
    }
}

static bool receive_all(int fd, const struct progress *progress, bool *was_told, void *bytes,
                        size_t n)
{
    char *at = bytes;
    while (n) {
        if (!wait_readable(fd, progress, was_told)) {
            return false;
        }
        ssize_t got = recv(fd, at, n, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        at += got;
        n -= (size_t)got;
    }
    return true;
}

bool wire_receive(int fd, const struct progress *progress, struct buf *ret)
{
    uint64_t n;
    bool was_told = false;
    char start = STOP;
    while (start == STOP) { /* one that crossed the answer of the job it was meant for */
        if (!receive_all(fd, progress, &was_told, &start, 1)) {
            return false;
        }
    }
    if (start != MESSAGE || !receive_all(fd, progress, &was_told, &n, sizeof n) ||
        n > LIMIT_RUN_BYTES) {
        return false;
    }
    char *at = buf_room(ret, (size_t)n);
    if (!at || !receive_all(fd, progress, &was_told, at, (size_t)n)) {
        return false;
    }
    buf_wrote(ret, (size_t)n);
    return true;
}

/* run/job_helper.c — the process that starts the commands of jobs: forked early, with one thread,
 * and not confined as the service is. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "run/job_internal.h"

#include <errno.h>
#include <linux/close_range.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the helper ---- */

static bool take_words(struct text message, struct arena *a, char **argv)
{
    struct wire_reader in = {.rest = message};
    uint64_t count = wire_take_number(&in);
    if (count > JOB_WORDS + 3) {
        return false;
    }
    for (uint64_t i = 0; i < count && !in.is_bad; i++) {
        struct text word = wire_take_bytes(&in);
        argv[i] = arena_text(a, word.at, word.n);
        in.is_bad = in.is_bad || !argv[i];
    }
    argv[count] = NULL;
    return !in.is_bad && in.rest.n == 0 && count > 0;
}

static bool answer(int fd, const struct job_outcome *o, const struct buf *printed,
                   const struct buf *said)
{
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, LIMIT_RUN_BYTES);
    size_t skip = said->n > JOB_SAID_BYTES ? said->n - JOB_SAID_BYTES : 0;
    wire_number(&out, JOB_TELLS_END);
    wire_number(&out, (uint64_t)o->end);
    wire_number(&out, (uint64_t)o->status);
    wire_number(&out, o->refused);
    wire_bytes(&out, buf_view(printed));
    wire_bytes(&out, (struct text){said->n ? said->bytes + skip : "", said->n - skip});
    return wire_send(fd, &out);
}

static bool serve(int fd, const struct job_place *place)
{
    struct buf message RV_CLEANUP(buf_done), printed RV_CLEANUP(buf_done),
        said RV_CLEANUP(buf_done);
    char *argv[JOB_WORDS + 4];
    struct arena arena;
    buf_init(&message, LIMIT_RUN_BYTES);
    buf_init(&printed, JOB_PRINTED_BYTES);
    buf_init(&said, (size_t)JOB_SAID_BYTES * 4);
    if (!wire_receive(fd, NULL, &message)) {
        return false;
    }
    arena_init(&arena, LIMIT_RUN_BYTES);
    struct job_outcome outcome = {.end = RUN_NOT_STARTED};
    if (take_words(buf_view(&message), &arena, argv)) {
        const struct job_watch watch = {.place = place, .argv = argv, .client = fd};
        job_child(&watch, &outcome, &printed, &said);
    } else {
        buf_text(&said, "the job was not understood");
    }
    arena_done(&arena);
    return !outcome.is_client_gone && answer(fd, &outcome, &printed, &said);
}

/* Nothing of what the caller had open stays open here: sockets of a service manager among it. */
static void close_others(int fd)
{
    if (fd > STDERR_FILENO + 1) {
        (void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
    }
    (void)close_range((unsigned)fd + 1, ~0U, 0);
}

_Noreturn void job_helper_main(int fd, const struct job_place *place)
{
    run_leave_terminal();
    close_others(fd);
    while (serve(fd, place)) {
    }
    _exit(0);
}

/* ---- the caller's side ---- */

rv_status job_helper_start(const struct job_place *place, struct job_helper **ret,
                           struct rv_err *reterr)
{
    char scratch[128];
    struct job_helper *h = memory_new(1, sizeof *h);
    int pair[2];
    if (!h) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        memory_free(h);
        return rv_fail(reterr, RV_IO, "cannot make a socket pair for the helper of jobs: %s",
                       strerror_r(errno, scratch, sizeof scratch));
    }
    *h = (struct job_helper){.fd = pair[0], .place = *place};
    h->pid = fork();
    if (h->pid == 0) {
        job_helper_main(pair[1], &h->place);
    }
    close(pair[1]);
    if (h->pid < 0) {
        rv_status status = rv_fail(reterr, RV_IO, "cannot start the helper of jobs: %s",
                                   strerror_r(errno, scratch, sizeof scratch));
        close(pair[0]);
        memory_free(h);
        return status;
    }
    *ret = h;
    return rv_ok();
}

void job_helper_stop(struct job_helper *helper)
{
    if (!helper) {
        return;
    }
    close(helper->fd); /* its signal to end what runs and go */
    while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    memory_free(helper);
}

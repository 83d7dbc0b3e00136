/* run/client.c — starting the helper, handing it jobs, ending it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/client.h"

#include "base/limits.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static rv_status fail_errno(struct rv_err *reterr, const char *what)
{
    char scratch[128];
    return rv_fail(reterr, RV_IO, "cannot %s: %s", what,
                   strerror_r(errno, scratch, sizeof scratch));
}

rv_status run_start_with(const struct run_spec *table, size_t count, const char *base,
                         struct run_helper **ret, struct rv_err *reterr)
{
    struct run_helper *h = memory_new(1, sizeof *h);
    int pair[2];
    if (!h) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        memory_free(h);
        return fail_errno(reterr, "make a socket pair for the helper");
    }
    *h = (struct run_helper){.fd = pair[0], .table = {table, count, base}};
    h->pid = fork();
    if (h->pid == 0) {
        close(pair[0]);
        run_helper_main(pair[1], &h->table);
    }
    close(pair[1]);
    if (h->pid < 0) {
        rv_status status = fail_errno(reterr, "start the helper");
        close(pair[0]);
        memory_free(h);
        return status;
    }
    *ret = h;
    return rv_ok();
}

void run_stop(struct run_helper *helper)
{
    if (!helper) {
        return;
    }
    close(helper->fd); /* its signal to end what runs and go */
    while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    memory_free(helper);
}

/* ---- a job ---- */

/* A plain name: in the folder, not out of it. */
static bool is_plain(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && name[0] != '-' && !strchr(name, '/') &&
           strlen(name) < 200;
}

static rv_status check_names(const struct run_job *job, struct rv_err *reterr)
{
    for (size_t i = 0; i < job->input_count + job->output_count; i++) {
        const char *name =
            i < job->input_count ? job->inputs[i].name : job->outputs[i - job->input_count];
        if (!is_plain(name)) {
            return rv_fail(reterr, RV_INVALID, "'%s' is not a plain file name", name);
        }
    }
    return rv_ok();
}

static void put_job(const struct run_job *job, struct buf *out)
{
    wire_number(out, job->program);
    wire_number(out, job->argument_count);
    for (size_t i = 0; i < job->argument_count; i++) {
        wire_bytes(out, text_of(job->arguments[i]));
    }
    wire_number(out, job->input_count);
    wire_number(out, job->output_count);
    for (size_t i = 0; i < job->input_count; i++) {
        wire_bytes(out, text_of(job->inputs[i].name));
        wire_bytes(out, job->inputs[i].bytes);
    }
    for (size_t i = 0; i < job->output_count; i++) {
        wire_bytes(out, text_of(job->outputs[i]));
    }
}

static rv_status take_result(struct text message, struct arena *a, size_t output_count,
                             struct run_result *ret, struct rv_err *reterr)
{
    struct wire_reader in = {.rest = message};
    struct run_result result = {.end = (enum run_end)wire_take_number(&in)};
    result.status = (int)wire_take_number(&in);
    result.refused = (unsigned)wire_take_number(&in);
    result.seconds = (double)wire_take_number(&in) / 1000;
    struct text said = wire_take_bytes(&in);
    result.said = arena_text(a, said.at, said.n);
    result.outputs = ARENA_NEW(a, struct text, output_count + 1);
    if (!result.said || !result.outputs) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; result.end == RUN_DONE && i < output_count; i++) {
        struct text bytes = wire_take_bytes(&in);
        char *copy = arena_text(a, bytes.at, bytes.n);
        if (!copy) {
            return arena_fail(a, reterr);
        }
        result.outputs[i] = (struct text){copy, bytes.n};
    }
    if (in.is_bad || in.rest.n) {
        return rv_fail(reterr, RV_IO, "the helper's answer was not understood");
    }
    *ret = result;
    return rv_ok();
}

rv_status run_job(struct run_helper *helper, struct arena *a, const struct progress *progress,
                  const struct run_job *job, struct run_result *ret, struct rv_err *reterr)
{
    RV_TRY(check_names(job, reterr));
    RV_TRY(progress_check(progress, reterr));
    struct buf message RV_CLEANUP(buf_done);
    buf_init(&message, LIMIT_RUN_BYTES);
    put_job(job, &message);
    RV_TRY(buf_status(&message, reterr));
    struct buf reply RV_CLEANUP(buf_done);
    buf_init(&reply, LIMIT_RUN_BYTES);
    if (!wire_send(helper->fd, &message) || !wire_receive(helper->fd, progress, &reply)) {
        return rv_fail(reterr, RV_IO,
                       "the helper that starts outside programs has ended; start Reeve again");
    }
    RV_TRY(take_result(buf_view(&reply), a, job->output_count, ret, reterr));
    return ret->end == RUN_CANCELLED ? progress_check(progress, reterr) : rv_ok();
}

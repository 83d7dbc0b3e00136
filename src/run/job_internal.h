/* run/job_internal.h — what the rows, the runner, the helper and the child process of jobs share.
 *
 * Private to src/run. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_RUN_JOB_INTERNAL_H
#define REEVE_RUN_JOB_INTERNAL_H

#include "base/buf.h"
#include "run/job.h"
#include "run/run_internal.h"

#include <sys/types.h>

/* ---- rows, each inside store_begin ---- */

struct job_end {
    enum job_state state;
    int64_t at;
    int exit_status; /* -1 = none */
    const char *message;
    struct text printed, said; /* UTF-8 */
};

RV_MUST_CHECK rv_status job_write_start(struct store *s, int64_t id, int64_t now,
                                        struct rv_err *reterr);
RV_MUST_CHECK rv_status job_write_end(struct store *s, int64_t id, const struct job_end *end,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status job_delete(struct store *s, int64_t id, struct rv_err *reterr);

#define JOB_INTERRUPTED_WORDS                                                                      \
    "The service ended while it ran. Nothing was half-written: look whether its work is there, "   \
    "and ask for it again if it is not."

/* *ret_id 0 = there is none. */
RV_MUST_CHECK rv_status job_next(struct store *s, int64_t *ret_id, struct rv_err *reterr);
RV_MUST_CHECK rv_status job_oldest_before(struct store *s, int64_t before, int64_t *ret_id,
                                          struct rv_err *reterr);

/* A folder of this user alone, made when it is not there. RV_IO, RV_REFUSED. */
RV_MUST_CHECK rv_status job_make_folder(const char *path, struct rv_err *reterr);

/* ---- between the runner and the helper: messages of run/wire.c ---- */

enum job_message { JOB_TELLS_PROGRESS = 1, JOB_TELLS_END };

#define JOB_STOP 's' /* one byte to the helper: end what runs; without a job it means nothing */

struct job_helper {
    int fd;
    pid_t pid;
    struct job_place place;
};

/* ---- one command from fork to end ---- */

struct job_watch {
    const struct job_place *place;
    char **argv;
    int client; /* the runner: told of progress; readable = to be cancelled; closed = gone */
};

struct job_outcome {
    enum run_end end; /* RUN_DONE, RUN_FAILED, RUN_KILLED, RUN_CANCELLED, RUN_TIMED_OUT,
                         RUN_NOT_STARTED */
    int status;       /* exit status or signal */
    unsigned refused; /* RUN_FENCE_… bits that this system did not give */
    bool is_client_gone;
};

/* Starts the command, tells the client its progress, keeps what it prints, and ends every process
 * that it leaves. */
void job_child(const struct job_watch *w, struct job_outcome *ret, struct buf *printed,
               struct buf *said);

/* The helper's life. Does not return. */
_Noreturn void job_helper_main(int fd, const struct job_place *place);

#endif

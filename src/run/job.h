/* run/job.h — long work as jobs: rows of the partnership file, each done by a command of this
 * program, one after the other, in a process of its own.
 *
 * A job is a row: who asked, which command, its words as data (never a line of a shell), how far
 * it is and how it ended. One runner per file takes the oldest that waits, lets its caller look the
 * right up again, and has the job helper start this same program with those words. So what a page
 * does is what the command does, byte for byte, and a command that crashes, hangs or runs out of
 * memory takes nothing else with it. Cancelling is SIGINT, at which every command stops cleanly,
 * then SIGKILL, at which nothing is half-written either.
 *
 * What a command writes lies in a private folder of its own below the state folder:
 *
 *   STATE/jobs/ID/     results of job ID (0700; removed with the row)
 *   STATE/tmp/         for spools of commands
 *
 * The rows may be read and written on any connection; the runner has a thread and a connection of
 * its own. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_RUN_JOB_H
#define REEVE_RUN_JOB_H

#include "base/arena.h"
#include "base/status.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum job_state {
    JOB_WAITING,
    JOB_RUNNING,
    JOB_DONE,
    JOB_FAILED,
    JOB_CANCELLED,
    JOB_INTERRUPTED, /* the service or the helper ended meanwhile */
};
const char *job_state_name(enum job_state state); /* "waiting" */
bool job_is_over(enum job_state state);

#define JOB_WORDS         64    /* of one job */
#define JOB_WORD_BYTES    4000  /* of one word, and of the title */
#define JOB_PRINTED_BYTES 65536 /* kept of standard output, from its beginning */
#define JOB_SAID_BYTES    8192  /* kept of standard error, to its end */
#define JOB_KEEP_DAYS     400   /* after its end: an assessment is held against last year's */

/* A word that begins with one of these has the path of a folder put in its place when the job
 * starts, so that rows hold no path of this machine: JOB_RESULT "/report.html" lies in the job's
 * own folder, JOB_STATE "/jobs/7/findings.json" below the state folder. No form can send them. */
#define JOB_RESULT "\001"
#define JOB_STATE  "\002"

struct job_new {
    const char *kind;         /* a command that may be a job: job_kind_is_known */
    const char *title;        /* for who asked: "Assessment of Havering, 2022" */
    const char *const *words; /* after "reeve COMMAND FILE"; no secrets. A value of somebody else's
                                 goes behind its option ("--area", value) or after "--" */
    size_t word_count;
};

struct job { /* texts live in the arena */
    int64_t id;
    const char *kind, *title;
    const char *const *words;
    size_t word_count;
    int64_t account; /* who asked; 0 = the command line */
    enum job_state state;
    bool is_to_cancel;                      /* it runs, and was asked to stop */
    int64_t asked_at, started_at, ended_at; /* UTC seconds; 0 = not yet */
    int exit_status;                        /* of the command; -1 = none */
    const char *message;                    /* one sentence about its end; "" = none */
    const char *printed, *said;             /* standard output and error, cut; "" in lists */
};

/* "assess", "import" …: the commands that work on `reeve COMMAND FILE WORDS…` and ask nothing. */
bool job_kind_is_known(const char *kind);

/* Inside store_begin: one more job that waits; the caller audits it and, after store_commit, wakes
 * the runner. RV_INVALID for an unknown kind, a control character, a text that is not UTF-8;
 * RV_LIMIT. */
RV_MUST_CHECK rv_status job_add(struct store *s, const struct job_new *job, int64_t account,
                                int64_t now, int64_t *ret_id, struct rv_err *reterr);

/* RV_NOT_FOUND. */
RV_MUST_CHECK rv_status job_get(struct store *s, struct arena *a, int64_t id, struct job *ret,
                                struct rv_err *reterr);

struct job_choice {
    int64_t account;  /* JOB_OF_ALL = whoever asked */
    const char *kind; /* NULL = any */
    bool has_state;
    enum job_state state;
    int64_t before; /* numbers below this; 0 = from the newest */
    size_t most;
};
#define JOB_OF_ALL (-1)

/* Newest first, without what was printed. */
RV_MUST_CHECK rv_status job_list(struct store *s, struct arena *a, const struct job_choice *choice,
                                 struct job **ret, size_t *ret_count, struct rv_err *reterr);

/* Inside store_begin: a job that waits is cancelled at once, one that runs is asked to stop (wake
 * the runner after store_commit). RV_REFUSED for one that is over, RV_NOT_FOUND. */
RV_MUST_CHECK rv_status job_cancel(struct store *s, struct arena *a, int64_t id, int64_t now,
                                   struct rv_err *reterr);

/* ---- files ---- */

/* "STATE/jobs/7" or, with a name, "STATE/jobs/7/name". NULL = no memory. */
const char *job_path(struct arena *a, const char *state_dir, int64_t id, const char *name);

/* Makes the state folder and those in it, for this user alone. RV_IO; RV_REFUSED for a folder that
 * others may enter. */
RV_MUST_CHECK rv_status job_make_folders(const char *state_dir, struct rv_err *reterr);

/* Jobs that ended before `before` (UTC seconds) are forgotten with their folders, at most `most` of
 * them, in a transaction for each. */
RV_MUST_CHECK rv_status job_forget(struct store *s, struct arena *a, const char *state_dir,
                                   int64_t before, size_t most, size_t *ret_count,
                                   struct rv_err *reterr);

/* ---- the helper: starts the commands. Fork it before there is a second thread ---- */

struct job_helper;

struct job_place {
    const char *program; /* NULL = this program */
    const char *file;    /* the partnership file, absolute */
    const char *state;   /* the state folder, absolute */
    double grace;        /* seconds from SIGINT to SIGKILL; 0 = 30: a commit may be under way */
};

RV_MUST_CHECK rv_status job_helper_start(const struct job_place *place, struct job_helper **ret,
                                         struct rv_err *reterr);
void job_helper_stop(struct job_helper *helper); /* ends what runs; NULL allowed */

/* ---- the runner ---- */

struct job_hooks {
    void *context;
    /* May who asked still have it done? Any failure ends the job as failed with its message. Inside
     * the transaction in which it starts. NULL = always. */
    rv_status (*admit)(void *context, struct store *s, const struct job *job,
                       struct rv_err *reterr);
    /* Inside the transaction in which its end is written: the row of the audit. NULL = nothing. */
    rv_status (*ended)(void *context, struct store *s, const struct job *job, enum job_state state,
                       int64_t now, struct rv_err *reterr);
};

struct job_runner;

/* Marks what a service that was killed left running as interrupted, and begins with what waits.
 * RV_BUSY when another process does the jobs of this file (it holds FILE-jobs). `helper` must
 * outlive it. */
RV_MUST_CHECK rv_status job_runner_start(const struct job_place *place, struct job_helper *helper,
                                         const struct job_hooks *hooks, struct job_runner **ret,
                                         struct rv_err *reterr);
/* Stops a command that runs and marks its job as interrupted; those that wait stay. NULL allowed.
 */
void job_runner_stop(struct job_runner *runner);

void job_runner_wake(struct job_runner *runner); /* there is something to do; NULL allowed */

struct job_progress {
    char step[64];       /* "reading"; "" = none told yet */
    int64_t done, total; /* units of the step; total 0 = unknown */
};
/* How far the running job is: false when it is not the one that runs. Thread-safe. */
bool job_runner_progress(struct job_runner *runner, int64_t id, struct job_progress *ret);

/* Does it take jobs? False once its helper has died: start the service again. */
bool job_runner_is_well(struct job_runner *runner);

#endif

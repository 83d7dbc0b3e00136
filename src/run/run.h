/* run/run.h — outside programs, started by a helper process that confines each of them.
 *
 * The helper is forked once, early, while the process has one thread; jobs go to it over a socket
 * pair. It starts only programs of a fixed table, found at fixed paths, with arguments that Reeve
 * built and no shell. Every job gets a private folder (removed afterwards), a clean environment,
 * limits and a time limit, and no network. When the caller dies the program is ended and its
 * folder removed.
 *
 * Thread-compatible: one job at a time per helper. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_RUN_RUN_H
#define REEVE_RUN_RUN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/progress.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows of the table of programs, in this order. */
enum run_program { RUN_CHROMIUM, RUN_PANDOC, RUN_RSVG_CONVERT };

#define RUN_PATHS 3

struct run_spec {
    const char *name, *package;    /* as messages call it; what to install on Debian */
    const char *paths[RUN_PATHS];  /* absolute, the first that can be run is used */
    const char *without_namespace; /* argument added when the kernel gives the program no user
                                      namespace for its own sandbox; NULL = it has none */
    unsigned seconds, cpu_seconds; /* from start to end; of processor time, per process */
    unsigned processes;            /* more than the user already has; threads count */
    uint64_t memory_bytes;         /* private writable memory, per process */
    uint64_t file_bytes;           /* one file */
    uint64_t folder_bytes;         /* all of the private folder */
    size_t printed_bytes;          /* standard output and standard error together */
};

struct run_helper;

/* Starts the helper with the built-in table. Call before any thread is started. RV_IO. */
RV_MUST_CHECK rv_status run_start(struct run_helper **ret, struct rv_err *reterr);
/* The same with a table and a place for the private folders of the caller's: for tests. Both must
 * outlive the helper; the user that root's programs become must be able to pass through `base`. */
RV_MUST_CHECK rv_status run_start_with(const struct run_spec *table, size_t count, const char *base,
                                       struct run_helper **ret, struct rv_err *reterr);
void run_stop(struct run_helper *helper); /* waits until it is gone; NULL allowed */

struct run_file {
    const char *name; /* in the private folder: no slash, not hidden */
    struct text bytes;
};

struct run_job {
    size_t program;               /* row of the table */
    const char *const *arguments; /* after the program's name; the folder is the working folder */
    size_t argument_count;
    const struct run_file *inputs;
    size_t input_count;
    const char *const *outputs; /* names of the files to bring back */
    size_t output_count;
};

/* How a job ended. */
enum run_end {
    RUN_DONE,         /* exit status 0 and every output there */
    RUN_NOT_HERE,     /* the program is not installed */
    RUN_NOT_STARTED,  /* the system refused; `said` has its reason */
    RUN_FAILED,       /* exit status `status` */
    RUN_KILLED,       /* by signal `status` */
    RUN_TIMED_OUT,    /* and was ended with all its processes */
    RUN_FLOODED,      /* it printed more than printed_bytes */
    RUN_WROTE_MUCH,   /* more than file_bytes or folder_bytes */
    RUN_GAVE_NOTHING, /* exit status 0, but an output is missing or no plain file */
    RUN_CANCELLED,
};

/* What a program runs under. */
#define RUN_FENCES(X)                                                                              \
    X(USER, "a user of few rights (it ran as root)")                                               \
    X(NAMESPACE, "a network namespace of its own (internet sockets are refused all the same)")     \
    X(CALLS, "a filter of system calls, which refuses internet sockets")                           \
    X(FILES, "Landlock, which hides other files")                                                  \
    X(PROCESSES, "a limit on the number of processes")                                             \
    X(OWN_SANDBOX, "its own sandbox, which needs user namespaces")

enum run_fence {
#define RUN_FENCE_BIT(name, text) RUN_FENCE_BIT_##name,
    RUN_FENCES(RUN_FENCE_BIT)
#undef RUN_FENCE_BIT
#define RUN_FENCE_ENUM(name, text) RUN_FENCE_##name = 1 << RUN_FENCE_BIT_##name,
        RUN_FENCES(RUN_FENCE_ENUM)
#undef RUN_FENCE_ENUM
};

/* The process itself, for a service that has opened its sockets and started its helpers: from now
 * on it reaches the folder of the file, the state folder and, for reading, the system's own files;
 * it starts no program, opens no connection to elsewhere and looks into no other process. For the
 * calling thread and every thread and process that it starts later: call before there is a second.
 * Gives the fences that this system refused, RUN_FENCE_FILES and RUN_FENCE_CALLS; 0 = all hold. */
unsigned run_confine_self(const char *file, const char *state_dir);

struct run_result { /* texts live in the arena given */
    enum run_end end;
    int status;
    unsigned refused;     /* fences that this system did not give: RUN_FENCE_… bits */
    struct text *outputs; /* [output_count], when RUN_DONE */
    const char *said;     /* the end of what the program printed, or the system's reason */
    double seconds;
};

/* Runs one job to its end. The status is about the helper only: RV_IO when it is gone or was
 * never reached, RV_LIMIT for a job larger than LIMIT_RUN_BYTES, RV_INTERRUPTED when `progress`
 * is cancelled (the program is ended first), RV_INVALID for a name with a slash. How the program
 * fared is in ret->end. */
RV_MUST_CHECK rv_status run_job(struct run_helper *helper, struct arena *a,
                                const struct progress *progress, const struct run_job *job,
                                struct run_result *ret, struct rv_err *reterr);

/* Is the program installed? The path that would be started, or NULL. */
const char *run_program_path(const struct run_helper *helper, size_t program);

/* "PDF needs chromium: apt-get install chromium": one clause for a message; `what` is what could
 * not be made. Appends nothing when RUN_DONE. */
void run_explain(const struct run_helper *helper, size_t program, const char *what,
                 const struct run_result *result, struct buf *out);
/* "chromium ran without …" for what was refused; appends nothing when all fences held. */
void run_explain_fences(const struct run_helper *helper, size_t program,
                        const struct run_result *result, struct buf *out);

#endif

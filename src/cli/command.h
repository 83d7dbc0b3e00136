/* cli/command.h — what a command is: a row in a table, options, and one function.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_COMMAND_H
#define REEVE_CLI_COMMAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/status.h"
#include "run/run.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct option_spec {
    const char *name;        /* without the dashes */
    const char *placeholder; /* NULL for a switch */
    const char *help;
};

#define MOST_OPTIONS     40
#define MOST_VALUES      64
#define MOST_POSITIONALS 4096

struct option_value {
    const char *name;  /* of the option_spec */
    const char *value; /* "" for a switch */
};

struct args {
    const char *const *positional;
    size_t positional_count;
    struct option_value values[MOST_VALUES]; /* in the order given */
    size_t value_count;
};

const char *args_get(const struct args *args, const char *name); /* last value, or NULL */
bool args_has(const struct args *args, const char *name);
/* All values of a repeatable option; at most `most` are written. */
size_t args_all(const struct args *args, const char *name, const char **ret, size_t most);

/* Everything a running command needs; made and freed by main. */
struct session {
    struct args args;
    struct arena arena;
    struct pool *pool; /* opened by session_pool on first use */
    struct progress progress;
    struct run_helper *helper; /* of outside programs; NULL unless the options ask for one */
    unsigned fences_told;      /* bit per program: what it ran without was told */
    struct buf out;            /* standard output, written whole at the end */
    struct buf notes;          /* standard error, likewise: whole lines */
    bool is_json;
    bool needs_attention; /* exit status 1 although the work is done */
};

struct command {
    const char *name;
    const char *arguments; /* "FILE PATH…" */
    const char *summary;   /* one line */
    const char *example;
    const char *more;   /* further help, or NULL */
    size_t least, most; /* positional arguments */
    const struct option_spec
        *options; /* ends with a NULL name; --help, --json, --threads are common */
    rv_status (*run)(struct session *session, struct rv_err *reterr);
};

/* The commands, ended by a NULL name. */
extern const struct command commands[];

/* Parses argv (without the command's name) against the command's options. RV_USAGE. */
RV_MUST_CHECK rv_status args_parse(const struct command *command, int argc, char **argv,
                                   struct args *ret, struct rv_err *reterr);
void command_help(const struct command *command, struct buf *out);

/* The pool of --threads N (default: the processors of this machine). */
RV_MUST_CHECK rv_status session_pool(struct session *session, struct pool **ret,
                                     struct rv_err *reterr);
/* Now in UTC as "2026-11-22T13:00:00Z". */
void now_utc(char out[24]);

/* Writes and empties what session.out holds; RV_IO when standard output is closed or full. */
RV_MUST_CHECK rv_status session_flush(struct session *session, struct rv_err *reterr);

/* A progress line on standard error while a job runs, when that is a terminal and the job takes
 * longer than a second; or lines for the parent that asked for them (cli/progress.c). */
void progress_show(struct progress *progress);
void progress_hide(void);

#endif

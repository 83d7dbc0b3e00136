/* run/run_internal.h — what the client, the helper and the child process share.
 *
 * Private to src/run. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_RUN_RUN_INTERNAL_H
#define REEVE_RUN_RUN_INTERNAL_H

#include "run/run.h"

#include <sys/types.h>

#define RUN_SAID_BYTES 2000 /* of what a program printed, from the end */
#define RUN_REACH      4

struct run_table {
    const struct run_spec *specs;
    size_t count;
    const char *base; /* of the private folders */
};

/* The first path of a row that can be run, or NULL. */
const char *run_spec_path(const struct run_spec *spec);

/* ---- messages: numbers and byte strings with their length, whole messages with a length ---- */

void wire_number(struct buf *b, uint64_t value);
void wire_bytes(struct buf *b, struct text bytes);

struct wire_reader {
    struct text rest;
    bool is_bad; /* read past the end: everything after is 0 and "" */
};
uint64_t wire_take_number(struct wire_reader *r);
struct text wire_take_bytes(struct wire_reader *r);

/* Writes or reads a whole message; false when the other side is gone. `progress` NULL = wait as
 * long as it takes. A cancelled progress makes wire_receive send one byte and wait on. */
bool wire_send(int fd, const struct buf *message);
bool wire_receive(int fd, const struct progress *progress, struct buf *ret);

/* ---- the private folder ---- */

struct run_folder {
    int fd; /* locked while it is in use, so that a later helper knows what was left behind */
    char path[128];
};

/* Where private folders lie: /tmp, or TMPDIR unless root, whose programs could not enter it. */
const char *run_folder_base(void);
/* A folder in `base` that only `user` may enter. RV_IO. */
RV_MUST_CHECK rv_status run_folder_make(const char *base, uid_t user, gid_t group,
                                        struct run_folder *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status run_folder_put(const struct run_folder *f, const char *name,
                                       struct text bytes, uid_t user, gid_t group,
                                       struct rv_err *reterr);
/* A plain file of at most `most` bytes appended to `ret`; false when it is anything else. */
bool run_folder_get(const struct run_folder *f, const char *name, uint64_t most, struct buf *ret);
uint64_t run_folder_bytes(const struct run_folder *f); /* of all files below it */
void run_folder_remove(struct run_folder *f);          /* harmless when never made: fd -1 */
/* Removes everything below an open folder, and closes it. False when something is left. */
bool run_empty_folder(int fd);
/* Removes the folders of helpers that died without doing so. */
void run_folder_sweep(const char *base, uid_t user);

/* ---- the fences around one program ---- */

struct run_user {
    uid_t uid; /* "nobody" when the helper is root, else the helper's own */
    gid_t gid;
    bool is_dropped;
};
struct run_user run_user_of_programs(void);

/* Called in the child between fork and exec, in this order of fences. Returns the bits that were
 * refused; never fails: what is refused is told, and the caller's user decides. */
unsigned run_confine(const struct run_spec *spec, const struct run_user *user,
                     const struct run_folder *folder, const char *program_path);
/* What a process may use of the file system beside the system's own files, which it may read. */
struct run_reach {
    const char *writable[RUN_REACH]; /* folders; NULL = no more */
    const char *readable[RUN_REACH]; /* files and folders; programs may be started */
};
bool run_fence_reach(const struct run_reach *reach); /* Landlock, of this thread and its children */
bool run_fence_calls(bool starts_nothing);           /* seccomp, likewise; execve too? */
bool run_limit(int what, uint64_t value);            /* a limit of the system, lowered */
/* Can a process of `user` make a user namespace, as the sandbox of Chromium does? */
bool run_has_user_namespaces(const struct run_user *user);

/* ---- one program from start to end ---- */

struct run_watch {
    const struct run_spec *spec;
    const char *path;
    char **argv;
    struct run_user user;
    const struct run_folder *folder;
    int client; /* readable = cancelled or gone */
};

/* Writes end, status, refused and seconds; `said` gets the end of what was printed. Every process
 * that the program left is ended. */
void run_child(const struct run_watch *w, struct run_result *ret, struct buf *said);

/* Parts of it, for the children of others. */
double run_now(void);                 /* seconds of a clock that never goes back */
void run_default_signals(void);       /* in the child: every signal as a new program expects it */
void run_end_everything(pid_t group); /* the group, and the orphans it left to this process */
/* In the child of a helper: a session of its own, deaf to the terminal, /dev/null as its streams.
 */
void run_leave_terminal(void);

/* The helper's life: serves jobs from `fd` until the other side closes it. Does not return. */
_Noreturn void run_helper_main(int fd, const struct run_table *table);

#endif

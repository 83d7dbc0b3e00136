/* base/progress.h — how far a long job is, and whether somebody asked it to stop.
 *
 * Thread-safe. Libraries never print: the command line or a web job reads these numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_PROGRESS_H
#define REEVE_BASE_PROGRESS_H

#include "base/status.h"

#include <stdatomic.h>
#include <stdint.h>

struct progress {
    _Atomic(const char *) step; /* static text: "reading", "placing" */
    atomic_llong done, total;   /* units of the step, usually bytes or rows; total 0 = unknown */
    atomic_bool is_cancelled;
};

/* NULL is allowed everywhere: no progress wanted. */
void progress_step(struct progress *p, const char *step, int64_t total);
void progress_add(struct progress *p, int64_t done);
void progress_cancel(struct progress *p); /* async-signal-safe */

/* RV_INTERRUPTED when somebody asked to stop. Long loops call it at least ten times a second. */
rv_status progress_check(const struct progress *p, struct rv_err *reterr);

/* Test seam: a named point of a job. Does nothing unless the environment variable
 * REEVE_FAULT_POINT=<name>[:<count>] names it; then the process kills itself with SIGKILL the
 * count-th time it is reached. Points in use are listed in tests/fault/points.txt. */
void fault_point(const char *name);

#endif

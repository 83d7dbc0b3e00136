/* base/progress.c — progress, cancellation and the kill points of the fault tests.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/progress.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void progress_step(struct progress *p, const char *step, int64_t total)
{
    if (p) {
        atomic_store(&p->step, step);
        atomic_store(&p->total, total);
        atomic_store(&p->done, 0);
    }
}

void progress_add(struct progress *p, int64_t done)
{
    if (p) {
        atomic_fetch_add(&p->done, done);
    }
}

void progress_cancel(struct progress *p)
{
    if (p) {
        atomic_store(&p->is_cancelled, true);
    }
}

rv_status progress_check(const struct progress *p, struct rv_err *reterr)
{
    if (p && atomic_load(&p->is_cancelled)) {
        return rv_fail(reterr, RV_INTERRUPTED, "stopped on request; nothing was changed");
    }
    return rv_ok();
}

void fault_point(const char *name)
{
    static atomic_long reached;
    const char *wanted = getenv("REEVE_FAULT_POINT"); /* NOLINT(concurrency-mt-unsafe): read-only */
    if (!wanted) {
        return;
    }
    size_t n = strlen(name);
    if (strncmp(wanted, name, n) != 0 || (wanted[n] != '\0' && wanted[n] != ':')) {
        return;
    }
    long count = wanted[n] == ':' ? strtol(wanted + n + 1, NULL, 10) : 1;
    if (atomic_fetch_add(&reached, 1) + 1 == count) {
        kill(getpid(), SIGKILL);
    }
}

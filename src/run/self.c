/* run/self.c — the fences of the service around itself. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "run/run_internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

unsigned run_confine_self(const char *file, const char *state_dir)
{
    char folder[4096];
    unsigned refused = 0;
    const char *slash = strrchr(file, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", slash && slash > file ? (int)(slash - file) : 1,
                   file);
    const struct run_reach reach = {{folder, state_dir}, {NULL}};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return RUN_FENCE_FILES | RUN_FENCE_CALLS; /* both fail without */
    }
    if (!run_fence_reach(&reach)) {
        refused |= RUN_FENCE_FILES;
    }
    if (!run_fence_calls(true)) {
        refused |= RUN_FENCE_CALLS;
    }
    return refused;
}

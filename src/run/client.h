/* run/client.h — the caller's side of a helper.
 *
 * Private to src/run. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_RUN_CLIENT_H
#define REEVE_RUN_CLIENT_H

#include "run/run_internal.h"

struct run_helper {
    int fd;
    pid_t pid;
    struct run_table table;
};

#endif

/* tests/fault/fault_vfs.h — an SQLite file layer and allocator of which the n-th call fails.
 *
 * One thread. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_FAULT_VFS_H
#define REEVE_TESTS_FAULT_VFS_H

#include <stdbool.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_WRITE,
    FAULT_FULL, /* a write that finds the disk full */
    FAULT_SYNC,
    FAULT_TRUNCATE,
    FAULT_READ,
    FAULT_OPEN,
    FAULT_DELETE,
    FAULT_MALLOC,
    FAULT_KINDS
};

/* Puts the layer under every SQLite connection opened from now on. Call before any other use of
 * SQLite in the process. */
void fault_install(void);

/* The n-th call of this kind from now fails (1 = the next), and with `stays` all later ones too. */
void fault_arm(enum fault_kind kind, long n, bool stays);

/* Ends it. Whether the n-th call was reached. */
bool fault_disarm(void);

const char *fault_name(enum fault_kind kind);

#endif

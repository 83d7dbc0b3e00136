/* store/facts.h — the partnership file as a file: schema, size, permissions, room on its disk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_FACTS_H
#define REEVE_STORE_FACTS_H

#include "store/store.h"

struct store_facts {
    int64_t schema, newest_schema; /* of the file; of this program */
    int64_t bytes, log_bytes;      /* of the file; of its -wal */
    int64_t disk_free, disk_bytes; /* for this user; of the whole disk */
};

/* RV_IO when the file or its disk cannot be asked. */
RV_MUST_CHECK rv_status store_facts(struct store *s, struct store_facts *ret,
                                    struct rv_err *reterr);

/* Permission bits (0600) of FILE with the suffix: "" the file, "-key" what lies beside it; NULL its
 * folder. False when there is none. */
bool store_mode_of(const struct store *s, const char *suffix, unsigned *ret);

#endif

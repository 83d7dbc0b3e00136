/* store/verify.h — is the partnership file whole?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_VERIFY_H
#define REEVE_STORE_VERIFY_H

#include "base/arena.h"
#include "base/progress.h"
#include "store/store.h"

struct verify_fault {
    const char *where; /* "chunk 3 of column 2 of extract 7" */
    const char *what;  /* one sentence with the remedy */
};

struct verify_result {
    int64_t extracts, chunks, rows; /* looked at */
    struct verify_fault *faults;    /* in the arena */
    size_t fault_count;
};

/* SQLite's integrity check, foreign keys, application id, schema as migrated, every chunk's CRC
 * and decoding, equal row counts within a sequence, dictionary codes in range, masks that fit.
 * A damaged file gives faults, not a failure; RV_IO and RV_NO_MEMORY are failures. */
RV_MUST_CHECK rv_status store_verify(struct store *s, struct arena *a, struct progress *progress,
                                     struct verify_result *ret, struct rv_err *reterr);

#endif

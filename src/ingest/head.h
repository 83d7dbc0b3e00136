/* ingest/head.h — the beginning of a file: its hash, whether it is text, its header, first rows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_HEAD_H
#define REEVE_INGEST_HEAD_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/progress.h"
#include "read/form.h"

#define HEAD_ROWS 100 /* first rows, for profiles that only values tell apart */

struct head { /* lives in the arena */
    struct text *header;
    size_t header_count;
    struct text *sample; /* sample_rows * header_count cells */
    size_t sample_rows;
};

/* What tells that a file is still the one that was hashed. */
struct head_stamp {
    int64_t bytes, modified_s, modified_ns;
};
RV_MUST_CHECK rv_status head_stamp(const char *path, struct head_stamp *ret, struct rv_err *reterr);

/* SHA-256 of the file as it lies on disk, and its stamp. RV_NOT_FOUND, RV_IO, RV_REFUSED for a
 * folder. */
RV_MUST_CHECK rv_status head_sha256(const char *path, const struct progress *progress,
                                    char out[SHA256_HEX + 1], struct head_stamp *ret,
                                    struct rv_err *reterr);

/* Reads the header and first rows as `form` says. RV_INVALID when there is no header or it cannot
 * be read, and for an encoding that does not fit, with line and byte. */
RV_MUST_CHECK rv_status head_read(struct arena *a, const char *path, const struct form *form,
                                  struct head *ret, struct rv_err *reterr);

#endif

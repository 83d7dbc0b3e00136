/* column/chunk.h — a column of one chunk as compressed bytes, and back.
 *
 * Thread-safe (no shared state). Encoding: frame of reference (value - low) in the narrowest of
 * 0, 1, 2, 4, 8 bytes, then zstd level 1 with its content checksum; text as lengths and bytes;
 * the validity bitmap beside it. The same column always gives the same bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_COLUMN_CHUNK_H
#define REEVE_COLUMN_CHUNK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "column/column.h"

/* What the store keeps beside the bytes, so that a scan can skip a chunk without reading it. */
struct chunk_summary {
    uint32_t rows, nulls;
    int64_t low, high; /* of codes or integers; 0 and 0 when all are null, and for reals and text */
};

/* Appends the encoded column to `out`. RV_LIMIT for more than LIMIT_CHUNK_ROWS rows, RV_NO_MEMORY.
 */
RV_MUST_CHECK rv_status chunk_encode(const struct column *c, struct buf *out,
                                     struct chunk_summary *ret, struct rv_err *reterr);

/* Decodes into arena `a`. Any malformed byte gives RV_DAMAGED and never reads or writes outside:
 * the bytes may come from a hostile file. `type` must be the type encoded. */
RV_MUST_CHECK rv_status chunk_decode(struct arena *a, struct text bytes, enum column_type type,
                                     struct column *ret, struct rv_err *reterr);

#endif

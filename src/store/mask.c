/* store/mask.c — which rows of a chunk left the current view.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/progress.h"
#include "store/extract.h"
#include "store/internal.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define MASK_BYTES (LIMIT_CHUNK_ROWS / 8)
#define ZSTD_LEVEL 1

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "masks are stored as they lie in memory");

uint32_t store_crc(const void *bytes, size_t n)
{
    return (uint32_t)crc32_z(0, bytes, n);
}

/* Bits of the last word that belong to rows. */
static uint64_t last_word(uint32_t rows)
{
    return rows % 64 ? (UINT64_C(1) << (rows % 64)) - 1 : UINT64_MAX;
}

rv_status mask_encode(const uint64_t *bits, uint32_t rows, struct buf *out, struct rv_err *reterr)
{
    assert(rows > 0 && rows <= LIMIT_CHUNK_ROWS);
    uint64_t words[MASK_BYTES / 8];
    size_t count = mask_words(rows);
    memcpy(words, bits, count * 8);
    words[count - 1] &= last_word(rows);
    char *room = buf_room(out, ZSTD_COMPRESSBOUND(MASK_BYTES));
    RV_TRY(buf_status(out, reterr));
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory compressing a row mask");
    }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t n = ZSTD_compress2(context, room, ZSTD_COMPRESSBOUND(MASK_BYTES), words, count * 8);
    ZSTD_freeCCtx(context);
    if (ZSTD_isError(n)) {
        return rv_fail(reterr, RV_NO_MEMORY, "a row mask could not be compressed: %s",
                       ZSTD_getErrorName(n));
    }
    buf_wrote(out, n);
    return rv_ok();
}

rv_status mask_or(struct text image, uint32_t rows, uint64_t *bits, struct rv_err *reterr)
{
    if (rows == 0 || rows > LIMIT_CHUNK_ROWS) {
        return rv_fail(reterr, RV_DAMAGED, "a row mask belongs to a chunk of %u rows", rows);
    }
    uint64_t words[MASK_BYTES / 8];
    size_t count = mask_words(rows);
    size_t n = ZSTD_decompress(words, sizeof words, image.at, image.n);
    if (ZSTD_isError(n)) {
        return rv_fail(reterr, RV_DAMAGED, "a row mask cannot be read: %s", ZSTD_getErrorName(n));
    }
    if (n != count * 8 || (words[count - 1] & ~last_word(rows)) != 0) {
        return rv_fail(reterr, RV_DAMAGED, "a row mask does not fit its chunk of %u rows", rows);
    }
    for (size_t i = 0; i < count; i++) {
        bits[i] |= words[i];
    }
    return rv_ok();
}

/* ORs what is already masked by the same extract for the same reason. */
static rv_status add_earlier(struct store *s, int64_t extract, uint32_t sequence, int64_t by,
                             const char *reason, uint32_t rows, uint64_t *bits,
                             struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_ROW_MASK_GET, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":sequence", sequence);
    stmt_bind_int(st, ":by", by);
    stmt_bind_string(st, ":reason", reason);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, reterr));
    rv_status status = has_row ? mask_or(stmt_blob(st, 0), rows, bits, reterr) : rv_ok();
    stmt_reset(st);
    return status;
}

rv_status extract_mask_rows(struct store *s, int64_t extract, uint32_t sequence,
                            const uint64_t *bits, uint32_t rows, int64_t by, const char *reason,
                            struct rv_err *reterr)
{
    assert(s->is_writing);
    if (rows == 0 || rows > LIMIT_CHUNK_ROWS) {
        return rv_fail(reterr, RV_INVALID, "a row mask of %u rows: a chunk has 1 to %d", rows,
                       LIMIT_CHUNK_ROWS);
    }
    fault_point("store.mask");
    uint64_t all[MASK_BYTES / 8];
    memcpy(all, bits, mask_words(rows) * 8);
    RV_TRY(add_earlier(s, extract, sequence, by, reason, rows, all, reterr));
    RV_CLEANUP(buf_done) struct buf image;
    buf_init(&image, ZSTD_COMPRESSBOUND(MASK_BYTES));
    RV_TRY(mask_encode(all, rows, &image, reterr));
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_ROW_MASK_SET, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    stmt_bind_int(st, ":sequence", sequence);
    stmt_bind_int(st, ":by", by);
    stmt_bind_string(st, ":reason", reason);
    stmt_bind_blob(st, ":bits", image.bytes, image.n);
    return stmt_run(st, reterr);
}

/* column/frame.c — zstd frames and fixed-width fields.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "column/frame.h"

#include <assert.h>
#include <zstd.h>
#include <zstd_errors.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "packed arrays are stored least significant byte first");

#define ZSTD_LEVEL 1

/* Bit 2 of the byte after the magic number: the frame ends with a checksum (RFC 8878, 3.1.1.1). */
#define FRAME_CHECKSUM 4

static void context_done(ZSTD_CCtx **context)
{
    (void)ZSTD_freeCCtx(*context);
}

rv_status frame_put(struct buf *out, struct text content, struct rv_err *reterr)
{
    RV_CLEANUP(context_done) ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context ||
        ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_LEVEL)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory while compressing a column");
    }
    size_t most = ZSTD_compressBound(content.n);
    char *at = buf_room(out, most);
    if (!at) {
        return buf_status(out, reterr);
    }
    size_t n = ZSTD_compress2(context, at, most, content.at, content.n);
    if (ZSTD_isError(n)) { /* with room for the worst case only memory can fail */
        return rv_fail(reterr, RV_NO_MEMORY, "cannot compress a column: %s", ZSTD_getErrorName(n));
    }
    buf_wrote(out, n);
    return rv_ok();
}

rv_status frame_take(struct text frame, const char *what, struct buf *out, struct rv_err *reterr)
{
    unsigned long long content =
        frame.n ? ZSTD_getFrameContentSize(frame.at, frame.n) : ZSTD_CONTENTSIZE_ERROR;
    if (content == ZSTD_CONTENTSIZE_ERROR || content == ZSTD_CONTENTSIZE_UNKNOWN ||
        content > out->limit || !(frame.at[4] & FRAME_CHECKSUM) ||
        ZSTD_findFrameCompressedSize(frame.at, frame.n) != frame.n) {
        return rv_fail(reterr, RV_DAMAGED, "%s is damaged: not the frame that was written", what);
    }
    char *at = buf_room(out, (size_t)content);
    if (!at) {
        return buf_status(out, reterr);
    }
    size_t n = ZSTD_decompress(at, (size_t)content, frame.at, frame.n);
    if (ZSTD_isError(n) && ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory while reading %s", what);
    }
    if (ZSTD_isError(n) || n != content) {
        return rv_fail(reterr, RV_DAMAGED, "%s is damaged: %s", what, ZSTD_getErrorName(n));
    }
    buf_wrote(out, n);
    return rv_ok();
}

void field_put(struct buf *out, uint64_t value, size_t bytes)
{
    assert(bytes <= sizeof value);
    buf_put(out, &value, bytes);
}

bool field_take(struct text *at, size_t bytes, uint64_t *ret)
{
    assert(bytes <= sizeof *ret);
    if (at->n < bytes) {
        return false;
    }
    uint64_t value = 0;
    memcpy(&value, at->at, bytes);
    at->at += bytes;
    at->n -= bytes;
    *ret = value;
    return true;
}

unsigned field_width(uint64_t high)
{
    if (high == 0) {
        return 0;
    }
    return high <= UINT8_MAX ? 1 : high <= UINT16_MAX ? 2 : high <= UINT32_MAX ? 4 : 8;
}

void field_narrow(const uint64_t *in, size_t n, unsigned width, void *packed)
{
    uint8_t *bytes = packed;
    uint16_t *shorts = packed;
    uint32_t *words = packed;
    switch (width) {
    case 0:
        break;
    case 1:
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (uint8_t)in[i];
        }
        break;
    case 2:
        for (size_t i = 0; i < n; i++) {
            shorts[i] = (uint16_t)in[i];
        }
        break;
    case 4:
        for (size_t i = 0; i < n; i++) {
            words[i] = (uint32_t)in[i];
        }
        break;
    default:
        memcpy(packed, in, n * sizeof *in);
    }
}

void field_widen(const void *packed, size_t n, unsigned width, uint64_t *out)
{
    const uint8_t *bytes = packed;
    const uint16_t *shorts = packed;
    const uint32_t *words = packed;
    switch (width) {
    case 0:
        memset(out, 0, n * sizeof *out);
        break;
    case 1:
        for (size_t i = 0; i < n; i++) {
            out[i] = bytes[i];
        }
        break;
    case 2:
        for (size_t i = 0; i < n; i++) {
            out[i] = shorts[i];
        }
        break;
    case 4:
        for (size_t i = 0; i < n; i++) {
            out[i] = words[i];
        }
        break;
    default:
        memcpy(out, packed, n * sizeof *out);
    }
}

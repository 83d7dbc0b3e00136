/* column/frame.h — bytes of the partnership file in and out of one zstd frame.
 *
 * Private to the module. Thread-safe (no shared state). A frame says how long its content is and
 * ends with a checksum of it, so that any changed byte is noticed before a field is believed.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_COLUMN_FRAME_H
#define REEVE_COLUMN_FRAME_H

#include "base/buf.h"
#include "base/status.h"
#include "base/text.h"

/* Appends `content` as one frame: zstd level 1 with content size and checksum. The same content
 * always gives the same bytes. RV_LIMIT, RV_NO_MEMORY. */
RV_MUST_CHECK rv_status frame_put(struct buf *out, struct text content, struct rv_err *reterr);

/* The content of exactly one frame into the empty `out`, whose limit bounds it. `what` names the
 * thing in the message. RV_DAMAGED for anything else, RV_NO_MEMORY. */
RV_MUST_CHECK rv_status frame_take(struct text frame, const char *what, struct buf *out,
                                   struct rv_err *reterr);

/* Fields of a content, least significant byte first whatever the machine. */
void field_put(struct buf *out, uint64_t value, size_t bytes);

/* Takes `bytes` (1 to 8) bytes off the front; false when there are fewer. */
bool field_take(struct text *at, size_t bytes, uint64_t *ret);

/* Narrowest of 0, 1, 2, 4, 8 bytes that holds every value up to `high`. */
unsigned field_width(uint64_t high);

/* out[i] = the low `width` bytes of in[i], and back. `packed` is aligned for its width; both use
 * the machine's byte order, which is checked to be little-endian when this is compiled. */
void field_narrow(const uint64_t *in, size_t n, unsigned width, void *packed);
void field_widen(const void *packed, size_t n, unsigned width, uint64_t *out);

#endif

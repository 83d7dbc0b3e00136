/* base/buf.h — growing text with a mandatory ceiling.
 *
 * Thread-compatible. After a failed append the buffer keeps what it had and `failed` is set: a
 * writer may append freely and check once with buf_status.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_BUF_H
#define REEVE_BASE_BUF_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *bytes; /* NUL-terminated once anything was appended */
    size_t n, capacity, limit;
    bool failed;        /* an append was refused */
    bool is_past_limit; /* by the limit, not for want of memory */
};

void buf_init(struct buf *b, size_t limit); /* allocates nothing yet */
void buf_done(struct buf *b);               /* frees; usable with RV_CLEANUP(buf_done) */
void buf_clear(struct buf *b);              /* empties, keeps the memory */

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_char(struct buf *b, char c);
void buf_text(struct buf *b, const char *terminated);
void buf_slice(struct buf *b, struct text t);
void buf_printf(struct buf *b, const char *format, ...) RV_PRINTF(2, 3);
void buf_int(struct buf *b, int64_t value);

/* 12 significant digits, shortest form, locale-free; NaN and infinities as "". */
void buf_real(struct buf *b, double value);
void buf_real_digits(struct buf *b, double value, int digits); /* the same with 1 to 17 digits */

/* One CSV cell, quoted when RFC 4180 asks for it. */
void buf_csv(struct buf *b, struct text t);

/* The same for words that somebody else wrote: a spreadsheet runs a cell that begins with = + - @,
 * a tab or a carriage return as a formula, so such a cell gets a leading apostrophe. Numbers stay
 * numbers, and a single sign stays as it is. */
void buf_csv_words(struct buf *b, struct text t);

/* Text for HTML, with & < > " ' escaped. */
void buf_html(struct buf *b, struct text t);

/* Part of an address: everything but letters, digits and - . _ ~ / as %XX (RFC 3986). */
void buf_uri(struct buf *b, struct text t);

/* Room for n more bytes to be written at the returned place, then counted with buf_wrote. */
char *buf_room(struct buf *b, size_t n);
void buf_wrote(struct buf *b, size_t n);

struct text buf_view(const struct buf *b);
rv_status buf_status(const struct buf *b, struct rv_err *reterr); /* RV_LIMIT or RV_NO_MEMORY */

#endif

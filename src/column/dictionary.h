/* column/dictionary.h — the distinct values of a category column, numbered in order of arrival.
 *
 * Thread-compatible. Code 0 stands for "missing" and has the empty text; real values start at 1.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_COLUMN_DICTIONARY_H
#define REEVE_COLUMN_DICTIONARY_H

#include "base/buf.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* code 0 = empty. The tag is 32 other bits of the hash: most values are told apart by it, without
 * a look at their bytes. */
struct dictionary_slot {
    uint32_t code, tag;
};

struct dictionary {
    struct buf bytes; /* all values one after another */
    uint32_t *starts; /* count + 1 offsets into bytes */
    uint32_t count;   /* codes in use, code 0 included */
    uint32_t capacity;
    struct dictionary_slot *slots; /* open addressing */
    uint32_t slot_count;           /* a power of two, 0 before the first value */
    size_t limit;                  /* most values allowed, the missing one not counted */
};

/* limit: most distinct values (LIMIT_DICTIONARY for stored columns). Allocates nothing yet;
 * count is 1: code 0 is always there. */
void dictionary_init(struct dictionary *d, size_t limit);
void dictionary_done(struct dictionary *d);

/* The code of `value`, adding it when new; the empty text is code 0.
 * RV_LIMIT past the limit ("too many distinct values"), RV_NO_MEMORY. Cost: O(1) expected. */
RV_MUST_CHECK rv_status dictionary_code(struct dictionary *d, struct text value, uint32_t *ret,
                                        struct rv_err *reterr);

/* The code of `value`, or 0 when it is not there (also for the empty text). */
uint32_t dictionary_find(const struct dictionary *d, struct text value);

/* The value of a code < count. Borrowed until the next dictionary_code. */
struct text dictionary_text(const struct dictionary *d, uint32_t code);

/* A self-contained image for the store, and back into an initialised dictionary, whose values are
 * replaced on success only. The bytes may come from a hostile file: anything that
 * dictionary_write cannot have written within d->limit is RV_DAMAGED. */
RV_MUST_CHECK rv_status dictionary_write(const struct dictionary *d, struct buf *out,
                                         struct rv_err *reterr);
RV_MUST_CHECK rv_status dictionary_read(struct dictionary *d, struct text image,
                                        struct rv_err *reterr);

#endif

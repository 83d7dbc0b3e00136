/* read/code_page.h — texts of attribute tables in the encoding that their .cpg names.
 *
 * Pure. Internal to src/read. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CODE_PAGE_H
#define REEVE_READ_CODE_PAGE_H

#include "base/arena.h"
#include "base/text.h"
#include "read/decode.h"

#include <stdbool.h>

struct code_page {
    enum { CODE_PAGE_UNKNOWN, CODE_PAGE_UTF8, CODE_PAGE_SINGLE } kind;
    struct encoded high[128]; /* CODE_PAGE_SINGLE: what 80 to FF stand for */
};

/* By the names of decode.h and by those that ArcGIS writes: "1252", "ANSI 1252", "88591",
 * "65001". False, and *ret untouched, for any other and for encodings of two bytes and more. */
bool code_page_find(struct text name, struct code_page *ret);

/* The text as UTF-8, in the arena. False when it cannot be read: not valid in its encoding, a byte
 * over 127 under CODE_PAGE_UNKNOWN, or a NUL. ret->at is NULL, and the result true, when out of
 * memory. */
bool code_page_text(struct arena *a, const struct code_page *page, struct text bytes,
                    struct text *ret);

#endif

/* read/code_page.h — the names of the one-byte and UTF-8 encodings of attribute tables, and text
 * out of them.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CODE_PAGE_H
#define REEVE_READ_CODE_PAGE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

enum code_page {
    CODE_PAGE_UNKNOWN, /* not declared: only ASCII can be read */
    CODE_PAGE_UTF8,
    CODE_PAGE_1252, /* and ISO 8859-1, whose control characters 128 to 159 no name contains */
};

/* "UTF-8", "65001", "ISO-8859-1", "88591", "1252", "ANSI 1252", "windows-1252", … in any case.
 * False, and *ret untouched, for any other name. */
bool code_page_find(struct text name, enum code_page *ret);

/* The text as UTF-8, in the arena. False when it cannot be read: not valid in its encoding, a byte
 * over 127 under CODE_PAGE_UNKNOWN, or a NUL. ret->at is NULL, and the result true, when out of
 * memory. */
bool code_page_text(struct arena *a, enum code_page page, struct text bytes, struct text *ret);

#endif

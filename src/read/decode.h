/* read/decode.h — the encodings that a file may be in, by the names that a profile uses.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_DECODE_H
#define REEVE_READ_DECODE_H

#include "base/text.h"

/* The name as this program writes it ("windows-1252", "utf-16le") for any usual spelling of it, in
 * either case ("CP1252", "Latin-1", "UTF16"); NULL for an encoding that is not read. */
const char *encoding_find(const char *name);

/* Names that encoding_find gives, usual ones first, NULL at the end; "utf-8" is the first. */
const char *const *encoding_names(void);

struct encoded { /* a character in UTF-8; n 0 = the byte stands for nothing */
    char bytes[4];
    size_t n;
};

/* What the bytes 80 to FF of a single-byte encoding stand for: ret[128]. All nothing for an
 * encoding that this machine cannot decode. */
void encoding_high_half(const char *encoding, struct encoded *ret);

#endif

/* read/charset.h — which encoding some bytes may be in, as far as the bytes can tell.
 *
 * Internal to src/read. Valid UTF-8 is UTF-8. What is not valid is taken for windows-1252 only when
 * every byte is one that British text has in windows-1252 and the detector uchardet, whatever it
 * calls the encoding, would read the same characters; a sign such as the pound that never stands
 * beside a letter is no letter of another language. One bad byte alone is damage to its row, not
 * an encoding, unless it is in the header. Everything else is for a person to declare.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CHARSET_H
#define REEVE_READ_CHARSET_H

#include "base/buf.h"
#include "base/text.h"

/* What was seen in the bytes so far. */
struct charset_tally {
    int64_t multibyte;   /* characters of two to four bytes, valid in UTF-8 */
    int64_t bad;         /* bytes that are no part of valid UTF-8 */
    bool is_past_first;  /* a line has ended */
    bool is_first_bad;   /* the first line has such a byte */
    uint64_t seen[4];    /* byte values over 127, one bit each */
    uint64_t in_word[4]; /* those that stood beside a letter */
    struct buf evidence; /* the surroundings of bytes over 127, for uchardet */
};

void charset_init(struct charset_tally *t);
void charset_done(struct charset_tally *t); /* frees; for RV_CLEANUP */

/* Counts `bytes` and returns how many were counted: a character cut in two at their end is left
 * for the next call unless the bytes are the last. */
size_t charset_add(struct charset_tally *t, struct text bytes, bool is_last);

struct charset {
    const char *encoding;   /* that it is safe to say; NULL = none is */
    const char *suggestion; /* what uchardet makes of it, or NULL */
};
struct charset charset_judge(const struct charset_tally *t);

/* The encoding that the first bytes of a file show by themselves: a byte-order mark, or the NUL
 * bytes of UTF-16 without one. NULL = they show none. */
const char *charset_of_mark(struct text bytes);
const char *charset_of_nuls(struct text bytes);

#endif

/* base/text.h — a borrowed run of bytes (not terminated) and what one does with it.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_TEXT_H
#define REEVE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
    const char *at; /* may be NULL when n is 0 */
    size_t n;
};

static inline struct text text_of(const char *terminated)
{
    return (struct text){terminated, terminated ? strlen(terminated) : 0};
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

static inline bool text_is(struct text a, const char *terminated)
{
    return text_equal(a, text_of(terminated));
}

bool text_equal_nocase(struct text a, struct text b); /* ASCII letters only */
bool text_starts(struct text a, const char *prefix);
bool text_ends(struct text a, const char *suffix);
int text_compare(struct text a, struct text b); /* bytewise, shorter first on a tie */
struct text text_trim(struct text a);           /* without spaces and tabs at both ends */

/* The part before the first `separator`; *rest is what follows it (empty at the end). */
struct text text_split(struct text a, char separator, struct text *rest);

/* Bytes of the longest valid UTF-8 prefix; equal to n when all of it is valid and without NUL. */
size_t text_utf8_valid(struct text a);

#endif

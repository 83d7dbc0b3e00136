/* base/text.c — comparing, trimming, splitting and checking runs of bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/text.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal_nocase(struct text a, struct text b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.at[i]) != lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

bool text_starts(struct text a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.n >= n && (n == 0 || memcmp(a.at, prefix, n) == 0);
}

bool text_ends(struct text a, const char *suffix)
{
    size_t n = strlen(suffix);
    return a.n >= n && (n == 0 || memcmp(a.at + a.n - n, suffix, n) == 0);
}

int text_compare(struct text a, struct text b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.at, b.at, n) : 0;
    if (order) {
        return order < 0 ? -1 : 1;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

struct text text_trim(struct text a)
{
    while (a.n && (a.at[0] == ' ' || a.at[0] == '\t')) {
        a.at++;
        a.n--;
    }
    while (a.n && (a.at[a.n - 1] == ' ' || a.at[a.n - 1] == '\t')) {
        a.n--;
    }
    return a;
}

struct text text_split(struct text a, char separator, struct text *rest)
{
    const char *found = a.n ? memchr(a.at, separator, a.n) : NULL;
    if (!found) {
        *rest = (struct text){a.at ? a.at + a.n : NULL, 0};
        return a;
    }
    size_t n = (size_t)(found - a.at);
    *rest = (struct text){found + 1, a.n - n - 1};
    return (struct text){a.at, n};
}

/* Length of the UTF-8 sequence at s (1 to 4), or 0 when it is not well formed (RFC 3629). */
static size_t utf8_sequence(const unsigned char *s, size_t n)
{
    if (s[0] < 0x80) {
        return s[0] ? 1 : 0;
    }
    size_t length = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
                    : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                    : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                   : 0;
    if (length == 0 || length > n) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool is_overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool is_surrogate = s[0] == 0xED && s[1] > 0x9F;
    bool is_past_end = s[0] == 0xF4 && s[1] > 0x8F;
    return is_overlong || is_surrogate || is_past_end ? 0 : length;
}

size_t text_utf8_valid(struct text a)
{
    size_t i = 0;
    while (i < a.n) {
        /* Eight plain ASCII bytes at a time: the usual case. A NUL among them falls through. */
        uint64_t word;
        while (i + 8 <= a.n) {
            memcpy(&word, a.at + i, 8);
            if ((word & 0x8080808080808080U) ||
                ((word - 0x0101010101010101U) & 0x8080808080808080U)) {
                break;
            }
            i += 8;
        }
        if (i >= a.n) {
            break;
        }
        size_t length = utf8_sequence((const unsigned char *)a.at + i, a.n - i);
        if (length == 0) {
            return i;
        }
        i += length;
    }
    return i;
}

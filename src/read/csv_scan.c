/* read/csv_scan.c — finding line ends, counting bytes, and masks of the bytes that matter.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/csv_scan.h"

#include <string.h>

size_t csv_find_end(const struct csv_dialect *dialect, const char *bytes, size_t from, size_t to)
{
    while (from < to) {
        const char *found = memchr(bytes + from, csv_end_byte(dialect), to - from);
        if (!found) {
            return to;
        }
        size_t at = (size_t)(found - bytes);
        if (csv_is_end(dialect, bytes, at)) {
            return at;
        }
        from = at + 1;
    }
    return to;
}

size_t csv_last_start(const struct csv_dialect *dialect, const char *bytes, size_t from, size_t to)
{
    size_t end = to;
    while (end > from) {
        const char *found = memrchr(bytes + from, csv_end_byte(dialect), end - from);
        if (!found) {
            return from;
        }
        size_t at = (size_t)(found - bytes);
        if (csv_is_end(dialect, bytes, at)) {
            return at + 1;
        }
        end = at;
    }
    return from;
}

size_t csv_end_after_quote(const struct csv_dialect *dialect, const char *bytes, size_t at,
                           size_t n)
{
    if (at == n) {
        return n;
    }
    bool is_return = bytes[at] == '\r';
    if (dialect->line_end == CSV_CR) {
        return is_return ? at : CSV_NOWHERE;
    }
    if (is_return) {
        return at + 1 == n || bytes[at + 1] == '\n' ? at + 1 : CSV_NOWHERE;
    }
    return bytes[at] == '\n' && dialect->line_end == CSV_LF ? at : CSV_NOWHERE;
}

size_t csv_count_byte(const char *bytes, size_t n, char wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += bytes[i] == wanted;
    }
    return count;
}

void csv_index(const char *bytes, size_t n, char separator, char end, struct csv_masks *ret)
{
    ret->odd = 0;
    for (size_t word = 0; word * 64 < n; word++) {
        size_t base = word * 64, m = n - base < 64 ? n - base : 64;
        uint64_t special = 0;
        bool is_odd = false;
        for (size_t i = 0; i < m; i++) {
            char c = bytes[base + i];
            special |= (uint64_t)(c == separator || c == '"' || c == end) << i;
            is_odd |= (signed char)c <= 0;
        }
        ret->special[word] = special;
        ret->odd |= (uint64_t)is_odd << word;
    }
}

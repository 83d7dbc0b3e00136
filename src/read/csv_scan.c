/* read/csv_scan.c — finding line ends in CSV.
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

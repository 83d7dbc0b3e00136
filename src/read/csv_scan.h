/* read/csv_scan.h — what the splitter and the parser of CSV share: line ends and byte masks.
 *
 * Internal to src/read (tests and the bench look in). Pure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_CSV_SCAN_H
#define REEVE_READ_CSV_SCAN_H

#include "read/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_NOWHERE SIZE_MAX

/* The byte by which a line end is found and physical lines are counted. */
static inline char csv_end_byte(const struct csv_dialect *dialect)
{
    return dialect->line_end == CSV_CR ? '\r' : '\n';
}

/* Whether bytes[at], which is the end byte, ends a record when it stands outside quotes. */
static inline bool csv_is_end(const struct csv_dialect *dialect, const char *bytes, size_t at)
{
    return dialect->line_end != CSV_CRLF || (at && bytes[at - 1] == '\r');
}

/* Position of the first line end in [from, to), or `to`. */
size_t csv_find_end(const struct csv_dialect *dialect, const char *bytes, size_t from, size_t to);

/* Start of the last line that begins in [from, to]: the place after the last line end. */
size_t csv_last_start(const struct csv_dialect *dialect, const char *bytes, size_t from, size_t to);

/* What follows a closing quote: `at` when that is a line end or the end of the bytes (`n`), the
 * place of the line end after a carriage return, otherwise CSV_NOWHERE. */
size_t csv_end_after_quote(const struct csv_dialect *dialect, const char *bytes, size_t at,
                           size_t n);

/* 64 * 64 bytes at most: one bit a byte, lowest first. */
#define CSV_WINDOW_WORDS 64
#define CSV_WINDOW_BYTES ((size_t)64 * CSV_WINDOW_WORDS)

struct csv_masks {
    uint64_t special[CSV_WINDOW_WORDS]; /* separator, quote or end byte */
    uint64_t odd;                       /* bit k: word k holds a NUL or a byte of 128 and more */
};

/* Fills the masks of bytes[0, n), n <= CSV_WINDOW_BYTES; bits past n are 0, words past n are not
 * written. */
typedef void csv_index_fn(const char *bytes, size_t n, char separator, char end,
                          struct csv_masks *ret);
/* One bit for every byte equal to `wanted`, n <= CSV_WINDOW_BYTES, likewise. */
typedef void csv_match_fn(const char *bytes, size_t n, char wanted, uint64_t ret[CSV_WINDOW_WORDS]);
typedef size_t csv_count_fn(const char *bytes, size_t n, char wanted);

/* One way of doing all three; all ways give the same results (tests/read/test_csv_scan.c). */
struct csv_kernel {
    const char *name;
    csv_index_fn *index;
    csv_match_fn *match;
    csv_count_fn *count; /* bytes equal to `wanted` */
};

/* The k-th way that this processor offers, fastest first; NULL past the last. */
const struct csv_kernel *csv_kernel(size_t k);

/* From `from`, where a record starts, over records whose quoting is in order and which are not too
 * long: the start of a record behind which this is not known. All before it are whole. */
size_t csv_skip_regular(const struct csv_dialect *dialect, const char *bytes, size_t from,
                        size_t to);

#endif

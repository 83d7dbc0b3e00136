/* read/csv_split.c — cutting a file into blocks of whole records, the one sequential step.
 *
 * A stretch without a quote is crossed with one memchr, one whose quoting is in order 64 bytes at
 * a time (csv_regular.c); any other record is followed cell by cell. What counts as the end of a
 * record, also of a broken one, is the same as in csv_parse.c; that a record reads the same in any
 * block rests on two facts: a broken record is its first line, and a block ends with a line end
 * outside every record. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "read/csv.h"
#include "read/csv_scan.h"

#include <string.h>

/* A record of the longest kind, its line end and a look at what follows a closing quote. */
#define MOST_LOOKAHEAD (LIMIT_ROW_BYTES + 4)
#define LEAST_FILL     ((size_t)4) /* room for the byte-order mark */

struct csv_splitter {
    struct byte_source *source;
    struct csv_dialect dialect;
    size_t block_bytes;
    char *bytes; /* read and not yet given out; starts with a record */
    size_t n, capacity;
    bool is_begun, is_final; /* is_final: the source has ended */
    int64_t line;            /* of bytes[0] */
    uint64_t number;
};

static bool is_separator(char c)
{
    return (signed char)c > 0 && c != '"' && c != '\r' && c != '\n';
}

rv_status csv_splitter_open(struct byte_source *source, const struct csv_dialect *dialect,
                            struct csv_splitter **ret, struct rv_err *reterr)
{
    if (!is_separator(dialect->separator)) {
        return rv_fail(reterr, RV_USAGE,
                       "a CSV separator is one ASCII character, not a quote or a line end");
    }
    struct csv_splitter *s = memory_new(1, sizeof *s);
    if (!s) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    s->source = source;
    s->dialect = *dialect;
    s->block_bytes = CSV_BLOCK_BYTES;
    s->line = 1;
    *ret = s;
    return rv_ok();
}

void csv_splitter_close(struct csv_splitter *s)
{
    if (s) {
        memory_free(s->bytes);
        memory_free(s);
    }
}

void csv_splitter_closep(struct csv_splitter **s)
{
    csv_splitter_close(*s);
    *s = NULL;
}

void csv_splitter_set_block_bytes(struct csv_splitter *s, size_t bytes)
{
    s->block_bytes = bytes ? bytes : 1;
}

static rv_status reserve(struct csv_splitter *s, size_t wanted, struct rv_err *reterr)
{
    if (wanted <= s->capacity) {
        return rv_ok();
    }
    /* Not memory_new: every byte is overwritten, so that zeroing would only cost. */
    char *bytes = memory_resize(s->bytes, wanted, 1);
    if (!bytes) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a block of %zu KB", wanted >> 10);
    }
    s->bytes = bytes;
    s->capacity = wanted;
    return rv_ok();
}

/* Reads until exactly `wanted` bytes are held or the source ends, so that blocks depend on the
 * bytes alone and not on how the source deals them out. */
static rv_status fill(struct csv_splitter *s, size_t wanted, struct rv_err *reterr)
{
    RV_TRY(reserve(s, wanted, reterr));
    while (s->n < wanted && !s->is_final) {
        size_t n = 0;
        RV_TRY(source_read(s->source, s->bytes + s->n, wanted - s->n, &n, reterr));
        s->n += n;
        s->is_final = n == 0;
    }
    if (!s->is_begun) {
        s->is_begun = true;
        if (s->n >= 3 && memcmp(s->bytes, "\xEF\xBB\xBF", 3) == 0) {
            s->n -= 3;
            memmove(s->bytes, s->bytes + 3, s->n);
        }
    }
    return rv_ok();
}

/* The quote that closes the cell whose content begins at `at`; s->n when none does by `last`. */
static size_t closing_quote(const struct csv_splitter *s, size_t at, size_t last)
{
    size_t to = last < s->n ? last + 1 : s->n;
    while (at < to) {
        const char *found = memchr(s->bytes + at, '"', to - at);
        if (!found) {
            return s->n;
        }
        size_t quote = (size_t)(found - s->bytes);
        if (quote + 1 >= s->n || s->bytes[quote + 1] != '"') {
            return quote;
        }
        at = quote + 2;
    }
    return s->n;
}

enum extent { WHOLE, BROKEN, NEEDS_MORE };

/* Follows the quoted cells of the record at `from`, whose first line ends at `line`. WHOLE: it
 * ends at *ret_end. BROKEN: its quoting is, or it does not end by `last`. */
static enum extent follow(const struct csv_splitter *s, size_t from, size_t line, size_t last,
                          size_t *ret_end)
{
    enum extent at_end = s->is_final || s->n > last ? BROKEN : NEEDS_MORE;
    size_t cell = from, end = line;
    for (;;) {
        const char *found = memchr(s->bytes + cell, '"', end - cell);
        if (!found) {
            *ret_end = end;
            return end > last ? BROKEN : end == s->n && !s->is_final ? NEEDS_MORE : WHOLE;
        }
        size_t quote = (size_t)(found - s->bytes);
        if (quote != cell && s->bytes[quote - 1] != s->dialect.separator) {
            return BROKEN;
        }
        quote = closing_quote(s, quote + 1, last);
        if (quote == s->n) {
            return at_end;
        }
        if (quote + 2 >= s->n && !s->is_final) {
            return NEEDS_MORE;
        }
        if (quote + 1 == s->n || s->bytes[quote + 1] != s->dialect.separator) {
            *ret_end = csv_end_after_quote(&s->dialect, s->bytes, quote + 1, s->n);
            return *ret_end > last ? BROKEN : WHOLE; /* also when nowhere */
        }
        cell = quote + 2;
        if (cell > end) {
            end = csv_find_end(&s->dialect, s->bytes, cell, s->n);
        }
    }
}

/* The start of the record after the one at `from`; false when that takes more bytes to know. */
static bool find_next(const struct csv_splitter *s, size_t from, size_t *ret)
{
    size_t line = csv_find_end(&s->dialect, s->bytes, from, s->n);
    if (line == s->n && !s->is_final) {
        return false;
    }
    size_t end = line;
    if (line - from <= LIMIT_ROW_BYTES) {
        enum extent extent = follow(s, from, line, from + LIMIT_ROW_BYTES, &end);
        if (extent == NEEDS_MORE) {
            return false;
        }
        end = extent == WHOLE ? end : line;
    }
    *ret = end < s->n ? end + 1 : s->n;
    return true;
}

/* Start of the first record that does not wholly lie in the bytes held. */
static size_t find_cut(const struct csv_splitter *s)
{
    size_t at = 0;
    while (at < s->n) {
        const char *quote = memchr(s->bytes + at, '"', s->n - at);
        if (!quote) {
            return s->is_final ? s->n : csv_last_start(&s->dialect, s->bytes, at, s->n);
        }
        at = csv_last_start(&s->dialect, s->bytes, at, (size_t)(quote - s->bytes));
        at = csv_skip_regular(&s->dialect, s->bytes, at, s->n);
        if (at < s->n && !find_next(s, at, &at)) {
            return at;
        }
    }
    return at;
}

/* Hands out bytes[0, cut) and keeps the rest in memory of its own. */
static rv_status give(struct csv_splitter *s, size_t cut, size_t lines, struct csv_block *ret,
                      struct rv_err *reterr)
{
    size_t rest = s->n - cut;
    char *kept = NULL;
    size_t capacity = 0;
    if (rest || !s->is_final) {
        capacity = rest > s->block_bytes ? rest : s->block_bytes;
        kept = memory_resize(NULL, capacity, 1);
        if (!kept) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for a block of %zu KB",
                           capacity >> 10);
        }
        memcpy(kept, s->bytes + cut, rest);
    }
    *ret = (struct csv_block){s->bytes, cut, s->line, s->number};
    s->bytes = kept;
    s->n = rest;
    s->capacity = capacity;
    s->line += (int64_t)lines;
    s->number++;
    return rv_ok();
}

/* Reads and drops the rest of a line behind bytes[0, keep), which stay, and counts the physical
 * lines dropped. `before` is the byte that stood last: a CRLF may be cut in two. */
static rv_status drop_line(struct csv_splitter *s, size_t keep, char before, size_t *lines,
                           struct rv_err *reterr)
{
    char end = csv_end_byte(&s->dialect), own = s->bytes[keep - 1];
    s->n = keep;
    while (s->n == keep && !s->is_final) {
        size_t n = 0;
        RV_TRY(source_read(s->source, s->bytes + keep, LIMIT_ROW_BYTES, &n, reterr));
        s->is_final = n == 0;
        s->bytes[keep - 1] = before;
        size_t at = csv_find_end(&s->dialect, s->bytes, keep, keep + n);
        before = s->bytes[keep + n - 1];
        s->bytes[keep - 1] = own;
        size_t dropped = at < keep + n ? at + 1 - keep : n;
        *lines += csv_kernel(0)->count(s->bytes + keep, dropped, end);
        if (at < keep + n) {
            memmove(s->bytes + keep, s->bytes + keep + dropped, n - dropped);
            s->n = keep + n - dropped;
            return rv_ok();
        }
    }
    return rv_ok();
}

/* A line over LIMIT_ROW_BYTES fills all that is held: its first part becomes a block of its own,
 * and the rest of it is read and dropped. */
static rv_status give_long_line(struct csv_splitter *s, struct csv_block *ret,
                                struct rv_err *reterr)
{
    char end = csv_end_byte(&s->dialect), before = s->bytes[s->n - 1];
    size_t keep = LIMIT_ROW_BYTES + 1, lines = csv_kernel(0)->count(s->bytes, s->n, end);
    RV_TRY(reserve(s, keep + 2 + LIMIT_ROW_BYTES, reterr));
    if (s->dialect.line_end == CSV_CRLF) {
        s->bytes[keep++] = '\r';
    }
    s->bytes[keep++] = end;
    RV_TRY(drop_line(s, keep, before, &lines, reterr));
    return give(s, keep, lines, ret, reterr);
}

rv_status csv_splitter_next(struct csv_splitter *s, struct csv_block *ret, struct rv_err *reterr)
{
    size_t wanted = s->block_bytes > LEAST_FILL ? s->block_bytes : LEAST_FILL;
    for (;; wanted *= 2) {
        RV_TRY(fill(s, wanted, reterr));
        if (s->n == 0 && s->is_final) {
            *ret = (struct csv_block){NULL, 0, s->line, s->number};
            return rv_ok();
        }
        size_t cut = find_cut(s);
        if (cut) {
            return give(s, cut, csv_kernel(0)->count(s->bytes, cut, csv_end_byte(&s->dialect)), ret,
                        reterr);
        }
        if (s->n >= MOST_LOOKAHEAD) {
            return give_long_line(s, ret, reterr);
        }
    }
}

/* read/csv_regular.c — crossing records whose quoting is in order, 64 bytes at a time.
 *
 * Within such a stretch the k-th quote of a record opens when k is odd and closes when it is
 * even; a doubled quote closes and opens again at once. So a running exclusive-or of the quote
 * bits tells which bytes are inside quotes, and two comparisons prove that the reading is right:
 * what stands before an opening quote and what follows a closing one. The first word that does
 * not pass ends the stretch; the splitter then follows that record cell by cell.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "read/csv_scan.h"

struct words { /* one bit a byte */
    uint64_t quote[CSV_WINDOW_WORDS], separator[CSV_WINDOW_WORDS], end[CSV_WINDOW_WORDS],
        cr[CSV_WINDOW_WORDS];
};

struct carry {            /* from one word to the next */
    uint64_t inside;      /* all ones inside quotes */
    uint64_t may_open;    /* bit 0: an opening quote may be the next byte */
    uint64_t after_quote; /* bit 0: the byte before was a closing quote */
    uint64_t after_cr;    /* bit 0: the byte before was CR */
    uint64_t wants_lf;    /* bit 0: it was a CR after a closing quote */
};

static uint64_t running_xor(uint64_t x)
{
    for (int shift = 1; shift < 64; shift *= 2) {
        x ^= x << shift;
    }
    return x;
}

/* The line ends outside quotes of one word; false when its quoting is not in order. */
static bool check_word(const struct csv_dialect *dialect, const struct words *w, size_t k,
                       struct carry *carry, uint64_t *ret_ends)
{
    uint64_t quote = w->quote[k], end = w->end[k], cr = w->cr[k];
    uint64_t after_cr = cr << 1 | carry->after_cr;
    if (dialect->line_end == CSV_CRLF) {
        end &= after_cr;
    }
    uint64_t inside = running_xor(quote) ^ carry->inside; /* with the opening quote */
    uint64_t opening = quote & inside, closing = quote & ~inside;
    uint64_t may_open = w->separator[k] | end | closing;
    uint64_t after_quote = closing << 1 | carry->after_quote;
    uint64_t may_follow = w->separator[k] | quote | (dialect->line_end == CSV_CRLF ? 0 : end);
    uint64_t wants_lf = 0, misplaced = opening & ~(may_open << 1 | carry->may_open);
    if (dialect->line_end != CSV_CR) {
        uint64_t cr_after = after_quote & cr;
        may_follow |= cr;
        wants_lf = cr_after >> 63;
        misplaced |= (cr_after << 1 | carry->wants_lf) & ~w->end[k];
    }
    misplaced |= after_quote & ~may_follow;
    *carry = (struct carry){.inside = inside >> 63 ? ~(uint64_t)0 : 0,
                            .may_open = may_open >> 63,
                            .after_quote = closing >> 63,
                            .after_cr = cr >> 63,
                            .wants_lf = wants_lf};
    *ret_ends = end & ~inside;
    return misplaced == 0;
}

static void load(const struct csv_dialect *dialect, const char *bytes, size_t n, struct words *w)
{
    const struct csv_kernel *kernel = csv_kernel(0);
    kernel->match(bytes, n, '"', w->quote);
    kernel->match(bytes, n, dialect->separator, w->separator);
    kernel->match(bytes, n, csv_end_byte(dialect), w->end);
    kernel->match(bytes, n, '\r', w->cr);
}

size_t csv_skip_regular(const struct csv_dialect *dialect, const char *bytes, size_t from,
                        size_t to)
{
    struct carry carry = {.may_open = 1};
    struct words w;
    size_t start = from; /* of the record that is being crossed */
    for (size_t window = from; window < to; window += CSV_WINDOW_BYTES) {
        size_t n = to - window < CSV_WINDOW_BYTES ? to - window : CSV_WINDOW_BYTES;
        load(dialect, bytes + window, n, &w);
        for (size_t k = 0; k * 64 < n; k++) {
            size_t base = window + k * 64;
            uint64_t ends;
            if (!check_word(dialect, &w, k, &carry, &ends) || base + 64 - start > LIMIT_ROW_BYTES) {
                return start;
            }
            if (ends) {
                start = base + 64 - (size_t)__builtin_clzll(ends);
            }
        }
    }
    return start;
}

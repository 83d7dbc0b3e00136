/* base/sort.c — the highest digit that differs first, in place; small parts least digit first.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/sort.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS 8
#define VALUES 256

static unsigned digit_of(struct sort_row row, int digit)
{
    return row.key >> (8 * digit) & 0xff;
}

/* Counts become places; false if all n keys have one value there. */
static bool begin_digit(uint32_t at[VALUES], size_t n)
{
    uint32_t before = 0;
    for (int v = 0; v < VALUES; v++) {
        uint32_t count = at[v];
        if (count == n) {
            return false;
        }
        at[v] = before;
        before += count;
    }
    return true;
}

/* By the digits below `digits`, least first: every round reads and writes what the cache holds. */
static void sort_small(struct sort_row *rows, size_t n, int digits, struct sort_row *spare)
{
    uint32_t at[DIGITS][VALUES] = {0};
    struct sort_row *from = rows, *to = spare;
    for (size_t i = 0; i < n; i++) {
        for (int digit = 0; digit < digits; digit++) {
            at[digit][digit_of(rows[i], digit)]++;
        }
    }
    for (int digit = 0; digit < digits; digit++) {
        if (!begin_digit(at[digit], n)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            to[at[digit][digit_of(from[i], digit)]++] = from[i];
        }
        struct sort_row *was = from;
        from = to;
        to = was;
    }
    if (from != rows) {
        memcpy(rows, from, n * sizeof *rows);
    }
}

/* Each row to the part of its digit, by swaps. at: where each part begins; afterwards where it
 * ends. */
static void swap_apart(struct sort_row *rows, size_t n, int digit, uint32_t at[VALUES])
{
    uint32_t end[VALUES];
    for (int v = 0; v < VALUES; v++) {
        end[v] = v + 1 < VALUES ? at[v + 1] : (uint32_t)n;
    }
    for (unsigned v = 0; v < VALUES; v++) {
        while (at[v] < end[v]) {
            struct sort_row row = rows[at[v]];
            for (unsigned d = digit_of(row, digit); d != v; d = digit_of(row, digit)) {
                struct sort_row other = rows[at[d]];
                rows[at[d]++] = row;
                row = other;
            }
            rows[at[v]++] = row;
        }
    }
}

/* Rows that are alike in the digits from `digits` on. */
static void sort_digits(struct sort_row *rows, size_t n, int digits, struct sort_row *spare)
{
    if (n <= SORT_SPARE) {
        sort_small(rows, n, digits, spare);
        return;
    }
    if (digits == 0) {
        return; /* all are equal */
    }
    uint32_t at[VALUES] = {0};
    int digit = digits - 1;
    for (size_t i = 0; i < n; i++) {
        at[digit_of(rows[i], digit)]++;
    }
    if (!begin_digit(at, n)) {
        sort_digits(rows, n, digit, spare);
        return;
    }
    swap_apart(rows, n, digit, at);
    for (unsigned v = 0, from = 0; v < VALUES; from = at[v++]) {
        sort_digits(rows + from, at[v] - from, digit, spare);
    }
}

void sort_rows(struct sort_row *rows, size_t n, struct sort_row *spare)
{
    sort_digits(rows, n, DIGITS, spare);
}

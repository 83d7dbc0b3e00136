/* base/sort.c — least digit first, a byte at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/sort.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS 8
#define VALUES 256

/* Where each value of each digit begins once sorted. Sums do not depend on the order of rows, so
 * that all digits are counted in one pass. */
struct digits {
    uint32_t at[DIGITS][VALUES];
};

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

void sort_rows(struct sort_row *rows, size_t n, struct sort_row *spare)
{
    struct digits d = {0};
    struct sort_row *from = rows, *to = spare;
    for (size_t i = 0; i < n; i++) {
        for (int digit = 0; digit < DIGITS; digit++) {
            d.at[digit][rows[i].key >> (8 * digit) & 0xff]++;
        }
    }
    for (int digit = 0; digit < DIGITS; digit++) {
        if (!begin_digit(d.at[digit], n)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            to[d.at[digit][from[i].key >> (8 * digit) & 0xff]++] = from[i];
        }
        struct sort_row *was = from;
        from = to;
        to = was;
    }
    if (from != rows) {
        memcpy(rows, from, n * sizeof *rows);
    }
}

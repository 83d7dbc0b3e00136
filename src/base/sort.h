/* base/sort.h — sorts rows by a 64-bit key, digit by digit.
 *
 * For millions of keys a sort by digits needs no comparisons and reads memory in order: it takes
 * the place of qsort where a column is sorted. The order of equal keys is not told.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_SORT_H
#define REEVE_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_row {
    uint64_t key;
    uint32_t row; /* whatever goes with the key */
};

enum { SORT_SPARE = 32768 }; /* rows: 512 kB, what a second-level cache holds */

/* n < 2^32. Ascending by key, in place; `spare` has room for SORT_SPARE rows and holds nothing of
 * use afterwards. More rows than that are first swapped apart by their highest digit, until each
 * part fits. Digits that all keys share are skipped, so that small numbers take fewer rounds.
 * Checked: tests/base/test_sort.c, against qsort. Cost: one round a byte that differs, up to 8. */
void sort_rows(struct sort_row *rows, size_t n, struct sort_row *spare);

#endif

/* tests/base/test_sort.c — rows sorted by their key, against qsort.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "base/sort.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define MOST (5 * SORT_SPARE / 2) /* two rounds of swapping apart where few bits differ */

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

/* By key, then by row: the rows of equal keys come in any order. */
static int by_key_and_row(const void *x, const void *y)
{
    const struct sort_row *a = x, *b = y;
    return a->key != b->key ? (a->key > b->key) - (a->key < b->key)
                            : (a->row > b->row) - (a->row < b->row);
}

static void check_sorted(size_t n, uint64_t mask, uint64_t *state)
{
    struct sort_row *rows = memory_new(n + SORT_SPARE, sizeof *rows);
    struct sort_row *wanted = memory_new(n + 1, sizeof *wanted);
    assert_non_null(rows);
    assert_non_null(wanted);
    for (size_t i = 0; i < n; i++) {
        rows[i] = wanted[i] = (struct sort_row){next(state) & mask, (uint32_t)i};
    }
    qsort(wanted, n, sizeof *wanted, by_key_and_row);
    sort_rows(rows, n, rows + n);
    for (size_t i = 1; i < n; i++) {
        assert_true(rows[i - 1].key <= rows[i].key);
    }
    qsort(rows, n, sizeof *rows, by_key_and_row); /* the same rows, each once */
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i].key == wanted[i].key && rows[i].row == wanted[i].row);
    }
    memory_free(rows);
    memory_free(wanted);
}

/* Whole keys, keys that differ in one byte, in bytes far apart, in one bit, and not at all. */
static void rows_are_in_the_order_of_qsort(void **state)
{
    (void)state;
    static const uint64_t masks[] = {UINT64_MAX,         0xff,        0xff00000000000000,
                                     0xf0000000000000ff, 1ULL << 63,  0xffffffff,
                                     0x0001000100010001, 0x700000000, 0};
    static const size_t sizes[] = {0, 1, 2, 3, 255, 256, 257, SORT_SPARE, SORT_SPARE + 1, MOST};
    uint64_t random = 88172645463325252ULL;
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            check_sorted(sizes[k], masks[m], &random);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_in_the_order_of_qsort)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

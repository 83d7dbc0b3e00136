/* tests/stats/numbers.h — a cell of numbers separated by spaces, and name-value tables.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_NUMBERS_H
#define REEVE_TESTS_NUMBERS_H

#include "table.h"

/* Reads the numbers of a cell into out[most]; returns how many. */
static inline size_t numbers_read(const char *cell, double *out, size_t most)
{
    size_t n = 0;
    for (char *next; *cell; cell = next) {
        assert_true(n < most);
        out[n++] = strtod(cell, &next);
        assert_true(next != cell);
    }
    return n;
}

/* The value of the row with this name in a table of columns name, value. */
static inline double numbers_named(const struct table *t, const char *name)
{
    for (size_t row = 0; row < t->rows; row++) {
        if (strcmp(table_cell(t, row, "name"), name) == 0) {
            return table_real(t, row, "value");
        }
    }
    fail_msg("no value %s", name);
    return 0;
}

static inline double numbers_nth(const struct table *t, const char *prefix, int i)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%s%d", prefix, i);
    return numbers_named(t, name);
}

#endif

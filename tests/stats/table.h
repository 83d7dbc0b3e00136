/* tests/stats/table.h — reference tables: plain CSV without quotes, '#' lines skipped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_TABLE_H
#define REEVE_TESTS_TABLE_H

#include "check.h"

#define TABLE_COLUMNS 40
#define TABLE_ROWS    2048

struct table {
    char *bytes;
    char *header[TABLE_COLUMNS];
    char *(*cells)[TABLE_COLUMNS]; /* TABLE_ROWS rows */
    size_t columns, rows;
};

static inline size_t table_split(char *line, char **cells)
{
    size_t n = 0;
    for (char *cell = line; cell; n++) {
        assert_true(n < TABLE_COLUMNS);
        cells[n] = cell;
        cell = strchr(cell, ',');
        if (cell) {
            *cell++ = '\0';
        }
    }
    return n;
}

static inline void table_read(struct table *t, const char *path)
{
    memset(t, 0, sizeof *t);
    FILE *in = fopen(path, "rb");
    if (!in) {
        fail_msg("cannot open %s", path);
        return;
    }
    size_t capacity = 1 << 20;
    t->bytes = calloc(capacity, 1);
    t->cells = calloc(TABLE_ROWS, sizeof *t->cells);
    assert_non_null(t->bytes);
    assert_non_null(t->cells);
    assert_true(fread(t->bytes, 1, capacity - 1, in) < capacity - 1);
    assert_int_equal(fclose(in), 0);
    char *rest = t->bytes;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        line[strcspn(line, "\r")] = '\0';
        if (line[0] == '#' || line[0] == '\0') {
            continue;
        }
        if (t->columns == 0) {
            t->columns = table_split(line, t->header);
            continue;
        }
        assert_true(t->rows < TABLE_ROWS);
        assert_int_equal(table_split(line, t->cells[t->rows]), t->columns);
        t->rows++;
    }
    assert_true(t->rows > 0);
}

/* The table of tests/ref, or with is_shared the one it was typed from (skips when absent). */
static inline void table_open(struct table *t, const char *ref, const char *shared)
{
    if (shared) {
        table_read(t, shared_or_skip(shared));
        return;
    }
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/tests/ref/%s", TEST_SOURCE_DIR, ref);
    table_read(t, path);
}

static inline void table_done(struct table *t)
{
    free(t->bytes);
    free((void *)t->cells);
}

static inline const char *table_cell(const struct table *t, size_t row, const char *column)
{
    for (size_t c = 0; c < t->columns; c++) {
        if (strcmp(t->header[c], column) == 0) {
            return t->cells[row][c];
        }
    }
    fail_msg("no column %s", column);
    return "";
}

static inline bool table_has(const struct table *t, size_t row, const char *column)
{
    const char *cell = table_cell(t, row, column);
    return cell[0] != '\0' && strcmp(cell, "Inf") != 0;
}

static inline double table_real(const struct table *t, size_t row, const char *column)
{
    return strtod(table_cell(t, row, column), NULL);
}

static inline int64_t table_int(const struct table *t, size_t row, const char *column)
{
    return strtoll(table_cell(t, row, column), NULL, 10);
}

/* The largest relative error seen so far against a want that is not 0 (absolute against 0). */
static inline void table_worst(double *worst, double got, double want)
{
    double error = fabs(got - want) / (want == 0 ? 1 : fabs(want));
    if (error > *worst) {
        *worst = error;
    }
}

/* What was measured against the reference, for tools/method_errors.py, which makes the table of
 * docs/methods/README.md of these lines. kind: relative, absolute, exact. */
static inline void measured(const char *card, const char *what, size_t rows, const char *kind,
                            double worst)
{
    print_message("measured: %s; %s; %zu; %s; %.17g\n", card, what, rows, kind, worst);
}

#define CHECK_REF(got, want, tolerance, worst)                                                     \
    do {                                                                                           \
        double ref_got_ = (got), ref_want_ = (want);                                               \
        CHECK_NEAR(ref_got_, ref_want_, tolerance);                                                \
        table_worst((worst), ref_got_, ref_want_);                                                 \
    } while (0)

#endif

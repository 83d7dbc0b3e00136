/* report/cells.c — reading a result table: labels, numbers, what is missing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"
#include "report/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct result_cell *table_cell(const struct result_table *t, size_t row, size_t column)
{
    return &t->cells[row * t->column_count + column];
}

bool table_has(const struct result_table *t, size_t row, size_t column)
{
    if (column >= t->column_count || t->columns[column].type == RESULT_TEXT) {
        return false;
    }
    const struct result_cell *c = table_cell(t, row, column);
    return !c->is_missing && isfinite(c->number);
}

double table_value(const struct result_table *t, size_t row, size_t column)
{
    return table_cell(t, row, column)->number;
}

struct text table_label(const struct result_table *t, size_t row, size_t column)
{
    const char *text = table_cell(t, row, column)->text;
    return text && text[0] ? text_of(text) : text_of("not recorded");
}

void table_number(struct buf *b, const struct result_table *t, size_t row, size_t column)
{
    if (!table_has(t, row, column)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    double number = table_cell(t, row, column)->number;
    switch (t->columns[column].type) {
    case RESULT_COUNT:
        format_count(b, number);
        return;
    case RESULT_RATE:
        format_rate(b, number);
        return;
    case RESULT_PERCENT:
        format_percent(b, number, 1, FORMAT_PLAIN);
        return;
    case RESULT_REAL:
        format_real(b, number);
        return;
    case RESULT_MONTH:
        format_month(b, (int32_t)number);
        return;
    case RESULT_RANK:
        format_ordinal(b, (int64_t)llround(number), false);
        return;
    case RESULT_TEXT:
        return;
    }
}

bool table_is_focus(const struct result_table *t, size_t row)
{
    if (!t->focus) {
        return false;
    }
    for (size_t c = 0; c < t->column_count && c < 2; c++) {
        const char *text = table_cell(t, row, c)->text;
        if (t->columns[c].type == RESULT_TEXT && text && strcmp(text, t->focus) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- order ---- */

struct sort_key {
    double value; /* -inf when missing */
    size_t row;
};

static int by_value(const void *a, const void *b)
{
    const struct sort_key *p = a, *q = b;
    if (p->value != q->value) {
        return p->value > q->value ? -1 : 1;
    }
    return (p->row > q->row) - (p->row < q->row);
}

rv_status result_table_sort(struct arena *a, const struct result_table *t, size_t column,
                            struct result_table *ret, struct rv_err *reterr)
{
    struct result_cell *cells =
        ARENA_NEW(a, struct result_cell, t->row_count * t->column_count + 1);
    struct sort_key *keys = ARENA_NEW(a, struct sort_key, t->row_count + 1);
    if (!cells || !keys) {
        return arena_fail(a, reterr);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        bool has = table_has(t, r, column);
        keys[r] = (struct sort_key){has ? table_value(t, r, column) : -(double)INFINITY, r};
    }
    qsort(keys, t->row_count, sizeof *keys, by_value);
    for (size_t r = 0; r < t->row_count; r++) {
        memcpy(&cells[r * t->column_count], table_cell(t, keys[r].row, 0),
               t->column_count * sizeof *cells);
    }
    *ret = *t;
    ret->cells = cells;
    return rv_ok();
}

struct text table_interval_name(const struct result_table *t, size_t column)
{
    struct text name = text_of(t->columns[column].title);
    static const char *const endings[] = {", lower", " lower", " (lower)"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (text_ends(name, endings[i])) {
            return (struct text){name.at, name.n - strlen(endings[i])};
        }
    }
    return name;
}

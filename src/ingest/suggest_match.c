/* ingest/suggest_match.c — the assignment problem by shortest augmenting paths.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_match.h"

#include <math.h>

/* Costs are the negative weights. Columns past the real ones stand for "no column": one for each
 * row, at cost 0. Index 0 of the arrays is the row or column that is being placed. */
struct matching {
    const double *weight;
    size_t rows, columns, wide; /* wide = columns + rows */
    double *row_price, *column_price, *least;
    size_t *row_of, *before;
    bool *is_done;
};

static double cost(const struct matching *m, size_t row, size_t column)
{
    if (column > m->columns) {
        return 0;
    }
    double w = m->weight[(row - 1) * m->columns + column - 1];
    return w > 0 ? -w : 1; /* 1: dearer than no column */
}

/* One step of the search: the cheapest column not yet reached, and the prices that follow. */
static size_t advance(struct matching *m, size_t at)
{
    size_t next = 0;
    double step = INFINITY;
    size_t row = m->row_of[at];
    m->is_done[at] = true;
    for (size_t c = 1; c <= m->wide; c++) {
        if (m->is_done[c]) {
            continue;
        }
        double reduced = cost(m, row, c) - m->row_price[row] - m->column_price[c];
        if (reduced < m->least[c]) {
            m->least[c] = reduced;
            m->before[c] = at;
        }
        if (m->least[c] < step) {
            step = m->least[c];
            next = c;
        }
    }
    for (size_t c = 0; c <= m->wide; c++) {
        if (m->is_done[c]) {
            m->row_price[m->row_of[c]] += step;
            m->column_price[c] -= step;
        } else {
            m->least[c] -= step;
        }
    }
    return next;
}

static void place(struct matching *m, size_t row)
{
    m->row_of[0] = row;
    for (size_t c = 0; c <= m->wide; c++) {
        m->least[c] = INFINITY;
        m->is_done[c] = false;
    }
    size_t at = 0;
    do {
        at = advance(m, at);
    } while (m->row_of[at] != 0);
    while (at != 0) {
        m->row_of[at] = m->row_of[m->before[at]];
        at = m->before[at];
    }
}

rv_status match_best(struct arena *a, const double *weight, size_t rows, size_t columns,
                     size_t *ret, struct rv_err *reterr)
{
    struct matching m = {
        .weight = weight, .rows = rows, .columns = columns, .wide = rows + columns};
    m.row_price = ARENA_NEW(a, double, rows + 1);
    m.column_price = ARENA_NEW(a, double, m.wide + 1);
    m.least = ARENA_NEW(a, double, m.wide + 1);
    m.row_of = ARENA_NEW(a, size_t, m.wide + 1);
    m.before = ARENA_NEW(a, size_t, m.wide + 1);
    m.is_done = ARENA_NEW(a, bool, m.wide + 1);
    if (!m.row_price || !m.column_price || !m.least || !m.row_of || !m.before || !m.is_done) {
        return arena_fail(a, reterr);
    }
    for (size_t row = 1; row <= rows; row++) {
        place(&m, row);
    }
    for (size_t row = 0; row < rows; row++) {
        ret[row] = MATCH_NONE;
    }
    for (size_t c = 1; c <= columns; c++) {
        if (m.row_of[c] && weight[(m.row_of[c] - 1) * columns + c - 1] > 0) {
            ret[m.row_of[c] - 1] = c - 1;
        }
    }
    return rv_ok();
}

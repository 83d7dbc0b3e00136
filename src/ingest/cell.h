/* ingest/cell.h — what the readers of one column share.
 *
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_CELL_H
#define REEVE_INGEST_CELL_H

#include "ingest/block.h"

struct cell_reading { /* one plan column over some records of a block */
    struct worker *w;
    struct block *b;
    const struct plan_column *c;
    size_t column;       /* plan column */
    size_t cell;         /* header index */
    size_t stride, slot; /* row of the typed arrays = record * stride + slot */
    uint32_t first, end; /* records to read */
};

static inline size_t typed_row(const struct cell_reading *r, uint32_t row)
{
    return (size_t)row * r->stride + r->slot;
}

/* An empty cell of a column that every row must fill. Cells of a wide table may be empty: the
 * count is then unknown, not zero. */
static inline void cell_missing(const struct cell_reading *r, uint32_t row)
{
    bool is_made = r->column == r->w->plan->made;
    bool is_count = r->c->from == PLAN_VALUE && !r->c->kc->is_code;
    if (r->c->kc->need == NEED_VALUE && !is_made && !is_count) {
        block_fault(r->b, row, ROW_MISSING, r->cell);
    }
}

void cell_read_times(const struct cell_reading *r);   /* cell_time.c */
void cell_read_periods(const struct cell_reading *r); /* labels: cell_time.c */

#endif

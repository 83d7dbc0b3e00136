/* ingest/grid.c — longitude and latitude to British National Grid, each distinct point once.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/block.h"

rv_status block_grid(struct worker *w, struct block *b, struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    const struct typed *x = &b->typed[p->longitude], *y = &b->typed[p->latitude];
    struct typed *e = &b->typed[p->easting], *n = &b->typed[p->northing];
    RV_TRY(progress_check(w->progress, reterr));
    uint8_t *inside = ARENA_NEW(&w->arena, uint8_t, b->count + 1);
    if (!inside) {
        return arena_fail(&w->arena, reterr);
    }
    /* Rows without a point have 0, 0, which is outside. */
    project_many(w->projector, b->count, x->reals, y->reals, e->integers, n->integers, inside);
    for (uint32_t row = 0; row < b->count; row++) {
        if (b->faults[row] != ROW_FINE) {
            continue;
        }
        bool has_x = bit_of(x->valid, row), has_y = bit_of(y->valid, row);
        if (has_x != has_y) {
            size_t there = has_x ? p->longitude : p->latitude;
            block_fault(b, row, ROW_HALF_POINT, p->columns[there].cell);
            continue;
        }
        if (!has_x) {
            continue;
        }
        if (!inside[row]) {
            block_fault(b, row, ROW_OUTSIDE, p->columns[p->longitude].cell);
            continue;
        }
        bit_set(e->valid, row);
        bit_set(n->valid, row);
    }
    return rv_ok();
}

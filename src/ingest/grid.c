/* ingest/grid.c — longitude and latitude to British National Grid, each distinct point once.
 *
 * The memo only saves work: what it answers is what the projector would answer, so results do not
 * depend on what it holds. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "ingest/block.h"

#include <math.h>

#define MEMO_SLOTS ((size_t)1 << 16)

struct grid_point {
    double longitude, latitude;
    int64_t easting, northing; /* millimetres */
    bool is_used, is_inside;
};

struct grid_memo {
    struct grid_point slots[MEMO_SLOTS];
};

struct grid_memo *grid_memo_new(void)
{
    return memory_new(1, sizeof(struct grid_memo));
}

void grid_memo_free(struct grid_memo *m)
{
    memory_free(m);
}

static size_t slot_of(double longitude, double latitude)
{
    uint64_t a, b;
    memcpy(&a, &longitude, sizeof a);
    memcpy(&b, &latitude, sizeof b);
    uint64_t mixed = (a ^ (b * 0x9E3779B97F4A7C15u)) * 0xD6E8FEB86659FD93u;
    return (size_t)(mixed >> 40) & (MEMO_SLOTS - 1);
}

/* The point, from the memo or projected now (the newer point takes the slot). */
static const struct grid_point *project(struct worker *w, double longitude, double latitude)
{
    struct grid_point *s = &w->memo->slots[slot_of(longitude, latitude)];
    bool is_same = s->is_used && s->longitude <= longitude && s->longitude >= longitude &&
                   s->latitude <= latitude && s->latitude >= latitude;
    if (!is_same) {
        double easting, northing;
        *s = (struct grid_point){longitude, latitude, 0, 0, true, false};
        s->is_inside = project_to_grid(w->projector, longitude, latitude, &easting, &northing);
        if (s->is_inside) {
            s->easting = (int64_t)llround(easting * 1000);
            s->northing = (int64_t)llround(northing * 1000);
        }
    }
    return s;
}

rv_status block_grid(struct worker *w, struct block *b, struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    const struct typed *x = &b->typed[p->longitude], *y = &b->typed[p->latitude];
    struct typed *e = &b->typed[p->easting], *n = &b->typed[p->northing];
    RV_TRY(progress_check(w->progress, reterr));
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
        const struct grid_point *s = project(w, x->reals[row], y->reals[row]);
        if (!s->is_inside) {
            block_fault(b, row, ROW_OUTSIDE, p->columns[p->longitude].cell);
            continue;
        }
        e->integers[row] = s->easting;
        n->integers[row] = s->northing;
        bit_set(e->valid, row);
        bit_set(n->valid, row);
    }
    return rv_ok();
}

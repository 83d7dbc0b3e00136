/* assess/areas_funnel.c — the wards of the borough by their residents, in a funnel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/areas_internal.h"

#include <string.h>

/* Wards whose spread the limits are of: all that are ranked, or the borough's own. */
static uint64_t *pool_of(const struct local *k)
{
    size_t words = k->layer->count / 64 + 1;
    uint64_t *pool = ARENA_NEW(k->lens.work->held.arena, uint64_t, words);
    if (pool && k->is_ranked) {
        memcpy(pool, k->able, (k->layer->count + 63) / 64 * sizeof *pool);
    }
    for (size_t i = 0; pool && !k->is_ranked && i < k->mine_count; i++) {
        pool[k->mine[i] / 64] |= (uint64_t)1 << (k->mine[i] % 64);
    }
    return pool;
}

rv_status areas_funnel(struct local *k, struct rv_err *reterr)
{
    struct arena *a = k->lens.work->held.arena;
    uint32_t n = k->layer->count;
    uint64_t *pool = pool_of(k);
    double *counts = ARENA_NEW(a, double, n), *years = ARENA_NEW(a, double, n);
    const char **names = ARENA_NEW(a, const char *, n);
    if (!pool || !counts || !years || !names) {
        return arena_fail(a, reterr);
    }
    size_t known = 0;
    for (uint32_t i = 0; i < n; i++) {
        double size = areas_years(k, i);
        bool is_in = size > 0 && ((pool[i / 64] >> (i % 64)) & 1);
        pool[i / 64] &= is_in ? ~(uint64_t)0 : ~((uint64_t)1 << (i % 64));
        counts[i] = (double)k->counts[0][i];
        years[i] = is_in ? size : 0;
        names[i] = k->layer->areas[i].name;
        known += is_in;
    }
    const struct funnel_asked q = {
        .id = "funnel-wards",
        .label = "Ward",
        .things = "wards",
        .shown_as = arena_printf(a, "wards of %s", k->lens.work->area_name),
        .whole =
            arena_printf(a, k->is_ranked ? "%zu wards of all boroughs" : "these %zu wards", known),
        .n = n,
        .counts = counts,
        .years = years,
        .valid = pool,
        .names = names,
        .shown = k->mine,
        .shown_count = k->mine_count};
    return q.whole && q.shown_as ? funnel_table(&k->lens, &q, reterr) : arena_fail(a, reterr);
}

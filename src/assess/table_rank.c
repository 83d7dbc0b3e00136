/* assess/table_rank.c — places among the areas of a level, for each combination of the other
 * dimensions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_internal.h"
#include "stats/interval.h"
#include "stats/rank.h"

#include <math.h>
#include <string.h>

#define TABLE_PAIRS_LIMIT 1000000 /* pairs tested for simultaneous sets of ranks */

static const double NOT_KNOWN = (double)NAN;

rv_status areas_that_rank(struct held *h, const struct layer *layer, uint64_t **ret,
                          struct rv_err *reterr)
{
    uint64_t *bits = ARENA_NEW(h->arena, uint64_t, layer->count / 64 + 1);
    if (!bits) {
        return arena_fail(h->arena, reterr);
    }
    const struct layer *boroughs = layer;
    const uint32_t *parents = NULL;
    if (strcmp(layer->type, "borough") != 0) {
        boroughs = layer_choose(h->layers, h->layer_count, "borough", NULL, INT32_MAX / 2);
    }
    if (boroughs) {
        RV_TRY(held_parents_of(h, layer, boroughs, &parents, reterr));
    }
    uint32_t city = boroughs ? layer_find(boroughs, text_of(CITY_OF_LONDON)) : 0;
    for (uint32_t i = 0; i < layer->count; i++) {
        if (!parents || city == 0 || parents[i] != city) {
            bits[i / 64] |= (uint64_t)1 << (i % 64);
        }
    }
    *ret = bits;
    return rv_ok();
}

/* Events of an area in the combination of the dimensions that are not areas, wherever the other
 * areas of the row lie and whether inside the area asked for or not. */
static int64_t area_sum(const struct table_plan *p, uint32_t *codes, size_t k)
{
    while (k < p->axis_count &&
           (k == p->finest || p->cube.strides[k] == 0 ||
            !(p->axes[k].kind == AXIS_AREA || p->axes[k].kind == AXIS_WITHIN))) {
        k++;
    }
    if (k >= p->axis_count) {
        return cube_at(&p->cube, codes);
    }
    int64_t sum = 0;
    uint32_t before = codes[k];
    for (uint32_t c = 0; c < p->axes[k].size; c++) {
        codes[k] = c;
        sum += area_sum(p, codes, k + 1);
    }
    codes[k] = before;
    return sum;
}

struct ranking { /* the ranks of all areas for one combination of the other dimensions */
    uint64_t key;
    bool is_made;
    struct rank *ranks; /* [areas] */
};

static uint64_t ranking_key(const struct table_plan *p, const uint32_t *codes)
{
    uint64_t key = 0;
    for (size_t k = 0; k < p->axis_count; k++) {
        bool is_area = p->axes[k].kind == AXIS_AREA || p->axes[k].kind == AXIS_WITHIN;
        key += is_area ? 0 : codes[k] * p->cube.strides[k];
    }
    return key + 1;
}

static rv_status make_ranking(struct table_plan *p, const struct row *row, const uint64_t *able,
                              bool has_sets, struct ranking *g, struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    uint32_t n = p->axes[p->finest].layer->count;
    int64_t *counts = ARENA_NEW(a, int64_t, n);
    double *exposures = ARENA_NEW(a, double, n), *values = ARENA_NEW(a, double, n);
    uint64_t *valid = ARENA_NEW(a, uint64_t, n / 64 + 1);
    g->ranks = ARENA_NEW(a, struct rank, n);
    if (!counts || !exposures || !values || !valid || !g->ranks) {
        return arena_fail(a, reterr);
    }
    struct row at = *row;
    for (uint32_t i = 0; i < n; i++) {
        at.codes[p->finest] = i + 1;
        double years;
        counts[i] = cube_events(&p->cube, area_sum(p, at.codes, 0));
        exposures[i] = p->is_ranked_by_rate ? table_exposure(p, at.codes, &years) : 1;
        bool ranks = ((able[i / 64] >> (i % 64)) & 1) && p->allowed[i + 1] &&
                     table_row_is_available(p, &at) && exposures[i] > 0;
        exposures[i] = ranks ? exposures[i] : 1;
        values[i] = (double)counts[i] / exposures[i];
        valid[i / 64] |= (uint64_t)ranks << (i % 64);
    }
    if (has_sets) {
        return rank_simultaneous(a, counts, p->is_ranked_by_rate ? exposures : NULL, valid, n,
                                 STATS_LEVEL, RANK_MOST_FIRST, g->ranks, reterr);
    }
    return rank_competition(a, values, valid, n, RANK_MOST_FIRST, g->ranks, reterr);
}

/* why: what is said when there is no rank. */
static void put_rank(const struct rank *r, bool has_sets, const char *why, struct result_cell *n)
{
    bool is_ranked = r && r->is_available;
    table_put(&n[N_RANK], is_ranked ? (double)r->rank : NOT_KNOWN);
    table_put(&n[N_OF], is_ranked ? (double)r->of : NOT_KNOWN);
    table_put(&n[N_LOW], is_ranked && has_sets ? (double)r->low : NOT_KNOWN);
    table_put(&n[N_HIGH], is_ranked && has_sets ? (double)r->high : NOT_KNOWN);
    n[N_RANK].text = n[N_OF].text = is_ranked ? NULL : why;
    n[N_LOW].text = n[N_HIGH].text = is_ranked && has_sets ? NULL
                                     : is_ranked ? "too many areas to compare pair by pair"
                                                 : why;
}

rv_status table_ranks(struct rows *r, struct rv_err *reterr)
{
    struct table_plan *p = r->p;
    bool has_areas = p->finest != SIZE_MAX;
    if (!has_areas || p->options->without_ranks) {
        const char *why = has_areas ? "not asked for" : "only areas have ranks";
        for (size_t i = 0; i < r->count; i++) {
            put_rank(NULL, false, why, &r->cells[i * r->column_count + p->shown]);
        }
        return rv_ok();
    }
    uint64_t *able = NULL;
    RV_TRY(areas_that_rank(&p->held, p->axes[p->finest].layer, &able, reterr));
    size_t slots = 1024, made = 0;
    while (slots < r->count * 2) {
        slots *= 2;
    }
    struct ranking *rankings = ARENA_NEW(p->held.arena, struct ranking, slots);
    if (!rankings) {
        return arena_fail(p->held.arena, reterr);
    }
    size_t n = p->axes[p->finest].layer->count;
    for (size_t i = 0; i < r->count; i++) {
        uint64_t key = ranking_key(p, r->rows[i].codes);
        size_t at = (size_t)(key * 0x9e3779b97f4a7c15u) & (slots - 1);
        while (rankings[at].is_made && rankings[at].key != key) {
            at = (at + 1) & (slots - 1);
        }
        bool has_sets = n * n <= TABLE_PAIRS_LIMIT;
        if (!rankings[at].is_made) {
            RV_TRY(progress_check(p->held.progress, reterr));
            rankings[at] = (struct ranking){.key = key, .is_made = true};
            RV_TRY(make_ranking(p, &r->rows[i], able, has_sets && made * n * n < 4000000,
                                &rankings[at], reterr));
            made++;
        }
        uint32_t area = r->rows[i].codes[p->finest];
        const struct rank *rank =
            area && r->rows[i].is_available ? &rankings[at].ranks[area - 1] : NULL;
        const char *why = !r->rows[i].is_available ? "not-available" : "takes no place";
        put_rank(rank, rank && rank->low > 0, why, &r->cells[i * r->column_count + p->shown]);
    }
    return rv_ok();
}

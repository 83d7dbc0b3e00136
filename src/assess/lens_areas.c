/* assess/lens_areas.c — wards, LSOAs and localities of the borough: counted, and ranked among all
 * of London's. What is said of them: areas_say.c. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/areas_internal.h"
#include "assess/table_internal.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static rv_status build_cube(struct local *k, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    struct month_range *period = ARENA_NEW(w->held.arena, struct month_range, 1);
    if (!period) {
        return arena_fail(w->held.arena, reterr);
    }
    *period = w->options->period;
    k->axes[0] =
        (struct cube_axis){.kind = AXIS_VALUE, .name = k->lens.dimension, .column = k->lens.column};
    if (k->lens.profile) { /* no groups: all of the profile */
        k->axes[0] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    }
    k->axes[1] = (struct cube_axis){.kind = AXIS_AREA, .name = k->type, .layer = k->layer};
    k->axis_count = 2;
    bool is_ward = strcmp(k->type, "ward") == 0;
    enum lens_cube which = is_ward                        ? LENS_WARDS
                           : strcmp(k->type, "lsoa") == 0 ? LENS_LSOAS
                                                          : LENS_LOCALITIES;
    if (!is_ward) { /* only wards are ranked: what lies outside is not needed */
        k->axes[k->axis_count++] = lens_inside(w);
    }
    struct cube_query query = {
        .source = k->lens.source, .axes = k->axes, .axis_count = k->axis_count, .period = *period};
    rv_status status = lens_cube(&k->lens, which, &query, &k->cube, &k->refusal);
    k->is_refused = status.code == RV_REFUSED;
    if (rv_is_ok(status) || k->is_refused) {
        return rv_ok();
    }
    return rv_fail(reterr, status.code, "%s", k->refusal.message);
}

/* Category codes differ between cubes: the axis of this cube by the slug of the subject. */
static rv_status find_subjects(struct local *k, struct rv_err *reterr)
{
    struct arena *a = k->lens.work->held.arena;
    k->lens.axes[0] = k->axes[0];
    k->lens.categories = k->axes[0].size;
    k->lens.subjects = ARENA_NEW(a, const char *, k->axes[0].size);
    k->lens.slugs = ARENA_NEW(a, const char *, k->axes[0].size);
    k->subjects = ARENA_NEW(a, uint32_t, k->axes[0].size);
    if (!k->lens.subjects || !k->lens.slugs || !k->subjects) {
        return arena_fail(a, reterr);
    }
    k->lens.subjects[0] = k->lens.profile      ? k->lens.profile->subject
                          : k->lens.is_records ? "all offences on record"
                                               : "all published offences";
    k->lens.slugs[0] = "all";
    k->subject_count = 1;
    for (uint32_t c = 1; c < k->axes[0].size; c++) {
        k->lens.subjects[c] = compose_subject(a, k->axes[0].labels[c]);
        k->lens.slugs[c] = compose_slug(a, k->axes[0].labels[c]);
        if (!k->lens.subjects[c] || !k->lens.slugs[c]) {
            return arena_fail(a, reterr);
        }
        if (is_serious_category(k->lens.slugs[c])) {
            k->subjects[k->subject_count++] = c;
        }
    }
    return rv_ok();
}

static rv_status count_subjects(struct local *k, struct rv_err *reterr)
{
    struct arena *a = k->lens.work->held.arena;
    k->counts = ARENA_NEW(a, int64_t *, k->subject_count);
    k->ranks = ARENA_NEW(a, struct rank *, k->subject_count);
    if (!k->counts || !k->ranks) {
        return arena_fail(a, reterr);
    }
    for (size_t s = 0; s < k->subject_count; s++) {
        k->counts[s] = ARENA_NEW(a, int64_t, k->layer->count);
        if (!k->counts[s]) {
            return arena_fail(a, reterr);
        }
        for (uint32_t i = 0; i < k->layer->count; i++) {
            uint32_t first = s ? k->subjects[s] : 0;
            uint32_t last = s ? k->subjects[s] : k->axes[0].size - 1;
            int64_t sum = 0;
            for (uint32_t c = first; c <= last; c++) {
                uint32_t codes[LENS_AXES] = {c, i + 1, 0};
                sum += cube_at(&k->cube, codes);
            }
            k->counts[s][i] = cube_events(&k->cube, sum);
        }
    }
    return rv_ok();
}

static bool is_able(const struct local *k, uint32_t i)
{
    return (k->able[i / 64] >> (i % 64)) & 1;
}

static bool is_seen(const struct local *k, uint32_t i)
{
    return !k->cube.seen || k->cube.seen[i + 1];
}

/* Ranks among all of London's need every borough covered; wards of which the publisher has
 * nothing at all take no place. */
static rv_status decide_ranks(struct local *k, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    RV_TRY(areas_that_rank(&w->held, k->layer, &k->able, reterr));
    k->no_rank = k->lens.no_rank;
    k->is_ranked = strcmp(k->type, "ward") == 0 && k->lens.covers_all_boroughs;
    if (k->lens.is_records || strcmp(k->type, "ward") != 0) {
        return rv_ok();
    }
    size_t all = 0, seen = 0;
    for (uint32_t i = 0; i < k->layer->count; i++) {
        all += is_able(k, i) ? 1 : 0;
        seen += is_able(k, i) && is_seen(k, i) ? 1 : 0;
        if (!is_seen(k, i)) {
            k->able[i / 64] &= ~((uint64_t)1 << (i % 64));
        }
    }
    k->is_ranked = seen == all && all > 1;
    k->no_rank = k->is_ranked
                     ? ""
                     : arena_printf(w->held.arena, "counts of only %zu of the %zu wards are held",
                                    seen, all);
    return k->no_rank ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status rank_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    struct local *k = context;
    (void)worker;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    RV_TRY(progress_check(k->lens.work->held.progress, reterr));
    return rank_simultaneous(&scratch, k->counts[piece], NULL, k->able, k->layer->count,
                             STATS_LEVEL, RANK_MOST_FIRST, k->ranks[piece], reterr);
}

static rv_status rank_subjects(struct local *k, struct rv_err *reterr)
{
    struct arena *a = k->lens.work->held.arena;
    for (size_t s = 0; k->is_ranked && s < k->subject_count; s++) {
        k->ranks[s] = ARENA_NEW(a, struct rank, k->layer->count);
        if (!k->ranks[s]) {
            return arena_fail(a, reterr);
        }
    }
    return k->is_ranked ? pool_run(k->lens.work->held.pool, k->subject_count, rank_piece, k, reterr)
                        : rv_ok();
}

/* ---- order within the borough ---- */

static int most_first(const void *a, const void *b)
{
    const struct placed_count *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(x->code, y->code);
}

static rv_status order_mine(struct local *k, size_t s, struct placed_count **ret,
                            struct rv_err *reterr)
{
    struct placed_count *all =
        ARENA_NEW(k->lens.work->held.arena, struct placed_count, k->mine_count + 1);
    if (!all) {
        return arena_fail(k->lens.work->held.arena, reterr);
    }
    for (size_t i = 0; i < k->mine_count; i++) {
        uint32_t at = k->mine[i];
        all[i] = (struct placed_count){k->counts[s][at], at, k->layer->areas[at].code};
    }
    qsort(all, k->mine_count, sizeof *all, most_first);
    *ret = all;
    return rv_ok();
}

static rv_status find_mine(struct local *k, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    RV_TRY(held_parents_of(&w->held, k->layer, w->boroughs, &k->parents, reterr));
    k->mine = ARENA_NEW(w->held.arena, uint32_t, k->layer->count);
    if (!k->mine) {
        return arena_fail(w->held.arena, reterr);
    }
    for (uint32_t i = 0; i < k->layer->count; i++) {
        if (k->parents[i] == w->area) {
            k->mine[k->mine_count++] = i;
        }
    }
    return rv_ok();
}

/* ---- the whole ---- */

/* The lens's own source, or the published counts of small areas, with its own coverage. */
static rv_status open_local(struct lens *l, const struct layer *layer, const struct source *source,
                            struct local *k, const char **ret_gap, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    *k = (struct local){.lens = *l,
                        .layer = layer,
                        .of_borough = lens_count(l, BUCKET_PERIOD, 0, w->area),
                        .type = layer->type,
                        .plural = strcmp(layer->type, "ward") == 0   ? "wards"
                                  : strcmp(layer->type, "lsoa") == 0 ? "LSOAs"
                                                                     : "localities"};
    *ret_gap = l->is_available[BUCKET_PERIOD] ? "" : l->gaps[BUCKET_PERIOD];
    if (!source || source == l->source) {
        return rv_ok();
    }
    k->lens.source = source;
    const char *gaps = source_gaps(w->held.arena, source, w->options->period);
    if (!gaps) {
        return arena_fail(w->held.arena, reterr);
    }
    *ret_gap = gaps[0] ? arena_printf(w->held.arena, "the source does not cover %s", gaps) : "";
    k->lens.source_caveat =
        arena_printf(w->held.arena,
                     "Counted by the publisher for small areas: the source \"%s\", whose sums "
                     "may differ from the borough's counts of another source.",
                     source->name);
    RV_TRY(source_evidence(w->held.arena, source, w->options->period, ASSESS_NO_COMPARE,
                           &k->lens.evidence, &k->lens.evidence_count, reterr));
    return k->lens.source_caveat && *ret_gap ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* The counts of all the borough's areas, with those that have none. */
static rv_status concentrate(struct local *k, const struct placed_count *order,
                             struct rv_err *reterr)
{
    int64_t *counts = ARENA_NEW(k->lens.work->held.arena, int64_t, k->mine_count);
    for (size_t i = 0; counts && i < k->mine_count; i++) {
        counts[i] = order[i].count;
    }
    return counts ? lens_concentration(&k->lens, k->type, k->plural, counts, k->mine_count,
                                       k->of_borough, reterr)
                  : arena_fail(k->lens.work->held.arena, reterr);
}

rv_status lens_areas(struct lens *l, const struct layer *layer, const struct source *source,
                     struct rv_err *reterr)
{
    struct local k;
    const char *gap = "";
    RV_TRY(open_local(l, layer, source, &k, &gap, reterr));
    if (gap[0]) {
        return areas_absent(&k, gap, reterr);
    }
    RV_TRY(build_cube(&k, reterr));
    if (k.is_refused) {
        const char *why =
            arena_printf(l->work->held.arena, "areas would be mixed: %s", k.refusal.message);
        return why ? areas_absent(&k, why, reterr) : arena_fail(l->work->held.arena, reterr);
    }
    RV_TRY(find_mine(&k, reterr));
    if (k.mine_count == 0 && strcmp(k.type, "locality") == 0) {
        return rv_ok(); /* a name for parts of some boroughs: this one has none */
    }
    if (k.mine_count == 0 || (k.cube.spoiled && k.cube.spoiled[0])) {
        return areas_absent(&k,
                            k.mine_count ? "published counts run over the limits of the period"
                                         : "no such areas of this borough are held",
                            reterr);
    }
    RV_TRY(find_subjects(&k, reterr));
    RV_TRY(count_subjects(&k, reterr));
    RV_TRY(decide_ranks(&k, reterr));
    RV_TRY(rank_subjects(&k, reterr));
    RV_TRY(population_load(&l->work->held, layer, POPULATION_ALL, &k.residents, reterr));
    for (size_t s = 0; s < k.subject_count; s++) {
        struct placed_count *order = NULL;
        RV_TRY(order_mine(&k, s, &order, reterr));
        RV_TRY(areas_top(&k, s, order, reterr));
        bool is_lsoas = strcmp(k.type, "lsoa") == 0, is_ward = strcmp(k.type, "ward") == 0;
        RV_TRY(l->profile && is_lsoas ? areas_top_ten(&k, s, order, reterr) : rv_ok());
        bool is_finest = is_lsoas || (is_ward && !l->work->lsoas);
        RV_TRY(l->profile && is_finest ? concentrate(&k, order, reterr) : rv_ok());
        size_t ranked = l->profile ? ASSESS_WARDS : 1;
        for (size_t i = 0; k.is_ranked && i < ranked && i < k.mine_count; i++) {
            bool is_worth = i == 0 ? order[i].count > 0 : order[i].count >= ASSESS_SMALL_COUNT;
            RV_TRY(is_worth ? areas_ward_rank(&k, s, &order[i], reterr) : rv_ok());
        }
        RV_TRY(areas_table(&k, s, order, reterr));
        RV_TRY(l->profile && is_ward && s == 0 ? areas_funnel(&k, reterr) : rv_ok());
    }
    return rv_ok();
}

/* assess/lens_areas.c — the most affected wards, LSOAs and localities; wards among all of London's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "assess/table_internal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "stats/binomial.h"
#include "stats/interval.h"
#include "stats/rate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* Events of the period by category and small area. */
struct local {
    struct lens lens; /* a copy seen through the source of the small areas */
    const struct layer *layer;
    const char *type, *plural;
    struct cube_axis axes[LENS_AXES];
    size_t axis_count;
    struct cube cube;
    const uint32_t *parents; /* [area] placed code of its borough */
    uint64_t *able;          /* areas that take a rank */
    bool is_ranked;          /* among all of London's */
    const char *no_rank;
    struct population residents;
    int64_t of_borough; /* all of the borough's in the period */
    uint32_t *mine;     /* positions of the borough's areas */
    size_t mine_count;
    uint32_t *subjects; /* categories looked at: 0 = all, then the serious ones */
    size_t subject_count;
    int64_t **counts;    /* [subject][area] */
    struct rank **ranks; /* [subject][area]; NULL when not ranked */
    struct rv_err refusal;
    bool is_refused;
};

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

struct placed_count {
    int64_t count;
    uint32_t position;
    const char *code;
};

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

/* ---- findings ---- */

/* What shares are of: offences of the borough in such an area; all of the borough's where the areas
 * cover parts of it only. */
static int64_t total_mine(const struct local *k, size_t s)
{
    int64_t sum = 0;
    if (strcmp(k->type, "locality") == 0) {
        return k->of_borough;
    }
    for (size_t i = 0; i < k->mine_count; i++) {
        sum += k->counts[s][k->mine[i]];
    }
    return sum;
}

/* The most affected area, no more firmly than the two largest counts can be told apart. */
static rv_status add_top(struct local *k, size_t s, const struct placed_count *order,
                         struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const char *measure = arena_printf(w->held.arena, "top-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    int64_t total = total_mine(k, s);
    f->unit = "offences";
    f->method = "rate-ratio";
    f->query = compose_query(&k->lens, k->type, k->subjects[s], w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)k->mine_count, reterr));
    if (total == 0) {
        f->rule = "TOP_AREA_NONE";
        f->value = f->numerator = 0;
        return rv_ok();
    }
    int64_t first = order[0].count, second = k->mine_count > 1 ? order[1].count : 0;
    f->value = f->numerator = (double)first;
    f->denominator = (double)total;
    f->denominator_name = strcmp(k->type, "locality") == 0
                              ? "offences in the borough"
                              : "offences in the borough that have such an area";
    RV_TRY(compose_text(w, f, "place", k->layer->areas[order[0].position].name, reterr));
    RV_TRY(compose_text(w, f, "place_code", order[0].code, reterr));
    RV_TRY(compose_number(
        w, f, "share",
        total >= WORDING_PERCENT_BASE ? 100 * (double)first / (double)total : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "even_share", 100.0 / (double)k->mine_count, reterr));
    if (k->mine_count > 1) {
        RV_TRY(compose_text(w, f, "next", k->layer->areas[order[1].position].name, reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)second, reterr));
    }
    double p = 0;
    RV_TRY(binomial_test(first, first + second, 0.5, &p, reterr));
    RV_TRY(compose_number(w, f, "p", p, reterr));
    if (first < ASSESS_SMALL_COUNT) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because the largest count is under "
                                           "%d: one offence more or less elsewhere changes the "
                                           "order.",
                                           ASSESS_SMALL_COUNT),
                              reterr));
    }
    f->is_tied = first == second;
    f->rule = f->is_tied          ? "TOP_AREA_TIED"
              : p < WORDING_ALPHA ? "TOP_AREA"
                                  : "TOP_AREA_NOT_DISTINGUISHABLE";
    return compose_caveat(w, f,
                          "Counts of areas are of where offences were placed, not of where "
                          "people live; town centres draw people from elsewhere.",
                          reterr);
}

/* How much of it the ten with the highest counts have. */
static rv_status add_top_ten(struct local *k, size_t s, const struct placed_count *order,
                             struct rv_err *reterr)
{
    enum { TEN = 10 };
    struct assess_work *w = k->lens.work;
    int64_t total = total_mine(k, s), part = 0;
    if (k->mine_count <= TEN || total == 0) {
        return rv_ok();
    }
    for (size_t i = 0; i < TEN; i++) {
        part += order[i].count;
    }
    const char *measure = arena_printf(w->held.arena, "top-ten-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->query = compose_query(&k->lens, k->type, k->subjects[s], w->options->area, BUCKET_PERIOD);
    f->denominator_name = "offences in the borough that have such an area";
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    RV_TRY(compose_number(w, f, "area_count", (double)k->mine_count, reterr));
    RV_TRY(compose_number(w, f, "even_share", 100.0 * TEN / (double)k->mine_count, reterr));
    RV_TRY(compose_share(w, f, "TOP_TEN", "TOP_TEN_SMALL", part, total, reterr));
    return compose_caveat(w, f,
                          "The ten are those that came out highest in this period, by chance too: "
                          "in another period these same areas will have less.",
                          reterr);
}

/* London has more than 600 wards in every vintage: with fewer, only some boroughs' are held. */
static const char *places_held(int64_t of)
{
    return of > 600 ? "wards of London" : "wards held";
}

/* One of the borough's most affected wards among all wards of London. */
static rv_status add_ward_rank(struct local *k, size_t s, const struct placed_count *order,
                               struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const struct area *ward = &k->layer->areas[order[0].position];
    const char *slug = compose_slug(w->held.arena, ward->name);
    const char *measure = slug ? arena_printf(w->held.arena, "ward-rank.%s", slug) : NULL;
    struct finding *f = measure ? compose_lens_finding(&k->lens, k->subjects[s], measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    const struct rank *r = &k->ranks[s][order[0].position];
    f->area = ward->code;
    f->area_name = ward->name;
    f->unit = "rank";
    f->method = "ranks";
    f->rule = "WARD_RANK";
    f->value = (double)r->rank;
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->lower = (double)r->low;
    f->upper = (double)r->high;
    f->level = STATS_LEVEL;
    f->of = r->of;
    f->is_tied = r->tied > 1;
    f->numerator = (double)order[0].count;
    f->query = compose_query(&k->lens, "ward", k->subjects[s], w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "borough", w->area_name, reterr));
    RV_TRY(compose_text(w, f, "places", places_held((int64_t)r->of), reterr));
    RV_TRY(compose_rank_verdict(w, f, reterr));
    if (r->low < r->high) {
        RV_TRY(compose_number(w, f, "spread", (double)(r->high - r->low), reterr));
    }
    return compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Among the %s as they were in %s, by count; rank "
                                       "1 is the most. Wards differ in residents and in visitors.",
                                       places_held((int64_t)r->of), k->layer->vintage),
                          reterr);
}

enum { WIDTH = 9 };

static void fill_rows(const struct local *k, size_t s, const struct placed_count *order,
                      size_t at_rate, struct result_cell *cells)
{
    struct month_range period = k->lens.work->options->period;
    int64_t total = total_mine(k, s);
    for (size_t i = 0; i < k->mine_count; i++) {
        uint32_t at = order[i].position;
        double years = 0;
        for (int32_t m = period.first; m <= period.last; m++) {
            years += population_person_years(&k->residents, at + 1, &m, 1);
        }
        struct result_cell *row = &cells[i * WIDTH];
        const struct rank *r = k->is_ranked ? &k->ranks[s][at] : NULL;
        row[0] = cell_text(order[i].code);
        row[1] = cell_text(k->layer->areas[at].name);
        row[at_rate] = cell_number(years > 0 ? 100000 * (double)order[i].count / years : NOT_KNOWN);
        row[5 - at_rate] = cell_number((double)order[i].count);
        row[4] =
            cell_number(total >= WORDING_PERCENT_BASE ? 100 * (double)order[i].count / (double)total
                                                      : NOT_KNOWN);
        row[5] = cell_number(r ? (double)r->rank : NOT_KNOWN);
        row[6] = cell_number(r ? (double)r->low : NOT_KNOWN);
        row[7] = cell_number(r ? (double)r->high : NOT_KNOWN);
        size_t place = i; /* equal counts share a place */
        while (place > 0 && order[place - 1].count == order[i].count) {
            place--;
        }
        row[8] = cell_number((double)place + 1);
    }
}

static rv_status local_table(struct local *k, size_t s, const struct placed_count *order,
                             struct rv_err *reterr)
{
    static const struct result_column by_rate[] = {
        {"code", "Code", RESULT_TEXT},
        {"name", "Name", RESULT_TEXT},
        {"rate", "Rate per 100,000 residents a year", RESULT_RATE},
        {"count", "Offences", RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"rank", "Rank, most first", RESULT_RANK},
        {"rank_low", "At least", RESULT_RANK},
        {"rank_high", "At most", RESULT_RANK},
        {"borough_rank", "Rank in the borough", RESULT_RANK}};
    struct assess_work *w = k->lens.work;
    struct arena *a = w->held.arena;
    struct result_column columns[WIDTH];
    memcpy(columns, by_rate, sizeof columns);
    size_t at_rate = k->residents.source ? 2 : 3, at_count = 5 - at_rate;
    columns[at_rate] = by_rate[2];
    columns[at_count] = by_rate[3];
    const char *stem = compose_slug(a, k->plural);
    const char *id = stem ? arena_printf(a, "%s-%s", stem, k->lens.slugs[k->subjects[s]]) : NULL;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(&k->lens, id, columns, WIDTH, k->mine_count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, k->lens.profile ? "The %s of %s: %s, %s" : "The %s of %s by %s, %s",
                            k->plural, w->area_name, k->lens.subjects[k->subjects[s]],
                            compose_period(a, w->options->period));
    t->description = arena_printf(a,
                                  "Offences, rate and share of the borough's offences of each "
                                  "of its %zu areas, most offences first.",
                                  k->mine_count);
    bool is_map = strcmp(k->type, "locality") != 0; /* they leave parts of the borough out */
    t->chart = is_map ? CHART_MAP : CHART_NONE;
    t->layer_id = k->layer->id;
    fill_rows(k, s, order, at_rate, cells);
    size_t small = 0;
    for (size_t i = 0; i < k->mine_count; i++) {
        small += order[i].count < ASSESS_SMALL_COUNT;
    }
    if (small) {
        RV_TRY(compose_note(w, t,
                            arena_printf(a,
                                         "%zu of the %zu %s have fewer than %d offences: their "
                                         "rates and their order among each other are chance more "
                                         "than place.",
                                         small, k->mine_count, k->plural, ASSESS_SMALL_COUNT),
                            reterr));
    }
    RV_TRY(compose_note(w, t, k->lens.source_caveat, reterr));
    if (!k->is_ranked && k->no_rank && k->no_rank[0] && strcmp(k->type, "ward") == 0) {
        RV_TRY(compose_note(w, t, arena_printf(a, "No ranks in London, because %s.", k->no_rank),
                            reterr));
    }
    return t->title && t->description ? rv_ok() : arena_fail(a, reterr);
}

static rv_status absent_areas(struct local *k, const char *reason, struct rv_err *reterr)
{
    struct assess_work *w = k->lens.work;
    const char *measure = arena_printf(w->held.arena, "top-%s", k->type);
    struct finding *f = measure ? compose_lens_finding(&k->lens, 0, measure) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->query = compose_query(&k->lens, k->type, 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(compose_text(w, f, "areas", k->plural, reterr));
    return compose_absent(w, f, "TOP_AREA_NOT_AVAILABLE", reason, reterr);
}

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

rv_status lens_areas(struct lens *l, const struct layer *layer, const struct source *source,
                     struct rv_err *reterr)
{
    struct local k;
    const char *gap = "";
    RV_TRY(open_local(l, layer, source, &k, &gap, reterr));
    if (gap[0]) {
        return absent_areas(&k, gap, reterr);
    }
    RV_TRY(build_cube(&k, reterr));
    if (k.is_refused) {
        const char *why =
            arena_printf(l->work->held.arena, "areas would be mixed: %s", k.refusal.message);
        return why ? absent_areas(&k, why, reterr) : arena_fail(l->work->held.arena, reterr);
    }
    RV_TRY(find_mine(&k, reterr));
    if (k.mine_count == 0 && strcmp(k.type, "locality") == 0) {
        return rv_ok(); /* a name for parts of some boroughs: this one has none */
    }
    if (k.mine_count == 0 || (k.cube.spoiled && k.cube.spoiled[0])) {
        return absent_areas(&k,
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
        RV_TRY(add_top(&k, s, order, reterr));
        bool is_lsoas = strcmp(k.type, "lsoa") == 0;
        RV_TRY(l->profile && is_lsoas ? add_top_ten(&k, s, order, reterr) : rv_ok());
        size_t ranked = l->profile ? ASSESS_WARDS : 1;
        for (size_t i = 0; k.is_ranked && i < ranked && i < k.mine_count; i++) {
            bool is_worth = i == 0 ? order[i].count > 0 : order[i].count >= ASSESS_SMALL_COUNT;
            RV_TRY(is_worth ? add_ward_rank(&k, s, &order[i], reterr) : rv_ok());
        }
        RV_TRY(local_table(&k, s, order, reterr));
    }
    return rv_ok();
}

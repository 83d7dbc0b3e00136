/* assess/trial.c — each offence decided by both definitions, and the difference counted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/trial.h"

#include "assess/joined.h"
#include "assess/population.h"
#include "assess/table_internal.h"
#include "stats/rate.h"

#include <math.h>
#include <string.h>

/* How an offence fares: out of both, in both, entered or left; with the clause of the side on which
 * it is not in. CLAUSE_COUNT stands for "there is no such profile on that side". */
enum {
    FATE_OUT,
    FATE_IN,
    FATE_ENTERED,
    FATE_LEFT = FATE_ENTERED + CLAUSE_COUNT + 1,
    FATE_COUNT = FATE_LEFT + CLAUSE_COUNT + 1
};

struct trying {
    struct held *h;
    const struct joined *joined;
    const struct definition *before, *after; /* before: NULL = none in force */
    const struct layer *boroughs;            /* NULL = none held */
    uint32_t area;                           /* placed code; 0 = everything */
    struct month_range period;
    struct population residents;
    uint64_t *able; /* boroughs that take a rank */
    struct trial *out;
};

/* ---- fates ---- */

static struct decision decide(const struct definition *d, int profile,
                              const struct offence_facts *f)
{
    return d && profile >= 0 ? definition_decide(d, (size_t)profile, f)
                             : (struct decision){VERDICT_OUT, CLAUSE_COUNT};
}

static rv_status find_fates(const struct trying *t, const char *id, const uint8_t **ret,
                            struct rv_err *reterr)
{
    const struct offence_records *r = &t->joined->records;
    int before = t->before ? definition_find(t->before, id) : -1;
    int after = definition_find(t->after, id);
    uint8_t *fate = ARENA_NEW(t->h->arena, uint8_t, (size_t)r->count + 1);
    if (!fate) {
        return arena_fail(t->h->arena, reterr);
    }
    for (uint32_t o = 0; o < r->count; o++) {
        struct decision was = decide(t->before, before, &r->facts[o]);
        struct decision is = decide(t->after, after, &r->facts[o]);
        bool was_in = was.verdict == VERDICT_IN, is_in = is.verdict == VERDICT_IN;
        fate[o] = was_in && is_in ? FATE_IN
                  : is_in         ? (uint8_t)(FATE_ENTERED + was.clause)
                  : was_in        ? (uint8_t)(FATE_LEFT + is.clause)
                                  : FATE_OUT;
    }
    *ret = fate;
    return rv_ok();
}

/* ---- one profile ---- */

/* Counts of one profile: [year][fate][borough] of a cube, without boroughs [year][fate]. */
struct by_year {
    const struct cube *cube;
    uint32_t year; /* code; 0 = all years */
};

static int64_t count_fates(const struct by_year *y, uint32_t year_count, uint32_t borough,
                           uint32_t from, uint32_t to)
{
    int64_t sum = 0;
    uint32_t first = y->year ? y->year : 1, last = y->year ? y->year : year_count;
    for (uint32_t year = first; year <= last; year++) {
        for (uint32_t fate = from; fate < to; fate++) {
            uint32_t codes[3] = {year, fate, borough};
            sum += cube_at(y->cube, codes);
        }
    }
    return sum;
}

/* Of the area, or of every borough and what is unplaced. */
static int64_t here(const struct trying *t, const struct by_year *y, uint32_t years, uint32_t from,
                    uint32_t to)
{
    if (t->area) {
        return count_fates(y, years, t->area, from, to);
    }
    int64_t sum = 0;
    for (uint32_t b = 0; b <= (t->boroughs ? t->boroughs->count : 0); b++) {
        sum += count_fates(y, years, b, from, to);
    }
    return sum;
}

static int64_t before_in(const struct by_year *y, uint32_t years, uint32_t borough)
{
    return count_fates(y, years, borough, FATE_IN, FATE_ENTERED) +
           count_fates(y, years, borough, FATE_LEFT, FATE_COUNT);
}

static rv_status rank_of(const struct trying *t, const struct by_year *y, uint32_t years,
                         bool is_after, struct rank *ret, struct rv_err *reterr)
{
    uint32_t n = t->boroughs->count;
    struct arena *a = t->h->arena;
    int64_t *counts = ARENA_NEW(a, int64_t, n);
    struct rank *ranks = ARENA_NEW(a, struct rank, n);
    if (!counts || !ranks) {
        return arena_fail(a, reterr);
    }
    for (uint32_t b = 0; b < n; b++) {
        counts[b] = is_after ? count_fates(y, years, b + 1, FATE_IN, FATE_LEFT)
                             : before_in(y, years, b + 1);
    }
    RV_TRY(rank_simultaneous(a, counts, NULL, t->able, n, 0.95, RANK_MOST_FIRST, ranks, reterr));
    *ret = ranks[t->area - 1];
    return rv_ok();
}

static rv_status add_rates(const struct trying *t, struct month_range months,
                           struct trial_headline *x, struct rv_err *reterr)
{
    int32_t list[240];
    size_t n = 0;
    for (int32_t m = months.first; m <= months.last && n < 240; m++) {
        list[n++] = m;
    }
    double years = population_person_years(&t->residents, t->area, list, n);
    if (!(years > 0)) {
        return rv_ok();
    }
    struct rate before, after;
    struct rate_options options = RATE_DEFAULTS;
    RV_TRY(rate_crude(x->before, years, &options, &before, reterr));
    RV_TRY(rate_crude(x->after, years, &options, &after, reterr));
    x->has_rate = true;
    x->rate_before = before.value;
    x->rate_after = after.value;
    return rv_ok();
}

static rv_status add_headline(struct trying *t, const struct definition_profile *p,
                              const struct by_year *y, uint32_t years, struct rv_err *reterr)
{
    const struct cube_axis *axis = &y->cube->axes[0];
    struct month_range months = y->year ? axis->buckets[y->year - 1] : t->period;
    int32_t covered = source_months_in(t->joined->source, months);
    struct trial_headline x = {.profile = p->id,
                               .title = p->title,
                               .is_context = p->is_context,
                               .year = y->year ? months.first / 12 : 0,
                               .is_available = covered == month_range_count(months)};
    x.entered = here(t, y, years, FATE_ENTERED, FATE_LEFT);
    x.left = here(t, y, years, FATE_LEFT, FATE_COUNT);
    int64_t both = here(t, y, years, FATE_IN, FATE_ENTERED);
    x.before = both + x.left;
    x.after = both + x.entered;
    if (t->area && x.is_available) {
        RV_TRY(add_rates(t, months, &x, reterr));
        RV_TRY(rank_of(t, y, years, false, &x.rank_before, reterr));
        RV_TRY(rank_of(t, y, years, true, &x.rank_after, reterr));
        x.has_rank = true;
    }
    t->out->headlines[t->out->headline_count++] = x;
    return rv_ok();
}

static void add_reasons(struct trying *t, const struct definition_profile *p,
                        const struct by_year *y, uint32_t years)
{
    for (uint32_t fate = FATE_ENTERED; fate < FATE_COUNT; fate++) {
        int64_t n = here(t, y, years, fate, fate + 1);
        bool is_entering = fate < FATE_LEFT;
        uint32_t clause = fate - (is_entering ? FATE_ENTERED : FATE_LEFT);
        if (n > 0) {
            t->out->reasons[t->out->reason_count++] = (struct trial_reason){
                p->id, is_entering,
                clause == CLAUSE_COUNT
                    ? is_entering ? "there was no such profile" : "there is no such profile now"
                    : clause_text((enum clause)clause),
                n};
        }
    }
}

static rv_status fill_years(struct trying *t, struct cube_axis *axis, struct rv_err *reterr)
{
    int32_t first = t->period.first / 12, last = t->period.last / 12;
    struct month_range *years =
        ARENA_NEW(t->h->arena, struct month_range, (size_t)(last - first + 1));
    if (!years) {
        return arena_fail(t->h->arena, reterr);
    }
    for (int32_t y = first; y <= last; y++) {
        struct month_range r = {y * 12, y * 12 + 11};
        r.first = r.first > t->period.first ? r.first : t->period.first;
        r.last = r.last < t->period.last ? r.last : t->period.last;
        years[axis->bucket_count++] = r;
    }
    axis->buckets = years;
    return rv_ok();
}

static rv_status try_profile(struct trying *t, const struct definition_profile *p,
                             struct rv_err *reterr)
{
    const uint8_t *fate;
    RV_TRY(find_fates(t, p->id, &fate, reterr));
    struct cube_axis axes[3] = {
        {.kind = AXIS_TIME, .name = "year"},
        {.kind = AXIS_GIVEN, .name = "fate", .given = fate, .given_size = FATE_COUNT},
        {.kind = AXIS_AREA, .name = "borough", .layer = t->boroughs}};
    RV_TRY(fill_years(t, &axes[0], reterr));
    struct cube_query query = {.source = t->joined->source,
                               .axes = axes,
                               .axis_count = t->boroughs ? 3 : 2,
                               .period = t->period,
                               .date = CUBE_RECORDED,
                               .joined = t->joined};
    struct cube cube;
    RV_TRY(cube_build(t->h, &query, &cube, reterr));
    uint32_t years = (uint32_t)axes[0].bucket_count;
    for (uint32_t year = 1; year <= years && years > 1; year++) {
        struct by_year y = {&cube, year};
        RV_TRY(add_headline(t, p, &y, years, reterr));
    }
    struct by_year all = {&cube, 0};
    RV_TRY(add_headline(t, p, &all, years, reterr));
    add_reasons(t, p, &all, years);
    return rv_ok();
}

/* ---- all ---- */

static rv_status choose(struct trying *t, struct month_range period, struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    RV_TRY(sources_load(t->h->store, t->h->arena, "offences", &sources, &count, reterr));
    bool is_given = period.first <= period.last;
    struct month_range all = {0, INT32_MAX - 12};
    if (count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no extract of offences is held: a definition decides records");
    }
    const struct source *source = source_choose(sources, count, "offences", is_given ? period : all,
                                                (struct month_range){1, 0});
    t->period = is_given ? period : source_span(source);
    if (t->period.first > t->period.last || t->period.last - t->period.first > 1200) {
        return rv_fail(reterr, RV_NOT_FOUND, "the source %s covers no whole month", source->name);
    }
    return held_joined_of(t->h, source, &t->joined, reterr);
}

static rv_status find_area(struct trying *t, struct rv_err *reterr)
{
    t->boroughs = layer_choose(t->h->layers, t->h->layer_count, "borough", NULL, t->period.last);
    t->area = t->boroughs && t->after->area ? layer_find(t->boroughs, text_of(t->after->area)) : 0;
    t->out->area = t->area ? t->boroughs->areas[t->area - 1].name : "all areas held";
    if (!t->area) {
        return rv_ok();
    }
    RV_TRY(areas_that_rank(t->h, t->boroughs, &t->able, reterr));
    return population_load(t->h, t->boroughs, POPULATION_ALL, &t->residents, reterr);
}

static rv_status try_all(struct trying *t, struct rv_err *reterr)
{
    size_t years = (size_t)(t->period.last / 12 - t->period.first / 12 + 2);
    size_t profiles = definition_size(t->after) + (t->before ? definition_size(t->before) : 0);
    t->out->headlines = ARENA_NEW(t->h->arena, struct trial_headline, profiles * years);
    t->out->reasons = ARENA_NEW(t->h->arena, struct trial_reason, profiles * FATE_COUNT);
    if (!t->out->headlines || !t->out->reasons) {
        return arena_fail(t->h->arena, reterr);
    }
    for (size_t i = 0; i < definition_size(t->after); i++) {
        RV_TRY(try_profile(t, &t->after->profiles[i], reterr));
    }
    for (size_t i = 0; t->before && i < definition_size(t->before); i++) {
        if (definition_find(t->after, t->before->profiles[i].id) < 0) {
            RV_TRY(try_profile(t, &t->before->profiles[i], reterr));
        }
    }
    return rv_ok();
}

rv_status trial_run(struct held *h, const struct definition *after, struct month_range period,
                    struct trial *ret, struct rv_err *reterr)
{
    struct trial out = {.before = "no definition"};
    struct trying t = {.h = h, .after = after, .out = &out};
    RV_TRY(choose(&t, period, reterr));
    t.before = t.joined->definition;
    out.source = t.joined->source->name;
    out.after = arena_printf(h->arena, "%s, version %s", after->id, after->version);
    if (t.before) {
        out.before = arena_printf(h->arena, "%s, version %s", t.before->id, t.before->version);
    }
    if (!out.after || !out.before) {
        return arena_fail(h->arena, reterr);
    }
    RV_TRY(find_area(&t, reterr));
    RV_TRY(try_all(&t, reterr));
    *ret = out;
    return rv_ok();
}

/* assess/profile_populations.c — the rate of a profile on populations other than residents, and
 * whether the place of the borough depends on whom one counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/populations_beside.h"
#include "stats/rate.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

static double years_of(const struct assess_work *w, const struct population *p, uint32_t placed)
{
    double years = 0;
    for (int32_t m = w->options->period.first; m <= w->options->period.last; m++) {
        years += population_person_years(p, placed, &m, 1);
    }
    return years;
}

static bool is_able(const struct assess_work *w, uint32_t i)
{
    return (w->able[i / 64] >> (i % 64)) & 1;
}

/* ---- which are held ---- */

static rv_status load(struct assess_work *w, struct population_beside *ret, struct rv_err *reterr)
{
    struct population_ages ages = POPULATION_ALL;
    ages.name = ret->held.name;
    RV_TRY(population_load(&w->held, w->boroughs, ages, &ret->population, reterr));
    ret->known = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        ret->known += is_able(w, i) && years_of(w, &ret->population, i + 1) > 0 ? 1 : 0;
    }
    return rv_ok();
}

/* The one asked for; else the one that knows most boroughs, the first by name among equals. */
static rv_status choose(struct assess_work *w, struct populations_beside *b, struct rv_err *reterr)
{
    const char *given = w->options->denominator;
    struct population_held wanted = {NULL, NULL};
    b->chosen = SIZE_MAX;
    if (given && strcmp(given, "residents") != 0) {
        RV_TRY(populations_find(&w->held, given, "residents", &wanted, reterr));
    }
    for (size_t i = 0; i < b->count; i++) {
        bool is_best = b->chosen == SIZE_MAX || b->list[i].known > b->list[b->chosen].known;
        bool is_wanted = wanted.name && strcmp(b->list[i].held.name, wanted.name) == 0;
        b->chosen = is_wanted || (!given && is_best) ? i : b->chosen;
    }
    return rv_ok();
}

rv_status assess_populations(struct assess_work *w, struct rv_err *reterr)
{
    struct population_held *held;
    struct populations_beside *b = ARENA_NEW(w->held.arena, struct populations_beside, 1);
    if (!b) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(populations_held(&w->held, &held, &b->count, reterr));
    b->list = ARENA_NEW(w->held.arena, struct population_beside, b->count);
    if (!b->list) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < b->count; i++) {
        b->list[i].held = held[i];
        RV_TRY(load(w, &b->list[i], reterr));
    }
    w->beside = b;
    return choose(w, b, reterr);
}

/* ---- rates and places ---- */

/* The place of every borough by its rate on p, among those that have p and take a rank. *ret_why:
 * why there are no places; "" = there are. */
static rv_status places_on(const struct lens *l, const struct population *p,
                           const struct population *among, struct rank *ranks, const char **ret_why,
                           struct rv_err *reterr)
{
    const struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    const uint32_t n = w->boroughs->count;
    int64_t *counts = ARENA_NEW(a, int64_t, n);
    double *exposures = ARENA_NEW(a, double, n);
    uint64_t *valid = ARENA_NEW(a, uint64_t, n / 64 + 1);
    if (!counts || !exposures || !valid) {
        return arena_fail(a, reterr);
    }
    size_t known = 0, missing = 0;
    for (uint32_t i = 0; i < n; i++) {
        double years = years_of(w, p, i + 1);
        bool is_in = is_able(w, i) && years_of(w, among, i + 1) > 0;
        counts[i] = lens_count(l, BUCKET_PERIOD, 0, i + 1);
        exposures[i] = years > 0 ? years : 1;
        missing += is_in && !(years > 0) ? 1 : 0;
        known += is_in ? 1 : 0;
        valid[i / 64] |= (uint64_t)is_in << (i % 64);
    }
    *ret_why = !l->covers_all_boroughs ? l->no_rank
               : known < 2             ? "this population is held for no two boroughs"
               : missing               ? "residents of some of these boroughs are not held"
                                       : "";
    return (*ret_why)[0] ? rv_ok()
                         : rank_simultaneous(a, counts, exposures, valid, n, STATS_LEVEL,
                                             RANK_MOST_FIRST, ranks, reterr);
}

struct on_population {
    double years;
    struct rate rate;  /* where years > 0 */
    struct rank place; /* where why is "" */
    const char *why;
};

static rv_status look(const struct lens *l, const struct population *p,
                      const struct population *among, struct on_population *ret,
                      struct rv_err *reterr)
{
    const struct assess_work *w = l->work;
    struct rate_options options = RATE_DEFAULTS;
    struct rank *ranks = ARENA_NEW(w->held.arena, struct rank, w->boroughs->count);
    *ret = (struct on_population){.years = years_of(w, p, w->area)};
    if (!ranks) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(places_on(l, p, among, ranks, &ret->why, reterr));
    ret->place = ranks[w->area - 1];
    ret->why = !ret->why[0] && !ret->place.is_available ? "this borough takes none" : ret->why;
    return ret->years > 0 ? rate_crude(lens_count(l, BUCKET_PERIOD, 0, w->area), ret->years,
                                       &options, &ret->rate, reterr)
                          : rv_ok();
}

/* ---- the finding ---- */

static const char *rule_of(const struct on_population *here, const struct on_population *residents)
{
    if (here->why[0]) {
        return "RATE_ON_NO_PLACE";
    }
    if (residents->why[0]) {
        return "RATE_ON_ALONE";
    }
    enum wording wording = wording_of_rank_change(&residents->place, &here->place);
    return wording == WORDING_RANK_UP     ? "RATE_ON_HIGHER"
           : wording == WORDING_RANK_DOWN ? "RATE_ON_LOWER"
           : wording == WORDING_NO_CHANGE ? "RATE_ON_SAME_PLACE"
                                          : "RATE_ON_NOT_DISTINGUISHABLE";
}

static rv_status put_residents(struct assess_work *w, struct finding *f,
                               const struct on_population *r, struct rv_err *reterr)
{
    if (r->years > 0) {
        RV_TRY(compose_number(w, f, "residents_rate", r->rate.value, reterr));
        RV_TRY(compose_number(w, f, "residents_low", r->rate.lower, reterr));
        RV_TRY(compose_number(w, f, "residents_high", r->rate.upper, reterr));
    }
    if (r->why[0]) {
        return rv_ok();
    }
    struct buf place RV_CLEANUP(buf_done);
    buf_init(&place, 64);
    rank_text(&r->place, &place);
    RV_TRY(buf_status(&place, reterr));
    RV_TRY(compose_text(w, f, "residents_rank",
                        arena_text(w->held.arena, place.bytes ? place.bytes : "", place.n),
                        reterr));
    RV_TRY(compose_number(w, f, "residents_rank_low", (double)r->place.low, reterr));
    return compose_number(w, f, "residents_rank_high", (double)r->place.high, reterr);
}

static void put_place(struct finding *f, const struct rank *r)
{
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->of = r->of;
    f->is_tied = r->tied > 1;
}

static rv_status put_caveats(struct lens *l, struct finding *f, const struct population_beside *b,
                             struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    if (f->numerator < ASSESS_RATE_BASE) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(a,
                                           "Holds with caution, because a rate of fewer than %d "
                                           "offences swings widely by chance: read the count.",
                                           ASSESS_RATE_BASE),
                              reterr));
    }
    RV_TRY(compose_caveat(w, f,
                          arena_printf(a,
                                       "Not a resident's risk: so many offences beside so many of "
                                       "\"%s\"; victims and suspects need not be among them.",
                                       b->held.name),
                          reterr));
    const char *says =
        population_says(a, &b->population, w->options->period, b->known, w->able_count);
    RV_TRY(compose_caveat(w, f, says, reterr));
    return b->population.note[0] ? compose_caveat(w, f, b->population.note, reterr) : rv_ok();
}

static rv_status add_finding(struct lens *l, const struct population_beside *b,
                             const struct on_population *here,
                             const struct on_population *residents, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    const char *measure = arena_printf(a, "rate-on.%s", b->held.slug);
    struct finding *f = measure ? compose_lens_finding(l, 0, measure) : NULL;
    const char *query = compose_query(l, "borough", 0, w->options->area, BUCKET_PERIOD);
    if (!f || !query) {
        return arena_fail(a, reterr);
    }
    f->unit = arena_printf(a, "per 100,000 of %s a year", b->held.name);
    f->method = "crude-rate";
    f->denominator_name = b->population.name;
    f->query = arena_printf(a, "%s --rank rate --denominator %s", query, b->held.slug);
    RV_TRY(f->unit && f->query ? rv_ok() : arena_fail(a, reterr));
    RV_TRY(compose_text(w, f, "population", b->held.name, reterr));
    if (!(here->years > 0)) {
        return compose_absent(w, f, "RATE_ON_NOT_AVAILABLE",
                              "this population is not held for it, and residents do not stand in",
                              reterr);
    }
    const struct source *s = b->population.source;
    RV_TRY(evidence_with(l, f, s->extracts, s->extract_count, reterr));
    f->rule = rule_of(here, residents);
    f->value = here->rate.value;
    f->lower = here->rate.lower;
    f->upper = here->rate.upper;
    f->level = STATS_LEVEL;
    f->numerator = (double)lens_count(l, BUCKET_PERIOD, 0, w->area);
    f->denominator = here->years;
    f->missing = (double)lens_count(l, BUCKET_PERIOD, 0, 0);
    if (here->why[0]) {
        RV_TRY(compose_text(w, f, "reason", here->why, reterr));
    } else {
        put_place(f, &here->place);
    }
    if (residents->why[0] && !here->why[0]) {
        RV_TRY(compose_text(w, f, "reason", residents->why, reterr));
    }
    RV_TRY(put_residents(w, f, residents, reterr));
    return put_caveats(l, f, b, reterr);
}

/* ---- the table ---- */

enum { WIDTH = 10 };
static const struct result_column COLUMNS[WIDTH] = {
    {"population", "Population", RESULT_TEXT},     {"rate", "Rate per 100,000 a year", RESULT_RATE},
    {"lower", "95% interval, lower", RESULT_RATE}, {"upper", "95% interval, upper", RESULT_RATE},
    {"count", "Offences", RESULT_COUNT},           {"persons", "In the population", RESULT_COUNT},
    {"rank", "Rank by rate", RESULT_RANK},         {"rank_low", "Rank, from", RESULT_RANK},
    {"rank_high", "Rank, to", RESULT_RANK},        {"of", "Of boroughs", RESULT_COUNT}};

static void put_row(const struct lens *l, const char *name, const struct on_population *on,
                    struct result_cell *row)
{
    const struct month_range r = l->work->options->period;
    const double years = (double)(r.last - r.first + 1) / 12;
    const bool has = on->years > 0, is_placed = has && !on->why[0];
    row[0] = cell_text(name);
    row[1] = cell_number(has ? on->rate.value : NOT_KNOWN);
    row[2] = cell_number(has ? on->rate.lower : NOT_KNOWN);
    row[3] = cell_number(has ? on->rate.upper : NOT_KNOWN);
    row[4] = cell_number((double)lens_count(l, BUCKET_PERIOD, 0, l->work->area));
    row[5] = cell_number(has ? on->years / years : NOT_KNOWN);
    row[6] = cell_number(is_placed ? (double)on->place.rank : NOT_KNOWN);
    row[7] = cell_number(is_placed ? (double)on->place.low : NOT_KNOWN);
    row[8] = cell_number(is_placed ? (double)on->place.high : NOT_KNOWN);
    row[9] = cell_number(is_placed ? (double)on->place.of : NOT_KNOWN);
}

static rv_status add_notes(struct lens *l, struct result_table *t, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    for (size_t i = 0; i < w->beside->count; i++) {
        const struct population_beside *b = &w->beside->list[i];
        if (b->population.source) {
            RV_TRY(compose_note(
                w, t,
                population_says(a, &b->population, w->options->period, b->known, w->able_count),
                reterr));
        }
    }
    RV_TRY(compose_note(w, t,
                        "Only the rate on residents is a rate of people who live here; no rate is "
                        "anybody's risk. Rates on different populations are not compared with each "
                        "other: their places are.",
                        reterr));
    return compose_note(w, t,
                        "Places are by rate, most first, among the boroughs for which the "
                        "population is held; at least and at most: a simultaneous 95% set.",
                        reterr);
}

static rv_status add_table(struct lens *l, const struct on_population *residents,
                           const struct on_population *others, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(l, "populations", COLUMNS, WIDTH, w->beside->count + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Rates on other populations: %s, %s, %s", l->profile->subject,
                            w->area_name, compose_period(a, w->options->period));
    t->description = "The same offences per 100,000 of each population held, a year, with the 95% "
                     "interval, and the place of the borough by that rate.";
    put_row(l, w->residents.name, residents, cells);
    for (size_t i = 0; i < w->beside->count; i++) {
        put_row(l, w->beside->list[i].population.name, &others[i], &cells[(i + 1) * WIDTH]);
    }
    RV_TRY(add_notes(l, t, reterr));
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status profile_populations(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    const struct populations_beside *b = w->beside;
    if (b->chosen == SIZE_MAX) {
        return rv_ok();
    }
    const struct population_beside *chosen = &b->list[b->chosen];
    struct on_population residents, beside_chosen;
    struct on_population *others = ARENA_NEW(w->held.arena, struct on_population, b->count);
    if (!others) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(look(l, &w->residents, &w->residents, &residents, reterr));
    for (size_t i = 0; i < b->count; i++) {
        const struct population *p = &b->list[i].population;
        RV_TRY(look(l, p, p, &others[i], reterr));
    }
    RV_TRY(look(l, &w->residents, &chosen->population, &beside_chosen, reterr));
    RV_TRY(add_finding(l, chosen, &others[b->chosen], &beside_chosen, reterr));
    return add_table(l, &residents, others, reterr);
}

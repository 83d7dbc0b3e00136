/* assess/table.c — from the words of the command line to a cube.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table.h"

#include "assess/level.h"
#include "assess/table_internal.h"
#include "base/buf.h"
#include "define/vocabulary.h"

#include <string.h>

/* ---- single options ---- */

static rv_status check_words(struct table_plan *p, struct rv_err *reterr)
{
    const struct table_options *o = p->options;
    if (o->denominator && !is_word(o->denominator, "residents") &&
        !is_word(o->denominator, "same-age")) {
        RV_TRY(
            populations_find(&p->held, o->denominator, "residents or same-age", &p->other, reterr));
    }
    if (o->rank && !is_word(o->rank, "count") && !is_word(o->rank, "rate")) {
        return rv_fail(reterr, RV_USAGE, "--rank %s: use count or rate.", o->rank);
    }
    if (o->date && !is_word(o->date, "recorded") && !is_word(o->date, "committed")) {
        return rv_fail(reterr, RV_USAGE, "--date %s: use recorded or committed.", o->date);
    }
    p->is_ranked_by_rate = is_word(o->rank, "rate");
    p->has_date = o->date != NULL;
    p->date = is_word(o->date, "committed") ? CUBE_COMMITTED : CUBE_RECORDED;
    return rv_ok();
}

/* Records that have a time and a place of their own. */
const char *const TABLE_RECORD_KINDS[] = {
    "offences", "ambulance", "transport", "stop-search", "emergency-department", NULL};

static rv_status check_kind(struct table_plan *p, struct rv_err *reterr)
{
    const char *kind = p->options->kind ? p->options->kind : "offences";
    p->is_counts = is_word(kind, "area-counts");
    p->is_offences = is_word(kind, "offences");
    if (!p->is_counts && !vocabulary_has(TABLE_RECORD_KINDS, text_of(kind))) {
        return rv_fail(reterr, RV_USAGE,
                       "--kind %s: use offences, area-counts, ambulance, transport, stop-search, "
                       "emergency-department, cohort, referrals, provision or survey.",
                       kind);
    }
    if (!p->is_offences && p->options->count) {
        return rv_fail(reterr, RV_REFUSED,
                       "--count %s: only offences have persons; %s are counted "
                       "row by row.",
                       p->options->count, kind);
    }
    if (p->is_counts && p->date == CUBE_COMMITTED) {
        return rv_fail(reterr, RV_REFUSED,
                       "--date committed: counts already made by a publisher "
                       "have the publisher's date only.");
    }
    struct arena *a = p->held.arena;
    RV_TRY(sources_load(p->held.store, a, kind, &p->sources, &p->source_count, reterr));
    if (p->source_count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No extract of kind %s is held: import one with \"reeve import FILE PATH\".",
                       kind);
    }
    return rv_ok();
}

/* The finest type of area among the dimensions asked for; boroughs when there is none. */
static const char *level_asked_for(const struct table_options *o)
{
    static const char *const types[] = {"lsoa", "ward", "locality", "borough"};
    for (size_t i = 0; i < 4; i++) {
        struct text rest = text_of(o->by);
        while (rest.n > 0) {
            if (text_is(text_split(rest, ',', &rest), types[i])) {
                return strcmp(types[i], "locality") == 0 ? "ward" : types[i]; /* their members */
            }
        }
    }
    return "borough";
}

/* By the rule of source.h, among published counts first those of the level asked for. */
static rv_status choose_among(struct table_plan *p, struct rv_err *reterr)
{
    const struct month_range none = {1, 0};
    const char *kind = p->sources[0].kind;
    if (!p->is_counts) {
        p->source = source_choose(p->sources, p->source_count, kind, p->period, none);
        return rv_ok();
    }
    struct source *fitting = NULL;
    size_t n = 0;
    RV_TRY(sources_of_type(&p->held, p->sources, p->source_count, level_asked_for(p->options),
                           &fitting, &n, reterr));
    p->source = n ? source_choose(fitting, n, kind, p->period, none)
                  : source_choose(p->sources, p->source_count, kind, p->period, none);
    if (!n || !p->is_period_given || p->options->vintage) {
        return rv_ok();
    }
    return refuse_two_vintages(&p->held, fitting, n, p->source, p->period, reterr);
}

static rv_status choose_source(struct table_plan *p, struct rv_err *reterr)
{
    const struct table_options *o = p->options;
    p->is_period_given = o->period != NULL;
    p->period = (struct month_range){0, INT32_MAX - 12};
    if (o->period && !month_range_parse(text_of(o->period), &p->period)) {
        return rv_fail(reterr, RV_USAGE,
                       "--period %s: write whole months as 2021-01..2021-12, or a year as 2021.",
                       o->period);
    }
    for (size_t i = 0; o->source && i < p->source_count; i++) {
        p->source = is_word(o->source, p->sources[i].name) ? &p->sources[i] : p->source;
    }
    if (o->source && !p->source) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "--source %s: no such source of this kind is held; "
                       "the first held is %s.",
                       o->source, p->sources[0].name);
    }
    if (!p->source) {
        RV_TRY(choose_among(p, reterr));
    }
    if (!o->period) {
        p->period = source_span(p->source);
    }
    if (p->period.first > p->period.last) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "The source %s covers no whole month: say which with --period when "
                       "importing.",
                       p->source->name);
    }
    return rv_ok();
}

rv_status table_layer(struct table_plan *p, const char *type, const struct layer **ret,
                      struct rv_err *reterr)
{
    const char *vintage = p->options->vintage;
    const struct layer *l =
        layer_choose(p->held.layers, p->held.layer_count, type, vintage, p->period.last);
    if (!l && vintage) { /* --vintage names wards or LSOAs; other types keep their own */
        bool is_named = false;
        for (size_t i = 0; i < p->held.layer_count; i++) {
            is_named = is_named || is_word(vintage, p->held.layers[i].vintage);
        }
        l = is_named ? layer_choose(p->held.layers, p->held.layer_count, type, NULL, p->period.last)
                     : NULL;
    }
    if (!l) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No areas of type %s%s%s are held: load them with \"reeve areas FILE PATH "
                       "--type %s --vintage V --code COLUMN --name COLUMN\".",
                       type, vintage ? " and vintage " : "", vintage ? vintage : "", type);
    }
    *ret = l;
    return rv_ok();
}

/* ---- the area asked for, and what follows from the dimensions ---- */

static rv_status read_area(struct table_plan *p, struct rv_err *reterr)
{
    static const char *const types[] = {"borough", "ward", "lsoa", "locality"};
    if (!p->options->area) {
        return rv_ok();
    }
    for (size_t i = 0; i < 4 && !p->area; i++) {
        const struct layer *l = NULL;
        struct rv_err ignored;
        if (rv_is_ok(table_layer(p, types[i], &l, &ignored))) {
            p->area = layer_find(l, text_of(p->options->area));
            p->area_layer = p->area ? l : NULL;
        }
    }
    if (!p->area) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "--area %s: no area of this code is held%s%s. Areas are named by code; "
                       "load them with \"reeve areas\".",
                       p->options->area, p->options->vintage ? " in vintage " : "",
                       p->options->vintage ? p->options->vintage : "");
    }
    return rv_ok();
}

static void find_positions(struct table_plan *p)
{
    p->finest = p->time = p->within = p->venue_borough = p->age_axis = SIZE_MAX;
    for (size_t k = 0; k < p->shown; k++) {
        const struct cube_axis *x = &p->axes[k];
        if (x->kind == AXIS_AREA &&
            (p->finest == SIZE_MAX ||
             layer_fineness(x->layer) > layer_fineness(p->axes[p->finest].layer))) {
            p->finest = k;
        }
        if (x->kind == AXIS_TIME && (p->time == SIZE_MAX || is_word(x->name, "month"))) {
            p->time = k;
        }
    }
    for (size_t k = 0; k < p->shown; k++) {
        p->age_axis = p->axes[k].kind == AXIS_AGE ? k : p->age_axis;
        p->axes[k].keeps_all = p->axes[k].kind == AXIS_AREA;
    }
}

static bool has_axis(const struct table_plan *p, const char *name)
{
    for (size_t k = 0; k < p->shown; k++) {
        if (is_word(p->axes[k].name, name)) {
            return true;
        }
    }
    return false;
}

static bool has_layer(const struct table_plan *p, const char *type)
{
    return layer_choose(p->held.layers, p->held.layer_count, type, NULL, p->period.last) != NULL;
}

/* Axes that are not dimensions of the table: inside the area asked for; the borough of a venue,
 * because venues of one name in two boroughs are two venues; the level of published counts. */
static rv_status add_hidden(struct table_plan *p, struct rv_err *reterr)
{
    if (p->area) {
        p->within = p->axis_count++;
        static const char *const inside[] = {"inside"};
        p->axes[p->within] = (struct cube_axis){
            .kind = AXIS_WITHIN, .name = "inside", .layer = p->area_layer, .inside = p->area};
        if (p->finest == SIZE_MAX || p->options->without_ranks) { /* nothing outside is needed */
            p->axes[p->within].is_filter = true;
            p->axes[p->within].wanted = inside;
            p->axes[p->within].wanted_count = 1;
        }
    }
    bool is_in_borough = p->area && is_word(p->area_layer->type, "borough");
    bool needs_borough = has_axis(p, "venue") && !has_axis(p, "borough") && !is_in_borough &&
                         has_layer(p, "borough");
    bool needs_level = p->is_counts && p->finest == SIZE_MAX && !p->area && has_layer(p, "borough");
    if (needs_borough || needs_level) {
        struct cube_axis *axis = NULL;
        RV_TRY(table_axis(p, "--by", text_of("borough"), &axis, reterr));
        axis->is_filter = needs_level;
        axis->is_placed_only = needs_level; /* codes of no borough are not London's */
        p->venue_borough = needs_level ? SIZE_MAX : p->axis_count - 1;
    }
    return rv_ok();
}

/* The layer whose residents are counted: of the areas shown, else of the finest condition. */
static const struct layer *layer_of_residents(const struct table_plan *p)
{
    if (p->finest != SIZE_MAX) {
        return p->axes[p->finest].layer;
    }
    const struct layer *layer = p->area_layer;
    for (size_t k = 0; k < p->axis_count; k++) {
        const struct cube_axis *x = &p->axes[k];
        bool is_condition = x->kind == AXIS_AREA && x->wanted_count > 0;
        layer = is_condition && (!layer || layer_fineness(x->layer) > layer_fineness(layer))
                    ? x->layer
                    : layer;
    }
    return layer
               ? layer
               : layer_choose(p->held.layers, p->held.layer_count, "borough", NULL, p->period.last);
}

/* Leaves out the areas that one condition on areas leaves out. */
static rv_status allow(struct table_plan *p, const struct cube_axis *x, struct rv_err *reterr)
{
    const struct layer *l = p->residents;
    const uint32_t *parents = NULL;
    if (layer_fineness(x->layer) > layer_fineness(l)) {
        p->is_partly = true;
        return rv_ok();
    }
    RV_TRY(held_parents_of(&p->held, l, x->layer, &parents, reterr));
    for (uint32_t i = 0; i <= l->count; i++) {
        uint32_t code = i ? parents[i - 1] : 0;
        bool is_in = x->kind == AXIS_WITHIN ? code == x->inside : cube_is_wanted(x, code);
        p->allowed[i] = p->allowed[i] && is_in;
    }
    p->is_partly = p->is_partly || (p->finest == SIZE_MAX && p->allowed[0]);
    return rv_ok();
}

/* All residents; with --denominator same-age those whom the profile or the bands are about, with
 * the name of another population all of that. */
static rv_status table_residents(struct table_plan *p, struct rv_err *reterr)
{
    bool is_same_age = is_word(p->options->denominator, "same-age");
    struct population_ages ages = POPULATION_ALL;
    ages.name = p->other.name;
    if (is_same_age && p->age_below > 0 && p->age_axis == SIZE_MAX) {
        ages.to = p->age_below - 1;
    }
    RV_TRY(population_load(&p->held, p->residents, ages, &p->population, reterr));
    if (!is_same_age || p->age_axis == SIZE_MAX) {
        return rv_ok();
    }
    p->of_bands = ARENA_NEW(p->held.arena, struct population, p->age_count);
    if (!p->of_bands) {
        return arena_fail(p->held.arena, reterr);
    }
    for (size_t b = 0; b < p->age_count; b++) {
        ages.from = p->ages[b];
        ages.to = b + 1 < p->age_count ? p->ages[b + 1] - 1 : POPULATION_OLDEST;
        RV_TRY(population_load(&p->held, p->residents, ages, &p->of_bands[b], reterr));
    }
    return rv_ok();
}

rv_status table_population(struct table_plan *p, struct rv_err *reterr)
{
    p->residents = layer_of_residents(p);
    if (!p->residents) {
        return rv_ok();
    }
    p->allowed = ARENA_NEW(p->held.arena, uint8_t, p->residents->count + 1);
    if (!p->allowed) {
        return arena_fail(p->held.arena, reterr);
    }
    memset(p->allowed, 1, p->residents->count + 1);
    for (size_t k = 0; k < p->axis_count; k++) {
        const struct cube_axis *x = &p->axes[k];
        bool is_condition = x->kind == AXIS_AREA && x->wanted_count > 0 && !x->keeps_all;
        bool is_area = x->kind == AXIS_WITHIN && p->finest == SIZE_MAX;
        RV_TRY(is_condition || is_area ? allow(p, x, reterr) : rv_ok());
    }
    return table_residents(p, reterr);
}

/* Kinds that are no lists of events. */
static rv_status table_of_other_kind(struct held *h, const struct table_options *options,
                                     bool *ret_is_other, struct result_table *ret,
                                     struct rv_err *reterr)
{
    static const struct {
        const char *kind;
        rv_status (*table)(struct held *, const struct table_options *, struct result_table *,
                           struct rv_err *);
    } others[] = {{"survey", table_survey},
                  {"cohort", table_cohort},
                  {"referrals", table_referrals},
                  {"provision", table_provision}};
    if (options->survey && !is_word(options->kind, "survey")) {
        return rv_fail(reterr, RV_USAGE, "--survey %s: add --kind survey.", options->survey);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (is_word(options->kind, others[i].kind)) {
            *ret_is_other = true;
            return others[i].table(h, options, ret, reterr);
        }
    }
    return rv_ok();
}

rv_status table_count(struct table_plan *p, struct rv_err *reterr)
{
    const struct table_options *options = p->options;
    RV_TRY(check_words(p, reterr));
    RV_TRY(check_kind(p, reterr));
    RV_TRY(choose_source(p, reterr));
    RV_TRY(table_people(p, reterr));
    RV_TRY(table_by(p, reterr));
    RV_TRY(table_profile(p, reterr));
    RV_TRY(table_where(p, reterr));
    RV_TRY(read_area(p, reterr));
    find_positions(p);
    RV_TRY(table_match_layer(p, reterr));
    RV_TRY(add_hidden(p, reterr));
    if (p->has_lateness) {
        p->late = p->axis_count++;
        p->axes[p->late] = (struct cube_axis){.kind = AXIS_LATE, .name = "late"};
    }
    p->query = (struct cube_query){.source = p->source,
                                   .axes = p->axes,
                                   .axis_count = p->axis_count,
                                   .period = p->period,
                                   .date = p->has_date ? p->date : CUBE_RECORDED,
                                   .keep_undated = p->date == CUBE_COMMITTED && p->time != SIZE_MAX,
                                   .uses_rebases = options->vintage != NULL,
                                   .unit = p->unit,
                                   .role = p->role,
                                   .members = p->members,
                                   .obeys_excludes = p->obeys_excludes,
                                   .joined = p->joined};
    progress_step(p->held.progress, "counting", 0);
    return cube_build(&p->held, &p->query, &p->cube, reterr);
}

void table_keep(const struct table_plan *p, struct held *h)
{
    h->joined = p->held.joined;
    h->parents = p->held.parents;
    h->placements = p->held.placements;
}

rv_status table_run_held(struct held *h, const struct table_options *options,
                         struct result_table *ret, struct rv_err *reterr)
{
    struct table_plan p = {.options = options, .held = *h};
    bool is_other = false;
    RV_TRY(table_of_other_kind(h, options, &is_other, ret, reterr));
    if (is_other) {
        return rv_ok();
    }
    RV_TRY(table_count(&p, reterr));
    p.query.is_moved = true;
    RV_TRY(p.cube.parts ? cube_build(&p.held, &p.query, &p.moved, reterr) : rv_ok());
    RV_TRY(table_population(&p, reterr));
    struct result_table table = {0};
    RV_TRY(table_rows(&p, &table, reterr));
    table_keep(&p, h);
    *ret = table;
    return rv_ok();
}

rv_status table_run(struct store *s, struct arena *a, struct pool *pool, struct progress *progress,
                    const struct table_options *options, struct result_table *ret,
                    struct rv_err *reterr)
{
    struct held h;
    RV_TRY(held_load(s, a, pool, progress, &h, reterr));
    return table_run_held(&h, options, ret, reterr);
}

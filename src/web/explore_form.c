/* web/explore_form.c — the fields of the question, and what can be chosen in them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/populations.h"
#include "define/adopted.h"
#include "define/vocabulary.h"
#include "store/extract.h"
#include "web/explore.h"
#include "web/held_call.h"

#include <string.h>

#define AREAS_LISTED 60 /* more areas of a layer than this are no list to choose from */

struct words {
    const char *id, *words;
};

static bool is_same(const char *given, const char *id)
{
    return given && strcmp(given, id) == 0;
}

static bool put_choice(struct model_list *list, const char *id, const char *words,
                       const char *given)
{
    struct model *item = model_item(list);
    model_text(item, "id", id);
    model_text(item, "words", words);
    model_bool(item, "selected", is_same(given, id));
    return is_same(given, id);
}

/* The choices of a field; what the address says stays a choice, though it may be a wrong one. */
static void put_fixed(struct model *m, const char *name, const struct words *at, size_t count,
                      const char *given)
{
    struct model_list *list = model_list(m, name);
    bool is_there = !given;
    for (size_t i = 0; i < count; i++) {
        is_there |= put_choice(list, at[i].id, at[i].words, given);
    }
    if (!is_there) {
        (void)put_choice(list, given, given, given);
    }
}

const char *explore_title(struct arena *a, const char *name)
{
    if (strcmp(name, "lsoa") == 0) {
        return "LSOA";
    }
    char *title = arena_text(a, name, strlen(name));
    for (char *at = title; at && *at; at++) {
        *at = *at == '-' ? ' ' : *at;
    }
    if (title && title[0] >= 'a' && title[0] <= 'z') {
        title[0] = (char)(title[0] - 'a' + 'A');
    }
    return title ? title : name;
}

/* ---- where to begin ---- */

static const struct {
    const char *kind, *query, *words;
} examples[] = {
    {"offences", "rows=month", "Recorded offences by month"},
    {"offences", "rows=borough&value=rate", "Recorded offences per head by borough"},
    {"offences", "rows=hour&columns=weekday", "Recorded offences by hour and day of the week"},
    {"persons", "rows=victim-age-band&columns=victim-sex", "Victims by age and sex"},
    {"area-counts", "kind=area-counts&rows=borough&value=rate", "Published counts by borough"},
    {"ambulance", "kind=ambulance&rows=month", "Ambulance attendances by month"},
    {"transport", "kind=transport&rows=month", "Records of transport operators by month"},
    {"stop-search", "kind=stop-search&rows=month", "Stops and searches by month"},
    {"provision", "kind=provision&rows=ward&columns=tier", "Services by ward and tier"},
};

static void put_examples(struct call *c, const struct extract_info *extracts, size_t count)
{
    struct model_list *list = model_list(c->model, "examples");
    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++) {
        bool is_held = false;
        for (size_t i = 0; i < count; i++) {
            is_held |= strcmp(extracts[i].kind, examples[k].kind) == 0;
        }
        if (is_held) {
            struct model *item = model_item(list);
            model_text(item, "example", examples[k].query);
            model_text(item, "words", examples[k].words);
        }
    }
}

/* ---- kinds of data ---- */

/* Those that lie in areas come first. */
static const struct words kinds[] = {
    {"offences", "Recorded offences"},
    {"area-counts", "Published counts of offences"},
    {"ambulance", "Ambulance attendances"},
    {"emergency-department", "Emergency department attendances"},
    {"transport", "Records of transport operators"},
    {"stop-search", "Stops and searches"},
    {"cohort", "People known to services"},
    {"referrals", "Referrals to services"},
    {"provision", "Services"},
    {"survey", "Surveys"},
};

#define KINDS        (sizeof kinds / sizeof *kinds)
#define KINDS_PLACED 6

static size_t kinds_held(const struct extract_info *extracts, size_t count, size_t most,
                         struct words *ret)
{
    size_t n = 0;
    for (size_t k = 0; k < most; k++) {
        bool is_held = false;
        for (size_t i = 0; i < count; i++) {
            is_held |= strcmp(extracts[i].kind, kinds[k].id) == 0;
        }
        if (is_held) {
            ret[n++] = kinds[k];
        }
    }
    return n;
}

const char *explore_kind_words(const char *kind)
{
    for (size_t k = 0; k < KINDS; k++) {
        if (is_same(kind, kinds[k].id)) {
            return kinds[k].words;
        }
    }
    return kind;
}

bool explore_is_placed(const char *kind)
{
    bool is_placed = !kind;
    for (size_t k = 0; k < KINDS_PLACED && !is_placed; k++) {
        is_placed = strcmp(kind, kinds[k].id) == 0;
    }
    return is_placed;
}

rv_status explore_placed_kind(struct call *c, const char **ret, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    struct words held[KINDS_PLACED];
    RV_TRY(extract_list(c->store, c->arena, NULL, &extracts, &count, reterr));
    *ret = kinds_held(extracts, count, KINDS_PLACED, held) ? held[0].id : NULL;
    return rv_ok();
}

static rv_status put_kinds(struct call *c, const struct explore *x, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    struct words held[KINDS];
    const char *kind = x->options.kind ? x->options.kind : "offences";
    RV_TRY(extract_list(c->store, c->arena, NULL, &extracts, &count, reterr));
    size_t n = kinds_held(extracts, count, x->is_map ? KINDS_PLACED : KINDS, held);
    model_bool(c->model, "has-data", n > 0);
    if (!x->is_map) {
        put_examples(c, extracts, count);
    }
    put_fixed(c->model, "kinds", held, n, kind);
    return rv_ok();
}

/* ---- dimensions ---- */

static void put_dimensions(struct model *m, const char *name, const char *const *names,
                           const char *given)
{
    struct model_list *list = model_list(m, name);
    bool is_there = !given;
    for (; *names; names++) {
        is_there |= put_choice(list, *names, explore_title(model_arena(m), *names), given);
    }
    if (!is_there) {
        (void)put_choice(list, given, given, given);
    }
}

static void put_filters(struct call *c, const struct explore *x, const char *const *names)
{
    static const char *const objects[EXPLORE_FILTERS] = {"filter-1", "filter-2", "filter-3"};
    for (int i = 0; i < EXPLORE_FILTERS; i++) {
        struct model *m = model_object(c->model, objects[i]);
        model_bool(m, "is-there", true);
        model_text(m, "given", x->filters[i].values);
        put_dimensions(m, "dimensions", names, x->filters[i].dimension);
    }
}

const char *explore_area_type(const struct explore_work *w, size_t at)
{
    static const char *const types[] = {"ward", "borough", "locality", "lsoa"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (layer_choose(w->held.layers, w->held.layer_count, types[i], NULL, INT32_MAX) &&
            at-- == 0) {
            return types[i];
        }
    }
    return NULL;
}

static void put_area_types(struct call *c, const struct explore_work *w, const char *given)
{
    const char *types[5] = {NULL};
    for (size_t i = 0; i < 4; i++) {
        types[i] = explore_area_type(w, i);
    }
    put_dimensions(c->model, "row-choices", types, given);
}

/* ---- profiles, areas, populations ---- */

static rv_status put_profiles(struct call *c, const struct explore *x, struct rv_err *reterr)
{
    const struct definition *d;
    RV_TRY(adopted_definition(c->store, c->arena, &d, reterr));
    size_t of_definition = d ? definition_size(d) : 0;
    struct words *at = ARENA_NEW(c->arena, struct words, of_definition + OFFENCE_GROUP_COUNT + 1);
    if (!at) {
        return arena_fail(c->arena, reterr);
    }
    size_t n = 0;
    at[n++] = (struct words){"all", "All offences"};
    for (size_t i = 0; i < of_definition; i++) {
        at[n++] = (struct words){d->profiles[i].id, d->profiles[i].title};
    }
    for (size_t i = 0; i < OFFENCE_GROUP_COUNT; i++) {
        if (!d || definition_find(d, OFFENCE_GROUPS[i]) < 0) {
            at[n++] = (struct words){OFFENCE_GROUPS[i], OFFENCE_GROUP_TITLES[i]};
        }
    }
    put_fixed(c->model, "profiles", at, n, x->options.profile ? x->options.profile : "all");
    return rv_ok();
}

static rv_status put_areas(struct call *c, const struct held *held, const struct explore *x,
                           struct rv_err *reterr)
{
    static const char *const types[] = {"borough", "ward"};
    size_t most = 0, n = 0;
    const struct layer *layers[2];
    for (size_t k = 0; k < 2; k++) {
        layers[k] = layer_choose(held->layers, held->layer_count, types[k], NULL, INT32_MAX);
        layers[k] = layers[k] && layers[k]->count <= AREAS_LISTED ? layers[k] : NULL;
        most += layers[k] ? layers[k]->count : 0;
    }
    struct words *at = ARENA_NEW(c->arena, struct words, most + 1);
    if (!at) {
        return arena_fail(c->arena, reterr);
    }
    for (size_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; layers[k] && i < layers[k]->count; i++) {
            const struct area *area = &layers[k]->areas[i];
            at[n] = (struct words){kept_words(c, area->code), kept_words(c, area->name)};
            RV_TRY(at[n].id && at[n].words ? rv_ok() : arena_fail(c->arena, reterr));
            n++;
        }
    }
    put_fixed(c->model, "areas", at, n, x->options.area);
    return rv_ok();
}

static rv_status put_populations(struct call *c, struct explore_work *w, const struct explore *x,
                                 struct rv_err *reterr)
{
    struct population_held *others;
    size_t count;
    RV_TRY(populations_held(&w->held, &others, &count, reterr));
    struct words *at = ARENA_NEW(c->arena, struct words, count + 2);
    if (!at) {
        return arena_fail(c->arena, reterr);
    }
    at[0] = (struct words){"residents", "All residents"};
    at[1] = (struct words){"same-age", "Residents of the same age"};
    for (size_t i = 0; i < count; i++) {
        at[2 + i] = (struct words){others[i].slug, others[i].name};
    }
    const char *given = x->options.denominator ? x->options.denominator : "residents";
    put_fixed(c->model, "denominators", at, count + 2, given);
    return rv_ok();
}

/* ---- the whole form ---- */

static void put_words(struct call *c, const struct explore *x)
{
    static const struct words counts[] = {{"offences", "Offences"},
                                          {"victims", "Victims"},
                                          {"suspects", "Suspects"},
                                          {"accused", "Offences with someone accused"}};
    static const struct words values[] = {
        {"count", "Counts"}, {"rate", "Rates"}, {"share", "Shares"}};
    static const struct words dates[] = {{"recorded", "When it was recorded"},
                                         {"committed", "When it began"}};
    const struct table_options *o = &x->options;
    put_fixed(c->model, "counts", counts, 4, o->count ? o->count : "offences");
    put_fixed(c->model, "values", values, x->is_map ? 2 : 3, x->value);
    put_fixed(c->model, "dates", dates, 2, o->date);
    model_text(c->model, "bands", o->bands);
    model_text(c->model, "vintage", o->vintage);
    model_text(c->model, "source", o->source);
    model_text(c->model, "survey", o->survey);
    model_text(c->model, "rows", x->rows);
    model_text(c->model, "columns", x->columns);
    model_bool(c->model, "has-more",
               o->date || o->bands || o->vintage || o->source || x->filters[0].dimension ||
                   x->filters[1].dimension || x->filters[2].dimension);
}

/* The question as the end of an address, for the other pages that take it; never empty, which would
 * ask nothing. */
static rv_status put_address(struct call *c, const struct explore *x, struct rv_err *reterr)
{
    const struct table_options *o = &x->options;
    const struct explore question = {
        .options = {.kind = o->kind, .profile = o->profile, .period = o->period, .area = o->area},
        .value = "count"};
    const char *query = explore_query(c->arena, &question);
    model_text(c->model, "question", query && !query[0] ? "kind=offences" : query);
    return query ? rv_ok() : arena_fail(c->arena, reterr);
}

rv_status explore_put_question(struct call *c, const struct held *held, const struct explore *x,
                               struct rv_err *reterr)
{
    const char *kind = x->options.kind ? x->options.kind : "offences";
    model_bool(c->model, "is-offences", strcmp(kind, "offences") == 0);
    model_text(c->model, "period", x->options.period);
    RV_TRY(put_address(c, x, reterr));
    RV_TRY(put_kinds(c, x, reterr));
    RV_TRY(put_profiles(c, x, reterr));
    return put_areas(c, held, x, reterr);
}

rv_status explore_put_form(struct call *c, struct explore_work *w, const struct explore *x,
                           struct rv_err *reterr)
{
    const char *kind = x->options.kind ? x->options.kind : "offences";
    const char *const *names = table_dimensions(c->arena, kind);
    if (!names) {
        return arena_fail(c->arena, reterr);
    }
    bool is_survey = strcmp(kind, "survey") == 0;
    model_bool(c->model, "is-survey", is_survey);
    model_bool(c->model, "has-rates",
               strcmp(kind, "cohort") != 0 && strcmp(kind, "referrals") != 0 &&
                   strcmp(kind, "provision") != 0 && !is_survey);
    RV_TRY(explore_put_question(c, &w->held, x, reterr));
    if (x->is_map) {
        put_area_types(c, w, x->rows);
    } else {
        put_dimensions(c->model, "row-choices", names, x->rows);
        put_dimensions(c->model, "column-choices", names, x->columns);
        put_filters(c, x, names);
    }
    RV_TRY(put_populations(c, w, x, reterr));
    put_words(c, x);
    return rv_ok();
}

/* assess/assess.c — which sources speak for the area, and in what order they are heard.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess.h"

#include "assess/assess_internal.h"
#include "assess/eyes.h"
#include "assess/level.h"
#include "assess/marked.h"
#include "assess/order.h"
#include "assess/populations_beside.h"
#include "assess/table_internal.h"
#include "store/extract.h"

#include <string.h>

static rv_status check_options(const struct assess_options *o, struct rv_err *reterr)
{
    if (o->period.first > o->period.last) {
        return rv_fail(reterr, RV_INVALID,
                       "The period is empty: write --period FIRST..LAST with "
                       "the first month before the last.");
    }
    bool has_earlier = o->compare.first <= o->compare.last;
    if (has_earlier && o->compare.last >= o->period.first) {
        return rv_fail(reterr, RV_INVALID,
                       "--compare must be an earlier period that ends before "
                       "--period begins: change is told from the earlier to "
                       "the later.");
    }
    return rv_ok();
}

static const struct layer *choose_layer(const struct assess_work *w, const char *type)
{
    const struct held *h = &w->held;
    const char *vintage = w->options->vintage;
    int32_t last = w->options->period.last;
    const struct layer *l = layer_choose(h->layers, h->layer_count, type, vintage, last);
    return l || !vintage ? l : layer_choose(h->layers, h->layer_count, type, NULL, last);
}

static rv_status find_area(struct assess_work *w, struct rv_err *reterr)
{
    struct held *h = &w->held;
    w->boroughs = layer_choose(h->layers, h->layer_count, "borough", NULL, w->options->period.last);
    if (!w->boroughs) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No boroughs are held: load them with \"reeve areas FILE PATH --type "
                       "borough --vintage V --code COLUMN --name COLUMN\".");
    }
    w->area = layer_find(w->boroughs, text_of(w->options->area));
    if (w->area == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "%s is not the code of a borough of %s: the first is %s (%s).",
                       w->options->area, w->boroughs->vintage, w->boroughs->areas[0].code,
                       w->boroughs->areas[0].name);
    }
    w->area_name = w->boroughs->areas[w->area - 1].name;
    w->wards = choose_layer(w, "ward");
    w->lsoas = choose_layer(w, "lsoa");
    w->localities = choose_layer(w, "locality");
    RV_TRY(areas_that_rank(h, w->boroughs, &w->able, reterr));
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        w->able_count += (w->able[i / 64] >> (i % 64)) & 1;
    }
    return population_load(h, w->boroughs, POPULATION_ALL, &w->residents, reterr);
}

/* The source of published counts of offences in areas of a type, by the rule of assess/source.h. */
static rv_status choose_counts(struct assess_work *w, const char *type, const struct source **ret,
                               struct rv_err *reterr)
{
    struct source *fitting = NULL;
    size_t n = 0;
    RV_TRY(sources_of_type(&w->held, w->sources, w->source_count, type, &fitting, &n, reterr));
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (counts_are_recorded(&fitting[i])) {
            fitting[kept++] = fitting[i];
        }
    }
    n = kept;
    *ret = source_choose(fitting, n, "area-counts", w->options->period, w->options->compare);
    return rv_ok();
}

static rv_status hear(struct lens *l, struct lens *other, const struct source *wards,
                      struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    if (source_months_in(l->source, w->options->period) == 0) {
        return lens_silence(l, reterr);
    }
    RV_TRY(lens_totals(l, reterr));
    RV_TRY(lens_changes(l, reterr));
    RV_TRY(lens_months(l, reterr));
    RV_TRY(lens_ranks(l, other, reterr));
    if (w->wards && (l->is_records || wards)) {
        RV_TRY(lens_areas(l, w->wards, l->is_records ? NULL : wards, reterr));
    }
    if (w->lsoas && l->is_records) {
        RV_TRY(lens_areas(l, w->lsoas, NULL, reterr));
    }
    return lens_places(l, reterr);
}

static bool has_counts(const struct assess_work *w)
{
    bool has = false;
    for (size_t i = 0; i < w->source_count; i++) {
        has = has || strcmp(w->sources[i].kind, "area-counts") == 0;
    }
    return has;
}

static rv_status nothing_held(struct assess_work *w, struct rv_err *reterr)
{
    struct finding *f = compose_finding(w, "recorded-crime", "all", "total");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->subject = "all offences on record";
    f->unit = "offences";
    f->query = "reeve table " ASSESS_QUERY_FILE " --by borough";
    return compose_absent(w, f, "TOTAL_NOT_AVAILABLE",
                          has_counts(w)
                              ? "no extract of offences is held, and none of the published counts "
                                "that are held can stand for one: see Coverage"
                              : "no extract of offences and no published counts are held",
                          reterr);
}

static rv_status hear_all(struct assess_work *w, struct rv_err *reterr)
{
    const struct assess_options *o = w->options;
    const struct source *records =
        source_choose(w->sources, w->source_count, "offences", o->period, o->compare);
    const struct source *counts = NULL, *ward_counts = NULL;
    RV_TRY(choose_counts(w, "borough", &counts, reterr));
    RV_TRY(choose_counts(w, "ward", &ward_counts, reterr));
    counts = counts ? counts : ward_counts; /* sums of wards, when there is nothing better */
    if (!records && !counts) {
        return nothing_held(w, reterr);
    }
    struct lens *lenses = ARENA_NEW(w->held.arena, struct lens, 2);
    if (!lenses) {
        return arena_fail(w->held.arena, reterr);
    }
    progress_step(w->held.progress, "counting", 0);
    if (counts) {
        RV_TRY(lens_open(w, counts, NULL, &lenses[1], reterr));
    }
    if (records) {
        RV_TRY(lens_open(w, records, NULL, &lenses[0], reterr));
        bool has_months = source_months_in(records, o->period) > 0;
        RV_TRY(has_months ? assess_profiles(w, &lenses[0], reterr) : rv_ok());
        RV_TRY(hear(&lenses[0], counts ? &lenses[1] : NULL, NULL, reterr));
    }
    return counts ? hear(&lenses[1], NULL, ward_counts, reterr) : rv_ok();
}

/* Every extract that some finding or table rests on, by id, once. */
static rv_status gather_sources(struct assess_work *w, struct assessment *ret,
                                struct rv_err *reterr)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < w->finding_count; i++) {
        most += w->findings[i].source_count;
    }
    struct finding_source *all = ARENA_NEW(w->held.arena, struct finding_source, most + 1);
    if (!all) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < w->finding_count; i++) {
        for (size_t k = 0; k < w->findings[i].source_count; k++) {
            struct finding_source s = w->findings[i].sources[k];
            size_t at = 0;
            while (at < n && all[at].extract < s.extract) {
                at++;
            }
            if (at < n && all[at].extract == s.extract) {
                continue;
            }
            memmove(&all[at + 1], &all[at], (n - at) * sizeof *all);
            all[at] = s;
            n++;
        }
    }
    ret->sources = all;
    ret->source_count = n;
    return rv_ok();
}

rv_status assess_run(struct store *s, struct arena *a, struct pool *pool, struct progress *progress,
                     const struct assess_options *options, struct assessment *ret,
                     struct rv_err *reterr)
{
    RV_TRY(check_options(options, reterr));
    struct assess_work w = {.options = options};
    RV_TRY(held_load(s, a, pool, progress, &w.held, reterr));
    RV_TRY(find_area(&w, reterr));
    RV_TRY(assess_populations(&w, reterr));
    RV_TRY(sources_load(s, a, NULL, &w.sources, &w.source_count, reterr));
    RV_TRY(hear_all(&w, reterr));
    RV_TRY(assess_eyes(&w, reterr));
    RV_TRY(assess_calendar(&w, reterr));
    RV_TRY(options->checks_data ? assess_quality(&w, reterr) : rv_ok());
    RV_TRY(order_findings(a, w.findings, w.finding_count, reterr));
    assess_choose_key(&w);
    struct assessment done = {.area = options->area,
                              .area_name = w.area_name,
                              .period = options->period,
                              .compare = has_compare(&w) ? options->compare : ASSESS_NO_COMPARE,
                              .definition = w.definition ? w.definition->id : NULL,
                              .definition_version = w.definition ? w.definition->version : NULL,
                              .definition_title = w.definition ? w.definition->title : NULL,
                              .findings = w.findings,
                              .finding_count = w.finding_count,
                              .tables = w.tables,
                              .table_count = w.table_count};
    RV_TRY(gather_sources(&w, &done, reterr));
    assessment_mark(&done, w.residents.source);
    *ret = done;
    return rv_ok();
}

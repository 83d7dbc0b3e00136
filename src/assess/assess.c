/* assess/assess.c — one assessment: the area, its chapters, and what they rest on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess.h"

#include "assess/assess_internal.h"
#include "assess/beside.h"
#include "assess/chapters.h"
#include "assess/level.h"
#include "assess/marked.h"
#include "assess/order.h"
#include "assess/populations_beside.h"
#include "assess/table_internal.h"
#include "assess/within.h"
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
    struct assess_options all = *options;
    struct assess_template template;
    if (!all.template) {
        RV_TRY(template_load(a, TEMPLATE_DEFAULT, &template, reterr));
        all.template = &template;
    }
    struct assess_work w = {.options = &all};
    RV_TRY(held_load(s, a, pool, progress, &w.held, reterr));
    RV_TRY(find_area(&w, reterr));
    RV_TRY(assess_populations(&w, reterr));
    RV_TRY(within_begin(&w.held, w.boroughs, w.area, reterr));
    RV_TRY(sources_load(s, a, NULL, &w.sources, &w.source_count, reterr));
    struct assessment_chapter *chapters = NULL;
    size_t chapter_count = 0;
    RV_TRY(assess_chapters(&w, &chapters, &chapter_count, reterr));
    RV_TRY(order_findings(a, w.findings, w.finding_count, reterr));
    assess_choose_key(&w);
    RV_TRY(beside_name(a, w.findings, w.finding_count, w.tables, w.table_count, reterr));
    struct assessment done = {.area = options->area,
                              .area_name = w.area_name,
                              .period = options->period,
                              .compare = has_compare(&w) ? options->compare : ASSESS_NO_COMPARE,
                              .definition = w.definition ? w.definition->id : NULL,
                              .definition_version = w.definition ? w.definition->version : NULL,
                              .definition_title = w.definition ? w.definition->title : NULL,
                              .template = assess_template_name(&w),
                              .template_version = all.template->version,
                              .heading = template_heading(a, all.template, w.area_name),
                              .chapters = chapters,
                              .chapter_count = chapter_count,
                              .findings = w.findings,
                              .finding_count = w.finding_count,
                              .tables = w.tables,
                              .table_count = w.table_count};
    RV_TRY(done.heading ? gather_sources(&w, &done, reterr) : arena_fail(a, reterr));
    assessment_mark(&done, w.residents.source);
    *ret = done;
    return rv_ok();
}

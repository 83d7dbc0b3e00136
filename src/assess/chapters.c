/* assess/chapters.c — the chapters of a template: which sources speak for the area, and each part
 * in its turn. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/chapters.h"

#include "assess/eyes.h"
#include "assess/level.h"
#include "assess/roster.h"
#include "assess/table_internal.h"

#include <string.h>

/* ---- sources ---- */

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

/* The lenses of the records and of the published counts, where there are some. */
static rv_status open_sources(struct hearing *h, struct rv_err *reterr)
{
    struct assess_work *w = h->w;
    const struct assess_options *o = w->options;
    const struct source *records =
        source_choose(w->sources, w->source_count, "offences", o->period, o->compare);
    const struct source *counts = NULL;
    RV_TRY(choose_counts(w, "borough", &counts, reterr));
    RV_TRY(choose_counts(w, "ward", &h->ward_counts, reterr));
    counts = counts ? counts : h->ward_counts; /* sums of wards, when there is nothing better */
    struct lens *lenses = ARENA_NEW(w->held.arena, struct lens, 2);
    if (!lenses) {
        return arena_fail(w->held.arena, reterr);
    }
    progress_step(w->held.progress, "counting", 0);
    if (counts) {
        h->counts = &lenses[1];
        RV_TRY(lens_open(w, counts, NULL, h->counts, reterr));
    }
    if (records) {
        h->records = &lenses[0];
        RV_TRY(lens_open(w, records, NULL, h->records, reterr));
    }
    return rv_ok();
}

/* ---- parts ---- */

/* Once, by the first chapter that would tell of offences. */
static rv_status say_nothing_held(struct hearing *h, struct rv_err *reterr)
{
    bool is_new = !h->records && !h->counts && !h->has_said;
    h->has_said = true;
    return is_new ? nothing_held(h->w, reterr) : rv_ok();
}

static rv_status part_records(struct hearing *h, const struct template_chapter *c,
                              struct rv_err *reterr)
{
    (void)c;
    RV_TRY(say_nothing_held(h, reterr));
    return h->records ? hear(h->records, h->counts, NULL, reterr) : rv_ok();
}

static rv_status part_published(struct hearing *h, const struct template_chapter *c,
                                struct rv_err *reterr)
{
    (void)c;
    RV_TRY(say_nothing_held(h, reterr));
    return h->counts ? hear(h->counts, NULL, h->ward_counts, reterr) : rv_ok();
}

/* The roster of a definition, opened when the first chapter asks; NULL where there is none. */
static rv_status roster_of(struct hearing *h, const struct template_definition *d,
                           struct roster **ret, struct rv_err *reterr)
{
    size_t at = (size_t)(d - h->w->options->template->definitions);
    bool has_months = h->records && source_months_in(h->records->source, h->w->options->period) > 0;
    if (has_months && !h->is_open[at]) {
        RV_TRY(roster_open(h->w, h->records, d, &h->rosters[at], reterr));
        h->is_open[at] = true;
    }
    *ret = h->rosters[at];
    return rv_ok();
}

static rv_status part_profile(struct hearing *h, const struct template_chapter *c,
                              struct rv_err *reterr)
{
    struct roster *r = NULL;
    RV_TRY(say_nothing_held(h, reterr));
    RV_TRY(roster_of(h, c->definition, &r, reterr));
    return r ? roster_hear(r, c->profile, c->sections, reterr) : rv_ok();
}

static rv_status part_profiles(struct hearing *h, const struct template_chapter *c,
                               struct rv_err *reterr)
{
    struct roster *r = NULL;
    RV_TRY(say_nothing_held(h, reterr));
    RV_TRY(roster_of(h, c->definition, &r, reterr));
    return r ? roster_hear_all(r, c->sections, reterr) : rv_ok();
}

static rv_status part_other_sources(struct hearing *h, const struct template_chapter *c,
                                    struct rv_err *reterr)
{
    (void)c;
    return assess_eyes(h->w, reterr);
}

static rv_status part_coverage(struct hearing *h, const struct template_chapter *c,
                               struct rv_err *reterr)
{
    (void)c;
    return assess_calendar(h->w, reterr);
}

static rv_status part_quality(struct hearing *h, const struct template_chapter *c,
                              struct rv_err *reterr)
{
    (void)c;
    return h->w->options->checks_data ? assess_quality(h->w, reterr) : rv_ok();
}

/* By template_part; those that sum up are made when all others are there. */
static const struct {
    rv_status (*hear)(struct hearing *, const struct template_chapter *, struct rv_err *);
    bool sums_up;
} PARTS[CHAPTER_PARTS] = {
    [CHAPTER_ABOUT] = {part_about, false},
    [CHAPTER_PROFILE] = {part_profile, false},
    [CHAPTER_PROFILES] = {part_profiles, false},
    [CHAPTER_RECORDS] = {part_records, false},
    [CHAPTER_PUBLISHED] = {part_published, false},
    [CHAPTER_OTHER_SOURCES] = {part_other_sources, false},
    [CHAPTER_COVERAGE] = {part_coverage, false},
    [CHAPTER_QUALITY] = {part_quality, false},
    [CHAPTER_LIMITS] = {part_limits, true},
    [CHAPTER_PRIORITIES] = {part_priorities, true},
    [CHAPTER_RESIDENTS] = {part_residents, false},
};

/* ---- all of them, in order ---- */

struct span { /* what a chapter has told */
    size_t first, end;
    size_t first_table, end_table;
};

static rv_status hear_chapters(struct hearing *h, bool sums_up, struct span *spans,
                               struct rv_err *reterr)
{
    struct assess_work *w = h->w;
    const struct assess_template *t = w->options->template;
    for (size_t i = 0; i < t->chapter_count; i++) {
        const struct template_chapter *c = &t->chapters[i];
        if (PARTS[c->part].sums_up != sums_up) {
            continue;
        }
        spans[i].first = w->finding_count;
        spans[i].first_table = w->table_count;
        RV_TRY(PARTS[c->part].hear(h, c, reterr));
        spans[i].end = w->finding_count;
        spans[i].end_table = w->table_count;
    }
    return rv_ok();
}

/* Findings and tables of each chapter, one chapter behind the other. */
static rv_status put_in_order(struct assess_work *w, struct span *spans, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct finding *findings = ARENA_NEW(a, struct finding, w->finding_count + 1);
    struct result_table *tables = ARENA_NEW(a, struct result_table, w->table_count + 1);
    size_t n = 0, tables_n = 0;
    if (!findings || !tables) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < w->options->template->chapter_count; i++) {
        struct span from = spans[i];
        spans[i].first = n;
        spans[i].first_table = tables_n;
        for (size_t k = from.first; k < from.end; k++) {
            findings[n++] = w->findings[k];
        }
        for (size_t k = from.first_table; k < from.end_table; k++) {
            tables[tables_n++] = w->tables[k];
        }
        spans[i].end = n;
        spans[i].end_table = tables_n;
    }
    w->findings = findings;
    w->tables = tables;
    w->finding_room = n; /* the next one moves them */
    w->table_room = tables_n;
    return rv_ok();
}

struct listing {
    struct assessment_chapter *chapters;
    size_t count;
};

static void list_chapter(struct listing *l, const char *id, const char **note)
{
    for (size_t i = 0; i < l->count; i++) {
        if (strcmp(l->chapters[i].id, id) == 0) {
            return;
        }
    }
    l->chapters[l->count++] = (struct assessment_chapter){id, *note};
    *note = NULL; /* of several chapters of one part the first has it */
}

static rv_status list_chapters(struct assess_work *w, const struct span *spans,
                               struct assessment_chapter **ret, size_t *ret_count,
                               struct rv_err *reterr)
{
    struct listing l = {
        ARENA_NEW(w->held.arena, struct assessment_chapter, w->finding_count + w->table_count + 1),
        0};
    if (!l.chapters) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < w->options->template->chapter_count; i++) {
        const char *note = w->options->template->chapters[i].note;
        for (size_t k = spans[i].first; k < spans[i].end; k++) {
            const struct finding *f = &w->findings[k];
            list_chapter(&l, f->chapter ? f->chapter : f->theme, &note);
        }
        for (size_t k = spans[i].first_table; k < spans[i].end_table; k++) {
            const struct result_table *t = &w->tables[k];
            list_chapter(&l, t->chapter ? t->chapter : t->theme, &note);
        }
    }
    *ret = l.chapters;
    *ret_count = l.count;
    return rv_ok();
}

rv_status assess_chapters(struct assess_work *w, struct assessment_chapter **ret, size_t *ret_count,
                          struct rv_err *reterr)
{
    const struct assess_template *t = w->options->template;
    struct arena *a = w->held.arena;
    struct hearing h = {.w = w};
    struct span *spans = ARENA_NEW(a, struct span, t->chapter_count + 1);
    h.rosters = ARENA_NEW(a, struct roster *, t->definition_count + 1);
    h.is_open = ARENA_NEW(a, bool, t->definition_count + 1);
    if (!spans || !h.rosters || !h.is_open) {
        return arena_fail(a, reterr);
    }
    RV_TRY(open_sources(&h, reterr));
    RV_TRY(hear_chapters(&h, false, spans, reterr));
    RV_TRY(hear_chapters(&h, true, spans, reterr));
    RV_TRY(put_in_order(w, spans, reterr));
    return list_chapters(w, spans, ret, ret_count, reterr);
}

/* assess/profiles.c — the profiles of a definition, the agreed one or one that a template names:
 * each is a lens on the records, with a chapter of its own; its contexts and the profiles together
 * share one.
 *
 * Nothing here knows a definition: ids, titles, number and conditions are data.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/populations_beside.h"
#include "assess/profile_internal.h"
#include "assess/roster.h"
#include "assess/rules.h"
#include "assess/wards_other.h"

#include <string.h>

struct roster {
    struct assess_work *w;
    const struct roster *before; /* opened before this one: their prefixes are taken */
    const struct lens *records;
    const struct definition *definition;
    const char *beside;                      /* NULL = in force */
    const struct template_definition *named; /* by the template */
    struct lens_sharing *sharing;            /* [sharing_count] */
    size_t sharing_count;
    struct lens_profile *profiles; /* in the order of their findings */
    struct lens *lenses;
    size_t count;
};

/* ---- who is on it ---- */

static bool is_taken(const struct roster *r, const char *prefix)
{
    bool is_theme = false;
    size_t themes = 0;
    const char *const *names = assess_themes(&themes);
    for (size_t i = 0; i < themes; i++) {
        is_theme = is_theme || strcmp(names[i], prefix) == 0;
    }
    for (; r; r = r->before) {
        for (size_t i = 0; i < r->count; i++) {
            const struct lens_profile *p = &r->profiles[i];
            is_theme = is_theme || (p->is_told && strcmp(p->prefix, prefix) == 0);
        }
    }
    return is_theme || strcmp(prefix, PROFILES_TOGETHER) == 0;
}

/* The id as it stands in ids of findings and names of files: "under-25"; with a number behind it
 * where another profile or a theme of the report is called so. */
static const char *prefix_of(const struct roster *r, const char *id)
{
    struct arena *a = r->w->held.arena;
    const char *slug = compose_slug(a, id);
    const char *prefix = slug && !slug[0] ? "profile" : slug;
    const char *stem = prefix;
    for (int i = 2; prefix && is_taken(r, prefix); i++) {
        prefix = arena_printf(a, "%s-%d", stem, i);
    }
    return prefix;
}

/* A title inside a sentence: without its capital, unless it starts with an abbreviation. */
static const char *subject_of(struct arena *a, const char *title)
{
    char *subject = arena_text(a, title, strlen(title));
    if (subject && subject[0] >= 'A' && subject[0] <= 'Z' &&
        !(subject[1] >= 'A' && subject[1] <= 'Z')) {
        subject[0] = (char)(subject[0] + ('a' - 'A'));
    }
    return subject;
}

/* Whether a chapter of the template tells it: what nothing tells takes no name from others. */
static bool is_told(const struct roster *r, const char *id)
{
    const struct assess_template *t = r->w->options->template;
    bool is = false;
    for (size_t i = 0; i < t->chapter_count; i++) {
        const struct template_chapter *c = &t->chapters[i];
        bool is_mine = c->definition == r->named;
        is = is || (is_mine && c->part == CHAPTER_PROFILES) ||
             (is_mine && c->part == CHAPTER_PROFILE && strcmp(c->profile, id) == 0);
    }
    return is;
}

static rv_status enrol(struct roster *r, struct lens_profile p, struct rv_err *reterr)
{
    struct arena *a = r->w->held.arena;
    p.definition = r->definition;
    p.beside = r->beside;
    p.is_told = is_told(r, p.id);
    p.records = r->records;
    p.prefix = prefix_of(r, p.id);
    p.subject = subject_of(a, p.title);
    p.chapter = p.is_wider ? PROFILES_TOGETHER : p.prefix;
    p.chapter_title = p.is_wider ? "The profiles together, and what they are part of" : p.title;
    for (size_t i = 0; i < r->sharing_count; i++) {
        if ((r->sharing[i].belonging->bits >> p.bit) & 1) {
            p.sharing = &r->sharing[i];
        }
    }
    r->profiles[r->count++] = p;
    return p.prefix && p.subject ? rv_ok() : arena_fail(a, reterr);
}

static struct lens_profile all_together(const struct definition *d)
{
    struct lens_profile all = {.id = "union",
                               .kind = "the profiles together",
                               .title = "All profiles together",
                               .is_wider = true,
                               .bit = BELONG_UNION};
    for (size_t i = 0; i < d->profile_count; i++) {
        all.roles |= d->profiles[i].roles;
    }
    return all;
}

/* All together first, so that its ids are the same whatever the profiles are called. */
static rv_status enrol_all(struct roster *r, struct rv_err *reterr)
{
    const struct definition *d = r->definition;
    RV_TRY(d->profile_count > 1 ? enrol(r, all_together(d), reterr) : rv_ok());
    for (size_t i = 0; i < definition_size(d); i++) {
        const struct definition_profile *p = &d->profiles[i];
        struct lens_profile view = {.id = p->id,
                                    .kind = p->is_context ? "the context" : "the profile",
                                    .title = p->title,
                                    .roles = p->roles,
                                    .age_below = p->roles ? p->age_below : 0,
                                    .is_wider = p->is_context,
                                    .bit = (unsigned)i};
        RV_TRY(enrol(r, view, reterr));
    }
    return rv_ok();
}

static rv_status share(struct roster *r, const struct joined *joined, struct rv_err *reterr)
{
    struct arena *a = r->w->held.arena;
    struct belonging *belongings;
    RV_TRY(belonging_make(a, joined, &belongings, &r->sharing_count, reterr));
    r->sharing = ARENA_NEW(a, struct lens_sharing, r->sharing_count);
    if (!r->sharing) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < r->sharing_count; i++) {
        RV_TRY(lens_sharing_make(a, &belongings[i], &r->sharing[i], reterr));
    }
    return rv_ok();
}

/* ---- what they say ---- */

/* When too many may belong and cannot be told, what was found holds less firmly. */
static rv_status weaken(struct lens *l, size_t first, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    double count = (double)lens_count(l, BUCKET_PERIOD, 0, w->area);
    double unknown = (double)l->unknown[BUCKET_PERIOD];
    enum wording wording = wording_of_kept(unknown > 0 ? count / (count + unknown) : 1);
    if (wording == WORDING_HOLDS) {
        return rv_ok();
    }
    bool is_weak = wording == WORDING_NOT_RELIABLE;
    for (size_t i = first; i < w->finding_count; i++) {
        struct finding *f = &w->findings[i];
        enum finding_verdict verdict = is_weak ? VERDICT_NOT_RELIABLE : VERDICT_CAUTION;
        if (f->verdict >= verdict) {
            continue;
        }
        f->verdict = verdict;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "%s, because %.0f offences belong to it and %.0f more "
                                           "may: %s is not recorded.",
                                           is_weak ? "Not reliable" : "Holds with caution", count,
                                           unknown, lens_hidden_by(l)),
                              reterr));
    }
    return rv_ok();
}

static rv_status hear_layer(struct lens *l, const struct layer *layer, struct rv_err *reterr)
{
    return layer ? lens_areas(l, layer, NULL, reterr) : rv_ok();
}

static rv_status hear_wards(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(hear_layer(l, l->work->wards, reterr));
    return hear_layer(l, l->work->localities, reterr);
}

static rv_status hear_lsoas(struct lens *l, struct rv_err *reterr)
{
    return hear_layer(l, l->work->lsoas, reterr);
}

static rv_status hear_outcomes(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(profile_accused(l, reterr));
    return profile_outcomes(l, reterr);
}

static rv_status hear_places(struct lens *l, struct rv_err *reterr)
{
    bool may_name_places = true;
    RV_TRY(lens_located(l, &may_name_places, reterr));
    return may_name_places ? lens_places(l, reterr) : rv_ok();
}

static rv_status hear_change(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(lens_drivers(l, reterr));
    return profile_change(l, l->whole, reterr);
}

static rv_status hear_groups(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(lens_group_totals(l, reterr));
    return lens_group_changes(l, reterr);
}

/* A profile; order.h decides what a reader meets first. */
static rv_status hear_profile(struct lens *l, unsigned sections, struct rv_err *reterr)
{
    static const struct {
        unsigned section;
        rv_status (*hear)(struct lens *, struct rv_err *);
    } PARTS[] = {{SECTION_WARDS, hear_wards},
                 {SECTION_LSOAS, hear_lsoas},
                 {SECTION_PEOPLE, profile_people},
                 {SECTION_OUTCOMES, hear_outcomes},
                 {SECTION_WEAPONS, profile_weapons},
                 {SECTION_TIME, lens_time},
                 {SECTION_PLACES, hear_places},
                 {SECTION_CHANGE, hear_change},
                 {SECTION_HARM, profile_harm},
                 {SECTION_GROUPS, hear_groups},
                 {SECTION_WEAPONS, profile_weapons_change},
                 {SECTION_MONTHS, lens_months},
                 {SECTION_WARDS, profile_other_wards}};
    struct assess_work *w = l->work;
    size_t first = w->finding_count;
    RV_TRY(lens_total(l, reterr));
    RV_TRY(lens_change(l, reterr));
    RV_TRY(profile_share(l, l->whole, reterr));
    RV_TRY(lens_rank(l, reterr));
    for (size_t i = 0; l->order_count > 0 && i < sizeof PARTS / sizeof *PARTS; i++) {
        RV_TRY(sections & PARTS[i].section ? PARTS[i].hear(l, reterr) : rv_ok());
    }
    RV_TRY(lens_rank_more(l, reterr));
    RV_TRY(profile_populations(l, reterr));
    return weaken(l, first, reterr);
}

/* Whether a context holds every offence of a profile, by what both ask for. */
static bool holds(const struct definition_profile *context, const struct definition_profile *p)
{
    bool fits_persons =
        context->roles == 0 ||
        (p->roles != 0 && (p->roles & ~context->roles) == 0 && p->age_below <= context->age_below);
    return (p->groups & ~context->groups) == 0 && (p->lists & ~context->lists) == 0 &&
           (context->flags_all & ~p->flags_all) == 0 && fits_persons;
}

static const struct lens *lens_of_bit(const struct roster *r, size_t bit)
{
    size_t i = 0;
    while (r->profiles[i].bit != bit) {
        i++;
    }
    return &r->lenses[i];
}

/* The lens of the first context that holds a profile, or for all of them together every profile;
 * NULL = none. */
static const struct lens *context_of(const struct roster *r, const struct lens_profile *of)
{
    const struct definition *d = r->definition;
    bool is_union = of->bit == BELONG_UNION;
    size_t first = is_union ? 0 : of->bit, end = is_union ? d->profile_count : first + 1;
    for (size_t c = d->profile_count; first < d->profile_count && c < definition_size(d); c++) {
        bool is_whole = true;
        for (size_t p = first; p < end; p++) {
            is_whole = is_whole && holds(&d->profiles[c], &d->profiles[p]);
        }
        if (is_whole) {
            return lens_of_bit(r, c);
        }
    }
    return NULL;
}

/* A kind that no record of any borough is of: the source may not record it, so that is no zero. */
static void silence_unseen(struct lens *l)
{
    int64_t seen = 0;
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        for (uint32_t area = 0; area <= l->work->boroughs->count; area++) {
            seen += lens_count(l, b, 0, area);
        }
        seen += l->unknown[b];
    }
    for (int b = 0; seen == 0 && b < BUCKET_TOTAL; b++) {
        l->is_available[b] = false;
        l->gaps[b] = "no record of this kind is held of any borough, in either period: whether "
                     "there was none, or the source does not record it, cannot be told";
    }
}

static rv_status hear_one(struct roster *r, size_t i, unsigned sections, struct rv_err *reterr)
{
    struct lens *l = &r->lenses[i];
    RV_TRY(progress_check(r->w->held.progress, reterr));
    if (r->beside) {
        silence_unseen(l);
    }
    l->whole = context_of(r, l->profile);
    l->without_spread = !(sections & SECTION_SPREAD);
    r->w->profile_count++;
    return l->is_available[BUCKET_PERIOD] ? hear_profile(l, sections, reterr)
                                          : lens_silence(l, reterr);
}

/* The profiles together, then the contexts: of each the main things first, then of each the rest.
 */
static rv_status hear_wider(struct roster *r, bool is_rest, struct rv_err *reterr)
{
    for (size_t i = 0; i < r->count; i++) {
        struct lens *l = &r->lenses[i];
        size_t first = r->w->finding_count;
        if (!r->profiles[i].is_wider) {
            continue;
        }
        if (!l->is_available[BUCKET_PERIOD]) {
            RV_TRY(is_rest ? rv_ok() : lens_silence(l, reterr));
            continue;
        }
        if (is_rest) {
            RV_TRY(lens_rank_more(l, reterr));
        } else {
            RV_TRY(lens_total(l, reterr));
            RV_TRY(lens_change(l, reterr));
            RV_TRY(profile_share(l, context_of(r, l->profile), reterr));
            RV_TRY(lens_rank(l, reterr));
        }
        RV_TRY(weaken(l, first, reterr));
    }
    return rv_ok();
}

/* ---- the chapters of a template ---- */

rv_status roster_hear(struct roster *r, const char *id, unsigned sections, struct rv_err *reterr)
{
    size_t i = 0;
    while (strcmp(r->profiles[i].id, id) != 0) { /* a template is checked to name one there is */
        i++;
    }
    struct lens_profile *p = &r->profiles[i];
    p->is_wider = false; /* a context with a chapter of its own is heard like a profile */
    p->chapter = p->prefix;
    p->chapter_title = p->title;
    return hear_one(r, i, sections, reterr);
}

struct lens *roster_lens(struct roster *r, const char *id)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->profiles[i].id, id) == 0) {
            return &r->lenses[i];
        }
    }
    return NULL;
}

rv_status roster_hear_all(struct roster *r, unsigned sections, struct rv_err *reterr)
{
    for (size_t i = 0; i < r->count; i++) {
        RV_TRY(r->profiles[i].is_wider ? rv_ok() : hear_one(r, i, sections, reterr));
    }
    RV_TRY(hear_wider(r, false, reterr));
    return hear_wider(r, true, reterr);
}

static rv_status open_lenses(struct roster *r, const struct joined *joined, struct rv_err *reterr)
{
    struct arena *a = r->w->held.arena;
    r->definition = joined->definition;
    RV_TRY(share(r, joined, reterr));
    r->profiles = ARENA_NEW(a, struct lens_profile, DEFINITION_MAX + 1);
    r->lenses = ARENA_NEW(a, struct lens, DEFINITION_MAX + 1);
    if (!r->profiles || !r->lenses) {
        return arena_fail(a, reterr);
    }
    RV_TRY(enrol_all(r, reterr));
    progress_step(r->w->held.progress, "counting profiles", 0);
    for (size_t i = 0; i < r->count; i++) {
        RV_TRY(lens_open(r->w, r->records->source, &r->profiles[i], &r->lenses[i], reterr));
    }
    r->w->rosters = r;
    return rv_ok();
}

rv_status roster_open(struct assess_work *w, const struct lens *records,
                      const struct template_definition *definition, struct roster **ret,
                      struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct adoption *adopted;
    size_t adopted_count = 0;
    *ret = NULL;
    RV_TRY(definition->is ? rv_ok()
                          : adopted_list(w->held.store, a, &adopted, &adopted_count, reterr));
    if (!definition->is && adopted_count == 0) {
        return rv_ok(); /* the join is not free */
    }
    struct roster *r = ARENA_NEW(a, struct roster, 1);
    if (!r) {
        return arena_fail(a, reterr);
    }
    *r = (struct roster){.w = w,
                         .before = w->rosters,
                         .records = records,
                         .named = definition,
                         .beside = definition->is ? definition->name : NULL};
    const struct joined *joined = NULL;
    progress_step(w->held.progress, "joining persons", 0);
    RV_TRY(definition->is
               ? held_joined_by(&w->held, records->source, definition->is, &joined, reterr)
               : held_joined_of(&w->held, records->source, &joined, reterr));
    w->definition = definition->is ? w->definition : joined->definition;
    RV_TRY(open_lenses(r, joined, reterr));
    *ret = r;
    return rv_ok();
}

/* ingest/suggest_aside.c — what is not stored, and what to look at.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

/* ---- columns that are not stored ---- */

static bool is_about_people(const struct facts *f)
{
    static const char *const WORDS[] = {"victim", "suspect",   "accused", "age",
                                        "sex",    "ethnicity", "race"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (words_have(&f->words, text_of(WORDS[i]))) {
            return true;
        }
    }
    return false;
}

static const char *because_aside(struct proposing *g, size_t column)
{
    const struct facts *f = &g->facts[column];
    if (told_about(g, TOLD_DROP, NULL, column)) {
        return "you said so";
    }
    if (f->personal) {
        return arena_printf(g->a, "it looks like %s: personal data are never stored", f->personal);
    }
    if (f->filled == 0) {
        return "no row that was looked at has a value";
    }
    if (g->e.months.is_month[column]) {
        return "its kind has no columns for months or years";
    }
    if (facts_share(f, VALUE_LSOA_NAME) > 0.5 || f->boroughs * 2 > f->filled) {
        return "it names areas: codes identify areas, names never join";
    }
    if (facts_share(f, VALUE_POINT_TEXT) > 0.5 || facts_share(f, VALUE_GRID_REFERENCE) > 0.5) {
        return "places written as one text cannot be held: ask for easting and northing";
    }
    if (facts_share(f, VALUE_SENTENCE) > 0.3) {
        return "it is free text, which may hold personal data";
    }
    if (g->left_out[column]) {
        return g->left_out[column];
    }
    if (is_about_people(f)) {
        return kind_column_find(g->p->kind, "sex")
                   ? "it is about another person, or not what is held of one"
                   : arena_printf(g->a, "%s hold nothing about people", g->p->kind->name);
    }
    return arena_printf(g->a, "no column of %s is like it", g->p->kind->name);
}

static const struct suggestion *doubtful_of(const struct proposing *g, size_t column)
{
    for (size_t i = 0; i < g->p->count; i++) {
        if (g->p->list[i].column == column && !g->p->list[i].is_taken) {
            return &g->p->list[i];
        }
    }
    return NULL;
}

static bool is_stored(const struct proposing *g, size_t column)
{
    const struct proposal *p = g->p;
    bool is_used = p->periods && g->e.months.is_month[column];
    for (size_t i = 0; i < p->count; i++) {
        const struct suggestion *s = &p->list[i];
        bool is_part = s->column == column || s->time_column == column;
        for (size_t k = 0; k < s->also_count; k++) {
            is_part = is_part || s->also[k].column == column;
        }
        is_used = is_used || (is_part && s->is_taken);
    }
    for (size_t i = 0; i < p->wide_count; i++) {
        is_used = is_used || p->wide[i].column == column;
    }
    return is_used || p->total_column == column;
}

rv_status set_columns_aside(struct proposing *g)
{
    struct set_aside *list = ARENA_NEW(g->a, struct set_aside, g->sample->columns + 1);
    size_t n = 0;
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < g->sample->columns; i++) {
        const struct suggestion *s = doubtful_of(g, i);
        if (is_stored(g, i)) {
            continue;
        }
        list[n] = (struct set_aside){.column = i, .personal = g->facts[i].personal, .could_be = s};
        list[n].because =
            s ? arena_printf(g->a, "it may be %s (%.0f%%): that is not sure enough to take",
                             s->kc->name, 100 * s->confidence)
              : because_aside(g, i);
        if (!list[n++].because) {
            return arena_fail(g->a, g->err);
        }
    }
    g->p->aside = list;
    g->p->aside_count = n;
    return rv_ok();
}

/* ---- what to look at ---- */

static rv_status note_people(struct proposing *g)
{
    if (kind_column_find(g->p->kind, "role") || !kind_find("persons") ||
        !kind_column_find(g->p->kind, "offence_id")) {
        return rv_ok();
    }
    size_t people = 0;
    for (size_t i = 0; i < g->p->aside_count; i++) {
        people += !g->p->aside[i].personal && is_about_people(&g->facts[g->p->aside[i].column]);
    }
    if (people == 0) {
        return rv_ok();
    }
    return note_add(g, arena_printf(g->a,
                                    "%zu %s people: make a second profile with --as persons and "
                                    "import the file with that one too",
                                    people, people == 1 ? "column describes" : "columns describe"));
}

static rv_status note_repeats(struct proposing *g)
{
    const struct suggestion *id =
        g->p->kind->key[0] && !g->p->kind->key[1] ? suggestion_of(g, g->p->kind->key[0]) : NULL;
    if (!id || id->column == SUGGEST_NONE) {
        return rv_ok();
    }
    const struct facts *f = &g->facts[id->column];
    int64_t again = f->filled - (int64_t)f->distinct;
    char rows[32], all[32];
    count_text(again, rows);
    count_text(f->filled, all);
    if (again * 50 < f->filled) {
        return rv_ok();
    }
    return note_add(g, arena_printf(g->a,
                                    "%s of %s rows repeat a reference of \"%.80s\": a row may be a "
                                    "person or a stage of a case, not a record of its own",
                                    rows, all, f->header));
}

static rv_status note_several_persons(struct proposing *g)
{
    if (!g->has_several_persons || !kind_column_find(g->p->kind, "role") || g->e.person) {
        return rv_ok();
    }
    return note_add(g, "the headers speak of several people in one row: make one profile for each "
                       "role, for example --answer role=victim and --answer role=suspect");
}

rv_status note_doubts(struct proposing *g)
{
    RV_TRY(note_people(g));
    RV_TRY(note_repeats(g));
    return note_several_persons(g);
}

/* ingest/suggest.c — from sample and answers to a proposal, step by step.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "base/parse.h"
#include "define/vocabulary.h"
#include "ingest/suggest_parts.h"

#include <stdlib.h>

/* ---- the list of suggestions ---- */

struct suggestion *suggestion_of(const struct proposing *g, const char *canonical)
{
    for (size_t i = 0; i < g->p->count; i++) {
        if (strcmp(g->p->list[i].kc->name, canonical) == 0) {
            return &g->p->list[i];
        }
    }
    return NULL;
}

struct suggestion *suggestion_add(struct proposing *g, const struct kind_column *kc, size_t column,
                                  double confidence, const char *because)
{
    suggestion_remove(g, kc->name);
    struct suggestion *s = &g->p->list[g->p->count];
    *s = (struct suggestion){.kc = kc,
                             .column = column,
                             .confidence = confidence,
                             .because = because,
                             .time_column = SUGGEST_NONE};
    if (!because) {
        return NULL;
    }
    g->p->count++;
    if (column != SUGGEST_NONE) {
        g->uses[column]++;
    }
    return s;
}

void suggestion_remove(struct proposing *g, const char *canonical)
{
    for (size_t i = 0; i < g->p->count; i++) {
        if (strcmp(g->p->list[i].kc->name, canonical) != 0) {
            continue;
        }
        if (g->p->list[i].column != SUGGEST_NONE) {
            g->uses[g->p->list[i].column]--;
        }
        g->p->count--;
        memmove(&g->p->list[i], &g->p->list[i + 1], (g->p->count - i) * sizeof *g->p->list);
        return;
    }
}

rv_status note_add(struct proposing *g, const char *note)
{
    if (!note) {
        return arena_fail(g->a, g->err);
    }
    if (g->p->note_count < MOST_NOTES) {
        g->notes[g->p->note_count++] = note;
    }
    return rv_ok();
}

/* ---- steps ---- */

/* Numbers beside codes of areas, and no column that names the statistic. */
static void count_statistics(struct proposing *g)
{
    size_t codes = 0, numbers = 0;
    for (size_t i = 0; i < g->sample->columns; i++) {
        const struct facts *f = &g->facts[i];
        for (enum value_form form = VALUE_LSOA; form <= VALUE_OLD_BOROUGH; form++) {
            codes += facts_share(f, form) >= 0.9;
        }
        bool is_of_another =
            g->e.months.is_month[i] || (g->e.people.count && g->e.people.is_one[i]);
        numbers += is_statistic(f) && !is_of_another;
    }
    g->e.statistics = codes && !g->e.months.layout && !g->e.people.count ? numbers : 0;
}

static rv_status set_up(struct proposing *g)
{
    size_t columns = g->sample->columns;
    g->uses = ARENA_NEW(g->a, size_t, columns + 1);
    g->left_out = ARENA_NEW(g->a, const char *, columns + 1);
    g->notes = ARENA_NEW(g->a, const char *, MOST_NOTES);
    g->questions = ARENA_NEW(g->a, struct question, MOST_QUESTIONS);
    if (!g->uses || !g->left_out || !g->notes || !g->questions) {
        return arena_fail(g->a, g->err);
    }
    RV_TRY(answers_read(g));
    struct pin *pins = ARENA_NEW(g->a, struct pin, g->told_count + 1);
    if (!pins) {
        return arena_fail(g->a, g->err);
    }
    size_t n = 0;
    for (size_t i = 0; i < g->told_count; i++) {
        const struct told *t = &g->told[i];
        if ((t->what == TOLD_COLUMN || t->what == TOLD_DROP) && t->column != SUGGEST_NONE) {
            pins[n++] = (struct pin){t->column, t->what == TOLD_DROP ? NULL : t->canonical};
        }
    }
    const struct told *role = told_about(g, TOLD_CONSTANT, "role", SUGGEST_NONE);
    g->e = (struct evidence){.a = g->a,
                             .lexicon = g->l,
                             .sample = g->sample,
                             .facts = g->facts,
                             .pins = pins,
                             .pin_count = n};
    g->e.person = person_of_headers(g->sample, g->facts, &g->has_several_persons);
    g->e.person = role ? role->text : g->e.person;
    g->e.likely_person = g->has_several_persons ? "victim" : NULL;
    RV_TRY(months_find(g->a, g->sample, g->facts, &g->e.months, g->err));
    RV_TRY(people_find(g->a, g->sample, g->facts, &g->e.people, g->err));
    count_statistics(g);
    return rv_ok();
}

static rv_status choose_kind(struct proposing *g)
{
    const struct told *t = told_rule(g, "kind");
    RV_TRY(kinds_rank(&g->e, t ? kind_find(t->text) : NULL, &g->fits, &g->fit_count, g->err));
    struct proposal *p = g->p;
    p->kind = g->fits[0].kind;
    p->kind_confidence = t ? 1 : kind_confidence(g->fits, g->fit_count);
    p->kind_because = t ? "you said so" : kind_sentence(g, &g->fits[0]);
    p->rival = g->fit_count > 1 ? g->fits[1].kind : NULL;
    p->rival_total = g->fit_count > 1 ? g->fits[1].total / (g->fits[0].total + 1e-9) : 0;
    p->list = ARENA_NEW(g->a, struct suggestion, p->kind->column_count + 1);
    return p->list && p->kind_because ? rv_ok() : arena_fail(g->a, g->err);
}

static rv_status add_matched(struct proposing *g)
{
    const struct kind_fit *fit = &g->fits[0];
    const char *person = g->e.person ? g->e.person : g->e.likely_person;
    struct scoring s = scoring_of(g->l, fit->kind, g->facts, g->sample->columns, person);
    for (size_t i = 0; i < fit->kind->column_count; i++) {
        const struct kind_column *kc = &fit->kind->columns[i];
        size_t column = fit->columns[i];
        if (column == MATCH_NONE || told_about(g, TOLD_NONE, kc->name, SUGGEST_NONE)) {
            continue;
        }
        bool is_told = fit->scores[i].confidence >= 1;
        const char *because =
            is_told ? "you said so" : score_sentence(g->a, &s, kc, column, &fit->scores[i]);
        struct suggestion *added =
            suggestion_add(g, kc, column, fit->scores[i].confidence, because);
        if (!added) {
            return arena_fail(g->a, g->err);
        }
        added->is_answered = is_told;
    }
    return rv_ok();
}

/* A value that is the same for every row must be one that the column can hold. */
static rv_status check_constant(const struct proposing *g, const struct kind_column *kc,
                                const struct told *t)
{
    int64_t whole;
    double real;
    civil_time time;
    struct text text = text_of(t->text);
    bool is_fine = true;
    switch (kc->type) {
    case COLUMN_TIME:
        is_fine = civil_parse(text, &time) == CIVIL_OK;
        break;
    case COLUMN_INTEGER:
        is_fine = parse_int(text, &whole);
        break;
    case COLUMN_REAL:
    case COLUMN_THOUSANDTHS:
        is_fine = parse_real(text, &real);
        break;
    case COLUMN_CATEGORY:
    case COLUMN_TEXT:
        is_fine = text.n > 0 && (!kc->vocabulary || vocabulary_has(kc->vocabulary, text));
        break;
    }
    if (is_fine) {
        return rv_ok();
    }
    return rv_fail(g->err, RV_USAGE,
                   "--answer \"%.80s=%.80s\": the file has no column of that name, and %s cannot "
                   "hold it for every row",
                   t->key, t->text, kc->name);
}

static rv_status add_constant(struct proposing *g, const char *canonical, const struct told *t)
{
    const struct kind_column *kc = kind_column_find(g->p->kind, canonical);
    if (!kc) {
        return rv_ok();
    }
    RV_TRY(check_constant(g, kc, t));
    struct suggestion *s = suggestion_add(g, kc, SUGGEST_NONE, 1, "you said so");
    if (!s) {
        return arena_fail(g->a, g->err);
    }
    s->constant = t->text;
    s->is_answered = true;
    return rv_ok();
}

/* period=2021-04..2022-03 for a file that does not say when. */
static rv_status add_period(struct proposing *g)
{
    const struct told *t = told_rule(g, "period");
    struct month_range r;
    char first[8], last[8];
    if (!t) {
        return rv_ok();
    }
    if (!month_range_parse(text_of(t->text), &r)) {
        return rv_fail(g->err, RV_USAGE,
                       "--answer \"period=%.40s\": write it as 2021-04..2022-03, 2021-04 or 2021",
                       t->text);
    }
    month_write(r.first, first);
    month_write(r.last, last);
    struct told from = {.text = arena_text(g->a, first, 7), .key = "period"};
    struct told to = {.text = arena_text(g->a, last, 7), .key = "period"};
    if (!from.text || !to.text) {
        return arena_fail(g->a, g->err);
    }
    RV_TRY(add_constant(g, "period_from", &from));
    return add_constant(g, "period_to", &to);
}

static rv_status add_constants(struct proposing *g)
{
    for (size_t i = 0; i < g->told_count; i++) {
        if (g->told[i].what == TOLD_CONSTANT) {
            RV_TRY(add_constant(g, g->told[i].canonical, &g->told[i]));
        }
    }
    return add_period(g);
}

static int compare_suggestions(const void *left, const void *right)
{
    const struct suggestion *a = left, *b = right;
    return a->kc < b->kc ? -1 : a->kc > b->kc; /* of one table */
}

static const char *rule_text(const struct proposing *g, const char *key)
{
    const struct told *t = told_rule(g, key);
    return t ? t->text : NULL;
}

static rv_status name_profile(struct proposing *g)
{
    struct proposal *p = g->p;
    p->name = rule_text(g, "profile");
    p->title = rule_text(g, "profile-title");
    p->supplier = rule_text(g, "supplier");
    p->supplier_kind = rule_text(g, "supplier-kind");
    if (p->name) {
        return rv_ok();
    }
    struct text file = text_of(g->o->file_name ? g->o->file_name : "mapped");
    char name[64];
    size_t n = 0;
    for (size_t i = 0; i < file.n && file.at[i] != '.' && n + 1 < sizeof name; i++) {
        char c = file.at[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain || is_upper) {
            name[n++] = is_upper ? (char)(c - 'A' + 'a') : c;
        } else if (n && name[n - 1] != '-') {
            name[n++] = '-';
        }
    }
    n -= n && name[n - 1] == '-';
    p->name = n ? arena_text(g->a, name, n) : "mapped";
    return p->name ? rv_ok() : arena_fail(g->a, g->err);
}

rv_status suggest_propose(struct arena *a, const struct lexicon *l, const struct sample *sample,
                          const struct facts *facts, const struct suggest_options *options,
                          struct proposal *ret, struct rv_err *reterr)
{
    struct proposal p = {.facts = facts,
                         .sample = sample,
                         .decimal = '.',
                         .total_column = SUGGEST_NONE,
                         .refresh = PROFILE_INCREMENTAL};
    struct proposing g = {
        .a = a, .l = l, .sample = sample, .facts = facts, .o = options, .p = &p, .err = reterr};
    RV_TRY(set_up(&g));
    RV_TRY(choose_kind(&g));
    RV_TRY(add_matched(&g));
    RV_TRY(add_constants(&g));
    RV_TRY(derive_wide(&g));
    RV_TRY(derive_columns(&g));
    RV_TRY(derive_flags(&g));
    qsort(p.list, p.count, sizeof *p.list, compare_suggestions);
    RV_TRY(derive_forms(&g));
    RV_TRY(name_profile(&g));
    RV_TRY(ask(&g));
    p.notes = g.notes;
    p.questions = g.questions;
    *ret = p;
    return rv_ok();
}

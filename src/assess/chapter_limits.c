/* assess/chapter_limits.c — what the law asks of an assessment, and what cannot be said from what
 * is held: two tables. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/chapters.h"

#include <string.h>

#define MOST_NAMED 4 /* subjects of one reason that are named; the others are counted */

static rv_status head_of(struct result_table *t, const char *chapter, const char *chapter_title,
                         const char *title, const char *description)
{
    t->chapter = chapter;
    t->chapter_title = chapter_title;
    t->title = title;
    t->description = description;
    return rv_ok();
}

rv_status part_about(struct hearing *h, const struct template_chapter *c, struct rv_err *reterr)
{
    static const struct result_column columns[] = {{"duty", "What the law asks for", RESULT_TEXT},
                                                   {"source", "Where it says so", RESULT_TEXT}};
    const struct assess_template *t = h->w->options->template;
    struct result_cell *cells = NULL;
    (void)c;
    struct result_table *table =
        compose_table(h->w, "about", "legal-basis", columns, 2, t->basis_count, &cells);
    if (!table) {
        return arena_fail(h->w->held.arena, reterr);
    }
    for (size_t i = 0; i < t->basis_count; i++) {
        cells[2 * i] = cell_text(t->basis[i].text);
        cells[2 * i + 1] = cell_text(t->basis[i].because);
    }
    return head_of(table, "about", "What this assessment is",
                   arena_printf(h->w->held.arena, "%s, version %s", t->title, t->version),
                   "What the law asks of an assessment of this kind, in plain words, and where it "
                   "says so.");
}

/* ---- what cannot be said ---- */

/* Findings that share a reason. */
struct gap {
    const char *reason;
    const char *named; /* "Burglary; Robbery" */
    const char *last;  /* the subject named last */
    size_t subjects, findings;
};

static const char *reason_of(const struct finding *f)
{
    for (size_t i = f->caveat_count; i > 0; i--) {
        const char *text = f->caveats[i - 1];
        if (strncmp(text, "Not available, because", 22) == 0 ||
            strncmp(text, "Not reliable, because", 21) == 0) {
            return text;
        }
    }
    return NULL;
}

static rv_status add_gap(struct assess_work *w, struct gap *gaps, size_t *n,
                         const struct finding *f, struct rv_err *reterr)
{
    const char *reason = reason_of(f);
    const char *subject = f->chapter_title ? f->chapter_title : f->subject;
    size_t at = 0;
    if (!reason || !subject) {
        return rv_ok();
    }
    while (at < *n && strcmp(gaps[at].reason, reason) != 0) {
        at++;
    }
    struct gap *g = &gaps[at];
    if (at == *n) {
        *g = (struct gap){.reason = reason, .named = "", .last = ""};
        (*n)++;
    }
    g->findings++;
    if (strcmp(g->last, subject) == 0) {
        return rv_ok();
    }
    g->last = subject;
    g->subjects++;
    if (g->subjects <= MOST_NAMED) {
        g->named =
            arena_printf(w->held.arena, "%s%s%s", g->named, g->named[0] ? "; " : "", subject);
    }
    return g->named ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status gather_gaps(struct assess_work *w, struct gap **ret, size_t *ret_count,
                             struct rv_err *reterr)
{
    struct gap *gaps = ARENA_NEW(w->held.arena, struct gap, w->finding_count + 1);
    *ret_count = 0;
    if (!gaps) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < w->finding_count; i++) {
        const struct finding *f = &w->findings[i];
        if (f->verdict >= VERDICT_NOT_RELIABLE) {
            RV_TRY(add_gap(w, gaps, ret_count, f, reterr));
        }
    }
    *ret = gaps;
    return rv_ok();
}

static rv_status fill_gap(struct assess_work *w, const struct gap *g, struct result_cell *row,
                          struct rv_err *reterr)
{
    const char *named = g->named;
    if (g->subjects > MOST_NAMED) {
        named = arena_printf(w->held.arena, "%s; and %zu more", named, g->subjects - MOST_NAMED);
    }
    row[0] = cell_text(named);
    row[1] = cell_text(g->reason);
    const char *concerns =
        arena_printf(w->held.arena, "%zu finding%s", g->findings, g->findings == 1 ? "" : "s");
    row[2] = cell_text(concerns);
    return named && concerns ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static bool asks_residents(const struct assess_template *t)
{
    bool asks = false;
    for (size_t i = 0; i < t->chapter_count; i++) {
        asks = asks || t->chapters[i].part == CHAPTER_RESIDENTS;
    }
    return asks;
}

rv_status part_limits(struct hearing *h, const struct template_chapter *c, struct rv_err *reterr)
{
    static const struct result_column columns[] = {{"matter", "About", RESULT_TEXT},
                                                   {"because", "Why", RESULT_TEXT},
                                                   {"concerns", "Concerns", RESULT_TEXT}};
    enum { WIDTH = sizeof columns / sizeof *columns };
    struct assess_work *w = h->w;
    const struct assess_template *t = w->options->template;
    struct gap *gaps = NULL;
    size_t n = 0;
    (void)c;
    bool lacks_surveys = asks_residents(t) && h->surveys == 0;
    size_t said = t->unsaid_count + lacks_surveys;
    RV_TRY(gather_gaps(w, &gaps, &n, reterr));
    struct result_cell *cells = NULL;
    struct result_table *table =
        compose_table(w, "limits", "cannot-be-said", columns, WIDTH, said + n, &cells);
    if (!table) {
        return arena_fail(w->held.arena, reterr);
    }
    for (size_t i = 0; i < t->unsaid_count; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(t->unsaid[i].text);
        row[1] = cell_text(t->unsaid[i].because);
        row[2] = cell_text("all of it");
    }
    if (lacks_surveys) {
        struct result_cell *row = &cells[t->unsaid_count * WIDTH];
        row[0] = cell_text("What residents would put first");
        row[1] = cell_text("No survey is held. 'reeve import FILE PATH --as survey --codebook "
                           "JSON' brings one in.");
        row[2] = cell_text("all of it");
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(fill_gap(w, &gaps[i], &cells[(said + i) * WIDTH], reterr));
    }
    return head_of(table, "limits", "What cannot be said", "What cannot be said from what is held",
                   "First what no record that a partnership holds can tell, then every reason why "
                   "a finding of this assessment is not available or not reliable, with how many "
                   "findings it concerns.");
}

/* assess/quality_chapter.c — the chapter of the report on what the data can and cannot bear.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/quality.h"

#include <string.h>

#define LINES 12 /* worst lines of a source; the others are counted in a note */

static const struct result_column COLUMNS[] = {
    {"found", "What was found", RESULT_TEXT},
    {"verdict", "Verdict", RESULT_TEXT},
    {"concerns", "Concerns", RESULT_TEXT},
    {"remedy", "What to do", RESULT_TEXT},
};
enum { COLUMN_COUNT = sizeof COLUMNS / sizeof *COLUMNS };

/* Both periods when one follows the other, so that no month between them is called missing. */
static struct month_range looked_at(const struct assess_work *w)
{
    struct month_range p = w->options->period, earlier = w->options->compare;
    bool is_next = has_compare(w) && earlier.last + 1 == p.first;
    return is_next ? (struct month_range){earlier.first, p.last} : p;
}

static rv_status add_notes(struct assess_work *w, const struct quality_source *s, size_t told,
                           struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    size_t absent = 0;
    for (size_t i = 0; i < s->check_count; i++) {
        absent += s->checks[i].verdict == VERDICT_NOT_AVAILABLE;
    }
    if (s->attention_count > told) {
        const char *more = arena_printf(a, "%zu more lines: reeve check FILE --source \"%s\".",
                                        s->attention_count - told, s->source->name);
        RV_TRY(compose_note(w, t, more, reterr));
    }
    if (absent) {
        const char *not_made =
            arena_printf(a,
                         "%zu %s could not be made on this source: what was not looked at is not "
                         "called clean.",
                         absent, absent == 1 ? "check" : "checks");
        RV_TRY(compose_note(w, t, not_made, reterr));
    }
    return compose_note(w, t,
                        "The verdict is of the analyses named, not of the supplier. How each fault "
                        "is looked for: the guide, Checking what was brought in.",
                        reterr);
}

static rv_status add_source(struct assess_work *w, const struct quality_source *s,
                            struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    size_t told = s->attention_count < LINES ? s->attention_count : LINES;
    const char *name = compose_slug(a, s->source->name);
    const char *id = name ? arena_printf(a, "%s-%s", s->source->kind, name) : NULL;
    struct result_cell *cells = NULL;
    struct result_table *t =
        id ? compose_table(w, "data-quality", id, COLUMNS, COLUMN_COUNT, told, &cells) : NULL;
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "What needs attention in %s (%s), %s", s->source->name,
                            s->source->kind, compose_period(a, s->period));
    t->description = "Faults found in the records of this source, worst first: what was found, "
                     "whether the analyses it concerns hold, which these are, and what to do.";
    struct finding_source *evidence = NULL;
    RV_TRY(source_evidence(a, s->source, w->options->period, w->options->compare, &evidence,
                           &t->source_count, reterr));
    t->sources = evidence;
    for (size_t i = 0; i < told; i++) { /* those that need attention come first */
        const struct quality_check *c = &s->checks[i];
        struct result_cell *row = &cells[i * COLUMN_COUNT];
        row[0] = cell_text(c->sentence);
        row[1] = cell_text(finding_verdict_name(c->verdict));
        row[2] = cell_text(c->spoils);
        row[3] = cell_text(c->remedy);
    }
    return t->title ? add_notes(w, s, told, t, reterr) : arena_fail(a, reterr);
}

rv_status assess_quality(struct assess_work *w, struct rv_err *reterr)
{
    struct quality_options options = {.period = looked_at(w)};
    struct quality_report report;
    RV_TRY(quality_run(&w->held, &options, &report, reterr));
    for (size_t i = 0; i < report.source_count; i++) {
        if (report.sources[i].attention_count) {
            RV_TRY(add_source(w, &report.sources[i], reterr));
        }
    }
    return rv_ok();
}

/* web/view_told.c — when and who: a question of kind, profile, area and period, told part by part.
 *
 * The question stands in the address, in the words of Explore, and each part leads to the table
 * there that has the same counts. The parts are made by assess/told.h; nothing is counted here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told.h"
#include "base/limits.h"
#include "report/sentence.h"
#include "web/explore.h"
#include "web/finding_model.h"
#include "web/held_call.h"
#include "web/limit.h"
#include "web/views.h"

#include <string.h>

typedef rv_status teller(struct held *h, const struct table_options *question, struct told *ret,
                         struct rv_err *reterr);

/* ---- a part ---- */

/* Counts of people or events; days and residents are none. */
static bool has_small(const struct result_table *t)
{
    for (size_t k = 0; k < t->column_count; k++) {
        const struct result_column *column = &t->columns[k];
        bool is_count = column->type == RESULT_COUNT && strcmp(column->name, "days") != 0 &&
                        strcmp(column->name, "residents") != 0;
        for (size_t r = 0; is_count && r < t->row_count; r++) {
            if (explore_is_small(&t->cells[r * t->column_count + k])) {
                return true;
            }
        }
    }
    return false;
}

static rv_status put_findings(struct call *c, struct model *m, const struct told *told,
                              const struct told_part *part, struct rv_err *reterr)
{
    struct model_list *list = model_list(m, "findings");
    for (size_t i = 0; i < part->finding_count; i++) {
        const struct finding *f = &told->findings[part->first_finding + i];
        struct model *item = model_item(list);
        model_text(item, "id", kept_words(c, f->id));
        model_text(item, "statement", kept_words(c, f->statement));
        model_text(item, "verdict", finding_verdict_name(f->verdict));
        model_bool(item, "is-weak", f->verdict == VERDICT_NOT_RELIABLE);
        model_bool(item, "is-doubtful", f->verdict == VERDICT_CAUTION);
        model_real(item, "value", f->value);
        model_real(item, "lower", f->lower);
        model_real(item, "upper", f->upper);
        model_real(item, "numerator", f->numerator);
        model_real(item, "denominator", f->denominator);
        model_real(item, "missing", f->missing);
        struct model_list *caveats = model_list(item, "caveats");
        bool has_caveats = f->verdict != VERDICT_NOT_AVAILABLE; /* which gives its reason itself */
        for (size_t k = 0; has_caveats && k < f->caveat_count; k++) {
            model_word(caveats, kept_words(c, f->caveats[k]));
        }
    }
    return model_status(m, reterr);
}

/* Where Explore has the same counts. */
static rv_status put_asked(struct call *c, struct model *m, const struct told_part *part,
                           struct rv_err *reterr)
{
    struct explore x = {.options = part->asked, .value = "count"};
    struct buf command RV_CLEANUP(buf_done);
    buf_init(&command, 1u << 16);
    if (!part->asked.by) {
        return rv_ok();
    }
    struct text second, first = text_split(text_of(part->asked.by), ',', &second);
    x.rows = arena_text(c->arena, first.at, first.n);
    x.columns = second.n ? arena_text(c->arena, second.at, second.n) : NULL;
    const char *query = x.rows ? explore_query(c->arena, &x) : NULL;
    table_command(&part->asked, &command);
    RV_TRY(buf_status(&command, reterr));
    model_text(m, "in-explore", query);
    model_text(m, "command", arena_text(c->arena, command.bytes, command.n));
    return query ? rv_ok() : arena_fail(c->arena, reterr);
}

/* In the call's memory, where the page is made. */
static rv_status keep_table(struct call *c, const struct result_table *from,
                            struct result_table *ret, struct rv_err *reterr)
{
    struct result_table t;
    RV_TRY(result_table_copy(c->arena, from, &t, reterr));
    struct result_column *columns = ARENA_NEW(c->arena, struct result_column, t.column_count + 1);
    if (!columns) {
        return arena_fail(c->arena, reterr);
    }
    for (size_t k = 0; k < t.column_count; k++) {
        columns[k] = t.columns[k];
        columns[k].title = kept_words(c, from->columns[k].title);
    }
    t.columns = columns;
    t.title = kept_words(c, from->title);
    t.description = kept_words(c, from->description);
    t.chart = from->chart;
    t.ends_with_total = from->ends_with_total;
    *ret = t;
    return t.title && t.description ? rv_ok() : arena_fail(c->arena, reterr);
}

static rv_status put_table(struct call *c, struct model *m, const struct told_part *part,
                           struct rv_err *reterr)
{
    struct result_table t;
    RV_TRY(keep_table(c, &part->table, &t, reterr));
    model_bool(m, "has-small", has_small(&t));
    model_text(m, "summary", arena_printf(c->arena, "Table: %s", t.title));
    RV_TRY(explore_put_table(model_object(m, "table"), &t, NULL, reterr));
    struct model_list *notes = model_list(m, "table-notes");
    for (size_t i = 0; i < part->table.note_count; i++) {
        model_word(notes, kept_words(c, part->table.notes[i]));
    }
    if (t.chart == CHART_NONE || t.row_count == 0) {
        return rv_ok();
    }
    const struct chart_look look = {.layer = NULL};
    struct html_fragment picture;
    RV_TRY(explore_put_chart(c->arena, &t, part->id, &look, &picture, reterr));
    struct model *shown = model_object(m, "picture");
    model_html(shown, "svg", picture);
    model_text(shown, "description", t.description);
    return rv_ok();
}

static rv_status put_part(struct call *c, struct model *m, const struct told *told,
                          const struct told_part *part, struct rv_err *reterr)
{
    model_text(m, "id", kept_words(c, part->id));
    model_text(m, "title", kept_words(c, part->title));
    model_text(m, "absent", kept_words(c, part->absent));
    RV_TRY(put_findings(c, m, told, part, reterr));
    RV_TRY(part->absent ? rv_ok() : put_table(c, m, part, reterr));
    return put_asked(c, m, part, reterr);
}

/* ---- the page ---- */

static rv_status put_told(struct call *c, const struct told *told, struct rv_err *reterr)
{
    struct model *m = c->model;
    struct model_list *parts = model_list(m, "parts");
    bool any_small = false;
    model_text(m, "heading", kept_words(c, told->title));
    for (size_t i = 0; i < told->count; i++) {
        const struct told_part *part = &told->parts[i];
        any_small |= !part->absent && has_small(&part->table);
        RV_TRY(put_part(c, model_item(parts), told, part, reterr));
    }
    model_bool(m, "has-small", any_small);
    struct model_list *notes = model_list(m, "notes");
    for (size_t i = 0; i < told->note_count; i++) {
        model_word(notes, kept_words(c, told->notes[i]));
    }
    sources_put(m, told->sources, told->source_count);
    return model_status(m, reterr);
}

static bool is_too_much(enum rv_code code)
{
    return code == RV_LIMIT || code == RV_INTERRUPTED || code == RV_NO_MEMORY;
}

/* What somebody can put right by asking otherwise. */
static bool is_of_question(enum rv_code code)
{
    return code == RV_USAGE || code == RV_INVALID || code == RV_NOT_FOUND || code == RV_REFUSED ||
           code == RV_DOMAIN;
}

static rv_status tell(struct call *c, struct held_call *h, const struct explore *x,
                      teller *of_question, struct rv_err *reterr)
{
    struct told told;
    struct sentences *sentences;
    struct rv_err err = {.code = RV_OK};
    struct progress progress RV_CLEANUP(limit_end) = {.step = NULL};
    limit_begin(&progress, EXPLORE_SECONDS);
    h->held.progress = &progress;
    rv_status status = of_question(&h->held, &x->options, &told, &err);
    if (is_too_much(status.code)) {
        const char *words =
            arena_printf(c->arena,
                         "This takes longer than the %d seconds that a page has. Choose a shorter "
                         "period, or an area",
                         EXPLORE_SECONDS);
        call_fault(c, "period", words ? words : "This takes too long. Choose a shorter period");
        return rv_ok();
    }
    if (!rv_is_ok(status) && is_of_question(status.code)) {
        explore_fault(c, x, &err);
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        *reterr = err;
        return status;
    }
    struct assessment all = {.findings = told.findings, .finding_count = told.finding_count};
    RV_TRY(sentences_load(&h->arena, &sentences, reterr));
    RV_TRY(sentences_render_all(sentences, &h->arena, &all, reterr));
    return put_told(c, &told, reterr);
}

/* The question alone: what else Explore takes is not asked here. */
static rv_status read_question(struct call *c, struct explore *ret, struct rv_err *reterr)
{
    struct explore given;
    RV_TRY(explore_read(c, &given, reterr));
    const struct table_options *o = &given.options;
    *ret = (struct explore){.options = {.kind = o->kind,
                                        .profile = o->kind ? NULL : o->profile,
                                        .period = o->period,
                                        .area = o->area},
                            .value = "count",
                            .is_asked = given.is_asked};
    return rv_ok();
}

static rv_status view(struct call *c, teller *of_question, struct rv_err *reterr)
{
    struct explore x;
    struct rv_err err;
    struct held_call h RV_CLEANUP(held_call_done) = {.is_inside = false};
    RV_TRY(read_question(c, &x, reterr));
    model_bool(c->model, "is-asked", x.is_asked);
    model_text(c->model, "path", c->route->path);
    rv_status status = held_call_open(c, &h, &err);
    if (!rv_is_ok(status) && status.code != RV_BUSY) {
        *reterr = err;
        return status;
    }
    RV_TRY(explore_put_question(c, &h.held, &x, reterr));
    if (!rv_is_ok(status)) { /* somebody else is inside: the page says so */
        call_fault_of(c, "kind", status.code, err.message);
        return rv_ok();
    }
    return x.is_asked ? tell(c, &h, &x, of_question, reterr) : rv_ok();
}

rv_status view_time(struct call *c, struct rv_err *reterr)
{
    return view(c, told_when, reterr);
}

rv_status view_who(struct call *c, struct rv_err *reterr)
{
    return view(c, told_who, reterr);
}

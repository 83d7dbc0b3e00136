/* web/mapping_model.c — a file that was sent, as the mapping assistant sees it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/mapping_model.h"

#include "ingest/kind.h"
#include "ingest/suggest_known.h"
#include "ingest/suggest_say.h"
#include "read/archive.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/jobs.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#define ROWS_SHOWN 5

static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

void mapping_lock(void)
{
    pthread_mutex_lock(&reading);
}

void mapping_unlock(void)
{
    pthread_mutex_unlock(&reading);
}

const char *mapping_dir(struct call *c)
{
    return uploads_dir(c->arena, call_state_dir(c));
}

/* ---- reading ---- */

rv_status mapping_find(struct call *c, struct kept_upload *ret, struct rv_err *reterr)
{
    const char *dir = mapping_dir(c);
    return dir ? uploads_find(c->arena, dir, c->arguments[0], c->session.account, ret, reterr)
               : arena_fail(c->arena, reterr);
}

static rv_status take_answers(struct call *c, struct looked *l, struct rv_err *reterr)
{
    const struct fields *f = &l->upload.answers;
    struct answer *answers = ARENA_NEW(c->arena, struct answer, f->count + 2);
    if (!answers) {
        return arena_fail(c->arena, reterr);
    }
    for (size_t i = 0; i < f->count; i++) {
        answers[i].key = arena_text(c->arena, f->at[i].name.at, f->at[i].name.n);
        answers[i].value = arena_text(c->arena, f->at[i].value.at, f->at[i].value.n);
        if (!answers[i].key || !answers[i].value) {
            return arena_fail(c->arena, reterr);
        }
    }
    l->options = (struct suggest_options){.answers = answers,
                                          .answer_count = f->count,
                                          .least = MAPPING_LEAST,
                                          .file_name = l->upload.file_name};
    return rv_ok();
}

/* An archive of one table is that table; one of several is taken table by table. */
static rv_status look_at_archive(struct call *c, struct looked *l, struct rv_err *reterr)
{
    struct form_declared none = {.encoding = NULL};
    struct form form;
    const char *only = NULL;
    size_t tables = 0;
    if (!archive_is_one(l->upload.path) || answer_to(&l->options, "member")) {
        return rv_ok();
    }
    RV_TRY(form_detect(c->arena, l->upload.path, &none, &form, reterr));
    for (size_t i = 0; form.format == FORM_ARCHIVE && i < form.members.count; i++) {
        const struct zip_member *member = &form.members.members[i];
        if (!member->is_folder && !member->unreadable) {
            only = member->name;
            tables++;
        }
    }
    l->is_archive = form.format == FORM_ARCHIVE && tables != 1;
    if (form.format == FORM_ARCHIVE && tables == 1) {
        struct answer *room = ARENA_NEW(c->arena, struct answer, l->options.answer_count + 1);
        if (!room) {
            return arena_fail(c->arena, reterr);
        }
        if (l->options.answer_count) {
            memcpy(room, l->options.answers, l->options.answer_count * sizeof *room);
        }
        room[l->options.answer_count++] = (struct answer){"member", only};
        l->options.answers = room;
    }
    return rv_ok();
}

static rv_status look(struct call *c, struct looked *l, struct rv_err *reterr)
{
    struct form_declared declared;
    struct profile *kept;
    size_t kept_count;
    RV_TRY(take_answers(c, l, reterr));
    RV_TRY(look_at_archive(c, l, reterr));
    if (l->is_archive) {
        return rv_ok();
    }
    RV_TRY(answers_form(&l->options, &declared, reterr));
    RV_TRY(lexicon_load(c->arena, &l->lexicon, reterr));
    RV_TRY(sample_read(c->arena, l->upload.path, &declared, NULL, &l->sampled, reterr));
    RV_TRY(facts_find(c->arena, l->lexicon, &l->sampled.sample, &l->facts, reterr));
    l->options.form = &l->sampled.form;
    if (l->options.answer_count == 0) {
        RV_TRY(mapping_kept(c, &kept, &kept_count, reterr));
        RV_TRY(sample_known(c->arena, &l->sampled.sample, kept, kept_count, &l->known, reterr));
    }
    return l->known ? rv_ok()
                    : suggest_propose(c->arena, l->lexicon, &l->sampled.sample, l->facts,
                                      &l->options, &l->proposal, reterr);
}

rv_status upload_look(struct call *c, struct looked *ret, struct rv_err *reterr)
{
    *ret = (struct looked){.is_archive = false};
    RV_TRY(mapping_find(c, &ret->upload, reterr));
    mapping_lock();
    rv_status status = look(c, ret, reterr);
    mapping_unlock();
    return status;
}

rv_status mapping_profile(struct call *c, const struct looked *l, struct profile *ret,
                          struct rv_err *reterr)
{
    if (l->known) {
        *ret = *l->known;
        return rv_ok();
    }
    return suggest_profile(c->arena, &l->proposal, &l->options, ret, reterr);
}

/* ---- what is shown ---- */

static const struct suggestion *suggestion_of(const struct looked *l, size_t column)
{
    const struct suggestion *found = NULL;
    for (size_t i = 0; i < l->proposal.count; i++) {
        const struct suggestion *s = &l->proposal.list[i];
        if (s->column == column && (!found || s->is_taken)) {
            found = s;
        }
    }
    return found;
}

static bool is_wide(const struct looked *l, size_t column)
{
    for (size_t i = 0; i < l->proposal.wide_count; i++) {
        if (l->proposal.wide[i].column == column) {
            return true;
        }
    }
    return false;
}

/* A column that goes into another's suggestion: the time of day beside a date, a further flag. */
static const struct suggestion *joined_to(const struct looked *l, size_t column)
{
    for (size_t i = 0; i < l->proposal.count; i++) {
        const struct suggestion *s = &l->proposal.list[i];
        bool is_joined = s->time_column == column;
        for (size_t k = 0; k < s->also_count; k++) {
            is_joined = is_joined || s->also[k].column == column;
        }
        if (is_joined && s->is_taken) {
            return s;
        }
    }
    return NULL;
}

const char *mapping_target(const struct looked *l, size_t column)
{
    const struct suggestion *s = suggestion_of(l, column);
    return s && s->is_taken ? s->kc->name : "drop";
}

static const struct set_aside *aside_of(const struct looked *l, size_t column)
{
    for (size_t i = 0; i < l->proposal.aside_count; i++) {
        if (l->proposal.aside[i].column == column) {
            return &l->proposal.aside[i];
        }
    }
    return NULL;
}

static void put_choices(struct model *row, const struct kind *kind, const char *target)
{
    struct model_list *choices = model_list(row, "choices");
    struct model *none = model_item(choices);
    model_text(none, "value", "drop");
    model_text(none, "words", "not stored");
    model_bool(none, "selected", strcmp(target, "drop") == 0);
    for (size_t i = 0; i < kind->column_count; i++) {
        struct model *choice = model_item(choices);
        const char *name = kind->columns[i].name;
        model_text(choice, "value", name);
        model_text(choice, "words", name);
        model_bool(choice, "selected", strcmp(target, name) == 0);
    }
}

static void put_column(struct call *c, const struct looked *l, struct model_list *list, size_t i)
{
    struct arena *a = c->arena;
    struct model *row = model_item(list);
    const struct suggestion *s = suggestion_of(l, i), *other = joined_to(l, i);
    const struct set_aside *aside = aside_of(l, i);
    model_int(row, "number", (int64_t)i);
    model_text(row, "header", l->facts[i].header[0] ? l->facts[i].header : "(without a header)");
    model_text(row, "personal", l->facts[i].personal);
    if (s) {
        model_text(row, "confidence", arena_printf(a, "%.0f%%", 100 * s->confidence));
        model_text(row, "because", s->because);
        model_text(row, "format", s->format && s->format[0] ? s->format : NULL);
    } else if (is_wide(l, i)) {
        model_text(row, "because", "it becomes rows of its own");
    } else if (other) {
        model_text(row, "because", arena_printf(a, "it goes into %s", other->kc->name));
    } else {
        model_text(row, "because", aside ? aside->because : NULL);
    }
    bool is_fixed = l->facts[i].personal || is_wide(l, i) || (other && !s);
    model_bool(row, "is-fixed", is_fixed);
    put_choices(row, l->proposal.kind, mapping_target(l, i));
}

/* Cells of the first rows, but none that could be about one person: no free text, no references,
 * no column that looks personal. */
static bool may_be_shown(const struct looked *l, size_t column)
{
    const struct suggestion *s = suggestion_of(l, column);
    return s && s->is_taken && !l->facts[column].personal && s->kc->type != COLUMN_TEXT &&
           !s->kc->is_place_text;
}

static void put_rows(struct call *c, const struct looked *l)
{
    const struct sample *s = &l->sampled.sample;
    struct model_list *heads = model_list(c->model, "shown");
    struct model_list *rows = model_list(c->model, "rows");
    for (size_t i = 0; i < s->columns; i++) {
        if (may_be_shown(l, i)) {
            struct model *head = model_item(heads);
            model_text(head, "header", l->facts[i].header);
            model_text(head, "target", mapping_target(l, i));
        }
    }
    for (size_t r = 0; r < s->rows && r < ROWS_SHOWN && model_list_count(heads); r++) {
        struct model_list *cells = model_list(model_item(rows), "cells");
        for (size_t i = 0; i < s->columns; i++) {
            if (may_be_shown(l, i)) {
                const struct text *cell = &s->cells[r * s->columns + i];
                model_slice(model_item(cells), "cell", cell->n ? *cell : text_of(""));
            }
        }
    }
    model_bool(c->model, "has-rows", model_list_count(rows) > 0);
}

static void put_questions(struct call *c, const struct proposal *p)
{
    struct model_list *list = model_list(c->model, "questions");
    for (size_t i = 0; i < p->question_count; i++) {
        const struct question *q = &p->questions[i];
        struct model *row = model_item(list);
        model_int(row, "number", (int64_t)i);
        model_text(row, "field", arena_printf(c->arena, "q%zu", i));
        model_text(row, "text", q->text);
        model_text(row, "label",
                   arena_printf(c->arena, "%s%s", q->text, q->is_hard ? "" : " (optional)"));
        model_bool(row, "is-hard", q->is_hard);
        model_bool(row, "is-typed", q->is_free && q->choice_count == 0);
        struct model_list *choices = model_list(row, "choices");
        for (size_t k = 0; k < q->choice_count; k++) {
            struct model *choice = model_item(choices);
            model_text(choice, "value", q->choices[k].value);
            model_text(choice, "words", q->choices[k].label);
            model_bool(choice, "selected", k == q->usual);
        }
    }
    model_int(c->model, "question-count", (int64_t)p->question_count);
    model_int(c->model, "hard-count", (int64_t)p->hard_count);
}

static void put_kinds(struct call *c, const struct proposal *p)
{
    size_t count;
    const struct kind *kinds = kind_table(&count);
    struct model_list *list = model_list(c->model, "kinds");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_text(row, "name", kinds[i].name);
        model_bool(row, "selected", &kinds[i] == p->kind);
    }
    model_text(c->model, "kind", p->kind->name);
    model_text(c->model, "kind-because", p->kind_because);
}

void mapping_put(struct call *c, const struct looked *l)
{
    const struct proposal *p = &l->proposal;
    model_text(c->model, "rows-words", count_words(c->arena, p->sample->file_rows));
    put_kinds(c, p);
    struct model_list *columns = model_list(c->model, "columns");
    for (size_t i = 0; i < p->sample->columns; i++) {
        put_column(c, l, columns, i);
    }
    struct model_list *constants = model_list(c->model, "constants");
    for (size_t i = 0; i < p->count; i++) {
        if (p->list[i].column == SUGGEST_NONE && p->list[i].is_taken && p->list[i].constant) {
            struct model *row = model_item(constants);
            model_text(row, "name", p->list[i].kc->name);
            model_text(row, "value", p->list[i].constant);
        }
    }
    struct model_list *notes = model_list(c->model, "notes");
    for (size_t i = 0; i < p->note_count; i++) {
        model_word(notes, p->notes[i]);
    }
    put_questions(c, p);
    put_rows(c, l);
}

/* ---- what an import would do ---- */

static const char *lines_words(struct arena *a, const struct preview_fault *f)
{
    const char *words = "";
    for (size_t i = 0; i < f->example_count && words; i++) {
        words = arena_printf(a, "%s%s%lld", words, i ? ", " : "", (long long)f->lines[i]);
    }
    return words;
}

void mapping_put_preview(struct call *c, const struct preview *v)
{
    struct arena *a = c->arena;
    struct model *m = model_object(c->model, "preview");
    model_int(m, "read", v->read);
    model_text(m, "read-words", count_words(a, v->read));
    model_int(m, "accepted", v->accepted);
    model_text(m, "accepted-words", count_words(a, v->accepted));
    model_int(m, "quarantined", v->quarantined);
    model_text(m, "quarantined-words", count_words(a, v->quarantined));
    model_int(m, "excluded", v->excluded);
    model_text(m, "excluded-words", count_words(a, v->excluded));
    model_int(m, "not-recorded", v->not_recorded);
    model_text(m, "not-recorded-words", count_words(a, v->not_recorded));
    model_text(m, "period", period_words(a, (struct month_range){v->first_month, v->last_month}));
    model_text(m, "refused", v->is_refused ? v->refused_because : NULL);
    struct model_list *faults = model_list(m, "faults-of-rows");
    for (size_t i = 0; i < v->fault_count; i++) {
        const struct preview_fault *f = &v->faults[i];
        struct model *row = model_item(faults);
        model_text(row, "code", f->code);
        model_text(row, "column", f->column[0] ? f->column : "the whole row");
        model_text(row, "sentence", f->sentence);
        model_int(row, "rows", f->rows);
        model_text(row, "rows-words", count_words(a, f->rows));
        model_text(row, "lines", lines_words(a, f));
    }
    struct model_list *columns = model_list(m, "columns");
    for (size_t i = 0; i < v->column_count; i++) {
        struct model *row = model_item(columns);
        model_text(row, "name", v->columns[i].name);
        model_text(row, "from", v->columns[i].from);
        model_int(row, "filled", v->columns[i].filled);
        model_text(row, "filled-words", count_words(a, v->columns[i].filled));
    }
}

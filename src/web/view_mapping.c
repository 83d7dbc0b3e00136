/* web/view_mapping.c — the mapping assistant as a page: what a file is, and which column is which.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest/kind.h"
#include "web/data_words.h"
#include "web/mapping_model.h"
#include "web/views.h"

#include <stdio.h>
#include <string.h>

static rv_status go_on(struct call *c, const struct kept_upload *u, const char *step,
                       struct rv_err *reterr)
{
    const char *next = arena_printf(c->arena, "/workbench/data/uploads/%s%s", u->id, step);
    return next ? call_go_to(c, next, reterr) : arena_fail(c->arena, reterr);
}

static void put_upload(struct call *c, const struct kept_upload *u)
{
    model_text(c->model, "id", u->id);
    model_text(c->model, "file", u->file_name);
}

/* A file that is no table, or answers that do not fit it: said, with a way to begin anew. */
static rv_status show_unreadable(struct call *c, const char *words, struct rv_err *reterr)
{
    struct kept_upload u;
    RV_TRY(mapping_find(c, &u, reterr));
    put_upload(c, &u);
    model_slice(c->model, "unreadable",
                words_without(c->arena, text_of(words), u.path, u.file_name));
    model_bool(c->model, "has-answers", u.answers.count > 0);
    call_show(c, "data-unreadable");
    return rv_ok();
}

static bool is_about_the_file(rv_status status)
{
    return status.code == RV_INVALID || status.code == RV_USAGE || status.code == RV_LIMIT ||
           status.code == RV_REFUSED;
}

static void show(struct call *c, const struct looked *l)
{
    put_upload(c, &l->upload);
    mapping_put(c, l);
}

rv_status view_mapping(struct call *c, struct rv_err *reterr)
{
    struct looked *l = ARENA_NEW(c->arena, struct looked, 1);
    struct rv_err err;
    if (!l) {
        return arena_fail(c->arena, reterr);
    }
    rv_status status = upload_look(c, l, &err);
    if (is_about_the_file(status)) {
        return show_unreadable(c, err.message, reterr);
    }
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s", err.message);
    }
    if (l->is_archive || l->known) {
        return go_on(c, &l->upload, "/import", reterr);
    }
    show(c, l);
    return rv_ok();
}

/* ---- answers ---- */

struct answering {
    struct call *c;
    const struct looked *l;
    struct field *list;
    size_t count;
};

/* The last answer of a key is the one that counts. */
static void put_answer(struct answering *g, struct text key, struct text value)
{
    size_t i = 0;
    while (i < g->count && !text_equal(g->list[i].name, key)) {
        i++;
    }
    if (i < MAPPING_ANSWERS) {
        g->list[i] = (struct field){key, value};
        g->count = i == g->count ? i + 1 : g->count;
    }
}

static void take_columns(struct answering *g)
{
    char name[24];
    for (size_t i = 0; i < g->l->sampled.sample.columns; i++) {
        (void)snprintf(name, sizeof name, "c%zu", i);
        struct text said = call_form(g->c, name);
        if (said.n > 0 && !text_is(said, mapping_target(g->l, i))) {
            put_answer(g, text_of(g->l->facts[i].header), said);
        }
    }
}

static void take_questions(struct answering *g)
{
    char name[24];
    for (size_t i = 0; i < g->l->proposal.question_count; i++) {
        (void)snprintf(name, sizeof name, "q%zu", i);
        struct text said = call_form(g->c, name);
        if (said.n > 0) {
            put_answer(g, text_of(g->l->proposal.questions[i].key), said);
        }
    }
}

/* Another kind has other columns: what was said of the old ones is forgotten. */
static rv_status collect(struct answering *g, struct rv_err *reterr)
{
    struct call *c = g->c;
    struct text kind = call_form(c, "kind");
    g->list = ARENA_NEW(c->arena, struct field, MAPPING_ANSWERS);
    if (!g->list) {
        return arena_fail(c->arena, reterr);
    }
    bool is_same = text_is(kind, g->l->proposal.kind->name);
    const struct fields *before = &g->l->upload.answers;
    for (size_t i = 0; is_same && i < before->count; i++) {
        put_answer(g, before->at[i].name, before->at[i].value);
    }
    put_answer(g, text_of("kind"), kind);
    if (is_same) {
        take_columns(g);
        take_questions(g);
    }
    return rv_ok();
}

/* Are the answers ones that the assistant understands? Said on the page otherwise. */
static bool are_good(struct call *c, const struct answering *g, struct proposal *ret,
                     struct rv_err *reterr)
{
    struct suggest_options o = g->l->options;
    struct answer *answers = ARENA_NEW(c->arena, struct answer, g->count + 2);
    for (size_t i = 0; answers && i < g->count; i++) {
        answers[i].key = arena_text(c->arena, g->list[i].name.at, g->list[i].name.n);
        answers[i].value = arena_text(c->arena, g->list[i].value.at, g->list[i].value.n);
        if (!answers[i].key || !answers[i].value) {
            return false;
        }
    }
    o.answers = answers;
    o.answer_count = g->count;
    return answers && rv_is_ok(suggest_propose(c->arena, g->l->lexicon, &g->l->sampled.sample,
                                               g->l->facts, &o, ret, reterr));
}

rv_status post_mapping(struct call *c, struct rv_err *reterr)
{
    struct looked *l = ARENA_NEW(c->arena, struct looked, 1);
    struct proposal proposal;
    struct rv_err err = {.code = RV_OK};
    if (!l) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(upload_look(c, l, reterr));
    if (l->is_archive || l->known) {
        return go_on(c, &l->upload, "/import", reterr);
    }
    struct answering g = {.c = c, .l = l};
    RV_TRY(collect(&g, reterr));
    if (!are_good(c, &g, &proposal, &err)) {
        call_fault(c, "kind", err.code ? err.message : "These answers do not fit the file");
        call_show(c, "data-mapping");
        show(c, l);
        return rv_ok();
    }
    RV_TRY(uploads_put_answers(c->arena, &l->upload, g.list, g.count, reterr));
    bool is_done = proposal.hard_count == 0 && text_is(call_form(c, "do"), "check");
    return go_on(c, &l->upload, is_done ? "/import" : "", reterr);
}

/* A file that is known is mapped all the same; answers that lead nowhere are forgotten. */
rv_status post_mapping_afresh(struct call *c, struct rv_err *reterr)
{
    struct looked *l = ARENA_NEW(c->arena, struct looked, 1);
    struct kept_upload u;
    struct field kind;
    size_t count = 0;
    if (!l) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(mapping_find(c, &u, reterr));
    if (rv_is_ok(upload_look(c, l, NULL)) && l->known) {
        kind = (struct field){text_of("kind"), text_of(l->known->kind->name)};
        count = 1;
    }
    RV_TRY(uploads_put_answers(c->arena, &u, &kind, count, reterr));
    return go_on(c, &u, "", reterr);
}

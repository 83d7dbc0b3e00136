/* web/view_workbench.c — the analyst's start and findings: read, ask why, release or withhold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release.h"
#include "base/hash.h"
#include "report/stored.h"
#include "store/extract.h"
#include "web/finding_model.h"
#include "web/views.h"

#include <string.h>

rv_status view_workbench(struct call *c, struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count;
    struct stored_findings stored;
    RV_TRY(extract_list(c->store, c->arena, NULL, &extracts, &count, reterr));
    model_int(c->model, "extracts", (int64_t)count);
    model_bool(c->model, "may-assess", role_may(c->session.role, RIGHT_ASSESS));
    model_bool(c->model, "may-read-records", role_may(c->session.role, RIGHT_READ_RECORDS));
    rv_status status = call_findings(c, &stored, reterr);
    if (status.code == RV_NOT_FOUND) {
        return rv_ok();
    }
    RV_TRY(status);
    struct model *assessment = model_object(c->model, "assessment");
    model_int(assessment, "findings", (int64_t)stored.count);
    model_text(assessment, "period", period_words(c->arena, stored.period));
    return rv_ok();
}

/* ---- the list ---- */

struct choice {
    struct text chapter, release;
};

static const char *chapter_of(const struct finding *f)
{
    return f->chapter ? f->chapter : f->theme;
}

static bool is_chosen(const struct choice *choice, const struct finding *f, enum release release)
{
    return (choice->chapter.n == 0 || text_is(choice->chapter, chapter_of(f))) &&
           (choice->release.n == 0 || text_is(choice->release, release_name(release)));
}

/* The chapters there are, once each, in report order. */
static void put_chapters(struct call *c, const struct stored_findings *stored, struct text chosen)
{
    struct model_list *list = model_list(c->model, "chapters");
    const char *last = "";
    for (size_t i = 0; i < stored->count; i++) {
        const struct finding *f = &stored->findings[i];
        if (strcmp(chapter_of(f), last) == 0) {
            continue;
        }
        last = chapter_of(f);
        bool is_known = false;
        for (const struct model_value *v = model_list_first(list); v; v = v->next) {
            is_known = is_known || text_is(model_find(v->object, text_of("id"))->text, last);
        }
        if (!is_known) {
            struct model *item = model_item(list);
            model_text(item, "id", last);
            model_text(item, "words", f->chapter_title ? f->chapter_title : last);
            model_bool(item, "selected", text_is(chosen, last));
        }
    }
}

static void put_releases(struct call *c, struct text chosen)
{
    struct model_list *list = model_list(c->model, "releases");
    for (int r = RELEASE_UNDECIDED; r <= RELEASE_CHANGED; r++) {
        struct model *item = model_item(list);
        model_text(item, "words", release_name((enum release)r));
        model_bool(item, "selected", text_is(chosen, release_name((enum release)r)));
    }
}

rv_status view_workbench_findings(struct call *c, struct rv_err *reterr)
{
    struct stored_findings stored;
    struct decision *decisions;
    size_t decision_count;
    struct choice choice = {call_query(c, "chapter"), call_query(c, "release")};
    rv_status status = call_findings(c, &stored, reterr);
    if (status.code == RV_NOT_FOUND) {
        return rv_ok(); /* the page says what to do */
    }
    RV_TRY(status);
    RV_TRY(release_list(c->store, c->arena, &decisions, &decision_count, reterr));
    model_bool(c->model, "has-assessment", true);
    put_chapters(c, &stored, choice.chapter);
    put_releases(c, choice.release);
    struct model_list *list = model_list(c->model, "findings");
    for (size_t i = 0; i < stored.count; i++) {
        const struct finding *f = &stored.findings[i];
        enum release release;
        RV_TRY(
            release_of(decisions, decision_count, f->id, stored.bodies[i], &release, NULL, reterr));
        if (is_chosen(&choice, f, release)) {
            struct model *row = model_item(list);
            finding_put_line(row, f);
            model_text(row, "release", release_name(release));
        }
    }
    model_int(c->model, "count", (int64_t)model_list_count(list));
    return rv_ok();
}

/* ---- one ---- */

static void put_sources(struct model *m, const struct finding *f)
{
    struct model_list *list = model_list(m, "sources");
    for (size_t i = 0; i < f->source_count; i++) {
        struct model *source = model_item(list);
        model_int(source, "extract", f->sources[i].extract);
        model_text(source, "file", f->sources[i].file_name);
        model_text(source, "sha256", f->sources[i].sha256);
    }
}

static rv_status put_decision(struct call *c, const struct finding *f, enum release release,
                              const struct decision *d, struct rv_err *reterr)
{
    struct rv_err err;
    struct release_terms terms;
    struct model *m = c->model;
    model_text(m, "release", release_name(release));
    model_bool(m, "is-changed", release == RELEASE_CHANGED);
    if (d) {
        struct model *decision = model_object(m, "decision");
        model_text(decision, "at", time_words(c->arena, d->at));
        model_text(decision, "note", d->note);
        model_bool(decision, "is-release", d->is_release);
    }
    if (!role_may(c->session.role, RIGHT_ASSESS)) {
        return rv_ok();
    }
    model_bool(m, "may-decide", true);
    RV_TRY(release_terms_load(c->store, c->arena, &terms, reterr));
    bool may_release = rv_is_ok(release_judge(&terms, f, &err));
    model_bool(m, "may-release", may_release);
    if (!may_release) {
        model_text(m, "why-not", arena_text(c->arena, err.message, strlen(err.message)));
    }
    return model_status(m, reterr);
}

struct found {
    struct stored_findings stored;
    const struct finding *finding;
    struct text body;
    struct decision *decisions;
    size_t decision_count;
};

static rv_status find(struct call *c, struct found *ret, struct rv_err *reterr)
{
    RV_TRY(call_findings(c, &ret->stored, reterr));
    ret->finding = stored_finding(&ret->stored, c->arguments[0], &ret->body);
    return ret->finding
               ? release_list(c->store, c->arena, &ret->decisions, &ret->decision_count, reterr)
               : call_not_there(c, reterr);
}

static rv_status put_one(struct call *c, const struct found *x, struct rv_err *reterr)
{
    enum release release;
    const struct decision *d;
    RV_TRY(
        release_of(x->decisions, x->decision_count, x->finding->id, x->body, &release, &d, reterr));
    char read[SHA256_HEX + 1];
    RV_TRY(sha256_of(x->body.at, x->body.n, read, reterr));
    model_text(c->model, "read", arena_text(c->arena, read, SHA256_HEX));
    model_text(c->model, "title", x->finding->statement);
    RV_TRY(finding_put(c->model, x->finding, reterr));
    model_text(c->model, "query", x->finding->query);
    put_sources(c->model, x->finding);
    return put_decision(c, x->finding, release, d, reterr);
}

rv_status view_workbench_finding(struct call *c, struct rv_err *reterr)
{
    struct found x;
    RV_TRY(find(c, &x, reterr));
    return put_one(c, &x, reterr);
}

/* In one transaction with its row of the audit. */
static rv_status decide(struct call *c, struct store *s, const struct found *x, bool is_release,
                        struct rv_err *reterr)
{
    struct text said = call_form(c, "note");
    const char *note = arena_text(c->arena, said.at, said.n);
    if (!note) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(release_decide(s, x->finding->id, x->body, is_release, note, c->session.account, c->now,
                          reterr));
    RV_TRY(audit_add(s, call_act(c), is_release ? "finding.release" : "finding.withhold",
                     x->finding->id, "done", reterr));
    return store_commit(s, reterr);
}

/* What is decided is what was read: the form carries the hash of the finding as it was shown. */
rv_status post_release(struct call *c, struct rv_err *reterr)
{
    struct text wanted = call_form(c, "decision");
    bool is_release = text_is(wanted, "release");
    struct found x;
    struct rv_err err;
    struct release_terms terms;
    char now[SHA256_HEX + 1];
    RV_TRY(find(c, &x, reterr));
    RV_TRY(release_terms_load(c->store, c->arena, &terms, reterr));
    RV_TRY(sha256_of(x.body.at, x.body.n, now, reterr));
    if (!is_release && !text_is(wanted, "withhold")) {
        call_fault(c, "decision", "Choose whether the public may read this finding");
    } else if (is_release && !rv_is_ok(release_judge(&terms, x.finding, &err))) {
        call_fault(c, "decision", err.message);
    } else if (call_form(c, "note").n > RELEASE_NOTE_BYTES) {
        call_fault(c, "note", "The note is too long: write at most 2,000 characters");
    } else if (!text_is(call_form(c, "read"), now)) {
        call_fault(c, "decision",
                   "The finding changed while you read it. Read it again before you decide");
    } else {
        struct store *writer = call_writer(c);
        rv_status status = decide(c, writer, &x, is_release, reterr);
        call_writer_done(c);
        RV_TRY(status);
        const char *back = arena_printf(c->arena, "/workbench/findings/%s", x.finding->id);
        return back ? call_go_to(c, back, reterr) : arena_fail(c->arena, reterr);
    }
    call_show(c, "workbench-finding");
    return put_one(c, &x, reterr);
}

/* web/view_workbench.c — the analyst's start and findings: read, ask why, release or withhold.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release_table.h"
#include "base/hash.h"
#include "report/stored.h"
#include "store/extract.h"
#include "web/explore.h"
#include "web/explore_links.h"
#include "web/finding_figure.h"
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
            model_text(item, "words",
                       f->chapter_title ? f->chapter_title : explore_title(c->arena, last));
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
        struct standing standing;
        RV_TRY(release_of(decisions, decision_count, f->id, stored.bodies[i],
                          stored.table_hashes[i], &standing, reterr));
        if (is_chosen(&choice, f, standing.release)) {
            struct model *row = model_item(list);
            finding_put_line(row, f);
            model_text(row, "release", release_name(standing.release));
        }
    }
    model_int(c->model, "count", (int64_t)model_list_count(list));
    return rv_ok();
}

/* ---- one ---- */

/* A finding, the table beside it, and what of both may be let out. */
struct found {
    struct stored_findings stored;
    const struct finding *finding;
    struct text body;
    const char *table_hash; /* NULL = no table */
    struct result_table table;
    struct result_table let_out; /* what the public would read of the table */
    bool has_table;              /* that this person may see */
    bool may_release, may_release_table;
    const char *why_not, *why_not_table; /* NULL when it may be */
    const char *read;                    /* a hash of what is shown of both */
    struct standing standing;
};

static rv_status find_table(struct call *c, size_t at, struct found *x, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    RV_TRY(stored_table(c->store, c->arena, &x->stored, at, &x->table, &x->has_table, reterr));
    x->table_hash = x->has_table ? x->stored.table_hashes[at] : NULL;
    const char *both = arena_printf(c->arena, "%.*s\n%s", (int)x->body.n, x->body.at,
                                    x->table_hash ? x->table_hash : "");
    if (!both) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(sha256_of(both, strlen(both), hash, reterr));
    x->read = arena_text(c->arena, hash, SHA256_HEX);
    return x->read ? rv_ok() : arena_fail(c->arena, reterr);
}

static rv_status judge(struct call *c, struct found *x, struct rv_err *reterr)
{
    struct rv_err err;
    struct release_terms terms;
    RV_TRY(release_terms_load(c->store, c->arena, &terms, reterr));
    x->may_release = rv_is_ok(release_judge(&terms, x->finding, &err));
    if (!x->may_release) {
        x->why_not = arena_text(c->arena, err.message, strlen(err.message));
    } else if (x->has_table) {
        x->may_release_table =
            rv_is_ok(release_table(c->arena, &terms, x->finding, &x->table, &x->let_out, &err));
        x->why_not_table =
            x->may_release_table ? NULL : arena_text(c->arena, err.message, strlen(err.message));
    }
    return rv_ok();
}

static rv_status find(struct call *c, struct found *ret, struct rv_err *reterr)
{
    struct decision *decisions;
    size_t count;
    *ret = (struct found){.has_table = false};
    RV_TRY(call_findings(c, &ret->stored, reterr));
    size_t at = stored_finding(&ret->stored, c->arguments[0]);
    if (at == ret->stored.count) {
        return call_not_there(c, reterr);
    }
    ret->finding = &ret->stored.findings[at];
    ret->body = ret->stored.bodies[at];
    RV_TRY(find_table(c, at, ret, reterr));
    RV_TRY(release_list(c->store, c->arena, &decisions, &count, reterr));
    RV_TRY(release_of(decisions, count, ret->finding->id, ret->body, ret->stored.table_hashes[at],
                      &ret->standing, reterr));
    return judge(c, ret, reterr);
}

static void put_decision(struct call *c, const struct found *x)
{
    struct model *m = c->model;
    const struct decision *d = x->standing.decision;
    bool is_released = x->standing.release == RELEASE_RELEASED;
    model_text(m, "release", release_name(x->standing.release));
    model_bool(m, "is-changed", x->standing.release == RELEASE_CHANGED);
    model_bool(m, "is-with-table", x->standing.has_table && x->may_release_table);
    model_bool(m, "is-alone", is_released && !x->standing.has_table && x->may_release_table);
    if (d) {
        struct model *decision = model_object(m, "decision");
        model_text(decision, "at", time_words(c->arena, d->at));
        model_text(decision, "note", d->note);
        model_bool(decision, "is-release", d->is_release);
    }
    if (!role_may(c->session.role, RIGHT_ASSESS)) {
        return;
    }
    model_bool(m, "may-decide", true);
    model_bool(m, "may-release", x->may_release);
    model_bool(m, "may-release-table", x->may_release_table);
    model_text(m, "why-not", x->why_not);
    model_text(m, "why-not-table", x->why_not_table);
}

/* "6, 7, 9": they may be more than those of the finding. */
static rv_status put_table_extracts(struct call *c, const struct found *x, struct rv_err *reterr)
{
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 1u << 16);
    for (size_t i = 0; i < x->table.source_count; i++) {
        buf_printf(&words, "%s%lld", i ? ", " : "", (long long)x->table.sources[i].extract);
    }
    RV_TRY(buf_status(&words, reterr));
    if (words.n) {
        model_text(c->model, "table-extracts", arena_text(c->arena, words.bytes, words.n));
    }
    return rv_ok();
}

static rv_status put_table(struct call *c, const struct found *x, struct rv_err *reterr)
{
    RV_TRY(figure_put(c, c->model, x->finding, &x->table, "figure", reterr));
    return put_table_extracts(c, x, reterr);
}

/* The public would read less of the table than the analyst: what, in full. */
static rv_status put_let_out(struct call *c, const struct found *x, struct rv_err *reterr)
{
    bool is_part = x->may_release_table && x->let_out.column_count < x->table.column_count;
    if (!is_part || !role_may(c->session.role, RIGHT_ASSESS)) {
        return rv_ok();
    }
    return figure_put(c, model_object(c->model, "let-out"), x->finding, &x->let_out, "let-out",
                      reterr);
}

static rv_status put_one(struct call *c, const struct found *x, struct rv_err *reterr)
{
    model_text(c->model, "read", x->read);
    model_text(c->model, "title", x->finding->statement);
    RV_TRY(finding_put(c->model, x->finding, reterr));
    RV_TRY(x->has_table ? put_table(c, x, reterr) : rv_ok());
    model_text(c->model, "query", x->finding->query);
    model_text(c->model, "explore", explore_address(c->arena, x->finding->query));
    sources_put(c->model, x->finding->sources, x->finding->source_count);
    put_decision(c, x);
    RV_TRY(put_let_out(c, x, reterr));
    return model_status(c->model, reterr);
}

rv_status view_workbench_finding(struct call *c, struct rv_err *reterr)
{
    struct found x;
    RV_TRY(find(c, &x, reterr));
    return put_one(c, &x, reterr);
}

enum wanted { WANT_NOTHING, WANT_RELEASE, WANT_RELEASE_ALONE, WANT_WITHHOLD };

static enum wanted wanted_of(struct text decision)
{
    return text_is(decision, "release")         ? WANT_RELEASE
           : text_is(decision, "release-alone") ? WANT_RELEASE_ALONE
           : text_is(decision, "withhold")      ? WANT_WITHHOLD
                                                : WANT_NOTHING;
}

/* In one transaction with its row of the audit. */
static rv_status decide(struct call *c, struct store *s, const struct found *x, enum wanted wanted,
                        struct rv_err *reterr)
{
    struct text said = call_form(c, "note");
    const char *note = arena_text(c->arena, said.at, said.n);
    bool is_release = wanted != WANT_WITHHOLD;
    const char *table = wanted == WANT_RELEASE && x->may_release_table ? x->table_hash : NULL;
    if (!note) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(release_decide(s, x->finding->id, x->body, table, is_release, note, c->session.account,
                          c->now, reterr));
    RV_TRY(table
               ? audit_add(s, call_act(c), "finding.release-table", x->finding->id, "done", reterr)
               : rv_ok());
    RV_TRY(audit_add(s, call_act(c), is_release ? "finding.release" : "finding.withhold",
                     x->finding->id, "done", reterr));
    return store_commit(s, reterr);
}

/* What is decided is what was read: the form carries a hash of finding and table as shown. */
rv_status post_release(struct call *c, struct rv_err *reterr)
{
    enum wanted wanted = wanted_of(call_form(c, "decision"));
    struct found x;
    RV_TRY(find(c, &x, reterr));
    if (wanted == WANT_NOTHING) {
        call_fault(c, "decision", "Choose whether the public may read this finding");
    } else if (wanted != WANT_WITHHOLD && !x.may_release) {
        call_fault(c, "decision", x.why_not);
    } else if (call_form(c, "note").n > RELEASE_NOTE_BYTES) {
        call_fault(c, "note", "The note is too long: write at most 2,000 characters");
    } else if (!text_is(call_form(c, "read"), x.read)) {
        call_fault(c, "decision",
                   "The finding changed while you read it. Read it again before you decide");
    } else {
        struct store *writer = call_writer(c);
        rv_status status = decide(c, writer, &x, wanted, reterr);
        call_writer_done(c);
        RV_TRY(status);
        const char *back = arena_printf(c->arena, "/workbench/findings/%s", x.finding->id);
        return back ? call_go_to(c, back, reterr) : arena_fail(c->arena, reterr);
    }
    call_show(c, "workbench-finding");
    return put_one(c, &x, reterr);
}

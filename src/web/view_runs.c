/* web/view_runs.c — assessments: asked for by a form, listed, read, and held against each other.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/last.h"
#include "assess/template.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/parse.h"
#include "report/stored.h"
#include "web/finding_model.h"
#include "web/results.h"
#include "web/views.h"

#include <string.h>
#include <unistd.h>

/* ---- the form ---- */

/* A field of a month, as it was sent or, before that, as the data suggest. */
static void put_month(struct call *c, const char *name, int32_t suggested, bool has_one)
{
    char month[8] = "";
    if (c->request->method == REQUEST_POST) {
        model_slice(c->model, name, call_form(c, name));
    } else if (has_one) {
        month_write(suggested, month);
        model_text(c->model, name, arena_text(c->arena, month, strlen(month)));
    } else {
        model_text(c->model, name, "");
    }
}

/* The last twelve months held, beside the twelve before them when those are held too. */
static rv_status put_months(struct call *c, struct rv_err *reterr)
{
    struct month_range held;
    RV_TRY(months_held(c, &held, reterr));
    bool has_any = held.first <= held.last;
    int32_t first = has_any && held.last - held.first >= 11 ? held.last - 11 : held.first;
    bool has_before = has_any && first - 12 >= held.first;
    put_month(c, "first", first, has_any);
    put_month(c, "last", held.last, has_any);
    put_month(c, "compare-first", first - 12, has_before);
    put_month(c, "compare-last", first - 1, has_before);
    model_text(c->model, "held", period_words(c->arena, held));
    return rv_ok();
}

struct wish {
    const char *area_name;
    struct assess_template template; /* id NULL = none chosen */
    struct month_range period, compare;
    bool has_compare;
    struct job against; /* id 0 = none */
};

/* The shipped ones; chosen is the one that the form sent or, before that, the default. */
static rv_status put_templates(struct call *c, struct wish *w, struct rv_err *reterr)
{
    struct model_list *list = model_list(c->model, "templates");
    struct text sent =
        c->request->method == REQUEST_POST ? call_form(c, "template") : text_of(TEMPLATE_DEFAULT);
    for (size_t i = 0; i < template_shipped_count(); i++) {
        struct text id = template_shipped_name(i);
        const char *name = arena_text(c->arena, id.at, id.n);
        struct assess_template t;
        RV_TRY(name ? template_load(c->arena, name, &t, reterr) : arena_fail(c->arena, reterr));
        struct model *item = model_item(list);
        bool is_chosen = text_equal(sent, id);
        model_text(item, "id", name);
        model_text(item, "name", t.title);
        model_bool(item, "selected", is_chosen);
        if (is_chosen) {
            w->template = t;
        }
    }
    return rv_ok();
}

static rv_status put_form(struct call *c, struct wish *ret, struct rv_err *reterr)
{
    *ret = (struct wish){.area_name = NULL};
    RV_TRY(put_boroughs(c, "assess", &ret->area_name, reterr));
    RV_TRY(put_templates(c, ret, reterr));
    RV_TRY(put_months(c, reterr));
    model_slice(c->model, "against", call_form(c, "against"));
    return result_list(c, "assess", "runs", reterr);
}

rv_status view_runs(struct call *c, struct rv_err *reterr)
{
    struct wish wish;
    return put_form(c, &wish, reterr);
}

/* ---- asking for one ---- */

/* Two fields of months as a range; a fault at the first of them otherwise. */
static bool take_range(struct call *c, const char *first, const char *last, const char *what,
                       struct month_range *ret)
{
    struct text a = text_trim(call_form(c, first)), b = text_trim(call_form(c, last));
    struct month_range from, to;
    if (!month_range_parse(a, &from) || from.first != from.last) {
        call_fault(c, first,
                   arena_printf(c->arena, "Enter the first month of %s as 2025-01", what));
        return false;
    }
    if (!month_range_parse(b, &to) || to.first != to.last) {
        call_fault(c, last, arena_printf(c->arena, "Enter the last month of %s as 2025-12", what));
        return false;
    }
    if (from.first > to.last) {
        call_fault(
            c, last,
            arena_printf(c->arena, "The last month of %s must not be before the first", what));
        return false;
    }
    *ret = (struct month_range){from.first, to.last};
    return true;
}

static void take_periods(struct call *c, struct wish *w)
{
    bool has_period = take_range(c, "first", "last", "the period", &w->period);
    w->has_compare = text_trim(call_form(c, "compare-first")).n > 0 ||
                     text_trim(call_form(c, "compare-last")).n > 0;
    if (w->has_compare &&
        take_range(c, "compare-first", "compare-last", "the earlier period", &w->compare) &&
        has_period && w->compare.last >= w->period.first) {
        call_fault(c, "compare-last", "The earlier period must end before the period begins");
    }
}

static rv_status take_against(struct call *c, struct wish *w, struct rv_err *reterr)
{
    struct text id = call_form(c, "against");
    if (id.n == 0) {
        return rv_ok();
    }
    rv_status status = result_job(c, id, "assess", &w->against, reterr);
    if (status.code == RV_NOT_FOUND) {
        call_fault(c, "against", "Choose an assessment of the list");
        return rv_ok();
    }
    return status;
}

static const char *range_words(struct arena *a, struct month_range r)
{
    char first[8], last[8];
    month_write(r.first, first);
    month_write(r.last, last);
    return arena_printf(a, "%s..%s", first, last);
}

static rv_status ask(struct call *c, const struct wish *w, struct rv_err *reterr)
{
    struct arena *a = c->arena;
    struct text area = call_form(c, "area");
    const char *words[16], *period = period_words(a, w->period);
    size_t n = 0;
    words[n++] = "--area";
    words[n++] = arena_text(a, area.at, area.n);
    words[n++] = "--template";
    words[n++] = w->template.id;
    words[n++] = "--period";
    words[n++] = range_words(a, w->period);
    if (w->has_compare) {
        words[n++] = "--compare";
        words[n++] = range_words(a, w->compare);
    }
    if (w->against.id) {
        words[n++] = "--last";
        words[n++] =
            arena_printf(a, JOB_STATE "/jobs/%lld/findings.json", (long long)w->against.id);
    }
    words[n++] = "--xlsx";
    words[n++] = "--out";
    words[n++] = JOB_RESULT;
    const struct job_new job = {.kind = "assess",
                                .title = arena_printf(a, "%s: %s, %s", w->template.title,
                                                      w->area_name, period ? period : ""),
                                .words = words,
                                .word_count = n};
    for (size_t i = 0; i < n; i++) {
        if (!words[i] || !job.title) {
            return arena_fail(a, reterr);
        }
    }
    return call_job_and_go(c, &job, reterr);
}

rv_status post_run(struct call *c, struct rv_err *reterr)
{
    struct wish wish;
    RV_TRY(put_form(c, &wish, reterr));
    if (!wish.area_name) {
        call_fault(c, "area", "Choose the borough");
    }
    if (!wish.template.id) {
        call_fault(c, "template", "Choose what the assessment is made of");
    }
    take_periods(c, &wish);
    RV_TRY(take_against(c, &wish, reterr));
    if (c->response->status == 422) {
        call_show(c, "assessments");
        return rv_ok();
    }
    return ask(c, &wish, reterr);
}

/* ---- one that is held ---- */

static rv_status read_findings(struct call *c, const struct job *job, struct last_finding **ret,
                               size_t *ret_count, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf json;
    buf_init(&json, LIMIT_JSON_BYTES);
    const char *path = job_path(c->arena, call_state_dir(c), job->id, "findings.json");
    RV_TRY(path ? file_read(path, &json, reterr) : arena_fail(c->arena, reterr));
    return last_read(c->arena, "findings.json", buf_view(&json), ret, ret_count, reterr);
}

static rv_status put_names(struct call *c, const struct job *job, const char *below,
                           const char *list_name, struct rv_err *reterr)
{
    const char *const *names;
    size_t count;
    RV_TRY(result_names(c, job, below, &names, &count, reterr));
    struct model_list *list = model_list(c->model, list_name);
    for (size_t i = 0; i < count; i++) {
        model_text(model_item(list), "name", names[i]);
    }
    char number[24];
    (void)snprintf(number, sizeof number, "%zu", count);
    model_text(c->model, arena_printf(c->arena, "%s-count", list_name),
               arena_text(c->arena, number, strlen(number)));
    return rv_ok();
}

static void put_definition(struct call *c, const struct last_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (findings[i].definition) {
            model_text(c->model, "definition", findings[i].definition);
            model_text(c->model, "definition-version", findings[i].definition_version);
            return;
        }
    }
}

rv_status view_run(struct call *c, struct rv_err *reterr)
{
    struct job job;
    struct last_finding *findings;
    size_t count;
    RV_TRY(result_job(c, c->arguments[0], "assess", &job, reterr));
    model_int(c->model, "id", job.id);
    model_text(c->model, "title", job.title);
    model_text(c->model, "name", job.title);
    model_text(
        c->model, "report-address",
        arena_printf(c->arena, "/workbench/assessments/%lld/report.html", (long long)job.id));
    model_text(c->model, "who", job_who(c, job.account));
    model_text(c->model, "at", time_words(c->arena, job.ended_at));
    rv_status status = read_findings(c, &job, &findings, &count, reterr);
    if (status.code == RV_NO_MEMORY) {
        return status;
    }
    model_bool(c->model, "is-there", rv_is_ok(status));
    if (rv_is_ok(status)) {
        model_int(c->model, "findings", (int64_t)count);
        put_definition(c, findings, count);
    }
    RV_TRY(put_names(c, &job, NULL, "files", reterr));
    return put_names(c, &job, "tables", "tables", reterr);
}

rv_status view_run_file(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(result_job(c, c->arguments[0], "assess", &job, reterr));
    return result_send(c, &job, NULL, c->arguments[1], reterr);
}

rv_status view_run_table(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(result_job(c, c->arguments[0], "assess", &job, reterr));
    return result_send(c, &job, "tables", c->arguments[1], reterr);
}

/* ---- what became of the sentences ---- */

static void put_since(struct call *c, const struct assessment *now)
{
    struct model_list *groups = model_list(c->model, "groups");
    for (int since = SINCE_STILL; since < SINCE_COUNT; since++) {
        struct model *group = model_item(groups);
        const char *name = last_since_name((enum finding_since)since);
        model_text(group, "name", name);
        model_int(group, "count", (int64_t)now->last->counts[since]);
        model_bool(group, "is-there", now->last->counts[since] > 0);
        model_bool(group, "is-long", since == SINCE_STILL); /* what changed is what one looks for */
        model_text(group, "anchor", arena_printf(c->arena, "since-%d", since));
        struct model_list *rows = model_list(group, "findings");
        for (size_t i = 0; i < now->finding_count; i++) {
            const struct finding *f = &now->findings[i];
            if (f->last && f->last->since == (enum finding_since)since) {
                struct model *row = model_item(rows);
                finding_put_line(row, f);
                model_text(row, "then", f->last->statement);
                model_text(row, "because", f->last->because);
            }
        }
    }
    model_int(c->model, "absent-count", (int64_t)now->last->absent_count);
    struct model_list *absent = model_list(c->model, "absent");
    for (size_t i = 0; i < now->last->absent_count; i++) {
        model_text(model_item(absent), "statement", now->last->absent[i]);
    }
}

/* The findings of the file as they are now, against those of a run. */
static rv_status compare(struct call *c, const struct job *job, struct rv_err *reterr)
{
    struct stored_findings stored;
    struct last_finding *then;
    size_t count;
    struct rv_err why;
    rv_status status = call_findings(c, &stored, reterr);
    if (status.code == RV_NOT_FOUND) {
        return rv_ok();
    }
    RV_TRY(status);
    RV_TRY(read_findings(c, job, &then, &count, reterr));
    struct assessment now = {.area = stored.area,
                             .period = stored.period,
                             .compare = stored.compare,
                             .findings = stored.findings,
                             .finding_count = stored.count};
    status = last_compare(c->arena, &now, then, count, &why);
    if (status.code == RV_INVALID) { /* of another area */
        model_text(c->model, "why-not", arena_text(c->arena, why.message, strlen(why.message)));
        return rv_ok();
    }
    RV_TRY(status);
    model_text(c->model, "period", period_words(c->arena, now.period));
    model_bool(c->model, "is-compared", true);
    put_since(c, &now);
    return rv_ok();
}

rv_status view_run_compare(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(result_list(c, "assess", "runs", reterr));
    struct text with = call_query(c, "with");
    if (with.n == 0) {
        return rv_ok();
    }
    RV_TRY(result_job(c, with, "assess", &job, reterr));
    model_text(c->model, "name", job.title);
    model_text(c->model, "at", time_words(c->arena, job.ended_at));
    return compare(c, &job, reterr);
}

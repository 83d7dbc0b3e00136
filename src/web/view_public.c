/* web/view_public.c — what a resident reads: released findings, how figures are made, notices.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release_table.h"
#include "report/stored.h"
#include "report/table.h"
#include "store/setting.h"
#include "web/finding_figure.h"
#include "web/finding_model.h"
#include "web/views.h"

#include <string.h>

rv_status view_health(struct call *c, struct rv_err *reterr)
{
    const char *title;
    RV_TRY(setting_get(c->store, c->arena, "partnership.title", &title, reterr));
    c->response->content_type = "text/plain; charset=utf-8";
    buf_text(&c->response->body, "ok\n");
    return buf_status(&c->response->body, reterr);
}

/* The released findings of the last assessment: none when there is no assessment. */
struct released {
    struct stored_findings stored;
    struct decision *decisions;
    size_t decision_count;
    struct release_terms terms;
    bool has_any;
};

static rv_status load_released(struct call *c, struct released *ret, struct rv_err *reterr)
{
    *ret = (struct released){.has_any = false};
    RV_TRY(release_list(c->store, c->arena, &ret->decisions, &ret->decision_count, reterr));
    if (ret->decision_count == 0) {
        return rv_ok();
    }
    rv_status status = call_findings(c, &ret->stored, reterr);
    ret->has_any = rv_is_ok(status);
    if (ret->has_any) {
        RV_TRY(release_terms_load(c->store, c->arena, &ret->terms, reterr));
    }
    return status.code == RV_NOT_FOUND ? rv_ok() : status;
}

/* It was released as it is now, and may still be let out: agreements change. */
static rv_status is_released(const struct released *r, size_t at, bool *ret, bool *ret_has_table,
                             struct rv_err *reterr)
{
    const struct finding *f = &r->stored.findings[at];
    struct standing standing;
    RV_TRY(release_of(r->decisions, r->decision_count, f->id, r->stored.bodies[at],
                      r->stored.table_hashes[at], &standing, reterr));
    *ret = standing.release == RELEASE_RELEASED && rv_is_ok(release_judge(&r->terms, f, NULL));
    *ret_has_table = *ret && standing.has_table;
    return rv_ok();
}

/* What may be read of the table of a finding that was released with it; else nothing is there. */
static rv_status public_table(struct call *c, const struct released *r, size_t at,
                              struct result_table *ret, bool *ret_is_there, struct rv_err *reterr)
{
    struct result_table whole;
    struct rv_err why;
    RV_TRY(stored_table(c->store, c->arena, &r->stored, at, &whole, ret_is_there, reterr));
    if (*ret_is_there) {
        rv_status status =
            release_table(c->arena, &r->terms, &r->stored.findings[at], &whole, ret, &why);
        *ret_is_there = rv_is_ok(status);
        return rv_is_ok(status) || status.code == RV_REFUSED ? rv_ok()
                                                             : arena_fail(c->arena, reterr);
    }
    return rv_ok();
}

/* A line of the list; a key finding has its chart on the first page, folded. */
static rv_status put_line(struct call *c, const struct released *r, size_t at, bool has_table,
                          struct model_list *list, bool is_drawn, struct rv_err *reterr)
{
    struct result_table t;
    const struct finding *f = &r->stored.findings[at];
    struct model *item = model_item(list);
    finding_put_line(item, f);
    if (!has_table) {
        return rv_ok();
    }
    RV_TRY(public_table(c, r, at, &t, &has_table, reterr));
    model_bool(item, "has-table", has_table);
    if (!has_table || !is_drawn || !f->is_key || t.chart == CHART_NONE) {
        return rv_ok();
    }
    const char *id = arena_printf(c->arena, "chart-%zu", model_list_count(list));
    return id ? figure_put_picture(c, item, f, &t, id, reterr) : arena_fail(c->arena, reterr);
}

static rv_status put_list(struct call *c, bool is_drawn, struct rv_err *reterr)
{
    struct released r;
    RV_TRY(load_released(c, &r, reterr));
    struct model_list *list = model_list(c->model, "findings");
    for (size_t i = 0; r.has_any && i < r.stored.count; i++) {
        bool is_shown = false, has_table = false;
        RV_TRY(is_released(&r, i, &is_shown, &has_table, reterr));
        if (is_shown) {
            RV_TRY(put_line(c, &r, i, has_table, list, is_drawn, reterr));
        }
    }
    if (r.has_any && model_list_count(list) > 0) {
        model_text(c->model, "period", period_words(c->arena, r.stored.period));
    }
    return rv_ok();
}

rv_status view_home(struct call *c, struct rv_err *reterr)
{
    const char *title;
    RV_TRY(setting_get(c->store, c->arena, "partnership.title", &title, reterr));
    model_text(c->model, "partnership", title ? title : "Community Safety Partnership");
    return put_list(c, true, reterr);
}

rv_status view_findings(struct call *c, struct rv_err *reterr)
{
    return put_list(c, false, reterr);
}

/* The released finding that an address names, and its table if that may be read too. */
static rv_status find_public(struct call *c, const struct finding **ret, struct result_table *table,
                             bool *ret_has_table, struct rv_err *reterr)
{
    struct released r;
    bool is_shown = false, has_table = false;
    *ret = NULL;
    RV_TRY(load_released(c, &r, reterr));
    size_t at = r.has_any ? stored_finding(&r.stored, c->arguments[0]) : 0;
    if (r.has_any && at < r.stored.count) {
        RV_TRY(is_released(&r, at, &is_shown, &has_table, reterr));
        *ret = is_shown ? &r.stored.findings[at] : NULL;
    }
    if (has_table) {
        RV_TRY(public_table(c, &r, at, table, &has_table, reterr));
    }
    *ret_has_table = has_table;
    return rv_ok();
}

rv_status view_finding(struct call *c, struct rv_err *reterr)
{
    const struct finding *f;
    struct result_table t;
    bool has_table;
    RV_TRY(find_public(c, &f, &t, &has_table, reterr));
    if (!f) {
        return call_not_there(c, reterr);
    }
    RV_TRY(finding_put(c->model, f, reterr));
    return has_table ? figure_put(c, c->model, f, &t, "figure", reterr) : rv_ok();
}

rv_status view_finding_csv(struct call *c, struct rv_err *reterr)
{
    const struct finding *f;
    struct result_table t;
    bool has_table;
    RV_TRY(find_public(c, &f, &t, &has_table, reterr));
    if (!has_table) {
        return call_not_there(c, reterr);
    }
    RV_TRY(result_table_csv(&t, &c->response->body, reterr));
    c->response->content_type = "text/csv; charset=utf-8";
    c->response->file_name = arena_printf(c->arena, "%s.csv", t.id);
    return c->response->file_name ? rv_ok() : arena_fail(c->arena, reterr);
}

/* A page of words alone: its template says it. */
rv_status view_words(struct call *c, struct rv_err *reterr)
{
    (void)c;
    (void)reterr;
    return rv_ok();
}

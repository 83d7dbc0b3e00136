/* web/view_public.c — what a resident reads: released findings, how figures are made, notices.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release.h"
#include "report/stored.h"
#include "store/setting.h"
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
static rv_status is_released(const struct released *r, const struct finding *f, struct text body,
                             bool *ret, struct rv_err *reterr)
{
    enum release release;
    RV_TRY(release_of(r->decisions, r->decision_count, f->id, body, &release, NULL, reterr));
    *ret = release == RELEASE_RELEASED && rv_is_ok(release_judge(&r->terms, f, NULL));
    return rv_ok();
}

static rv_status put_list(struct call *c, struct rv_err *reterr)
{
    struct released r;
    RV_TRY(load_released(c, &r, reterr));
    struct model_list *list = model_list(c->model, "findings");
    for (size_t i = 0; r.has_any && i < r.stored.count; i++) {
        bool is_shown = false;
        RV_TRY(is_released(&r, &r.stored.findings[i], r.stored.bodies[i], &is_shown, reterr));
        if (is_shown) {
            finding_put_line(model_item(list), &r.stored.findings[i]);
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
    return put_list(c, reterr);
}

rv_status view_findings(struct call *c, struct rv_err *reterr)
{
    return put_list(c, reterr);
}

rv_status view_finding(struct call *c, struct rv_err *reterr)
{
    struct released r;
    struct text body;
    bool is_shown = false;
    RV_TRY(load_released(c, &r, reterr));
    const struct finding *f = r.has_any ? stored_finding(&r.stored, c->arguments[0], &body) : NULL;
    if (f) {
        RV_TRY(is_released(&r, f, body, &is_shown, reterr));
    }
    return is_shown ? finding_put(c->model, f, reterr) : call_not_there(c, reterr);
}

/* A page of words alone: its template says it. */
rv_status view_words(struct call *c, struct rv_err *reterr)
{
    (void)c;
    (void)reterr;
    return rv_ok();
}

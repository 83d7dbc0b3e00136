/* web/app_show.c — a model as a page with everything around it, or as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"
#include "store/setting.h"
#include "web/app_internal.h"

#include <string.h>

static const struct {
    const char *path, *words;
    enum right right;
    bool is_for_all; /* else for those who are signed in */
} navigation[] = {
    {"/findings", "Findings", RIGHT_READ_PUBLISHED, true},
    {"/how-figures-are-made", "How figures are made", RIGHT_READ_PUBLISHED, true},
    {"/workbench", "Workbench", RIGHT_READ_FINDINGS, false},
    {"/admin", "Administration", RIGHT_ACCOUNTS, false},
};

static bool is_below(struct text path, const char *start)
{
    size_t n = strlen(start);
    return text_starts(path, start) && (path.n == n || path.at[n] == '/');
}

static void put_navigation(const struct call *c, struct model *around)
{
    struct model_list *items = model_list(around, "navigation");
    for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
        if (role_may(c->session.role, navigation[i].right) &&
            (navigation[i].is_for_all || c->is_signed_in)) {
            struct model *item = model_item(items);
            model_text(item, "href", navigation[i].path);
            model_text(item, "text", navigation[i].words);
            /* A refusal looks the same wherever it was met. */
            model_bool(item, "current", c->route && is_below(c->request->path, navigation[i].path));
        }
    }
}

static void put_person(const struct call *c, struct model *m)
{
    struct token csrf;
    if (!c->is_signed_in || !session_csrf(c->request->session, &csrf)) {
        return;
    }
    struct model *person = model_object(m, "person");
    const char *shown = c->session.display[0] ? c->session.display : c->session.name;
    model_text(person, "name", shown);
    model_text(m, "csrf", arena_text(c->arena, csrf.text, strlen(csrf.text)));
    token_done(&csrf);
}

/* What stands around every page. */
static rv_status put_frame(const struct call *c, struct model *around, struct rv_err *reterr)
{
    const char *partnership = NULL, *data = NULL;
    RV_TRY(setting_get(c->store, c->arena, "partnership.title", &partnership, reterr));
    RV_TRY(setting_get(c->store, c->arena, "partnership.data", &data, reterr));
    model_text(around, "partnership", partnership ? partnership : "Community Safety Partnership");
    model_bool(around, "is-synthetic", data && strcmp(data, "synthetic") == 0);
    model_text(around, "style", c->app->style);
    model_text(around, "script", c->app->script);
    put_navigation(c, around);
    return rv_ok();
}

static rv_status page_html(const struct call *c, const char *page, const char *title,
                           struct buf *out, struct rv_err *reterr)
{
    struct buf content RV_CLEANUP(buf_done);
    buf_init(&content, SERVER_RESPONSE_BYTES);
    put_person(c, c->model);
    RV_TRY(template_render(c->app->templates, page, c->model, &content, reterr));
    struct model *around = model_new(c->arena);
    RV_TRY(put_frame(c, around, reterr));
    put_person(c, around);
    const struct model_value *own = model_find(c->model, text_of("title"));
    model_slice(around, "title", own && own->kind == MODEL_TEXT ? own->text : text_of(title));
    model_bool(around, "has-faults", model_find(c->model, text_of("faults")) != NULL);
    model_html(around, "content", (struct html_fragment){buf_view(&content)});
    return template_render(c->app->templates, "frame", around, out, reterr);
}

/* The tag of what is sent, so that a browser that has it is told so in 304. */
static rv_status put_tag(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    struct response *r = c->response;
    char hex[SHA256_HEX + 1];
    if (r->status != 200 || c->request->method == REQUEST_POST) {
        return rv_ok();
    }
    RV_TRY(sha256_of(r->body.bytes, r->body.n, hex, reterr));
    r->tag = arena_text(c->arena, hex, 32);
    r->cache = c->is_signed_in ? "private, no-cache" : "no-cache";
    if (r->tag && request_matches_tag(c->request->if_none_match, r->tag)) {
        r->status = 304;
        buf_clear(&r->body);
    }
    return r->tag ? rv_ok() : arena_fail(c->arena, reterr);
}

rv_status app_show(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    struct response *r = c->response;
    buf_clear(&r->body);
    if (c->request->wants_json) {
        r->content_type = "application/json";
        RV_TRY(model_json(c->model, &r->body, reterr));
    } else {
        r->content_type = "text/html; charset=utf-8";
        RV_TRY(page_html(c, x->page, c->route ? c->route->title : "", &r->body, reterr));
    }
    return put_tag(x, reterr);
}

static const struct {
    unsigned status;
    const char *title, *advice;
} refusals[] = {
    {400, "This cannot be done as asked", "Go back, look at what you typed, and try again."},
    {401, "Sign in first",
     "You are not signed in, or your session has ended. Sign in and try "
     "again."},
    {403, "This form is out of date",
     "It was opened before you signed in, or in another session. Go back, load the page again and "
     "send the form once more. Nothing was changed."},
    {404, "Page not found",
     "If you typed the address, look whether it is right. If you came by a link, what it led to is "
     "not there, or is not for you to see."},
    {405, "This address takes no such request", "Go to the start page and follow the links."},
    {500, "Something went wrong",
     "Nothing was changed. Try again in a few minutes; if it happens again, tell the administrator "
     "at which time it happened."},
    {503, "The service is busy", "Nothing was changed. Try again in a few seconds."},
};

static void put_refusal(struct call *c, size_t at)
{
    model_text(c->model, "title", refusals[at].title);
    model_text(c->model, "advice", refusals[at].advice);
    model_int(c->model, "status", refusals[at].status);
    model_bool(c->model, "is-sign-in-needed", refusals[at].status == 401);
}

void app_refuse(struct app_call *x, unsigned status)
{
    struct call *c = &x->call;
    size_t at = 0;
    while (refusals[at].status != status) {
        at++;
    }
    struct response *r = c->response;
    *r = (struct response){.status = status, .body = r->body, .cookie = r->cookie};
    r->retry_after = status == 503 ? APP_RETRY_SECONDS : 0;
    buf_clear(&r->body);
    x->is_done = true;
    x->page = "refusal";
    c->route = NULL;
    c->model = model_new(c->arena);
    put_refusal(c, at);
    if (rv_is_ok(app_show(x, NULL))) {
        r->status = status;
        return;
    }
    buf_clear(&r->body);
    r->content_type = "text/plain; charset=utf-8";
    buf_printf(&r->body, "%s. %s\n", refusals[at].title, refusals[at].advice);
}

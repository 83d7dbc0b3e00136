/* web/app_admit.c — who asks, and whether they may.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "web/app_internal.h"

#include <string.h>

/* ---- noting that sessions are used ---- */

struct use {
    struct token token;
    int64_t at;
};

/* The keeper's work: a file that is busy just then loses a note, and no page waits for it. */
static void note_use(void *context, size_t worker, void *item)
{
    (void)worker;
    struct app *app = context;
    struct use *use = item;
    pthread_mutex_lock(&app->writing);
    rv_status noted = session_touch(app->writer, text_of(use->token.text), use->at, NULL);
    (void)rv_is_ok(noted);
    store_rollback(app->writer);
    app_sweep_uploads(app, use->at);
    pthread_mutex_unlock(&app->writing);
    token_done(&use->token);
    memory_free(use);
}

rv_status app_start_keeper(struct app *app, struct rv_err *reterr)
{
    return queue_start(1, 256, note_use, app, &app->keeper, reterr);
}

static void touch(struct call *c)
{
    struct use *use = memory_new(1, sizeof *use);
    if (use && c->request->session.n < sizeof use->token.text) {
        memcpy(use->token.text, c->request->session.at, c->request->session.n);
        use->at = c->now;
        if (queue_put(c->app->keeper, use)) {
            return;
        }
    }
    memory_free(use);
}

/* ---- who asks ---- */

rv_status app_find_session(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    c->session = (struct session_info){.role = ROLE_PUBLIC};
    if (c->request->session.n == 0) {
        return rv_ok();
    }
    RV_TRY(
        session_find(c->store, c->request->session, c->now, &c->session, &c->is_signed_in, reterr));
    if (c->is_signed_in && c->session.needs_touch) {
        touch(c);
    }
    return rv_ok();
}

/* The path with its query, as it was asked for: an address that somebody shared. */
static void put_target(struct buf *out, const struct request *r)
{
    buf_uri(out, r->path);
    for (size_t i = 0; i < r->query.count; i++) {
        buf_char(out, i ? '&' : '?');
        buf_uri(out, r->query.at[i].name);
        buf_char(out, '=');
        buf_uri(out, r->query.at[i].value);
    }
}

/* Signing in and then seeing the page is what a person wants who is not signed in; a program is
 * told. */
static rv_status ask_to_sign_in(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    if (c->request->wants_json || c->request->method == REQUEST_POST) {
        app_refuse(x, 401);
        return rv_ok();
    }
    struct buf target RV_CLEANUP(buf_done), to RV_CLEANUP(buf_done);
    buf_init(&target, 4 * (size_t)REQUEST_TARGET_BYTES);
    buf_init(&to, 16 * (size_t)REQUEST_TARGET_BYTES);
    put_target(&target, c->request);
    RV_TRY(buf_status(&target, reterr));
    buf_text(&to, "/sign-in?next=");
    buf_uri(&to, buf_view(&target));
    RV_TRY(buf_status(&to, reterr));
    return call_go_to(c, to.bytes, reterr);
}

static bool has_good_token(const struct call *c)
{
    return session_csrf_is(c->request->session, call_form(c, "csrf"));
}

rv_status app_admit(struct app_call *x, bool *ret, struct rv_err *reterr)
{
    const struct call *c = &x->call;
    const struct route *r = c->route;
    *ret = false;
    if (!role_may(c->session.role, r->right)) {
        if (!c->is_signed_in) {
            return ask_to_sign_in(x, reterr);
        }
        app_refuse(x, 404);
        return rv_ok();
    }
    bool needs_token = r->method == REQUEST_POST && !(r->flags & ROUTE_NO_SESSION);
    if (needs_token && !has_good_token(c)) {
        app_refuse(x, 403);
        return rv_ok();
    }
    *ret = true;
    return rv_ok();
}

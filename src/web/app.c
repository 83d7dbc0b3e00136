/* web/app.c — the life of a call: route, session, right, handler, page.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sight.h"
#include "base/asset.h"
#include "base/civil.h"
#include "base/memory.h"
#include "web/app_internal.h"
#include "web/jobs.h"

#include <string.h>
#include <time.h>

extern const struct asset templates_assets[];
extern const size_t templates_assets_count;

/* ---- opening ---- */

/* "web/templates/page.html" is the template "page". */
static rv_status compile_pages(struct app *app, struct rv_err *reterr)
{
    static const char start[] = "templates/", end[] = ".html";
    struct template_source *sources =
        ARENA_NEW(&app->arena, struct template_source, templates_assets_count + 1);
    if (!sources) {
        return arena_fail(&app->arena, reterr);
    }
    for (size_t i = 0; i < templates_assets_count; i++) {
        const char *name = templates_assets[i].name + strlen(start);
        sources[i] =
            (struct template_source){arena_text(&app->arena, name, strlen(name) - strlen(end)),
                                     asset_text(&templates_assets[i])};
        if (!sources[i].name) {
            return arena_fail(&app->arena, reterr);
        }
    }
    return template_compile(&app->arena, sources, templates_assets_count, &app->templates, reterr);
}

static rv_status open_file(struct app *app, struct rv_err *reterr)
{
    const struct app_options *o = &app->options;
    RV_TRY(store_open(o->path, STORE_WRITE, &app->writer, reterr));
    app->readers = ARENA_NEW(&app->arena, struct store *, o->workers);
    if (!app->readers) {
        return arena_fail(&app->arena, reterr);
    }
    for (size_t i = 0; i < o->workers; i++) {
        RV_TRY(store_open(o->path, STORE_READ, &app->readers[i], reterr));
    }
    app->style = asset_address(&app->arena, "reeve.css");
    app->script = asset_address(&app->arena, "reeve.js");
    return app->style && app->script ? rv_ok() : arena_fail(&app->arena, reterr);
}

/* Two services may serve one file; one of them does the jobs. */
static rv_status start_jobs(struct app *app, struct rv_err *reterr)
{
    const struct job_hooks hooks = job_web_hooks();
    if (!app->options.helper) {
        return rv_ok();
    }
    rv_status status =
        job_runner_start(&app->options.place, app->options.helper, &hooks, &app->runner, reterr);
    return status.code == RV_BUSY ? rv_ok() : status;
}

bool app_does_jobs(const struct app *app)
{
    return app->runner != NULL;
}

rv_status app_open(const struct app_options *options, struct app **ret, struct rv_err *reterr)
{
    struct app *app = memory_new(1, sizeof *app);
    if (!app) {
        return rv_fail(reterr, RV_NO_MEMORY, "no memory for the web service");
    }
    *app = (struct app){.options = *options,
                        .writing = PTHREAD_MUTEX_INITIALIZER,
                        .holding = PTHREAD_MUTEX_INITIALIZER};
    arena_init(&app->arena, (size_t)64 << 20);
    rv_status status = secrets_ready(reterr);
    if (rv_is_ok(status)) {
        status = compile_pages(app, reterr);
    }
    if (rv_is_ok(status)) {
        status = open_file(app, reterr);
    }
    if (rv_is_ok(status)) {
        status = app_open_uploads(app, reterr);
    }
    if (rv_is_ok(status)) {
        app_sweep_uploads(app, (int64_t)time(NULL));
        status = app_start_keeper(app, reterr);
    }
    if (rv_is_ok(status)) {
        status = start_jobs(app, reterr);
    }
    if (!rv_is_ok(status)) {
        app_close(app);
        return status;
    }
    *ret = app;
    return rv_ok();
}

void app_set_door(struct app *app, const struct app_door *door)
{
    app->door = *door;
}

void app_close(struct app *app)
{
    if (!app) {
        return;
    }
    job_runner_stop(app->runner);
    if (app->keeper) {
        queue_stop(app->keeper);
        queue_free(app->keeper);
    }
    for (size_t i = 0; app->readers && i < app->options.workers; i++) {
        store_close(app->readers[i]);
    }
    store_close(app->gate);
    store_close(app->writer);
    app_free_findings(app);
    arena_done(&app->arena);
    memory_free(app);
}

/* ---- for handlers ---- */

static struct app_call *behind(struct call *c)
{
    return (struct app_call *)c;
}

const struct app_door *call_door(const struct call *c)
{
    return &c->app->door;
}

struct act call_act(const struct call *c)
{
    return (struct act){c->is_signed_in ? c->session.account : 0, c->now};
}

struct text call_query(const struct call *c, const char *name)
{
    return fields_get(&c->request->query, name);
}

struct text call_form(const struct call *c, const char *name)
{
    return fields_get(&c->request->form, name);
}

/* The connections stay open past midnight, when agreements end. */
static void read_as_of_today(struct store *s, int64_t now)
{
    char day[24];
    day[civil_write(civil_pack(now + civil_london_offset(now), CIVIL_DATE), day)] = '\0';
    store_set_day(s, day);
}

struct store *call_writer(struct call *c)
{
    pthread_mutex_lock(&c->app->writing);
    behind(c)->is_writing = true;
    read_as_of_today(c->app->writer, c->now);
    return c->app->writer;
}

void call_writer_done(struct call *c)
{
    store_rollback(c->app->writer); /* nothing, unless a failure left one open */
    behind(c)->is_writing = false;
    pthread_mutex_unlock(&c->app->writing);
}

rv_status call_note(struct call *c, const char *action, const char *subject, const char *outcome,
                    struct rv_err *reterr)
{
    if (!subject) {
        return arena_fail(c->arena, reterr);
    }
    struct store *writer = call_writer(c);
    rv_status status = audit_note(writer, call_act(c), action, subject, outcome, reterr);
    call_writer_done(c);
    return status;
}

rv_status call_go_to(struct call *c, const char *path, struct rv_err *reterr)
{
    behind(c)->is_done = true;
    c->response->status = 303;
    c->response->location = arena_text(c->arena, path, strlen(path));
    return c->response->location ? rv_ok() : arena_fail(c->arena, reterr);
}

rv_status call_not_there(struct call *c, struct rv_err *reterr)
{
    (void)c;
    return rv_fail(reterr, RV_NOT_FOUND, "there is no such page");
}

void call_show(struct call *c, const char *page)
{
    behind(c)->page = page;
}

void call_fault(struct call *c, const char *field, const char *message)
{
    struct app_call *x = behind(c);
    c->response->status = 422;
    if (!x->faults) {
        model_bool(c->model, "has-faults", true);
        x->faults = model_list(c->model, "faults");
    }
    struct model *fault = model_item(x->faults);
    char *kept = arena_text(c->arena, message, strlen(message));
    model_text(fault, "field", field);
    model_text(fault, "message", kept);
    model_text(c->model, arena_printf(c->arena, "fault-%s", field), kept);
}

void call_fault_of(struct call *c, const char *field, enum rv_code code, const char *message)
{
    call_fault(c, field, message);
    if (code == RV_BUSY) {
        c->response->status = 503;
        c->response->retry_after = APP_RETRY_SECONDS;
    }
}

rv_status call_spool(struct call *c, struct spool **ret, struct rv_err *reterr)
{
    struct app_call *x = behind(c);
    if (x->spool) {
        return rv_fail(reterr, RV_LIMIT, "an answer is one file");
    }
    RV_TRY(spool_open(c->arena, store_dir(c->store), &x->spool, reterr));
    *ret = x->spool;
    return rv_ok();
}

rv_status call_send(struct call *c, struct spool *file, const char *content_type,
                    const char *file_name, struct rv_err *reterr)
{
    RV_TRY(spool_flush(file, reterr));
    c->response->content_type = arena_text(c->arena, content_type, strlen(content_type));
    c->response->file_name = arena_text(c->arena, file_name, strlen(file_name));
    if (!c->response->content_type || !c->response->file_name) {
        return arena_fail(c->arena, reterr);
    }
    c->response->file = file;
    behind(c)->is_done = true;
    return rv_ok();
}

rv_status call_set_session(struct call *c, const char *token, struct rv_err *reterr)
{
    bool is_secure = c->request->is_secure;
    c->response->cookie = arena_printf(c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
                                       server_cookie_name(is_secure), token ? token : "",
                                       is_secure ? "; Secure" : "", token ? "" : "; Max-Age=0");
    return c->response->cookie ? rv_ok() : arena_fail(c->arena, reterr);
}

/* ---- a call ---- */

static unsigned status_of(enum rv_code code)
{
    bool is_asked_wrongly =
        code == RV_USAGE || code == RV_INVALID || code == RV_REFUSED || code == RV_DOMAIN;
    return code == RV_NOT_FOUND ? 404 : is_asked_wrongly ? 400 : code == RV_BUSY ? 503 : 500;
}

/* From here on this reader lists only extracts that the person may see, so that a page that forgets
 * to ask shows too little. What was released to the public is the same for everybody. */
static rv_status narrow(struct call *c, struct rv_err *reterr)
{
    size_t hidden;
    struct viewer viewer = {c->session.role, c->session.organisation};
    return sight_set(c->store, c->arena, &viewer, DETAIL_COUNTS, &hidden, reterr);
}

/* In a snapshot: everything on a page is of one moment. */
static rv_status run_handler(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    bool may_go_on = false;
    RV_TRY(app_find_session(x, reterr));
    RV_TRY(app_admit(x, &may_go_on, reterr));
    if (!may_go_on) {
        return rv_ok();
    }
    if (c->route->right != RIGHT_READ_PUBLISHED) {
        RV_TRY(narrow(c, reterr));
    }
    x->page = c->route->page;
    RV_TRY(c->route->handler(c, reterr));
    return x->is_done || (c->route->flags & ROUTE_PLAIN) ? rv_ok() : app_show(x, reterr);
}

static rv_status run_in_snapshot(struct app_call *x, struct rv_err *reterr)
{
    struct call *c = &x->call;
    read_as_of_today(c->store, c->now);
    if (c->request->method == REQUEST_POST) {
        return run_handler(x, reterr); /* it reads what it has just written */
    }
    RV_TRY(store_snapshot(c->store, reterr));
    rv_status status = run_handler(x, reterr);
    store_snapshot_end(c->store);
    return status;
}

void app_answer(void *context, size_t worker, struct arena *a, const struct request *r,
                struct response *response)
{
    struct app *app = context;
    struct app_call x = {.call = {.app = app,
                                  .arena = a,
                                  .store = app->readers[worker],
                                  .request = r,
                                  .now = (int64_t)time(NULL),
                                  .model = model_new(a),
                                  .response = response}};
    bool is_path = false;
    x.call.route = route_find(r->method, r->path, x.call.arguments, &is_path);
    if (!x.call.route) { /* looks as what is there and not for this person: with the own name */
        rv_status found = app_find_session(&x, NULL);
        (void)rv_is_ok(found);
        store_settle(x.call.store);
        app_refuse(&x, is_path ? 405 : 404);
        return;
    }
    struct rv_err err = {.code = RV_OK};
    rv_status status = run_in_snapshot(&x, &err);
    if (x.is_writing) {
        call_writer_done(&x.call);
    }
    if (!rv_is_ok(status)) {
        app_refuse(&x, status_of(status.code));
    }
    if (x.spool != response->file) {
        spool_done(x.spool); /* begun, and something else is answered */
    }
    app_let_findings_go(app, x.findings);
    sight_clear(x.call.store);
    store_settle(x.call.store);
}

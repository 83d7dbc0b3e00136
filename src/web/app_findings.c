/* web/app_findings.c — the findings of the stored assessment, parsed once for all who ask.
 *
 * Parsing them takes longer than all else of a page. An assessment never changes: another run has
 * another id, and a page keeps those that it began with. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "report/stored.h"
#include "web/app_internal.h"

struct held_findings {
    struct arena arena;
    struct stored_all all;
    size_t users; /* under app->holding, the app itself among them */
};

static void let_go(struct held_findings *held)
{
    if (held && --held->users == 0) {
        arena_done(&held->arena);
        memory_free(held);
    }
}

void app_let_findings_go(struct app *app, struct held_findings *held)
{
    pthread_mutex_lock(&app->holding);
    let_go(held);
    pthread_mutex_unlock(&app->holding);
}

void app_free_findings(struct app *app)
{
    app_let_findings_go(app, app->held);
    app->held = NULL;
}

/* The current ones when they are of this assessment; NULL otherwise. */
static struct held_findings *take(struct app *app, int64_t id)
{
    pthread_mutex_lock(&app->holding);
    struct held_findings *held = app->held;
    if (held && held->all.assessment.id == id) {
        held->users++;
    } else {
        held = NULL;
    }
    pthread_mutex_unlock(&app->holding);
    return held;
}

/* A reader that began before the last assessment does not make its own the current one. */
static void keep(struct app *app, struct held_findings *held)
{
    pthread_mutex_lock(&app->holding);
    if (!app->held || app->held->all.assessment.id < held->all.assessment.id) {
        let_go(app->held);
        held->users++;
        app->held = held;
    }
    pthread_mutex_unlock(&app->holding);
}

/* Two that ask at once both parse: seldom, and nobody waits under a lock. */
static rv_status parse(struct app *app, struct store *s, struct held_findings **ret,
                       struct rv_err *reterr)
{
    struct held_findings *held = memory_new(1, sizeof *held);
    if (!held) {
        return rv_fail(reterr, RV_NO_MEMORY, "no memory for the findings");
    }
    held->users = 1;
    arena_init(&held->arena, SERVER_REQUEST_MEMORY);
    rv_status status = stored_all_load(s, &held->arena, &held->all, reterr);
    if (!rv_is_ok(status)) {
        let_go(held);
        return status;
    }
    keep(app, held);
    *ret = held;
    return rv_ok();
}

rv_status call_findings(struct call *c, struct stored_findings *ret, struct rv_err *reterr)
{
    struct app_call *x = (struct app_call *)c;
    if (!x->findings) {
        int64_t id = 0;
        RV_TRY(assess_last_id(c->store, &id, reterr));
        x->findings = id > 0 ? take(c->app, id) : NULL;
    }
    if (!x->findings) {
        RV_TRY(parse(c->app, c->store, &x->findings, reterr));
    }
    return stored_in_use(c->store, c->arena, &x->findings->all, ret, reterr);
}

/* web/jobs.c — the rights behind jobs and their rows of the audit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/jobs.h"

#include "base/limits.h"
#include "web/app_internal.h"

#include <stdio.h>
#include <string.h>

/* Either right is enough; the page that asks says what else must hold (whose extracts). */
static const struct {
    const char *kind;
    enum right right, other;
} kinds[] = {
    {"assess", RIGHT_ASSESS, RIGHT_ASSESS}, {"brief", RIGHT_ASSESS, RIGHT_ASSESS},
    {"effect", RIGHT_ASSESS, RIGHT_ASSESS}, {"table", RIGHT_ASSESS, RIGHT_ASSESS},
    {"check", RIGHT_ASSESS, RIGHT_IMPORT},  {"import", RIGHT_IMPORT, RIGHT_SEND},
    {"areas", RIGHT_IMPORT, RIGHT_IMPORT},  {"agreement", RIGHT_IMPORT, RIGHT_IMPORT},
    {"define", RIGHT_DEFINE, RIGHT_DEFINE}, {"backup", RIGHT_KEEP, RIGHT_KEEP},
    {"verify", RIGHT_KEEP, RIGHT_KEEP},
};

bool job_may(enum role role, const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind, kinds[i].kind) == 0) {
            return role_may(role, kinds[i].right) || role_may(role, kinds[i].other);
        }
    }
    return false;
}

/* ---- asking ---- */

static rv_status audit_job(struct store *s, struct act act, const char *action, int64_t id,
                           const char *kind, struct rv_err *reterr)
{
    char subject[80];
    (void)snprintf(subject, sizeof subject, "job %lld %.40s", (long long)id, kind);
    return audit_add(s, act, action, subject, "done", reterr);
}

static rv_status add(struct store *s, const struct call *c, const struct job_new *job,
                     int64_t *ret_id, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(job_add(s, job, c->session.account, c->now, ret_id, reterr));
    RV_TRY(audit_job(s, call_act(c), "job.ask", *ret_id, job->kind, reterr));
    return store_commit(s, reterr);
}

rv_status call_job(struct call *c, const struct job_new *job, int64_t *ret_id,
                   struct rv_err *reterr)
{
    if (!job_may(c->session.role, job->kind)) {
        return rv_fail(reterr, RV_REFUSED, "Your role may not have this done.");
    }
    struct store *writer = call_writer(c);
    rv_status status = add(writer, c, job, ret_id, reterr);
    call_writer_done(c);
    if (rv_is_ok(status)) {
        job_runner_wake(c->app->runner);
    }
    return status;
}

rv_status call_job_and_go(struct call *c, const struct job_new *job, struct rv_err *reterr)
{
    int64_t id;
    RV_TRY(call_job(c, job, &id, reterr));
    const char *path = arena_printf(c->arena, "/workbench/jobs/%lld", (long long)id);
    return path ? call_go_to(c, path, reterr) : arena_fail(c->arena, reterr);
}

struct job_runner *call_runner(const struct call *c)
{
    return c->app->runner;
}

const char *call_state_dir(const struct call *c)
{
    return c->app->options.place.state;
}

/* ---- what the runner asks and tells ---- */

/* Who asked may have another role by now, or none. */
static rv_status admit(void *context, struct store *s, const struct job *job, struct rv_err *reterr)
{
    (void)context;
    if (job->account == 0) {
        return rv_ok();
    }
    struct account account;
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, (size_t)1 << 20);
    RV_TRY(account_get(s, &a, job->account, &account, reterr));
    if (account.status != ACCOUNT_ACTIVE || !job_may(account.role, job->kind)) {
        return rv_fail(reterr, RV_REFUSED,
                       "Who asked for it may not have it done any more: nothing was done.");
    }
    return rv_ok();
}

static rv_status ended(void *context, struct store *s, const struct job *job, enum job_state state,
                       int64_t now, struct rv_err *reterr)
{
    (void)context;
    char action[40];
    (void)snprintf(action, sizeof action, "job.%s", job_state_name(state));
    return audit_job(s, (struct act){job->account, now}, action, job->id, job->kind, reterr);
}

struct job_hooks job_web_hooks(void)
{
    return (struct job_hooks){NULL, admit, ended};
}

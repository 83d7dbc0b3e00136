/* web/view_job.c — long work as its person follows it: state, progress, end, a way to stop it.
 *
 * One's own jobs only. An administrator sees that others have jobs and how those fare, and may stop
 * them, but not what they are about. SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parse.h"
#include "store/extract.h"
#include "web/app_internal.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/results.h"
#include "web/views.h"

#include <string.h>

#define MOST_LISTED     100
#define REFRESH_SECONDS 5

static const char *const colours[] = {"govuk-tag--grey", "govuk-tag--blue", "govuk-tag--green",
                                      "govuk-tag--red",  "govuk-tag--grey", "govuk-tag--yellow"};

static bool sees_all(const struct call *c)
{
    return role_may(c->session.role, RIGHT_KEEP);
}

static bool is_own(const struct call *c, const struct job *job)
{
    return job->account == c->session.account;
}

static void put_time(struct call *c, struct model *m, const char *name, int64_t at)
{
    if (at > 0) {
        model_text(m, name, time_words(c->arena, at));
    }
}

/* What anybody who may know of it may know. */
static void put_outside(struct call *c, struct model *m, const struct job *job)
{
    model_int(m, "id", job->id);
    model_text(m, "kind", job_kind_words(job->kind));
    model_text(m, "state", job_state_name(job->state));
    model_text(m, "colour", colours[job->state]);
    model_bool(m, "is-waiting", job->state == JOB_WAITING);
    model_bool(m, "is-running", job->state == JOB_RUNNING);
    model_bool(m, "is-over", job_is_over(job->state));
    model_bool(m, "is-stopping", job->is_to_cancel && job->state == JOB_RUNNING);
    put_time(c, m, "asked", job->asked_at);
    put_time(c, m, "started", job->started_at);
    put_time(c, m, "ended", job->ended_at);
}

/* ---- the list ---- */

rv_status view_jobs(struct call *c, struct rv_err *reterr)
{
    struct job *jobs;
    size_t count;
    const struct job_choice choice = {.account = sees_all(c) ? JOB_OF_ALL : c->session.account,
                                      .most = MOST_LISTED};
    RV_TRY(job_list(c->store, c->arena, &choice, &jobs, &count, reterr));
    struct model_list *list = model_list(c->model, "jobs");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        put_outside(c, row, &jobs[i]);
        model_text(row, "title",
                   is_own(c, &jobs[i]) ? jobs[i].title : job_kind_words(jobs[i].kind));
        if (sees_all(c)) {
            model_text(row, "who", job_who(c, jobs[i].account));
        }
    }
    model_bool(c->model, "has-jobs", count > 0);
    model_bool(c->model, "sees-all", sees_all(c));
    return rv_ok();
}

/* ---- one ---- */

/* A number in an address, of a job that this person may know of. */
static rv_status find(struct call *c, struct job *ret, struct rv_err *reterr)
{
    int64_t id;
    if (!parse_int(c->arguments[0], &id)) {
        return call_not_there(c, reterr);
    }
    rv_status status = job_get(c->store, c->arena, id, ret, reterr);
    if (status.code == RV_NOT_FOUND || (rv_is_ok(status) && !is_own(c, ret) && !sees_all(c))) {
        return call_not_there(c, reterr);
    }
    return status;
}

static void put_progress(struct call *c, struct model *m, const struct job *job)
{
    struct job_progress p;
    if (!call_runner(c) || !job_runner_progress(call_runner(c), job->id, &p) || !p.step[0]) {
        return;
    }
    struct model *progress = model_object(m, "progress");
    model_text(progress, "step", arena_text(c->arena, p.step, strlen(p.step)));
    model_int(progress, "done", p.done);
    if (p.total > 0) {
        model_bool(progress, "has-total", true);
        model_int(progress, "percent", p.done >= p.total ? 100 : p.done * 100 / p.total);
    }
}

static void put_words(struct call *c, struct model *m, const char *name, const char *words,
                      const struct job *job)
{
    const char *own = job_path(c->arena, call_state_dir(c), job->id, "");
    const char *file = c->app->options.place.file, *slash = strrchr(file, '/');
    struct text shown = words_without(c->arena, text_of(words), own ? own : "", "");
    shown = words_without(c->arena, shown, call_state_dir(c), "");
    shown = words_without(c->arena, shown, file, slash ? slash + 1 : file);
    if (shown.n) {
        model_slice(m, name, shown);
    }
}

/* An import leads to its extract: the one of its file's name that came while it ran. Where that is
 * none or several, as of an archive, it leads to all that is held. */
static rv_status put_extract(struct call *c, struct model *m, const struct job *job,
                             struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t count, found = 0;
    int64_t id = 0;
    char begun[UTC_BYTES], ended[UTC_BYTES];
    const char *slash = job->word_count ? strrchr(job->words[job->word_count - 1], '/') : NULL;
    RV_TRY(extract_list(c->store, c->arena, NULL, &extracts, &count, reterr));
    utc_write(job->started_at, begun);
    utc_write(job->ended_at, ended);
    for (size_t i = 0; slash && i < count; i++) {
        const struct extract_info *e = &extracts[i];
        if (strcmp(e->file_name, slash + 1) == 0 && strcmp(e->imported_at, begun) >= 0 &&
            strcmp(e->imported_at, ended) <= 0) {
            id = e->id;
            found++;
        }
    }
    model_text(m, "result",
               found == 1 ? arena_printf(c->arena, "/workbench/data/%lld", (long long)id)
                          : "/workbench/data");
    return rv_ok();
}

static rv_status put_inside(struct call *c, struct model *m, const struct job *job,
                            struct rv_err *reterr)
{
    model_bool(m, "is-own", true);
    put_words(c, m, "message", job->message, job);
    put_words(c, m, "printed", job->printed, job);
    put_words(c, m, "said", job->said, job);
    if (job->exit_status >= 0) {
        model_text(m, "exit", arena_printf(c->arena, "%d", job->exit_status));
    }
    if (job->state == JOB_DONE) {
        model_text(m, "result", result_address(c->arena, job->kind, job->id));
    }
    put_progress(c, m, job);
    return strcmp(job->kind, "import") == 0 && job->state == JOB_DONE
               ? put_extract(c, m, job, reterr)
               : rv_ok();
}

rv_status view_job(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(find(c, &job, reterr));
    const char *name = is_own(c, &job) ? job.title : job_kind_words(job.kind);
    put_outside(c, c->model, &job);
    model_text(c->model, "name", name);
    model_text(c->model, "title",
               arena_printf(c->arena, "%s: %s", job_state_name(job.state), name));
    model_bool(c->model, "may-cancel", !job_is_over(job.state) && !job.is_to_cancel);
    model_bool(c->model, "no-runner",
               !job_is_over(job.state) && (!call_runner(c) || !job_runner_is_well(call_runner(c))));
    if (is_own(c, &job)) {
        RV_TRY(put_inside(c, c->model, &job, reterr));
    } else {
        model_text(c->model, "who", job_who(c, job.account));
    }
    /* A page that loads itself anew must say so and be able not to. */
    bool is_still = text_is(call_query(c, "still"), "yes");
    model_bool(c->model, "refreshes", !job_is_over(job.state) && !is_still);
    model_bool(c->model, "is-still", !job_is_over(job.state) && is_still);
    c->response->refresh = !job_is_over(job.state) && !is_still ? REFRESH_SECONDS : 0;
    return rv_ok();
}

/* ---- stopping ---- */

static rv_status cancel(struct call *c, struct store *s, const struct job *job,
                        struct rv_err *reterr)
{
    const char *subject = arena_printf(c->arena, "job %lld %s", (long long)job->id, job->kind);
    if (!subject) {
        return arena_fail(c->arena, reterr);
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(job_cancel(s, c->arena, job->id, c->now, reterr));
    RV_TRY(audit_add(s, call_act(c), "job.cancel", subject, "done", reterr));
    return store_commit(s, reterr);
}

/* One that ended meanwhile needs no stopping: its page says how it ended. */
rv_status post_job_cancel(struct call *c, struct rv_err *reterr)
{
    struct job job;
    RV_TRY(find(c, &job, reterr));
    struct store *writer = call_writer(c);
    rv_status status = cancel(c, writer, &job, reterr);
    call_writer_done(c);
    if (!rv_is_ok(status) && status.code != RV_REFUSED) {
        return status;
    }
    job_runner_wake(call_runner(c));
    const char *back = arena_printf(c->arena, "/workbench/jobs/%lld", (long long)job.id);
    return back ? call_go_to(c, back, reterr) : arena_fail(c->arena, reterr);
}

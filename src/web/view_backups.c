/* web/view_backups.c — copies of the partnership file: the last ones, and another.
 *
 * Made by the command `reeve backup` as a job, into the folder of that job: the copy is whole while
 * others go on working. It leaves the machine by other means than a browser, because it holds every
 * record. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "web/finding_model.h"
#include "web/jobs.h"
#include "web/views.h"

#include <sys/stat.h>

#define SHOWN 20

static const char *size_of(struct call *c, const char *path)
{
    struct stat st;
    return path && stat(path, &st) == 0
               ? arena_printf(c->arena, "%.1f MB", (double)st.st_size / 1e6)
               : NULL;
}

static rv_status put_job(struct call *c, const struct job *job, struct model *m,
                         struct rv_err *reterr)
{
    struct account by;
    struct arena *a = c->arena;
    const char *path =
        call_state_dir(c) ? job_path(a, call_state_dir(c), job->id, "backup.reeve") : NULL;
    const char *size = job->state == JOB_DONE ? size_of(c, path) : NULL;
    rv_status status = account_get(c->store, a, job->account, &by, reterr);
    if (!rv_is_ok(status) && status.code != RV_NOT_FOUND) {
        return status;
    }
    model_int(m, "job", job->id);
    model_text(m, "asked", time_words(a, job->asked_at));
    model_text(m, "who", rv_is_ok(status) ? by.name : "command line");
    model_text(m, "ended", job->ended_at ? time_words(a, job->ended_at) : NULL);
    model_text(m, "state", job_state_name(job->state));
    model_bool(m, "is-done", job->state == JOB_DONE);
    model_bool(m, "is-over", job_is_over(job->state));
    model_text(m, "message", job->message);
    model_text(m, "size", size);
    model_text(m, "path", size ? path : NULL);
    return rv_ok();
}

rv_status view_backups(struct call *c, struct rv_err *reterr)
{
    struct job *jobs;
    size_t count;
    bool is_busy = false;
    const struct job_choice choice = {.account = JOB_OF_ALL, .kind = "backup", .most = SHOWN};
    RV_TRY(job_list(c->store, c->arena, &choice, &jobs, &count, reterr));
    struct model_list *list = model_list(c->model, "backups");
    for (size_t i = 0; i < count; i++) {
        RV_TRY(put_job(c, &jobs[i], model_item(list), reterr));
        is_busy = is_busy || !job_is_over(jobs[i].state);
    }
    model_bool(c->model, "has-backups", count > 0);
    model_bool(c->model, "is-busy", is_busy);
    model_bool(c->model, "is-asked", call_query(c, "asked").n > 0);
    model_bool(c->model, "has-runner", call_runner(c) && job_runner_is_well(call_runner(c)));
    model_int(c->model, "keep-days", JOB_KEEP_DAYS);
    return rv_ok();
}

rv_status post_backup(struct call *c, struct rv_err *reterr)
{
    static const char *const words[] = {JOB_RESULT "/backup.reeve"};
    const struct job_new job = {"backup", "Backup of the partnership file", words, 1};
    int64_t id;
    RV_TRY(call_job(c, &job, &id, reterr));
    return call_go_to(c, "/admin/backups?asked=yes", reterr);
}

rv_status post_verify(struct call *c, struct rv_err *reterr)
{
    const struct job_new job = {"verify", "Check of the partnership file", NULL, 0};
    int64_t id;
    RV_TRY(call_job(c, &job, &id, reterr));
    return call_go_to(c, "/admin/self-check?asked=yes", reterr);
}

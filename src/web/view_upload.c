/* web/view_upload.c — sending a file: the form, what became of it, and what waits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/job.h"
#include "web/app_internal.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/jobs.h"
#include "web/mapping_model.h"
#include "web/views.h"

/* ---- what waits ---- */

static bool is_over(void *context, int64_t id)
{
    struct call *c = context;
    struct job job;
    rv_status status = job_get(c->store, c->arena, id, &job, NULL);
    return status.code == RV_NOT_FOUND || (rv_is_ok(status) && job_is_over(job.state));
}

static const char *size_words(struct arena *a, int64_t bytes)
{
    return bytes < 10000               ? arena_printf(a, "%lld bytes", (long long)bytes)
           : bytes < (int64_t)10 << 20 ? arena_printf(a, "%lld kB", (long long)(bytes / 1000))
                                       : arena_printf(a, "%lld MB", (long long)(bytes / 1000000));
}

static rv_status put_waiting(struct call *c, struct rv_err *reterr)
{
    struct kept_upload *list;
    size_t count;
    const char *dir = mapping_dir(c);
    if (!dir) {
        return arena_fail(c->arena, reterr);
    }
    uploads_sweep(c->arena, dir, c->now, is_over, c);
    RV_TRY(uploads_list(c->arena, dir, c->session.account, &list, &count, reterr));
    struct model_list *waiting = model_list(c->model, "waiting");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(waiting);
        model_text(row, "id", list[i].id);
        model_text(row, "file", list[i].file_name);
        model_text(row, "size", size_words(c->arena, list[i].bytes));
        model_text(row, "at", time_words(c->arena, list[i].at));
        if (list[i].job) {
            model_int(row, "job", list[i].job);
        }
    }
    model_int(c->model, "waiting-count", (int64_t)count);
    return rv_ok();
}

rv_status view_upload(struct call *c, struct rv_err *reterr)
{
    bool is_for_own = !role_may(c->session.role, RIGHT_IMPORT);
    model_bool(c->model, "is-for-own", is_for_own);
    model_text(c->model, "organisation", c->session.organisation);
    model_bool(c->model, "may-upload", !is_for_own || c->session.organisation[0]);
    model_text(c->model, "most", size_words(c->arena, (int64_t)c->app->options.upload_bytes));
    return put_waiting(c, reterr);
}

/* ---- what arrives ---- */

static rv_status say_fault(struct call *c, unsigned status, const char *words,
                           struct rv_err *reterr)
{
    call_fault(c, "file", words);
    c->response->status = status;
    call_show(c, "data-upload");
    return view_upload(c, reterr);
}

/* It is in the audit before anybody can use it; a file that is not noted is not kept. */
static rv_status keep(struct call *c, struct upload *u, struct rv_err *reterr)
{
    struct kept_upload kept;
    struct rv_err err;
    const char *id, *dir = mapping_dir(c);
    if (!dir) {
        return arena_fail(c->arena, reterr);
    }
    rv_status status = uploads_keep(c->arena, dir, u, c->session.account, c->now, &id, &err);
    if (status.code == RV_LIMIT) {
        return say_fault(c, 422, err.message, reterr);
    }
    if (!rv_is_ok(status)) {
        return say_fault(c, 507, err.message, reterr);
    }
    status = call_note(c, "data.upload", id, "done", reterr);
    if (!rv_is_ok(status)) {
        if (rv_is_ok(uploads_find(c->arena, dir, text_of(id), c->session.account, &kept, NULL))) {
            uploads_remove(&kept);
        }
        return status;
    }
    const char *next = arena_printf(c->arena, "/workbench/data/uploads/%s", id);
    return next ? call_go_to(c, next, reterr) : arena_fail(c->arena, reterr);
}

rv_status post_upload(struct call *c, struct rv_err *reterr)
{
    struct upload *u = c->request->upload;
    if (!role_may(c->session.role, RIGHT_IMPORT) && !c->session.organisation[0]) {
        return say_fault(c, 422,
                         "Your account names no organisation, so nobody knows whose data you "
                         "send: ask the administrator to add it",
                         reterr);
    }
    if (!u || (u->fate == UPLOAD_FINE && !u->form.file_name[0])) {
        return say_fault(c, 422, "Choose a file", reterr);
    }
    switch (u->fate) {
    case UPLOAD_FINE:
        return u->bytes ? keep(c, u, reterr)
                        : say_fault(c, 422, "The file is empty: choose another", reterr);
    case UPLOAD_TOO_LARGE:
        return say_fault(c, 413, "The file is larger than this service takes: send it in parts",
                         reterr);
    case UPLOAD_NO_ROOM:
        return say_fault(c, 507,
                         "The disk of the service is full, and nothing was kept: tell the "
                         "administrator, then send the file again",
                         reterr);
    case UPLOAD_FAILED:
        return say_fault(c, 500,
                         "The file could not be written, and nothing was kept: tell the "
                         "administrator",
                         reterr);
    case UPLOAD_FORGED:
    case UPLOAD_BROKEN:
    default:
        return say_fault(c, 422, "The file did not arrive whole: send it again", reterr);
    }
}

rv_status post_upload_remove(struct call *c, struct rv_err *reterr)
{
    struct kept_upload u;
    RV_TRY(mapping_find(c, &u, reterr));
    if (u.job == 0 || is_over(c, u.job)) {
        uploads_remove(&u);
    }
    return call_go_to(c, "/workbench/data/upload", reterr);
}

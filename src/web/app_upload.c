/* web/app_upload.c — who may send a file, asked before a byte of it is kept; and files that nobody
 * needs any more. SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/job.h"
#include "web/app_internal.h"
#include "web/uploads.h"

#include <time.h>

rv_status app_open_uploads(struct app *app, struct rv_err *reterr)
{
    const struct app_options *o = &app->options;
    if (o->upload_bytes == 0 || !o->place.state) {
        return rv_ok();
    }
    const char *dir = uploads_dir(&app->arena, o->place.state);
    if (!dir) {
        return arena_fail(&app->arena, reterr);
    }
    RV_TRY(uploads_make_dir(dir, reterr));
    RV_TRY(store_open(o->path, STORE_READ, &app->gate, reterr));
    app->upload_dir = dir;
    return rv_ok();
}

static bool is_ours(struct text session, const struct fields *form)
{
    return session_csrf_is(session, fields_get(form, "csrf"));
}

/* In the socket thread: one row of an index, on a connection of its own. */
static bool may_send(struct app *app, const struct route *r, struct text session)
{
    struct session_info who;
    bool is_found = false;
    rv_status status = session_find(app->gate, session, (int64_t)time(NULL), &who, &is_found, NULL);
    store_settle(app->gate);
    bool is_somebodys =
        r->right != RIGHT_SEND || role_may(who.role, RIGHT_IMPORT) || who.organisation[0];
    return rv_is_ok(status) && is_found && role_may(who.role, r->right) && is_somebodys;
}

enum server_admission app_admit_upload(void *context, struct text path, struct text session,
                                       struct upload_terms *ret)
{
    struct app *app = context;
    struct text arguments[ROUTE_ARGUMENTS];
    bool is_path;
    const struct route *r = path.n > 0 && path.at[0] == '/'
                                ? route_find(REQUEST_POST, path, arguments, &is_path)
                                : NULL;
    if (!r || !(r->flags & ROUTE_UPLOAD) || !app->upload_dir) {
        return SERVER_NO_FILES;
    }
    if (session.n == 0 || !may_send(app, r, session)) {
        return SERVER_UNKNOWN;
    }
    *ret = (struct upload_terms){app->upload_dir, app->options.upload_bytes, is_ours};
    return SERVER_ADMITTED;
}

/* ---- what nobody needs any more ---- */

#define SWEEP_EVERY 300 /* seconds */

struct sweeping {
    struct store *s;
    struct arena *a;
};

static bool is_over(void *context, int64_t id)
{
    struct sweeping *w = context;
    struct job job;
    rv_status status = job_get(w->s, w->a, id, &job, NULL);
    return status.code == RV_NOT_FOUND || (rv_is_ok(status) && job_is_over(job.state));
}

void app_sweep_uploads(struct app *app, int64_t now)
{
    if (!app->upload_dir || now - app->swept_at < SWEEP_EVERY) {
        return;
    }
    struct arena a RV_CLEANUP(arena_done);
    arena_init(&a, (size_t)16 << 20);
    struct sweeping w = {app->writer, &a};
    app->swept_at = now;
    uploads_sweep(&a, app->upload_dir, now, is_over, &w);
    store_settle(app->writer);
}

/* cli/serve.c — the web service over one partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "base/file.h"
#include "base/parse.h"
#include "cli/commands.h"
#include "web/app.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEFAULT_ADDRESS "127.0.0.1:8080"
#define MOST_WORKERS    64

/* Where it listens, and whether it may. */
static rv_status choose_address(struct session *session, struct listen_address *ret,
                                struct rv_err *reterr)
{
    const char *given = args_get(&session->args, "listen");
    RV_TRY(listen_parse(&session->arena, given ? given : DEFAULT_ADDRESS, ret, reterr));
    if (!ret->is_loopback && !args_has(&session->args, "behind-proxy")) {
        return rv_fail(reterr, RV_USAGE,
                       "%s can be reached from other machines, and this service speaks no TLS: put "
                       "a proxy in front (deploy/nginx.conf) and say --behind-proxy, or listen on "
                       "127.0.0.1 or on unix:/path",
                       given);
    }
    if (args_has(&session->args, "user-header") && !args_has(&session->args, "behind-proxy")) {
        return rv_fail(reterr, RV_USAGE,
                       "--user-header believes what the proxy says: it needs --behind-proxy");
    }
    return rv_ok();
}

static rv_status choose_workers(struct session *session, size_t *ret, struct rv_err *reterr)
{
    /* A worker that reads waits for the disk now and then: more of them than processors. */
    int64_t workers = (int64_t)pool_default_threads() * 2 + 2;
    const char *given = args_get(&session->args, "threads");
    if (given && (!parse_int(text_of(given), &workers) || workers < 1 || workers > MOST_WORKERS)) {
        return rv_fail(reterr, RV_USAGE, "--threads takes a number from 1 to %d, not '%s'",
                       MOST_WORKERS, given);
    }
    *ret = (size_t)(workers > MOST_WORKERS ? MOST_WORKERS : workers);
    return rv_ok();
}

#define UPLOAD_MEGABYTES 2000

static rv_status choose_upload_limit(struct session *session, uint64_t *ret, struct rv_err *reterr)
{
    int64_t megabytes = UPLOAD_MEGABYTES;
    const char *given = args_get(&session->args, "upload-limit");
    if (given && (!parse_int(text_of(given), &megabytes) || megabytes < 0 || megabytes > 100000)) {
        return rv_fail(reterr, RV_USAGE,
                       "--upload-limit takes megabytes from 0 to 100000, not '%s'", given);
    }
    *ret = (uint64_t)megabytes * 1000000;
    return rv_ok();
}

/* ---- where jobs are done ---- */

/* Results lie beside the file unless --state says otherwise. */
static rv_status choose_place(struct session *session, struct job_place *ret, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct arena *a = &session->arena;
    const char *given = args_get(&session->args, "state");
    RV_TRY(store_open(session->args.positional[0], STORE_READ, &s, reterr));
    const char *file = store_real_path(s);
    ret->file = arena_text(a, file, strlen(file));
    ret->state = given ? given : arena_printf(a, "%s-state", file);
    if (!ret->file || !ret->state) {
        return arena_fail(a, reterr);
    }
    RV_TRY(job_make_folders(ret->state, reterr));
    char whole[PATH_MAX];
    if (!realpath(ret->state, whole)) {
        return rv_fail(reterr, RV_IO, "cannot find the folder %s", ret->state);
    }
    ret->state = arena_text(a, whole, strlen(whole));
    return ret->state ? rv_ok() : arena_fail(a, reterr);
}

/* The helper is forked while there is one thread. */
static rv_status start_helper(struct session *session, struct app_options *options,
                              struct rv_err *reterr)
{
    RV_TRY(choose_place(session, &options->place, reterr));
    /* What does not fit in memory goes where the fences let it. */
    const char *temporary = arena_printf(&session->arena, "%s/tmp", options->place.state);
    if (!temporary || setenv("TMPDIR", temporary, 1) != 0) { /* NOLINT(concurrency-mt-unsafe) */
        return arena_fail(&session->arena, reterr);
    }
    RV_TRY(store_set_temporary(temporary, reterr));
    progress_hide();
    return job_helper_start(&options->place, &options->helper, reterr);
}

/* What listens: opened before the fences, which let nothing new be opened. */
struct listening {
    int fd;
    unsigned port;
    bool is_inherited;
};

static rv_status open_socket(const struct listen_address *address, struct listening *ret,
                             struct rv_err *reterr)
{
    int fd = listen_inherited();
    *ret = (struct listening){.fd = fd, .is_inherited = fd >= 0};
    return fd >= 0 ? rv_ok() : listen_open(address, &ret->fd, &ret->port, reterr);
}

/* ---- what is said ---- */

/* Without an administrator nobody can be let in: say how to make one. */
static rv_status tell_of_administrator(struct session *session, const char *path,
                                       struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    bool has_one = false;
    RV_TRY(store_open(path, STORE_READ, &s, reterr));
    RV_TRY(account_has_administrator(s, &session->arena, &has_one, reterr));
    if (!has_one) {
        buf_printf(&session->out,
                   "Nobody can sign in as administrator yet: reeve user %s add NAME --role "
                   "administrator\n",
                   path);
    }
    return rv_ok();
}

/* What holds, and what does not. */
static void put_fences(unsigned refused, struct buf *out)
{
    bool has_files = !(refused & RUN_FENCE_FILES), has_calls = !(refused & RUN_FENCE_CALLS);
    if (has_files || has_calls) {
        buf_printf(out, "Confined: it%s%s%s\n",
                   has_files ? " reaches no files but the system's and those in the folders of the "
                               "file and of its results"
                             : "",
                   has_files && has_calls ? ", and" : "",
                   has_calls ? " starts no program and connects to no other machine" : "");
    }
    if (!has_files) {
        buf_text(out, "Not confined to its folders: this system has no Landlock (Linux 5.13 or "
                      "later, in the list of security modules)\n");
    }
    if (!has_calls) {
        buf_text(out, "Not kept from starting programs and connecting elsewhere: this system "
                      "refused a filter of system calls\n");
    }
}

static rv_status tell(struct session *session, const struct app *app,
                      const struct listen_address *address, const struct listening *listening,
                      unsigned refused, struct rv_err *reterr)
{
    const char *path = session->args.positional[0];
    if (listening->is_inherited) {
        buf_printf(&session->out, "Serving %s on the socket of the service manager\n", path);
    } else if (address->unix_path) {
        buf_printf(&session->out, "Serving %s at unix:%s\n", path, address->unix_path);
    } else {
        bool is_v6 = text_of(address->host).n > 0 && strchr(address->host, ':');
        buf_printf(&session->out, "Serving %s at http://%s%s%s:%u/\n", path, is_v6 ? "[" : "",
                   address->host, is_v6 ? "]" : "", listening->port);
    }
    put_fences(refused, &session->out);
    RV_TRY(tell_of_administrator(session, path, reterr));
    if (!app_does_jobs(app)) {
        buf_text(&session->out, "Another service on this file does the jobs\n");
    }
    buf_text(&session->out, "Ctrl-C stops it\n");
    return session_flush(session, reterr);
}

static void wait_for_signal(const struct session *session)
{
    struct timespec moment = {.tv_nsec = 100000000};
    while (rv_is_ok(progress_check(&session->progress, NULL))) {
        (void)nanosleep(&moment, NULL);
    }
}

static rv_status serve_on(struct session *session, struct app *app, int fd, size_t workers,
                          unsigned refused, struct rv_err *reterr)
{
    bool is_behind_proxy = args_has(&session->args, "behind-proxy");
    struct server_options options = {.fd = fd,
                                     .is_local = !is_behind_proxy,
                                     .is_behind_proxy = is_behind_proxy,
                                     .user_header = args_get(&session->args, "user-header"),
                                     .workers = workers,
                                     .handler = app_answer,
                                     .admit = app_admit_upload,
                                     .context = app};
    struct app_door door = {
        .is_behind_proxy = is_behind_proxy, .user_header = options.user_header, .refused = refused};
    door.address = listen_words(&session->arena, fd, &door.is_local);
    app_set_door(app, &door);
    struct server *server;
    RV_TRY(server_start(&options, &server, reterr));
    wait_for_signal(session);
    server_stop(server);
    return rv_ok();
}

static rv_status open_and_serve(struct session *session, const struct listen_address *address,
                                const struct app_options *options, struct rv_err *reterr)
{
    struct app *app;
    struct listening listening;
    RV_TRY(open_socket(address, &listening, reterr));
    unsigned refused = run_confine_self(options->place.file, options->place.state);
    rv_status status = app_open(options, &app, reterr);
    if (!rv_is_ok(status)) {
        file_closep(&listening.fd);
        return status;
    }
    status = tell(session, app, address, &listening, refused, reterr);
    if (rv_is_ok(status)) {
        status = serve_on(session, app, listening.fd, options->workers, refused, reterr);
    } else {
        file_closep(&listening.fd);
    }
    app_close(app);
    return status;
}

rv_status run_serve(struct session *session, struct rv_err *reterr)
{
    struct listen_address address;
    struct app_options options = {.path = session->args.positional[0]};
    RV_TRY(choose_address(session, &address, reterr));
    RV_TRY(choose_workers(session, &options.workers, reterr));
    RV_TRY(choose_upload_limit(session, &options.upload_bytes, reterr));
    RV_TRY(start_helper(session, &options, reterr));
    rv_status status = open_and_serve(session, &address, &options, reterr);
    job_helper_stop(options.helper);
    return status;
}

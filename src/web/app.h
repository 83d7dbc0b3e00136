/* web/app.h — the service: who asks, whether they may, which page answers.
 *
 * A route is one row: method, path, the right that it needs, its page and its handler. The app
 * finds the row, the session and the right, checks the form's token, gives the handler a reader
 * that sees one state of the file, and renders what it put into the model as a page or as JSON.
 * What one may not see and what is not there are answered alike.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_APP_H
#define REEVE_WEB_APP_H

#include "access/session.h"
#include "run/job.h"
#include "store/store.h"
#include "web/model.h"
#include "web/server.h"
#include "web/template.h"

#include <pthread.h>

#define ROUTE_ARGUMENTS 3

struct call;
typedef rv_status route_handler(struct call *c, struct rv_err *reterr);

enum route_flags {
    ROUTE_NO_SESSION = 1, /* a form that is sent before there is a session: no token to check */
    ROUTE_PLAIN = 2,      /* the handler writes its own response: an asset, a file, /health */
    ROUTE_UPLOAD = 4,     /* a POST that may carry a file: multipart/form-data */
};

struct route {
    enum request_method method; /* REQUEST_HEAD is answered by the row of GET */
    const char *path;           /* "/workbench/data/:extract" */
    enum right right;
    unsigned flags;
    const char *page;  /* template below web/templates, without .html; NULL for a POST or plain */
    const char *title; /* of the page; what a POST does */
    route_handler *handler;
};

/* Every row, in the order of the sitemap. */
extern const struct route routes[];
extern const size_t route_count;

/* The row of a path, and its ":parts"; NULL when there is none. *ret_is_path: another method has
 * the path. */
const struct route *route_find(enum request_method method, struct text path,
                               struct text arguments[ROUTE_ARGUMENTS], bool *ret_is_path);

struct app_options {
    const char *path; /* of the partnership file */
    size_t workers;
    uint64_t upload_bytes;     /* most of one file that is sent; 0 = none is taken */
    struct job_place place;    /* where jobs are done; looked at with a helper only */
    struct job_helper *helper; /* of jobs; must outlive the app. NULL = jobs wait */
};

/* Through what people come in and what the process may do, for the self-check. Texts outlive the
 * app. */
struct app_door {
    const char *address; /* listen_words */
    bool is_local;       /* only this machine can reach it */
    bool is_behind_proxy;
    const char *user_header; /* NULL = none */
    unsigned refused;        /* fences that the system did not give: run_confine_self */
};

struct app;

/* Opens the file once for each worker and once to write, and compiles the pages. */
RV_MUST_CHECK rv_status app_open(const struct app_options *options, struct app **ret,
                                 struct rv_err *reterr);
/* False when another service on the same file does the jobs, or none does. */
bool app_does_jobs(const struct app *app);
void app_set_door(struct app *app, const struct app_door *door); /* before the server starts */
void app_close(struct app *app); /* after the server has stopped; NULL allowed */
server_handler app_answer;       /* context: the app */
server_admit app_admit_upload;   /* the same */

/* ---- for handlers ---- */

struct call {
    struct app *app;
    struct arena *arena;
    struct store *store; /* this worker's reader */
    const struct request *request;
    const struct route *route;
    struct text arguments[ROUTE_ARGUMENTS];
    bool is_signed_in;
    struct session_info session; /* when signed in; ROLE_PUBLIC otherwise */
    int64_t now;                 /* UTC seconds */
    struct model *model;         /* what the page says */
    struct response *response;
};

const struct app_door *call_door(const struct call *c);
struct act call_act(const struct call *c);
struct text call_query(const struct call *c, const char *name);
struct text call_form(const struct call *c, const char *name);

/* The one connection that writes, held until call_writer_done. */
struct store *call_writer(struct call *c);
void call_writer_done(struct call *c);
/* Writes into the audit that this person did it: by action and outcome, of a subject that names no
 * person; NULL = the arena had no room for it, and is a failure. Before what is noted leaves. */
RV_MUST_CHECK rv_status call_note(struct call *c, const char *action, const char *subject,
                                  const char *outcome, struct rv_err *reterr);

/* The findings of the stored assessment that this person may see, good until the answer is made:
 * parsed once for all who ask. RV_NOT_FOUND when nothing was assessed yet. */
struct stored_findings;
RV_MUST_CHECK rv_status call_findings(struct call *c, struct stored_findings *ret,
                                      struct rv_err *reterr);

/* See-other to a path of this service, as after every form. */
RV_MUST_CHECK rv_status call_go_to(struct call *c, const char *path, struct rv_err *reterr);
/* Nothing is there, or nothing for this person. */
RV_MUST_CHECK rv_status call_not_there(struct call *c, struct rv_err *reterr);
/* The page again with what was wrong: adds an error summary entry for the field and sets 422. */
void call_fault(struct call *c, const char *field, const char *message);
/* The same of a failure; what passes by itself (RV_BUSY) is answered with 503 and a time to return.
 */
void call_fault_of(struct call *c, const char *field, enum rv_code code, const char *message);
/* Another page than the route's, as when a form is shown again. */
void call_show(struct call *c, const char *page);
/* A file to answer with, in bounded memory (web/spool.h): at most one of a call. It lies unlinked
 * beside the partnership file until it is sent. */
RV_MUST_CHECK rv_status call_spool(struct call *c, struct spool **ret, struct rv_err *reterr);
/* Answers with it: the browser keeps it as file_name. The text of both is copied. A handler that
 * fails afterwards sends nothing of it. */
RV_MUST_CHECK rv_status call_send(struct call *c, struct spool *file, const char *content_type,
                                  const char *file_name, struct rv_err *reterr);
/* Sets or (token NULL) removes the session cookie. */
RV_MUST_CHECK rv_status call_set_session(struct call *c, const char *token, struct rv_err *reterr);

#endif

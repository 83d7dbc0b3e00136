/* web/app_internal.h — what the files of the app share.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_APP_INTERNAL_H
#define REEVE_WEB_APP_INTERNAL_H

#include "web/app.h"
#include "web/queue.h"

#define APP_RETRY_SECONDS 2 /* after which who met a busy service may come back */

struct app {
    struct app_options options;
    struct app_door door;
    struct arena arena; /* as long as the service */
    struct template_set *templates;
    struct store **readers; /* [workers] */
    struct store *writer;
    struct store *gate;     /* of the socket thread: who sends a file */
    const char *upload_dir; /* NULL = no files are taken */
    int64_t swept_at;
    pthread_mutex_t writing;
    struct queue *keeper;       /* one worker: writes that no page waits for */
    struct job_runner *runner;  /* NULL = elsewhere, or nowhere */
    const char *style, *script; /* their addresses */
    pthread_mutex_t holding;
    struct held_findings *held; /* of the current assessment; NULL = not asked for yet */
};

/* The findings of one assessment, parsed; freed when nobody reads them and another is current. */
struct held_findings;

/* A call with what only the app needs to know of it. */
struct app_call {
    struct call call; /* first */
    const char *page; /* to show; NULL = the handler wrote the response */
    bool is_done;     /* the response is made */
    bool is_writing;
    struct spool *spool; /* begun; NULL = none */
    struct model_list *faults;
    struct held_findings *findings; /* in use by this call */
};

/* Starts the keeper, which notes that sessions were used. */
RV_MUST_CHECK rv_status app_start_keeper(struct app *app, struct rv_err *reterr);

/* The call reads no findings any more; and the service none at all. */
void app_let_findings_go(struct app *app, struct held_findings *held); /* NULL allowed */
void app_free_findings(struct app *app);

/* Opens what files that are sent need. */
RV_MUST_CHECK rv_status app_open_uploads(struct app *app, struct rv_err *reterr);
/* Holding the writer: removes files that are imported or a day old, now and then. */
void app_sweep_uploads(struct app *app, int64_t now);

/* Finds who asks. Never fails because of what the browser sent. */
RV_MUST_CHECK rv_status app_find_session(struct app_call *x, struct rv_err *reterr);

/* May this call go on? Otherwise the response is made and *ret is false. */
RV_MUST_CHECK rv_status app_admit(struct app_call *x, bool *ret, struct rv_err *reterr);

/* Writes the model as the page or as JSON, with its tag. */
RV_MUST_CHECK rv_status app_show(struct app_call *x, struct rv_err *reterr);

/* Answers with a page that says what is wrong, whatever was begun. Never fails. */
void app_refuse(struct app_call *x, unsigned status);

/* ---- assets ---- */

const char *asset_address(struct arena *a, const char *name); /* "/assets/TAG/reeve.css" */
route_handler view_asset;

#endif

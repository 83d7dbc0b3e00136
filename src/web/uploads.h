/* web/uploads.h — files that were sent and wait to be imported, each in a folder of its own.
 *
 *   STATE/uploads/ACCOUNT-SECOND-RANDOM/file/NAME     as it was sent
 *   STATE/uploads/ACCOUNT-SECOND-RANDOM/answers       of the mapping assistant
 *   STATE/uploads/ACCOUNT-SECOND-RANDOM/profile.json  by which it is imported
 *   STATE/uploads/ACCOUNT-SECOND-RANDOM/job           the job that imports it
 *
 * The name of a folder says whose it is and since when: nobody else finds it, and a day later, or
 * when its import is over, it is removed. Private to src/web.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_UPLOADS_H
#define REEVE_WEB_UPLOADS_H

#include "base/arena.h"
#include "web/request.h"
#include "web/upload.h"

#define UPLOADS_KEPT   ((int64_t)86400) /* seconds */
#define UPLOADS_OF_ONE 20               /* that wait of one account */

struct kept_upload { /* lives in the arena */
    const char *id, *file_name;
    const char *folder, *path; /* absolute */
    int64_t account, at, bytes;
    struct fields answers; /* of the assistant, in the order given */
    int64_t job;           /* 0 = none yet */
};

/* STATE/uploads, made for this user alone. NULL = no memory. */
const char *uploads_dir(struct arena *a, const char *state_dir);
RV_MUST_CHECK rv_status uploads_make_dir(const char *dir, struct rv_err *reterr);

/* Keeps a file that arrived whole. *ret_id lives in the arena. RV_IO; RV_LIMIT when too many of the
 * account wait. */
RV_MUST_CHECK rv_status uploads_keep(struct arena *a, const char *dir, struct upload *u,
                                     int64_t account, int64_t now, const char **ret_id,
                                     struct rv_err *reterr);

/* RV_NOT_FOUND for what is not there, or not this account's. */
RV_MUST_CHECK rv_status uploads_find(struct arena *a, const char *dir, struct text id,
                                     int64_t account, struct kept_upload *ret,
                                     struct rv_err *reterr);

/* Those of an account, newest first. */
RV_MUST_CHECK rv_status uploads_list(struct arena *a, const char *dir, int64_t account,
                                     struct kept_upload **ret, size_t *ret_count,
                                     struct rv_err *reterr);

RV_MUST_CHECK rv_status uploads_put_answers(struct arena *a, const struct kept_upload *u,
                                            const struct field *answers, size_t count,
                                            struct rv_err *reterr);
RV_MUST_CHECK rv_status uploads_put_job(struct arena *a, const struct kept_upload *u, int64_t job,
                                        struct rv_err *reterr);
void uploads_remove(const struct kept_upload *u);

/* Removes what is older than a day and what `is_over` says is imported. */
typedef bool uploads_is_over(void *context, int64_t job);
void uploads_sweep(struct arena *a, const char *dir, int64_t now, uploads_is_over *is_over,
                   void *context);

#endif

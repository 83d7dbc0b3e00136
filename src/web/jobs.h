/* web/jobs.h — long work that a page asks for: asked with a right, audited, done by the runner.
 *
 * A page builds the words of a command (run/job.h) and calls call_job; the person is then sent to
 * /workbench/jobs/ID. The right is looked at when it is asked for and again when it starts.
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_JOBS_H
#define REEVE_WEB_JOBS_H

#include "run/job.h"
#include "web/app.h"

/* May this role have a job of this kind done? */
bool job_may(enum role role, const char *kind);

/* One more job of who asks, with its row of the audit, in one transaction. RV_REFUSED without the
 * right; otherwise as job_add. */
RV_MUST_CHECK rv_status call_job(struct call *c, const struct job_new *job, int64_t *ret_id,
                                 struct rv_err *reterr);

/* The same, and the answer is "see /workbench/jobs/ID". */
RV_MUST_CHECK rv_status call_job_and_go(struct call *c, const struct job_new *job,
                                        struct rv_err *reterr);

/* The runner of the app: NULL when another service on the same file has it, or none was asked for.
 */
struct job_runner *call_runner(const struct call *c);
const char *call_state_dir(const struct call *c); /* absolute */

/* What the runner asks and tells. */
struct job_hooks job_web_hooks(void);

#endif

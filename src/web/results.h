/* web/results.h — what jobs left in the state folder: listed, opened, sent. Choices of their forms.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_RESULTS_H
#define REEVE_WEB_RESULTS_H

#include "base/civil.h"
#include "place/areas.h"
#include "web/jobs.h"

/* The job of a number in an address, of this kind and done; "not there" otherwise. */
RV_MUST_CHECK rv_status result_job(struct call *c, struct text id, const char *kind,
                                   struct job *ret, struct rv_err *reterr);

/* Sends a file of its folder (`below` = a folder in it, or NULL) with a row of the audit. A page is
 * shown, under a policy that runs nothing; anything else is kept by the browser as a file. */
RV_MUST_CHECK rv_status result_send(struct call *c, const struct job *job, const char *below,
                                    struct text name, struct rv_err *reterr);

/* Names of the files of a job's folder in order, those that result_send would send. */
RV_MUST_CHECK rv_status result_names(struct call *c, const struct job *job, const char *below,
                                     const char *const **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* Where the pages show what came of a job that is done; NULL = nowhere, or no memory. */
const char *result_address(struct arena *a, const char *kind, int64_t id);

/* Jobs of a kind that are done, newest first: {id, title, who, at, address} each. */
RV_MUST_CHECK rv_status result_list(struct call *c, const char *kind, const char *name,
                                    struct rv_err *reterr);

/* How a job is called by its kind: "Assessment". */
const char *job_kind_words(const char *kind);
/* Name of who asked, as colleagues see it; "the command line" for account 0. NULL = no memory. */
const char *job_who(struct call *c, int64_t account);

/* The boroughs held, as "areas" of a form. Chosen is the one that the form sent or, before that,
 * the one of the last job of this kind. *ret_name: of the chosen; NULL = none is. */
RV_MUST_CHECK rv_status put_boroughs(struct call *c, const char *kind, const char **ret_name,
                                     struct rv_err *reterr);

/* The months covered by extracts of offences; first > last = none. */
RV_MUST_CHECK rv_status months_held(struct call *c, struct month_range *ret, struct rv_err *reterr);

#endif

/* web/mapping_model.h — a file that was sent, as the mapping assistant sees it.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_MAPPING_MODEL_H
#define REEVE_WEB_MAPPING_MODEL_H

#include "ingest/preview.h"
#include "ingest/suggest.h"
#include "ingest/suggest_read.h"
#include "web/app.h"
#include "web/uploads.h"

#define MAPPING_ANSWERS 512
#define MAPPING_LEAST   0.8 /* confidence from which a column is taken unasked, as of the command */

struct looked { /* lives in the arena of the call */
    struct kept_upload upload;
    bool is_archive; /* of several tables: each is taken by the profile that knows it */
    struct sampled sampled;
    struct facts *facts;
    const struct lexicon *lexicon;
    struct suggest_options options;
    const struct profile *known; /* NULL = none, or mapped afresh: then */
    struct proposal proposal;
};

/* The upload that the address names, read once. RV_NOT_FOUND for another's; RV_INVALID for what is
 * no table, with the sentence of an import; RV_USAGE when the answers do not fit. */
RV_MUST_CHECK rv_status upload_look(struct call *c, struct looked *ret, struct rv_err *reterr);
/* The upload alone. */
RV_MUST_CHECK rv_status mapping_find(struct call *c, struct kept_upload *ret,
                                     struct rv_err *reterr);

/* The profile by which it would be imported: what is known, or what the answers make.
 * RV_REFUSED while a question is open. */
RV_MUST_CHECK rv_status mapping_profile(struct call *c, const struct looked *l, struct profile *ret,
                                        struct rv_err *reterr);

void mapping_put(struct call *c, const struct looked *l); /* kind, columns, questions, rows */
void mapping_put_preview(struct call *c, const struct preview *v);

/* "c7" is the field of column 7; "drop" or a column of ours. What it says now. */
const char *mapping_target(const struct looked *l, size_t column);

/* Where results and uploads lie; NULL = no memory. */
const char *mapping_dir(struct call *c);

/* One reading of a file at a time: they take memory and processors. */
void mapping_lock(void);
void mapping_unlock(void);

/* Profiles that the partnership keeps, as settings "profile.NAME". */
RV_MUST_CHECK rv_status mapping_kept(struct call *c, struct profile **ret, size_t *ret_count,
                                     struct rv_err *reterr);

#endif

/* assess/assess.h — the assessment of one area: findings and the tables beside them.
 *
 * Thread-compatible: one run per store and pool at a time. Results live in the arena given.
 * The same file and options give the same bytes with any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_ASSESS_H
#define REEVE_ASSESS_ASSESS_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/status.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands for the partnership file in every `query` of a finding, so that a finding does not
 * depend on where the file lies: "reeve table FILE --profile …". Whoever shows a query to be
 * run puts the path there. */
#define ASSESS_QUERY_FILE "FILE"

struct assess_template;
struct assess_options {
    const char *area;           /* code of a borough: "E09000016" */
    struct month_range period;  /* whole months */
    struct month_range compare; /* an earlier period; first > last = none */
    const char *vintage;        /* of the wards and LSOAs; NULL = the latest that covers period */
    const char *denominator;    /* another population held, by name or slug, that findings speak of;
                                   "residents" = of none; NULL = the one that knows most boroughs */
    const struct assess_template *template; /* NULL = TEMPLATE_DEFAULT */
    bool checks_data; /* with the chapter of tables on what the data can bear: reads all columns */
};

#define ASSESS_NO_COMPARE ((struct month_range){1, 0})

/* Computes every finding and table of the area. RV_NOT_FOUND when no boroughs are held or the
 * code is not one of them; RV_INVALID for an empty period or one that does not follow `compare`.
 * What cannot be computed, wards of mixed vintages among it, is a finding with the verdict "not
 * available" and its reason (with the command that re-bases), not a failure. */
RV_MUST_CHECK rv_status assess_run(struct store *s, struct arena *a, struct pool *pool,
                                   struct progress *progress, const struct assess_options *options,
                                   struct assessment *ret, struct rv_err *reterr);

/* How findings (the record of formats.md section 6) and tables are written, each as one JSON
 * object: report's finding_to_json and result_table_to_json, handed down because assess lies below
 * it. */
struct assess_to_json {
    rv_status (*finding)(void *context, const struct finding *f, struct buf *out,
                         struct rv_err *reterr);
    rv_status (*table)(void *context, const struct result_table *t, struct buf *out,
                       struct rv_err *reterr);
    void *context;
};

/* Replaces the stored assessment of the file by this one and the tables that its findings name, in
 * one transaction of its own. */
RV_MUST_CHECK rv_status assess_store(struct store *s, const struct assessment *assessment,
                                     const struct assess_to_json *to_json, struct rv_err *reterr);

struct stored_finding {
    const char *id;
    struct text body;               /* one JSON object */
    const char *table, *table_hash; /* id and SHA-256 of the table beside it; NULL = none is kept */
};

struct stored_assessment { /* lives in the arena */
    int64_t id;            /* another one for every run: the same id is the same findings */
    const char *area;
    struct month_range period, compare; /* compare.first > compare.last = none */
    struct text sources;                /* JSON array of {"extract", "sha256", "file"} */
    struct stored_finding *findings;    /* in report order */
    size_t finding_count;
};

/* The id of the assessment stored last, 0 when there is none. Cost: one row. */
RV_MUST_CHECK rv_status assess_last_id(struct store *s, int64_t *ret, struct rv_err *reterr);

/* The assessment stored last. RV_NOT_FOUND ("run reeve assess first") when there is none. */
RV_MUST_CHECK rv_status assess_load(struct store *s, struct arena *a, struct stored_assessment *ret,
                                    struct rv_err *reterr);

/* The body of a table of an assessment, one JSON object. RV_NOT_FOUND when it is not kept,
 * RV_DAMAGED when it is not the one of its hash. */
RV_MUST_CHECK rv_status assess_load_table(struct store *s, struct arena *a, int64_t assessment,
                                          const char *id, struct text *ret, struct rv_err *reterr);

#endif

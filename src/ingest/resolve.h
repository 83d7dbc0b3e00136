/* ingest/resolve.h — what a new extract means for rows that are already there, and for its own.
 *
 * Within the file identical rows are duplicates and a repeated key with other content is kept and
 * numbered. Against earlier extracts of the same source: an equal row counts as a duplicate and
 * the earlier one stays; another content under the same key supersedes every earlier row of that
 * key; rows that a full or period extract no longer has are withdrawn. Rows whose key was made
 * here are nobody's duplicate within a file, and are paired one to one with equal earlier rows;
 * a full extract replaces them all, so that what other kinds say of the same lines stays with
 * them. Equal rows of people without a reference are kept, and paired in the same way.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_RESOLVE_H
#define REEVE_INGEST_RESOLVE_H

#include "base/civil.h"
#include "base/progress.h"
#include "ingest/pipeline.h"

struct mask {                         /* rows of one chunk that leave the current view */
    uint64_t *superseded, *withdrawn; /* NULL = none */
    uint32_t rows;
};

struct earlier { /* an extract of the same source */
    struct extract_info info;
    struct mask *masks; /* one a chunk */
};

struct repeat { /* a row that repeats a key: number 2, 3, … */
    uint32_t sequence, row;
    int64_t number;
};

struct resolution { /* in the arena */
    struct earlier *earlier;
    size_t earlier_count;
    uint64_t **duplicates;  /* bits of each own chunk, NULL = none */
    struct repeat *repeats; /* ascending by place */
    size_t repeat_count;
    int64_t in_file;   /* records identical to an earlier one of the file */
    int64_t unchanged; /* rows equal to one held already */
    int64_t superseded, withdrawn;
};

/* `period`: months that a period extract replaces. RV_NO_MEMORY, RV_IO, RV_INTERRUPTED, RV_LIMIT
 * past 8,192 extracts of one source. Cost: O(rows new + rows held of this source). */
RV_MUST_CHECK rv_status resolve(struct store *s, struct arena *a, struct pipeline *p,
                                const struct progress *progress, const char *source,
                                struct month_range period, struct resolution *ret,
                                struct rv_err *reterr);

/* Whether the extracts of the source are still those that the resolution looked at. */
RV_MUST_CHECK rv_status resolution_holds(struct store *s, struct arena *a, const struct pipeline *p,
                                         const char *source, const struct resolution *r, bool *ret,
                                         struct rv_err *reterr);

/* Inside store_begin, after draft_commit gave the extract its id. */
RV_MUST_CHECK rv_status resolution_store(struct store *s, const struct pipeline *p,
                                         const struct resolution *r, int64_t extract,
                                         struct rv_err *reterr);

/* Earlier rows as entries of `ret`: earlier.c. */
rv_status earlier_list(struct store *s, struct arena *a, const char *kind, const char *source,
                       struct earlier **ret, size_t *ret_count, struct rv_err *reterr);
rv_status earlier_hash(struct store *s, const struct plan *p, const struct progress *progress,
                       struct earlier *earlier, size_t number, struct month_range period,
                       struct rowset *ret, struct rv_err *reterr);

#endif

/* report/stored.h — the findings of the stored assessment that may be used on the store's day.
 *
 * What was found while an agreement was in force is no result any more when it is not: a finding
 * that rests on an extract out of use is left out.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_STORED_H
#define REEVE_REPORT_STORED_H

#include "assess/assess.h"
#include "assess/finding.h"
#include "store/store.h"

struct extract_info;

struct stored_findings { /* lives in the arena */
    int64_t assessment;
    const char *area;
    struct month_range period, compare; /* compare.first > compare.last = none */
    struct finding *findings;           /* in report order */
    const struct text *bodies;          /* as stored, in the same order */
    const char *const *table_hashes;    /* of the table that each names; NULL = it names none */
    size_t count, left_out;
    const struct extract_info *in_use; /* what the store listed: their tables rest on these too */
    size_t in_use_count;
};

/* All findings of one assessment, whoever may see them: never shown as they are. */
struct stored_all { /* lives in the arena; may be read by many threads */
    struct stored_assessment assessment;
    struct finding *findings;
};

/* RV_NOT_FOUND when nothing was assessed yet. Cost: about 30 µs a finding. */
RV_MUST_CHECK rv_status stored_all_load(struct store *s, struct arena *a, struct stored_all *ret,
                                        struct rv_err *reterr);

/* Those that rest only on extracts which the store lists now (store's day, wall of the viewer).
 * Texts are those of `all`, which must live as long. Cost: a list of extracts. */
RV_MUST_CHECK rv_status stored_in_use(struct store *s, struct arena *a,
                                      const struct stored_all *all, struct stored_findings *ret,
                                      struct rv_err *reterr);

/* Both: RV_NOT_FOUND when nothing was assessed yet. */
RV_MUST_CHECK rv_status stored_findings_load(struct store *s, struct arena *a,
                                             struct stored_findings *ret, struct rv_err *reterr);

/* Where the finding of an id stands; `count` when there is none. */
size_t stored_finding(const struct stored_findings *stored, struct text id);

/* The table that a finding of them names. *ret_is_there is false when it names none, and when the
 * table rests on an extract that the store did not list when they were read. Cost: 0.1 ms. */
RV_MUST_CHECK rv_status stored_table(struct store *s, struct arena *a,
                                     const struct stored_findings *stored, size_t at,
                                     struct result_table *ret, bool *ret_is_there,
                                     struct rv_err *reterr);

#endif

/* report/stored.h — the findings of the stored assessment that may be used on the store's day.
 *
 * What was found while an agreement was in force is no result any more when it is not: a finding
 * that rests on an extract out of use is left out.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_STORED_H
#define REEVE_REPORT_STORED_H

#include "assess/finding.h"
#include "store/store.h"

struct stored_findings { /* lives in the arena */
    const char *area;
    struct month_range period, compare; /* compare.first > compare.last = none */
    struct finding *findings;           /* in report order */
    const struct text *bodies;          /* as stored, in the same order */
    size_t count, left_out;
};

/* RV_NOT_FOUND when nothing was assessed yet. Cost: about 10 µs a finding. */
RV_MUST_CHECK rv_status stored_findings_load(struct store *s, struct arena *a,
                                             struct stored_findings *ret, struct rv_err *reterr);

/* The finding of an id; NULL when there is none. */
const struct finding *stored_finding(const struct stored_findings *stored, struct text id,
                                     struct text *ret_body);

#endif

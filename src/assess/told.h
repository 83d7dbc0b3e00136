/* assess/told.h — what is told of one question, part by part: sentences, a table, and the table of
 * `reeve table` that has the same counts. For the pages of times and people.
 *
 * A question is the kind, profile, area and period of struct table_options; nothing else of it may
 * be given. The rules are those of the report's chapters: hours that the times do not bear are told
 * as not reliable, differences that chance could make are no differences. Everything lives in the
 * arena of `held`. Thread-compatible.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TOLD_H
#define REEVE_ASSESS_TOLD_H

#include "assess/cube.h"
#include "assess/table.h"

#define TOLD_PARTS 16

struct told_part {
    const char *id, *title;              /* "hours", "Hour of the day" */
    size_t first_finding, finding_count; /* of told.findings */
    const char *absent;         /* why there is no table, whole sentences; NULL = there is */
    struct result_table table;  /* in the shape of its chart; without sources */
    struct table_options asked; /* the table with the same counts; by NULL = none */
};

struct told {
    const char *title; /* "Offences (under-25), Havering, 2022" */
    struct told_part parts[TOLD_PARTS];
    size_t count;
    struct finding *findings; /* statements are made by report */
    size_t finding_count;
    const char *const *notes; /* of all parts: source, gaps, terms */
    size_t note_count;
    const struct finding_source *sources;
    size_t source_count;
};

/* Months and years, weekdays, hours, the week, school days. The errors are those of table_run. */
RV_MUST_CHECK rv_status told_when(struct held *h, const struct table_options *question,
                                  struct told *ret, struct rv_err *reterr);

/* Ages, sexes, ethnicities, relationships, repetition; of victims and of suspects where the kind is
 * offences. No person can be told from it but by small counts, which the caller warns of. */
RV_MUST_CHECK rv_status told_who(struct held *h, const struct table_options *question,
                                 struct told *ret, struct rv_err *reterr);

#endif

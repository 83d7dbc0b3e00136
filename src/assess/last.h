/* assess/last.h — what an earlier assessment found, beside what this one finds.
 *
 * The earlier one is its findings.json. Findings are held against each other by id; the tests that
 * decide the wording of a change decide here too: a difference that chance alone could make leaves
 * what was found still true, however much the digits differ.
 * Pure but for the arena; thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_LAST_H
#define REEVE_ASSESS_LAST_H

#include "assess/finding.h"

/* A finding of the earlier assessment; not available as in struct finding. */
struct last_finding {
    const char *id, *statement;
    const char *unit, *area, *definition, *definition_version; /* NULL = none */
    const char *rule, *named; /* NULL in files of versions that did not write them */
    double value, numerator, denominator;
    int64_t rank, rank_low, rank_high, of;
    int64_t named_of;          /* areas among which `named` is first */
    struct month_range period; /* first > last = none */
    enum finding_verdict verdict;
    enum marking marking;
};

/* Reads a findings.json, strictly: known members of the right type, no id twice. `name` is for
 * messages. RV_INVALID: "NAME, line L: …"; RV_LIMIT past LIMIT_JSON_BYTES or LAST_MAX findings. */
enum { LAST_MAX = 100000 };
RV_MUST_CHECK rv_status last_read(struct arena *a, const char *name, struct text json,
                                  struct last_finding **ret, size_t *ret_count,
                                  struct rv_err *reterr);

/* "still true", "changed", …; "" for SINCE_NOTHING. */
const char *last_since_name(enum finding_since since);

/* What the sentence of a finding names: a ward, an hour, groups. Of two that it cannot tell apart
 * both; NULL = no more. */
struct last_names {
    const char *first, *second;
    int64_t of; /* areas among which it is first, -1 = not of areas */
};
struct last_names last_names(const struct finding *f);

/* Sets `last` of the assessment and of each of its findings that the earlier one had, and raises
 * the marking of the assessment to that of the earlier. `then` as last_read gives it. RV_INVALID
 * when it is of another area. Cost: O(n log n) comparisons; tests as stats/compare.h. */
RV_MUST_CHECK rv_status last_compare(struct arena *a, struct assessment *now,
                                     const struct last_finding *then, size_t count,
                                     struct rv_err *reterr);

#endif

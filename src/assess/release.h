/* assess/release.h — what a person decided about letting the public read a finding.
 *
 * A decision is bound to the finding as it was read: when anything of it changes (its number, its
 * caveats, the data it rests on), it is not released any more until somebody has looked again. A
 * decision that lets out the table beside it is bound to that table as well; what was decided of
 * the finding alone lets out no table.
 * Decisions are added, never altered: the last one counts.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_RELEASE_H
#define REEVE_ASSESS_RELEASE_H

#include "access/register.h"
#include "assess/finding.h"
#include "store/extract.h"
#include "store/store.h"

#define RELEASE_LEAST_COUNT 5 /* a smaller number of people or offences is not let out */
#define RELEASE_NOTE_BYTES  2000

enum release { RELEASE_UNDECIDED, RELEASE_RELEASED, RELEASE_WITHHELD, RELEASE_CHANGED };
const char *release_name(enum release r); /* "undecided", "released", "withheld", "changed since" */

struct decision { /* lives in the arena */
    const char *finding, *body_hash, *note;
    const char *table_hash; /* of the table let out with it; NULL = of the finding alone */
    bool is_release;
    int64_t account, at;
};

/* The last decision of each finding, by id of the finding. */
RV_MUST_CHECK rv_status release_list(struct store *s, struct arena *a, struct decision **ret,
                                     size_t *ret_count, struct rv_err *reterr);

/* What the decisions say of a finding. */
struct standing {
    enum release release;
    bool has_table;                  /* released, and the table that is beside it too */
    const struct decision *decision; /* the last one; NULL = none */
};

/* Of one whose stored body is `body` and the hash of whose table is `table_hash`; NULL = it has
 * none. */
RV_MUST_CHECK rv_status release_of(const struct decision *decisions, size_t count, const char *id,
                                   struct text body, const char *table_hash, struct standing *ret,
                                   struct rv_err *reterr);

/* What the agreements of all extracts held say today of publishing; lives in the arena. */
struct release_terms {
    const struct agreement_row *rows;
    size_t row_count;
    const struct extract_info *extracts;
    size_t extract_count;
    const char *day;
};
RV_MUST_CHECK rv_status release_terms_load(struct store *s, struct arena *a,
                                           struct release_terms *ret, struct rv_err *reterr);

/* May it be released, or go on being read by the public? RV_REFUSED says why not: an agreement of
 * its data does not allow it (agreement_lets_publish), a number below RELEASE_LEAST_COUNT behind
 * it, or nothing computed. Cost: its sources times the extracts held. */
RV_MUST_CHECK rv_status release_judge(const struct release_terms *terms, const struct finding *f,
                                      struct rv_err *reterr);

/* The first part of it, for whatever rests on extracts: `marking` counts where there are none. */
RV_MUST_CHECK rv_status release_judge_sources(const struct release_terms *terms,
                                              const struct finding_source *sources, size_t count,
                                              enum marking marking, struct rv_err *reterr);

/* Inside store_begin. `body` as it was read by who decides; `table_hash` of the table that is let
 * out with it, NULL = none is. The caller audits it. */
RV_MUST_CHECK rv_status release_decide(struct store *s, const char *finding, struct text body,
                                       const char *table_hash, bool is_release, const char *note,
                                       int64_t account, int64_t now, struct rv_err *reterr);

#endif

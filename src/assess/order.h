/* assess/order.h — which finding of a chapter comes first.
 *
 * The rule, which docs/guide/reading-the-report.md tells the reader. Findings of a chapter are put
 * in the order of the first of these that tells them apart:
 *   1. question: how much, where, when, who, with what, with what result, how sure; a rule that has
 *      no place in the table of order.c goes last;
 *   2. part: what leads its question, what else is said of the whole, each group and the earlier
 *      period, then complements and numbers that stand behind a share;
 *   3. verdict: holds, with caution, not reliable, not available;
 *   4. whether anything is told apart: what chance could explain goes after what it could not;
 *   5. the measure, by the place of its rule in the table, so that chapters read alike;
 *   6. size of what is said against its base, the larger first (order_size): of two groups that
 *      which changed more; then the larger count, then the id.
 * The summary of a chapter of a profile has the first finding of each question but "how sure" that
 * leads it or is said of the whole: of those that lead, one that has the earlier count beside it.
 * Of fewer than three it goes on with what comes next. A chapter of no more than that has none.
 *
 * Chapters keep their places. What the table marks as kept, and rules without a place, go behind
 * the others of their question in the order given. Pure: no state, the same order for any order of
 * the same findings. Thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_ORDER_H
#define REEVE_ASSESS_ORDER_H

#include "assess/finding.h"

/* "How much", "Where", …; the empty text for FINDING_NO_QUESTION. */
const char *finding_question_name(enum finding_question q);

/* Does the rule have a place in the table? */
bool order_has_rule(const char *rule);

/* How much is said, from 0 to 1: of a rank its distance from the middle, of a share the share, of a
 * change the difference as a part of the larger count, of a count its part of the profile where
 * that is known; 0 when nothing can be told. */
double order_size(const struct finding *f);

enum { SUMMARY_LEAST = 3, SUMMARY_MOST = 6 };

/* Sets question and part of each finding, puts each run of one chapter in order, stably, and
 * chooses the summaries.
 * Cost: O(n log n) comparisons; memory of n findings from the arena. */
RV_MUST_CHECK rv_status order_findings(struct arena *a, struct finding *findings, size_t count,
                                       struct rv_err *reterr);

#endif

/* assess/release_table.h — what the public may read of the table beside a finding.
 *
 * A table says more than a sentence, and two numbers say a third. So a table goes out only when all
 * of it is understood: every column is one of the known ones, every count in it is shown and is 0
 * or RELEASE_LEAST_COUNT at least, every rate and share stands beside the count it rests on, and no
 * smaller number is left over between a total (shown, told by the finding, or implied by shares)
 * and what is shown of it. What cannot be judged does not go out. Of months whose parts may not go
 * out, a finding about all of them has the total alone.
 *
 * Judged is one table with its finding: other published tables are not held against it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_RELEASE_TABLE_H
#define REEVE_ASSESS_RELEASE_TABLE_H

#include "assess/release.h"

/* The table as it may be let out beside its finding, which itself may be (release_judge), in the
 * arena; cells are shared with `t`. RV_REFUSED says why nothing of it may. Cost: its cells, and its
 * sources times the extracts held. */
RV_MUST_CHECK rv_status release_table(struct arena *a, const struct release_terms *terms,
                                      const struct finding *f, const struct result_table *t,
                                      struct result_table *ret, struct rv_err *reterr);

#endif

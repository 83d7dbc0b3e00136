/* assess/told_months.h — the months of a question, and where their level breaks. Not for other
 * modules. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TOLD_MONTHS_H
#define REEVE_ASSESS_TOLD_MONTHS_H

#include "assess/told_internal.h"

/* One count a month of the period; NaN = not available. */
struct months {
    struct month_range period;
    double *counts;
    const char **breaks; /* why what comes before is not to be compared; NULL = nothing known */
    bool has_breaks;
};

/* The question by month, of its own area or of everywhere; period first > last: no month. */
RV_MUST_CHECK rv_status months_read(struct telling *t, bool is_everywhere, struct months *ret,
                                    struct rv_err *reterr);
double months_count(const struct months *m, int32_t month); /* NaN outside of the period */

/* Where the level changes at once in the whole source, or the police are known to record in
 * another way: what is recorded changes for all areas alike. */
RV_MUST_CHECK rv_status months_find_breaks(struct telling *t, struct months *m,
                                           struct rv_err *reterr);

#endif

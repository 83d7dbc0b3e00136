/* assess/beside.h — which result table stands beside a finding.
 *
 * A table stands beside a finding when it holds the finding's own number: what is shown below a
 * sentence is then where the sentence can be looked up. The rows of beside.c say which table that
 * could be, by what the finding is about; the number is looked for, and without it there is none.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BESIDE_H
#define REEVE_ASSESS_BESIDE_H

#include "assess/finding.h"

enum beside_holds {
    BESIDE_CELL,   /* a row holds the number, or its numerator and denominator; a place: with its
 count */
    BESIDE_MONTHS, /* the series that the id names adds up to it, over the period or all months */
    BESIDE_ROWS    /* rows next to each other add up to the count, and others to what it is of:
 hours of a night, bands of an age */
};

/* Whether a table holds the number of a finding in one of these ways. BESIDE_ROWS costs the square
 * of the rows for each column of counts. */
bool beside_holds(const struct finding *f, const struct result_table *t, enum beside_holds how);

/* Of a table of months: the column of the series that the finding is about, by the parts of its id;
 * column_count when none of its series adds up to the finding's number. */
size_t beside_series(const struct finding *f, const struct result_table *t);

/* Sets `table` of every finding; those that were not computed and those of which no table holds
 * the number have none. */
RV_MUST_CHECK rv_status beside_name(struct arena *a, struct finding *findings, size_t count,
                                    const struct result_table *tables, size_t table_count,
                                    struct rv_err *reterr);

#endif

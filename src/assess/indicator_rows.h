/* assess/indicator_rows.h — the rows of one indicator as they are held. For indicator*.c only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_INDICATOR_ROWS_H
#define REEVE_ASSESS_INDICATOR_ROWS_H

#include "assess/indicator.h"

struct indicator_row {
    const char *area, *label, *sex, *age, *category, *title, *unit, *polarity, *symbol;
    int32_t first, last;                                /* months */
    double value, numerator, denominator, lower, upper; /* NaN = none */
    size_t extract; /* position among the extracts of its source */
};

struct indicator_rows {
    const struct source *source;
    struct indicator_row *rows;
    size_t count;
};

/* The current rows of an indicator from the source imported last that has any; count 0 = none. */
RV_MUST_CHECK rv_status indicator_rows_load(struct held *h, const char *id,
                                            struct indicator_rows *ret, struct rv_err *reterr);

/* Room for the values of x->layer, all of them not available. */
RV_MUST_CHECK rv_status indicator_new_values(struct arena *a, struct indicator *x,
                                             struct rv_err *reterr);

/* The ids "residents" and "residents-per-km2". */
RV_MUST_CHECK rv_status indicator_residents(struct held *h, const struct indicator_query *q,
                                            struct indicator *ret, struct rv_err *reterr);

#endif

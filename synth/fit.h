/* synth/fit.h — a table of whole numbers that meets all its margins at once.
 *
 * Rows are kinds of record, columns are the values of one more attribute. Each row has its total;
 * a margin says for a set of rows how many records must have each value (or value of a group of
 * values), exactly or at most. The real table by proportional fitting is rounded at random and
 * then repaired: one record of a row at a time changes its value while that brings the margins
 * nearer, with steps sideways and now and then back. Finding such a table is hard in general:
 * a failure means that none was found, and says which margin stands in the way.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_FIT_H
#define REEVE_SYNTH_FIT_H

#include "base/arena.h"
#include "base/status.h"
#include "synth/dice.h"

#include <stdbool.h>

struct fit_margin {
    const char *name;      /* the table of the targets, for the message */
    uint64_t marks;        /* of the rows that have all of these marks */
    const int16_t *column; /* by value: where it counts; -1 = nowhere */
    size_t columns;
    const int64_t *target; /* by column; -1 = free */
    bool is_ceiling;       /* at most, instead of exactly */
};

struct fit {
    const char *name; /* of the attribute, for the message */
    size_t rows, values;
    const int64_t *total;  /* by row */
    const uint64_t *marks; /* by row */
    const double *weight;  /* [rows][values]: how likely before the margins; 0 = never */
    const struct fit_margin *margins;
    size_t margin_count;
};

/* Writes ret[rows][values]. RV_REFUSED when no table was found. */
RV_MUST_CHECK rv_status fit_solve(struct arena *a, const struct fit *f, struct dice *dice,
                                  int64_t *ret, struct rv_err *reterr);

/* Splits `total` in proportion to n weights, so that the parts add up to it: whole parts first,
 * then one each to the largest remainders, the earlier on a tie. n <= 1024; the sum of the weights
 * is above 0 unless the total is 0. */
void fit_apportion(int64_t total, const double *weights, size_t n, int64_t *parts);

#endif

/* assess/series_break.h — a level of monthly counts that changes at once, beyond noise and season.
 *
 * It takes a step that fits better than a slope, is half as much again in three months and over the
 * same months a year before, and does not come again a year later: docs/guide/checking.md, check
 * series-break. Pure; thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_SERIES_BREAK_H
#define REEVE_ASSESS_SERIES_BREAK_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define SERIES_BREAK_MONTHS 12  /* months from which a series is searched */
#define SERIES_BREAK_EVENTS 100 /* and events: the caller counts them */

struct series_break {
    int32_t month;        /* first of the new level */
    double before, after; /* a month, means of three months on either side */
    double strength;      /* likelihood ratio over dispersion */
};

/* The clearest step of counts x, one a month of `months`, none missing. *ret is set only when
 * *ret_found. Cost: O(n^2) of the changepoint search. */
RV_MUST_CHECK rv_status series_break_find(struct arena *a, const int64_t *x,
                                          struct month_range months, struct series_break *ret,
                                          bool *ret_found, struct rv_err *reterr);

/* What changed in the way the police record from this month on, in an area of this code; NULL =
 * nothing that is known. */
const char *series_break_known(struct text area, int32_t month);

#endif

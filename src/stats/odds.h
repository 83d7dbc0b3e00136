/* stats/odds.h — the odds ratio of a two by two table, estimated as Fisher's exact test has it.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_ODDS_H
#define REEVE_STATS_ODDS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct odds_ratio {
    double value;     /* odds of the first column in row 1 over row 2; 0 when is_infinite */
    bool is_infinite; /* no event in the way of an infinite ratio */
};

/* Conditional maximum likelihood estimate of the odds ratio of [[a, b], [c, d]]: the ratio at which
 * a is the mean of the non-central hypergeometric distribution with the margins of the table.
 *
 *   a, b, c, d  >= 0, sum <= 10^9
 *
 * RV_DOMAIN when a row or a column is empty: every ratio fits.
 *
 * Source:  Cornfield (1956), Proc. 3rd Berkeley Symp. 4, 135-148, as in R's fisher.test.
 * Checked: tests/ref/recording-delay.csv and tests/stats/test_delay.c against the score equation
 *          summed over the whole table; R stops its search at 1e-4, see docs/decisions.
 * Card:    recording-delay
 * Cost:    a few times O(sqrt(a + b + c + d)).
 */
RV_MUST_CHECK rv_status odds_ratio(int64_t a, int64_t b, int64_t c, int64_t d,
                                   struct odds_ratio *ret, struct rv_err *reterr);

#endif

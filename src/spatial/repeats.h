/* spatial/repeats.h — events at places that had more than one, and how many would be by chance.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SPATIAL_REPEATS_H
#define REEVE_SPATIAL_REPEATS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct repeats {
    int64_t events;
    int64_t places;         /* on which they could have fallen */
    int64_t used;           /* places with at least one */
    int64_t repeat_places;  /* with two or more */
    int64_t at_repeats;     /* events at those */
    int64_t most;           /* events at the place with most */
    double expected_places; /* places with two or more, by chance */
    double expected;        /* events at such places, by chance */
    double sd;              /* of their number, by chance */
    double lower, upper;    /* expected -+ 1.96 sd, within 0 .. events */
    bool is_beyond;         /* more of them than `upper` */
};

/* Repeat places of counts by place against as many events thrown on as many places, each equally
 * likely.
 *
 *   counts  n counts, >= 0, sum 1 .. STATS_COUNT_MAX; places without events need no count
 *   places  >= places with events: all on which an event could have fallen
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  occupancy of cells by balls: Feller (1968), An Introduction to Probability Theory and
 *          Its Applications I, chapter IV; formulae in docs/methods/repeat-locations.md.
 * Checked: every outcome of small cases counted out, tests/spatial/test_repeats.c.
 * Card:    repeat-locations
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status repeats_measure(const int64_t *counts, size_t n, int64_t places,
                                        struct repeats *ret, struct rv_err *reterr);

#endif

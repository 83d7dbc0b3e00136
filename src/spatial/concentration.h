/* spatial/concentration.h — how few areas hold how much of the events, and how few would by chance.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SPATIAL_CONCENTRATION_H
#define REEVE_SPATIAL_CONCENTRATION_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct concentration {
    size_t areas;
    size_t with_events; /* areas that have any */
    int64_t events;
    const int64_t *ordered; /* [areas] counts, most first; in the arena */
    double gini;            /* 0 = equal counts everywhere, nearly 1 = all in one area */
    double gini_unbiased;   /* x areas / (areas - 1); NaN for one area */
    double generalised; /* 0 = as even as so many events can be; equals gini when events >= areas */
    double generalised_unbiased;          /* NaN when there is one event or one area */
    double hhi;                           /* sum of squared shares */
    double theil;                         /* sum of share x ln(share x areas), 0 = even */
    size_t for_quarter, for_half;         /* fewest areas that hold 25% and 50% of the events */
    double quarter_percent, half_percent; /* those, of all areas: 0 to 100 */
};

/* Measures of counts by area.
 *
 *   counts  n counts, >= 0, sum 1 .. STATS_COUNT_MAX; an area without events is a 0 and belongs in
 *           it      n  >= 1
 *
 * RV_DOMAIN for a negative count, for no area, or when there is no event: nothing is concentrated.
 *
 * Source:  Bernasco & Steenbeek (2017), Journal of Quantitative Criminology 33, 451-467 (the
 *          generalised Gini); Weisburd (2015), Criminology 53(2), 133-157 (fewest places for 25%
 *          and 50%).
 * Checked: tests/ref/concentration.csv (closed forms in Python, 6 cases), within 1e-12; mean
 *          difference of every pair, tests/spatial/test_concentration.c.
 * Card:    concentration
 * Cost:    O(n log n).
 */
RV_MUST_CHECK rv_status concentration_measure(struct arena *a, const int64_t *counts, size_t n,
                                              struct concentration *ret, struct rv_err *reterr);

/* Share, 0 to 1, of the events that the k areas with most have; all of them for k >= areas.
 * ret_tied: the next area has as many as the last of the k, so which areas they are is not told by
 * the counts, though their share is; may be NULL.
 *
 * Source:  as concentration_measure.
 * Checked: as concentration_measure.
 * Card:    concentration
 * Cost:    O(k).
 */
double concentration_top(const struct concentration *c, size_t k, bool *ret_tied);

struct concentration_options {
    uint64_t seed;
    int64_t replicates; /* 1 .. 10^6 */
    size_t top;         /* areas whose share is looked at, 1 .. areas */
    double level;       /* of the ranges, 0.5 .. 1 */
};

#define CONCENTRATION_DEFAULTS                                                                     \
    ((struct concentration_options){                                                               \
        .seed = UINT64_C(20240131), .replicates = 999, .top = 10, .level = 0.95})

/* What chance alone makes of a measure: the mean of the replicates, the middle `level` of them, and
 * how often one is as concentrated as what was observed: (1 + those) / (1 + replicates). */
struct concentration_range {
    double mean, lower, upper, p;
};

struct concentration_chance {
    struct concentration_range top;           /* share of the `top` areas with most */
    struct concentration_range quarter, half; /* fewest areas */
    struct concentration_range gini;
    const double *curve; /* [areas] mean share of the k + 1 areas with most; in the arena */
};

/* The same measures of as many events thrown on as many areas, each area equally likely.
 *
 * Same bits on any machine for the same seed. RV_DOMAIN for options out of range or more than
 * 4294967295 events; RV_NO_MEMORY.
 *
 * Source:  docs/methods/concentration.md; p as Davison & Hinkley (1997), Bootstrap Methods and
 *          their Application, section 4.2.
 * Checked: means against 2,000 replications of another generator (the reference), within 1%; all
 *          outcomes of small cases counted out, tests/spatial/test_concentration.c.
 * Card:    concentration
 * Cost:    O(replicates x (areas log areas + least of events and 40 areas)): 20 ms for 145 areas.
 */
RV_MUST_CHECK rv_status concentration_by_chance(struct arena *a, const struct concentration *c,
                                                const struct concentration_options *options,
                                                struct concentration_chance *ret,
                                                struct rv_err *reterr);

#endif

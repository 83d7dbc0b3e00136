/* stats/apportion.h — counts of one set of areas put on another, by where people live or by area.
 *
 * Every source area is cut into pieces by the targets. Counts follow the pieces' share of the
 * source's population (or area): an estimate, whose spread and error are given with it.
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_APPORTION_H
#define REEVE_STATS_APPORTION_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APPORTION_NOWHERE UINT32_MAX /* target of a piece that lies in no target */
#define APPORTION_SPLIT   0.95       /* a source whose largest weight is smaller is called split */

/* The part of a source that lies in a target; pieces of one source may stand anywhere. */
struct apportion_piece {
    uint32_t source, target;
    double area;       /* any unit, >= 0 */
    double population; /* persons, households, addresses: any unit, >= 0 */
};

enum apportion_basis { APPORTION_POPULATION, APPORTION_AREA };

/* The weight of each piece within its source: weights of a source sum to 1.
 *
 *   pieces    n of them, sources 0 .. source_count - 1
 *   basis     APPORTION_POPULATION: share of the source's population; a source without any is
 * shared by area. APPORTION_AREA: share of its area weights   n, written; 0 for every piece of a
 * source that has neither population nor area by_area   source_count, written: 1 = shared by area;
 * may be NULL
 *
 * RV_DOMAIN for a negative or infinite amount or a source out of range; RV_NO_MEMORY.
 *
 * Source:  Goodchild & Lam (1980), Geo-processing 1, 297-312 (areal weighting); Norman, Rees &
 *          Boyle (2003), International Journal of Population Geography 9, 279-302 (by people).
 * Checked: tests/ref/apportion-pieces.csv (shapely, blocks), every weight within rel 1e-9.
 * Card:    apportion
 * Cost:    O(n + sources). */
RV_MUST_CHECK rv_status apportion_weights(struct arena *scratch,
                                          const struct apportion_piece *pieces, size_t n,
                                          size_t source_count, enum apportion_basis basis,
                                          double *weights, uint8_t *by_area, struct rv_err *reterr);

struct apportion_totals {
    double *values, *errors;
    double nowhere;
};

/* The counts of the targets, and their standard errors were each event placed by chance.
 *
 *   pieces, weights   n, as apportion_weights gave them
 *   counts            source_count events, >= 0
 *   values            target_count, written: sum of count x weight
 *   errors            target_count, written: square root of sum of count x weight x (1 - weight);
 *                     may be NULL
 *   nowhere           written: events in no target, those of sources without weights included
 *
 * RV_DOMAIN for a negative count or an index out of range.
 *
 * Source:  as apportion_weights; the error is that of independent events.
 * Checked: tests/ref/apportion-targets.csv, rel 1e-9; totals kept, by property.
 * Card:    apportion
 * Cost:    O(n + sources + targets). */
RV_MUST_CHECK rv_status apportion_counts(const struct apportion_piece *pieces,
                                         const double *weights, size_t n, const int64_t *counts,
                                         size_t source_count, size_t target_count,
                                         struct apportion_totals *ret, struct rv_err *reterr);

/* The target with the largest weight of each source (the lowest of equals), APPORTION_NOWHERE
 * where the largest part is in none or there are no weights; its weight in `largest`.
 *
 *   best, largest     source_count, written; `largest` may be NULL
 *
 * RV_DOMAIN for an index out of range.
 *
 * Source:  Office for National Statistics, best-fit policy for output geographies (2011).
 * Checked: tests/ref/apportion-sources.csv, targets exactly, weights within rel 1e-9.
 * Card:    apportion
 * Cost:    O(n + sources). */
RV_MUST_CHECK rv_status apportion_best(const struct apportion_piece *pieces, const double *weights,
                                       size_t n, size_t source_count, uint32_t *best,
                                       double *largest, struct rv_err *reterr);

/* How much an apportionment changes: sources that are split, events that leave the target in
 * which most of their source lies. */
struct apportion_spread {
    size_t sources; /* with a count or a weight */
    size_t split;   /* largest weight under APPORTION_SPLIT */
    double events;  /* all */
    double moved;   /* in a target that is not their source's largest */
    double nowhere; /* in no target */
};

/* The spread of `counts` over the pieces.
 *
 * RV_DOMAIN as apportion_counts; RV_NO_MEMORY.
 *
 * Source:  wording of this project.
 * Checked: tests/ref/apportion-sources.csv: 11 of 30 sources are split.
 * Card:    apportion
 * Cost:    O(n + sources). */
RV_MUST_CHECK rv_status apportion_spread(struct arena *scratch,
                                         const struct apportion_piece *pieces,
                                         const double *weights, size_t n, const int64_t *counts,
                                         size_t source_count, struct apportion_spread *ret,
                                         struct rv_err *reterr);

/* Whole numbers near `values` with exactly this total: each is rounded down, and what is missing
 * goes, one each, to the largest remainders; remainders equal to nine decimals count as equal, and
 * the first of them comes first. Whole values stay as they are.
 *
 *   values   n, 0 .. STATS_COUNT_MAX; within half a billionth of a whole number = that number
 *   total    from the sum of the values rounded down to that sum + n
 *   ret      n, written on success only
 *
 * RV_DOMAIN for values or a total outside their range; RV_NO_MEMORY.
 *
 * Source:  Hamilton's method; Balinski & Young (2001), Fair Representation, 2nd ed., 17.
 * Checked: tests/ref/largest-remainder.csv (12 cases, ties among them), exactly.
 * Card:    apportion
 * Cost:    O(n log n). */
RV_MUST_CHECK rv_status apportion_round(struct arena *scratch, const double *values, size_t n,
                                        int64_t total, int64_t *ret, struct rv_err *reterr);

#endif

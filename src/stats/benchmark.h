/* stats/benchmark.h — better, similar or worse than a benchmark that is taken as known.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_BENCHMARK_H
#define REEVE_STATS_BENCHMARK_H

#include "base/status.h"
#include "stats/interval.h"

enum benchmark_side { BENCHMARK_LOWER, BENCHMARK_SIMILAR, BENCHMARK_HIGHER };

/* Which direction is the better one. */
enum benchmark_polarity { BENCHMARK_LOW_GOOD, BENCHMARK_HIGH_GOOD, BENCHMARK_NEITHER };

/* On which side of the benchmark the whole interval lies; an interval that touches it is similar.
 *
 *   ci         of the area; a limit that is not available counts as without end on its side
 *   benchmark  finite, in the unit of the interval, and without uncertainty of its own: the rate
 *              of a small area is not a benchmark (use rate-ratio)
 *
 * RV_DOMAIN when an available limit or the benchmark is not finite.
 *
 * Source:  UKHSA Fingertips technical guidance, comparisons with a benchmark.
 * Checked: tests/ref/benchmark.csv, every row at 95% and 99.8% exactly.
 * Card:    compare-benchmark
 * Cost:    O(1).
 */
RV_MUST_CHECK rv_status benchmark_side_of(const struct interval *ci, double benchmark,
                                          enum benchmark_side *ret, struct rv_err *reterr);

/* "better", "similar" or "worse"; without a polarity "lower", "similar" or "higher". Static.
 *
 * Source:  UKHSA Fingertips technical guidance.
 * Checked: tests/ref/benchmark.csv, columns label95 and label998.
 * Card:    compare-benchmark
 */
const char *benchmark_label(enum benchmark_side side, enum benchmark_polarity polarity);

#endif

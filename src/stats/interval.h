/* stats/interval.h — intervals for one count and for one share.
 *
 * Pure and thread-safe. Every function here is two-sided: a level of 0.95 leaves 0.025 on each
 * side. `ret` is written only on success, `reterr` (may be NULL) only on failure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_INTERVAL_H
#define REEVE_STATS_INTERVAL_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define STATS_LEVEL 0.95 /* the level of every interval unless a reader asks for another */

/* Counts above this are refused: no table of events comes near, and sums stay under a second. */
#define STATS_COUNT_MAX INT64_C(1000000000000)

/* Persons, person-years, days and multipliers outside these are refused: "> 0" below means from the
 * least to the most of them, so that a rate of the largest count in the least exposure is finite.
 */
#define STATS_EXPOSURE_MIN 1e-9
#define STATS_EXPOSURE_MAX 1e15

/* A limit that is not available has its flag cleared and its number 0: never print that number. */
struct interval {
    double lower, upper;
    bool has_lower, has_upper;
};

/* Exact (Garwood) interval for the mean of a Poisson count, in events.
 *
 *   count  events observed, 0 .. STATS_COUNT_MAX
 *   level  0.5 <= level < 1
 *   ret    lower is exactly 0 for a count of 0; both limits are always available
 *
 * lower = qchisq(a/2, 2 count) / 2, upper = qchisq(1 - a/2, 2 count + 2) / 2, a = 1 - level.
 * RV_DOMAIN for a negative count, a count over STATS_COUNT_MAX or a level outside its range.
 *
 * Source:  Garwood (1936), Biometrika 28(3/4), 437-442.
 * Checked: tests/ref/poisson.csv (R poisson.test), every row of the reference set within rel 1e-9.
 * Card:    poisson-exact
 * Cost:    about 2 microseconds.
 */
RV_MUST_CHECK rv_status interval_poisson(int64_t count, double level, struct interval *ret,
                                         struct rv_err *reterr);

/* Byar's approximation to the same interval; for reproducing tables that used it.
 *
 *   count  events observed, 0 .. STATS_COUNT_MAX     level  0.5 <= level < 1
 *   ret    lower is 0 for a count of 0; has_lower is false where the formula gives a negative
 *          limit (counts up to 3 at the 99.8% level): use interval_poisson there
 *
 * RV_DOMAIN as interval_poisson.
 *
 * Source:  Breslow & Day (1987), Statistical Methods in Cancer Research II, IARC, 69.
 * Checked: tests/ref/poisson.csv (PHEindicatormethods), every row within rel 1e-9.
 * Card:    byar
 * Cost:    one normal quantile.
 */
RV_MUST_CHECK rv_status interval_byar(int64_t count, double level, struct interval *ret,
                                      struct rv_err *reterr);

/* interval_byar for a count that need not be whole: a weighted or shared-out number of events.
 *
 *   count  events, 0 .. STATS_COUNT_MAX, finite     level  0.5 <= level < 1
 *
 * The same bits as interval_byar for whole counts. RV_DOMAIN as interval_poisson, and for a count
 * that is not a finite number.
 *
 * Source:  Breslow & Day (1987), 69; UKHSA PHEindicatormethods takes fractional counts so.
 * Checked: tests/ref/poisson.csv, the same bits as interval_byar.
 * Card:    byar
 * Cost:    one normal quantile.
 */
RV_MUST_CHECK rv_status interval_byar_real(double count, double level, struct interval *ret,
                                           struct rv_err *reterr);

/* Wilson score interval for the share x / n.
 *
 *   x      0 <= x <= n        n  > 0        level  0.5 <= level < 1
 *   ret    within [0, 1]; lower is exactly 0 when x is 0 and upper exactly 1 when x is n
 *
 * RV_DOMAIN when n is 0 (a share of nothing is not available, never 0), x < 0 or x > n.
 *
 * Source:  Wilson (1927), JASA 22(158), 209-212.
 * Checked: tests/ref/wilson.csv (R prop.test without correction), every row within abs 1e-12.
 * Card:    wilson
 * Cost:    one normal quantile.
 */
RV_MUST_CHECK rv_status interval_wilson(int64_t x, int64_t n, double level, struct interval *ret,
                                        struct rv_err *reterr);

/* interval_wilson for a share of amounts: weighted counts, or an effective sample size.
 *
 *   x      0 <= x <= n        n  > 0, up to STATS_COUNT_MAX        level  0.5 <= level < 1
 *
 * The same bits as interval_wilson for whole numbers. RV_DOMAIN as there, and for a value that is
 * not a finite number.
 *
 * Source:  Wilson (1927); UKHSA PHEindicatormethods takes fractional numerators so.
 * Checked: tests/ref/phe-interval.csv: 0.445 of 1 as published, within rel 1e-12.
 * Card:    wilson
 * Cost:    one normal quantile.
 */
RV_MUST_CHECK rv_status interval_wilson_real(double x, double n, double level, struct interval *ret,
                                             struct rv_err *reterr);

/* The standard normal deviate of a two-sided level: 1.959964 for 0.95.
 *
 *   level  0.5 <= level < 1, not checked here: the callers above refuse the rest
 *
 * Source:  Wichura (1988), Applied Statistics 37(3), 477-484 (AS 241), as in GSL.
 * Checked: tests/ref/wilson.csv and tests/ref/poisson.csv through its callers.
 * Card:    wilson
 * Cost:    30 ns.
 */
double interval_z(double level);

#endif

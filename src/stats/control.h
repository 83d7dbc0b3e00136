/* stats/control.h — control charts: is the process as it was, or is this point a signal?
 *
 * Limits are computed within phases. A phase begins where the reader says so (declared re-basing,
 * with a reason that the caller keeps); nothing here ever moves the limits by itself.
 * Pure and thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_CONTROL_H
#define REEVE_STATS_CONTROL_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a row is: a measurement (individuals with moving ranges), x of n, x events of an exposure n,
 * or x events of equal chance. The Laney charts widen p and u by what varies beyond chance. */
enum control_kind {
    CONTROL_XMR,
    CONTROL_P,
    CONTROL_U,
    CONTROL_C,
    CONTROL_P_LANEY,
    CONTROL_U_LANEY
};

/* Sets of rules; a signal stands at the point that completes the pattern.
 *   WESTERN  beyond, two of three, four of five, run of 8
 *   NELSON   the same with a run of 9, and a trend of 6
 *   NHS      beyond, two of three, run of 7, trend of 7 */
enum control_rules { CONTROL_WESTERN, CONTROL_NELSON, CONTROL_NHS };

enum control_signal {
    CONTROL_BEYOND = 1,       /* outside the limits, three sigma from the centre */
    CONTROL_TWO_OF_THREE = 2, /* it and another of the last three beyond two sigma, same side */
    CONTROL_FOUR_OF_FIVE = 4, /* it and three others of the last five beyond one sigma, same side */
    CONTROL_RUN = 8,          /* so many in a row on one side of the centre */
    CONTROL_TREND = 16        /* so many in a row, each above the one before, or each below it */
};

/* Periods in order of time. */
struct control_series {
    size_t n;
    const double *values;        /* measurements of any sign, or whole counts */
    const uint64_t *valid;       /* bit i%64 of word i/64; NULL = all known */
    const double *bases;         /* n of p and u charts; NULL for the others */
    const uint64_t *bases_valid; /* as valid */
    const uint64_t *follows;     /* as valid: cleared where periods before this row are not there
                                    at all; NULL = every row follows the one before */
};

struct control_options {
    enum control_kind kind;
    enum control_rules rules;
    size_t baseline; /* limits from so many first periods of a phase; 0 = from all of it */
    double per;      /* multiplies values and limits of u charts: 100000 = per 100,000 */
};

#define CONTROL_DEFAULTS                                                                           \
    ((struct control_options){.kind = CONTROL_XMR, .rules = CONTROL_WESTERN, .per = 1})

/* Limits from fewer known periods than this are provisional. */
#define CONTROL_FIRM 12

struct control_phase {
    size_t first;        /* given: its first period; the first phase begins at 0 */
    size_t known, used;  /* periods with a value; of these, used for the limits */
    bool has_limits;     /* two known values and some spread, for XmR a moving range */
    bool is_provisional; /* used < CONTROL_FIRM */
    double centre;       /* mean; of p and u charts sum of x over sum of n, times per */
    double mean_range;   /* XmR: mean moving range */
    double range_upper;  /* XmR: its upper limit */
    bool has_spread;     /* p, u and c charts: the next three are there */
    double sigma_z;      /* mean moving range of the standardised values / d2; 1 = as by chance */
    double dispersion;   /* sum of their squares / (used - 1) */
    double dispersion_p; /* chi-square: spread this large by chance */
    bool has_sigma_z;    /* two neighbours were known; Laney charts need it */
};

struct control_point {
    size_t phase;
    bool has_value; /* the value, and for p and u a base above 0, are known */
    bool is_linked; /* so is that of the period just before, of the same phase */
    double value;
    bool has_limits;
    double centre, lower, upper; /* lower is at least 0, upper of p at most 1, but for XmR */
    double sigma;
    double range;         /* XmR, when is_linked */
    bool is_range_beyond; /* above range_upper */
    unsigned signals;     /* of enum control_signal; 0 without value or limits */
};

/* Points, limits and signals.
 *
 *   phases  count >= 1, .first set: 0, then ascending below series->n; filled in
 *   points  series->n
 *
 * XmR: centre +- 3 mean_range / d2, ranges up to (1 + 3 d3 / d2) mean_range, d2 = 2 / sqrt(pi), d3
 * = sqrt(2 - 4 / pi). p: p +- 3 sqrt(p (1 - p) / n). u: u +- 3 sqrt(u / n). c: c +- 3 sqrt(c).
 * Laney: 3 sigma sigma_z. A missing period has no moving range, nor has the one after it, and ends
 * every run. A value on the centre line ends a run, an equal neighbour a trend.
 *
 * RV_DOMAIN, naming the row (from 1), for a count that is negative, not whole or over
 * STATS_COUNT_MAX, x above n in a p chart, x without n, a measurement that is not finite or over
 * STATS_EXPOSURE_MAX; for phases out of order or `per` out of range.
 *
 * Source:  Shewhart (1931), Economic Control of Quality; Western Electric (1956), Statistical
 *          Quality Control Handbook; Nelson (1984), J. Quality Technology 16(4), 237-239; NHS
 *          England, Making Data Count; Laney (2002), Quality Engineering 14(4), 531-537.
 * Checked: tests/ref/control-chart.csv (published examples), limits and signals; p' and u' against
 *          R 4.2.2, rel 1e-12.
 * Card:    control-chart
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status control_chart(const struct control_series *series,
                                      const struct control_options *options,
                                      struct control_phase *phases, size_t count,
                                      struct control_point *points, struct rv_err *reterr);

#endif

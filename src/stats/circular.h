/* stats/circular.h — hours as directions on a clock: mean, concentration, evenness, peaks.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_CIRCULAR_H
#define REEVE_STATS_CIRCULAR_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Below this mean resultant length there is no mean direction: it would be rounding. */
#define CIRCULAR_LEAST_RBAR 1e-8

struct circular {
    double n;           /* events; of grouped data the sum of the weights */
    double rbar;        /* mean resultant length, 0 = no direction, 1 = all at one time */
    double corrected;   /* rbar after the correction for grouping; the same for single hours */
    bool has_mean;      /* rbar is at least CIRCULAR_LEAST_RBAR */
    double mean_hour;   /* [0, 24); when has_mean */
    double variance;    /* 1 - corrected */
    double sd_rad;      /* sqrt(-2 ln corrected), radians; when has_mean */
    bool has_kappa;     /* has_mean, and not all at one time */
    double kappa;       /* von Mises concentration, the closed form of Fisher (1993) eq. 4.40 */
    double kappa_exact; /* the same solved exactly: A1(kappa) = corrected */
    bool has_test;      /* false when weights are not whole numbers: they are no counts */
    double rayleigh_z;  /* n rbar^2 */
    double p;           /* of evenness, Zar's approximation: good for any n */
    double p_series;    /* the series that R's circular uses: poor when p is tiny */
};

/* Directional statistics of single hours.
 *
 *   hours  hours[n], [0, 24)      valid  bit i%64 of word i/64; NULL = all known
 *
 * Sums are integers of 2^-60, so that the order of the rows does not matter. RV_DOMAIN when no hour
 * is known or one is outside the day.
 *
 * Source:  Fisher (1993), Statistical Analysis of Circular Data, 2.3, 4.3, eq. 4.40; Mardia & Jupp
 *          (2000), 6.3; Zar (1999), Biostatistical Analysis, eq. 27.4.
 * Checked: tests/ref/circular.csv (R circular 0.4-95), six cases within rel 1e-7.
 * Card:    circular
 * Cost:    O(n), about 30 ns an hour.
 */
RV_MUST_CHECK rv_status circular_hours(const double *hours, const uint64_t *valid, size_t n,
                                       struct circular *ret, struct rv_err *reterr);

/* The same for counts or weights of equal parts of the day: bin k is [24 k / bins, 24 (k + 1) /
 * bins), taken at its middle.
 *
 *   weights  weights[bins], >= 0, finite      bins  2 .. 1440
 *
 * corrected = rbar (d / 2) / sin(d / 2), d = 2 pi / bins. RV_DOMAIN for a weight out of range or a
 * sum of 0.
 *
 * Source:  as circular_hours; grouping: Fisher (1993) eq. 2.35, Mardia & Jupp (2000) 2.5.
 * Checked: tests/ref/circular-grouped.csv, three cases within rel 1e-7.
 * Card:    circular
 * Cost:    O(bins).
 */
RV_MUST_CHECK rv_status circular_grouped(const double *weights, size_t bins, struct circular *ret,
                                         struct rv_err *reterr);

/* Hours with weights, as the density estimate takes them. */
struct circular_points {
    size_t n;
    const double *hours;   /* [0, 24) */
    const double *weights; /* >= 0, finite; NULL = 1 each */
    const uint64_t *valid; /* NULL = all known */
};

/* Directional statistics of hours that occur more than once.
 *
 * RV_DOMAIN when there is no weight or a value is out of range; without weights, circular_hours.
 *
 * Source:  as circular_hours.
 * Checked: tests/stats/test_circular.c against the hours written out.
 * Card:    circular
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status circular_weighted(const struct circular_points *points,
                                          struct circular *ret, struct rv_err *reterr);

/* Von Mises kernel density, per radian, at each hour of a grid: it integrates to 1 over 2 pi. A
 * density per hour is pi / 12 of it.
 *
 *   a       scratch, given back
 *   kappa   concentration of the kernel, > 0 and finite: 10 to 25 show hours, larger is rougher
 *   grid    grid[m], hours
 *   ret     ret[m], radians^-1, >= 0
 *
 * Points are put in order first, so that the order of the rows does not matter. RV_DOMAIN when
 * there is no weight or a value is out of range; RV_NO_MEMORY.
 *
 * Source:  Hall, Watson, Cabrera (1987), Biometrika 74, 751-762; Bessel function scaled by
 * e^-kappa. Checked: tests/ref/circular-density.csv (R circular density.circular), rel 1e-7;
 * integral 1. Card:    circular Cost:    O(n log n + n m), about 10 ns a point and place; use bins
 * of a minute for many.
 */
RV_MUST_CHECK rv_status circular_density(struct arena *a, const struct circular_points *points,
                                         double kappa, const double *grid, size_t m, double *ret,
                                         struct rv_err *reterr);

#define CIRCULAR_MOST_PEAKS 12

struct circular_peaks {
    size_t count;                     /* peaks that stand out, highest first */
    double hour[CIRCULAR_MOST_PEAKS]; /* of the grid; the middle of a flat top */
    double density[CIRCULAR_MOST_PEAKS];
    bool is_many; /* two or more: the mean direction describes none of them */
};

/* Peaks of a density on an even grid round the clock, m >= 3 values, the first at 0:00. A peak is
 * told when it has at least half the height of the highest and, on the way to any higher one,
 * whichever way round, the density falls to at most four fifths of it.
 *
 * No peak in a flat density. RV_DOMAIN for m < 3 or a value that is not a number >= 0.
 *
 * Source:  docs/methods/circular.md.
 * Checked: tests/stats/test_circular.c.
 * Card:    circular
 * Cost:    O(m peaks).
 */
RV_MUST_CHECK rv_status circular_find_peaks(const double *density, size_t m,
                                            struct circular_peaks *ret, struct rv_err *reterr);

#endif

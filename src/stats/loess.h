/* stats/loess.h — local regression of an equally spaced series, the smoother inside STL.
 *
 * Pure and thread-safe. Places are numbered from 1, values are arrays from 0.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_LOESS_H
#define REEVE_STATS_LOESS_H

#include <stdbool.h>
#include <stddef.h>

struct loess {
    size_t window; /* values that take part in a fit, odd; may be larger than the series */
    int degree;    /* 0 = local mean, 1 = local line */
    size_t jump;   /* a fit at every so many places, lines between; >= 1 */
};

/* The fit at one place, with tricube weights over y[left .. right-1].
 *
 *   y, weights  n values, and robustness weights or NULL      place  1 .. n, or just outside
 *   scratch     n doubles
 *
 * False when all weights are 0: `ret` is then left alone.
 *
 * Source:  Cleveland et al. (1990), J. Official Statistics 6(1), 3-73, section 2.
 * Checked: tests/ref/stl.csv through stl_decompose.
 * Card:    stl
 * Cost:    O(right - left).
 */
bool loess_at(const struct loess *l, const double *y, const double *weights, size_t n, double place,
              size_t left, size_t right, double *scratch, double *ret);

/* The fit at every place 1 .. n, into out[n].
 *
 * Source:  as loess_at.
 * Checked: as loess_at.
 * Card:    stl
 * Cost:    O(n window / jump).
 */
void loess_smooth(const struct loess *l, const double *y, const double *weights, size_t n,
                  double *out, double *scratch);

#endif

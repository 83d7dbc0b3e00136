/* stats/sum.h — sums of doubles that do not lose what is small beside what is large.
 *
 * Neumaier's improvement of Kahan's sum: exact to about one unit in the last place whatever the
 * order and the signs, at four additions a term. Plain Kahan fails when a term is larger than the
 * sum so far; pairwise sums need the terms in an array and depend on its length.
 *
 * Source: Neumaier (1974), Zeitschrift für Angewandte Mathematik und Mechanik 54, 39-51.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_SUM_H
#define REEVE_STATS_SUM_H

#include <math.h>

struct sum {
    double total, lost;
};

static inline void sum_add(struct sum *s, double term)
{
    double total = s->total + term;
    s->lost += fabs(s->total) >= fabs(term) ? (s->total - total) + term : (term - total) + s->total;
    s->total = total;
}

static inline double sum_value(const struct sum *s)
{
    return s->total + s->lost;
}

#endif

/* stats/odds.c — conditional maximum likelihood of an odds ratio.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/odds.h"

#include "stats/internal.h"

#include <math.h>

#define MOST_EVENTS INT64_C(1000000000)

struct table {
    double row, column, all; /* first row, first column, total */
    double low, high;        /* support of the first cell */
};

/* mass(k + 1) / mass(k) of the first cell when the odds ratio is 1. */
static double mass_ratio(const struct table *t, double k)
{
    return (t->row - k) * (t->column - k) / ((k + 1) * (t->all - t->row - t->column + k + 1));
}

struct moments {
    double mass, mean, square; /* sums of w, w (k - a), w (k - a)^2 with w = 1 at a */
};

/* Adds what lies beyond a in one direction, until the terms fall and no longer matter. */
static void sum_side(const struct table *t, double a, double psi, int direction, struct moments *m)
{
    double weight = 1;
    for (double k = a; direction > 0 ? k < t->high : k > t->low; k += direction) {
        double step = direction > 0 ? mass_ratio(t, k) * psi : 1 / (mass_ratio(t, k - 1) * psi);
        weight *= step;
        double away = k + direction - a;
        m->mass += weight;
        m->mean += weight * away;
        m->square += weight * away * away;
        if (step < 1 && weight * away * away < STATS_NEGLIGIBLE * m->mass) {
            return;
        }
    }
}

/* Newton on the logarithm of the ratio: the mean of the first cell grows with it, and its
 * derivative is the variance. Steps are cut so that weights relative to a stay finite. */
static double solve(const struct table *t, double a)
{
    double other = t->row - a, below = t->column - a;
    double log_psi =
        log((a + 0.5) * (t->all - t->row - below + 0.5) / ((other + 0.5) * (below + 0.5)));
    for (int step = 0; step < 200; step++) {
        struct moments m = {1, 0, 0};
        double psi = exp(log_psi);
        sum_side(t, a, psi, 1, &m);
        sum_side(t, a, psi, -1, &m);
        double miss = m.mean / m.mass, variance = m.square / m.mass - miss * miss;
        double move = fmax(-1, fmin(1, miss / variance));
        log_psi -= move;
        if (fabs(move) < 1e-13) {
            break;
        }
    }
    return exp(log_psi);
}

rv_status odds_ratio(int64_t a, int64_t b, int64_t c, int64_t d, struct odds_ratio *ret,
                     struct rv_err *reterr)
{
    const int64_t cells[] = {a, b, c, d};
    int64_t all = 0;
    for (int i = 0; i < 4; i++) {
        RV_TRY(stats_check_count(cells[i], "a cell", reterr));
        all += cells[i];
    }
    if (all > MOST_EVENTS) {
        return rv_fail(reterr, RV_DOMAIN, "%lld events are too many: at most 10^9", (long long)all);
    }
    int64_t row = a + b, column = a + c;
    if (row == 0 || column == 0 || row == all || column == all) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the odds ratio is not available: a row or a column of the table is empty");
    }
    struct table t = {.row = (double)row, .column = (double)column, .all = (double)all};
    t.low = fmax(0, t.row + t.column - t.all);
    t.high = fmin(t.row, t.column);
    if ((double)a == t.low) {
        *ret = (struct odds_ratio){.value = 0};
    } else if ((double)a == t.high) {
        *ret = (struct odds_ratio){.is_infinite = true};
    } else {
        *ret = (struct odds_ratio){.value = solve(&t, (double)a)};
    }
    return rv_ok();
}

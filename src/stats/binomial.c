/* stats/binomial.c — exact probabilities of unimodal counts, summed from the tails inwards.
 *
 * Binomial and hypergeometric share everything but their mass and the ratio of neighbouring
 * masses, so both are a `struct law`.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/binomial.h"

#include "stats/internal.h"

#include <math.h>

struct law {
    int64_t low, high, mode; /* support and the place of the largest mass */
    enum { LAW_BINOMIAL, LAW_HYPERGEOMETRIC } kind;
    double n, p, q;          /* binomial */
    double row, column, all; /* hypergeometric: first row, first column and total of the table */
};

static double mass_binomial(double x, double n, double p, double q)
{
    if (p == 0) {
        return x == 0 ? 1 : 0;
    }
    if (q == 0) {
        return x == n ? 1 : 0;
    }
    if (x == 0) {
        return n == 0 ? 1 : exp(p < 0.1 ? -stats_deviance_half(n, n * q) - n * p : n * log(q));
    }
    if (x == n) {
        return exp(q < 0.1 ? -stats_deviance_half(n, n * p) - n * q : n * log(p));
    }
    double log_core = stats_stirling_error(n) - stats_stirling_error(x) -
                      stats_stirling_error(n - x) - stats_deviance_half(x, n * p) -
                      stats_deviance_half(n - x, n * q);
    return exp(log_core) * sqrt(n / (2 * M_PI * x * (n - x)));
}

/* Three binomial masses of one probability, so that every factor stays well scaled. */
static double mass_hypergeometric(double x, double row, double column, double all)
{
    double p = column / all, q = (all - column) / all;
    if (column == 0 || column == all) {
        return 1;
    }
    return mass_binomial(x, row, p, q) * mass_binomial(column - x, all - row, p, q) /
           mass_binomial(column, all, p, q);
}

static double law_mass(const struct law *law, int64_t x)
{
    if (x < law->low || x > law->high) {
        return 0;
    }
    return law->kind == LAW_BINOMIAL
               ? mass_binomial((double)x, law->n, law->p, law->q)
               : mass_hypergeometric((double)x, law->row, law->column, law->all);
}

/* mass(x + 1) / mass(x) for low <= x < high. */
static double law_ratio(const struct law *law, int64_t x)
{
    double at = (double)x;
    if (law->kind == LAW_BINOMIAL) {
        return (law->n - at) / (at + 1) * (law->p / law->q);
    }
    return (law->row - at) * (law->column - at) /
           ((at + 1) * (law->all - law->row - law->column + at + 1));
}

/* P(X >= x), for x at or beyond the mode. */
static double tail_up(const struct law *law, int64_t x)
{
    double term = law_mass(law, x), sum = term;
    for (int64_t k = x; k < law->high && term > STATS_NEGLIGIBLE * sum; k++) {
        term *= law_ratio(law, k);
        sum += term;
    }
    return sum;
}

/* P(X <= x), for x at or before the mode. */
static double tail_down(const struct law *law, int64_t x)
{
    double term = law_mass(law, x), sum = term;
    for (int64_t k = x; k > law->low && term > STATS_NEGLIGIBLE * sum; k--) {
        term /= law_ratio(law, k - 1);
        sum += term;
    }
    return sum;
}

/* First x from `from` (at or beyond the mode) to high + 1 whose mass is at most `limit`. */
static int64_t edge_up(const struct law *law, int64_t from, double limit)
{
    int64_t in = law->high + 1;
    while (from < in) {
        int64_t middle = from + (in - from) / 2;
        if (law_mass(law, middle) <= limit) {
            in = middle;
        } else {
            from = middle + 1;
        }
    }
    return in;
}

/* Last x from low - 1 to `from` (at or before the mode) whose mass is at most `limit`. */
static int64_t edge_down(const struct law *law, int64_t from, double limit)
{
    int64_t in = law->low - 1;
    while (from > in) {
        int64_t middle = from - (from - in) / 2;
        if (law_mass(law, middle) <= limit) {
            in = middle;
        } else {
            from = middle - 1;
        }
    }
    return in;
}

static double two_tails(const struct law *law, int64_t left, int64_t right)
{
    double p = (left >= law->low ? tail_down(law, left) : 0) +
               (right <= law->high ? tail_up(law, right) : 0);
    return fmin(1, p);
}

static struct law law_of_binomial(int64_t n, double p, double q)
{
    double trials = (double)n;
    int64_t mode = (int64_t)floor((trials + 1) * p);
    return (struct law){
        .high = n, .mode = mode > n ? n : mode, .kind = LAW_BINOMIAL, .n = trials, .p = p, .q = q};
}

double binomial_mass(int64_t x, int64_t n, double p)
{
    struct law law = law_of_binomial(n, p, 1 - p);
    return law_mass(&law, x);
}

double stats_binomial_upper(int64_t x, int64_t n, double p, double q)
{
    if (x <= 0) {
        return 1;
    }
    if (x > n) {
        return 0;
    }
    if (p == 0 || q == 0) {
        return p == 0 ? 0 : 1;
    }
    struct law law = law_of_binomial(n, p, q);
    return x > law.mode ? tail_up(&law, x) : 1 - tail_down(&law, x - 1);
}

double binomial_upper(int64_t x, int64_t n, double p)
{
    return stats_binomial_upper(x, n, p, 1 - p);
}

/* As R's binom.test: x's own side runs from x outwards; on the other side the masses that are no
 * larger, within the fuzz, count. */
double stats_binomial_two_sided(int64_t x, int64_t n, double p, double q)
{
    struct law law = law_of_binomial(n, p, q);
    double mean = law.n * p;
    double limit = law_mass(&law, x) * (1 + BINOMIAL_TIE);
    if ((double)x == mean) {
        return 1;
    }
    if ((double)x < mean) {
        return two_tails(&law, x, edge_up(&law, (int64_t)ceil(mean), limit));
    }
    return two_tails(&law, edge_down(&law, (int64_t)floor(mean), limit), x);
}

rv_status binomial_test(int64_t x, int64_t n, double p, double *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_count(n, "the number of trials", reterr));
    RV_TRY(stats_check_count(x, "the number of successes", reterr));
    if (x > n) {
        return rv_fail(reterr, RV_DOMAIN, "%lld successes in %lld trials", (long long)x,
                       (long long)n);
    }
    if (!(p > 0 && p < 1)) {
        return rv_fail(reterr, RV_DOMAIN, "the probability is %g: it must be between 0 and 1", p);
    }
    *ret = stats_binomial_two_sided(x, n, p, 1 - p);
    return rv_ok();
}

/* The first cell of a table with these margins; its masses sum to 1 from low to high. */
static rv_status law_of_table(int64_t a, int64_t b, int64_t c, int64_t d, struct law *ret,
                              struct rv_err *reterr)
{
    RV_TRY(stats_check_count(a, "the first cell", reterr));
    RV_TRY(stats_check_count(b, "the second cell", reterr));
    RV_TRY(stats_check_count(c, "the third cell", reterr));
    RV_TRY(stats_check_count(d, "the fourth cell", reterr));
    int64_t row = a + b, column = a + c, all = row + c + d;
    RV_TRY(stats_check_count(all, "the total of the table", reterr));
    struct law law = {.low = row + column > all ? row + column - all : 0,
                      .high = row < column ? row : column,
                      .kind = LAW_HYPERGEOMETRIC,
                      .row = (double)row,
                      .column = (double)column,
                      .all = (double)all};
    int64_t mode = (int64_t)floor((law.row + 1) * (law.column + 1) / (law.all + 2));
    law.mode = mode < law.low ? law.low : mode > law.high ? law.high : mode;
    *ret = law;
    return rv_ok();
}

rv_status binomial_fisher(int64_t a, int64_t b, int64_t c, int64_t d, double *ret,
                          struct rv_err *reterr)
{
    struct law law;
    RV_TRY(law_of_table(a, b, c, d, &law, reterr));
    if (law.low == law.high) {
        *ret = 1;
        return rv_ok();
    }
    double limit = law_mass(&law, a) * (1 + BINOMIAL_TIE);
    *ret = law_mass(&law, law.mode) <= limit
               ? 1
               : two_tails(&law, edge_down(&law, law.mode, limit), edge_up(&law, law.mode, limit));
    return rv_ok();
}

rv_status binomial_fisher_upper(int64_t a, int64_t b, int64_t c, int64_t d, double *ret,
                                struct rv_err *reterr)
{
    struct law law;
    RV_TRY(law_of_table(a, b, c, d, &law, reterr));
    *ret = a <= law.low ? 1 : a > law.mode ? tail_up(&law, a) : 1 - tail_down(&law, a - 1);
    return rv_ok();
}

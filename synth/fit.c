/* synth/fit.c — proportional fitting, random rounding, repair.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/fit.h"

#include <math.h>
#include <string.h>

#define ROUNDS      200     /* of proportional fitting */
#define CLOSE       1e-6    /* relative: fitted */
#define MOVES_MOST  2000000 /* at a time, divided by the cells */
#define ATTEMPTS    40      /* each from another rounding */
#define CALM        200     /* moves before the first that is not the best */
#define RESTLESS    4
#define APPORTIONED 1024

struct work {
    const struct fit *f;
    struct dice *dice;
    double *y;        /* [rows][values]: fitted reals */
    int64_t *x;       /* [rows][values] */
    int64_t **sums;   /* [margin][column] */
    bool *is_in;      /* [margin][rows] */
    int64_t miss;     /* what all margins are out by */
    bool is_restless; /* the next move is not the best one, to leave a dead end */
};

void fit_apportion(int64_t total, const double *weights, size_t n, int64_t *parts)
{
    double sum = 0, remainder[APPORTIONED];
    int64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i];
    }
    for (size_t i = 0; i < n; i++) {
        double exact = sum > 0 ? (double)total * weights[i] / sum : 0;
        parts[i] = (int64_t)exact;
        remainder[i] = weights[i] > 0 ? exact - (double)parts[i] : -2;
        given += parts[i];
    }
    for (; sum > 0 && given < total; given++) {
        size_t best = 0;
        for (size_t i = 1; i < n; i++) {
            if (remainder[i] > remainder[best]) {
                best = i;
            }
        }
        parts[best]++;
        remainder[best] = remainder[best] < -1 ? remainder[best] : -1;
    }
}

/* ---- proportional fitting ---- */

static double fit_margin_once(const struct work *w, size_t m, double *y)
{
    const struct fit *f = w->f;
    const struct fit_margin *g = &f->margins[m];
    double worst = 0;
    for (size_t c = 0; c < g->columns; c++) {
        double sum = 0;
        if (g->target[c] < 0) {
            continue;
        }
        for (int pass = 0; pass < 2; pass++) {
            double factor = sum > 0 ? (double)g->target[c] / sum : 1;
            if (pass == 1 && g->is_ceiling && factor > 1) {
                break;
            }
            worst = pass == 1 ? fmax(worst, fabs(factor - 1)) : worst;
            for (size_t r = 0; r < f->rows; r++) {
                for (size_t v = 0; w->is_in[m * f->rows + r] && v < f->values; v++) {
                    if (g->column[v] != (int16_t)c) {
                        continue;
                    }
                    if (pass == 0) {
                        sum += y[r * f->values + v];
                    } else {
                        y[r * f->values + v] *= factor;
                    }
                }
            }
        }
    }
    return worst;
}

static void scale_rows(const struct fit *f, double *y)
{
    for (size_t r = 0; r < f->rows; r++) {
        double sum = 0;
        for (size_t v = 0; v < f->values; v++) {
            sum += y[r * f->values + v];
        }
        for (size_t v = 0; sum > 0 && v < f->values; v++) {
            y[r * f->values + v] *= (double)f->total[r] / sum;
        }
    }
}

/* Whole parts, and the rest by one random number for the row: on average what was asked for. */
static void round_row(const struct fit *f, size_t r, const double *y, struct dice *dice, int64_t *x)
{
    double at = dice_unit(dice), before = floor(at);
    int64_t given = 0;
    size_t last = f->values;
    for (size_t v = 0; v < f->values; v++) {
        double whole = floor(y[r * f->values + v]);
        at += y[r * f->values + v] - whole;
        double now = floor(at);
        x[r * f->values + v] = (int64_t)(whole + now - before);
        before = now;
        given += x[r * f->values + v];
        if (f->weight[r * f->values + v] > 0) {
            last = v;
        }
    }
    /* The sum of a row may be off by one through rounding of the reals. */
    for (size_t v = 0; v < f->values && last < f->values && given != f->total[r]; v++) {
        size_t at_value = (last + v) % f->values;
        int64_t step = f->total[r] - given;
        int64_t *cell = &x[r * f->values + at_value];
        if (f->weight[r * f->values + at_value] > 0 && *cell + step >= 0) {
            *cell += step;
            given += step;
        }
    }
}

static rv_status fit_reals(struct work *w, struct arena *a, struct rv_err *reterr)
{
    const struct fit *f = w->f;
    double *y = w->y = ARENA_NEW(a, double, f->rows * f->values);
    if (!y) {
        return arena_fail(a, reterr);
    }
    memcpy(y, f->weight, f->rows * f->values * sizeof *y);
    scale_rows(f, y);
    for (int round = 0; round < ROUNDS; round++) {
        double worst = 0;
        for (size_t m = 0; m < f->margin_count; m++) {
            worst = fmax(worst, fit_margin_once(w, m, y));
        }
        scale_rows(f, y);
        if (worst < CLOSE) {
            break;
        }
    }
    return rv_ok();
}

/* ---- repair ---- */

static int64_t out_by(const struct fit_margin *g, size_t column, int64_t sum)
{
    int64_t target = g->target[column];
    if (target < 0 || (g->is_ceiling && sum <= target)) {
        return 0;
    }
    return sum > target ? sum - target : target - sum;
}

/* How much worse the margins are when one record of row r changes its value. */
static int64_t worse_by(const struct work *w, size_t r, size_t from, size_t to)
{
    int64_t change = 0;
    for (size_t m = 0; m < w->f->margin_count; m++) {
        const struct fit_margin *g = &w->f->margins[m];
        int16_t a = g->column[from], b = g->column[to];
        if (a == b || !w->is_in[m * w->f->rows + r]) {
            continue;
        }
        if (a >= 0) {
            int64_t sum = w->sums[m][a];
            change += out_by(g, (size_t)a, sum - 1) - out_by(g, (size_t)a, sum);
        }
        if (b >= 0) {
            int64_t sum = w->sums[m][b];
            change += out_by(g, (size_t)b, sum + 1) - out_by(g, (size_t)b, sum);
        }
    }
    return change;
}

static void change(struct work *w, size_t r, size_t from, size_t to)
{
    w->miss += worse_by(w, r, from, to);
    w->x[r * w->f->values + from]--;
    w->x[r * w->f->values + to]++;
    for (size_t m = 0; m < w->f->margin_count; m++) {
        const int16_t *column = w->f->margins[m].column;
        if (w->is_in[m * w->f->rows + r] && column[from] >= 0) {
            w->sums[m][column[from]]--;
        }
        if (w->is_in[m * w->f->rows + r] && column[to] >= 0) {
            w->sums[m][column[to]]++;
        }
    }
}

struct move {
    size_t r, from, to;
    int64_t worse, rated;
    size_t seen; /* equally good ones, for a fair choice */
};

/* A margin and column that is out, at random among them. */
static bool find_fault(struct work *w, size_t *ret_margin, size_t *ret_column)
{
    size_t seen = 0;
    for (size_t m = 0; m < w->f->margin_count; m++) {
        for (size_t c = 0; c < w->f->margins[m].columns; c++) {
            if (out_by(&w->f->margins[m], c, w->sums[m][c]) > 0 &&
                dice_below(w->dice, ++seen) == 0) {
                *ret_margin = m;
                *ret_column = c;
            }
        }
    }
    return seen > 0;
}

static void consider(struct work *w, size_t r, size_t from, size_t to, struct move *best)
{
    const struct fit *f = w->f;
    if (w->x[r * f->values + from] == 0 || f->weight[r * f->values + to] <= 0) {
        return;
    }
    int64_t worse = worse_by(w, r, from, to);
    int64_t rated = worse + (w->is_restless ? (int64_t)dice_below(w->dice, RESTLESS) : 0);
    if (best->seen == 0 || rated < best->rated) {
        *best = (struct move){r, from, to, worse, rated, 1};
    } else if (rated == best->rated && dice_below(w->dice, ++best->seen) == 0) {
        best->worse = worse;
        best->r = r;
        best->from = from;
        best->to = to;
    }
}

/* The best change that takes a record out of the column (too many) or brings one in. */
static struct move best_move(struct work *w, size_t m, size_t c)
{
    const struct fit *f = w->f;
    const struct fit_margin *g = &f->margins[m];
    bool is_over = w->sums[m][c] > g->target[c];
    struct move best = {0, 0, 0, 0, 0, 0};
    for (size_t r = 0; r < f->rows; r++) {
        for (size_t v = 0; w->is_in[m * f->rows + r] && v < f->values; v++) {
            for (size_t u = 0; g->column[v] == (int16_t)c && u < f->values; u++) {
                if (g->column[u] == (int16_t)c) {
                    continue;
                }
                if (is_over) {
                    consider(w, r, v, u, &best);
                } else {
                    consider(w, r, u, v, &best);
                }
            }
        }
    }
    return best;
}

static rv_status not_found(const struct work *w, size_t m, size_t c, struct rv_err *reterr)
{
    const struct fit_margin *g = &w->f->margins[m];
    return rv_fail(reterr, RV_REFUSED,
                   "the targets cannot be met together: table \"%s\" against the others, when "
                   "%s is given to records (part %zu: %lld, wanted %s%lld)",
                   g->name, w->f->name, c + 1, (long long)w->sums[m][c],
                   g->is_ceiling ? "at most " : "", (long long)g->target[c]);
}

/* Whether all margins hold in the end; else which one does not. */
static bool repair(struct work *w, size_t most, size_t *ret_margin, size_t *ret_column)
{
    for (size_t k = 0; find_fault(w, ret_margin, ret_column); k++) {
        w->is_restless = k > CALM && dice_below(w->dice, 3) == 0;
        struct move move = best_move(w, *ret_margin, *ret_column);
        if (k > most) {
            return false;
        }
        /* Sideways always; for the worse seldom, and never by much. */
        if (move.seen > 0 &&
            (move.worse <= 0 || (move.worse <= 4 && dice_below(w->dice, 8) == 0))) {
            change(w, move.r, move.from, move.to);
        }
    }
    return true;
}

static rv_status prepare(struct work *w, struct arena *a, struct rv_err *reterr)
{
    const struct fit *f = w->f;
    w->sums = ARENA_NEW(a, int64_t *, f->margin_count + 1);
    w->is_in = ARENA_NEW(a, bool, (f->margin_count + 1) * f->rows);
    if (!w->sums || !w->is_in) {
        return arena_fail(a, reterr);
    }
    for (size_t m = 0; m < f->margin_count; m++) {
        w->sums[m] = ARENA_NEW(a, int64_t, f->margins[m].columns);
        if (!w->sums[m]) {
            return arena_fail(a, reterr);
        }
        for (size_t r = 0; r < f->rows; r++) {
            uint64_t marks = f->margins[m].marks;
            w->is_in[m * f->rows + r] = (f->marks[r] & marks) == marks;
        }
    }
    return rv_ok();
}

static void round_all(struct work *w)
{
    const struct fit *f = w->f;
    w->miss = 0;
    for (size_t r = 0; r < f->rows; r++) {
        round_row(f, r, w->y, w->dice, w->x);
    }
    for (size_t m = 0; m < f->margin_count; m++) {
        const struct fit_margin *g = &f->margins[m];
        memset(w->sums[m], 0, g->columns * sizeof *w->sums[m]);
        for (size_t r = 0; r < f->rows; r++) {
            for (size_t v = 0; w->is_in[m * f->rows + r] && v < f->values; v++) {
                if (g->column[v] >= 0) {
                    w->sums[m][g->column[v]] += w->x[r * f->values + v];
                }
            }
        }
        for (size_t c = 0; c < g->columns; c++) {
            w->miss += out_by(g, c, w->sums[m][c]);
        }
    }
}

static rv_status check_rows(const struct fit *f, struct rv_err *reterr)
{
    for (size_t r = 0; r < f->rows; r++) {
        double sum = 0;
        for (size_t v = 0; v < f->values; v++) {
            sum += f->weight[r * f->values + v];
        }
        if (f->total[r] > 0 && sum <= 0) {
            return rv_fail(reterr, RV_REFUSED, "no %s is possible for some records", f->name);
        }
    }
    return rv_ok();
}

rv_status fit_solve(struct arena *a, const struct fit *f, struct dice *dice, int64_t *ret,
                    struct rv_err *reterr)
{
    struct work w = {.f = f, .dice = dice, .x = ret};
    RV_TRY(check_rows(f, reterr));
    RV_TRY(prepare(&w, a, reterr));
    RV_TRY(fit_reals(&w, a, reterr));
    /* Moves are dear where there are many cells, and such tables leave more freedom. */
    size_t m = 0, c = 0, most = 500 + MOVES_MOST / (1 + f->rows * f->values);
    for (size_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        round_all(&w);
        if (repair(&w, most, &m, &c)) {
            return rv_ok();
        }
    }
    return not_found(&w, m, c, reterr);
}

/* stats/apportion.c — weights of pieces, counts by weight, whole numbers by largest remainder.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/apportion.h"

#include "stats/internal.h"
#include "stats/sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TIE 1e9 /* remainders are compared in billionths */

/* ---- weights ---- */

static rv_status check_piece(const struct apportion_piece *p, size_t source_count,
                             struct rv_err *reterr)
{
    if (p->source >= source_count) {
        return rv_fail(reterr, RV_DOMAIN, "a piece is of source %u of %zu", p->source + 1,
                       source_count);
    }
    if (!(p->area >= 0) || !(p->population >= 0) || isinf(p->area) || isinf(p->population)) {
        return rv_fail(reterr, RV_DOMAIN,
                       "a piece of source %u has an area or population that is no number from 0",
                       p->source + 1);
    }
    return rv_ok();
}

rv_status apportion_weights(struct arena *scratch, const struct apportion_piece *pieces, size_t n,
                            size_t source_count, enum apportion_basis basis, double *weights,
                            uint8_t *by_area, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(scratch);
    struct sum *areas = ARENA_NEW(scratch, struct sum, source_count);
    struct sum *populations = ARENA_NEW(scratch, struct sum, source_count);
    if (!areas || !populations) {
        return arena_fail(scratch, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(check_piece(&pieces[i], source_count, reterr));
        sum_add(&areas[pieces[i].source], pieces[i].area);
        sum_add(&populations[pieces[i].source], pieces[i].population);
    }
    for (size_t i = 0; i < n; i++) {
        const struct apportion_piece *p = &pieces[i];
        double people = sum_value(&populations[p->source]), area = sum_value(&areas[p->source]);
        bool is_by_people = basis == APPORTION_POPULATION && people > 0;
        double part = is_by_people ? p->population : p->area, whole = is_by_people ? people : area;
        weights[i] = whole > 0 ? fmin(part / whole, 1) : 0;
    }
    for (size_t s = 0; by_area && s < source_count; s++) {
        by_area[s] = basis == APPORTION_AREA || !(sum_value(&populations[s]) > 0);
    }
    arena_release(scratch, mark);
    return rv_ok();
}

/* ---- counts ---- */

static rv_status check_count(const struct apportion_piece *p, const int64_t *counts,
                             size_t source_count, struct rv_err *reterr)
{
    if (p->source >= source_count) {
        return rv_fail(reterr, RV_DOMAIN, "a piece is of source %u of %zu", p->source + 1,
                       source_count);
    }
    return counts ? stats_check_count(counts[p->source], "a count", reterr) : rv_ok();
}

rv_status apportion_counts(const struct apportion_piece *pieces, const double *weights, size_t n,
                           const int64_t *counts, size_t source_count, size_t target_count,
                           struct apportion_totals *ret, struct rv_err *reterr)
{
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        RV_TRY(check_count(&pieces[i], counts, source_count, reterr));
        if (pieces[i].target >= target_count && pieces[i].target != APPORTION_NOWHERE) {
            return rv_fail(reterr, RV_DOMAIN, "a piece is of target %u of %zu",
                           pieces[i].target + 1, target_count);
        }
    }
    for (size_t s = 0; s < source_count; s++) {
        RV_TRY(stats_check_count(counts[s], "a count", reterr));
        all += (double)counts[s]; /* whole numbers below 2^53: exact */
    }
    memset(ret->values, 0, target_count * sizeof *ret->values);
    if (ret->errors) {
        memset(ret->errors, 0, target_count * sizeof *ret->errors);
    }
    struct sum placed = {0, 0};
    for (size_t i = 0; i < n; i++) {
        double events = (double)counts[pieces[i].source] * weights[i];
        if (pieces[i].target == APPORTION_NOWHERE) {
            continue;
        }
        ret->values[pieces[i].target] += events;
        sum_add(&placed, events);
        if (ret->errors) {
            ret->errors[pieces[i].target] += events * (1 - weights[i]);
        }
    }
    for (size_t t = 0; ret->errors && t < target_count; t++) {
        ret->errors[t] = sqrt(fmax(ret->errors[t], 0));
    }
    ret->nowhere = fmax(all - sum_value(&placed), 0);
    return rv_ok();
}

rv_status apportion_best(const struct apportion_piece *pieces, const double *weights, size_t n,
                         size_t source_count, uint32_t *best, double *largest,
                         struct rv_err *reterr)
{
    for (size_t i = 0; i < n; i++) {
        RV_TRY(check_count(&pieces[i], NULL, source_count, reterr));
    }
    /* The weight of the best so far needs no memory of its own: its piece is remembered. */
    for (size_t s = 0; s < source_count; s++) {
        best[s] = APPORTION_NOWHERE;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t *at = &best[pieces[i].source];
        bool is_first = *at == APPORTION_NOWHERE;
        bool is_equal = !is_first && weights[i] == weights[*at];
        if (is_first || weights[i] > weights[*at] ||
            (is_equal && pieces[i].target < pieces[*at].target)) {
            *at = (uint32_t)i;
        }
    }
    for (size_t s = 0; s < source_count; s++) {
        double weight = best[s] == APPORTION_NOWHERE ? 0 : weights[best[s]];
        best[s] = weight > 0 ? pieces[best[s]].target : APPORTION_NOWHERE;
        if (largest) {
            largest[s] = weight;
        }
    }
    return rv_ok();
}

rv_status apportion_spread(struct arena *scratch, const struct apportion_piece *pieces,
                           const double *weights, size_t n, const int64_t *counts,
                           size_t source_count, struct apportion_spread *ret, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(scratch);
    uint32_t *best = ARENA_NEW(scratch, uint32_t, source_count);
    double *largest = ARENA_NEW(scratch, double, source_count);
    struct sum *placed = ARENA_NEW(scratch, struct sum, source_count);
    if (!best || !largest || !placed) {
        return arena_fail(scratch, reterr);
    }
    RV_TRY(apportion_best(pieces, weights, n, source_count, best, largest, reterr));
    struct apportion_spread spread = {0};
    struct sum moved = {0, 0}, nowhere = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].target != APPORTION_NOWHERE) {
            sum_add(&placed[pieces[i].source], weights[i]);
        }
    }
    for (size_t s = 0; s < source_count; s++) {
        RV_TRY(stats_check_count(counts[s], "a count", reterr));
        double events = (double)counts[s], inside = sum_value(&placed[s]);
        double stays = best[s] == APPORTION_NOWHERE ? 0 : largest[s];
        spread.sources += counts[s] > 0 || largest[s] > 0;
        spread.split += largest[s] > 0 && largest[s] < APPORTION_SPLIT;
        spread.events += events;
        sum_add(&moved, events * fmax(inside - stays, 0));
        sum_add(&nowhere, events * fmax(1 - inside, 0));
    }
    spread.moved = sum_value(&moved);
    spread.nowhere = sum_value(&nowhere);
    arena_release(scratch, mark);
    *ret = spread;
    return rv_ok();
}

/* ---- whole numbers ---- */

struct remainder {
    double billionths; /* rounded: what is equal up to the noise of a sum is equal */
    size_t index;
};

static int by_remainder(const void *a, const void *b)
{
    const struct remainder *x = a, *y = b;
    if (x->billionths != y->billionths) {
        return x->billionths > y->billionths ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

/* A value within a billionth of a whole number is that number. */
static double whole_part(double value)
{
    double nearest = nearbyint(value);
    return fabs(value - nearest) * TIE < 0.5 ? nearest : floor(value);
}

rv_status apportion_round(struct arena *scratch, const double *values, size_t n, int64_t total,
                          int64_t *ret, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(scratch);
    struct remainder *rest = ARENA_NEW(scratch, struct remainder, n);
    if (!rest) {
        return arena_fail(scratch, reterr);
    }
    int64_t missing = total;
    for (size_t i = 0; i < n; i++) {
        RV_TRY(stats_check_amount(values[i], "a value", reterr));
        double whole = whole_part(values[i]);
        missing -= (int64_t)whole;
        rest[i] = (struct remainder){nearbyint((values[i] - whole) * TIE), i};
    }
    if (total < 0 || missing < 0 || missing > (int64_t)n) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the values cannot be rounded to a total of %lld: it is not near their sum",
                       (long long)total);
    }
    if (n > 1) {
        qsort(rest, n, sizeof *rest, by_remainder);
    }
    for (size_t i = 0; i < n; i++) {
        size_t at = rest[i].index;
        ret[at] = (int64_t)whole_part(values[at]) + ((int64_t)i < missing ? 1 : 0);
    }
    arena_release(scratch, mark);
    return rv_ok();
}

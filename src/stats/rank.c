/* stats/rank.c — competition ranks and simultaneous confidence sets.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/rank.h"

#include "base/memory.h"
#include "stats/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ranking {
    const double *values;
    bool is_ascending;
};

static int compare_values(const void *left, const void *right, void *context)
{
    const struct ranking *r = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (r->values[a] != r->values[b]) {
        return (r->values[a] < r->values[b]) == r->is_ascending ? -1 : 1;
    }
    return (a > b) - (a < b);
}

static void give_ranks(const size_t *sorted, size_t n, const double *values, struct rank *ret)
{
    for (size_t first = 0; first < n;) {
        size_t end = first + 1;
        while (end < n && values[sorted[end]] == values[sorted[first]]) {
            end++;
        }
        for (size_t i = first; i < end; i++) {
            ret[sorted[i]] = (struct rank){.rank = (int64_t)first + 1,
                                           .tied = (int64_t)(end - first),
                                           .of = (int64_t)n,
                                           .is_available = true};
        }
        first = end;
    }
}

rv_status rank_competition(struct arena *scratch, const double *values, const uint64_t *valid,
                           size_t n, enum rank_order order, struct rank *ret, struct rv_err *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (stats_has(valid, i) && !isfinite(values[i])) {
            return rv_fail(reterr, RV_DOMAIN, "value %zu is not a finite number: it has no rank",
                           i + 1);
        }
    }
    struct arena_mark mark = arena_mark(scratch);
    size_t *sorted = ARENA_NEW(scratch, size_t, n);
    if (!sorted) {
        return arena_fail(scratch, reterr);
    }
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        ret[i] = (struct rank){0};
        if (stats_has(valid, i)) {
            sorted[known++] = i;
        }
    }
    struct ranking ranking = {values, order == RANK_LEAST_FIRST};
    qsort_r(sorted, known, sizeof *sorted, compare_values, &ranking);
    give_ranks(sorted, known, values, ret);
    arena_release(scratch, mark);
    return rv_ok();
}

/* Area `more` seems to be above area `less`. */
struct pair {
    double p;
    uint32_t more, less;
};

/* Holm rejects in order of p. Pairs below the first threshold are rejected whatever their order,
 * pairs above alpha never: only those between wait in `pairs` to be sorted. */
struct holm {
    double alpha, hypotheses;
    struct pair *pairs;
    size_t count, capacity;
    size_t rejected;
    int64_t *above, *below; /* areas significantly above and below each area */
};

static void holm_done(struct holm *h)
{
    memory_free(h->pairs);
}

static void holm_reject(struct holm *h, uint32_t more, uint32_t less)
{
    h->rejected++;
    h->above[less]++;
    h->below[more]++;
}

static rv_status holm_add(struct holm *h, struct pair pair, struct rv_err *reterr)
{
    if (pair.p <= h->alpha / h->hypotheses) {
        holm_reject(h, pair.more, pair.less);
        return rv_ok();
    }
    if (pair.p > h->alpha) {
        return rv_ok();
    }
    if (h->count == h->capacity) {
        size_t capacity = h->capacity ? 2 * h->capacity : 256;
        struct pair *grown = memory_resize(h->pairs, capacity, sizeof *grown);
        if (!grown) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for %zu pairs of areas", capacity);
        }
        h->pairs = grown;
        h->capacity = capacity;
    }
    h->pairs[h->count++] = pair;
    return rv_ok();
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    return (a->p > b->p) - (a->p < b->p);
}

static void holm_finish(struct holm *h)
{
    if (h->count > 0) {
        qsort(h->pairs, h->count, sizeof *h->pairs, compare_pairs);
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->pairs[i].p > h->alpha / (h->hypotheses - (double)h->rejected)) {
            return;
        }
        holm_reject(h, h->pairs[i].more, h->pairs[i].less);
    }
}

/* What a pair comes to without its exact p, when bounds that always hold already decide it. */
enum verdict { PAIR_OPEN, PAIR_REJECTED, PAIR_KEPT };

/* x of n events with x / n above `share`. Hoeffding (1963): p <= exp(-2 n (x/n - share)^2), so
 * that a bound below the first threshold of Holm is a rejection. Berry-Esseen with the constant of
 * Shevtsova (2011): p differs from the normal tail by at most 0.4748 rho / (sigma^3 sqrt n), so
 * that a tail well above alpha never is one. */
static enum verdict screen_pair(const struct holm *h, int64_t x, int64_t n, double share,
                                double rest)
{
    double size = (double)n, excess = (double)x / size - share;
    if (exp(-2 * size * excess * excess) <= h->alpha / h->hypotheses) {
        return PAIR_REJECTED;
    }
    double sd = sqrt(share * rest);
    double error = 0.4748 * (share * share + rest * rest) / (sd * sqrt(size));
    double tail = 0.5 * erfc(excess * sqrt(size) / sd * M_SQRT1_2);
    return tail - error > h->alpha * (1 + 1e-9) ? PAIR_KEPT : PAIR_OPEN;
}

/* What is ranked: the known areas only have ranks. */
struct field {
    const int64_t *counts;
    const double *populations; /* NULL = 1 each */
    const double *rates;
    const struct rank *ranks;
    size_t n;
};

/* Decides, or keeps for Holm, whether the rate of `more` is really above that of `less`: p is the
 * probability of such a lead or a larger one when the two rates are equal. */
static rv_status test_pair(struct holm *h, const struct field *f, uint32_t more, uint32_t less,
                           struct rv_err *reterr)
{
    double size_more = f->populations ? f->populations[more] : 1;
    double size_less = f->populations ? f->populations[less] : 1;
    double share = size_more / (size_more + size_less), rest = size_less / (size_more + size_less);
    int64_t x = f->counts[more], events = x + f->counts[less];
    switch (screen_pair(h, x, events, share, rest)) {
    case PAIR_REJECTED:
        holm_reject(h, more, less);
        return rv_ok();
    case PAIR_KEPT:
        return rv_ok();
    case PAIR_OPEN:
        break;
    }
    double p = stats_binomial_upper(x, events, share, rest);
    return holm_add(h, (struct pair){p, more, less}, reterr);
}

static rv_status test_pairs_of(struct holm *h, const struct field *f, uint32_t i,
                               struct rv_err *reterr)
{
    for (uint32_t j = i + 1; j < f->n; j++) {
        /* The area with the lower rate cannot be shown to be above: its p is a half or more. */
        if (f->ranks[j].is_available && f->rates[i] != f->rates[j]) {
            bool is_i = f->rates[i] > f->rates[j];
            RV_TRY(test_pair(h, f, is_i ? i : j, is_i ? j : i, reterr));
        }
    }
    return rv_ok();
}

static rv_status rates_of(const int64_t *counts, const double *populations, const uint64_t *valid,
                          size_t n, double *rates, struct rv_err *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            continue;
        }
        RV_TRY(stats_check_count(counts[i], "a count to be ranked", reterr));
        if (populations) {
            RV_TRY(stats_check_exposure(populations[i], "a population", reterr));
        }
        rates[i] = populations ? (double)counts[i] / populations[i] : (double)counts[i];
    }
    return rv_ok();
}

static rv_status confidence_sets(struct arena *scratch, const struct field *f, double level,
                                 enum rank_order order, struct rank *ranks, struct rv_err *reterr)
{
    RV_CLEANUP(holm_done)
    struct holm h = {.alpha = 1 - level,
                     .above = ARENA_NEW(scratch, int64_t, f->n),
                     .below = ARENA_NEW(scratch, int64_t, f->n)};
    if (!h.above || !h.below) {
        return arena_fail(scratch, reterr);
    }
    int64_t ranked = 0;
    for (size_t i = 0; i < f->n; i++) {
        ranked += f->ranks[i].is_available;
    }
    h.hypotheses = (double)ranked * (double)(ranked - 1);
    for (uint32_t i = 0; i < f->n; i++) {
        RV_TRY(f->ranks[i].is_available ? test_pairs_of(&h, f, i, reterr) : rv_ok());
    }
    holm_finish(&h);
    for (size_t i = 0; i < f->n; i++) {
        if (ranks[i].is_available) {
            int64_t ahead = order == RANK_MOST_FIRST ? h.above[i] : h.below[i];
            int64_t behind = order == RANK_MOST_FIRST ? h.below[i] : h.above[i];
            ranks[i].low = 1 + ahead;
            ranks[i].high = ranked - behind;
        }
    }
    return rv_ok();
}

rv_status rank_simultaneous(struct arena *scratch, const int64_t *counts, const double *populations,
                            const uint64_t *valid, size_t n, double level, enum rank_order order,
                            struct rank *ret, struct rv_err *reterr)
{
    RV_TRY(stats_check_level(level, reterr));
    if (n > UINT32_MAX) {
        return rv_fail(reterr, RV_LIMIT, "%zu areas are too many to compare pair by pair", n);
    }
    struct arena_mark mark = arena_mark(scratch);
    double *rates = ARENA_NEW(scratch, double, n);
    struct rank *ranks = ARENA_NEW(scratch, struct rank, n);
    if (!rates || !ranks) {
        return arena_fail(scratch, reterr);
    }
    RV_TRY(rates_of(counts, populations, valid, n, rates, reterr));
    RV_TRY(rank_competition(scratch, rates, valid, n, order, ranks, reterr));
    struct field field = {counts, populations, rates, ranks, n};
    RV_TRY(confidence_sets(scratch, &field, level, order, ranks, reterr));
    if (n > 0) {
        memcpy(ret, ranks, n * sizeof *ret);
    }
    arena_release(scratch, mark);
    return rv_ok();
}

static const char *ordinal_suffix(int64_t n)
{
    int64_t tens = n % 100;
    if (tens >= 11 && tens <= 13) {
        return "th";
    }
    switch (n % 10) {
    case 1:
        return "st";
    case 2:
        return "nd";
    case 3:
        return "rd";
    default:
        return "th";
    }
}

void rank_text(const struct rank *r, struct buf *out)
{
    buf_printf(out, "%s%lld%s", r->tied > 1 ? "joint " : "", (long long)r->rank,
               ordinal_suffix(r->rank));
}

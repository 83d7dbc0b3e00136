/* stats/rank.c — competition ranks and simultaneous confidence sets.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/rank.h"

#include "base/memory.h"
#include "stats/binomial.h"
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

/* Holm rejects in order of p, the r-th after r - 1 others at alpha / (hypotheses - r + 1). Of a
 * pair of areas only one order can be rejected, because the two p add up to more than 1: so at most
 * half of the hypotheses are, and no threshold is above 2 alpha / hypotheses. Pairs below the first
 * threshold are rejected whatever their order, pairs above that last one never: only those between
 * wait in `pairs` to be sorted. */
struct holm {
    double alpha, hypotheses;
    double log_always, log_never; /* -ln of the least and the largest threshold */
    struct pair *pairs;
    size_t count, capacity;
    size_t rejected;
    int64_t *above, *below; /* areas significantly above and below each area */
    uint32_t own;
    int8_t *beside; /* of `own`: each area above (1) or below (-1) it; NULL = not asked for */
};

static void holm_done(struct holm *h)
{
    memory_free(h->pairs);
}

static double holm_never(const struct holm *h)
{
    return 2 * h->alpha / h->hypotheses;
}

static void holm_reject(struct holm *h, uint32_t more, uint32_t less)
{
    h->rejected++;
    h->above[less]++;
    h->below[more]++;
    if (h->beside && less == h->own) {
        h->beside[more] = 1;
    } else if (h->beside && more == h->own) {
        h->beside[less] = -1;
    }
}

static rv_status holm_add(struct holm *h, struct pair pair, struct rv_err *reterr)
{
    if (pair.p <= h->alpha / h->hypotheses) {
        holm_reject(h, pair.more, pair.less);
        return rv_ok();
    }
    if (pair.p > holm_never(h)) {
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

/* What is ranked, without the areas that have no rank. `x_log` is x ln(x / size), 0 for no events;
 * `half_log` is ln(8 x) / 2, 0 for no events. */
struct entry {
    double x, size, rate, x_log, half_log;
    uint32_t area;
};

struct field {
    const int64_t *counts;
    const double *populations; /* NULL = 1 each */
    const int64_t *wholes;     /* of which the counts are parts; NULL = the counts are no parts */
    const double *rates;
    const struct rank *ranks;
    struct entry *entries;
    size_t ranked;
    size_t own;
    int8_t *beside; /* NULL = not asked for */
};

/* Bounds on the logarithm of p, whose rounding errors are far below this. */
#define LOG_SLACK 1e-6

/* What a pair comes to without its exact p, when bounds that always hold already decide it.
 *
 * x of the n = x + y events fell to the leader, whose share of the people is q. With the divergence
 * D between x / n and q, ln p lies between -n D - ln(8 x y / n) / 2 (Ash) and -n D (Chernoff); with
 * y = 0 it is -n D itself. n D is at most (x - n q)^2 / (n q (1 - q)), which needs no logarithm and
 * decides most pairs. */
enum verdict { PAIR_OPEN, PAIR_REJECTED, PAIR_KEPT };

static enum verdict screen_pair(const struct holm *h, const struct entry *more,
                                const struct entry *less)
{
    double n = more->x + less->x, size = more->size + less->size;
    double gap = more->x * less->size - less->x * more->size; /* (x - n q) size */
    double half_log = fmin(more->half_log, less->half_log);
    if (gap * gap < (1 - 1e-9) * (h->log_never - half_log) * (n * more->size * less->size)) {
        return PAIR_KEPT;
    }
    double divergence = more->x_log + less->x_log - n * log(n / size);
    double slack = LOG_SLACK + 1e-13 * (fabs(more->x_log) + fabs(less->x_log));
    if (divergence - slack >= h->log_always) {
        return PAIR_REJECTED;
    }
    return divergence + half_log + slack < h->log_never ? PAIR_KEPT : PAIR_OPEN;
}

/* The same of two shares, by Fisher's test: without bounds, for there are few. */
static rv_status test_shares(struct holm *h, const struct field *f, const struct entry *more,
                             const struct entry *less, struct rv_err *reterr)
{
    int64_t a = f->counts[more->area], c = f->counts[less->area];
    double p;
    RV_TRY(binomial_fisher_upper(a, f->wholes[more->area] - a, c, f->wholes[less->area] - c, &p,
                                 reterr));
    return holm_add(h, (struct pair){p, more->area, less->area}, reterr);
}

/* Decides, or keeps for Holm, whether the rate of `more` is really above that of `less`: p is the
 * probability of such a lead or a larger one when the two rates are equal. */
static rv_status test_pair(struct holm *h, const struct field *f, const struct entry *more,
                           const struct entry *less, struct rv_err *reterr)
{
    switch (screen_pair(h, more, less)) {
    case PAIR_REJECTED:
        holm_reject(h, more->area, less->area);
        return rv_ok();
    case PAIR_KEPT:
        return rv_ok();
    case PAIR_OPEN:
        break;
    }
    double size = more->size + less->size;
    int64_t x = f->counts[more->area], events = x + f->counts[less->area];
    double p = stats_binomial_upper(x, events, more->size / size, less->size / size);
    return holm_add(h, (struct pair){p, more->area, less->area}, reterr);
}

static rv_status test_pairs_of(struct holm *h, const struct field *f, size_t i,
                               struct rv_err *reterr)
{
    const struct entry *a = &f->entries[i];
    for (size_t j = i + 1; j < f->ranked; j++) {
        /* The area with the lower rate cannot be shown to be above: its p is a half or more. */
        const struct entry *b = &f->entries[j];
        if (a->rate != b->rate) {
            bool is_a = a->rate > b->rate;
            RV_TRY(f->wholes ? test_shares(h, f, is_a ? a : b, is_a ? b : a, reterr)
                             : test_pair(h, f, is_a ? a : b, is_a ? b : a, reterr));
        }
    }
    return rv_ok();
}

static rv_status make_entries(struct arena *scratch, struct field *f, size_t n,
                              struct rv_err *reterr)
{
    f->entries = ARENA_NEW(scratch, struct entry, n + 1);
    if (!f->entries) {
        return arena_fail(scratch, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if (f->ranks[i].is_available) {
            double x = (double)f->counts[i], size = f->populations ? f->populations[i] : 1;
            f->entries[f->ranked++] = (struct entry){.x = x,
                                                     .size = size,
                                                     .rate = f->rates[i],
                                                     .x_log = x > 0 ? x * log(x / size) : 0,
                                                     .half_log = x > 0 ? log(8 * x) / 2 : 0,
                                                     .area = (uint32_t)i};
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

static rv_status confidence_sets(struct arena *scratch, struct field *f, size_t n, double level,
                                 enum rank_order order, struct rank *ranks, struct rv_err *reterr)
{
    RV_CLEANUP(holm_done)
    struct holm h = {.alpha = 1 - level,
                     .above = ARENA_NEW(scratch, int64_t, n),
                     .below = ARENA_NEW(scratch, int64_t, n),
                     .own = (uint32_t)f->own,
                     .beside = f->beside};
    if (!h.above || !h.below) {
        return arena_fail(scratch, reterr);
    }
    RV_TRY(make_entries(scratch, f, n, reterr));
    int64_t ranked = (int64_t)f->ranked;
    h.hypotheses = (double)ranked * (double)(ranked - 1);
    h.log_always = -log(h.alpha / h.hypotheses);
    h.log_never = -log(holm_never(&h));
    for (size_t i = 0; i < f->ranked; i++) {
        RV_TRY(test_pairs_of(&h, f, i, reterr));
    }
    holm_finish(&h);
    for (size_t i = 0; i < n; i++) {
        if (ranks[i].is_available) {
            int64_t ahead = order == RANK_MOST_FIRST ? h.above[i] : h.below[i];
            int64_t behind = order == RANK_MOST_FIRST ? h.below[i] : h.above[i];
            ranks[i].low = 1 + ahead;
            ranks[i].high = ranked - behind;
        }
    }
    return rv_ok();
}

static rv_status shares_of(const int64_t *parts, const int64_t *wholes, const uint64_t *valid,
                           size_t n, double *shares, struct rv_err *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (!stats_has(valid, i)) {
            continue;
        }
        RV_TRY(stats_check_count(parts[i], "a part to be ranked", reterr));
        RV_TRY(stats_check_count(wholes[i], "a whole", reterr));
        if (wholes[i] == 0 || parts[i] > wholes[i]) {
            return rv_fail(reterr, RV_DOMAIN, "a part of %lld of a whole of %lld has no share",
                           (long long)parts[i], (long long)wholes[i]);
        }
        shares[i] = (double)parts[i] / (double)wholes[i];
    }
    return rv_ok();
}

/* Ranks of what `field` holds, whose rates and ranks are made here. */
static rv_status rank_field(struct arena *scratch, struct field *field, const uint64_t *valid,
                            size_t n, double level, enum rank_order order, struct rank *ret,
                            struct rv_err *reterr)
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
    RV_TRY(field->wholes ? shares_of(field->counts, field->wholes, valid, n, rates, reterr)
                         : rates_of(field->counts, field->populations, valid, n, rates, reterr));
    RV_TRY(rank_competition(scratch, rates, valid, n, order, ranks, reterr));
    field->rates = rates;
    field->ranks = ranks;
    RV_TRY(confidence_sets(scratch, field, n, level, order, ranks, reterr));
    if (n > 0) {
        memcpy(ret, ranks, n * sizeof *ret);
    }
    arena_release(scratch, mark);
    return rv_ok();
}

rv_status rank_simultaneous(struct arena *scratch, const int64_t *counts, const double *populations,
                            const uint64_t *valid, size_t n, double level, enum rank_order order,
                            struct rank *ret, struct rv_err *reterr)
{
    struct field field = {.counts = counts, .populations = populations};
    return rank_field(scratch, &field, valid, n, level, order, ret, reterr);
}

rv_status rank_simultaneous_beside(struct arena *scratch, const int64_t *counts,
                                   const double *populations, const uint64_t *valid, size_t n,
                                   double level, enum rank_order order, size_t own,
                                   struct rank *ret, int8_t *ret_beside, struct rv_err *reterr)
{
    if (own >= n || !stats_has(valid, own)) {
        return rv_fail(reterr, RV_DOMAIN, "the area that the others stand beside has no rank");
    }
    int8_t *beside = ARENA_NEW(scratch, int8_t, n);
    if (!beside) {
        return arena_fail(scratch, reterr);
    }
    struct field field = {
        .counts = counts, .populations = populations, .own = own, .beside = beside};
    RV_TRY(rank_field(scratch, &field, valid, n, level, order, ret, reterr));
    memcpy(ret_beside, beside, n);
    return rv_ok();
}

rv_status rank_simultaneous_shares(struct arena *scratch, const int64_t *parts,
                                   const int64_t *wholes, const uint64_t *valid, size_t n,
                                   double level, enum rank_order order, struct rank *ret,
                                   struct rv_err *reterr)
{
    struct field field = {.counts = parts, .wholes = wholes};
    return rank_field(scratch, &field, valid, n, level, order, ret, reterr);
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

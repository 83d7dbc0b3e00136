/* stats/change.c — contributions to a change and the strongest wording they bear.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/change.h"

#include "stats/binomial.h"
#include "stats/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A list of more names is not an explanation. */
#define NAMED_MAX 3

static const char *const label_names[] = {
#define CHANGE_LABEL_NAME(name, text) text,
    CHANGE_LABELS(CHANGE_LABEL_NAME)
#undef CHANGE_LABEL_NAME
};

const char *change_label_name(enum change_label label)
{
    return label_names[label];
}

/* What the steps below share. */
struct work {
    const char *const *names;
    const int64_t *before, *after;
    size_t n;
    const struct change_options *options;
    double scale;    /* of the later counts */
    double p, q;     /* share of the later and of the earlier period in the exposure */
    double *moves;   /* change of each category in the direction of the total, else 0 */
    size_t *by_move; /* categories, largest move first */
};

static rv_status check_options(const struct change_options *options, struct rv_err *reterr)
{
    RV_TRY(stats_check_exposure(options->before_days, "the length of the earlier period", reterr));
    RV_TRY(stats_check_exposure(options->after_days, "the length of the later period", reterr));
    if (!(options->alpha > 0 && options->alpha < 1)) {
        return rv_fail(reterr, RV_DOMAIN, "alpha is %g: it must be between 0 and 1",
                       options->alpha);
    }
    return rv_ok();
}

static rv_status check_published(int64_t sum, int64_t published, const char *period,
                                 struct rv_err *reterr)
{
    if (published >= 0 && published != sum) {
        return rv_fail(reterr, RV_DOMAIN,
                       "the categories of the %s period add up to %lld, not to the total of %lld: "
                       "categories that overlap or are left out cannot explain a change",
                       period, (long long)sum, (long long)published);
    }
    return rv_ok();
}

static rv_status add_up(const struct work *w, const uint64_t *valid, struct change *c,
                        struct rv_err *reterr)
{
    for (size_t i = 0; i < w->n; i++) {
        if (!stats_has(valid, i)) {
            return rv_fail(reterr, RV_DOMAIN,
                           "the count of \"%s\" is not available, so neither is the total",
                           w->names[i]);
        }
        RV_TRY(stats_check_count(w->before[i], w->names[i], reterr));
        RV_TRY(stats_check_count(w->after[i], w->names[i], reterr));
        c->before += w->before[i];
        c->after += w->after[i];
        RV_TRY(stats_check_count(c->before + c->after, "the sum of both periods", reterr));
    }
    RV_TRY(check_published(c->before, w->options->before_total, "earlier", reterr));
    return check_published(c->after, w->options->after_total, "later", reterr);
}

static double two_counts(const struct work *w, int64_t before, int64_t after)
{
    return stats_binomial_two_sided(after, before + after, w->p, w->q);
}

static rv_status contribute(struct work *w, struct change *c, struct rv_err *reterr)
{
    double direction = c->change < 0 ? -1 : 1;
    for (size_t i = 0; i < w->n; i++) {
        struct contribution *part = &c->parts[i];
        part->change = (double)w->after[i] * w->scale - (double)w->before[i];
        double move = c->has_shares ? direction * part->change : 0;
        w->moves[i] = fmax(move, 0);
        c->gross_same += fmax(move, 0);
        c->gross_opposite += fmax(-move, 0);
        part->p = two_counts(w, w->before[i], w->after[i]);
        RV_TRY(binomial_fisher(w->before[i], w->after[i], c->before - w->before[i],
                               c->after - w->after[i], &part->p_vs_rest, reterr));
        if (c->has_percent) {
            part->points = 100 * part->change / (double)c->before;
            part->baseline_share = (double)w->before[i] / (double)c->before;
        }
    }
    for (size_t i = 0; i < w->n && c->has_shares; i++) {
        c->parts[i].share_net = c->parts[i].change / c->change;
        c->parts[i].share_gross = w->moves[i] / c->gross_same;
    }
    return rv_ok();
}

static int compare_moves(const void *left, const void *right, void *context)
{
    const struct work *w = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (w->moves[a] != w->moves[b]) {
        return w->moves[a] > w->moves[b] ? -1 : 1;
    }
    if (w->before[a] != w->before[b]) {
        return w->before[a] > w->before[b] ? -1 : 1;
    }
    int by_name = strcmp(w->names[a], w->names[b]);
    return by_name != 0 ? by_name : (a > b) - (a < b);
}

static int compare_p(const void *left, const void *right, void *context)
{
    const struct contribution *parts = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return parts[a].p != parts[b].p ? (parts[a].p > parts[b].p ? 1 : -1) : (a > b) - (a < b);
}

static void holm(struct contribution *parts, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        order[i] = i;
    }
    qsort_r(order, n, sizeof *order, compare_p, parts);
    double so_far = 0;
    for (size_t i = 0; i < n; i++) {
        so_far = fmax(so_far, fmin(1, (double)(n - i) * parts[order[i]].p));
        parts[order[i]].p_holm = so_far;
    }
}

/* The fewest categories, largest first, that make half of the moves; 0 when more than NAMED_MAX. */
static size_t fewest_for_half(const struct work *w, double gross)
{
    double sum = 0;
    for (size_t k = 0; k < w->n && k < NAMED_MAX; k++) {
        sum += w->moves[w->by_move[k]];
        if (2 * sum >= gross) {
            return k + 1;
        }
    }
    return 0;
}

static enum change_label label_of_one(const struct contribution *top, const struct change *c,
                                      double alpha)
{
    if (top->share_net > 1) {
        return CHANGE_MORE_THAN;
    }
    bool beyond_size = c->has_percent && top->share_net > top->baseline_share;
    return beyond_size && top->p_vs_rest < alpha ? CHANGE_DRIVEN_BY : CHANGE_IN_LINE;
}

static void word(const struct work *w, struct change *c)
{
    if (!c->has_shares) {
        c->label = CHANGE_NO_CHANGE;
        return;
    }
    if (c->p >= w->options->alpha) {
        c->label = CHANGE_NOT_SIGNIFICANT;
        return;
    }
    size_t few = fewest_for_half(w, c->gross_same);
    c->named_count = few;
    memcpy(c->named, w->by_move, few * sizeof *c->named);
    c->label = few == 0   ? CHANGE_BROAD
               : few == 1 ? label_of_one(&c->parts[c->named[0]], c, w->options->alpha)
                          : CHANGE_SEVERAL;
}

rv_status change_decompose(struct arena *a, const char *const *names, const int64_t *before,
                           const int64_t *after, const uint64_t *valid, size_t n,
                           const struct change_options *options, struct change *ret,
                           struct rv_err *reterr)
{
    RV_TRY(check_options(options, reterr));
    if (n == 0) {
        return rv_fail(reterr, RV_DOMAIN, "a change without categories has no contributions");
    }
    double days = options->before_days + options->after_days;
    struct work w = {.names = names,
                     .before = before,
                     .after = after,
                     .n = n,
                     .options = options,
                     .scale = options->before_days / options->after_days,
                     .p = options->after_days / days,
                     .q = options->before_days / days};
    struct change c = {0};
    RV_TRY(add_up(&w, valid, &c, reterr));
    c.parts = ARENA_NEW(a, struct contribution, n);
    c.named = ARENA_NEW(a, size_t, NAMED_MAX);
    w.moves = ARENA_NEW(a, double, n);
    w.by_move = ARENA_NEW(a, size_t, n);
    if (!c.parts || !c.named || !w.moves || !w.by_move) {
        return arena_fail(a, reterr);
    }
    c.change = (double)c.after * w.scale - (double)c.before;
    c.has_shares = c.change != 0;
    c.has_percent = c.before > 0;
    c.percent = c.has_percent ? 100 * c.change / (double)c.before : 0;
    c.p = two_counts(&w, c.before, c.after);
    RV_TRY(contribute(&w, &c, reterr));
    holm(c.parts, w.by_move, n);
    for (size_t i = 0; i < n; i++) {
        w.by_move[i] = i;
    }
    qsort_r(w.by_move, n, sizeof *w.by_move, compare_moves, &w);
    word(&w, &c);
    *ret = c;
    return rv_ok();
}

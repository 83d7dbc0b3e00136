/* stats/change.h — which categories a change came from, worded no more strongly than it bears.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_CHANGE_H
#define REEVE_STATS_CHANGE_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The wording that the data support; change_label_name gives the stable name in the first column.
 * `named` below are the categories that the sentence may name. */
#define CHANGE_LABELS(X)                                                                           \
    X(NO_CHANGE, "no_change")             /* totals equal; nothing named */                        \
    X(NOT_SIGNIFICANT, "not_significant") /* p >= alpha: no driver sentence; nothing named */      \
    X(DRIVEN_BY, "largely_driven_by")     /* one category, beyond its size */                      \
    X(MORE_THAN,                                                                                   \
      "more_than_accounted_for_by") /* one; the others moved the other way on balance */           \
    X(IN_LINE, "largest_contributor_in_line_with_its_size") /* one, but no more than its size */   \
    X(SEVERAL, "driven_mainly_by_several") /* the fewest, at most three, that make half of it */   \
    X(BROAD, "broad_based")                /* nothing named */

enum change_label {
#define CHANGE_LABEL_ENUM(name, text) CHANGE_##name,
    CHANGE_LABELS(CHANGE_LABEL_ENUM)
#undef CHANGE_LABEL_ENUM
};

struct contribution {
    double change;         /* after * scale - before; scale makes the periods equally long */
    double share_net;      /* change / total change; valid when has_shares */
    double share_gross;    /* part of the moves in the direction of the total; when has_shares */
    double points;         /* percentage points of the total's change; when has_percent */
    double baseline_share; /* part of the earlier total; when has_percent */
    double p;              /* exact, this category's two counts */
    double p_holm;         /* the same after Holm over the categories: below 0.01 it may be named */
    double p_vs_rest;      /* Fisher, this category against the rest, before against after */
};

struct change {
    int64_t before, after;             /* totals */
    double change;                     /* after * scale - before */
    double percent;                    /* 100 change / before; when has_percent */
    double p;                          /* exact, the two totals */
    double gross_same, gross_opposite; /* sums of the moves with and against the total, both >= 0 */
    bool has_shares;                   /* false when the totals do not differ */
    bool has_percent;                  /* false when the earlier total is 0 */
    enum change_label label;
    struct contribution *parts; /* n, in the order given */
    size_t *named;              /* indices of the named categories, largest move first */
    size_t named_count;
};

struct change_options {
    double alpha;                      /* 0.05: at or above it there is no driver sentence */
    double before_days, after_days;    /* lengths of the periods, > 0; equal when both are 1 */
    int64_t before_total, after_total; /* published totals to check against; -1 = none */
};

#define CHANGE_DEFAULTS                                                                            \
    ((struct change_options){                                                                      \
        .alpha = 0.05, .before_days = 1, .after_days = 1, .before_total = -1, .after_total = -1})

/* Splits the change of a total into the contributions of categories that do not overlap.
 *
 *   names   n names, for the order of ties only      before, after  n counts, >= 0
 *   valid   bit i%64 of word i/64 set = both counts of category i are known; NULL = all are
 *   n       >= 1
 *   ret     parts and named live in `a`
 *
 * RV_DOMAIN when a category is missing (the total would be wrong), a count is negative, or the
 * categories do not add up to a total given in options: then they overlap, and no share of the
 * change exists. RV_NO_MEMORY.
 *
 * Source:  wording rule of docs/methods/decomposition.md; exact tests of stats/binomial.h.
 * Checked: tests/ref/decomposition.csv: labels and named exactly, numbers within 1e-9.
 * Card:    decomposition
 * Cost:    O(n log n + n sqrt(total)).
 */
RV_MUST_CHECK rv_status change_decompose(struct arena *a, const char *const *names,
                                         const int64_t *before, const int64_t *after,
                                         const uint64_t *valid, size_t n,
                                         const struct change_options *options, struct change *ret,
                                         struct rv_err *reterr);

/* "largely_driven_by": the stable name of a label. Static storage.
 *
 * Source:  docs/methods/decomposition.md.
 * Checked: tests/ref/decomposition.csv, column label.
 * Card:    decomposition
 */
const char *change_label_name(enum change_label label);

#endif

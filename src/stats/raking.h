/* stats/raking.h — weights that make a sample's margins those of its population.
 *
 * Pure and thread-safe; the result does not depend on the order of the respondents beyond the last
 * bits of sums, which are compensated. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_RAKING_H
#define REEVE_STATS_RAKING_H

#include "base/arena.h"
#include "base/status.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAKE_MISSING UINT32_MAX /* category of a respondent who did not say */

/* One demographic: what each respondent is, and how many of the population are. */
struct rake_margin {
    const char *name;           /* for messages */
    const uint32_t *categories; /* one a respondent: 0 .. count - 1, or RAKE_MISSING */
    const double *targets;      /* count, persons of the population, >= 0, together > 0 */
    const char *const *labels;  /* count, for messages */
    size_t count;
};

struct rake_options {
    double tolerance;    /* 1e-8: largest relative change of a weight in the last sweep */
    uint32_t sweeps;     /* 1000: at most; each adjusts every margin once */
    double cap_low;      /* 0 = none: weights under cap_low x the mean weight are raised to it */
    double cap_high;     /* INFINITY = none */
    uint32_t cap_rounds; /* 200: times that capping and a sweep alternate */
};

#define RAKE_DEFAULTS                                                                              \
    ((struct rake_options){                                                                        \
        .tolerance = 1e-8, .sweeps = 1000, .cap_high = INFINITY, .cap_rounds = 200})

struct rake_result {
    uint32_t sweeps;      /* that it took */
    double change;        /* largest relative change in the last of them */
    bool is_converged;    /* false: the margins contradict one another, do not use the weights */
    size_t capped;        /* respondents at a cap at the end */
    bool is_rescaled;     /* a margin's total was not that of the first and was scaled to it */
    double largest_scale; /* how far: 1.05 = 5% apart */
    size_t missing_count; /* respondents with a missing category in some margin */
};

/* Rakes `weights` in turn to every margin until they fit.
 *
 *   weights  n starting weights (1, or design weights), >= 0, together > 0; adjusted in place on
 *            success only
 *   margins  margin_count >= 1; a total other than the first margin's is scaled to it
 *   n        >= 1
 *
 * Respondents who did not say keep their share of that margin's total: the targets are fitted
 * among those who did. RV_DOMAIN when a category of the population has no respondent (no weight
 * can stand for it: the message names it and says to merge it), or has respondents but no
 * population; RV_NO_MEMORY.
 *
 * Source:  Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427-444.
 * Checked: tests/ref/rake-weights.csv (R survey::rake, trimWeights), within rel 1e-7;
 *          tests/stats/test_raking.c: tables within rel 1e-6, and one that has no solution.
 * Card:    rake
 * Cost:    O(n x margins) a sweep: 12 ms for 100,000 respondents and 6 margins.
 */
RV_MUST_CHECK rv_status rake(struct arena *scratch, double *weights, size_t n,
                             const struct rake_margin *margins, size_t margin_count,
                             const struct rake_options *options, struct rake_result *ret,
                             struct rv_err *reterr);

/* Cuts weights to a range and gives what was cut to the others in equal parts, again until none
 * is outside (the strict trimming of survey practice). The margins no longer fit exactly.
 *
 *   weights      n, finite, >= 0, in place on success only
 *   lower, upper 0 <= lower < upper, around the mean weight
 *   ret_trimmed  weights at either end of the range afterwards
 *
 * RV_DOMAIN when the range does not hold the mean weight: no set of weights could satisfy it.
 *
 * Source:  Potter (1990), Proc. ASA Survey Research Methods, 225-230; R survey trimWeights(strict).
 * Checked: tests/ref/rake-weights.csv, within rel 1e-7; the sum of weights is kept.
 * Card:    rake
 * Cost:    O(n) a round.
 */
RV_MUST_CHECK rv_status rake_trim(double *weights, size_t n, double lower, double upper,
                                  size_t *ret_trimmed, struct rv_err *reterr);

#endif

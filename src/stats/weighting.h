/* stats/weighting.h — shares from weighted respondents, and how far a sample is from its
 * population.
 *
 * Pure and thread-safe. Weights correct for who answered among the kinds that were weighted for;
 * nothing corrects for who chose to answer. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_WEIGHTING_H
#define REEVE_STATS_WEIGHTING_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIGHTED_SHARE_CAUTION 30 /* respondents below which a share is given with caution */
#define WEIGHTED_SHARE_LEAST   10 /* and below which it is not given */

struct weighted_share {
    int64_t n, yes;          /* respondents that answered, and that answered so, unweighted */
    double share;            /* weighted */
    double standard_error;   /* linearised, with replacement; calibration ignored: not too small */
    bool has_standard_error; /* false for one respondent */
    double design_effect;    /* Kish: 1 when all weights are equal */
    double effective_n;      /* n / design_effect */
    struct interval ci;      /* Wilson of the share with effective_n */
    double unweighted;       /* yes / n */
    struct interval unweighted_ci;
};

/* The weighted share of the respondents with answers[i] = 1.
 *
 *   answers  n: 1, 0, or anything else = did not answer, left out
 *   weights  n, finite, >= 0; NULL = all 1
 *   level    0.5 <= level < 1
 *
 * RV_DOMAIN when nobody answered or the weights of those who did are all 0.
 *
 * Source:  Kish (1965), Survey Sampling, 11.7; Särndal, Swensson & Wretman (1992), 5.7.
 * Checked: tests/stats/test_weighting.c (R survey, Kish), within rel 1e-7.
 * Card:    weighted-share
 * Cost:    two passes.
 */
RV_MUST_CHECK rv_status weighted_share(const uint8_t *answers, const double *weights, size_t n,
                                       double level, struct weighted_share *ret,
                                       struct rv_err *reterr);

struct representativeness {
    int64_t n;                /* respondents with a category */
    double dissimilarity;     /* half the sum of |sample share - population share|: 0 to 1 */
    double chi_square, df, p; /* goodness of fit of the sample to the population shares */
    double response;          /* n / population: mean response rate */
    double r_indicator; /* 1 - 2 S(response rates of the categories): near 1 when few respond */
    double variation;   /* S / mean response rate: of use when few respond */
};

/* How far a sample's categories are from its population's.
 *
 *   counts       n categories, respondents, >= 0, together > 0
 *   populations  n, persons, > 0
 *   n            >= 2
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  Schouten, Cobben & Bethlehem (2009), Survey Methodology 35(1), 101-113; Pearson (1900).
 * Checked: tests/stats/test_weighting.c (R), within rel 1e-7.
 * Card:    representativeness
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status representativeness(const int64_t *counts, const double *populations,
                                           size_t n, struct representativeness *ret,
                                           struct rv_err *reterr);

#endif

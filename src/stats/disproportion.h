/* stats/disproportion.h — is a group over-represented, and does that survive what is not recorded?
 *
 * Pure and thread-safe; results do not depend on the order of the groups. A number that is not
 * available has its flag cleared and its value 0: never print that number.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_DISPROPORTION_H
#define REEVE_STATS_DISPROPORTION_H

#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Below these a ratio is not for publication, whatever its interval. */
#define DISPROPORTION_LEAST_COUNT      5
#define DISPROPORTION_LEAST_POPULATION 50
#define DISPROPORTION_LEAST_SHARE      0.01 /* of the population of all groups */

/* Shares of missing from which a sentence says so, and from which it says nothing without bounds.
 */
#define DISPROPORTION_MISSING_CAUTION 0.10
#define DISPROPORTION_MISSING_BOUNDS  0.25

/* Rate of one group divided by that of another. */
struct rate_ratio {
    double value;
    bool has_value;         /* false when the other group has no events */
    struct interval katz;   /* for persons drawn from a population: none counted twice */
    struct interval events; /* for events: a person may be counted again */
    struct interval exact;  /* events, conditional exact (Clopper-Pearson) */
    double p;               /* events, conditional exact, two-sided */
    bool has_p;             /* false when neither group has events */
};

/* What the records without a recorded group allow. */
struct disproportion_bounds {
    double share_low, share_high; /* of all records, whatever the group of the missing */
    struct interval share_ci;     /* outer: one-sided limits at both ends */
    double ratio_low, ratio_high; /* of the rates of group and reference */
    bool has_ratio_high;          /* false: the reference may have had none at all */
    bool is_over;                 /* ratio_low > 1: over-represented whatever the missing are */
    bool is_under;                /* ratio_high < 1 */
    int64_t tipping;     /* missing records that would have to be of the reference for ratio <= 1 */
    bool can_tip;        /* tipping is no more than there are */
    bool has_comparison; /* false for the reference itself */
};

struct disproportion {
    double rate;                    /* events per person */
    double share;                   /* of the events with a recorded group */
    struct interval share_ci;       /* Wilson */
    double population_share;        /* of the population of all groups */
    double gap_points;              /* 100 (share - population_share) */
    double index;                   /* share / population_share */
    struct rate_ratio to_reference; /* not available for the reference itself */
    struct rate_ratio to_rest;      /* against all other groups together */
    struct disproportion_bounds bounds;
    bool is_too_small; /* a ratio of this group is not for publication: DISPROPORTION_LEAST_* */
};

/* Compares every group with a reference group, with all others, and with its share of the
 * population, and bounds the comparison over everything that the missing could be.
 *
 *   counts       n, events or persons with the group recorded, >= 0, together > 0
 *   populations  n, persons of the same ages and place, > 0
 *   n            >= 2
 *   missing      events whose group is not recorded, >= 0
 *   reference    index of the group that ratios are to
 *   level        0.5 <= level < 1
 *   ret          n results, the caller's
 *
 * Counts and populations of a group must use one classification: a self-defined ethnicity is never
 * set beside a population of officer-observed codes. Bounds take each missing record as any one of
 * the groups. RV_DOMAIN outside these ranges, or when a group has more events than STATS_COUNT_MAX.
 *
 * Source:  relative rate index: Uhrig (2016), Black, Asian and Minority Ethnic disproportionality
 *          in the criminal justice system, Ministry of Justice; Katz et al. (1978), Biometrics 34,
 *          469-474; bounds: Manski (2003), Partial Identification of Probability Distributions.
 * Checked: tests/ref/disproportionality.csv (epitools riskratio, R poisson.test), within rel 1e-8.
 * Card:    disproportionality
 * Cost:    O(n) binomial tests.
 */
RV_MUST_CHECK rv_status disproportion_compare(const int64_t *counts, const int64_t *populations,
                                              size_t n, int64_t missing, size_t reference,
                                              double level, struct disproportion *ret,
                                              struct rv_err *reterr);

/* Bounds of the rate ratio when the missing are not entirely free: the odds of each group among
 * the missing are within a factor of its odds among the recorded.
 *
 *   count, reference_count            recorded events, >= 0, together > 0
 *   population, reference_population  > 0
 *   known      all recorded events, every group, >= count + reference_count
 *   missing    >= 0
 *   factor     >= 1: 1 = missing at random; INFINITY = the bounds of disproportion_compare
 *   ret_low    of the ratio      ret_high  INFINITY when the reference may have none
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  odds model of Rosenbaum (2002), Observational Studies, 4.2, applied to membership.
 * Checked: factor 1 is the complete-case ratio and INFINITY the bounds of tests/ref; between them
 *          monotone (tests/stats/test_disproportion.c).
 * Card:    bounds
 * Cost:    O(1).
 */
RV_MUST_CHECK rv_status disproportion_within(int64_t count, int64_t population,
                                             int64_t reference_count, int64_t reference_population,
                                             int64_t known, int64_t missing, double factor,
                                             double *ret_low, double *ret_high,
                                             struct rv_err *reterr);

/* How much of a difference the missing can take away. The group is the one that is compared; the
 * lower of the two is the one with the lower rate among the recorded. */
struct disproportion_tipping {
    bool is_over;   /* the group's rate is above that of the reference */
    int64_t chance; /* missing of the lower from which the exact interval holds 1 */
    int64_t gone;   /* from which the rates are equal or the other way round; >= chance */
    double alike;   /* that would be of the lower if the missing were like the recorded */
};

/* The least numbers of the missing that would have to be of the group with the lower rate for the
 * difference to be within chance, and for it to be gone.
 *
 *   count, population, reference_count, reference_population, known, missing
 *            as in disproportion_within, known > 0
 *   is_pair  the two are all that there are: a missing record that is not of the lower is of the
 *            other and makes the difference larger. Otherwise it is taken to be of a third group,
 *            which is the least favourable to the difference.
 *   level    0.5 <= level < 1
 *   ret      numbers from 0 to missing; missing + 1 = not even if all of them are; 0 and 0 for
 *            rates that are equal among the recorded
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  the bounds of Manski (2003) and the exact test of disproportion_compare, number by
 * number. Checked: every way of filling up to nine missing records, by disproportion_compare itself
 *          (tests/stats/test_disproportion.c).
 * Card:    disproportionality
 * Cost:    O(log missing) binomial tails.
 */
RV_MUST_CHECK rv_status disproportion_tip(int64_t count, int64_t population,
                                          int64_t reference_count, int64_t reference_population,
                                          int64_t known, int64_t missing, bool is_pair,
                                          double level, struct disproportion_tipping *ret,
                                          struct rv_err *reterr);

#endif

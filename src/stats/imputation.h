/* stats/imputation.h — records without a group: allocated in proportion, and several fills pooled.
 *
 * Pure and thread-safe. Both suppose that within a stratum the missing are like the recorded; when
 * they are not, only the bounds of stats/disproportion.h hold.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_IMPUTATION_H
#define REEVE_STATS_IMPUTATION_H

#include "base/arena.h"
#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gives the records without a group to the groups in proportion to the recorded ones of the same
 * stratum (offence, age, sex, year); a stratum in which none is recorded takes the proportions of
 * all strata together.
 *
 *   known     strata x groups counts, a stratum after the other, >= 0, together > 0
 *   missing   strata counts, >= 0
 *   strata, groups  >= 1
 *   ret       groups expected counts, the caller's; they add up to all records
 *
 * The results are expectations, not counts, and have no interval of their own: impute_draws and
 * pool_estimates give one. RV_DOMAIN when nothing is recorded at all or a count is negative.
 *
 * Source:  Little & Rubin (2019), Statistical Analysis with Missing Data, 3rd ed., ch. 3.
 * Checked: tests/ref/reallocation.csv, within rel 1e-10; totals kept.
 * Card:    reallocation
 * Cost:    O(strata x groups).
 */
RV_MUST_CHECK rv_status reallocate(const int64_t *known, const int64_t *missing, size_t strata,
                                   size_t groups, double *ret, struct rv_err *reterr);

struct pooled {
    double estimate;          /* mean of the estimates */
    double within, between;   /* variances: mean of those given, and of the estimates */
    double total;             /* within + (1 + 1/m) between */
    double df;                /* of t for the interval; INFINITY when the estimates do not differ */
    double relative_increase; /* (1 + 1/m) between / within */
    double fraction_missing;  /* of the information */
    struct interval ci;
};

/* Pools one estimate made on m filled-in copies of the data (Rubin's rules).
 *
 *   estimates, variances  m each; finite; variances >= 0 and not all 0
 *   m                     >= 2
 *   complete_df           degrees of freedom with nothing missing (n - 1 for a mean), > 0;
 *                         INFINITY = a large sample (Rubin 1987); else Barnard & Rubin (1999)
 *   level                 0.5 <= level < 1
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  Rubin (1987), Multiple Imputation for Nonresponse in Surveys, 3.1; Barnard & Rubin
 *          (1999), Biometrika 86, 948-955.
 * Checked: tests/ref/pool.csv (R mice pool.scalar), within rel 1e-10.
 * Card:    pool
 * Cost:    O(m) and one t quantile.
 */
RV_MUST_CHECK rv_status pool_estimates(const double *estimates, const double *variances, size_t m,
                                       double complete_df, double level, struct pooled *ret,
                                       struct rv_err *reterr);

#endif

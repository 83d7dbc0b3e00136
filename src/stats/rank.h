/* stats/rank.h — places in a league table and how far they can be trusted.
 *
 * Pure and thread-safe; results do not depend on the order of the areas.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_RANK_H
#define REEVE_STATS_RANK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rank_order {
    RANK_MOST_FIRST,  /* rank 1 = the largest value */
    RANK_LEAST_FIRST, /* rank 1 = the smallest */
};

struct rank {
    int64_t rank;      /* 1 + areas strictly ahead: ties share it and the next is skipped */
    int64_t tied;      /* areas with this rank, this one included */
    int64_t low, high; /* simultaneous confidence set; 0 until rank_simultaneous */
    int64_t of;        /* areas that have a rank */
    bool is_available; /* false: the value is missing and the rest means nothing */
};

/* Competition ranks (1, 1, 3).
 *
 *   values  n numbers, finite      valid  bit i%64 of word i/64 set = known; NULL = all are
 *   ret     n ranks, the caller's; low and high 0
 *
 * Values are compared exactly: pass unrounded ones. Equal rates of whole numbers compare equal,
 * because a correctly rounded quotient depends only on the ratio. RV_DOMAIN for a value that is
 * not finite. RV_NO_MEMORY.
 *
 * Source:  standard competition ranking, R rank(ties.method = "min").
 * Checked: tests/ref/ranks.csv (R rank), exactly.
 * Card:    ranks
 * Cost:    O(n log n); n indices in `scratch`, released.
 */
RV_MUST_CHECK rv_status rank_competition(struct arena *scratch, const double *values,
                                         const uint64_t *valid, size_t n, enum rank_order order,
                                         struct rank *ret, struct rv_err *reterr);

/* Ranks of counts, or of rates, with simultaneous confidence sets: with probability `level` all n
 * sets hold the true ranks at once.
 *
 *   counts     n, >= 0      populations  n, > 0 and finite, or NULL to rank the counts
 *   valid      as rank_competition: areas not valid take no place and no part in any comparison
 *   level      0.5 <= level < 1
 *
 * For every ordered pair the exact one-sided test of rate_j <= rate_k; Holm over all pairs; low is
 * 1 + areas significantly ahead, high is n - areas significantly behind. RV_DOMAIN for values
 * outside their range; RV_NO_MEMORY.
 *
 * Source:  Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91(1), 476-518;
 *          Bazylik et al. (2021), NBER 29519, for counts; Holm (1979), Scand. J. Stat. 6, 65-70.
 * Checked: tests/ref/ranks.csv: simul_holm_* (R csranks) and rate_simul_holm_*, exactly.
 * Card:    ranks
 * Cost:    O(n^2) pairs, most without a tail: 0.2 ms for 32 areas, 9 ms for 632, 0.13 s for 4,835;
 *          memory for the few pairs between the first and the last threshold.
 */
RV_MUST_CHECK rv_status rank_simultaneous(struct arena *scratch, const int64_t *counts,
                                          const double *populations, const uint64_t *valid,
                                          size_t n, double level, enum rank_order order,
                                          struct rank *ret, struct rv_err *reterr);

/* The same, and where each area stands beside one of them, by the same tests.
 *
 *   own         the area that the others stand beside, valid
 *   ret_beside  n: 1 = significantly above it, -1 = significantly below it, 0 = cannot be told
 *               apart from it, is it, or is not valid
 *
 * As many are 1 and -1 as its own set leaves out at either end. RV_DOMAIN when `own` is not valid.
 *
 * Source:  as rank_simultaneous.
 * Checked: tests/stats/test_rank.c against Holm over every pair; tests/e2e/test_board_charts.py.
 * Card:    ranks
 * Cost:    as rank_simultaneous; n bytes in `scratch`.
 */
RV_MUST_CHECK rv_status rank_simultaneous_beside(struct arena *scratch, const int64_t *counts,
                                                 const double *populations, const uint64_t *valid,
                                                 size_t n, double level, enum rank_order order,
                                                 size_t own, struct rank *ret, int8_t *ret_beside,
                                                 struct rv_err *reterr);

/* The same of shares: parts of wholes, each event of a whole in the part or not.
 *
 *   parts  n, 0 <= part <= whole      wholes  n, > 0      valid, level, order, ret  as above
 *
 * For every ordered pair Fisher's exact one-sided test of share_j <= share_k; Holm over all pairs.
 * Sets of rates (parts over wholes as exposures) are wider than a share needs, because a count that
 * varies freely varies more than a part of a whole. RV_DOMAIN for values outside their range;
 * RV_NO_MEMORY.
 *
 * Source:  Mogstad, Romano, Shaikh & Wilhelm (2024), as above, with Fisher (1935) for each pair.
 * Checked: tests/ref/rank-shares.csv (R fisher.test, p.adjust), exactly.
 * Card:    ranks
 * Cost:    O(n^2) pairs of O(sqrt(wholes)) each: 0.1 ms for 32 areas of 3,000, 0.2 ms of 30,000.
 */
RV_MUST_CHECK rv_status rank_simultaneous_shares(struct arena *scratch, const int64_t *parts,
                                                 const int64_t *wholes, const uint64_t *valid,
                                                 size_t n, double level, enum rank_order order,
                                                 struct rank *ret, struct rv_err *reterr);

/* "16th" or, with ties, "joint 16th".
 *
 * Source:  English ordinals.
 * Checked: tests/stats/test_rank.c.
 * Card:    ranks
 */
void rank_text(const struct rank *r, struct buf *out);

#endif

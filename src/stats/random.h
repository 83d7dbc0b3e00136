/* stats/random.h — streams of random numbers that are a function of (seed, method, chunk) alone.
 *
 * A stream is 2^64 blocks of a counter-based generator: no state is shared, no stream runs into
 * another, and a result has the same bits on any number of threads as long as the chunks are cut
 * by the data. Thread-compatible: one thread per stream. Not for secrets.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_RANDOM_H
#define REEVE_STATS_RANDOM_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* The seed of every published result unless an option gives another. */
#define RANDOM_SEED UINT64_C(20240131)

/* Who draws: two methods with one seed must not use the same numbers. Numbers are never reused. */
enum random_method {
    RANDOM_MODAL_HOUR = 1,
    RANDOM_CHANGEPOINT = 2,
    RANDOM_CONCENTRATION = 6,
    RANDOM_TEST = 255, /* tests and benchmarks */
};

struct random_stream {
    uint32_t key[2];
    uint32_t counter[4]; /* block (two words), chunk, method */
    uint32_t block[4];
    uint32_t left; /* words of the block not yet given out */
};

/* Opens the stream of a chunk at its beginning.
 *
 *   seed    any      method  who draws      chunk  number of the piece of work, cut by the data
 *
 * Source:  Salmon, Moraes, Dror, Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3, SC11:
 *          Philox4x32-10, key = seed, counter = (block, chunk, method).
 * Checked: known answers of Random123 1.14 (kat_vectors), tests/stats/test_random.c.
 * Card:    random-streams
 * Cost:    O(1).
 */
void random_open(struct random_stream *ret, uint64_t seed, enum random_method method,
                 uint32_t chunk);

/* The next 32 bits, all equally likely.
 *
 * Source:  as random_open.
 * Checked: as random_open.
 * Card:    random-streams
 * Cost:    O(1); 4 words a block, about 3 ns each.
 */
uint32_t random_u32(struct random_stream *r);

/* The next number in [0, 1): a multiple of 2^-53.
 *
 * Source:  53 of 64 random bits, scaled.
 * Checked: mean and variance of 10^6, tests/stats/test_random.c.
 * Card:    random-streams
 * Cost:    two words.
 */
double random_unit(struct random_stream *r);

/* The next whole number below n, all equally likely without rounding bias.
 *
 *   n  >= 1
 *
 * Source:  Lemire (2019), ACM Trans. Model. Comput. Simul. 29(1), 3.
 * Checked: tests/stats/test_random.c, counts of each value against their expectation.
 * Card:    random-streams
 * Cost:    one word; more with a probability below n / 2^32.
 */
uint32_t random_below(struct random_stream *r, uint32_t n);

/* Counts of n independent draws among k classes.
 *
 *   n        0 .. 4294967295      k  >= 1
 *   weights  k numbers >= 0, finite, not all 0; need not add up to 1
 *   ret      k counts, sum n
 *
 * RV_DOMAIN outside these ranges.
 *
 * Source:  conditional binomials (Davis 1993), each by Kachitvichyanukul & Schmeiser (1988) as in
 *          GSL's gsl_ran_binomial, fed from the stream.
 * Checked: tests/stats/test_random.c, means and variances; modal_hour against R's bootstrap.
 * Card:    random-streams
 * Cost:    O(k), whatever n is.
 */
RV_MUST_CHECK rv_status random_multinomial(struct random_stream *r, int64_t n, size_t k,
                                           const double *weights, int64_t *ret,
                                           struct rv_err *reterr);

#endif

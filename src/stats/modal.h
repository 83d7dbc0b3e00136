/* stats/modal.h — the hour with most events, and how sure it is.
 *
 * Thread-safe; the bootstrap runs on a pool and has the same bits on any number of threads.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_MODAL_H
#define REEVE_STATS_MODAL_H

#include "base/pool.h"
#include "base/status.h"
#include "stats/interval.h"

#include <stdbool.h>
#include <stdint.h>

#define MODAL_HOURS 24

struct modal_hour {
    int64_t n;           /* events with a known hour */
    int hour, runner_up; /* 0 .. 23; of equal hours the earlier */
    int64_t count, runner_up_count;
    bool has_runner_up;       /* false when all events fall into one hour */
    double share;             /* count / n */
    struct interval share_ci; /* Wilson */
    double p;                 /* exact, two-sided: mode against runner-up; 1 for a tie */
    uint32_t tied_hours;      /* bit h set = hour h has as many events as the mode, itself too */
    int tied;                 /* how many */
    double frequency[MODAL_HOURS]; /* share of the replicates in which this hour had most events */
    uint32_t likely_hours;         /* the fewest hours that reach `wording` of the replicates */
    int likely;                    /* how many */
    bool is_clear; /* the mode alone reaches `wording`; otherwise say "between" the likely hours */
};

struct modal_options {
    uint64_t seed;
    int64_t replicates; /* 1 .. 10^7 */
    double wording;     /* 0.5 .. 1: the share of replicates from which one hour may be named */
    double level;       /* of the interval of the share */
};

#define MODAL_DEFAULTS                                                                             \
    ((struct modal_options){                                                                       \
        .seed = UINT64_C(20240131), .replicates = 10000, .wording = 0.9, .level = STATS_LEVEL})

/* The modal hour of events counted by hour.
 *
 *   counts   24 counts, >= 0, sum at most 4294967295; events without a known hour are not in them
 *   pool     NULL = the calling thread alone
 *
 * A replicate draws n events with the observed shares; one with k equal leaders counts 1/k for
 * each. Hours that would lead with a probability below 1e-26 are drawn together. RV_DOMAIN when no
 * event has an hour, for a negative count, or options out of range.
 *
 * Source:  docs/methods/modal-hour.md; multinomial bootstrap (Efron & Tibshirani 1993).
 * Checked: tests/ref/modal-hour.csv (R binom.test, and R's bootstrap within its sampling error).
 * Card:    modal-hour
 * Cost:    O(24 replicates): 10,000 take at most 70 ms on one thread, whatever n is.
 */
RV_MUST_CHECK rv_status modal_hour(struct pool *pool, const int64_t counts[MODAL_HOURS],
                                   const struct modal_options *options, struct modal_hour *ret,
                                   struct rv_err *reterr);

#endif

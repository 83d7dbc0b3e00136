/* stats/rate.h — events per so many persons, with an interval.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_RATE_H
#define REEVE_STATS_RATE_H

#include "base/status.h"
#include "stats/interval.h"

#include <stddef.h>
#include <stdint.h>

enum rate_method {
    RATE_EXACT, /* Garwood throughout: the default for our own tables */
    RATE_UKHSA, /* exact below 10 events, Byar from 10: to reproduce Fingertips */
};

/* Why a rate is not available; RATE_AVAILABLE is 0. */
enum rate_reason {
    RATE_AVAILABLE = 0,
    RATE_COUNT_MISSING,
    RATE_POPULATION_MISSING,
    RATE_POPULATION_ZERO,
    RATE_COUNT_NEGATIVE,
    RATE_OUT_OF_RANGE, /* a count over STATS_COUNT_MAX, or a population that is not a finite number
                          >= 0 */
};

struct rate {
    double value, lower, upper; /* events per `per` person-years; 0 when not available */
    enum rate_reason reason;    /* RATE_AVAILABLE, or why the three numbers mean nothing */
    bool is_above_population;   /* more events than persons: allowed for events, worth a note */
};

struct rate_options {
    double per;   /* 100000 for "per 100,000 residents"; > 0 and finite */
    double level; /* 0.5 <= level < 1 */
    enum rate_method method;
};

#define RATE_DEFAULTS ((struct rate_options){.per = 100000, .level = STATS_LEVEL})

/* Crude rate of `count` events in `population` persons (or person-years).
 *
 *   count       events, 0 .. STATS_COUNT_MAX
 *   population  persons at risk in the same period and area, > 0; for several years the SUM of the
 *               yearly populations, or the rate is too high by the number of years
 *   options     RATE_DEFAULTS unless the caller has a reason
 *
 * RV_DOMAIN, with the reason in words, for a population of 0 and values outside their range.
 *
 * Source:  Garwood (1936); Breslow & Day (1987), 69, and UKHSA Fingertips guidance for RATE_UKHSA.
 * Checked: tests/ref/crude-rate.csv (PHEindicatormethods phe_rate), every row within rel 1e-9.
 * Card:    crude-rate
 * Cost:    as interval_poisson.
 */
RV_MUST_CHECK rv_status rate_crude(int64_t count, double population,
                                   const struct rate_options *options, struct rate *ret,
                                   struct rv_err *reterr);

/* rate_crude for n areas; an area without a rate has its reason, and the others are unaffected.
 *
 *   counts, populations   n values
 *   count_valid, population_valid  bit i%64 of word i/64 set = value i is known; NULL = all are
 *   ret                   n rates, the caller's
 *
 * RV_DOMAIN only for options outside their range.
 *
 * Source:  as rate_crude.
 * Checked: tests/ref/crude-rate.csv, row by row equal to rate_crude.
 * Card:    crude-rate
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status rate_crude_all(const int64_t *counts, const uint64_t *count_valid,
                                       const double *populations, const uint64_t *population_valid,
                                       size_t n, const struct rate_options *options,
                                       struct rate *ret, struct rv_err *reterr);

/* The reason as the end of a sentence: "the population is 0". Static storage.
 *
 * Source:  wording of this project.
 * Checked: tests/stats/test_rate.c.
 * Card:    crude-rate
 */
const char *rate_reason_text(enum rate_reason reason);

#endif

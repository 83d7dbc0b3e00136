/* stats/standard.h — rates that allow for a different age structure.
 *
 * Pure and thread-safe; sums do not depend on the order of the groups beyond the last bit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_STANDARD_H
#define REEVE_STATS_STANDARD_H

#include "base/status.h"
#include "stats/interval.h"
#include "stats/rate.h"

#include <stdbool.h>
#include <stddef.h>

/* The European Standard Population 2013 in 19 age bands, 0-4, 5-9, …, 85-89, 90 and over; the sum
 * is 100,000. Source: Eurostat (2013), Revision of the European Standard Population, KS-RA-13-028.
 */
#define STANDARD_BANDS 19
extern const double standard_esp2013[STANDARD_BANDS];

struct standard_rate {
    double events, population; /* sums over the groups */
    double value;              /* standardised events per `per` persons */
    double variance;           /* of value, in its unit squared */
    struct interval ci;        /* Dobson */
    bool is_publishable;       /* at least STANDARD_LEAST_EVENTS events */
};

/* Below this many events UKHSA publishes no standardised rate. */
#define STANDARD_LEAST_EVENTS 10

/* Directly standardised rate with Dobson's interval around the limits of the total count.
 *
 *   events       n counts, >= 0, finite; need not be whole for RATE_UKHSA
 *   populations  n persons, > 0, finite: a group without persons must be merged with another
 *   weights      n standard persons, >= 0, finite, not all 0
 *   n            groups, >= 1
 *   options      per, level; RATE_EXACT: limits of the total are exact (whole events only);
 *                RATE_UKHSA: Byar's at any total, as UKHSA's calculate_dsr
 *
 * value = per sum(w x / n) / sum(w); limits = value + sqrt(variance / O) (limit of O - O), O the
 * sum of events; below 0 they are 0. With O = 0 the rate is 0 and both limits are missing: the
 * spread is unknown. RV_DOMAIN outside these ranges.
 *
 * Source:  Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10, 457-462.
 * Checked: tests/ref/dsr.csv (PHEindicatormethods), tests/ref/phe-dsr.csv (published), rel 1e-9.
 * Card:    dsr
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status standard_direct(const double *events, const double *populations,
                                        const double *weights, size_t n,
                                        const struct rate_options *options,
                                        struct standard_rate *ret, struct rv_err *reterr);

struct standard_ratio {
    double observed, expected;
    double ratio;       /* observed / expected; 1 = as the reference */
    struct interval ci; /* of the ratio */
    double reference;   /* crude rate of the reference, events per `per` persons */
    double rate;        /* ratio x reference */
    struct interval rate_ci;
};

/* Indirectly standardised ratio: events beside those expected at the reference rates.
 *
 *   observed               events, >= 0, finite; whole unless RATE_UKHSA from 10 events
 *   populations            n persons of the area, >= 0
 *   reference_events       n, >= 0         reference_populations  n, > 0
 *   n                      groups, >= 1
 *   options                per, level; RATE_EXACT or RATE_UKHSA (exact below 10 events, else Byar)
 *
 * Two such ratios cannot be compared with each other when the age structures differ. RV_DOMAIN
 * when nothing is expected, or outside these ranges.
 *
 * Source:  Breslow & Day (1987), 65-72; UKHSA Fingertips technical guidance.
 * Checked: tests/ref/isr.csv, tests/ref/phe-isr.csv (published by UKHSA), within rel 1e-9.
 * Card:    isr
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status standard_indirect(double observed, const double *populations,
                                          const double *reference_events,
                                          const double *reference_populations, size_t n,
                                          const struct rate_options *options,
                                          struct standard_ratio *ret, struct rv_err *reterr);

#endif

/* stats/effects.h — a difference split into the effects of population, of its make-up and of rates.
 *
 * Pure and thread-safe; the effects add up to the difference.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_EFFECTS_H
#define REEVE_STATS_EFFECTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct kitagawa_group {
    double rate, composition; /* its parts of the two effects */
};

struct kitagawa {
    double before, after; /* crude rates, events per `per` persons */
    double difference;    /* after - before */
    double rate;          /* what the change of the groups' rates explains */
    double composition;   /* what the change of the groups' shares explains */
    /* The same with the interaction apart: all three add up to the difference. */
    double rate_at_before, composition_at_before, interaction;
    size_t borrowed; /* groups without people in one period, whose rate there was taken from the
                        other */
};

/* Kitagawa's decomposition of the difference of two crude rates.
 *
 *   events0, population0  n groups of the first period: events >= 0, persons >= 0, both finite
 *   events1, population1  the same of the second
 *   n                     >= 1           per  > 0, finite
 *   groups                n parts, the caller's; may be NULL
 *
 * rate = sum((c0 + c1) / 2 (r1 - r0)), composition = sum((r0 + r1) / 2 (c1 - c0)), c shares of the
 * population, r rates. A group without people in one period has the rate of the other there.
 * RV_DOMAIN for events without people, a period without people, or values outside their range.
 *
 * Source:  Kitagawa (1955), JASA 50(272), 1168-1194.
 * Checked: tests/ref/kitagawa.csv (R), every number within rel 1e-10 of the difference.
 * Card:    kitagawa
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status effects_kitagawa(const double *events0, const double *population0,
                                         const double *events1, const double *population1, size_t n,
                                         double per, struct kitagawa_group *groups,
                                         struct kitagawa *ret, struct rv_err *reterr);

struct population_effect {
    double change;                     /* of the count */
    double population, rate;           /* midpoint */
    double lmdi_population, lmdi_rate; /* logarithmic mean; when has_lmdi */
    bool has_lmdi;                     /* false when a count is 0 */
};

/* Change of a count split into that of the population and that of the rate.
 *
 *   count0, count1            events, >= 0, finite
 *   population0, population1  persons, > 0, finite
 *
 * Midpoint: (r0 + r1) / 2 (p1 - p0) and (p0 + p1) / 2 (r1 - r0). LMDI: L ln(p1 / p0) and
 * L ln(r1 / r0), L = (x1 - x0) / ln(x1 / x0). RV_DOMAIN outside these ranges.
 *
 * Source:  Ang (2004), Energy Policy 32, 1131-1139, for LMDI-I.
 * Checked: tests/ref/pop-vs-rate.csv (R), every number within rel 1e-10.
 * Card:    pop-vs-rate
 * Cost:    O(1).
 */
RV_MUST_CHECK rv_status effects_population(double count0, double population0, double count1,
                                           double population1, struct population_effect *ret,
                                           struct rv_err *reterr);

#endif

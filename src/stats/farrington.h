/* stats/farrington.h — weekly alarms from the same weeks of earlier years, by regression.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_FARRINGTON_H
#define REEVE_STATS_FARRINGTON_H

#include "stats/alert.h"

enum farrington_method {
    FARRINGTON_1996, /* reference weeks only; limit from the 2/3 power, two-sided alpha */
    FARRINGTON_2013, /* Noufaily: the whole year in ten periods; limit of a negative binomial */
};

struct farrington_options {
    enum farrington_method method;
    int years;       /* earlier years that are looked at, 1 .. 20 */
    int half_window; /* reference weeks: so many on either side of the same week, 0 .. 20 */
    int period;      /* weeks in a year, 4 .. 366 */
    int periods;     /* 2013: parts of the year, 2 .. 12; the reference weeks are one of them */
    int recent;      /* 2013: so many weeks before this one are not looked at, 0 .. period */
    double alpha;
    double outlier; /* weeks with a larger standardised residual count less */
    double trend_p; /* the trend stays when its p is below this; over 1 = always */
    int64_t least;  /* fewer events than this in the last `least_weeks` weeks: no answer */
    int least_weeks;
};

/* The settings of the two papers, with three years and alpha 0.01. */
#define FARRINGTON_1996_DEFAULTS                                                                   \
    ((struct farrington_options){.method = FARRINGTON_1996,                                        \
                                 .years = 3,                                                       \
                                 .half_window = 3,                                                 \
                                 .period = 52,                                                     \
                                 .alpha = 0.01,                                                    \
                                 .outlier = 1,                                                     \
                                 .trend_p = 0.05,                                                  \
                                 .least = 5,                                                       \
                                 .least_weeks = 4})
#define FARRINGTON_2013_DEFAULTS                                                                   \
    ((struct farrington_options){.method = FARRINGTON_2013,                                        \
                                 .years = 3,                                                       \
                                 .half_window = 3,                                                 \
                                 .period = 52,                                                     \
                                 .periods = 10,                                                    \
                                 .recent = 26,                                                     \
                                 .alpha = 0.01,                                                    \
                                 .outlier = 2.58,                                                  \
                                 .trend_p = 1,                                                     \
                                 .least = 5,                                                       \
                                 .least_weeks = 4})

/* Upper limits by quasi-Poisson regression on the same weeks of earlier years.
 *
 *   a    scratch, given back
 *   ret  ret[n]; a week has no limit when earlier years are not all there, a week among the
 *        reference weeks is missing, there are fewer than `least` events in the last weeks, the
 *        regression has no answer, or (2013) a week's standard deviation is over 1,000
 *
 * A trend is kept when it is significant, there are three years or more, and it does not carry the
 * expectation beyond the largest count looked at; the fit is made again with large residuals
 * weighted down. The dispersion is never taken below 1. RV_DOMAIN for a negative count or options
 * out of range; RV_NO_MEMORY.
 *
 * Source:  Farrington, Andrews, Beale, Catchpole (1996), JRSS A 159(3), 547-563; Noufaily et al.
 *          (2013), Statistics in Medicine 32(7), 1206-1222.
 * Checked: tests/ref/alerts.csv (R surveillance 1.20.3 farrington, farringtonFlexible), limits
 *          within 1e-3, alarms exactly.
 * Card:    alerts
 * Cost:    O(n years period terms^2); about 0.2 ms a week for 2013, 0.03 ms for 1996.
 */
RV_MUST_CHECK rv_status farrington_limits(struct arena *a, const struct alert_series *series,
                                          const struct farrington_options *options,
                                          struct alert_week *ret, struct rv_err *reterr);

#endif

/* stats/alert.h — is this week above what was to be expected? Six rules, one answer a week.
 *
 * Pure and thread-safe. A week without a count gets no answer and stands in no baseline as 0.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_ALERT_H
#define REEVE_STATS_ALERT_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Weekly (or daily, monthly) counts in order of time. */
struct alert_series {
    size_t n;
    const int64_t *counts; /* >= 0 */
    const uint64_t *valid; /* bit i%64 of word i/64; NULL = all known */
};

/* One week. Without has_limit the rule has no answer: the baseline is too short, has gaps, or has
 * no spread; the week itself is missing; or there are too few events. */
struct alert_week {
    bool has_limit, is_alarm;
    double limit; /* a count above it is an alarm; after two high weeks C3 is one whatever it is */
};

/* C3_R is the limit that R's surveillance 1.20.3 prints for C3: it starts from the week's own
 * count, so that the week itself hardly matters. Only to reproduce it; see docs/decisions. */
enum alert_ears { ALERT_C1, ALERT_C2, ALERT_C3, ALERT_C3_R };

struct ears_options {
    enum alert_ears rule;
    int baseline; /* weeks, 3 .. 104 */
    double alpha; /* one-sided, of a normal distribution */
};

/* 0.001 for C1 and C2 (3.09 standard deviations, not 3), 0.025 for C3. */
#define EARS_C1 ((struct ears_options){.rule = ALERT_C1, .baseline = 7, .alpha = 0.001})
#define EARS_C2 ((struct ears_options){.rule = ALERT_C2, .baseline = 7, .alpha = 0.001})
#define EARS_C3 ((struct ears_options){.rule = ALERT_C3, .baseline = 7, .alpha = 0.025})

/* EARS: mean + z sd of the weeks before. C1: the `baseline` weeks just before. C2: the same, two
 * weeks earlier. C3: an alarm when what this week and the two before exceeded one sd by, each with
 * its own C2 baseline, adds up to more than z sd; its limit is 0 when the two before alone do.
 *
 *   ret  ret[n]; a baseline with a missing week, or whose counts are all equal, gives no limit
 *
 * RV_DOMAIN for a negative count or options out of range.
 *
 * Source:  Hutwagner, Thompson, Seeman, Treadwell (2003), J. Urban Health 80(2), i89-i96.
 * Checked: tests/ref/alerts.csv (R surveillance 1.20.3 earsC), rel 1e-8, alarms exactly, C3 through
 *          ALERT_C3_R and by its definition.
 * Card:    alerts
 * Cost:    O(n baseline).
 */
RV_MUST_CHECK rv_status alert_ears(const struct alert_series *series,
                                   const struct ears_options *options, struct alert_week *ret,
                                   struct rv_err *reterr);

struct chart_options {
    size_t baseline_weeks; /* the mean of so many first known weeks is the standard; >= 1 */
    double baseline;       /* or this mean, > 0; 0 = take baseline_weeks */
    double rise;           /* CUSUM: the factor to be noticed, > 1 */
    double limit;          /* CUSUM: h = limit * sqrt(baseline) */
    double lambda, width;  /* EWMA: weight of the week, 0 .. 1; limits in standard deviations */
};

#define CHART_DEFAULTS                                                                             \
    ((struct chart_options){                                                                       \
        .baseline_weeks = 104, .rise = 1.5, .limit = 5, .lambda = 0.2, .width = 3})

struct chart {
    double baseline, k, h; /* k = (l1 - l0) / (ln l1 - ln l0), l1 = rise * l0 */
};

struct chart_week {
    bool is_known;
    double cusum;        /* max(0, before + x - k), never set back */
    double cusum_reset;  /* the same, beginning at 0 again after an alarm */
    bool is_cusum_alarm; /* cusum_reset above h */
    double ewma, upper, lower;
    bool is_ewma_alarm; /* ewma above upper */
};

/* CUSUM and EWMA of Poisson counts against a fixed standard.
 *
 *   chart  the standard and its constants      ret  ret[n]; a missing week carries the values on
 *
 * RV_DOMAIN when the standard is 0 or not known, a count is negative, or options are out of range.
 *
 * Source:  Lucas (1985), Technometrics 27(2), 129-144; Borror, Champ, Rigdon (1998), J. Quality
 *          Technology 30(4), 352-361.
 * Checked: tests/ref/alerts-charts.csv, closed form, rel 1e-8.
 * Card:    alerts
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status alert_charts(const struct alert_series *series,
                                     const struct chart_options *options, struct chart *chart,
                                     struct chart_week *ret, struct rv_err *reterr);

struct tail_options {
    size_t window;      /* weeks before, 4 .. 520 */
    size_t least_known; /* of these, so many must be known; >= 1 */
    double alpha;       /* an exact tail below this is an alarm */
};

#define TAIL_DEFAULTS ((struct tail_options){.window = 52, .least_known = 26, .alpha = 0.001})

struct tail_week {
    bool has_p;
    double mean; /* the rolling median, at least ln 2 */
    double p;    /* P(X >= count) for a Poisson count of this mean */
    bool is_alarm;
    int64_t limit; /* the greatest count that is no alarm */
};

/* The rule for small counts, under about 5 a week: exact Poisson tail beyond the median of the
 * weeks before, which earlier peaks do not lift. A median of 0 stands for ln 2, the largest mean
 * whose median is 0, so that one event after a quiet year is no alarm by itself.
 *
 *   a  scratch, given back      ret  ret[n]
 *
 * RV_DOMAIN for a negative count, one over 10^4 (small counts are what it is for) or options out of
 * range; RV_NO_MEMORY.
 *
 * Source:  docs/methods/alerts.md; Choi (1994), Proc. AMS 121, 245-251, for the median.
 * Checked: tests/stats/test_alert.c against exact sums.
 * Card:    alerts
 * Cost:    O(n window log window).
 */
RV_MUST_CHECK rv_status alert_tail(struct arena *a, const struct alert_series *series,
                                   const struct tail_options *options, struct tail_week *ret,
                                   struct rv_err *reterr);

#endif

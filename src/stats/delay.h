/* stats/delay.h — how long after an offence it was recorded, and whether its hour can be trusted.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_DELAY_H
#define REEVE_STATS_DELAY_H

#include "base/arena.h"
#include "base/status.h"
#include "stats/interval.h"
#include "stats/odds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the retained share says about hours of the day. */
#define DELAY_VERDICTS(X)                                                                          \
    X(USABLE, "usable")             /* at least 70% retained */                                    \
    X(CAUTION, "caution")           /* 50% to 70% */                                               \
    X(NOT_RELIABLE, "not-reliable") /* below 50%: no sentence about hours */

enum delay_verdict {
#define DELAY_VERDICT_ENUM(name, text) DELAY_##name,
    DELAY_VERDICTS(DELAY_VERDICT_ENUM)
#undef DELAY_VERDICT_ENUM
};

/* n records; each array has n elements and a validity bitmap (bit i%64 of word i/64; NULL = all
 * known), which alone says what is missing. */
struct delay_records {
    size_t n;
    const int32_t *committed, *recorded; /* days since 1970-01-01; committed is the first day */
    const uint64_t *committed_valid, *recorded_valid;
    const int8_t *hour; /* of the first committed time, 0 .. 23; NULL = no hours at all */
    const uint64_t *hour_valid;
};

struct delay_options {
    int32_t within_days; /* retained: a delay of 0 to so many days */
    double usable;       /* retained share from which hours are usable */
    double caution;      /* and from which they are usable with caution */
    double level;        /* of the interval of the retained share */
};

#define DELAY_DEFAULTS                                                                             \
    ((struct delay_options){.within_days = 7, .usable = 0.7, .caution = 0.5, .level = STATS_LEVEL})

#define DELAY_QUANTILES 5 /* 25%, 50%, 75%, 90%, 95% */
#define DELAY_STEPS     7 /* within 0, 1, 3, 7, 30, 90, 365 days */
#define DELAY_RUNGS     4 /* all valid records, within 28, 7 and 1 days */

extern const double delay_quantile_levels[DELAY_QUANTILES];
extern const int32_t delay_step_days[DELAY_STEPS];

/* One rung of the ladder: does the peak hour stay when late records are left out? */
struct delay_rung {
    int32_t days;      /* -1 = all valid records */
    int64_t n;         /* records */
    double share;      /* of the valid records */
    int64_t with_hour; /* of these, with a known hour */
    bool has_peak;     /* with_hour > 0 */
    int peak, tied;    /* hour of most records, of equal ones the earliest; how many are equal */
    int64_t peak_count;
};

struct delay {
    int64_t n, valid;            /* records; with both dates in order */
    int64_t missing, negative;   /* a date missing; recorded before committed: both invalid */
    int64_t within;              /* retained */
    double retained;             /* within / valid */
    struct interval retained_ci; /* Wilson */
    enum delay_verdict verdict;
    double quantiles[DELAY_QUANTILES]; /* days, type 7 */
    int64_t within_step[DELAY_STEPS];
    struct delay_rung rungs[DELAY_RUNGS];
    int64_t early_hours[24], late_hours[24]; /* retained, and the others */
    int64_t without_hour;                    /* valid records whose hour is not known */
    bool has_hours_test; /* both groups have hours, in at least two different hours together */
    double chi_square, chi_p, least_expected; /* early against late; the smallest expected count */
    int chi_df;
    bool has_noon_test; /* some hour is 12 and some is not, in both groups together */
    double noon_p;      /* Fisher, two-sided: the share at 12 among early against late records */
    struct odds_ratio noon_odds; /* early over late: below 1 = noon is a placeholder of the late */
};

/* Recording delay of n records: shares, ladder of peak hours, early against late hours.
 *
 *   a       scratch, given back      records  see above      options  DELAY_DEFAULTS
 *
 * A delay is the difference of two calendar days, 0 to within_days inclusive is retained. Shares
 * are of valid records. RV_DOMAIN when no record is valid, an hour is outside the day, a delay is
 * over 200,000 days, or options are out of range; RV_NO_MEMORY.
 *
 * Source:  docs/methods/recording-delay.md; Wilson (1927), Pearson's chi-square, Fisher (1935).
 * Checked: tests/ref/recording-delay.csv (R 4.2.2), every number within rel 1e-8 but noon_odds.
 * Card:    recording-delay
 * Cost:    O(n + longest delay), about 5 ns a record.
 */
RV_MUST_CHECK rv_status delay_measure(struct arena *a, const struct delay_records *records,
                                      const struct delay_options *options, struct delay *ret,
                                      struct rv_err *reterr);

/* "usable", "caution", "not-reliable". Static storage.
 *
 * Source:  docs/methods/recording-delay.md.
 * Checked: tests/stats/test_delay.c.
 * Card:    recording-delay
 */
const char *delay_verdict_name(enum delay_verdict verdict);

#endif

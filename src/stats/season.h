/* stats/season.h — weekdays and months with their exposure, and the yearly wave.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_SEASON_H
#define REEVE_STATS_SEASON_H

#include "base/arena.h"
#include "base/status.h"
#include "stats/compare.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The day to which a time belongs when days begin at `begins_hour`: with 5, Saturday 02:00 is
 * still Friday's night. Days since 1970-01-01.
 *
 *   seconds  civil seconds since 1970-01-01T00:00      begins_hour  0 .. 23
 *
 * Source:  docs/methods/seasonality.md, the night-shift day.
 * Checked: tests/stats/test_season.c.
 * Card:    seasonality
 */
int32_t season_day(int64_t seconds, int begins_hour);

/* Day-by-day counts as months and weekdays. */
struct season_month {
    int32_t month; /* year * 12 + month - 1, as base/civil.h has it */
    int64_t count; /* events on the known days */
    int32_t days;  /* known days: the exposure */
};

struct season_table {
    struct season_month *months; /* with at least one known day, in order; in the caller's arena */
    size_t month_count;
    int64_t weekday_counts[7]; /* 0 = Monday */
    int64_t weekday_days[7];
    int64_t total, days;  /* over all known days */
    int64_t missing_days; /* neither counts nor exposure */
};

/* Adds daily counts up by month and weekday, with the number of days behind each.
 *
 *   a          months live here      first_day  days since 1970-01-01 of counts[0]
 *   counts     counts[n], >= 0       valid      bit i%64 of word i/64; NULL = every day known
 *
 * RV_DOMAIN when no day is known or a count is negative; RV_NO_MEMORY.
 *
 * Source:  counting.
 * Checked: tests/ref/seasonality-daily.csv against tests/ref/seasonality-months.csv, exactly.
 * Card:    seasonality
 * Cost:    O(n).
 */
RV_MUST_CHECK rv_status season_tabulate(struct arena *a, int32_t first_day, const int64_t *counts,
                                        const uint64_t *valid, size_t n, struct season_table *ret,
                                        struct rv_err *reterr);

#define SEASON_MONTH_DAYS 30.4375 /* of an average month: 365.25 / 12 */

struct season_rate {
    double per_day;  /* events a known day */
    double adjusted; /* times SEASON_MONTH_DAYS: months of all lengths side by side */
    double index;    /* 100 = events a day over all known days; when has_index */
    bool has_index;  /* false when there are no events at all */
};

/* Rate of one month of a table, which has at least one known day.
 *
 * Source:  docs/methods/seasonality.md.
 * Checked: tests/ref/seasonality-months.csv, rel 1e-6.
 * Card:    seasonality
 */
struct season_rate season_rate(const struct season_month *month, const struct season_table *table);

struct season_test {
    double chi_square, p;
    int df;
    double least_expected; /* below 5: read p as a hint */
};

/* Do groups differ in events per unit of exposure? Pearson's chi-square with expected counts in
 * proportion to the exposure; groups without exposure take no part.
 *
 *   counts    counts[k], >= 0; 0 where the exposure is 0
 *   exposure  exposure[k], >= 0, finite: the number of Mondays, the days of a month
 *
 * RV_DOMAIN with fewer than two groups, no events, or values out of range.
 *
 * Source:  Pearson's chi-square for given probabilities, as R's chisq.test.
 * Checked: tests/ref/seasonality.csv (R chisq.test), rel 1e-6.
 * Card:    seasonality
 * Cost:    O(k).
 */
RV_MUST_CHECK rv_status season_compare(const int64_t *counts, const double *exposure, size_t k,
                                       struct season_test *ret, struct rv_err *reterr);

/* How the yearly wave may be worded. */
#define SEASON_WORDINGS(X)                                                                         \
    X(SEASONAL, "seasonal")             /* a wave beyond chance, in three years or more */         \
    X(NOT_SHOWN, "not-distinguishable") /* no wave beyond chance */                                \
    X(TOO_SHORT, "too-short-to-say")    /* a wave, but under three years: it may be one event */

enum season_wording {
#define SEASON_WORDING_ENUM(name, text) SEASON_##name,
    SEASON_WORDINGS(SEASON_WORDING_ENUM)
#undef SEASON_WORDING_ENUM
};

#define SEASON_MOST_WAVES  3
#define SEASON_LEAST_YEARS 3

struct season_wave {
    size_t months;
    int waves; /* 1: one peak a year; 2: also half-yearly */
    double coef[1 +
                2 * SEASON_MOST_WAVES]; /* constant, sin, cos, sin 2, cos 2 … of log events a day */
    double se[1 + 2 * SEASON_MOST_WAVES]; /* for a dispersion of 1 */
    double deviance, null_deviance;
    double lrt, lrt_p; /* likelihood ratio against no wave, chi-square with 2 waves df */
    double dispersion; /* Pearson; about 1 when months vary as chance alone makes them */
    double p;          /* the one to use: F with the dispersion where that is over 1, else lrt_p */
    double amplitude;  /* of the yearly wave, in logarithms */
    double peak_month; /* of the yearly wave, (0, 12]: 6.45 lies between June and July */
    double peak_to_trough; /* greatest over least fitted rate in the year */
    int least_years;       /* how often the least frequent calendar month occurs */
    enum season_wording wording;
};

/* Poisson regression of monthly counts on yearly waves with the days as exposure.
 *
 *   months  n months with days >= 1; months that are not known are left out, not 0
 *   waves   1 .. SEASON_MOST_WAVES      alpha  0 .. 1, for the wording
 *
 * RV_DOMAIN with too few months for the waves, no events, or values out of range; RV_NO_MEMORY.
 *
 * Source:  Stolwijk, Straatman, Zielhuis (1999), J. Epidemiology & Community Health 53, 235-238.
 * Checked: tests/ref/seasonality.csv (R glm), rel 1e-6.
 * Card:    seasonality
 * Cost:    O(n), under 0.1 ms for ten years.
 */
RV_MUST_CHECK rv_status season_fit(struct arena *a, const struct season_month *months, size_t n,
                                   int waves, double alpha, struct season_wave *ret,
                                   struct rv_err *reterr);

struct season_contrast {
    int64_t summer, winter;           /* events */
    int64_t summer_days, winter_days; /* known days */
    bool has_comparison;              /* both have days, and together events */
    struct comparison comparison;     /* summer over winter */
};

/* Events a day in June to August against December to February.
 *
 *   months  n months      level  of the interval of the ratio; an impossible one gives no
 * comparison
 *
 * Source:  stats/compare.h.
 * Checked: tests/ref/seasonality.csv, counts and days exactly.
 * Card:    seasonality
 */
void season_summer_winter(const struct season_month *months, size_t n, double level,
                          struct season_contrast *ret);

/* "seasonal", "not-distinguishable", "too-short-to-say". Static storage.
 *
 * Source:  docs/methods/seasonality.md.
 * Checked: tests/stats/test_season.c.
 * Card:    seasonality
 */
const char *season_wording_name(enum season_wording wording);

#endif

/* stats/heaping.h — minutes of the day that stand for "time not known": 00:00, 00:01, 12:00.
 *
 * Pure and thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_HEAPING_H
#define REEVE_STATS_HEAPING_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAPING_MINUTES 1440

/* How round a minute is: people round times, so that a minute is only compared with minutes that
 * are as round. The first that fits. */
#define HEAPING_CLASSES(X)                                                                         \
    X(HOUR, "hour")       /* 14:00 */                                                              \
    X(HALF, "half")       /* 14:30 */                                                              \
    X(QUARTER, "quarter") /* 14:15, 14:45 */                                                       \
    X(FIVE, "five")       /* 14:05, 14:10 … */                                                   \
    X(PLAIN, "plain")     /* all others, 00:01 among them */

enum heaping_class {
#define HEAPING_CLASS_ENUM(name, text) HEAPING_##name,
    HEAPING_CLASSES(HEAPING_CLASS_ENUM)
#undef HEAPING_CLASS_ENUM
};

struct heaping_minute {
    int64_t count;
    int64_t neighbour_sum;    /* count of the nearest minutes of the same class */
    int neighbours;           /* how many: 10 for five and plain, 4 for the others */
    enum heaping_class class; /* how round the minute is */
    double expected, excess;  /* neighbour_sum / neighbours, count - expected */
    double ratio;             /* count / expected; when has_ratio */
    bool has_ratio;           /* false when the neighbours are empty */
    double p, p_holm, q_bh;   /* one-sided exact; after Holm; false discovery rate */
    bool is_flagged;          /* all three conditions hold: taken for a placeholder */
    bool is_weak;             /* p_holm alone is below alpha: worth a note, nothing is left out */
    bool is_excluded;         /* flagged, and not a lone midnight of less than lone_midnight */
};

struct heaping {
    struct heaping_minute minutes[HEAPING_MINUTES];
    int64_t n;             /* records with a time */
    int64_t excluded;      /* of these, at an excluded minute */
    int flagged_minutes;   /* how many minutes are flagged */
    int excluded_minutes;  /* how many are excluded */
    bool is_midnight_kept; /* 00:00 alone is flagged, too weakly to drop real midnight offences */
};

struct heaping_options {
    double alpha;         /* p after Holm below this */
    double ratio;         /* and at least this many times the expected count */
    double excess;        /* and at least this many records too many */
    double lone_midnight; /* 00:00 flagged alone is left out from this ratio on */
};

#define HEAPING_DEFAULTS                                                                           \
    ((struct heaping_options){.alpha = 0.001, .ratio = 3, .excess = 10, .lone_midnight = 10})

/* Counts times by minute of the day.
 *
 *   minutes  minutes[n], 0 .. 1439; anything where the record has no time
 *   valid    bit i%64 of word i/64 set = record i has a time; NULL = all have. A record without a
 *            time is not one of 00:00: it goes to `missing`
 *   counts   1,440 counts, added to, so that chunks can be counted one after another
 *   missing  added to
 *
 * RV_DOMAIN, before anything is added, for a time outside the day.
 *
 * Source:  counting.
 * Checked: tests/stats/test_heaping.c against a plain loop.
 * Card:    heaping
 * Cost:    O(n), about 1 ns a record.
 */
RV_MUST_CHECK rv_status heaping_count(const int16_t *minutes, const uint64_t *valid, size_t n,
                                      int64_t counts[HEAPING_MINUTES], int64_t *missing,
                                      struct rv_err *reterr);

/* Which minutes hold too many records to be times: x of a minute against S of its K nearest equally
 * round minutes, round the clock, the usual placeholders {00:00, 00:01, 11:59, 12:00, 12:01, 23:59}
 * never serving as neighbours. If nothing is wrong, x is Binomial(x + S, 1 / (K + 1)).
 *
 *   counts   1,440 counts, >= 0      options  HEAPING_DEFAULTS unless the caller has a reason
 *
 * No record at all flags nothing. RV_DOMAIN for a negative count or options outside their range.
 *
 * Source:  docs/methods/heaping.md; exact binomial tail, Holm (1979), Benjamini & Hochberg (1995).
 * Checked: tests/ref/heaping.csv (R binom.test, p.adjust), 1,440 rows: p within rel 1e-6, flags
 *          exactly.
 * Card:    heaping
 * Cost:    O(1440 log 1440): 1 ms.
 */
RV_MUST_CHECK rv_status heaping_detect(const int64_t counts[HEAPING_MINUTES],
                                       const struct heaping_options *options, struct heaping *ret,
                                       struct rv_err *reterr);

/* Counts by hour with all records and without those at excluded minutes: both are published.
 *
 * Source:  docs/methods/heaping.md.
 * Checked: tests/ref/modal-hour.csv.
 * Card:    heaping
 * Cost:    O(1440).
 */
void heaping_hours(const struct heaping *h, int64_t all[24], int64_t without[24]);

/* "hour", "half", …: the stable name of a class. Static storage.
 *
 * Source:  docs/methods/heaping.md.
 * Checked: tests/ref/heaping.csv, column class.
 * Card:    heaping
 */
const char *heaping_class_name(enum heaping_class class);

#endif

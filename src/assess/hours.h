/* assess/hours.h — what the clock times of a set of records can bear: placeholders, lateness, peak.
 *
 * Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_HOURS_H
#define REEVE_ASSESS_HOURS_H

#include "base/arena.h"
#include "base/pool.h"
#include "stats/delay.h"
#include "stats/heaping.h"
#include "stats/modal.h"

#define HOURS_WITHIN     7    /* days: recorded so soon, an hour is trusted */
#define HOURS_REPLICATES 2000 /* of the bootstrap: its error is under 0.7 points */

/* So many records of one minute of the day, recorded so many days after they began. */
struct hours_cell {
    int minute; /* 0 to 1439; -1 = no time of day */
    int days;   /* 0 or more; -1 = a date is missing, or recorded before it began */
    int64_t count;
};

/* What may be said of the peak. */
enum hours_peak {
    HOURS_TOO_FEW,      /* under WORDING_PERCENT_BASE times that are not placeholders */
    HOURS_NOT_RELIABLE, /* under half were recorded in time, or have a time at all */
    HOURS_LATE_PEAK, /* the peak of all is not among the likely peaks of those recorded in time */
    HOURS_PEAK_AT,   /* one hour leads */
    HOURS_PEAK_BETWEEN, /* several may lead */
};

struct hours {
    int64_t n, with_time;             /* records; with a time of day */
    struct heaping heaping;           /* which minutes hold more than their neighbours explain */
    int64_t aside;                    /* records at minutes that are set aside */
    int aside_minutes, round_minutes; /* set aside; full hours and the like that are only shown */
    int64_t raw[24], clean[24];       /* with and without placeholder minutes */
    int64_t clean_count;
    bool has_delay;                     /* some record has both dates in order */
    struct delay delay;                 /* hours of placeholders not known */
    int64_t rungs[DELAY_RUNGS][24];     /* clean hours of all valid, within 28, 7 and 1 days */
    int raw_peak;                       /* hour of most, placeholders left in; -1 = no time */
    struct modal_hour peak, early_peak; /* without placeholders: of all, of those in time */
    bool has_peak, has_early_peak;
    int64_t peak_count, peak_late; /* at the hour of `peak` with a valid delay; of these, late */
    double kept;                   /* the smaller of the shares recorded in time and with a time */
    enum hours_peak verdict;
    bool is_caution; /* between 50% and 70% kept, or the peak goes with the late records */
};

/* A minute that stands for a time not known: flagged, and either not round, such as 00:01, or
 * midnight. People do round to 12:00, so a lump there is shown and judged by lateness instead. */
bool hours_set_aside(const struct hours *h, int minute);
bool hours_is_lump(const struct hours *h, int minute); /* flagged, and left in */

/* The minutes that hours_set_aside would name for these counts by minute of the day: (*ret)[minute]
 * is 1 for them. */
RV_MUST_CHECK rv_status hours_placeholders(struct arena *a, const int64_t minutes[HEAPING_MINUTES],
                                           uint8_t **ret, struct rv_err *reterr);

/* Works out `cells`; the sum of counts must fit in memory as records. First the minutes that stand
 * for a time not known are set aside (heaping), then the peak is judged by the recording-delay
 * ladder: a round hour such as 12:00 that late records alone make goes when they go.
 *
 * Source:  docs/methods/heaping.md, recording-delay.md, modal-hour.md.
 * Checked: tests/assess/test_hours.c against counts made there and by turning the clock.
 * Cost:    O(records) and two bootstraps: about 30 ms a set on one thread.
 */
RV_MUST_CHECK rv_status hours_work_out(struct arena *a, struct pool *pool,
                                       const struct hours_cell *cells, size_t count,
                                       struct hours *ret, struct rv_err *reterr);

/* Events whose clean hour lies in [from, to) round the clock: 18 to 6 is the night. */
int64_t hours_between(const int64_t hours[24], int from, int to);

#endif

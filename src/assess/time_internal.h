/* assess/time_internal.h — what the parts of a profile's times share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TIME_INTERNAL_H
#define REEVE_ASSESS_TIME_INTERNAL_H

#include "assess/assess_internal.h"
#include "assess/hours.h"
#include "stats/aoristic.h"

#define TIMING_NIGHT_FROM        18 /* evening and night */
#define TIMING_NIGHT_TO          6
#define TIMING_SCHOOL_FROM       15 /* after school: the "lost hours" */
#define TIMING_SCHOOL_TO         19
#define TIMING_MATERIAL          1 /* percentage points: from then a share with placeholders, too */
#define TIMING_SCHOOL_FROM_WORDS "15:00"
#define TIMING_SCHOOL_TO_WORDS   "19:00"

enum { CLOCK_AXIS, LATE_AXIS, WEEKDAY_AXIS }; /* of the cube */

struct timing {
    struct lens *lens;
    struct month_range range; /* months taken together */
    struct cube_axis axes[LENS_AXES];
    struct cube cube; /* clock, lateness, weekday */
    struct hours hours;
    int64_t weekdays[8];          /* by date; [0] = no date */
    int64_t week_hours[2][7][24]; /* raw, clean */
    double weekday_days[7];       /* how many there are in the range */
    struct aoristic spread;       /* of those with a usable beginning */
};

/* A finding of the months taken together, in percent, with the query `--by`; NULL when out of
 * memory. */
struct finding *timing_finding(struct timing *t, const char *measure, const char *by);
/* The verdict of what rests on hours, from how many times are usable. */
RV_MUST_CHECK rv_status timing_peak_verdict(struct timing *t, struct finding *f,
                                            struct rv_err *reterr);
/* In the arena, NULL when out of memory: "15:00 to 16:00"; of bits of hours "18:00 to 19:00 or
 * 20:00 to 21:00"; the minutes that are set aside, or the lumps left in, "00:01 and 12:00". */
const char *timing_hour_words(struct arena *a, int hour);
const char *timing_hours_words(struct arena *a, uint32_t set);
const char *timing_minute_words(struct arena *a, const struct hours *h, bool is_lumps);

RV_MUST_CHECK rv_status timing_weekdays(struct timing *t, struct rv_err *reterr);
RV_MUST_CHECK rv_status timing_months(struct timing *t, struct rv_err *reterr);
/* Friday and Saturday nights as a part of the week. */
RV_MUST_CHECK rv_status timing_weekend_nights(struct timing *t, struct rv_err *reterr);
/* School days against other weekdays, by the calendar that is held; quiet when none tells them. */
RV_MUST_CHECK rv_status timing_term(struct timing *t, struct rv_err *reterr);
/* Aoristic weights, and a finding where their peak is another one. */
RV_MUST_CHECK rv_status timing_spread(struct timing *t, struct rv_err *reterr);
RV_MUST_CHECK rv_status timing_ladder_table(struct timing *t, struct rv_err *reterr);
RV_MUST_CHECK rv_status timing_hours_table(struct timing *t, struct rv_err *reterr);
RV_MUST_CHECK rv_status timing_week_table(struct timing *t, struct rv_err *reterr);

#endif

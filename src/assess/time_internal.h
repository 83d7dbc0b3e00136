/* assess/time_internal.h — what the parts of a profile's times share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TIME_INTERNAL_H
#define REEVE_ASSESS_TIME_INTERNAL_H

#include "assess/time_say.h"
#include "stats/aoristic.h"

#define TIMING_THINGS (&(const struct things){"offence", "offences"})

enum { CLOCK_AXIS, LATE_AXIS, WEEKDAY_AXIS }; /* of the cube */

struct timing {
    struct lens *lens;
    struct month_range range; /* months taken together */
    struct cube_axis axes[LENS_AXES];
    struct cube cube; /* clock, lateness, weekday */
    struct hours hours;
    struct clock_week week;
    double weekday_days[7]; /* how many there are in the range */
    struct aoristic spread; /* of those with a usable beginning */
};

/* A finding of the months taken together, in percent, with the query `--by`; NULL when out of
 * memory. */
struct finding *timing_finding(struct timing *t, const char *measure, const char *by);
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

/* assess/clock.h — hours and weekdays of the records of a cube by minute, lateness and weekday.
 *
 * Pure data. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CLOCK_H
#define REEVE_ASSESS_CLOCK_H

#include "assess/cube.h"
#include "assess/hours.h"

#define CLOCK_NIGHT_FROM     18 /* evening and night */
#define CLOCK_NIGHT_TO       6
#define CLOCK_SCHOOL_FROM    15 /* after school: the "lost hours" */
#define CLOCK_SCHOOL_TO      19
#define CLOCK_NIGHT_DAY_FROM 5 /* a night belongs to the day on which it began, until then */

/* Which axes of the cube are AXIS_CLOCK, AXIS_LATE and AXIS_WEEKDAY. Others are added up. */
struct clock_axes {
    size_t clock, late, weekday;
};

/* What the times of the cube's records can bear. Cost: that of hours_work_out. */
RV_MUST_CHECK rv_status clock_hours(struct arena *a, struct pool *pool, const struct cube *cube,
                                    const struct clock_axes *axes, struct hours *ret,
                                    struct rv_err *reterr);

struct clock_week {
    int64_t days[8];         /* by date, from Monday; [0] = no date */
    int64_t hours[2][7][24]; /* with every time of day; without those that `hours` sets aside */
};

struct clock_week clock_week_of(const struct cube *cube, const struct clock_axes *axes,
                                const struct hours *hours);

/* Those from 18:00 to 05:00 of the nights that begin on a Friday or a Saturday, and how many hours
 * these nights have among so many Fridays and Saturdays. */
int64_t clock_weekend_nights(int64_t hours[7][24]);
double clock_weekend_hours(double fridays_and_saturdays);

/* How many of each weekday, from Monday, the months that `covers` allows have; NULL = all. */
struct source;
void clock_weekdays_in(struct month_range range, const struct source *covers, double ret[7]);

#endif

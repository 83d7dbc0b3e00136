/* assess/time_say.h — what may be said of hours, weekdays and months: the rule, numbers and slots
 * of a finding, and its verdict, from the counts. For the chapter of a profile and for pages.
 *
 * Not for other modules.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TIME_SAY_H
#define REEVE_ASSESS_TIME_SAY_H

#include "assess/assess_internal.h"
#include "assess/clock.h"

/* What is counted, as in a sentence. */
struct things {
    const char *one, *many; /* "offence", "offences" */
};

#define TIME_SCHOOL_FROM_WORDS "15:00"
#define TIME_SCHOOL_TO_WORDS   "19:00"

/* In the arena, NULL when out of memory: "15:00 to 16:00"; of bits of hours "18:00 to 19:00 or
 * 20:00 to 21:00"; the minutes that are set aside, or the lumps left in, "00:01 and 12:00". */
const char *time_hour_words(struct arena *a, int hour);
const char *time_hours_words(struct arena *a, uint32_t set);
const char *time_minute_words(struct arena *a, const struct hours *h, bool is_lumps);

/* The verdict of what rests on hours, from how many times are usable. */
RV_MUST_CHECK rv_status time_say_verdict(struct assess_work *w, struct finding *f,
                                         const struct hours *h, const struct things *things,
                                         struct rv_err *reterr);
RV_MUST_CHECK rv_status time_say_peak(struct assess_work *w, struct finding *f,
                                      const struct hours *h, const struct things *things,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status time_say_placeholders(struct assess_work *w, struct finding *f,
                                              const struct hours *h, const struct things *things,
                                              struct rv_err *reterr);
RV_MUST_CHECK rv_status time_say_lateness(struct assess_work *w, struct finding *f,
                                          const struct hours *h, const struct things *things,
                                          struct rv_err *reterr);
/* The hours from one to another, round the clock; the rule is set. */
RV_MUST_CHECK rv_status time_say_part(struct assess_work *w, struct finding *f,
                                      const struct hours *h, int from, int to,
                                      const struct things *things, struct rv_err *reterr);
/* days: how many of each weekday there were, from Monday. */
RV_MUST_CHECK rv_status time_say_weekend_nights(struct assess_work *w, struct finding *f,
                                                const struct hours *h, struct clock_week *week,
                                                const double days[7], const struct things *things,
                                                struct rv_err *reterr);
RV_MUST_CHECK rv_status time_say_weekdays(struct assess_work *w, struct finding *f,
                                          const int64_t counts[8], const double days[7],
                                          const struct things *things, struct rv_err *reterr);
/* counts and days by calendar month over so many months of a whole number of years; `value` is set
 * to all that were counted. */
RV_MUST_CHECK rv_status time_say_months(struct assess_work *w, struct finding *f,
                                        const int64_t counts[12], const double days[12], int months,
                                        const struct things *things, struct rv_err *reterr);

#endif

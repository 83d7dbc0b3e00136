/* assess/time_week.c — weekdays and calendar months of the offences of a profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_internal.h"

rv_status timing_weekdays(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct finding *f = timing_finding(t, "weekdays", "weekday");
    return f ? time_say_weekdays(w, f, t->week.days, t->weekday_days, TIMING_THINGS, reterr)
             : arena_fail(w->held.arena, reterr);
}

/* Calendar months over the whole years of the range. */
rv_status timing_months(struct timing *t, struct rv_err *reterr)
{
    struct lens *l = t->lens;
    struct assess_work *w = l->work;
    int64_t counts[12] = {0};
    double days[12] = {0};
    for (size_t b = 0; b < l->axes[2].bucket_count; b++) {
        int32_t month = l->axes[2].buckets[b].first;
        bool is_in = month >= t->range.first && month <= t->range.last && lens_has_month(l, b);
        for (uint32_t c = 0; is_in && c < l->categories; c++) {
            counts[month % 12] += lens_cell(l, c, w->area, (uint32_t)b + 1);
        }
        days[month % 12] += is_in ? month_range_days((struct month_range){month, month}) : 0;
    }
    struct finding *f = timing_finding(t, "months", "month");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->value = (double)t->hours.n;
    return time_say_months(w, f, counts, days, (int)month_range_count(t->range), TIMING_THINGS,
                           reterr);
}

rv_status timing_weekend_nights(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct finding *f = timing_finding(t, "weekend-nights", "weekday,clock");
    return f ? time_say_weekend_nights(w, f, &t->hours, &t->week, t->weekday_days, TIMING_THINGS,
                                       reterr)
             : arena_fail(w->held.arena, reterr);
}

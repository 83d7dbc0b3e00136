/* assess/time_week.c — weekdays and calendar months of the offences of a profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_internal.h"
#include "stats/season.h"

/* Places of counts by events a unit of exposure, most first; of equal ones the earlier. */
static void order_by_rate(const int64_t *counts, const double *exposure, size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        double rate = (double)counts[i] / exposure[i];
        while (at > 0 && (double)counts[order[at - 1]] / exposure[order[at - 1]] < rate) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

/* A weekday with its count and how many such days there were. */
static rv_status weekday_slots(struct timing *t, struct finding *f, const char *name, size_t day,
                               struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    const char *count = arena_printf(a, "%s_count", name), *days = arena_printf(a, "%s_days", name);
    if (!count || !days) {
        return arena_fail(a, reterr);
    }
    RV_TRY(compose_text(w, f, name, weekday_name((int)day), reterr));
    RV_TRY(compose_number(w, f, count, (double)t->weekdays[1 + day], reterr));
    return compose_number(w, f, days, t->weekday_days[day], reterr);
}

rv_status timing_weekdays(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    int64_t total = t->hours.n - t->weekdays[0];
    struct finding *f = timing_finding(t, "weekdays", "weekday");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "seasonality";
    f->unit = "offences";
    f->denominator_name = "offences with a date";
    f->missing = (double)t->weekdays[0];
    if (total < WORDING_PERCENT_BASE) {
        return compose_absent(w, f, "WEEKDAYS_NOT_AVAILABLE",
                              total ? "too few offences have a date" : "no offence has a date",
                              reterr);
    }
    struct season_test test;
    size_t order[7];
    RV_TRY(season_compare(&t->weekdays[1], t->weekday_days, 7, &test, reterr));
    order_by_rate(&t->weekdays[1], t->weekday_days, 7, order);
    bool differ = test.p < WORDING_ALPHA;
    f->rule = differ ? "WEEKDAYS_DIFFER" : "WEEKDAYS_NOT_DISTINGUISHABLE";
    f->value = f->numerator = (double)t->weekdays[1 + order[0]];
    f->denominator = (double)total;
    RV_TRY(compose_number(w, f, "p", test.p, reterr));
    RV_TRY(weekday_slots(t, f, "most", order[0], reterr));
    RV_TRY(weekday_slots(t, f, "second", order[1], reterr));
    return weekday_slots(t, f, "least", order[6], reterr);
}

/* Calendar months over the whole years of the range. */
rv_status timing_months(struct timing *t, struct rv_err *reterr)
{
    struct lens *l = t->lens;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    int64_t counts[12] = {0};
    double days[12] = {0};
    size_t order[12];
    int years = (int)month_range_count(t->range) / 12;
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
        return arena_fail(a, reterr);
    }
    f->method = "seasonality";
    f->unit = "offences";
    f->value = (double)t->hours.n;
    if (month_range_count(t->range) % 12 != 0 || t->hours.n < WORDING_PERCENT_BASE) {
        return compose_absent(w, f, "MONTHS_NOT_AVAILABLE",
                              t->hours.n < WORDING_PERCENT_BASE ? "there are too few offences"
                                                                : "the months are no whole years",
                              reterr);
    }
    struct season_test test;
    RV_TRY(season_compare(counts, days, 12, &test, reterr));
    order_by_rate(counts, days, 12, order);
    f->rule = test.p < WORDING_ALPHA ? "MONTHS_DIFFER" : "MONTHS_NOT_DISTINGUISHABLE";
    f->numerator = (double)t->hours.n;
    RV_TRY(compose_number(w, f, "p", test.p, reterr));
    RV_TRY(compose_number(w, f, "years", years, reterr));
    RV_TRY(compose_text(w, f, "most",
                        arena_printf(a, "%s, %s and %s", month_name((int)order[0] + 1),
                                     month_name((int)order[1] + 1), month_name((int)order[2] + 1)),
                        reterr));
    RV_TRY(compose_text(w, f, "least",
                        arena_printf(a, "%s and %s", month_name((int)order[11] + 1),
                                     month_name((int)order[10] + 1)),
                        reterr));
    return years < WORDING_SEASON_YEARS
               ? compose_caveat(w, f,
                                "Fewer than three whole years cannot tell a season from what "
                                "happened once, such as a lockdown.",
                                reterr)
               : rv_ok();
}

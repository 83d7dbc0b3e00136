/* assess/time_week.c — weekdays and calendar months of the offences of a profile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_internal.h"
#include "stats/compare.h"
#include "stats/season.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

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
                              total ? "too few offences have the day on which they began"
                                    : "no offence has the day on which it began",
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

/* ---- Friday and Saturday nights ---- */

enum { NIGHT_DAY_FROM = 5, FRIDAY = 4, SATURDAY }; /* a night belongs to the day it began on */

/* Offences from 18:00 to 05:00 of the nights that begin on a Friday or a Saturday. */
static int64_t weekend_nights(int64_t hours[7][24])
{
    int64_t sum = 0;
    for (int day = 0; day < 7; day++) {
        for (int hour = 0; hour < 24; hour++) {
            int night_day = hour < NIGHT_DAY_FROM ? (day + 6) % 7 : day;
            bool is_night = hour >= TIMING_NIGHT_FROM || hour < NIGHT_DAY_FROM;
            bool is_weekend = night_day == FRIDAY || night_day == SATURDAY;
            sum += is_night && is_weekend ? hours[day][hour] : 0;
        }
    }
    return sum;
}

rv_status timing_weekend_nights(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    const struct hours *h = &t->hours;
    struct finding *f = timing_finding(t, "weekend-nights", "weekday,clock");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    double hours = 24 - TIMING_NIGHT_FROM + NIGHT_DAY_FROM;
    double nights = hours * (t->weekday_days[FRIDAY] + t->weekday_days[SATURDAY]);
    double rest = 24.0 * month_range_days(t->range) - nights;
    int64_t count = weekend_nights(t->week_hours[1]);
    struct comparison k;
    RV_TRY(compare_rates(count, nights, h->clean_count - count, rest, STATS_LEVEL, &k, reterr));
    double ratio = k.has_ratio ? k.ratio : 2;
    enum wording wording = wording_of_difference(h->clean_count - count, count, ratio, k.p);
    f->method = "rate-ratio";
    f->rule = wording == WORDING_TREND_UP     ? "WEEKEND_NIGHTS_MORE"
              : wording == WORDING_TREND_DOWN ? "WEEKEND_NIGHTS_FEWER"
                                              : "WEEKEND_NIGHTS_NOT_DISTINGUISHABLE";
    f->denominator_name = "offences with a time of day that is no placeholder";
    f->missing = (double)(h->n - h->clean_count);
    RV_TRY(compose_percent(f, count, h->clean_count, reterr));
    double raw = 100 * (double)weekend_nights(t->week_hours[0]) / (double)h->with_time;
    RV_TRY(compose_number(w, f, "even_share", 100 * nights / (nights + rest), reterr));
    RV_TRY(compose_number(w, f, "raw_share",
                          fabs(raw - f->value) >= TIMING_MATERIAL ? raw : NOT_KNOWN, reterr));
    RV_TRY(compose_number(w, f, "p", k.p, reterr));
    if (h->aside_minutes) {
        RV_TRY(compose_text(w, f, "minutes", timing_minute_words(w->held.arena, h, false), reterr));
    }
    return timing_peak_verdict(t, f, reterr);
}

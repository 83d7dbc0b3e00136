/* assess/time_say.c — sentences about hours, weekdays and months, as far as the times bear them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_say.h"

#include "stats/compare.h"
#include "stats/season.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

/* Percentage points: from then a share is told with placeholders, too. */
#define MATERIAL 1

static rv_status denominator(struct assess_work *w, struct finding *f, const struct things *things,
                             const char *with, struct rv_err *reterr)
{
    f->denominator_name = arena_printf(w->held.arena, "%s %s", things->many, with);
    return f->denominator_name ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* "15:00 to 16:00" */
const char *time_hour_words(struct arena *a, int hour)
{
    return arena_printf(a, "%02d:00 to %02d:00", hour, (hour + 1) % 24);
}

/* "18:00 to 19:00, 20:00 to 21:00" */
const char *time_hours_words(struct arena *a, uint32_t set)
{
    const char *words = "";
    for (int hour = 0; words && hour < 24; hour++) {
        if ((set >> hour) & 1) {
            bool has_more = (set >> (hour + 1)) != 0;
            const char *joint = !words[0] ? "" : has_more ? ", " : " or ";
            words = arena_printf(a, "%s%s%s", words, joint, time_hour_words(a, hour));
        }
    }
    return words;
}

/* "00:01", "00:01 and 12:00": the minutes that are set aside, or the lumps that are left in. */
const char *time_minute_words(struct arena *a, const struct hours *h, bool is_lumps)
{
    const char *words = "";
    int left = is_lumps ? h->round_minutes : h->aside_minutes;
    for (int m = 0; words && m < HEAPING_MINUTES; m++) {
        if (is_lumps ? hours_is_lump(h, m) : hours_set_aside(h, m)) {
            left--;
            const char *joint = !words[0] ? "" : left ? ", " : " and ";
            words = arena_printf(a, "%s%s%02d:%02d", words, joint, m / 60, m % 60);
        }
    }
    return words;
}

/* ---- placeholders and lateness ---- */

rv_status time_say_placeholders(struct assess_work *w, struct finding *f, const struct hours *h,
                                const struct things *things, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    f->method = "heaping";
    f->missing = (double)(h->n - h->with_time);
    f->rule = h->aside_minutes ? "PLACEHOLDER_TIMES" : "PLACEHOLDER_TIMES_NONE";
    RV_TRY(denominator(w, f, things, "with a time of day", reterr));
    RV_TRY(compose_percent(f, h->aside, h->with_time, reterr));
    if (h->aside_minutes) {
        RV_TRY(compose_text(w, f, "minutes", time_minute_words(a, h, false), reterr));
    }
    return h->round_minutes ? compose_text(w, f, "lumps", time_minute_words(a, h, true), reterr)
                            : rv_ok();
}

rv_status time_say_lateness(struct assess_work *w, struct finding *f, const struct hours *h,
                            const struct things *things, struct rv_err *reterr)
{
    const struct delay *d = &h->delay;
    f->method = "recording-delay";
    f->missing = (double)(h->n - (h->has_delay ? d->valid : 0));
    RV_TRY(denominator(w, f, things, "with both dates in order", reterr));
    if (!h->has_delay) {
        return compose_absent(w, f, "RECORDED_IN_TIME_NOT_AVAILABLE",
                              arena_printf(w->held.arena,
                                           "no %s has both its date and the date of its record",
                                           things->one),
                              reterr);
    }
    f->rule = "RECORDED_IN_TIME";
    return compose_percent(f, d->within, d->valid, reterr);
}

/* ---- the peak ---- */

static const char *const PEAK_RULES[] = {[HOURS_TOO_FEW] = "PEAK_HOUR_NOT_AVAILABLE",
                                         [HOURS_NOT_RELIABLE] = "PEAK_HOUR_NOT_RELIABLE",
                                         [HOURS_LATE_PEAK] = "PEAK_HOUR_LATE",
                                         [HOURS_PEAK_AT] = "PEAK_HOUR_AT",
                                         [HOURS_PEAK_BETWEEN] = "PEAK_HOUR_BETWEEN"};

static rv_status peak_slots(struct assess_work *w, struct finding *f, const struct hours *h,
                            struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    RV_TRY(compose_text(w, f, "hour", arena_printf(a, "%02d", h->peak.hour), reterr));
    RV_TRY(compose_text(w, f, "peak", time_hour_words(a, h->peak.hour), reterr));
    RV_TRY(compose_text(w, f, "likely", time_hours_words(a, h->peak.likely_hours), reterr));
    if (h->raw_peak != h->peak.hour) {
        RV_TRY(compose_text(w, f, "raw_peak", time_hour_words(a, h->raw_peak), reterr));
        RV_TRY(compose_text(w, f, "minutes", time_minute_words(a, h, false), reterr));
    }
    if (!h->has_early_peak) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "early", time_hours_words(a, h->early_peak.likely_hours), reterr));
    RV_TRY(compose_number(w, f, "peak_valid", (double)h->peak_count, reterr));
    RV_TRY(compose_number(w, f, "peak_late", (double)h->peak_late, reterr));
    return compose_number(w, f, "kept", 100 * h->kept, reterr);
}

rv_status time_say_verdict(struct assess_work *w, struct finding *f, const struct hours *h,
                           const struct things *things, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    if (h->verdict == HOURS_NOT_RELIABLE) {
        f->verdict = VERDICT_NOT_RELIABLE;
        return compose_caveat(w, f,
                              arena_printf(a,
                                           "Not reliable, because only %.0f%% of the %s have "
                                           "a time of day that is no placeholder and were recorded "
                                           "within %d days.",
                                           100 * h->kept, things->many, HOURS_WITHIN),
                              reterr);
    }
    if (!h->is_caution) {
        return rv_ok();
    }
    f->verdict = VERDICT_CAUTION;
    return compose_caveat(
        w, f,
        h->verdict == HOURS_LATE_PEAK
            ? arena_printf(a,
                           "Holds with caution, because the hour with most %s is another one among "
                           "those that were recorded soon.",
                           things->many)
            : arena_printf(a,
                           "Holds with caution, because %.0f%% of the %s lack a time of day or "
                           "were recorded after %d days.",
                           100 * (1 - h->kept), things->many, HOURS_WITHIN),
        reterr);
}

rv_status time_say_peak(struct assess_work *w, struct finding *f, const struct hours *h,
                        const struct things *things, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    f->method = "modal-hour";
    f->missing = (double)(h->n - h->clean_count);
    f->rule = PEAK_RULES[h->verdict];
    RV_TRY(denominator(w, f, things, "with a time of day that is no placeholder", reterr));
    if (h->verdict == HOURS_TOO_FEW) {
        return compose_absent(w, f, f->rule,
                              h->with_time == 0
                                  ? arena_printf(a, "no %s has a time of day", things->one)
                                  : arena_printf(a, "too few %s have a time of day", things->many),
                              reterr);
    }
    RV_TRY(compose_percent(f, h->clean[h->peak.hour], h->clean_count, reterr));
    RV_TRY(peak_slots(w, f, h, reterr));
    return time_say_verdict(w, f, h, things, reterr);
}

/* ---- parts of the day ---- */

/* Whether no other so many hours in a row hold as many. */
static bool is_fullest(const int64_t hours[24], int from, int to)
{
    int length = (to - from + 24) % 24;
    int64_t here = hours_between(hours, from, to);
    for (int start = 0; start < 24; start++) {
        if (start != from && hours_between(hours, start, (start + length) % 24) >= here) {
            return false;
        }
    }
    return true;
}

rv_status time_say_part(struct assess_work *w, struct finding *f, const struct hours *h, int from,
                        int to, const struct things *things, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    f->method = "wilson";
    f->missing = (double)(h->n - h->clean_count);
    RV_TRY(denominator(w, f, things, "with a time of day that is no placeholder", reterr));
    RV_TRY(compose_percent(f, hours_between(h->clean, from, to), h->clean_count, reterr));
    RV_TRY(compose_text(w, f, "from", arena_printf(a, "%02d:00", from), reterr));
    RV_TRY(compose_text(w, f, "to", arena_printf(a, "%02d:00", to), reterr));
    double raw = 100 * (double)hours_between(h->raw, from, to) / (double)h->with_time;
    if (h->aside > 0) {
        RV_TRY(compose_number(w, f, "raw_share", fabs(raw - f->value) >= MATERIAL ? raw : NOT_KNOWN,
                              reterr));
        RV_TRY(compose_text(w, f, "minutes", time_minute_words(a, h, false), reterr));
    }
    if (is_fullest(h->clean, from, to)) {
        RV_TRY(compose_text(w, f, "fullest", "more than any other hours in a row of that length",
                            reterr));
    }
    return time_say_verdict(w, f, h, things, reterr);
}

/* ---- weekdays and months ---- */

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
static rv_status weekday_slots(struct assess_work *w, struct finding *f, const char *name,
                               const int64_t counts[8], const double days[7], size_t day,
                               struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const char *count = arena_printf(a, "%s_count", name),
               *number = arena_printf(a, "%s_days", name);
    if (!count || !number) {
        return arena_fail(a, reterr);
    }
    RV_TRY(compose_text(w, f, name, weekday_name((int)day), reterr));
    RV_TRY(compose_number(w, f, count, (double)counts[1 + day], reterr));
    return compose_number(w, f, number, days[day], reterr);
}

rv_status time_say_weekdays(struct assess_work *w, struct finding *f, const int64_t counts[8],
                            const double days[7], const struct things *things,
                            struct rv_err *reterr)
{
    int64_t total = 0;
    for (size_t day = 1; day < 8; day++) {
        total += counts[day];
    }
    f->method = "seasonality";
    f->unit = things->many;
    f->missing = (double)counts[0];
    RV_TRY(denominator(w, f, things, "with a date", reterr));
    if (total < WORDING_PERCENT_BASE) {
        return compose_absent(
            w, f, "WEEKDAYS_NOT_AVAILABLE",
            total ? arena_printf(w->held.arena, "too few %s have the day on which they began",
                                 things->many)
                  : arena_printf(w->held.arena, "no %s has the day on which it began", things->one),
            reterr);
    }
    struct season_test test;
    size_t order[7];
    RV_TRY(season_compare(&counts[1], days, 7, &test, reterr));
    order_by_rate(&counts[1], days, 7, order);
    bool differ = test.p < WORDING_ALPHA;
    f->rule = differ ? "WEEKDAYS_DIFFER" : "WEEKDAYS_NOT_DISTINGUISHABLE";
    f->value = f->numerator = (double)counts[1 + order[0]];
    f->denominator = (double)total;
    RV_TRY(compose_number(w, f, "p", test.p, reterr));
    RV_TRY(weekday_slots(w, f, "most", counts, days, order[0], reterr));
    RV_TRY(weekday_slots(w, f, "second", counts, days, order[1], reterr));
    return weekday_slots(w, f, "least", counts, days, order[6], reterr);
}

rv_status time_say_months(struct assess_work *w, struct finding *f, const int64_t counts[12],
                          const double days[12], int months, const struct things *things,
                          struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    double total = f->value;
    size_t order[12];
    int years = months / 12;
    f->method = "seasonality";
    f->unit = things->many;
    if (months % 12 != 0 || total < WORDING_PERCENT_BASE) {
        return compose_absent(w, f, "MONTHS_NOT_AVAILABLE",
                              total < WORDING_PERCENT_BASE
                                  ? arena_printf(a, "there are too few %s", things->many)
                                  : "the months are no whole years",
                              reterr);
    }
    struct season_test test;
    RV_TRY(season_compare(counts, days, 12, &test, reterr));
    order_by_rate(counts, days, 12, order);
    f->rule = test.p < WORDING_ALPHA ? "MONTHS_DIFFER" : "MONTHS_NOT_DISTINGUISHABLE";
    f->numerator = total;
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

rv_status time_say_weekend_nights(struct assess_work *w, struct finding *f, const struct hours *h,
                                  struct clock_week *week, const double days[7],
                                  const struct things *things, struct rv_err *reterr)
{
    enum { FRIDAY = 4, SATURDAY };
    double nights = clock_weekend_hours(days[FRIDAY] + days[SATURDAY]), rest = -nights;
    for (int day = 0; day < 7; day++) {
        rest += 24 * days[day];
    }
    int64_t count = clock_weekend_nights(week->hours[1]);
    struct comparison k;
    RV_TRY(compare_rates(count, nights, h->clean_count - count, rest, STATS_LEVEL, &k, reterr));
    double ratio = k.has_ratio ? k.ratio : 2;
    enum wording wording = wording_of_difference(h->clean_count - count, count, ratio, k.p);
    f->method = "rate-ratio";
    f->rule = wording == WORDING_TREND_UP     ? "WEEKEND_NIGHTS_MORE"
              : wording == WORDING_TREND_DOWN ? "WEEKEND_NIGHTS_FEWER"
                                              : "WEEKEND_NIGHTS_NOT_DISTINGUISHABLE";
    f->missing = (double)(h->n - h->clean_count);
    RV_TRY(denominator(w, f, things, "with a time of day that is no placeholder", reterr));
    RV_TRY(compose_percent(f, count, h->clean_count, reterr));
    double raw = 100 * (double)clock_weekend_nights(week->hours[0]) / (double)h->with_time;
    RV_TRY(compose_number(w, f, "even_share", 100 * nights / (nights + rest), reterr));
    RV_TRY(compose_number(w, f, "raw_share", fabs(raw - f->value) >= MATERIAL ? raw : NOT_KNOWN,
                          reterr));
    RV_TRY(compose_number(w, f, "p", k.p, reterr));
    if (h->aside_minutes) {
        RV_TRY(compose_text(w, f, "minutes", time_minute_words(w->held.arena, h, false), reterr));
    }
    return time_say_verdict(w, f, h, things, reterr);
}

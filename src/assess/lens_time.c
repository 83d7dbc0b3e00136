/* assess/lens_time.c — when the offences of a profile begin: which hours, and what bears them.
 *
 * Both periods are taken together where one follows the other: hours need numbers, and change from
 * year to year has findings of its own. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/profile_internal.h"
#include "assess/time_internal.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- counting ---- */

static struct month_range whole_range(const struct lens *l)
{
    const struct assess_options *o = l->work->options;
    bool is_one = has_compare(l->work) && l->is_available[BUCKET_COMPARE] &&
                  o->compare.last + 1 == o->period.first;
    return is_one ? (struct month_range){o->compare.first, o->period.last} : o->period;
}

static rv_status build_cube(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct cube_axis axes[] = {{.kind = AXIS_CLOCK, .name = "clock", .date = CUBE_COMMITTED},
                               {.kind = AXIS_LATE, .name = "late"},
                               {.kind = AXIS_WEEKDAY, .name = "weekday", .date = CUBE_COMMITTED},
                               {.kind = AXIS_GIVEN, .name = "profile"},
                               lens_inside(w)};
    for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
        t->axes[k] = axes[k];
    }
    struct cube_query query = {.source = t->lens->source,
                               .axes = t->axes,
                               .axis_count = sizeof axes / sizeof *axes,
                               .period = t->range};
    return lens_cube(t->lens, LENS_CLOCK, &query, &t->cube, reterr);
}

static rv_status work_out_hours(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    size_t most = 0, n = 0;
    for (uint64_t i = 0; i < t->cube.cell_count; i++) {
        most += t->cube.cells[i] > 0;
    }
    struct hours_cell *cells = ARENA_NEW(a, struct hours_cell, most + 1);
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (uint64_t i = 0; i < t->cube.cell_count && n < most; i++) {
        if (t->cube.cells[i] > 0) {
            const uint64_t *strides = t->cube.strides;
            int minute = (int)(i / strides[CLOCK_AXIS] % t->axes[CLOCK_AXIS].size) - 1;
            int days = (int)(i / strides[LATE_AXIS] % t->axes[LATE_AXIS].size) - 1;
            cells[n++] = (struct hours_cell){minute, days, t->cube.cells[i]};
        }
    }
    return hours_work_out(a, w->held.pool, cells, n, &t->hours, reterr);
}

static void count_weekdays(struct timing *t)
{
    for (uint64_t i = 0; i < t->cube.cell_count; i++) {
        int64_t n = t->cube.cells[i];
        uint64_t day = i / t->cube.strides[WEEKDAY_AXIS] % t->axes[WEEKDAY_AXIS].size;
        uint64_t minute = i / t->cube.strides[CLOCK_AXIS] % t->axes[CLOCK_AXIS].size;
        t->weekdays[day] += n;
        if (n == 0 || day == 0 || minute == 0) {
            continue;
        }
        bool is_set_aside = hours_set_aside(&t->hours, (int)minute - 1);
        t->week_hours[0][day - 1][(minute - 1) / 60] += n;
        t->week_hours[1][day - 1][(minute - 1) / 60] += is_set_aside ? 0 : n;
    }
    int32_t first = civil_days(t->range.first / 12, t->range.first % 12 + 1, 1);
    for (int32_t d = 0; d < month_range_days(t->range); d++) {
        civil_time day = civil_pack((int64_t)(first + d) * 86400, CIVIL_DATE);
        t->weekday_days[civil_weekday_of(day)]++;
    }
}

/* ---- parts of findings ---- */

struct finding *timing_finding(struct timing *t, const char *measure, const char *by)
{
    struct lens *l = t->lens;
    struct finding *f = compose_lens_finding(l, 0, measure);
    if (!f) {
        return NULL;
    }
    f->period = t->range;
    f->unit = "percent";
    f->query = compose_query_of(l, by, 0, l->work->options->area, t->range);
    return f->query ? f : NULL;
}

/* "15:00 to 16:00" */
const char *timing_hour_words(struct arena *a, int hour)
{
    return arena_printf(a, "%02d:00 to %02d:00", hour, (hour + 1) % 24);
}

/* "18:00 to 19:00, 20:00 to 21:00" */
const char *timing_hours_words(struct arena *a, uint32_t set)
{
    const char *words = "";
    for (int hour = 0; words && hour < 24; hour++) {
        if ((set >> hour) & 1) {
            bool has_more = (set >> (hour + 1)) != 0;
            const char *joint = !words[0] ? "" : has_more ? ", " : " or ";
            words = arena_printf(a, "%s%s%s", words, joint, timing_hour_words(a, hour));
        }
    }
    return words;
}

/* "00:01", "00:01 and 12:00": the minutes that are set aside, or the lumps that are left in. */
const char *timing_minute_words(struct arena *a, const struct hours *h, bool is_lumps)
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

static rv_status add_placeholders(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    const struct hours *h = &t->hours;
    struct finding *f = timing_finding(t, "placeholder-times", "clock");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->method = "heaping";
    f->denominator_name = "offences with a time of day";
    f->missing = (double)(h->n - h->with_time);
    f->rule = h->aside_minutes ? "PLACEHOLDER_TIMES" : "PLACEHOLDER_TIMES_NONE";
    RV_TRY(compose_percent(f, h->aside, h->with_time, reterr));
    if (h->aside_minutes) {
        RV_TRY(compose_text(w, f, "minutes", timing_minute_words(a, h, false), reterr));
    }
    return h->round_minutes ? compose_text(w, f, "lumps", timing_minute_words(a, h, true), reterr)
                            : rv_ok();
}

static rv_status add_lateness(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    const struct delay *d = &t->hours.delay;
    struct finding *f = timing_finding(t, "recorded-in-time", "delay-band");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "recording-delay";
    f->denominator_name = "offences with both dates in order";
    f->missing = (double)(t->hours.n - (t->hours.has_delay ? d->valid : 0));
    if (!t->hours.has_delay) {
        return compose_absent(w, f, "RECORDED_IN_TIME_NOT_AVAILABLE",
                              "no offence has both its date and the date of its record", reterr);
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

static rv_status peak_slots(struct timing *t, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    const struct hours *h = &t->hours;
    RV_TRY(compose_text(w, f, "hour", arena_printf(a, "%02d", h->peak.hour), reterr));
    RV_TRY(compose_text(w, f, "peak", timing_hour_words(a, h->peak.hour), reterr));
    RV_TRY(compose_text(w, f, "likely", timing_hours_words(a, h->peak.likely_hours), reterr));
    if (h->raw_peak != h->peak.hour) {
        RV_TRY(compose_text(w, f, "raw_peak", timing_hour_words(a, h->raw_peak), reterr));
        RV_TRY(compose_text(w, f, "minutes", timing_minute_words(a, h, false), reterr));
    }
    if (!h->has_early_peak) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "early", timing_hours_words(a, h->early_peak.likely_hours), reterr));
    RV_TRY(compose_number(w, f, "peak_valid", (double)h->peak_count, reterr));
    RV_TRY(compose_number(w, f, "peak_late", (double)h->peak_late, reterr));
    return compose_number(w, f, "kept", 100 * h->kept, reterr);
}

rv_status timing_peak_verdict(struct timing *t, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct arena *a = w->held.arena;
    const struct hours *h = &t->hours;
    if (h->verdict == HOURS_NOT_RELIABLE) {
        f->verdict = VERDICT_NOT_RELIABLE;
        return compose_caveat(w, f,
                              arena_printf(a,
                                           "Not reliable, because only %.0f%% of the offences have "
                                           "a time of day that is no placeholder and were recorded "
                                           "within %d days.",
                                           100 * h->kept, HOURS_WITHIN),
                              reterr);
    }
    if (!h->is_caution) {
        return rv_ok();
    }
    f->verdict = VERDICT_CAUTION;
    return compose_caveat(w, f,
                          h->verdict == HOURS_LATE_PEAK
                              ? "Holds with caution, because the hour with most offences is "
                                "another one among those that were recorded soon."
                              : arena_printf(a,
                                             "Holds with caution, because %.0f%% of the offences "
                                             "lack a time of day or were recorded after %d days.",
                                             100 * (1 - h->kept), HOURS_WITHIN),
                          reterr);
}

static rv_status add_peak(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    const struct hours *h = &t->hours;
    bool is_mixed = h->has_peak && h->raw[h->peak.hour] != h->clean[h->peak.hour];
    struct finding *f = timing_finding(t, "peak-hour", is_mixed ? "clock" : "hour");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "modal-hour";
    f->denominator_name = "offences with a time of day that is no placeholder";
    f->missing = (double)(h->n - h->clean_count);
    f->rule = PEAK_RULES[h->verdict];
    if (h->verdict == HOURS_TOO_FEW) {
        return compose_absent(w, f, f->rule,
                              h->with_time == 0 ? "no offence has a time of day"
                                                : "too few offences have a time of day",
                              reterr);
    }
    RV_TRY(compose_percent(f, h->clean[h->peak.hour], h->clean_count, reterr));
    RV_TRY(peak_slots(t, f, reterr));
    return timing_peak_verdict(t, f, reterr);
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

static rv_status add_part(struct timing *t, const char *measure, const char *rule, int from, int to,
                          struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    const struct hours *h = &t->hours;
    struct finding *f = timing_finding(t, measure, "clock");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "wilson";
    f->rule = rule;
    f->denominator_name = "offences with a time of day that is no placeholder";
    f->missing = (double)(h->n - h->clean_count);
    RV_TRY(compose_percent(f, hours_between(h->clean, from, to), h->clean_count, reterr));
    RV_TRY(compose_text(w, f, "from", arena_printf(w->held.arena, "%02d:00", from), reterr));
    RV_TRY(compose_text(w, f, "to", arena_printf(w->held.arena, "%02d:00", to), reterr));
    double raw = 100 * (double)hours_between(h->raw, from, to) / (double)h->with_time;
    if (h->aside > 0) {
        RV_TRY(compose_number(w, f, "raw_share",
                              fabs(raw - f->value) >= TIMING_MATERIAL ? raw : NOT_KNOWN, reterr));
        RV_TRY(compose_text(w, f, "minutes", timing_minute_words(w->held.arena, h, false), reterr));
    }
    if (is_fullest(h->clean, from, to)) {
        RV_TRY(compose_text(w, f, "fullest", "more than any other hours in a row of that length",
                            reterr));
    }
    return timing_peak_verdict(t, f, reterr);
}

static rv_status add_parts(struct timing *t, struct rv_err *reterr)
{
    if (t->hours.verdict == HOURS_NOT_RELIABLE) {
        return rv_ok(); /* the peak says so, and no other sentence about hours is made */
    }
    RV_TRY(add_part(t, "night", "NIGHT_SHARE", TIMING_NIGHT_FROM, TIMING_NIGHT_TO, reterr));
    RV_TRY(timing_weekend_nights(t, reterr));
    return add_part(t, "after-school", "AFTER_SCHOOL_SHARE", TIMING_SCHOOL_FROM, TIMING_SCHOOL_TO,
                    reterr);
}

rv_status lens_time(struct lens *l, struct rv_err *reterr)
{
    struct timing *t = ARENA_NEW(l->work->held.arena, struct timing, 1);
    if (!t) {
        return arena_fail(l->work->held.arena, reterr);
    }
    t->lens = l;
    t->range = whole_range(l);
    RV_TRY(build_cube(t, reterr));
    RV_TRY(work_out_hours(t, reterr));
    count_weekdays(t);
    RV_TRY(add_peak(t, reterr));
    if (t->hours.verdict != HOURS_TOO_FEW) {
        RV_TRY(add_placeholders(t, reterr));
        RV_TRY(timing_spread(t, reterr));
        RV_TRY(add_lateness(t, reterr));
        RV_TRY(add_parts(t, reterr));
        RV_TRY(timing_hours_table(t, reterr));
        RV_TRY(timing_ladder_table(t, reterr));
        RV_TRY(timing_week_table(t, reterr));
    }
    RV_TRY(timing_weekdays(t, reterr));
    RV_TRY(timing_term(t, reterr));
    return timing_months(t, reterr);
}

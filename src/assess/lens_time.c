/* assess/lens_time.c — when the offences of a profile begin: which hours, and what bears them.
 *
 * Both periods are taken together where one follows the other: hours need numbers, and change from
 * year to year has findings of its own. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/profile_internal.h"
#include "assess/time_internal.h"

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

/* ---- what is said of hours ---- */

static rv_status add_peak(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    const struct hours *h = &t->hours;
    bool is_mixed = h->has_peak && h->raw[h->peak.hour] != h->clean[h->peak.hour];
    struct finding *f = timing_finding(t, "peak-hour", is_mixed ? "clock" : "hour");
    return f ? time_say_peak(w, f, h, TIMING_THINGS, reterr) : arena_fail(w->held.arena, reterr);
}

static rv_status add_placeholders(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct finding *f = timing_finding(t, "placeholder-times", "clock");
    return f ? time_say_placeholders(w, f, &t->hours, TIMING_THINGS, reterr)
             : arena_fail(w->held.arena, reterr);
}

static rv_status add_lateness(struct timing *t, struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct finding *f = timing_finding(t, "recorded-in-time", "delay-band");
    return f ? time_say_lateness(w, f, &t->hours, TIMING_THINGS, reterr)
             : arena_fail(w->held.arena, reterr);
}

static rv_status add_part(struct timing *t, const char *measure, const char *rule, int from, int to,
                          struct rv_err *reterr)
{
    struct assess_work *w = t->lens->work;
    struct finding *f = timing_finding(t, measure, "clock");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->rule = rule;
    return time_say_part(w, f, &t->hours, from, to, TIMING_THINGS, reterr);
}

static rv_status add_parts(struct timing *t, struct rv_err *reterr)
{
    if (t->hours.verdict == HOURS_NOT_RELIABLE) {
        return rv_ok(); /* the peak says so, and no other sentence about hours is made */
    }
    RV_TRY(add_part(t, "night", "NIGHT_SHARE", CLOCK_NIGHT_FROM, CLOCK_NIGHT_TO, reterr));
    RV_TRY(timing_weekend_nights(t, reterr));
    return add_part(t, "after-school", "AFTER_SCHOOL_SHARE", CLOCK_SCHOOL_FROM, CLOCK_SCHOOL_TO,
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
    const struct clock_axes axes = {CLOCK_AXIS, LATE_AXIS, WEEKDAY_AXIS};
    struct held *h = &l->work->held;
    RV_TRY(clock_hours(h->arena, h->pool, &t->cube, &axes, &t->hours, reterr));
    t->week = clock_week_of(&t->cube, &axes, &t->hours);
    clock_weekdays_in(t->range, NULL, t->weekday_days);
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

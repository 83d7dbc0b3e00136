/* assess/told_hours.c — hours of the day and of the week, with what the times can bear.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "assess/told_internal.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { CLOCK, WEEKDAY }; /* dimensions of the plan */

struct clocked {
    struct table_plan plan;
    struct hours hours;
    struct clock_week week;
    double days[7]; /* of the months that the source covers */
};

/* A kind whose records have one time only is never recorded late. */
static bool has_lateness(const struct telling *t)
{
    const char *kind = t->question->kind;
    return !kind || is_word(kind, "offences") || is_word(kind, "emergency-department");
}

/* Every record of the question by minute, weekday and lateness: one count for all parts. */
static rv_status count(struct telling *t, struct table_options *asked, struct clocked *c,
                       struct rv_err *reterr)
{
    *asked = *t->question;
    asked->by = "clock,weekday";
    c->plan = (struct table_plan){.options = asked, .held = t->work.held, .has_lateness = true};
    RV_TRY(table_count(&c->plan, reterr));
    table_keep(&c->plan, &t->work.held);
    const struct clock_axes axes = {CLOCK, c->plan.late, WEEKDAY};
    struct held *h = &t->work.held;
    RV_TRY(clock_hours(h->arena, h->pool, &c->plan.cube, &axes, &c->hours, reterr));
    c->week = clock_week_of(&c->plan.cube, &axes, &c->hours);
    clock_weekdays_in(c->plan.period, c->plan.source, c->days);
    t->options.period = c->plan.period;
    return rv_ok();
}

static void ask(struct telling *t, const char *by)
{
    t->part->asked = *t->question;
    t->part->asked.by = by;
}

/* ---- hours ---- */

static struct finding *percent_finding(struct telling *t, const char *measure)
{
    struct finding *f = telling_finding(t, measure);
    if (f) {
        f->unit = "percent";
    }
    return f;
}

static rv_status say_hours(struct telling *t, const struct hours *h, struct rv_err *reterr)
{
    struct assess_work *w = &t->work;
    struct finding *f = percent_finding(t, "peak-hour");
    RV_TRY(f ? time_say_peak(w, f, h, t->things, reterr) : arena_fail(w->held.arena, reterr));
    if (h->verdict == HOURS_TOO_FEW) {
        return rv_ok();
    }
    f = percent_finding(t, "placeholder-times");
    RV_TRY(f ? time_say_placeholders(w, f, h, t->things, reterr)
             : arena_fail(w->held.arena, reterr));
    if (has_lateness(t)) {
        f = percent_finding(t, "recorded-in-time");
        RV_TRY(f ? time_say_lateness(w, f, h, t->things, reterr)
                 : arena_fail(w->held.arena, reterr));
    }
    if (h->verdict == HOURS_NOT_RELIABLE) {
        return rv_ok(); /* the peak says so, and nothing else is said of hours */
    }
    static const struct {
        const char *measure, *rule;
        int from, to;
    } parts[] = {{"night", "NIGHT_SHARE", CLOCK_NIGHT_FROM, CLOCK_NIGHT_TO},
                 {"after-school", "AFTER_SCHOOL_SHARE", CLOCK_SCHOOL_FROM, CLOCK_SCHOOL_TO}};
    for (size_t i = 0; i < 2; i++) {
        f = percent_finding(t, parts[i].measure);
        if (!f) {
            return arena_fail(w->held.arena, reterr);
        }
        f->rule = parts[i].rule;
        RV_TRY(time_say_part(w, f, h, parts[i].from, parts[i].to, t->things, reterr));
    }
    return rv_ok();
}

static rv_status hours_notes(struct telling *t, struct result_table *table, const struct hours *h,
                             struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    if (h->clean_count < h->n) {
        const char *none = quality_number(t->work.held.arena, h->n - h->with_time),
                   *all = quality_number(t->work.held.arena, h->n);
        const char *aside = quality_number(t->work.held.arena, h->aside);
        const char *note =
            none && all && aside
                ? arena_printf(a,
                               "%s of %s %s have no time of day, and %s more a time "
                               "that stands for one not known: these are in no hour.",
                               none, all, t->things->many, aside)
                : NULL;
        RV_TRY(compose_note(&t->work, table, note, reterr));
    }
    return h->verdict == HOURS_LATE_PEAK
               ? compose_note(&t->work, table,
                              arena_printf(a,
                                           "The hour from %s is the highest only with what was "
                                           "recorded late: compare the column within %d days.",
                                           time_hour_words(a, h->peak.hour), HOURS_WITHIN),
                              reterr)
               : rv_ok();
}

static rv_status hours_table(struct telling *t, const struct hours *h, struct rv_err *reterr)
{
    const struct result_column columns[] = {
        {"hour", "Hour", RESULT_TEXT},
        {"clean", "Number", RESULT_COUNT},
        {"all", "With times that stand for one not known", RESULT_COUNT},
        {"within_28", "Recorded within 28 days", RESULT_COUNT},
        {"within_7", "Recorded within 7 days", RESULT_COUNT},
        {"within_1", "Recorded within a day", RESULT_COUNT}};
    struct arena *a = t->work.held.arena;
    size_t width = has_lateness(t) ? 6 : 3;
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(t, columns, width, 24, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (int hour = 0; hour < 24; hour++) {
        struct result_cell *row = &cells[(size_t)hour * width];
        row[0] = cell_text(arena_printf(a, "%02d:00", hour));
        row[1] = cell_number((double)h->clean[hour]);
        row[2] = cell_number((double)h->raw[hour]);
        for (size_t r = 1; r + 2 < width && r < DELAY_RUNGS; r++) {
            row[r + 2] = cell_number(h->has_delay ? (double)h->rungs[r][hour] : NOT_KNOWN);
        }
        RV_TRY(row[0].text ? rv_ok() : arena_fail(a, reterr));
    }
    RV_TRY(hours_notes(t, table, h, reterr));
    return telling_table_end(t, table, telling_title(t, "by hour"),
                             "By the hour in which they fell, without times that stand for a time "
                             "not known.",
                             CHART_BAR, reterr);
}

static rv_status told_hours(struct telling *t, const struct clocked *c, struct rv_err *reterr)
{
    telling_part(t, "hours", "Hour of the day");
    ask(t, "hour");
    RV_TRY(say_hours(t, &c->hours, reterr));
    return c->hours.clean_count > 0
               ? hours_table(t, &c->hours, reterr)
               : telling_absent(t,
                                "No record that was counted has a time of day that can be used. "
                                "Hours need a column with the time of each event, such as "
                                "committed_from with hours and minutes.",
                                reterr);
}

/* ---- the week ---- */

static rv_status week_table(struct telling *t, const struct clock_week *week, struct rv_err *reterr)
{
    enum { WIDTH = 8 };
    struct arena *a = t->work.held.arena;
    struct result_column columns[WIDTH] = {{"hour", "Hour", RESULT_TEXT}};
    for (int day = 0; day < 7; day++) {
        columns[day + 1] =
            (struct result_column){compose_slug(a, weekday_name(day)),
                                   arena_printf(a, "%.3s", weekday_name(day)), RESULT_COUNT};
        RV_TRY(columns[day + 1].name && columns[day + 1].title ? rv_ok() : arena_fail(a, reterr));
    }
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(t, columns, WIDTH, 24, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (int hour = 0; hour < 24; hour++) {
        struct result_cell *row = &cells[hour * WIDTH];
        row[0] = cell_text(arena_printf(a, "%02d:00", hour));
        for (int day = 0; day < 7; day++) {
            row[day + 1] = cell_number((double)week->hours[1][day][hour]);
        }
        RV_TRY(row[0].text ? rv_ok() : arena_fail(a, reterr));
    }
    return telling_table_end(
        t, table, telling_title(t, "by hour and day of the week"),
        "By hour and day of the week, without times that stand for a time not known.", CHART_HEAT,
        reterr);
}

/* The nights of the weekend, or that hours do not bear them. */
static rv_status say_week(struct telling *t, struct clocked *c, struct rv_err *reterr)
{
    struct assess_work *w = &t->work;
    const struct hours *h = &c->hours;
    bool is_few = h->verdict == HOURS_TOO_FEW, bears = !is_few && h->verdict != HOURS_NOT_RELIABLE;
    struct finding *f = percent_finding(t, bears ? "weekend-nights" : "hours");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    if (bears) {
        return time_say_weekend_nights(w, f, h, &c->week, c->days, t->things, reterr);
    }
    f->rule = "WEEK_NOT_TOLD";
    f->verdict = is_few ? VERDICT_NOT_AVAILABLE : VERDICT_NOT_RELIABLE;
    return compose_text(w, f, "reason",
                        arena_printf(w->held.arena,
                                     is_few ? "too few %s have a time of day"
                                            : "too few %s have a usable time and were recorded "
                                              "while it was known",
                                     t->things->many),
                        reterr);
}

static rv_status told_week(struct telling *t, struct clocked *c, struct rv_err *reterr)
{
    const struct hours *h = &c->hours;
    telling_part(t, "week", "Hours of the week");
    ask(t, "hour,weekday");
    if (h->clean_count == 0) {
        return telling_absent(t, "There are no hours, for the reason above.", reterr);
    }
    RV_TRY(say_week(t, c, reterr));
    return week_table(t, &c->week, reterr);
}

rv_status told_clock(struct telling *t, struct rv_err *reterr)
{
    struct clocked *c = ARENA_NEW(t->work.held.arena, struct clocked, 1);
    struct table_options *asked = ARENA_NEW(t->work.held.arena, struct table_options, 1);
    if (!c || !asked) {
        return arena_fail(t->work.held.arena, reterr);
    }
    RV_TRY(count(t, asked, c, reterr));
    RV_TRY(told_weekdays(t, &c->week, c->days, reterr));
    RV_TRY(told_hours(t, c, reterr));
    RV_TRY(told_week(t, c, reterr));
    return told_day_kinds(t, &c->hours, reterr);
}

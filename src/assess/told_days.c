/* assess/told_days.c — days of the week, school days and other days, each for so many days.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/day_kinds.h"
#include "assess/quality_internal.h"
#include "assess/told_internal.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

/* label, a day, lower, upper, count, days: what a bar with whiskers takes */
enum { DAY_LABEL, DAY_RATE, DAY_LOWER, DAY_UPPER, DAY_COUNT, DAY_DAYS, DAY_COLUMNS };
#define DAY_COLUMNS_OF(label_name, label_title)                                                    \
    {                                                                                              \
        {label_name, label_title, RESULT_TEXT}, {"a_day", "A day", RESULT_RATE},                   \
            {"lower", "95% interval, lower", RESULT_RATE},                                         \
            {"upper", "95% interval, upper", RESULT_RATE}, {"count", "Number", RESULT_COUNT},      \
        {                                                                                          \
            "days", "Number of days", RESULT_COUNT                                                 \
        }                                                                                          \
    }

static rv_status put_day(struct result_cell *row, const char *label, int64_t count, double days,
                         struct rv_err *reterr)
{
    struct interval ci;
    bool has_days = days > 0;
    RV_TRY(interval_poisson(count, STATS_LEVEL, &ci, reterr));
    row[DAY_LABEL] = cell_text(label);
    row[DAY_RATE] = cell_number(has_days ? (double)count / days : (double)NAN);
    row[DAY_LOWER] = cell_number(has_days ? ci.lower / days : (double)NAN);
    row[DAY_UPPER] = cell_number(has_days ? ci.upper / days : (double)NAN);
    row[DAY_COUNT] = cell_number((double)count);
    row[DAY_DAYS] = cell_number(days);
    return rv_ok();
}

#define INDEPENDENT "The intervals take each of them as independent of the others."

/* ---- days of the week ---- */

rv_status told_weekdays(struct telling *t, const struct clock_week *week, const double days[7],
                        struct rv_err *reterr)
{
    static const struct result_column columns[] = DAY_COLUMNS_OF("weekday", "Day of the week");
    struct arena *a = t->work.held.arena;
    telling_part(t, "weekdays", "Day of the week");
    t->part->asked = *t->question;
    t->part->asked.by = "weekday";
    struct finding *f = telling_finding(t, "weekdays");
    RV_TRY(f ? time_say_weekdays(&t->work, f, week->days, days, t->things, reterr)
             : arena_fail(a, reterr));
    int64_t dated = 0;
    for (int day = 1; day < 8; day++) {
        dated += week->days[day];
    }
    if (dated == 0) {
        return telling_absent(t,
                              "No record that was counted has the day on which it happened. Days "
                              "need a column with the date of each event, such as committed_from.",
                              reterr);
    }
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(t, columns, DAY_COLUMNS, 7, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (int day = 0; day < 7; day++) {
        RV_TRY(put_day(&cells[day * DAY_COLUMNS], weekday_name(day), week->days[day + 1], days[day],
                       reterr));
    }
    if (week->days[0] > 0) {
        RV_TRY(compose_note(
            &t->work, table,
            arena_printf(a, "%lld more have no date and are on no day.", (long long)week->days[0]),
            reterr));
    }
    RV_TRY(compose_note(&t->work, table, INDEPENDENT, reterr));
    return telling_table_end(t, table, telling_title(t, "a day, by day of the week"),
                             "How many there were on each day of the week, for the number of such "
                             "days in the months that are covered, with the 95% interval.",
                             CHART_BAR, reterr);
}

/* ---- school days ---- */

static const char *const KIND_NAMES[] = {[DAY_SCHOOL] = "School days",
                                         [DAY_SCHOOL_HOLIDAY] = "School holidays, weekdays",
                                         [DAY_BANK_HOLIDAY] = "Bank holidays, weekdays",
                                         [DAY_WEEKEND] = "Weekends"};

struct day_counts {
    struct table_plan plan;
    int64_t all[DAY_KINDS], after_school[DAY_KINDS];
    int32_t days[DAY_KINDS];
};

static void add_up(struct day_counts *d, const struct hours *h)
{
    const struct cube *cube = &d->plan.cube;
    const struct cube_axis *kinds = &d->plan.axes[0], *clock = &d->plan.axes[1];
    for (uint64_t i = 0; i < cube->cell_count; i++) {
        int64_t n = cube->cells[i];
        uint64_t kind = i / cube->strides[0] % kinds->size;
        int minute = (int)(i / cube->strides[1] % clock->size) - 1;
        bool is_after = minute >= CLOCK_SCHOOL_FROM * 60 && minute < CLOCK_SCHOOL_TO * 60;
        d->all[kind] += n;
        d->after_school[kind] += n > 0 && is_after && !hours_set_aside(h, minute) ? n : 0;
    }
    for (int32_t m = d->plan.period.first; m <= d->plan.period.last; m++) {
        int32_t first = civil_days(m / 12, m % 12 + 1, 1);
        int32_t days = month_range_days((struct month_range){m, m});
        for (int32_t day = 0; day < days && source_covers(d->plan.source, m); day++) {
            d->days[day_kind_of(kinds->days, first + day)]++;
        }
    }
}

/* Why days of several kinds cannot be set side by side; NULL = they can. */
static const char *reason_of(struct arena *a, const struct day_counts *d)
{
    const struct day_kinds *calendar = d->plan.axes[0].days;
    if (!calendar->has_schools) {
        return "The calendar that is held lists no school days and no school holidays of this "
               "area. Bring in one that does, as kind calendar.";
    }
    if (d->days[DAY_UNKNOWN] > 0) {
        return arena_printf(a,
                            "The calendar does not say of %d weekdays of the period, or says both "
                            "ways, whether schools were open.",
                            (int)d->days[DAY_UNKNOWN]);
    }
    return d->days[DAY_SCHOOL] == 0 ? "The period has no school days." : NULL;
}

static rv_status kinds_notes(struct telling *t, struct result_table *table,
                             const struct day_counts *d, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    const char *after = quality_number(t->work.held.arena, d->after_school[DAY_SCHOOL]);
    const char *all = quality_number(t->work.held.arena, d->all[DAY_SCHOOL]);
    RV_TRY(compose_note(&t->work, table,
                        "By the day on which they fell, whenever they were recorded. What was "
                        "recorded later than the source reaches is missing from the last weeks.",
                        reterr));
    RV_TRY(compose_note(&t->work, table,
                        after && all
                            ? arena_printf(a,
                                           "On school days %s of %s fell between %s and %s, at a "
                                           "time of day that can be used.",
                                           after, all, TIME_SCHOOL_FROM_WORDS, TIME_SCHOOL_TO_WORDS)
                            : NULL,
                        reterr));
    if (d->plan.axes[0].days->is_implied) {
        RV_TRY(compose_note(&t->work, table,
                            "The calendar lists school days or school holidays only; the other "
                            "weekdays between its first and last date are taken as the rest.",
                            reterr));
    }
    return compose_note(&t->work, table,
                        INDEPENDENT " Single days of a kind differ more than that: whether a "
                                    "difference is beyond chance is tested by the assessment.",
                        reterr);
}

static rv_status kinds_table(struct telling *t, const struct day_counts *d, struct rv_err *reterr)
{
    static const struct result_column columns[] = DAY_COLUMNS_OF("day_kind", "Kind of day");
    struct result_cell *cells = NULL;
    size_t rows = 0, row = 0;
    for (int kind = DAY_SCHOOL; kind <= DAY_WEEKEND; kind++) {
        rows += d->days[kind] > 0;
    }
    struct result_table *table = telling_table(t, columns, DAY_COLUMNS, rows, &cells);
    if (!table) {
        return arena_fail(t->work.held.arena, reterr);
    }
    for (int kind = DAY_SCHOOL; kind <= DAY_WEEKEND; kind++) {
        if (d->days[kind] > 0) {
            RV_TRY(put_day(&cells[row++ * DAY_COLUMNS], KIND_NAMES[kind], d->all[kind],
                           d->days[kind], reterr));
        }
    }
    RV_TRY(kinds_notes(t, table, d, reterr));
    return telling_table_end(
        t, table, telling_title(t, "a day, by kind of day"),
        "How many there were on each kind of day, for the number of such days, with the 95% "
        "interval.",
        CHART_BAR, reterr);
}

rv_status told_day_kinds(struct telling *t, const struct hours *hours, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    struct day_counts *d = ARENA_NEW(a, struct day_counts, 1);
    struct table_options *asked = ARENA_NEW(a, struct table_options, 1);
    struct rv_err err;
    if (!d || !asked) {
        return arena_fail(a, reterr);
    }
    telling_part(t, "day-kinds", "School days and other days");
    *asked = *t->question;
    asked->by = "day-kind,clock";
    asked->date = "committed";
    d->plan = (struct table_plan){.options = asked, .held = t->work.held};
    rv_status status = table_count(&d->plan, &err);
    if (!rv_is_ok(status) && status.code == RV_REFUSED) {
        return telling_absent(t,
                              "No calendar of this area is held. Bring one in as kind calendar, "
                              "with a row for each school day, school holiday or bank holiday.",
                              reterr);
    }
    if (!rv_is_ok(status)) {
        *reterr = err;
        return status;
    }
    table_keep(&d->plan, &t->work.held);
    t->part->asked = *asked;
    t->part->asked.by = "day-kind";
    add_up(d, hours);
    const char *reason = reason_of(a, d);
    return reason ? telling_absent(t, reason, reterr) : kinds_table(t, d, reterr);
}

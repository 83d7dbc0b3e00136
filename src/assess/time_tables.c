/* assess/time_tables.c — hours by the ladder of recording delay, and hour by weekday.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_internal.h"
#include "stats/interval.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

/* How many of the intervals say nothing about an hour. */
static rv_status spread_note(const struct timing *t, struct result_table *table,
                             struct rv_err *reterr)
{
    const struct aoristic *s = &t->spread;
    struct arena *a = t->lens->work->held.arena;
    int64_t usable = s->placed + s->too_long;
    if (usable == 0) {
        return rv_ok();
    }
    return compose_note(
        t->lens->work, table,
        arena_printf(a,
                     "Spread: %lld of %lld beginnings with a usable time have no end, or the same, "
                     "and count whole in their hour; %lld (%.1f%%) may have begun over a day or "
                     "longer, say nothing about an hour and are left out%s.",
                     (long long)s->instants, (long long)usable, (long long)s->too_long,
                     100 * (double)s->too_long / (double)usable,
                     s->reversed > 0 ? arena_printf(a, "; %lld more end before they begin",
                                                    (long long)s->reversed)
                                     : ""),
        reterr);
}

rv_status timing_hours_table(struct timing *t, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"hour", "Hour", RESULT_TEXT},
        {"clean", "Without placeholders", RESULT_COUNT},
        {"aoristic", "Spread over the time in which they may have begun", RESULT_RATE},
        {"all", "All with a time of day", RESULT_COUNT},
        {"within_28", "Recorded within 28 days", RESULT_COUNT},
        {"within_7", "Recorded within 7 days", RESULT_COUNT},
        {"within_1", "Recorded within a day", RESULT_COUNT}};
    enum { WIDTH = 7 };
    struct lens *l = t->lens;
    struct arena *a = l->work->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *table = compose_lens_table(l, "hours", columns, WIDTH, 24, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    table->title = arena_printf(a, "%s by hour, %s, %s", l->profile->title, l->work->area_name,
                                compose_period(a, t->range));
    table->description =
        "Offences by the hour in which they began, or may have begun: without times "
        "that stand for a time not known; these spread over the time in which they may have begun "
        "(aoristic weights); all; and of the first those recorded within 28 days, 7 days and a "
        "day.";
    table->chart = CHART_BAR;
    for (int hour = 0; hour < 24; hour++) {
        struct result_cell *row = &cells[hour * WIDTH];
        row[0] = cell_text(arena_printf(a, "%02d:00", hour));
        row[1] = cell_number((double)t->hours.clean[hour]);
        row[2] = cell_number(t->spread.placed > 0 ? t->spread.clock[hour] : NOT_KNOWN);
        row[3] = cell_number((double)t->hours.raw[hour]);
        for (int r = 1; r < DELAY_RUNGS; r++) {
            row[r + 3] =
                cell_number(t->hours.has_delay ? (double)t->hours.rungs[r][hour] : NOT_KNOWN);
        }
    }
    RV_TRY(compose_note(
        l->work, table,
        arena_printf(a, "%lld of %lld offences have no time of day or a placeholder.",
                     (long long)(t->hours.n - t->hours.clean_count), (long long)t->hours.n),
        reterr));
    RV_TRY(spread_note(t, table, reterr));
    if (t->hours.verdict == HOURS_NOT_RELIABLE) {
        RV_TRY(compose_note(l->work, table,
                            "These hours are not reliable: too few offences have a time of day and "
                            "were recorded soon.",
                            reterr));
    } else if (t->hours.verdict == HOURS_LATE_PEAK) {
        RV_TRY(compose_note(l->work, table,
                            arena_printf(a,
                                         "The hour from %s is the highest only with offences that "
                                         "were recorded late: compare the column within %d days.",
                                         time_hour_words(a, t->hours.peak.hour), HOURS_WITHIN),
                            reterr));
    }
    return table->title ? compose_note(l->work, table, l->source_caveat, reterr)
                        : arena_fail(a, reterr);
}

rv_status timing_week_table(struct timing *t, struct rv_err *reterr)
{
    static const char *const panels[2] = {"All times", "Without placeholders"};
    enum { WIDTH = 9 };
    struct lens *l = t->lens;
    struct arena *a = l->work->held.arena;
    struct result_column columns[WIDTH] = {{"panel", "Times", RESULT_TEXT}};
    columns[1] = (struct result_column){"hour", "Hour", RESULT_TEXT};
    for (int day = 0; day < 7; day++) {
        columns[day + 2] =
            (struct result_column){compose_slug(a, weekday_name(day)),
                                   arena_printf(a, "%.3s", weekday_name(day)), RESULT_COUNT};
        if (!columns[day + 2].name || !columns[day + 2].title) {
            return arena_fail(a, reterr);
        }
    }
    struct result_cell *cells = NULL;
    struct result_table *table = compose_lens_table(l, "week", columns, WIDTH, 48, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    table->title = arena_printf(a, "%s by hour and weekday, %s, %s", l->profile->title,
                                l->work->area_name, compose_period(a, t->range));
    table->description = "Offences by hour and weekday: on the left with every time of day, on the "
                         "right without the times that stand for a time not known.";
    table->chart = CHART_HEAT;
    for (int i = 0; i < 48; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(panels[i / 24]);
        row[1] = cell_text(arena_printf(a, "%02d:00", i % 24));
        for (int day = 0; day < 7; day++) {
            row[day + 2] = cell_number((double)t->week.hours[i / 24][day][i % 24]);
        }
    }
    return table->title ? compose_note(l->work, table, l->source_caveat, reterr)
                        : arena_fail(a, reterr);
}

/* ---- the ladder of recording delay ---- */

/* The hour of most, or of most but one: of equal ones the earlier; -1 = none. */
static int hour_of_most(const int64_t hours[24], int but)
{
    int most = -1;
    for (int hour = 0; hour < 24; hour++) {
        bool is_more = most < 0 || hours[hour] > hours[most];
        most = hour != but && hours[hour] > 0 && is_more ? hour : most;
    }
    return most;
}

static struct result_cell hour_cell(struct arena *a, const int64_t hours[24], int hour)
{
    return cell_text(
        hour < 0 ? "none"
                 : arena_printf(a, "%s (%lld)", time_hour_words(a, hour), (long long)hours[hour]));
}

static const char *rung_name(struct arena *a, int32_t days)
{
    return days < 0    ? "All with both dates"
           : days == 1 ? "Recorded within a day"
                       : arena_printf(a, "Recorded within %d days", (int)days);
}

static const char *rung_verdict(double kept)
{
    enum wording wording = wording_of_kept(kept);
    return wording == WORDING_HOLDS                ? "holds"
           : wording == WORDING_HOLDS_WITH_CAUTION ? "holds with caution"
                                                   : "not reliable";
}

/* A rung is judged by the part of all offences that it keeps, those without a usable time or dates
 * among the lost. */
static rv_status rung_row(struct timing *t, int r, struct result_cell *row, struct rv_err *reterr)
{
    struct arena *a = t->lens->work->held.arena;
    const struct delay *d = &t->hours.delay;
    const int64_t *hours = t->hours.rungs[r];
    struct interval ci;
    int64_t timed = 0;
    for (int hour = 0; hour < 24; hour++) {
        timed += hours[hour];
    }
    RV_TRY(interval_wilson(d->rungs[r].n, d->valid, STATS_LEVEL, &ci, reterr));
    int peak = hour_of_most(hours, -1);
    row[0] = cell_text(rung_name(a, d->rungs[r].days));
    row[1] = cell_number(100 * (double)d->rungs[r].n / (double)d->valid);
    row[2] = cell_number(100 * ci.lower);
    row[3] = cell_number(100 * ci.upper);
    row[4] = cell_number((double)d->rungs[r].n);
    row[5] = cell_number((double)timed);
    row[6] = hour_cell(a, hours, peak);
    row[7] = hour_cell(a, hours, peak < 0 ? -1 : hour_of_most(hours, peak));
    row[8] = cell_text(d->rungs[r].days < 0 ? "late records are left in"
                                            : rung_verdict((double)timed / (double)t->hours.n));
    return row[0].text && row[6].text && row[7].text ? rv_ok() : arena_fail(a, reterr);
}

rv_status timing_ladder_table(struct timing *t, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"rung", "Offences", RESULT_TEXT},
        {"kept_percent", "Kept, percent", RESULT_PERCENT},
        {"lower", "95% interval, lower", RESULT_PERCENT},
        {"upper", "95% interval, upper", RESULT_PERCENT},
        {"kept", "Kept", RESULT_COUNT},
        {"with_time", "of these with a usable time", RESULT_COUNT},
        {"peak", "Hour of most", RESULT_TEXT},
        {"runner_up", "Next", RESULT_TEXT},
        {"verdict", "Hours at this rung", RESULT_TEXT}};
    enum { WIDTH = 9 };
    struct lens *l = t->lens;
    struct arena *a = l->work->held.arena;
    struct result_cell *cells = NULL;
    if (!t->hours.has_delay) {
        return rv_ok();
    }
    struct result_table *table =
        compose_lens_table(l, "delay-ladder", columns, WIDTH, DELAY_RUNGS, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    table->title = arena_printf(a, "%s: does the hour stay when late records go? %s, %s",
                                l->profile->title, l->work->area_name, compose_period(a, t->range));
    table->description =
        "The part of the offences that was recorded so soon, with its 95% interval, and the hour "
        "in which most of them began. An hour that goes with the late records was made by them.";
    table->chart = CHART_BAR;
    for (int r = 0; r < DELAY_RUNGS; r++) {
        RV_TRY(rung_row(t, r, &cells[r * WIDTH], reterr));
    }
    RV_TRY(
        compose_note(l->work, table,
                     arena_printf(a,
                                  "Kept is of the %lld offences with both dates in order. A rung "
                                  "holds when its offences with a usable time are at least %d%% "
                                  "of all %lld, with caution from %d%%.",
                                  (long long)t->hours.delay.valid, (int)(100 * WORDING_KEPT_HOLDS),
                                  (long long)t->hours.n, (int)(100 * WORDING_KEPT_CAUTION)),
                     reterr));
    return table->title ? compose_note(l->work, table, l->source_caveat, reterr)
                        : arena_fail(a, reterr);
}

/* assess/time_tables.c — hours by the ladder of recording delay, and hour by weekday.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/time_internal.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

rv_status timing_hours_table(struct timing *t, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"hour", "Hour", RESULT_TEXT},
        {"clean", "Without placeholders", RESULT_COUNT},
        {"all", "All with a time of day", RESULT_COUNT},
        {"within_28", "Recorded within 28 days", RESULT_COUNT},
        {"within_7", "Recorded within 7 days", RESULT_COUNT},
        {"within_1", "Recorded within a day", RESULT_COUNT}};
    enum { WIDTH = 6 };
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
        "that stand for a time not known, all, and of the first those recorded "
        "within 28 days, 7 days and a day.";
    table->chart = CHART_BAR;
    for (int hour = 0; hour < 24; hour++) {
        struct result_cell *row = &cells[hour * WIDTH];
        row[0] = cell_text(arena_printf(a, "%02d:00", hour));
        row[1] = cell_number((double)t->hours.clean[hour]);
        row[2] = cell_number((double)t->hours.raw[hour]);
        for (int r = 1; r < DELAY_RUNGS; r++) {
            row[r + 2] =
                cell_number(t->hours.has_delay ? (double)t->hours.rungs[r][hour] : NOT_KNOWN);
        }
    }
    RV_TRY(compose_note(
        l->work, table,
        arena_printf(a, "%lld of %lld offences have no time of day or a placeholder.",
                     (long long)(t->hours.n - t->hours.clean_count), (long long)t->hours.n),
        reterr));
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
                                         timing_hour_words(a, t->hours.peak.hour), HOURS_WITHIN),
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
            row[day + 2] = cell_number((double)t->week_hours[i / 24][day][i % 24]);
        }
    }
    return table->title ? compose_note(l->work, table, l->source_caveat, reterr)
                        : arena_fail(a, reterr);
}

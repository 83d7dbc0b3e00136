/* assess/brief_parts.c — what groups ask for beside places: trend, wards, hours, venues, people.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"
#include "stats/binomial.h"

#include <math.h>
#include <string.h>

#define TREND_MONTHS 24
#define TREND_YEAR   12
#define SURE         0.05
#define MOST_WARDS   10

static const double NOT_KNOWN = (double)NAN;

static bool is_of_year(const struct brief_work *b, const struct brief_event *e)
{
    return brief_is_within(e, b->now.from, b->on);
}

static bool is_of_window(const struct brief_work *b, const struct brief_event *e)
{
    return brief_is_within(e, b->on - b->days, b->on);
}

/* A table of one row a label: the weeks counted and this window. Counts below 0 are not held. */
static rv_status put_counts(struct brief_work *b, const char *id, const char *what,
                            const char *const *labels, const int64_t (*counts)[2], size_t n,
                            struct rv_err *reterr)
{
    const struct result_column columns[] = {
        {"label", what, RESULT_TEXT},
        {"weeks", "In the weeks counted", RESULT_COUNT},
        {"window", "This window", RESULT_COUNT},
    };
    struct arena *a = b->w.held.arena;
    struct result_cell *cells;
    struct result_table *t = brief_table(b, id, columns, 3, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: %s, %d weeks to %s", what, b->w.area_name,
                            (int)(b->on - b->now.from) / 7, b->last_text);
    t->description = what;
    for (size_t i = 0; i < n; i++) {
        cells[3 * i] = cell_text(labels[i]);
        for (size_t k = 0; k < 2; k++) {
            struct result_cell *cell = &cells[3 * i + k + 1];
            *cell = cell_number(counts[i][k] < 0 ? NOT_KNOWN : (double)counts[i][k]);
            cell->text =
                counts[i][k] < 0 ? "no record of the source is of it: it may not be held" : NULL;
        }
    }
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

/* ---- by month, by date of record ---- */

static int32_t month_of(int32_t day)
{
    return civil_month_of(civil_pack((int64_t)day * 86400, CIVIL_DATE));
}

static rv_status put_trend(struct brief_work *b, const int64_t *counts, int32_t first,
                           struct rv_err *reterr)
{
    int64_t late = 0, early = 0;
    bool is_whole = true;
    double p;
    for (int32_t i = 0; i < TREND_MONTHS; i++) {
        is_whole = is_whole && source_covers(b->source, first + i);
        *(i < TREND_YEAR ? &early : &late) += counts[i];
    }
    struct finding *f = brief_finding(b, "trend", "year");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "rate-ratio";
    f->period = (struct month_range){first + TREND_YEAR, first + TREND_MONTHS - 1};
    f->compare = (struct month_range){first, first + TREND_YEAR - 1};
    if (!is_whole) {
        return compose_absent(&b->w, f, "TREND_NOT_AVAILABLE",
                              "the records do not cover the two years before", reterr);
    }
    RV_TRY(binomial_test(late, late + early, 0.5, &p, reterr));
    f->value = (double)late;
    f->compare_value = (double)early;
    f->rule = late + early == 0 ? "TREND_NONE"
              : p >= SURE       ? "TREND_NOT_DISTINGUISHABLE"
              : late > early    ? "TREND_UP"
                                : "TREND_DOWN";
    return rv_ok();
}

rv_status brief_trend(struct brief_work *b, struct rv_err *reterr)
{
    static const struct result_column columns[] = {{"month", "Month", RESULT_MONTH},
                                                   {"offences", "Offences", RESULT_COUNT}};
    struct arena *a = b->w.held.arena;
    int32_t first = month_of(b->on) - TREND_MONTHS; /* the month of the brief is not whole */
    int64_t counts[TREND_MONTHS] = {0};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        int32_t at = e->recorded == BRIEF_NO_DAY ? -1 : month_of(e->recorded) - first;
        if (e->is_counted && at >= 0 && at < TREND_MONTHS) {
            counts[at]++;
        }
    }
    RV_TRY(put_trend(b, counts, first, reterr));
    struct result_cell *cells;
    struct result_table *t = brief_table(b, "by-month", columns, 2, TREND_MONTHS, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "By month of record: %s", b->w.area_name);
    t->description = "Offences in each month, by the month in which they were recorded.";
    t->chart = CHART_LINE;
    for (int32_t i = 0; i < TREND_MONTHS; i++) {
        bool is_held = source_covers(b->source, first + i);
        cells[2 * i] = (struct result_cell){.number = first + i};
        cells[2 * i + 1] = cell_number(is_held ? (double)counts[i] : NOT_KNOWN);
        cells[2 * i + 1].text = is_held ? NULL : "the records do not cover this month";
    }
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

/* ---- wards ---- */

static rv_status places(struct brief_work *b, struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    size_t n = b->ward_count, shown = 0;
    int64_t(*counts)[2] = arena_new(a, n + 1, sizeof *counts);
    int64_t(*rows)[2] = arena_new(a, n + 1, sizeof *rows);
    const char **labels = ARENA_NEW(a, const char *, n + 1);
    bool *is_used = ARENA_NEW(a, bool, n + 1);
    if (!counts || !rows || !labels || !is_used) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        if (e->ward > 0 && is_of_year(b, e)) {
            counts[e->ward - 1][0]++;
            counts[e->ward - 1][1] += is_of_window(b, e);
        }
    }
    while (shown < n && shown < MOST_WARDS) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            best = !is_used[i] && (best == n || counts[i][0] > counts[best][0]) ? i : best;
        }
        is_used[best] = true;
        if (counts[best][0] == 0) {
            break;
        }
        labels[shown] = brief_ward_name(b, best);
        rows[shown][0] = counts[best][0];
        rows[shown++][1] = counts[best][1];
    }
    return shown ? put_counts(b, "wards", "Wards with most", labels, (const int64_t(*)[2])rows,
                              shown, reterr)
                 : rv_ok();
}

/* ---- hours ---- */

/* The day on which the part of the day began, and the part: 0 from 07:00. */
static bool part_of(const struct brief_choice *c, const struct brief_event *e, int *day, int *part)
{
    int32_t shift_day;
    *part = brief_block(c, e, &shift_day);
    *day = *part < 0 ? -1 : brief_weekday(shift_day);
    return *part >= 0;
}

static rv_status hours_grid(struct brief_work *b, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"day", "Day", RESULT_TEXT},        {"from_07", "07–11", RESULT_COUNT},
        {"from_11", "11–15", RESULT_COUNT}, {"from_15", "15–19", RESULT_COUNT},
        {"from_19", "19–23", RESULT_COUNT}, {"from_23", "23–03", RESULT_COUNT},
        {"from_03", "03–07", RESULT_COUNT}};
    struct arena *a = b->w.held.arena;
    struct result_cell *cells;
    if (!b->now.has_hours) {
        return rv_ok(); /* said among the limits */
    }
    struct result_table *t = brief_table(b, "hours", columns, 7, 7, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < 49; i++) {
        cells[i] = i % 7 == 0 ? cell_text(weekday_name((int)i / 7)) : cell_number(0);
    }
    for (size_t i = 0; i < b->event_count; i++) {
        int day, part;
        if (is_of_year(b, &b->events[i]) && part_of(&b->now, &b->events[i], &day, &part)) {
            cells[day * 7 + part + 1].number++;
        }
    }
    t->title = arena_printf(a, "When: %s, %d weeks to %s", b->w.area_name,
                            (int)(b->on - b->now.from) / 7, b->last_text);
    t->description = "Offences by the day on which the part of the day began and the part.";
    t->chart = CHART_HEAT;
    return t->title ? compose_note(&b->w, t,
                                   "Hours after midnight are with the evening before. Placeholder "
                                   "times and offences without a time are left out.",
                                   reterr)
                    : arena_fail(a, reterr);
}

/* ---- day, evening and night, by type of venue ---- */

static rv_status economy(struct brief_work *b, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"venue", "Venue", RESULT_TEXT},
        {"day", "Day, 07:00–19:00", RESULT_COUNT},
        {"evening", "Evening, 19:00–23:00", RESULT_COUNT},
        {"night", "Night, 23:00–07:00", RESULT_COUNT}};
    struct arena *a = b->w.held.arena;
    size_t n = b->venue_count, rows = 0;
    int64_t(*counts)[3] = arena_new(a, n + 1, sizeof *counts);
    if (!counts) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; b->now.has_hours && i < b->event_count; i++) {
        int day, part;
        if (is_of_year(b, &b->events[i]) && part_of(&b->now, &b->events[i], &day, &part)) {
            counts[b->events[i].venue][part < 3 ? 0 : part == 3 ? 1 : 2]++;
        }
    }
    for (size_t v = 0; v < n; v++) {
        rows += counts[v][0] + counts[v][1] + counts[v][2] > 0;
    }
    struct result_cell *cells;
    struct result_table *t =
        rows ? brief_table(b, "day-and-night", columns, 4, rows, &cells) : NULL;
    if (!t) {
        return rows ? arena_fail(a, reterr) : rv_ok();
    }
    size_t row = 0;
    for (size_t v = 1; v <= n; v++) { /* what is not recorded last */
        const int64_t *c = counts[v % n];
        if (c[0] + c[1] + c[2] > 0) {
            cells[4 * row] = cell_text(v == n ? "not recorded" : b->venues[v]);
            for (size_t k = 0; k < 3; k++) {
                cells[4 * row + k + 1] = cell_number((double)c[k]);
            }
            row++;
        }
    }
    t->title = arena_printf(a, "By day and by night: %s, %d weeks to %s", b->w.area_name,
                            (int)(b->on - b->now.from) / 7, b->last_text);
    t->description = "Offences by type of venue, by day, in the evening and at night.";
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

/* ---- victims and weapons ---- */

static rv_status people(struct brief_work *b, struct rv_err *reterr)
{
    static const char *const labels[] = {
        "Offences with a female victim", "Offences with a male victim",
        "Offences with a victim of other sex", "No victim's sex is recorded"};
    int64_t counts[4][2] = {{0}};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        for (unsigned s = 0; s < 4 && is_of_year(b, e); s++) {
            bool is_in = s < 3 ? ((unsigned)e->sexes >> s & 1u) != 0 : e->sexes == 0;
            counts[s][0] += is_in;
            counts[s][1] += is_in && is_of_window(b, e);
        }
    }
    for (unsigned s = 0; s < 3; s++) {
        if (!((unsigned)b->seen.sexes >> s & 1u)) {
            counts[s][0] = counts[s][1] = -1;
        }
    }
    return put_counts(b, "victims", "Victims", labels, (const int64_t(*)[2])counts, 4, reterr);
}

static rv_status weapons(struct brief_work *b, struct rv_err *reterr)
{
    static const char *const labels[] = {"Knife", "Firearm", "Corrosive substance", "Other weapon"};
    static const char *const flags[] = {"knife", "firearm", "corrosive", "other-weapon"};
    int64_t counts[4][2] = {{0}};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        for (size_t k = 0; k < 4 && is_of_year(b, e); k++) {
            bool is_in = (e->flags & flags_of(text_of(flags[k]))) != 0;
            counts[k][0] += is_in;
            counts[k][1] += is_in && is_of_window(b, e);
        }
    }
    for (size_t k = 0; k < 4; k++) {
        if (!(b->seen.flags & flags_of(text_of(flags[k])))) {
            counts[k][0] = counts[k][1] = -1;
        }
    }
    return put_counts(b, "weapons", "Weapons flagged", labels, (const int64_t(*)[2])counts, 4,
                      reterr);
}

rv_status brief_parts(struct brief_work *b, struct rv_err *reterr)
{
    unsigned parts = b->product->parts;
    RV_TRY(parts & PART_PLACES ? places(b, reterr) : rv_ok());
    RV_TRY(parts & PART_HOURS ? hours_grid(b, reterr) : rv_ok());
    RV_TRY(parts & PART_ECONOMY ? economy(b, reterr) : rv_ok());
    RV_TRY(parts & PART_PEOPLE ? people(b, reterr) : rv_ok());
    return parts & PART_WEAPONS ? weapons(b, reterr) : rv_ok();
}

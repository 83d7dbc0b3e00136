/* assess/told_when.c — the months of a question, year beside year, and what follows from times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "assess/told_months.h"
#include "base/text.h"
#include "define/vocabulary.h"
#include "stats/compare.h"

#include <math.h>

/* ---- months ---- */

/* "Before March 2024: …" */
static rv_status add_break_note(struct telling *t, struct result_table *table,
                                const struct months *m, size_t at, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    int32_t month = m->period.first + (int32_t)at;
    const char *name = compose_period(a, (struct month_range){month, month});
    return compose_note(&t->work, table,
                        name ? arena_printf(a, "The line is cut before %s: %s", name, m->breaks[at])
                             : NULL,
                        reterr);
}

static rv_status month_table(struct telling *t, const struct months *m, struct rv_err *reterr)
{
    const struct result_column columns[] = {
        {"month", "Month", RESULT_MONTH},
        {"count", "Number", RESULT_COUNT},
        {"break", "What changed before this month", RESULT_TEXT}};
    struct result_cell *cells = NULL;
    size_t n = (size_t)month_range_count(m->period), width = m->has_breaks ? 3 : 2;
    struct result_table *table = telling_table(t, columns, width, n, &cells);
    if (!table) {
        return arena_fail(t->work.held.arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        struct result_cell *row = &cells[width * i];
        row[0] = (struct result_cell){.number = (double)m->period.first + (double)i};
        row[1] = cell_number(m->counts[i]);
        row[1].text = row[1].is_missing ? "not available" : NULL;
        if (m->has_breaks) {
            row[2] = cell_text(m->breaks[i] ? m->breaks[i] : "");
        }
    }
    for (size_t i = 0; i < n; i++) {
        RV_TRY(m->breaks[i] ? add_break_note(t, table, m, i, reterr) : rv_ok());
    }
    return telling_table_end(t, table, telling_title(t, "by month"),
                             "The number of each month. A month that the source does not cover is "
                             "not available, never nought, and breaks the line.",
                             CHART_LINE, reterr);
}

/* Counts and days by calendar month over months that are all there. */
static rv_status say_season(struct telling *t, const struct months *m, struct rv_err *reterr)
{
    int64_t counts[12] = {0};
    double days[12] = {0};
    struct finding *f = telling_finding(t, "season");
    if (!f) {
        return arena_fail(t->work.held.arena, reterr);
    }
    f->value = 0;
    for (int32_t at = m->period.first; at <= m->period.last; at++) {
        double count = months_count(m, at);
        if (isnan(count)) {
            return compose_absent(&t->work, f, "MONTHS_NOT_AVAILABLE",
                                  "the source does not cover every month", reterr);
        }
        f->value += count;
        counts[at % 12] += llround(count);
        days[at % 12] += month_range_days((struct month_range){at, at});
    }
    return time_say_months(&t->work, f, counts, days, (int)month_range_count(m->period), t->things,
                           reterr);
}

/* ---- year beside year ---- */

/* The most months, up to twelve, that end where the period does and are there a year before; the
 * last month that is there ends them. */
static struct month_range latest_year(const struct months *m)
{
    int32_t last = m->period.last, n = 0;
    while (last >= m->period.first && isnan(months_count(m, last))) {
        last--;
    }
    while (n < 12 && !isnan(months_count(m, last - n)) && !isnan(months_count(m, last - n - 12))) {
        n++;
    }
    return (struct month_range){last - n + 1, last};
}

static int64_t sum_of(const struct months *m, struct month_range range)
{
    double sum = 0;
    for (int32_t at = range.first; at <= range.last; at++) {
        sum += months_count(m, at);
    }
    return llround(sum);
}

static const char *year_rule(enum wording wording)
{
    return wording == WORDING_TREND_UP           ? "YEAR_UP"
           : wording == WORDING_TREND_DOWN       ? "YEAR_DOWN"
           : wording == WORDING_NO_CHANGE        ? "YEAR_SAME"
           : wording == WORDING_NOTHING_RECORDED ? "YEAR_NONE"
                                                 : "YEAR_NOT_DISTINGUISHABLE";
}

static rv_status say_year(struct telling *t, const struct months *m, struct rv_err *reterr)
{
    struct month_range now = latest_year(m), before = {now.first - 12, now.last - 12};
    struct finding *f = telling_finding(t, "year");
    if (!f) {
        return arena_fail(t->work.held.arena, reterr);
    }
    f->unit = t->things->many;
    f->method = "rate-ratio";
    if (now.first > now.last) {
        return compose_absent(&t->work, f, "YEAR_NOT_AVAILABLE",
                              "no month of the period is there a year before as well", reterr);
    }
    int64_t after = sum_of(m, now), then = sum_of(m, before);
    f->period = now;
    f->compare = before;
    f->value = f->numerator = (double)after;
    f->compare_value = f->denominator = (double)then;
    f->denominator_name = arena_printf(t->work.held.arena, "%s a year before", t->things->many);
    f->rule = "YEAR_NONE";
    if (!f->denominator_name) {
        return arena_fail(t->work.held.arena, reterr);
    }
    if (after + then == 0) {
        return rv_ok();
    }
    struct comparison k;
    RV_TRY(compare_rates(after, month_range_days(now), then, month_range_days(before), STATS_LEVEL,
                         &k, reterr));
    double ratio = k.has_ratio ? k.ratio : (double)INFINITY;
    enum wording wording = wording_of_difference(then, after, ratio, k.p);
    f->rule = year_rule(wording);
    bool has_percent = wording_of_percent(then) != WORDING_SMALL_BASE;
    RV_TRY(compose_percent_change(&t->work, f, &k, has_percent, reterr));
    for (int32_t at = before.first + 1; at <= now.last && m->has_breaks; at++) {
        if (m->breaks[at - m->period.first]) {
            f->verdict = VERDICT_CAUTION;
            return compose_caveat(
                &t->work, f,
                "Holds with caution, because between the two what is recorded may "
                "have changed: see where the line of months is cut.",
                reterr);
        }
    }
    if (wording == WORDING_NO_CHANGE) {
        return rv_ok();
    }
    return compose_caveat(&t->work, f,
                          "The test takes each of them as independent of the others; repeats and "
                          "events of several records make real change harder to tell from chance.",
                          reterr);
}

/* Calendar months down, years across. */
static rv_status year_table(struct telling *t, const struct months *m, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    int32_t first = m->period.first / 12, years = m->period.last / 12 - first + 1;
    size_t width = (size_t)years + 1;
    struct result_column *columns = ARENA_NEW(a, struct result_column, width);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    columns[0] = (struct result_column){"month", "Month", RESULT_TEXT};
    for (int32_t y = 0; y < years; y++) {
        const char *name = arena_printf(a, "%d", first + y);
        columns[1 + y] = (struct result_column){name, name, RESULT_COUNT};
        RV_TRY(name ? rv_ok() : arena_fail(a, reterr));
    }
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(t, columns, width, 12, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    for (int32_t month = 0; month < 12; month++) {
        struct result_cell *row = &cells[(size_t)month * width];
        row[0] = cell_text(month_name(month + 1));
        for (int32_t y = 0; y < years; y++) {
            row[1 + y] = cell_number(months_count(m, (first + y) * 12 + month));
            row[1 + y].text = row[1 + y].is_missing ? "not available" : NULL;
        }
    }
    return telling_table_end(t, table, telling_title(t, "by calendar month, year beside year"),
                             "Each calendar month with its years side by side. A month outside the "
                             "period, or that the source does not cover, is not available.",
                             CHART_HEAT, reterr);
}

static rv_status told_years(struct telling *t, const struct months *m, struct rv_err *reterr)
{
    telling_part(t, "years", "Year beside year");
    t->part->asked = t->told->parts[0].asked;
    bool has_years = m->period.last / 12 > m->period.first / 12;
    if (!has_years) {
        return telling_absent(
            t, "The period lies in one year. Choose a longer one to set years side by side.",
            reterr);
    }
    RV_TRY(say_year(t, m, reterr));
    return year_table(t, m, reterr);
}

static rv_status told_months(struct telling *t, struct rv_err *reterr)
{
    struct months m;
    telling_part(t, "months", "Month by month");
    RV_TRY(months_read(t, false, &m, reterr));
    if (m.period.first > m.period.last) {
        return telling_absent(t, "No month of the period is held.", reterr);
    }
    RV_TRY(months_find_breaks(t, &m, reterr));
    RV_TRY(say_season(t, &m, reterr));
    RV_TRY(month_table(t, &m, reterr));
    return told_years(t, &m, reterr);
}

/* ---- the whole ---- */

/* Why a kind has no days and hours, and what has. */
static const char *without_times(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } all[] = {
        {"area-counts",
         "Counts that others publish state months, not the day or time of each event. Days and "
         "hours are in records: recorded offences, attendances, stops and searches."},
        {"cohort",
         "People known to services are known over a period, not at a time. Explore has them by "
         "month, quarter and year."},
        {"referrals",
         "Referrals are given as counts of a period, without days and hours. Explore has them by "
         "month, quarter and year."},
        {NULL, "Data of this kind have no time. Choose another kind."}};
    size_t i = 0;
    while (all[i].kind && !is_word(kind, all[i].kind)) {
        i++;
    }
    return all[i].words;
}

rv_status told_when(struct held *h, const struct table_options *question, struct told *ret,
                    struct rv_err *reterr)
{
    struct telling *t = ARENA_NEW(h->arena, struct telling, 1);
    const char *kind = question->kind ? question->kind : "offences";
    if (!t) {
        return arena_fail(h->arena, reterr);
    }
    telling_begin(t, h, question, "when", ret);
    bool is_records = vocabulary_has(TABLE_RECORD_KINDS, text_of(kind));
    if (is_records || is_word(kind, "area-counts")) {
        RV_TRY(told_months(t, reterr));
    }
    if (is_records) {
        RV_TRY(told_clock(t, reterr));
    } else {
        telling_part(t, "hours", "Days and hours");
        RV_TRY(telling_absent(t, without_times(kind), reterr));
    }
    return telling_end(t, reterr);
}

/* assess/told_months.c — reading months out of a table, and where their level breaks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told_months.h"

#include "assess/series_break.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

double months_count(const struct months *m, int32_t month)
{
    bool is_in = month >= m->period.first && month <= m->period.last;
    return is_in ? m->counts[month - m->period.first] : NOT_KNOWN;
}

/* ---- reading ---- */

static bool month_of(const struct result_table *table, size_t row, int32_t *ret)
{
    struct month_range month;
    bool is_month = month_range_parse(text_of(asked_text(table, row, "month")), &month);
    *ret = is_month ? month.first : 0;
    return is_month;
}

static rv_status make_room(struct arena *a, struct months *m, struct rv_err *reterr)
{
    size_t n = m->period.first > m->period.last ? 0 : (size_t)month_range_count(m->period);
    m->counts = ARENA_NEW(a, double, n + 1);
    m->breaks = ARENA_NEW(a, const char *, n + 1);
    if (!m->counts || !m->breaks) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        m->counts[i] = NOT_KNOWN;
    }
    return rv_ok();
}

rv_status months_read(struct telling *t, bool is_everywhere, struct months *ret,
                      struct rv_err *reterr)
{
    struct result_table table;
    struct table_options asked = *t->question;
    struct months m = {.period = {1, 0}};
    int32_t month;
    asked.by = "month";
    asked.area = is_everywhere ? NULL : asked.area;
    RV_TRY(telling_ask(t, &asked, &table, reterr));
    for (size_t r = 0; r < table.row_count; r++) {
        if (month_of(&table, r, &month)) {
            m.period.first = m.period.first > m.period.last ? month : m.period.first;
            m.period.last = month;
        }
    }
    RV_TRY(make_room(t->work.held.arena, &m, reterr));
    for (size_t r = 0; r < table.row_count; r++) {
        if (month_of(&table, r, &month)) {
            m.counts[month - m.period.first] = asked_number(&table, r, "count");
        }
    }
    if (!is_everywhere) {
        telling_notes(t, &table);
        t->options.period = m.period;
    }
    *ret = m;
    return rv_ok();
}

/* ---- breaks ---- */

/* The longest run of months that are there; first > last = none. */
static struct month_range longest_run(const struct months *m)
{
    struct month_range best = {1, 0}, run = {1, 0};
    for (int32_t at = m->period.first; at <= m->period.last; at++) {
        bool is_next = run.first <= run.last && run.last + 1 == at;
        if (isnan(months_count(m, at))) {
            continue;
        }
        run = is_next ? (struct month_range){run.first, at} : (struct month_range){at, at};
        best = run.last - run.first > best.last - best.first ? run : best;
    }
    return best;
}

static rv_status find_step(struct telling *t, const struct months *whole, struct months *m,
                           struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    struct month_range run = longest_run(whole);
    size_t n = run.first > run.last ? 0 : (size_t)month_range_count(run);
    int64_t *x = ARENA_NEW(a, int64_t, n + 1), events = 0;
    struct series_break step;
    bool is_found = false;
    if (!x) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = llround(months_count(whole, run.first + (int32_t)i));
        events += x[i];
    }
    if (n < SERIES_BREAK_MONTHS || events < SERIES_BREAK_EVENTS) {
        return rv_ok();
    }
    RV_TRY(series_break_find(a, x, run, &step, &is_found, reterr));
    bool is_here = is_found && step.month > m->period.first && step.month <= m->period.last;
    if (is_here) {
        const char *text = arena_printf(
            a,
            "the level changes at once in the whole source, from %.0f to %.0f a month (means of "
            "three months on either side). What is recorded may have changed, or what happened.",
            step.before, step.after);
        m->breaks[step.month - m->period.first] = text;
        m->has_breaks = true;
        return text ? rv_ok() : arena_fail(a, reterr);
    }
    return rv_ok();
}

static rv_status add_known(struct telling *t, struct months *m, struct rv_err *reterr)
{
    struct arena *a = t->work.held.arena;
    const struct held *h = &t->work.held;
    const char *kind = t->question->kind, *code = t->question->area;
    const struct layer *boroughs =
        layer_choose(h->layers, h->layer_count, "borough", NULL, m->period.last);
    bool is_of_police = !kind || is_word(kind, "offences") || is_word(kind, "area-counts");
    code = code ? code : boroughs && boroughs->count ? boroughs->areas[0].code : "";
    for (int32_t at = m->period.first + 1; is_of_police && at <= m->period.last; at++) {
        const char *known = series_break_known(text_of(code), at);
        const char **there = &m->breaks[at - m->period.first];
        if (known) {
            *there = *there ? arena_printf(a, "%s Also: %s.", *there, known)
                            : arena_printf(a, "%s.", known);
            m->has_breaks = true;
            RV_TRY(*there ? rv_ok() : arena_fail(a, reterr));
        }
    }
    return rv_ok();
}

rv_status months_find_breaks(struct telling *t, struct months *m, struct rv_err *reterr)
{
    struct months whole = *m;
    struct rv_err err;
    rv_status status = t->question->area ? months_read(t, true, &whole, &err) : rv_ok();
    bool is_refused = status.code == RV_REFUSED || status.code == RV_NOT_FOUND;
    if (!rv_is_ok(status) && !is_refused) { /* counts of mixed vintages have no whole */
        *reterr = err;
        return status;
    }
    RV_TRY(is_refused ? rv_ok() : find_step(t, &whole, m, reterr));
    return add_known(t, m, reterr);
}

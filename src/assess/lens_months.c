/* assess/lens_months.c — the months of a lens, and where their level breaks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/series_break.h"

#include <math.h>

#define MOST_LINES 40 /* more would not be told apart; the least frequent are put together */

static const double NOT_KNOWN = (double)NAN;

struct months {
    struct lens *lens;
    uint32_t lines, others; /* groups with a line of their own; put together */
    size_t width, count;    /* columns without breaks; months */
    struct buf *breaks; /* [count] why the lines are cut before the month; empty = they are not */
    bool has_breaks, is_searched; /* for a level that changes at once */
};

/* ---- breaks ---- */

/* Events of the whole source in a month: what is recorded changes for all boroughs alike. */
static int64_t of_source(const struct lens *l, uint32_t from, uint32_t to, size_t bucket)
{
    int64_t sum = 0;
    for (uint32_t c = from; c < to; c++) {
        for (uint32_t area = 0; area <= l->work->boroughs->count; area++) {
            sum += lens_cell(l, c, area, (uint32_t)bucket + 1);
        }
    }
    return cube_events(&l->cube, sum);
}

/* The longest run of months that can be told, as places in the axis; first > last = none. */
static struct month_range longest_run(const struct lens *l)
{
    struct month_range best = {1, 0}, run = {1, 0};
    const struct cube_axis *time = &l->axes[2];
    for (size_t b = 0; b < time->bucket_count; b++) {
        int32_t at = (int32_t)b;
        bool is_next = run.first <= run.last && run.last == at - 1 &&
                       time->buckets[b].first == time->buckets[b - 1].first + 1;
        if (!lens_has_month(l, b)) {
            continue;
        }
        run = is_next ? (struct month_range){run.first, at} : (struct month_range){at, at};
        best = run.last - run.first > best.last - best.first ? run : best;
    }
    return best;
}

/* A step of the categories [from, to) together. */
static rv_status find_step(struct months *k, uint32_t from, uint32_t to, const char *name,
                           struct rv_err *reterr)
{
    struct lens *l = k->lens;
    struct arena *a = l->work->held.arena;
    struct month_range run = longest_run(l);
    int32_t n = month_range_count(run);
    if (n < SERIES_BREAK_MONTHS) {
        return rv_ok();
    }
    int64_t *x = ARENA_NEW(a, int64_t, (size_t)n), events = 0;
    if (!x) {
        return arena_fail(a, reterr);
    }
    for (int32_t i = 0; i < n; i++) {
        x[i] = of_source(l, from, to, (size_t)(run.first + i));
        events += x[i];
    }
    int32_t first = l->axes[2].buckets[run.first].first;
    struct series_break step;
    bool is_found = false;
    RV_TRY(events < SERIES_BREAK_EVENTS
               ? rv_ok()
               : series_break_find(a, x, (struct month_range){first, first + n - 1}, &step,
                                   &is_found, reterr));
    k->is_searched = k->is_searched || events >= SERIES_BREAK_EVENTS;
    if (is_found) {
        struct buf *text = &k->breaks[run.first + step.month - first];
        buf_text(text, text->n ? "; " : "the level changes at once in the whole source, ");
        buf_printf(text, "%s from %.0f to %.0f a month", name, step.before, step.after);
        k->has_breaks = true;
    }
    return rv_ok();
}

static void add_known(struct months *k)
{
    const struct cube_axis *time = &k->lens->axes[2];
    struct text area = text_of(k->lens->work->options->area);
    for (size_t b = 1; b < k->count; b++) {
        const char *known = series_break_known(area, time->buckets[b].first);
        if (known) {
            buf_text(&k->breaks[b], k->breaks[b].n ? ". Also: " : "");
            buf_text(&k->breaks[b], known);
            k->has_breaks = true;
        }
    }
}

static rv_status find_breaks(struct months *k, struct rv_err *reterr)
{
    struct lens *l = k->lens;
    RV_TRY(find_step(k, 0, l->categories, "all", reterr));
    for (uint32_t i = 0; i < k->lines && l->order_count > 1; i++) {
        uint32_t c = l->order[i];
        RV_TRY(find_step(k, c, c + 1, l->names[c], reterr));
    }
    for (size_t b = 0; b < k->count; b++) {
        if (k->breaks[b].n) {
            buf_text(&k->breaks[b], " (means of three months on either side). What is recorded may "
                                    "have changed, or what happened");
        }
    }
    add_known(k);
    for (size_t b = 0; b < k->count; b++) {
        buf_text(&k->breaks[b], k->breaks[b].n ? "." : "");
        RV_TRY(buf_status(&k->breaks[b], reterr));
    }
    return rv_ok();
}

/* ---- the table ---- */

static double month_cell(const struct lens *l, uint32_t from, uint32_t to, size_t bucket)
{
    int64_t sum = 0;
    for (uint32_t i = from; i < to; i++) {
        sum += lens_cell(l, l->order[i], l->work->area, (uint32_t)bucket + 1);
    }
    return lens_has_month(l, bucket) ? (double)cube_events(&l->cube, sum) : NOT_KNOWN;
}

static rv_status fill_month(const struct months *k, size_t b, struct result_cell *row,
                            struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    int32_t month = l->axes[2].buckets[b].first;
    int64_t all = 0;
    for (uint32_t c = 0; c < l->categories; c++) {
        all += lens_cell(l, c, l->work->area, (uint32_t)b + 1);
    }
    row[0] = cell_number(month);
    row[1] = cell_number(lens_has_month(l, b) ? (double)cube_events(&l->cube, all) : NOT_KNOWN);
    for (uint32_t i = 0; i < k->lines; i++) {
        row[i + 2] = cell_number(month_cell(l, i, i + 1, b));
    }
    if (k->others) {
        row[k->width - 1] = cell_number(month_cell(l, k->lines, l->order_count, b));
    }
    for (size_t c = 1; c < k->width && !source_covers(l->source, month); c++) {
        row[c].text = "not covered";
    }
    if (k->has_breaks) {
        const struct buf *why = &k->breaks[b];
        row[k->width] =
            cell_text(arena_text(l->work->held.arena, why->n ? why->bytes : "", why->n));
        return row[k->width].text ? rv_ok() : arena_fail(l->work->held.arena, reterr);
    }
    return rv_ok();
}

static rv_status name_columns(const struct months *k, struct result_column *columns,
                              struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    columns[0] = (struct result_column){"month", "Month", RESULT_MONTH};
    columns[1] = (struct result_column){"all", "All", RESULT_COUNT};
    for (uint32_t i = 0; i < k->lines; i++) {
        uint32_t c = l->order[i];
        columns[i + 2] = (struct result_column){l->slugs[c], l->names[c], RESULT_COUNT};
    }
    const char *rest =
        arena_printf(l->work->held.arena, "%u others, least frequent", (unsigned)k->others);
    if (k->others) {
        columns[k->width - 1] = (struct result_column){"others", rest, RESULT_COUNT};
    }
    columns[k->width] =
        (struct result_column){"break", "What changed before this month", RESULT_TEXT};
    return rest ? rv_ok() : arena_fail(l->work->held.arena, reterr);
}

static rv_status describe(const struct months *k, struct result_table *t, struct rv_err *reterr)
{
    const struct lens *l = k->lens;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    t->title = l->profile ? arena_printf(a, "%s by month and offence group, %s", l->profile->title,
                                         w->area_name)
                          : arena_printf(a, "Offences by month and crime type, %s", w->area_name);
    t->description =
        k->has_breaks
            ? "Offences in each month of the periods, all and by kind. A dotted upright line cuts "
              "the lines where what is recorded changed, or its level did at once: do not compare "
              "its two sides. A month that the source does not cover is left out, never drawn as "
              "zero."
        : k->is_searched
            ? "Offences in each month of the periods, all and by kind. No change of recording is "
              "known or seen between these months. A month that the source does not cover is left "
              "out of the line, never drawn as zero."
            : "Offences in each month of the periods, all and by kind: too few in a row, or too "
              "few offences, to see whether recording changed between them. A month that the "
              "source does not cover is left out of the line, never drawn as zero.";
    t->chart = CHART_LINE;
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}

static rv_status months_table(struct months *k, struct rv_err *reterr)
{
    struct lens *l = k->lens;
    struct arena *a = l->work->held.arena;
    RV_TRY(find_breaks(k, reterr));
    struct result_column *columns = ARENA_NEW(a, struct result_column, k->width + 1);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    RV_TRY(name_columns(k, columns, reterr));
    size_t width = k->width + (k->has_breaks ? 1 : 0);
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(l, "monthly-by-category", columns, width, k->count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < k->count; b++) {
        RV_TRY(fill_month(k, b, &cells[b * width], reterr));
    }
    return describe(k, t, reterr);
}

rv_status lens_months(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct months k = {.lens = l, .count = l->axes[2].bucket_count};
    k.lines = l->order_count > MOST_LINES ? MOST_LINES - 1 : l->order_count;
    k.others = l->order_count - k.lines;
    k.width = (size_t)k.lines + 2 + (k.others > 0);
    k.breaks = ARENA_NEW(a, struct buf, k.count);
    if (!k.breaks) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < k.count; b++) {
        buf_init(&k.breaks[b], 1u << 14);
    }
    rv_status status = months_table(&k, reterr);
    for (size_t b = 0; b < k.count; b++) {
        buf_done(&k.breaks[b]);
    }
    return status;
}

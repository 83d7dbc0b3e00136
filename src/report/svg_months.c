/* report/svg_months.c — months across: lines that break where a month is not available, and where
 * the table declares a break. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_months.h"

#include "report/format.h"

#include <math.h>
#include <string.h>

#define MARKERS_MAX 30 /* more points than this crowd their markers */
#define BREAKS_MAX  6  /* named below a chart; the others are in the table */

static const char *const dashes[] = {"", " stroke-dasharray=\"8 3\"", " stroke-dasharray=\"2 3\"",
                                     " stroke-dasharray=\"10 3 2 3\""};
static const char *const colours[] = {"#0b4a53", "#a34700", "#5b2d86", "#333f48"};

/* ---- the table ---- */

static bool month_of_row(const struct result_table *t, size_t row, int32_t *ret)
{
    if (!table_has(t, row, 0)) {
        return false;
    }
    *ret = (int32_t)table_value(t, row, 0);
    return true;
}

void months_range(const struct svg *s, const struct series *k, size_t from, size_t count,
                  double *low, double *high)
{
    *low = 0;
    *high = 0;
    for (size_t r = 0; r < s->table->row_count; r++) {
        for (size_t i = from; i < from + count; i++) {
            if (table_has(s->table, r, k->columns[i])) {
                *low = fmin(*low, table_value(s->table, r, k->columns[i]));
                *high = fmax(*high, table_value(s->table, r, k->columns[i]));
            }
        }
    }
}

rv_status months_series(struct svg *s, struct series *ret, struct rv_err *reterr)
{
    enum { MONTHS_MAX = 4800 };
    const struct result_table *t = s->table;
    struct series k = {
        .first = INT32_MAX, .last = INT32_MIN, .breaks = result_table_column(t, "break")};
    k.columns = ARENA_NEW(s->arena, size_t, t->column_count);
    if (!k.columns) {
        return arena_fail(s->arena, reterr);
    }
    for (size_t c = 1; c < t->column_count; c++) {
        if (t->columns[c].type != RESULT_TEXT && t->columns[c].type != RESULT_MONTH) {
            k.columns[k.count++] = c;
        }
    }
    for (size_t r = 0; r < t->row_count; r++) {
        int32_t month;
        if (month_of_row(t, r, &month)) {
            k.first = month < k.first ? month : k.first;
            k.last = month > k.last ? month : k.last;
        }
    }
    if (k.first > k.last || k.last - k.first > MONTHS_MAX) {
        return rv_fail(reterr, RV_INVALID, "table %s: column 0 holds no range of months", t->id);
    }
    months_range(s, &k, 0, k.count, &k.low, &k.high);
    *ret = k;
    return rv_ok();
}

static size_t column_of(const struct panel *p, size_t i)
{
    return p->series->columns[p->from + i];
}

/* Why the lines are cut before the month of this row; NULL when they are not. */
static const char *break_before(const struct svg *s, const struct series *k, size_t row)
{
    if (k->breaks >= s->table->column_count) {
        return NULL;
    }
    const struct result_cell *c = table_cell(s->table, row, k->breaks);
    return !c->is_missing && c->text && c->text[0] ? c->text : NULL;
}

static bool is_focus_series(const struct result_table *t, size_t column)
{
    return t->focus && (strcmp(t->focus, t->columns[column].name) == 0 ||
                        strcmp(t->focus, t->columns[column].title) == 0);
}

static double month_x(const struct panel *p, double month)
{
    const struct series *k = p->series;
    double span = k->last > k->first ? k->last - k->first : 1;
    return p->x + 6 + (month - k->first) / span * (p->width - 12);
}

/* ---- marks ---- */

static void put_marker(struct svg *s, size_t i, double x, double y, struct text tip)
{
    static const char *const shapes[] = {"m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", "m-3 -3h6v6h-6z",
                                         "m0 -4l4 7h-8z", "m0 -4l4 4-4 4-4-4z"};
    const char *fill = arena_printf(s->arena, "fill=\"%s\"", colours[i % 4]);
    fill = fill ? fill : "";
    s->level = SVG_TOP;
    struct buf *out = svg_path(s, fill, tip);
    buf_char(out, 'M');
    svg_number(out, x);
    buf_char(out, ' ');
    svg_number(out, y);
    buf_text(out, shapes[i % 4]);
    svg_path_end(s, fill, tip);
    s->level = SVG_MARKS;
}

/* The look of the line of a series. */
static const char *stroke_of(struct svg *s, size_t i, const char *width)
{
    const char *text = arena_printf(s->arena, "fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s",
                                    colours[i % 4], width, dashes[i % 4]);
    return text ? text : "";
}

static bool point_at(const struct result_table *t, const struct panel *p, size_t row, size_t column,
                     int32_t *month, double *x, double *y)
{
    if (!table_has(t, row, column) || !month_of_row(t, row, month)) {
        return false;
    }
    *x = month_x(p, *month);
    *y = svg_at(&p->scale, table_value(t, row, column));
    return true;
}

/* Does the line of a column run from the row before into this one? */
static bool joins(const struct svg *s, const struct panel *p, size_t row, size_t column)
{
    const struct result_table *t = s->table;
    int32_t before, month;
    return row > 0 && row < t->row_count && table_has(t, row - 1, column) &&
           table_has(t, row, column) && month_of_row(t, row - 1, &before) &&
           month_of_row(t, row, &month) && month == before + 1 && !break_before(s, p->series, row);
}

/* One <path> per unbroken run of months. */
static void put_runs(struct svg *s, const struct panel *p, size_t i)
{
    const struct result_table *t = s->table;
    size_t column = column_of(p, i);
    const char *stroke = stroke_of(s, i, is_focus_series(t, column) ? "3" : "2");
    bool is_open = false;
    struct buf *out = s->out;
    s->level = SVG_ABOVE;
    int32_t month = 0;
    double x, y;
    for (size_t r = 0; r < t->row_count; r++) {
        bool is_joined = joins(s, p, r, column);
        if (is_open && !is_joined) {
            svg_path_end(s, stroke, SVG_NO_TITLE);
            is_open = false;
        }
        if (point_at(t, p, r, column, &month, &x, &y)) {
            out = is_joined ? out : svg_path(s, stroke, SVG_NO_TITLE);
            buf_char(out, is_joined ? ' ' : 'M');
            svg_number(out, x);
            buf_char(out, ' ');
            svg_number(out, y);
            is_open = true;
        }
    }
    if (is_open) {
        svg_path_end(s, stroke, SVG_NO_TITLE);
    }
    s->level = SVG_MARKS;
}

/* A month alone between two gaps has no line: it always gets its marker. */
static void put_markers(struct svg *s, const struct panel *p, size_t i)
{
    const struct result_table *t = s->table;
    size_t column = column_of(p, i);
    bool all = t->row_count <= MARKERS_MAX && !p->is_small;
    int32_t month;
    double x, y;
    for (size_t r = 0; r < t->row_count; r++) {
        bool is_alone = !joins(s, p, r, column) && !joins(s, p, r + 1, column);
        if ((all || is_alone) && point_at(t, p, r, column, &month, &x, &y)) {
            put_marker(s, i, x, y, svg_tip_of_series(s, r, column));
        }
    }
}

/* ---- gaps and breaks ---- */

static bool any_series(const struct svg *s, const struct panel *p, size_t row)
{
    for (size_t i = 0; i < p->count; i++) {
        if (table_has(s->table, row, column_of(p, i))) {
            return true;
        }
    }
    return false;
}

static bool has_month(const struct svg *s, const struct panel *p, int32_t month)
{
    int32_t other;
    for (size_t r = 0; r < s->table->row_count; r++) {
        if (month_of_row(s->table, r, &other) && other == month) {
            return any_series(s, p, r);
        }
    }
    return false;
}

/* Hatches each run of months for which no series of the panel has a value. */
static size_t put_gaps(struct svg *s, const struct panel *p)
{
    const struct series *k = p->series;
    size_t gaps = 0;
    for (int32_t m = k->first; m <= k->last; m++) {
        if (has_month(s, p, m)) {
            continue;
        }
        int32_t end = m;
        while (end < k->last && !has_month(s, p, end + 1)) {
            end++;
        }
        double x = fmax(month_x(p, m - 0.5), p->x);
        double w = fmin(month_x(p, end + 0.5), p->x + p->width) - x;
        svg_rect(s, x, p->y, w, p->height, svg_fill(s, SVG_MISSING, "opacity=\"0.55\""),
                 s->lean ? SVG_NO_TITLE : text_of(FORMAT_NOT_AVAILABLE));
        double room = svg_text_width(text_of(FORMAT_NOT_AVAILABLE), SVG_FONT) + 8;
        if (w > room && !p->is_small) {
            double middle = x + w / 2, y = p->y + p->height / 2;
            s->level = SVG_ABOVE;
            svg_rect(s, middle - room / 2, y - 12, room, 18, "fill=\"#fff\"", SVG_NO_TITLE);
            svg_text(s, middle, y + 2, SVG_MIDDLE, "", text_of(FORMAT_NOT_AVAILABLE));
            s->level = SVG_MARKS;
        }
        gaps++;
        m = end;
    }
    return gaps;
}

static void put_breaks(struct svg *s, const struct panel *p)
{
    for (size_t r = 0; r < s->table->row_count; r++) {
        int32_t month;
        if (break_before(s, p->series, r) && month_of_row(s->table, r, &month)) {
            double x = fmax(month_x(p, month - 0.5), p->x);
            svg_line(s, x, p->y - 4, x, p->y + p->height,
                     "stroke=\"" SVG_INK "\" stroke-width=\"1.5\" stroke-dasharray=\"1 3\" "
                     "stroke-linecap=\"round\"");
        }
    }
}

double months_break_notes(struct svg *s, const struct series *k, double y)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 18);
    size_t shown = 0, more = 0;
    for (size_t r = 0; r < s->table->row_count; r++) {
        int32_t month;
        const char *why = break_before(s, k, r);
        if (!why || !month_of_row(s->table, r, &month)) {
            continue;
        }
        if (shown == BREAKS_MAX) {
            more++;
            continue;
        }
        shown++;
        buf_clear(&text);
        buf_text(&text, "Dotted upright line, ");
        format_month(&text, month);
        buf_printf(&text, ": %s", why);
        y = svg_note(s, 4, y, "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
    if (more) {
        buf_clear(&text);
        buf_printf(&text, "%zu more breaks are in the table.", more);
        y = svg_note(s, 4, y, "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
    return y;
}

bool months_has_single_gap(const struct svg *s, const struct panel *p)
{
    for (size_t r = 0; r < s->table->row_count; r++) {
        for (size_t i = 0; i < p->count; i++) {
            if (any_series(s, p, r) && !table_has(s->table, r, column_of(p, i))) {
                return true;
            }
        }
    }
    return false;
}

/* ---- axes and the whole panel ---- */

static int month_step(const struct panel *p, double per_label)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    double months = p->series->last - p->series->first + 1, room = p->width;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double label = steps[i] >= 12 ? per_label * 0.65 : per_label;
        if (months / steps[i] * label <= room) {
            return steps[i];
        }
    }
    return 600;
}

void months_axis(struct svg *s, const struct panel *p)
{
    const struct series *k = p->series;
    int step = month_step(p, 72);
    double y = p->y + p->height, end = -1;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 64);
    for (int32_t m = k->first; m <= k->last; m++) {
        if (m % step != 0 && k->last - k->first >= step) {
            continue;
        }
        double x = month_x(p, m);
        buf_clear(&text);
        if (step >= 12) {
            buf_int(&text, m / 12);
        } else {
            format_month_short(&text, m);
        }
        /* A label at an end leans inwards, so that it is not cut off. */
        double half = svg_text_width(buf_view(&text), SVG_FONT) / 2;
        double least = p->is_small ? p->x - 4 : 1;
        double most = p->is_small ? p->x + p->width + 4 : s->width - 1;
        double at = fmin(fmax(x, fmax(least, 1) + half), fmin(most, s->width - 1) - half);
        if (at - half < end + 4) {
            continue; /* no room beside the label before */
        }
        svg_line(s, x, y, x, y + 4, "stroke=\"" SVG_SOFT "\"");
        svg_text(s, at, y + 18, SVG_MIDDLE, "fill=\"" SVG_SOFT "\"", buf_view(&text));
        end = at + half;
    }
}

void months_scale(const struct svg *s, struct panel *p, double low, double high, int ticks)
{
    p->scale = svg_scale_of(low, high, ticks, s->table->columns[column_of(p, 0)].type);
    p->scale.at = p->y + p->height;
    p->scale.length = -p->height;
}

size_t months_draw(struct svg *s, const struct panel *p)
{
    size_t gaps = put_gaps(s, p);
    put_breaks(s, p);
    for (size_t i = 0; i < p->count; i++) {
        put_runs(s, p, i);
        put_markers(s, p, i);
    }
    return gaps;
}

/* ---- for names of series ---- */

void months_sample(struct svg *s, size_t i, double x, double y)
{
    const char *stroke = stroke_of(s, i, "2");
    s->level = SVG_ABOVE;
    struct buf *out = svg_path(s, stroke, SVG_NO_TITLE);
    buf_char(out, 'M');
    svg_number(out, x);
    buf_char(out, ' ');
    svg_number(out, y);
    buf_text(out, "h24");
    svg_path_end(s, stroke, SVG_NO_TITLE);
    s->level = SVG_MARKS;
    put_marker(s, i, x + 12, y, SVG_NO_TITLE);
}

double months_last_y(const struct svg *s, const struct panel *p, size_t i)
{
    int32_t month;
    double x, y;
    for (size_t r = s->table->row_count; r-- > 0;) {
        if (point_at(s->table, p, r, column_of(p, i), &month, &x, &y)) {
            return y;
        }
    }
    return p->y;
}

/* report/svg_line.c — monthly series: lines that break where a month is not available.
 *
 * Up to four series share one panel, told apart by dash, marker and a direct label; more than
 * four get a small panel each, because lines that cannot be told apart say nothing. Panels start
 * at nought.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define SHARED_MAX   4
#define AXIS_WIDTH   52.0
#define LABEL_WIDTH  168.0
#define MARKERS_MAX  30 /* more points than this crowd their markers */
#define PANEL_HEIGHT 260.0
#define SMALL_HEIGHT 92.0
#define BELOW        24.0 /* month labels */
#define NOTE_HEIGHT  20.0

struct panel {
    double x, y, width, height;
    int32_t first, last; /* months */
    struct svg_scale scale;
    size_t column, column_count; /* series drawn here */
    bool is_small;
};

static const char *const dashes[] = {"", " stroke-dasharray=\"8 3\"", " stroke-dasharray=\"2 3\"",
                                     " stroke-dasharray=\"10 3 2 3\""};
static const char *const colours[] = {"#0b4a53", "#a34700", "#5b2d86", "#333f48"};

static double month_x(const struct panel *p, double month)
{
    double span = p->last > p->first ? p->last - p->first : 1;
    return p->x + 6 + (month - p->first) / span * (p->width - 12);
}

static bool month_of_row(const struct result_table *t, size_t row, int32_t *ret)
{
    if (!table_has(t, row, 0)) {
        return false;
    }
    *ret = (int32_t)table_cell(t, row, 0)->number;
    return true;
}

static bool is_focus_series(const struct result_table *t, size_t column)
{
    return t->focus && (strcmp(t->focus, t->columns[column].name) == 0 ||
                        strcmp(t->focus, t->columns[column].title) == 0);
}

/* ---- marks ---- */

static void put_marker(struct svg *s, size_t series, double x, double y)
{
    static const char *const shapes[] = {"m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", "m-3 -3h6v6h-6z",
                                         "m0 -4l4 7h-8z", "m0 -4l4 4-4 4-4-4z"};
    buf_text(s->out, "<path d=\"M");
    svg_number(s->out, x);
    buf_char(s->out, ' ');
    svg_number(s->out, y);
    buf_printf(s->out, "%s\" fill=\"%s\"/>\n", shapes[series % 4], colours[series % 4]);
}

static void end_line(struct svg *s, size_t series, const char *width)
{
    buf_printf(s->out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n",
               colours[series % 4], width, dashes[series % 4]);
}

static bool point_at(const struct result_table *t, const struct panel *p, size_t row, size_t column,
                     int32_t *month, double *x, double *y)
{
    if (!table_has(t, row, column) || !month_of_row(t, row, month)) {
        return false;
    }
    *x = month_x(p, *month);
    *y = svg_at(&p->scale, table_cell(t, row, column)->number);
    return true;
}

/* One <path> per unbroken run of months. */
static void put_runs(struct svg *s, const struct panel *p, size_t column, size_t series)
{
    const struct result_table *t = s->table;
    const char *width = is_focus_series(t, column) ? "3" : "2";
    bool is_open = false;
    int32_t month = 0, before = 0;
    double x, y;
    for (size_t r = 0; r < t->row_count; r++) {
        bool here = point_at(t, p, r, column, &month, &x, &y);
        bool joins = here && is_open && month == before + 1;
        if (is_open && !joins) {
            end_line(s, series, width);
            is_open = false;
        }
        if (here) {
            buf_text(s->out, joins ? " " : "<path d=\"M");
            svg_number(s->out, x);
            buf_char(s->out, ' ');
            svg_number(s->out, y);
            is_open = true;
            before = month;
        }
    }
    if (is_open) {
        end_line(s, series, width);
    }
}

/* A month alone between two gaps has no line: it always gets its marker. */
static bool is_alone(const struct result_table *t, size_t row, size_t column)
{
    bool before = row > 0 && table_has(t, row - 1, column);
    bool after = row + 1 < t->row_count && table_has(t, row + 1, column);
    return !before && !after;
}

static void put_markers(struct svg *s, const struct panel *p, size_t column, size_t series)
{
    const struct result_table *t = s->table;
    bool all = t->row_count <= MARKERS_MAX && !p->is_small;
    int32_t month;
    double x, y;
    for (size_t r = 0; r < t->row_count; r++) {
        if ((all || is_alone(t, r, column)) && point_at(t, p, r, column, &month, &x, &y)) {
            put_marker(s, series, x, y);
        }
    }
}

/* ---- gaps ---- */

static bool any_series(const struct result_table *t, const struct panel *p, size_t row)
{
    for (size_t c = p->column; c < p->column + p->column_count; c++) {
        if (table_has(t, row, c)) {
            return true;
        }
    }
    return false;
}

static bool has_month(const struct result_table *t, const struct panel *p, int32_t month)
{
    int32_t other;
    for (size_t r = 0; r < t->row_count; r++) {
        if (month_of_row(t, r, &other) && other == month) {
            return any_series(t, p, r);
        }
    }
    return false;
}

/* Hatches each run of months for which no series of the panel has a value. */
static size_t put_gaps(struct svg *s, const struct panel *p)
{
    size_t gaps = 0;
    for (int32_t m = p->first; m <= p->last; m++) {
        if (has_month(s->table, p, m)) {
            continue;
        }
        int32_t end = m;
        while (end < p->last && !has_month(s->table, p, end + 1)) {
            end++;
        }
        double x = fmax(month_x(p, m - 0.5), p->x);
        double w = fmin(month_x(p, end + 0.5), p->x + p->width) - x;
        svg_rect(s, x, p->y, w, p->height, svg_hatch(s, "opacity=\"0.55\""),
                 text_of(FORMAT_NOT_AVAILABLE));
        double room = svg_text_width(text_of(FORMAT_NOT_AVAILABLE), SVG_FONT) + 8;
        if (w > room && !p->is_small) {
            double middle = x + w / 2, y = p->y + p->height / 2;
            svg_rect(s, middle - room / 2, y - 12, room, 18, "fill=\"#fff\"",
                     (struct text){NULL, 0});
            svg_text(s, middle, y + 2, SVG_MIDDLE, "", text_of(FORMAT_NOT_AVAILABLE));
        }
        gaps++;
        m = end;
    }
    return gaps;
}

static bool has_single_gap(const struct result_table *t, const struct panel *p)
{
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = p->column; c < p->column + p->column_count; c++) {
            if (any_series(t, p, r) && !table_has(t, r, c)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- axes ---- */

static int month_step(const struct panel *p, double per_label)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    double months = p->last - p->first + 1, room = p->width;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double label = steps[i] >= 12 ? per_label * 0.65 : per_label;
        if (months / steps[i] * label <= room) {
            return steps[i];
        }
    }
    return 600;
}

static void put_month_axis(struct svg *s, const struct panel *p)
{
    int step = month_step(p, 72);
    double y = p->y + p->height;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 64);
    for (int32_t m = p->first; m <= p->last; m++) {
        if (m % step != 0 && p->last > p->first) {
            continue;
        }
        double x = month_x(p, m);
        svg_line(s, x, y, x, y + 4, "stroke=\"" SVG_SOFT "\"");
        buf_clear(&text);
        if (step >= 12) {
            buf_int(&text, m / 12);
        } else {
            format_month_short(&text, m);
        }
        /* A label at an end leans inwards, so that it is not cut off. */
        double half = svg_text_width(buf_view(&text), SVG_FONT) / 2;
        double at = fmin(fmax(x, half + 1), s->width - half - 1);
        svg_text(s, at, y + 18, SVG_MIDDLE, "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
}

static void put_value_axis(struct svg *s, const struct panel *p)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 64);
    for (size_t i = 0; i < svg_tick_count(&p->scale); i++) {
        double value = svg_tick(&p->scale, i), y = svg_at(&p->scale, value);
        svg_line(s, p->x, y, p->x + p->width, y,
                 value == 0 ? "stroke=\"" SVG_SOFT "\"" : "stroke=\"" SVG_GRID "\"");
        buf_clear(&text);
        svg_tick_label(&text, &p->scale, value);
        svg_text(s, p->x - 6, y + 4, SVG_END, "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
}

static void scale_panel(const struct result_table *t, struct panel *p)
{
    double low = 0, high = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = p->column; c < p->column + p->column_count; c++) {
            if (table_has(t, r, c)) {
                low = fmin(low, table_cell(t, r, c)->number);
                high = fmax(high, table_cell(t, r, c)->number);
            }
        }
    }
    p->scale = svg_scale_of(low, high, p->is_small ? 2 : 5, t->columns[p->column].type);
    p->scale.at = p->y + p->height;
    p->scale.length = -p->height;
}

static size_t put_panel(struct svg *s, struct panel *p)
{
    scale_panel(s->table, p);
    put_value_axis(s, p);
    size_t gaps = put_gaps(s, p);
    for (size_t i = 0; i < p->column_count; i++) {
        put_runs(s, p, p->column + i, i);
        put_markers(s, p, p->column + i, i);
    }
    put_month_axis(s, p);
    return gaps;
}

/* ---- labels of series ---- */

static void put_sample(struct svg *s, size_t series, double x, double y)
{
    buf_text(s->out, "<path d=\"M");
    svg_number(s->out, x);
    buf_char(s->out, ' ');
    svg_number(s->out, y);
    buf_text(s->out, "h24");
    end_line(s, series, "2");
    put_marker(s, series, x + 12, y);
}

/* A sample of the line and its name, of at most two lines; returns the height taken. */
static double put_name(struct svg *s, size_t series, double x, double y, double width)
{
    struct text name = text_of(s->table->columns[series + 1].title);
    put_sample(s, series, x, y);
    size_t lines = svg_text_wrap(s, x + 30, y + 4, SVG_START, width - 30, 2, "", name);
    return (double)lines * SVG_LEADING + 2;
}

static double name_height(const struct svg *s, size_t series, double width)
{
    struct text name = text_of(s->table->columns[series + 1].title);
    return (double)svg_count_lines(name, width - 30, 2, SVG_FONT) * SVG_LEADING + 2;
}

/* y of the last value of a series, or the top when it has none. */
static double last_y(const struct result_table *t, const struct panel *p, size_t column)
{
    int32_t month;
    double x, y;
    for (size_t r = t->row_count; r-- > 0;) {
        if (point_at(t, p, r, column, &month, &x, &y)) {
            return y;
        }
    }
    return p->y;
}

/* Names at the ends of the lines, in the order of the ends, at least a line apart. */
static void put_names_beside(struct svg *s, const struct panel *p)
{
    double y[SHARED_MAX];
    size_t order[SHARED_MAX];
    for (size_t i = 0; i < p->column_count; i++) {
        y[i] = last_y(s->table, p, p->column + i);
        size_t at = i;
        while (at > 0 && y[order[at - 1]] > y[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    double left = 0; /* height that this name and those below it take */
    for (size_t i = 0; i < p->column_count; i++) {
        left += name_height(s, i, LABEL_WIDTH - 10);
    }
    double next = p->y;
    for (size_t k = 0; k < p->column_count; k++) {
        double lowest = p->y + p->height + 12 - left;
        double at = fmax(fmin(y[order[k]], lowest), next);
        double height = put_name(s, order[k], p->x + p->width + 8, at, LABEL_WIDTH - 10);
        next = at + height;
        left -= height;
    }
}

static rv_status draw_shared(struct svg *s, struct panel *p)
{
    bool named = p->column_count > 1;
    double top = 24;
    if (!named) {
        svg_text_fit(s, 4, 14, SVG_START, s->width - 8, "fill=\"" SVG_SOFT "\"",
                     text_of(s->table->columns[1].title));
    } else if (s->is_narrow) {
        top = 10;
        for (size_t i = 0; i < p->column_count; i++) {
            top += put_name(s, i, 4, top, s->width - 8);
        }
    } else {
        top = 10;
    }
    p->x = AXIS_WIDTH;
    p->y = top;
    p->width = s->width - AXIS_WIDTH - (named && !s->is_narrow ? LABEL_WIDTH : 8);
    p->height = s->is_narrow ? PANEL_HEIGHT * 0.75 : PANEL_HEIGHT;
    size_t gaps = put_panel(s, p);
    if (named && !s->is_narrow) {
        put_names_beside(s, p);
    }
    s->height = p->y + p->height + BELOW;
    if (gaps || has_single_gap(s->table, p)) {
        svg_text(s, 4, s->height + 14, SVG_START, "fill=\"" SVG_SOFT "\"",
                 text_of(gaps ? "Hatched: not available." : "A break in a line: not available."));
        s->height += NOTE_HEIGHT;
    }
    return rv_ok();
}

static rv_status draw_small(struct svg *s, const struct panel *shared)
{
    size_t across = s->is_narrow ? 1 : 2, gaps = 0;
    double width = s->width / (double)across;
    double each = SMALL_HEIGHT + 22 + BELOW + 10;
    svg_text(s, 4, 14, SVG_START, "fill=\"" SVG_SOFT "\"",
             text_of("Each panel has a scale of its own."));
    for (size_t i = 0; i < shared->column_count; i++) {
        size_t row = i / across;
        double x = (double)(i % across) * width, y = 24 + (double)row * each;
        struct panel p = *shared;
        p.column = shared->column + i;
        p.column_count = 1;
        p.is_small = true;
        p.x = x + AXIS_WIDTH;
        p.y = y + 22;
        p.width = width - AXIS_WIDTH - 12;
        p.height = SMALL_HEIGHT;
        svg_text_fit(s, x + 4, y + 13, SVG_START, width - 16, "font-weight=\"bold\"",
                     text_of(s->table->columns[p.column].title));
        gaps += put_panel(s, &p);
    }
    size_t down = (shared->column_count + across - 1) / across;
    s->height = 24 + (double)down * each;
    if (gaps) {
        svg_text(s, 4, s->height + 10, SVG_START, "fill=\"" SVG_SOFT "\"",
                 text_of("Hatched: not available."));
        s->height += NOTE_HEIGHT;
    }
    return rv_ok();
}

rv_status svg_chart_line(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct panel p = {
        .column = 1, .column_count = t->column_count - 1, .first = INT32_MAX, .last = INT32_MIN};
    for (size_t r = 0; r < t->row_count; r++) {
        int32_t month;
        if (month_of_row(t, r, &month)) {
            p.first = month < p.first ? month : p.first;
            p.last = month > p.last ? month : p.last;
        }
    }
    if (p.first > p.last || p.last - p.first > 4800) {
        return rv_fail(reterr, RV_INVALID, "table %s: column 0 holds no range of months", t->id);
    }
    return p.column_count <= SHARED_MAX ? draw_shared(s, &p) : draw_small(s, &p);
}

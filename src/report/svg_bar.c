/* report/svg_bar.c — horizontal bars, and dots with intervals.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg_rows.h"

#include <math.h>

#define BAR_HEIGHT 14.0
#define AXIS_SPACE 34.0

static void put_number(struct svg *s, size_t row, size_t column, double x, double y,
                       enum svg_anchor anchor)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 256);
    table_number(&text, s->table, row, column);
    const char *weight = table_is_focus(s->table, row) ? "font-weight=\"bold\"" : "";
    svg_text(s, x, y + SVG_FONT * 0.35, anchor, weight, buf_view(&text));
}

/* A whisker from lower to upper through the mark. False when the row has no interval. */
static bool put_whisker(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                        size_t row)
{
    if (!table_has(s->table, row, 2) || !table_has(s->table, row, 3)) {
        return false;
    }
    double y = rows->mark_y[row];
    double from = svg_at(scale, table_cell(s->table, row, 2)->number);
    double to = svg_at(scale, table_cell(s->table, row, 3)->number);
    svg_line(s, from, y, to, y, "stroke=\"" SVG_INK "\" stroke-width=\"1.5\"");
    svg_line(s, from, y - 4, from, y + 4, "stroke=\"" SVG_INK "\" stroke-width=\"1.5\"");
    svg_line(s, to, y - 4, to, y + 4, "stroke=\"" SVG_INK "\" stroke-width=\"1.5\"");
    return true;
}

/* Columns 2 and 3 hold an interval when they are called so. */
static bool has_interval(const struct result_table *t)
{
    return t->column_count >= 4 && table_column(t, "lower") == 2 && table_column(t, "upper") == 3;
}

static void put_bar(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                    size_t row, bool with_interval)
{
    if (!table_has(s->table, row, 1)) {
        rows_missing(s, rows, row, 1, svg_at(scale, 0) + 6);
        return;
    }
    double value = table_cell(s->table, row, 1)->number;
    double zero = svg_at(scale, 0), end = svg_at(scale, value);
    const char *fill = table_is_focus(s->table, row)
                           ? "fill=\"" SVG_STRONG "\" stroke=\"" SVG_STRONG "\""
                           : "fill=\"" SVG_FILL "\" stroke=\"" SVG_STRONG "\"";
    if (value != 0) { /* nought has no bar, only its number */
        svg_rect(s, fmin(zero, end), rows->mark_y[row] - BAR_HEIGHT / 2, fabs(end - zero),
                 BAR_HEIGHT, fill, (struct text){NULL, 0});
    }
    double right = fmax(zero, end);
    if (with_interval && put_whisker(s, rows, scale, row)) {
        right = fmax(right, svg_at(scale, table_cell(s->table, row, 3)->number));
    }
    put_number(s, row, 1, right + 6, rows->mark_y[row], SVG_START);
}

rv_status svg_chart_bar(struct svg *s, struct rv_err *reterr)
{
    struct rows rows;
    bool with_interval = has_interval(s->table);
    RV_TRY(rows_layout(s, 6, rows_number_width(s, 1) + 8, &rows, reterr));
    double low, high;
    static const size_t columns[] = {1, 2, 3};
    rows_range(s->table, columns, with_interval ? 3 : 1, &low, &high);
    /* No axis: every bar has its number. The longest bar takes the whole width. */
    struct svg_scale scale = {
        low, high > low ? high : low + 1, 1, rows.plot_x, rows.plot_width, RESULT_COUNT};
    double zero = svg_at(&scale, 0), bottom = rows_bottom(s, &rows);
    svg_line(s, zero, rows.top, zero, bottom, "stroke=\"" SVG_SOFT "\"");
    for (size_t r = 0; r < s->table->row_count; r++) {
        rows_label(s, &rows, r);
        put_bar(s, &rows, &scale, r, with_interval);
    }
    s->height = bottom + 4;
    return rv_ok();
}

/* A dot; a diamond for the row that the chart is about. */
static void put_dot(struct svg *s, double x, double y, bool is_focus)
{
    if (!is_focus) {
        buf_text(s->out, "<circle cx=\"");
        svg_number(s->out, x);
        buf_text(s->out, "\" cy=\"");
        svg_number(s->out, y);
        buf_text(s->out,
                 "\" r=\"4\" fill=\"#fff\" stroke=\"" SVG_STRONG "\" stroke-width=\"2\"/>\n");
        return;
    }
    buf_text(s->out, "<path d=\"M");
    svg_number(s->out, x - 7);
    buf_char(s->out, ' ');
    svg_number(s->out, y);
    buf_text(s->out, "l7 -7 7 7 -7 7z\" fill=\"" SVG_STRONG "\"/>\n");
}

static void put_interval(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                         size_t row)
{
    if (!table_has(s->table, row, 1)) {
        rows_missing(s, rows, row, 1, svg_at(scale, scale->from) + 6);
        return;
    }
    double y = rows->mark_y[row];
    (void)put_whisker(s, rows, scale, row);
    put_dot(s, svg_at(scale, table_cell(s->table, row, 1)->number), y,
            table_is_focus(s->table, row));
    put_number(s, row, 1, s->width - 4, y, SVG_END);
}

static void put_axis_title(struct svg *s, const struct rows *rows, double y)
{
    const char *title = s->table->columns[1].title;
    svg_text_fit(s, s->is_narrow ? 4 : rows->plot_x, y, SVG_START,
                 s->width - (s->is_narrow ? 8 : rows->plot_x), "fill=\"" SVG_SOFT "\"",
                 text_of(title));
}

rv_status svg_chart_interval(struct svg *s, struct rv_err *reterr)
{
    struct rows rows;
    RV_TRY(rows_layout(s, 6, rows_number_width(s, 1) + 14, &rows, reterr));
    double low, high;
    static const size_t columns[] = {1, 2, 3};
    rows_range(s->table, columns, 3, &low, &high);
    struct svg_scale scale =
        svg_scale_of(low, high, s->is_narrow ? 4 : 7, s->table->columns[1].type);
    scale.at = rows.plot_x;
    scale.length = rows.plot_width;
    for (size_t r = 0; r < s->table->row_count; r++) {
        if (table_is_focus(s->table, r)) {
            svg_rect(s, 0, rows.y[r], s->width, rows.height[r], "fill=\"#e6efef\"",
                     (struct text){NULL, 0});
        }
    }
    rows_axis(s, &rows, &scale);
    for (size_t r = 0; r < s->table->row_count; r++) {
        rows_label(s, &rows, r);
        put_interval(s, &rows, &scale, r);
    }
    double bottom = rows_bottom(s, &rows);
    put_axis_title(s, &rows, bottom + AXIS_SPACE);
    s->height = bottom + AXIS_SPACE + 8;
    return rv_ok();
}

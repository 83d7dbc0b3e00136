/* report/svg_bar.c — horizontal bars, and dots with one or two intervals.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg_rows.h"

#include <math.h>
#include <string.h>

#define AXIS_SPACE 38.0
#define WHISKER    "stroke=\"" SVG_INK "\" stroke-width=\"1.5\""

/* ---- what both share ---- */

static void put_number(struct svg *s, const struct rows *rows, size_t row, double x,
                       enum svg_anchor anchor)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    table_number(&text, s->table, row, 1);
    double room = anchor == SVG_END ? rows->value_width : s->width - x - 2;
    rows_text(s, rows, row, x, anchor, room, buf_view(&text));
}

/* "Havering: 1,212.1 (1,170.3 to 1,255.2)" */
static struct text tip_with_interval(struct svg *s, size_t row, size_t lower, size_t upper)
{
    struct text tip = svg_tip(s, row, 1);
    if (!tip.n || !table_has(s->table, row, lower) || !table_has(s->table, row, upper)) {
        return tip;
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 20);
    buf_slice(&text, tip);
    buf_text(&text, " (");
    table_number(&text, s->table, row, lower);
    buf_text(&text, " to ");
    table_number(&text, s->table, row, upper);
    buf_char(&text, ')');
    const char *kept = text.failed ? NULL : arena_text(s->arena, text.bytes, text.n);
    return kept ? (struct text){kept, text.n} : tip;
}

/* A line from one column to the other with a stop at each end. False when the row has none. */
static bool put_whisker(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                        size_t row, size_t lower, size_t upper)
{
    if (!table_has(s->table, row, lower) || !table_has(s->table, row, upper)) {
        return false;
    }
    double y = rows->mark_y[row];
    double from = svg_at(scale, table_value(s->table, row, lower));
    double to = svg_at(scale, table_value(s->table, row, upper));
    s->level = SVG_ABOVE; /* above bars */
    svg_line(s, from, y, to, y, WHISKER);
    svg_line(s, from, y - 4, from, y + 4, WHISKER);
    svg_line(s, to, y - 4, to, y + 4, WHISKER);
    s->level = SVG_MARKS;
    return true;
}

/* ---- bars ---- */

/* Columns 2 and 3 hold an interval when they are called so. */
static bool has_interval(const struct result_table *t)
{
    return t->column_count >= 4 && result_table_column(t, "lower") == 2 &&
           result_table_column(t, "upper") == 3;
}

static void put_bar(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                    size_t row, bool with_interval)
{
    double zero = svg_at(scale, 0);
    if (!table_has(s->table, row, 1)) {
        rows_missing(s, rows, row, 1, zero + 6);
        return;
    }
    double value = table_value(s->table, row, 1), end = svg_at(scale, value);
    const char *fill = table_is_focus(s->table, row)
                           ? "fill=\"" SVG_STRONG "\" stroke=\"" SVG_STRONG "\""
                           : "fill=\"" SVG_FILL "\" stroke=\"" SVG_STRONG "\"";
    if (value != 0) { /* nought has no bar, only its number */
        svg_rect(s, fmin(zero, end), rows->mark_y[row] - ROWS_BAR / 2, fabs(end - zero), ROWS_BAR,
                 fill, tip_with_interval(s, row, 2, 3));
    }
    double right = fmax(zero, end);
    if (with_interval && put_whisker(s, rows, scale, row, 2, 3)) {
        right = fmax(right, svg_at(scale, table_value(s->table, row, 3)));
    }
    put_number(s, rows, row, right + 6, SVG_START);
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
    rows_zero(s, &rows, svg_at(&scale, 0));
    for (size_t r = 0; r < s->table->row_count; r++) {
        rows_label(s, &rows, r);
        put_bar(s, &rows, &scale, r, with_interval);
    }
    s->height = rows_bottom(s, &rows) + 4;
    return rv_ok();
}

/* ---- dots with intervals ---- */

struct intervals {
    struct rows rows;
    struct svg_scale scale;
    size_t outer_lower, outer_upper; /* column_count when there is no second interval */
    double reference;                /* NaN when there is none */
    size_t reference_row;
};

/* A dot; a diamond for the row that the chart is about. */
static void put_dot(struct svg *s, double x, double y, size_t row)
{
    struct text tip = tip_with_interval(s, row, 2, 3);
    if (table_is_focus(s->table, row)) {
        svg_diamond(s, x, y, 7, "fill=\"" SVG_STRONG "\" stroke=\"#fff\"", tip);
        return;
    }
    svg_circle(s, x, y, 4, "fill=\"#fff\" stroke=\"" SVG_STRONG "\" stroke-width=\"2\"", tip);
}

/* With two intervals the inner one is a thick line, so that the two cannot be taken for one. */
static void put_interval(struct svg *s, const struct intervals *k, size_t row)
{
    const struct result_table *t = s->table;
    if (!table_has(t, row, 1)) {
        rows_missing(s, &k->rows, row, 1, svg_at(&k->scale, k->scale.from) + 6);
        return;
    }
    double y = k->rows.mark_y[row];
    if (put_whisker(s, &k->rows, &k->scale, row, k->outer_lower, k->outer_upper)) {
        if (table_has(t, row, 2) && table_has(t, row, 3)) {
            s->level = SVG_ABOVE;
            svg_line(s, svg_at(&k->scale, table_value(t, row, 2)), y,
                     svg_at(&k->scale, table_value(t, row, 3)), y,
                     "stroke=\"" SVG_INK "\" stroke-width=\"5\"");
            s->level = SVG_MARKS;
        }
    } else {
        (void)put_whisker(s, &k->rows, &k->scale, row, 2, 3);
    }
    s->level = SVG_TOP;
    put_dot(s, svg_at(&k->scale, table_value(t, row, 1)), y, row);
    s->level = SVG_MARKS;
    put_number(s, &k->rows, row, s->width - ROWS_MARGIN, SVG_END);
}

static double put_keys(struct svg *s, const struct intervals *k, double y)
{
    const struct result_table *t = s->table;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 16);
    double x = s->is_narrow ? ROWS_MARGIN : k->rows.plot_x;
    const char *soft = "fill=\"" SVG_SOFT "\"";
    y = svg_note(s, x, y, soft, text_of(t->columns[1].title));
    if (k->outer_lower < t->column_count && k->outer_upper < t->column_count) {
        buf_text(&text, "Thick line: ");
        buf_slice(&text, table_interval_name(t, 2));
        buf_text(&text, ". Thin line: ");
        buf_slice(&text, table_interval_name(t, k->outer_lower));
        buf_char(&text, '.');
        y = svg_note(s, x, y, soft, buf_view(&text));
    }
    if (isfinite(k->reference)) {
        size_t column = result_table_column(t, "reference");
        buf_clear(&text);
        buf_printf(&text, "Dashed line: %s, ", t->columns[column].title);
        table_number(&text, t, k->reference_row, column);
        buf_char(&text, '.');
        y = svg_note(s, x, y, soft, buf_view(&text));
    }
    return y;
}

static void find_reference(const struct result_table *t, struct intervals *k)
{
    size_t column = result_table_column(t, "reference");
    k->reference = (double)NAN;
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, column)) {
            k->reference = table_value(t, r, column);
            k->reference_row = r;
            return;
        }
    }
}

rv_status svg_chart_interval(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct intervals k = {.outer_lower = result_table_column(t, "outer_lower"),
                          .outer_upper = result_table_column(t, "outer_upper")};
    find_reference(t, &k);
    RV_TRY(rows_layout(s, 6, rows_number_width(s, 1) + 14, &k.rows, reterr));
    const size_t columns[] = {
        1, 2, 3, k.outer_lower, k.outer_upper, result_table_column(t, "reference")};
    double low, high;
    rows_range(t, columns, 6, &low, &high);
    k.scale = svg_scale_of(low, high, s->is_narrow ? 4 : 7, t->columns[1].type);
    k.scale.at = k.rows.plot_x + 6; /* half a diamond at either end */
    k.scale.length = k.rows.plot_width - 12;
    double bottom = rows_bottom(s, &k.rows);
    s->level = SVG_GROUND;
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_is_focus(t, r)) {
            svg_rect(s, 0, k.rows.y[r], s->width, k.rows.height[r], "fill=\"#e6efef\"",
                     SVG_NO_TITLE);
        }
    }
    s->level = SVG_MARKS;
    svg_axis_across(s, &k.scale, k.rows.top, bottom);
    s->level = SVG_GROUND; /* behind the labels of a phone */
    if (isfinite(k.reference)) {
        double x = svg_at(&k.scale, k.reference);
        svg_line(s, x, k.rows.top, x, bottom,
                 "stroke=\"" SVG_INK "\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"");
    }
    s->level = SVG_MARKS;
    for (size_t r = 0; r < t->row_count; r++) {
        rows_label(s, &k.rows, r);
        put_interval(s, &k, r);
    }
    s->height = put_keys(s, &k, bottom + AXIS_SPACE) - 4;
    return rv_ok();
}

/* report/svg_rows.c — layout of charts with one row per label.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_rows.h"

#include "report/format.h"

#include <math.h>

#define LABEL_LINES 2
#define LABEL_SHARE 0.34 /* of the width, at most */
#define MARK_HEIGHT 16.0
#define ROW_GAP     8.0
#define MARGIN      4.0
#define HALO        "stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\""

static double widest_label(const struct result_table *t)
{
    double widest = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        widest = fmax(widest, svg_text_width(table_label(t, r, 0), SVG_FONT) * 1.07);
    }
    return widest;
}

rv_status rows_layout(struct svg *s, double top, double value_width, struct rows *ret,
                      struct rv_err *reterr)
{
    size_t n = s->table->row_count;
    double *memory = ARENA_NEW(s->arena, double, 3 * n);
    if (!memory) {
        return arena_fail(s->arena, reterr);
    }
    struct rows rows = {.top = top, .y = memory, .height = memory + n, .mark_y = memory + 2 * n};
    rows.label_width =
        s->is_narrow ? s->width - 2 * MARGIN : fmin(widest_label(s->table), s->width * LABEL_SHARE);
    rows.plot_x = s->is_narrow ? MARGIN : MARGIN + rows.label_width + 12;
    rows.plot_width = s->width - rows.plot_x - value_width - MARGIN;
    double y = top;
    for (size_t r = 0; r < n; r++) {
        struct text label = table_label(s->table, r, 0);
        double lines =
            (double)svg_count_lines(label, rows.label_width / 1.07, LABEL_LINES, SVG_FONT);
        rows.y[r] = y;
        if (s->is_narrow) {
            rows.mark_y[r] = y + lines * SVG_LEADING + MARK_HEIGHT / 2 + 1;
            rows.height[r] = lines * SVG_LEADING + MARK_HEIGHT + ROW_GAP + 2;
        } else {
            rows.height[r] = fmax(lines * SVG_LEADING, MARK_HEIGHT) + ROW_GAP;
            rows.mark_y[r] = y + rows.height[r] / 2;
        }
        y += rows.height[r];
    }
    *ret = rows;
    return rv_ok();
}

void rows_label(struct svg *s, const struct rows *rows, size_t row)
{
    struct text label = table_label(s->table, row, 0);
    bool is_focus = table_is_focus(s->table, row);
    const char *weight = is_focus ? "font-weight=\"bold\"" : "";
    double width = rows->label_width / 1.07; /* bold is wider */
    double lines = (double)svg_count_lines(label, width, LABEL_LINES, SVG_FONT);
    if (s->is_narrow) {
        /* Lines of the grid pass behind the label. */
        const char *halo = is_focus ? "font-weight=\"bold\" " HALO : HALO;
        (void)svg_text_wrap(s, MARGIN, rows->y[row] + SVG_FONT, SVG_START, width, LABEL_LINES, halo,
                            label);
        return;
    }
    double first = rows->mark_y[row] - (lines - 1) * SVG_LEADING / 2 + SVG_FONT * 0.35;
    (void)svg_text_wrap(s, rows->plot_x - 12, first, SVG_END, width, LABEL_LINES, weight, label);
}

double rows_bottom(const struct svg *s, const struct rows *rows)
{
    size_t last = s->table->row_count - 1;
    return rows->y[last] + rows->height[last];
}

double rows_number_width(const struct svg *s, size_t column)
{
    double widest = 0;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 256);
    for (size_t r = 0; r < s->table->row_count; r++) {
        if (table_has(s->table, r, column)) {
            buf_clear(&text);
            table_number(&text, s->table, r, column);
            widest = fmax(widest, svg_text_width(buf_view(&text), SVG_FONT) * 1.07);
        }
    }
    return widest;
}

void rows_range(const struct result_table *t, const size_t *columns, size_t count, double *low,
                double *high)
{
    *low = 0;
    *high = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = 0; c < count; c++) {
            if (table_has(t, r, columns[c])) {
                double v = table_cell(t, r, columns[c])->number;
                *low = fmin(*low, v);
                *high = fmax(*high, v);
            }
        }
    }
}

void rows_axis(struct svg *s, const struct rows *rows, const struct svg_scale *scale)
{
    double bottom = rows_bottom(s, rows);
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 256);
    for (size_t i = 0; i < svg_tick_count(scale); i++) {
        double value = svg_tick(scale, i), x = svg_at(scale, value);
        svg_line(s, x, rows->top, x, bottom,
                 i == 0 ? "stroke=\"" SVG_SOFT "\"" : "stroke=\"" SVG_GRID "\"");
        buf_clear(&text);
        svg_tick_label(&text, scale, value);
        svg_text(s, x, bottom + SVG_FONT + 4, i == 0 && s->is_narrow ? SVG_START : SVG_MIDDLE,
                 "fill=\"" SVG_SOFT "\"", buf_view(&text));
    }
}

void rows_missing(struct svg *s, const struct rows *rows, size_t row, size_t column, double x)
{
    const struct result_cell *c = table_cell(s->table, row, column);
    double y = rows->mark_y[row] + SVG_FONT * 0.35;
    buf_text(s->out, "<g font-style=\"italic\" fill=\"" SVG_SOFT "\">");
    if (c->text && c->text[0]) {
        buf_text(s->out, "<title>");
        buf_html(s->out, text_of(c->text));
        buf_text(s->out, "</title>");
    }
    svg_text(s, x, y, SVG_START, "", text_of(FORMAT_NOT_AVAILABLE));
    buf_text(s->out, "</g>\n");
}

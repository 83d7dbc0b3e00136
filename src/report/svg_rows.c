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
#define BOLD        "font-weight=\"bold\""
#define SWATCH      22.0

static const char *weight_of(const struct svg *s, size_t row)
{
    return table_is_focus(s->table, row) ? BOLD : "";
}

static double widest_label(const struct result_table *t)
{
    double widest = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        struct text label = table_label(t, r, 0);
        widest = fmax(widest, table_is_focus(t, r) ? svg_bold_width(label, SVG_FONT)
                                                   : svg_text_width(label, SVG_FONT));
    }
    return widest + 1;
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
    rows.label_width = s->is_narrow ? s->width - 2 * ROWS_MARGIN
                                    : fmin(widest_label(s->table), s->width * LABEL_SHARE);
    rows.value_width = fmin(value_width, s->width / 2 - ROWS_MARGIN);
    rows.plot_x = s->is_narrow ? ROWS_MARGIN : ROWS_MARGIN + rows.label_width + 12;
    rows.plot_width = fmax(s->width - rows.plot_x - rows.value_width - ROWS_MARGIN, 40);
    double y = top;
    for (size_t r = 0; r < n; r++) {
        double lines = (double)svg_count_lines(s, rows.label_width, LABEL_LINES, weight_of(s, r),
                                               table_label(s->table, r, 0));
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
    const char *weight = weight_of(s, row);
    if (s->is_narrow) {
        /* Lines of the grid pass behind the label. */
        const char *halo = weight[0] ? BOLD " " SVG_HALO : SVG_HALO;
        s->level = SVG_GROUND;
        (void)svg_text_wrap(s, ROWS_MARGIN, rows->y[row] + SVG_FONT, SVG_START, rows->label_width,
                            LABEL_LINES, halo, label);
        s->level = SVG_MARKS;
        return;
    }
    double lines = (double)svg_count_lines(s, rows->label_width, LABEL_LINES, weight, label);
    double first = rows->mark_y[row] - (lines - 1) * SVG_LEADING / 2 + SVG_FONT * 0.35;
    (void)svg_text_wrap(s, rows->plot_x - 12, first, SVG_END, rows->label_width, LABEL_LINES,
                        weight, label);
}

double rows_bottom(const struct svg *s, const struct rows *rows)
{
    size_t last = s->table->row_count - 1;
    return rows->y[last] + rows->height[last];
}

void rows_zero(struct svg *s, const struct rows *rows, double x)
{
    s->level = SVG_GROUND;
    if (!s->is_narrow) {
        svg_line(s, x, rows->top, x, rows_bottom(s, rows), "stroke=\"" SVG_SOFT "\"");
    }
    for (size_t r = 0; s->is_narrow && r < s->table->row_count; r++) {
        double y = rows->mark_y[r], half = MARK_HEIGHT / 2 + 1;
        svg_line(s, x, y - half, x, y + half, "stroke=\"" SVG_SOFT "\"");
    }
    s->level = SVG_MARKS;
}

void rows_text(struct svg *s, const struct rows *rows, size_t row, double x, enum svg_anchor anchor,
               double width, struct text text)
{
    svg_text_fit(s, x, rows->mark_y[row] + SVG_FONT * 0.35, anchor, width, weight_of(s, row), text);
}

double rows_number_width(const struct svg *s, size_t column)
{
    double widest = 0;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    for (size_t r = 0; r < s->table->row_count; r++) {
        if (table_has(s->table, r, column)) {
            buf_clear(&text);
            table_number(&text, s->table, r, column);
            widest = fmax(widest, svg_bold_width(buf_view(&text), SVG_FONT));
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
                double v = table_value(t, r, columns[c]);
                *low = fmin(*low, v);
                *high = fmax(*high, v);
            }
        }
    }
}

void rows_missing(struct svg *s, const struct rows *rows, size_t row, size_t column, double x)
{
    const struct result_cell *c = table_cell(s->table, row, column);
    double y = rows->mark_y[row] + SVG_FONT * 0.35;
    buf_text(svg_words(s), "<g font-style=\"italic\" fill=\"" SVG_SOFT "\">");
    if (c->text && c->text[0]) {
        svg_title(svg_words(s), text_of(c->text));
    }
    double width = svg_text_width(text_of(FORMAT_NOT_AVAILABLE), SVG_FONT);
    svg_text(s, fmin(x, s->width - width - 2), y, SVG_START, SVG_HALO,
             text_of(FORMAT_NOT_AVAILABLE));
    buf_text(svg_words(s), "</g>\n");
}

double rows_legend(struct svg *s, double y, const enum svg_fill *fills, const char *const *names,
                   size_t count)
{
    double x = ROWS_MARGIN;
    for (size_t i = 0; i < count; i++) {
        struct text name = text_of(names[i]);
        double room = s->width - 2 * ROWS_MARGIN - SWATCH - 6;
        double width = SWATCH + 6 + fmin(svg_text_width(name, SVG_FONT), room);
        if (x > ROWS_MARGIN && x + width > s->width - ROWS_MARGIN) {
            x = ROWS_MARGIN;
            y += 20;
        }
        svg_rect(s, x, y, SWATCH, 13, svg_fill(s, fills[i], "stroke=\"" SVG_INK "\""),
                 SVG_NO_TITLE);
        svg_text_fit(s, x + SWATCH + 6, y + 11, SVG_START, room, "", name);
        x += width + 18;
    }
    return y + 22;
}

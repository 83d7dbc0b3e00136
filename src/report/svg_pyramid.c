/* report/svg_pyramid.c — two groups back to back, a row for each age band, on one scale.
 *
 * The left bars are hatched and the right ones solid; the outline of a reference population, when
 * there is one, is a dashed box over each bar. The first row of the table stands at the bottom, so
 * that the youngest do.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>

#define ROW_HEIGHT 22.0
#define BAR        16.0
#define MARGIN     4.0
#define DASHED     "fill=\"none\" stroke=\"" SVG_INK "\" stroke-dasharray=\"4 3\""

struct pyramid {
    double label_width, half; /* width of one side's bars */
    double left, right;       /* x of nought on each side */
    double top, numbers;      /* numbers: width kept for those of a side */
    double largest;
    size_t reference[2]; /* columns; column_count when there is none */
};

static double row_y(const struct svg *s, const struct pyramid *p, size_t row)
{
    return p->top + (double)(s->table->row_count - 1 - row) * ROW_HEIGHT;
}

static void measure(struct svg *s, struct pyramid *p)
{
    const struct result_table *t = s->table;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    double labels = 0, numbers = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        labels = fmax(labels, svg_bold_width(table_label(t, r, 0), SVG_FONT));
        for (size_t c = 1; c <= 2; c++) {
            if (table_has(t, r, c)) {
                buf_clear(&text);
                table_number(&text, t, r, c);
                numbers = fmax(numbers, svg_bold_width(buf_view(&text), SVG_FONT));
                p->largest = fmax(p->largest, table_value(t, r, c));
            } else { /* the words stand where the bar would */
                numbers = fmax(numbers, s->is_narrow ? 24 : 0);
            }
            if (table_has(t, r, p->reference[c - 1])) {
                p->largest = fmax(p->largest, table_value(t, r, p->reference[c - 1]));
            }
        }
    }
    p->label_width = fmin(labels + 18, s->width * 0.3);
    p->numbers = fmin(numbers + 6, s->width * 0.2);
    p->half = (s->width - p->label_width - 2 * MARGIN) / 2 - p->numbers;
    p->left = MARGIN + p->numbers + p->half;
    p->right = p->left + p->label_width;
}

/* "not available" where the bar would be; a phone has no room for the words, only for hatching. */
static void put_missing(struct svg *s, const struct pyramid *p, size_t row, size_t side)
{
    double width = svg_text_width(text_of(FORMAT_NOT_AVAILABLE), SVG_FONT);
    double y = row_y(s, p, row) + ROW_HEIGHT / 2, x = side ? p->right : p->left;
    if (width + 8 <= p->half + p->numbers) {
        svg_text(s, side ? x + 4 : x - 4, y + 4.5, side ? SVG_START : SVG_END,
                 "font-style=\"italic\" fill=\"" SVG_SOFT "\"", text_of(FORMAT_NOT_AVAILABLE));
        return;
    }
    double box = p->half / 2;
    svg_rect(s, side ? x : x - box, y - BAR / 2, box, BAR, svg_fill(s, SVG_MISSING, ""),
             svg_tip_of_series(s, row, side + 1));
}

static void put_bar(struct svg *s, const struct pyramid *p, size_t row, size_t side)
{
    const struct result_table *t = s->table;
    size_t column = side + 1;
    double y = row_y(s, p, row) + (ROW_HEIGHT - BAR) / 2;
    if (!table_has(t, row, column)) {
        put_missing(s, p, row, side);
        return;
    }
    double value = table_value(t, row, column), length = value / p->largest * p->half;
    if (value > 0) {
        svg_rect(s, side ? p->right : p->left - length, y, length, BAR,
                 svg_fill(s, side ? SVG_SOLID : SVG_DIAGONAL, "stroke=\"" SVG_STRONG "\""),
                 svg_tip_of_series(s, row, column));
    }
    double reach = length;
    if (table_has(t, row, p->reference[side])) {
        double other = table_value(t, row, p->reference[side]) / p->largest * p->half;
        s->level = SVG_ABOVE;
        svg_rect(s, side ? p->right : p->left - other, y - 2, other, BAR + 4, DASHED,
                 svg_tip_of_series(s, row, p->reference[side]));
        s->level = SVG_MARKS;
        reach = fmax(reach, other);
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    table_number(&text, t, row, column);
    svg_text_fit(s, side ? p->right + reach + 5 : p->left - reach - 5, y + BAR / 2 + 4.5,
                 side ? SVG_START : SVG_END, p->numbers - 5, "", buf_view(&text));
}

static void put_heads(struct svg *s, const struct pyramid *p, double y)
{
    const struct result_table *t = s->table;
    double room = p->half + p->numbers - 4;
    svg_text_fit(s, p->left, y, SVG_END, room, "font-weight=\"bold\"",
                 text_of(t->columns[1].title));
    svg_text_fit(s, p->right, y, SVG_START, room, "font-weight=\"bold\"",
                 text_of(t->columns[2].title));
}

static double put_key(struct svg *s, const struct pyramid *p, double y)
{
    const struct result_table *t = s->table;
    size_t column = p->reference[1] < t->column_count ? p->reference[1] : p->reference[0];
    if (column >= t->column_count) {
        return y;
    }
    svg_rect(s, MARGIN + 1, y, 22, 13, DASHED, SVG_NO_TITLE);
    size_t lines = svg_text_wrap(s, MARGIN + 30, y + 11, SVG_START, s->width - MARGIN - 34, 3, "",
                                 text_of(t->columns[column].title));
    return y + (double)lines * SVG_LEADING + 8;
}

rv_status svg_chart_pyramid(struct svg *s, struct rv_err *reterr)
{
    (void)reterr;
    const struct result_table *t = s->table;
    struct pyramid p = {.top = 26,
                        .reference = {result_table_column(t, "left_reference"),
                                      result_table_column(t, "right_reference")}};
    measure(s, &p);
    p.largest = p.largest > 0 ? p.largest : 1;
    double bottom = p.top + (double)t->row_count * ROW_HEIGHT;
    put_heads(s, &p, 16);
    svg_line(s, p.left, p.top, p.left, bottom, "stroke=\"" SVG_SOFT "\"");
    svg_line(s, p.right, p.top, p.right, bottom, "stroke=\"" SVG_SOFT "\"");
    for (size_t r = 0; r < t->row_count; r++) {
        svg_text_fit(s, (p.left + p.right) / 2, row_y(s, &p, r) + ROW_HEIGHT / 2 + 4.5, SVG_MIDDLE,
                     p.label_width - 8, table_is_focus(t, r) ? "font-weight=\"bold\"" : "",
                     table_label(t, r, 0));
        put_bar(s, &p, r, 0);
        put_bar(s, &p, r, 1);
    }
    s->height = put_key(s, &p, bottom + 8) + 2;
    return rv_ok();
}

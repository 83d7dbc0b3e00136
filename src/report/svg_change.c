/* report/svg_change.c — what each category added to a change: bars left and right of nought.
 *
 * Columns: label, before, after, change. A rise is a solid bar to the right with "+", a fall a
 * hatched bar to the left with a minus: direction is never told by colour.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg_rows.h"

#include <math.h>

#define BAR_HEIGHT 14.0

/* "+616 (5,567 to 6,183)" */
static void put_words(struct buf *b, const struct result_table *t, size_t row)
{
    if (!table_has(t, row, 3)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    enum result_type type = t->columns[3].type;
    enum format_kind kind = FORMAT_RATE;
    if (type == RESULT_COUNT) {
        kind = FORMAT_COUNT;
    } else if (type == RESULT_PERCENT) {
        kind = FORMAT_PERCENT1;
    }
    format_number(b, table_cell(t, row, 3)->number, kind, FORMAT_SIGNED);
    if (table_has(t, row, 1) && table_has(t, row, 2)) {
        buf_text(b, " (");
        table_number(b, t, row, 1);
        buf_text(b, " to ");
        table_number(b, t, row, 2);
        buf_char(b, ')');
    }
}

static double widest_words(const struct result_table *t)
{
    double widest = 0;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    for (size_t r = 0; r < t->row_count; r++) {
        buf_clear(&text);
        put_words(&text, t, r);
        widest = fmax(widest, svg_text_width(buf_view(&text), SVG_FONT) * 1.07);
    }
    return widest;
}

static void put_bar(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                    size_t row, const char *falling)
{
    if (!table_has(s->table, row, 3)) {
        return;
    }
    double change = table_cell(s->table, row, 3)->number;
    double zero = svg_at(scale, 0), end = svg_at(scale, change);
    double y = rows->mark_y[row] - BAR_HEIGHT / 2;
    if (change > 0) {
        svg_rect(s, zero, y, end - zero, BAR_HEIGHT,
                 table_is_focus(s->table, row) ? "fill=\"" SVG_STRONG "\" stroke=\"" SVG_STRONG "\""
                                               : "fill=\"" SVG_FILL "\" stroke=\"" SVG_STRONG "\"",
                 (struct text){NULL, 0});
    } else if (change < 0) {
        svg_rect(s, end, y, zero - end, BAR_HEIGHT, falling, (struct text){NULL, 0});
    }
}

static void put_row(struct svg *s, const struct rows *rows, const struct svg_scale *scale,
                    size_t row, const char *falling, struct buf *text)
{
    rows_label(s, rows, row);
    put_bar(s, rows, scale, row, falling);
    buf_clear(text);
    put_words(text, s->table, row);
    const char *weight = table_is_focus(s->table, row) ? "font-weight=\"bold\"" : "";
    svg_text(s, s->width - 4, rows->mark_y[row] + SVG_FONT * 0.35, SVG_END, weight, buf_view(text));
}

rv_status svg_chart_change(struct svg *s, struct rv_err *reterr)
{
    struct rows rows;
    RV_TRY(rows_layout(s, 26, widest_words(s->table) + 10, &rows, reterr));
    double low, high;
    static const size_t columns[] = {3};
    rows_range(s->table, columns, 1, &low, &high);
    if (!(high > low)) {
        high = low + 1;
    }
    struct svg_scale scale = {low, high, 1, rows.plot_x + 2, rows.plot_width - 4, RESULT_COUNT};
    double zero = svg_at(&scale, 0), bottom = rows_bottom(s, &rows);
    const char *falling = svg_hatch(s, "stroke=\"" SVG_INK "\"");
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    svg_text(s, s->is_narrow ? 4 : rows.plot_x, 14, SVG_START, "fill=\"" SVG_SOFT "\"",
             text_of("Solid: a rise. Hatched: a fall."));
    svg_line(s, zero, rows.top, zero, bottom, "stroke=\"" SVG_INK "\"");
    for (size_t r = 0; r < s->table->row_count; r++) {
        put_row(s, &rows, &scale, r, falling, &text);
    }
    s->height = bottom + 4;
    return rv_ok();
}

/* report/svg_change.c — what each category added to a change: bars from nought, or one after the
 * other (waterfall).
 *
 * Columns: label, before, after, change. A rise is a filled bar to the right with "+", a fall a
 * hollow bar to the left with a minus: direction is never told by colour. Both are drawn on a
 * scale of the change itself, so that no axis is cut.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg_rows.h"

#include <math.h>

#define RISE  "fill=\"" SVG_FILL "\" stroke=\"" SVG_STRONG "\""
#define TOTAL "fill=\"" SVG_STRONG "\" stroke=\"" SVG_STRONG "\""
#define FALL  "fill=\"#fff\" stroke=\"" SVG_INK "\" stroke-width=\"1.5\""

struct change {
    struct rows rows;
    struct svg_scale scale;
    bool is_short; /* no room for "(5,567 to 6,183)" */
    struct buf *text;
};

/* "+616", with " (5,567 to 6,183)" unless short */
static void put_words(struct buf *b, const struct result_table *t, size_t row, bool is_short)
{
    if (!table_has(t, row, 3)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    enum result_type type = t->columns[3].type;
    enum format_kind kind = type == RESULT_COUNT     ? FORMAT_COUNT
                            : type == RESULT_PERCENT ? FORMAT_PERCENT1
                                                     : FORMAT_RATE;
    format_number(b, table_value(t, row, 3), kind, FORMAT_SIGNED);
    if (!is_short && table_has(t, row, 1) && table_has(t, row, 2)) {
        buf_text(b, " (");
        table_number(b, t, row, 1);
        buf_text(b, " to ");
        table_number(b, t, row, 2);
        buf_char(b, ')');
    }
}

static double widest_words(const struct result_table *t, struct buf *text, bool is_short)
{
    double widest = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        buf_clear(text);
        put_words(text, t, r, is_short);
        widest = fmax(widest, svg_bold_width(buf_view(text), SVG_FONT));
    }
    return widest;
}

static rv_status layout(struct svg *s, struct change *k, double top, struct rv_err *reterr)
{
    double words = widest_words(s->table, k->text, false);
    k->is_short = words > s->width * 0.48;
    words = k->is_short ? widest_words(s->table, k->text, true) : words;
    return rows_layout(s, top, words + 10, &k->rows, reterr);
}

static void scale(struct change *k, double low, double high)
{
    k->scale = (struct svg_scale){
        low,         high > low ? high : low + 1, 1, k->rows.plot_x + 2, k->rows.plot_width - 4,
        RESULT_COUNT};
}

static void put_row_words(struct svg *s, struct change *k, size_t row)
{
    buf_clear(k->text);
    put_words(k->text, s->table, row, k->is_short);
    rows_text(s, &k->rows, row, s->width - ROWS_MARGIN, SVG_END, k->rows.value_width,
              buf_view(k->text));
}

/* A bar from one value to another; nothing when they are equal. */
static void put_bar(struct svg *s, const struct change *k, size_t row, double from, double to,
                    const char *rise)
{
    double left = svg_at(&k->scale, fmin(from, to)), right = svg_at(&k->scale, fmax(from, to));
    if (from != to) {
        svg_rect(s, left, k->rows.mark_y[row] - ROWS_BAR / 2, right - left, ROWS_BAR,
                 to > from ? rise : FALL, svg_tip_of_series(s, row, 3));
    }
}

rv_status svg_chart_change(struct svg *s, struct rv_err *reterr)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    struct change k = {.text = &text};
    RV_TRY(layout(s, &k, 26, reterr));
    double low, high;
    static const size_t columns[] = {3};
    rows_range(s->table, columns, 1, &low, &high);
    scale(&k, low, high);
    svg_text(s, s->is_narrow ? ROWS_MARGIN : k.rows.plot_x, 14, SVG_START, "fill=\"" SVG_SOFT "\"",
             text_of("Filled: a rise. Hollow: a fall."));
    rows_zero(s, &k.rows, svg_at(&k.scale, 0));
    for (size_t r = 0; r < s->table->row_count; r++) {
        rows_label(s, &k.rows, r);
        if (table_has(s->table, r, 3)) {
            put_bar(s, &k, r, 0, table_value(s->table, r, 3),
                    table_is_focus(s->table, r) ? TOTAL : RISE);
        }
        put_row_words(s, &k, r);
    }
    s->height = rows_bottom(s, &k.rows) + 4;
    return rv_ok();
}

/* ---- waterfall ---- */

/* Rows with another word in the column "by" begin at nought again: the same total told apart
 * another way. */
struct steps {
    size_t parts; /* rows before the total */
    size_t by;    /* that column, or column_count */
    double low, high, gap;
    bool is_whole; /* every part has its change */
};

static bool is_first_step(const struct result_table *t, const struct steps *k, size_t row)
{
    return row == 0 || (k->by < t->column_count &&
                        !text_equal(table_label(t, row, k->by), table_label(t, row - 1, k->by)));
}

static double change_of(const struct result_table *t, size_t row)
{
    return table_has(t, row, 3) ? table_value(t, row, 3) : 0;
}

/* What the steps of a way leave of the total, the largest of all ways; without a total 0. */
static void close_way(const struct result_table *t, struct steps *k, double sum)
{
    bool has_total = k->parts < t->row_count && table_has(t, k->parts, 3);
    double gap = has_total ? table_value(t, k->parts, 3) - sum : 0;
    k->gap = fabs(gap) > fabs(k->gap) ? gap : k->gap;
}

static struct steps add_steps(const struct result_table *t)
{
    struct steps k = {.is_whole = true, .by = result_table_column(t, "by")};
    double sum = 0;
    k.parts = t->ends_with_total && t->row_count > 1 ? t->row_count - 1 : t->row_count;
    for (size_t r = 0; r < k.parts; r++) {
        if (r > 0 && is_first_step(t, &k, r)) {
            close_way(t, &k, sum);
            sum = 0;
        }
        k.is_whole = k.is_whole && table_has(t, r, 3);
        sum += change_of(t, r);
        k.low = fmin(k.low, sum);
        k.high = fmax(k.high, sum);
    }
    close_way(t, &k, sum);
    if (k.parts < t->row_count) {
        k.low = fmin(k.low, change_of(t, k.parts));
        k.high = fmax(k.high, change_of(t, k.parts));
    }
    return k;
}

/* From the end of each bar to where the next one begins; behind the labels of a phone. */
static void put_joints(struct svg *s, const struct change *k, const struct steps *steps)
{
    double sum = 0;
    for (size_t r = 0; r + 1 < s->table->row_count && r < steps->parts; r++) {
        double change = change_of(s->table, r), half = ROWS_BAR / 2;
        sum = (is_first_step(s->table, steps, r) ? 0 : sum) + change;
        bool is_last = r + 1 < steps->parts && is_first_step(s->table, steps, r + 1);
        if (is_last) {
            continue;
        }
        double x = svg_at(&k->scale, sum);
        double from =
            k->rows.mark_y[r] + (change != 0 ? half : -half); /* no bar: through the row */
        s->level = SVG_GROUND;
        svg_line(s, x, from, x, k->rows.mark_y[r + 1] - half,
                 "stroke=\"" SVG_SOFT "\" stroke-dasharray=\"2 2\"");
        s->level = SVG_MARKS;
    }
}

static void put_steps(struct svg *s, struct change *k, const struct steps *steps)
{
    double sum = 0;
    for (size_t r = 0; r < s->table->row_count; r++) {
        rows_label(s, &k->rows, r);
        put_row_words(s, k, r);
        bool is_total = r == steps->parts;
        double from = is_total || is_first_step(s->table, steps, r) ? 0 : sum;
        double to = from + change_of(s->table, r);
        put_bar(s, k, r, from, to, is_total || table_is_focus(s->table, r) ? TOTAL : RISE);
        sum = to;
    }
}

/* Steps that do not lead to the total are said, not hidden. */
static double put_remainder(struct svg *s, struct change *k, const struct steps *steps, double y)
{
    const struct result_table *t = s->table;
    bool has_total = steps->parts < t->row_count && table_has(t, steps->parts, 3);
    double total = has_total ? table_value(t, steps->parts, 3) : 0;
    bool adds_up = fabs(steps->gap) <= 1e-9 * fmax(1, fabs(total));
    if (steps->is_whole && adds_up) {
        return y;
    }
    buf_clear(k->text);
    buf_text(k->text, steps->is_whole ? "The steps do not add up to the total"
                                      : "Not every step is available");
    if (has_total && !adds_up) {
        buf_text(k->text, ": ");
        format_number(k->text, steps->gap,
                      t->columns[3].type == RESULT_COUNT ? FORMAT_COUNT : FORMAT_RATE,
                      FORMAT_SIGNED);
        buf_text(k->text, " of the total is not shown as a step");
    }
    buf_char(k->text, '.');
    return svg_note(s, ROWS_MARGIN, y + SVG_FONT, "fill=\"" SVG_SOFT "\"", buf_view(k->text));
}

rv_status svg_chart_waterfall(struct svg *s, struct rv_err *reterr)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    struct change k = {.text = &text};
    bool is_many = result_table_column(s->table, "by") < s->table->column_count;
    s->height = svg_note(s, ROWS_MARGIN, 14, "fill=\"" SVG_SOFT "\"",
                         text_of(is_many ? "Each bar begins where the one above ends, and each way "
                                           "of telling apart at nought. Filled: a rise. Hollow: "
                                           "a fall. Dark: the change of the total."
                                         : "Each bar begins where the one above ends. Filled: a "
                                           "rise. Hollow: a fall. Dark: the change of the total."));
    RV_TRY(layout(s, &k, s->height - 4, reterr));
    struct steps steps = add_steps(s->table);
    scale(&k, steps.low, steps.high);
    rows_zero(s, &k.rows, svg_at(&k.scale, 0));
    put_joints(s, &k, &steps);
    put_steps(s, &k, &steps);
    s->height = put_remainder(s, &k, &steps, rows_bottom(s, &k.rows) + 4);
    return rv_ok();
}

/* report/svg_stacked.c — the parts of each row one after the other: as counts, or as shares of the
 * row with its base written beside it.
 *
 * Parts are told apart by pattern and by their order, which is that of the legend. A row with a
 * part that is not available has no shares; its counts are drawn without a total.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg_rows.h"

#include <math.h>
#include <string.h>

#define PARTS_MAX  6
#define BAR_HEIGHT 17.0
#define AXIS_SPACE 26.0

struct stack {
    struct rows rows;
    struct svg_scale scale;
    size_t columns[PARTS_MAX];
    size_t count;
    bool is_share;
};

static void find_parts(const struct result_table *t, struct stack *k)
{
    for (size_t c = 1; c < t->column_count && k->count < PARTS_MAX; c++) {
        bool is_number = t->columns[c].type != RESULT_TEXT && t->columns[c].type != RESULT_MONTH;
        if (is_number && strcmp(t->columns[c].name, "total") != 0) {
            k->columns[k->count++] = c;
        }
    }
}

/* The sum of the parts of a row that are there; *ret_missing is the first that is not, or
 * column_count. */
static double sum_of(const struct svg *s, const struct stack *k, size_t row, size_t *ret_missing)
{
    double sum = 0;
    *ret_missing = s->table->column_count;
    for (size_t i = k->count; i-- > 0;) {
        if (table_has(s->table, row, k->columns[i])) {
            sum += table_value(s->table, row, k->columns[i]);
        } else {
            *ret_missing = k->columns[i];
        }
    }
    return sum;
}

static bool is_percent(const struct svg *s, const struct stack *k)
{
    return s->table->columns[k->columns[0]].type == RESULT_PERCENT;
}

/* What stands right of a bar: the total, or the base of the shares ("of 1,234"). */
static void put_total_words(struct svg *s, const struct stack *k, size_t row, struct buf *text)
{
    size_t missing;
    double sum = sum_of(s, k, row, &missing);
    if (missing < s->table->column_count) {
        buf_text(text, k->is_share ? "" : "total " FORMAT_NOT_AVAILABLE);
        return;
    }
    if (k->is_share && is_percent(s, k)) {
        return;
    }
    buf_text(text, k->is_share ? "of " : "");
    if (s->table->columns[k->columns[0]].type == RESULT_COUNT) {
        format_count(text, sum);
    } else {
        format_rate(text, sum);
        buf_text(text, is_percent(s, k) ? "%" : "");
    }
}

static double widest_total(struct svg *s, const struct stack *k)
{
    double widest = 0;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    for (size_t r = 0; r < s->table->row_count; r++) {
        buf_clear(&text);
        put_total_words(s, k, r, &text);
        widest = fmax(widest, svg_bold_width(buf_view(&text), SVG_FONT));
    }
    return widest;
}

/* "Havering, Robbery: 41 (12.3%)" */
static struct text tip_of_part(struct svg *s, const struct stack *k, size_t row, size_t column,
                               double share)
{
    struct text tip = svg_tip_of_series(s, row, column);
    if (!tip.n || !k->is_share || is_percent(s, k)) {
        return tip;
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 20);
    buf_slice(&text, tip);
    buf_text(&text, " (");
    format_percent(&text, share, 1, FORMAT_PLAIN);
    buf_char(&text, ')');
    const char *kept = text.failed ? NULL : arena_text(s->arena, text.bytes, text.n);
    return kept ? (struct text){kept, text.n} : tip;
}

/* The number inside its segment where there is room, on a white plate over a pattern. */
static void put_inside(struct svg *s, const struct stack *k, size_t row, size_t part, double x,
                       double width, double share)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    if (k->is_share) {
        format_percent(&text, share, 0, FORMAT_PLAIN);
    } else {
        table_number(&text, s->table, row, k->columns[part]);
    }
    double needs = svg_text_width(buf_view(&text), SVG_SMALL) + 6, y = k->rows.mark_y[row];
    if (needs > width - 2) {
        return;
    }
    bool is_dark = svg_fill_is_dark((enum svg_fill)part);
    s->level = SVG_ABOVE;
    if (!is_dark && part != SVG_TINT && part != SVG_WHITE) {
        svg_rect(s, x + (width - needs) / 2, y - 6.5, needs, 13, "fill=\"#fff\"", SVG_NO_TITLE);
    }
    svg_text(s, x + width / 2, y + 4.2, SVG_MIDDLE,
             is_dark ? "font-size=\"12\" fill=\"#fff\"" : "font-size=\"12\"", buf_view(&text));
    s->level = SVG_MARKS;
}

static void put_parts(struct svg *s, const struct stack *k, size_t row, double sum)
{
    double at = 0;
    for (size_t i = 0; i < k->count; i++) {
        size_t column = k->columns[i];
        if (!table_has(s->table, row, column)) {
            continue;
        }
        double value = table_value(s->table, row, column);
        double share = is_percent(s, k) ? value : 100 * value / sum;
        double length = k->is_share ? share : value;
        double x = svg_at(&k->scale, at), width = svg_at(&k->scale, at + length) - x;
        at += length;
        if (value > 0) {
            svg_rect(s, x, k->rows.mark_y[row] - BAR_HEIGHT / 2, width, BAR_HEIGHT,
                     svg_fill(s, (enum svg_fill)i, "stroke=\"" SVG_INK "\""),
                     tip_of_part(s, k, row, column, share));
            put_inside(s, k, row, i, x, width, share);
        }
    }
}

static void put_row(struct svg *s, const struct stack *k, size_t row)
{
    size_t missing;
    double sum = sum_of(s, k, row, &missing);
    bool is_missing = missing < s->table->column_count;
    rows_label(s, &k->rows, row);
    if (k->is_share && is_missing) {
        rows_missing(s, &k->rows, row, missing, svg_at(&k->scale, 0) + 6);
        return;
    }
    put_parts(s, k, row, sum); /* nothing has no shares: only "of 0" is written */
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    put_total_words(s, k, row, &text);
    double x = k->is_share ? s->width - ROWS_MARGIN : svg_at(&k->scale, sum) + 6;
    rows_text(s, &k->rows, row, x, k->is_share ? SVG_END : SVG_START,
              k->is_share ? k->rows.value_width : s->width - x - 2, buf_view(&text));
}

static double largest_sum(const struct svg *s, const struct stack *k)
{
    double largest = 0;
    for (size_t r = 0; r < s->table->row_count; r++) {
        size_t missing;
        double sum = sum_of(s, k, r, &missing);
        /* Published percentages may add up to a little more than 100. */
        largest = fmax(largest, k->is_share && !is_percent(s, k) ? 100 : sum);
    }
    return largest;
}

rv_status svg_chart_stacked(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct stack k = {.is_share = t->chart == CHART_STACKED_SHARE};
    find_parts(t, &k);
    static const enum svg_fill fills[PARTS_MAX] = {SVG_SOLID, SVG_DIAGONAL,   SVG_TINT,
                                                   SVG_DOTS,  SVG_GRID_LINES, SVG_WHITE};
    const char *names[PARTS_MAX];
    for (size_t i = 0; i < k.count; i++) {
        names[i] = t->columns[k.columns[i]].title;
    }
    double top = rows_legend(s, 4, fills, names, k.count) + 4;
    RV_TRY(rows_layout(s, top, widest_total(s, &k) + 8, &k.rows, reterr));
    double bottom = rows_bottom(s, &k.rows), largest = largest_sum(s, &k);
    k.scale = (struct svg_scale){
        0, largest > 0 ? largest : 1, 25, k.rows.plot_x, k.rows.plot_width, RESULT_PERCENT};
    if (k.is_share) { /* counts have their numbers, shares an axis */
        k.scale.to = fmax(k.scale.to, 100);
        struct svg_scale axis = k.scale;
        axis.length = svg_at(&k.scale, 100) - axis.at;
        axis.to = 100;
        svg_axis_across(s, &axis, k.rows.top, bottom);
    } else {
        rows_zero(s, &k.rows, k.rows.plot_x);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        put_row(s, &k, r);
    }
    s->height = bottom + (k.is_share ? AXIS_SPACE : 4);
    return rv_ok();
}

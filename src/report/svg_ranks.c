/* report/svg_ranks.c — values in order as dots with their intervals, and beside them the places
 * that each could hold: a league table that says how little order there is.
 *
 * Rows that hold "not told apart" in the column "beside" stand on a shade, with open circles. Marks
 * of a kind share one path, because there are many and each has its number in the table.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define EDGE      4.0
#define ROW       20.0 /* on a desk: one line of text */
#define ROW_PHONE 38.0 /* on a phone the name stands above its dot */
#define BAR       9.0
#define SHADE     "#e6efef"
#define SETS      "#9fb3ba"
#define SOFT      "fill=\"" SVG_SOFT "\""

enum { LABEL, VALUE, LOWER, UPPER, PLACE, FIRST, LAST }; /* columns */

enum kind { TOLD_APART, ALIKE, FOCUS };

struct ranks {
    struct svg_scale scale;
    double label_width, sets_x, sets_width, words_width;
    double top, row, places; /* places: the last that anyone could hold */
    size_t beside;
    bool has_alike;
};

static enum kind kind_of(const struct result_table *t, const struct ranks *k, size_t row)
{
    if (table_is_focus(t, row)) {
        return FOCUS;
    }
    bool is_alike =
        k->beside < t->column_count && text_is(table_label(t, row, k->beside), "not told apart");
    return is_alike ? ALIKE : TOLD_APART;
}

/* A set of places that are places. */
static bool has_set(const struct result_table *t, size_t row)
{
    return table_has(t, row, FIRST) && table_has(t, row, LAST) && table_value(t, row, FIRST) >= 1 &&
           table_value(t, row, LAST) >= table_value(t, row, FIRST);
}

static bool has_place(const struct result_table *t, size_t row)
{
    return has_set(t, row) && table_has(t, row, PLACE) &&
           table_value(t, row, PLACE) >= table_value(t, row, FIRST) &&
           table_value(t, row, PLACE) <= table_value(t, row, LAST);
}

/* "5 to 14" */
static void put_words(struct buf *b, const struct result_table *t, size_t row)
{
    buf_clear(b);
    if (!has_set(t, row)) {
        return;
    }
    table_number(b, t, row, FIRST);
    if (table_value(t, row, LAST) > table_value(t, row, FIRST)) {
        buf_text(b, " to ");
        table_number(b, t, row, LAST);
    }
}

/* ---- layout ---- */

static void find_range(const struct result_table *t, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t r = 0; r < t->row_count; r++) {
        for (size_t c = VALUE; c <= UPPER; c++) {
            if (table_has(t, r, c)) {
                *low = fmin(*low, table_value(t, r, c));
                *high = fmax(*high, table_value(t, r, c));
            }
        }
    }
    if (*low > *high) {
        *low = 0;
        *high = 1;
    }
}

static void measure(struct svg *s, struct ranks *k, struct buf *words)
{
    const struct result_table *t = s->table;
    k->beside = result_table_column(t, "beside");
    k->places = 1;
    for (size_t r = 0; r < t->row_count; r++) {
        struct text label = table_label(t, r, LABEL);
        k->label_width = fmax(k->label_width, svg_bold_width(label, SVG_FONT));
        put_words(words, t, r);
        k->words_width = fmax(k->words_width, svg_bold_width(buf_view(words), SVG_FONT));
        k->places = has_set(t, r) ? fmax(k->places, table_value(t, r, LAST)) : k->places;
        k->has_alike = k->has_alike || kind_of(t, k, r) == ALIKE;
    }
    k->words_width = fmin(k->words_width + 4, s->width / 3);
    k->label_width = fmin(k->label_width + 2, s->width * 0.27);
}

static void layout(struct svg *s, struct ranks *k, struct buf *words)
{
    double low, high;
    measure(s, k, words);
    find_range(s->table, &low, &high);
    k->top = 24;
    k->row = s->is_narrow ? ROW_PHONE : ROW;
    k->scale = svg_scale_between(low, high, s->is_narrow ? 4 : 5, s->table->columns[VALUE].type);
    double left = s->is_narrow ? EDGE + 6 : EDGE + k->label_width + 18;
    double right = s->width - EDGE - 8, gap = 44;
    if (!s->is_narrow) {
        double room = right - k->words_width - 8 - left - gap;
        k->sets_width = room * 0.4;
        k->sets_x = right - k->words_width - k->sets_width;
        right = k->sets_x - gap;
    }
    k->scale.at = left;
    k->scale.length = right - left;
}

static double top_of(const struct ranks *k, size_t row)
{
    return k->top + (double)row * k->row;
}

static double mark_y(const struct svg *s, const struct ranks *k, size_t row)
{
    return top_of(k, row) + (s->is_narrow ? 27 : k->row / 2);
}

static double place_x(const struct ranks *k, double place)
{
    return k->sets_x + place / k->places * k->sets_width;
}

/* ---- marks ---- */

static void move_to(struct svg *s, double x, double y)
{
    buf_char(s->out, 'M');
    svg_number(s->out, x);
    buf_char(s->out, ' ');
    svg_number(s->out, y);
}

static void run(struct svg *s, char command, double value)
{
    buf_char(s->out, command);
    svg_number(s->out, value);
}

static void put_box(struct svg *s, double x, double y, double w, double h)
{
    move_to(s, x, y);
    run(s, 'h', w);
    run(s, 'v', h);
    run(s, 'h', -w);
    buf_char(s->out, 'z');
}

static void start_path(struct svg *s)
{
    buf_text(s->out, "<path d=\"");
}

static void end_path(struct svg *s, const char *attributes)
{
    buf_printf(s->out, "\" %s/>\n", attributes);
}

static void put_shade(struct svg *s, const struct ranks *k)
{
    size_t n = s->table->row_count;
    start_path(s);
    for (size_t r = 0; r < n; r++) {
        size_t end = r;
        while (end < n && kind_of(s->table, k, end) != TOLD_APART) {
            end++;
        }
        if (end > r) {
            put_box(s, 0, top_of(k, r), s->width, (double)(end - r) * k->row);
            r = end;
        }
    }
    end_path(s, "fill=\"" SHADE "\"");
}

static void put_intervals(struct svg *s, const struct ranks *k)
{
    const struct result_table *t = s->table;
    start_path(s);
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, LOWER) && table_has(t, r, UPPER)) {
            move_to(s, svg_at(&k->scale, table_value(t, r, LOWER)), mark_y(s, k, r));
            run(s, 'H', svg_at(&k->scale, table_value(t, r, UPPER)));
        }
    }
    end_path(s, "stroke=\"" SVG_INK "\" stroke-width=\"1.6\" fill=\"none\"");
}

static void put_dots(struct svg *s, const struct ranks *k, enum kind kind)
{
    static const char *const looks[] = {[TOLD_APART] = "fill=\"" SVG_STRONG "\"",
                                        [ALIKE] = "fill=\"#fff\" stroke=\"" SVG_STRONG
                                                  "\" stroke-width=\"1.8\"",
                                        [FOCUS] = "fill=\"" SVG_INK "\" stroke=\"#fff\""};
    static const char *const shapes[] = {
        [TOLD_APART] = "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0",
        [ALIKE] = "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0",
        [FOCUS] = "m0-7l7 7l-7 7l-7-7z"};
    const struct result_table *t = s->table;
    size_t n = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, VALUE) && kind_of(t, k, r) == kind) {
            if (!n++) {
                start_path(s);
            }
            move_to(s, svg_at(&k->scale, table_value(t, r, VALUE)), mark_y(s, k, r));
            buf_text(s->out, shapes[kind]);
        }
    }
    if (n) {
        end_path(s, looks[kind]);
    }
}

/* The sets of all, or that of the row that the chart is about. */
static void put_sets(struct svg *s, const struct ranks *k, bool is_focus)
{
    const struct result_table *t = s->table;
    start_path(s);
    for (size_t r = 0; r < t->row_count; r++) {
        if (has_set(t, r) && table_is_focus(t, r) == is_focus) {
            double x = place_x(k, table_value(t, r, FIRST) - 1);
            put_box(s, x, mark_y(s, k, r) - BAR / 2, place_x(k, table_value(t, r, LAST)) - x, BAR);
        }
    }
    end_path(s, is_focus ? "fill=\"" SVG_STRONG "\"" : "fill=\"" SETS "\"");
}

/* The place of each by its figure, a short upright line in its set. */
static void put_places(struct svg *s, const struct ranks *k)
{
    const struct result_table *t = s->table;
    for (int is_focus = 0; is_focus < 2; is_focus++) {
        start_path(s);
        for (size_t r = 0; r < t->row_count; r++) {
            if (has_place(t, r) && table_is_focus(t, r) == is_focus) {
                move_to(s, place_x(k, table_value(t, r, PLACE) - 0.5), mark_y(s, k, r) - BAR / 2);
                run(s, 'v', BAR);
            }
        }
        end_path(s, is_focus ? "stroke=\"#fff\" stroke-width=\"2\" fill=\"none\""
                             : "stroke=\"" SVG_INK "\" stroke-width=\"2\" fill=\"none\"");
    }
}

/* ---- words ---- */

static void put_label(struct svg *s, const struct ranks *k, size_t row)
{
    struct text label = table_label(s->table, row, LABEL);
    const char *weight = table_is_focus(s->table, row) ? "font-weight=\"bold\"" : "";
    if (s->is_narrow) {
        svg_text_fit(s, EDGE, top_of(k, row) + 15, SVG_START,
                     s->width - 3 * EDGE - k->words_width - 40, weight, label);
        return;
    }
    svg_text_fit(s, EDGE + k->label_width, mark_y(s, k, row) + SVG_FONT * 0.35, SVG_END,
                 k->label_width, weight, label);
}

static void put_row_words(struct svg *s, const struct ranks *k, size_t row, struct buf *words)
{
    const struct result_table *t = s->table;
    const char *weight = table_is_focus(t, row) ? "font-weight=\"bold\"" : "";
    double y = s->is_narrow ? top_of(k, row) + 15 : mark_y(s, k, row) + SVG_FONT * 0.35;
    put_words(words, t, row);
    if (words->n) {
        svg_text_fit(s, s->width - EDGE, y, SVG_END, k->words_width, weight, buf_view(words));
    }
    if (!table_has(t, row, VALUE)) {
        svg_text_fit(s, k->scale.at + 2, mark_y(s, k, row) + SVG_FONT * 0.35, SVG_START,
                     k->scale.length, "font-style=\"italic\" " SOFT, text_of(FORMAT_NOT_AVAILABLE));
    }
}

static void put_head(struct svg *s, const struct ranks *k)
{
    const struct result_table *t = s->table;
    struct text places = text_of("Places it could hold");
    if (s->is_narrow) {
        double width = svg_text_width(text_of("Places"), SVG_FONT) + 2;
        svg_text(s, s->width - EDGE, 14, SVG_END, SOFT, text_of("Places"));
        svg_text_fit(s, EDGE, 14, SVG_START, s->width - width - 4 * EDGE, SOFT,
                     text_of(t->columns[VALUE].title));
        return;
    }
    svg_text_fit(s, k->scale.at, 14, SVG_START, k->sets_x - k->scale.at - 8, SOFT,
                 text_of(t->columns[VALUE].title));
    svg_text_fit(s, k->sets_x, 14, SVG_START, s->width - EDGE - k->sets_x, SOFT, places);
}

/* The first and last place, and some between, below their bars. */
static void put_places_axis(struct svg *s, const struct ranks *k, double y)
{
    double every = ceil(k->places / 4), end = -1;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 64);
    for (double place = 1; place <= k->places; place += every) {
        bool is_last = place + every > k->places;
        double at = is_last ? k->places : place, x = place_x(k, at - 0.5);
        buf_clear(&text);
        buf_int(&text, (int64_t)at);
        double half = svg_text_width(buf_view(&text), SVG_FONT) / 2;
        if (x - half > end + 5 && x + half < s->width) {
            svg_text(s, x, y, SVG_MIDDLE, SOFT, buf_view(&text));
            end = x + half;
        }
    }
}

/* What the marks mean; returns the y below. */
static double put_key(struct svg *s, const struct ranks *k, double y)
{
    const struct result_table *t = s->table;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 16);
    bool has_focus = false;
    for (size_t r = 0; r < t->row_count; r++) {
        has_focus = has_focus || table_is_focus(t, r);
    }
    if (has_focus) {
        buf_printf(&text, "Diamond: %s. ", t->focus);
    }
    if (has_focus && k->beside < t->column_count) {
        buf_text(&text, k->has_alike
                            ? "Open circles on shade: cannot be told apart from it by these "
                              "counts. Filled circles: higher or lower by more than chance. "
                            : "Filled circles: higher or lower by more than chance. ");
    }
    buf_text(&text, s->is_narrow ? "Line: the interval of the rate. Right: the places it could "
                                   "hold; within them there is no order."
                                 : "Line: the interval of the rate. Bar: the places it could hold, "
                                   "with an upright line at its place in this period; within a bar "
                                   "there is no order.");
    if (k->scale.from > 0) {
        buf_text(&text, " The axis of the rate starts at ");
        svg_tick_label(&text, &k->scale, k->scale.from);
        buf_text(&text, ", not at nought.");
    }
    return svg_note(s, EDGE, y, SOFT, buf_view(&text));
}

rv_status svg_chart_ranks(struct svg *s, struct rv_err *reterr)
{
    (void)reterr;
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 512);
    struct ranks k = {.has_alike = false};
    layout(s, &k, &words);
    double bottom = top_of(&k, s->table->row_count);
    put_head(s, &k);
    svg_layer(s);
    put_shade(s, &k);
    svg_axis_across(s, &k.scale, k.top, bottom);
    svg_layer(s);
    put_intervals(s, &k);
    put_dots(s, &k, TOLD_APART);
    put_dots(s, &k, ALIKE);
    put_dots(s, &k, FOCUS);
    if (!s->is_narrow) {
        put_sets(s, &k, false);
        put_sets(s, &k, true);
        put_places(s, &k);
        put_places_axis(s, &k, bottom + SVG_FONT + 4);
    }
    for (size_t r = 0; r < s->table->row_count; r++) {
        put_label(s, &k, r);
        put_row_words(s, &k, r, &words);
    }
    s->height = put_key(s, &k, bottom + 40) - 4;
    return rv_ok();
}

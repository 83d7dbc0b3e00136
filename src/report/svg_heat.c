/* report/svg_heat.c — a grid of shades with the numbers in them: hour by weekday, one or two.
 *
 * Both grids take their shades from the same classes, so that they can be compared. Darker is
 * more; the number stands in each cell that has room, else the number of its class.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/classes.h"
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define CELL_HEIGHT 19.0
#define HEAD_HEIGHT 20.0
#define PANEL_GAP   18.0
#define PANELS_MAX  2
#define COLUMNS_MAX 32

struct grid {
    size_t panel_column; /* column_count when there is one panel */
    size_t label_column;
    size_t columns[COLUMNS_MAX];
    size_t count;
    size_t first[PANELS_MAX + 1]; /* rows of a panel: first[p] to first[p + 1] */
    size_t panels;
    struct classes classes;
    double label_width, cell_width;
    bool is_short; /* numbers do not fit: the class stands for them */
};

/* ---- which rows and columns ---- */

static const char *panel_of(const struct svg *s, const struct grid *g, size_t row)
{
    const char *name = table_cell(s->table, row, g->panel_column)->text;
    return name ? name : "";
}

static rv_status find_panels(const struct svg *s, struct grid *g, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    g->panel_column = strcmp(t->columns[0].name, "panel") == 0 ? 0 : t->column_count;
    g->label_column = g->panel_column == 0 ? 1 : 0;
    if (t->column_count <= g->label_column || t->columns[g->label_column].type != RESULT_TEXT) {
        return rv_fail(reterr, RV_INVALID, "table %s: a heat chart wants %s", t->id,
                       chart_wants(CHART_HEAT));
    }
    for (size_t c = g->label_column + 1; c < t->column_count && g->count < COLUMNS_MAX; c++) {
        if (t->columns[c].type != RESULT_TEXT && t->columns[c].type != RESULT_MONTH &&
            strcmp(t->columns[c].name, "total") != 0) {
            g->columns[g->count++] = c;
        }
    }
    g->panels = 1;
    for (size_t r = 1; r < t->row_count && g->panel_column == 0; r++) {
        if (strcmp(panel_of(s, g, r), panel_of(s, g, r - 1)) == 0) {
            continue;
        }
        if (g->panels == PANELS_MAX) {
            return rv_fail(reterr, RV_INVALID,
                           "table %s: a heat chart draws at most two panels side by side", t->id);
        }
        g->first[g->panels++] = r;
    }
    g->first[g->panels] = t->row_count;
    return rv_ok();
}

static rv_status choose_classes(const struct svg *s, struct grid *g, struct rv_err *reterr)
{
    double *values = ARENA_NEW(s->arena, double, s->table->row_count * g->count + 1);
    if (!values) {
        return arena_fail(s->arena, reterr);
    }
    size_t n = 0;
    for (size_t r = 0; r < s->table->row_count; r++) {
        for (size_t i = 0; i < g->count; i++) {
            if (table_has(s->table, r, g->columns[i])) {
                values[n++] = table_value(s->table, r, g->columns[i]);
            }
        }
    }
    g->classes = classes_choose(values, n, CLASSES_EQUAL);
    return rv_ok();
}

/* ---- sizes ---- */

static void choose_sizes(const struct svg *s, struct grid *g)
{
    const struct result_table *t = s->table;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    double labels = 0, numbers = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        labels = fmax(labels, svg_text_width(table_label(t, r, g->label_column), SVG_FONT));
        for (size_t i = 0; i < g->count; i++) {
            if (table_has(t, r, g->columns[i])) {
                buf_clear(&text);
                table_number(&text, t, r, g->columns[i]);
                numbers = fmax(numbers, svg_text_width(buf_view(&text), SVG_SMALL));
            }
        }
    }
    double panels = s->is_narrow ? 1 : (double)g->panels;
    double room = (s->width - (panels - 1) * PANEL_GAP) / panels;
    g->label_width = fmin(labels + 2, room * 0.4);
    g->cell_width = fmin(floor((room - g->label_width - 8) / (double)g->count), 90);
    g->is_short = numbers + 4 > g->cell_width;
}

/* ---- drawing ---- */

static struct text tip_of_cell(struct svg *s, const struct grid *g, size_t row, size_t column)
{
    const struct result_table *t = s->table;
    if (!svg_has_tips(s)) {
        return SVG_NO_TITLE;
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 20);
    if (g->panel_column == 0) {
        buf_printf(&text, "%s, ", panel_of(s, g, row));
    }
    buf_slice(&text, table_label(t, row, g->label_column));
    buf_printf(&text, ", %s: ", t->columns[column].title);
    table_number(&text, t, row, column);
    const char *kept = text.failed ? NULL : arena_text(s->arena, text.bytes, text.n);
    return kept ? (struct text){kept, text.n} : SVG_NO_TITLE;
}

static void put_cell(struct svg *s, const struct grid *g, size_t row, size_t column, double x,
                     double y)
{
    const struct result_table *t = s->table;
    double w = g->cell_width, h = CELL_HEIGHT;
    struct text tip = tip_of_cell(s, g, row, column);
    if (!table_has(t, row, column)) {
        svg_rect(s, x, y, w, h,
                 svg_fill(s, SVG_MISSING, "stroke=\"" SVG_SOFT "\" stroke-width=\"0.6\""), tip);
        return;
    }
    double value = table_value(t, row, column);
    size_t k = classes_find(&g->classes, value);
    size_t shade = classes_shade(&g->classes, k);
    const char *fill =
        arena_printf(s->arena, "fill=\"%s\" stroke=\"" SVG_SOFT "\" stroke-width=\"0.6\"",
                     classes_colour(shade));
    svg_rect(s, x, y, w, h, fill ? fill : "", tip);
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    if (g->is_short) {
        buf_int(&text, (int64_t)k + 1);
    } else {
        table_number(&text, t, row, column);
    }
    const char *ink = arena_printf(s->arena, "font-size=\"12\" fill=\"%s\"", classes_ink(shade));
    if (!svg_signs(s, x + w / 2, y + h / 2 + 4.2, SVG_SMALL, ink, buf_view(&text))) {
        svg_text(s, x + w / 2, y + h / 2 + 4.2, SVG_MIDDLE, ink ? ink : "", buf_view(&text));
    }
}

/* "Mon" where the days have no room for "Wednesday": all of them or none. */
static bool must_abbreviate(const struct svg *s, const struct grid *g)
{
    bool must = false;
    for (size_t i = 0; i < g->count; i++) {
        struct text name = text_of(s->table->columns[g->columns[i]].title);
        for (size_t k = 0; k < name.n; k++) {
            if ((unsigned char)name.at[k] >= 0x80) {
                return false; /* three bytes may not be three letters */
            }
        }
        must |= svg_text_width(name, SVG_FONT) > g->cell_width - 4;
    }
    return must;
}

static void put_column_names(struct svg *s, const struct grid *g, double x, double y)
{
    bool is_brief = must_abbreviate(s, g);
    for (size_t i = 0; i < g->count; i++) {
        struct text name = text_of(s->table->columns[g->columns[i]].title);
        if (is_brief && name.n > 3) {
            name.n = 3;
        }
        svg_text_fit(s, x + ((double)i + 0.5) * g->cell_width, y, SVG_MIDDLE, g->cell_width - 2,
                     "fill=\"" SVG_SOFT "\"", name);
    }
}

/* Returns the y below the panel. */
static double put_panel(struct svg *s, const struct grid *g, size_t panel, double x, double y)
{
    const struct result_table *t = s->table;
    double cells = x + g->label_width + 6;
    if (g->panel_column == 0) {
        svg_text_fit(s, cells, y + 13, SVG_START, g->cell_width * (double)g->count,
                     "font-weight=\"bold\"", text_of(panel_of(s, g, g->first[panel])));
        y += 20;
    }
    put_column_names(s, g, cells, y + 13);
    y += HEAD_HEIGHT;
    for (size_t r = g->first[panel]; r < g->first[panel + 1]; r++) {
        svg_text_fit(s, cells - 6, y + CELL_HEIGHT / 2 + 4.5, SVG_END, g->label_width,
                     table_is_focus(t, r) ? "font-weight=\"bold\"" : "fill=\"" SVG_SOFT "\"",
                     table_label(t, r, g->label_column));
        for (size_t i = 0; i < g->count; i++) {
            put_cell(s, g, r, g->columns[i], cells + (double)i * g->cell_width, y);
        }
        y += CELL_HEIGHT;
    }
    return y;
}

static bool any_missing(const struct svg *s, const struct grid *g)
{
    for (size_t r = 0; r < s->table->row_count; r++) {
        for (size_t i = 0; i < g->count; i++) {
            if (!table_has(s->table, r, g->columns[i])) {
                return true;
            }
        }
    }
    return false;
}

/* A sample of every class with its limits, in lines of the width. */
static double put_legend(struct svg *s, const struct grid *g, double y)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    double x = 4;
    bool missing = any_missing(s, g);
    for (size_t k = 0; k < g->classes.count + missing; k++) {
        bool is_class = k < g->classes.count;
        buf_clear(&text);
        if (is_class) {
            classes_limits(&text, &g->classes, k, s->table->columns[g->columns[0]].type);
        } else {
            buf_text(&text, FORMAT_NOT_AVAILABLE);
        }
        double width = 28 + svg_text_width(buf_view(&text), SVG_FONT);
        if (x > 4 && x + width > s->width - 4) {
            x = 4;
            y += 20;
        }
        const char *fill = is_class ? arena_printf(s->arena, "fill=\"%s\" stroke=\"" SVG_SOFT "\"",
                                                   classes_colour(classes_shade(&g->classes, k)))
                                    : svg_fill(s, SVG_MISSING, "stroke=\"" SVG_SOFT "\"");
        svg_rect(s, x, y, 22, 14, fill ? fill : "", SVG_NO_TITLE);
        if (is_class && g->is_short) {
            char digit[2] = {(char)('1' + k), '\0'};
            const char *ink = arena_printf(s->arena, "font-size=\"12\" fill=\"%s\"",
                                           classes_ink(classes_shade(&g->classes, k)));
            svg_text(s, x + 11, y + 11.2, SVG_MIDDLE, ink ? ink : "", text_of(digit));
        }
        svg_text_fit(s, x + 28, y + 11.5, SVG_START, s->width - x - 30, "", buf_view(&text));
        x += width + 16;
    }
    y += 34;
    return g->classes.count == 0 ? y - SVG_FONT
                                 : svg_note(s, 4, y, "fill=\"" SVG_SOFT "\"",
                                            text_of(classes_rule_text(g->classes.rule, "cells")));
}

rv_status svg_chart_heat(struct svg *s, struct rv_err *reterr)
{
    struct grid g = {.count = 0};
    RV_TRY(find_panels(s, &g, reterr));
    RV_TRY(choose_classes(s, &g, reterr));
    choose_sizes(s, &g);
    double bottom = 0, y = 2;
    double each = g.label_width + 8 + g.cell_width * (double)g.count + PANEL_GAP;
    for (size_t p = 0; p < g.panels; p++) {
        double x = s->is_narrow ? 0 : (double)p * each;
        double end = put_panel(s, &g, p, x, y);
        bottom = fmax(bottom, end);
        y = s->is_narrow ? end + 14 : y;
    }
    s->height = put_legend(s, &g, bottom + 12);
    return rv_ok();
}

/* report/svg_map.c — a choropleth of one layer: darker is more, with the class number written in
 * every area that has room for it, hatching where there is no number, an outline round the area
 * that the chart is about, and the outlines of coarser areas over all.
 *
 * Columns: code, name, value. Only areas of the table are drawn. By significance there are three
 * classes instead: above, below, and not clearly different from the reference (lower, upper,
 * reference).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/classes.h"
#include "report/format.h"
#include "report/map_shapes.h"

#include <math.h>
#include <string.h>

#define MAP_HEIGHT   560.0
#define LEGEND_WIDTH 216.0
#define LINE_HEIGHT  20.0
#define LEGEND_LINES 5
#define NAMED_MOST   8 /* areas of a class that the legend names */
#define NO_CLASS     SIZE_MAX

enum against { BELOW, ALIKE, ABOVE, AGAINST };

static const struct {
    enum svg_fill fill;
    const char *sign, *ink, *name;
} against[AGAINST] = {[BELOW] = {SVG_DOTS, "\xE2\x88\x92", SVG_INK, "below the reference"},
                      [ALIKE] = {SVG_WHITE, "", SVG_INK, "not clearly different"},
                      [ABOVE] = {SVG_SOLID, "+", "#fff", "above the reference"}};

struct map {
    struct map_shapes shapes;
    size_t *class_at; /* per area; NO_CLASS without a value */
    struct classes classes;
    bool is_against; /* by significance */
    size_t lower, upper, reference;
    size_t counts[AGAINST];
};

/* ---- classes ---- */

static size_t class_against(const struct result_table *t, const struct map *m, size_t row)
{
    if (!table_has(t, row, m->lower) || !table_has(t, row, m->upper) ||
        !table_has(t, row, m->reference)) {
        return NO_CLASS;
    }
    double reference = table_value(t, row, m->reference);
    if (table_value(t, row, m->lower) > reference) {
        return ABOVE;
    }
    return table_value(t, row, m->upper) < reference ? BELOW : ALIKE;
}

static rv_status find_against(struct svg *s, struct map *m, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    m->lower = result_table_column(t, "lower");
    m->upper = result_table_column(t, "upper");
    m->reference = result_table_column(t, "reference");
    if (m->lower == t->column_count || m->upper == t->column_count ||
        m->reference == t->column_count) {
        return rv_fail(reterr, RV_INVALID,
                       "table %s: classes by significance need the columns lower, upper and "
                       "reference",
                       t->id);
    }
    for (size_t i = 0; i < m->shapes.area_count; i++) {
        m->class_at[i] = class_against(t, m, m->shapes.areas[i].row);
        if (m->class_at[i] != NO_CLASS) {
            m->counts[m->class_at[i]]++;
        }
    }
    m->classes.rule = CLASSES_SIGNIFICANCE;
    return rv_ok();
}

static rv_status class_areas(struct svg *s, struct map *m, struct rv_err *reterr)
{
    size_t areas = m->shapes.area_count, n = 0;
    double *values = ARENA_NEW(s->arena, double, areas + 1);
    m->class_at = ARENA_NEW(s->arena, size_t, areas + 1);
    if (!values || !m->class_at) {
        return arena_fail(s->arena, reterr);
    }
    m->is_against = s->look->classes == CLASSES_SIGNIFICANCE;
    if (m->is_against) {
        return find_against(s, m, reterr);
    }
    for (size_t i = 0; i < areas; i++) {
        if (table_has(s->table, m->shapes.areas[i].row, 2)) {
            values[n++] = table_value(s->table, m->shapes.areas[i].row, 2);
        }
    }
    m->classes = classes_choose(values, n, s->look->classes);
    for (size_t i = 0; i < areas; i++) {
        size_t row = m->shapes.areas[i].row;
        m->class_at[i] = table_has(s->table, row, 2)
                             ? classes_find(&m->classes, table_value(s->table, row, 2))
                             : NO_CLASS;
    }
    return rv_ok();
}

/* The fill of a class as attributes, in the map or in its legend. */
static const char *fill_of(struct svg *s, const struct map *m, size_t k, bool is_in_map)
{
    const char *more = is_in_map ? "" : "stroke=\"" SVG_SOFT "\"";
    if (k == NO_CLASS || m->is_against) {
        enum svg_fill fill = k == NO_CLASS ? SVG_MISSING : against[k].fill;
        return is_in_map ? svg_fill_halved(s, fill) : svg_fill(s, fill, more);
    }
    const char *text = arena_printf(s->arena, "fill=\"%s\" %s",
                                    classes_colour(classes_shade(&m->classes, k)), more);
    return text ? text : "";
}

static const char *ink_of(const struct map *m, size_t k)
{
    return m->is_against ? against[k].ink : classes_ink(classes_shade(&m->classes, k));
}

/* What stands in an area besides its shade: the number of its class, or a sign. */
static const char *sign_of(const struct map *m, size_t k)
{
    static const char *const digits[CLASSES_MAX] = {"1", "2", "3", "4", "5"};
    return m->is_against ? against[k].sign : digits[k];
}

/* ---- drawing ---- */

static void put_area(struct svg *s, const struct map *m, size_t i)
{
    const struct map_area *area = &m->shapes.areas[i];
    const char *fill = fill_of(s, m, m->class_at[i], true);
    struct buf tip RV_CLEANUP(buf_done);
    buf_init(&tip, 1u << 20);
    if (svg_has_tips(s)) {
        buf_slice(&tip, table_label(s->table, area->row, 1));
        buf_text(&tip, ": ");
        table_number(&tip, s->table, area->row, 2);
    }
    map_path(svg_path(s, fill, buf_view(&tip)), area);
    svg_path_end(s, fill, buf_view(&tip));
}

static void put_outline(struct svg *s, const struct map_area *area, double white, double black)
{
    for (int i = 0; i < 2; i++) {
        buf_text(s->out, i ? "<path fill=\"none\" stroke=\"#000\" stroke-width=\""
                           : "<path fill=\"none\" stroke=\"#fff\" stroke-width=\"");
        svg_number(s->out, i ? black : white);
        buf_text(s->out, "\" d=\"");
        map_path(s->out, area);
        buf_text(s->out, "\"/>\n");
    }
}

static void put_areas(struct svg *s, const struct map *m)
{
    const struct map_shapes *k = &m->shapes;
    /* Many small areas would drown in their borders. */
    bool is_fine = k->area_count > 400;
    svg_layer(s);
    buf_printf(s->out,
               "<g transform=\"translate(2 2) scale(0.5)\" stroke=\"" SVG_SOFT
               "\" stroke-width=\"%s\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">\n",
               is_fine ? "0.35" : "1.4");
    for (size_t i = 0; i < k->area_count; i++) {
        put_area(s, m, i);
    }
    svg_layer(s);
    for (size_t i = 0; i < k->outline_count; i++) {
        put_outline(s, &k->outlines[i], 5, 2.6);
    }
    for (size_t i = 0; i < k->area_count; i++) {
        if (table_is_focus(s->table, k->areas[i].row)) {
            put_outline(s, &k->areas[i], 9, 5);
        }
    }
    buf_text(s->out, "</g>\n<g font-size=\"12\" font-weight=\"bold\">\n");
    bool has_signs = m->is_against || m->classes.count > 1;
    for (size_t i = 0; i < k->area_count && has_signs; i++) {
        double x, y;
        size_t class_at = m->class_at[i];
        if (class_at == NO_CLASS || !map_place(&k->areas[i], 16, 18, &x, &y)) {
            continue;
        }
        const char *ink = arena_printf(s->arena, "fill=\"%s\"", ink_of(m, class_at));
        const char *sign = sign_of(m, class_at);
        if (sign[0] && m->is_against && class_at == BELOW) { /* dots would eat the sign */
            svg_circle(s, x, y, 8, "fill=\"#fff\"", SVG_NO_TITLE);
        }
        if (sign[0]) {
            svg_text(s, x, y + 4.5, SVG_MIDDLE, ink ? ink : "", text_of(sign));
        }
    }
    svg_layer(s);
    buf_text(s->out, "</g>\n");
}

/* ---- legend ---- */

static double legend_line(struct svg *s, double x, double y, const char *swatch, struct text text)
{
    svg_rect(s, x, y - 12, 20, 14, swatch, SVG_NO_TITLE);
    size_t lines =
        svg_text_wrap(s, x + 28, y, SVG_START, s->width - x - 30, LEGEND_LINES, "", text);
    return y + LINE_HEIGHT + (double)(lines - 1) * SVG_LEADING;
}

/* " (1,579 areas)" */
static void put_areas_in(struct buf *b, size_t areas)
{
    buf_text(b, " (");
    format_count(b, (double)areas);
    buf_text(b, areas == 1 ? " area)" : " areas)");
}

/* ": Heaton, Gooshays": a map of marks without names would leave the reader to guess. */
static void put_names_in(struct buf *b, const struct svg *s, const struct map *m, size_t k)
{
    size_t named = 0;
    for (size_t i = 0; i < m->shapes.area_count && m->counts[k] <= NAMED_MOST; i++) {
        if (m->class_at[i] == k) {
            buf_text(b, named++ ? ", " : ": ");
            buf_slice(b, table_label(s->table, m->shapes.areas[i].row, 1));
        }
    }
}

static double put_class_line(struct svg *s, const struct map *m, size_t k, double x, double y)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 16);
    size_t areas = m->is_against ? m->counts[k] : m->classes.areas[k];
    if (m->is_against) {
        buf_text(&text, against[k].name);
    } else {
        classes_limits(&text, &m->classes, k, s->table->columns[2].type);
    }
    put_areas_in(&text, areas);
    if (m->is_against && k != ALIKE) {
        put_names_in(&text, s, m, k);
    }
    double next = legend_line(s, x, y, fill_of(s, m, k, false), buf_view(&text));
    const char *ink =
        arena_printf(s->arena, "font-size=\"11\" font-weight=\"bold\" fill=\"%s\"", ink_of(m, k));
    if (sign_of(m, k)[0] && m->is_against && k == BELOW) {
        svg_circle(s, x + 10, y - 5, 6, "fill=\"#fff\"", SVG_NO_TITLE);
    }
    if (sign_of(m, k)[0]) {
        svg_text(s, x + 10, y - 1, SVG_MIDDLE, ink ? ink : "", text_of(sign_of(m, k)));
    }
    return next;
}

static double put_reference(struct svg *s, const struct map *m, double x, double y)
{
    const struct result_table *t = s->table;
    for (size_t r = 0; m->is_against && r < t->row_count; r++) {
        if (table_has(t, r, m->reference)) {
            struct buf text RV_CLEANUP(buf_done);
            buf_init(&text, 1u << 16);
            buf_printf(&text, "Reference (%s): ", t->columns[m->reference].title);
            table_number(&text, t, r, m->reference);
            buf_char(&text, '.');
            return svg_note(s, x, y, "fill=\"" SVG_SOFT "\"", buf_view(&text));
        }
    }
    return y;
}

static double put_notes(struct svg *s, const struct map *m, double x, double y)
{
    const char *soft = "fill=\"" SVG_SOFT "\"";
    const struct report_layer *layer = s->look->layer;
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    y = put_reference(s, m, x, y);
    if (m->is_against) {
        buf_text(&text, "By the ");
        buf_slice(&text, table_interval_name(s->table, m->lower));
        buf_text(&text, " of each area: wholly above, wholly below, or on both sides of the "
                        "reference.");
        y = svg_note(s, x, y, soft, buf_view(&text));
        buf_clear(&text);
    } else if (m->classes.count) {
        y = svg_note(s, x, y, soft, text_of(classes_rule_text(m->classes.rule, "areas")));
    }
    if (m->shapes.outline_count) {
        buf_printf(&text, "Heavy lines: %ss, %s.", s->look->outlines->type,
                   s->look->outlines->vintage);
        y = svg_note(s, x, y, soft, buf_view(&text));
        buf_clear(&text);
    }
    if (m->shapes.unknown) {
        buf_printf(&text, "Not on this map: %zu of the table's areas.", m->shapes.unknown);
        y = svg_note(s, x, y, soft, buf_view(&text));
    }
    if (layer->is_schematic) {
        y = svg_note(s, x, y, "font-weight=\"bold\"",
                     text_of("Boundaries are schematic: not true shapes."));
    }
    if (layer->attribution) {
        y = svg_note(s, x, y, soft, text_of(layer->attribution));
    }
    return y;
}

static double put_legend(struct svg *s, const struct map *m, double x, double y)
{
    const struct result_table *t = s->table;
    y = svg_note(s, x, y, "font-weight=\"bold\"", text_of(t->columns[2].title)) + 6;
    size_t without = 0;
    const char *focus = NULL;
    for (size_t i = 0; i < m->shapes.area_count; i++) {
        size_t row = m->shapes.areas[i].row;
        without += m->class_at[i] == NO_CLASS;
        focus = table_is_focus(t, row) ? table_cell(t, row, 1)->text : focus;
    }
    size_t classes = m->is_against ? AGAINST : m->classes.count;
    for (size_t k = classes; m->is_against && k-- > 0;) { /* above the reference comes first */
        y = put_class_line(s, m, k, x, y);
    }
    for (size_t k = 0; !m->is_against && k < classes; k++) {
        y = put_class_line(s, m, k, x, y);
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 4096);
    if (without) {
        buf_text(&text, FORMAT_NOT_AVAILABLE);
        put_areas_in(&text, without);
        y = legend_line(s, x, y, fill_of(s, m, NO_CLASS, false), buf_view(&text));
    }
    if (focus) {
        y = legend_line(s, x, y, "fill=\"none\" stroke=\"#000\" stroke-width=\"2.5\"",
                        text_of(focus));
    }
    return put_notes(s, m, x, y + 6);
}

rv_status svg_chart_map(struct svg *s, struct rv_err *reterr)
{
    struct map m = {.is_against = false};
    double room = s->is_narrow ? s->width : s->width - LEGEND_WIDTH;
    double height = MAP_HEIGHT * fmax(1, s->width / CHART_WIDE);
    RV_TRY(map_shapes_load(s, room, height, &m.shapes, reterr));
    RV_TRY(class_areas(s, &m, reterr));
    put_areas(s, &m);
    if (s->is_narrow) {
        s->height = put_legend(s, &m, 4, m.shapes.height + 22);
        return rv_ok();
    }
    double legend = put_legend(s, &m, fmin(room, m.shapes.width + 24) + 12, 18);
    s->height = fmax(m.shapes.height, legend) + 4;
    return rv_ok();
}

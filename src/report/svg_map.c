/* report/svg_map.c — a choropleth of one layer: darker is more, with the class number written in
 * every area that has room for it, hatching where there is no number, and an outline round the
 * area that the chart is about.
 *
 * Columns: code, name, value. Only areas of the table are drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/classes.h"
#include "report/format.h"
#include "report/simplify.h"
#include "report/svg.h"
#include "report/wkb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRID         2.0 /* grid units in a pixel: points are kept to half a pixel */
#define TOLERANCE    1.0 /* grid units */
#define MAP_HEIGHT   560.0
#define LEGEND_WIDTH 216.0
#define LINE_HEIGHT  20.0

static const char *const shades[] = {"#eef3f3", "#c6dcdc", "#8fbfc1", "#43898f", "#0b4a53"};
static const char *const inks[] = {SVG_INK, SVG_INK, SVG_INK, "#fff", "#fff"};

struct map_area {
    size_t row;
    struct grid_ring *rings; /* of this area, in the array of all */
    size_t ring_count;
    size_t shade;    /* index of shades */
    size_t class_at; /* number of the class, from 0 */
    bool has_value;
};

struct map {
    struct map_area *areas;
    size_t area_count, unknown; /* rows whose code the layer does not have */
    struct grid_ring *rings;
    size_t ring_count;
    double width, height; /* of the drawing, pixels */
    struct classes classes;
};

/* ---- geometry ---- */

static size_t layer_position(const struct report_layer *l, const char *code)
{
    size_t from = 0, to = l->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(l->codes[middle], code);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return l->count;
}

struct extent {
    double west, south, east, north;
};

struct shape {
    struct ring *rings;
    size_t count;
};

/* Shapes of the rows that the layer knows; m->areas gets their rows. */
static rv_status read_shapes(struct svg *s, struct map *m, struct shape *shapes,
                             struct extent *extent, struct rv_err *reterr)
{
    *extent = (struct extent){INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t row = 0; row < s->table->row_count; row++) {
        const char *code = table_cell(s->table, row, 0)->text;
        size_t at = layer_position(s->layer, code ? code : "");
        if (at == s->layer->count) {
            m->unknown++;
            continue;
        }
        struct shape *shape = &shapes[m->area_count];
        RV_TRY(wkb_rings(s->arena, s->layer->wkb[at], &shape->rings, &shape->count, reterr));
        m->areas[m->area_count++] = (struct map_area){.row = row};
        m->ring_count += shape->count;
        for (size_t i = 0; i < shape->count; i++) {
            for (size_t k = 0; k < shape->rings[i].n; k++) {
                extent->west = fmin(extent->west, shape->rings[i].x[k]);
                extent->east = fmax(extent->east, shape->rings[i].x[k]);
                extent->south = fmin(extent->south, shape->rings[i].y[k]);
                extent->north = fmax(extent->north, shape->rings[i].y[k]);
            }
        }
    }
    return rv_ok();
}

static struct grid_ring snap(struct arena *a, const struct ring *ring, const struct extent *e,
                             double scale, size_t shape)
{
    struct grid_ring r = {ARENA_NEW(a, struct grid_point, ring->n), ring->n, shape};
    for (size_t i = 0; r.points && i < r.n; i++) {
        r.points[i] = (struct grid_point){(int32_t)lround((ring->x[i] - e->west) * scale * GRID),
                                          (int32_t)lround((e->north - ring->y[i]) * scale * GRID)};
    }
    return r;
}

static rv_status build_map(struct svg *s, double width, struct map *m, struct rv_err *reterr)
{
    size_t rows = s->table->row_count;
    struct shape *shapes = ARENA_NEW(s->arena, struct shape, rows);
    m->areas = ARENA_NEW(s->arena, struct map_area, rows);
    if (!shapes || !m->areas) {
        return arena_fail(s->arena, reterr);
    }
    struct extent e;
    RV_TRY(read_shapes(s, m, shapes, &e, reterr));
    double span_x = fmax(e.east - e.west, 1), span_y = fmax(e.north - e.south, 1);
    double scale = fmin((width - 4) / span_x, (MAP_HEIGHT - 4) / span_y);
    m->width = m->area_count ? span_x * scale + 4 : 0;
    m->height = m->area_count ? span_y * scale + 4 : 0;
    m->rings = ARENA_NEW(s->arena, struct grid_ring, m->ring_count);
    if (!m->rings) {
        return arena_fail(s->arena, reterr);
    }
    size_t used = 0;
    for (size_t i = 0; i < m->area_count; i++) {
        m->areas[i].rings = m->rings + used;
        m->areas[i].ring_count = shapes[i].count;
        for (size_t k = 0; k < shapes[i].count; k++) {
            m->rings[used] = snap(s->arena, &shapes[i].rings[k], &e, scale, i);
            if (!m->rings[used++].points) {
                return arena_fail(s->arena, reterr);
            }
        }
    }
    return rings_simplify(s->arena, m->rings, m->ring_count, TOLERANCE, reterr);
}

/* ---- classes ---- */

static rv_status class_areas(struct svg *s, struct map *m, struct rv_err *reterr)
{
    double *values = ARENA_NEW(s->arena, double, m->area_count + 1);
    if (!values) {
        return arena_fail(s->arena, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < m->area_count; i++) {
        m->areas[i].has_value = table_has(s->table, m->areas[i].row, 2);
        if (m->areas[i].has_value) {
            values[n++] = table_cell(s->table, m->areas[i].row, 2)->number;
        }
    }
    m->classes = classes_choose(values, n);
    for (size_t i = 0; i < m->area_count; i++) {
        struct map_area *area = &m->areas[i];
        if (area->has_value) {
            area->class_at = classes_find(&m->classes, table_cell(s->table, area->row, 2)->number);
            /* Few classes take the ends of the ramp, so that they differ most. */
            area->shade = m->classes.count > 1
                              ? area->class_at * (CLASSES_MAX - 1) / (m->classes.count - 1)
                              : 2;
        }
    }
    return rv_ok();
}

/* ---- drawing ---- */

/* Path data of all rings in grid units; a shape too small to have any is a dot of two pixels. */
static void put_path_data(struct buf *b, const struct map_area *area)
{
    bool any = false;
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct grid_ring *r = &area->rings[i];
        for (size_t k = 0; k < r->n && r->n >= 3; k++) {
            if (k == 0) {
                buf_printf(b, "M%d %d", r->points[0].x, r->points[0].y);
            } else {
                buf_printf(b, "%s%d %d", k == 1 ? "l" : " ", r->points[k].x - r->points[k - 1].x,
                           r->points[k].y - r->points[k - 1].y);
            }
            any = true;
        }
        buf_text(b, r->n >= 3 ? "z" : "");
    }
    if (!any && area->ring_count && area->rings[0].n) {
        buf_printf(b, "M%d %dh4v4h-4z", area->rings[0].points[0].x - 2,
                   area->rings[0].points[0].y - 2);
    }
}

static void put_area(struct svg *s, const struct map_area *area)
{
    buf_text(s->out, "<path ");
    if (area->has_value) {
        buf_printf(s->out, "fill=\"%s\"", shades[area->shade]);
    } else {
        buf_text(s->out, svg_hatch(s, ""));
    }
    buf_text(s->out, " d=\"");
    put_path_data(s->out, area);
    buf_text(s->out, "\"><title>");
    buf_html(s->out, table_label(s->table, area->row, 1));
    buf_text(s->out, ": ");
    table_number(s->out, s->table, area->row, 2);
    buf_text(s->out, "</title></path>\n");
}

/* Where a line across the area at height y (grid units) runs inside it for longest. */
static double widest_inside(const struct map_area *area, double y, double *ret_x)
{
    enum { CROSSINGS_MAX = 64 };
    double at[CROSSINGS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct grid_ring *r = &area->rings[i];
        for (size_t k = 0; k < r->n && n < CROSSINGS_MAX; k++) {
            struct grid_point p = r->points[k], q = r->points[(k + 1) % r->n];
            if ((p.y > y) == (q.y > y)) {
                continue;
            }
            double x = p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x);
            size_t j = n++;
            for (; j > 0 && at[j - 1] > x; j--) {
                at[j] = at[j - 1];
            }
            at[j] = x;
        }
    }
    double widest = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        if (at[i + 1] - at[i] > widest) {
            widest = at[i + 1] - at[i];
            *ret_x = (at[i] + at[i + 1]) / 2;
        }
    }
    return widest;
}

/* The class number inside the area, when there is room for it. */
static void put_class_number(struct svg *s, const struct map_area *area)
{
    double top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < area->ring_count; i++) {
        for (size_t k = 0; k < area->rings[i].n; k++) {
            top = fmin(top, area->rings[i].points[k].y);
            bottom = fmax(bottom, area->rings[i].points[k].y);
        }
    }
    double best = 0, x = 0, y = 0;
    for (int step = 3; step <= 7; step++) {
        double here_x = 0, here_y = top + (bottom - top) * step / 10 + 0.25;
        double w = widest_inside(area, here_y, &here_x);
        /* Near the middle is better than a little wider. */
        double score = w * (1 - 0.15 * abs(step - 5));
        if (score > best) {
            best = score;
            x = here_x;
            y = here_y;
        }
    }
    if (best < 16 * GRID || bottom - top < 18 * GRID) {
        return;
    }
    char digit[2] = {(char)('1' + area->class_at), '\0'};
    const char *ink = arena_printf(s->arena, "fill=\"%s\"", inks[area->shade]);
    svg_text(s, 2 + x / GRID, 2 + y / GRID + 4.5, SVG_MIDDLE, ink ? ink : "", text_of(digit));
}

static void put_outline(struct svg *s, const struct map_area *area)
{
    static const char *const strokes[] = {"stroke=\"#fff\" stroke-width=\"9\"",
                                          "stroke=\"#000\" stroke-width=\"5\""};
    for (size_t i = 0; i < 2; i++) {
        buf_printf(s->out, "<path fill=\"none\" stroke-linejoin=\"round\" %s d=\"", strokes[i]);
        put_path_data(s->out, area);
        buf_text(s->out, "\"/>\n");
    }
}

static void put_areas(struct svg *s, const struct map *m)
{
    buf_text(s->out, "<g transform=\"translate(2 2) scale(0.5)\" stroke=\"" SVG_SOFT
                     "\" stroke-width=\"1.4\" stroke-linejoin=\"round\" fill-rule=\"evenodd\">\n");
    for (size_t i = 0; i < m->area_count; i++) {
        put_area(s, &m->areas[i]);
    }
    for (size_t i = 0; i < m->area_count; i++) {
        if (table_is_focus(s->table, m->areas[i].row)) {
            put_outline(s, &m->areas[i]);
        }
    }
    buf_text(s->out, "</g>\n<g font-size=\"12\" font-weight=\"bold\">\n");
    for (size_t i = 0; i < m->area_count && m->classes.count > 1; i++) {
        if (m->areas[i].has_value) {
            put_class_number(s, &m->areas[i]);
        }
    }
    buf_text(s->out, "</g>\n");
}

/* ---- legend ---- */

static void put_limit(struct svg *s, struct buf *b, double value)
{
    switch (s->table->columns[2].type) {
    case RESULT_RATE:
        format_rate(b, value);
        return;
    case RESULT_PERCENT:
        format_percent(b, value, 1, FORMAT_PLAIN);
        return;
    case RESULT_TEXT:
    case RESULT_COUNT:
    case RESULT_MONTH:
    case RESULT_RANK:
        format_count(b, value);
        return;
    }
}

static double legend_line(struct svg *s, double x, double y, const char *swatch, struct text text)
{
    svg_rect(s, x, y - 12, 20, 14, swatch, (struct text){NULL, 0});
    svg_text_fit(s, x + 28, y, SVG_START, s->width - x - 30, "", text);
    return y + LINE_HEIGHT;
}

static double put_class_line(struct svg *s, const struct map *m, size_t k, double x, double y)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 512);
    put_limit(s, &text, m->classes.low[k]);
    if (m->classes.high[k] > m->classes.low[k]) {
        buf_text(&text, " to ");
        put_limit(s, &text, m->classes.high[k]);
    }
    buf_printf(&text, m->classes.areas[k] == 1 ? " (%zu area)" : " (%zu areas)",
               m->classes.areas[k]);
    size_t shade = m->classes.count > 1 ? k * (CLASSES_MAX - 1) / (m->classes.count - 1) : 2;
    const char *swatch =
        arena_printf(s->arena, "fill=\"%s\" stroke=\"" SVG_SOFT "\"", shades[shade]);
    double next = legend_line(s, x, y, swatch ? swatch : "", buf_view(&text));
    char digit[2] = {(char)('1' + k), '\0'};
    const char *ink =
        arena_printf(s->arena, "font-size=\"11\" font-weight=\"bold\" fill=\"%s\"", inks[shade]);
    svg_text(s, x + 10, y - 1, SVG_MIDDLE, ink ? ink : "", text_of(digit));
    return next;
}

static double put_note(struct svg *s, double x, double y, const char *attributes, struct text text)
{
    /* Bold, which some notes are, is up to a tenth wider than the table of widths. */
    size_t lines = svg_text_wrap(s, x, y, SVG_START, (s->width - x - 4) / 1.1, 4, attributes, text);
    return y + (double)lines * SVG_LEADING + 4;
}

static double put_notes(struct svg *s, const struct map *m, double x, double y)
{
    const char *soft = "fill=\"" SVG_SOFT "\"";
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    y = put_note(s, x, y, soft, text_of(classes_rule_text(m->classes.rule)));
    if (m->unknown) {
        buf_printf(&text, "Not on this map: %zu of the table's areas.", m->unknown);
        y = put_note(s, x, y, soft, buf_view(&text));
    }
    if (s->layer->is_schematic) {
        y = put_note(s, x, y, "font-weight=\"bold\"",
                     text_of("Boundaries are schematic: not true shapes."));
    }
    if (s->layer->attribution) {
        y = put_note(s, x, y, soft, text_of(s->layer->attribution));
    }
    return y;
}

static double put_legend(struct svg *s, const struct map *m, double x, double y)
{
    const struct result_table *t = s->table;
    y = put_note(s, x, y, "font-weight=\"bold\"", text_of(t->columns[2].title)) + 6;
    size_t without = 0;
    const char *focus = NULL;
    for (size_t i = 0; i < m->area_count; i++) {
        without += !m->areas[i].has_value;
        if (table_is_focus(t, m->areas[i].row)) {
            focus = table_cell(t, m->areas[i].row, 1)->text;
        }
    }
    for (size_t k = 0; k < m->classes.count; k++) {
        y = put_class_line(s, m, k, x, y);
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 4096);
    if (without) {
        buf_printf(&text, FORMAT_NOT_AVAILABLE " (%zu %s)", without,
                   without == 1 ? "area" : "areas");
        y = legend_line(s, x, y, svg_hatch(s, "stroke=\"" SVG_SOFT "\""), buf_view(&text));
    }
    if (focus) {
        y = legend_line(s, x, y, "fill=\"none\" stroke=\"#000\" stroke-width=\"2.5\"",
                        text_of(focus));
    }
    return put_notes(s, m, x, y + 6);
}

rv_status svg_chart_map(struct svg *s, struct rv_err *reterr)
{
    struct map m = {.areas = NULL};
    double room = s->is_narrow ? s->width : s->width - LEGEND_WIDTH;
    RV_TRY(build_map(s, room, &m, reterr));
    RV_TRY(class_areas(s, &m, reterr));
    put_areas(s, &m);
    if (s->is_narrow) {
        s->height = put_legend(s, &m, 4, m.height + 22);
        return rv_ok();
    }
    double legend = put_legend(s, &m, fmin(room, m.width + 24) + 12, 18);
    s->height = fmax(m.height, legend) + 4;
    return rv_ok();
}

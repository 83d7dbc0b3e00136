/* report/geojson.c — features written straight into the buffer, ring by ring.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/geojson.h"

#include "base/json.h"
#include "base/limits.h"
#include "report/svg.h"
#include "report/table.h"
#include "report/wkb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEGREE ((double)1000000) /* coordinates are whole millionths of a degree */

struct position {
    int64_t x, y;
};

struct geojson {
    struct arena *arena;
    const struct result_table *table;
    const struct geojson_layer *layer;
    struct projector *projector;
    struct buf *out;
    size_t area_column;
};

/* ---- geometry ---- */

/* Twice the signed area; positive = anticlockwise. Millionths of degrees of Britain keep every
 * product below 2^53. */
static double winding(const struct position *ring, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const struct position *a = &ring[i], *b = &ring[(i + 1) % n];
        sum += (double)(a->x - ring[0].x) * (double)(b->y - ring[0].y) -
               (double)(b->x - ring[0].x) * (double)(a->y - ring[0].y);
    }
    return sum;
}

/* The ring in degrees, rounded, without repeated points, turned the right way. *ret_count < 3 when
 * nothing of it is left. */
static rv_status project_ring(struct geojson *g, const struct ring *ring, struct position **ret,
                              size_t *ret_count, struct rv_err *reterr)
{
    struct position *to = ARENA_NEW(g->arena, struct position, ring->n + 1);
    if (!to) {
        return arena_fail(g->arena, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < ring->n; i++) {
        double longitude, latitude;
        if (!project_to_wgs84(g->projector, ring->x[i], ring->y[i], &longitude, &latitude)) {
            return rv_fail(reterr, RV_DAMAGED, "a boundary of %s %s lies outside Great Britain",
                           g->layer->layer->type, g->layer->layer->vintage);
        }
        struct position at = {llround(longitude * DEGREE), llround(latitude * DEGREE)};
        if (n == 0 || to[n - 1].x != at.x || to[n - 1].y != at.y) {
            to[n++] = at;
        }
    }
    while (n > 1 && to[0].x == to[n - 1].x && to[0].y == to[n - 1].y) {
        n--;
    }
    double area = n < 3 ? 0 : winding(to, n);
    for (size_t i = 0; ring->is_hole == (area > 0) && i < n / 2; i++) {
        struct position other = to[i];
        to[i] = to[n - 1 - i];
        to[n - 1 - i] = other;
    }
    *ret = to;
    *ret_count = area == 0 ? 0 : n;
    return rv_ok();
}

/* "-0.123456" without trailing noughts, so that files are no longer than they need be. */
static void put_degrees(struct buf *out, int64_t millionths)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%s%lld.%06lld", millionths < 0 ? "-" : "",
                     (long long)(llabs(millionths) / 1000000),
                     (long long)(llabs(millionths) % 1000000));
    while (n > 0 && digits[n - 1] == '0') {
        n--;
    }
    n -= n > 0 && digits[n - 1] == '.';
    buf_put(out, digits, (size_t)n);
}

static void put_ring(struct buf *out, const struct position *ring, size_t n)
{
    buf_char(out, '[');
    for (size_t i = 0; i <= n; i++) {
        const struct position *at = &ring[i % n]; /* closed: the first again */
        buf_text(out, i ? ",[" : "[");
        put_degrees(out, at->x);
        buf_char(out, ',');
        put_degrees(out, at->y);
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

/* A MultiPolygon always: readers of a layer want one type. */
static rv_status put_geometry(struct geojson *g, struct text wkb, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(g->arena);
    struct ring *rings;
    size_t count, parts = 0;
    bool is_open = false;
    RV_TRY(wkb_rings(g->arena, wkb, &rings, &count, reterr));
    buf_text(g->out, "\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (size_t i = 0; i < count; i++) {
        struct position *ring;
        size_t n;
        RV_TRY(project_ring(g, &rings[i], &ring, &n, reterr));
        if (!rings[i].is_hole) {
            buf_text(g->out, is_open ? "]" : "");
            is_open = n >= 3;
            buf_text(g->out, is_open ? (parts++ ? ",[" : "[") : "");
        }
        if (is_open && n >= 3) {
            buf_text(g->out, rings[i].is_hole ? "," : "");
            put_ring(g->out, ring, n);
        }
    }
    buf_text(g->out, is_open ? "]]}," : "]},");
    arena_release(g->arena, mark);
    return rv_ok();
}

/* ---- features ---- */

static void put_value(struct json_writer *j, const struct result_table *t, size_t row,
                      size_t column)
{
    const struct result_cell *cell = table_cell(t, row, column);
    const char *name = t->columns[column].name;
    if (result_cell_is_gap(t, row, column)) {
        json_put_null(j, name);
    } else if (t->columns[column].type == RESULT_TEXT) {
        json_put_string(j, name, cell->text);
    } else if (t->columns[column].type == RESULT_MONTH) {
        char month[8];
        month_write((int32_t)cell->number, month);
        json_put_string(j, name, month);
    } else {
        json_put_real(j, name, cell->number);
    }
}

static void put_properties(struct geojson *g, size_t row, uint32_t area, struct buf *reasons)
{
    struct json_writer j;
    const struct result_table *t = g->table;
    buf_text(g->out, "\"properties\":");
    json_writer_init(&j, g->out, false);
    json_put_object(&j, NULL);
    for (size_t c = 0; c < t->column_count; c++) {
        put_value(&j, t, row, c);
        if (c == g->area_column) {
            json_put_string(&j, "name", area ? g->layer->layer->areas[area - 1].name : NULL);
        }
    }
    buf_clear(reasons);
    result_row_reasons(t, row, reasons);
    if (reasons->n) {
        json_put_text(&j, "not_available_because", buf_view(reasons));
    } else {
        json_put_null(&j, "not_available_because");
    }
    json_end_object(&j);
}

static rv_status put_features(struct geojson *g, struct rv_err *reterr)
{
    struct buf reasons RV_CLEANUP(buf_done);
    buf_init(&reasons, LIMIT_ROW_BYTES);
    buf_text(g->out, "\"features\":[");
    for (size_t r = 0; r < g->table->row_count; r++) {
        struct text code = table_label(g->table, r, g->area_column);
        uint32_t area = layer_find(g->layer->layer, code);
        buf_text(g->out, r ? ",\n{\"type\":\"Feature\"," : "\n{\"type\":\"Feature\",");
        if (area) {
            RV_TRY(put_geometry(g, g->layer->wkb[area - 1], reterr));
        } else {
            buf_text(g->out, "\"geometry\":null,");
        }
        put_properties(g, r, area, &reasons);
        buf_char(g->out, '}');
        RV_TRY(buf_status(&reasons, reterr));
        RV_TRY(buf_status(g->out, reterr));
    }
    buf_text(g->out, "\n]}\n");
    return buf_status(g->out, reterr);
}

/* ---- what the file says of itself ---- */

static void put_boundaries(const struct geojson *g, struct json_writer *j)
{
    const struct layer *l = g->layer->layer;
    json_put_object(j, "boundaries");
    json_put_string(j, "type", l->type);
    json_put_string(j, "vintage", l->vintage);
    json_put_string(j, "file", l->file_name);
    json_put_string(j, "sha256", l->sha256);
    json_put_string(j, "attribution", g->layer->attribution);
    json_put_bool(j, "schematic", g->layer->is_schematic);
    json_put_string(j, "pipeline", projector_pipeline(g->projector));
    json_put_real(j, "accuracy_m", projector_accuracy_m(g->projector));
    json_end_object(j);
}

/* Members that RFC 7946 leaves to us stand before the features. */
static void put_about(const struct geojson *g, const struct report_context *context)
{
    struct json_writer j;
    const struct result_table *t = g->table;
    json_writer_init(&j, g->out, false);
    json_put_object(&j, NULL);
    json_put_string(&j, "type", "FeatureCollection");
    json_put_string(&j, "title", t->title);
    json_put_string(&j, "partnership", context->partnership);
    json_put_bool(&j, "synthetic", context->is_synthetic);
    json_put_string(&j, "generator", "Reeve " REEVE_VERSION);
    put_boundaries(g, &j);
    json_put_array(&j, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        json_put_string(&j, NULL, t->notes[i]);
    }
    json_end_array(&j);
    json_put_array(&j, "sources");
    for (size_t i = 0; i < t->source_count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "extract", t->sources[i].extract);
        json_put_string(&j, "file", t->sources[i].file_name);
        json_put_string(&j, "sha256", t->sources[i].sha256);
        json_end_object(&j);
    }
    json_end_array(&j);
    buf_char(g->out, ',');
}

rv_status geojson_table(struct arena *a, const struct result_table *t,
                        const struct geojson_layer *layer, struct projector *p,
                        const struct report_context *context, struct buf *out,
                        struct rv_err *reterr)
{
    struct geojson g = {.arena = a, .table = t, .layer = layer, .projector = p, .out = out};
    while (g.area_column < t->column_count &&
           strcmp(t->columns[g.area_column].name, layer->layer->type) != 0) {
        g.area_column++;
    }
    if (g.area_column == t->column_count) {
        return rv_fail(reterr, RV_INVALID, "the table has no column of areas of type %s",
                       layer->layer->type);
    }
    put_about(&g, context);
    return put_features(&g, reterr);
}

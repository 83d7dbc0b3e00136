/* report/chart.c — the frame of a chart: title, description, fonts, patterns.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/chart.h"

#include "base/limits.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

static void put_defs(struct svg *s, struct buf *out)
{
    if (!s->uses_hatch) {
        return;
    }
    buf_printf(out,
               "<defs><pattern id=\"%s-hatch\" width=\"6\" height=\"6\" "
               "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
               "<rect width=\"6\" height=\"6\" fill=\"#fff\"/>"
               "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"" SVG_SOFT
               "\" stroke-width=\"1.6\"/></pattern></defs>\n",
               s->id);
}

static void put_frame(struct svg *s, struct buf *body, struct buf *out)
{
    const struct result_table *t = s->table;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
               "aria-labelledby=\"%s-title %s-desc\" class=\"chart\" viewBox=\"0 0 %d %d\" "
               "width=\"%d\" height=\"%d\" font-family=\"Arial, Helvetica, 'Liberation Sans', "
               "sans-serif\" font-size=\"%d\" fill=\"" SVG_INK "\">\n",
               s->id, s->id, (int)s->width, (int)ceil(s->height), (int)s->width,
               (int)ceil(s->height), (int)SVG_FONT);
    buf_printf(out, "<title id=\"%s-title\">", s->id);
    buf_html(out, text_of(t->title));
    buf_printf(out, "</title>\n<desc id=\"%s-desc\">", s->id);
    buf_html(out, text_of(t->description ? t->description : t->title));
    buf_text(out, "</desc>\n");
    put_defs(s, out);
    buf_slice(out, buf_view(body));
    buf_text(out, "</svg>\n");
}

/* The columns that each chart reads, by type. */
static bool suits(const struct result_table *t)
{
    const struct result_column *c = t->columns;
    size_t n = t->column_count;
    switch (t->chart) {
    case CHART_NONE:
        return true;
    case CHART_LINE:
        return n >= 2 && c[0].type == RESULT_MONTH && c[1].type != RESULT_TEXT;
    case CHART_BAR:
        return n >= 2 && c[0].type == RESULT_TEXT && c[1].type != RESULT_TEXT;
    case CHART_INTERVAL:
        return n >= 4 && c[0].type == RESULT_TEXT && c[1].type != RESULT_TEXT &&
               c[2].type != RESULT_TEXT && c[3].type != RESULT_TEXT;
    case CHART_MAP:
        return n >= 3 && c[0].type == RESULT_TEXT && c[1].type == RESULT_TEXT &&
               c[2].type != RESULT_TEXT;
    case CHART_CALENDAR:
        return n >= 2 && c[0].type == RESULT_TEXT;
    case CHART_CHANGE:
        return n >= 4 && c[0].type == RESULT_TEXT && c[3].type != RESULT_TEXT;
    }
    return false;
}

static rv_status draw(struct svg *s, struct rv_err *reterr)
{
    switch (s->table->chart) {
    case CHART_NONE:
        return rv_ok();
    case CHART_LINE:
        return svg_chart_line(s, reterr);
    case CHART_BAR:
        return svg_chart_bar(s, reterr);
    case CHART_INTERVAL:
        return svg_chart_interval(s, reterr);
    case CHART_MAP:
        return svg_chart_map(s, reterr);
    case CHART_CALENDAR:
        return svg_chart_calendar(s, reterr);
    case CHART_CHANGE:
        return svg_chart_change(s, reterr);
    }
    return rv_ok();
}

/* Should row a stand above row b? The larger value first, what is missing last. */
static bool is_above(const struct result_table *t, size_t a, size_t b)
{
    if (!table_has(t, a, 1) || !table_has(t, b, 1)) {
        return table_has(t, a, 1) && !table_has(t, b, 1);
    }
    return table_cell(t, a, 1)->number > table_cell(t, b, 1)->number;
}

/* A copy of the table in order of its values: dots in any other order hide who differs. Equal
 * values keep the order of the table. Insertion: tables that are drawn are short. */
static rv_status sort_rows(struct arena *a, const struct result_table *t, struct result_table *ret,
                           struct rv_err *reterr)
{
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, t->row_count * t->column_count);
    size_t *order = ARENA_NEW(a, size_t, t->row_count);
    if (!cells || !order) {
        return arena_fail(a, reterr);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        size_t at = r;
        for (; at > 0 && is_above(t, r, order[at - 1]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = r;
    }
    for (size_t r = 0; r < t->row_count; r++) {
        memcpy(&cells[r * t->column_count], table_cell(t, order[r], 0),
               t->column_count * sizeof *cells);
    }
    *ret = *t;
    ret->cells = cells;
    return rv_ok();
}

rv_status chart_svg(struct arena *a, const struct result_table *t, const char *id, int width,
                    const struct report_layer *layer, struct buf *out, struct rv_err *reterr)
{
    bool lacks_layer = t->chart == CHART_MAP && !layer;
    if (t->chart == CHART_NONE || t->row_count == 0 || lacks_layer) {
        return rv_ok();
    }
    if (!suits(t)) {
        return rv_fail(reterr, RV_INVALID, "the columns of table %s do not suit its chart", t->id);
    }
    struct result_table drawn = *t;
    if (t->ends_with_total && t->row_count > 1) { /* it would dwarf its own parts */
        drawn.row_count--;
    }
    if (t->chart == CHART_INTERVAL) {
        RV_TRY(sort_rows(a, t, &drawn, reterr));
    }
    struct buf body RV_CLEANUP(buf_done);
    buf_init(&body, LIMIT_REPORT_BYTES);
    struct svg s = {.arena = a,
                    .table = &drawn,
                    .layer = layer,
                    .out = &body,
                    .id = id,
                    .width = width,
                    .is_narrow = width < 480};
    RV_TRY(draw(&s, reterr));
    RV_TRY(buf_status(&body, reterr));
    put_frame(&s, &body, out);
    return buf_status(out, reterr);
}

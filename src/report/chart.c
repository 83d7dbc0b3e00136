/* report/chart.c — the frame of a chart: title, description, fonts, patterns.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/chart.h"

#include "base/limits.h"
#include "report/svg_lean.h"
#include "report/table.h"

#include <math.h>
#include <string.h>

#define TITLE_SIZE 17.0
#define MARGIN     4.0

/* ---- the frame ---- */

static void put_head(const struct svg *s, double height, struct buf *out)
{
    const struct result_table *t = s->table;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
               "aria-labelledby=\"%s-title %s-desc\" class=\"chart\" viewBox=\"0 0 %d %d\" "
               "width=\"%d\" height=\"%d\" font-family=\"Arial, Helvetica, 'Liberation Sans', "
               "sans-serif\" font-size=\"%d\" fill=\"" SVG_INK "\">\n",
               s->id, s->id, (int)s->width, (int)ceil(height), (int)s->width, (int)ceil(height),
               (int)SVG_FONT);
    buf_printf(out, "<title id=\"%s-title\">", s->id);
    svg_escape(out, text_of(t->title));
    buf_printf(out, "</title>\n<desc id=\"%s-desc\">", s->id);
    svg_escape(out, text_of(t->description && t->description[0] ? t->description : t->title));
    buf_text(out, "</desc>\n");
    svg_put_fills(s, out);
}

/* The title above an image that goes by itself; returns the height taken. */
static double put_title(struct svg *s)
{
    enum { TITLE_LINES = 6 };
    const char *attributes = "font-size=\"17\" font-weight=\"bold\"";
    double width = s->width - 2 * MARGIN;
    s->size = TITLE_SIZE;
    size_t lines = svg_text_wrap(s, MARGIN, TITLE_SIZE + 2, SVG_START, width, TITLE_LINES,
                                 attributes, text_of(s->table->title));
    double height = (double)lines * svg_leading(s) + 12;
    s->size = SVG_FONT;
    return height;
}

static void source_line(const struct result_table *t, struct buf *out)
{
    buf_text(out, t->source_count == 1 ? "Source: " : "Sources: ");
    enum { NAMED = 4 };
    for (size_t i = 0; i < t->source_count && i < NAMED; i++) {
        const struct finding_source *source = &t->sources[i];
        buf_text(out, i ? "; " : "");
        buf_text(out, source->file_name ? source->file_name : "a file without a name");
        buf_printf(out, " (SHA-256 %.8s)", source->sha256 ? source->sha256 : "not known");
    }
    if (t->source_count > NAMED) {
        buf_printf(out, "; and %zu more", t->source_count - NAMED);
    }
    buf_char(out, '.');
}

/* Notes and sources below an image that goes by itself; returns the y below them. */
static double put_notes(struct svg *s, double y)
{
    const struct result_table *t = s->table;
    const char *attributes = "font-size=\"12\" fill=\"" SVG_SOFT "\"";
    struct buf line RV_CLEANUP(buf_done);
    buf_init(&line, 1u << 20);
    s->size = SVG_SMALL;
    for (size_t i = 0; i < t->note_count; i++) {
        y = svg_note(s, MARGIN, y, attributes, text_of(t->notes[i]));
    }
    if (t->source_count) {
        source_line(t, &line);
        y = svg_note(s, MARGIN, y, attributes, buf_view(&line));
    }
    s->size = SVG_FONT;
    return y;
}

static rv_status put_alone(struct svg *s, struct buf *body, struct buf *out, struct rv_err *reterr)
{
    struct buf around RV_CLEANUP(buf_done);
    buf_init(&around, LIMIT_REPORT_BYTES);
    struct svg f = *s;
    f.out = &around;
    f.lean = NULL;
    double top = put_title(&f);
    buf_text(&around, "<g transform=\"translate(0 ");
    svg_number(&around, top);
    buf_text(&around, ")\">\n");
    buf_slice(&around, buf_view(body));
    buf_text(&around, "</g>\n");
    double bottom = put_notes(&f, top + s->height + 20);
    RV_TRY(buf_status(&around, reterr));
    put_head(s, bottom, out);
    buf_slice(out, buf_view(&around));
    buf_text(out, "</svg>\n");
    return buf_status(out, reterr);
}

/* ---- what is drawn ---- */

static rv_status draw(struct svg *s, struct rv_err *reterr)
{
    switch (s->table->chart) {
    case CHART_NONE:
        return rv_ok();
    case CHART_LINE:
        return svg_chart_line(s, reterr);
    case CHART_MULTIPLES:
        return svg_chart_multiples(s, reterr);
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
    case CHART_WATERFALL:
        return svg_chart_waterfall(s, reterr);
    case CHART_STACKED:
    case CHART_STACKED_SHARE:
        return svg_chart_stacked(s, reterr);
    case CHART_HEAT:
        return svg_chart_heat(s, reterr);
    case CHART_PYRAMID:
        return svg_chart_pyramid(s, reterr);
    case CHART_FUNNEL:
        return svg_chart_funnel(s, reterr);
    case CHART_RANKS:
        return svg_chart_ranks(s, reterr);
    case CHART_LORENZ:
        return svg_chart_lorenz(s, reterr);
    }
    return rv_ok();
}

/* The rows that are drawn, in the order in which they are. */
static rv_status choose_rows(struct arena *a, const struct result_table *t,
                             struct result_table *ret, struct rv_err *reterr)
{
    *ret = *t;
    bool needs_total = t->chart == CHART_WATERFALL;
    if (t->ends_with_total && t->row_count > 1 && !needs_total) {
        ret->row_count--; /* it would dwarf its own parts */
    }
    /* Dots in any other order hide who differs. */
    bool is_ordered = t->chart == CHART_INTERVAL || t->chart == CHART_RANKS;
    return is_ordered ? result_table_sort(a, ret, 1, ret, reterr) : rv_ok();
}

static rv_status nothing(const struct result_table *t, const struct chart_look *look,
                         struct rv_err *reterr)
{
    if (!look->is_alone) {
        return rv_ok();
    }
    return rv_fail(reterr, RV_INVALID, "there is nothing to draw: table %s has %s", t->id,
                   t->row_count == 0        ? "no rows"
                   : t->chart == CHART_NONE ? "no chart"
                                            : "no boundaries for its map");
}

rv_status chart_draw(struct arena *a, const struct result_table *t, const char *id, int width,
                     const struct chart_look *look, struct buf *out, struct rv_err *reterr)
{
    bool lacks_layer = t->chart == CHART_MAP && !look->layer;
    if (t->chart == CHART_NONE || t->row_count == 0 || lacks_layer) {
        return nothing(t, look, reterr);
    }
    RV_TRY(chart_check(t, reterr));
    struct result_table drawn;
    RV_TRY(choose_rows(a, t, &drawn, reterr));
    struct buf body RV_CLEANUP(buf_done);
    buf_init(&body, LIMIT_REPORT_BYTES);
    struct svg_lean lean RV_CLEANUP(svg_lean_done);
    svg_lean_init(&lean);
    struct svg s = {.arena = a,
                    .table = &drawn,
                    .look = look,
                    .out = &body,
                    .id = id,
                    .width = width,
                    .size = SVG_FONT,
                    .level = SVG_MARKS,
                    .lean = look->is_lean ? &lean : NULL,
                    .is_narrow = width < 480};
    RV_TRY(draw(&s, reterr));
    svg_layer(&s);
    RV_TRY(buf_status(&body, reterr));
    if (look->is_alone) {
        return put_alone(&s, &body, out, reterr);
    }
    put_head(&s, s.height, out);
    buf_slice(out, buf_view(&body));
    buf_text(out, "</svg>\n");
    return buf_status(out, reterr);
}

rv_status chart_svg(struct arena *a, const struct result_table *t, const char *id, int width,
                    const struct report_layer *layer, struct buf *out, struct rv_err *reterr)
{
    const struct chart_look look = {.layer = layer};
    return chart_draw(a, t, id, width, &look, out, reterr);
}

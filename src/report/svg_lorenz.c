/* report/svg_lorenz.c — how unevenly events are spread: shares of events against shares of places.
 *
 * Both axes run from 0 to 100%, and the dashed diagonal is an even spread. One point of each curve
 * is read out: the first row that holds half of the events.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>

#define CURVES_MAX 4
#define SIDE_MAX   420.0
#define LEGEND     250.0

struct plot {
    struct svg_scale across, up;
    size_t columns[CURVES_MAX];
    size_t count;
};

static const char *const dashes[CURVES_MAX] = {
    "", " stroke-dasharray=\"9 3\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"10 3 2 3\""};

static void find_curves(const struct result_table *t, struct plot *p)
{
    for (size_t c = 1; c < t->column_count && p->count < CURVES_MAX; c++) {
        if (t->columns[c].type != RESULT_TEXT && t->columns[c].type != RESULT_MONTH) {
            p->columns[p->count++] = c;
        }
    }
}

static rv_status check_order(const struct result_table *t, const struct plot *p,
                             struct rv_err *reterr)
{
    double before = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        if (!table_has(t, r, 0)) {
            continue;
        }
        double x = table_value(t, r, 0);
        bool is_share = x >= before && x <= 100 + 1e-9;
        for (size_t i = 0; i < p->count && is_share; i++) {
            is_share =
                !table_has(t, r, p->columns[i]) || table_value(t, r, p->columns[i]) <= 100 + 1e-9;
        }
        if (!is_share) {
            return rv_fail(reterr, RV_INVALID,
                           "table %s, row %zu: a lorenz chart wants shares from 0 to 100 in "
                           "ascending order of the first column",
                           t->id, r + 1);
        }
        before = x;
    }
    return rv_ok();
}

static void put_curve(struct svg *s, const struct plot *p, size_t i)
{
    const struct result_table *t = s->table;
    bool is_open = false;
    svg_layer(s);
    for (size_t r = 0; r <= t->row_count; r++) {
        bool here = r < t->row_count && table_has(t, r, 0) && table_has(t, r, p->columns[i]);
        if (here) {
            buf_text(s->out, is_open ? " " : "<path d=\"M");
            svg_number(s->out, svg_at(&p->across, table_value(t, r, 0)));
            buf_char(s->out, ' ');
            svg_number(s->out, svg_at(&p->up, table_value(t, r, p->columns[i])));
        } else if (is_open) {
            buf_printf(s->out,
                       "\" fill=\"none\" stroke=\"" SVG_STRONG "\" stroke-width=\"2.2\"%s/>\n",
                       dashes[i]);
        }
        is_open = here;
    }
}

/* The first row in which a curve reaches half; row_count when it never does. */
static size_t half_row(const struct result_table *t, size_t column)
{
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, 0) && table_has(t, r, column) && table_value(t, r, column) >= 50) {
            return r;
        }
    }
    return t->row_count;
}

/* A sample of the line, its name, and its half in words; returns the y below. */
static double put_name(struct svg *s, const struct plot *p, size_t i, double x, double y)
{
    const struct result_table *t = s->table;
    size_t column = p->columns[i], half = half_row(t, column);
    svg_layer(s);
    buf_printf(s->out, "<path d=\"M");
    svg_number(s->out, x);
    buf_char(s->out, ' ');
    svg_number(s->out, y - 4);
    buf_printf(s->out, "h28\" fill=\"none\" stroke=\"" SVG_STRONG "\" stroke-width=\"2.2\"%s/>\n",
               dashes[i]);
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 16);
    buf_text(&text, t->columns[column].title);
    if (half < t->row_count) {
        buf_text(&text, ": ");
        format_percent(&text, table_value(t, half, column), 1, FORMAT_PLAIN);
        buf_text(&text, " of them in ");
        format_percent(&text, table_value(t, half, 0), 1, FORMAT_PLAIN);
        buf_text(&text, " of the places");
    }
    size_t lines =
        svg_text_wrap(s, x + 34, y, SVG_START, s->width - x - 38, 5, "", buf_view(&text));
    return y + (double)lines * SVG_LEADING + 8;
}

static void put_half(struct svg *s, const struct plot *p, size_t i)
{
    const struct result_table *t = s->table;
    size_t half = half_row(t, p->columns[i]);
    if (half < t->row_count) {
        svg_circle(s, svg_at(&p->across, table_value(t, half, 0)),
                   svg_at(&p->up, table_value(t, half, p->columns[i])), 4.5,
                   "fill=\"#fff\" stroke=\"" SVG_STRONG "\" stroke-width=\"2\"",
                   svg_tip_of_series(s, half, p->columns[i]));
    }
}

static double put_legend(struct svg *s, const struct plot *p, double x, double y)
{
    for (size_t i = 0; i < p->count; i++) {
        y = put_name(s, p, i, x, y);
    }
    svg_line(s, x, y - 4, x + 28, y - 4, "stroke=\"" SVG_SOFT "\" stroke-dasharray=\"5 4\"");
    svg_text_fit(s, x + 34, y, SVG_START, s->width - x - 36, "", text_of("an even spread"));
    return y + SVG_LEADING;
}

rv_status svg_chart_lorenz(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct plot p = {.count = 0};
    find_curves(t, &p);
    RV_TRY(check_order(t, &p, reterr));
    double left = 46, top = 24;
    double side = s->is_narrow ? s->width - left - 12 : fmin(s->width - left - LEGEND, SIDE_MAX);
    double bottom = top + side;
    p.across = (struct svg_scale){0, 100, 25, left, side, RESULT_PERCENT};
    p.up = (struct svg_scale){0, 100, 25, bottom, -side, RESULT_PERCENT};
    svg_axis_across(s, &p.across, top, bottom);
    svg_axis_up(s, &p.up, left, left + side);
    svg_text_fit(s, 4, 14, SVG_START, s->width - 8, "fill=\"" SVG_SOFT "\"",
                 text_of("Share of the events"));
    double room = s->is_narrow ? s->width - left - 4 : side;
    size_t lines = svg_text_wrap(s, left, bottom + 36, SVG_START, room, 3, "fill=\"" SVG_SOFT "\"",
                                 text_of(t->columns[0].title));
    svg_line(s, left, bottom, left + side, top, "stroke=\"" SVG_SOFT "\" stroke-dasharray=\"5 4\"");
    for (size_t i = 0; i < p.count; i++) {
        put_curve(s, &p, i);
        put_half(s, &p, i);
    }
    double below = bottom + 36 + (double)lines * SVG_LEADING;
    double legend = s->is_narrow ? put_legend(s, &p, 4, below + 12)
                                 : put_legend(s, &p, left + side + 24, top + 12);
    s->height = fmax(below, legend);
    return rv_ok();
}

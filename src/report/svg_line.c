/* report/svg_line.c — monthly series: one panel, a panel for each with a scale of its own, or small
 * multiples on one scale.
 *
 * Up to four series share one panel, told apart by dash, marker and a direct label; more than
 * four get a small panel each, because lines that cannot be told apart say nothing. Panels start
 * at nought.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_months.h"

#include <math.h>
#include <string.h>

#define SHARED_MAX   4
#define LABEL_WIDTH  168.0
#define PANEL_HEIGHT 260.0
#define SMALL_HEIGHT 92.0
#define BOLD         "font-weight=\"bold\""
#define NAME_LINES   3
#define HEAD         24.0 /* the name of a small panel, clear of the highest label of its axis */

/* Width of the value axis: its labels and a little room. */
static double axis_width(const struct svg *s, const struct svg_scale *scale)
{
    return fmin(fmax(svg_tick_width(scale) + 12, 30), s->width / 3);
}

static const char *title_of(const struct svg *s, const struct series *k, size_t i)
{
    return s->table->columns[k->columns[i]].title;
}

/* ---- up to four series in one panel ---- */

/* A sample of the line and its name, of a few lines; returns the height taken. */
static double put_name(struct svg *s, const struct series *k, size_t i, double x, double y,
                       double width)
{
    months_sample(s, i, x, y);
    size_t lines = svg_text_wrap(s, x + 30, y + 4, SVG_START, width - 30, NAME_LINES, "",
                                 text_of(title_of(s, k, i)));
    return (double)lines * SVG_LEADING + 2;
}

static double name_height(const struct svg *s, const struct series *k, size_t i, double width)
{
    struct text name = text_of(title_of(s, k, i));
    return (double)svg_count_lines(s, width - 30, NAME_LINES, "", name) * SVG_LEADING + 2;
}

/* Names at the ends of the lines, in the order of the ends, at least a line apart. */
static void put_names_beside(struct svg *s, const struct panel *p)
{
    double y[SHARED_MAX];
    size_t order[SHARED_MAX];
    for (size_t i = 0; i < p->count; i++) {
        y[i] = months_last_y(s, p, i);
        size_t at = i;
        while (at > 0 && y[order[at - 1]] > y[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    double left = 0; /* height that this name and those below it take */
    for (size_t i = 0; i < p->count; i++) {
        left += name_height(s, p->series, i, LABEL_WIDTH - 10);
    }
    double next = p->y;
    for (size_t k = 0; k < p->count; k++) {
        double lowest = p->y + p->height + 12 - left;
        double at = fmax(fmin(y[order[k]], lowest), next);
        double height = put_name(s, p->series, order[k], p->x + p->width + 8, at, LABEL_WIDTH - 10);
        next = at + height;
        left -= height;
    }
}

static void put_gap_note(struct svg *s, bool is_hatched, bool is_broken)
{
    if (is_hatched || is_broken) {
        s->height = svg_note(s, 4, s->height + 14, "fill=\"" SVG_SOFT "\"",
                             text_of(is_hatched ? "Hatched: not available."
                                                : "A break in a line: not available.")) -
                    12;
    }
}

static void put_break_notes(struct svg *s, const struct series *k)
{
    double y = s->height + 14;
    s->height = fmax(months_break_notes(s, k, y) - 14, s->height);
}

static rv_status draw_shared(struct svg *s, const struct series *k)
{
    bool named = k->count > 1;
    double top = 24;
    if (!named) {
        svg_text_fit(s, 4, 14, SVG_START, s->width - 8, "fill=\"" SVG_SOFT "\"",
                     text_of(title_of(s, k, 0)));
    } else {
        top = 10;
        for (size_t i = 0; i < k->count && s->is_narrow; i++) {
            top += put_name(s, k, i, 4, top, s->width - 8);
        }
    }
    struct panel p = {.series = k, .count = k->count, .y = top};
    p.height = s->is_narrow ? PANEL_HEIGHT * 0.75 : PANEL_HEIGHT;
    months_scale(s, &p, k->low, k->high, 5);
    p.x = axis_width(s, &p.scale);
    p.width = s->width - p.x - (named && !s->is_narrow ? LABEL_WIDTH : 8);
    svg_axis_up(s, &p.scale, p.x, p.x + p.width);
    size_t gaps = months_draw(s, &p);
    months_axis(s, &p);
    if (named && !s->is_narrow) {
        put_names_beside(s, &p);
    }
    s->height = p.y + p.height + MONTHS_BELOW;
    put_gap_note(s, gaps > 0, months_has_single_gap(s, &p));
    put_break_notes(s, k);
    return rv_ok();
}

/* ---- a panel for each series ---- */

static rv_status draw_own_scales(struct svg *s, const struct series *k)
{
    size_t across = s->is_narrow ? 1 : 2, gaps = 0;
    double each = SMALL_HEIGHT + HEAD + MONTHS_BELOW + 10;
    /* All of them together lead, over the width of the others. */
    bool leads = across > 1 && strcmp(s->table->columns[k->columns[0]].name, "all") == 0;
    svg_text(s, 4, 14, SVG_START, "fill=\"" SVG_SOFT "\"",
             text_of("Each panel has a scale of its own."));
    for (size_t i = 0; i < k->count; i++) {
        size_t slot = leads && i > 0 ? i + 1 : i;
        double width = s->width / (double)(leads && i == 0 ? 1 : across);
        double x = (double)(slot % across) * width, y = 24 + (double)(slot / across) * each;
        struct panel p = {.series = k, .from = i, .count = 1, .is_small = true};
        double low, high;
        months_range(s, k, i, 1, &low, &high);
        p.y = y + HEAD;
        p.height = SMALL_HEIGHT;
        months_scale(s, &p, low, high, 2);
        p.x = x + axis_width(s, &p.scale);
        p.width = x + width - 12 - p.x;
        svg_text_fit(s, x + 4, y + 13, SVG_START, width - 16, BOLD, text_of(title_of(s, k, i)));
        svg_axis_up(s, &p.scale, p.x, p.x + p.width);
        gaps += months_draw(s, &p);
        months_axis(s, &p);
    }
    s->height = 24 + (double)((k->count + (leads ? 1 : 0) + across - 1) / across) * each;
    put_gap_note(s, gaps > 0, false);
    put_break_notes(s, k);
    return rv_ok();
}

rv_status svg_chart_line(struct svg *s, struct rv_err *reterr)
{
    struct series k;
    RV_TRY(months_series(s, &k, reterr));
    return k.count <= SHARED_MAX ? draw_shared(s, &k) : draw_own_scales(s, &k);
}

/* One scale for all, written once in each row of panels; months below the last of each column. */
rv_status svg_chart_multiples(struct svg *s, struct rv_err *reterr)
{
    struct series k;
    RV_TRY(months_series(s, &k, reterr));
    size_t across = s->is_narrow ? 2 : 3, gaps = 0;
    across = k.count < across ? k.count : across;
    struct panel p = {.series = &k, .count = 1, .is_small = true, .height = SMALL_HEIGHT};
    months_scale(s, &p, k.low, k.high, 3);
    double axis = axis_width(s, &p.scale), gap = 14;
    p.width = (s->width - axis - 8 - gap * (double)(across - 1)) / (double)across;
    size_t lines = 1; /* of the longest name */
    for (size_t i = 0; i < k.count; i++) {
        size_t n = svg_count_lines(s, p.width, 2, BOLD, text_of(title_of(s, &k, i)));
        lines = n > lines ? n : lines;
    }
    double head = HEAD + (double)(lines - 1) * SVG_LEADING;
    double each = SMALL_HEIGHT + head + 12, bottom = 24;
    svg_text_fit(s, 4, 14, SVG_START, s->width - 8, "fill=\"" SVG_SOFT "\"",
                 text_of("All panels have the same scale."));
    for (size_t i = 0; i < k.count; i++) {
        size_t column = i % across;
        p.from = i;
        p.x = axis + (double)column * (p.width + gap);
        p.y = 24 + (double)(i / across) * each + head;
        months_scale(s, &p, k.low, k.high, 3);
        struct text title = text_of(title_of(s, &k, i));
        double above = (double)svg_count_lines(s, p.width, 2, BOLD, title) - 1;
        (void)svg_text_wrap(s, p.x, p.y - 10 - above * SVG_LEADING, SVG_START, p.width, 2, BOLD,
                            title);
        if (column == 0) {
            svg_axis_up(s, &p.scale, p.x, p.x + p.width);
        } else {
            svg_grid_up(s, &p.scale, p.x, p.x + p.width);
        }
        gaps += months_draw(s, &p);
        if (i + across >= k.count) {
            months_axis(s, &p);
        }
        bottom = fmax(bottom, p.y + p.height);
    }
    s->height = bottom + MONTHS_BELOW;
    put_gap_note(s, gaps > 0, false);
    put_break_notes(s, &k);
    return rv_ok();
}

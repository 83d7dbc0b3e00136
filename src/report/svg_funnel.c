/* report/svg_funnel.c — a value against the size of its base, between limits that are given.
 *
 * Inside the inner limits a point is a small open circle; between the two limits a filled circle,
 * named where few are and there is room; outside the outer ones a filled square with its name, as
 * far as names have room: the others are listed below. The point that the chart is about is always
 * named. What the limits are is in the titles of their columns.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/svg.h"

#include <math.h>
#include <stdlib.h>

#define PLOT_HEIGHT 300.0
#define NAMES_MAX   40
#define POINT       4.0
#define FAR_BASE    0.3 /* smallest base over the largest, above which the axis leaves nought out */
#define FEW         8   /* points between the limits that are named */

enum limit { REFERENCE, LOWER, UPPER, OUTER_LOWER, OUTER_UPPER, LIMITS };
enum place { INSIDE, BETWEEN, OUTSIDE };

struct point {
    size_t row;
    double base, x, y;
};

struct box {
    double x, y, width, height; /* top left */
};

struct funnel {
    struct svg_scale across, up;
    size_t limits[LIMITS]; /* columns; column_count when there is none */
    struct point *points;  /* those with a base, by base; y is NaN without a value */
    size_t count, missing;
    struct box frame, names[NAMES_MAX];
    size_t name_count, unnamed_count;
    struct buf *unnamed; /* names that had no room */
};

/* ---- data ---- */

static int by_base(const void *a, const void *b)
{
    const struct point *p = a, *q = b;
    if (p->base != q->base) {
        return p->base < q->base ? -1 : 1;
    }
    return (p->row > q->row) - (p->row < q->row);
}

static rv_status find_points(const struct svg *s, struct funnel *f, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    static const char *const names[LIMITS] = {"reference", "lower", "upper", "outer_lower",
                                              "outer_upper"};
    for (int k = 0; k < LIMITS; k++) {
        f->limits[k] = result_table_column(t, names[k]);
    }
    f->points = ARENA_NEW(s->arena, struct point, t->row_count);
    if (!f->points) {
        return arena_fail(s->arena, reterr);
    }
    for (size_t r = 0; r < t->row_count; r++) {
        if (table_has(t, r, 1)) {
            f->points[f->count++] = (struct point){.row = r, .base = table_value(t, r, 1)};
        }
        f->missing += !table_has(t, r, 1) || !table_has(t, r, 2);
    }
    qsort(f->points, f->count, sizeof *f->points, by_base);
    return rv_ok();
}

static double limit_at(const struct result_table *t, const struct funnel *f, size_t row,
                       enum limit k)
{
    return table_has(t, row, f->limits[k]) ? table_value(t, row, f->limits[k]) : (double)NAN;
}

static enum place place_of(const struct result_table *t, const struct funnel *f, size_t row)
{
    double v = table_value(t, row, 2);
    if (v < limit_at(t, f, row, OUTER_LOWER) || v > limit_at(t, f, row, OUTER_UPPER)) {
        return OUTSIDE;
    }
    return v < limit_at(t, f, row, LOWER) || v > limit_at(t, f, row, UPPER) ? BETWEEN : INSIDE;
}

/* ---- scales ---- */

/* Every value is in the frame; limits of tiny bases, which may be anything, only as far as half
 * the spread of the values beyond them. */
static void find_range(const struct result_table *t, const struct funnel *f, double *low,
                       double *high)
{
    double limit_low = INFINITY, limit_high = -INFINITY;
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < f->count; i++) {
        size_t row = f->points[i].row;
        if (table_has(t, row, 2)) {
            *low = fmin(*low, table_value(t, row, 2));
            *high = fmax(*high, table_value(t, row, 2));
        }
        for (int k = 0; k < LIMITS; k++) {
            limit_low = fmin(limit_low, limit_at(t, f, row, (enum limit)k));
            limit_high = fmax(limit_high, limit_at(t, f, row, (enum limit)k));
        }
    }
    if (*low > *high) {
        *low = 0;
        *high = 1;
    }
    double beyond = fmax((*high - *low) / 2, fabs(*high) / 20);
    *low = fmin(*low, fmax(limit_low, *low - beyond));
    *high = fmax(*high, fmin(limit_high, *high + beyond));
}

static void choose_scales(struct svg *s, struct funnel *f)
{
    const struct result_table *t = s->table;
    double low, high, most = f->count ? fmax(f->points[f->count - 1].base, 0) : 0;
    double least = f->count ? fmin(f->points[0].base, 0) : 0;
    find_range(t, f, &low, &high);
    f->up = svg_scale_between(low, high, 6, t->columns[2].type);
    f->across = svg_scale_of(least, most, s->is_narrow ? 4 : 7, t->columns[1].type);
    bool is_far = f->count && f->points[0].base > FAR_BASE * most; /* half of it would be empty */
    if (is_far) {
        f->across =
            svg_scale_between(f->points[0].base, most, s->is_narrow ? 3 : 6, t->columns[1].type);
    }
    double left = fmin(fmax(svg_tick_width(&f->up) + 12, 34), s->width / 3), top = 26;
    f->frame = (struct box){left, top, s->width - left - 16, PLOT_HEIGHT};
    f->up.at = top + PLOT_HEIGHT;
    f->up.length = -PLOT_HEIGHT;
    f->across.at = left;
    f->across.length = f->frame.width;
    for (size_t i = 0; i < f->count; i++) {
        struct point *p = &f->points[i];
        p->x = svg_at(&f->across, p->base);
        p->y = table_has(t, p->row, 2) ? svg_at(&f->up, table_value(t, p->row, 2)) : (double)NAN;
    }
}

/* ---- limits ---- */

static void put_point_of(struct buf *b, const struct funnel *f, double x, double value)
{
    svg_number(b, x);
    buf_char(b, ' ');
    svg_number(b, svg_at(&f->up, value));
}

/* A piece of a limit between two points, cut at the frame; nothing when it lies outside. True when
 * it goes on to its end, so that the next one can go on from there. */
static bool put_piece(struct svg *s, const struct funnel *f, const struct point *p, double v1,
                      const struct point *q, double v2, bool goes_on)
{
    double x1 = p->x, x2 = q->x;
    double low = f->up.from, high = f->up.to, from = 0, to = 1, slope = v2 - v1;
    if (slope != 0) {
        double a = (low - v1) / slope, b = (high - v1) / slope;
        from = fmax(0, fmin(a, b));
        to = fmin(1, fmax(a, b));
    }
    if (from >= to || (slope == 0 && (v1 < low || v1 > high))) {
        return false;
    }
    if (!goes_on || from > 0) {
        buf_char(s->out, 'M');
        put_point_of(s->out, f, x1 + from * (x2 - x1), v1 + from * slope);
    }
    buf_char(s->out, 'L');
    put_point_of(s->out, f, x1 + to * (x2 - x1), v1 + to * slope);
    return to >= 1;
}

static void put_limit(struct svg *s, const struct funnel *f, enum limit k)
{
    static const char *const strokes[LIMITS] = {
        [REFERENCE] = "stroke-width=\"1.6\"",
        [LOWER] = "stroke-width=\"1.3\" stroke-dasharray=\"6 4\"",
        [UPPER] = "stroke-width=\"1.3\" stroke-dasharray=\"6 4\"",
        [OUTER_LOWER] = "stroke-width=\"1.3\" stroke-dasharray=\"2 3\"",
        [OUTER_UPPER] = "stroke-width=\"1.3\" stroke-dasharray=\"2 3\""};
    const struct result_table *t = s->table;
    if (f->limits[k] >= t->column_count) {
        return;
    }
    svg_layer(s);
    buf_printf(s->out, "<path fill=\"none\" stroke=\"" SVG_INK "\" %s d=\"", strokes[k]);
    size_t start = s->out->n;
    bool goes_on = false;
    for (size_t i = 0; i + 1 < f->count; i++) {
        const struct point *p = &f->points[i], *q = &f->points[i + 1];
        double v = limit_at(t, f, p->row, k), w = limit_at(t, f, q->row, k);
        bool is_piece = isfinite(v) && isfinite(w) && q->x > p->x;
        if (is_piece || q->x > p->x) {
            goes_on = is_piece && put_piece(s, f, p, v, q, w, goes_on);
        }
    }
    buf_text(s->out, s->out->n == start ? "M0 0\"/>\n" : "\"/>\n");
}

/* ---- points and names ---- */

static void put_mark(struct svg *s, const struct funnel *f, const struct point *p)
{
    struct text tip = svg_tip(s, p->row, 2);
    const char *solid = "fill=\"" SVG_STRONG "\" stroke=\"#fff\" stroke-width=\"0.8\"";
    if (table_is_focus(s->table, p->row)) {
        s->level = SVG_ABOVE;
        svg_diamond(s, p->x, p->y, 7.5, "fill=\"" SVG_INK "\" stroke=\"#fff\"", tip);
        s->level = SVG_MARKS;
        return;
    }
    switch (place_of(s->table, f, p->row)) {
    case INSIDE:
        svg_circle(s, p->x, p->y, POINT - 0.5,
                   "fill=\"#fff\" stroke=\"" SVG_STRONG "\" stroke-width=\"1.6\"", tip);
        return;
    case BETWEEN:
        svg_circle(s, p->x, p->y, POINT, solid, tip);
        return;
    case OUTSIDE:
        svg_rect(s, p->x - POINT, p->y - POINT, 2 * POINT, 2 * POINT, solid, tip);
        return;
    }
}

static bool overlaps(const struct box *a, const struct box *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static bool is_free(const struct funnel *f, const struct box *name, const struct point *own)
{
    if (name->x < f->frame.x || name->x + name->width > f->frame.x + f->frame.width ||
        name->y < f->frame.y || name->y + name->height > f->frame.y + f->frame.height) {
        return false;
    }
    for (size_t i = 0; i < f->name_count; i++) {
        if (overlaps(name, &f->names[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < f->count; i++) {
        const struct point *p = &f->points[i];
        struct box mark = {p->x - POINT - 1, p->y - POINT - 1, 2 * POINT + 2, 2 * POINT + 2};
        if (p != own && isfinite(p->y) && overlaps(name, &mark)) {
            return false;
        }
    }
    return true;
}

static void write_name(struct svg *s, struct funnel *f, struct box at, const char *attributes,
                       struct text name)
{
    f->names[f->name_count++] = at;
    s->level = SVG_TOP;
    svg_text(s, at.x + 1, at.y + SVG_FONT - 1, SVG_START, attributes, name);
    s->level = SVG_MARKS;
}

/* In a crowd: as near above or below as there is room, with a line to its point; at the edge of the
 * frame where there is none. */
static void lead_name(struct svg *s, struct funnel *f, const struct point *p, struct box name,
                      const char *attributes, struct text words)
{
    double right = f->frame.x + f->frame.width - name.width;
    name.x = fmin(fmax(p->x - name.width / 2, f->frame.x), fmax(right, f->frame.x));
    name.y = f->frame.y;
    for (double away = 16; away < f->frame.height; away += 4) {
        struct box above = name, below = name;
        above.y = p->y - away - name.height;
        below.y = p->y + away;
        if (is_free(f, &below, p) || is_free(f, &above, p)) {
            name = is_free(f, &below, p) ? below : above;
            break;
        }
    }
    double end = name.y > p->y ? name.y : name.y + name.height;
    svg_line(s, p->x, p->y, fmin(fmax(p->x, name.x), name.x + name.width), end,
             "stroke=\"" SVG_INK "\"");
    write_name(s, f, name, attributes, words);
}

/* Right of its point, left, above or below, wherever it is free first. */
static void put_name(struct svg *s, struct funnel *f, const struct point *p, enum place place)
{
    const struct result_table *t = s->table;
    bool is_focus = table_is_focus(t, p->row);
    const char *attributes = is_focus ? "font-weight=\"bold\" " SVG_HALO : SVG_HALO;
    struct text name = table_label(t, p->row, 0);
    double width = (is_focus ? svg_bold_width(name, SVG_FONT) : svg_text_width(name, SVG_FONT)) + 2;
    double height = SVG_FONT + 3, gap = 9;
    const struct box places[] = {{p->x + gap, p->y - height / 2, width, height},
                                 {p->x - gap - width, p->y - height / 2, width, height},
                                 {p->x - width / 2, p->y - gap - height, width, height},
                                 {p->x - width / 2, p->y + gap, width, height}};
    for (size_t i = 0; i < 4 && f->name_count < NAMES_MAX; i++) {
        if (is_free(f, &places[i], p)) {
            write_name(s, f, places[i], attributes, name);
            return;
        }
    }
    if (is_focus && width <= f->frame.width && f->name_count < NAMES_MAX) {
        lead_name(s, f, p, places[0], attributes, name);
    } else if (place == OUTSIDE) {
        buf_text(f->unnamed, f->unnamed_count++ ? ", " : "");
        buf_slice(f->unnamed, name);
    }
}

static void put_points(struct svg *s, struct funnel *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (isfinite(f->points[i].y)) {
            put_mark(s, f, &f->points[i]);
        }
    }
    size_t between = 0;
    for (size_t i = 0; i < f->count; i++) {
        const struct point *p = &f->points[i];
        between += isfinite(p->y) && place_of(s->table, f, p->row) == BETWEEN;
    }
    /* The focus has the first choice of room, then those furthest out. */
    for (int pass = 0; pass < (between <= FEW ? 3 : 2); pass++) {
        for (size_t i = 0; i < f->count; i++) {
            const struct point *p = &f->points[i];
            bool is_focus = table_is_focus(s->table, p->row);
            enum place place = place_of(s->table, f, p->row);
            bool is_turn =
                pass == 0 ? is_focus : !is_focus && place == (pass == 1 ? OUTSIDE : BETWEEN);
            if (isfinite(p->y) && is_turn) {
                put_name(s, f, p, place);
            }
        }
    }
}

/* ---- what stands below ---- */

static double put_sample(struct svg *s, double y, const char *stroke, const char *name)
{
    svg_line(s, 4, y - 4, 32, y - 4, stroke);
    size_t lines = svg_text_wrap(s, 40, y, SVG_START, s->width - 44, 2, "", text_of(name));
    return y + (double)lines * SVG_LEADING + 3;
}

/* Axes that leave nought out say so. */
static void put_starts(const struct funnel *f, struct buf *b)
{
    bool is_both = f->up.from > 0 && f->across.from > 0;
    if (f->up.from > 0) {
        buf_text(b, "The upright axis starts at ");
        svg_tick_label(b, &f->up, f->up.from);
    }
    if (f->across.from > 0) {
        buf_text(b, is_both ? ", the other at " : "The axis across starts at ");
        svg_tick_label(b, &f->across, f->across.from);
    }
    buf_text(b, ", not at nought. ");
}

static double put_key(struct svg *s, const struct funnel *f, double y)
{
    const struct result_table *t = s->table;
    const char *soft = "fill=\"" SVG_SOFT "\"";
    if (f->limits[REFERENCE] < t->column_count) {
        y = put_sample(s, y, "stroke=\"" SVG_INK "\" stroke-width=\"1.6\"",
                       t->columns[f->limits[REFERENCE]].title);
    }
    if (f->limits[UPPER] < t->column_count) {
        y = put_sample(s, y, "stroke=\"" SVG_INK "\" stroke-width=\"1.3\" stroke-dasharray=\"6 4\"",
                       t->columns[f->limits[UPPER]].title);
    }
    if (f->limits[OUTER_UPPER] < t->column_count) {
        y = put_sample(s, y, "stroke=\"" SVG_INK "\" stroke-width=\"1.3\" stroke-dasharray=\"2 3\"",
                       t->columns[f->limits[OUTER_UPPER]].title);
    }
    y = svg_note(
        s, 4, y, soft,
        text_of("Open circles: inside the limits. Filled circles: outside the inner limits. "
                "Filled squares, with names: outside the outer limits."));
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 20);
    if (f->up.from > 0 || f->across.from > 0) {
        put_starts(f, &text);
    }
    if (f->missing) {
        buf_printf(&text, "Not available, so not drawn: %zu of %zu. ", f->missing, t->row_count);
    }
    if (f->unnamed_count) {
        buf_printf(&text, "Also outside the outer limits: ");
        buf_slice(&text, buf_view(f->unnamed));
        buf_char(&text, '.');
    }
    return text.n ? svg_note(s, 4, y, soft, buf_view(&text)) : y;
}

rv_status svg_chart_funnel(struct svg *s, struct rv_err *reterr)
{
    const struct result_table *t = s->table;
    struct buf unnamed RV_CLEANUP(buf_done);
    buf_init(&unnamed, 1u << 18);
    struct funnel f = {.unnamed = &unnamed};
    const char *soft = "fill=\"" SVG_SOFT "\"";
    RV_TRY(find_points(s, &f, reterr));
    choose_scales(s, &f);
    double bottom = f.frame.y + f.frame.height, right = f.frame.x + f.frame.width;
    svg_text_fit(s, 4, 14, SVG_START, s->width - 8, soft, text_of(t->columns[2].title));
    svg_axis_up(s, &f.up, f.frame.x, right);
    svg_axis_across(s, &f.across, f.frame.y, bottom);
    svg_text_fit(s, f.frame.x, bottom + 36, SVG_START, s->width - f.frame.x - 4, soft,
                 text_of(t->columns[1].title));
    for (int k = 0; k < LIMITS; k++) {
        put_limit(s, &f, (enum limit)k);
    }
    put_points(s, &f);
    s->height = put_key(s, &f, bottom + 60);
    return rv_ok();
}

/* report/svg.c — elements, and fills that differ without colour.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_lean.h"

#include <math.h>

/* ---- elements ---- */

void svg_number(struct buf *b, double value)
{
    int64_t tenths = isfinite(value) ? (int64_t)llround(value * 10) : 0;
    if (tenths < 0) {
        buf_char(b, '-');
        tenths = -tenths;
    }
    buf_int(b, tenths / 10);
    if (tenths % 10) {
        buf_char(b, '.');
        buf_char(b, (char)('0' + tenths % 10));
    }
}

static void attribute(struct buf *b, const char *name, double value)
{
    buf_printf(b, " %s=\"", name);
    svg_number(b, value);
    buf_char(b, '"');
}

static void more(struct buf *b, const char *attributes)
{
    if (attributes && attributes[0]) {
        buf_char(b, ' ');
        buf_text(b, attributes);
    }
}

void svg_finish(struct buf *b, const char *name, struct text title)
{
    if (!title.n) {
        buf_text(b, "/>\n");
        return;
    }
    buf_char(b, '>');
    svg_title(b, title);
    buf_printf(b, "</%s>\n", name);
}

/* "M1 2" and the like: a command and its numbers. */
static void step(struct buf *b, char command, double x, double y)
{
    buf_char(b, command);
    svg_number(b, x);
    buf_char(b, ' ');
    svg_number(b, y);
}

static void step_along(struct buf *b, char command, double by)
{
    buf_char(b, command);
    svg_number(b, by);
}

void svg_line(struct svg *s, double x1, double y1, double x2, double y2, const char *attributes)
{
    struct buf *run = svg_run(s, attributes), *out = svg_single(s);
    if (run) {
        step(run, 'M', x1, y1);
        if (x1 == x2 || y1 == y2) {
            step_along(run, x1 == x2 ? 'V' : 'H', x1 == x2 ? y2 : x2);
        } else {
            step(run, 'L', x2, y2);
        }
        return;
    }
    buf_text(out, "<line");
    attribute(out, "x1", x1);
    attribute(out, "y1", y1);
    attribute(out, "x2", x2);
    attribute(out, "y2", y2);
    more(out, attributes);
    buf_text(out, "/>\n");
}

void svg_rect(struct svg *s, double x, double y, double w, double h, const char *attributes,
              struct text title)
{
    struct buf *run = title.n ? NULL : svg_run(s, attributes), *out = svg_single(s);
    if (run) {
        step(run, 'M', x, y);
        step_along(run, 'h', w);
        step_along(run, 'v', h);
        step_along(run, 'h', -w);
        buf_char(run, 'z');
        return;
    }
    buf_text(out, "<rect");
    attribute(out, "x", x);
    attribute(out, "y", y);
    attribute(out, "width", w);
    attribute(out, "height", h);
    more(out, attributes);
    svg_finish(out, "rect", title);
}

static void half_circle(struct buf *b, double r, double across)
{
    step(b, 'a', r, r);
    buf_text(b, " 0 1 0 ");
    svg_number(b, across);
    buf_text(b, " 0");
}

void svg_circle(struct svg *s, double x, double y, double r, const char *attributes,
                struct text title)
{
    struct buf *run = title.n ? NULL : svg_run(s, attributes), *out = svg_single(s);
    if (run) {
        step(run, 'M', x - r, y);
        half_circle(run, r, 2 * r);
        half_circle(run, r, -2 * r);
        return;
    }
    buf_text(out, "<circle");
    attribute(out, "cx", x);
    attribute(out, "cy", y);
    attribute(out, "r", r);
    more(out, attributes);
    svg_finish(out, "circle", title);
}

void svg_diamond(struct svg *s, double x, double y, double r, const char *attributes,
                 struct text title)
{
    struct buf *out = svg_path(s, attributes, title);
    step(out, 'M', x - r, y);
    for (int side = 0; side < 3; side++) {
        buf_text(out, side ? " " : "l");
        svg_number(out, side < 2 ? r : -r);
        buf_char(out, ' ');
        svg_number(out, side == 0 ? -r : r);
    }
    buf_char(out, 'z');
    svg_path_end(s, attributes, title);
}

/* ---- fills ---- */

static const struct {
    const char *name, *plain, *pattern; /* a colour, or what a tile holds */
    int tile;
    bool is_dark;
} fills[SVG_FILLS] = {
    [SVG_SOLID] = {.plain = SVG_STRONG, .is_dark = true},
    [SVG_DIAGONAL] = {"diagonal", NULL,
                      "<rect width=\"7\" height=\"7\" fill=\"#fff\"/>"
                      "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" stroke=\"" SVG_STRONG
                      "\" stroke-width=\"5\"/>",
                      7, false},
    [SVG_TINT] = {.plain = "#8fbfc1"},
    [SVG_DOTS] = {"dots", NULL,
                  "<rect width=\"6\" height=\"6\" fill=\"#fff\"/>"
                  "<circle cx=\"3\" cy=\"3\" r=\"1.3\" fill=\"" SVG_INK "\"/>",
                  6, false},
    [SVG_GRID_LINES] = {"grid", NULL,
                        "<rect width=\"6\" height=\"6\" fill=\"#c6dcdc\"/>"
                        "<path d=\"M0 3h6M3 0v6\" stroke=\"" SVG_INK "\" stroke-width=\"1.2\"/>",
                        6, false},
    [SVG_WHITE] = {.plain = "#fff"},
    [SVG_MISSING] = {"hatch", NULL,
                     "<rect width=\"6\" height=\"6\" fill=\"#fff\"/>"
                     "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"" SVG_SOFT
                     "\" stroke-width=\"1.6\"/>",
                     6, false},
};

static const char *fill_attribute(struct svg *s, enum svg_fill fill, bool is_halved,
                                  const char *attributes)
{
    s->fills |= 1u << (fill + (is_halved ? SVG_FILLS : 0));
    const char *text = fills[fill].plain
                           ? arena_printf(s->arena, "fill=\"%s\" %s", fills[fill].plain, attributes)
                           : arena_printf(s->arena, "fill=\"url(#%s-%s%s)\" %s", s->id,
                                          fills[fill].name, is_halved ? "-2" : "", attributes);
    return text ? text : "";
}

const char *svg_fill(struct svg *s, enum svg_fill fill, const char *attributes)
{
    return fill_attribute(s, fill, false, attributes);
}

const char *svg_fill_halved(struct svg *s, enum svg_fill fill)
{
    return fill_attribute(s, fill, true, "");
}

bool svg_fill_is_dark(enum svg_fill fill)
{
    return fills[fill].is_dark;
}

static void put_pattern(const struct svg *s, enum svg_fill fill, bool is_halved, struct buf *out)
{
    /* Lines of the missing lean one way, those of a part the other. */
    const char *turn = fill == SVG_MISSING    ? "rotate(45)"
                       : fill == SVG_DIAGONAL ? "rotate(-45)"
                                              : "rotate(0)";
    buf_printf(out,
               "<pattern id=\"%s-%s%s\" width=\"%d\" height=\"%d\" "
               "patternUnits=\"userSpaceOnUse\" patternTransform=\"%s%s\">%s</pattern>",
               s->id, fills[fill].name, is_halved ? "-2" : "", fills[fill].tile, fills[fill].tile,
               is_halved ? "scale(2) " : "", turn, fills[fill].pattern);
}

void svg_put_fills(const struct svg *s, struct buf *out)
{
    bool any = false;
    for (int k = 0; k < 2 * SVG_FILLS; k++) {
        enum svg_fill fill = (enum svg_fill)(k % SVG_FILLS);
        if (!(s->fills >> k & 1) || fills[fill].plain) {
            continue;
        }
        buf_text(out, any ? "" : "<defs>");
        any = true;
        put_pattern(s, fill, k >= SVG_FILLS, out);
    }
    buf_text(out, any ? "</defs>\n" : "");
}

/* ---- titles of marks ---- */

static struct text tip(struct svg *s, size_t row, size_t column, bool is_of_series)
{
    const struct result_table *t = s->table;
    if (!svg_has_tips(s)) {
        return SVG_NO_TITLE;
    }
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1u << 20);
    if (t->columns[0].type == RESULT_TEXT) {
        buf_slice(&text, table_label(t, row, 0));
    } else {
        table_number(&text, t, row, 0);
    }
    if (is_of_series) {
        buf_text(&text, ", ");
        buf_text(&text, t->columns[column].title);
    }
    buf_text(&text, ": ");
    table_number(&text, t, row, column);
    if (!table_has(t, row, column) && table_cell(t, row, column)->text) {
        buf_printf(&text, " (%s)", table_cell(t, row, column)->text);
    }
    const char *kept = text.failed ? NULL : arena_text(s->arena, text.bytes, text.n);
    return kept ? (struct text){kept, text.n} : SVG_NO_TITLE;
}

struct text svg_tip(struct svg *s, size_t row, size_t column)
{
    return tip(s, row, column, false);
}

struct text svg_tip_of_series(struct svg *s, size_t row, size_t column)
{
    return tip(s, row, column, true);
}

/* report/svg.c — elements, and fills that differ without colour.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg.h"

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

/* Ends an element that may have a title inside. */
static void finish(struct buf *b, const char *name, struct text title)
{
    if (!title.n) {
        buf_text(b, "/>\n");
        return;
    }
    buf_char(b, '>');
    svg_title(b, title);
    buf_printf(b, "</%s>\n", name);
}

void svg_line(struct svg *s, double x1, double y1, double x2, double y2, const char *attributes)
{
    buf_text(s->out, "<line");
    attribute(s->out, "x1", x1);
    attribute(s->out, "y1", y1);
    attribute(s->out, "x2", x2);
    attribute(s->out, "y2", y2);
    more(s->out, attributes);
    buf_text(s->out, "/>\n");
}

void svg_rect(struct svg *s, double x, double y, double w, double h, const char *attributes,
              struct text title)
{
    buf_text(s->out, "<rect");
    attribute(s->out, "x", x);
    attribute(s->out, "y", y);
    attribute(s->out, "width", w);
    attribute(s->out, "height", h);
    more(s->out, attributes);
    finish(s->out, "rect", title);
}

void svg_circle(struct svg *s, double x, double y, double r, const char *attributes,
                struct text title)
{
    buf_text(s->out, "<circle");
    attribute(s->out, "cx", x);
    attribute(s->out, "cy", y);
    attribute(s->out, "r", r);
    more(s->out, attributes);
    finish(s->out, "circle", title);
}

void svg_diamond(struct svg *s, double x, double y, double r, const char *attributes,
                 struct text title)
{
    buf_text(s->out, "<path d=\"M");
    svg_number(s->out, x - r);
    buf_char(s->out, ' ');
    svg_number(s->out, y);
    for (int side = 0; side < 3; side++) {
        buf_text(s->out, side ? " " : "l");
        svg_number(s->out, side < 2 ? r : -r);
        buf_char(s->out, ' ');
        svg_number(s->out, side == 0 ? -r : r);
    }
    buf_text(s->out, "z\"");
    more(s->out, attributes);
    finish(s->out, "path", title);
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

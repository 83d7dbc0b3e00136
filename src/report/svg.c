/* report/svg.c — elements, text that fits, scales with round ticks.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg.h"

#include "report/format.h"

#include <math.h>

/* ---- text ---- */

/* Average advance widths of Helvetica in thousandths of the size, U+0020 to U+007E.
 * Source: Adobe Font Metrics of Helvetica. */
static const short widths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

static size_t utf8_length(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xE0) {
        return 2;
    }
    return lead < 0xF0 ? 3 : 4;
}

static size_t char_bytes(struct text t, size_t at)
{
    size_t n = utf8_length((unsigned char)t.at[at]);
    return n > t.n - at ? t.n - at : n;
}

static double char_width(struct text t, size_t at)
{
    unsigned char c = (unsigned char)t.at[at];
    if (c >= 0x20 && c < 0x7F) {
        return widths[c - 0x20] / 1000.0;
    }
    return c < 0xD0 ? 0.6 : 1.0; /* Latin letters with marks; anything else as wide as a square */
}

double svg_text_width(struct text t, double size)
{
    double width = 0;
    for (size_t i = 0; i < t.n; i += char_bytes(t, i)) {
        width += char_width(t, i);
    }
    return width * size;
}

/* Bytes of the longest prefix of whole characters no wider than `width`. */
static size_t prefix_fits(struct text t, double width, double size)
{
    double used = 0;
    size_t i = 0;
    while (i < t.n) {
        used += char_width(t, i) * size;
        if (used > width) {
            break;
        }
        i += char_bytes(t, i);
    }
    return i;
}

/* Bytes of the first line: up to the last space that fits, or a cut inside a long word. */
static size_t line_fits(struct text t, double width, double size)
{
    size_t fits = prefix_fits(t, width, size);
    if (fits == t.n) {
        return fits;
    }
    for (size_t i = fits; i > 0; i--) {
        if (t.at[i] == ' ') {
            return i;
        }
    }
    return fits ? fits : char_bytes(t, 0);
}

size_t svg_count_lines(struct text t, double width, size_t max_lines, double size)
{
    size_t lines = 0;
    t = text_trim(t);
    while (t.n && lines < max_lines) {
        size_t n = line_fits(t, width, size);
        t = text_trim((struct text){t.at + n, t.n - n});
        lines++;
    }
    return lines ? lines : 1;
}

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

static void put_title(struct buf *b, struct text title)
{
    buf_text(b, "<title>");
    buf_html(b, title);
    buf_text(b, "</title>");
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
    if (!title.n) {
        buf_text(s->out, "/>\n");
        return;
    }
    buf_char(s->out, '>');
    put_title(s->out, title);
    buf_text(s->out, "</rect>\n");
}

static void open_text(struct svg *s, double x, double y, enum svg_anchor anchor,
                      const char *attributes)
{
    static const char *const anchors[] = {"", "text-anchor=\"middle\"", "text-anchor=\"end\""};
    buf_text(s->out, "<text");
    attribute(s->out, "x", x);
    attribute(s->out, "y", y);
    more(s->out, anchors[anchor]);
    more(s->out, attributes);
    buf_char(s->out, '>');
}

void svg_text(struct svg *s, double x, double y, enum svg_anchor anchor, const char *attributes,
              struct text text)
{
    open_text(s, x, y, anchor, attributes);
    buf_html(s->out, text);
    buf_text(s->out, "</text>\n");
}

/* One line; when it is not the whole, an ellipsis and the whole as title. */
static void put_fitted(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                       const char *attributes, struct text line, struct text whole)
{
    if (svg_text_width(line, SVG_FONT) <= width) {
        svg_text(s, x, y, anchor, attributes, line);
        return;
    }
    size_t n = prefix_fits(line, width - SVG_FONT, SVG_FONT);
    open_text(s, x, y, anchor, attributes);
    put_title(s->out, whole);
    buf_html(s->out, text_trim((struct text){line.at, n}));
    buf_text(s->out, SVG_ELLIPSIS "</text>\n");
}

void svg_text_fit(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                  const char *attributes, struct text text)
{
    put_fitted(s, x, y, anchor, width, attributes, text, text);
}

size_t svg_text_wrap(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                     size_t max_lines, const char *attributes, struct text text)
{
    struct text rest = text_trim(text);
    size_t lines = 0;
    while (rest.n && lines < max_lines) {
        size_t n = lines + 1 == max_lines ? rest.n : line_fits(rest, width, SVG_FONT);
        put_fitted(s, x, y + (double)lines * SVG_LEADING, anchor, width, attributes,
                   (struct text){rest.at, n}, text);
        rest = text_trim((struct text){rest.at + n, rest.n - n});
        lines++;
    }
    return lines ? lines : 1;
}

const char *svg_hatch(struct svg *s, const char *attributes)
{
    s->uses_hatch = true;
    const char *text = arena_printf(s->arena, "fill=\"url(#%s-hatch)\" %s", s->id, attributes);
    return text ? text : "";
}

/* ---- scales ---- */

struct svg_scale svg_scale_of(double low, double high, int max_ticks, enum result_type type)
{
    low = low < 0 ? low : 0;
    high = high > 0 ? high : 0;
    double span = high - low > 0 ? high - low : 1;
    double step = pow(10, floor(log10(span / max_ticks)));
    static const double factors[] = {1, 2, 5, 10, 20};
    double unit = step;
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        step = unit * factors[i];
        if (ceil(high / step) - floor(low / step) <= max_ticks) {
            break;
        }
    }
    bool is_whole = type == RESULT_COUNT || type == RESULT_RANK;
    if (is_whole && step < 1) {
        step = 1; /* half an offence is not a tick */
    }
    struct svg_scale scale = {floor(low / step) * step, ceil(high / step) * step, step, 0, 1, type};
    if (scale.to <= scale.from) {
        scale.to = scale.from + step;
    }
    return scale;
}

double svg_at(const struct svg_scale *scale, double value)
{
    return scale->at + (value - scale->from) / (scale->to - scale->from) * scale->length;
}

size_t svg_tick_count(const struct svg_scale *scale)
{
    return (size_t)llround((scale->to - scale->from) / scale->step) + 1;
}

double svg_tick(const struct svg_scale *scale, size_t i)
{
    return scale->from + (double)i * scale->step;
}

void svg_tick_label(struct buf *b, const struct svg_scale *scale, double value)
{
    int decimals = scale->step < 1 ? (int)ceil(-log10(scale->step) - 1e-9) : 0;
    format_decimal(b, value, decimals > 6 ? 6 : decimals, FORMAT_PLAIN);
    if (scale->type == RESULT_PERCENT) {
        buf_char(b, '%');
    }
}

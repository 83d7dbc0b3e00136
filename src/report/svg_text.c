/* report/svg_text.c — text in a drawing: how wide it is, where it breaks, what XML allows.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/svg_lean.h"

#include <string.h>

/* Advance widths of Helvetica and Helvetica-Bold in thousandths of the size, U+0020 to U+007E.
 * Source: Adobe Font Metrics; Arial and Liberation Sans have the same. */
static const short widths[2][95] = {
    {278,  278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
     556,  556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
     1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
     667,  778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
     333,  556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
     556,  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584},
    {278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
     556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
     611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
     667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
     278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584},
};

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

/* Is the character at `at`, of n bytes, one that XML 1.0 allows? */
static bool is_allowed(struct text t, size_t at, size_t n)
{
    unsigned char c = (unsigned char)t.at[at];
    if (n > t.n - at || text_utf8_valid((struct text){t.at + at, n}) != n) {
        return false;
    }
    if (c < 0x20) {
        return c == '\t' || c == '\n' || c == '\r';
    }
    bool is_noncharacter = n == 3 && c == 0xEF && (unsigned char)t.at[at + 1] == 0xBF &&
                           (unsigned char)t.at[at + 2] >= 0xBE;
    return !is_noncharacter;
}

/* Bytes of the character at `at`: 1 for a byte that is none, which is written as U+FFFD. */
static size_t char_bytes(struct text t, size_t at)
{
    size_t n = utf8_length((unsigned char)t.at[at]);
    return n > 1 && (n > t.n - at || text_utf8_valid((struct text){t.at + at, n}) != n) ? 1 : n;
}

/* Dashes and quotation marks (U+2010 to U+201F) and the minus (U+2212). */
static bool is_narrow_mark(struct text t, size_t at)
{
    if (t.n - at < 3 || (unsigned char)t.at[at] != 0xE2) {
        return false;
    }
    unsigned char b = (unsigned char)t.at[at + 1], c = (unsigned char)t.at[at + 2];
    return (b == 0x80 && c >= 0x90 && c <= 0x9F && c != 0x94) || (b == 0x88 && c == 0x92);
}

static double char_width(struct text t, size_t at, bool is_bold)
{
    unsigned char c = (unsigned char)t.at[at];
    if (c >= 0x20 && c < 0x7F) {
        return widths[is_bold][c - 0x20] / 1000.0;
    }
    size_t n = char_bytes(t, at);
    if (c == '\t' || c == '\n' || c == '\r') {
        return 0.278; /* shown as a space */
    }
    if (is_narrow_mark(t, at)) {
        return 0.6;
    }
    if (n == 2 && c < 0xCD) { /* Latin letters with marks */
        return 0.78;
    }
    return n < 4 ? 1.05 : 1.4; /* anything else as wide as a square, pictures wider */
}

static double width_of(struct text t, double size, bool is_bold)
{
    double width = 0;
    for (size_t i = 0; i < t.n; i += char_bytes(t, i)) {
        width += char_width(t, i, is_bold);
    }
    return width * size;
}

double svg_text_width(struct text t, double size)
{
    return width_of(t, size, false);
}

double svg_bold_width(struct text t, double size)
{
    return width_of(t, size, true);
}

double svg_leading(const struct svg *s)
{
    return s->size * 1.25;
}

/* ---- breaking ---- */

struct measure {
    double size;
    bool is_bold;
};

static struct measure measure_of(const struct svg *s, const char *attributes)
{
    return (struct measure){s->size, attributes && strstr(attributes, "bold")};
}

/* Bytes of the longest prefix of whole characters no wider than `width`. */
static size_t prefix_fits(struct text t, double width, struct measure m)
{
    double used = 0;
    size_t i = 0;
    while (i < t.n) {
        used += char_width(t, i, m.is_bold) * m.size;
        if (used > width) {
            break;
        }
        i += char_bytes(t, i);
    }
    return i;
}

/* Bytes of the first line: up to the last space that fits, or a cut inside a long word. */
static size_t line_fits(struct text t, double width, struct measure m)
{
    size_t fits = prefix_fits(t, width, m);
    if (fits == t.n || t.at[fits] == ' ') {
        return fits ? fits : char_bytes(t, 0);
    }
    for (size_t i = fits; i > 0; i--) {
        if (t.at[i - 1] == ' ') {
            return i;
        }
    }
    return fits ? fits : char_bytes(t, 0);
}

size_t svg_count_lines(const struct svg *s, double width, size_t max_lines, const char *attributes,
                       struct text t)
{
    struct measure m = measure_of(s, attributes);
    size_t lines = 0;
    t = text_trim(t);
    while (t.n && lines < max_lines) {
        size_t n = line_fits(t, width, m);
        t = text_trim((struct text){t.at + n, t.n - n});
        lines++;
    }
    return lines ? lines : 1;
}

/* ---- writing ---- */

void svg_escape(struct buf *b, struct text t)
{
    size_t from = 0;
    for (size_t i = 0; i < t.n;) {
        size_t n = char_bytes(t, i);
        if (!is_allowed(t, i, n)) {
            buf_html(b, (struct text){t.at + from, i - from});
            buf_text(b, "\xEF\xBF\xBD");
            from = i + n;
        }
        i += n;
    }
    if (t.n) {
        buf_html(b, (struct text){t.at + from, t.n - from});
    }
}

void svg_title(struct buf *b, struct text title)
{
    buf_text(b, "<title>");
    svg_escape(b, title);
    buf_text(b, "</title>");
}

static void open_text(struct svg *s, double x, double y, enum svg_anchor anchor,
                      const char *attributes)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    struct buf *out = svg_words(s);
    buf_text(out, "<text x=\"");
    svg_number(out, x);
    buf_text(out, "\" y=\"");
    svg_number(out, y);
    buf_char(out, '"');
    buf_text(out, anchors[anchor]);
    if (attributes && attributes[0]) {
        buf_char(out, ' ');
        buf_text(out, attributes);
    }
    buf_char(out, '>');
}

void svg_text(struct svg *s, double x, double y, enum svg_anchor anchor, const char *attributes,
              struct text text)
{
    if (anchor == SVG_MIDDLE && text.n == 1 && svg_signs(s, x, y, s->size, attributes, text)) {
        return;
    }
    open_text(s, x, y, anchor, attributes);
    svg_escape(svg_words(s), text);
    buf_text(svg_words(s), "</text>\n");
}

/* One line; when it is not the whole, an ellipsis and the whole as title. */
static void put_fitted(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                       const char *attributes, struct text line, struct text whole)
{
    struct measure m = measure_of(s, attributes);
    if (width_of(line, m.size, m.is_bold) <= width) {
        svg_text(s, x, y, anchor, attributes, line);
        return;
    }
    size_t n = prefix_fits(line, width - m.size, m);
    open_text(s, x, y, anchor, attributes);
    svg_title(svg_words(s), whole);
    svg_escape(svg_words(s), text_trim((struct text){line.at, n}));
    buf_text(svg_words(s), SVG_ELLIPSIS "</text>\n");
}

void svg_text_fit(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                  const char *attributes, struct text text)
{
    put_fitted(s, x, y, anchor, width, attributes, text, text);
}

size_t svg_text_wrap(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                     size_t max_lines, const char *attributes, struct text text)
{
    struct measure m = measure_of(s, attributes);
    struct text rest = text_trim(text);
    size_t lines = 0;
    while (rest.n && lines < max_lines) {
        size_t n = lines + 1 == max_lines ? rest.n : line_fits(rest, width, m);
        put_fitted(s, x, y + (double)lines * svg_leading(s), anchor, width, attributes,
                   text_trim((struct text){rest.at, n}), text);
        rest = text_trim((struct text){rest.at + n, rest.n - n});
        lines++;
    }
    return lines ? lines : 1;
}

double svg_note(struct svg *s, double x, double y, const char *attributes, struct text text)
{
    enum { NOTE_LINES = 40 };
    size_t lines =
        svg_text_wrap(s, x, y, SVG_START, s->width - x - 4, NOTE_LINES, attributes, text);
    return y + (double)lines * svg_leading(s) + 4;
}

/* report/svg.h — what the charts share: text that fits, scales with round ticks, elements.
 *
 * Private to the charts. Units are CSS pixels at natural size; coordinates are written with one
 * decimal. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SVG_H
#define REEVE_REPORT_SVG_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/chart.h"

#define SVG_INK      "#1d2a33"
#define SVG_SOFT     "#4d5a63" /* 7:1 on white: axes and notes */
#define SVG_GRID     "#d3d9dd"
#define SVG_FILL     "#7fb0b3" /* ordinary bars */
#define SVG_STRONG   "#0b4a53" /* what the chart is about */
#define SVG_FONT     13.0      /* text size everywhere; small: SVG_SMALL */
#define SVG_SMALL    12.0
#define SVG_ELLIPSIS "\xE2\x80\xA6"
#define SVG_HALO     "stroke=\"#fff\" stroke-width=\"4\" paint-order=\"stroke\""

/* Fills that differ without colour, in the order in which parts of a whole take them: next to each
 * other no two look alike in grey. SVG_MISSING is kept for what is not available. */
enum svg_fill {
    SVG_SOLID,
    SVG_DIAGONAL,
    SVG_TINT,
    SVG_DOTS,
    SVG_GRID_LINES,
    SVG_WHITE,
    SVG_MISSING,
    SVG_FILLS
};

/* What lies above what in a lean drawing: words above the marks of their level, below the next. */
enum svg_level { SVG_GROUND, SVG_MARKS, SVG_ABOVE, SVG_TOP, SVG_LEVELS };

/* A chart being drawn: body elements go to `out`, the frame is put around them at the end. */
struct svg {
    struct arena *arena;
    const struct result_table *table;
    const struct chart_look *look;
    struct buf *out;
    const char *id;
    double width, height; /* height is set by the chart */
    double size;          /* of text that is fitted or wrapped; SVG_FONT unless set */
    bool is_narrow;
    struct svg_lean *lean; /* NULL = every mark is an element of its own */
    enum svg_level level;  /* of what is drawn now */
    unsigned fills; /* bit per svg_fill: the patterns that the chart refers to; the same from bit
                       SVG_FILLS on, for patterns seen at half their size */
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* ---- text (svg_text.c) ---- */

/* Text for XML: escaped, and what XML 1.0 does not allow (control characters, bytes that are not
 * UTF-8) replaced by U+FFFD. */
void svg_escape(struct buf *b, struct text text);
/* Width in pixels by tables of advance widths (Helvetica; other scripts are taken wide). */
double svg_text_width(struct text text, double size);
double svg_bold_width(struct text text, double size);
/* `attributes` is trusted text such as "fill=\"#000\""; "bold" in it means the bold widths. */
void svg_text(struct svg *s, double x, double y, enum svg_anchor anchor, const char *attributes,
              struct text text);
/* Text no wider than `width`: shortened with an ellipsis and then given its whole as <title>. */
void svg_text_fit(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                  const char *attributes, struct text text);
/* Lines of at most `width`, at most `max_lines`, the last shortened; returns how many lines. The
 * first baseline is at y, the next svg_leading(s) below. */
size_t svg_text_wrap(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                     size_t max_lines, const char *attributes, struct text text);
/* How many lines that takes. */
size_t svg_count_lines(const struct svg *s, double width, size_t max_lines, const char *attributes,
                       struct text text);
#define SVG_LEADING (SVG_FONT * 1.25)
double svg_leading(const struct svg *s);
/* A paragraph of soft text below a chart; returns the y below it. */
double svg_note(struct svg *s, double x, double y, const char *attributes, struct text text);

/* ---- elements (svg.c) ---- */

void svg_number(struct buf *b, double value); /* one decimal, never "-0" */
void svg_line(struct svg *s, double x1, double y1, double x2, double y2, const char *attributes);
/* With a title, which a pointer shows, the rectangle is a mark: it stands for a number. */
void svg_rect(struct svg *s, double x, double y, double w, double h, const char *attributes,
              struct text title);
void svg_circle(struct svg *s, double x, double y, double r, const char *attributes,
                struct text title);
void svg_diamond(struct svg *s, double x, double y, double r, const char *attributes,
                 struct text title);
void svg_title(struct buf *b, struct text title); /* <title>…</title> */
#define SVG_NO_TITLE ((struct text){NULL, 0})

/* ' fill="url(#ID-dots)" ATTRIBUTES' in the arena; "" when out of memory. */
const char *svg_fill(struct svg *s, enum svg_fill fill, const char *attributes);
/* The same inside scale(0.5): the pattern looks as it does outside. */
const char *svg_fill_halved(struct svg *s, enum svg_fill fill);
bool svg_fill_is_dark(enum svg_fill fill);                /* text on it is white */
void svg_put_fills(const struct svg *s, struct buf *out); /* <defs> */

/* "Havering: 1,234.5", or "Havering, 2021: 1,234" where a row has several numbers: the title of a
 * mark. In the arena; empty when out of memory. */
struct text svg_tip(struct svg *s, size_t row, size_t column);
struct text svg_tip_of_series(struct svg *s, size_t row, size_t column);

/* ---- lean drawings (svg_lean.c) ---- */

/* Opens a mark drawn as a path, whose data the caller appends to what is returned. */
struct buf *svg_path(struct svg *s, const char *attributes, struct text title);
/* Ends it: with the same attributes and title. */
void svg_path_end(struct svg *s, const char *attributes, struct text title);
/* Where text goes that is not written by the functions above. */
struct buf *svg_words(struct svg *s);
/* Digits, or one letter, in the middle of x, kept with the others of their look: every character
 * has its place. False: they were not, and are to be written as text. */
bool svg_signs(struct svg *s, double x, double y, double size, const char *attributes,
               struct text text);
/* What follows lies above all that was drawn. Needed before anything is written to `out`. */
void svg_layer(struct svg *s);
/* Do marks have titles? In a lean drawing only where a pointer tells what is not printed. */
bool svg_has_tips(const struct svg *s);

/* ---- scales (svg_scale.c) ---- */

struct svg_scale {
    double from, to;   /* values at the ends: multiples of step */
    double step;       /* 1, 2 or 5 times a power of ten */
    double at, length; /* pixel of `from`, signed length to the pixel of `to` */
    enum result_type type;
};
/* A scale over [low, high] that contains 0, with at most `max_ticks` steps. */
struct svg_scale svg_scale_of(double low, double high, int max_ticks, enum result_type type);
/* One that need not contain 0, for marks whose length means nothing. */
struct svg_scale svg_scale_between(double low, double high, int max_ticks, enum result_type type);
double svg_at(const struct svg_scale *scale, double value);
size_t svg_tick_count(const struct svg_scale *scale);
double svg_tick(const struct svg_scale *scale, size_t i);
/* "1,500", "12.5%"; from ten million on "20m", "1.5bn", "3tn". */
void svg_tick_label(struct buf *b, const struct svg_scale *scale, double value);
double svg_tick_width(const struct svg_scale *scale); /* of the widest label */

/* Axes: a line of the grid for each tick from `from` to `to`, the labels at `label_at`. A label at
 * an end leans inwards rather than leave the drawing. */
void svg_axis_across(struct svg *s, const struct svg_scale *scale, double top, double bottom);
void svg_axis_up(struct svg *s, const struct svg_scale *scale, double left, double right);
void svg_grid_up(struct svg *s, const struct svg_scale *scale, double left, double right);

/* ---- cells (cells.c) ---- */

const struct result_cell *table_cell(const struct result_table *t, size_t row, size_t column);
bool table_has(const struct result_table *t, size_t row, size_t column); /* a finite number */
double table_value(const struct result_table *t, size_t row, size_t column);
struct text table_label(const struct result_table *t, size_t row, size_t column);
/* A number as its column says: count, rate, percent, month, rank; or "not available". */
void table_number(struct buf *b, const struct result_table *t, size_t row, size_t column);
bool table_is_focus(const struct result_table *t, size_t row);

/* "95% interval" of "95% interval, lower": what the two ends of an interval have in common. */
struct text table_interval_name(const struct result_table *t, size_t column);

/* Does this source (row) cover this month (column) of a calendar? */
bool svg_is_covered(const struct result_table *t, size_t row, size_t column);

/* ---- charts: each draws its body and sets height ---- */

rv_status svg_chart_line(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_multiples(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_bar(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_interval(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_ranks(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_change(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_waterfall(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_stacked(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_heat(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_pyramid(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_funnel(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_lorenz(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_calendar(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_map(struct svg *s, struct rv_err *reterr);

#endif

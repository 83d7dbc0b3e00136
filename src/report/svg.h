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

/* A chart being drawn: body elements go to `out`, the frame is put around them at the end. */
struct svg {
    struct arena *arena;
    const struct result_table *table;
    const struct report_layer *layer;
    struct buf *out;
    const char *id;
    double width, height; /* height is set by the chart */
    bool is_narrow;
    bool uses_hatch; /* the chart refers to the pattern "ID-hatch" */
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* Elements. `attributes` is trusted text such as "stroke=\"#000\"". */
void svg_number(struct buf *b, double value); /* one decimal, never "-0" */
void svg_line(struct svg *s, double x1, double y1, double x2, double y2, const char *attributes);
void svg_rect(struct svg *s, double x, double y, double w, double h, const char *attributes,
              struct text title);
void svg_text(struct svg *s, double x, double y, enum svg_anchor anchor, const char *attributes,
              struct text text);
/* Text no wider than `width`: shortened with an ellipsis and then given its whole as <title>. */
void svg_text_fit(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                  const char *attributes, struct text text);
/* Lines of at most `width`, at most `max_lines`, the last shortened; returns how many lines. The
 * first baseline is at y, the next 1.25 times the size below. */
size_t svg_text_wrap(struct svg *s, double x, double y, enum svg_anchor anchor, double width,
                     size_t max_lines, const char *attributes, struct text text);
size_t svg_count_lines(struct text text, double width, size_t max_lines, double size);
#define SVG_LEADING (SVG_FONT * 1.25)

/* Width in pixels by a table of average glyph widths (Helvetica; other scripts are taken wide). */
double svg_text_width(struct text text, double size);

/* ' fill="url(#ID-hatch)"' in the arena; "" when out of memory. */
const char *svg_hatch(struct svg *s, const char *attributes);

/* ---- scales ---- */

struct svg_scale {
    double from, to;   /* values at the ends: multiples of step */
    double step;       /* 1, 2 or 5 times a power of ten */
    double at, length; /* pixel of `from`, signed length to the pixel of `to` */
    enum result_type type;
};
/* A scale over [low, high] that contains 0, with at most `max_ticks` steps. */
struct svg_scale svg_scale_of(double low, double high, int max_ticks, enum result_type type);
double svg_at(const struct svg_scale *scale, double value);
size_t svg_tick_count(const struct svg_scale *scale);
double svg_tick(const struct svg_scale *scale, size_t i);
void svg_tick_label(struct buf *b, const struct svg_scale *scale, double value);

/* ---- cells ---- */

const struct result_cell *table_cell(const struct result_table *t, size_t row, size_t column);
bool table_has(const struct result_table *t, size_t row, size_t column); /* a finite number */
struct text table_label(const struct result_table *t, size_t row, size_t column);
/* A number as its column says: count, rate, percent, month, rank; or "not available". */
void table_number(struct buf *b, const struct result_table *t, size_t row, size_t column);
bool table_is_focus(const struct result_table *t, size_t row);
/* Column by name, or column_count. */
size_t table_column(const struct result_table *t, const char *name);

/* Does this source (row) cover this month (column) of a calendar? */
bool svg_is_covered(const struct result_table *t, size_t row, size_t column);

/* ---- charts: each draws its body and sets height ---- */

rv_status svg_chart_line(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_bar(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_interval(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_change(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_calendar(struct svg *s, struct rv_err *reterr);
rv_status svg_chart_map(struct svg *s, struct rv_err *reterr);

#endif

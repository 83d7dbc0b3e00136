/* report/chart.h — a result table as an SVG chart, with title and description inside.
 *
 * Every chart is complete by itself: real text, role="img", no script, no style sheet, nothing
 * fetched; readable in black and white; coordinates with fixed decimals, so the same table gives
 * the same bytes. Missing is drawn as missing: a gap, a dotted outline or hatching, with words.
 * Bars start at nought; an axis that does not says so.
 *
 * Columns that a chart reads, by position where not named; further columns are for the table:
 *   line, multiples  month; then every numeric column is a series. A text column "break" that is
 *                    not empty cuts all lines before its month and says why (a new counting rule).
 *                    line: up to 4 series in one panel, more in panels with scales of their own.
 *                    multiples: up to 12 panels on one scale.
 *   bar              label, value; whiskers from "lower" and "upper" when they are columns 2 and 3
 *   interval         label, value, lower, upper; a second, wider interval from "outer_lower" and
 *                    "outer_upper"; a dashed line at "reference". Rows in order of their values.
 *   ranks            label, value, lower, upper, place, and the first and last place it could
 *                    hold; rows in order of their values. Rows whose "beside" is "not told apart"
 *                    are marked as alike to the row in focus
 *   change           label, before, after, change
 *   waterfall        label, before, after, change, the last row their total (ends_with_total) or
 *                    made by adding up; rows with another text in "by" begin at nought again
 *   stacked          label, then 2 to 6 numeric columns, the parts; "total" is not drawn
 *   stacked-share    the same, counts or percentages, each row filling the width
 *   heat             label, then a numeric column for each column of the grid; a first text column
 *                    "panel" of at most two values puts two grids side by side
 *   pyramid          label (age band), left, right; outlines from "left_reference",
 *                    "right_reference"
 *   funnel           label, base (across), value; lines from "reference", "lower", "upper",
 *                    "outer_lower", "outer_upper", each of them optional
 *   lorenz           share of places (percent), then up to 4 shares of events (percent), rows in
 *                    ascending order of the first
 *   calendar         source, then one column a month called "YYYY-MM"
 *   map              code, name, value; "lower", "upper", "reference" for CLASSES_SIGNIFICANCE
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CHART_H
#define REEVE_REPORT_CHART_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/classes.h"

/* Shapes of one layer for maps; codes in ascending order; WKB polygons or multipolygons in
 * British National Grid metres. */
struct report_layer {
    int64_t layer_id;
    const char *type, *vintage; /* "borough", "2021" */
    const char *attribution;    /* printed under the map; NULL = none */
    bool is_schematic;          /* said under the map */
    const char *const *codes;
    const struct text *wkb;
    size_t count;
};

#define CHART_WIDE   720 /* natural width in CSS pixels on a desk and on paper */
#define CHART_NARROW 320 /* and on a phone */
#define CHART_LEAST  280
#define CHART_MOST   2400
#define CHART_VALUE  1e15 /* a larger number is no count and no rate: the chart is refused */

/* How a table is to be drawn, beside what the table says. All zero is an ordinary chart. */
struct chart_look {
    const struct report_layer *layer;    /* of a map */
    const struct report_layer *outlines; /* coarser areas drawn over it; NULL = none */
    enum classes_rule classes;           /* of a map */
    bool is_lean;  /* for a page of many charts in a browser: marks of one look are
 one element, without the titles that a pointer would show but where the
 drawing does not print what they tell. Draws the same */
    bool is_alone; /* the title, notes and sources are drawn too: the image goes by itself */
};

/* Appends one <svg>. `id` is the prefix of every id inside (unique in the document). CHART_NONE, a
 * table without rows and a map without its layer append nothing, or, when is_alone, RV_INVALID.
 * CHART_INTERVAL and CHART_RANKS put their rows in order of their values, whatever the order of the
 * table. RV_INVALID: the columns or values do not suit the chart; RV_DAMAGED: a shape that is not
 * WKB. */
RV_MUST_CHECK rv_status chart_draw(struct arena *a, const struct result_table *t, const char *id,
                                   int width, const struct chart_look *look, struct buf *out,
                                   struct rv_err *reterr);

/* The same for a chart inside a document; `layer` is needed for CHART_MAP only. */
RV_MUST_CHECK rv_status chart_svg(struct arena *a, const struct result_table *t, const char *id,
                                  int width, const struct report_layer *layer, struct buf *out,
                                  struct rv_err *reterr);

/* RV_INVALID with a sentence when the columns or values do not suit the chart of the table. */
RV_MUST_CHECK rv_status chart_check(const struct result_table *t, struct rv_err *reterr);

const char *chart_name(enum result_chart chart);           /* "stacked-share" */
bool chart_find(const char *name, enum result_chart *ret); /* by its name */
const char *chart_wants(enum result_chart chart);          /* its columns, in a few words */

#endif

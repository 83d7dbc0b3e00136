/* report/chart.h — a result table as an SVG chart, with title and description inside.
 *
 * Every chart is complete by itself: real text, role="img", no script, no style sheet, nothing
 * fetched; readable in black and white; coordinates with fixed decimals, so the same table gives
 * the same bytes. Missing is drawn as missing: a gap, a dotted outline or hatching, with words.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CHART_H
#define REEVE_REPORT_CHART_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"

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

/* Appends one <svg>. `id` is the prefix of every id inside (unique in the document); `layer` is
 * needed for CHART_MAP only. CHART_NONE and a table without rows append nothing.
 * CHART_INTERVAL puts its rows in order of their values, whatever the order of the table.
 * RV_INVALID: the columns do not suit the chart; RV_DAMAGED: a shape that is not WKB. */
RV_MUST_CHECK rv_status chart_svg(struct arena *a, const struct result_table *t, const char *id,
                                  int width, const struct report_layer *layer, struct buf *out,
                                  struct rv_err *reterr);

#endif

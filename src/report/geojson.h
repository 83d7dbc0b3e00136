/* report/geojson.h — a table of areas as GeoJSON (RFC 7946): each row a feature with its boundary.
 *
 * WGS84 longitude and latitude with 6 decimals (about 10 cm), outer rings anticlockwise, holes
 * clockwise. Properties are the row, named as in the CSV; a figure that is not available is null
 * and `not_available_because` says why. Rows of no area (unplaced) have a null geometry, so that
 * sums stay whole. The same table gives the same bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_GEOJSON_H
#define REEVE_REPORT_GEOJSON_H

#include "place/areas.h"
#include "place/project.h"
#include "report/html.h"

struct geojson_layer {
    const struct layer *layer;
    const struct text *wkb;  /* [layer->count] in British National Grid metres */
    const char *attribution; /* NULL = none is held */
    bool is_schematic;       /* boundaries that were drawn, not surveyed */
};

/* Appends the document; the area of a row is in the column named after the layer's type. RV_INVALID
 * when there is none; RV_DAMAGED for a boundary that is not a polygon or lies outside Britain;
 * RV_LIMIT past the ceiling of `out`. */
RV_MUST_CHECK rv_status geojson_table(struct arena *a, const struct result_table *t,
                                      const struct geojson_layer *layer, struct projector *p,
                                      const struct report_context *context, struct buf *out,
                                      struct rv_err *reterr);

#endif

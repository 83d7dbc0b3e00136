/* read/geojson.h — a GeoJSON FeatureCollection of polygons as properties and rings.
 *
 * No meaning and no projection: coordinates as they stand, with the coordinate reference system
 * that the file declares.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_GEOJSON_H
#define REEVE_READ_GEOJSON_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "read/shape.h"

/* crs is "EPSG:4326" when the file declares none (RFC 7946). RV_INVALID names the feature (from 1)
 * or the line and column of a JSON error, and the remedy: wrong type, a ring of fewer than 4
 * points, a coordinate that is not finite.
 * RV_LIMIT past LIMIT_BOUNDARY_BYTES or LIMIT_GEOMETRY_POINTS. */
RV_MUST_CHECK rv_status geojson_parse(struct arena *a, struct text bytes, struct shape_file *ret,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status geojson_read(struct arena *a, const char *path, struct shape_file *ret,
                                     char *sha256_or_null, struct rv_err *reterr);

#endif

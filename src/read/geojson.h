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

struct shape_ring {
    double *xy; /* points pairs, closed (first = last) */
    uint32_t points;
    uint32_t polygon; /* rings of one polygon share a number; the first of them is its shell */
};

struct shape_feature {
    struct text *properties; /* one a property name, empty when absent or null */
    struct shape_ring *rings;
    uint32_t ring_count, polygon_count;
};

struct shape_file {              /* lives in the arena */
    const char **property_names; /* in order of first appearance */
    uint32_t property_count;
    struct shape_feature *features;
    uint32_t count;
    const char *crs; /* "EPSG:4326" (the default of RFC 7946), "EPSG:27700", or as declared */
};

/* RV_INVALID names the feature (from 1) or the line and column of a JSON error, and the remedy:
 * wrong type, no polygon, a ring of fewer than 4 points, a coordinate that is not finite.
 * RV_LIMIT past LIMIT_GEOJSON_BYTES or LIMIT_GEOMETRY_POINTS. */
RV_MUST_CHECK rv_status geojson_parse(struct arena *a, struct text bytes, struct shape_file *ret,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status geojson_read(struct arena *a, const char *path, struct shape_file *ret,
                                     char *sha256_or_null, struct rv_err *reterr);

#endif

/* read/geopackage.h — one table of features of a GeoPackage.
 *
 * With src/store the only place that sees sqlite3.h. The file is a stranger's database: it is
 * opened read-only and immutable, its views, triggers, virtual tables, generated columns and
 * functions are never run, and rows, bytes and time are bounded. Thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_GEOPACKAGE_H
#define REEVE_READ_GEOPACKAGE_H

#include "base/arena.h"
#include "base/status.h"
#include "read/shape.h"

/* The features of options->table, or of the only table there is, in order of their ids, with every
 * stored column but the geometry as a property (numbers in their shortest spelling, NULL and
 * binary columns empty). ret->crs is "EPSG:27700" or "EPSG:4326" where gpkg_spatial_ref_sys names
 * them by authority or defines them, another's name as declared, "none" for the undefined ones.
 * RV_INVALID names the table, the feature (from 1) and the remedy; for several tables and none
 * chosen it lists them. RV_LIMIT past LIMIT_BOUNDARY_BYTES, LIMIT_FEATURES, LIMIT_GEOMETRY_POINTS,
 * LIMIT_ATTRIBUTE_BYTES or LIMIT_BLOB_BYTES for one row.
 *
 * Source: OGC 12-128r19 (GeoPackage 1.4), 1.1.2, 2.1. */
RV_MUST_CHECK rv_status geopackage_read(struct arena *a, const char *path,
                                        const struct boundary_options *options,
                                        struct shape_file *ret, char *sha256_or_null,
                                        struct rv_err *reterr);

/* The same from bytes in memory, borrowed. */
RV_MUST_CHECK rv_status geopackage_parse(struct arena *a, struct text bytes,
                                         const struct boundary_options *options,
                                         struct shape_file *ret, struct rv_err *reterr);

#endif

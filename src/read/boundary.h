/* read/boundary.h — a boundary file of any format that Reeve reads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_BOUNDARY_H
#define REEVE_READ_BOUNDARY_H

#include "base/arena.h"
#include "base/status.h"
#include "read/shape.h"

/* GeoJSON, shapefile or GeoPackage, recognised by its first bytes, not its name (a shapefile also
 * needs its name, to find its other files). options->crs is taken for a file that declares no
 * coordinate system, and RV_INVALID when it contradicts one. Options of another format are
 * RV_INVALID. Otherwise as geojson_read, shapefile_read, geopackage_read. */
RV_MUST_CHECK rv_status boundary_read(struct arena *a, const char *path,
                                      const struct boundary_options *options,
                                      struct shape_file *ret, char *sha256_or_null,
                                      struct rv_err *reterr);

#endif

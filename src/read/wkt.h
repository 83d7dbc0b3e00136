/* read/wkt.h — which coordinate reference system a .prj file or a GeoPackage means.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_WKT_H
#define REEVE_READ_WKT_H

#include "base/arena.h"
#include "base/text.h"

/* "EPSG:27700" or "EPSG:4326" when the well-known text defines exactly that system: projection,
 * every parameter, datum, ellipsoid, prime meridian and units are compared, names of systems are
 * not, for ArcGIS, QGIS and GDAL name one system differently. Anything else: the name it gives
 * itself, at most 80 bytes, or "unknown" when it cannot be read. An AUTHORITY that contradicts the
 * definition makes it something else. In the arena; NULL when out of memory.
 *
 * Source: OGC 01-009 (well-known text 1) and Esri's variant of it; EPSG:27700 and EPSG:4326. */
const char *wkt_crs(struct arena *a, struct text wkt);

#endif

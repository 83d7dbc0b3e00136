/* read/geojson_crs.h — the `crs` member of old GeoJSON files as an EPSG name.
 *
 * Internal to src/read. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_GEOJSON_CRS_H
#define REEVE_READ_GEOJSON_CRS_H

#include "base/arena.h"

#include <jansson.h>

/* "EPSG:4326", "EPSG:27700", …, the name as declared when it is none of the known spellings,
 * "none" for null and "unknown" for a crs without a name. In the arena; NULL when out of memory.
 * Source: the GeoJSON Format Specification of 2008, section 3; RFC 7946 section 4 (no `crs`). */
const char *geojson_crs(struct arena *a, const json_t *crs);

#endif

/* read/wkb.h — well-known binary polygons as rings.
 *
 * Pure. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_WKB_H
#define REEVE_READ_WKB_H

#include "base/arena.h"
#include "base/status.h"
#include "read/shape.h"

/* The rings of a Polygon or MultiPolygon with two to four ordinates (the third and fourth are left
 * aside) in either byte order. An empty one leaves f without rings. `points` counts against
 * LIMIT_GEOMETRY_POINTS from one call to the next.
 *
 * RV_INVALID, worded to follow "feature 3 ": another type of geometry, bytes that break off or go
 * on, a ring of fewer than 4 points, not closed or not finite. RV_LIMIT.
 *
 * Source: OGC 06-103r4, 8.2 (with the types of ISO 13249-3: 1000 for Z, 2000 for M, 3000 for both).
 */
RV_MUST_CHECK rv_status wkb_shape(struct arena *a, struct text wkb, size_t *points,
                                  struct shape_feature *f, struct rv_err *reterr);

/* The well-known binary behind the header of a GeoPackage geometry, borrowed; empty for no bytes
 * and for one marked empty. RV_INVALID, worded to follow "feature 3 ", for another header and for
 * one that names another coordinate system than `srs_id`, its table's.
 *
 * Source: OGC 12-128r19, 2.1.3. */
RV_MUST_CHECK rv_status wkb_in_geopackage(struct text geometry, int64_t srs_id, struct text *ret,
                                          struct rv_err *reterr);

#endif

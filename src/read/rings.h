/* read/rings.h — the loose rings of a shapefile record as polygons: shells with their holes.
 *
 * Pure. Internal to src/read. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_RINGS_H
#define REEVE_READ_RINGS_H

#include "base/arena.h"
#include "base/status.h"
#include "read/shape.h"

/* Sorts f->rings so that the rings of one polygon stand together, its shell first, and numbers
 * them. A shell goes clockwise, a hole the other way, and belongs to the smallest shell around it;
 * a hole that no shell holds is a shell written the wrong way round. In a feature whose largest
 * ring is anticlockwise all directions are the other way round (some programs write them so).
 *
 *   f->rings  closed, finite, at least 4 points; `polygon` is written, f->polygon_count too
 *
 * RV_LIMIT when rings and points are so many that sorting them would take more than seconds.
 *
 * Source: ESRI Shapefile Technical Description (1998), "Polygon", p. 8-9. Cost: O(rings^2) boxes,
 * and the points of a shell for each ring whose box lies in its box. */
RV_MUST_CHECK rv_status rings_to_polygons(struct arena *a, struct shape_feature *f,
                                          struct rv_err *reterr);

#endif

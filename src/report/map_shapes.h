/* report/map_shapes.h — the shapes of a map: read, put on the grid of the drawing, simplified.
 *
 * Private to maps. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_MAP_SHAPES_H
#define REEVE_REPORT_MAP_SHAPES_H

#include "report/simplify.h"
#include "report/svg.h"

#define MAP_GRID 2.0 /* grid units in a pixel: points are kept to half a pixel */

struct map_area {
    size_t row;              /* of the table; of outlines: position in their layer */
    struct grid_ring *rings; /* of this area, in the array of all */
    size_t ring_count;
};

struct map_shapes {
    struct map_area *areas; /* the rows that the layer knows, in the order of the table */
    size_t area_count, unknown;
    struct map_area *outlines;
    size_t outline_count;
    double width, height; /* of the drawing, pixels; 0 without areas */
};

/* Every row of the table whose code the layer has, and every outline, fitted into width by height
 * pixels. RV_DAMAGED: a shape that is not WKB. */
RV_MUST_CHECK rv_status map_shapes_load(struct svg *s, double width, double height,
                                        struct map_shapes *ret, struct rv_err *reterr);

/* Path data of an area in grid units; a shape too small to have any is a dot of two pixels. */
void map_path(struct buf *b, const struct map_area *area);

/* A place for a mark inside the area, near its middle, in pixels; false when there is no room for
 * one of width by height pixels. */
bool map_place(const struct map_area *area, double width, double height, double *ret_x,
               double *ret_y);

#endif

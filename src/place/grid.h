/* place/grid.h — square cells over a layer: which areas a cell can hold points of.
 *
 * A cell that no edge comes within a millimetre of lies wholly inside or outside each area, so it
 * answers for all its points. Other cells name their candidates in ascending order of area.
 * Pure; the grid lives in the arena it was built in and is read-only afterwards.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_GRID_H
#define REEVE_PLACE_GRID_H

#include "base/arena.h"
#include "place/geometry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cell is 0 (outside all areas), a placed code (wholly inside that area, and on no edge of an
 * earlier one), or GRID_LIST | offset into lists. A list entry is placed code << 2 with
 * GRID_WHOLE (the cell is wholly inside: no test needed) and GRID_LAST. */
#define GRID_LIST  0x80000000U
#define GRID_WHOLE 2U
#define GRID_LAST  1U

struct grid {
    int64_t east, north;    /* south-west corner, millimetres */
    unsigned shift;         /* a cell is 2^shift millimetres wide */
    uint32_t width, height; /* cells */
    uint32_t *cells;        /* height rows of width, from south-west */
    uint32_t *lists;
};

/* rings[i] are the rings (millimetres) of area i, placed code i + 1; holes and parts by even-odd.
 * Allocates the grid in `a` (at most 16 MB of cells); working memory comes from `scratch`.
 * Cost: O(edges * cells each crosses + cells). */
RV_MUST_CHECK rv_status grid_build(struct arena *a, struct arena *scratch,
                                   const struct geometry_rings *rings, uint32_t count,
                                   struct grid *ret, struct rv_err *reterr);

/* The cell of a point, or 0 outside the grid. */
static inline uint32_t grid_cell(const struct grid *g, int64_t easting_mm, int64_t northing_mm)
{
    uint64_t column = ((uint64_t)easting_mm - (uint64_t)g->east) >> g->shift;
    uint64_t row = ((uint64_t)northing_mm - (uint64_t)g->north) >> g->shift;
    return column < g->width && row < g->height ? g->cells[row * g->width + column] : 0;
}

#endif

/* report/simplify.h — boundaries made as coarse as the drawing, with shared borders kept shared.
 *
 * Private to maps. Points are snapped to a grid; rings are cut where three or more borders meet and
 * each piece is simplified once in one direction, so that two neighbours get the same line and no
 * sliver opens between them. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SIMPLIFY_H
#define REEVE_REPORT_SIMPLIFY_H

#include "base/arena.h"

#include <stdint.h>

struct grid_point {
    int32_t x, y;
};

struct grid_ring {
    struct grid_point *points; /* n points, the closing one not repeated */
    size_t n;
    size_t shape; /* which area it belongs to */
};

/* Simplifies every ring in place to within `tolerance` grid units (Douglas and Peucker 1973). A
 * ring that loses its extent keeps n < 3. Cost: O(n log n) on usual borders. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status rings_simplify(struct arena *a, struct grid_ring *rings, size_t count,
                                       double tolerance, struct rv_err *reterr);

#endif

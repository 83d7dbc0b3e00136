/* report/wkb.h — polygons of well-known binary as rings of points.
 *
 * Private to maps. Plain WKB (OGC 06-103r4), either byte order, two dimensions, Polygon and
 * MultiPolygon. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_WKB_H
#define REEVE_REPORT_WKB_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct ring {
    double *x, *y; /* n points; the closing point is not repeated */
    size_t n;
    bool is_hole; /* in the shell that came last before it */
};

/* All rings of a shape, outer and inner alike (drawn with the even-odd rule), in the arena.
 * RV_DAMAGED for anything that is not such a shape or ends early. */
RV_MUST_CHECK rv_status wkb_rings(struct arena *a, struct text wkb, struct ring **ret,
                                  size_t *ret_count, struct rv_err *reterr);

#endif

/* place/fit.h — how the areas of a layer fit each other: overlaps, gaps, tiny parts.
 *
 * Neighbours of a clean layer share every edge, once in each direction. Edges that have no such
 * partner are loose; overlaps are looked for between areas with loose edges, gaps among the faces
 * that loose edges enclose. Nothing is changed: a layer is judged, not mended.
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_FIT_H
#define REEVE_PLACE_FIT_H

#include "base/arena.h"
#include "base/progress.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define FIT_LISTED  100  /* of overlaps, and of gaps, the largest */
#define FIT_WIDTH_M 0.01 /* what is narrower on average is the rounding of corners */

struct fit_overlap {
    uint32_t one, two; /* numbers of the areas, one < two */
    double area_m2;
    bool is_same; /* the two have one shape */
};

struct fit_gap {
    double area_m2, width_m; /* width: twice the area by the perimeter */
    double point_e, point_n; /* inside it, metres */
};

struct fit {
    bool has_overlaps, has_gaps; /* they were looked for: not in layers too large or too tangled */
    uint32_t overlap_count, gap_count;
    double overlap_m2, gap_m2;
    struct fit_overlap *overlaps; /* the largest first, at most FIT_LISTED */
    struct fit_gap *gaps;
};

/* Judges the shapes wkb[0..count) (valid polygons, British National Grid metres). A gap is a face
 * without an area, enclosed by areas: also a hole that a missing area leaves. RV_DAMAGED for
 * bytes that are no polygon, RV_INTERRUPTED, RV_NO_MEMORY.
 *
 * Cost: 0.2 s for the 4,994 LSOAs of London; O(points log points) and the loose pairs. */
RV_MUST_CHECK rv_status fit_check(struct arena *a, struct progress *progress,
                                  const struct text *wkb, uint32_t count, struct fit *ret,
                                  struct rv_err *reterr);

#endif

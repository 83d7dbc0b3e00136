/* read/rings.c — shells and holes by direction, holes to shells by containment.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/rings.h"

#include <stdbool.h>
#include <stdlib.h>

#define MOST_WORK ((size_t)2000000000) /* boxes and edges compared for one feature */

struct ring_facts {
    const struct shape_ring *ring;
    double low_x, low_y, high_x, high_y;
    double twice_area; /* of its absolute value */
    bool is_clockwise;
    uint32_t order; /* in the file */
    uint32_t shell; /* index among the facts; its own for a shell */
};

static void measure(const struct shape_ring *r, uint32_t order, struct ring_facts *ret)
{
    const double *xy = r->xy;
    *ret = (struct ring_facts){r, xy[0], xy[1], xy[0], xy[1], 0, false, order, 0};
    double sum = 0; /* relative to the first point: national coordinates are far from 0 */
    for (uint32_t i = 1; i < r->points; i++, xy += 2) {
        sum += (xy[0] - r->xy[0]) * (xy[3] - r->xy[1]) - (xy[2] - r->xy[0]) * (xy[1] - r->xy[1]);
        ret->low_x = xy[2] < ret->low_x ? xy[2] : ret->low_x;
        ret->low_y = xy[3] < ret->low_y ? xy[3] : ret->low_y;
        ret->high_x = xy[2] > ret->high_x ? xy[2] : ret->high_x;
        ret->high_y = xy[3] > ret->high_y ? xy[3] : ret->high_y;
    }
    ret->is_clockwise = sum < 0;
    ret->twice_area = sum < 0 ? -sum : sum;
}

/* Larger first, so that a hole's shell stands before it; the file's order among equals. */
static int by_area(const void *a, const void *b)
{
    const struct ring_facts *x = a, *y = b;
    if (x->twice_area != y->twice_area) {
        return x->twice_area > y->twice_area ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool box_holds(const struct ring_facts *outer, const struct ring_facts *inner)
{
    return inner->low_x >= outer->low_x && inner->high_x <= outer->high_x &&
           inner->low_y >= outer->low_y && inner->high_y <= outer->high_y;
}

enum side { OUTSIDE, ON_EDGE, INSIDE };

static enum side side_of(const struct shape_ring *r, double x, double y)
{
    bool is_inside = false;
    const double *p = r->xy;
    for (uint32_t i = 1; i < r->points; i++, p += 2) {
        double cross = (p[2] - p[0]) * (y - p[1]) - (p[3] - p[1]) * (x - p[0]);
        bool spans_x = (x >= p[0] && x <= p[2]) || (x >= p[2] && x <= p[0]);
        bool spans_y = (y >= p[1] && y <= p[3]) || (y >= p[3] && y <= p[1]);
        if (cross == 0 && spans_x && spans_y) {
            return ON_EDGE;
        }
        if ((p[1] > y) != (p[3] > y)) {
            is_inside ^= (cross > 0) == (p[3] > p[1]);
        }
    }
    return is_inside ? INSIDE : OUTSIDE;
}

/* By the first point of `inner` that is not on the edge of `outer`: a hole may touch its shell.
 * A ring all of whose points are on the edge counts as inside. */
static bool ring_holds(const struct ring_facts *outer, const struct ring_facts *inner, size_t *work)
{
    for (uint32_t i = 0; i + 1 < inner->ring->points && *work <= MOST_WORK; i++) {
        const double *p = inner->ring->xy + 2 * (size_t)i;
        *work += outer->ring->points;
        enum side side = side_of(outer->ring, p[0], p[1]);
        if (side != ON_EDGE) {
            return side == INSIDE;
        }
    }
    return true;
}

/* The smallest shell around a hole, or the ring itself when there is none. */
static uint32_t find_shell(const struct ring_facts *facts, uint32_t hole, size_t *work)
{
    for (uint32_t i = hole; i-- > 0;) {
        *work += 1;
        if (facts[i].shell == i && box_holds(&facts[i], &facts[hole]) &&
            ring_holds(&facts[i], &facts[hole], work)) {
            return i;
        }
    }
    return hole;
}

/* Numbers the polygons in the order of their shells in the file and puts the rings of each
 * together, its shell first, its holes as they stood. */
static rv_status arrange(struct arena *a, const struct ring_facts *facts, struct shape_feature *f,
                         struct rv_err *reterr)
{
    uint32_t n = f->ring_count;
    uint32_t *shell_of = ARENA_NEW(a, uint32_t, n), *next = ARENA_NEW(a, uint32_t, n + 1);
    struct shape_ring *rings = ARENA_NEW(a, struct shape_ring, n);
    if (!shell_of || !next || !rings) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < n; i++) {
        shell_of[facts[i].order] = facts[facts[i].shell].order;
    }
    uint32_t polygons = 0;
    for (uint32_t i = 0; i < n; i++) {
        f->rings[i].polygon = shell_of[i] == i ? polygons++ : 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        f->rings[i].polygon = f->rings[shell_of[i]].polygon;
        next[f->rings[i].polygon + 1]++;
    }
    for (uint32_t p = 0; p < polygons; p++) {
        next[p + 1] += next[p];
    }
    for (int holes = 0; holes < 2; holes++) {
        for (uint32_t i = 0; i < n; i++) {
            if ((shell_of[i] != i) == holes) {
                rings[next[f->rings[i].polygon]++] = f->rings[i];
            }
        }
    }
    f->rings = rings;
    f->polygon_count = polygons;
    return rv_ok();
}

rv_status rings_to_polygons(struct arena *a, struct shape_feature *f, struct rv_err *reterr)
{
    uint32_t n = f->ring_count;
    struct ring_facts *facts = ARENA_NEW(a, struct ring_facts, n);
    if (!facts) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < n; i++) {
        measure(&f->rings[i], i, &facts[i]);
    }
    if (n > 1) {
        qsort(facts, n, sizeof *facts, by_area);
    }
    size_t work = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool is_shell = facts[i].is_clockwise == facts[0].is_clockwise;
        facts[i].shell = is_shell ? i : find_shell(facts, i, &work);
        if (work > MOST_WORK) {
            return rv_fail(reterr, RV_LIMIT,
                           "has so many rings and points that its holes cannot be sorted to their "
                           "shells in reasonable time: simplify it");
        }
    }
    return arrange(a, facts, f, reterr);
}

/* tests/place/mesh.h — a layer of crooked quadrilaterals that share every edge exactly.
 *
 * Corners are a lattice displaced at random; each side is cut into `cuts` pieces whose ends are
 * displaced too, the same for both neighbours. All coordinates are whole millimetres. Used by the
 * tests and by bench/bench_place.c. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_MESH_H
#define REEVE_TESTS_MESH_H

#include "base/text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct mesh {
    uint32_t wide, high, cuts;
    double west_mm, south_mm, size_mm; /* lattice of squares of size_mm before displacement */
    struct text *wkb;                  /* wide * high shapes in metres, row by row */
};

/* A fixed mixing of three numbers into [0, 1): the same mesh on every machine. */
static inline double mesh_random(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t x = a * 0x9E3779B97F4A7C15U + b * 0xC2B2AE3D27D4EB4FU + c * 0x165667B19E3779F9U + 1;
    for (int i = 0; i < 3; i++) {
        x ^= x >> 31;
        x *= 0xD6E8FEB86659FD93U;
    }
    return (double)(x >> 11) / 9007199254740992.0;
}

static inline void mesh_corner(const struct mesh *m, uint32_t column, uint32_t row, double *xy)
{
    double dx = mesh_random(column, row, 1) - 0.5, dy = mesh_random(column, row, 2) - 0.5;
    int outer_x = column == 0 || column == m->wide, outer_y = row == 0 || row == m->high;
    xy[0] = m->west_mm + rint((column + (outer_x ? 0 : 0.6 * dx)) * m->size_mm);
    xy[1] = m->south_mm + rint((row + (outer_y ? 0 : 0.6 * dy)) * m->size_mm);
}

/* Points of the side from corner (c, r) to the east (way 0) or north (way 1), both ends included:
 * cuts + 1 points. */
static inline void mesh_side(const struct mesh *m, uint32_t c, uint32_t r, int way, double *xy)
{
    double from[2], to[2];
    mesh_corner(m, c, r, from);
    mesh_corner(m, c + (way == 0), r + (way == 1), to);
    for (uint32_t i = 0; i <= m->cuts; i++) {
        double t = (double)i / m->cuts;
        double shift = i == 0 || i == m->cuts
                           ? 0
                           : (mesh_random(((uint64_t)c << 32) | r, i, 3 + (uint64_t)way) - 0.5) *
                                 m->size_mm * 0.35 / m->cuts;
        xy[2 * (size_t)i] = rint(from[0] + t * (to[0] - from[0]) + (way == 1 ? shift : 0));
        xy[2 * (size_t)i + 1] = rint(from[1] + t * (to[1] - from[1]) + (way == 0 ? shift : 0));
    }
}

static inline struct text mesh_shape(const struct mesh *m, uint32_t c, uint32_t r)
{
    uint32_t side = m->cuts + 1, points = 4 * m->cuts + 1, at = 0;
    double *edge = malloc(side * 2 * sizeof *edge), *ring = malloc(points * 2 * sizeof *ring);
    static const struct {
        uint32_t right, up;
        int way, is_backwards;
    } sides[4] = {{0, 0, 0, 0}, {1, 0, 1, 0}, {0, 1, 0, 1}, {0, 0, 1, 1}};
    for (int s = 0; s < 4; s++) {
        mesh_side(m, c + sides[s].right, r + sides[s].up, sides[s].way, edge);
        for (uint32_t i = 0; i < m->cuts; i++, at++) {
            uint32_t from = sides[s].is_backwards ? m->cuts - i : i;
            ring[2 * (size_t)at] = edge[2 * (size_t)from] / 1000;
            ring[2 * (size_t)at + 1] = edge[2 * (size_t)from + 1] / 1000;
        }
    }
    ring[2 * (size_t)at] = ring[0];
    ring[2 * (size_t)at + 1] = ring[1];
    size_t n = 1 + 3 * sizeof(uint32_t) + points * 2 * sizeof(double);
    char *bytes = malloc(n);
    const uint32_t head[3] = {3, 1, points}; /* polygon, one ring */
    bytes[0] = 1;
    memcpy(bytes + 1, head, sizeof head);
    memcpy(bytes + 1 + sizeof head, ring, points * 2 * sizeof(double));
    free(edge);
    free(ring);
    return (struct text){bytes, n};
}

static inline struct mesh mesh_new(uint32_t wide, uint32_t high, uint32_t cuts, double size_mm)
{
    struct mesh m = {wide, high, cuts, 503000000, 155000000, size_mm, NULL};
    m.wkb = calloc((size_t)wide * high, sizeof *m.wkb);
    for (uint32_t r = 0; r < high; r++) {
        for (uint32_t c = 0; c < wide; c++) {
            m.wkb[(size_t)r * wide + c] = mesh_shape(&m, c, r);
        }
    }
    return m;
}

static inline void mesh_free(struct mesh *m)
{
    for (size_t i = 0; i < (size_t)m->wide * m->high; i++) {
        free((void *)(uintptr_t)m->wkb[i].at);
    }
    free(m->wkb);
}

#endif

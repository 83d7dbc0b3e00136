/* report/simplify.c — snapped rings, nodes of the border network, Douglas and Peucker per piece.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/simplify.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* What is known of a grid point: its first two different neighbours along any border, and whether
 * it has more, which makes it a node. */
struct vertex {
    struct grid_point at, neighbours[2];
    int count; /* neighbours so far; 0 = empty slot; 3 = node */
};

struct network {
    struct vertex *slots;
    size_t mask;
};

static bool same(struct grid_point a, struct grid_point b)
{
    return a.x == b.x && a.y == b.y;
}

static bool is_before(struct grid_point a, struct grid_point b)
{
    return a.x != b.x ? a.x < b.x : a.y < b.y;
}

static struct vertex *vertex_of(const struct network *net, struct grid_point p)
{
    uint64_t key = (uint64_t)(uint32_t)p.x << 32 | (uint32_t)p.y;
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & net->mask;
    while (net->slots[at].count && !same(net->slots[at].at, p)) {
        at = (at + 1) & net->mask;
    }
    net->slots[at].at = p;
    return &net->slots[at];
}

static void add_neighbour(struct vertex *v, struct grid_point p)
{
    for (int i = 0; i < v->count && i < 2; i++) {
        if (same(v->neighbours[i], p)) {
            return;
        }
    }
    if (v->count < 2) {
        v->neighbours[v->count] = p;
    }
    v->count = v->count < 3 ? v->count + 1 : 3;
}

/* Drops points that repeat the one before, and spikes that go and come back. */
static void drop_repeats(struct grid_ring *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct grid_point p = r->points[i];
        if (n >= 1 && same(r->points[n - 1], p)) {
            continue;
        }
        if (n >= 2 && same(r->points[n - 2], p)) {
            n--;
            continue;
        }
        r->points[n++] = p;
    }
    while (n > 1 && same(r->points[0], r->points[n - 1])) {
        n--;
    }
    r->n = n;
}

static rv_status build_network(struct arena *a, const struct grid_ring *rings, size_t count,
                               struct network *ret, struct rv_err *reterr)
{
    size_t points = 0;
    for (size_t i = 0; i < count; i++) {
        points += rings[i].n;
    }
    size_t capacity = 64;
    while (capacity < 2 * points) {
        capacity *= 2;
    }
    struct network net = {ARENA_NEW(a, struct vertex, capacity), capacity - 1};
    if (!net.slots) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        const struct grid_ring *r = &rings[i];
        for (size_t k = 0; k < r->n && r->n > 1; k++) {
            struct vertex *v = vertex_of(&net, r->points[k]);
            add_neighbour(v, r->points[(k + 1) % r->n]);
            add_neighbour(v, r->points[(k + r->n - 1) % r->n]);
        }
    }
    *ret = net;
    return rv_ok();
}

/* Squared distance of p from the segment a–b. */
static double distance2(struct grid_point p, struct grid_point a, struct grid_point b)
{
    double dx = b.x - a.x, dy = b.y - a.y, px = p.x - a.x, py = p.y - a.y;
    double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
    t = t < 0 ? 0 : (t > 1 ? 1 : t);
    return (px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy);
}

struct span {
    size_t from, to;
};

/* Marks which of points[0..n] (n + 1 points) stay; both ends stay. `stack` has room for n spans. */
static void mark_kept(const struct grid_point *points, size_t n, double tolerance, bool *keep,
                      struct span *stack)
{
    size_t depth = 0;
    keep[0] = keep[n] = true;
    stack[depth++] = (struct span){0, n};
    while (depth) {
        struct span s = stack[--depth];
        double worst = tolerance * tolerance;
        size_t at = 0;
        for (size_t i = s.from + 1; i < s.to; i++) {
            double d = distance2(points[i], points[s.from], points[s.to]);
            if (d > worst) {
                worst = d;
                at = i;
            }
        }
        if (at) {
            keep[at] = true;
            stack[depth++] = (struct span){s.from, at};
            stack[depth++] = (struct span){at, s.to};
        }
    }
}

/* Memory for one ring at a time. */
struct scratch {
    struct grid_point *points;
    bool *keep;
    struct span *stack;
};

/* Simplifies the open piece in `line` (n + 1 points), in the direction that both its owners agree
 * on, and appends all but its last point to `out`. */
static size_t simplify_piece(struct grid_point *line, size_t n, double tolerance,
                             const struct scratch *s, struct grid_point *out)
{
    bool is_backwards = is_before(line[n], line[0]);
    if (is_backwards) {
        for (size_t i = 0; i < (n + 1) / 2; i++) {
            struct grid_point swap = line[i];
            line[i] = line[n - i];
            line[n - i] = swap;
        }
    }
    memset(s->keep, 0, (n + 1) * sizeof *s->keep);
    mark_kept(line, n, tolerance, s->keep, s->stack);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) { /* all but the last in the ring's own direction */
        size_t at = is_backwards ? n - i : i;
        if (s->keep[at]) {
            out[kept++] = line[at];
        }
    }
    return kept;
}

/* The point of the ring farthest from `anchor`; on a tie the first in order of x, then y. */
static size_t farthest(const struct grid_point *points, size_t n, struct grid_point anchor)
{
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < n; i++) {
        double dx = points[i].x - anchor.x, dy = points[i].y - anchor.y;
        double d = dx * dx + dy * dy;
        if (d > most || (!(d < most) && is_before(points[i], points[best]))) {
            most = d;
            best = i;
        }
    }
    return best;
}

/* A ring turned so that it starts at a node, or, without nodes, at its first point in order of x,
 * then y. */
static void turn_to_start(const struct network *net, struct grid_ring *r, struct grid_point *spare)
{
    size_t start = 0;
    bool has_node = false;
    for (size_t i = 0; i < r->n; i++) {
        bool is_node = vertex_of(net, r->points[i])->count == 3;
        if ((is_node && !has_node) ||
            (is_node == has_node && is_before(r->points[i], r->points[start]))) {
            start = i;
        }
        has_node = has_node || is_node;
    }
    for (size_t i = 0; i < r->n; i++) {
        spare[i] = r->points[(start + i) % r->n];
    }
    memcpy(r->points, spare, r->n * sizeof *spare);
}

/* A piece that comes back to its start is cut at the point farthest from it: both halves then have
 * two different ends. The choice depends on the piece alone, so both owners make the same. */
static size_t simplify_loop(struct grid_point *line, size_t n, double tolerance,
                            const struct scratch *s, struct grid_point *out)
{
    size_t far = farthest(line, n, line[0]);
    struct grid_point cut = line[far];
    size_t used = simplify_piece(line, far, tolerance, s, out);
    line[far] = cut; /* the first half may have been turned round in place */
    return used + simplify_piece(line + far, n - far, tolerance, s, out + used);
}

static void simplify_ring(const struct network *net, struct grid_ring *r, double tolerance,
                          const struct scratch *s)
{
    if (r->n < 3) {
        return;
    }
    turn_to_start(net, r, s->points);
    size_t n = r->n, from = 0, used = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && vertex_of(net, r->points[i])->count < 3) {
            continue;
        }
        size_t steps = i - from;
        for (size_t k = 0; k <= steps; k++) {
            s->points[k] = r->points[(from + k) % n];
        }
        /* Pieces shrink, so writing to the front never meets what is still to be read; point 0
         * itself stays where it is. */
        struct grid_point *out = r->points + used;
        used += same(s->points[0], s->points[steps])
                    ? simplify_loop(s->points, steps, tolerance, s, out)
                    : simplify_piece(s->points, steps, tolerance, s, out);
        from = i;
    }
    r->n = used;
}

rv_status rings_simplify(struct arena *a, struct grid_ring *rings, size_t count, double tolerance,
                         struct rv_err *reterr)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        drop_repeats(&rings[i]);
        longest = rings[i].n > longest ? rings[i].n : longest;
    }
    struct network net = {0};
    RV_TRY(build_network(a, rings, count, &net, reterr));
    struct scratch s = {ARENA_NEW(a, struct grid_point, longest + 1),
                        ARENA_NEW(a, bool, longest + 1), ARENA_NEW(a, struct span, longest + 2)};
    if (!s.points || !s.keep || !s.stack) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        simplify_ring(&net, &rings[i], tolerance, &s);
    }
    return rv_ok();
}

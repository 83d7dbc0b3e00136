/* report/wkb.c — reading well-known binary, with every length checked.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/wkb.h"

#include "base/limits.h"

#include <math.h>
#include <string.h>

enum { WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };

struct wkb_reader {
    struct text rest;
    bool is_big, is_bad;
    struct ring *rings;
    size_t count, capacity;
    struct arena *arena;
};

static void take(struct wkb_reader *r, unsigned char *bytes, size_t n)
{
    if (r->is_bad || r->rest.n < n) {
        r->is_bad = true;
        memset(bytes, 0, n);
        return;
    }
    memcpy(bytes, r->rest.at, n);
    r->rest = (struct text){r->rest.at + n, r->rest.n - n};
}

static uint64_t take_integer(struct wkb_reader *r, size_t n)
{
    unsigned char bytes[8] = {0};
    take(r, bytes, n);
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | bytes[r->is_big ? i : n - 1 - i];
    }
    return value;
}

static double take_double(struct wkb_reader *r)
{
    uint64_t bits = take_integer(r, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    r->is_bad = r->is_bad || !isfinite(value) || fabs(value) > 1e9;
    return r->is_bad ? 0 : value;
}

/* Byte order and type of a geometry; 0 when it is neither. */
static uint32_t take_head(struct wkb_reader *r)
{
    unsigned char order = 0;
    take(r, &order, 1);
    r->is_bad = r->is_bad || order > 1;
    r->is_big = order == 0;
    return (uint32_t)take_integer(r, 4);
}

static void add_ring(struct wkb_reader *r, struct ring ring)
{
    if (r->count == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 4;
        struct ring *rings = ARENA_NEW(r->arena, struct ring, capacity);
        if (!rings) {
            r->is_bad = true;
            return;
        }
        if (r->count) {
            memcpy(rings, r->rings, r->count * sizeof *rings);
        }
        r->rings = rings;
        r->capacity = capacity;
    }
    r->rings[r->count++] = ring;
}

static void take_ring(struct wkb_reader *r, bool is_hole)
{
    size_t n = (size_t)take_integer(r, 4);
    if (r->is_bad || n > r->rest.n / 16) {
        r->is_bad = true;
        return;
    }
    struct ring ring = {ARENA_NEW(r->arena, double, n), ARENA_NEW(r->arena, double, n), n, is_hole};
    if (!ring.x || !ring.y) {
        r->is_bad = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ring.x[i] = take_double(r);
        ring.y[i] = take_double(r);
    }
    if (n > 1 && ring.x[0] == ring.x[n - 1] && ring.y[0] == ring.y[n - 1]) {
        ring.n--;
    }
    if (ring.n >= 3 && !r->is_bad) {
        add_ring(r, ring);
    }
}

static void take_polygon(struct wkb_reader *r)
{
    uint64_t rings = take_integer(r, 4);
    size_t before = r->count;
    bool has_shell = false;
    for (uint64_t i = 0; i < rings && !r->is_bad; i++) {
        take_ring(r, i > 0);
        has_shell = has_shell || (i == 0 && r->count > before);
        r->count = has_shell ? r->count : before; /* a hole in nothing is nothing */
    }
}

rv_status wkb_rings(struct arena *a, struct text wkb, struct ring **ret, size_t *ret_count,
                    struct rv_err *reterr)
{
    struct wkb_reader r = {.rest = wkb, .arena = a};
    uint32_t type = take_head(&r);
    if (type == WKB_POLYGON) {
        take_polygon(&r);
    } else if (type == WKB_MULTIPOLYGON) {
        uint64_t parts = take_integer(&r, 4);
        for (uint64_t i = 0; i < parts && !r.is_bad; i++) {
            r.is_bad = take_head(&r) != WKB_POLYGON || r.is_bad;
            take_polygon(&r);
        }
    } else {
        r.is_bad = true;
    }
    if (r.is_bad) {
        return rv_fail(reterr, RV_DAMAGED, "a boundary is not a polygon in well-known binary");
    }
    *ret = r.rings;
    *ret_count = r.count;
    return rv_ok();
}

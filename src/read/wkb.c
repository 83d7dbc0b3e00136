/* read/wkb.c — walking well-known binary; a multipolygon holds polygons and nothing deeper.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/wkb.h"

#include "base/limits.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define WKB_POLYGON      3
#define WKB_MULTIPOLYGON 6
#define HEAD_BYTES       9 /* byte order, type, count */
#define PACKAGE_BYTES    8 /* of a GeoPackage geometry, before its envelope */

struct walker {
    struct arena *arena;
    struct text left;
    bool is_big;
    uint32_t ordinates; /* 2 to 4 */
    size_t *points;
    struct shape_feature *f;
    uint32_t room; /* for rings */
};

static rv_status fail_short(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID,
                   "has a boundary whose bytes break off: export the file again");
}

static uint32_t take_32(struct walker *w)
{
    const unsigned char *at = (const unsigned char *)w->left.at;
    w->left.at += 4;
    w->left.n -= 4;
    return w->is_big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
                     : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static double real_at(const struct walker *w, const char *at)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | (unsigned char)at[w->is_big ? i : 7 - i];
    }
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Byte order, type without its ordinates, and count. */
static rv_status take_head(struct walker *w, uint32_t *ret_type, uint32_t *ret_count,
                           struct rv_err *reterr)
{
    if (w->left.n < HEAD_BYTES) {
        return fail_short(reterr);
    }
    unsigned char order = (unsigned char)w->left.at[0];
    if (order > 1) {
        return rv_fail(reterr, RV_INVALID, "has a boundary that is no well-known binary");
    }
    w->is_big = order == 0;
    w->left.at++;
    w->left.n--;
    uint32_t type = take_32(w);
    w->ordinates = type / 1000 == 0 ? 2 : type / 1000 == 3 ? 4 : 3;
    *ret_type = type < 4000 ? type % 1000 : UINT32_MAX;
    *ret_count = take_32(w);
    return rv_ok();
}

static rv_status take_ring(struct walker *w, struct rv_err *reterr)
{
    if (w->left.n < 4) {
        return fail_short(reterr);
    }
    size_t n = take_32(w), stride = (size_t)8 * w->ordinates;
    if (n < 4) {
        return rv_fail(reterr, RV_INVALID,
                       "has a ring of fewer than 4 points; a closed ring has at least 4");
    }
    if (n > w->left.n / stride) {
        return fail_short(reterr);
    }
    if (n > LIMIT_GEOMETRY_POINTS - *w->points) {
        return rv_fail(reterr, RV_LIMIT, "brings the file to more than %zu points: simplify it",
                       LIMIT_GEOMETRY_POINTS);
    }
    *w->points += n;
    double *xy = ARENA_NEW(w->arena, double, 2 * n);
    if (!xy) {
        return arena_fail(w->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        xy[2 * i] = real_at(w, w->left.at + i * stride);
        xy[2 * i + 1] = real_at(w, w->left.at + i * stride + 8);
        if (!isfinite(xy[2 * i]) || !isfinite(xy[2 * i + 1])) {
            return rv_fail(reterr, RV_INVALID, "has a coordinate that is not finite");
        }
    }
    if (xy[0] != xy[2 * n - 2] || xy[1] != xy[2 * n - 1]) {
        return rv_fail(reterr, RV_INVALID, "has a ring whose last point is not its first");
    }
    w->left.at += n * stride;
    w->left.n -= n * stride;
    w->f->rings[w->f->ring_count++] = (struct shape_ring){xy, (uint32_t)n, w->f->polygon_count};
    return rv_ok();
}

/* Room for `more` rings; the bytes left bound how many there can be. */
static rv_status make_room(struct walker *w, uint32_t more, struct rv_err *reterr)
{
    if (more > w->left.n / 4) {
        return fail_short(reterr);
    }
    if (more <= w->room - w->f->ring_count) {
        return rv_ok();
    }
    uint64_t room = 2 * (uint64_t)w->room + more;
    struct shape_ring *rings = arena_new(w->arena, (size_t)room, sizeof *rings);
    if (!rings || room > UINT32_MAX) {
        return arena_fail(w->arena, reterr);
    }
    if (w->f->ring_count) {
        memcpy(rings, w->f->rings, w->f->ring_count * sizeof *rings);
    }
    w->f->rings = rings;
    w->room = (uint32_t)room;
    return rv_ok();
}

static rv_status take_polygon(struct walker *w, uint32_t rings, struct rv_err *reterr)
{
    RV_TRY(make_room(w, rings, reterr));
    for (uint32_t i = 0; i < rings; i++) {
        RV_TRY(take_ring(w, reterr));
    }
    w->f->polygon_count += rings > 0 ? 1 : 0; /* an empty polygon is none */
    return rv_ok();
}

static rv_status take_multipolygon(struct walker *w, uint32_t polygons, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < polygons; i++) {
        uint32_t type = 0, rings = 0;
        RV_TRY(take_head(w, &type, &rings, reterr));
        if (type != WKB_POLYGON) {
            return rv_fail(reterr, RV_INVALID, "has a multipolygon with a part that is no polygon");
        }
        RV_TRY(take_polygon(w, rings, reterr));
    }
    return rv_ok();
}

rv_status wkb_shape(struct arena *a, struct text wkb, size_t *points, struct shape_feature *f,
                    struct rv_err *reterr)
{
    static const char *const names[] = {"geometry",     "point",         "line",
                                        "polygon",      "set of points", "set of lines",
                                        "multipolygon", "collection"};
    struct walker w = {.arena = a, .left = wkb, .points = points, .f = f};
    uint32_t type = 0, count = 0;
    f->ring_count = f->polygon_count = 0;
    RV_TRY(take_head(&w, &type, &count, reterr));
    if (type == WKB_POLYGON) {
        RV_TRY(take_polygon(&w, count, reterr));
    } else if (type == WKB_MULTIPOLYGON) {
        RV_TRY(take_multipolygon(&w, count, reterr));
    } else {
        return rv_fail(reterr, RV_INVALID,
                       "is a %s, not a polygon or multipolygon: a boundary file has areas only",
                       type < sizeof names / sizeof *names ? names[type] : "curve or surface");
    }
    return w.left.n == 0
               ? rv_ok()
               : rv_fail(reterr, RV_INVALID, "has a boundary with more bytes than its rings need");
}

rv_status wkb_in_geopackage(struct text geometry, int64_t srs_id, struct text *ret,
                            struct rv_err *reterr)
{
    static const size_t envelopes[8] = {0, 32, 48, 48, 64, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    const unsigned char *at = (const unsigned char *)geometry.at;
    size_t n = geometry.n;
    if (n == 0) {
        *ret = geometry;
        return rv_ok();
    }
    size_t envelope = n > 3 ? envelopes[at[3] >> 1 & 7] : SIZE_MAX;
    if (n < PACKAGE_BYTES || at[0] != 'G' || at[1] != 'P' || at[2] != 0 || (at[3] & 0x20) != 0 ||
        envelope > n - PACKAGE_BYTES) {
        return rv_fail(reterr, RV_INVALID, "has a boundary that is no GeoPackage geometry");
    }
    struct walker head = {.left = {geometry.at + 4, 4}, .is_big = (at[3] & 1) == 0};
    int32_t srs = (int32_t)take_32(&head);
    if (srs != srs_id) {
        return rv_fail(reterr, RV_INVALID,
                       "says its coordinates are in system %" PRId32 ", its table %" PRId64
                       ": export the file again",
                       srs, srs_id);
    }
    size_t skipped = PACKAGE_BYTES + envelope;
    bool is_empty = (at[3] & 0x10) != 0;
    *ret = is_empty ? (struct text){NULL, 0} : (struct text){geometry.at + skipped, n - skipped};
    return rv_ok();
}

/* tests/place/test_placing.c — exactly one area for each point, whoever asks and in what order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "check.h"
#include "mesh.h"
#include "place/geometry.h"
#include "place/placing.h"
#include "ref_pip.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static struct rv_err err;

static void shape_of(struct arena *a, const struct geometry_ring *rings, uint32_t count,
                     struct text *ret)
{
    struct geos g;
    GEOSGeometry *shape = NULL;
    CHECK_OK(geos_open(&g, &err));
    CHECK_OK(geometry_build(&g, a, rings, count, &shape, &err));
    CHECK_OK(geometry_to_wkb(&g, a, shape, ret, &err));
    GEOSGeom_destroy_r(g.handle, shape);
    geos_done(&g);
}

/* ---- the reference ---- */

static void pip_shapes(struct arena *a, struct text *wkb)
{
    for (size_t i = 0; i < COUNT(pip_areas); i++) {
        const struct pip_area *area = &pip_areas[i];
        struct geometry_ring rings[2];
        for (int r = 0; r < area->rings; r++) {
            rings[r] = (struct geometry_ring){&area->xy[r][0][0], (uint32_t)area->points[r],
                                              area->has_parts ? (uint32_t)r : 0};
        }
        shape_of(a, rings, (uint32_t)area->rings, &wkb[i]);
    }
}

static uint32_t pip_code(const char *id)
{
    for (size_t i = 0; i < COUNT(pip_areas); i++) {
        if (strcmp(pip_areas[i].id, id) == 0) {
            return (uint32_t)i + 1;
        }
    }
    CHECK(id[0] == '\0');
    return 0;
}

static void reference_points_go_to_the_lowest_area_that_covers_them(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct text wkb[COUNT(pip_areas)];
    pip_shapes(&a, wkb);
    struct place_index *index = NULL;
    CHECK_OK(place_index_from_wkb(&a, wkb, COUNT(pip_areas), 1, &index, &err));
    int64_t e[COUNT(pip_points)], n[COUNT(pip_points)];
    uint32_t placed[COUNT(pip_points)];
    for (size_t i = 0; i < COUNT(pip_points); i++) {
        e[i] = llround(pip_points[i].x * 1000);
        n[i] = llround(pip_points[i].y * 1000);
    }
    CHECK_OK(place_points(index, 0, COUNT(pip_points), e, n, NULL, placed, &err));
    int several = 0;
    for (size_t i = 0; i < COUNT(pip_points); i++) {
        if (placed[i] != pip_code(pip_points[i].lowest)) {
            fail_msg("%s point %.12g %.12g: got %u, expected %s of {%s}", pip_points[i].type,
                     pip_points[i].x, pip_points[i].y, placed[i], pip_points[i].lowest,
                     pip_points[i].covering);
        }
        several += strlen(pip_points[i].covering) > strlen(pip_points[i].lowest);
    }
    CHECK(several >= 20); /* the reference does hold points on shared edges and corners */
    place_index_close(index);
    arena_done(&a);
}

static void areas_measure_as_the_reference_says(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct text wkb[COUNT(pip_areas)];
    pip_shapes(&a, wkb);
    struct geos g;
    CHECK_OK(geos_open(&g, &err));
    for (size_t i = 0; i < COUNT(pip_areas); i++) {
        GEOSGeometry *shape = NULL; /* in millimetres */
        struct geometry_facts facts;
        CHECK_OK(geometry_from_wkb(&g, wkb[i], &shape, &err));
        CHECK_OK(geometry_measure(&g, shape, &facts, &err));
        CHECK_NEAR(facts.area_m2 / 1e6, pip_areas[i].area_m2, 1e-12);
        CHECK_INT(facts.parts, pip_areas[i].has_parts ? 2 : 1);
        CHECK_INT(facts.holes, strcmp(pip_areas[i].id, "P11") == 0);
        GEOSGeom_destroy_r(g.handle, shape);
    }
    geos_done(&g);
    arena_done(&a);
}

/* ---- a layer of 15 by 12 crooked areas ---- */

enum { WIDE = 15, HIGH = 12, CUTS = 5, AREAS = WIDE * HIGH };

struct cloud {
    size_t n;
    int64_t *e, *north;
};

static void add(struct cloud *c, double e, double n)
{
    c->e[c->n] = (int64_t)e;
    c->north[c->n++] = (int64_t)n;
}

/* Random points; every vertex, also a millimetre beside it; the middle of every edge; corners of
 * every cell size that a grid may have. */
static struct cloud cloud_of(const struct mesh *m)
{
    size_t room = 400000;
    struct cloud c = {0, calloc(room, sizeof(int64_t)), calloc(room, sizeof(int64_t))};
    double wide = m->wide * m->size_mm, high = m->high * m->size_mm;
    for (uint64_t i = 0; i < 60000; i++) {
        add(&c, m->west_mm + (mesh_random(i, 0, 21) * 1.1 - 0.05) * wide,
            m->south_mm + (mesh_random(i, 0, 22) * 1.1 - 0.05) * high);
    }
    for (uint32_t r = 0; r < m->high; r++) {
        for (uint32_t k = 0; k < m->wide; k++) {
            for (int way = 0; way < 2; way++) {
                double xy[2 * (CUTS + 1)];
                mesh_side(m, k, r, way, xy);
                for (int i = 0; i <= CUTS; i++) {
                    const double *at = xy + 2 * (size_t)i;
                    add(&c, at[0], at[1]);
                    add(&c, at[0] + 1, at[1]);
                    add(&c, at[0], at[1] - 1);
                    if (i < CUTS) {
                        add(&c, floor((at[0] + at[2]) / 2), floor((at[1] + at[3]) / 2));
                    }
                }
            }
        }
    }
    for (double step = 1024; step <= 262144; step *= 2) {
        for (uint64_t i = 0; i < 2000; i++) {
            add(&c, m->west_mm - 1 + floor(mesh_random(i, 1, 23) * wide / step) * step,
                m->south_mm - 1 + floor(mesh_random(i, 1, 24) * high / step) * step);
        }
    }
    CHECK(c.n < room);
    return c;
}

static void cloud_free(struct cloud *c)
{
    free(c->e);
    free(c->north);
}

/* GEOS, asked one by one about every area: no grid, no preparing, no order. */
static void ask_all(const struct mesh *m, const struct cloud *c, uint32_t *lowest, uint8_t *covers)
{
    struct geos g;
    CHECK_OK(geos_open(&g, &err));
    memset(lowest, 0, c->n * sizeof *lowest);
    memset(covers, 0, c->n);
    for (uint32_t area = 0; area < AREAS; area++) {
        GEOSGeometry *shape = NULL;
        CHECK_OK(geometry_from_wkb(&g, m->wkb[area], &shape, &err));
        double box[4];
        CHECK(GEOSGeom_getXMin_r(g.handle, shape, &box[0]) &&
              GEOSGeom_getXMax_r(g.handle, shape, &box[1]) &&
              GEOSGeom_getYMin_r(g.handle, shape, &box[2]) &&
              GEOSGeom_getYMax_r(g.handle, shape, &box[3]));
        for (size_t i = 0; i < c->n; i++) {
            double x = (double)c->e[i], y = (double)c->north[i];
            if (x < box[0] || x > box[1] || y < box[2] || y > box[3]) {
                continue;
            }
            GEOSGeometry *point = GEOSGeom_createPointFromXY_r(g.handle, x, y);
            if (GEOSCovers_r(g.handle, shape, point) == 1) {
                lowest[i] = lowest[i] ? lowest[i] : area + 1;
                covers[i]++;
            }
            GEOSGeom_destroy_r(g.handle, point);
        }
        GEOSGeom_destroy_r(g.handle, shape);
    }
    geos_done(&g);
}

static void every_point_goes_where_geos_says_one_by_one(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct mesh m = mesh_new(WIDE, HIGH, CUTS, 730000);
    struct cloud c = cloud_of(&m);
    uint32_t *want = calloc(c.n, sizeof *want), *placed = calloc(c.n, sizeof *placed);
    uint8_t *covers = calloc(c.n, 1);
    ask_all(&m, &c, want, covers);
    struct place_index *index = NULL;
    CHECK_OK(place_index_from_wkb(&a, m.wkb, AREAS, 1, &index, &err));
    CHECK_OK(place_points(index, 0, c.n, c.e, c.north, NULL, placed, &err));
    size_t none = 0, several = 0;
    for (size_t i = 0; i < c.n; i++) {
        if (placed[i] != want[i]) {
            fail_msg("point %lld %lld: got %u, expected %u", (long long)c.e[i],
                     (long long)c.north[i], placed[i], want[i]);
        }
        none += want[i] == 0;
        several += covers[i] > 1;
    }
    CHECK(none > 1000 && several > 1000); /* the cloud does try outside and shared edges */
    /* One by one, and in small calls: the same. */
    for (size_t i = 0; i < c.n; i += 97) {
        uint32_t one = UINT32_MAX;
        CHECK_OK(place_points(index, 0, 1, c.e + i, c.north + i, NULL, &one, &err));
        CHECK_INT(one, want[i]);
    }
    place_index_close(index);
    free(want);
    free(placed);
    free(covers);
    cloud_free(&c);
    mesh_free(&m);
    arena_done(&a);
}

struct job {
    struct place_index *index;
    const struct cloud *cloud;
    uint32_t *placed;
};

static rv_status place_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    const struct job *j = context;
    size_t first = piece * 1000, n = j->cloud->n - first < 1000 ? j->cloud->n - first : 1000;
    return place_points(j->index, worker, n, j->cloud->e + first, j->cloud->north + first, NULL,
                        j->placed + first, reterr);
}

static void threads_and_runs_do_not_change_an_answer(void **state)
{
    (void)state;
    struct mesh m = mesh_new(WIDE, HIGH, CUTS, 730000);
    struct cloud c = cloud_of(&m);
    uint32_t *first = calloc(c.n, sizeof *first), *again = calloc(c.n, sizeof *again);
    for (size_t threads = 1; threads <= 4; threads++) {
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        struct pool *pool = NULL;
        struct place_index *index = NULL;
        CHECK_OK(pool_open(threads, &pool, &err));
        CHECK_OK(place_index_from_wkb(&a, m.wkb, AREAS, threads, &index, &err));
        struct job j = {index, &c, threads == 1 ? first : again};
        for (int round = 0; round < 2; round++) {
            memset(j.placed, 0xFF, c.n * sizeof *j.placed);
            CHECK_OK(pool_run(pool, (c.n + 999) / 1000, place_piece, &j, &err));
            CHECK(memcmp(first, j.placed, c.n * sizeof *first) == 0);
        }
        place_index_close(index);
        pool_close(pool);
        arena_done(&a);
    }
    free(first);
    free(again);
    cloud_free(&c);
    mesh_free(&m);
}

/* ---- edges of the world ---- */

static void impossible_and_missing_points_are_in_no_area(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    static const double square[][2] = {{1, 1}, {3, 1}, {3, 3}, {1, 3}, {1, 1}};
    const struct geometry_ring ring = {&square[0][0], 5, 0};
    struct text wkb;
    shape_of(&a, &ring, 1, &wkb);
    struct place_index *index = NULL;
    CHECK_OK(place_index_from_wkb(&a, &wkb, 1, 1, &index, &err));
    const int64_t e[] = {1000, 999, 3000, 3001, 2000, 2000, 2000, INT64_MIN, INT64_MAX, 2000, 0};
    const int64_t n[] = {1000, 1000, 3000, 3000, 2000, 3001, 999, 2000, 2000, INT64_MIN, INT64_MAX};
    const uint32_t want[] = {1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
    uint32_t placed[COUNT(e)];
    CHECK_OK(place_points(index, 0, COUNT(e), e, n, NULL, placed, &err));
    for (size_t i = 0; i < COUNT(e); i++) {
        CHECK_INT(placed[i], want[i]);
    }
    const uint64_t valid = ~(uint64_t)(1 << 4);
    CHECK_OK(place_points(index, 0, COUNT(e), e, n, &valid, placed, &err));
    CHECK_INT(placed[4], 0);
    CHECK_INT(placed[2], 1);
    CHECK_OK(place_points(index, 0, 0, NULL, NULL, NULL, NULL, &err));
    place_index_close(index);
    arena_done(&a);
}

static void damaged_shapes_are_refused(void **state)
{
    (void)state;
    struct mesh m = mesh_new(2, 1, 3, 730000);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    char bytes[512];
    struct place_index *index = NULL;
    CHECK(m.wkb[1].n < sizeof bytes);
    for (size_t n = 0; n < m.wkb[1].n; n += 7) { /* cut short anywhere */
        struct text wkb[2] = {m.wkb[0], {m.wkb[1].at, n}};
        CHECK_FAILS(place_index_from_wkb(&a, wkb, 2, 1, &index, &err), RV_DAMAGED);
    }
    memcpy(bytes, m.wkb[1].at, m.wkb[1].n);
    const double nan_value = (double)NAN;
    memcpy(bytes + 13 + 32, &nan_value, sizeof nan_value);
    struct text wkb = {bytes, m.wkb[1].n};
    CHECK_FAILS(place_index_from_wkb(&a, &wkb, 1, 1, &index, &err), RV_DAMAGED);
    static const unsigned char point[21] = {1, 1};
    wkb = (struct text){(const char *)point, sizeof point};
    CHECK_FAILS(place_index_from_wkb(&a, &wkb, 1, 1, &index, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "reeve verify") != NULL);
    CHECK(index == NULL);
    arena_done(&a);
    mesh_free(&m);
}

static void an_empty_layer_holds_nothing(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct place_index *index = NULL;
    CHECK_OK(place_index_from_wkb(&a, NULL, 0, 1, &index, &err));
    const int64_t at = 0;
    uint32_t placed = 7;
    CHECK_OK(place_points(index, 0, 1, &at, &at, NULL, &placed, &err));
    CHECK_INT(placed, 0);
    place_index_close(index);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_points_go_to_the_lowest_area_that_covers_them),
        cmocka_unit_test(areas_measure_as_the_reference_says),
        cmocka_unit_test(every_point_goes_where_geos_says_one_by_one),
        cmocka_unit_test(threads_and_runs_do_not_change_an_answer),
        cmocka_unit_test(impossible_and_missing_points_are_in_no_area),
        cmocka_unit_test(damaged_shapes_are_refused),
        cmocka_unit_test(an_empty_layer_holds_nothing),
    };
    return cmocka_run_group_tests_name("place/placing", tests, NULL, NULL);
}

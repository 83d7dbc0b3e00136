/* tests/place/test_fit.c — overlaps and gaps made on purpose are found, with their size and place.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fixture.h"
#include "place/fit.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define MOST_AREAS   600

/* Polygons of one ring each, as WKB. */
struct sheet {
    struct arena arena;
    struct text *wkb; /* MOST_AREAS */
    uint32_t count;
};

static void add(struct sheet *s, const double *xy, uint32_t points)
{
    const uint32_t head[3] = {3, 1, points};
    size_t n = 1 + sizeof head + points * 16;
    char *bytes = arena_new(&s->arena, n, 1);
    CHECK(bytes && s->count < MOST_AREAS);
    bytes[0] = 1;
    memcpy(bytes + 1, head, sizeof head);
    memcpy(bytes + 1 + sizeof head, xy, (size_t)points * 16);
    s->wkb[s->count++] = (struct text){bytes, n};
}

static void add_box(struct sheet *s, double e, double n, double width, double height)
{
    const double ring[] = {e, n, e + width, n, e + width, n + height, e, n + height, e, n};
    add(s, ring, 5);
}

/* n by n squares of 100 m from WEST_M, SOUTH_M, without the one numbered `missing`. */
static void add_grid(struct sheet *s, int n, int missing)
{
    for (int i = 0; i < n * n; i++) {
        if (i != missing) {
            add_box(s, WEST_M + 100 * (i % n), SOUTH_M + 100 * (i / n), 100, 100);
        }
    }
}

static struct sheet sheet_open(void)
{
    struct sheet s = {.count = 0};
    arena_init(&s.arena, LIMIT_ARENA_BYTES);
    s.wkb = ARENA_NEW(&s.arena, struct text, MOST_AREAS);
    CHECK(s.wkb != NULL);
    return s;
}

static struct fit judge(struct sheet *s)
{
    struct fit fit;
    CHECK_OK(fit_check(&s->arena, NULL, s->wkb, s->count, &fit, &err));
    CHECK(fit.has_overlaps && fit.has_gaps);
    return fit;
}

static void a_clean_layer_has_neither(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 10, -1);
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 0);
    CHECK_INT(fit.gap_count, 0);
    arena_done(&s.arena);
}

static void a_missing_area_is_a_gap(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 5, 12); /* the middle */
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 0);
    CHECK_INT(fit.gap_count, 1);
    CHECK_NEAR(fit.gap_m2, 10000, 1e-12);
    CHECK_NEAR(fit.gaps[0].width_m, 50, 1e-12);
    CHECK(fit.gaps[0].point_e > WEST_M + 200 && fit.gaps[0].point_e < WEST_M + 300);
    CHECK(fit.gaps[0].point_n > SOUTH_M + 200 && fit.gaps[0].point_n < SOUTH_M + 300);
    arena_done(&s.arena);
}

/* One area at the rim missing is a bay, not a gap; two islands have none between them. */
static void what_is_open_to_the_outside_is_no_gap(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 5, 2);
    add_box(&s, WEST_M + 2000, SOUTH_M, 100, 100);
    struct fit fit = judge(&s);
    CHECK_INT(fit.gap_count, 0);
    CHECK_INT(fit.overlap_count, 0);
    arena_done(&s.arena);
}

static void neighbours_that_overlap_or_leave_a_sliver(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    /* 0 and 1 overlap by 2 m; 2 closes the north side of both; between 3 and its west a sliver of
     * 0.5 m that 2 and 4 close. */
    add_box(&s, WEST_M, SOUTH_M, 102, 100);
    add_box(&s, WEST_M + 100, SOUTH_M, 100, 100);
    add_box(&s, WEST_M, SOUTH_M + 100, 400, 100);
    add_box(&s, WEST_M + 200.5, SOUTH_M, 199.5, 100);
    add_box(&s, WEST_M, SOUTH_M - 100, 400, 100);
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 1);
    CHECK_NEAR(fit.overlap_m2, 200, 1e-12);
    CHECK_INT(fit.overlaps[0].one, 0);
    CHECK_INT(fit.overlaps[0].two, 1);
    CHECK(!fit.overlaps[0].is_same);
    CHECK_INT(fit.gap_count, 1);
    CHECK_NEAR(fit.gap_m2, 50, 1e-12);
    CHECK_NEAR(fit.gaps[0].width_m, 2 * 50 / 201.0, 1e-12);
    arena_done(&s.arena);
}

/* Corners on a neighbour's side without a corner of its own there: edges have no partner, but the
 * areas fit. */
static void t_junctions_are_no_fault(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_box(&s, WEST_M, SOUTH_M, 300, 100);
    for (int i = 0; i < 3; i++) {
        add_box(&s, WEST_M + 100 * i, SOUTH_M + 100, 100, 100);
    }
    add_box(&s, WEST_M, SOUTH_M + 200, 300, 50);
    /* A corner a millimetre off a slanting side is the rounding of corners. */
    const double low[] = {WEST_M + 300,  SOUTH_M,      WEST_M + 400,  SOUTH_M,      WEST_M + 400,
                          SOUTH_M + 100, WEST_M + 300, SOUTH_M + 133, WEST_M + 300, SOUTH_M};
    const double high[] = {WEST_M + 300, SOUTH_M + 133, WEST_M + 333.333, SOUTH_M + 122.001,
                           WEST_M + 400, SOUTH_M + 100, WEST_M + 400,     SOUTH_M + 250,
                           WEST_M + 300, SOUTH_M + 250, WEST_M + 300,     SOUTH_M + 133};
    add(&s, low, 5);
    add(&s, high, 6);
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 0);
    CHECK_INT(fit.gap_count, 0);
    arena_done(&s.arena);
}

static void one_shape_under_two_codes(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 4, -1);
    /* The same square from another corner, the other way round. */
    const double e = WEST_M + 100, n = SOUTH_M + 100;
    const double ring[] = {e + 100, n + 100, e + 100, n, e, n, e, n + 100, e + 100, n + 100};
    add(&s, ring, 5);
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 1);
    CHECK_NEAR(fit.overlap_m2, 10000, 1e-12);
    CHECK_INT(fit.overlaps[0].one, 5);
    CHECK_INT(fit.overlaps[0].two, 16);
    CHECK(fit.overlaps[0].is_same);
    arena_done(&s.arena);
}

/* A whole layer twice: areas inside it share every edge with a copy's neighbour, and still each
 * lies over its copy. */
static void a_layer_that_is_there_twice(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 5, -1);
    add_grid(&s, 5, -1);
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 25);
    CHECK_NEAR(fit.overlap_m2, 250000, 1e-12);
    for (uint32_t i = 0; i < 25; i++) {
        CHECK(fit.overlaps[i].is_same);
        CHECK_INT(fit.overlaps[i].one, i);
        CHECK_INT(fit.overlaps[i].two, i + 25);
    }
    arena_done(&s.arena);
}

/* Many: the sum counts them all, the list the largest hundred. */
static void many_overlaps_are_counted_and_the_largest_listed(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    for (int i = 0; i < 250; i++) {
        double e = WEST_M + 1000 * (i % 20), n = SOUTH_M + 1000 * (i / 20);
        add_box(&s, e, n, 100, 100);
        add_box(&s, e + 100 - (i + 1) / 10.0, n, 100, 100); /* overlaps by 0.1, 0.2, … 25 m */
    }
    struct fit fit = judge(&s);
    CHECK_INT(fit.overlap_count, 250);
    CHECK_NEAR(fit.overlap_m2, 100 * 0.1 * 250 * 251 / 2, 1e-9);
    for (int i = 0; i < FIT_LISTED; i++) {
        CHECK_NEAR(fit.overlaps[i].area_m2, 10.0 * (250 - i), 1e-9);
    }
    arena_done(&s.arena);
}

static void damage_and_interruption(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    struct fit fit = {.overlap_count = 77};
    struct progress progress = {.step = NULL};
    add_grid(&s, 3, 4);
    progress_cancel(&progress);
    CHECK_FAILS(fit_check(&s.arena, &progress, s.wkb, s.count, &fit, &err), RV_INTERRUPTED);
    s.wkb[2].n -= 3;
    CHECK_FAILS(fit_check(&s.arena, NULL, s.wkb, s.count, &fit, &err), RV_DAMAGED);
    CHECK_INT(fit.overlap_count, 77);
    CHECK_OK(fit_check(&s.arena, NULL, NULL, 0, &fit, &err));
    CHECK_INT(fit.overlap_count, 0);
    arena_done(&s.arena);
}

static void running_out_of_memory(void **state)
{
    (void)state;
    struct sheet s = sheet_open();
    add_grid(&s, 3, 4);
    for (long n = 1;; n++) {
        struct arena a;
        struct fit fit = {.gap_count = 77};
        arena_init(&a, LIMIT_ARENA_BYTES);
        memory_fail_nth(n);
        rv_status status = fit_check(&a, NULL, s.wkb, s.count, &fit, &err);
        long asked = memory_fail_count();
        memory_fail_nth(0);
        arena_done(&a);
        if (asked < n) {
            CHECK_INT(status.code, RV_OK);
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
        CHECK_INT(fit.gap_count, 77);
    }
    arena_done(&s.arena);
}

/* ---- through the import ---- */

#define SPIKE                                                                                      \
    "[[[551000,185000],[552000,185000],[552000,186000],[551500,186000],[551500,187000],"           \
    "[551500,186000],[551000,186000],[551000,185000]]]"

/* The order of features in the file changes neither shapes nor findings nor where points lie. */
static void repairs_do_not_depend_on_the_order_of_the_file(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        /* A bow tie, a spike, and neighbours of theirs. */
        "[[[550000,185000],[551000,186000],[551000,185000],[550000,186000],[550000,185000]]]",
        SPIKE,
        "[[[552000,185000],[553000,185000],[553000,186000],[552000,186000],[552000,185000]]]",
        "[[[550500,185400],[551500,185400],[551500,185600],[550500,185600],[550500,185400]]]",
    };
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
    struct text first[4] = {{NULL, 0}};
    struct arena kept;
    arena_init(&kept, LIMIT_ARENA_BYTES);
    for (size_t k = 0; k < COUNT(orders); k++) {
        struct world world = world_open(1), *w = &world;
        struct areas_report r;
        struct buf b;
        buf_init(&b, (size_t)1 << 20);
        for (int i = 0; i < 4; i++) {
            char code[16];
            (void)snprintf(code, sizeof code, "E0500000%d", orders[k][i]);
            put_feature(&b, code,
                        arena_printf(&w->arena, "{\"type\":\"Polygon\",\"coordinates\":%s}",
                                     shapes[orders[k][i]]));
        }
        CHECK_OK(import_text(w, collection(w, GRID_CRS, &b), "ward", "2018", &r));
        buf_done(&b);
        CHECK_INT(r.repaired, 2);
        CHECK_STRING(r.notes[0].code, "E05000000");
        CHECK_STRING(r.notes[1].code, "E05000001");
        CHECK_INT(r.shape_count, 1); /* the wings of the bow tie */
        CHECK_INT(r.shapes[0].parts, 2);
        CHECK_NEAR(r.shapes[0].smallest_m2, 250000, 1e-12);
        CHECK_INT(r.fit.overlap_count, 2); /* the last shape over the first two */
        CHECK_NEAR(r.fit.overlap_m2, 90000 + 100000, 1e-9);
        const struct layer *l = layer_of(w, "ward", NULL);
        struct text *wkb = NULL;
        CHECK_OK(layer_geometry(w->store, &w->arena, l, &wkb, &err));
        for (int i = 0; i < 4; i++) {
            CHECK(k == 0 || text_equal(first[i], wkb[i]));
            if (k == 0) {
                first[i] = (struct text){arena_text(&kept, wkb[i].at, wkb[i].n), wkb[i].n};
            }
        }
        world_close(w);
    }
    arena_done(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_layer_has_neither),
        cmocka_unit_test(a_missing_area_is_a_gap),
        cmocka_unit_test(what_is_open_to_the_outside_is_no_gap),
        cmocka_unit_test(neighbours_that_overlap_or_leave_a_sliver),
        cmocka_unit_test(t_junctions_are_no_fault),
        cmocka_unit_test(one_shape_under_two_codes),
        cmocka_unit_test(a_layer_that_is_there_twice),
        cmocka_unit_test(many_overlaps_are_counted_and_the_largest_listed),
        cmocka_unit_test(damage_and_interruption),
        cmocka_unit_test(running_out_of_memory),
        cmocka_unit_test(repairs_do_not_depend_on_the_order_of_the_file),
    };
    return cmocka_run_group_tests_name("place/fit", tests, NULL, NULL);
}

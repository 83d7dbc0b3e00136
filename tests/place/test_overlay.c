/* tests/place/test_overlay.c — what two layers have in common, against shapely and by property.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fixture.h"
#include "mesh.h"
#include "place/overlay.h"

#define MOST 64

/* ---- the outside reference ---- */

struct shapes {
    struct text wkb[MOST];
    char names[MOST][8];
    double area[MOST];
    uint32_t count;
};

static struct text ring_wkb(struct arena *a, const double *xy, uint32_t points)
{
    const uint32_t head[3] = {3, 1, points};
    size_t n = 1 + sizeof head + (size_t)points * 16;
    char *bytes = arena_new(a, n, 1);
    CHECK(bytes != NULL);
    bytes[0] = 1;
    memcpy(bytes + 1, head, sizeof head);
    memcpy(bytes + 1 + sizeof head, xy, (size_t)points * 16);
    return (struct text){bytes, n};
}

/* tests/ref/apportion-shapes.csv: area,x,y; those whose name begins with `letter`. */
static void read_shapes(struct arena *a, char letter, struct shapes *ret)
{
    char path[512], line[128];
    double xy[128];
    uint32_t points = 0;
    (void)snprintf(path, sizeof path, "%s/tests/ref/apportion-shapes.csv", TEST_SOURCE_DIR);
    FILE *in = fopen(path, "rb");
    CHECK(in != NULL);
    ret->count = 0;
    while (fgets(line, sizeof line, in)) {
        char *comma = strchr(line, ',');
        if (line[0] != letter || !comma) {
            continue;
        }
        *comma = '\0';
        char *end = NULL;
        xy[2 * points] = strtod(comma + 1, &end);
        xy[2 * points + 1] = strtod(end + 1, NULL);
        points++;
        bool is_closed = points > 3 && xy[0] == xy[2 * points - 2] && xy[1] == xy[2 * points - 1];
        if (is_closed) {
            CHECK(ret->count < MOST);
            (void)snprintf(ret->names[ret->count], sizeof ret->names[0], "%.7s", line);
            double sum = 0;
            for (uint32_t i = 0; i + 1 < points; i++) {
                sum += xy[2 * i] * xy[2 * i + 3] - xy[2 * i + 2] * xy[2 * i + 1];
            }
            ret->area[ret->count] = fabs(sum) / 2;
            ret->wkb[ret->count++] = ring_wkb(a, xy, points);
            points = 0;
        }
    }
    CHECK_INT(fclose(in), 0);
    CHECK(ret->count > 0 && points == 0);
}

static uint32_t number_of(const struct shapes *s, const char *name)
{
    uint32_t i = 0;
    while (i < s->count && strcmp(s->names[i], name) != 0) {
        i++;
    }
    CHECK(i < s->count);
    return i;
}

/* Shapely's share of source s in target t; 0 where the file has none. */
static void read_weights(const struct shapes *s, const struct shapes *t, double *weights)
{
    char path[512], line[256];
    (void)snprintf(path, sizeof path, "%s/tests/ref/apportion-pieces.csv", TEST_SOURCE_DIR);
    FILE *in = fopen(path, "rb");
    CHECK(in != NULL);
    while (fgets(line, sizeof line, in)) {
        if (line[0] != 'S') {
            continue;
        }
        char *rest = line;
        const char *source = strsep(&rest, ","), *target = strsep(&rest, ",");
        weights[number_of(s, source) * t->count + number_of(t, target)] = strtod(rest, NULL);
    }
    CHECK_INT(fclose(in), 0);
}

static void parts_are_those_of_shapely(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct shapes *s = ARENA_NEW(&a, struct shapes, 1), *t = ARENA_NEW(&a, struct shapes, 1);
    struct overlay got;
    read_shapes(&a, 'S', s);
    read_shapes(&a, 'T', t);
    CHECK_INT(s->count, 30);
    CHECK_INT(t->count, 6);
    double *want = ARENA_NEW(&a, double, s->count * t->count), worst = 0;
    read_weights(s, t, want);
    const struct overlay_layer one = {s->wkb, s->count}, two = {t->wkb, t->count};
    CHECK_OK(overlay_shapes(&a, NULL, &one, &two, NULL, NULL, &got, &err));
    double *shares = ARENA_NEW(&a, double, s->count * t->count);
    for (size_t i = 0; i < got.count; i++) {
        const struct overlay_part *p = &got.parts[i];
        CHECK(i == 0 || got.parts[i - 1].one < p->one ||
              (got.parts[i - 1].one == p->one && got.parts[i - 1].two <= p->two));
        if (p->two == OVERLAY_OUTSIDE) {
            CHECK(p->area_m2 < 1); /* the targets cover the sources */
        } else {
            shares[p->one * t->count + p->two] += p->area_m2 / s->area[p->one];
        }
    }
    size_t parts = 0;
    for (size_t i = 0; i < (size_t)s->count * t->count; i++) {
        if (want[i] == 0) {
            CHECK(shares[i] < 1e-9); /* shapely's own noise was cut there */
            continue;
        }
        CHECK_NEAR(shares[i], want[i], 1e-9);
        worst = fmax(worst, fabs(shares[i] / want[i] - 1));
        parts++;
    }
    CHECK(parts > 30);
    print_message("%zu parts, worst relative error %.1e\n", parts, worst);
    arena_done(&a);
}

/* ---- properties ---- */

/* Area of a mesh's shape: one ring, metres. */
static double ring_area(struct text wkb)
{
    uint32_t points = 0;
    memcpy(&points, wkb.at + 9, sizeof points);
    double sum = 0;
    for (uint32_t i = 0; i + 1 < points; i++) {
        double xy[4];
        memcpy(xy, wkb.at + 13 + (size_t)i * 16, sizeof xy);
        sum += (xy[0] - 503000) * (xy[3] - 155000) - (xy[2] - 503000) * (xy[1] - 155000);
    }
    return fabs(sum) / 2;
}

/* Crooked meshes that overlap without covering each other whole, and a third with amounts. */
static void parts_add_up(void **state)
{
    (void)state;
    static const uint32_t sizes[3][2] = {{6, 4}, {4, 3}, {12, 2}};
    struct mesh meshes[3];
    struct overlay_layer layers[3];
    struct arena a;
    struct overlay got, self;
    arena_init(&a, LIMIT_ARENA_BYTES);
    for (int i = 0; i < 3; i++) {
        meshes[i] = mesh_new(sizes[i][0], sizes[i][0], sizes[i][1], 24e6 / sizes[i][0]);
        layers[i] = (struct overlay_layer){meshes[i].wkb, meshes[i].wide * meshes[i].high};
    }
    double amounts[144];
    for (int i = 0; i < 144; i++) {
        amounts[i] = i % 5 ? 100 + 7 * i : 0;
    }
    CHECK_OK(overlay_shapes(&a, NULL, &layers[0], &layers[1], &layers[2], amounts, &got, &err));
    double areas[36] = {0}, sums[36] = {0}, outside = 0;
    for (size_t i = 0; i < got.count; i++) {
        const struct overlay_part *p = &got.parts[i];
        CHECK(p->area_m2 > 0 && p->width_m > 0 && p->amount >= 0);
        areas[p->one] += p->area_m2;
        sums[p->one] += p->amount;
        outside += p->two == OVERLAY_OUTSIDE ? p->area_m2 : 0;
    }
    CHECK(outside > 0); /* the outer sides differ */
    /* A layer with itself: each area with itself alone and whole. */
    CHECK_OK(overlay_shapes(&a, NULL, &layers[0], &layers[0], &layers[2], amounts, &self, &err));
    CHECK_INT(self.count, 36);
    for (size_t i = 0; i < 36; i++) {
        CHECK_INT(self.parts[i].one, i);
        CHECK_INT(self.parts[i].two, i);
        CHECK_NEAR(self.parts[i].area_m2, ring_area(layers[0].wkb[i]), 1e-9);
        CHECK_NEAR(areas[i], self.parts[i].area_m2, 1e-9);
        CHECK_NEAR(sums[i], self.parts[i].amount, 1e-9);
    }
    for (int i = 0; i < 3; i++) {
        mesh_free(&meshes[i]);
    }
    arena_done(&a);
}

static void edges(void **state)
{
    (void)state;
    struct arena a;
    struct overlay got = {.count = 77};
    arena_init(&a, LIMIT_ARENA_BYTES);
    static const double box[] = {0, 0, 10, 0, 10, 10, 0, 10, 0, 0},
                        beside[] = {10, 0, 20, 0, 20, 10, 10, 10, 10, 0};
    struct text one = ring_wkb(&a, box, 5), two = ring_wkb(&a, beside, 5);
    const struct overlay_layer west = {&one, 1}, east = {&two, 1}, none = {NULL, 0};
    /* A common side is no part. */
    CHECK_OK(overlay_shapes(&a, NULL, &west, &east, NULL, NULL, &got, &err));
    CHECK_INT(got.count, 1);
    CHECK(got.parts[0].two == OVERLAY_OUTSIDE && got.parts[0].area_m2 == 100);
    CHECK_OK(overlay_shapes(&a, NULL, &none, &east, NULL, NULL, &got, &err));
    CHECK_INT(got.count, 0);
    CHECK_OK(overlay_shapes(&a, NULL, &west, &none, NULL, NULL, &got, &err));
    CHECK_INT(got.count, 1);
    CHECK_NEAR(got.parts[0].width_m, 5, 1e-12);
    got.count = 77;
    struct progress progress = {.step = NULL};
    progress_cancel(&progress);
    CHECK_FAILS(overlay_shapes(&a, &progress, &west, &east, NULL, NULL, &got, &err),
                RV_INTERRUPTED);
    two.n--;
    CHECK_FAILS(overlay_shapes(&a, NULL, &west, &east, NULL, NULL, &got, &err), RV_DAMAGED);
    CHECK_INT(got.count, 77);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_those_of_shapely),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests_name("place/overlay", tests, NULL, NULL);
}

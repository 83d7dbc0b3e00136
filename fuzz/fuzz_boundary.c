/* fuzz/fuzz_boundary.c — any bytes as the stored boundary of an area: refused, or a layer to ask.
 *
 * The boundary is indexed beside a sound one that holds every point asked about: whatever the
 * bytes are, each point lies in the one or the other, and asking twice gives the same answer.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "place/placing.h"

#define POINTS 64

/* A Polygon of 200 metres from 550000, 185000, in WKB. */
static struct text sound_shape(double ring[10], char *bytes)
{
    static const double corners[10] = {550000, 185000, 550200, 185000, 550200,
                                       185200, 550000, 185200, 550000, 185000};
    const uint32_t head[3] = {3, 1, 5};
    memcpy(ring, corners, sizeof corners);
    bytes[0] = 1;
    memcpy(bytes + 1, head, sizeof head);
    memcpy(bytes + 1 + sizeof head, ring, sizeof corners);
    return (struct text){bytes, 1 + sizeof head + sizeof corners};
}

static void ask(struct place_index *index)
{
    int64_t e[POINTS], n[POINTS];
    uint32_t first[POINTS], again[POINTS];
    for (int i = 0; i < POINTS; i++) {
        e[i] = 550000000 + (int64_t)(i % 8) * 25000 + i;
        n[i] = 185000000 + (int64_t)(i / 8) * 25000 + i;
    }
    FUZZ_REQUIRE(rv_is_ok(place_points(index, 0, POINTS, e, n, NULL, first, NULL)));
    FUZZ_REQUIRE(rv_is_ok(place_points(index, 0, POINTS, e, n, NULL, again, NULL)));
    for (int i = 0; i < POINTS; i++) {
        FUZZ_REQUIRE(first[i] == 1 || first[i] == 2);
        FUZZ_REQUIRE(first[i] == again[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double ring[10];
    char bytes[128];
    const struct text wkb[2] = {fuzz_input(data, size), sound_shape(ring, bytes)};
    struct arena a;
    struct place_index *index = NULL;
    arena_init(&a, (size_t)1 << 30);
    rv_status status = place_index_from_wkb(&a, wkb, 2, 1, &index, NULL);
    if (rv_is_ok(status)) {
        ask(index);
    }
    place_index_close(index);
    arena_done(&a);
    return 0;
}

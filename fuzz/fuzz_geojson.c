/* fuzz/fuzz_geojson.c — any bytes as a boundary file: refused with a sentence, or sound.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "read/geojson.h"

#include <math.h>

static void check_ring(const struct shape_ring *ring)
{
    FUZZ_REQUIRE(ring->points >= 4);
    for (uint32_t i = 0; i < 2 * ring->points; i++) {
        FUZZ_REQUIRE(isfinite(ring->xy[i]));
    }
    FUZZ_REQUIRE(ring->xy[0] == ring->xy[2 * ring->points - 2]);
    FUZZ_REQUIRE(ring->xy[1] == ring->xy[2 * ring->points - 1]);
}

static void check_feature(const struct shape_file *file, const struct shape_feature *f)
{
    FUZZ_REQUIRE(f->polygon_count >= 1 && f->ring_count >= f->polygon_count);
    for (uint32_t r = 0; r < f->ring_count; r++) {
        check_ring(&f->rings[r]);
        uint32_t before = r ? f->rings[r - 1].polygon : 0;
        FUZZ_REQUIRE(f->rings[r].polygon == before || f->rings[r].polygon == before + 1);
    }
    FUZZ_REQUIRE(f->rings[f->ring_count - 1].polygon == f->polygon_count - 1);
    for (uint32_t p = 0; p < file->property_count; p++) {
        FUZZ_REQUIRE(text_utf8_valid(f->properties[p]) == f->properties[p].n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct shape_file file;
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    rv_status status = geojson_parse(&a, fuzz_input(data, size), &file, &err);
    if (rv_is_ok(status)) {
        for (uint32_t i = 0; i < file.count; i++) {
            check_feature(&file, &file.features[i]);
        }
        for (uint32_t p = 0; p < file.property_count; p++) {
            for (uint32_t q = 0; q < p; q++) {
                FUZZ_REQUIRE(strcmp(file.property_names[p], file.property_names[q]) != 0);
            }
        }
    } else {
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_LIMIT);
        FUZZ_REQUIRE(err.code == status.code && err.message[0]);
    }
    arena_done(&a);
    return 0;
}

/* fuzz/shape_check.h — what must hold of a boundary file that a reader accepted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_FUZZ_SHAPE_CHECK_H
#define REEVE_FUZZ_SHAPE_CHECK_H

#include "fuzz.h"
#include "read/shape.h"

#include <math.h>

static inline void check_ring(const struct shape_ring *ring)
{
    FUZZ_REQUIRE(ring->points >= 4);
    for (uint32_t i = 0; i < 2 * ring->points; i++) {
        FUZZ_REQUIRE(isfinite(ring->xy[i]));
    }
    FUZZ_REQUIRE(ring->xy[0] == ring->xy[2 * ring->points - 2]);
    FUZZ_REQUIRE(ring->xy[1] == ring->xy[2 * ring->points - 1]);
}

/* Rings of one polygon stand together, and polygons are numbered 0, 1, … */
static inline void check_rings(const struct shape_feature *f)
{
    FUZZ_REQUIRE(f->ring_count >= f->polygon_count);
    FUZZ_REQUIRE((f->ring_count == 0) == (f->polygon_count == 0));
    for (uint32_t r = 0; r < f->ring_count; r++) {
        check_ring(&f->rings[r]);
        uint32_t before = r ? f->rings[r - 1].polygon : 0;
        FUZZ_REQUIRE(f->rings[r].polygon == before || f->rings[r].polygon == before + 1);
    }
    FUZZ_REQUIRE(f->ring_count == 0 || f->rings[f->ring_count - 1].polygon == f->polygon_count - 1);
}

static inline void check_shape_file(const struct shape_file *file)
{
    FUZZ_REQUIRE(file->crs && file->crs[0]);
    for (uint32_t i = 0; i < file->count; i++) {
        check_rings(&file->features[i]);
        for (uint32_t p = 0; p < file->property_count; p++) {
            struct text t = file->features[i].properties[p];
            FUZZ_REQUIRE(text_utf8_valid(t) == t.n);
        }
    }
    for (uint32_t p = 0; p < file->property_count; p++) {
        for (uint32_t q = 0; q < p; q++) {
            FUZZ_REQUIRE(strcmp(file->property_names[p], file->property_names[q]) != 0);
        }
    }
}

#endif

/* fuzz/fuzz_geopackage.c — any bytes as a GeoPackage: refused with a sentence, or sound.
 *
 * The bytes after the first are the database, or with the first odd one geometry in well-known
 * binary: a database around it would hardly ever survive.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "read/geopackage.h"
#include "read/wkb.h"
#include "shape_check.h"

static rv_status read_input(struct arena *a, bool is_geometry, struct text bytes,
                            struct rv_err *reterr)
{
    struct shape_file file;
    struct shape_feature one = {0};
    size_t points = 0;
    if (is_geometry) {
        rv_status status = wkb_shape(a, bytes, &points, &one, reterr);
        if (rv_is_ok(status)) {
            check_rings(&one);
        }
        return status;
    }
    rv_status status = geopackage_parse(a, bytes, NULL, &file, reterr);
    if (rv_is_ok(status)) {
        check_shape_file(&file);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct text at = fuzz_input(data, size);
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    bool is_geometry = (fuzz_byte(&at) & 1) != 0;
    rv_status status = read_input(&a, is_geometry, at, &err);
    if (!rv_is_ok(status)) { /* SQLite calls some damage "out of memory" */
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_LIMIT ||
                     status.code == RV_NO_MEMORY);
        FUZZ_REQUIRE(err.code == status.code && err.message[0]);
    }
    arena_done(&a);
    return 0;
}

/* fuzz/fuzz_geojson.c — any bytes as a boundary file: refused with a sentence, or sound.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "fuzz.h"
#include "read/geojson.h"
#include "shape_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct shape_file file;
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    rv_status status = geojson_parse(&a, fuzz_input(data, size), &file, &err);
    if (rv_is_ok(status)) {
        check_shape_file(&file);
    } else {
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_LIMIT);
        FUZZ_REQUIRE(err.code == status.code && err.message[0]);
    }
    arena_done(&a);
    return 0;
}

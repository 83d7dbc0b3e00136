/* fuzz/fuzz_shapefile.c — any bytes as the five files of a shapefile: refused with a sentence, or
 * sound.
 *
 * The input begins with five lengths of two bytes (of .shp, .shx, .dbf, .prj and .cpg; 65535 = not
 * there), then the bytes of each.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz.h"
#include "read/shapefile.h"
#include "shape_check.h"

static size_t take_length(struct text *at)
{
    size_t low = fuzz_byte(at);
    return low | (size_t)fuzz_byte(at) << 8;
}

static struct text take_part(struct text *at, size_t length)
{
    if (length == 65535) {
        return (struct text){NULL, 0};
    }
    struct text part = {at->at, length < at->n ? length : at->n};
    at->at += part.n;
    at->n -= part.n;
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rv_err err = {.message = ""};
    struct text at = fuzz_input(data, size);
    struct shapefile_bytes bytes;
    struct text *parts[5] = {&bytes.shp, &bytes.shx, &bytes.dbf, &bytes.prj, &bytes.cpg};
    size_t lengths[5];
    if (size < 10) {
        return 0;
    }
    for (int i = 0; i < 5; i++) {
        lengths[i] = take_length(&at);
    }
    for (int i = 0; i < 5; i++) {
        *parts[i] = take_part(&at, lengths[i]);
    }
    struct shape_file file;
    struct arena a;
    arena_init(&a, (size_t)1 << 30);
    rv_status status = shapefile_parse(&a, &bytes, NULL, &file, &err);
    if (rv_is_ok(status)) {
        check_shape_file(&file);
    } else {
        FUZZ_REQUIRE(status.code == RV_INVALID || status.code == RV_LIMIT);
        FUZZ_REQUIRE(err.code == status.code && err.message[0]);
    }
    arena_done(&a);
    return 0;
}

/* read/geojson_crs.c — the spellings in which files declare their coordinate reference system.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/geojson_crs.h"

#include "base/text.h"

#include <string.h>

static const char *const crs84[] = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84",
                                    "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84",
                                    "CRS84"};

/* Up to the code, which follows; a version may stand between in the first and last. */
static const char *const epsg[] = {"urn:ogc:def:crs:EPSG:", "urn:x-ogc:def:crs:EPSG:", "EPSG:",
                                   "http://www.opengis.net/def/crs/EPSG/"};

static bool is_code(struct text digits)
{
    bool is = digits.n >= 1 && digits.n <= 9;
    for (size_t i = 0; i < digits.n; i++) {
        is = is && digits.at[i] >= '0' && digits.at[i] <= '9';
    }
    return is;
}

/* The digits after the last ':' or '/', when the name begins in a known way. */
static bool epsg_code(struct text name, struct text *ret)
{
    for (size_t i = 0; i < sizeof epsg / sizeof *epsg; i++) {
        size_t n = strlen(epsg[i]);
        if (name.n <= n || !text_equal_nocase((struct text){name.at, n}, text_of(epsg[i]))) {
            continue;
        }
        size_t at = name.n;
        while (at > n && name.at[at - 1] != ':' && name.at[at - 1] != '/') {
            at--;
        }
        *ret = (struct text){name.at + at, name.n - at};
        return is_code(*ret);
    }
    return false;
}

const char *geojson_crs(struct arena *a, const json_t *crs)
{
    const json_t *properties = json_object_get(crs, "properties");
    const json_t *code = json_object_get(properties, "code"); /* {"type": "EPSG"} of 2007 */
    const char *declared = json_string_value(json_object_get(properties, "name"));
    if (json_is_null(crs)) {
        return arena_printf(a, "none");
    }
    if (json_is_integer(code)) {
        return arena_printf(a, "EPSG:%" JSON_INTEGER_FORMAT, json_integer_value(code));
    }
    if (!declared) {
        return arena_printf(a, "unknown");
    }
    struct text name = text_of(declared), digits;
    for (size_t i = 0; i < sizeof crs84 / sizeof *crs84; i++) {
        if (text_equal_nocase(name, text_of(crs84[i]))) {
            return arena_printf(a, "EPSG:4326");
        }
    }
    if (epsg_code(name, &digits)) {
        return arena_printf(a, "EPSG:%.*s", (int)digits.n, digits.at);
    }
    return arena_text(a, declared, name.n);
}

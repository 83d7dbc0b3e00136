/* read/boundary.c — which reader a boundary file needs.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/boundary.h"

#include "base/file.h"
#include "read/geojson.h"
#include "read/geopackage.h"
#include "read/shapefile.h"
#include "read/source.h"

#include <stdbool.h>

enum format { FORMAT_GEOJSON, FORMAT_SHAPEFILE, FORMAT_ZIPPED, FORMAT_GEOPACKAGE };

static const char *const NAMES[] = {"GeoJSON", "a shapefile", "a zipped shapefile", "a GeoPackage"};

static rv_status recognise(const char *path, enum format *ret, struct rv_err *reterr)
{
    static const char sqlite[16] = "SQLite format 3"; /* with its NUL */
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    char head[16] = "";
    size_t n = 0;
    RV_TRY(source_open(path, &source, reterr));
    source_skip_sha256(source);
    RV_TRY(source_read(source, head, sizeof head, &n, reterr));
    *ret = n == sizeof sqlite && memcmp(head, sqlite, n) == 0 ? FORMAT_GEOPACKAGE
           : n >= 4 && memcmp(head, "\0\0\x27\x0A", 4) == 0   ? FORMAT_SHAPEFILE
           : n >= 4 && memcmp(head, "PK\3\4", 4) == 0         ? FORMAT_ZIPPED
                                                              : FORMAT_GEOJSON;
    return rv_ok();
}

static rv_status refuse_option(const char *option, const char *value, enum format format,
                               const char *path, struct rv_err *reterr)
{
    return value ? rv_fail(reterr, RV_INVALID, "%s is %s, for which %s says nothing: leave it out",
                           file_base_name(path), NAMES[format], option)
                 : rv_ok();
}

/* A GeoJSON file without a `crs` is in EPSG:4326 by its standard, which is a declaration. */
static rv_status settle_crs(const struct boundary_options *options, const char *path,
                            struct shape_file *file, struct rv_err *reterr)
{
    const char *said = options ? options->crs : NULL;
    if (!said || strcmp(said, file->crs) == 0) {
        return rv_ok();
    }
    if (strcmp(file->crs, "none") != 0) {
        return rv_fail(reterr, RV_INVALID,
                       "%s declares that it is in %.80s, not in %.40s: leave --crs out, or correct "
                       "the file",
                       file_base_name(path), file->crs, said);
    }
    file->crs = said;
    return rv_ok();
}

rv_status boundary_read(struct arena *a, const char *path, const struct boundary_options *options,
                        struct shape_file *ret, char *sha256_or_null, struct rv_err *reterr)
{
    static const struct boundary_options none = {NULL, NULL, NULL};
    const struct boundary_options *o = options ? options : &none;
    enum format format = FORMAT_GEOJSON;
    struct shape_file file;
    RV_TRY(recognise(path, &format, reterr));
    if (format != FORMAT_GEOPACKAGE) {
        RV_TRY(refuse_option("--table", o->table, format, path, reterr));
    }
    if (format != FORMAT_SHAPEFILE && format != FORMAT_ZIPPED) {
        RV_TRY(refuse_option("--encoding", o->encoding, format, path, reterr));
    }
    if (format == FORMAT_GEOPACKAGE) {
        RV_TRY(geopackage_read(a, path, o, &file, sha256_or_null, reterr));
    } else if (format == FORMAT_SHAPEFILE) {
        RV_TRY(shapefile_read(a, path, o, &file, sha256_or_null, reterr));
    } else if (format == FORMAT_ZIPPED) {
        RV_TRY(shapefile_read_zipped(a, path, o, &file, sha256_or_null, reterr));
    } else {
        RV_TRY(geojson_read(a, path, &file, sha256_or_null, reterr));
    }
    RV_TRY(settle_crs(o, path, &file, reterr));
    *ret = file;
    return rv_ok();
}

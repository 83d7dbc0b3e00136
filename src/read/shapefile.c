/* read/shapefile.c — shapes of a shapefile, each checked before shapelib reads it.
 *
 * The index says where a record lies, the record says which one it is, how long it is and how many
 * points it has: all must agree with each other and with the size of the file, so that neither
 * memory nor time is spent on what a damaged or hostile file claims.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/shapefile.h"

#include "base/limits.h"
#include "read/rings.h"
#include "read/shapefile_parts.h"
#include "read/wkt.h"

#include <inttypes.h>
#include <math.h>

#define FILE_CODE     9994
#define HEADER_BYTES  100
#define INDEX_BYTES   8  /* of one record in the .shx */
#define RECORD_HEADER 8  /* number and length, big-endian */
#define POLYGON_BYTES 44 /* type, box, numbers of parts and points */

struct reading {
    struct arena *arena;
    struct parts *parts;
    SHPHandle handle;
    uint32_t type; /* of the whole file */
    size_t points;
    struct shape_file file;
};

static void shp_closep(SHPHandle *handle)
{
    SHPClose(*handle);
}

static void object_closep(SHPObject **object)
{
    if (*object) {
        SHPDestroyObject(*object);
    }
}

/* ---- headers ---- */

/* A header of 100 bytes: the file code, and a length within the file's size. */
static rv_status check_header(struct reading *r, enum part_name name, const char *suffix,
                              uint32_t *ret_type, struct rv_err *reterr)
{
    unsigned char h[HEADER_BYTES];
    if (!r->parts->part[name].is_there) {
        return rv_fail(reterr, RV_INVALID,
                       "the %s is not there: a shapefile is several files; keep the .shp, .shx, "
                       ".dbf and .prj side by side",
                       suffix);
    }
    if (!part_read(r->parts, name, 0, h, sizeof h) || big_endian_32(h) != FILE_CODE) {
        return rv_fail(reterr, r->parts->has_failed ? RV_IO : RV_INVALID,
                       "the %s does not begin as one does: export it again", suffix);
    }
    if (2 * (uint64_t)big_endian_32(h + 24) > r->parts->part[name].size) {
        return rv_fail(reterr, RV_INVALID,
                       "the %s breaks off: it says it has %" PRIu64 " bytes and has %" PRIu64
                       "; ask the sender for the file again",
                       suffix, 2 * (uint64_t)big_endian_32(h + 24), r->parts->part[name].size);
    }
    *ret_type = little_endian_32(h + 32);
    return rv_ok();
}

static bool is_polygon_type(uint32_t type)
{
    return type == SHPT_POLYGON || type == SHPT_POLYGONZ || type == SHPT_POLYGONM;
}

static rv_status check_headers(struct reading *r, struct rv_err *reterr)
{
    uint32_t ignored = 0;
    RV_TRY(check_header(r, PART_SHP, ".shp", &r->type, reterr));
    RV_TRY(check_header(r, PART_SHX, ".shx", &ignored, reterr));
    if (!is_polygon_type(r->type)) {
        return rv_fail(reterr, RV_INVALID, "holds %s: a boundary file has areas only",
                       r->type == SHPT_NULL ? "no shapes"
                       : r->type == SHPT_POINT || r->type == SHPT_POINTZ || r->type == SHPT_POINTM
                           ? "points"
                       : r->type == SHPT_ARC || r->type == SHPT_ARCZ || r->type == SHPT_ARCM
                           ? "lines"
                           : "shapes that are no areas");
    }
    if ((r->parts->part[PART_SHX].size - HEADER_BYTES) / INDEX_BYTES > LIMIT_FEATURES) {
        return rv_fail(reterr, RV_LIMIT, "more than %zu areas", LIMIT_FEATURES);
    }
    return rv_ok();
}

/* ---- one shape ---- */

static rv_status fail_shape(uint32_t i, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "feature %" PRIu32 " %s", i + 1, what);
}

static rv_status check_record(struct reading *r, uint32_t i, bool *ret_is_null,
                              struct rv_err *reterr)
{
    unsigned char h[RECORD_HEADER + POLYGON_BYTES];
    uint64_t at = r->handle->panRecOffset[i], size = r->handle->panRecSize[i];
    size_t known = size < POLYGON_BYTES ? 4 : POLYGON_BYTES;
    bool is_there = size >= 4 && at >= HEADER_BYTES && at <= r->parts->part[PART_SHP].size &&
                    size + RECORD_HEADER <= r->parts->part[PART_SHP].size - at &&
                    part_read(r->parts, PART_SHP, at, h, RECORD_HEADER + known);
    if (!is_there || big_endian_32(h) != i + 1 || 2 * (uint64_t)big_endian_32(h + 4) != size) {
        return fail_shape(i,
                          "is not where the .shx says: the files do not belong together or are "
                          "damaged; export the whole set again",
                          reterr);
    }
    uint32_t type = little_endian_32(h + RECORD_HEADER);
    *ret_is_null = type == SHPT_NULL;
    if (type == SHPT_NULL && size < POLYGON_BYTES) {
        return rv_ok();
    }
    uint64_t parts = little_endian_32(h + RECORD_HEADER + 36),
             points = little_endian_32(h + RECORD_HEADER + 40);
    if (type != r->type || size < POLYGON_BYTES || POLYGON_BYTES + 4 * parts + 16 * points > size) {
        return fail_shape(i, "says it has more points than its record: export the file again",
                          reterr);
    }
    if (points > LIMIT_GEOMETRY_POINTS - r->points) {
        return rv_fail(reterr, RV_LIMIT, "more than %zu points; simplify the boundaries",
                       LIMIT_GEOMETRY_POINTS);
    }
    r->points += points;
    *ret_is_null = parts == 0;
    return rv_ok();
}

static rv_status read_ring(struct reading *r, uint32_t i, const SHPObject *o, int part,
                           struct shape_ring *ret, struct rv_err *reterr)
{
    int from = o->panPartStart[part];
    int to = part + 1 < o->nParts ? o->panPartStart[part + 1] : o->nVertices;
    if (from < 0 || to > o->nVertices || to - from < 4) {
        return fail_shape(i, "has a ring of fewer than 4 points; a closed ring has at least 4",
                          reterr);
    }
    size_t n = (size_t)(to - from);
    double *xy = ARENA_NEW(r->arena, double, 2 * n);
    if (!xy) {
        return arena_fail(r->arena, reterr);
    }
    for (size_t k = 0; k < n; k++) {
        xy[2 * k] = o->padfX[from + (int)k];
        xy[2 * k + 1] = o->padfY[from + (int)k];
        if (!isfinite(xy[2 * k]) || !isfinite(xy[2 * k + 1])) {
            return fail_shape(i, "has a coordinate that is not finite", reterr);
        }
    }
    if (xy[0] != xy[2 * n - 2] || xy[1] != xy[2 * n - 1]) {
        return fail_shape(i, "has a ring whose last point is not its first", reterr);
    }
    *ret = (struct shape_ring){xy, (uint32_t)n, 0};
    return rv_ok();
}

static rv_status read_shape(struct reading *r, uint32_t i, struct rv_err *reterr)
{
    struct shape_feature *f = &r->file.features[i];
    bool is_null = false;
    RV_TRY(check_record(r, i, &is_null, reterr));
    if (is_null) {
        return rv_ok();
    }
    r->parts->message[0] = '\0';
    RV_CLEANUP(object_closep) SHPObject *o = SHPReadObject(r->handle, (int)i);
    if (!o) {
        return rv_fail(reterr, r->parts->has_failed ? RV_IO : RV_INVALID,
                       "feature %" PRIu32 " cannot be read (%s): export the file again", i + 1,
                       r->parts->message[0] ? r->parts->message : "out of memory");
    }
    f->rings = ARENA_NEW(r->arena, struct shape_ring, (size_t)o->nParts);
    if (!f->rings) {
        return arena_fail(r->arena, reterr);
    }
    for (int part = 0; part < o->nParts; part++) {
        RV_TRY(read_ring(r, i, o, part, &f->rings[part], reterr));
        f->ring_count++;
    }
    struct rv_err why;
    rv_status status = rings_to_polygons(r->arena, f, &why);
    return rv_is_ok(status)
               ? status
               : rv_fail(reterr, status.code, "feature %" PRIu32 " %s", i + 1, why.message);
}

/* ---- the whole ---- */

static rv_status read_shapes(struct reading *r, struct rv_err *reterr)
{
    SAHooks hooks;
    parts_hooks(r->parts, &hooks);
    RV_CLEANUP(shp_closep) SHPHandle handle = SHPOpenLL("areas.shp", "rb", &hooks);
    if (!handle) {
        return rv_fail(reterr, r->parts->has_failed ? RV_IO : RV_INVALID,
                       "the .shp or the .shx cannot be read (%s): export the file again",
                       r->parts->message[0] ? r->parts->message : "out of memory");
    }
    r->handle = handle;
    int count = 0, type = 0;
    SHPGetInfo(handle, &count, &type, NULL, NULL);
    if (count < 0 || (size_t)count > LIMIT_FEATURES) {
        return rv_fail(reterr, RV_LIMIT, "more than %zu areas", LIMIT_FEATURES);
    }
    r->file.count = (uint32_t)count;
    r->file.features = ARENA_NEW(r->arena, struct shape_feature, (size_t)count);
    if (!r->file.features) {
        return arena_fail(r->arena, reterr);
    }
    for (uint32_t i = 0; i < r->file.count; i++) {
        RV_TRY(read_shape(r, i, reterr));
    }
    return rv_ok();
}

static rv_status read_crs(struct reading *r, struct rv_err *reterr)
{
    struct text wkt;
    RV_TRY(part_text(r->parts, r->arena, PART_PRJ, &wkt, reterr));
    r->file.crs = wkt.n ? wkt_crs(r->arena, wkt) : arena_text(r->arena, "none", 4);
    return r->file.crs ? rv_ok() : arena_fail(r->arena, reterr);
}

/* What the person says; else the .cpg; else the language driver in the .dbf's own header. */
static rv_status find_code_page(struct reading *r, const struct boundary_options *options,
                                struct code_page *ret, struct rv_err *reterr)
{
    struct text name;
    unsigned char driver = 0;
    ret->kind = CODE_PAGE_UNKNOWN;
    RV_TRY(part_text(r->parts, r->arena, PART_CPG, &name, reterr));
    if (options && options->encoding) {
        name = text_of(options->encoding);
    }
    if (text_trim(name).n > 0) {
        return code_page_find(name, ret)
                   ? rv_ok()
                   : rv_fail(
                         reterr, RV_INVALID,
                         "the encoding \"%.*s\" is not one that is read here: say which it is with "
                         "--encoding, such as UTF-8, ISO-8859-1 or windows-1252",
                         (int)text_utf8_valid((struct text){name.at, name.n < 40 ? name.n : 40}),
                         name.at);
    }
    /* 3, 87 and 88: Windows ANSI and its Western European variants.
     * Source: the language drivers of dBASE, as ArcGIS writes them. */
    if (part_read(r->parts, PART_DBF, 29, &driver, 1) &&
        (driver == 0x03 || driver == 0x57 || driver == 0x58)) {
        (void)code_page_find(text_of("windows-1252"), ret);
    }
    return rv_ok();
}

static rv_status read_parts(struct parts *parts, struct arena *a,
                            const struct boundary_options *options, struct shape_file *ret,
                            struct rv_err *reterr)
{
    struct reading r = {.arena = a, .parts = parts};
    struct code_page page;
    RV_TRY(check_headers(&r, reterr));
    RV_TRY(read_crs(&r, reterr));
    RV_TRY(find_code_page(&r, options, &page, reterr));
    RV_TRY(read_shapes(&r, reterr));
    RV_TRY(table_read(parts, a, &page, &r.file, reterr));
    *ret = r.file;
    return rv_ok();
}

rv_status shapefile_parse(struct arena *a, const struct shapefile_bytes *bytes,
                          const struct boundary_options *options, struct shape_file *ret,
                          struct rv_err *reterr)
{
    RV_CLEANUP(parts_done) struct parts parts = {.message = ""};
    parts_from_bytes(&parts, bytes);
    return read_parts(&parts, a, options, ret, reterr);
}

rv_status shapefile_read(struct arena *a, const char *path, const struct boundary_options *options,
                         struct shape_file *ret, char *sha256_or_null, struct rv_err *reterr)
{
    if (!text_ends(text_of(path), ".shp") && !text_ends(text_of(path), ".SHP")) {
        return rv_fail(reterr, RV_INVALID, "%s: the name of a shapefile ends in .shp", path);
    }
    RV_CLEANUP(parts_done) struct parts parts = {.message = ""};
    struct shape_file got;
    struct rv_err why;
    RV_TRY(parts_open(&parts, path, reterr));
    rv_status status = read_parts(&parts, a, options, &got, &why);
    if (rv_is_ok(status) && sha256_or_null) {
        status = parts_sha256(&parts, sha256_or_null, &why);
    }
    if (rv_is_ok(status)) {
        status = parts_check(&parts, &why);
    }
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s: %s", path, why.message);
    }
    *ret = got;
    return rv_ok();
}

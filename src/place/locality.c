/* place/locality.c — a table of members to the shapes of localities.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/locality.h"

#include "base/file.h"
#include "base/limits.h"
#include "read/csv_rows.h"

#include <stdlib.h>
#include <string.h>

struct member {
    struct text locality;
    uint32_t area; /* position in the layer */
    int64_t line;
};

struct reading {
    struct arena *arena;
    const char *file_name;
    const struct areas_options *options;
    const struct layer *layer;
    struct member *members;
    size_t count, capacity;
    size_t code, name; /* columns */
    bool has_header;
    int64_t *line_of; /* [areas of the layer] where it was named; 0 = not yet */
};

/* ---- the table ---- */

static rv_status find_column(const struct reading *r, const struct text *cells, size_t n,
                             const char *option, const char *wanted, size_t *ret,
                             struct rv_err *reterr)
{
    for (size_t i = 0; i < n; i++) {
        if (text_is(text_trim(cells[i]), wanted)) {
            *ret = i;
            return rv_ok();
        }
    }
    RV_CLEANUP(buf_done) struct buf list;
    buf_init(&list, 700);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&list, "%s%.*s", i ? ", " : "", (int)cells[i].n, cells[i].at);
    }
    return rv_fail(reterr, RV_INVALID, "%s has no column \"%.60s\" (%s): it has %s", r->file_name,
                   wanted, option, list.n && !list.failed ? list.bytes : "too many to list");
}

static rv_status grow(struct reading *r, struct rv_err *reterr)
{
    if (r->count < r->capacity) {
        return rv_ok();
    }
    struct member *more = ARENA_NEW(r->arena, struct member, r->capacity * 2 + 256);
    if (!more) {
        return arena_fail(r->arena, reterr);
    }
    if (r->count) {
        memcpy(more, r->members, r->count * sizeof *more);
    }
    r->members = more;
    r->capacity = r->capacity * 2 + 256;
    return rv_ok();
}

static rv_status take_row(struct reading *r, const struct text *cells, size_t n, int64_t line,
                          struct rv_err *reterr)
{
    const struct layer *l = r->layer;
    struct text empty = {"", 0};
    struct text code = r->code < n ? text_trim(cells[r->code]) : empty;
    struct text name = r->name < n ? text_trim(cells[r->name]) : empty;
    if (code.n == 0 || name.n == 0) {
        return rv_fail(reterr, RV_INVALID,
                       "%s line %lld: column %s is empty: every row names a %s and its locality",
                       r->file_name, (long long)line,
                       code.n == 0 ? r->options->code_column : r->options->name_column, l->type);
    }
    uint32_t placed = layer_find(l, code);
    if (placed == 0) {
        return rv_fail(
            reterr, RV_INVALID,
            "%s line %lld: column %s: there is no %s \"%.*s\" of vintage %s: correct the "
            "code, or name the layer of these codes with --of",
            r->file_name, (long long)line, r->options->code_column, l->type,
            (int)(code.n < 60 ? code.n : 60), code.at, l->vintage);
    }
    if (r->line_of[placed - 1]) {
        return rv_fail(reterr, RV_INVALID,
                       "%s line %lld: the %s %s is in line %lld already: an area belongs to one "
                       "locality, once, or it would be counted twice",
                       r->file_name, (long long)line, l->type, l->areas[placed - 1].code,
                       (long long)r->line_of[placed - 1]);
    }
    RV_TRY(grow(r, reterr));
    const char *kept = arena_text(r->arena, name.at, name.n);
    if (!kept) {
        return arena_fail(r->arena, reterr);
    }
    r->line_of[placed - 1] = line;
    r->members[r->count++] = (struct member){{kept, name.n}, placed - 1, line};
    return rv_ok();
}

static rv_status take_record(void *context, const struct text *cells, size_t n, int64_t line,
                             struct rv_err *reterr)
{
    struct reading *r = context;
    if (r->has_header) {
        return take_row(r, cells, n, line, reterr);
    }
    r->has_header = true;
    RV_TRY(find_column(r, cells, n, "--code", r->options->code_column, &r->code, reterr));
    return find_column(r, cells, n, "--name", r->options->name_column, &r->name, reterr);
}

static rv_status read_table(struct reading *r, const char *path, char *sha256,
                            struct rv_err *reterr)
{
    RV_TRY(csv_rows(r->arena, path, r->file_name, take_record, r, sha256, reterr));
    return r->count > 0 ? rv_ok() : rv_fail(reterr, RV_INVALID, "%s names no areas", r->file_name);
}

/* ---- the shapes ---- */

static int by_locality(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = text_compare(x->locality, y->locality);
    return order ? order : (x->area > y->area) - (x->area < y->area);
}

static rv_status fail_memory(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory joining the shapes of a locality");
}

/* The members' shapes in one, in millimetres. */
static rv_status join(struct arena *a, struct geos *g, const struct member *members, size_t n,
                      const struct text *wkb, GEOSGeometry **ret, struct rv_err *reterr)
{
    GEOSGeometry **shapes = ARENA_NEW(a, GEOSGeometry *, n);
    if (!shapes) {
        return arena_fail(a, reterr);
    }
    rv_status status = rv_ok();
    size_t made = 0;
    while (made < n && rv_is_ok(status)) {
        status = geometry_from_wkb(g, wkb[members[made].area], &shapes[made], reterr);
        made += rv_is_ok(status) ? 1 : 0;
    }
    GEOSGeometry *all =
        rv_is_ok(status)
            ? GEOSGeom_createCollection_r(g->handle, GEOS_GEOMETRYCOLLECTION, shapes, (unsigned)n)
            : NULL;
    for (size_t i = 0; i < made && !all; i++) { /* a collection owns them */
        GEOSGeom_destroy_r(g->handle, shapes[i]);
    }
    RV_TRY(status);
    *ret = all ? GEOSUnaryUnion_r(g->handle, all) : NULL;
    GEOSGeom_destroy_r(g->handle, all);
    return *ret ? rv_ok() : fail_memory(reterr);
}

/* Rings in metres; those of one polygon share its number. */
static rv_status take_rings(struct arena *a, struct geos *g, const GEOSGeometry *shape,
                            struct shape_feature *f, struct rv_err *reterr)
{
    int polygons = GEOSGetNumGeometries_r(g->handle, shape);
    struct geometry_rings all = {0};
    RV_TRY(geometry_rings(g, a, shape, &all, reterr));
    f->rings = ARENA_NEW(a, struct shape_ring, all.count);
    if (!f->rings) {
        return arena_fail(a, reterr);
    }
    for (int p = 0; p < polygons; p++) {
        struct geometry_rings rings = {0};
        RV_TRY(geometry_rings(g, a, GEOSGetGeometryN_r(g->handle, shape, p), &rings, reterr));
        for (uint32_t i = 0; i < rings.count; i++) {
            uint32_t points = rings.starts[i + 1] - rings.starts[i];
            double *xy = rings.xy + 2 * (size_t)rings.starts[i];
            for (size_t k = 0; k < 2 * (size_t)points; k++) {
                xy[k] /= 1000;
            }
            f->rings[f->ring_count++] = (struct shape_ring){xy, points, f->polygon_count};
        }
        f->polygon_count++;
    }
    return rv_ok();
}

static rv_status make_feature(struct arena *a, struct geos *g, const struct member *members,
                              size_t n, const struct text *wkb, struct shape_feature *ret,
                              struct rv_err *reterr)
{
    ret->properties = ARENA_NEW(a, struct text, 2);
    if (!ret->properties) {
        return arena_fail(a, reterr);
    }
    ret->properties[0] = ret->properties[1] = members[0].locality;
    GEOSGeometry *shape = NULL;
    RV_TRY(join(a, g, members, n, wkb, &shape, reterr));
    rv_status status = take_rings(a, g, shape, ret, reterr);
    GEOSGeom_destroy_r(g->handle, shape);
    return status;
}

rv_status locality_read(struct store *s, struct arena *a, struct geos *g, const char *path,
                        const struct areas_options *options, const struct layer *members,
                        struct shape_file *ret, char *sha256, struct rv_err *reterr)
{
    struct reading r = {.arena = a,
                        .file_name = file_base_name(path),
                        .options = options,
                        .layer = members,
                        .line_of = ARENA_NEW(a, int64_t, members->count)};
    struct shape_file file = {.property_count = 2, .crs = "EPSG:27700"};
    struct text *wkb = NULL;
    file.property_names = ARENA_NEW(a, const char *, 2);
    if (!r.line_of || !file.property_names) {
        return arena_fail(a, reterr);
    }
    file.property_names[0] = options->code_column;
    file.property_names[1] = options->name_column;
    RV_TRY(read_table(&r, path, sha256, reterr));
    RV_TRY(layer_geometry(s, a, members, &wkb, reterr));
    qsort(r.members, r.count, sizeof *r.members, by_locality);
    file.features = ARENA_NEW(a, struct shape_feature, r.count);
    if (!file.features) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0, end; i < r.count; i = end) {
        for (end = i; end < r.count && text_equal(r.members[end].locality, r.members[i].locality);
             end++) {
        }
        RV_TRY(
            make_feature(a, g, &r.members[i], end - i, wkb, &file.features[file.count++], reterr));
    }
    *ret = file;
    return rv_ok();
}

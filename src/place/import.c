/* place/import.c — a boundary file becomes a layer: checked, projected, repaired, stored.
 *
 * Everything that can fail for the file's sake happens before the transaction begins.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/hash.h"
#include "place/areas.h"
#include "place/geometry.h"
#include "place/locality.h"
#include "place/placing.h"
#include "place/project.h"
#include "place/relate.h"
#include "place/vintage.h"
#include "read/boundary.h"
#include "store/sql_id.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_NAME 40 /* bytes of a type or a vintage */

struct draft_area {
    const char *code, *name, *note;
    uint32_t feature; /* from 1, as the file has them */
    struct geometry_facts facts;
    struct text wkb;
};

struct import {
    struct arena *arena;
    const struct areas_options *options;
    const char *file_name;
    struct shape_file file;
    char sha256[SHA256_HEX + 1];
    bool is_grid;                /* already British National Grid */
    struct projector *projector; /* NULL when is_grid */
    struct geos geos;
    struct draft_area *areas; /* in order of code */
    const char *pipeline;
    double accuracy_m;
    int64_t members; /* layer of the members of localities; 0 = none */
};

static void import_done(struct import *in)
{
    projector_close(in->projector);
    geos_done(&in->geos);
}

/* ---- what was asked for ---- */

static bool is_plain_name(const char *name)
{
    size_t n = name ? strlen(name) : 0;
    if (n == 0 || n > MOST_NAME || name[0] == '-' || name[0] == '.') {
        return false;
    }
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == n;
}

static rv_status check_options(const struct areas_options *o, struct rv_err *reterr)
{
    if (!is_plain_name(o->type)) {
        return rv_fail(reterr, RV_INVALID,
                       "--type takes a word such as borough, ward or lsoa, not \"%.60s\"",
                       o->type ? o->type : "");
    }
    if (!is_plain_name(o->vintage) || vintage_month(text_of(o->vintage)) == INT32_MIN) {
        return rv_fail(reterr, RV_INVALID,
                       "--vintage takes the year or month from which the boundaries hold, such as "
                       "2018 or 2022-05, not \"%.60s\"",
                       o->vintage ? o->vintage : "");
    }
    return rv_ok();
}

static rv_status refuse_same(struct store *s, struct arena *a, const struct areas_options *o,
                             struct rv_err *reterr)
{
    struct layer *layers = NULL;
    size_t count = 0;
    RV_TRY(layers_load(s, a, &layers, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        const struct layer *l = &layers[i];
        if (strcmp(l->type, o->type) == 0 && strcmp(l->vintage, o->vintage) == 0) {
            return rv_fail(reterr, RV_REFUSED,
                           "the layer %s %s is already held (%u areas from %s, imported %s); give "
                           "other boundaries another --vintage, such as %s-b, or begin a new file "
                           "with 'reeve new'",
                           l->type, l->vintage, l->count, l->file_name, l->imported_at, l->vintage);
        }
    }
    return rv_ok();
}

/* ---- codes and names ---- */

static rv_status fail_column(const struct import *in, const char *option, const char *name,
                             struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf list;
    buf_init(&list, 700);
    for (uint32_t i = 0; i < in->file.property_count; i++) {
        buf_printf(&list, "%s%s", i ? ", " : "", in->file.property_names[i]);
    }
    return rv_fail(reterr, RV_INVALID, "%s has no property \"%.60s\" (%s): its features have %s%s",
                   in->file_name, name ? name : "", option, list.n ? list.bytes : "no properties",
                   list.failed ? ", …" : "");
}

static rv_status find_column(const struct import *in, const char *option, const char *name,
                             uint32_t *ret, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < in->file.property_count; i++) {
        if (name && strcmp(in->file.property_names[i], name) == 0) {
            *ret = i;
            return rv_ok();
        }
    }
    return fail_column(in, option, name, reterr);
}

static int by_code(const void *a, const void *b)
{
    const struct draft_area *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : x->feature < y->feature ? -1 : 1;
}

/* Two features with one code are refused, not merged: they are as often a wrong column as the
 * parts of one area, and a GIS dissolves parts in one step. */
static rv_status check_unique(const struct import *in, struct rv_err *reterr)
{
    for (uint32_t i = 1; i < in->file.count; i++) {
        const struct draft_area *x = &in->areas[i - 1], *y = &in->areas[i];
        if (strcmp(x->code, y->code) == 0) {
            return rv_fail(reterr, RV_INVALID,
                           "features %u and %u of %s both have the code \"%.60s\" (column %s): "
                           "choose the column that identifies areas, or dissolve the parts of an "
                           "area into one feature first",
                           x->feature, y->feature, in->file_name, x->code,
                           in->options->code_column);
        }
    }
    return rv_ok();
}

static rv_status read_codes(struct import *in, struct rv_err *reterr)
{
    uint32_t code = 0, name = 0;
    RV_TRY(find_column(in, "--code", in->options->code_column, &code, reterr));
    RV_TRY(find_column(in, "--name", in->options->name_column, &name, reterr));
    in->areas = ARENA_NEW(in->arena, struct draft_area, in->file.count);
    if (!in->areas) {
        return arena_fail(in->arena, reterr);
    }
    for (uint32_t i = 0; i < in->file.count; i++) {
        struct text c = text_trim(in->file.features[i].properties[code]);
        struct text n = text_trim(in->file.features[i].properties[name]);
        if (c.n == 0) {
            return rv_fail(reterr, RV_INVALID,
                           "feature %u of %s has no code in column %s: every area needs one", i + 1,
                           in->file_name, in->options->code_column);
        }
        if (n.n == 0) {
            n = c;
        }
        in->areas[i].feature = i + 1;
        in->areas[i].code = arena_text(in->arena, c.at, c.n);
        in->areas[i].name = arena_text(in->arena, n.at, n.n);
        if (!in->areas[i].code || !in->areas[i].name) {
            return arena_fail(in->arena, reterr);
        }
    }
    qsort(in->areas, in->file.count, sizeof *in->areas, by_code);
    return check_unique(in, reterr);
}

/* ---- coordinates ---- */

static rv_status open_projection(struct import *in, struct rv_err *reterr)
{
    in->pipeline = "";
    if (strcmp(in->file.crs, "EPSG:27700") == 0) {
        in->is_grid = true;
        return rv_ok();
    }
    if (strcmp(in->file.crs, "none") == 0) {
        return rv_fail(
            reterr, RV_INVALID,
            "%s does not say in which coordinate system it is%s: ask the sender, then "
            "give --crs EPSG:27700 (British National Grid) or --crs EPSG:4326 (longitude "
            "and latitude)",
            in->file_name,
            text_ends(text_of(in->file_name), ".shp") ? " (its .prj file is missing)" : "");
    }
    if (strcmp(in->file.crs, "EPSG:4326") != 0) {
        return rv_fail(reterr, RV_INVALID,
                       "%s is in %.80s: Reeve reads boundaries in EPSG:4326 (longitude and "
                       "latitude) and EPSG:27700 (British National Grid); convert it first, for "
                       "example with ogr2ogr -t_srs EPSG:4326",
                       in->file_name, in->file.crs);
    }
    RV_TRY(projector_open(&in->projector, reterr));
    in->pipeline = projector_pipeline(in->projector);
    in->accuracy_m = projector_accuracy_m(in->projector);
    return rv_ok();
}

/* The first 180 by 90 metres of the grid are open sea south-west of Scilly: degrees. */
static bool looks_like_degrees(double x, double y)
{
    return fabs(x) <= 180 && fabs(y) <= 90;
}

static rv_status fail_place(const struct import *in, const struct draft_area *area, double x,
                            double y, struct rv_err *reterr)
{
    const char *why = "is outside Great Britain";
    if (in->is_grid && looks_like_degrees(x, y)) {
        why = "looks like degrees, but the file declares metres (EPSG:27700): correct the "
              "declaration";
    } else if (!in->is_grid && !looks_like_degrees(x, y)) {
        why = "looks like metres, but the file declares degrees (as a GeoJSON file without \"crs\" "
              "does): declare EPSG:27700 if that is what they are";
    } else if (!in->is_grid && x >= 49 && x <= 61.5 && y >= -9 && y <= 3) {
        why = "has latitude and longitude the wrong way round: longitude comes first";
    }
    return rv_fail(reterr, RV_INVALID, "feature %u (%.60s) of %s: the coordinate %.12g, %.12g %s",
                   area->feature, area->code, in->file_name, x, y, why);
}

/* To whole millimetres, so that neighbours that share a corner in the file share it exactly. */
static rv_status to_grid(const struct import *in, const struct draft_area *area, double *xy,
                         struct rv_err *reterr)
{
    double e = xy[0], n = xy[1];
    bool is_known =
        in->is_grid ? e >= 0 && e <= 700000 && n >= 0 && n <= 1300000 && !looks_like_degrees(e, n)
                    : project_to_grid(in->projector, xy[0], xy[1], &e, &n);
    if (!is_known) {
        return fail_place(in, area, xy[0], xy[1], reterr);
    }
    xy[0] = nearbyint(e * 1000) / 1000;
    xy[1] = nearbyint(n * 1000) / 1000;
    return rv_ok();
}

/* ---- shapes ---- */

/* Names the feature in a failure of geometry. */
static rv_status fail_feature(const struct import *in, const struct draft_area *area,
                              const struct rv_err *why, struct rv_err *reterr)
{
    return rv_fail(reterr, why->code, "feature %u (%.60s) of %s: %.700s", area->feature, area->code,
                   in->file_name, why->message);
}

static rv_status settle_shape(struct import *in, struct draft_area *area, GEOSGeometry **shape,
                              struct rv_err *reterr)
{
    struct rv_err why;
    const char *note = NULL;
    if (!rv_is_ok(geometry_repair(&in->geos, in->arena, shape, &note, &why)) ||
        !rv_is_ok(geometry_measure(&in->geos, *shape, &area->facts, &why)) ||
        !rv_is_ok(geometry_to_wkb(&in->geos, in->arena, *shape, &area->wkb, &why))) {
        return fail_feature(in, area, &why, reterr);
    }
    area->note = note ? note : "";
    return rv_ok();
}

static rv_status ring_to_grid(const struct import *in, const struct draft_area *area,
                              struct shape_ring *ring, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < ring->points; i++) {
        RV_TRY(to_grid(in, area, ring->xy + 2 * (size_t)i, reterr));
    }
    return rv_ok();
}

static rv_status shape_area(struct import *in, struct draft_area *area, struct rv_err *reterr)
{
    const struct shape_feature *feature = &in->file.features[area->feature - 1];
    if (feature->ring_count == 0) {
        return rv_fail(reterr, RV_INVALID,
                       "feature %u (%.60s) of %s has no boundary: remove it or give it one",
                       area->feature, area->code, in->file_name);
    }
    struct geometry_ring *rings = ARENA_NEW(in->arena, struct geometry_ring, feature->ring_count);
    if (!rings) {
        return arena_fail(in->arena, reterr);
    }
    for (uint32_t r = 0; r < feature->ring_count; r++) {
        struct shape_ring *ring = &feature->rings[r];
        RV_TRY(ring_to_grid(in, area, ring, reterr));
        rings[r] = (struct geometry_ring){ring->xy, ring->points, ring->polygon};
    }
    struct rv_err why;
    GEOSGeometry *shape = NULL;
    if (!rv_is_ok(geometry_build(&in->geos, in->arena, rings, feature->ring_count, &shape, &why))) {
        return fail_feature(in, area, &why, reterr);
    }
    rv_status status = settle_shape(in, area, &shape, reterr);
    GEOSGeom_destroy_r(in->geos.handle, shape);
    return status;
}

/* ---- storing ---- */

static rv_status insert_layer(struct store *s, const struct import *in, const char *now_utc,
                              int64_t *ret, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_AREA_LAYER_INSERT, &st, reterr));
    stmt_bind_string(st, ":type", in->options->type);
    stmt_bind_string(st, ":vintage", in->options->vintage);
    stmt_bind_string(st, ":file_name", in->file_name);
    stmt_bind_string(st, ":sha256", in->sha256);
    stmt_bind_string(st, ":imported_at", now_utc);
    stmt_bind_string(st, ":crs", in->file.crs);
    stmt_bind_string(st, ":pipeline", in->pipeline);
    stmt_bind_real(st, ":accuracy_m", in->accuracy_m);
    RV_TRY(stmt_run(st, reterr));
    *ret = store_last_id(s);
    if (in->members) {
        RV_TRY(store_prepare(s, SQL_AREA_LAYER_MEMBER_INSERT, &st, reterr));
        stmt_bind_int(st, ":layer", *ret);
        stmt_bind_int(st, ":member", in->members);
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

static rv_status insert_areas(struct store *s, const struct import *in, int64_t layer,
                              struct rv_err *reterr)
{
    for (uint32_t i = 0; i < in->file.count; i++) {
        const struct draft_area *area = &in->areas[i];
        struct stmt *st = NULL;
        RV_TRY(store_prepare(s, SQL_AREA_INSERT, &st, reterr));
        stmt_bind_int(st, ":layer", layer);
        stmt_bind_int(st, ":position", i);
        stmt_bind_string(st, ":code", area->code);
        stmt_bind_string(st, ":name", area->name);
        stmt_bind_string(st, ":note", area->note);
        stmt_bind_real(st, ":area_m2", area->facts.area_m2);
        stmt_bind_real(st, ":point_e", area->facts.point_e);
        stmt_bind_real(st, ":point_n", area->facts.point_n);
        stmt_bind_blob(st, ":geometry", area->wkb.at, area->wkb.n);
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

static rv_status read_totals(struct store *s, int64_t layer, struct areas_report *report,
                             struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool row = false;
    RV_TRY(store_prepare(s, SQL_PLACEMENT_TOTALS, &st, reterr));
    stmt_bind_int(st, ":layer", layer);
    RV_TRY(stmt_step(st, &row, reterr));
    if (row) {
        report->unplaced_rows = stmt_int(st, 1);
        report->placed_rows = stmt_int(st, 0) - report->unplaced_rows;
    }
    stmt_reset(st);
    return rv_ok();
}

static rv_status store_layer(struct store *s, struct pool *pool, struct progress *progress,
                             const struct import *in, const char *now_utc,
                             struct areas_report *report, struct rv_err *reterr)
{
    int64_t layer = 0;
    RV_TRY(refuse_same(s, in->arena, in->options, reterr)); /* somebody was faster */
    RV_TRY(insert_layer(s, in, now_utc, &layer, reterr));
    RV_TRY(insert_areas(s, in, layer, reterr));
    fault_point("areas.stored");
    RV_TRY(relate_layer(s, in->arena, layer, reterr));
    RV_TRY(place_extracts(s, in->arena, pool, progress, 0, reterr));
    RV_TRY(read_totals(s, layer, report, reterr));
    fault_point("areas.placed");
    return store_commit(s, reterr);
}

/* ---- the whole ---- */

static void report_area(const struct draft_area *area, struct areas_report *report)
{
    const struct geometry_facts *facts = &area->facts;
    report->parts += facts->parts;
    report->holes += facts->holes;
    if (facts->parts > 1 || facts->holes > 0) {
        report->shapes[report->shape_count++] =
            (struct areas_shape){area->code, facts->parts, facts->holes, facts->smallest_m2};
    }
    if (area->note[0]) {
        report->notes[report->note_count].code = area->code;
        report->notes[report->note_count++].note = area->note;
    }
}

static rv_status fill_report(const struct import *in, struct progress *progress,
                             struct areas_report *report, struct rv_err *reterr)
{
    uint32_t count = in->file.count;
    struct text *wkb = ARENA_NEW(in->arena, struct text, count);
    *report = (struct areas_report){
        .areas = count,
        .crs = in->file.crs,
        .pipeline = in->pipeline,
        .accuracy_m = in->accuracy_m,
        .notes = arena_new(in->arena, count, sizeof *report->notes),
        .shapes = ARENA_NEW(in->arena, struct areas_shape, count),
        .codes = ARENA_NEW(in->arena, const char *, count),
    };
    if (!wkb || !report->notes || !report->shapes || !report->codes) {
        return arena_fail(in->arena, reterr);
    }
    for (uint32_t i = 0; i < count; i++) {
        wkb[i] = in->areas[i].wkb;
        report->codes[i] = in->areas[i].code;
        report_area(&in->areas[i], report);
    }
    report->repaired = (uint32_t)report->note_count;
    progress_step(progress, "checking how the areas fit", 0);
    return fit_check(in->arena, progress, wkb, count, &report->fit, reterr);
}

/* The layer that --of names, and its areas joined as the file says. */
static rv_status read_localities(struct store *s, struct import *in, const char *path,
                                 struct rv_err *reterr)
{
    struct text vintage = {NULL, 0}, type = text_split(text_of(in->options->of), ':', &vintage);
    const struct layer *members = NULL;
    struct layer *layers = NULL;
    size_t count = 0;
    RV_TRY(layers_load(s, in->arena, &layers, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        bool is_it = text_is(type, layers[i].type) && text_is(vintage, layers[i].vintage);
        members = is_it ? &layers[i] : members;
    }
    if (!members) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "--of %.80s: no such areas are held: name a type and a vintage, as in "
                       "ward:2022-05",
                       in->options->of);
    }
    in->members = members->id;
    return locality_read(s, in->arena, &in->geos, path, in->options, members, &in->file, in->sha256,
                         reterr);
}

static rv_status read_file(struct store *s, struct import *in, const char *path,
                           struct progress *progress, struct rv_err *reterr)
{
    progress_step(progress, "reading boundaries", 0);
    RV_TRY(geos_open(&in->geos, reterr));
    RV_TRY(in->options->of
               ? read_localities(s, in, path, reterr)
               : boundary_read(in->arena, path, &in->options->file, &in->file, in->sha256, reterr));
    if (in->file.count == 0) {
        return rv_fail(reterr, RV_INVALID, "%s has no features", in->file_name);
    }
    RV_TRY(open_projection(in, reterr));
    RV_TRY(read_codes(in, reterr));
    progress_step(progress, "checking boundaries", in->file.count);
    for (uint32_t i = 0; i < in->file.count; i++) {
        RV_TRY(progress_check(progress, reterr));
        RV_TRY(shape_area(in, &in->areas[i], reterr));
        progress_add(progress, 1);
    }
    return rv_ok();
}

/* NOLINTNEXTLINE(readability-function-size): what an import needs, each named in the header */
rv_status areas_import(struct store *s, struct arena *a, struct pool *pool,
                       struct progress *progress, const char *path,
                       const struct areas_options *options, const char *now_utc,
                       struct areas_report *ret, struct rv_err *reterr)
{
    RV_CLEANUP(import_done)
    struct import in = {.arena = a, .options = options, .file_name = file_base_name(path)};
    struct areas_report report;
    RV_TRY(check_options(options, reterr));
    RV_TRY(refuse_same(s, a, options, reterr));
    RV_TRY(read_file(s, &in, path, progress, reterr));
    RV_TRY(fill_report(&in, progress, &report, reterr));
    const char *doing = arena_printf(a, "the boundaries of %s", in.file_name);
    if (!doing) {
        return arena_fail(a, reterr);
    }
    store_doing(s, doing);
    RV_TRY(store_begin(s, reterr));
    rv_status status = store_layer(s, pool, progress, &in, now_utc, &report, reterr);
    if (!rv_is_ok(status)) {
        store_rollback(s);
        return status;
    }
    *ret = report;
    return rv_ok();
}

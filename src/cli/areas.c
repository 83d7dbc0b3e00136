/* cli/areas.c — areas: boundaries of one type and vintage.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/areas.h"

#include "base/json.h"
#include "cli/commands.h"
#include "cli/find.h"
#include "cli/rebase.h"

#define MOST_NAMED 5 /* of each fault, in text; --json lists more */

static void shapes_json(const struct areas_report *r, struct json_writer *j)
{
    json_put_array(j, "shapes");
    for (size_t i = 0; i < r->shape_count; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "code", r->shapes[i].code);
        json_put_int(j, "parts", r->shapes[i].parts);
        json_put_int(j, "holes", r->shapes[i].holes);
        json_put_real(j, "smallest_part_m2", r->shapes[i].smallest_m2);
        json_end_object(j);
    }
    json_end_array(j);
}

static void fit_json(const struct areas_report *r, struct json_writer *j)
{
    const struct fit *f = &r->fit;
    json_put_object(j, "overlaps");
    json_put_bool(j, "checked", f->has_overlaps);
    json_put_int(j, "count", f->overlap_count);
    json_put_real(j, "area_m2", f->overlap_m2);
    json_put_array(j, "largest");
    for (uint32_t i = 0; i < f->overlap_count && i < FIT_LISTED; i++) {
        json_put_object(j, NULL);
        json_put_string(j, "code", r->codes[f->overlaps[i].one]);
        json_put_string(j, "other", r->codes[f->overlaps[i].two]);
        json_put_real(j, "area_m2", f->overlaps[i].area_m2);
        json_put_bool(j, "same_shape", f->overlaps[i].is_same);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
    json_put_object(j, "gaps");
    json_put_bool(j, "checked", f->has_gaps);
    json_put_int(j, "count", f->gap_count);
    json_put_real(j, "area_m2", f->gap_m2);
    json_put_array(j, "largest");
    for (uint32_t i = 0; i < f->gap_count && i < FIT_LISTED; i++) {
        json_put_object(j, NULL);
        json_put_real(j, "easting", f->gaps[i].point_e);
        json_put_real(j, "northing", f->gaps[i].point_n);
        json_put_real(j, "area_m2", f->gaps[i].area_m2);
        json_put_real(j, "width_m", f->gaps[i].width_m);
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

static void report_json(const struct areas_options *o, const struct areas_report *r,
                        struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "type", o->type);
    json_put_string(&j, "vintage", o->vintage);
    json_put_int(&j, "areas", r->areas);
    json_put_int(&j, "parts", r->parts);
    json_put_int(&j, "holes", r->holes);
    json_put_int(&j, "repaired", r->repaired);
    json_put_string(&j, "crs", r->crs);
    json_put_string(&j, "pipeline", r->pipeline);
    json_put_real(&j, "accuracy_m", r->accuracy_m);
    json_put_int(&j, "placed_rows", r->placed_rows);
    json_put_int(&j, "unplaced_rows", r->unplaced_rows);
    json_put_array(&j, "notes");
    for (size_t i = 0; i < r->note_count; i++) {
        json_put_object(&j, NULL);
        json_put_string(&j, "code", r->notes[i].code);
        json_put_string(&j, "note", r->notes[i].note);
        json_end_object(&j);
    }
    json_end_array(&j);
    shapes_json(r, &j);
    fit_json(r, &j);
    json_end_object(&j);
}

/* Square metres up to a hectare, then hectares. */
static void put_area(struct buf *out, double m2)
{
    if (m2 < 10000) {
        buf_printf(out, m2 < 10 ? "%.2g square metres" : "%.0f square metres", m2);
    } else {
        buf_printf(out, "%.4g hectares", m2 / 10000);
    }
}

static void shapes_text(const struct areas_report *r, struct buf *out)
{
    size_t many = 0, holed = 0, tiny = 0;
    for (size_t i = 0; i < r->shape_count; i++) {
        many += r->shapes[i].parts > 1;
        holed += r->shapes[i].holes > 0;
        tiny += r->shapes[i].smallest_m2 < AREAS_TINY_M2;
    }
    if (many + holed > 0) {
        buf_printf(out, "Shapes: %zu of several parts, %zu with holes\n", many, holed);
    }
    for (size_t i = 0, named = 0; i < r->shape_count && named < MOST_NAMED && tiny; i++) {
        if (r->shapes[i].smallest_m2 < AREAS_TINY_M2) {
            buf_printf(out, "  %s: a part of ", r->shapes[i].code);
            put_area(out, r->shapes[i].smallest_m2);
            buf_printf(out, "%s\n", ++named == MOST_NAMED && tiny > named ? ", and more" : "");
        }
    }
}

static void overlaps_text(const struct areas_report *r, struct buf *out)
{
    const struct fit *f = &r->fit;
    if (!f->has_overlaps) {
        buf_text(out, "Overlaps and gaps: not looked for, the layer is too large or too tangled\n");
        return;
    }
    buf_printf(out, "Overlaps between areas: %s", f->overlap_count ? "" : "none\n");
    if (f->overlap_count == 0) {
        return;
    }
    buf_printf(out, "%u, ", f->overlap_count);
    put_area(out, f->overlap_m2);
    buf_text(out, " in all\n");
    for (uint32_t i = 0; i < f->overlap_count && i < MOST_NAMED; i++) {
        const struct fit_overlap *o = &f->overlaps[i];
        buf_printf(out, "  %s and %s: ", r->codes[o->one], r->codes[o->two]);
        put_area(out, o->area_m2);
        buf_text(out, o->is_same ? ", one shape under two codes\n" : "\n");
    }
}

static void gaps_text(const struct areas_report *r, struct buf *out)
{
    const struct fit *f = &r->fit;
    if (!f->has_gaps) {
        buf_text(out, f->has_overlaps
                          ? "Gaps between areas: not looked for, too few edges are shared\n"
                          : "");
        return;
    }
    buf_printf(out, "Gaps between areas: %s", f->gap_count ? "" : "none\n");
    if (f->gap_count == 0) {
        return;
    }
    buf_printf(out, "%u, ", f->gap_count);
    put_area(out, f->gap_m2);
    buf_text(out, " in all\n");
    for (uint32_t i = 0; i < f->gap_count && i < MOST_NAMED; i++) {
        buf_printf(out, "  near %.0f, %.0f: ", f->gaps[i].point_e, f->gaps[i].point_n);
        put_area(out, f->gaps[i].area_m2);
        buf_printf(out, ", about %.2g metres wide\n", f->gaps[i].width_m);
    }
}

static void report_text(const struct areas_options *o, const struct areas_report *r,
                        struct buf *out)
{
    buf_printf(out, "%u areas of type %s, vintage %s, %u parts, %u holes, from %s", r->areas,
               o->type, o->vintage, r->parts, r->holes, r->crs);
    if (r->accuracy_m > 0) {
        buf_printf(out, " (projected, accurate to %g m)", r->accuracy_m);
    }
    buf_text(out, "\n");
    for (size_t i = 0; i < r->note_count; i++) {
        buf_printf(out, "  %s: %s\n", r->notes[i].code, r->notes[i].note);
    }
    shapes_text(r, out);
    overlaps_text(r, out);
    gaps_text(r, out);
    if (r->placed_rows + r->unplaced_rows > 0) {
        buf_printf(out, "Records placed again: %lld in an area, %lld in none\n",
                   (long long)r->placed_rows, (long long)r->unplaced_rows);
    }
}

rv_status run_areas(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    if (args_has(args, "rebase") || args_has(args, "to") || args_has(args, "by")) {
        return run_rebase(session, reterr);
    }
    if (args_has(args, "find") || args_has(args, "texts")) {
        return run_find(session, reterr);
    }
    if (args->positional_count < 2) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve areas' takes FILE PATH, a boundary file, or FILE with --rebase (see "
                       "'reeve areas --help')");
    }
    struct areas_options options = {
        .type = args_get(args, "type"),
        .vintage = args_get(args, "vintage"),
        .code_column = args_get(args, "code"),
        .name_column = args_get(args, "name"),
        .of = args_get(args, "of"),
        .file = {.table = args_get(args, "table"),
                 .encoding = args_get(args, "encoding"),
                 .crs = args_get(args, "crs")},
    };
    if (!options.type || !options.vintage || !options.code_column || !options.name_column) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve areas' needs --type, --vintage, --code and --name (see 'reeve areas "
                       "--help')");
    }
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(args->positional[0], STORE_WRITE, &s, reterr));
    char now[24];
    now_utc(now);
    struct areas_report report;
    RV_TRY(areas_import(s, &session->arena, pool, &session->progress, args->positional[1], &options,
                        now, &report, reterr));
    if (session->is_json) {
        report_json(&options, &report, &session->out);
    } else {
        report_text(&options, &report, &session->out);
    }
    return rv_ok();
}

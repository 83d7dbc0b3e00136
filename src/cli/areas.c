/* cli/areas.c — areas: boundaries of one type and vintage.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/areas.h"

#include "base/json.h"
#include "cli/commands.h"

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
    json_end_object(&j);
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
    if (r->placed_rows + r->unplaced_rows > 0) {
        buf_printf(out, "Records placed again: %lld in an area, %lld in none\n",
                   (long long)r->placed_rows, (long long)r->unplaced_rows);
    }
}

rv_status run_areas(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    struct areas_options options = {
        .type = args_get(args, "type"),
        .vintage = args_get(args, "vintage"),
        .code_column = args_get(args, "code"),
        .name_column = args_get(args, "name"),
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

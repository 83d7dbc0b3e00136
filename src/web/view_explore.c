/* web/view_explore.c — any table by chosen dimensions, as a page and as files.
 *
 * Everything that is asked stands in the address, so that it can be shared; whoever opens it gets
 * the table of the extracts that he or she may see.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "report/table.h"
#include "report/table_file.h"
#include "report/table_json.h"
#include "web/explore.h"
#include "web/views.h"

#include <string.h>
#include <sys/stat.h>

static rv_status show(struct call *c, struct explore_work *w, const struct explore *x,
                      struct rv_err *reterr)
{
    struct result_table table;
    bool is_made = false;
    RV_TRY(explore_table(c, w, x, &table, &is_made, reterr));
    return is_made ? explore_put_result(c, w, x, &table, reterr) : rv_ok();
}

rv_status view_explore(struct call *c, struct rv_err *reterr)
{
    struct explore x;
    struct explore_work w RV_CLEANUP(explore_end) = {.pool = NULL};
    RV_TRY(explore_read(c, &x, reterr));
    RV_TRY(explore_begin(c, &w, reterr));
    RV_TRY(explore_put_form(c, &w, &x, reterr));
    model_bool(c->model, "is-asked", x.is_asked);
    return x.is_asked && (x.rows || !x.options.kind) ? show(c, &w, &x, reterr) : rv_ok();
}

/* ---- files ---- */

static rv_status take(void *context, struct rv_err *reterr)
{
    return spool_check(context, reterr);
}

static rv_status put_xlsx(struct call *c, struct spool *file, const struct result_table *t,
                          struct rv_err *reterr)
{
    struct stat made;
    RV_TRY(table_xlsx_fd(c->store, c->arena, t, file->fd, reterr));
    if (fstat(file->fd, &made) != 0) {
        return rv_fail(reterr, RV_IO, "the workbook cannot be read again");
    }
    file->n = (uint64_t)made.st_size;
    return rv_ok();
}

/* Boundaries come whole, and go into the file in pieces. */
static rv_status put_geojson(struct call *c, struct spool *file, const struct result_table *t,
                             struct rv_err *reterr)
{
    struct buf whole RV_CLEANUP(buf_done);
    buf_init(&whole, LIMIT_REPORT_BYTES);
    RV_TRY(table_geojson(c->store, c->arena, t, &whole, reterr));
    RV_TRY(buf_status(&whole, reterr));
    for (size_t at = 0; at < whole.n; at += SPOOL_PIECE) {
        size_t left = whole.n - at;
        buf_put(&file->out, whole.bytes + at, left < SPOOL_PIECE ? left : SPOOL_PIECE);
        RV_TRY(spool_check(file, reterr));
    }
    return rv_ok();
}

enum format { AS_CSV, AS_JSON, AS_XLSX, AS_GEOJSON };
static const struct {
    const char *name, *type;
} formats[] = {
    [AS_CSV] = {"csv", "text/csv; charset=utf-8"},
    [AS_JSON] = {"json", "application/json"},
    [AS_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [AS_GEOJSON] = {"geojson", "application/geo+json"},
};

static rv_status put_file(struct call *c, struct spool *file, const struct result_table *t,
                          enum format format, struct rv_err *reterr)
{
    const struct table_taker taker = {take, file};
    switch (format) {
    case AS_CSV:
        return result_table_csv_to(t, &file->out, taker, reterr);
    case AS_JSON:
        return table_json_to(t, &file->out, taker, reterr);
    case AS_XLSX:
        return put_xlsx(c, file, t, reterr);
    case AS_GEOJSON:
        break;
    }
    return put_geojson(c, file, t, reterr);
}

static rv_status send(struct call *c, enum format format, struct rv_err *reterr)
{
    struct explore x;
    struct explore_work w RV_CLEANUP(explore_end) = {.pool = NULL};
    struct result_table table;
    bool is_made = false;
    RV_TRY(explore_read(c, &x, reterr));
    RV_TRY(explore_begin(c, &w, reterr));
    RV_TRY(explore_put_form(c, &w, &x, reterr)); /* which shows what is at fault */
    RV_TRY(explore_table(c, &w, &x, &table, &is_made, reterr));
    if (is_made && format == AS_GEOJSON && !table.layer_id) {
        call_fault(c, "rows", "A map layer needs rows of areas, such as wards");
        is_made = false;
    }
    if (!is_made) {
        model_bool(c->model, "is-asked", true);
        return rv_ok();
    }
    RV_TRY(explore_note(c, &x, formats[format].name, reterr));
    struct spool *file;
    RV_TRY(call_spool(c, &file, reterr));
    RV_TRY(put_file(c, file, &table, format, reterr));
    const char *name = arena_printf(c->arena, "table.%s", formats[format].name);
    return name ? call_send(c, file, formats[format].type, name, reterr)
                : arena_fail(c->arena, reterr);
}

rv_status view_table_csv(struct call *c, struct rv_err *reterr)
{
    return send(c, AS_CSV, reterr);
}

rv_status view_table_json(struct call *c, struct rv_err *reterr)
{
    return send(c, AS_JSON, reterr);
}

rv_status view_table_xlsx(struct call *c, struct rv_err *reterr)
{
    return send(c, AS_XLSX, reterr);
}

rv_status view_table_geojson(struct call *c, struct rv_err *reterr)
{
    return send(c, AS_GEOJSON, reterr);
}

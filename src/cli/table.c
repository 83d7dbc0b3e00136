/* cli/table.c — table: counts by any dimensions, as CSV, JSON, a workbook, a map layer or a chart.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/table.h"

#include "base/file.h"
#include "cli/chart_out.h"
#include "cli/commands.h"
#include "cli/convert.h"
#include "cli/opening.h"
#include "report/table.h"
#include "report/table_file.h"
#include "report/table_json.h"

#include <string.h>

/* ---- where it goes ---- */

enum format {
    FORMAT_CSV,
    FORMAT_JSON,
    FORMAT_XLSX,
    FORMAT_GEOJSON,
    FORMAT_SVG,
    FORMAT_PAGE,
    FORMAT_PNG
};

static rv_status take_format(const struct session *session, enum format *ret, struct rv_err *reterr)
{
    static const char *const names[] = {"csv", "json", "xlsx", "geojson", "svg", "html", "png"};
    const char *given = args_get(&session->args, "format");
    bool has_chart = args_has(&session->args, "chart");
    enum format format = session->is_json ? FORMAT_JSON : has_chart ? FORMAT_SVG : FORMAT_CSV;
    bool is_known = !given;
    for (size_t i = 0; given && i < sizeof names / sizeof *names; i++) {
        if (strcmp(given, names[i]) == 0) {
            format = (enum format)i;
            is_known = true;
        }
    }
    if (!is_known) {
        return rv_fail(reterr, RV_USAGE,
                       "--format takes csv, json, xlsx, geojson, svg, png or html, not '%s'",
                       given);
    }
    bool needs_out = format == FORMAT_XLSX || format == FORMAT_GEOJSON || format == FORMAT_PNG;
    if (needs_out && !args_has(&session->args, "out")) {
        return rv_fail(reterr, RV_USAGE, "--format %s needs --out FILE", given);
    }
    if (has_chart && format < FORMAT_SVG) {
        return rv_fail(reterr, RV_USAGE, "--chart draws: it goes with --format svg, png or html");
    }
    *ret = format;
    return rv_ok();
}

static rv_status put_out(struct session *session, struct store *s, const struct result_table *table,
                         enum format format, struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "out");
    struct buf *out = &session->out;
    if (format == FORMAT_XLSX) {
        return table_xlsx(s, &session->arena, table, path, reterr);
    }
    if (format >= FORMAT_SVG) {
        RV_TRY(table_chart(session, s, table, format == FORMAT_PAGE, reterr));
    } else if (format == FORMAT_GEOJSON) {
        RV_TRY(table_geojson(s, &session->arena, table, out, reterr));
    } else if (format == FORMAT_JSON) {
        table_json(table, out);
    } else {
        RV_TRY(result_table_csv(table, out, reterr));
    }
    RV_TRY(buf_status(out, reterr));
    if (!path) {
        return rv_ok();
    }
    rv_status status = format == FORMAT_PNG ? convert_png_file(session, buf_view(out), path, reterr)
                                            : file_write(path, buf_view(out), reterr);
    buf_clear(out);
    return status;
}

rv_status run_table(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    enum format format;
    RV_TRY(take_format(session, &format, reterr));
    const char *where[MOST_VALUES];
    struct table_options options;
    take_table_options(args, where, &options);
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    struct result_table table;
    RV_TRY(table_run(s, &session->arena, pool, &session->progress, &options, &table, reterr));
    return put_out(session, s, &table, format, reterr);
}

/* cli/table.c — table: counts by any dimensions, as CSV, JSON or a workbook.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/table.h"

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "report/format.h"
#include "report/table.h"
#include "report/xlsx.h"

#include <string.h>

static void put_cell(struct json_writer *j, const struct result_column *column,
                     const struct result_cell *cell)
{
    if (cell->is_missing) {
        json_put_null(j, column->name);
    } else if (column->type == RESULT_TEXT) {
        json_put_string(j, column->name, cell->text);
    } else if (column->type == RESULT_MONTH) {
        char month[8];
        month_write((int32_t)cell->number, month);
        json_put_string(j, column->name, month);
    } else {
        json_put_real(j, column->name, cell->number);
    }
}

/* The rows, and beside them what is not available and why. */
static void table_json(const struct result_table *t, struct buf *out)
{
    struct json_writer j;
    RV_CLEANUP(buf_done) struct buf reasons;
    buf_init(&reasons, LIMIT_ROW_BYTES);
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "title", t->title);
    json_put_array(&j, "rows");
    for (size_t r = 0; r < t->row_count; r++) {
        json_put_object(&j, NULL);
        for (size_t c = 0; c < t->column_count; c++) {
            put_cell(&j, &t->columns[c], &t->cells[r * t->column_count + c]);
        }
        buf_clear(&reasons);
        result_row_reasons(t, r, &reasons);
        if (reasons.n) {
            json_put_text(&j, "not_available_because", buf_view(&reasons));
        }
        json_end_object(&j);
    }
    json_end_array(&j);
    json_put_array(&j, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        json_put_string(&j, NULL, t->notes[i]);
    }
    json_end_array(&j);
    json_end_object(&j);
}

/* ---- where it goes ---- */

enum format { FORMAT_CSV, FORMAT_JSON, FORMAT_XLSX };

static rv_status take_format(const struct session *session, enum format *ret, struct rv_err *reterr)
{
    static const char *const names[] = {"csv", "json", "xlsx"};
    const char *given = args_get(&session->args, "format");
    enum format format = session->is_json ? FORMAT_JSON : FORMAT_CSV;
    bool is_known = !given;
    for (size_t i = 0; given && i < sizeof names / sizeof *names; i++) {
        if (strcmp(given, names[i]) == 0) {
            format = (enum format)i;
            is_known = true;
        }
    }
    if (!is_known) {
        return rv_fail(reterr, RV_USAGE, "--format takes csv, json or xlsx, not '%s'", given);
    }
    if (format == FORMAT_XLSX && !args_has(&session->args, "out")) {
        return rv_fail(reterr, RV_USAGE, "--format %s needs --out FILE", given);
    }
    *ret = format;
    return rv_ok();
}

/* "Offences (burglary) by ward and month, E09000016, January to March 2022": what was asked for, so
 * that the file says it when it is far from the command. */
static rv_status title_table(struct arena *a, const struct table_options *o, const char **ret,
                             struct rv_err *reterr)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, LIMIT_FIELD_BYTES);
    const char *counted = o->count ? o->count : o->kind ? o->kind : "offences";
    buf_char(&b,
             counted[0] >= 'a' && counted[0] <= 'z' ? (char)(counted[0] - 'a' + 'A') : counted[0]);
    buf_text(&b, counted[0] ? counted + 1 : "");
    if (o->profile) {
        buf_printf(&b, " (%s)", o->profile);
    }
    struct text rest = text_of(o->by);
    for (size_t i = 0; rest.n; i++) {
        struct text word = text_split(rest, ',', &rest);
        buf_text(&b, i == 0 ? " by " : rest.n ? ", " : " and ");
        buf_slice(&b, word);
    }
    struct month_range period;
    if (o->area) {
        buf_printf(&b, ", %s", o->area);
    }
    if (o->period && month_range_parse(text_of(o->period), &period)) {
        buf_text(&b, ", ");
        format_period(&b, period);
    }
    for (size_t i = 0; i < o->where_count; i++) {
        buf_printf(&b, ", where %s", o->where[i]);
    }
    RV_TRY(buf_status(&b, reterr));
    *ret = arena_text(a, b.bytes, b.n);
    return *ret ? rv_ok() : arena_fail(a, reterr);
}

static rv_status write_xlsx(struct store *s, struct arena *a, const struct result_table *table,
                            const char *path, struct rv_err *reterr)
{
    struct report_context context;
    RV_TRY(context_load(s, a, &context, reterr));
    const struct xlsx_book book = {.title = table->title,
                                   .context = &context,
                                   .tables = table,
                                   .table_count = 1,
                                   .sources = table->sources,
                                   .source_count = table->source_count};
    return xlsx_write(a, &book, path, reterr);
}

static rv_status put_out(struct session *session, struct store *s, const struct result_table *table,
                         enum format format, struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "out");
    struct buf *out = &session->out;
    if (format == FORMAT_XLSX) {
        return write_xlsx(s, &session->arena, table, path, reterr);
    }
    if (format == FORMAT_JSON) {
        table_json(table, out);
    } else {
        RV_TRY(result_table_csv(table, out, reterr));
    }
    RV_TRY(buf_status(out, reterr));
    if (path) {
        RV_TRY(file_write(path, buf_view(out), reterr));
        buf_clear(out);
    }
    return rv_ok();
}

rv_status run_table(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    enum format format;
    RV_TRY(take_format(session, &format, reterr));
    const char *where[MOST_VALUES];
    struct table_options options = {
        .profile = args_get(args, "profile"),
        .kind = args_get(args, "kind"),
        .by = args_get(args, "by"),
        .count = args_get(args, "count"),
        .date = args_get(args, "date"),
        .period = args_get(args, "period"),
        .area = args_get(args, "area"),
        .vintage = args_get(args, "vintage"),
        .bands = args_get(args, "bands"),
        .denominator = args_get(args, "denominator"),
        .rank = args_get(args, "rank"),
        .source = args_get(args, "source"),
        .where = where,
        .where_count = args_all(args, "where", where, MOST_VALUES),
    };
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_open(args->positional[0], STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    struct result_table table;
    RV_TRY(table_run(s, &session->arena, pool, &session->progress, &options, &table, reterr));
    RV_TRY(title_table(&session->arena, &options, &table.title, reterr));
    return put_out(session, s, &table, format, reterr);
}

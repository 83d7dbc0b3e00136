/* cli/table.c — table: counts by any dimensions, as CSV or JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/table.h"

#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "report/table.h"

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

rv_status run_table(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *format = args_get(args, "format");
    bool is_json = session->is_json || (format && strcmp(format, "json") == 0);
    if (format && strcmp(format, "json") != 0 && strcmp(format, "csv") != 0) {
        return rv_fail(reterr, RV_USAGE, "--format takes csv or json, not '%s'", format);
    }
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
    if (is_json) {
        table_json(&table, &session->out);
        return rv_ok();
    }
    return result_table_csv(&table, &session->out, reterr);
}

/* report/table_store.c — a result table as one JSON object; table_load.c reads it back.
 *
 * A cell is a number or a text; what is missing is null, or a list of its reason alone.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/table_store.h"

#include "base/json.h"
#include "report/chart.h"

#include <math.h>

const char *result_type_name(enum result_type type)
{
    static const char *const names[] = {
        [RESULT_TEXT] = "text",       [RESULT_COUNT] = "count", [RESULT_RATE] = "rate",
        [RESULT_PERCENT] = "percent", [RESULT_MONTH] = "month", [RESULT_RANK] = "rank",
        [RESULT_REAL] = "real"};
    return names[type];
}

static void put_string(struct json_writer *j, const char *key, const char *value)
{
    if (value) {
        json_put_string(j, key, value);
    }
}

static void put_cell(struct json_writer *j, enum result_type type, const struct result_cell *cell)
{
    bool is_number = type != RESULT_TEXT;
    if (!cell->is_missing && is_number && isfinite(cell->number)) {
        json_put_real(j, NULL, cell->number);
    } else if (!cell->is_missing && !is_number) {
        json_put_string(j, NULL, cell->text ? cell->text : "");
    } else if (cell->text) {
        json_put_array(j, NULL);
        json_put_string(j, NULL, cell->text);
        json_end_array(j);
    } else {
        json_put_null(j, NULL);
    }
}

static void put_columns(struct json_writer *j, const struct result_table *t)
{
    json_put_array(j, "columns");
    for (size_t c = 0; c < t->column_count; c++) {
        const struct result_column *column = &t->columns[c];
        json_put_object(j, NULL);
        json_put_string(j, "name", column->name);
        put_string(j, "title", column->title);
        json_put_string(j, "type", result_type_name(column->type));
        json_end_object(j);
    }
    json_end_array(j);
}

static void put_cells(struct json_writer *j, const struct result_table *t)
{
    json_put_array(j, "rows");
    for (size_t r = 0; r < t->row_count; r++) {
        json_put_array(j, NULL);
        for (size_t c = 0; c < t->column_count; c++) {
            put_cell(j, t->columns[c].type, &t->cells[r * t->column_count + c]);
        }
        json_end_array(j);
    }
    json_end_array(j);
}

static void put_lists(struct json_writer *j, const struct result_table *t)
{
    json_put_array(j, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        json_put_string(j, NULL, t->notes[i]);
    }
    json_end_array(j);
    json_put_array(j, "sources");
    for (size_t i = 0; i < t->source_count; i++) {
        json_put_object(j, NULL);
        json_put_int(j, "extract", t->sources[i].extract);
        put_string(j, "sha256", t->sources[i].sha256);
        put_string(j, "file_name", t->sources[i].file_name);
        json_put_string(j, "marking", marking_name(t->sources[i].marking));
        json_end_object(j);
    }
    json_end_array(j);
}

rv_status result_table_to_json(const struct result_table *t, struct buf *out, struct rv_err *reterr)
{
    struct json_writer j;
    size_t before = out->n;
    json_writer_init(&j, out, false);
    j.digits = 17; /* every double survives them */
    json_put_object(&j, NULL);
    json_put_int(&j, "form", TABLE_FORM);
    json_put_string(&j, "id", t->id);
    json_put_string(&j, "theme", t->theme);
    put_string(&j, "chapter", t->chapter);
    put_string(&j, "chapter_title", t->chapter_title);
    put_string(&j, "title", t->title);
    put_string(&j, "description", t->description);
    json_put_string(&j, "chart", chart_name(t->chart));
    json_put_int(&j, "layer", t->layer_id);
    put_string(&j, "focus", t->focus);
    json_put_bool(&j, "ends_with_total", t->ends_with_total);
    json_put_string(&j, "marking", marking_name(t->marking));
    put_columns(&j, t);
    put_cells(&j, t);
    put_lists(&j, t);
    json_end_object(&j);
    RV_TRY(buf_status(out, reterr));
    return out->n - before <= TABLE_BYTES
               ? rv_ok()
               : rv_fail(reterr, RV_LIMIT, "table %s is longer than %zu bytes", t->id, TABLE_BYTES);
}

/* report/table_json.c — a result table as JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table_json.h"

#include "base/json.h"
#include "base/limits.h"

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

static void put_row(struct json_writer *j, const struct result_table *t, size_t row,
                    struct buf *reasons)
{
    json_put_object(j, NULL);
    for (size_t c = 0; c < t->column_count; c++) {
        put_cell(j, &t->columns[c], &t->cells[row * t->column_count + c]);
    }
    buf_clear(reasons);
    result_row_reasons(t, row, reasons);
    if (reasons->n) {
        json_put_text(j, "not_available_because", buf_view(reasons));
    }
    json_end_object(j);
}

rv_status table_json_to(const struct result_table *t, struct buf *out, struct table_taker taker,
                        struct rv_err *reterr)
{
    struct json_writer j;
    RV_CLEANUP(buf_done) struct buf reasons;
    buf_init(&reasons, LIMIT_ROW_BYTES);
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "title", t->title);
    json_put_array(&j, "rows");
    for (size_t r = 0; r < t->row_count; r++) {
        put_row(&j, t, r, &reasons);
        RV_TRY(taker.take ? taker.take(taker.context, reterr) : rv_ok());
    }
    json_end_array(&j);
    json_put_string(&j, "marking", marking_name(t->marking));
    json_put_array(&j, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        json_put_string(&j, NULL, t->notes[i]);
    }
    json_end_array(&j);
    json_end_object(&j);
    return rv_ok();
}

void table_json(const struct result_table *t, struct buf *out)
{
    rv_status put = table_json_to(t, out, (struct table_taker){NULL, NULL}, NULL);
    (void)rv_is_ok(put); /* `out` knows of a failure, and nothing else fails */
}

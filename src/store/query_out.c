/* store/query_out.c — rows of a query as CSV or JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/query_out.h"

static void put_csv_cell(struct buf *out, const struct query_cell *cell)
{
    switch (cell->type) {
    case QUERY_NULL:
        break;
    case QUERY_INT:
        buf_int(out, cell->integer);
        break;
    case QUERY_REAL:
        buf_real(out, cell->real);
        break;
    case QUERY_TEXT:
        buf_csv_words(out, cell->text);
        break;
    case QUERY_BLOB:
        buf_printf(out, "(%zu bytes)", cell->text.n);
        break;
    }
}

static void put_json_cell(struct json_writer *j, const char *name, const struct query_cell *cell)
{
    switch (cell->type) {
    case QUERY_NULL:
        json_put_null(j, name);
        break;
    case QUERY_INT:
        json_put_int(j, name, cell->integer);
        break;
    case QUERY_REAL:
        json_put_real(j, name, cell->real);
        break;
    case QUERY_TEXT:
        json_put_text(j, name, cell->text);
        break;
    case QUERY_BLOB:
        json_put_null(j, name);
        break;
    }
}

static void put_csv_row(struct buf *out, int columns, const char *const *names,
                        const struct query_cell *row)
{
    for (int i = 0; i < columns; i++) {
        if (i) {
            buf_char(out, ',');
        }
        if (row) {
            put_csv_cell(out, &row[i]);
        } else {
            buf_csv_words(out, text_of(names[i]));
        }
    }
    buf_char(out, '\n');
}

static void put_json_row(struct json_writer *j, int columns, const char *const *names,
                         const struct query_cell *row)
{
    json_put_object(j, NULL);
    for (int i = 0; i < columns; i++) {
        put_json_cell(j, names[i], &row[i]);
    }
    json_end_object(j);
}

void query_out_begin(struct query_out *o)
{
    json_writer_init(&o->json, o->out, true);
    if (o->is_json) {
        json_put_array(&o->json, NULL);
    }
}

rv_status query_out_row(void *context, int columns, const char *const *names,
                        const struct query_cell *row, struct rv_err *reterr)
{
    struct query_out *o = context;
    if (!o->is_json) {
        put_csv_row(o->out, columns, names, row);
    } else if (row) {
        put_json_row(&o->json, columns, names, row);
    }
    return o->flush ? o->flush(o->context, reterr) : buf_status(o->out, reterr);
}

void query_out_end(struct query_out *o)
{
    if (o->is_json) {
        json_end_array(&o->json);
    }
}

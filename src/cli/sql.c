/* cli/sql.c — sql: one read-only query, as CSV or JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "store/query.h"

#define FLUSH_BYTES ((size_t)1 << 20)

struct sql_output {
    struct session *session;
    struct json_writer json;
};

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

static rv_status each_row(void *context, int columns, const char *const *names,
                          const struct query_cell *row, struct rv_err *reterr)
{
    struct sql_output *o = context;
    struct buf *out = &o->session->out;
    if (o->session->is_json) {
        if (row) {
            json_put_object(&o->json, NULL);
            for (int i = 0; i < columns; i++) {
                put_json_cell(&o->json, names[i], &row[i]);
            }
            json_end_object(&o->json);
        }
    } else {
        for (int i = 0; i < columns; i++) {
            if (i) {
                buf_char(out, ',');
            }
            if (row) {
                put_csv_cell(out, &row[i]);
            } else {
                buf_csv(out, text_of(names[i]));
            }
        }
        buf_char(out, '\n');
    }
    return out->n > FLUSH_BYTES ? session_flush(o->session, reterr) : rv_ok();
}

rv_status run_sql(struct session *session, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    struct sql_output o = {.session = session};
    json_writer_init(&o.json, &session->out, true);
    if (session->is_json) {
        json_put_array(&o.json, NULL);
    }
    RV_TRY(store_query(s, session->args.positional[1], &session->progress, each_row, &o, reterr));
    if (session->is_json) {
        json_end_array(&o.json);
    }
    return rv_ok();
}

/* store/query_out.h — rows of a query as CSV or JSON, as they come.
 *
 * CSV: RFC 4180, a header line, text that a spreadsheet would run as a formula made harmless, a
 * null as an empty cell, "(12 bytes)" for a blob. JSON: an array of objects, a blob as null.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_QUERY_OUT_H
#define REEVE_STORE_QUERY_OUT_H

#include "base/json.h"
#include "store/query.h"

struct query_out {
    struct buf *out;
    bool is_json;
    /* Called after each row, to hand on what has gathered in `out`; NULL = leave it there. */
    rv_status (*flush)(void *context, struct rv_err *reterr);
    void *context;
    struct json_writer json; /* its own */
};

void query_out_begin(struct query_out *o);
query_row query_out_row; /* context: the query_out */
void query_out_end(struct query_out *o);

#endif

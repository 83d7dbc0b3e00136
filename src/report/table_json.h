/* report/table_json.h — a result table as JSON.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_TABLE_JSON_H
#define REEVE_REPORT_TABLE_JSON_H

#include "report/table.h"

/* Appends one object: title, rows and beside them what is not available and why, marking, notes. */
void table_json(const struct result_table *t, struct buf *out);
/* The same, row by row. */
RV_MUST_CHECK rv_status table_json_to(const struct result_table *t, struct buf *out,
                                      struct table_taker taker, struct rv_err *reterr);

#endif

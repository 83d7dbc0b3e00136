/* report/table_store.h — a result table as the store keeps it, beside the findings that name it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_TABLE_STORE_H
#define REEVE_REPORT_TABLE_STORE_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"

#define TABLE_FORM  1                 /* version of the stored form */
#define TABLE_BYTES ((size_t)8 << 20) /* of one: a hundred thousand cells */

/* Appends the whole table as one JSON object without line feeds; numbers survive bit for bit, and
 * one that is not finite is missing. RV_LIMIT beyond TABLE_BYTES. */
RV_MUST_CHECK rv_status result_table_to_json(const struct result_table *t, struct buf *out,
                                             struct rv_err *reterr);

/* Reads it back into the arena; nothing in it is taken on trust. RV_DAMAGED names what is wrong. */
RV_MUST_CHECK rv_status result_table_from_json(struct arena *a, struct text json,
                                               struct result_table *ret, struct rv_err *reterr);

/* By which a type of column is written: "count". */
const char *result_type_name(enum result_type type);

#endif

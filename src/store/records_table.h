/* store/records_table.h — the rows of all extracts of a kind as an SQL table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_RECORDS_TABLE_H
#define REEVE_STORE_RECORDS_TABLE_H

#include "base/arena.h"
#include "store/store.h"

#include <sqlite3.h>

/* What went wrong inside the virtual table: SQLite itself can only carry a text. */
struct records_failure {
    rv_status status;
    struct rv_err err;
    bool is_inside; /* the table prepares and runs statements of its own: not the person's */
};

/* Makes one read-only table of each kind in the file known to the connection of `s`, from now
 * until it is closed. What the tables need lives in `a` and `failure`, which must outlive the
 * connection. */
RV_MUST_CHECK rv_status records_register(struct store *s, struct arena *a,
                                         struct records_failure *failure, struct rv_err *reterr);

#endif

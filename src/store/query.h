/* store/query.h — SQL over the partnership file for a person: read-only, limited.
 *
 * Registers are ordinary tables; each kind of extract is a virtual table of its name with dashes
 * as underscores (offences, area_counts, population, lookup, …): the canonical columns plus
 * extract (id), row (number within the extract, from 1) and current (1 = in the current view).
 * COLUMN_THOUSANDTHS are shown as reals in the unit, times as ISO text.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_QUERY_H
#define REEVE_STORE_QUERY_H

#include "base/progress.h"
#include "store/store.h"

struct query_cell {
    enum { QUERY_NULL, QUERY_INT, QUERY_REAL, QUERY_TEXT, QUERY_BLOB } type;
    int64_t integer;
    double real;
    struct text text; /* also blobs */
};

/* Called once with row == NULL for the header, then for every row. Non-OK stops the query. */
typedef rv_status query_row(void *context, int columns, const char *const *names,
                            const struct query_cell *row, struct rv_err *reterr);

/* Runs one SELECT (or WITH, EXPLAIN, VALUES). Anything that writes, attaches, loads or sets a
 * PRAGMA is RV_REFUSED. RV_INVALID for a syntax error with SQLite's message and the place. */
RV_MUST_CHECK rv_status store_query(struct store *s, const char *sql, const struct progress *p,
                                    query_row *each, void *context, struct rv_err *reterr);

/* ---- for a person who may not see everything ---- */

struct query_bounds {
    bool is_walled;    /* only records and areas (below), no PRAGMA; values of 1 MB at most */
    int64_t most_rows; /* more are not given; 0 = all */
    int milliseconds;  /* RV_LIMIT afterwards; 0 = as long as it takes */
};
struct query_told {
    int64_t rows; /* given */
    bool is_cut;  /* there were more than most_rows */
};

/* The same within bounds. Records are always those that extract_list of `s` gives (store/only.h):
 * a kind or a column that only hidden extracts have is not there at all. Behind the wall no other
 * table can be read: not accounts and sessions, the audit, quarantined rows, findings, nor the
 * dictionaries and registers of extracts. */
RV_MUST_CHECK rv_status store_query_within(struct store *s, const char *sql,
                                           const struct query_bounds *bounds,
                                           const struct progress *p, query_row *each, void *context,
                                           struct query_told *ret, struct rv_err *reterr);

struct query_table { /* lives in the arena */
    const char *name;
    const char *kind; /* "area-counts"; NULL = a table of areas */
    const char *const *columns;
    const char *const *types; /* "TEXT", "INTEGER", "REAL" */
    size_t column_count;
};

/* What can be read behind the wall, records first. */
RV_MUST_CHECK rv_status query_tables(struct store *s, struct arena *a, struct query_table **ret,
                                     size_t *ret_count, struct rv_err *reterr);

#endif

/* store/scan_internal.h — what loading, reading and shelving of extracts share. Not for others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_SCAN_INTERNAL_H
#define REEVE_STORE_SCAN_INTERNAL_H

#include "store/extract.h"

struct scan_column {
    bool is_there;
    int64_t position;
    enum column_type type;
    const char *name;
    const struct dictionary *dictionary; /* categories only */
    struct text *chunks;                 /* encoded bytes of each chunk */
    const struct column *decoded;        /* each chunk as it is read; NULL = from `chunks` */
};

struct extract_scan {
    int64_t extract;
    uint32_t chunks;
    uint32_t *rows;     /* of each chunk */
    uint64_t **current; /* of each chunk: bits of rows in the current view, NULL = all */
    struct scan_column *columns;
    size_t count;
};

/* The size, the rows of each chunk and the current view of scan->extract: everything but columns.
 * Inside a snapshot. */
RV_MUST_CHECK rv_status scan_load_rows(struct store *s, struct arena *a, struct extract_scan *scan,
                                       int64_t as_of, struct rv_err *reterr);
/* A column of it, by name. */
RV_MUST_CHECK rv_status scan_load_column(struct store *s, struct arena *a,
                                         const struct extract_scan *scan, const char *name,
                                         struct scan_column *ret, struct rv_err *reterr);
/* A column that the extract does not have: missing in every row. */
RV_MUST_CHECK rv_status scan_missing_column(struct arena *a, struct scan_column *c,
                                            struct rv_err *reterr);
rv_status scan_damaged(const struct extract_scan *scan, struct rv_err *reterr, const char *what);

#endif

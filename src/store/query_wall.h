/* store/query_wall.h — what a person's query may read: the authorizer of its connection.
 *
 * Private to src/store. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_QUERY_WALL_H
#define REEVE_STORE_QUERY_WALL_H

#include "base/arena.h"
#include "store/store.h"

struct query_wall {
    bool is_walled;
    const char *const *records; /* tables of records that may be read; walled only */
    const char *const *kinds;   /* of each, "area-counts" */
    size_t record_count;
    const char *const *held; /* every table and view of the schema; walled only */
    size_t held_count;
    const bool *is_inside; /* the tables of records themselves are reading; NULL = never */
};

/* Behind the wall, beside records: boundaries and names, which are public. */
#define QUERY_AREA_TABLES 3
extern const char *const query_area_tables[QUERY_AREA_TABLES];

/* After records_register on the same store. */
RV_MUST_CHECK rv_status query_wall_make(struct store *s, struct arena *a, bool is_walled,
                                        struct query_wall *ret, struct rv_err *reterr);

/* For sqlite3_set_authorizer; context: the wall. */
int query_authorize(void *context, int action, const char *first, const char *second,
                    const char *database, const char *trigger);

/* "area-counts" is the table area_counts. */
char *query_table_name(struct arena *a, const char *kind);

#endif

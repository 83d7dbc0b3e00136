/* access/notice.h — what has to be said of the terms on which the extracts held came.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_NOTICE_H
#define REEVE_ACCESS_NOTICE_H

#include "base/arena.h"
#include "store/store.h"

enum {
    NOTICE_WITHHELD = 1,   /* left out of results: its agreement is not in force */
    NOTICE_PAST = 2,       /* kept longer than its agreement says */
    NOTICE_UNDECLARED = 4, /* used although no agreement is declared and it is not open data */
};

/* Whole sentences in the arena, on the store's day: one an extract for the first two, one in all
 * for the third. `wanted`: which of them. Behind a wall (store/only.h) only of extracts that the
 * person may be told of. */
RV_MUST_CHECK rv_status access_notices(struct store *s, struct arena *a, unsigned wanted,
                                       const char *const **ret, size_t *ret_count,
                                       struct rv_err *reterr);

#endif

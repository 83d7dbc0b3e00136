/* access/register.h — the agreements that a partnership file holds.
 *
 * Rows are only ever added. On a day decides the newest row of a name that had started by then.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_REGISTER_H
#define REEVE_ACCESS_REGISTER_H

#include "access/agreement.h"
#include "store/store.h"

struct agreement_row { /* texts live in the arena */
    int64_t id;
    bool is_end;                      /* an early end, otherwise terms recorded */
    const char *first_day, *last_day; /* of this row: of an early end the days around it */
    const char *made_at, *made_by;
    struct agreement terms;
};

/* Every row, newest first. RV_DAMAGED when terms do not read, or are not what their SHA-256 says.
 */
RV_MUST_CHECK rv_status agreements_list(struct store *s, struct arena *a,
                                        struct agreement_row **ret, size_t *ret_count,
                                        struct rv_err *reterr);

/* The row of a name that decides on the store's day; before its first day, that which will be
 * first. NULL when no row has the name. */
const struct agreement_row *agreements_find(const struct agreement_row *rows, size_t count,
                                            const char *name, const char *day);

/* Whether the row allows use on the day. */
bool agreement_row_is_in_force(const struct agreement_row *row, const char *day);

/* In a transaction of its own: terms recorded, or renewed when the name is there. RV_REFUSED when
 * the very same terms are the newest of that name. */
RV_MUST_CHECK rv_status agreement_add(struct store *s, struct arena *a, const struct agreement *x,
                                      const char *author, const char *now_utc,
                                      struct rv_err *reterr);

/* In a transaction of its own: from the store's day on the agreement allows no use. RV_NOT_FOUND
 * names those there are; RV_REFUSED when it is not in force. */
RV_MUST_CHECK rv_status agreement_end(struct store *s, struct arena *a, const char *name,
                                      const char *author, const char *now_utc,
                                      struct rv_err *reterr);

/* The failure for a name that no row has: RV_NOT_FOUND with those there are. */
rv_status agreement_unknown(struct arena *a, const struct agreement_row *rows, size_t count,
                            const char *name, struct rv_err *reterr);

#endif

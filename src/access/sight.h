/* access/sight.h — who may see which extract, at which detail: roles, agreements and markings put
 * together, and as a wall inside the store.
 *
 * | | public | official | official-sensitive |
 * |---|---|---|---|
 * | analyst | records | records | records |
 * | coordinator | counts | counts | counts |
 * | administrator | counts | counts | nothing |
 * | partner | records | counts | nothing |
 *
 * A partner sees records of what its own organisation supplied, and what the agreement opens to it
 * by name ("counts_for", "records_for"). Nobody sees anything of an extract whose agreement is not
 * in force. Who has not signed in sees editions only, which are not made from here.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_SIGHT_H
#define REEVE_ACCESS_SIGHT_H

#include "access/agreement.h"
#include "access/role.h"
#include "store/extract.h"

enum detail { DETAIL_COUNTS, DETAIL_RECORDS };

struct viewer {
    enum role role;
    const char *organisation; /* NULL or "" = none */
};

/* terms: of the extract's agreement on the store's day; NULL = none declared. Pure. */
bool access_may_see(const struct viewer *viewer, const struct extract_info *extract,
                    const struct agreement *terms, enum detail detail);

/* From now on extract_list of this connection gives only what the viewer may see at this detail:
 * whatever computes a result begins there, so a page that forgets to ask shows too little, not too
 * much. Agreements are read now; what is kept lies in `a`, which must outlive the connection or
 * sight_clear. *ret_hidden: extracts in use that are left out, to be told. RV_DAMAGED as
 * agreements_list. */
RV_MUST_CHECK rv_status sight_set(struct store *s, struct arena *a, const struct viewer *viewer,
                                  enum detail detail, size_t *ret_hidden, struct rv_err *reterr);
void sight_clear(struct store *s);

#endif

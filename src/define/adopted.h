/* define/adopted.h — which definition is in force, and which were.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_ADOPTED_H
#define REEVE_DEFINE_ADOPTED_H

#include "define/definition.h"
#include "store/store.h"

struct adoption { /* texts live in the arena */
    int64_t id;
    const char *name, *version, *title, *sha256, *adopted_at, *adopted_by;
    struct text body;
};

/* Newest first: the first is in force. */
RV_MUST_CHECK rv_status adopted_list(struct store *s, struct arena *a, struct adoption **ret,
                                     size_t *ret_count, struct rv_err *reterr);

/* The definition in force; *ret = NULL when none was adopted. RV_DAMAGED when what is stored does
 * not read, or is not what its SHA-256 says. */
RV_MUST_CHECK rv_status adopted_definition(struct store *s, struct arena *a,
                                           const struct definition **ret, struct rv_err *reterr);

/* Inside store_begin. RV_REFUSED when this very text is in force. The caller audits it. */
RV_MUST_CHECK rv_status adopt_definition_within(struct store *s, struct arena *a,
                                                const struct definition *d, const char *author,
                                                const char *now_utc, struct rv_err *reterr);
/* The same in a transaction of its own, not audited: for making files. */
RV_MUST_CHECK rv_status adopt_definition(struct store *s, struct arena *a,
                                         const struct definition *d, const char *author,
                                         const char *now_utc, struct rv_err *reterr);

#endif

/* store/setting.h — settings of the partnership file: its title, whether its data are synthetic.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_SETTING_H
#define REEVE_STORE_SETTING_H

#include "base/arena.h"
#include "store/store.h"

/* *ret = the value in the arena, or NULL when it was never set. */
RV_MUST_CHECK rv_status setting_get(struct store *s, struct arena *a, const char *name,
                                    const char **ret, struct rv_err *reterr);

struct setting { /* texts live in the arena */
    const char *name, *value;
};
/* Those whose names begin so, by name. */
RV_MUST_CHECK rv_status setting_list(struct store *s, struct arena *a, const char *start,
                                     struct setting **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* Inside store_begin. */
RV_MUST_CHECK rv_status setting_put(struct store *s, const char *name, const char *value,
                                    struct rv_err *reterr);

#endif

/* ingest/plan_making.h — what the parts of plan_make share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PLAN_MAKING_H
#define REEVE_INGEST_PLAN_MAKING_H

#include "ingest/plan.h"

struct plan_making {
    struct arena *a;
    struct plan *plan;
    const struct plan_given *given;
    bool *is_used; /* header columns that something reads */
    struct rv_err *err;
};

/* Header column of this name; PLAN_NONE when absent. RV_INVALID when it stands there twice. */
rv_status plan_find_cell(struct plan_making *m, const char *name, size_t *ret);
rv_status plan_find_first(struct plan_making *m, const char *const *names, size_t count,
                          size_t *ret); /* the first of them that is there */

/* A text of the profile as a value of the column. */
rv_status plan_read_value(struct plan_making *m, const struct plan_column *c, struct text text,
                          struct plan_value *ret);

struct plan_column *plan_add(struct plan_making *m, const char *name, enum plan_from from);
bool plan_has(const struct plan *p, const char *name);

/* plan_terms.c: whether the agreement shares the column; if not, its name is kept to be told.
 * RV_REFUSED for a column that rows of this kind cannot do without. */
rv_status plan_is_shared(struct plan_making *m, const char *name, bool *ret);
rv_status plan_check_shared(struct plan_making *m); /* of columns that no cell alone fills */

rv_status plan_add_wide(struct plan_making *m);  /* plan_wide.c */
rv_status plan_check_ids(struct plan_making *m); /* after every column that is read is known */

#endif

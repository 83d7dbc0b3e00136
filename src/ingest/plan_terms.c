/* ingest/plan_terms.c — columns that the agreement does not share are planned as if the file did
 * not have them: never read into the extract, and listed with the dropped ones.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/agreement.h"
#include "ingest/plan_making.h"

/* Longitude and latitude are read and turned into easting and northing: either name shares both. */
static const char *also_as(const char *name)
{
    static const char *const PAIRS[][2] = {{"longitude", "easting"}, {"latitude", "northing"}};
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(name, PAIRS[i][0]) == 0) {
            return PAIRS[i][1];
        }
    }
    return name;
}

static bool shares(const struct plan_making *m, const char *name)
{
    const struct agreement *x = m->given->terms;
    return !x || agreement_shares(x, name) || agreement_shares(x, also_as(name));
}

static rv_status refuse(const struct plan_making *m, const char *name, const char *because)
{
    return rv_fail(m->err, RV_REFUSED,
                   "the agreement \"%s\" does not list %s among its fields, %s; agree on it with "
                   "the supplier and record the new terms; nothing was loaded",
                   m->given->terms->id, name, because);
}

rv_status plan_is_shared(struct plan_making *m, const char *name, bool *ret)
{
    struct plan *p = m->plan;
    const struct kind *kind = p->profile->kind;
    *ret = shares(m, name);
    if (*ret) {
        return rv_ok();
    }
    bool is_made = kind->made && strcmp(kind->made, name) == 0;
    const struct kind_column *kc = kind_column_find(kind, name);
    if (kc && kc->need == NEED_VALUE && !is_made) {
        return refuse(m, name, "and no row of this kind can be without it");
    }
    p->withheld[p->withheld_count++] = name;
    return rv_ok();
}

/* A file whose headers are months or categories cannot be cut: what its cells say is wanted whole.
 */
rv_status plan_check_shared(struct plan_making *m)
{
    for (size_t i = 0; i < m->plan->count; i++) {
        const struct plan_column *c = &m->plan->columns[i];
        bool is_of_cells = c->from == PLAN_VALUE || c->from == PLAN_SET;
        if (is_of_cells && !shares(m, c->kc->name)) {
            return refuse(m, c->kc->name, "which the headers of this file are about");
        }
    }
    return rv_ok();
}

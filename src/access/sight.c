/* access/sight.c — what a viewer may see. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sight.h"

#include "access/register.h"
#include "store/only.h"

static bool is_organisation(const struct viewer *v, const char *name)
{
    return v->organisation && *v->organisation && name &&
           text_equal_nocase(text_trim(text_of(v->organisation)), text_trim(text_of(name)));
}

static bool is_named(const struct viewer *v, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_organisation(v, names[i])) {
            return true;
        }
    }
    return false;
}

static bool partner_may(const struct viewer *v, const struct extract_info *x,
                        const struct agreement *terms, enum detail detail)
{
    if (x->marking == MARKING_PUBLIC || is_organisation(v, x->supplier)) {
        return true;
    }
    if (terms && is_named(v, terms->records_for, terms->records_for_count)) {
        return true;
    }
    if (detail == DETAIL_RECORDS) {
        return false;
    }
    return x->marking == MARKING_OFFICIAL ||
           (terms && is_named(v, terms->counts_for, terms->counts_for_count));
}

bool access_may_see(const struct viewer *viewer, const struct extract_info *extract,
                    const struct agreement *terms, enum detail detail)
{
    enum right needed = detail == DETAIL_RECORDS ? RIGHT_READ_RECORDS : RIGHT_READ_FINDINGS;
    if (!extract->is_in_use || !role_may(viewer->role, needed)) {
        return false;
    }
    switch (viewer->role) {
    case ROLE_ANALYST:
    case ROLE_COORDINATOR: /* counts only: it has no right to records */
        return true;
    case ROLE_ADMINISTRATOR:
        return extract->marking != MARKING_OFFICIAL_SENSITIVE;
    case ROLE_PARTNER:
        return partner_may(viewer, extract, terms, detail);
    case ROLE_PUBLIC:
    default:
        return false;
    }
}

/* ---- the wall ---- */

struct sight {
    struct viewer viewer;
    enum detail detail;
    const struct agreement_row *rows;
    size_t row_count;
    const char *day;
};

static bool may_list(void *context, const struct extract_info *x)
{
    const struct sight *w = context;
    const struct agreement_row *row =
        x->agreement ? agreements_find(w->rows, w->row_count, x->agreement, w->day) : NULL;
    return access_may_see(&w->viewer, x, row ? &row->terms : NULL, w->detail);
}

static rv_status count_hidden(struct store *s, struct arena *a, struct sight *w, size_t *ret,
                              struct rv_err *reterr)
{
    struct extract_info *list;
    size_t count, hidden = 0;
    RV_TRY(extract_list_all(s, a, NULL, &list, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        hidden += list[i].is_in_use && !may_list(w, &list[i]);
    }
    *ret = hidden;
    return rv_ok();
}

rv_status sight_set(struct store *s, struct arena *a, const struct viewer *viewer,
                    enum detail detail, size_t *ret_hidden, struct rv_err *reterr)
{
    struct agreement_row *rows;
    struct sight *w = ARENA_NEW(a, struct sight, 1);
    const char *organisation = viewer->organisation ? viewer->organisation : "";
    struct text day = text_of(store_day(s)), name = text_of(organisation);
    size_t hidden = 0;
    if (!w) {
        return arena_fail(a, reterr);
    }
    *w = (struct sight){.viewer = {viewer->role, arena_text(a, name.at, name.n)},
                        .detail = detail,
                        .day = arena_text(a, day.at, day.n)};
    if (!w->viewer.organisation || !w->day) {
        return arena_fail(a, reterr);
    }
    RV_TRY(agreements_list(s, a, &rows, &w->row_count, reterr));
    w->rows = rows;
    RV_TRY(count_hidden(s, a, w, &hidden, reterr));
    extract_list_only(s, may_list, w);
    *ret_hidden = hidden;
    return rv_ok();
}

void sight_clear(struct store *s)
{
    extract_list_only(s, NULL, NULL);
}

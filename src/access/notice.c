/* access/notice.c — sentences about terms. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/notice.h"

#include "access/agreement.h"
#include "store/only.h"

#define UNDECLARED_NAMED 8 /* extracts told by number; the rest as a number of them */

struct saying {
    struct store *s;
    struct arena *a;
    const char **sentences;
    size_t count;
    struct rv_err *err;
};

static rv_status say(struct saying *w, const char *sentence)
{
    if (!sentence) {
        return arena_fail(w->a, w->err);
    }
    w->sentences[w->count++] = sentence;
    return rv_ok();
}

static rv_status say_of(struct saying *w, unsigned wanted, const struct extract_info *x)
{
    if ((wanted & NOTICE_WITHHELD) && !x->is_in_use) {
        RV_TRY(say(w, arena_printf(w->a,
                                   "Extract %lld (%s, %s) is left out: its agreement \"%s\", last "
                                   "day %s, is not in force on %s.",
                                   (long long)x->id, x->kind, x->file_name, x->agreement,
                                   x->last_day, store_day(w->s))));
    }
    if ((wanted & NOTICE_PAST) &&
        agreement_is_past(x->retention_months, x->imported_at, store_day(w->s))) {
        RV_TRY(say(w, arena_printf(w->a,
                                   "Extract %lld (%s, %s) is kept longer than the %lld months that "
                                   "its agreement \"%s\" allows: it came on %.10s. Nothing is "
                                   "deleted by itself.",
                                   (long long)x->id, x->kind, x->file_name,
                                   (long long)x->retention_months, x->agreement, x->imported_at)));
    }
    return rv_ok();
}

static rv_status say_undeclared(struct saying *w, const struct extract_info *list, size_t count)
{
    const char *named = "";
    size_t n = 0;
    for (size_t i = 0; i < count && named; i++) {
        bool is_undeclared = !list[i].agreement && !list[i].is_open;
        if (is_undeclared && n < UNDECLARED_NAMED) {
            named = arena_printf(w->a, "%s%s%lld", named, n ? ", " : "", (long long)list[i].id);
        }
        n += is_undeclared;
    }
    if (n == 0) {
        return rv_ok();
    }
    const char *more =
        n > UNDECLARED_NAMED ? arena_printf(w->a, " and %zu more", n - UNDECLARED_NAMED) : "";
    if (!named || !more) {
        return arena_fail(w->a, w->err);
    }
    return say(w, arena_printf(w->a,
                               "No agreement is declared for extract%s %s%s, and %s not said to be "
                               "open data: used all the same, and marked official.",
                               n == 1 ? "" : "s", named, more, n == 1 ? "it is" : "they are"));
}

rv_status access_notices(struct store *s, struct arena *a, unsigned wanted, const char *const **ret,
                         size_t *ret_count, struct rv_err *reterr)
{
    struct extract_info *list;
    size_t held, count = 0;
    RV_TRY(extract_list_all(s, a, NULL, &list, &held, reterr));
    for (size_t i = 0; i < held; i++) {
        list[count] = list[i];
        count += extract_is_told(s, &list[i]);
    }
    struct saying w = {.s = s, .a = a, .err = reterr};
    w.sentences = ARENA_NEW(a, const char *, 2 * count + 1);
    if (!w.sentences) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(say_of(&w, wanted, &list[i]));
    }
    if (wanted & NOTICE_UNDECLARED) {
        RV_TRY(say_undeclared(&w, list, count));
    }
    *ret = w.sentences;
    *ret_count = w.count;
    return rv_ok();
}

/* access/account.c — accounts as rows: names, lists, who may change them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account_internal.h"

#include <string.h>

static const char *const STATUSES[] = {
    [ACCOUNT_INVITED] = "invited", [ACCOUNT_ACTIVE] = "active", [ACCOUNT_DISABLED] = "disabled"};

const char *account_status_name(enum account_status status)
{
    return STATUSES[status];
}

rv_status account_name(struct text typed, char out[ACCOUNT_NAME_BYTES + 1], struct rv_err *reterr)
{
    struct text t = text_trim(typed);
    bool is_name = t.n >= 2 && t.n <= ACCOUNT_NAME_BYTES;
    for (size_t i = 0; is_name && i < t.n; i++) {
        char c = t.at[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        is_name = c != '\0' && strchr("abcdefghijklmnopqrstuvwxyz0123456789.@+_-", c) != NULL;
        out[i] = c;
    }
    if (!is_name) {
        return rv_fail(reterr, RV_INVALID,
                       "a name to sign in with has 2 to %d letters without accents, digits, '.', "
                       "'@', '+', '_' and '-': a.analyst@borough.example",
                       ACCOUNT_NAME_BYTES);
    }
    out[t.n] = '\0';
    return rv_ok();
}

/* ---- reading ---- */

static enum account_status status_of(struct text name)
{
    return text_is(name, "active")    ? ACCOUNT_ACTIVE
           : text_is(name, "invited") ? ACCOUNT_INVITED
                                      : ACCOUNT_DISABLED;
}

/* In the order of the columns of account-list.sql. */
static rv_status take(struct stmt *st, struct arena *a, struct account *ret, struct rv_err *reterr)
{
    struct account x = {.id = stmt_int(st, 0),
                        .name = stmt_keep(st, 1, a),
                        .display = stmt_keep(st, 2, a),
                        .role = ROLE_PUBLIC,
                        .status = status_of(stmt_text(st, 5)),
                        .made_at = stmt_int(st, 6),
                        .has_password = stmt_int(st, 7) != 0,
                        .has_codes = stmt_int(st, 8) != 0,
                        .recovery_codes = stmt_int(st, 9),
                        .invited_until = stmt_int(st, 10)};
    bool has_organisation = !stmt_is_null(st, 4);
    x.organisation = has_organisation ? stmt_keep(st, 4, a) : NULL;
    (void)role_find(stmt_text(st, 3), &x.role); /* the table takes no other */
    if (!x.name || !x.display || (has_organisation && !x.organisation)) {
        return arena_fail(a, reterr);
    }
    x.display = *x.display ? x.display : x.name;
    *ret = x;
    return rv_ok();
}

/* id 0 and name NULL: any. */
static rv_status list(struct store *s, struct arena *a, int64_t id, const char *name,
                      struct account **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct account *rows = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_ACCOUNT_LIST, &st, reterr));
    if (id) {
        stmt_bind_int(st, ":id", id);
    }
    stmt_bind_string(st, ":name", name);
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        rv_status status = rows ? take(st, a, &rows[count], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        count++;
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

rv_status account_list(struct store *s, struct arena *a, struct account **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    return list(s, a, 0, NULL, ret, ret_count, reterr);
}

rv_status account_find(struct store *s, struct arena *a, const char *name, struct account *ret,
                       struct rv_err *reterr)
{
    struct account *rows;
    size_t count;
    RV_TRY(list(s, a, 0, name, &rows, &count, reterr));
    if (count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "there is no account \"%s\": 'reeve user %s list' names those there are",
                       name, store_path(s));
    }
    *ret = rows[0];
    return rv_ok();
}

rv_status account_get(struct store *s, struct arena *a, int64_t id, struct account *ret,
                      struct rv_err *reterr)
{
    struct account *rows = NULL;
    size_t count = 0;
    if (id > 0) {
        RV_TRY(list(s, a, id, NULL, &rows, &count, reterr));
    }
    if (count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "there is no account number %lld: 'reeve user %s list' names those there "
                       "are",
                       (long long)id, store_path(s));
    }
    *ret = rows[0];
    return rv_ok();
}

rv_status account_last_seen(struct store *s, struct arena *a, struct account_seen **ret,
                            size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct account_seen *rows = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_ACCOUNT_LAST_SEEN, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        if (!rows) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        rows[count++] = (struct account_seen){stmt_int(st, 0), stmt_int(st, 1)};
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

/* ---- who may ---- */

static bool is_administrator(const struct account *x)
{
    return x->status == ACCOUNT_ACTIVE && x->role == ROLE_ADMINISTRATOR;
}

rv_status account_has_administrator(struct store *s, struct arena *a, bool *ret,
                                    struct rv_err *reterr)
{
    struct account *rows;
    size_t count;
    RV_TRY(account_list(s, a, &rows, &count, reterr));
    bool has_one = false;
    for (size_t i = 0; i < count; i++) {
        has_one = has_one || is_administrator(&rows[i]);
    }
    *ret = has_one;
    return rv_ok();
}

rv_status account_may_act(struct store *s, struct arena *a, struct act act, struct rv_err *reterr)
{
    if (act.by == 0) {
        return rv_ok();
    }
    struct account by;
    RV_TRY(account_get(s, a, act.by, &by, reterr));
    if (by.status != ACCOUNT_ACTIVE || !role_may(by.role, RIGHT_ACCOUNTS)) {
        return rv_fail(reterr, RV_REFUSED,
                       "accounts are changed by an administrator, or on the command line of the "
                       "machine that keeps the file");
    }
    return rv_ok();
}

rv_status account_is_another(const struct account *account, struct act act, struct rv_err *reterr)
{
    if (account->id == act.by) {
        return rv_fail(reterr, RV_REFUSED,
                       "this is your own account: another administrator can do that");
    }
    return rv_ok();
}

rv_status account_is_spared(struct store *s, struct arena *a, const struct account *account,
                            struct rv_err *reterr)
{
    struct account *rows;
    size_t count;
    RV_TRY(account_list(s, a, &rows, &count, reterr));
    bool has_other = !is_administrator(account);
    for (size_t i = 0; i < count; i++) {
        has_other = has_other || (rows[i].id != account->id && is_administrator(&rows[i]));
    }
    if (!has_other) {
        return rv_fail(reterr, RV_REFUSED,
                       "\"%s\" is the last active administrator: make another one first",
                       account->name);
    }
    return rv_ok();
}

/* ---- rows ---- */

static rv_status check_words(const char *words, size_t most, const char *what,
                             struct rv_err *reterr)
{
    struct text t = text_of(words);
    bool is_plain = t.n <= most && text_utf8_valid(t) == t.n;
    for (size_t i = 0; i < t.n; i++) {
        is_plain = is_plain && (unsigned char)t.at[i] >= ' ' && t.at[i] != 127;
    }
    if (!is_plain) {
        return rv_fail(reterr, RV_INVALID, "%s is one line of text, at most %zu bytes in UTF-8",
                       what, most);
    }
    return rv_ok();
}

static rv_status check_new(const struct account_new *x, struct rv_err *reterr)
{
    RV_TRY(check_words(x->display ? x->display : "", ACCOUNT_DISPLAY_BYTES, "the name to be shown",
                       reterr));
    RV_TRY(check_words(x->organisation ? x->organisation : "", ACCOUNT_ORGANISATION_BYTES,
                       "an organisation", reterr));
    if (x->role == ROLE_PUBLIC) {
        return rv_fail(reterr, RV_INVALID,
                       "an account is a partner, analyst, coordinator or administrator: what is "
                       "public needs none");
    }
    return rv_ok();
}

rv_status account_insert(struct store *s, struct arena *a, const struct account_new *account,
                         enum account_status status, int64_t now, int64_t *ret_id,
                         struct rv_err *reterr)
{
    struct stmt *st;
    struct account *rows;
    size_t count;
    char name[ACCOUNT_NAME_BYTES + 1];
    RV_TRY(account_name(text_of(account->name), name, reterr));
    RV_TRY(check_new(account, reterr));
    RV_TRY(list(s, a, 0, name, &rows, &count, reterr));
    if (count) {
        return rv_fail(reterr, RV_REFUSED, "there is an account \"%s\" already (%s)", name,
                       account_status_name(rows[0].status));
    }
    RV_TRY(store_prepare(s, SQL_ACCOUNT_INSERT, &st, reterr));
    stmt_bind_string(st, ":name", name);
    stmt_bind_string(st, ":display", account->display ? account->display : "");
    stmt_bind_string(st, ":role", role_name(account->role));
    stmt_bind_string(st, ":organisation", account->organisation);
    stmt_bind_string(st, ":status", account_status_name(status));
    stmt_bind_int(st, ":now", now);
    RV_TRY(stmt_run(st, reterr));
    *ret_id = store_last_id(s);
    return rv_ok();
}

rv_status account_set_status(struct store *s, int64_t id, enum account_status status, int64_t now,
                             struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_ACCOUNT_STATUS_SET, &st, reterr));
    stmt_bind_int(st, ":id", id);
    stmt_bind_string(st, ":status", account_status_name(status));
    stmt_bind_int(st, ":now", now);
    return stmt_run(st, reterr);
}

rv_status account_change(struct store *s, struct arena *a, int64_t id, const struct account_new *to,
                         struct act act, struct rv_err *reterr)
{
    struct stmt *st;
    struct account x;
    RV_TRY(check_new(to, reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_get(s, a, id, &x, reterr));
    if (to->role != x.role) {
        RV_TRY(account_is_another(&x, act, reterr));
    }
    if (to->role != ROLE_ADMINISTRATOR) {
        RV_TRY(account_is_spared(s, a, &x, reterr));
    }
    RV_TRY(store_prepare(s, SQL_ACCOUNT_CHANGE, &st, reterr));
    stmt_bind_int(st, ":id", id);
    stmt_bind_string(st, ":display", to->display ? to->display : "");
    stmt_bind_string(st, ":role", role_name(to->role));
    stmt_bind_string(st, ":organisation", to->organisation);
    stmt_bind_int(st, ":now", act.now);
    RV_TRY(stmt_run(st, reterr));
    RV_TRY(audit_account(s, act, "account.changed", id, role_name(to->role), reterr));
    return store_commit(s, reterr);
}

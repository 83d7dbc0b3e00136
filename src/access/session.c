/* access/session.c — sessions as rows. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/session.h"

#include "access/account_internal.h"
#include "base/progress.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_BYTES 60

static const char *const MEANS[] = {[SESSION_BY_CODE] = "code",
                                    [SESSION_BY_RECOVERY] = "recovery",
                                    [SESSION_BY_PASSWORD] = "password",
                                    [SESSION_BY_PROXY] = "proxy"};

const char *session_means_name(enum session_means means)
{
    return MEANS[means];
}

static enum session_means means_of(struct text name)
{
    for (unsigned i = 0; i < sizeof MEANS / sizeof *MEANS; i++) {
        if (text_is(name, MEANS[i])) {
            return (enum session_means)i;
        }
    }
    return SESSION_BY_PASSWORD; /* the table takes no other */
}

/* ---- opening ---- */

static rv_status remove_expired(struct store *s, int64_t now, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_SESSION_DELETE_EXPIRED, &st, reterr));
    stmt_bind_int(st, ":now", now);
    stmt_bind_int(st, ":unused_since", now - SESSION_UNUSED);
    return stmt_run(st, reterr);
}

/* Bytes of an address as a server writes it; of anything else, what is printable ASCII. */
static void clean_address(const char *address, char out[ADDRESS_BYTES + 1])
{
    size_t n = 0;
    for (; *address && n < ADDRESS_BYTES; address++) {
        if (*address > ' ' && *address < 127) {
            out[n++] = *address;
        }
    }
    out[n] = '\0';
}

rv_status session_open(struct store *s, int64_t account, enum session_means means, int64_t now,
                       const char *address, struct token *ret, struct rv_err *reterr)
{
    struct stmt *st;
    char from[ADDRESS_BYTES + 1];
    unsigned char hash[HASH_BYTES];
    RV_CLEANUP(token_done) struct token token = {""};
    RV_TRY(secrets_ready(reterr));
    RV_TRY(remove_expired(s, now, reterr));
    clean_address(address, from);
    token_make(&token);
    (void)token_hash(text_of(token.text), hash);
    RV_TRY(store_prepare(s, SQL_SESSION_INSERT, &st, reterr));
    stmt_bind_blob(st, ":hash", hash, sizeof hash);
    stmt_bind_int(st, ":account", account);
    stmt_bind_int(st, ":now", now);
    stmt_bind_int(st, ":expires", now + SESSION_LONGEST);
    stmt_bind_string(st, ":address", from);
    stmt_bind_string(st, ":means", MEANS[means]);
    RV_TRY(stmt_run(st, reterr));
    fault_point("session.written");
    *ret = token;
    return rv_ok();
}

/* ---- finding ---- */

static void copy(struct text t, char *out, size_t size)
{
    size_t n = t.n < size ? t.n : size - 1;
    if (n) {
        memcpy(out, t.at, n);
    }
    out[n] = '\0';
}

/* In the order of the columns of session-get.sql. */
static void take(struct stmt *st, struct session_info *ret)
{
    *ret = (struct session_info){.id = stmt_int(st, 0),
                                 .account = stmt_int(st, 1),
                                 .made_at = stmt_int(st, 2),
                                 .seen_at = stmt_int(st, 3),
                                 .expires_at = stmt_int(st, 4),
                                 .means = means_of(stmt_text(st, 5)),
                                 .role = ROLE_PUBLIC};
    copy(stmt_text(st, 6), ret->name, sizeof ret->name);
    copy(stmt_text(st, 7), ret->display, sizeof ret->display);
    (void)role_find(stmt_text(st, 8), &ret->role);
    copy(stmt_text(st, 9), ret->organisation, sizeof ret->organisation);
}

static bool is_over(int64_t made_at, int64_t seen_at, int64_t expires_at, int64_t now)
{
    return now >= expires_at || now - seen_at >= SESSION_UNUSED || made_at - now > SESSION_SLACK;
}

rv_status session_find(struct store *s, struct text token, int64_t now, struct session_info *ret,
                       bool *ret_is_found, struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char hash[HASH_BYTES];
    bool has_row = false, is_found = false;
    RV_TRY(secrets_ready(reterr));
    if (token_hash(token, hash)) {
        RV_TRY(store_prepare(s, SQL_SESSION_GET, &st, reterr));
        stmt_bind_blob(st, ":hash", hash, sizeof hash);
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    if (has_row) {
        struct session_info info;
        take(st, &info);
        info.needs_touch = now - info.seen_at >= SESSION_TOUCH;
        is_found = text_is(stmt_text(st, 10), "active") &&
                   !is_over(info.made_at, info.seen_at, info.expires_at, now);
        stmt_reset(st);
        if (is_found) {
            *ret = info;
        }
    }
    *ret_is_found = is_found;
    return rv_ok();
}

rv_status session_touch(struct store *s, struct text token, int64_t now, struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char hash[HASH_BYTES];
    RV_TRY(secrets_ready(reterr));
    if (!token_hash(token, hash)) {
        return rv_ok();
    }
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(store_prepare(s, SQL_SESSION_TOUCH, &st, reterr));
    stmt_bind_blob(st, ":hash", hash, sizeof hash);
    stmt_bind_int(st, ":now", now);
    RV_TRY(stmt_run(st, reterr));
    return store_commit(s, reterr);
}

/* ---- closing ---- */

rv_status session_drop(struct store *s, struct text token, int64_t now, struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char hash[HASH_BYTES];
    bool has_row;
    if (!token_hash(token, hash)) {
        return rv_ok();
    }
    RV_TRY(store_prepare(s, SQL_SESSION_DELETE, &st, reterr));
    stmt_bind_blob(st, ":hash", hash, sizeof hash);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_ok();
    }
    const struct act act = {.by = stmt_int(st, 0), .now = now};
    RV_TRY(stmt_run(st, reterr));
    return audit_account(s, act, "sign-out", act.by, "done", reterr);
}

rv_status session_close(struct store *s, struct text token, int64_t now, struct rv_err *reterr)
{
    RV_TRY(secrets_ready(reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(session_drop(s, token, now, reterr));
    return store_commit(s, reterr);
}

static rv_status delete_counted(struct store *s, int64_t account, int64_t id, int64_t *ret_count,
                                struct rv_err *reterr)
{
    struct stmt *st;
    int64_t count = 0;
    RV_TRY(store_prepare(s, SQL_SESSION_DELETE_ACCOUNT, &st, reterr));
    if (account) {
        stmt_bind_int(st, ":account", account);
    }
    if (id) {
        stmt_bind_int(st, ":id", id);
    }
    for (bool has_row = true; has_row; count += has_row) {
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret_count = count;
    return rv_ok();
}

/* One's own, or an administrator's business. */
static rv_status may_end(struct store *s, int64_t account, struct act act, struct rv_err *reterr)
{
    if (act.by == account && account) {
        return rv_ok();
    }
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, (size_t)1 << 20);
    return account_may_act(s, &a, act, reterr);
}

rv_status session_close_all(struct store *s, int64_t account, int64_t id, struct act act,
                            int64_t *ret_count, struct rv_err *reterr)
{
    int64_t count = 0;
    char outcome[40];
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(may_end(s, account, act, reterr));
    RV_TRY(delete_counted(s, account, id, &count, reterr));
    (void)snprintf(outcome, sizeof outcome, "%lld sessions", (long long)count);
    RV_TRY(account ? audit_account(s, act, "sign-out.everywhere", account, outcome, reterr)
                   : audit_add(s, act, "sign-out.everywhere", "every account", outcome, reterr));
    RV_TRY(store_commit(s, reterr));
    *ret_count = count;
    return rv_ok();
}

/* ---- listing ---- */

static rv_status take_row(struct stmt *st, struct arena *a, struct session_row *ret,
                          struct rv_err *reterr)
{
    *ret = (struct session_row){.id = stmt_int(st, 0),
                                .account = stmt_int(st, 1),
                                .made_at = stmt_int(st, 2),
                                .seen_at = stmt_int(st, 3),
                                .expires_at = stmt_int(st, 4),
                                .address = stmt_keep(st, 5, a),
                                .means = stmt_keep(st, 6, a)};
    return ret->address && ret->means ? rv_ok() : arena_fail(a, reterr);
}

rv_status session_list(struct store *s, struct arena *a, int64_t account, int64_t now,
                       struct session_row **ret, size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct session_row *rows = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_SESSION_LIST, &st, reterr));
    if (account) {
        stmt_bind_int(st, ":account", account);
    }
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        rv_status status = rows ? take_row(st, a, &rows[count], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        const struct session_row *row = &rows[count];
        count += !is_over(row->made_at, row->seen_at, row->expires_at, now);
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

/* ---- forms ---- */

bool session_csrf(struct text token, struct token *ret)
{
    static const unsigned char WORDS[] = "reeve form 1";
    unsigned char key[HASH_BYTES], out[HASH_BYTES];
    size_t n = 0;
    bool is_token = token.n == TOKEN_CHARS &&
                    sodium_base642bin(key, sizeof key, token.at, token.n, NULL, &n, NULL,
                                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                    n == sizeof key;
    if (is_token) {
        crypto_generichash(out, sizeof out, WORDS, sizeof WORDS - 1, key, sizeof key);
        sodium_bin2base64(ret->text, sizeof ret->text, out, sizeof out,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    }
    sodium_memzero(key, sizeof key);
    return is_token;
}

bool session_csrf_is(struct text token, struct text given)
{
    RV_CLEANUP(token_done) struct token want = {""};
    return session_csrf(token, &want) && given.n == TOKEN_CHARS &&
           sodium_memcmp(want.text, given.at, TOKEN_CHARS) == 0;
}

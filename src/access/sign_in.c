/* access/sign_in.c — one attempt to sign in. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/sign_in.h"

#include "access/account_internal.h"
#include "access/backoff.h"

#include <sodium.h>
#include <string.h>

void sign_in_done(struct sign_in *attempt)
{
    sodium_memzero(attempt, sizeof *attempt);
}

/* ---- begin ---- */

static void copy(struct text t, char *out, size_t size)
{
    size_t n = t.n < size ? t.n : size - 1;
    if (n) {
        memcpy(out, t.at, n);
    }
    out[n] = '\0';
}

/* A name that cannot be one is counted too, cut, as what it is. */
static void take_name(struct text typed, struct sign_in *x)
{
    if (!rv_is_ok(account_name(typed, x->name, NULL))) {
        copy(text_trim(typed), x->name, sizeof x->name);
    }
}

/* An address that has to wait counts nothing against the name. */
static rv_status charge(struct store *s, const struct key *key, int64_t now, struct sign_in *x,
                        struct rv_err *reterr)
{
    struct text address = text_of(x->address), name = text_of(x->name);
    RV_TRY(backoff_charge(s, key, BACKOFF_ADDRESS, address, now, &x->wait_seconds, reterr));
    if (x->wait_seconds > 0) {
        return rv_ok();
    }
    RV_TRY(backoff_charge(s, key, BACKOFF_NAME, name, now, &x->wait_seconds, reterr));
    return x->wait_seconds > 0 ? backoff_settle(s, key, BACKOFF_ADDRESS, address, reterr) : rv_ok();
}

/* Of a secret that cannot be opened (FILE-key is a new one) no code is right: recovery codes are.
 */
static rv_status load(struct store *s, const struct key *key, struct sign_in *x,
                      struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    totp_secret_make(&x->secret);
    RV_TRY(store_prepare(s, SQL_ACCOUNT_SECRET_GET, &st, reterr));
    stmt_bind_string(st, ":name", x->name);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (has_row) {
        x->account = stmt_int(st, 0);
        x->is_active = text_is(stmt_text(st, 2), "active");
        copy(stmt_text(st, 3), x->hash, sizeof x->hash);
        x->has_codes = !stmt_is_null(st, 4);
        if (x->has_codes) {
            (void)key_open(key, x->account, stmt_blob(st, 4), x->secret.bytes);
        }
        x->last_step = stmt_int(st, 5);
        stmt_reset(st);
    }
    return rv_ok();
}

rv_status sign_in_begin(struct store *s, struct text name, const char *address, int64_t now,
                        struct sign_in *ret, struct rv_err *reterr)
{
    char scratch[64];
    RV_CLEANUP(key_done) struct key key = {{0}};
    RV_CLEANUP(sign_in_done) struct sign_in x = {.account = 0};
    take_name(name, &x);
    copy(backoff_address(address, scratch), x.address, sizeof x.address);
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(key_ready(s, &key, reterr));
    RV_TRY(charge(s, &key, now, &x, reterr));
    if (x.wait_seconds == 0) {
        RV_TRY(load(s, &key, &x, reterr));
    }
    RV_TRY(store_commit(s, reterr));
    *ret = x;
    return rv_ok();
}

/* ---- check ---- */

rv_status sign_in_check(struct sign_in *attempt, struct text password, struct text code,
                        int64_t now, struct rv_err *reterr)
{
    bool is_password, is_stale;
    int64_t step;
    RV_TRY(secrets_ready(reterr));
    RV_TRY(password_is(attempt->is_active ? attempt->hash : NULL, password, &is_password, &is_stale,
                       reterr));
    RV_TRY(totp_find(&attempt->secret, code, now, attempt->last_step, &step, reterr));
    if (is_stale) {
        RV_TRY(password_make(password, &attempt->fresh, reterr));
    }
    attempt->is_recovery = step == 0 && recovery_hash(code, attempt->recovery);
    attempt->step = step;
    attempt->is_stale = is_stale;
    attempt->is_password = is_password;
    return rv_ok();
}

/* ---- end ---- */

static rv_status run_found(struct stmt *st, bool *ret, struct rv_err *reterr)
{
    bool has_row, more;
    RV_TRY(stmt_step(st, &has_row, reterr));
    more = has_row;
    while (more) {
        RV_TRY(stmt_step(st, &more, reterr));
    }
    *ret = has_row;
    return rv_ok();
}

/* Whether the account is still what was checked. */
static rv_status is_unchanged(struct store *s, const struct sign_in *x, bool *ret,
                              struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    RV_TRY(store_prepare(s, SQL_ACCOUNT_SECRET_GET, &st, reterr));
    stmt_bind_string(st, ":name", x->name);
    RV_TRY(stmt_step(st, &has_row, reterr));
    *ret = has_row && stmt_int(st, 0) == x->account && text_is(stmt_text(st, 2), "active") &&
           text_is(stmt_text(st, 3), x->hash) && stmt_is_null(st, 4) == !x->has_codes;
    stmt_reset(st);
    return rv_ok();
}

/* Uses the code up: by the statement itself, so that of two attempts with one code one succeeds. */
static rv_status use_code(struct store *s, const struct sign_in *x, bool *ret,
                          enum session_means *ret_means, struct rv_err *reterr)
{
    struct stmt *st;
    if (!x->has_codes) {
        *ret = true;
        *ret_means = SESSION_BY_PASSWORD;
        return rv_ok();
    }
    *ret_means = x->is_recovery ? SESSION_BY_RECOVERY : SESSION_BY_CODE;
    if (x->is_recovery) {
        RV_TRY(store_prepare(s, SQL_RECOVERY_USE, &st, reterr));
        stmt_bind_blob(st, ":hash", x->recovery, sizeof x->recovery);
        stmt_bind_int(st, ":account", x->account);
    } else {
        RV_TRY(store_prepare(s, SQL_ACCOUNT_STEP_SET, &st, reterr));
        stmt_bind_int(st, ":id", x->account);
        stmt_bind_int(st, ":step", x->step);
    }
    return run_found(st, ret, reterr);
}

static rv_status judge(struct store *s, const struct sign_in *x, bool *ret,
                       enum session_means *ret_means, struct rv_err *reterr)
{
    bool is_same = false;
    *ret = false;
    RV_TRY(is_unchanged(s, x, &is_same, reterr));
    if (!is_same || !x->is_password || (x->has_codes && x->step == 0 && !x->is_recovery)) {
        return rv_ok();
    }
    return use_code(s, x, ret, ret_means, reterr);
}

static rv_status settle(struct store *s, const struct sign_in *x, struct rv_err *reterr)
{
    struct stmt *st;
    RV_CLEANUP(key_done) struct key key = {{0}};
    RV_TRY(key_load(s, &key, reterr));
    RV_TRY(backoff_settle(s, &key, BACKOFF_NAME, text_of(x->name), reterr));
    RV_TRY(backoff_settle(s, &key, BACKOFF_ADDRESS, text_of(x->address), reterr));
    if (!x->is_stale) {
        return rv_ok();
    }
    RV_TRY(store_prepare(s, SQL_ACCOUNT_PASSWORD_SET, &st, reterr));
    stmt_bind_int(st, ":id", x->account);
    stmt_bind_string(st, ":password", x->fresh.text);
    return stmt_run(st, reterr);
}

/* A refusal names the account that was tried, when there is one, and never what was typed. */
static rv_status refuse(struct store *s, int64_t account, int64_t now, struct rv_err *reterr)
{
    const struct act act = {.by = 0, .now = now};
    return account ? audit_account(s, act, "sign-in", account, "refused", reterr)
                   : audit_add(s, act, "sign-in", "", "refused", reterr);
}

/* The session and its row of the audit; the session that the browser had ends. */
static rv_status let_in(struct store *s, int64_t account, enum session_means means,
                        const char *address, struct text old, int64_t now, struct token *ret,
                        struct rv_err *reterr)
{
    const struct act act = {.by = account, .now = now};
    RV_TRY(session_drop(s, old, now, reterr));
    RV_TRY(session_open(s, account, means, now, address, ret, reterr));
    return audit_account(s, act, "sign-in", account, session_means_name(means), reterr);
}

rv_status sign_in_end(struct store *s, const struct sign_in *attempt, struct text old, int64_t now,
                      struct token *ret_token, enum sign_in_answer *ret, struct rv_err *reterr)
{
    bool is_good = false;
    enum session_means means = SESSION_BY_PASSWORD;
    RV_CLEANUP(token_done) struct token token = {""};
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(judge(s, attempt, &is_good, &means, reterr));
    if (is_good) {
        RV_TRY(settle(s, attempt, reterr));
        RV_TRY(let_in(s, attempt->account, means, attempt->address, old, now, &token, reterr));
    } else {
        RV_TRY(refuse(s, attempt->account, now, reterr));
    }
    RV_TRY(store_commit(s, reterr));
    if (is_good) {
        *ret_token = token;
    }
    *ret = is_good ? SIGN_IN_DONE : SIGN_IN_REFUSED;
    return rv_ok();
}

rv_status sign_in_by_proxy(struct store *s, struct text name, const char *address, struct text old,
                           int64_t now, struct token *ret_token, enum sign_in_answer *ret,
                           struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row = false;
    int64_t account = 0;
    char known[ACCOUNT_NAME_BYTES + 1];
    RV_CLEANUP(token_done) struct token token = {""};
    bool is_name = rv_is_ok(account_name(name, known, NULL)), is_active = false;
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    if (is_name) {
        RV_TRY(store_prepare(s, SQL_ACCOUNT_SECRET_GET, &st, reterr));
        stmt_bind_string(st, ":name", known);
        RV_TRY(stmt_step(st, &has_row, reterr));
        account = has_row ? stmt_int(st, 0) : 0;
        is_active = has_row && text_is(stmt_text(st, 2), "active");
        stmt_reset(st);
    }
    RV_TRY(is_active ? let_in(s, account, SESSION_BY_PROXY, address, old, now, &token, reterr)
                     : refuse(s, account, now, reterr));
    RV_TRY(store_commit(s, reterr));
    if (is_active) {
        *ret_token = token;
    }
    *ret = is_active ? SIGN_IN_DONE : SIGN_IN_REFUSED;
    return rv_ok();
}

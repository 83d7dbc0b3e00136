/* access/invitation.c — from an invitation to an account that its person alone can use.
 *
 * The secret of one-time codes is made with the invitation and shown with it; once accepted, the
 * token of a mail that lies about opens nothing any more.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account_internal.h"
#include "base/progress.h"

#include <sodium.h>

rv_status invitation_make(struct store *s, int64_t id, bool has_no_codes, int64_t now,
                          struct token *ret, struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char hash[HASH_BYTES], sealed[SEALED_BYTES];
    RV_CLEANUP(key_done) struct key key = {{0}};
    RV_CLEANUP(token_done) struct token token = {""};
    RV_CLEANUP(totp_secret_done) struct totp_secret secret = {{0}};
    RV_TRY(key_ready(s, &key, reterr));
    RV_TRY(account_run(s, SQL_INVITATION_DELETE, ":account", id, reterr));
    token_make(&token);
    (void)token_hash(text_of(token.text), hash);
    RV_TRY(store_prepare(s, SQL_INVITATION_INSERT, &st, reterr));
    stmt_bind_blob(st, ":hash", hash, sizeof hash);
    stmt_bind_int(st, ":account", id);
    if (!has_no_codes) {
        totp_secret_make(&secret);
        key_seal(&key, id, secret.bytes, sealed);
        stmt_bind_blob(st, ":code_key", sealed, sizeof sealed);
    }
    stmt_bind_int(st, ":now", now);
    stmt_bind_int(st, ":expires", now + INVITATION_SECONDS);
    RV_TRY(stmt_run(st, reterr));
    fault_point("account.invitation");
    *ret = token;
    return rv_ok();
}

rv_status account_invite(struct store *s, struct arena *a, const struct account_new *account,
                         struct act act, int64_t *ret_id, struct token *ret_token,
                         struct rv_err *reterr)
{
    int64_t id = 0;
    RV_CLEANUP(token_done) struct token token = {""};
    RV_TRY(secrets_ready(reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_insert(s, a, account, ACCOUNT_INVITED, act.now, &id, reterr));
    RV_TRY(invitation_make(s, id, account->has_no_codes, act.now, &token, reterr));
    RV_TRY(audit_account(s, act, "account.invited", id, role_name(account->role), reterr));
    RV_TRY(store_commit(s, reterr));
    *ret_id = id;
    *ret_token = token;
    return rv_ok();
}

rv_status account_reset(struct store *s, struct arena *a, int64_t id, bool has_no_codes,
                        struct act act, struct token *ret_token, struct rv_err *reterr)
{
    struct account x;
    RV_CLEANUP(token_done) struct token token = {""};
    RV_TRY(secrets_ready(reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_get(s, a, id, &x, reterr));
    if (x.status == ACCOUNT_DISABLED) {
        return rv_fail(reterr, RV_REFUSED, "\"%s\" is disabled: enable it first", x.name);
    }
    RV_TRY(account_is_another(&x, act, reterr));
    if (act.by != 0) { /* the command line can always make another administrator */
        RV_TRY(account_is_spared(s, a, &x, reterr));
    }
    RV_TRY(account_set_status(s, id, ACCOUNT_INVITED, act.now, reterr));
    RV_TRY(account_run(s, SQL_ACCOUNT_SECRET_DELETE, ":id", id, reterr));
    RV_TRY(account_run(s, SQL_RECOVERY_DELETE, ":account", id, reterr));
    RV_TRY(account_end_sessions(s, id, reterr));
    RV_TRY(invitation_make(s, id, has_no_codes, act.now, &token, reterr));
    RV_TRY(audit_account(s, act, "account.reset", id, "done", reterr));
    RV_TRY(store_commit(s, reterr));
    *ret_token = token;
    return rv_ok();
}

/* ---- accepting ---- */

static rv_status fail_unknown(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NOT_FOUND,
                   "this invitation is not open: it was used, replaced by a newer one, or is past "
                   "its %d days; ask for another",
                   (int)(INVITATION_SECONDS / 86400));
}

struct found {
    int64_t account, expires_at;
    bool has_codes;
    struct totp_secret secret;
};

static void found_done(struct found *f)
{
    sodium_memzero(f, sizeof *f);
}

/* The row of a token that is good now. An invitation made later than now is one too: it was made
 * before the clock went back, and ends when it would have ended. */
static rv_status find(struct store *s, struct text token, int64_t now, struct found *ret,
                      struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char hash[HASH_BYTES];
    bool has_row, is_good = false;
    RV_CLEANUP(key_done) struct key key = {{0}};
    RV_TRY(secrets_ready(reterr));
    if (!token_hash(token, hash)) {
        return fail_unknown(reterr);
    }
    RV_TRY(key_load(s, &key, reterr));
    RV_TRY(store_prepare(s, SQL_INVITATION_GET, &st, reterr));
    stmt_bind_blob(st, ":hash", hash, sizeof hash);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (has_row) {
        struct found f = {.account = stmt_int(st, 0),
                          .expires_at = stmt_int(st, 3),
                          .has_codes = !stmt_is_null(st, 1)};
        is_good = now < f.expires_at &&
                  (!f.has_codes || key_open(&key, f.account, stmt_blob(st, 1), f.secret.bytes));
        *ret = f;
        found_done(&f);
        stmt_reset(st);
    }
    return is_good ? rv_ok() : fail_unknown(reterr);
}

rv_status invitation_open(struct store *s, struct arena *a, struct text token, int64_t now,
                          struct invitation *ret, struct rv_err *reterr)
{
    RV_CLEANUP(found_done) struct found f = {.account = 0};
    struct account x;
    RV_TRY(find(s, token, now, &f, reterr));
    RV_TRY(account_get(s, a, f.account, &x, reterr));
    *ret = (struct invitation){
        .account = x, .has_codes = f.has_codes, .secret = f.secret, .expires_at = f.expires_at};
    return rv_ok();
}

rv_status invitation_accept(struct store *s, struct arena *a, struct text token,
                            const struct password_hash *hash, struct text code, int64_t now,
                            struct account_codes *ret, struct rv_err *reterr)
{
    struct account x;
    int64_t step = 0;
    RV_CLEANUP(found_done) struct found f = {.account = 0};
    RV_CLEANUP(account_codes_done) struct account_codes codes = {.recovery_count = 0};
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(find(s, token, now, &f, reterr));
    RV_TRY(account_get(s, a, f.account, &x, reterr));
    if (x.status != ACCOUNT_INVITED) {
        return fail_unknown(reterr);
    }
    if (f.has_codes) {
        RV_TRY(totp_find(&f.secret, code, now, 0, &step, reterr));
        if (step == 0) {
            return rv_fail(reterr, RV_INVALID,
                           "this is not the code that the app shows now: check that the clock of "
                           "the telephone is right, and type the newest code");
        }
    }
    RV_TRY(account_put_secret(s, x.id, hash, f.has_codes ? &f.secret : NULL, step, &codes, reterr));
    RV_TRY(account_set_status(s, x.id, ACCOUNT_ACTIVE, now, reterr));
    RV_TRY(account_run(s, SQL_INVITATION_DELETE, ":account", x.id, reterr));
    const struct act act = {.by = x.id, .now = now};
    RV_TRY(audit_account(s, act, "account.accepted", x.id, "done", reterr));
    RV_TRY(store_commit(s, reterr));
    *ret = codes;
    return rv_ok();
}

/* access/account_secret.c — what accounts are checked with, given and taken away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account_internal.h"
#include "base/progress.h"

#include <sodium.h>

void account_codes_done(struct account_codes *codes)
{
    sodium_memzero(codes, sizeof *codes);
}

rv_status account_run(struct store *s, enum sql_id id, const char *parameter, int64_t value,
                      struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, id, &st, reterr));
    stmt_bind_int(st, parameter, value);
    return stmt_run(st, reterr);
}

rv_status account_end_sessions(struct store *s, int64_t id, struct rv_err *reterr)
{
    return account_run(s, SQL_SESSION_DELETE_ACCOUNT, ":account", id, reterr);
}

static rv_status make_recovery(struct store *s, int64_t id, struct account_codes *ret,
                               struct rv_err *reterr)
{
    RV_CLEANUP(account_codes_done) struct account_codes codes = {.recovery_count = 0};
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        struct stmt *st;
        unsigned char hash[HASH_BYTES];
        recovery_make(&codes.recovery[i]);
        (void)recovery_hash(text_of(codes.recovery[i].text), hash);
        RV_TRY(store_prepare(s, SQL_RECOVERY_INSERT, &st, reterr));
        stmt_bind_blob(st, ":hash", hash, sizeof hash);
        stmt_bind_int(st, ":account", id);
        RV_TRY(stmt_run(st, reterr));
    }
    codes.recovery_count = RECOVERY_CODES;
    *ret = codes;
    return rv_ok();
}

rv_status account_put_secret(struct store *s, int64_t id, const struct password_hash *hash,
                             const struct totp_secret *secret, int64_t step,
                             struct account_codes *ret, struct rv_err *reterr)
{
    struct stmt *st;
    unsigned char sealed[SEALED_BYTES];
    RV_CLEANUP(key_done) struct key key = {{0}};
    struct account_codes none = {.recovery_count = 0};
    RV_TRY(key_ready(s, &key, reterr)); /* back-off needs it too */
    RV_TRY(store_prepare(s, SQL_ACCOUNT_SECRET_PUT, &st, reterr));
    stmt_bind_int(st, ":id", id);
    stmt_bind_string(st, ":password", hash ? hash->text : NULL);
    stmt_bind_int(st, ":code_step", step);
    if (secret) {
        key_seal(&key, id, secret->bytes, sealed);
        stmt_bind_blob(st, ":code_key", sealed, sizeof sealed);
    }
    RV_TRY(stmt_run(st, reterr));
    RV_TRY(account_run(s, SQL_RECOVERY_DELETE, ":account", id, reterr));
    fault_point("account.secret");
    if (secret) {
        return make_recovery(s, id, ret, reterr);
    }
    *ret = none;
    return rv_ok();
}

rv_status account_add(struct store *s, struct arena *a, const struct account_new *account,
                      const struct password_hash *hash, const struct totp_secret *secret,
                      struct act act, int64_t *ret_id, struct account_codes *ret_codes,
                      struct rv_err *reterr)
{
    int64_t id = 0;
    RV_CLEANUP(account_codes_done) struct account_codes codes = {.recovery_count = 0};
    RV_TRY(secrets_ready(reterr));
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_insert(s, a, account, ACCOUNT_ACTIVE, act.now, &id, reterr));
    RV_TRY(
        account_put_secret(s, id, hash, account->has_no_codes ? NULL : secret, 0, &codes, reterr));
    RV_TRY(audit_account(s, act, "account.added", id, role_name(account->role), reterr));
    RV_TRY(store_commit(s, reterr));
    *ret_id = id;
    *ret_codes = codes;
    return rv_ok();
}

rv_status account_disable(struct store *s, struct arena *a, int64_t id, struct act act,
                          struct rv_err *reterr)
{
    struct account x;
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_get(s, a, id, &x, reterr));
    if (x.status == ACCOUNT_DISABLED) {
        return rv_fail(reterr, RV_REFUSED, "\"%s\" is disabled already", x.name);
    }
    RV_TRY(account_is_another(&x, act, reterr));
    RV_TRY(account_is_spared(s, a, &x, reterr));
    RV_TRY(account_set_status(s, id, ACCOUNT_DISABLED, act.now, reterr));
    RV_TRY(account_end_sessions(s, id, reterr));
    RV_TRY(account_run(s, SQL_INVITATION_DELETE, ":account", id, reterr));
    RV_TRY(audit_account(s, act, "account.disabled", id, "done", reterr));
    return store_commit(s, reterr);
}

rv_status account_enable(struct store *s, struct arena *a, int64_t id, struct act act,
                         struct rv_err *reterr)
{
    struct account x;
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(account_may_act(s, a, act, reterr));
    RV_TRY(account_get(s, a, id, &x, reterr));
    if (x.status != ACCOUNT_DISABLED) {
        return rv_fail(reterr, RV_REFUSED, "\"%s\" is %s, not disabled", x.name,
                       account_status_name(x.status));
    }
    RV_TRY(account_set_status(s, id, ACCOUNT_ACTIVE, act.now, reterr));
    RV_TRY(audit_account(s, act, "account.enabled", id, "done", reterr));
    return store_commit(s, reterr);
}

rv_status account_new_key(struct store *s, struct act act, struct rv_err *reterr)
{
    if (act.by != 0) {
        return rv_fail(reterr, RV_REFUSED, "a new key is made on the command line only");
    }
    struct stmt *st;
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(key_renew(s, reterr));
    RV_TRY(store_prepare(s, SQL_INVITATION_CLEAR, &st, reterr));
    RV_TRY(stmt_run(st, reterr));
    RV_TRY(audit_add(s, act, "key.renewed", "", "done", reterr));
    return store_commit(s, reterr);
}

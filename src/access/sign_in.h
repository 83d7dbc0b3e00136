/* access/sign_in.h — signing in with a name, a password and a one-time code, or through a proxy.
 *
 * Three steps, so that the slow one holds neither the file's lock nor its writer:
 * sign_in_begin (short write: the attempt is counted), sign_in_check (25 ms of argon2id, no
 * store, any thread), sign_in_end (short write: session and audit, or the refusal). What is typed
 * in one form is judged as one: the answer does not tell whether name, password or code was wrong,
 * and the same work is done for a name that does not exist.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_SIGN_IN_H
#define REEVE_ACCESS_SIGN_IN_H

#include "access/account.h"
#include "access/session.h"

enum sign_in_answer { SIGN_IN_DONE, SIGN_IN_REFUSED, SIGN_IN_WAIT };

/* One attempt. Zero it with sign_in_done, which wipes what it held. */
struct sign_in {
    int64_t wait_seconds; /* > 0: go no further, answer SIGN_IN_WAIT */

    /* Of the three steps only. */
    char name[ACCOUNT_NAME_BYTES + 1];
    char address[64];
    int64_t account; /* 0 = there is none */
    bool is_active, has_codes, is_password, is_stale, is_recovery;
    char hash[PASSWORD_HASH_BYTES];
    struct password_hash fresh; /* when is_stale */
    struct totp_secret secret;
    int64_t last_step, step;
    unsigned char recovery[HASH_BYTES];
};
void sign_in_done(struct sign_in *attempt); /* for RV_CLEANUP */

/* On the writer; a transaction of its own. name: as typed. address: of the browser. RV_NOT_FOUND
 * and RV_REFUSED when FILE-key cannot be used (access/key.h): a matter for the administrator. */
RV_MUST_CHECK rv_status sign_in_begin(struct store *s, struct text name, const char *address,
                                      int64_t now, struct sign_in *ret, struct rv_err *reterr);

/* Not to be called when wait_seconds > 0. code: a one-time code or a recovery code; looked at only
 * when the account has codes. */
RV_MUST_CHECK rv_status sign_in_check(struct sign_in *attempt, struct text password,
                                      struct text code, int64_t now, struct rv_err *reterr);

/* On the writer; a transaction of its own. old: the token the browser held, which ends ({0} =
 * none). *ret_token only with SIGN_IN_DONE. Status, password and codes are judged as they are now.
 */
RV_MUST_CHECK rv_status sign_in_end(struct store *s, const struct sign_in *attempt, struct text old,
                                    int64_t now, struct token *ret_token, enum sign_in_answer *ret,
                                    struct rv_err *reterr);

/* A name that a trusted proxy vouches for: the caller has made sure that the request came from the
 * proxy and from nowhere else. SIGN_IN_REFUSED unless an active account has the name. */
RV_MUST_CHECK rv_status sign_in_by_proxy(struct store *s, struct text name, const char *address,
                                         struct text old, int64_t now, struct token *ret_token,
                                         enum sign_in_answer *ret, struct rv_err *reterr);

#endif

/* access/account_internal.h — what the files about accounts share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_ACCOUNT_INTERNAL_H
#define REEVE_ACCESS_ACCOUNT_INTERNAL_H

#include "access/account.h"
#include "store/sql_id.h"

/* ---- account.c ---- */

/* RV_REFUSED unless the command line or an active administrator acts. */
RV_MUST_CHECK rv_status account_may_act(struct store *s, struct arena *a, struct act act,
                                        struct rv_err *reterr);

/* RV_REFUSED when the account is that of who acts. */
RV_MUST_CHECK rv_status account_is_another(const struct account *account, struct act act,
                                           struct rv_err *reterr);

/* RV_REFUSED when no other account would be an active administrator. */
RV_MUST_CHECK rv_status account_is_spared(struct store *s, struct arena *a,
                                          const struct account *account, struct rv_err *reterr);

/* The row alone, inside store_begin: RV_REFUSED when the name is taken. */
RV_MUST_CHECK rv_status account_insert(struct store *s, struct arena *a,
                                       const struct account_new *account,
                                       enum account_status status, int64_t now, int64_t *ret_id,
                                       struct rv_err *reterr);

RV_MUST_CHECK rv_status account_set_status(struct store *s, int64_t id, enum account_status status,
                                           int64_t now, struct rv_err *reterr);

/* ---- account_secret.c: inside store_begin ---- */

/* hash NULL: none. secret NULL: no one-time codes. `step`: of the code already used. Makes recovery
 * codes when there is a secret; those of before are void. */
RV_MUST_CHECK rv_status account_put_secret(struct store *s, int64_t id,
                                           const struct password_hash *hash,
                                           const struct totp_secret *secret, int64_t step,
                                           struct account_codes *ret, struct rv_err *reterr);

/* Runs a statement whose one parameter is a number. */
RV_MUST_CHECK rv_status account_run(struct store *s, enum sql_id id, const char *parameter,
                                    int64_t value, struct rv_err *reterr);

/* An invitation in place of any before; sealed secret unless has_no_codes. */
RV_MUST_CHECK rv_status invitation_make(struct store *s, int64_t id, bool has_no_codes, int64_t now,
                                        struct token *ret, struct rv_err *reterr);

/* Ends every session of the account. */
RV_MUST_CHECK rv_status account_end_sessions(struct store *s, int64_t id, struct rv_err *reterr);

/* ---- session.c ---- */

/* Inside store_begin: the session of a token ends, audited; harmless when there is none. */
RV_MUST_CHECK rv_status session_drop(struct store *s, struct text token, int64_t now,
                                     struct rv_err *reterr);

#endif

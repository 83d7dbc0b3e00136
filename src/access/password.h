/* access/password.h — passwords as argon2id, and which are taken.
 *
 * Thread-safe. Cost: 19 MiB, 2 passes, 1 lane, about 25 ms on one core: callers bound how many run
 * at once. Source: OWASP Password Storage Cheat Sheet (argon2id, m=19456, t=2, p=1); RFC 9106.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_PASSWORD_H
#define REEVE_ACCESS_PASSWORD_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>

#define PASSWORD_LEAST      12  /* characters */
#define PASSWORD_MOST       256 /* bytes */
#define PASSWORD_HASH_BYTES 128 /* crypto_pwhash_STRBYTES */

struct password_hash {
    char text[PASSWORD_HASH_BYTES]; /* "$argon2id$v=19$m=19456,t=2,p=1$…" */
};

/* RV_INVALID with what is wrong: too short or long, not UTF-8, one character over and over, or
 * holding the sign-in name. The password is not repeated. */
RV_MUST_CHECK rv_status password_judge(struct text password, const char *name,
                                       struct rv_err *reterr);

RV_MUST_CHECK rv_status password_make(struct text password, struct password_hash *ret,
                                      struct rv_err *reterr);

/* Whether it is the password of this hash. hash NULL or "" = there is none: the same work is done,
 * and the answer is no. *ret_is_stale: made at another cost than today's. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status password_is(const char *hash, struct text password, bool *ret,
                                    bool *ret_is_stale, struct rv_err *reterr);

/* Tests only: a cost of a millisecond instead, and how often argon2id was worked out since. */
void password_cost_is_low(bool is_low);
long password_work_count(void);

#endif

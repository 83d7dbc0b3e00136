/* access/backoff.h — waiting longer after each failure to sign in, by name and by address.
 *
 * Counted before a password is looked at, so that many attempts at once, or a program that is
 * killed meanwhile, gain nothing. Names that do not exist are counted alike. While it must be
 * waited nothing is counted, so that nobody is kept out for longer than the longest wait by one who
 * goes on. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_BACKOFF_H
#define REEVE_ACCESS_BACKOFF_H

#include "access/key.h"
#include "store/store.h"

#define BACKOFF_FORGET ((int64_t)86400) /* without a failure for so long: as if there was none */

enum backoff_kind { BACKOFF_NAME, BACKOFF_ADDRESS };

/* Seconds to wait after so many failures: none up to 5 for a name and 20 for an address (an
 * office shares one), then 2, 4, 8 … up to 15 minutes for a name and an hour for an address. Pure.
 */
int64_t backoff_seconds(enum backoff_kind kind, int64_t failures);

/* An IPv6 address stands for its /64, which one person has. *ret is a part of `address` or out. */
struct text backoff_address(const char *address, char out[64]);

/* Inside store_begin. *ret_wait = seconds still to wait; when 0 one failure was counted. A clock
 * that went back restarts the wait, and does not lengthen it. */
RV_MUST_CHECK rv_status backoff_charge(struct store *s, const struct key *key,
                                       enum backoff_kind kind, struct text value, int64_t now,
                                       int64_t *ret_wait, struct rv_err *reterr);

/* Inside store_begin, after signing in: a name's failures are forgotten; of an address only the one
 * that was counted for this attempt, or else somebody with an account could try those of others
 * without end. */
RV_MUST_CHECK rv_status backoff_settle(struct store *s, const struct key *key,
                                       enum backoff_kind kind, struct text value,
                                       struct rv_err *reterr);

#endif

/* access/totp.h — one-time codes of an authenticator app: six digits that change every 30 seconds.
 *
 * Pure. HMAC-SHA-1, six digits, 30 seconds: what every app supports. Codes are liboath's; comparing
 * in constant time, and each code only once, is ours.
 * Source: RFC 6238 (TOTP), RFC 4226 (HOTP), RFC 4648 (base32).
 * Checked: the test values of RFC 6238 appendix B and RFC 4226 appendix D,
 * tests/access/test_totp.c. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_TOTP_H
#define REEVE_ACCESS_TOTP_H

#include "access/key.h"
#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#define TOTP_SECONDS 30
#define TOTP_DIGITS  6
#define TOTP_WINDOW  1  /* steps before and after that are taken too: clocks differ */
#define TOTP_BASE32  32 /* characters of a secret of 20 bytes */

struct totp_secret {
    unsigned char bytes[SECRET_BYTES];
};

void totp_secret_make(struct totp_secret *ret);
void totp_secret_done(struct totp_secret *secret); /* wipes; for RV_CLEANUP */

/* The code of step `step` (UTC seconds / 30) with 6 to 8 digits, terminated. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status totp_code(const struct totp_secret *secret, int64_t step, int digits,
                                  char out[12], struct rv_err *reterr);

/* The step, within the window around `now`, whose code was typed, or 0. A step that is not after
 * `last_step` does not count: each code is good once. Spaces in `typed` are ignored. */
RV_MUST_CHECK rv_status totp_find(const struct totp_secret *secret, struct text typed, int64_t now,
                                  int64_t last_step, int64_t *ret_step, struct rv_err *reterr);

void totp_base32(const struct totp_secret *secret, char out[TOTP_BASE32 + 1]);

/* "otpauth://totp/Reeve:NAME?secret=…&issuer=Reeve", for a QR code; NULL when out of memory. */
const char *totp_uri(struct arena *a, const struct totp_secret *secret, const char *name);

#endif

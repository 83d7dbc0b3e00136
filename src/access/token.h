/* access/token.h — random tokens that a browser or a person holds, of which the file keeps a hash.
 *
 * A token is 256 random bits in 43 characters of base64url (RFC 4648, section 5). Guessing one is
 * hopeless, so its hash (BLAKE2b-256) needs neither salt nor cost. Pure but for the randomness.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_TOKEN_H
#define REEVE_ACCESS_TOKEN_H

#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>

#define TOKEN_CHARS 43
#define HASH_BYTES  32

struct token {
    char text[TOKEN_CHARS + 1]; /* [A-Za-z0-9_-], terminated */
};

/* Readies libsodium; thread-safe, and quick when it has been done. RV_IO without randomness. */
RV_MUST_CHECK rv_status secrets_ready(struct rv_err *reterr);

void token_make(struct token *ret);
void token_done(struct token *token); /* wipes; for RV_CLEANUP */

/* The hash that the file keeps; false when the text has not the form of a token. */
bool token_hash(struct text token, unsigned char out[HASH_BYTES]);

/* Recovery codes: 80 random bits as "abcd-efgh-jkmn-pqrs", without letters that look like digits.
 */
#define RECOVERY_CODES 8
#define RECOVERY_CHARS 19
struct recovery_code {
    char text[RECOVERY_CHARS + 1];
};
void recovery_make(struct recovery_code *ret);
bool recovery_hash(struct text typed,
                   unsigned char out[HASH_BYTES]); /* spaces, case, dashes: any */

#endif

/* access/key.h — the key that lies beside the partnership file, FILE-key, and what it closes.
 *
 * 32 random bytes as 64 hexadecimal digits, readable by its owner only. It is not in the file and
 * not in its backups: whoever has a copy of the file alone can make no one-time codes from it and
 * cannot tell which addresses failed to sign in. docs/decisions/0026.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ACCESS_KEY_H
#define REEVE_ACCESS_KEY_H

#include "base/status.h"
#include "store/store.h"

#include <stdbool.h>

#define KEY_BYTES    32
#define MARK_BYTES   32
#define SECRET_BYTES 20                       /* of one-time codes: as long as a SHA-1 (RFC 4226) */
#define SEALED_BYTES (24 + SECRET_BYTES + 16) /* nonce, secret, tag */

struct key {
    unsigned char bytes[KEY_BYTES];
};

void key_done(struct key *key); /* wipes; for RV_CLEANUP */

/* Reads FILE-key. RV_NOT_FOUND when it is not there; RV_REFUSED when it is not that of this file,
 * or others may read it; RV_INVALID when it is no key. Messages say what to do. */
RV_MUST_CHECK rv_status key_load(struct store *s, struct key *ret, struct rv_err *reterr);

/* Inside store_begin: the same, but makes the key when the file never had one. A key that is made
 * before a failure stays and is taken the next time. */
RV_MUST_CHECK rv_status key_ready(struct store *s, struct key *ret, struct rv_err *reterr);

/* Inside store_begin: a new key in place of one that was lost. What the old one closed stays
 * closed: the caller voids it. The old file, if any, becomes FILE-key.old. */
RV_MUST_CHECK rv_status key_renew(struct store *s, struct rv_err *reterr);

/* Seals a secret for one account (XChaCha20-Poly1305): it does not open for another. */
void key_seal(const struct key *key, int64_t account, const unsigned char secret[SECRET_BYTES],
              unsigned char out[SEALED_BYTES]);
bool key_open(const struct key *key, int64_t account, struct text sealed,
              unsigned char ret[SECRET_BYTES]);

/* What stands in the file for a name or an address that failed to sign in: keyed BLAKE2b. */
void key_mark(const struct key *key, const char *kind, struct text value,
              unsigned char out[MARK_BYTES]);

#endif

/* base/hash.h — SHA-256 for provenance, and a fast 128-bit hash for keys in memory.
 *
 * Thread-compatible. SHA-256 is libcrypto's (it uses the processor's instructions);
 * docs/decisions/0004 says why. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_HASH_H
#define REEVE_BASE_HASH_H

#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32
#define SHA256_HEX   64

struct sha256 {
    void *context; /* EVP_MD_CTX */
};

rv_status sha256_init(struct sha256 *h, struct rv_err *reterr);
rv_status sha256_add(struct sha256 *h, const void *bytes, size_t n, struct rv_err *reterr);
/* Writes 64 lower-case hexadecimal digits and a NUL, and ends the hash. */
rv_status sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1], struct rv_err *reterr);
void sha256_done(struct sha256 *h); /* safe at any time, also twice */

/* One call for bytes in memory. */
rv_status sha256_of(const void *bytes, size_t n, char out[SHA256_HEX + 1], struct rv_err *reterr);

/* 128 bits of a run of bytes, chained from `seed`. Not cryptographic and not stored: for finding
 * equal keys and rows within one import, where 2^-80 chance of a false match is enough. */
struct hash128 {
    uint64_t a, b;
};
struct hash128 hash128_add(struct hash128 seed, const void *bytes, size_t n);

/* 64 bits for a hash table whose entries are compared afterwards: half the work of hash128.
 * Source: the construction of wyhash by Wang Yi (public domain). */
uint64_t hash64(const void *bytes, size_t n);

#endif

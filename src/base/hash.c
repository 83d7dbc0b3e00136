/* base/hash.c — SHA-256 through libcrypto; a multiply-and-fold hash for keys.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

rv_status sha256_init(struct sha256 *h, struct rv_err *reterr)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return rv_fail(reterr, RV_NO_MEMORY, "cannot start a SHA-256 sum");
    }
    h->context = context;
    return rv_ok();
}

rv_status sha256_add(struct sha256 *h, const void *bytes, size_t n, struct rv_err *reterr)
{
    if (EVP_DigestUpdate(h->context, bytes, n) != 1) {
        return rv_fail(reterr, RV_IO, "cannot continue a SHA-256 sum");
    }
    return rv_ok();
}

rv_status sha256_hex(struct sha256 *h, char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    unsigned char digest[SHA256_BYTES];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(h->context, digest, &n) != 1 || n != SHA256_BYTES) {
        return rv_fail(reterr, RV_IO, "cannot finish a SHA-256 sum");
    }
    sha256_done(h);
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", (unsigned)digest[i]);
    }
    return rv_ok();
}

void sha256_done(struct sha256 *h)
{
    EVP_MD_CTX_free(h->context);
    h->context = NULL;
}

rv_status sha256_of(const void *bytes, size_t n, char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    RV_CLEANUP(sha256_done) struct sha256 h = {NULL};
    RV_TRY(sha256_init(&h, reterr));
    RV_TRY(sha256_add(&h, bytes, n, reterr));
    return sha256_hex(&h, out, reterr);
}

/* The 128-bit product folded: the mixing step of the well-known multiply-fold family. */
__extension__ typedef unsigned __int128 wide;

static uint64_t fold(uint64_t x, uint64_t y)
{
    wide product = (wide)x * y;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t read_word(const unsigned char *at, size_t n)
{
    uint64_t word = 0;
    memcpy(&word, at, n < 8 ? n : 8);
    return word;
}

struct hash128 hash128_add(struct hash128 seed, const void *bytes, size_t n)
{
    static const uint64_t k0 = 0xA0761D6478BD642FU, k1 = 0xE7037ED1A0B428DBU,
                          k2 = 0x8EBC6AF09C88C6E3U, k3 = 0x589965CC75374CC3U;
    const unsigned char *at = bytes;
    uint64_t a = seed.a ^ fold(n ^ k0, k1), b = seed.b ^ fold(n ^ k2, k3);
    while (n > 16) {
        uint64_t x = read_word(at, 8), y = read_word(at + 8, 8);
        a = fold(x ^ k1 ^ a, y ^ k2);
        b = fold(y ^ k3 ^ b, x ^ k0) + a;
        at += 16;
        n -= 16;
    }
    uint64_t x = n ? read_word(at, n) : 0, y = n > 8 ? read_word(at + 8, n - 8) : 0;
    a = fold(x ^ k1 ^ a, y ^ k2 ^ b);
    b = fold(y ^ k3 ^ b, x ^ k0 ^ (a | 1));
    /* Once more: after one product of a short key with a constant its low bits are not mixed. */
    return (struct hash128){fold(a ^ k0, b ^ k1), fold(b ^ k2, a ^ k3)};
}

static uint64_t read_8(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t read_4(const unsigned char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

uint64_t hash64(const void *bytes, size_t n)
{
    static const uint64_t k0 = 0xA0761D6478BD642FU, k1 = 0xE7037ED1A0B428DBU;
    const unsigned char *at = bytes;
    uint64_t seed = k0, x = 0, y = 0;
    if (n > 16) {
        for (size_t left = n; left > 16; left -= 16, at += 16) {
            seed = fold(read_8(at) ^ k1, read_8(at + 8) ^ seed);
        }
        at = (const unsigned char *)bytes + n - 16; /* the last 16, some of them again */
        x = read_8(at);
        y = read_8(at + 8);
    } else if (n >= 8) {
        x = read_8(at);
        y = read_8(at + n - 8);
    } else if (n >= 4) {
        x = read_4(at);
        y = read_4(at + n - 4);
    } else if (n) {
        x = (uint64_t)at[0] << 16 | (uint64_t)at[n / 2] << 8 | at[n - 1];
    }
    return fold(k1 ^ n, fold(x ^ k1, y ^ seed));
}

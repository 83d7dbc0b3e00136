/* access/token.c — tokens and recovery codes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/token.h"

#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 32

/* Crockford's base32: no i, l, o, u, which are taken for digits or make words. */
static const char CROCKFORD[] = "0123456789abcdefghjkmnpqrstvwxyz";

rv_status secrets_ready(struct rv_err *reterr)
{
    if (sodium_init() < 0) {
        return rv_fail(reterr, RV_IO, "the system gives no random numbers: check /dev/urandom");
    }
    return rv_ok();
}

void token_make(struct token *ret)
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret->text, sizeof ret->text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void token_done(struct token *token)
{
    sodium_memzero(token, sizeof *token);
}

bool token_hash(struct text token, unsigned char out[HASH_BYTES])
{
    unsigned char bytes[TOKEN_BYTES];
    size_t n = 0;
    if (token.n != TOKEN_CHARS ||
        sodium_base642bin(bytes, sizeof bytes, token.at, token.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != TOKEN_BYTES) {
        return false;
    }
    crypto_generichash(out, HASH_BYTES, bytes, sizeof bytes, NULL, 0);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

void recovery_make(struct recovery_code *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < RECOVERY_CHARS; i++) {
        bool is_dash = i % 5 == 4;
        ret->text[n++] = is_dash ? '-' : CROCKFORD[randombytes_uniform(32)];
    }
    ret->text[n] = '\0';
}

bool recovery_hash(struct text typed, unsigned char out[HASH_BYTES])
{
    char letters[16];
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.at[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (c == ' ' || c == '-') {
            continue;
        }
        if (c == '\0' || !strchr(CROCKFORD, c) || n == sizeof letters) {
            return false;
        }
        letters[n++] = c;
    }
    if (n != sizeof letters) {
        return false;
    }
    crypto_generichash(out, HASH_BYTES, (const unsigned char *)letters, n, NULL, 0);
    sodium_memzero(letters, sizeof letters);
    return true;
}

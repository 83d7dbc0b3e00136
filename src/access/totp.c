/* access/totp.c — one-time codes through liboath. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/totp.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int init_code = OATH_CRYPTO_ERROR;

static void init_library(void)
{
    init_code = oath_init();
}

void totp_secret_make(struct totp_secret *ret)
{
    randombytes_buf(ret->bytes, sizeof ret->bytes);
}

void totp_secret_done(struct totp_secret *secret)
{
    sodium_memzero(secret, sizeof *secret);
}

rv_status totp_code(const struct totp_secret *secret, int64_t step, int digits, char out[12],
                    struct rv_err *reterr)
{
    (void)pthread_once(&once, init_library);
    int code = init_code;
    if (code == OATH_OK) {
        code = oath_hotp_generate((const char *)secret->bytes, sizeof secret->bytes, (uint64_t)step,
                                  (unsigned)digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, out);
    }
    if (code != OATH_OK) {
        return rv_fail(reterr, RV_NO_MEMORY, "a one-time code cannot be worked out: %s",
                       oath_strerror(code));
    }
    return rv_ok();
}

static bool take_digits(struct text typed, char out[TOTP_DIGITS + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.at[i];
        if (c == ' ') {
            continue;
        }
        if (c < '0' || c > '9' || n == TOTP_DIGITS) {
            return false;
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return n == TOTP_DIGITS;
}

/* Every step of the window is worked out and compared whatever matched before. */
rv_status totp_find(const struct totp_secret *secret, struct text typed, int64_t now,
                    int64_t last_step, int64_t *ret_step, struct rv_err *reterr)
{
    char digits[TOTP_DIGITS + 1] = "000000", code[12];
    bool is_code = take_digits(typed, digits);
    int64_t middle = now / TOTP_SECONDS, found = 0;
    for (int64_t step = middle - TOTP_WINDOW; step <= middle + TOTP_WINDOW; step++) {
        RV_TRY(totp_code(secret, step, TOTP_DIGITS, code, reterr));
        bool is_same = is_code && sodium_memcmp(code, digits, TOTP_DIGITS) == 0;
        if (is_same && step > last_step) {
            found = step;
        }
    }
    sodium_memzero(code, sizeof code);
    *ret_step = found;
    return rv_ok();
}

void totp_base32(const struct totp_secret *secret, char out[TOTP_BASE32 + 1])
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint64_t bits = 0;
    int held = 0;
    size_t n = 0;
    for (size_t i = 0; i < sizeof secret->bytes; i++) {
        bits = bits << 8 | secret->bytes[i];
        for (held += 8; held >= 5; held -= 5) {
            out[n++] = LETTERS[bits >> (held - 5) & 31];
        }
    }
    out[n] = '\0'; /* 160 bits are 32 letters: nothing is left over */
}

const char *totp_uri(struct arena *a, const struct totp_secret *secret, const char *name)
{
    char base32[TOTP_BASE32 + 1];
    totp_base32(secret, base32);
    const char *at =
        strchr(name, '@'); /* of the characters of a name the only ones to be escaped */
    const char *label = at ? arena_printf(a, "%.*s%%40%s", (int)(at - name), name, at + 1) : name;
    const char *uri =
        label ? arena_printf(a, "otpauth://totp/Reeve:%s?secret=%s&issuer=Reeve", label, base32)
              : NULL;
    sodium_memzero(base32, sizeof base32);
    return uri;
}

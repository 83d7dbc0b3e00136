/* access/password.c — argon2id through libsodium. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/password.h"

#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

#define COST_PASSES     2
#define COST_BYTES      ((size_t)19456 * 1024)
#define COST_LOW_PASSES 1
#define COST_LOW_BYTES  ((size_t)8192)

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "as libsodium writes it");

static atomic_bool is_cost_low;
static atomic_long work_count;

void password_cost_is_low(bool is_low)
{
    atomic_store(&is_cost_low, is_low);
    atomic_store(&work_count, 0);
}

long password_work_count(void)
{
    return atomic_load(&work_count);
}

static unsigned long long cost_passes(void)
{
    return atomic_load(&is_cost_low) ? COST_LOW_PASSES : COST_PASSES;
}

static size_t cost_bytes(void)
{
    return atomic_load(&is_cost_low) ? COST_LOW_BYTES : COST_BYTES;
}

static size_t characters(struct text t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        n += ((unsigned char)t.at[i] & 0xc0) != 0x80; /* not a continuation byte of UTF-8 */
    }
    return n;
}

static bool is_one_byte(struct text t)
{
    for (size_t i = 1; i < t.n; i++) {
        if (t.at[i] != t.at[0]) {
            return false;
        }
    }
    return true;
}

static bool holds(struct text t, const char *name)
{
    struct text want = text_of(name);
    for (size_t i = 0; want.n && i + want.n <= t.n; i++) {
        if (text_equal_nocase((struct text){t.at + i, want.n}, want)) {
            return true;
        }
    }
    return false;
}

rv_status password_judge(struct text password, const char *name, struct rv_err *reterr)
{
    if (password.n > PASSWORD_MOST || text_utf8_valid(password) != password.n) {
        return rv_fail(reterr, RV_INVALID,
                       "a password is text of at most %d bytes; nothing was changed",
                       PASSWORD_MOST);
    }
    if (characters(password) < PASSWORD_LEAST) {
        return rv_fail(reterr, RV_INVALID,
                       "a password has at least %d characters: three words that have nothing to do "
                       "with each other are easy to remember and hard to guess",
                       PASSWORD_LEAST);
    }
    if (is_one_byte(password) || holds(password, name)) {
        return rv_fail(reterr, RV_INVALID,
                       "a password is not one character over and over, and does not hold the name "
                       "to sign in with");
    }
    return rv_ok();
}

rv_status password_make(struct text password, struct password_hash *ret, struct rv_err *reterr)
{
    atomic_fetch_add(&work_count, 1);
    if (crypto_pwhash_str_alg(ret->text, password.at ? password.at : "", password.n, cost_passes(),
                              cost_bytes(), crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory: a password needs %zu MiB",
                       cost_bytes() >> 20);
    }
    return rv_ok();
}

/* As much work as for a hash that is there. */
static rv_status work_in_vain(struct text password, struct rv_err *reterr)
{
    static const unsigned char salt[crypto_pwhash_SALTBYTES];
    unsigned char out[32];
    if (crypto_pwhash(out, sizeof out, password.at ? password.at : "", password.n, salt,
                      cost_passes(), cost_bytes(), crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory: a password needs %zu MiB",
                       cost_bytes() >> 20);
    }
    return rv_ok();
}

rv_status password_is(const char *hash, struct text password, bool *ret, bool *ret_is_stale,
                      struct rv_err *reterr)
{
    atomic_fetch_add(&work_count, 1);
    *ret_is_stale = false;
    if (!hash || !*hash || password.n > PASSWORD_MOST) {
        *ret = false;
        return work_in_vain((struct text){password.at, password.n > PASSWORD_MOST ? 0 : password.n},
                            reterr);
    }
    errno = 0;
    bool is_same = crypto_pwhash_str_verify(hash, password.at ? password.at : "", password.n) == 0;
    if (!is_same && errno == ENOMEM) { /* otherwise EINVAL: not this password */
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory: a password needs %zu MiB",
                       cost_bytes() >> 20);
    }
    *ret = is_same;
    *ret_is_stale =
        is_same && crypto_pwhash_str_needs_rehash(hash, cost_passes(), cost_bytes()) != 0;
    return rv_ok();
}

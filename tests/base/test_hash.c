/* tests/base/test_hash.c — SHA-256 against NIST, and the hash of keys.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/hash.h"
#include "check.h"

#define KEYS 2000000

static void check_sha256(const char *bytes, size_t n, const char *want)
{
    struct rv_err err = {0};
    char got[SHA256_HEX + 1];
    CHECK_OK(sha256_of(bytes, n, got, &err));
    CHECK_STRING(got, want);
}

/* Source: NIST FIPS 180-4 examples and CAVP SHA256ShortMsg. */
static void sha256_matches_the_vectors_of_nist(void **state)
{
    (void)state;
    check_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check_sha256("\xd3", 1, "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
}

static void a_million_letters_in_uneven_pieces_match_nist(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static char piece[4096];
    memset(piece, 'a', sizeof piece);
    struct sha256 h = {NULL};
    CHECK_OK(sha256_init(&h, &err));
    size_t left = 1000000;
    for (size_t n = 0; left; n = (n * 7 + 13) % sizeof piece) {
        size_t take = n < left ? n : left;
        CHECK_OK(sha256_add(&h, piece, take, &err));
        left -= take;
    }
    char got[SHA256_HEX + 1];
    CHECK_OK(sha256_hex(&h, got, &err));
    CHECK_STRING(got, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sha256_done(&h);
    sha256_done(&h);
}

static struct hash128 hash_of(const void *bytes, size_t n)
{
    return hash128_add((struct hash128){0, 0}, bytes, n);
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return a < b ? -1 : a > b;
}

static size_t repeats(uint64_t *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_u64);
    size_t count = 0;
    for (size_t i = 1; i < n; i++) {
        count += values[i] == values[i - 1];
    }
    return count;
}

/* Keys that differ in a digit or two: the shape of offence numbers. With 64 good bits the chance
 * of one repeat among 2 million is 1 in 9 million; 32 low bits give 465.6 +- 22 repeats. */
static void two_million_short_keys_have_hashes_of_their_own(void **state)
{
    (void)state;
    uint64_t *a = malloc(KEYS * sizeof *a), *b = malloc(KEYS * sizeof *b),
             *low = malloc(KEYS * sizeof *low);
    assert_true(a && b && low);
    for (unsigned i = 0; i < KEYS; i++) {
        char key[32];
        int n = snprintf(key, sizeof key, i % 2 ? "%u" : "MPS/%09u/22", i / 2);
        struct hash128 h = hash_of(key, (size_t)n);
        a[i] = h.a;
        b[i] = h.b;
        low[i] = h.a & UINT32_MAX;
    }
    CHECK_INT(repeats(a, KEYS), 0);
    CHECK_INT(repeats(b, KEYS), 0);
    size_t low_repeats = repeats(low, KEYS);
    CHECK(low_repeats > 465 - 5 * 22 && low_repeats < 465 + 5 * 22);
    free(a);
    free(b);
    free(low);
}

/* One changed bit of the key changes each bit of the hash about half of the time. From three bytes
 * on: of shorter keys there are too few to expect it. */
static void one_bit_of_the_key_changes_half_of_the_hash(void **state)
{
    (void)state;
    enum { TRIALS = 4000 };
    uint64_t seed = 42;
    for (size_t n = 3; n <= 40; n += n < 18 ? 1 : 7) {
        int flips[128] = {0};
        for (int trial = 0; trial < TRIALS; trial++) {
            unsigned char key[40];
            for (size_t i = 0; i < n; i++) {
                seed = seed * 6364136223846793005U + 1442695040888963407U;
                key[i] = (unsigned char)(seed >> 56);
            }
            struct hash128 before = hash_of(key, n);
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            size_t bit = (size_t)(seed >> 33) % (n * 8);
            key[bit / 8] ^= (unsigned char)(1 << (bit % 8));
            struct hash128 after = hash_of(key, n);
            for (int k = 0; k < 64; k++) {
                flips[k] += (before.a ^ after.a) >> k & 1 ? 1 : 0;
                flips[64 + k] += (before.b ^ after.b) >> k & 1 ? 1 : 0;
            }
        }
        for (int k = 0; k < 128; k++) { /* 0.5 +- 6 standard deviations of 0.5/sqrt(4000) */
            if (abs(flips[k] - TRIALS / 2) > 190) {
                fail_msg("keys of %zu bytes: bit %d changes %d times of %d", n, k, flips[k],
                         (int)TRIALS);
            }
        }
    }
}

static void length_seed_and_order_count(void **state)
{
    (void)state;
    static const char zeros[64];
    for (size_t n = 0; n < 64; n++) {
        for (size_t m = 0; m < n; m++) {
            struct hash128 x = hash_of(zeros, n), y = hash_of(zeros, m);
            CHECK(x.a != y.a && x.b != y.b);
        }
    }
    struct hash128 ab = hash128_add(hash_of("a", 1), "b", 1);
    struct hash128 ba = hash128_add(hash_of("b", 1), "a", 1);
    struct hash128 whole = hash_of("ab", 2);
    CHECK(ab.a != ba.a && ab.a != whole.a && ab.b != ba.b && ab.b != whole.b);
    CHECK(hash_of("knife", 5).a == hash_of("knife!", 5).a); /* nothing past the end is read */
    CHECK(hash_of(NULL, 0).a == hash_of("", 0).a);
}

/* hash64: repeats of 2 million keys, its low bits, every length, nothing past the end. */
static void hash64_tells_keys_apart(void **state)
{
    (void)state;
    uint64_t *all = malloc(KEYS * sizeof *all), *low = malloc(KEYS * sizeof *low);
    assert_true(all && low);
    for (unsigned i = 0; i < KEYS; i++) {
        char key[40];
        int n = snprintf(key, sizeof key, i % 2 ? "%u" : "On or near %u Road", i / 2);
        all[i] = hash64(key, (size_t)n);
        low[i] = all[i] & UINT32_MAX;
    }
    CHECK_INT(repeats(all, KEYS), 0);
    size_t low_repeats = repeats(low, KEYS);
    CHECK(low_repeats > 465 - 5 * 22 && low_repeats < 465 + 5 * 22);
    free(all);
    free(low);
    static const char zeros[64];
    for (size_t n = 0; n < 64; n++) {
        for (size_t m = 0; m < n; m++) {
            CHECK(hash64(zeros, n) != hash64(zeros, m));
        }
        char key[64] = {0};
        for (size_t i = 0; i < n; i++) { /* every byte counts */
            key[i] = 1;
            CHECK(hash64(key, n) != hash64(zeros, n));
            key[i] = 0;
        }
        char *copy = malloc(n ? n : 1); /* the sanitizer sees a read past the end */
        assert_non_null(copy);
        memset(copy, 0, n);
        CHECK(hash64(copy, n) == hash64(zeros, n));
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_matches_the_vectors_of_nist),
        cmocka_unit_test(a_million_letters_in_uneven_pieces_match_nist),
        cmocka_unit_test(two_million_short_keys_have_hashes_of_their_own),
        cmocka_unit_test(one_bit_of_the_key_changes_half_of_the_hash),
        cmocka_unit_test(hash64_tells_keys_apart),
        cmocka_unit_test(length_seed_and_order_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

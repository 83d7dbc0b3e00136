/* tests/access/test_secrets.c — passwords, one-time codes beside the values of the standards,
 * tokens, recovery codes, roles, the length of waits. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/backoff.h"
#include "access/password.h"
#include "access/role.h"
#include "access/token.h"
#include "access/totp.h"
#include "base/limits.h"
#include "check.h"

/* RFC 6238 appendix B and RFC 4226 appendix D both use this key. */
static struct totp_secret rfc_secret(void)
{
    struct totp_secret secret;
    memcpy(secret.bytes, "12345678901234567890", sizeof secret.bytes);
    return secret;
}

static void codes_are_those_of_the_standards(void **state)
{
    (void)state;
    struct rv_err err = {0};
    const struct totp_secret secret = rfc_secret();
    static const struct {
        int64_t time;
        const char *code;
    } TOTP[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    static const char *const HOTP[] = {"755224", "287082", "359152", "969429", "338314",
                                       "254676", "287922", "162583", "399871", "520489"};
    char code[12], base32[TOTP_BASE32 + 1];
    for (size_t i = 0; i < sizeof TOTP / sizeof *TOTP; i++) {
        CHECK_OK(totp_code(&secret, TOTP[i].time / TOTP_SECONDS, 8, code, &err));
        CHECK_STRING(code, TOTP[i].code);
    }
    for (size_t i = 0; i < sizeof HOTP / sizeof *HOTP; i++) {
        CHECK_OK(totp_code(&secret, (int64_t)i, 6, code, &err));
        CHECK_STRING(code, HOTP[i]);
    }
    totp_base32(&secret, base32); /* of the same key, by coreutils: printf … | base32 */
    CHECK_STRING(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static int64_t step_of(const char *typed, int64_t now, int64_t last)
{
    struct rv_err err = {0};
    const struct totp_secret secret = rfc_secret();
    int64_t step = -1;
    CHECK_OK(totp_find(&secret, text_of(typed), now, last, &step, &err));
    return step;
}

static void a_code_is_good_for_its_window_and_once(void **state)
{
    (void)state;
    const int64_t middle = INT64_C(1111111109) / 30; /* whose six digits are 081804 */
    for (int64_t off = -3; off <= 3; off++) {
        int64_t want = off >= -1 && off <= 1 ? middle : 0;
        CHECK_INT(step_of("081804", (middle + off) * 30, 0), want);
        CHECK_INT(step_of("081804", (middle + off) * 30 + 29, 0), want);
    }
    CHECK_INT(step_of("081 804", middle * 30, middle - 1), middle);
    CHECK_INT(step_of("081804", middle * 30, middle), 0);     /* used */
    CHECK_INT(step_of("081804", middle * 30, middle + 9), 0); /* a clock that went back */
    static const char *const BAD[] = {"", "08180", "0818045", "08180a", "081804\n", "8180 4"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_INT(step_of(BAD[i], middle * 30, 0), 0);
    }
}

static void the_address_of_a_secret_is_what_apps_read(void **state)
{
    (void)state;
    struct arena a;
    const struct totp_secret secret = rfc_secret();
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_STRING(totp_uri(&a, &secret, "a.b@c.example"),
                 "otpauth://totp/Reeve:a.b%40c.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
                 "issuer=Reeve");
    CHECK(strstr(totp_uri(&a, &secret, "ada"), "Reeve:ada?") != NULL);
    arena_done(&a);
}

/* The full cost, once: what the file would hold, and how it is told from another. */
static void a_password_is_argon2id_at_the_stated_cost(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct password_hash one, two, low;
    bool is_it = false, is_stale = true;
    const struct text right = text_of("three unlikely words"),
                      wrong = text_of("three unlikely word");
    CHECK_OK(secrets_ready(&err));
    CHECK_OK(password_make(right, &one, &err));
    CHECK_OK(password_make(right, &two, &err));
    CHECK(strncmp(one.text, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
    CHECK(strcmp(one.text, two.text) != 0); /* a salt of its own */
    CHECK_OK(password_is(one.text, right, &is_it, &is_stale, &err));
    CHECK(is_it && !is_stale);
    CHECK_OK(password_is(one.text, wrong, &is_it, &is_stale, &err));
    CHECK(!is_it);
    password_cost_is_low(true);
    CHECK_OK(password_make(right, &low, &err));
    password_cost_is_low(false);
    CHECK_OK(password_is(low.text, right, &is_it, &is_stale, &err));
    CHECK(is_it && is_stale); /* a cost of other days is told, and still good */
}

/* Made by the reference program of argon2, so that not only we read what we write:
 * printf 'three unlikely words' | argon2 reevesaltreeve12 -id -t 2 -k 19456 -p 1 -l 32 -e
 * (Debian package argon2 0~20171227). */
static void a_hash_of_the_reference_program_is_read(void **state)
{
    (void)state;
    struct rv_err err = {0};
    bool is_it = false, is_stale = true;
    static const char hash[] = "$argon2id$v=19$m=19456,t=2,p=1$cmVldmVzYWx0cmVldmUxMg$"
                               "W371VtDffwKh45WwzGmc9QB1wsqVvU/P37ysfB3xCwI";
    CHECK_OK(password_is(hash, text_of("three unlikely words"), &is_it, &is_stale, &err));
    CHECK(is_it && !is_stale);
    CHECK_OK(password_is(hash, text_of("Three unlikely words"), &is_it, &is_stale, &err));
    CHECK(!is_it);
}

/* The same work, whether there is a hash, none, or a damaged one. */
static void no_hash_is_no_password_and_as_much_work(void **state)
{
    (void)state;
    struct rv_err err = {0};
    bool is_it, is_stale;
    char longest[PASSWORD_MOST + 2];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    password_cost_is_low(true);
    static const char *const HASHES[] = {NULL, "", "$argon2id$", "three unlikely words"};
    for (size_t i = 0; i < 4; i++) {
        is_it = true;
        CHECK_OK(password_is(HASHES[i], text_of("three unlikely words"), &is_it, &is_stale, &err));
        CHECK(!is_it);
    }
    CHECK_OK(password_is(NULL, text_of(longest), &is_it, &is_stale, &err));
    CHECK(!is_it);
    CHECK_INT(password_work_count(), 5);
    password_cost_is_low(false);
}

static void passwords_are_judged(void **state)
{
    (void)state;
    struct rv_err err = {0};
    /* Twelve characters in 23 bytes. */
    static const char accented[] =
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9!";
    const char *const GOOD[] = {"three unlikely words", "abcdefghijkl", accented};
    static const char *const BAD[] = {"",
                                      "elevenchars",
                                      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
                                      "aaaaaaaaaaaaaaaa",
                                      "my Ada.Analyst password",
                                      "not utf-8 \xff\xff\xff\xff"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        CHECK_OK(password_judge(text_of(GOOD[i]), "ada.analyst", &err));
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_FAILS(password_judge(text_of(BAD[i]), "ada.analyst", &err), RV_INVALID);
        CHECK(!*BAD[i] || strstr(err.message, BAD[i]) == NULL); /* never repeated */
    }
}

static void tokens_are_long_and_differ(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token one, two;
    unsigned char a[HASH_BYTES], b[HASH_BYTES];
    CHECK_OK(secrets_ready(&err));
    token_make(&one);
    token_make(&two);
    CHECK_INT(strlen(one.text), TOKEN_CHARS);
    CHECK(strcmp(one.text, two.text) != 0);
    CHECK(token_hash(text_of(one.text), a) && token_hash(text_of(two.text), b));
    CHECK(memcmp(a, b, HASH_BYTES) != 0);
    static const char *const BAD[] = {"", "short", "0123456789012345678901234567890123456789+/=",
                                      "01234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK(!token_hash(text_of(BAD[i]), a));
    }
}

static void recovery_codes_are_read_as_people_type_them(void **state)
{
    (void)state;
    struct recovery_code code;
    unsigned char want[HASH_BYTES], have[HASH_BYTES];
    char typed[40];
    recovery_make(&code);
    CHECK_INT(strlen(code.text), RECOVERY_CHARS);
    CHECK(recovery_hash(text_of(code.text), want));
    size_t n = 0;
    for (const char *at = code.text; *at; at++) {
        typed[n++] = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at == '-' ? ' ' : *at;
    }
    CHECK(recovery_hash((struct text){typed, n}, have));
    CHECK(memcmp(want, have, HASH_BYTES) == 0);
    CHECK(!recovery_hash(text_of("123456"), have));
    CHECK(!recovery_hash(text_of("abcd-efgh-jkmn-pqrl"), have)); /* no l among them */
    CHECK(!recovery_hash((struct text){"abcd-efgh-jkmn-pqr\0", 19}, have));
}

/* The curve, worked out by hand. */
static void waits_double_up_to_a_ceiling(void **state)
{
    (void)state;
    static const int64_t NAME[] = {0, 0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    for (size_t i = 0; i < sizeof NAME / sizeof *NAME; i++) {
        CHECK_INT(backoff_seconds(BACKOFF_NAME, (int64_t)i), NAME[i]);
    }
    CHECK_INT(backoff_seconds(BACKOFF_ADDRESS, 20), 0);
    CHECK_INT(backoff_seconds(BACKOFF_ADDRESS, 21), 2);
    CHECK_INT(backoff_seconds(BACKOFF_ADDRESS, 31), 2048);
    CHECK_INT(backoff_seconds(BACKOFF_ADDRESS, 32), 3600);
    CHECK_INT(backoff_seconds(BACKOFF_ADDRESS, INT64_MAX), 3600);
}

static void an_ipv6_address_stands_for_its_network(void **state)
{
    (void)state;
    static const struct {
        const char *given, *want;
    } CASES[] = {{"192.0.2.7", "192.0.2.7"},
                 {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
                 {"2001:DB8:1:2::6", "2001:db8:1:2::"},
                 {"::ffff:192.0.2.7", "::ffff:192.0.2.7"},
                 {"unix:", "unix:"},
                 {"", ""}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char scratch[64];
        CHECK(text_is(backoff_address(CASES[i].given, scratch), CASES[i].want));
    }
}

static void roles_hold_what_their_table_says(void **state)
{
    (void)state;
    enum role role = ROLE_PUBLIC;
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        CHECK(role_find(text_of(role_name((enum role)i)), &role) && role == (enum role)i);
        CHECK(role_may((enum role)i, RIGHT_READ_PUBLISHED));
    }
    CHECK(!role_find(text_of("root"), &role));
    for (unsigned i = 1; i < RIGHT_COUNT; i++) {
        CHECK(!role_may(ROLE_PUBLIC, (enum right)i)); /* nothing but what is published */
    }
    CHECK(!role_may(ROLE_ADMINISTRATOR, RIGHT_READ_RECORDS));
    CHECK(!role_may(ROLE_COORDINATOR, RIGHT_READ_RECORDS));
    CHECK(role_may(ROLE_ANALYST, RIGHT_READ_RECORDS) && role_may(ROLE_ANALYST, RIGHT_IMPORT));
    CHECK(!role_may(ROLE_ANALYST, RIGHT_ACCOUNTS) && role_may(ROLE_ADMINISTRATOR, RIGHT_ACCOUNTS));
    CHECK(!role_may((enum role)99, RIGHT_SEND) && !role_may(ROLE_ANALYST, (enum right)99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standards),
        cmocka_unit_test(a_code_is_good_for_its_window_and_once),
        cmocka_unit_test(the_address_of_a_secret_is_what_apps_read),
        cmocka_unit_test(a_password_is_argon2id_at_the_stated_cost),
        cmocka_unit_test(a_hash_of_the_reference_program_is_read),
        cmocka_unit_test(no_hash_is_no_password_and_as_much_work),
        cmocka_unit_test(passwords_are_judged),
        cmocka_unit_test(tokens_are_long_and_differ),
        cmocka_unit_test(recovery_codes_are_read_as_people_type_them),
        cmocka_unit_test(waits_double_up_to_a_ceiling),
        cmocka_unit_test(an_ipv6_address_stands_for_its_network),
        cmocka_unit_test(roles_hold_what_their_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

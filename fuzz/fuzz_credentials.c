/* fuzz/fuzz_credentials.c — any bytes as what somebody types or a browser sends to be let in: a
 * name, a password, a one-time code, a recovery code, a token, an address. SPDX-License-Identifier:
 * GPL-3.0-or-later
 */
#include "access/backoff.h"
#include "access/session.h"
#include "fuzz.h"

#include <string.h>

#define NOW INT64_C(1900000000)

/* A name that is taken is in its one form: it gives itself again. */
static void check_name(struct text input)
{
    char name[ACCOUNT_NAME_BYTES + 1], again[ACCOUNT_NAME_BYTES + 1];
    struct rv_err err = {0};
    if (!rv_is_ok(account_name(input, name, &err))) {
        FUZZ_REQUIRE(err.message[0] != '\0');
        return;
    }
    FUZZ_REQUIRE(rv_is_ok(account_name(text_of(name), again, &err)));
    FUZZ_REQUIRE(strcmp(name, again) == 0 && strlen(name) >= 2 &&
                 strpbrk(name, " \"<>&'\n") == NULL);
}

static void check_password(struct text input)
{
    struct rv_err err = {0};
    if (rv_is_ok(password_judge(input, "ada", &err))) {
        FUZZ_REQUIRE(input.n >= PASSWORD_LEAST && input.n <= PASSWORD_MOST);
        FUZZ_REQUIRE(text_utf8_valid(input) == input.n);
    } else {
        FUZZ_REQUIRE(err.message[0] != '\0');
    }
}

/* Of a text that is taken for a token: 43 characters, and a form that is its own only. */
static void check_token(struct text input)
{
    unsigned char hash[HASH_BYTES], other[HASH_BYTES];
    struct token form, of_form;
    bool is_token = token_hash(input, hash);
    FUZZ_REQUIRE(session_csrf(input, &form) == is_token);
    FUZZ_REQUIRE(!session_csrf_is(input, input));
    if (is_token) {
        FUZZ_REQUIRE(input.n == TOKEN_CHARS && strlen(form.text) == TOKEN_CHARS);
        FUZZ_REQUIRE(session_csrf_is(input, text_of(form.text)));
        FUZZ_REQUIRE(token_hash(text_of(form.text), other) && memcmp(hash, other, HASH_BYTES) != 0);
        FUZZ_REQUIRE(session_csrf(text_of(form.text), &of_form));
        FUZZ_REQUIRE(!session_csrf_is(input, text_of(of_form.text)));
    }
}

static void check_codes(struct text input)
{
    struct rv_err err = {0};
    struct totp_secret secret = {"12345678901234567890"};
    unsigned char hash[HASH_BYTES];
    char code[12];
    int64_t step;
    FUZZ_REQUIRE(rv_is_ok(totp_find(&secret, input, NOW, 0, &step, &err)));
    if (step) {
        FUZZ_REQUIRE(step >= NOW / TOTP_SECONDS - 1 && step <= NOW / TOTP_SECONDS + 1);
        FUZZ_REQUIRE(rv_is_ok(totp_code(&secret, step, TOTP_DIGITS, code, &err)));
        FUZZ_REQUIRE(memchr(input.at, code[0], input.n) != NULL);
        FUZZ_REQUIRE(!recovery_hash(input, hash)); /* never both */
    }
    (void)recovery_hash(input, hash);
}

static void check_address(struct text input)
{
    char address[256], scratch[64], again[64];
    size_t n = input.n < sizeof address ? input.n : sizeof address - 1;
    if (n) {
        memcpy(address, input.at, n);
    }
    address[n] = '\0';
    struct text whole = backoff_address(address, scratch);
    if (whole.at == scratch) { /* a network, which is its own */
        FUZZ_REQUIRE(text_is(backoff_address(scratch, again), scratch));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = fuzz_input(data, size);
    struct rv_err err = {0};
    FUZZ_REQUIRE(rv_is_ok(secrets_ready(&err)));
    check_name(input);
    check_password(input);
    check_token(input);
    check_codes(input);
    check_address(input);
    return 0;
}

/* tests/access/test_key.c — the key beside the file: made once, missed when it is gone, told from
 * another, and what follows for those who sign in. SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "fixture.h"
#include "people.h"

#include <sys/stat.h>

static struct people p;
static char path[200], away[200];

static int set_up(void **state)
{
    (void)state;
    people_open(&p);
    (void)snprintf(path, sizeof path, "%s-key", p.b.file);
    (void)snprintf(away, sizeof away, "%s-away", p.b.file);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_chain(&p);
    people_close(&p);
    return 0;
}

static enum rv_code load(void)
{
    struct key key;
    struct rv_err err = {0};
    rv_status status = key_load(p.s, &key, &err);
    CHECK(rv_is_ok(status) || *err.message);
    return status.code;
}

static void write_text(const char *text, mode_t mode)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, strlen(text), out), strlen(text));
    assert_int_equal(fclose(out), 0);
    assert_int_equal(chmod(path, mode), 0);
}

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_key_is_its_owners_and_is_checked(void **state)
{
    (void)state;
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    CHECK_INT(info.st_mode & 0777, 0600);
    CHECK_INT(info.st_size, 65);
    CHECK_INT(load(), RV_OK);
    assert_int_equal(chmod(path, 0640), 0);
    CHECK_INT(load(), RV_REFUSED);
    assert_int_equal(rename(path, away), 0);
    CHECK_INT(load(), RV_NOT_FOUND);
    write_text(DIGITS "\n", 0600);
    CHECK_INT(load(), RV_REFUSED); /* a key, but another's */
    static const char *const BAD[] = {"", "12", (DIGITS "0"), (DIGITS "\n\n"), ("g" DIGITS)};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        write_text(BAD[i], 0600);
        CHECK_INT(load(), RV_INVALID);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(away, path), 0);
    CHECK_INT(load(), RV_IO); /* links are not followed */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(away, path), 0);
    assert_int_equal(chmod(path, 0600), 0);
    CHECK_INT(load(), RV_OK);
}

/* Lost: nobody is let in by less than before, and the command line puts it right. */
static void a_lost_key_is_not_made_again_by_itself(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct sign_in in;
    struct token token;
    char code[12];
    CHECK_FAILS(account_new_key(p.s, COMMAND_LINE, &err), RV_REFUSED); /* it is there */
    assert_int_equal(unlink(path), 0);
    CHECK_FAILS(sign_in_begin(p.s, text_of("ada"), "192.0.2.1", NOW, &in, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "new-key") != NULL);
    CHECK(access(path, F_OK) != 0);
    write_text(DIGITS "\n", 0600);
    CHECK_FAILS(account_new_key(p.s, COMMAND_LINE, &err), RV_REFUSED); /* another's is moved away */
    assert_int_equal(unlink(path), 0);
    CHECK_OK(account_new_key(p.s, COMMAND_LINE, &err));
    CHECK_INT(load(), RV_OK);
    people_code(&p, NOW, code);
    struct attempt x = {.name = "ada", .password = PASSWORD, .code = code, .now = NOW};
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_REFUSED); /* the app's secret cannot be read */
    x.code = "";
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_REFUSED); /* and is not therefore needless */
    x.code = p.codes.recovery[0].text;
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE);
}

static void a_sealed_secret_opens_for_its_account_only(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct key key;
    unsigned char sealed[SEALED_BYTES], again[SEALED_BYTES], secret[SECRET_BYTES];
    struct text t = {(const char *)sealed, sizeof sealed};
    CHECK_OK(key_load(p.s, &key, &err));
    key_seal(&key, 7, p.secret.bytes, sealed);
    key_seal(&key, 7, p.secret.bytes, again);
    CHECK(memcmp(sealed, again, sizeof sealed) != 0);
    CHECK(key_open(&key, 7, t, secret) && memcmp(secret, p.secret.bytes, sizeof secret) == 0);
    CHECK(!key_open(&key, 8, t, secret));
    CHECK(!key_open(&key, 7, (struct text){t.at, t.n - 1}, secret));
    CHECK(!key_open(&key, 7, (struct text){NULL, 0}, secret));
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 1;
        CHECK(!key_open(&key, 7, t, secret));
        sealed[i] ^= 1;
    }
}

/* A process killed after the key was made and before anything was committed. */
static void a_key_that_was_made_in_vain_is_taken(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct key first, second;
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(key_ready(s, &first, &err));
    store_rollback(s);
    CHECK_FAILS(key_load(s, &second, &err), RV_REFUSED); /* not yet the file's */
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(key_ready(s, &second, &err));
    CHECK_OK(store_commit(s, &err));
    CHECK(memcmp(&first, &second, sizeof first) == 0);
    CHECK_OK(key_load(s, &second, &err));
    store_close(s);
    bench_close(&b);
}

static void marks_differ_by_key_kind_and_value(void **state)
{
    (void)state;
    struct key key = {{1}}, other = {{2}};
    unsigned char a[MARK_BYTES], c[MARK_BYTES];
    key_mark(&key, "name", text_of("ben"), a);
    key_mark(&key, "name", text_of("ben"), c);
    CHECK(memcmp(a, c, sizeof a) == 0);
    key_mark(&key, "address", text_of("ben"), c);
    CHECK(memcmp(a, c, sizeof a) != 0);
    key_mark(&key, "nameb", text_of("en"), c);
    CHECK(memcmp(a, c, sizeof a) != 0);
    key_mark(&other, "name", text_of("ben"), c);
    CHECK(memcmp(a, c, sizeof a) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        EACH(a_key_is_its_owners_and_is_checked),
        EACH(a_lost_key_is_not_made_again_by_itself),
        EACH(a_sealed_secret_opens_for_its_account_only),
        EACH(a_key_that_was_made_in_vain_is_taken),
        EACH(marks_differ_by_key_kind_and_value),
#undef EACH
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

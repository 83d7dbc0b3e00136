/* tests/web/test_request.c — targets, forms, cookies and headers, well made and hostile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/request.h"

static struct arena arena;
static struct rv_err err;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void test_target(void **state)
{
    (void)state;
    struct text path;
    struct fields query;
    CHECK_OK(request_target(&arena, text_of("/a%20b/?x=1&y=%C3%A9+z&x=2&&q"), &path, &query, &err));
    CHECK(text_is(path, "/a b/"));
    assert_int_equal(query.count, 4);
    CHECK(text_is(fields_get(&query, "x"), "1"));
    CHECK(text_is(fields_get(&query, "y"), "é z"));
    CHECK(text_is(fields_get(&query, "q"), ""));
    CHECK(text_is(fields_get(&query, "none"), ""));
    CHECK_OK(request_target(&arena, text_of("/"), &path, &query, &err));
    assert_int_equal(query.count, 0);
    static const char *const bad[] = {
        "",      "a",     "http://x/",   "*",       "//a",     "/a//b",
        "/../a", "/a/.",  "/a/%2e%2e/b", "/%2fa",   "/a%2Fb",  "/%",
        "/%4",   "/%zz",  "/a%00",       "/a%0a",   "/a\\b",   "/%5c",
        "/\xff", "/?x=%", "/?%ff",       "/?x=%00", "/?x=%08",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_FAILS(request_target(&arena, text_of(bad[i]), &path, &query, &err), RV_INVALID);
    }
    char *long_target = ARENA_NEW(&arena, char, REQUEST_TARGET_BYTES + 2);
    memset(long_target, '/', 1);
    memset(long_target + 1, 'a', REQUEST_TARGET_BYTES);
    CHECK_FAILS(request_target(&arena, text_of(long_target), &path, &query, &err), RV_LIMIT);
}

static void test_form(void **state)
{
    (void)state;
    struct fields f;
    CHECK_OK(request_fields(&arena, text_of("note=a%0D%0Ab%0Dc%0Ad&x=%3Cb%3E=1"), &f, &err));
    CHECK(text_is(fields_get(&f, "note"), "a\nb\nc\nd"));
    CHECK(text_is(fields_get(&f, "x"), "<b>=1"));
    char many[REQUEST_FIELDS * 2 + 3];
    for (size_t i = 0; i <= REQUEST_FIELDS; i++) {
        memcpy(many + 2 * i, "a&", 2);
    }
    CHECK_FAILS(request_fields(&arena, (struct text){many, 2 * REQUEST_FIELDS + 1}, &f, &err),
                RV_LIMIT);
    CHECK_OK(request_fields(&arena, (struct text){many, 2 * REQUEST_FIELDS}, &f, &err));
    assert_int_equal(f.count, REQUEST_FIELDS);
}

static void cookie_is(const char *header, const char *wanted)
{
    struct text value;
    CHECK_OK(request_cookie(text_of(header), "reeve", &value, &err));
    CHECK(text_is(value, wanted));
}

static void test_cookie(void **state)
{
    (void)state;
    cookie_is("", "");
    cookie_is("a=b; reeve=abc; c=d", "abc");
    cookie_is("reeve=abc", "abc");
    cookie_is("xreeve=abc; reevex=1", "");
    cookie_is("reeve=abc; reeve=abc", "abc");
    cookie_is("reeve=abc; reeve=xyz", "");
    cookie_is("reeve=; reeve=xyz", "");
    cookie_is(";;; =; reeve = x; reeve=1", "1");
    char large[REQUEST_COOKIE_BYTES + 2];
    memset(large, 'a', sizeof large);
    struct text value;
    CHECK_FAILS(request_cookie((struct text){large, sizeof large}, "reeve", &value, &err),
                RV_LIMIT);
}

static void test_headers(void **state)
{
    (void)state;
    CHECK(!request_wants_json(text_of("")));
    CHECK(!request_wants_json(text_of("*/*")));
    CHECK(!request_wants_json(text_of("text/html,application/json;q=0.9,*/*;q=0.8")));
    CHECK(request_wants_json(text_of("application/json")));
    CHECK(request_wants_json(text_of("Application/JSON; charset=utf-8, text/html;q=0.5")));
    CHECK(request_wants_json(text_of("application/json, */*;q=0.5")));
    CHECK(!request_wants_json(text_of("application/json;q=0")));
    CHECK(!request_wants_json(text_of("application/json, text/html")));
    CHECK(request_matches_tag(text_of("\"abc\""), "abc"));
    CHECK(request_matches_tag(text_of("W/\"x\" , W/\"abc\""), "abc"));
    CHECK(request_matches_tag(text_of("*"), "abc"));
    CHECK(!request_matches_tag(text_of("abc"), "abc"));
    CHECK(!request_matches_tag(text_of("\"abcd\", \""), "abc"));
    CHECK(!request_matches_tag(text_of(""), "abc"));
    CHECK(request_is_local_path(text_of("/a?b=c")));
    static const char *const elsewhere[] = {"",     "//x",      "/\\x", "http://x",
                                            "/a b", "/a\r\nX:", "a",    "javascript:x"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        CHECK(!request_is_local_path(text_of(elsewhere[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_target, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cookie, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_headers, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

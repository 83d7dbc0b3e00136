/* tests/web/test_route.c — the table of routes is sound, and a path finds its row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/app.h"

static const struct route *find(enum request_method method, const char *path,
                                struct text arguments[ROUTE_ARGUMENTS], bool *is_path)
{
    return route_find(method, text_of(path), arguments, is_path);
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        const struct route *r = &routes[i];
        bool is_post = r->method == REQUEST_POST, is_plain = r->flags & ROUTE_PLAIN;
        CHECK(r->path[0] == '/' && r->title && r->handler);
        CHECK((r->page != NULL) == (!is_post && !is_plain));
        /* A form without a session's token changes nothing for who is signed in: only entering. */
        CHECK(!(r->flags & ROUTE_NO_SESSION) || (is_post && r->right == RIGHT_READ_PUBLISHED));
        size_t parts = 0;
        for (const char *at = r->path; *at; at++) {
            parts += *at == ':';
        }
        CHECK(parts <= ROUTE_ARGUMENTS);
        for (size_t k = 0; k < i; k++) {
            CHECK(routes[k].method != r->method || strcmp(routes[k].path, r->path) != 0);
        }
    }
}

static void test_finding(void **state)
{
    (void)state;
    struct text arguments[ROUTE_ARGUMENTS];
    bool is_path;
    const struct route *r = find(REQUEST_GET, "/findings/a b", arguments, &is_path);
    CHECK(r && strcmp(r->path, "/findings/:id") == 0 && text_is(arguments[0], "a b"));
    r = find(REQUEST_HEAD, "/", arguments, &is_path);
    CHECK(r && strcmp(r->path, "/") == 0);
    r = find(REQUEST_GET, "/assets/x/y", arguments, &is_path);
    CHECK(r && text_is(arguments[0], "x") && text_is(arguments[1], "y"));
    CHECK(!find(REQUEST_POST, "/findings", arguments, &is_path) && is_path);
    static const char *const absent[] = {"/find",     "/findings/", "/findings/a/b",
                                         "/assets/x", "/Findings",  "/sign-in/"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        CHECK(!find(REQUEST_GET, absent[i], arguments, &is_path) && !is_path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

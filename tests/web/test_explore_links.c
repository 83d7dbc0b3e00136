/* tests/web/test_explore_links.c — a command of `reeve table` as an address of Explore.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "web/explore_links.h"

static const char *address(const char *command)
{
    static struct arena a;
    arena_done(&a);
    arena_init(&a, 1u << 20);
    return explore_address(&a, command);
}

static void check_address(const char *command, const char *wanted)
{
    const char *got = address(command);
    CHECK(got && strcmp(got, wanted) == 0);
}

static void test_commands(void **state)
{
    (void)state;
    check_address("reeve table FILE --by borough", "/workbench/explore?rows=borough");
    check_address("reeve table FILE --kind area-counts --source mps-borough --by category --where "
                  "\"category=Violence Against the Person\" --area E09000016 --period "
                  "2022-01..2022-12 --rank rate",
                  "/workbench/explore?kind=area-counts&source=mps-borough&rows=category&where="
                  "category&is=Violence%20Against%20the%20Person&area=E09000016&period=2022-01.."
                  "2022-12&rank=rate");
    check_address(
        "reeve table FILE --by weekday,clock --profile under-25 --where a=1 --where b=2,3",
        "/workbench/explore?rows=weekday&columns=clock&profile=under-25&where=a&is=1&"
        "where-2=b&is-2=2%2C3");
    check_address("reeve table FILE --by a --source \"x \\\"y\\\" \\$z & w=1\"",
                  "/workbench/explore?rows=a&source=x%20%22y%22%20%24z%20%26%20w%3D1");
}

/* What an address cannot hold, or what is no table, has none: never another question. */
static void test_no_address(void **state)
{
    (void)state;
    static const char *const without[] = {
        "",
        "reeve brief FILE --area E09000016",
        "reeve table FILE",
        "reeve table FILE --by",
        "reeve table FILE --by borough --definition strict",
        "reeve table FILE --by borough stray",
        "reeve table FILE borough --by",
        "reeve table FILE --by a --where a=1 --where b=2 --where c=3 --where d=4",
    };
    CHECK(!address(NULL));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        CHECK(!address(without[i]));
    }
    char endless[REQUEST_TARGET_BYTES + 100] = "reeve table FILE --by ";
    memset(endless + strlen(endless), 'x', sizeof endless - 1 - strlen(endless));
    CHECK(!address(endless));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_no_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

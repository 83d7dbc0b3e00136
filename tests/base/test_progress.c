/* tests/base/test_progress.c — progress, cancelling, kill points, and embedded files by name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/asset.h"
#include "base/progress.h"
#include "check.h"

#include <signal.h>
#include <sys/wait.h>

static void progress_counts_and_starts_again_with_each_step(void **state)
{
    (void)state;
    struct progress p = {.step = NULL};
    progress_step(&p, "reading", 100);
    progress_add(&p, 30);
    progress_add(&p, 12);
    CHECK_STRING(atomic_load(&p.step), "reading");
    CHECK_INT(atomic_load(&p.done), 42);
    CHECK_INT(atomic_load(&p.total), 100);
    progress_step(&p, "placing", 7);
    CHECK_INT(atomic_load(&p.done), 0);
    CHECK_INT(atomic_load(&p.total), 7);
}

static void a_cancelled_job_is_interrupted(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct progress p = {.step = NULL};
    CHECK_OK(progress_check(&p, &err));
    progress_cancel(&p);
    CHECK_FAILS(progress_check(&p, &err), RV_INTERRUPTED);
    CHECK_FAILS(progress_check(&p, NULL), RV_INTERRUPTED);
}

static void nobody_need_watch(void **state)
{
    (void)state;
    progress_step(NULL, "reading", 1);
    progress_add(NULL, 1);
    progress_cancel(NULL);
    CHECK(rv_is_ok(progress_check(NULL, NULL)));
}

/* Signal that ended a child which passes the points a, b, b, ab; 0 when it lived. */
static int ends_by(const char *wanted)
{
    pid_t child = fork();
    if (child == 0) {
        (void)(wanted ? setenv("REEVE_FAULT_POINT", wanted, 1) : unsetenv("REEVE_FAULT_POINT"));
        fault_point("a");
        fault_point("b");
        fault_point("b");
        fault_point("ab");
        _exit(0);
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void a_kill_point_kills_when_named_and_reached_often_enough(void **state)
{
    (void)state;
    CHECK_INT(ends_by(NULL), 0);
    CHECK_INT(ends_by("c"), 0);
    CHECK_INT(ends_by("a"), SIGKILL);
    CHECK_INT(ends_by("a:2"), 0); /* "ab" is another point */
    CHECK_INT(ends_by("b:2"), SIGKILL);
    CHECK_INT(ends_by("b:3"), 0);
    CHECK_INT(ends_by("ab:1"), SIGKILL);
    CHECK_INT(ends_by(""), 0);
}

static void assets_are_found_by_their_whole_name(void **state)
{
    (void)state;
    static const char bytes[] = "onetwo";
    static const struct asset table[] = {{"a.txt", "0", bytes, bytes + 3},
                                         {"b/a.txt", "1", bytes + 3, bytes + 6},
                                         {"b/c.txt", "2", bytes, bytes}};
    CHECK(asset_find(table, 3, "a.txt") == &table[0]);
    CHECK(asset_find(table, 3, "b/a.txt") == &table[1]);
    CHECK(asset_find(table, 3, "b/c.txt") == &table[2]);
    CHECK(asset_find(table, 3, "b") == NULL && asset_find(table, 3, "z") == NULL);
    CHECK(asset_find(table, 3, "") == NULL && asset_find(table, 0, "a.txt") == NULL);
    CHECK(text_is(asset_text(&table[1]), "two"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_counts_and_starts_again_with_each_step),
        cmocka_unit_test(a_cancelled_job_is_interrupted),
        cmocka_unit_test(nobody_need_watch),
        cmocka_unit_test(a_kill_point_kills_when_named_and_reached_often_enough),
        cmocka_unit_test(assets_are_found_by_their_whole_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

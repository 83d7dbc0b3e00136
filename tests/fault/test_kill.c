/* tests/fault/test_kill.c — the store's work killed with SIGKILL at each named point and at random
 * moments: the file is as before or as after, verify agrees, and the next writer gets the lock.
 *
 * REEVE_KILLS sets the number of random moments, REEVE_SEED repeats a run.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "job.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define MOST_POINTS 64
#define POINT_BYTES 64

static struct job job;

/* ---- the child ---- */

static pid_t start_job(const char *point)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rv_err err = {0};
        if (point) {
            (void)setenv("REEVE_FAULT_POINT", point, 1);
        }
        rv_status status = job_run(&job, &err);
        if (!rv_is_ok(status)) {
            print_error("the job failed: %s\n", err.message);
        }
        _exit(rv_is_ok(status) ? 0 : 1);
    }
    return child;
}

/* Waits; whether it was killed. A child that failed by itself fails the test. */
static bool was_killed(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return true;
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

/* After whatever happened, the same work can be done at once and gives the same file. */
static void check_repeatable(const char *when, enum job_state state)
{
    struct rv_err err = {0};
    if (state == JOB_AFTER) {
        return;
    }
    (void)unlink(job.fresh);
    (void)unlink(job.copy);
    rv_status status = job_run(&job, &err);
    if (!rv_is_ok(status)) {
        fail_msg("%s: the work cannot be done again: %s", when, err.message);
    }
    if (job_check(&job, when) != JOB_AFTER) {
        fail_msg("%s: done again, the file is as before", when);
    }
}

/* ---- the list of points ---- */

struct points {
    char name[MOST_POINTS][POINT_BYTES];
    int count;
};

static void read_points(const char *command, struct points *list)
{
    FILE *in = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed command of this test */
    assert_non_null(in);
    list->count = 0;
    while (list->count < MOST_POINTS && fgets(list->name[list->count], POINT_BYTES, in)) {
        list->name[list->count][strcspn(list->name[list->count], "\n")] = '\0';
        list->count++;
    }
    (void)pclose(in);
    assert_in_range(list->count, 5, MOST_POINTS - 1);
}

static void listed_points(struct points *list)
{
    read_points("grep -v '^#' " TEST_SOURCE_DIR "/tests/fault/points.txt | awk 'NF {print $1}' | "
                "sort",
                list);
}

static void the_list_names_every_point_of_the_sources(void **state)
{
    (void)state;
    static struct points listed, used;
    listed_points(&listed);
    read_points("grep -rhoE 'fault_point\\(\"[^\"]+\"' " TEST_SOURCE_DIR "/src | cut -d'\"' -f2 | "
                "sort -u",
                &used);
    for (int i = 0; i < listed.count || i < used.count; i++) {
        const char *want = i < used.count ? used.name[i] : "(none)";
        const char *have = i < listed.count ? listed.name[i] : "(none)";
        if (strcmp(want, have) != 0) {
            fail_msg("tests/fault/points.txt has %s where the sources have %s", have, want);
        }
    }
}

/* ---- the tests ---- */

static void a_kill_at_each_named_point(void **state)
{
    (void)state;
    static struct points points;
    listed_points(&points);
    int reached = 0;
    long kills = 0;
    for (int i = 0; i < points.count; i++) {
        bool is_reached = false;
        for (int count = 1;; count++) {
            char point[POINT_BYTES + 16];
            (void)snprintf(point, sizeof point, "%s:%d", points.name[i], count);
            job_restore(&job);
            if (!was_killed(start_job(point))) {
                break;
            }
            is_reached = true;
            kills++;
            check_repeatable(point, job_check(&job, point));
        }
        if (!is_reached && (strncmp(points.name[i], "store.", 6) == 0 ||
                            strncmp(points.name[i], "draft.", 6) == 0)) {
            fail_msg("the work never reaches %s", points.name[i]);
        }
        reached += is_reached;
    }
    print_message("%ld kills at %d points\n", kills, reached);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static uint64_t number_or(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe): one thread */
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void kills_at_random_moments(void **state)
{
    (void)state;
    uint64_t seed = number_or("REEVE_SEED", (uint64_t)now_us());
    uint64_t kills = number_or("REEVE_KILLS", 50);
    int64_t whole = INT64_MAX;
    for (int i = 0; i < 3;
         i++) { /* the quickest: a busy machine must not push kills past the end */
        job_restore(&job);
        int64_t began = now_us();
        CHECK(!was_killed(start_job(NULL)));
        whole = now_us() - began < whole ? now_us() - began : whole;
    }
    print_message("seed %llu, the work takes %lld us\n", (unsigned long long)seed,
                  (long long)whole);
    long seen[2] = {0};
    for (uint64_t i = 0; i < kills; i++) {
        char when[64];
        uint64_t delay = job_mix(seed + i) % ((uint64_t)whole * 5 / 4 + 1);
        (void)snprintf(when, sizeof when, "seed %llu, kill %llu", (unsigned long long)seed,
                       (unsigned long long)i);
        job_restore(&job);
        pid_t child = start_job(NULL);
        nanosleep(&(struct timespec){.tv_sec = (time_t)(delay / 1000000),
                                     .tv_nsec = (long)(delay % 1000000) * 1000},
                  NULL);
        (void)kill(child, SIGKILL);
        (void)was_killed(child);
        enum job_state result = job_check(&job, when);
        seen[result]++;
        check_repeatable(when, result);
    }
    print_message("%ld as before, %ld as after\n", seen[JOB_BEFORE], seen[JOB_AFTER]);
    assert_true(seen[JOB_BEFORE] > 0);
}

static int set_up(void **state)
{
    (void)state;
    job_open(&job);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    job_close(&job);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_names_every_point_of_the_sources),
        cmocka_unit_test(a_kill_at_each_named_point),
        cmocka_unit_test(kills_at_random_moments),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* tests/run/test_run.c — the helper with a program that hangs, floods, breeds, eats and lies.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "run/run.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define MB ((uint64_t)1 << 20)

enum { FAKE, ABSENT, BROKEN, PATIENT };

static struct run_spec table[] = {
    [FAKE] = {.name = "fake",
              .package = "fake-package",
              .paths = {FAKE_PROGRAM},
              .seconds = 2,
              .cpu_seconds = 60,
              .processes = 40,
              .memory_bytes = 64 * MB,
              .file_bytes = 8 * MB,
              .folder_bytes = 16 * MB,
              .printed_bytes = 100000},
    [ABSENT] = {.name = "absent",
                .package = "absent-package",
                .paths = {"/nowhere/absent"},
                .seconds = 2},
    /* It can be run, says access(2), but is no program. */
    [BROKEN] = {.name = "broken",
                .package = "broken-package",
                .paths = {BROKEN_PROGRAM},
                .seconds = 2,
                .cpu_seconds = 2,
                .processes = 40,
                .memory_bytes = 64 * MB,
                .file_bytes = MB,
                .folder_bytes = MB,
                .printed_bytes = 1000},
    [PATIENT] = {.name = "patient",
                 .package = "patient-package",
                 .paths = {FAKE_PROGRAM},
                 .seconds = 100,
                 .cpu_seconds = 1,
                 .processes = 40,
                 .memory_bytes = 64 * MB,
                 .file_bytes = 8 * MB,
                 .folder_bytes = 16 * MB,
                 .printed_bytes = 100000},
};
#define ROWS (sizeof table / sizeof *table)

static struct run_helper *helper;
static struct arena arena;
static struct rv_err err;

static char base[64]; /* of the private folders: no other test's are counted */

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(base, sizeof base, "%s", test_dir());
    CHECK_INT(chmod(base, 0711), 0);
    arena_init(&arena, (size_t)64 << 20);
    CHECK_OK(run_start_with(table, ROWS, base, &helper, &err));
    return 0;
}

/* Folders of jobs that were not removed. */
static int folders_left(void)
{
    DIR *dir = opendir(base);
    assert_non_null(dir);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

/* Processes of the fake program, zombies not counted. */
static int fakes_running(void)
{
    DIR *dir = opendir("/proc");
    assert_non_null(dir);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        char path[300], exe[1024];
        (void)snprintf(path, sizeof path, "/proc/%s/exe", entry->d_name);
        ssize_t n = readlink(path, exe, sizeof exe - 1);
        exe[n > 0 ? n : 0] = '\0';
        count += strcmp(exe, FAKE_PROGRAM) == 0;
    }
    closedir(dir);
    return count;
}

static int tear_down(void **state)
{
    (void)state;
    run_stop(helper);
    helper = NULL;
    arena_done(&arena);
    CHECK_INT(fakes_running(), 0);
    CHECK_INT(rmdir(base), 0);
    return 0;
}

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Runs the fake program with up to two words; it is to write out.txt. */
static struct run_result fake(size_t program, const char *what, const char *more)
{
    const char *arguments[] = {what, more};
    const char *outputs[] = {"out.txt"};
    const struct run_file inputs[] = {{"in.txt", {"word for word", 13}}};
    const struct run_job job = {.program = program,
                                .arguments = arguments,
                                .argument_count = more ? 2 : 1,
                                .inputs = inputs,
                                .input_count = 1,
                                .outputs = outputs,
                                .output_count = 1};
    struct run_result result;
    CHECK_OK(run_job(helper, &arena, NULL, &job, &result, &err));
    return result;
}

static const char *explained(size_t program, const struct run_result *result)
{
    static struct buf out;
    buf_done(&out);
    buf_init(&out, 4096);
    run_explain(helper, program, "PDF", result, &out);
    return out.n ? out.bytes : "";
}

static void a_file_goes_in_and_comes_out(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "copy", NULL);
    CHECK_INT(result.end, RUN_DONE);
    CHECK_INT(result.outputs[0].n, 13);
    CHECK_INT(memcmp(result.outputs[0].at, "word for word", 13), 0);
    CHECK_STRING(explained(FAKE, &result), "");
    CHECK_INT(folders_left(), 0);
}

/* No shell stands between: what would be a command stays a word. */
static void an_argument_is_one_word_whatever_is_in_it(void **state)
{
    (void)state;
    const char *word = "a b'; touch /tmp/reeve-fake-was-here $(id) `id` \"*\"\n";
    struct run_result result = fake(FAKE, "argument", word);
    CHECK_INT(result.end, RUN_DONE);
    CHECK_STRING(result.outputs[0].at, word);
    CHECK_INT(access("/tmp/reeve-fake-was-here", F_OK), -1);
}

static void a_missing_program_is_named_with_what_to_install(void **state)
{
    (void)state;
    struct run_result result = fake(ABSENT, "copy", NULL);
    CHECK_INT(result.end, RUN_NOT_HERE);
    CHECK_STRING(explained(ABSENT, &result), "PDF needs absent: apt-get install absent-package");
    assert_null(run_program_path(helper, ABSENT));
    CHECK_STRING(run_program_path(helper, FAKE), FAKE_PROGRAM);
    result = fake(BROKEN, "copy", NULL);
    CHECK_INT(result.end, RUN_NOT_STARTED);
    CHECK_STRING(explained(BROKEN, &result),
                 "PDF was not made: broken could not be started: Exec format error");
    CHECK_INT(folders_left(), 0);
}

static void a_failure_carries_the_last_line(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "say-and-fail", NULL);
    CHECK_INT(result.end, RUN_FAILED);
    CHECK_INT(result.status, 3);
    CHECK_STRING(explained(FAKE, &result), "PDF was not made: fake ended with exit status 3: the "
                                           "input makes no sense");
    result = fake(FAKE, "crash", NULL);
    CHECK_INT(result.end, RUN_KILLED);
    CHECK_INT(result.status, SIGSEGV);
}

static void what_hangs_is_ended_in_its_time(void **state)
{
    (void)state;
    double start = seconds_now();
    struct run_result result = fake(FAKE, "hang", NULL);
    double took = seconds_now() - start;
    CHECK_INT(result.end, RUN_TIMED_OUT);
    CHECK(took >= 2 && took < 8);
    CHECK_INT(fakes_running(), 0);
    CHECK_INT(folders_left(), 0);
    /* The helper serves on. */
    result = fake(FAKE, "copy", NULL);
    CHECK_INT(result.end, RUN_DONE);
}

static void processor_time_ends_before_the_clock_does(void **state)
{
    (void)state;
    struct run_result result = fake(PATIENT, "spin", NULL);
    CHECK_INT(result.end, RUN_KILLED);
    CHECK(result.status == SIGXCPU || result.status == SIGKILL);
    CHECK(result.seconds < 30);
}

static void what_floods_is_ended(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "flood", NULL);
    CHECK_INT(result.end, RUN_FLOODED);
    CHECK(result.seconds < 2);
    CHECK(strlen(result.said) <= 2000);
}

static void what_writes_too_much_is_ended(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "large", NULL); /* one file over file_bytes */
    CHECK_INT(result.end, RUN_WROTE_MUCH);
    result = fake(PATIENT, "many", NULL); /* each within, all together over folder_bytes */
    CHECK_INT(result.end, RUN_WROTE_MUCH);
    CHECK_INT(folders_left(), 0);
}

static void no_process_is_left_behind(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "breed", NULL);
    CHECK_INT(result.end, RUN_DONE);
    CHECK_INT(fakes_running(), 0);
    result = fake(FAKE, "breed-and-hang", NULL);
    CHECK_INT(result.end, RUN_TIMED_OUT);
    CHECK_INT(fakes_running(), 0);
}

static void processes_and_memory_are_limited(void **state)
{
    (void)state;
    struct run_result result = fake(FAKE, "bomb", NULL);
    CHECK_INT(result.end, RUN_TIMED_OUT);
    CHECK_INT(result.refused & RUN_FENCE_PROCESSES, 0);
    CHECK_INT(fakes_running(), 0);
    result = fake(FAKE, "eat", NULL);
    CHECK_INT(result.end, RUN_FAILED);
    CHECK_INT(result.status, 7);
}

/* Only a plain file with one name is brought back: nothing is followed out of the folder. */
static void what_is_no_plain_file_is_not_brought_back(void **state)
{
    (void)state;
    static const char *const kinds[] = {"link", "fifo", "nothing"};
    for (size_t i = 0; i < 3; i++) {
        struct run_result result = fake(FAKE, kinds[i], NULL);
        CHECK_INT(result.end, RUN_GAVE_NOTHING);
    }
    struct run_result result = fake(FAKE, "hide", NULL);
    CHECK_INT(result.end, RUN_DONE);
    CHECK_INT(folders_left(), 0);
}

static bool says(struct text report, const char *line)
{
    return strstr(report.at, line) != NULL;
}

/* A fence that this kernel refuses is told; one that is not told must hold. */
static void the_fences_hold_or_say_that_they_do_not(void **state)
{
    (void)state;
    char secret[] = "/tmp/reeve-secret-XXXXXX";
    int fd = mkstemp(secret);
    assert_true(fd >= 0);
    CHECK_INT(fchmod(fd, 0644), 0);
    int inherited = dup2(fd, 50); /* without close-on-exec, opened after the helper started */
    assert_int_equal(inherited, 50);
    struct run_result result = fake(FAKE, "report", secret);
    close(50);
    close(fd);
    unlink(secret);
    CHECK_INT(result.end, RUN_DONE);
    struct text got = result.outputs[0];
    if (!(result.refused & RUN_FENCE_CALLS)) {
        CHECK(says(got, "inet no") && says(got, "inet6 no") && says(got, "netlink no"));
        CHECK(says(got, "ptrace no"));
    } else {
        print_message("SKIPPED: this kernel refuses a filter of system calls\n");
    }
    if (!(result.refused & RUN_FENCE_FILES)) {
        CHECK(says(got, "secret no") && says(got, "other-write no"));
    } else {
        print_message("SKIPPED: this kernel has no Landlock\n");
    }
    CHECK(says(got, "unix yes") && says(got, "system yes") && says(got, "descriptors no"));
    CHECK(says(got, (result.refused & RUN_FENCE_USER) ? "root yes" : "root no"));
    CHECK(says(got, "env PATH") && says(got, "env HOME") && says(got, "env TMPDIR"));
    CHECK(!says(got, "env REEVE_TEST_SECRET") && !says(got, "env LD_"));
    unlink("/tmp/reeve-fake-was-here");
}

static void refused_fences_are_spelled_out(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    const struct run_result none = {.end = RUN_DONE};
    run_explain_fences(helper, FAKE, &none, &out);
    CHECK_INT(out.n, 0);
    const struct run_result some = {.end = RUN_DONE,
                                    .refused = RUN_FENCE_FILES | RUN_FENCE_OWN_SANDBOX};
    run_explain_fences(helper, FAKE, &some, &out);
    CHECK_STRING(out.bytes, "fake ran without Landlock, which hides other files; its own sandbox, "
                            "which needs user namespaces");
    buf_done(&out);
}

static void *cancel_soon(void *progress)
{
    (void)usleep(300000);
    progress_cancel(progress);
    return NULL;
}

static void a_cancelled_job_ends_the_program(void **state)
{
    (void)state;
    static struct progress progress;
    const char *arguments[] = {"breed-and-hang"};
    const struct run_job job = {.program = PATIENT, .arguments = arguments, .argument_count = 1};
    struct run_result result;
    pthread_t thread;
    double start = seconds_now();
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, &progress), 0);
    CHECK_FAILS(run_job(helper, &arena, &progress, &job, &result, &err), RV_INTERRUPTED);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK(seconds_now() - start < 10);
    CHECK_INT(fakes_running(), 0);
    CHECK_INT(folders_left(), 0);
    result = fake(FAKE, "copy", NULL);
    CHECK_INT(result.end, RUN_DONE);
}

static void wait_until_quiet(void)
{
    for (int i = 0; i < 200 && (fakes_running() || folders_left()); i++) {
        (void)usleep(50000);
    }
    CHECK_INT(fakes_running(), 0);
    CHECK_INT(folders_left(), 0);
}

/* The caller is killed with SIGKILL in the middle of a job: the program and its children go, and
 * so does the folder. */
static void a_killed_caller_takes_the_program_along(void **state)
{
    (void)state;
    pid_t caller = fork();
    if (caller == 0) {
        struct run_helper *own;
        struct run_result result;
        const char *arguments[] = {"breed-and-hang"};
        const struct run_job job = {
            .program = PATIENT, .arguments = arguments, .argument_count = 1};
        if (rv_is_ok(run_start_with(table, ROWS, base, &own, NULL))) {
            (void)!rv_is_ok(run_job(own, &arena, NULL, &job, &result, NULL));
        }
        _exit(1);
    }
    for (int i = 0; i < 200 && fakes_running() < 6; i++) {
        (void)usleep(20000);
    }
    CHECK(fakes_running() >= 6);
    CHECK_INT(kill(caller, SIGKILL), 0);
    CHECK_INT(waitpid(caller, NULL, 0), caller);
    wait_until_quiet();
}

/* The id of the one child of a process. */
static pid_t child_of(pid_t parent)
{
    char path[64];
    int child = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", (long)parent, (long)parent);
    FILE *in = fopen(path, "r");
    if (in) {
        (void)!fscanf(in, "%d", &child);
        (void)fclose(in);
    }
    return child;
}

/* The helper itself is killed: the program dies with it, the caller is told, and the folder left
 * behind is swept away by the next helper. */
static void a_killed_helper_takes_the_program_along(void **state)
{
    (void)state;
    pid_t caller = fork();
    if (caller == 0) {
        struct run_helper *own;
        struct run_result result;
        const char *arguments[] = {"hang"};
        const struct run_job job = {
            .program = PATIENT, .arguments = arguments, .argument_count = 1};
        rv_status status = run_start_with(table, ROWS, base, &own, NULL);
        status = rv_is_ok(status) ? run_job(own, &arena, NULL, &job, &result, NULL) : status;
        _exit(status.code == RV_IO ? 42 : 1);
    }
    for (int i = 0; i < 200 && fakes_running() < 1; i++) {
        (void)usleep(20000);
    }
    CHECK_INT(fakes_running(), 1);
    pid_t its_helper = child_of(caller);
    CHECK(its_helper > 0);
    CHECK_INT(kill(its_helper, SIGKILL), 0);
    int status;
    CHECK_INT(waitpid(caller, &status, 0), caller);
    CHECK_INT(WEXITSTATUS(status), 42);
    for (int i = 0; i < 100 && fakes_running(); i++) {
        (void)usleep(50000);
    }
    CHECK_INT(fakes_running(), 0);
    CHECK_INT(folders_left(), 1);
    struct run_helper *next;
    CHECK_OK(run_start_with(table, ROWS, base, &next, &err));
    wait_until_quiet();
    run_stop(next);
}

static void names_with_slashes_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "../x", "a/b", ".hidden", "-flag"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *outputs[] = {names[i]};
        const struct run_job job = {.program = FAKE, .outputs = outputs, .output_count = 1};
        struct run_result result;
        CHECK_FAILS(run_job(helper, &arena, NULL, &job, &result, &err), RV_INVALID);
    }
}

int main(void)
{
    (void)setenv("REEVE_TEST_SECRET", "not for programs", 1);
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_file_goes_in_and_comes_out),
        CASE(an_argument_is_one_word_whatever_is_in_it),
        CASE(a_missing_program_is_named_with_what_to_install),
        CASE(a_failure_carries_the_last_line),
        CASE(what_hangs_is_ended_in_its_time),
        CASE(processor_time_ends_before_the_clock_does),
        CASE(what_floods_is_ended),
        CASE(what_writes_too_much_is_ended),
        CASE(no_process_is_left_behind),
        CASE(processes_and_memory_are_limited),
        CASE(what_is_no_plain_file_is_not_brought_back),
        CASE(the_fences_hold_or_say_that_they_do_not),
        CASE(refused_fences_are_spelled_out),
        CASE(a_cancelled_job_ends_the_program),
        CASE(a_killed_caller_takes_the_program_along),
        CASE(a_killed_helper_takes_the_program_along),
        CASE(names_with_slashes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

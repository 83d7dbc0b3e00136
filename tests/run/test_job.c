/* tests/run/test_job.c — jobs: rows, and a runner with commands that obey, crash, eat, flood and
 * will not stop. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/progress.h"
#include "check.h"
#include "fixture.h"
#include "run/job_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define WHO  7
#define WHEN INT64_C(1900000000)

static struct bench b;
static struct arena arena;
static struct rv_err err;
static char state_dir[128], real_file[128];
static struct job_place place;
static struct job_helper *helper;
static struct job_runner *runner;
static struct store *store; /* the page's connection */

/* ---- hooks that remember ---- */

static int64_t forbidden; /* the account that may not any more */
static int ends;          /* how often the end was audited */

static rv_status admit(void *context, struct store *s, const struct job *job, struct rv_err *reterr)
{
    (void)context;
    (void)s;
    return job->account == forbidden ? rv_fail(reterr, RV_REFUSED, "You may not do this any more.")
                                     : rv_ok();
}

static rv_status ended(void *context, struct store *s, const struct job *job, enum job_state state,
                       int64_t now, struct rv_err *reterr)
{
    (void)context;
    (void)s;
    (void)reterr;
    CHECK(job->id > 0 && job_is_over(state) && now > 0);
    ends++;
    return rv_ok();
}

static const struct job_hooks hooks = {NULL, admit, ended};

/* ---- set-up ---- */

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, LIMIT_ARENA_BYTES);
    bench_open(&b);
    store = bench_store(&b, STORE_WRITE);
    (void)snprintf(real_file, sizeof real_file, "%s", store_real_path(store));
    (void)snprintf(state_dir, sizeof state_dir, "%s/state", store_dir(store));
    place = (struct job_place){
        .program = FAKE_JOB, .file = real_file, .state = state_dir, .grace = 0.4};
    forbidden = -1;
    ends = 0;
    CHECK_OK(job_helper_start(&place, &helper, &err));
    runner = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    job_runner_stop(runner);
    job_helper_stop(helper);
    store_close(store);
    bench_close(&b);
    arena_done(&arena);
    return 0;
}

static void start(void)
{
    CHECK_OK(job_runner_start(&place, helper, &hooks, &runner, &err));
}

static int64_t ask(int64_t account, const char *kind, const char *const *words, size_t count)
{
    int64_t id;
    const struct job_new job = {kind, "a test", words, count};
    CHECK_OK(store_begin(store, &err));
    CHECK_OK(job_add(store, &job, account, WHEN, &id, &err));
    CHECK_OK(store_commit(store, &err));
    job_runner_wake(runner);
    return id;
}

#define ASK(...)                                                                                   \
    ask(WHO, "assess", (const char *const[]){__VA_ARGS__},                                         \
        sizeof(const char *const[]){__VA_ARGS__} / sizeof(char *))

static struct job get(int64_t id)
{
    struct job job;
    CHECK_OK(job_get(store, &arena, id, &job, &err));
    return job;
}

static void nap(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

/* Until it is over, one minute at most. */
static struct job wait_for(int64_t id)
{
    struct job job = get(id);
    for (int i = 0; i < 3000 && !job_is_over(job.state); i++) {
        nap();
        job = get(id);
    }
    if (!job_is_over(job.state)) {
        fail_msg("job %lld is not over after a minute", (long long)id);
    }
    return job;
}

static void cancel(int64_t id)
{
    CHECK_OK(store_begin(store, &err));
    CHECK_OK(job_cancel(store, &arena, id, WHEN, &err));
    CHECK_OK(store_commit(store, &err));
    job_runner_wake(runner);
}

/* Until it tells a step, one minute at most. */
static struct job_progress wait_for_step(int64_t id)
{
    struct job_progress p = {.step = ""};
    for (int i = 0; i < 3000 && !p.step[0]; i++) {
        nap();
        (void)job_runner_progress(runner, id, &p);
    }
    CHECK(p.step[0] != '\0');
    return p;
}

static void check_end(int64_t id, enum job_state state, const char *message)
{
    struct job job = wait_for(id);
    CHECK_STRING(job_state_name(job.state), job_state_name(state));
    if (!strstr(job.message, message)) {
        fail_msg("'%s' does not say '%s'", job.message, message);
    }
    CHECK(job.ended_at >= job.started_at);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static const char *result_of(int64_t id, const char *name)
{
    const char *path = job_path(&arena, state_dir, id, name);
    assert_non_null(path);
    return path;
}

/* ---- rows ---- */

static void rows_keep_what_was_asked(void **state)
{
    (void)state;
    int64_t one = ask(WHO, "import", (const char *const[]){JOB_STATE "/a b", "--open", ""}, 3);
    int64_t two = ask(8, "backup", NULL, 0);
    struct job job = get(one);
    CHECK_INT(job.account, WHO);
    CHECK_INT(job.asked_at, WHEN);
    CHECK_INT(job.word_count, 3);
    CHECK_STRING(job.words[0], "\002/a b");
    CHECK_STRING(job.words[2], "");
    CHECK_INT(job.exit_status, -1);
    CHECK_INT(get(two).word_count, 0);
    CHECK_FAILS(job_get(store, &arena, 99, &job, &err), RV_NOT_FOUND);

    struct job *list;
    size_t count;
    struct job_choice choice = {.account = JOB_OF_ALL, .most = 10};
    CHECK_OK(job_list(store, &arena, &choice, &list, &count, &err));
    CHECK_INT(count, 2);
    CHECK_INT(list[0].id, two);
    choice.account = WHO;
    CHECK_OK(job_list(store, &arena, &choice, &list, &count, &err));
    CHECK_INT(count, 1);
    choice = (struct job_choice){.account = JOB_OF_ALL, .kind = "backup", .most = 10};
    CHECK_OK(job_list(store, &arena, &choice, &list, &count, &err));
    CHECK_INT(list[0].id, two);
    choice = (struct job_choice){
        .account = JOB_OF_ALL, .has_state = true, .state = JOB_RUNNING, .most = 10};
    CHECK_OK(job_list(store, &arena, &choice, &list, &count, &err));
    CHECK_INT(count, 0);
    choice = (struct job_choice){.account = JOB_OF_ALL, .before = two, .most = 10};
    CHECK_OK(job_list(store, &arena, &choice, &list, &count, &err));
    CHECK_INT(count, 1);
}

static rv_status add(const char *kind, const char *title, const char *word)
{
    int64_t id;
    const struct job_new job = {kind, title, &word, 1};
    CHECK_OK(store_begin(store, &err));
    rv_status status = job_add(store, &job, WHO, WHEN, &id, &err);
    store_rollback(store);
    return status;
}

static void rows_refuse_what_is_no_word(void **state)
{
    (void)state;
    static char long_word[JOB_WORD_BYTES + 2];
    memset(long_word, 'x', sizeof long_word - 1);
    CHECK_OK(add("assess", "t", "w\303\266rd"));
    CHECK_FAILS(add("user", "t", "w"), RV_INVALID); /* takes a password */
    CHECK_FAILS(add("sql", "t", "w"), RV_INVALID);
    CHECK_FAILS(add("assess; rm", "t", "w"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", "two\nwords"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", "a\001b"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", "\377"), RV_INVALID);
    CHECK_FAILS(add("assess", "a\nb", "w"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", long_word), RV_LIMIT);
    CHECK_FAILS(add("assess", long_word, "w"), RV_LIMIT);
    CHECK_FAILS(add("assess", "t", JOB_STATE "/../p.reeve"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", JOB_STATE "x"), RV_INVALID);
    CHECK_FAILS(add("assess", "t", JOB_RESULT "/x/.."), RV_INVALID);
    const char *many[JOB_WORDS + 1];
    for (size_t i = 0; i <= JOB_WORDS; i++) {
        many[i] = "x";
    }
    int64_t id;
    const struct job_new job = {"assess", "t", many, JOB_WORDS + 1};
    CHECK_OK(store_begin(store, &err));
    CHECK_FAILS(job_add(store, &job, WHO, WHEN, &id, &err), RV_LIMIT);
    store_rollback(store);
}

static void one_that_waits_is_cancelled_at_once(void **state)
{
    (void)state;
    int64_t id = ASK("words");
    cancel(id);
    check_end(id, JOB_CANCELLED, "before it began");
    CHECK_OK(store_begin(store, &err));
    CHECK_FAILS(job_cancel(store, &arena, id, WHEN, &err), RV_REFUSED);
    CHECK_FAILS(job_cancel(store, &arena, 99, WHEN, &err), RV_NOT_FOUND);
    store_rollback(store);
    start();
    check_end(ASK("words"), JOB_DONE, "");
    CHECK_INT(get(id).started_at, 0); /* nobody ran it */
}

/* ---- running ---- */

static void its_words_reach_the_command_as_they_are(void **state)
{
    (void)state;
    start();
    int64_t id = ASK("words", "--area", "$(id); `x` *", JOB_RESULT "/out", JOB_STATE, "--", "");
    struct job job = wait_for(id);
    char want[1024];
    (void)snprintf(want, sizeof want,
                   "reeve\nassess\n%s\nwords\n--area\n$(id); `x` *\n%s/jobs/%lld/out\n%s\n--\n\n",
                   real_file, state_dir, (long long)id, state_dir);
    CHECK_STRING(job.printed, want);
    CHECK_INT(job.exit_status, 0);
    CHECK_STRING(job.message, "");
    CHECK_INT(ends, 1);
}

static void one_after_the_other_in_their_own_folders(void **state)
{
    (void)state;
    int64_t one = ASK("write", JOB_RESULT "/r"), two = ASK("write", JOB_RESULT "/r");
    start();
    CHECK_INT(wait_for(two).state, JOB_DONE);
    CHECK_INT(get(one).state, JOB_DONE);
    CHECK(get(one).ended_at <= get(two).started_at);
    struct stat info;
    CHECK_INT(stat(result_of(one, "r"), &info), 0);
    CHECK_INT(info.st_mode & 0777, 0600);
    CHECK_INT(stat(result_of(two, NULL), &info), 0);
    CHECK_INT(info.st_mode & 0777, 0700);
    CHECK(exists(result_of(two, "r")));
}

static void it_gets_a_clean_environment(void **state)
{
    (void)state;
    CHECK_INT(setenv("SECRET_OF_SOMEBODY", "x", 1), 0);
    start();
    struct job job = wait_for(ASK("environment"));
    CHECK_INT(unsetenv("SECRET_OF_SOMEBODY"), 0);
    CHECK(!strstr(job.printed, "SECRET"));
    CHECK(strstr(job.printed, "REEVE_PROGRESS_FD=3\n") != NULL);
    CHECK(strstr(job.printed, "open 3\n") != NULL);
    CHECK(strstr(job.printed, "open 4\n") == NULL);
    CHECK(strstr(job.printed, "nice 0\n") == NULL);
}

static void its_progress_is_seen_and_it_is_cancelled(void **state)
{
    (void)state;
    start();
    int64_t id = ASK("wait");
    struct job_progress p = wait_for_step(id);
    CHECK_STRING(p.step, "counting the sample");
    CHECK_INT(p.done, 7);
    CHECK_INT(p.total, 9);
    CHECK(!job_runner_progress(runner, id + 1, &p));
    CHECK_INT(get(id).state, JOB_RUNNING);
    cancel(id);
    check_end(id, JOB_CANCELLED, "Stopped on request");
    CHECK_INT(ends, 1);
    CHECK(!job_runner_progress(runner, id, &p));
    check_end(ASK("words"), JOB_DONE, ""); /* the late stop hits nobody */
}

static void what_was_done_already_is_done(void **state)
{
    (void)state;
    start();
    int64_t id = ASK("finish");
    (void)wait_for_step(id);
    cancel(id);
    check_end(id, JOB_DONE, "");
}

static void one_that_will_not_stop_is_killed(void **state)
{
    (void)state;
    start();
    int64_t id = ASK("ignore", JOB_RESULT "/begun");
    (void)wait_for_step(id);
    cancel(id);
    check_end(id, JOB_CANCELLED, "");
    check_end(ASK("words"), JOB_DONE, "");
}

static void a_crash_harms_nobody(void **state)
{
    (void)state;
    start();
    check_end(ASK("crash"), JOB_FAILED, "signal 11");
    check_end(ASK("eat"), JOB_FAILED, "out of memory");
    check_end(ASK("wrong use"), JOB_FAILED, "exit status 2");
    check_end(ASK("words"), JOB_DONE, "");
    CHECK_INT(ends, 4);
    CHECK(job_runner_is_well(runner));
}

static void what_it_leaves_is_ended(void **state)
{
    (void)state;
    start();
    int64_t id = ASK("leave", JOB_RESULT "/late");
    check_end(id, JOB_DONE, "");
    for (int i = 0; i < 100; i++) {
        nap();
    }
    CHECK(!exists(result_of(id, "late")));
}

static void what_it_prints_is_bounded(void **state)
{
    (void)state;
    start();
    struct job job = wait_for(ASK("flood"));
    CHECK_INT(job.state, JOB_DONE); /* exit status 1: done, but something needs attention */
    CHECK(strstr(job.message, "needs attention") != NULL);
    CHECK_INT(strlen(job.printed), JOB_PRINTED_BYTES);
    CHECK(strncmp(job.printed, "line 0 of", 9) == 0);
    CHECK_INT(strlen(job.said), JOB_SAID_BYTES);
    CHECK(strstr(job.said, "line 199999 of what is said\n") != NULL);
    job = wait_for(ASK("garble"));
    CHECK_STRING(job.printed, "caf? and \303\251\n");
    CHECK_STRING(job.message, "no such caf?");
}

static void the_right_is_looked_up_again(void **state)
{
    (void)state;
    int64_t theirs = ask(9, "assess", (const char *const[]){"write", JOB_RESULT "/r"}, 2);
    int64_t mine = ASK("words");
    forbidden = 9;
    start();
    check_end(mine, JOB_DONE, "");
    check_end(theirs, JOB_FAILED, "may not do this any more");
    CHECK(!exists(result_of(theirs, "r")));
    CHECK_INT(ends, 2);
}

/* ---- fences ---- */

static bool has_landlock(void)
{
    pid_t child = fork();
    if (child == 0) {
        const struct run_reach reach = {{"/tmp"}, {NULL}};
        (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        _exit(run_fence_reach(&reach) ? 0 : 1);
    }
    int status = 1;
    return waitpid(child, &status, 0) == child && status == 0;
}

static void it_reaches_its_folders_only(void **state)
{
    (void)state;
    start();
    CHECK_INT(wait_for(ASK("internet")).exit_status, EAFNOSUPPORT);
    CHECK_INT(wait_for(ASK("read", real_file)).exit_status, 0);
    if (!has_landlock()) {
        print_message("SKIPPED: this kernel has no Landlock\n");
        skip();
    }
    CHECK_INT(wait_for(ASK("read", TEST_SOURCE_DIR "/README.md")).exit_status, EACCES);
    CHECK_INT(wait_for(ASK("read", "/etc/shadow")).exit_status, EACCES);
    CHECK_INT(wait_for(ASK("write", "/tmp/reeve-nobody-writes-this")).exit_status, EACCES);
}

static void a_folder_that_others_may_enter_is_refused(void **state)
{
    (void)state;
    CHECK_INT(mkdir(state_dir, 0700), 0);
    CHECK_INT(chmod(state_dir, 0755), 0);
    CHECK_FAILS(job_runner_start(&place, helper, &hooks, &runner, &err), RV_REFUSED);
    CHECK(strstr(err.message, "chmod 700") != NULL);
    CHECK_INT(rmdir(state_dir), 0);
    CHECK_INT(symlink("/tmp", state_dir), 0);
    CHECK_FAILS(job_runner_start(&place, helper, &hooks, &runner, &err), RV_REFUSED);
}

/* ---- ends of the service ---- */

static void a_service_that_stops_interrupts_its_job(void **state)
{
    (void)state;
    start();
    int64_t one = ASK("wait"), two = ASK("words");
    (void)wait_for_step(one);
    job_runner_stop(runner);
    runner = NULL;
    check_end(one, JOB_INTERRUPTED, "ask for it again");
    CHECK_INT(get(two).state, JOB_WAITING);
    start();
    check_end(two, JOB_DONE, "");
    CHECK_INT(get(one).state, JOB_INTERRUPTED);
    CHECK_INT(ends, 2);
}

/* A service in a process of its own, which is killed; its command must not live on. */
static void a_service_that_is_killed_leaves_nothing_running(void **state)
{
    (void)state;
    int64_t one = ASK("ignore", JOB_RESULT "/begun"), two = ASK("words");
    pid_t service = fork();
    if (service == 0) {
        struct job_helper *own;
        if (!rv_is_ok(job_helper_start(&place, &own, NULL)) ||
            !rv_is_ok(job_runner_start(&place, own, &hooks, &runner, NULL))) {
            _exit(1);
        }
        for (;;) {
            nap();
        }
    }
    for (int i = 0; i < 3000 && !exists(result_of(one, "begun")); i++) {
        nap();
    }
    CHECK_INT(get(one).state, JOB_RUNNING);
    struct job_runner *second;
    CHECK_FAILS(job_runner_start(&place, helper, &hooks, &second, &err), RV_BUSY);
    CHECK_INT(kill(service, SIGKILL), 0);
    CHECK_INT(waitpid(service, NULL, 0), service);
    char pattern[256];
    (void)snprintf(pattern, sizeof pattern, "pgrep -f '^reeve assess %s ignore' >/dev/null",
                   real_file);
    int left = 0;
    for (int i = 0; i < 500 && left == 0; i++) {
        nap();
        left = system(pattern); /* not 0: none is found */
    }
    CHECK(left != 0);
    start();
    check_end(one, JOB_INTERRUPTED, "The service ended");
    check_end(two, JOB_DONE, "");
}

static void without_its_helper_it_says_so(void **state)
{
    (void)state;
    start();
    int64_t one = ASK("wait"), two = ASK("words");
    (void)wait_for_step(one);
    CHECK_INT(kill(helper->pid, SIGKILL), 0);
    check_end(one, JOB_INTERRUPTED, "");
    for (int i = 0; i < 500 && job_runner_is_well(runner); i++) {
        nap();
    }
    CHECK(!job_runner_is_well(runner));
    CHECK_INT(get(two).state, JOB_WAITING);
}

/* Killed inside each of its transactions: the row is as before, and what is asked for is done. */
static void a_kill_leaves_each_row_as_before_or_after(void **state)
{
    (void)state;
    static const struct {
        const char *point;
        enum job_state then;
    } points[] = {{"job.started", JOB_WAITING}, {"job.ended", JOB_RUNNING}};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        int64_t id = ASK("words");
        pid_t service = fork();
        if (service == 0) {
            struct job_helper *own;
            if (rv_is_ok(job_helper_start(&place, &own, NULL)) &&
                setenv("REEVE_FAULT_POINT", points[i].point, 1) == 0 &&
                rv_is_ok(job_runner_start(&place, own, &hooks, &runner, NULL))) {
                for (;;) {
                    nap();
                }
            }
            _exit(1);
        }
        int status;
        CHECK_INT(waitpid(service, &status, 0), service);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        CHECK_STRING(job_state_name(get(id).state), job_state_name(points[i].then));
        start();
        check_end(id, points[i].then == JOB_WAITING ? JOB_DONE : JOB_INTERRUPTED, "");
        job_runner_stop(runner);
        runner = NULL;
    }
}

static void old_jobs_are_forgotten_with_their_files(void **state)
{
    (void)state;
    start();
    int64_t one = ASK("write", JOB_RESULT "/r"), two = ASK("wait");
    (void)wait_for(one);
    (void)wait_for_step(two);
    size_t count;
    int64_t ended_at = get(one).ended_at;
    CHECK_OK(job_forget(store, &arena, state_dir, ended_at, 10, &count, &err));
    CHECK_INT(count, 0);
    CHECK_OK(job_forget(store, &arena, state_dir, ended_at + 1000, 10, &count, &err));
    CHECK_INT(count, 1);
    struct job job;
    CHECK_FAILS(job_get(store, &arena, one, &job, &err), RV_NOT_FOUND);
    CHECK(!exists(result_of(one, NULL)));
    CHECK_INT(get(two).state, JOB_RUNNING);
    CHECK(exists(result_of(two, NULL)));
    cancel(two);
    (void)wait_for(two);
    CHECK(ASK("words") > two); /* no number, and so no folder, is used twice */
}

#define JOB_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOB_TEST(rows_keep_what_was_asked),
        JOB_TEST(rows_refuse_what_is_no_word),
        JOB_TEST(one_that_waits_is_cancelled_at_once),
        JOB_TEST(its_words_reach_the_command_as_they_are),
        JOB_TEST(one_after_the_other_in_their_own_folders),
        JOB_TEST(it_gets_a_clean_environment),
        JOB_TEST(its_progress_is_seen_and_it_is_cancelled),
        JOB_TEST(what_was_done_already_is_done),
        JOB_TEST(one_that_will_not_stop_is_killed),
        JOB_TEST(a_crash_harms_nobody),
        JOB_TEST(what_it_leaves_is_ended),
        JOB_TEST(what_it_prints_is_bounded),
        JOB_TEST(the_right_is_looked_up_again),
        JOB_TEST(it_reaches_its_folders_only),
        JOB_TEST(a_folder_that_others_may_enter_is_refused),
        JOB_TEST(a_service_that_stops_interrupts_its_job),
        JOB_TEST(a_service_that_is_killed_leaves_nothing_running),
        JOB_TEST(without_its_helper_it_says_so),
        JOB_TEST(a_kill_leaves_each_row_as_before_or_after),
        JOB_TEST(old_jobs_are_forgotten_with_their_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

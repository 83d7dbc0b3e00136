/* tests/fault/test_vfs.c — each write, sync, truncation, reading, opening and allocation of the
 * store's work fails in turn: the file is as before or as after, and verify agrees.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fault_vfs.h"
#include "job.h"

#include <dirent.h>

static struct job job;

/* A failure that could be reported must leave no unfinished file. */
static void check_no_litter(const char *when)
{
    DIR *d = opendir(job.dir);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        if (strstr(e->d_name, ".new-")) {
            fail_msg("%s: %s was left behind", when, e->d_name);
        }
    }
    (void)closedir(d);
}

struct tally {
    long runs, reported, before, after;
};

static void check_run(rv_status status, const struct rv_err *err, const char *when,
                      struct tally *tally)
{
    check_no_litter(when);
    enum job_state state = job_check(&job, when);
    bool is_ok = rv_is_ok(status);
    if (is_ok && state != JOB_AFTER) {
        fail_msg("%s: reported as done, but the file is as before", when);
    }
    if (!is_ok && (status.code != err->code || !*err->message)) {
        fail_msg("%s: failed without a message", when);
    }
    if (!is_ok && status.code != RV_IO && status.code != RV_NO_MEMORY && status.code != RV_LIMIT) {
        fail_msg("%s: reported as %s: %s", when, rv_code_name(status.code), err->message);
    }
    tally->runs++;
    tally->reported += !is_ok;
    tally->before += state == JOB_BEFORE;
    tally->after += state == JOB_AFTER;
}

static void print_tally(const char *what, bool stays, const struct tally *t)
{
    print_message("%s%s: %ld failures, %ld reported, %ld as before, %ld as after\n", what,
                  stays ? " from then on" : "", t->runs, t->reported, t->before, t->after);
    assert_true(t->runs > 0 && t->reported > 0 && t->before > 0);
}

static void fail_each(enum fault_kind kind, bool stays, long step)
{
    struct tally tally = {0};
    bool was_reached = true;
    for (long n = 1; was_reached; n += step) {
        char when[96];
        (void)snprintf(when, sizeof when, "%s %ld%s", fault_name(kind), n,
                       stays ? " from then on" : "");
        struct rv_err err = {0};
        job_restore(&job);
        fault_arm(kind, n, stays);
        rv_status status = job_run(&job, &err);
        was_reached = fault_disarm();
        if (was_reached) {
            check_run(status, &err, when, &tally);
        }
    }
    print_tally(fault_name(kind), stays, &tally);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_WRITE, false, 1);
    fail_each(FAULT_WRITE, true, 1);
}

static void the_disk_may_be_full_at_every_write(void **state)
{
    (void)state;
    fail_each(FAULT_FULL, true, 1);
}

static void every_sync_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_SYNC, false, 1);
    fail_each(FAULT_SYNC, true, 1);
}

static void every_truncation_may_fail(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (long n = 1;; n++) { /* a checkpoint that cannot shorten the WAL is no failure */
        struct rv_err err = {0};
        job_restore(&job);
        fault_arm(FAULT_TRUNCATE, n, true);
        rv_status status = job_run(&job, &err);
        if (!fault_disarm()) {
            break;
        }
        check_run(status, &err, "truncate", &tally);
    }
    print_message("truncate from then on: %ld failures, %ld reported\n", tally.runs,
                  tally.reported);
    assert_true(tally.runs > 0);
}

static void every_read_open_and_delete_may_fail(void **state)
{
    (void)state;
    fail_each(FAULT_READ, false, 1);
    fail_each(FAULT_OPEN, false, 1);
    fail_each(FAULT_DELETE, true, 1);
}

static void every_allocation_of_sqlite_may_fail(void **state)
{
    (void)state;
    const char *wanted = getenv("REEVE_FAULT_STEP"); /* 1 = each; the default takes every 61st */
    long step = wanted ? strtol(wanted, NULL, 10) : 61;
    fail_each(FAULT_MALLOC, false, step > 0 ? step : 1);
}

static void every_allocation_of_ours_may_fail(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (long n = 1;; n++) {
        char when[64];
        (void)snprintf(when, sizeof when, "allocation %ld", n);
        struct rv_err err = {0};
        job_restore(&job);
        memory_fail_nth(n);
        rv_status status = job_run(&job, &err);
        bool was_reached = memory_fail_count() >= n;
        memory_fail_nth(0);
        if (!was_reached) {
            break;
        }
        if (rv_is_ok(status)) {
            fail_msg("%s: failed unnoticed", when);
        }
        check_run(status, &err, when, &tally);
    }
    print_tally("allocation", false, &tally);
}

/* Reading gives the right answer or a failure with a message, never another answer; and what could
 * not be read, for whatever reason, must not be called damaged. */
static void read_with(void (*arm)(long), bool (*disarm)(long), const char *what)
{
    struct rv_err err = {0};
    int64_t want = 0;
    long failures = 0;
    job_restore(&job);
    CHECK_OK(job_read(&job, &want, &err));
    assert_true(want > 0);
    bool was_reached = true;
    for (long n = 1; was_reached; n += n < 400 ? 1 : 7) {
        int64_t got = -7;
        err = (struct rv_err){0};
        arm(n);
        rv_status status = job_read(&job, &got, &err);
        was_reached = disarm(n);
        if (rv_is_ok(status) ? got != want
                             : got != -7 || !*err.message || err.code != status.code) {
            fail_msg("%s %ld: %s, %lld for %lld: %s", what, n, rv_code_name(status.code),
                     (long long)got, (long long)want, err.message);
        }
        failures += !rv_is_ok(status);
    }
    print_message("reading, %s: %ld failures reported\n", what, failures);
    assert_true(failures > 0);
}

static void arm_ours(long n)
{
    memory_fail_nth(n);
}

static bool disarm_ours(long n)
{
    bool was_reached = memory_fail_count() >= n;
    memory_fail_nth(0);
    return was_reached;
}

static void arm_sqlite(long n)
{
    fault_arm(FAULT_MALLOC, n, false);
}

static void arm_read(long n)
{
    fault_arm(FAULT_READ, n, false);
}

static void arm_reads(long n)
{
    fault_arm(FAULT_READ, n, true);
}

static bool disarm_sqlite(long n)
{
    (void)n;
    return fault_disarm();
}

static void reading_may_fail_anywhere(void **state)
{
    (void)state;
    read_with(arm_ours, disarm_ours, "our allocations");
    read_with(arm_sqlite, disarm_sqlite, "SQLite's allocations");
    read_with(arm_read, disarm_sqlite, "reads");
    read_with(arm_reads, disarm_sqlite, "reads from then on");
}

static int set_up(void **state)
{
    (void)state;
    fault_install();
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
        cmocka_unit_test(every_write_may_fail),
        cmocka_unit_test(the_disk_may_be_full_at_every_write),
        cmocka_unit_test(every_sync_may_fail),
        cmocka_unit_test(every_truncation_may_fail),
        cmocka_unit_test(every_read_open_and_delete_may_fail),
        cmocka_unit_test(every_allocation_of_sqlite_may_fail),
        cmocka_unit_test(every_allocation_of_ours_may_fail),
        cmocka_unit_test(reading_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

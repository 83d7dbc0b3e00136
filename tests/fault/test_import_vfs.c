/* tests/fault/test_import_vfs.c — a whole import (typing, quarantine, supersession, placing), of
 * one file and of an archive whose members supersede each other, while each write, sync and
 * allocation of SQLite fails in turn: the file is as before or as after. SPDX-License-Identifier:
 * GPL-3.0-or-later
 */
#include "base/memory.h"
#include "check.h"
#include "fault_vfs.h"
#include "ingest/ingest.h"
#include "job.h"
#include "place/areas.h"
#include "read/packing.h"

#define ROWS 600

static struct job job; /* dir, file, base and the two digests; its own work is not used here */
static char inputs[64], first[128], second[128], third[128], both[128], wards[128];
static const char *subject; /* what is imported while something fails */
static struct pool *pool;

/* ---- the stage: two wards, an extract, and a second one that supersedes part of it ---- */

static void write_street(const char *path, int from, int to, int spoilt_each)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    (void)fputs(
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA "
        "name,Crime type,Last outcome category,Context\n",
        out);
    for (int i = from; i < to; i++) {
        bool is_spoilt = spoilt_each && i % spoilt_each == 0;
        (void)fprintf(out,
                      "%064x,%s,Synthetic,Synthetic,%.6f,%.6f,On or near Road %d,,,Drugs,%d,\n",
                      (unsigned)i, is_spoilt ? "2021-13" : "2021-05", 0.18 + i % 40 / 4000.0,
                      51.55 + i % 30 / 3000.0, i % 17, from);
    }
    assert_int_equal(fclose(out), 0);
}

static void write_wards(void)
{
    FILE *out = fopen(wards, "w");
    assert_non_null(out);
    (void)fputs("{\"type\":\"FeatureCollection\",\"features\":[", out);
    for (int k = 0; k < 2; k++) {
        double west = 0.17 + k * 0.01, east = west + 0.01;
        (void)fprintf(out,
                      "%s{\"type\":\"Feature\",\"properties\":{\"code\":\"E0599000%d\",\"name\":"
                      "\"Ward %d\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.2f,"
                      "51.54],[%.2f,51.54],[%.2f,51.57],[%.2f,51.57],[%.2f,51.54]]]}}",
                      k ? "," : "", k + 1, k + 1, west, east, east, west, west);
    }
    (void)fputs("]}", out);
    assert_int_equal(fclose(out), 0);
}

static rv_status import(const char *path, struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    const struct ingest_options options = {.now_utc = "2026-11-22T13:00:00Z"};
    struct ingest_report report;
    struct ingest_kinds members;
    RV_TRY(store_open(job.file, STORE_WRITE, &s, reterr));
    if (ingest_is_archive(path)) {
        return ingest_import_archive(s, &a, pool, NULL, path, &options, &members, reterr);
    }
    return ingest_import(s, &a, pool, NULL, path, &options, &report, reterr);
}

static void add_wards(void)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct arena a;
    struct areas_report report;
    const struct areas_options options = {"ward", "2022", "code", "name", {NULL, NULL, NULL}, NULL};
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(store_open(job.file, STORE_WRITE, &s, &err));
    CHECK_OK(
        areas_import(s, &a, pool, NULL, wards, &options, "2026-11-22T13:00:00Z", &report, &err));
    CHECK_INT(report.areas, 2);
    store_close(s);
    arena_done(&a);
}

/* The second and the third file, which changes part of the second, as one archive. */
static void write_archive(void)
{
    struct buf parts[2];
    struct rv_err err = {0};
    for (size_t i = 0; i < 2; i++) {
        buf_init(&parts[i], (size_t)16 << 20);
        CHECK_OK(file_read(i ? third : second, &parts[i], &err));
    }
    const struct part members[] = {{"2021/second.csv", buf_view(&parts[0]), NULL},
                                   {"2021/third.csv", buf_view(&parts[1]), NULL},
                                   PART("about.txt", "Synthetic.")};
    pack(both, members, 3, Z_DEFLATED);
    buf_done(&parts[0]);
    buf_done(&parts[1]);
}

/* From here on `path` is what is imported: the file after it is known. */
static void take_subject(const char *path, size_t extracts)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    struct arena a;
    struct extract_info *list;
    size_t count;
    subject = path;
    job_restore(&job);
    CHECK_OK(import(subject, &err));
    arena_init(&a, LIMIT_ARENA_BYTES);
    CHECK_OK(store_open(job.file, STORE_READ, &s, &err));
    CHECK_OK(extract_list(s, &a, NULL, &list, &count, &err));
    CHECK_INT(count, extracts);
    store_close(s);
    arena_done(&a);
    job_digest(job.file, job.after);
    CHECK(strcmp(job.before, job.after) != 0);
}

static int set_up(void **state)
{
    (void)state;
    struct rv_err err = {0};
    fault_install();
    (void)snprintf(inputs, sizeof inputs, "%s", test_dir());
    (void)snprintf(first, sizeof first, "%s/first.csv", inputs);
    (void)snprintf(second, sizeof second, "%s/second.csv", inputs);
    (void)snprintf(third, sizeof third, "%s/third.csv", inputs);
    (void)snprintf(both, sizeof both, "%s/both.zip", inputs);
    (void)snprintf(wards, sizeof wards, "%s/wards.geojson", inputs);
    (void)snprintf(job.dir, sizeof job.dir, "%s", test_dir());
    (void)snprintf(job.file, sizeof job.file, "%s/p.reeve", job.dir);
    write_street(first, 0, ROWS, 0);
    write_street(second, ROWS / 2, 2 * ROWS, 50); /* half of the first again, changed */
    write_street(third, ROWS, ROWS + ROWS / 2, 70);
    write_archive();
    write_wards();
    CHECK_OK(pool_open(1, &pool, &err));
    CHECK_OK(store_create(job.file, &err));
    add_wards();
    CHECK_OK(import(first, &err));
    buf_init(&job.base, (size_t)64 << 20);
    CHECK_OK(file_read(job.file, &job.base, &err));
    job_digest(job.file, job.before);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[192];
    pool_close(pool);
    buf_done(&job.base);
    (void)snprintf(command, sizeof command, "rm -rf %s %s", job.dir, inputs);
    assert_int_equal(system(command), 0);
    return 0;
}

/* ---- the faults ---- */

static void fail_each(enum fault_kind kind, bool stays, long step)
{
    long runs = 0, before = 0, after = 0;
    bool was_reached = true;
    for (long n = 1; was_reached; n += step) {
        char when[96];
        struct rv_err err = {0};
        (void)snprintf(when, sizeof when, "%s %ld%s", fault_name(kind), n,
                       stays ? " from then on" : "");
        job_restore(&job);
        fault_arm(kind, n, stays);
        rv_status status = import(subject, &err);
        was_reached = fault_disarm();
        if (!was_reached) {
            CHECK_OK(status);
            break;
        }
        enum job_state now = job_check(&job, when);
        if (rv_is_ok(status) && now != JOB_AFTER) {
            fail_msg("%s: reported as done, but the file is as before", when);
        }
        if (!rv_is_ok(status) && !*err.message) {
            fail_msg("%s: failed without a message", when);
        }
        runs++;
        before += now == JOB_BEFORE;
        after += now == JOB_AFTER;
    }
    print_message("%s%s: %ld failures, %ld as before, %ld as after\n", fault_name(kind),
                  stays ? " from then on" : "", runs, before, after);
    assert_true(runs > 1 && before > 0 && after > 0);
}

static void every_write_of_an_import_may_fail(void **state)
{
    (void)state;
    take_subject(second, 2);
    fail_each(FAULT_WRITE, false, 1);
    fail_each(FAULT_WRITE, true, 1);
    fail_each(FAULT_FULL, true, 1);
}

static void every_sync_of_an_import_may_fail(void **state)
{
    (void)state;
    take_subject(second, 2);
    fail_each(FAULT_SYNC, true, 1);
}

static void of_an_archive_too(void **state)
{
    (void)state;
    take_subject(both, 3);
    fail_each(FAULT_WRITE, false, 1);
    fail_each(FAULT_FULL, true, 1);
    fail_each(FAULT_SYNC, true, 1);
}

static void every_allocation_of_sqlite_may_fail(void **state)
{
    (void)state;
    take_subject(second, 2);
    const char *wanted = getenv("REEVE_FAULT_STEP"); /* 1 = each */
    long step = wanted ? strtol(wanted, NULL, 10) : 23;
    fail_each(FAULT_MALLOC, false, step > 0 ? step : 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_write_of_an_import_may_fail),
        cmocka_unit_test(every_sync_of_an_import_may_fail),
        cmocka_unit_test(of_an_archive_too),
        cmocka_unit_test(every_allocation_of_sqlite_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* tests/read/test_source.c — plain and gzip files, whole, in members, cut off and damaged.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "check.h"
#include "one_file.h"
#include "read/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

static int set_up(void **state)
{
    (void)state;
    return one_file_open("file");
}

static void put_file(struct text bytes)
{
    struct rv_err err = {0};
    CHECK_OK(file_write(path, bytes, &err));
}

/* One gzip member. */
static void put_gzip(struct buf *out, struct text bytes)
{
    z_stream z = {0};
    CHECK_INT(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t most = deflateBound(&z, bytes.n);
    char *room = buf_room(out, most);
    assert_non_null(room);
    z.next_in = (unsigned char *)(uintptr_t)bytes.at;
    z.avail_in = (unsigned)bytes.n;
    z.next_out = (unsigned char *)room;
    z.avail_out = (unsigned)most;
    CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_wrote(out, most - z.avail_out);
    CHECK_INT(deflateEnd(&z), Z_OK);
}

/* The whole of `path` in reads of `step` bytes, with its SHA-256. */
static rv_status read_all(size_t step, struct buf *out, char sha[SHA256_HEX + 1],
                          struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open(path, &s, reterr));
    RV_TRY(read_through(s, step, out, reterr));
    size_t again = 7;
    RV_TRY(source_read(s, sha, 1, &again, reterr));
    CHECK_INT(again, 0);
    RV_TRY(source_sha256(s, sha, reterr));
    return source_sha256(s, sha, reterr);
}

static void check_reads(struct text disk, struct text want)
{
    static const size_t steps[] = {1, 13, 4096, 1 << 20};
    struct rv_err err = {0};
    char sha[SHA256_HEX + 1], want_sha[SHA256_HEX + 1];
    put_file(disk);
    CHECK_OK(sha256_of(disk.at, disk.n, want_sha, &err));
    for (size_t i = 0; i < 4; i++) {
        RV_CLEANUP(buf_done) struct buf got;
        buf_init(&got, (size_t)64 << 20);
        CHECK_OK(read_all(steps[i], &got, sha, &err));
        CHECK(text_equal(buf_view(&got), want));
        CHECK_STRING(sha, want_sha);
    }
}

static void check_refused(struct text disk, const char *says)
{
    struct rv_err err = {0};
    char sha[SHA256_HEX + 1];
    RV_CLEANUP(buf_done) struct buf got;
    buf_init(&got, (size_t)64 << 20);
    put_file(disk);
    CHECK_FAILS(read_all(4096, &got, sha, &err), RV_INVALID);
    CHECK(strncmp(err.message, path, strlen(path)) == 0);
    CHECK(strstr(err.message, says));
    CHECK(strstr(err.message, "nothing was loaded"));
}

static void put_lines(struct buf *out, int n)
{
    for (int i = 0; i < n; i++) {
        buf_printf(out, "%d,line %d\n", i * 7919 % 1000, i);
    }
}

static void plain(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf lines;
    buf_init(&lines, (size_t)64 << 20);
    put_lines(&lines, 5000);
    check_reads(buf_view(&lines), buf_view(&lines));
    check_reads(text_of(""), text_of(""));
    check_reads(text_of("\x1F"), text_of("\x1F"));
    check_reads(text_of("PK\x03\x04"), text_of("PK\x03\x04")); /* no meaning here */
}

static void gzip(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf lines, disk;
    buf_init(&lines, (size_t)64 << 20);
    buf_init(&disk, (size_t)64 << 20);
    put_lines(&lines, 50000);
    put_gzip(&disk, buf_view(&lines));
    check_reads(buf_view(&disk), buf_view(&lines));
}

static void gzip_members(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf disk;
    buf_init(&disk, (size_t)1 << 20);
    put_gzip(&disk, text_of("one\n"));
    put_gzip(&disk, text_of(""));
    put_gzip(&disk, text_of("two\n"));
    check_reads(buf_view(&disk), text_of("one\ntwo\n"));
    buf_put(&disk, "\0\0\0\0\0", 5); /* padding to a whole block */
    check_reads(buf_view(&disk), text_of("one\ntwo\n"));
    buf_text(&disk, "x");
    check_refused(buf_view(&disk), "bytes that are not gzip");
}

static void cut_off_anywhere(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf lines, disk;
    buf_init(&lines, (size_t)1 << 20);
    buf_init(&disk, (size_t)1 << 20);
    put_lines(&lines, 20);
    put_gzip(&disk, buf_view(&lines));
    size_t first = disk.n;
    put_gzip(&disk, buf_view(&lines));
    for (size_t n = 2; n < disk.n; n++) {
        if (n != first) { /* there it is one whole member */
            check_refused((struct text){disk.bytes, n}, "the archive breaks off after");
        }
    }
}

static void damaged_anywhere(void **state)
{
    (void)state;
    struct rv_err err = {0};
    RV_CLEANUP(buf_done) struct buf lines, disk;
    buf_init(&lines, (size_t)1 << 20);
    buf_init(&disk, (size_t)1 << 20);
    put_lines(&lines, 20);
    put_gzip(&disk, buf_view(&lines));
    size_t refused = 0;
    for (size_t i = 2; i < disk.n; i++) {
        char sha[SHA256_HEX + 1];
        RV_CLEANUP(buf_done) struct buf got;
        buf_init(&got, (size_t)1 << 20);
        disk.bytes[i] ^= 0x10;
        put_file(buf_view(&disk));
        rv_status status = read_all(4096, &got, sha, &err);
        disk.bytes[i] ^= 0x10;
        refused += status.code == RV_INVALID;
        /* Only the time, the extra flags and the system of the header are not covered. */
        CHECK(status.code == RV_INVALID ||
              (i < 10 && text_equal(buf_view(&got), buf_view(&lines))));
    }
    CHECK(refused >= disk.n - 10);
}

static void no_ordinary_file(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct byte_source *s = NULL;
    CHECK_FAILS(source_open(folder, &s, &err), RV_REFUSED);
    CHECK(strstr(err.message, "a folder"));
    CHECK_FAILS(source_open("/dev/null", &s, &err), RV_REFUSED);
    CHECK_FAILS(source_open("/nowhere/at/all", &s, &err), RV_NOT_FOUND);
    CHECK_FAILS(source_open("/dev/null/x", &s, &err), RV_NOT_FOUND);
    char fifo[128];
    (void)snprintf(fifo, sizeof fifo, "%s.fifo", path);
    CHECK_INT(mkfifo(fifo, 0600), 0);
    CHECK_FAILS(source_open(fifo, &s, &err), RV_REFUSED); /* and does not wait for a writer */
    CHECK_INT(unlink(fifo), 0);
    assert_null(s);
}

static void sum_only_at_the_end(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char sha[SHA256_HEX + 1] = "untouched";
    put_file(text_of("abc"));
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    CHECK_OK(source_open(path, &s, &err));
    CHECK_FAILS(source_sha256(s, sha, &err), RV_INVALID);
    CHECK_STRING(sha, "untouched");
}

static void a_file_still_being_copied(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char bytes[64];
    size_t n;
    put_file(text_of("a,b\n1,2\n"));
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    CHECK_OK(source_open(path, &s, &err));
    CHECK_OK(source_read(s, bytes, 4, &n, &err));
    CHECK_INT(n, 4);
    FILE *more = fopen(path, "ab");
    assert_non_null(more);
    CHECK(fputs("3,4\n", more) >= 0);
    CHECK_INT(fclose(more), 0);
    CHECK_OK(source_read(s, bytes, sizeof bytes, &n, &err));
    CHECK_INT(n, 8);
    CHECK_FAILS(source_read(s, bytes, sizeof bytes, &n, &err), RV_INVALID);
    CHECK(strstr(err.message, "changed while it was read"));
    char sha[SHA256_HEX + 1];
    CHECK_FAILS(source_sha256(s, sha, &err), RV_INVALID);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    RV_CLEANUP(buf_done) struct buf disk;
    buf_init(&disk, (size_t)1 << 20);
    put_gzip(&disk, text_of("one\n"));
    put_file(buf_view(&disk));
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        struct byte_source *s = NULL;
        char bytes[16];
        size_t got;
        memory_fail_nth(n);
        rv_status status = source_open(path, &s, &err);
        if (rv_is_ok(status)) {
            status = source_read(s, bytes, sizeof bytes, &got, &err);
        }
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        source_close(s);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 4);
            return;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),
        cmocka_unit_test(gzip),
        cmocka_unit_test(gzip_members),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(damaged_anywhere),
        cmocka_unit_test(no_ordinary_file),
        cmocka_unit_test(sum_only_at_the_end),
        cmocka_unit_test(a_file_still_being_copied),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, one_file_close);
}

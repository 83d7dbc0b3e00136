/* tests/read/test_zip.c — members of archives, whole, damaged, cut off, and archives that are
 * bombs. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "check.h"
#include "one_file.h"
#include "packing.h"
#include "read/archive.h"
#include "read/form.h"
#include "read/source.h"

static int set_up(void **state)
{
    (void)state;
    return one_file_open("a.zip");
}

static rv_status read_member(const char *member, const struct archive *archive, size_t step,
                             struct buf *out, char sha[SHA256_HEX + 1], struct rv_err *reterr)
{
    const struct source_choice choice = {.member = member, .archive = archive};
    RV_CLEANUP(source_closep) struct byte_source *s = NULL;
    RV_TRY(source_open_as(path, &choice, &s, reterr));
    RV_TRY(read_through(s, step, out, reterr));
    return source_sha256(s, sha, reterr);
}

static void put_lines(struct buf *out, int n)
{
    for (int i = 0; i < n; i++) {
        buf_printf(out, "%d,line %d\n", i * 7919 % 1000, i);
    }
}

static void members_are_listed_and_read_with_their_own_sha256(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf lines, got;
    char sha[SHA256_HEX + 1], want[SHA256_HEX + 1];
    buf_init(&lines, (size_t)64 << 20);
    buf_init(&got, (size_t)64 << 20);
    put_lines(&lines, 20000);
    const struct part parts[] = {PART("2021/", ""),
                                 {"2021/05/lines.csv", buf_view(&lines), NULL},
                                 PART("empty.csv", ""),
                                 PART("..\\caf\x82\x01.csv", "a,b\n")};
    for (int method = 0; method <= Z_DEFLATED; method += Z_DEFLATED) {
        RV_CLEANUP(archive_closep) struct archive *archive = NULL;
        pack(path, parts, 4, method);
        CHECK(archive_is_one(path));
        CHECK_OK(archive_open(path, &archive, &err));
        const struct zip_list *list = archive_list(archive);
        CHECK_INT(list->count, 4);
        CHECK(list->members[0].is_folder && !list->members[1].is_folder);
        CHECK_STRING(list->members[1].name, "2021/05/lines.csv");
        CHECK_INT(list->members[1].bytes, (int64_t)lines.n);
        CHECK_STRING(list->members[3].name, "../caf\u00e9?.csv"); /* for people; opens no path */
        CHECK(!archive_is_document(archive));
        static const size_t steps[] = {1, 4096, 1 << 20};
        for (size_t i = 0; i < 6; i++) { /* through the open archive, and alone */
            CHECK_OK(read_member("2021/05/lines.csv", i < 3 ? archive : NULL, steps[i % 3], &got,
                                 sha, &err));
            CHECK(text_equal(buf_view(&got), buf_view(&lines)));
            CHECK_OK(sha256_of(lines.bytes, lines.n, want, &err));
            CHECK_STRING(sha, want);
        }
        CHECK_OK(read_member("empty.csv", archive, 16, &got, sha, &err));
        CHECK_INT(got.n, 0);
        CHECK_FAILS(read_member("absent.csv", archive, 16, &got, sha, &err), RV_NOT_FOUND);
        CHECK_FAILS(read_member("2021/", archive, 16, &got, sha, &err), RV_NOT_FOUND);
        CHECK_FAILS(read_member(NULL, archive, 16, &got, sha, &err), RV_INVALID);
        CHECK(strstr(err.message, "name one of its members"));
    }
    buf_done(&lines);
    buf_done(&got);
}

static void the_form_of_an_archive_is_its_list_and_of_a_member_its_text(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct arena a;
    struct form form;
    const struct part parts[] = {PART("a.csv", "x;y\r1;2\r3;4\r"), PART("b.csv", "x,caf\xE9\n")};
    pack(path, parts, 2, Z_DEFLATED);
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct form_declared declared = {.encoding = NULL};
    CHECK_OK(form_detect(&a, path, &declared, &form, &err));
    CHECK_INT(form.format, FORM_ARCHIVE);
    CHECK_INT(form.members.count, 2);
    CHECK_STRING(form.members.members[1].name, "b.csv");
    declared.part.member = "a.csv";
    CHECK_OK(form_detect(&a, path, &declared, &form, &err));
    CHECK_INT(form.format, FORM_TEXT);
    CHECK_INT(form.dialect.separator, ';');
    CHECK_INT(form.dialect.line_end, CSV_CR);
    CHECK_STRING(form.choice.member, "a.csv");
    declared.part.member = "b.csv";
    CHECK_OK(form_detect(&a, path, &declared, &form, &err));
    CHECK_STRING(form.encoding, "windows-1252");
    arena_done(&a);
}

/* ---- damage ---- */

static void small_archive(struct buf *disk)
{
    struct rv_err err = {0};
    struct buf lines;
    buf_init(&lines, (size_t)1 << 20);
    put_lines(&lines, 30);
    const struct part parts[] = {{"lines.csv", buf_view(&lines), NULL},
                                 PART("other.csv", "a,b\n1,2\n")};
    pack(path, parts, 2, Z_DEFLATED);
    buf_init(disk, (size_t)1 << 20);
    CHECK_OK(file_read(path, disk, &err));
    buf_done(&lines);
}

static rv_status read_both(struct buf *got, struct rv_err *reterr)
{
    char sha[SHA256_HEX + 1];
    RV_TRY(read_member("lines.csv", NULL, 4096, got, sha, reterr));
    struct buf second;
    buf_init(&second, (size_t)1 << 20);
    rv_status status = read_member("other.csv", NULL, 4096, &second, sha, reterr);
    if (rv_is_ok(status)) {
        buf_slice(got, buf_view(&second));
    }
    buf_done(&second);
    return status;
}

static void cut_off_anywhere(void **state)
{
    (void)state;
    struct buf disk, got;
    small_archive(&disk);
    buf_init(&got, (size_t)1 << 20);
    for (size_t n = 4; n < disk.n; n++) {
        struct rv_err err = {0};
        put_bytes(path, (struct text){disk.bytes, n});
        CHECK_FAILS(read_both(&got, &err), RV_INVALID);
        CHECK(strstr(err.message, "nothing was loaded"));
        CHECK(strstr(err.message, "a.zip"));
    }
    buf_done(&disk);
    buf_done(&got);
}

static void damaged_anywhere_it_is_refused_or_reads_the_same(void **state)
{
    (void)state;
    struct buf disk, got, want;
    struct rv_err err = {0};
    size_t refused = 0;
    small_archive(&disk);
    buf_init(&got, (size_t)1 << 20);
    buf_init(&want, (size_t)1 << 20);
    CHECK_OK(read_both(&want, &err));
    for (size_t i = 4; i < disk.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            disk.bytes[i] ^= (char)(1 << bit);
            put_bytes(path, buf_view(&disk));
            rv_status status = read_both(&got, &err);
            disk.bytes[i] ^= (char)(1 << bit);
            bool is_refused = status.code == RV_INVALID || status.code == RV_NOT_FOUND;
            refused += is_refused;
            if (!is_refused && !(rv_is_ok(status) && text_equal(buf_view(&got), buf_view(&want)))) {
                fail_msg("byte %zu, bit %d: %s", i, bit, rv_code_name(status.code));
            }
        }
    }
    print_message("%zu of %zu damages refused\n", refused, 8 * (disk.n - 4));
    CHECK(refused > 4 * disk.n);
    buf_done(&disk);
    buf_done(&got);
    buf_done(&want);
}

static void refused(const struct part *parts, size_t count, const char *member, const char *says)
{
    struct rv_err err = {0};
    struct buf got;
    char sha[SHA256_HEX + 1];
    buf_init(&got, (size_t)1 << 20);
    pack(path, parts, count, Z_DEFLATED);
    CHECK_FAILS(read_member(member, NULL, 65536, &got, sha, &err), RV_INVALID);
    if (!strstr(err.message, says) || !strstr(err.message, "nothing was loaded")) {
        fail_msg("\"%s\" is not in: %s", says, err.message);
    }
    buf_done(&got);
}

static void locked_packed_again_or_named_twice(void **state)
{
    (void)state;
    const struct part locked[] = {{"a.csv", text_of("a,b\n"), "secret"}};
    refused(locked, 1, "a.csv", "password");
    const struct part twice[] = {PART("a.csv", "a,b\n"), PART("b.csv", "c\n"),
                                 PART("a.csv", "d\n")};
    refused(twice, 3, "b.csv", "two members");
    const struct part gzip[] = {PART("a.csv.gz", "\x1F\x8B\x08")};
    refused(gzip, 1, "a.csv.gz", "gzip");
    struct buf inner;
    struct rv_err err = {0};
    buf_init(&inner, (size_t)1 << 20);
    pack(path, twice, 2, Z_DEFLATED);
    CHECK_OK(file_read(path, &inner, &err));
    const struct part nested[] = {{"inner.zip", buf_view(&inner), NULL}};
    refused(nested, 1, "inner.zip", "an archive inside an archive");
    buf_done(&inner);
    char *name = malloc(LIMIT_MEMBER_NAME + 2);
    assert_non_null(name);
    memset(name, 'n', LIMIT_MEMBER_NAME + 1);
    name[LIMIT_MEMBER_NAME + 1] = '\0';
    const struct part long_name[] = {{name, text_of("a\n"), NULL}};
    refused(long_name, 1, name, "longer than any real one");
    free(name);
}

/* ---- bombs ---- */

static void put_int(char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        at[i] = (char)(value >> (8 * i));
    }
}

/* The place of the k-th record of the directory. */
static size_t directory_record(const struct buf *disk, int k)
{
    size_t at = 0;
    for (int seen = -1; seen < k; at++) {
        const char *found = memmem(disk->bytes + at, disk->n - at, "PK\x01\x02", 4);
        assert_non_null(found);
        at = (size_t)(found - disk->bytes);
        seen++;
    }
    return at - 1;
}

static void a_size_no_table_has_and_members_that_share_bytes(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct archive *archive = NULL;
    struct buf disk;
    small_archive(&disk);
    char *first = disk.bytes + directory_record(&disk, 0);
    char *second = disk.bytes + directory_record(&disk, 1);
    put_int(first + 24, (uint64_t)3 << 30, 4); /* uncompressed: 3 GB out of some hundred bytes */
    put_int(disk.bytes + 22, (uint64_t)3 << 30, 4);
    put_bytes(path, buf_view(&disk));
    CHECK_FAILS(archive_open(path, &archive, &err), RV_INVALID);
    CHECK(strstr(err.message, "archive bomb"));
    buf_done(&disk);

    small_archive(&disk);
    second = disk.bytes + directory_record(&disk, 1);
    first = disk.bytes + directory_record(&disk, 0);
    memcpy(second + 42, first + 42, 4); /* the same local header */
    memcpy(second + 16, first + 16, 12);
    put_bytes(path, buf_view(&disk));
    CHECK_FAILS(archive_open(path, &archive, &err), RV_INVALID);
    CHECK(strstr(err.message, "shares its bytes"));
    buf_done(&disk);

    small_archive(&disk);
    char *end = memmem(disk.bytes, disk.n, "PK\x05\x06", 4);
    assert_non_null(end);
    put_int(end + 8, 65535, 2);
    put_int(end + 10, 65535, 2);
    put_bytes(path, buf_view(&disk));
    CHECK_FAILS(archive_open(path, &archive, &err), RV_INVALID);
    buf_done(&disk);
}

static void a_member_that_unpacks_to_more_than_it_states_is_damaged(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf disk, got;
    char sha[SHA256_HEX + 1];
    small_archive(&disk);
    buf_init(&got, (size_t)1 << 20);
    put_int(disk.bytes + directory_record(&disk, 0) + 24, 100, 4); /* it is longer */
    put_int(disk.bytes + 22, 100, 4);
    put_bytes(path, buf_view(&disk));
    CHECK_FAILS(read_member("lines.csv", NULL, 4096, &got, sha, &err), RV_INVALID);
    CHECK(got.n <= 100);
    buf_done(&disk);
    buf_done(&got);
}

static void too_many_members(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct archive *archive = NULL;
    zipFile z = zipOpen64(path, APPEND_STATUS_CREATE);
    assert_non_null(z);
    for (int i = 0; i <= LIMIT_ARCHIVE_MEMBERS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%d", i);
        const struct part p = {name, {"", 0}, NULL};
        pack_part(z, &p, 0);
    }
    CHECK_INT(zipClose(z, NULL), ZIP_OK);
    CHECK_FAILS(archive_open(path, &archive, &err), RV_INVALID);
    CHECK(strstr(err.message, "20001 members"));
}

static void no_archives(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct archive *archive = NULL;
    struct byte_source *s = NULL;
    const struct source_choice choice = {.member = "a.csv"};
    put_bytes(path, text_of("a,b\n"));
    CHECK(!archive_is_one(path));
    CHECK_FAILS(archive_open(path, &archive, &err), RV_INVALID);
    CHECK_FAILS(source_open_as(path, &choice, &s, &err), RV_NOT_FOUND);
    CHECK(!archive_is_one(folder) && !archive_is_one("/nowhere"));
    CHECK_FAILS(archive_open(folder, &archive, &err), RV_REFUSED);
    CHECK_FAILS(archive_open("/nowhere", &archive, &err), RV_NOT_FOUND);
    pack(path, NULL, 0, 0); /* an empty archive is one, of nothing */
    CHECK(archive_is_one(path));
    CHECK_OK(archive_open(path, &archive, &err));
    CHECK_INT(archive_list(archive)->count, 0);
    archive_close(archive);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct buf disk, got;
    small_archive(&disk);
    buf_init(&got, (size_t)1 << 20);
    CHECK(buf_room(&got, (size_t)1 << 19));
    for (long n = 1;; n++) {
        struct rv_err err = {0};
        char sha[SHA256_HEX + 1];
        memory_fail_nth(n);
        rv_status status = read_member("other.csv", NULL, 4096, &got, sha, &err);
        bool has_failed = memory_fail_count() >= n;
        memory_fail_nth(0);
        if (!has_failed) {
            CHECK_OK(status);
            CHECK(n > 8);
            break;
        }
        CHECK_INT(status.code, RV_NO_MEMORY);
    }
    buf_done(&disk);
    buf_done(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_listed_and_read_with_their_own_sha256),
        cmocka_unit_test(the_form_of_an_archive_is_its_list_and_of_a_member_its_text),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(damaged_anywhere_it_is_refused_or_reads_the_same),
        cmocka_unit_test(locked_packed_again_or_named_twice),
        cmocka_unit_test(a_size_no_table_has_and_members_that_share_bytes),
        cmocka_unit_test(a_member_that_unpacks_to_more_than_it_states_is_damaged),
        cmocka_unit_test(too_many_members),
        cmocka_unit_test(no_archives),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, set_up, one_file_close);
}

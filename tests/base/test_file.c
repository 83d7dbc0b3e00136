/* tests/base/test_file.c — whole files: complete or absent, limits, folders, temporary files.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/memory.h"
#include "check.h"

#include <dirent.h>
#include <sys/stat.h>

static char dir[64];

static const char *in_dir(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int make_dir(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    return 0;
}

/* Files in the folder, hidden ones included. */
static int files_in_dir(void)
{
    DIR *open_dir = opendir(dir);
    assert_non_null(open_dir);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(open_dir))) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(open_dir);
    return count;
}

static int remove_dir(void **state)
{
    (void)state;
    (void)rmdir(in_dir("a/b/c"));
    (void)rmdir(in_dir("a/b"));
    (void)rmdir(in_dir("a"));
    (void)unlink(in_dir("file"));
    return rmdir(dir);
}

static void check_read(const char *path, const char *want, size_t n)
{
    struct rv_err err = {0};
    struct buf b;
    buf_init(&b, (size_t)1 << 20);
    CHECK_OK(file_read(path, &b, &err));
    CHECK_INT(b.n, n);
    CHECK_INT(memcmp(b.bytes, want, n + 1), 0); /* and the NUL after it */
    buf_done(&b);
}

static void a_file_is_replaced_whole_and_leaves_nothing_beside_it(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static char large[200001];
    memset(large, 'r', sizeof large - 1);
    CHECK_OK(file_write(in_dir("file"), (struct text){"first", 5}, &err));
    check_read(in_dir("file"), "first", 5);
    CHECK_OK(file_write(in_dir("file"), (struct text){large, sizeof large - 1}, &err));
    check_read(in_dir("file"), large, sizeof large - 1);
    CHECK_OK(file_write(in_dir("file"), (struct text){NULL, 0}, &err));
    check_read(in_dir("file"), "", 0);
    CHECK_INT(files_in_dir(), 1);
    CHECK_INT(unlink(in_dir("file")), 0);
}

static void a_write_that_fails_keeps_the_old_and_leaves_nothing(void **state)
{
    (void)state;
    struct rv_err err = {0};
    CHECK_FAILS(file_write(in_dir("no/such/folder"), (struct text){"x", 1}, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "no/such/folder: cannot create"));
    CHECK_OK(file_make_dir(in_dir("a"), &err)); /* a folder stands where the file should go */
    CHECK_FAILS(file_write(in_dir("a"), (struct text){"x", 1}, &err), RV_IO);
    CHECK(file_is_dir(in_dir("a")));
    CHECK_INT(files_in_dir(), 1);
    char path[5000];
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    CHECK_FAILS(file_write(path, (struct text){"x", 1}, &err), RV_LIMIT);
    CHECK_FAILS(file_make_dir(path, &err), RV_LIMIT);
}

static void the_ceiling_of_a_read_is_exact(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static char bytes[70000];
    for (size_t n = 65530; n < 65545; n++) {
        CHECK_OK(file_write(in_dir("file"), (struct text){bytes, n}, &err));
        struct buf b;
        buf_init(&b, n);
        CHECK_OK(file_read(in_dir("file"), &b, &err));
        CHECK_INT(b.n, n);
        buf_done(&b);
        buf_init(&b, n - 1);
        CHECK_FAILS(file_read(in_dir("file"), &b, &err), RV_LIMIT);
        buf_done(&b);
    }
    struct buf b;
    buf_init(&b, 100000);
    memory_fail_nth(1);
    CHECK_FAILS(file_read(in_dir("file"), &b, &err), RV_NO_MEMORY);
    memory_fail_nth(0);
    CHECK_INT(unlink(in_dir("file")), 0);
    buf_done(&b);
    buf_init(&b, 100);
    CHECK_FAILS(file_read(in_dir("file"), &b, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "cannot open"));
    CHECK_FAILS(file_read(dir, &b, &err), RV_IO);
    buf_done(&b);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char path[128];
    (void)snprintf(path, sizeof path, "%s/a//b/c/", dir);
    CHECK(!file_is_dir(path));
    CHECK_OK(file_make_dir(path, &err));
    CHECK(file_is_dir(path));
    CHECK_OK(file_make_dir(path, &err)); /* existing ones are fine */
    CHECK_OK(file_write(in_dir("file"), (struct text){"x", 1}, &err));
    (void)snprintf(path, sizeof path, "%s/file/under", dir);
    CHECK_FAILS(file_make_dir(path, &err), RV_IO);
    CHECK(!file_is_dir(in_dir("file")));
    CHECK_STRING(file_base_name("/data/street.csv.gz"), "street.csv.gz");
    CHECK_STRING(file_base_name("street.csv"), "street.csv");
    CHECK_STRING(file_base_name("/data/"), "");
}

static void a_temporary_file_has_no_name(void **state)
{
    (void)state;
    struct rv_err err = {0};
    RV_CLEANUP(file_closep) int fd = -1;
    int before = files_in_dir();
    CHECK_OK(file_open_unlinked(dir, &fd, &err));
    CHECK_INT(files_in_dir(), before);
    struct stat info;
    CHECK_INT(fstat(fd, &info), 0);
    CHECK_INT(info.st_nlink, 0);
    CHECK_INT(info.st_mode & 077, 0); /* nobody else's business */
    static char wrote[150000], read_back[150000];
    for (size_t i = 0; i < sizeof wrote; i++) {
        wrote[i] = (char)(i * 31 + i / 251);
    }
    CHECK_OK(file_write_at(fd, wrote, sizeof wrote, 1000, &err));
    CHECK_OK(file_read_at(fd, read_back, sizeof read_back, 1000, &err));
    CHECK_INT(memcmp(wrote, read_back, sizeof wrote), 0);
    CHECK_OK(file_read_at(fd, read_back, 1000, 0, &err)); /* the hole reads as zeros */
    CHECK(read_back[0] == 0 && read_back[999] == 0);
    CHECK_FAILS(file_read_at(fd, read_back, 2, 150999, &err), RV_IO);
    CHECK(strstr(err.message, "shorter"));
    CHECK_FAILS(file_write_at(-1, wrote, 1, 0, &err), RV_IO);
    int none = -1;
    CHECK_FAILS(file_open_unlinked(in_dir("nowhere"), &none, &err), RV_NOT_FOUND);
    CHECK_INT(none, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_whole_and_leaves_nothing_beside_it),
        cmocka_unit_test(a_write_that_fails_keeps_the_old_and_leaves_nothing),
        cmocka_unit_test(the_ceiling_of_a_read_is_exact),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(a_temporary_file_has_no_name),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

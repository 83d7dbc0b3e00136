/* tests/report/test_xlsx.c — the workbook: the same bytes twice, hostile text, files whole or
 * absent.
 *
 * What is inside is read back by tests/e2e/test_exports.py, with another program's eyes.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "check.h"
#include "report/sample.h"
#include "report/xlsx.h"

#include <dirent.h>

static struct rv_err err;
static char dir[64];

static const char *in_dir(const char *name)
{
    static char path[2][256];
    static int turn;
    turn = !turn;
    (void)snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
    return path[turn];
}

static int files_in_dir(void)
{
    DIR *open_dir = opendir(dir);
    assert_non_null(open_dir);
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(open_dir))) {
        count += entry->d_name[0] != '.';
    }
    closedir(open_dir);
    return count;
}

static int make_dir(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "%s", test_dir());
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    (void)unlink(in_dir("a.xlsx"));
    (void)unlink(in_dir("b.xlsx"));
    return rmdir(dir);
}

static void read_whole(const char *path, struct buf *out)
{
    buf_init(out, (size_t)16 << 20);
    CHECK_OK(file_read(path, out, &err));
}

static void the_same_book_is_the_same_bytes(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    struct xlsx_book book;
    CHECK_OK(xlsx_of_assessment(&s.arena, &s.assessment, &s.context, &book, &err));
    CHECK_OK(xlsx_write(&s.arena, &book, in_dir("a.xlsx"), &err));
    (void)sleep(2); /* a time of writing in the file would differ: ZIP counts in twos */
    CHECK_OK(xlsx_write(&s.arena, &book, in_dir("b.xlsx"), &err));
    struct buf a, b;
    read_whole(in_dir("a.xlsx"), &a);
    read_whole(in_dir("b.xlsx"), &b);
    CHECK_INT(a.n, b.n);
    CHECK_INT(memcmp(a.bytes, b.bytes, a.n), 0);
    CHECK(memcmp(a.bytes, "PK\x03\x04", 4) == 0);
    CHECK_INT(files_in_dir(), 2);
    buf_done(&a);
    buf_done(&b);
    sample_done(&s);
}

/* A book with one table. */
static rv_status write_one(struct sample *s, const struct result_table *t, const char *path)
{
    const struct xlsx_book book = {
        .title = "One table", .context = &s->context, .tables = t, .table_count = 1};
    return xlsx_write(&s->arena, &book, path, &err);
}

static void hostile_and_odd_tables_are_written(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    static const struct result_column columns[] = {{"name", "Name", RESULT_TEXT},
                                                   {"count", "count", RESULT_COUNT},
                                                   {"other", "Count", RESULT_COUNT},
                                                   {"third", "COUNT", RESULT_COUNT}};
    struct result_table *t = sample_table(&s.arena, CHART_NONE, 5, columns, 4);
    char *endless = arena_text(&s.arena, "", 0);
    endless = arena_new(&s.arena, 100001, 1);
    for (size_t i = 0; i < 99999; i += 3) {
        memcpy(endless + i, "\xE2\x82\xAC", 3); /* cut in the middle of one would be no text */
    }
    sample_text(t, 0, 0, endless);
    sample_text(t, 1, 0, "=HYPERLINK(\"http://x\")");
    sample_text(t, 2, 0, "tab\there, bell \x07, _x0041_ & <tag> \"quoted\" ]]>");
    sample_text(t, 3, 0, "");
    sample_number(t, 3, 1, -0.0);
    sample_number(t, 3, 2, 1e300);
    CHECK_OK(write_one(&s, t, in_dir("a.xlsx")));
    t->row_count = 0;
    CHECK_OK(write_one(&s, t, in_dir("b.xlsx")));
    sample_done(&s);
}

static void a_table_larger_than_a_worksheet_is_refused(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    static const struct result_column columns[] = {{"name", "Name", RESULT_TEXT}};
    struct result_table *t = sample_table(&s.arena, CHART_NONE, 1, columns, 1);
    t->row_count = 1048001; /* refused before any row is looked at */
    CHECK_FAILS(write_one(&s, t, in_dir("a.xlsx")), RV_LIMIT);
    CHECK_INT(files_in_dir(), 0);
    sample_done(&s);
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    struct xlsx_book book;
    CHECK_OK(xlsx_of_assessment(&s.arena, &s.assessment, &s.context, &book, &err));
    CHECK_FAILS(xlsx_write(&s.arena, &book, in_dir("no/such/folder.xlsx"), &err), RV_NOT_FOUND);
    /* Something in the way that cannot be replaced: the old stays, no temporary file does. */
    CHECK_OK(file_make_dir(in_dir("a.xlsx"), &err));
    CHECK_FAILS(xlsx_write(&s.arena, &book, in_dir("a.xlsx"), &err), RV_IO);
    CHECK_INT(files_in_dir(), 1);
    CHECK_INT(rmdir(in_dir("a.xlsx")), 0);
    sample_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_book_is_the_same_bytes, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(hostile_and_odd_tables_are_written, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_table_larger_than_a_worksheet_is_refused, make_dir,
                                        remove_dir),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_leaves_nothing, make_dir,
                                        remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests/store/test_verify.c — verify finds every kind of damage, names its place, and stays quiet
 * about a whole file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"
#include "store/verify.h"

#include <fcntl.h>

#define ROWS 70

/* A file with extract 1 (2 chunks of 70 rows, a mask on chunk 1) and extract 2 (1 chunk). */
static void make_file(struct bench *b)
{
    struct rv_err err = {0};
    bench_open(b);
    struct store *s = bench_store(b, STORE_WRITE);
    (void)sample_import(s, "a.csv", 2, ROWS);
    (void)sample_import(s, "b.csv", 1, ROWS);
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(extract_mask_rows(s, 1, 1, (uint64_t[]){5, 1}, ROWS, 2, "superseded", &err));
    CHECK_OK(store_commit(s, &err));
    store_close(s);
}

/* Does damage behind the back of every check. */
static void damage(const struct bench *b, const char *sql)
{
    struct rv_err err = {0};
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(b->file, &db), SQLITE_OK);
    CHECK_OK(sqlite_run(db, b->file, "PRAGMA foreign_keys = OFF", &err));
    CHECK_OK(sqlite_run(db, b->file, sql, &err));
    sqlite3_close(db);
}

static size_t verify(const struct bench *b, struct arena *a, struct verify_result *ret)
{
    struct rv_err err = {.message = "untouched"};
    struct store *s = bench_store(b, STORE_READ);
    CHECK_OK(store_verify(s, a, NULL, ret, &err));
    CHECK_STRING(err.message, "untouched");
    store_close(s);
    return ret->fault_count;
}

/* After `sql`, one fault (at least) is at `where` and says `what`. */
static void check_found(const char *sql, const char *where, const char *what)
{
    struct bench b;
    make_file(&b);
    damage(&b, sql);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct verify_result r;
    bool is_found = false;
    for (size_t i = 0; i < verify(&b, &a, &r); i++) {
        is_found |= strstr(r.faults[i].where, where) && strstr(r.faults[i].what, what);
    }
    if (!is_found) {
        for (size_t i = 0; i < r.fault_count; i++) {
            print_error("  %s: %s\n", r.faults[i].where, r.faults[i].what);
        }
        fail_msg("%s: no fault at '%s' with '%s' among %zu", sql, where, what, r.fault_count);
    }
    arena_done(&a);
    bench_close(&b);
}

static void a_whole_file_has_no_fault(void **state)
{
    (void)state;
    struct bench b;
    make_file(&b);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct verify_result r;
    CHECK_INT(verify(&b, &a, &r), 0);
    CHECK_INT(r.extracts, 2);
    CHECK_INT(r.chunks, 3 * SAMPLE_COUNT);
    CHECK_INT(r.rows, 3 * ROWS);
    arena_done(&a);
    bench_close(&b);
}

static void damage_to_chunks_is_found(void **state)
{
    (void)state;
    /* The third byte of a chunk replaced; then with its checksum made right again. */
    check_found(
        "UPDATE chunk SET bytes = CAST(substr(bytes, 1, 20) || x'ff' || substr(bytes, 22) AS "
        "BLOB) WHERE extract_id = 1 AND position = 2 AND sequence = 1",
        "chunk 1 of column 2 of extract 1", "do not match their checksum");
    check_found("UPDATE chunk SET bytes = x'0102030405', crc = 1191942644 WHERE extract_id = 1 AND "
                "position = 2 AND sequence = 1",
                "chunk 1 of column 2 of extract 1", "damaged");
    check_found("DELETE FROM chunk WHERE extract_id = 1 AND position = 3 AND sequence = 0",
                "chunk 0 of column 3 of extract 1", "missing");
    check_found("DELETE FROM chunk WHERE extract_id = 1 AND position = 3 AND sequence = 1",
                "chunk 1 of column 3 of extract 1", "missing");
    check_found("UPDATE chunk SET sequence = 7 WHERE extract_id = 2 AND position = 0",
                "chunk 7 of column 0 of extract 2", "only 1 chunks");
    check_found("UPDATE chunk SET rows = 69 WHERE extract_id = 1 AND position = 4 AND sequence = 0",
                "chunk 0 of column 4 of extract 1", "69 rows where another column has 70");
    check_found("UPDATE chunk SET rows = 1000000 WHERE extract_id = 2 AND position = 0",
                "chunk 0 of column 0 of extract 2", "1000000 rows are recorded");
    check_found("UPDATE chunk SET nulls = nulls + 1 WHERE extract_id = 1 AND position = 1",
                "chunk 0 of column 1 of extract 1", "are not those recorded");
    check_found("UPDATE chunk SET high = high + 1 WHERE extract_id = 1 AND position = 4",
                "chunk 1 of column 4 of extract 1", "are not those recorded");
    check_found("UPDATE chunk SET bytes = (SELECT bytes FROM chunk AS c WHERE c.position = 1 AND "
                "c.sequence = 0), crc = (SELECT crc FROM chunk AS c WHERE c.position = 1 AND "
                "c.sequence = 0) WHERE extract_id = 2 AND position = 2",
                "chunk 0 of column 2 of extract 2", "damaged");
}

static void damage_to_extracts_is_found(void **state)
{
    (void)state;
    check_found("UPDATE extract SET rows = 141 WHERE id = 1", "extract 1", "140 rows of 141");
    check_found("UPDATE extract SET chunks = -1 WHERE id = 1", "extract 1", "-1 chunks");
    check_found("UPDATE extract SET chunks = 1 << 50 WHERE id = 1", "extract 1", "chunks are");
    check_found("DELETE FROM extract WHERE id = 2", "table", "is not there");
    check_found("UPDATE extract_column SET dictionary = CAST(substr(dictionary, 1, 8) || x'5a' || "
                "substr(dictionary, 10) AS BLOB) WHERE extract_id = 1 AND position = 0",
                "column 0 (offence_group) of extract 1", "checksum");
    check_found("UPDATE extract_column SET dictionary = x'0102030405', dictionary_crc = 1191942644 "
                "WHERE extract_id = 1 AND position = 0",
                "column 0 (offence_group) of extract 1", "damaged");
    check_found("UPDATE extract_column SET type = 1, dictionary = NULL WHERE extract_id = 1 AND "
                "position = 1",
                "column 1 (age) of extract 1", "damaged");
}

/* Extract 3 has a dictionary of one value and a chunk that says 2. */
static void a_code_that_is_not_in_the_dictionary_is_found(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    make_file(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    static const struct extract_column columns[] = {{"sex", COLUMN_CATEGORY}};
    struct dictionary sexes;
    dictionary_init(&sexes, LIMIT_DICTIONARY);
    uint32_t code = 0;
    CHECK_OK(dictionary_code(&sexes, text_of("female"), &code, &err));
    const struct column c = {.type = COLUMN_CATEGORY, .rows = 3, .codes = (uint32_t[]){1, 2, 0}};
    struct extract_draft *d = NULL;
    CHECK_OK(draft_open(s, columns, 1, &d, &err));
    sample_append(d, 0, 0, &c);
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("d.csv", sha256);
    int64_t id = 0;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(draft_commit(d, s, &meta, (const struct dictionary *[]){&sexes}, &id, &err));
    CHECK_OK(store_commit(s, &err));
    draft_close(d);
    dictionary_done(&sexes);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct verify_result r;
    CHECK_INT(verify(&b, &a, &r), 1);
    CHECK_STRING(r.faults[0].where, "chunk 0 of column 0 of extract 3");
    CHECK(strstr(r.faults[0].what, "code 2 is not in its list of 1 values") != NULL);
    struct extract_scan *scan = NULL;
    struct column out;
    const uint64_t *current = NULL;
    CHECK_OK(extract_scan_open(s, &a, id, (const char *[]){"sex"}, 1, 0, &scan, &err));
    CHECK_FAILS(extract_scan_read(scan, 0, &a, &out, &current, &err), RV_DAMAGED);
    arena_done(&a);
    store_close(s);
    bench_close(&b);
}

static void damage_to_masks_is_found(void **state)
{
    (void)state;
    check_found("UPDATE row_mask SET bits = x'00'", "row mask by extract 2 on chunk 1 of extract 1",
                "cannot be read");
    check_found(
        "UPDATE row_mask SET bits = CAST(substr(bits, 1, length(bits) - 1) || x'00' AS BLOB)",
        "row mask by extract 2", "cannot be read");
    check_found("UPDATE row_mask SET sequence = 5", "row mask by extract 2 on chunk 5", "no such");
    check_found("UPDATE row_mask SET by_extract = 77", "table row_mask", "is not there");
}

static void a_mask_that_does_not_fit_is_found(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf image;
    uint64_t bits[3] = {1, 2, 4};
    for (uint32_t rows = 60; rows <= 135;
         rows += 75) { /* one word, three words: 70 rows have two */
        buf_init(&image, 65536);
        CHECK_OK(mask_encode(bits, rows, &image, &err));
        uint64_t out[2] = {0};
        CHECK_FAILS(mask_or(buf_view(&image), ROWS, out, &err), RV_DAMAGED);
        CHECK(out[0] == 0 && out[1] == 0);
        buf_done(&image);
    }
    buf_init(&image, 65536);
    bits[1] = UINT64_C(1) << 6; /* row 70 of rows 0 to 69 */
    CHECK_OK(mask_encode(bits, 128, &image, &err));
    CHECK_FAILS(mask_or(buf_view(&image), ROWS, (uint64_t[2]){0}, &err), RV_DAMAGED);
    buf_done(&image);
}

static void damage_to_placements_is_found(void **state)
{
    (void)state;
    static const char layer[] =
        "INSERT INTO area_layer VALUES (1, 'ward', '2018', 'f', 's', 't', 'c', '', 0);"
        "INSERT INTO area VALUES (1, 0, 'E1', 'n', 1, 1, 1, x'00', '');"
        "INSERT INTO placement SELECT 1, 1, 0, 0, 0, crc, bytes FROM chunk WHERE extract_id = 1 "
        "AND "
        "position = 0 AND sequence = 0;";
    char sql[1024];
    /* The offence groups as areas: code 2 is the second area of one. */
    check_found(layer, "placement of chunk 0 of extract 1 in layer 1", "an area that the layer");
    (void)snprintf(sql, sizeof sql, "%sUPDATE placement SET crc = crc + 1", layer);
    check_found(sql, "placement of chunk 0 of extract 1 in layer 1", "checksum");
    (void)snprintf(sql, sizeof sql, "%sUPDATE placement SET sequence = 9", layer);
    check_found(sql, "placement of chunk 9 of extract 1 in layer 1", "no such chunk");
}

static void tables_that_differ_are_found(void **state)
{
    (void)state;
    check_found("CREATE TABLE extra (x)", "table extra", "not part of a partnership file");
    check_found("DROP INDEX extract_by_source", "index extract_by_source", "missing");
    check_found("DROP TABLE quarantine", "table quarantine", "missing");
    check_found("ALTER TABLE setting ADD COLUMN more TEXT", "table setting", "not as this version");
    check_found("CREATE TRIGGER t AFTER INSERT ON setting BEGIN SELECT 1; END", "trigger t",
                "not part of");
}

static void a_missing_table_does_not_hide_the_rest(void **state)
{
    (void)state;
    check_found("DROP TABLE row_mask; UPDATE extract SET rows = 1 WHERE id = 2", "table row_mask",
                "missing");
    check_found("DROP TABLE row_mask; UPDATE extract SET rows = 1 WHERE id = 2", "extract 2",
                "70 rows of 1");
}

/* The pages that hold the tables' own texts, without which nothing can be opened: told there. */
static bool is_refused(const struct bench *b)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    rv_status status = store_open(b->file, STORE_READ, &s, &err);
    store_close(s);
    return status.code == RV_DAMAGED;
}

/* Overwrites each page in turn (but the first, which keeps the file from opening at all). */
static void an_overwritten_page_is_found_wherever_it_is(void **state)
{
    (void)state;
    struct bench b;
    make_file(&b);
    struct rv_err err = {0};
    int64_t pages = 0;
    struct store *s = bench_store(&b, STORE_READ);
    CHECK_OK(sqlite_get_int(s->db, b.file, "PRAGMA page_count", &pages, &err));
    store_close(s);
    assert_true(pages > 10);
    static char kept[16384], rubbish[16384];
    memset(rubbish, 0x5a, sizeof rubbish);
    int fd = open(b.file, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    int refused = 0;
    for (int64_t page = 1; page < pages; page++) {
        off_t at = (off_t)(page * 16384);
        assert_int_equal(pread(fd, kept, sizeof kept, at), (ssize_t)sizeof kept);
        assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), (ssize_t)sizeof rubbish);
        struct arena a;
        arena_init(&a, LIMIT_ARENA_BYTES);
        struct verify_result r;
        if (is_refused(&b)) {
            refused++;
        } else if (verify(&b, &a, &r) == 0) {
            fail_msg("page %lld of %lld was overwritten unnoticed", (long long)page + 1,
                     (long long)pages);
        }
        arena_done(&a);
        assert_int_equal(pwrite(fd, kept, sizeof kept, at), (ssize_t)sizeof kept);
    }
    (void)close(fd);
    assert_in_range(refused, 0, 4);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct verify_result r;
    CHECK_INT(verify(&b, &a, &r), 0);
    arena_done(&a);
    bench_close(&b);
}

/* Names out of a damaged file are shown all the same. */
static void what_is_no_utf8_becomes_question_marks(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *want;
    } rows[] = {
        {"plain", 5, "plain"}, {"\xff", 1, "?"},   {"a\xff\xfe\xc3\xa9\xc3", 6, "a??\xc3\xa9?"},
        {"\xe2\x82", 2, "??"}, {"a\0b", 3, "a?b"}, {"", 0, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char room[16] = "";
        memcpy(room, rows[i].bytes, rows[i].n);
        sqlite_mend(room, rows[i].n);
        CHECK_STRING(room, rows[i].want);
    }
}

static void it_can_be_stopped(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    make_file(&b);
    struct store *s = bench_store(&b, STORE_READ);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct progress p = {.step = NULL};
    struct verify_result r = {.extracts = -1};
    progress_cancel(&p);
    CHECK_FAILS(store_verify(s, &a, &p, &r, &err), RV_INTERRUPTED);
    CHECK_INT(r.extracts, -1);
    arena_done(&a);
    store_close(s);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_has_no_fault),
        cmocka_unit_test(damage_to_chunks_is_found),
        cmocka_unit_test(damage_to_extracts_is_found),
        cmocka_unit_test(a_code_that_is_not_in_the_dictionary_is_found),
        cmocka_unit_test(damage_to_masks_is_found),
        cmocka_unit_test(a_mask_that_does_not_fit_is_found),
        cmocka_unit_test(damage_to_placements_is_found),
        cmocka_unit_test(tables_that_differ_are_found),
        cmocka_unit_test(a_missing_table_does_not_hide_the_rest),
        cmocka_unit_test(an_overwritten_page_is_found_wherever_it_is),
        cmocka_unit_test(what_is_no_utf8_becomes_question_marks),
        cmocka_unit_test(it_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

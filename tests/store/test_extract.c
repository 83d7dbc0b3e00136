/* tests/store/test_extract.c — an extract comes back as it went in, and only what was asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"

#define ROWS   1000
#define CHUNKS 3

static const char *const all_names[] = {"offence_group", "age",        "easting",  "value",
                                        "recorded_at",   "offence_id", "ward_code"};
#define NAMES 7 /* the last is not there */

static void check_row(const struct extract_scan *scan, const struct column *c, uint32_t i,
                      uint32_t r)
{
    const struct dictionary *groups = extract_scan_dictionary(scan, 0);
    CHECK(text_is(dictionary_text(groups, c[0].codes[i]), sample_group(r)));
    CHECK_INT(column_has(&c[1], i), sample_has_age(r));
    CHECK_INT(c[1].integers[i], sample_has_age(r) ? sample_age(r) : 0);
    CHECK_INT(c[2].integers[i], sample_easting(r));
    CHECK_INT(column_has(&c[3], i), sample_has_value(r));
    CHECK(c[3].reals[i] == (sample_has_value(r) ? sample_value(r) : 0));
    CHECK_INT(c[4].integers[i], sample_time(r));
    char key[16];
    (void)snprintf(key, sizeof key, "k%u", r);
    CHECK_INT(column_has(&c[5], i), sample_has_key(r));
    CHECK(text_is(column_text_at(&c[5], i), sample_has_key(r) ? key : ""));
    CHECK(!column_has(&c[6], i));
}

static void every_column_comes_back(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *w = bench_store(&b, STORE_WRITE);
    int64_t id = sample_import(w, "a.csv", CHUNKS, ROWS);
    store_close(w);
    struct store *s = bench_store(&b, STORE_READ);
    struct arena a, rows;
    arena_init(&a, LIMIT_ARENA_BYTES);
    arena_init(&rows, LIMIT_ARENA_BYTES);
    struct extract_scan *scan = NULL;
    CHECK_OK(extract_scan_open(s, &a, id, all_names, NAMES, 0, &scan, &err));
    store_close(s); /* the scan needs it no more */
    CHECK_INT(extract_scan_chunks(scan), CHUNKS);
    CHECK(extract_scan_has(scan, 0) && !extract_scan_has(scan, 6));
    CHECK_INT(extract_scan_type(scan, 2), COLUMN_THOUSANDTHS);
    CHECK_INT(extract_scan_type(scan, 6), COLUMN_CATEGORY);
    CHECK_INT(extract_scan_dictionary(scan, 6)->count, 1);
    CHECK(extract_scan_dictionary(scan, 1) == NULL);
    for (uint32_t k = CHUNKS; k-- > 0;) {
        struct column columns[NAMES];
        const uint64_t *current = &(uint64_t){0};
        CHECK_INT(extract_scan_rows(scan, k), ROWS);
        CHECK_OK(extract_scan_read(scan, k, &rows, columns, &current, &err));
        CHECK(current == NULL);
        for (uint32_t i = 0; i < ROWS; i++) {
            check_row(scan, columns, i, k * ROWS + i);
        }
    }
    arena_done(&rows);
    arena_done(&a);
    bench_close(&b);
}

static const uint64_t *read_current(struct store *s, struct arena *a, int64_t id, uint32_t k,
                                    int64_t as_of)
{
    struct rv_err err = {0};
    struct extract_scan *scan = NULL;
    const uint64_t *current = NULL;
    CHECK_OK(extract_scan_open(s, a, id, NULL, 0, as_of, &scan, &err));
    CHECK_OK(extract_scan_read(scan, k, a, NULL, &current, &err));
    return current;
}

/* A shelf gives what the file gives, whatever was asked for before, and in the view of its first
 * scan: what leaves the view later is not seen by half of a command. */
static void a_shelf_gives_what_the_file_gives(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    int64_t one = sample_import(s, "a.csv", CHUNKS, ROWS), two = sample_import(s, "b.csv", 1, 9);
    struct extract_shelf *shelf = NULL;
    struct extract_scan *few = NULL, *all = NULL, *other = NULL;
    CHECK_OK(extract_shelf_make(s, &a, &shelf, &err));
    CHECK_OK(extract_shelf_scan(shelf, &a, one, &all_names[2], 1, &few, &err));
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(extract_mask_rows(s, one, 0, (uint64_t[16]){1}, ROWS, two, "superseded", &err));
    CHECK_OK(store_commit(s, &err));
    CHECK(read_current(s, &a, one, 0, 0) != NULL); /* the file has moved on */
    CHECK_OK(extract_shelf_scan(shelf, &a, one, all_names, NAMES, &all, &err));
    CHECK_OK(extract_shelf_scan(shelf, &a, two, all_names, NAMES, &other, &err));
    CHECK_FAILS(extract_shelf_scan(shelf, &a, 99, all_names, NAMES, &other, &err), RV_NOT_FOUND);
    CHECK_INT(extract_scan_chunks(few), CHUNKS);
    CHECK_INT(extract_scan_chunks(other), 1);
    CHECK(extract_scan_has(all, 0) && !extract_scan_has(all, 6));
    CHECK(extract_scan_dictionary(other, 0) != extract_scan_dictionary(all, 0));
    for (uint32_t k = CHUNKS; k-- > 0;) {
        struct column columns[NAMES], again;
        const uint64_t *current = &(uint64_t){0};
        CHECK_OK(extract_scan_read(all, k, &a, columns, &current, &err));
        CHECK(current == NULL);
        CHECK_OK(extract_scan_read(few, k, &a, &again, &current, &err));
        for (uint32_t i = 0; i < ROWS; i++) {
            check_row(all, columns, i, k * ROWS + i);
            CHECK_INT(again.integers[i], columns[2].integers[i]);
        }
    }
    store_close(s);
    arena_done(&a);
    bench_close(&b);
}

/* A shelf of chosen rows has these rows of every column, and no others: some of a chunk, none of
 * it, all of it. */
static void chosen_rows_are_those_of_the_whole(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    RV_CLEANUP(pool_closep) struct pool *pool = NULL;
    CHECK_OK(pool_open(2, &pool, &err));
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    int64_t id = sample_import(s, "a.csv", CHUNKS, ROWS);
    uint32_t some[ROWS], all[ROWS], counts[CHUNKS] = {0, 0, ROWS};
    for (uint32_t i = 0; i < ROWS; i++) {
        all[i] = i;
        some[counts[0]] = i;
        counts[0] += i % 7 == 2;
    }
    const uint32_t *const rows[CHUNKS] = {some, some, all};
    struct extract_shelf *shelf = NULL, *chosen = NULL;
    struct extract_scan *scan = NULL, *again = NULL;
    CHECK_OK(extract_shelf_make(s, &a, &shelf, &err));
    CHECK_OK(extract_shelf_choose(shelf, pool, &chosen, &err));
    CHECK_OK(extract_shelf_keep(chosen, id, CHUNKS, rows, counts, &err));
    CHECK_OK(extract_shelf_scan(chosen, &a, id, all_names, NAMES, &scan, &err));
    CHECK_OK(extract_shelf_scan(chosen, &a, id, all_names, 1, &again, &err));
    CHECK(!extract_scan_has(scan, 6));
    CHECK_INT(extract_scan_chunks(scan), CHUNKS);
    for (uint32_t k = 0; k < CHUNKS; k++) {
        struct column columns[NAMES], first;
        const uint64_t *current = &(uint64_t){0};
        CHECK_OK(extract_scan_read(scan, k, &a, columns, &current, &err));
        CHECK(current == NULL);
        CHECK_INT(extract_scan_rows(scan, k), counts[k]);
        uint32_t missing = 0;
        for (uint32_t i = 0; i < counts[k]; i++) {
            check_row(scan, columns, i, k * ROWS + rows[k][i]);
            missing += !column_has(&columns[1], i);
        }
        for (size_t c = 0; c < NAMES; c++) {
            CHECK_INT(columns[c].rows, counts[k]);
        }
        CHECK_INT(columns[1].nulls, missing);
        CHECK_OK(extract_scan_read(again, k, &a, &first, &current, &err));
        CHECK(first.codes == columns[0].codes); /* decoded once */
    }
    store_close(s);
    arena_done(&a);
    bench_close(&b);
}

static void what_is_known_of_it_comes_back(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    int64_t first = sample_import(s, "a.csv", 1, 9), second = sample_import(s, "b.csv", 0, 0);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_info *infos = NULL;
    size_t count = 0;
    CHECK_OK(extract_list(s, &a, NULL, &infos, &count, &err));
    CHECK_INT(count, 2);
    CHECK_INT(infos[0].id, first);
    CHECK_INT(infos[1].id, second);
    CHECK_STRING(infos[0].kind, "offences");
    CHECK_STRING(infos[0].source, "street");
    CHECK_STRING(infos[0].profile, "police-uk-street");
    CHECK_STRING(infos[0].supplier, "Metropolitan Police");
    CHECK_STRING(infos[1].file_name, "b.csv");
    CHECK_STRING(infos[0].imported_at, "2026-11-22T13:00:00Z");
    CHECK_STRING(infos[0].refresh, "period");
    CHECK_INT(infos[0].rows, 9);
    CHECK_INT(infos[0].chunks, 1);
    CHECK_INT(infos[1].rows, 0);
    CHECK_INT(infos[1].chunks, 0);
    const int64_t counts[] = {infos[0].rows_read,  infos[0].accepted,   infos[0].quarantined,
                              infos[0].excluded,   infos[0].duplicates, infos[0].repeated_keys,
                              infos[0].superseded, infos[0].withdrawn};
    const int64_t want[] = {117, 111, 6, 5, 4, 3, 2, 1};
    assert_memory_equal(counts, want, sizeof want);
    CHECK_INT(infos[0].month_count, 3);
    assert_memory_equal(infos[0].months, sample_months, sizeof sample_months);
    int64_t found = -1;
    CHECK_OK(extract_find_sha256(s, infos[1].sha256, infos[1].kind, "", &found, &err));
    CHECK_INT(found, second);
    /* The whole file is held, so each part of it is. */
    CHECK_OK(extract_find_sha256(s, infos[1].sha256, infos[1].kind, "victim", &found, &err));
    CHECK_INT(found, second);
    char none[SHA256_HEX + 1];
    memset(none, '0', SHA256_HEX);
    none[SHA256_HEX] = '\0';
    CHECK_OK(extract_find_sha256(s, none, infos[1].kind, "", &found, &err));
    CHECK_INT(found, 0);
    CHECK_OK(extract_list(s, &a, "persons", &infos, &count, &err));
    CHECK_INT(count, 0);
    arena_done(&a);
    store_close(s);
    bench_close(&b);
}

static void masked_rows_leave_the_view_from_their_extract_on(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    int64_t one = sample_import(s, "a.csv", 2, 70), two = sample_import(s, "b.csv", 1, 70);
    int64_t three = sample_import(s, "c.csv", 1, 70);
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(extract_mask_rows(s, one, 1, (uint64_t[]){1, 0}, 70, two, "superseded", &err));
    CHECK_OK(extract_mask_rows(s, one, 1, (uint64_t[]){6, 0}, 70, two, "superseded", &err));
    CHECK_OK(extract_mask_rows(s, one, 1, (uint64_t[]){0, 32}, 70, three, "withdrawn", &err));
    CHECK_OK(store_commit(s, &err));
    CHECK(read_current(s, &a, one, 0, 0) == NULL);
    CHECK(read_current(s, &a, one, 1, one) == NULL);
    const uint64_t *now = read_current(s, &a, one, 1, 0);
    const uint64_t *then = read_current(s, &a, one, 1, two);
    CHECK(now[0] == ~UINT64_C(7) && now[1] == 31); /* rows 0, 1, 2 and 69 left; no bit beyond 69 */
    CHECK(then[0] == ~UINT64_C(7) && then[1] == 63);
    arena_done(&a);
    store_close(s);
    bench_close(&b);
}

static void an_incomplete_draft_is_refused(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    struct dictionary groups;
    struct extract_draft *d = sample_draft(s, &groups, 1, 8);
    const struct dictionary *const dictionaries[SAMPLE_COUNT] = {[SAMPLE_GROUP] = &groups};
    struct chunk_summary lone = {.rows = 8};
    CHECK_OK(draft_append(d, 1, 1, &lone, text_of("x"), &err));
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("a.csv", sha256);
    int64_t id = -5;
    CHECK_OK(store_begin(s, &err));
    CHECK_FAILS(draft_commit(d, s, &meta, dictionaries, &id, &err), RV_INVALID);
    CHECK_INT(id, -5);
    store_rollback(s);
    lone.rows = 0;
    CHECK_FAILS(draft_append(d, 0, 1, &lone, text_of("x"), &err), RV_INVALID);
    lone.rows = LIMIT_CHUNK_ROWS + 1;
    CHECK_FAILS(draft_append(d, 0, 1, &lone, text_of("x"), &err), RV_INVALID);
    draft_close(d);
    dictionary_done(&groups);
    store_close(s);
    bench_close(&b);
}

static void the_same_file_twice_is_refused_by_the_table(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    (void)sample_import(s, "a.csv", 1, 5);
    struct dictionary groups;
    struct extract_draft *d = sample_draft(s, &groups, 1, 5);
    const struct dictionary *const dictionaries[SAMPLE_COUNT] = {[SAMPLE_GROUP] = &groups};
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("a.csv", sha256);
    int64_t id = 0;
    CHECK_OK(store_begin(s, &err));
    CHECK_FAILS(draft_commit(d, s, &meta, dictionaries, &id, &err), RV_INVALID);
    store_rollback(s);
    draft_close(d);
    dictionary_done(&groups);
    store_close(s);
    bench_close(&b);
}

static void an_extract_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_READ);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_scan *scan = NULL;
    CHECK_FAILS(extract_scan_open(s, &a, 7, NULL, 0, 0, &scan, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "extract 7") != NULL);
    arena_done(&a);
    store_close(s);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_comes_back),
        cmocka_unit_test(a_shelf_gives_what_the_file_gives),
        cmocka_unit_test(chosen_rows_are_those_of_the_whole),
        cmocka_unit_test(what_is_known_of_it_comes_back),
        cmocka_unit_test(masked_rows_leave_the_view_from_their_extract_on),
        cmocka_unit_test(an_incomplete_draft_is_refused),
        cmocka_unit_test(the_same_file_twice_is_refused_by_the_table),
        cmocka_unit_test(an_extract_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

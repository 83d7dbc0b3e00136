/* tests/store/test_query.c — SQL over records and registers, and nothing but reading.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"
#include "store/only.h"
#include "store/query.h"

#include <stdio.h>
#include <string.h>

/* ---- a query as text: cells separated by '|', rows by newlines ---- */

struct answer {
    struct buf text;
    int stop_after; /* rows; 0 = never */
    int rows;
};

static rv_status put_row(void *context, int columns, const char *const *names,
                         const struct query_cell *row, struct rv_err *reterr)
{
    struct answer *a = context;
    for (int i = 0; i < columns; i++) {
        buf_text(&a->text, i ? "|" : "");
        if (!row) {
            buf_text(&a->text, names[i]);
            continue;
        }
        switch (row[i].type) {
        case QUERY_NULL:
            buf_text(&a->text, "NULL");
            break;
        case QUERY_INT:
            buf_int(&a->text, row[i].integer);
            break;
        case QUERY_REAL:
            buf_real(&a->text, row[i].real);
            break;
        case QUERY_TEXT:
            buf_slice(&a->text, row[i].text);
            break;
        case QUERY_BLOB:
            buf_printf(&a->text, "blob%zu", row[i].text.n);
            break;
        }
    }
    buf_char(&a->text, '\n');
    a->rows += row != NULL;
    if (a->stop_after && a->rows == a->stop_after) {
        return rv_fail(reterr, RV_LIMIT, "enough");
    }
    return rv_ok();
}

static void check_answer(struct store *s, const char *sql, const char *want)
{
    struct rv_err err = {0};
    struct answer a = {0};
    buf_init(&a.text, (size_t)1 << 20);
    CHECK_OK(store_query(s, sql, NULL, put_row, &a, &err));
    CHECK_STRING(a.text.bytes ? a.text.bytes : "", want);
    buf_done(&a.text);
}

static rv_status try_query(struct store *s, const char *sql, struct rv_err *reterr)
{
    struct answer a = {0};
    buf_init(&a.text, (size_t)1 << 20);
    rv_status status = store_query(s, sql, NULL, put_row, &a, reterr);
    buf_done(&a.text);
    return status;
}

struct world {
    struct bench bench;
    struct store *store;
};

/* Extracts 1 and 2 of offences (2 chunks of 70 rows; 1 chunk of 5), 3 of area-counts. */
static int build_world(void **state)
{
    static struct world w;
    struct rv_err err = {0};
    bench_open(&w.bench);
    w.store = bench_store(&w.bench, STORE_WRITE);
    (void)sample_import(w.store, "a.csv", 2, 70);
    (void)sample_import(w.store, "b.csv", 1, 5);
    CHECK_OK(store_begin(w.store, &err));
    CHECK_OK(extract_mask_rows(w.store, 1, 1, (uint64_t[]){2, 0}, 70, 2, "superseded", &err));
    static const struct extract_column columns[] = {{"Row", COLUMN_TEXT},
                                                    {"count", COLUMN_INTEGER}};
    struct extract_draft *d = NULL;
    CHECK_OK(draft_open(w.store, columns, 2, &d, &err));
    const struct column first = {
        .type = COLUMN_TEXT, .rows = 2, .offsets = (uint32_t[]){0, 1, 3}, .bytes = "xyz"};
    const struct column second = {
        .type = COLUMN_INTEGER, .rows = 2, .integers = (int64_t[]){-7, INT64_MAX}};
    sample_append(d, 0, 0, &first);
    sample_append(d, 1, 0, &second);
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("c.csv", sha256);
    meta.kind = "area-counts";
    int64_t id = 0;
    CHECK_OK(draft_commit(d, w.store, &meta, (const struct dictionary *[]){NULL, NULL}, &id, &err));
    CHECK_OK(store_commit(w.store, &err));
    draft_close(d);
    *state = &w;
    return 0;
}

static int remove_world(void **state)
{
    struct world *w = *state;
    store_close(w->store);
    bench_close(&w->bench);
    return 0;
}

static struct store *store_of(void **state)
{
    return ((struct world *)*state)->store;
}

static void records_are_an_ordinary_table(void **state)
{
    struct store *s = store_of(state);
    check_answer(s, "SELECT * FROM offences WHERE extract = 1 AND row = 2",
                 "offence_group|age|easting|value|recorded_at|offence_id|extract|row|current\n"
                 "rape|1|550000.386|2.385|2021-08-01T00:01|k1|1|2|1\n");
    check_answer(s, "SELECT offence_group, age, value, offence_id FROM offences WHERE row = 1",
                 "offence_group|age|value|offence_id\nNULL|NULL|NULL|NULL\nNULL|NULL|NULL|NULL\n");
    check_answer(s, "SELECT count(*) AS n FROM offences", "n\n145\n");
    check_answer(s, "SELECT extract, count(*) AS n, max(row) AS m FROM offences GROUP BY extract",
                 "extract|n|m\n1|140|140\n2|5|5\n");
}

static void masked_rows_are_not_current(void **state)
{
    struct store *s = store_of(state);
    check_answer(s, "SELECT extract, row FROM offences WHERE NOT current", "extract|row\n1|72\n");
    check_answer(s, "SELECT sum(current) AS n FROM offences", "n\n144\n");
}

static void an_extract_is_found_by_its_number_however_written(void **state)
{
    struct store *s = store_of(state);
    check_answer(s, "SELECT count(*) AS n FROM offences WHERE extract = 2", "n\n5\n");
    check_answer(s, "SELECT count(*) AS n FROM offences WHERE extract = 2.0", "n\n5\n");
    check_answer(s, "SELECT count(*) AS n FROM offences WHERE extract = '2'", "n\n5\n");
    check_answer(s, "SELECT count(*) AS n FROM offences WHERE extract IN (1, 2, 9)", "n\n145\n");
    check_answer(s, "SELECT count(*) AS n FROM offences WHERE extract = 'x' OR extract IS NULL",
                 "n\n0\n");
}

static void a_column_named_like_ours_is_shown_by_its_place(void **state)
{
    check_answer(store_of(state), "SELECT * FROM area_counts",
                 "Row_1|count|extract|row|current\nx|-7|3|1|1\nyz|9223372036854775807|3|2|1\n");
}

static void records_join_registers_and_themselves(void **state)
{
    struct store *s = store_of(state);
    check_answer(s,
                 "SELECT e.file_name, count(*) AS n FROM offences AS o JOIN extract AS e ON e.id = "
                 "o.extract GROUP BY e.id ORDER BY e.id",
                 "file_name|n\na.csv|140\nb.csv|5\n");
    check_answer(s,
                 "SELECT count(*) AS n FROM offences AS a JOIN offences AS b ON a.offence_id = "
                 "b.offence_id AND a.extract = 1 AND b.extract = 2",
                 "n\n4\n");
}

static void only_reading_is_allowed(void **state)
{
    struct store *s = store_of(state);
    static const char *const refused[] = {
        "DELETE FROM extract",
        "INSERT INTO setting VALUES ('a', 'b')",
        "UPDATE offences SET age = 1",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "DROP TABLE chunk",
        "ATTACH '/etc/passwd' AS x",
        "ATTACH ':memory:' AS x",
        "DETACH main",
        "PRAGMA user_version = 9",
        "PRAGMA query_only = OFF",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA journal_mode",
        "PRAGMA wal_checkpoint",
        "PRAGMA writable_schema = ON",
        "PRAGMA temp_store_directory = '/tmp'",
        "SELECT load_extension('x')",
        "VACUUM",
        "VACUUM INTO '/tmp/reeve-test-copy'",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT x",
        "SELECT 1; DELETE FROM extract",
        "SELECT 1; SELECT 2",
        "WITH x AS (SELECT 1) DELETE FROM extract",
        "EXPLAIN DELETE FROM extract",
        "SELECT password FROM account_secret",
        "SELECT count(*) FROM session",
        "SELECT * FROM main.Invitation",
        "SELECT (SELECT max(hash) FROM recovery_code)",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM sign_in_failure)",
        "SELECT a.name FROM account a JOIN account_secret s ON s.account_id = a.id",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct rv_err err = {0};
        rv_status status = try_query(s, refused[i], &err);
        if (status.code != RV_REFUSED) {
            fail_msg("%s gave %s: %s", refused[i], rv_code_name(status.code), err.message);
        }
    }
    check_answer(s, "SELECT count(*) AS n FROM extract", "n\n3\n");
}

static void telling_is_allowed(void **state)
{
    struct rv_err err = {0};
    struct store *s = store_of(state);
    check_answer(s, "VALUES (1, 'a'), (2.5, NULL);  -- done\n", "column1|column2\n1|a\n2.5|NULL\n");
    check_answer(s,
                 "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 4) "
                 "SELECT sum(n) AS n FROM c",
                 "n\n10\n");
    check_answer(s, "SELECT x'00ff' AS b, '' AS e", "b|e\nblob2|\n");
    char version[40];
    size_t known = 0;
    (void)sql_migrations(&known);
    (void)snprintf(version, sizeof version, "user_version\n%zu\n", known);
    check_answer(s, "PRAGMA user_version", version);
    CHECK_OK(try_query(s, "PRAGMA table_info(extract)", &err));
    CHECK_OK(try_query(s, "EXPLAIN QUERY PLAN SELECT age FROM offences", &err));
}

static void a_mistake_is_shown_with_its_place(void **state)
{
    struct rv_err err = {0};
    struct store *s = store_of(state);
    CHECK_FAILS(try_query(s, "SELECT count(*)\nFROM offences WHER 1", &err), RV_INVALID);
    CHECK(strstr(err.message, "line 2") != NULL);
    CHECK_FAILS(try_query(s, "SELECT nobody FROM offences", &err), RV_INVALID);
    CHECK(strstr(err.message, "no such column: nobody") != NULL);
    CHECK_FAILS(try_query(s, "SELECT * FROM persons", &err), RV_INVALID);
    CHECK_FAILS(try_query(s, "", &err), RV_INVALID);
    CHECK_FAILS(try_query(s, " -- only this", &err), RV_INVALID);
    CHECK_FAILS(try_query(s, "SELECT length(zeroblob(1000000000))", &err), RV_LIMIT);
}

static void a_query_can_be_stopped(void **state)
{
    struct rv_err err = {0};
    struct store *s = store_of(state);
    struct progress p = {.step = NULL};
    progress_cancel(&p);
    struct answer a = {0};
    buf_init(&a.text, (size_t)1 << 20);
    CHECK_FAILS(store_query(s,
                            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
                            "SELECT max(n) FROM c",
                            &p, put_row, &a, &err),
                RV_INTERRUPTED);
    a.stop_after = 2;
    CHECK_FAILS(store_query(s, "SELECT age FROM offences", NULL, put_row, &a, &err), RV_LIMIT);
    CHECK_STRING(err.message, "enough");
    CHECK_INT(a.rows, 2);
    buf_done(&a.text);
}

/* Damage in one column must not keep the others from being read: columns are read only when the
 * query names them. */
static void columns_that_are_not_asked_for_are_not_read(void **state)
{
    struct rv_err err = {0};
    struct world *w = *state;
    (void)w;
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    (void)sample_import(s, "a.csv", 1, 9);
    CHECK_OK(sqlite_run(s->db, s->path, "UPDATE chunk SET bytes = x'00' WHERE position = 1", &err));
    check_answer(s, "SELECT count(*) AS n, max(easting) AS e FROM offences", "n|e\n9|550000.393\n");
    CHECK_FAILS(try_query(s, "SELECT age FROM offences", &err), RV_DAMAGED);
    store_close(s);
    bench_close(&b);
}

/* SQLite tells of columns beyond the 63rd only as one group. */
static void seventy_columns_can_be_asked_for(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    struct extract_column columns[70];
    char names[70][8];
    for (size_t i = 0; i < 70; i++) {
        (void)snprintf(names[i], sizeof names[i], "q%zu", i);
        columns[i] = (struct extract_column){names[i], COLUMN_INTEGER};
    }
    struct extract_draft *d = NULL;
    CHECK_OK(draft_open(s, columns, 70, &d, &err));
    for (size_t i = 0; i < 70; i++) {
        const struct column c = {
            .type = COLUMN_INTEGER, .rows = 1, .integers = (int64_t[]){(int64_t)i * 3}};
        sample_append(d, i, 0, &c);
    }
    char sha256[SHA256_HEX + 1];
    struct extract_meta meta = sample_meta("s.csv", sha256);
    meta.kind = "survey";
    const struct dictionary *none[70] = {0};
    int64_t id = 0;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(draft_commit(d, s, &meta, none, &id, &err));
    CHECK_OK(store_commit(s, &err));
    draft_close(d);
    check_answer(s, "SELECT q2, q62, q63, q64, q69, row FROM survey",
                 "q2|q62|q63|q64|q69|row\n6|186|189|192|207|1\n");
    store_close(s);
    bench_close(&b);
}

/* ---- behind the wall ---- */

static bool hides_first(void *context, const struct extract_info *x)
{
    (void)context;
    return x->id != 1;
}

static bool hides_counts(void *context, const struct extract_info *x)
{
    (void)context;
    return strcmp(x->kind, "area-counts") != 0;
}

static rv_status ask_within(struct store *s, const char *sql, const struct query_bounds *bounds,
                            struct query_told *told, struct rv_err *reterr)
{
    struct answer a = {0};
    buf_init(&a.text, (size_t)1 << 20);
    rv_status status = store_query_within(s, sql, bounds, NULL, put_row, &a, told, reterr);
    buf_done(&a.text);
    return status;
}

static void hidden_extracts_are_not_there(void **state)
{
    struct store *s = store_of(state);
    struct rv_err err = {0};
    extract_list_only(s, hides_first, NULL);
    check_answer(s, "SELECT extract, count(*) FROM offences GROUP BY 1", "extract|count(*)\n2|5\n");
    check_answer(s, "SELECT count(*) FROM offences WHERE extract = 1", "count(*)\n0\n");
    check_answer(s, "SELECT count(*) FROM offences WHERE extract IN (1, 2)", "count(*)\n5\n");
    extract_list_only(s, hides_counts, NULL);
    CHECK_FAILS(try_query(s, "SELECT * FROM area_counts", &err), RV_INVALID);
    assert_non_null(strstr(err.message, "no such table"));
    extract_list_only(s, NULL, NULL);
    check_answer(s, "SELECT count(*) FROM area_counts", "count(*)\n2\n");
}

static void only_listed_tables_are_read_behind_the_wall(void **state)
{
    struct store *s = store_of(state);
    static const char *const open[] = {
        "SELECT count(*) FROM offences",
        "WITH x AS (SELECT extract FROM offences) SELECT count(*) FROM x",
        "SELECT count(*) FROM (SELECT 1 UNION SELECT 2)",
        "SELECT name FROM area JOIN area_layer ON layer_id = id",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i+1 FROM n WHERE i<9) SELECT i FROM n",
    };
    static const char *const shut[] = {
        "SELECT name FROM account",
        "SELECT count(*) FROM account",
        "SELECT 1 FROM account",
        "SELECT (SELECT password FROM account_secret)",
        "SELECT * FROM main.audit",
        "SELECT count(*) FROM audit",
        "SELECT * FROM session",
        "SELECT value FROM quarantine",
        "SELECT file_name FROM extract",
        "SELECT dictionary FROM extract_column",
        "SELECT bytes FROM chunk",
        "SELECT body FROM finding",
        "SELECT value FROM setting",
        "SELECT sql FROM sqlite_schema",
        "SELECT sql FROM sqlite_master",
        "SELECT * FROM sqlite_sequence",
        "SELECT * FROM pragma_table_info('account')",
        "SELECT count(*) FROM pragma_table_list",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_dbpage",
        "WITH x AS (SELECT name FROM account) SELECT count(*) FROM x",
        "SELECT 1 FROM offences WHERE EXISTS (SELECT 1 FROM account WHERE role = 'analyst')",
        "PRAGMA table_info(account)",
        "PRAGMA user_version",
        "ATTACH '/tmp/x' AS y",
        "VACUUM INTO '/tmp/x'",
        "DELETE FROM offences",
        "CREATE TEMP TABLE x (y)",
        "SELECT load_extension('x')",
    };
    const struct query_bounds bounds = {.is_walled = true};
    struct query_told told;
    struct rv_err err = {0};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        CHECK_OK(ask_within(s, open[i], &bounds, &told, &err));
    }
    for (size_t i = 0; i < sizeof shut / sizeof *shut; i++) {
        rv_status status = ask_within(s, shut[i], &bounds, &told, &err);
        /* Not every SQLite has dbstat and dbpage; one that has may not declare them here. */
        if (status.code != RV_REFUSED && !strstr(err.message, "no such table") &&
            !strstr(err.message, "vtable constructor failed")) {
            fail_msg("%s: %s", shut[i], err.message);
        }
    }
}

static void a_query_ends(void **state)
{
    struct store *s = store_of(state);
    struct query_told told;
    struct rv_err err = {0};
    const char *endless =
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT ";
    char sql[200];
    snprintf(sql, sizeof sql, "%smax(i) FROM n", endless);
    CHECK_FAILS(ask_within(s, sql, &(struct query_bounds){.milliseconds = 200}, &told, &err),
                RV_LIMIT);
    snprintf(sql, sizeof sql, "%si FROM n", endless);
    CHECK_OK(ask_within(s, sql, &(struct query_bounds){.most_rows = 7}, &told, &err));
    CHECK_INT(told.rows, 7);
    assert_true(told.is_cut);
    CHECK_OK(ask_within(s, "VALUES (1), (2)", &(struct query_bounds){.most_rows = 2}, &told, &err));
    CHECK_INT(told.rows, 2);
    assert_false(told.is_cut);
    CHECK_FAILS(ask_within(s, "SELECT length(zeroblob(2000000))",
                           &(struct query_bounds){.is_walled = true}, &told, &err),
                RV_LIMIT);
}

static void tables_are_told(void **state)
{
    struct store *s = store_of(state);
    struct query_table *tables;
    size_t count;
    struct rv_err err = {0};
    struct arena a;
    arena_init(&a, (size_t)1 << 24);
    CHECK_OK(query_tables(s, &a, &tables, &count, &err));
    CHECK_INT(count, 5);
    CHECK_STRING(tables[0].name, "area_counts");
    CHECK_STRING(tables[0].kind, "area-counts");
    CHECK_STRING(tables[0].columns[1], "count");
    CHECK_STRING(tables[0].types[1], "INTEGER");
    CHECK_STRING(tables[2].name, "area_layer");
    extract_list_only(s, hides_counts, NULL);
    CHECK_OK(query_tables(s, &a, &tables, &count, &err));
    CHECK_STRING(tables[0].name, "offences");
    CHECK_INT(count, 4);
    extract_list_only(s, NULL, NULL);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_an_ordinary_table),
        cmocka_unit_test(masked_rows_are_not_current),
        cmocka_unit_test(an_extract_is_found_by_its_number_however_written),
        cmocka_unit_test(a_column_named_like_ours_is_shown_by_its_place),
        cmocka_unit_test(records_join_registers_and_themselves),
        cmocka_unit_test(only_reading_is_allowed),
        cmocka_unit_test(telling_is_allowed),
        cmocka_unit_test(a_mistake_is_shown_with_its_place),
        cmocka_unit_test(a_query_can_be_stopped),
        cmocka_unit_test(columns_that_are_not_asked_for_are_not_read),
        cmocka_unit_test(seventy_columns_can_be_asked_for),
        cmocka_unit_test(hidden_extracts_are_not_there),
        cmocka_unit_test(only_listed_tables_are_read_behind_the_wall),
        cmocka_unit_test(a_query_ends),
        cmocka_unit_test(tables_are_told),
    };
    return cmocka_run_group_tests(tests, build_world, remove_world);
}

/* tests/store/test_sql_contract.c — every statement prepares on an empty file and keeps the word
 * of its header comment: name, parameters, result columns, one statement.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "check.h"
#include "fixture.h"
#include "store/sql_id.h"

#include <ctype.h>

#define MOST_NAMES 64
#define NAME_BYTES 64

struct names {
    char name[MOST_NAMES][NAME_BYTES];
    int count;
};

static void add_name(struct names *list, const char *at, size_t n)
{
    for (int i = 0; i < list->count; i++) {
        if (strlen(list->name[i]) == n && memcmp(list->name[i], at, n) == 0) {
            return; /* a parameter may be explained twice */
        }
    }
    assert_true(list->count < MOST_NAMES && n < NAME_BYTES);
    memcpy(list->name[list->count], at, n);
    list->name[list->count++][n] = '\0';
}

static size_t word(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_') {
        n++;
    }
    return n;
}

/* Every ":name" that starts a word. */
static void take_parameters(const char *line, size_t n, struct names *list)
{
    for (size_t i = 1; i < n; i++) {
        bool starts = line[i] == ':' && (line[i - 1] == ' ' || line[i - 1] == '(');
        size_t length = starts ? word(line + i + 1) : 0;
        if (length) {
            add_name(list, line + i, length + 1);
        }
    }
}

/* The first word of each part between commas outside parentheses. */
static void take_columns(const char *line, size_t n, struct names *list, int *depth, bool *fresh)
{
    for (size_t i = 0; i < n; i++) {
        *depth += line[i] == '(' ? 1 : line[i] == ')' ? -1 : 0;
        size_t length = word(line + i);
        if (line[i] == ',' && *depth == 0) {
            *fresh = true;
        } else if (length) {
            if (*fresh && *depth == 0) {
                add_name(list, line + i, length);
                *fresh = false;
            }
            i += length - 1;
        }
    }
}

struct contract {
    char title[NAME_BYTES];
    struct names parameters, columns;
    const char *body; /* after the header */
};

static void read_contract(const char *sql, struct contract *c)
{
    *c = (struct contract){0};
    bool in_columns = false, fresh = true;
    int depth = 0;
    for (int number = 0; strncmp(sql, "-- ", 3) == 0; number++) {
        size_t n = strcspn(sql, "\n");
        const char *line = sql + 3;
        if (number == 0) {
            size_t title = strcspn(line, ":");
            assert_true(title < NAME_BYTES && title + 5 < n);
            memcpy(c->title, line, title);
        } else if (in_columns || strncmp(line, "-> ", 3) == 0) {
            size_t skip = in_columns ? 0 : 3;
            in_columns = true;
            take_columns(line + skip, n - 3 - skip, &c->columns, &depth, &fresh);
        } else {
            take_parameters(sql, n, &c->parameters);
        }
        sql += n + (sql[n] == '\n');
    }
    c->body = sql;
}

static bool has_name(const struct names *list, const char *name)
{
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int complaints;

#define COMPLAIN(...) (complaints++, print_error(__VA_ARGS__), print_error("\n"))

static void check_parameters(const char *name, const struct contract *c, sqlite3_stmt *st)
{
    int n = sqlite3_bind_parameter_count(st);
    for (int i = 1; i <= n; i++) {
        const char *parameter = sqlite3_bind_parameter_name(st, i);
        if (!parameter || !has_name(&c->parameters, parameter)) {
            COMPLAIN("%s: parameter %s is not in its header comment", name,
                     parameter ? parameter : "without a name");
        }
    }
    for (int i = 0; i < c->parameters.count; i++) {
        if (!sqlite3_bind_parameter_index(st, c->parameters.name[i])) {
            COMPLAIN("%s: its header comment names %s, which it does not have", name,
                     c->parameters.name[i]);
        }
    }
}

static void check_columns(const char *name, const struct contract *c, sqlite3_stmt *st)
{
    int n = sqlite3_column_count(st);
    for (int i = 0; i < n; i++) {
        const char *want = i < c->columns.count ? c->columns.name[i] : "(none)";
        if (strcmp(sqlite3_column_name(st, i), want) != 0) {
            COMPLAIN("%s: column %d is %s, its header comment says %s", name, i,
                     sqlite3_column_name(st, i), want);
        }
    }
    if (n != c->columns.count) {
        COMPLAIN("%s: it has %d columns, its header comment says %d", name, n, c->columns.count);
    }
}

static void every_statement_keeps_its_word(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    for (int id = 0; id < SQL_COUNT; id++) {
        const char *name = sql_name((enum sql_id)id);
        const char *sql = sql_asset((enum sql_id)id)->bytes;
        struct contract c;
        read_contract(sql, &c);
        if (strcmp(c.title, name) != 0) {
            COMPLAIN("%s: its header comment calls it %s", name, c.title);
        }
        struct stmt *st = NULL;
        CHECK_OK(store_prepare(s, (enum sql_id)id, &st, &err));
        check_parameters(name, &c, st->handle);
        check_columns(name, &c, st->handle);
        const char *tail = strrchr(c.body, ';');
        if (!tail || strchr(c.body, ';') != tail || strcmp(tail, ";\n") != 0) {
            COMPLAIN("%s: it must be one statement that ends the file with a semicolon", name);
        }
    }
    store_close(s);
    bench_close(&b);
    CHECK_INT(complaints, 0);
}

/* The reader of header comments itself: a test that finds nothing would pass. */
static void the_header_is_read_as_written(void **state)
{
    (void)state;
    struct contract c;
    read_contract("-- a-b: what: it is.\n-- :one INTEGER (:two too)    :three\n"
                  "-- -> x TEXT, y INTEGER (a, b), z\n--    REAL, w BLOB\nSELECT 1;\n",
                  &c);
    CHECK_STRING(c.title, "a-b");
    CHECK_INT(c.parameters.count, 3);
    CHECK_STRING(c.parameters.name[1], ":two");
    CHECK_INT(c.columns.count, 4);
    CHECK_STRING(c.columns.name[1], "y");
    CHECK_STRING(c.columns.name[3], "w");
    CHECK_STRING(c.body, "SELECT 1;\n");
}

/* A table with the name of a kind would hide the kind's records from 'reeve sql'. */
static void no_table_has_the_name_of_a_kind(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        "offences",    "persons",     "ambulance", "transport", "emergency_department",
        "stop_search", "cohort",      "referrals", "survey",    "indicators",
        "population",  "area_counts", "outcomes",  "weights",   "calendar",
        "areas",       "lookup",      "provision", "measures",  "gazetteer"};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_READ);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int code = sqlite3_table_column_metadata(s->db, NULL, kinds[i], NULL, NULL, NULL, NULL,
                                                 NULL, NULL);
        if (code == SQLITE_OK) {
            fail_msg("the table %s has the name of a kind of extract", kinds[i]);
        }
    }
    store_close(s);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_keeps_its_word),
        cmocka_unit_test(the_header_is_read_as_written),
        cmocka_unit_test(no_table_has_the_name_of_a_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

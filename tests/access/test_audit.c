/* tests/access/test_audit.c — the chain: what it holds, who may write to it, and that every
 * tampering with it is found. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"
#include "base/file.h"
#include "check.h"
#include "fixture.h"

#define ROWS 40
#define NOW  INT64_C(1900000000)

static struct bench b;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    struct rv_err err = {0};
    arena_init(&arena, LIMIT_ARENA_BYTES);
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    for (int64_t i = 0; i < ROWS; i++) {
        const struct act act = {.by = i % 3, .now = NOW + i * 7 % 5}; /* a clock that wavers */
        CHECK_OK(store_begin(s, &err));
        CHECK_OK(audit_account(s, act, i % 2 ? "sign-in" : "account.changed", i % 7, "done", &err));
        CHECK_OK(store_commit(s, &err));
    }
    store_close(s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bench_close(&b);
    arena_done(&arena);
    return 0;
}

static struct audit_result verify(const char *anchor)
{
    struct rv_err err = {0};
    struct audit_result r;
    struct store *s = bench_store(&b, STORE_READ);
    CHECK_OK(audit_verify(s, &arena, anchor, NULL, &r, &err));
    store_close(s);
    return r;
}

/* Somebody with SQLite and the file: triggers are in nobody's way. */
static void tamper(const char *sql)
{
    struct rv_err err = {0};
    struct store *s = bench_store(&b, STORE_WRITE);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    CHECK_OK(sqlite_run(s->db, "f", sql, &err));
    store_close(s);
}

static void a_chain_as_it_was_written_is_whole(void **state)
{
    (void)state;
    const struct audit_result r = verify(NULL);
    CHECK_INT(r.fault_count, 0);
    CHECK_INT(r.rows, ROWS);
    CHECK_INT(r.head.count, ROWS);
    const struct audit_result again = verify(r.head.hash);
    CHECK_INT(again.fault_count, 0);
    CHECK_INT(again.anchor_row, ROWS);
    CHECK_INT(
        verify("0000000000000000000000000000000000000000000000000000000000000000").fault_count,
        0); /* the head of a file without rows */
}

/* One row, worked out with sha256sum:
 * printf 'reeve audit 1\n%064d\n1\n1900000000\n0\naccount.changed\naccount 0\ndone\n' 0 | sha256sum
 */
static void a_hash_can_be_worked_out_elsewhere(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char hash[SHA256_HEX + 1];
    const struct audit_row row = {
        .id = 1,
        .at = NOW,
        .actor = 0,
        .action = "account.changed",
        .subject = "account 0",
        .outcome = "done",
        .previous = "0000000000000000000000000000000000000000000000000000000000000000"};
    CHECK_OK(audit_hash(&row, hash, &err));
    CHECK_STRING(hash, "073b38e3c9873d5868bc5d4fe2cff063f09324c9d680907c5eeb9a3222bd279f");
}

/* Beside date -u -d … +%s of coreutils. */
static void times_of_the_command_line_are_utc_seconds(void **state)
{
    (void)state;
    CHECK_INT(audit_seconds("1970-01-01T00:00:00Z"), 0);
    CHECK_INT(audit_seconds("2026-11-22T13:00:00Z"), 1795352400);
    CHECK_INT(audit_seconds("2024-02-29T23:59:59Z"), 1709251199);
    CHECK_INT(audit_seconds("2025-03-30T01:30:00Z"), 1743298200); /* skipped by London clocks */
    CHECK_INT(audit_seconds(""), 0);
    CHECK_INT(audit_seconds("2026-11-22T13:00:0xZ"), 0);
}

struct tampering {
    const char *what, *sql;
    const char *says; /* part of a fault */
};

static const struct tampering TAMPERINGS[] = {
    {"time altered", "UPDATE audit SET at = at + 1 WHERE id = 17", "row 17 is not as"},
    {"actor altered", "UPDATE audit SET actor = 9 WHERE id = 1", "row 1 is not as"},
    {"action altered", "UPDATE audit SET action = 'sign-out' WHERE id = 18", "row 18 is not as"},
    {"subject altered", "UPDATE audit SET subject = 'account 99' WHERE id = 40",
     "row 40 is not as"},
    {"outcome altered", "UPDATE audit SET outcome = 'refused' WHERE id = 2", "row 2 is not as"},
    {"long text", "UPDATE audit SET outcome = printf('%0999d', 0) WHERE id = 2", "row 2 is not as"},
    {"a line feed moved",
     "UPDATE audit SET subject = subject || char(10) || outcome, outcome = '' WHERE id = 2",
     "row 2 is not as"},
    {"hash altered", "UPDATE audit SET hash = printf('%064d', 5) WHERE id = 9", "does not follow"},
    {"link altered", "UPDATE audit SET previous = printf('%064d', 5) WHERE id = 9",
     "does not follow"},
    {"first removed", "DELETE FROM audit WHERE id = 1", "row 1 is missing"},
    {"one removed", "DELETE FROM audit WHERE id = 20", "row 20 is missing"},
    {"some removed", "DELETE FROM audit WHERE id IN (20, 21, 22)", "rows 20 to 22 are missing"},
    {"one removed, numbers closed",
     "DELETE FROM audit WHERE id = 20; UPDATE audit SET id = id - 1 WHERE id > 20",
     "row 20 does not follow"},
    {"one put in",
     "UPDATE audit SET id = -id - 1 WHERE id >= 20; UPDATE audit SET id = -id WHERE id < 0;"
     "INSERT INTO audit SELECT 20, at, actor, action, subject, outcome, previous, hash FROM audit "
     "WHERE id = 19",
     "row 20 does not follow"},
    {"one put before",
     "INSERT INTO audit SELECT 0, at, actor, action, subject, outcome, previous, "
     "hash FROM audit WHERE id = 1",
     "does not follow"},
    {"one put behind",
     "INSERT INTO audit SELECT 41, at, actor, action, subject, outcome, hash, hash FROM audit "
     "WHERE id = 40",
     "were put behind the end"},
    {"two exchanged",
     "UPDATE audit SET id = 999 WHERE id = 10; UPDATE audit SET id = 10 WHERE id = 11;"
     "UPDATE audit SET id = 11 WHERE id = 999",
     "row 10 does not follow"},
    {"contents exchanged",
     "CREATE TEMP TABLE t AS SELECT * FROM audit WHERE id IN (5, 6);"
     "UPDATE audit SET at = (SELECT at FROM t WHERE t.id = 11 - audit.id), "
     "actor = (SELECT actor FROM t WHERE t.id = 11 - audit.id), "
     "action = (SELECT action FROM t WHERE t.id = 11 - audit.id), "
     "subject = (SELECT subject FROM t WHERE t.id = 11 - audit.id) WHERE id IN (5, 6)",
     "row 5 is not as"},
    {"last cut off", "DELETE FROM audit WHERE id = 40", "rows 40 to 40 were cut off"},
    {"end cut off", "DELETE FROM audit WHERE id > 30", "rows 31 to 40 were cut off"},
    {"all cut off", "DELETE FROM audit", "rows 1 to 40 were cut off"},
    {"end forgotten", "DELETE FROM audit_head", "not recorded any more"},
    {"end not a hash", "UPDATE audit_head SET hash = printf('%064d', 7)", "the last row is not"},
};

static void every_tampering_is_found(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf before;
    buf_init(&before, (size_t)64 << 20);
    CHECK_OK(file_read(b.file, &before, &err));
    for (size_t i = 0; i < sizeof TAMPERINGS / sizeof *TAMPERINGS; i++) {
        const struct tampering *t = &TAMPERINGS[i];
        tamper(t->sql);
        const struct audit_result r = verify(NULL);
        bool is_said = false;
        for (size_t k = 0; k < r.fault_count; k++) {
            is_said = is_said || strstr(r.faults[k].what, t->says);
        }
        if (!is_said) {
            fail_msg("%s: %zu faults, the first: %s", t->what, r.fault_count,
                     r.fault_count ? r.faults[0].what : "");
        }
        CHECK_OK(file_write(b.file, buf_view(&before), &err));
    }
    buf_done(&before);
    CHECK_INT(verify(NULL).fault_count, 0);
}

/* Any single change of any value of any row, at random. */
static void random_alterations_are_found(void **state)
{
    (void)state;
    static const char *const COLUMNS[] = {"at",      "actor",    "action", "subject",
                                          "outcome", "previous", "hash"};
    struct rv_err err = {0};
    struct buf before;
    uint64_t seed = 20261129;
    buf_init(&before, (size_t)64 << 20);
    CHECK_OK(file_read(b.file, &before, &err));
    for (int i = 0; i < 60; i++) {
        char sql[256];
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        const char *column = COLUMNS[(seed >> 33) % 7];
        bool is_number = strcmp(column, "at") == 0 || strcmp(column, "actor") == 0;
        bool is_hash = strcmp(column, "previous") == 0 || strcmp(column, "hash") == 0;
        (void)snprintf(sql, sizeof sql, "UPDATE audit SET %s = %s WHERE id = %d", column,
                       is_number ? "123456"
                       : is_hash ? "replace(replace(hash, '1', '2'), 'a', 'b')"
                                 : "'x'",
                       (int)((seed >> 40) % ROWS) + 1);
        tamper(sql);
        if (verify(NULL).fault_count == 0) {
            fail_msg("not found: %s", sql);
        }
        CHECK_OK(file_write(b.file, buf_view(&before), &err));
    }
    buf_done(&before);
}

static rv_status rehash_row(void *context, const struct audit_row *row, struct rv_err *reterr)
{
    char(*out)[SHA256_HEX + 1] = context;
    struct audit_row now = *row;
    now.previous = out[row->id - 1];
    now.outcome = row->id == 3 ? "hidden" : row->outcome;
    return audit_hash(&now, out[row->id], reterr);
}

/* What the file alone cannot show, and a head kept elsewhere does. */
static void a_chain_made_anew_needs_an_anchor_to_be_found(void **state)
{
    (void)state;
    static char hashes[ROWS + 1][SHA256_HEX + 1];
    struct rv_err err = {0};
    struct buf before;
    const struct audit_result noted = verify(NULL);
    buf_init(&before, (size_t)64 << 20);
    CHECK_OK(file_read(b.file, &before, &err));
    memset(hashes[0], '0', SHA256_HEX);
    struct store *s = bench_store(&b, STORE_READ);
    CHECK_OK(audit_walk(s, 1, rehash_row, hashes, &err));
    store_close(s);
    for (int i = 1; i <= ROWS; i++) {
        char sql[512];
        (void)snprintf(
            sql, sizeof sql,
            "UPDATE audit SET previous = '%.64s', hash = '%.64s', outcome = %s WHERE id = %d",
            hashes[i - 1], hashes[i], i == 3 ? "'hidden'" : "outcome", i);
        tamper(sql);
    }
    char head[256];
    (void)snprintf(head, sizeof head, "UPDATE audit_head SET hash = '%.64s'", hashes[ROWS]);
    tamper(head);
    CHECK_INT(verify(NULL).fault_count, 0);
    const struct audit_result r = verify(noted.head.hash);
    CHECK_INT(r.fault_count, 1);
    CHECK_INT(r.anchor_row, 0);
    CHECK(strstr(r.faults[0].what, "no row has the hash") != NULL);
    CHECK_OK(file_write(b.file, buf_view(&before), &err));
    buf_done(&before);
}

static void an_anchor_is_found_in_the_middle(void **state)
{
    (void)state;
    struct rv_err err = {0};
    const struct audit_result noted = verify(NULL);
    struct store *s = bench_store(&b, STORE_WRITE);
    const struct act act = {.by = 1, .now = NOW};
    CHECK_OK(audit_note(s, act, "export", "extract 3", "done", &err));
    store_close(s);
    const struct audit_result r = verify(noted.head.hash);
    CHECK_INT(r.fault_count, 0);
    CHECK_INT(r.anchor_row, noted.head.count);
    CHECK_INT(r.head.count, noted.head.count + 1);
    tamper("DELETE FROM audit WHERE id = 41; UPDATE audit_head SET count = 40, hash = (SELECT hash "
           "FROM audit WHERE id = 40)");
}

static void hashes_that_are_none_are_refused(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct audit_result r;
    struct store *s = bench_store(&b, STORE_READ);
    static const char *const BAD[] = {
        "", "12", "zz00000000000000000000000000000000000000000000000000000000000000",
        "00000000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < 4; i++) {
        CHECK_FAILS(audit_verify(s, &arena, BAD[i], NULL, &r, &err), RV_INVALID);
    }
    store_close(s);
}

/* With triggers on, as any program but this one's enemy has them. */
static void the_tables_refuse_whatever_is_no_next_row(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "UPDATE audit SET outcome = 'x' WHERE id = 3",
        "UPDATE audit SET outcome = outcome",
        "DELETE FROM audit WHERE id = 40",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 42, at, actor, action, subject, outcome, hash, hash FROM audit "
        "WHERE id = 40",
        "INSERT INTO audit SELECT 41, at, actor, action, subject, outcome, previous, hash FROM "
        "audit "
        "WHERE id = 40",
        "INSERT INTO audit SELECT NULL, at, actor, action, subject, outcome, previous, hash FROM "
        "audit WHERE id = 40",
        "REPLACE INTO audit SELECT 40, at, actor, 'x', subject, outcome, previous, hash FROM audit "
        "WHERE id = 40",
        "INSERT OR REPLACE INTO audit SELECT 1, at, actor, 'x', subject, outcome, previous, hash "
        "FROM "
        "audit WHERE id = 1",
        "INSERT INTO audit SELECT id, at, actor, 'x', subject, outcome, previous, hash FROM audit "
        "WHERE id = 1 ON CONFLICT (id) DO UPDATE SET action = 'x'",
        "UPDATE audit_head SET count = 39",
        "UPDATE audit_head SET count = 41",
        "UPDATE audit_head SET hash = printf('%064d', 0)",
        "DELETE FROM audit_head",
        "REPLACE INTO audit_head VALUES (1, 0, printf('%064d', 0))",
    };
    struct rv_err err = {0};
    struct store *s = bench_store(&b, STORE_WRITE);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        if (rv_is_ok(sqlite_run(s->db, "f", BAD[i], &err))) {
            fail_msg("not refused: %s", BAD[i]);
        }
    }
    store_close(s);
    CHECK_INT(verify(NULL).fault_count, 0);
}

static void a_row_goes_with_its_transaction(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct audit_head before, after;
    const struct act act = {.by = 0, .now = NOW};
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_OK(audit_head(s, &before, &err));
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(audit_add(s, act, "account.added", "account 1", "done", &err));
    store_rollback(s);
    CHECK_OK(audit_head(s, &after, &err));
    CHECK_INT(before.count, after.count);
    CHECK_STRING(before.hash, after.hash);
    static const char *const BAD[][3] = {{"", "", ""},          {"Sign-in", "", ""},
                                         {"a b", "", ""},       {"sign-in", "a\nb", ""},
                                         {"sign-in", "", "\t"}, {"sign-in", "\xff", ""}};
    CHECK_OK(store_begin(s, &err));
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        CHECK_FAILS(audit_add(s, act, BAD[i][0], BAD[i][1], BAD[i][2], &err), RV_INVALID);
    }
    store_rollback(s);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_as_it_was_written_is_whole),
        cmocka_unit_test(a_hash_can_be_worked_out_elsewhere),
        cmocka_unit_test(times_of_the_command_line_are_utc_seconds),
        cmocka_unit_test(every_tampering_is_found),
        cmocka_unit_test(random_alterations_are_found),
        cmocka_unit_test(a_chain_made_anew_needs_an_anchor_to_be_found),
        cmocka_unit_test(an_anchor_is_found_in_the_middle),
        cmocka_unit_test(hashes_that_are_none_are_refused),
        cmocka_unit_test(the_tables_refuse_whatever_is_no_next_row),
        cmocka_unit_test(a_row_goes_with_its_transaction),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

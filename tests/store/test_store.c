/* tests/store/test_store.c — making, opening, locking, reading beside a writer, copying.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/memory.h"
#include "check.h"
#include "fixture.h"
#include "store/sql_id.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define NOBODY 65534

/* ---- helpers ---- */

static int files_in(const char *dir)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    int n = 0;
    for (const struct dirent *e; (e = readdir(d));) {
        n += e->d_name[0] != '.';
    }
    (void)closedir(d);
    return n;
}

static void put_setting(struct store *s, const char *name, const char *value)
{
    struct rv_err err = {0};
    struct stmt *st = NULL;
    CHECK_OK(store_prepare(s, SQL_SETTING_PUT, &st, &err));
    stmt_bind_string(st, ":name", name);
    stmt_bind_string(st, ":value", value);
    CHECK_OK(stmt_run(st, &err));
}

static void write_setting(struct store *s, const char *name, const char *value)
{
    struct rv_err err = {0};
    CHECK_OK(store_begin(s, &err));
    put_setting(s, name, value);
    CHECK_OK(store_commit(s, &err));
}

/* The setting, or "" when there is none. */
static const char *get_setting(struct store *s, const char *name)
{
    static char out[256];
    struct rv_err err = {0};
    struct stmt *st = NULL;
    bool has_row = false;
    CHECK_OK(store_prepare(s, SQL_SETTING_GET, &st, &err));
    stmt_bind_string(st, ":name", name);
    CHECK_OK(stmt_step(st, &has_row, &err));
    struct text value = has_row ? stmt_text(st, 0) : (struct text){"", 0};
    (void)snprintf(out, sizeof out, "%.*s", (int)value.n, value.n ? value.at : "");
    stmt_reset(st);
    return out;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
    struct rv_err err = {0};
    CHECK_OK(file_write(path, (struct text){bytes, n}, &err));
}

static int64_t pragma(struct store *s, const char *sql)
{
    struct rv_err err = {0};
    int64_t value = -1;
    CHECK_OK(sqlite_get_int(s->db, s->path, sql, &value, &err));
    return value;
}

static void patch(const char *path, off_t at, const void *bytes, size_t n)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
    (void)close(fd);
}

static rv_status try_open(const char *path, enum store_mode mode, struct rv_err *reterr)
{
    struct store *s = NULL;
    rv_status status = store_open(path, mode, &s, reterr);
    if (!rv_is_ok(status)) {
        CHECK(s == NULL);
    }
    store_close(s);
    return status;
}

/* ---- making ---- */

static void a_new_file_has_the_settings_of_the_design(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b);
    CHECK_INT(files_in(b.dir), 1);
    struct stat info;
    CHECK_INT(stat(b.file, &info), 0);
    CHECK_INT(info.st_mode & 0777, 0600);
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_INT(pragma(s, "PRAGMA page_size"), 16384);
    CHECK_INT(pragma(s, "PRAGMA application_id"), STORE_APPLICATION_ID);
    CHECK_INT(pragma(s, "PRAGMA auto_vacuum"), 2);
    CHECK_INT(pragma(s, "PRAGMA foreign_keys"), 1);
    CHECK_INT(pragma(s, "PRAGMA secure_delete"), 1);
    CHECK_INT(pragma(s, "PRAGMA wal_autocheckpoint"), 0);
    CHECK_INT(pragma(s, "SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
    size_t known = 0;
    (void)sql_migrations(&known);
    CHECK_INT(pragma(s, "PRAGMA user_version"), known);
    CHECK_STRING(get_setting(s, "created.version"), REEVE_VERSION);
    CHECK_STRING(store_path(s), b.file);
    CHECK_STRING(store_dir(s), b.dir);
    store_close(s);
    bench_close(&b);
}

static void making_never_replaces_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    write_setting(s, "kept", "yes");
    store_close(s);
    CHECK_FAILS(store_create(b.file, &err), RV_REFUSED);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/none/x.reeve", b.dir);
    CHECK_FAILS(store_create(path, &err), RV_NOT_FOUND);
    (void)snprintf(path, sizeof path, "%s/link.reeve", b.dir);
    CHECK_INT(symlink("nowhere", path), 0);
    CHECK_FAILS(store_create(path, &err), RV_REFUSED);
    CHECK_INT(files_in(b.dir), 3); /* the file, its lock, the link */
    s = bench_store(&b, STORE_READ);
    CHECK_STRING(get_setting(s, "kept"), "yes");
    store_close(s);
    bench_close(&b);
}

/* ---- opening what is not right ---- */

static void files_that_are_not_ours_are_named_for_what_they_are(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/other", b.dir);
    CHECK_FAILS(try_open(path, STORE_READ, &err), RV_NOT_FOUND);
    CHECK(strstr(err.message, "reeve new") != NULL);
    CHECK_FAILS(try_open(b.dir, STORE_READ, &err), RV_INVALID);
    write_file(path, "", 0);
    CHECK_FAILS(try_open(path, STORE_READ, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "is empty") != NULL);
    write_file(path, "code,name\n", 10);
    CHECK_FAILS(try_open(path, STORE_WRITE, &err), RV_DAMAGED);
    char csv[200];
    memset(csv, 'x', sizeof csv);
    write_file(path, csv, sizeof csv);
    CHECK_FAILS(try_open(path, STORE_READ, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "is not a partnership file") != NULL);
    CHECK_INT(unlink(path), 0);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    CHECK_OK(sqlite_run(db, path, "CREATE TABLE t (x)", &err));
    sqlite3_close(db);
    CHECK_FAILS(try_open(path, STORE_WRITE, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "another program") != NULL);
    bench_close(&b);
}

static void a_newer_file_is_refused_for_reading_and_writing(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_OK(sqlite_run(s->db, s->path, "PRAGMA user_version = 999", &err));
    store_close(s);
    CHECK_FAILS(try_open(b.file, STORE_READ, &err), RV_TOO_NEW);
    CHECK_FAILS(try_open(b.file, STORE_WRITE, &err), RV_TOO_NEW);
    CHECK(strstr(err.message, "newer version") != NULL);
    bench_close(&b);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct stat info;
    CHECK_INT(stat(b.file, &info), 0);
    for (off_t keep = 16384; keep < info.st_size; keep += (off_t)16384 * 3) {
        CHECK_INT(truncate(b.file, keep), 0);
        CHECK_FAILS(try_open(b.file, STORE_READ, &err), RV_DAMAGED);
        CHECK_FAILS(try_open(b.file, STORE_WRITE, &err), RV_DAMAGED);
        CHECK_INT(unlink(b.file), 0);
        CHECK_OK(store_create(b.file, &err));
    }
    patch(b.file, 56, "\0\0\0\2", 4); /* UTF-16 */
    CHECK_FAILS(try_open(b.file, STORE_READ, &err), RV_DAMAGED);
    patch(b.file, 56, "\0\0\0\1", 4);
    CHECK_OK(try_open(b.file, STORE_READ, &err));
    char rubbish[600];
    memset(rubbish, 0xa5, sizeof rubbish);
    patch(b.file, 100, rubbish, sizeof rubbish); /* the table of tables */
    CHECK_FAILS(try_open(b.file, STORE_READ, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "reeve verify") != NULL);
    bench_close(&b);
}

/* ---- migrations ---- */

#define SCRIPT(name, sql)                                                                          \
    {                                                                                              \
        (name), "", (sql), (sql) + sizeof(sql) - 1                                                 \
    }

static void migrations_go_together_or_not_at_all(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static const struct asset good[] = {
        SCRIPT("1", "CREATE TABLE a (x);\n-- a comment\nINSERT INTO a VALUES (2385);\n"),
        SCRIPT("2", "CREATE TABLE b (y); INSERT INTO b SELECT x + 1 FROM a;"),
        SCRIPT("3", "DROP TABLE a;"),
    };
    const struct asset bad[] = {good[0], good[1], SCRIPT("3", "DROP TABLE a; DROP TABLE z;")};
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    int64_t n = 0;
    CHECK_OK(migrate_run(db, "f", good, 1, &err));
    CHECK_FAILS(migrate_run(db, "f", bad, 3, &err), RV_DAMAGED);
    CHECK_OK(sqlite_get_int(db, "f", "PRAGMA user_version", &n, &err));
    CHECK_INT(n, 1);
    CHECK_OK(sqlite_get_int(db, "f", "SELECT count(*) FROM sqlite_schema", &n, &err));
    CHECK_INT(n, 1);
    CHECK_OK(migrate_run(db, "f", good, 3, &err));
    CHECK_OK(sqlite_get_int(db, "f", "SELECT y FROM b", &n, &err));
    CHECK_INT(n, 2386);
    CHECK_FAILS(migrate_run(db, "f", good, 2, &err), RV_TOO_NEW);
    sqlite3_close(db);
}

/* A file of version 1 with an extract, its months and its chunks becomes one of today's version:
 * nothing that refers to the extract is lost, and ids go on where they were. */
static void an_older_file_keeps_its_extracts(void **state)
{
    (void)state;
    struct rv_err err = {0};
    size_t known = 0;
    const struct asset *all = sql_migrations(&known);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_OK(sqlite_run(db, "f", "PRAGMA foreign_keys = ON", &err));
    CHECK_OK(migrate_run(db, "f", all, 1, &err));
    CHECK_OK(
        sqlite_run(db, "f",
                   "INSERT INTO extract VALUES (7, 'offences', 's', 'p', 1, NULL, NULL, 'f.csv',"
                   "printf('%064d', 1), 1, 't', 'full', 2, 1, 2, 2, 0, 0, 0, 0, 0, 0, '{}');"
                   "INSERT INTO extract_month VALUES (7, 24252);"
                   "INSERT INTO extract_column VALUES (7, 0, 'category', 1, NULL, 0);"
                   "INSERT INTO chunk VALUES (7, 0, 0, 2, 0, 0, 0, 0, x'00');"
                   "INSERT INTO quarantine VALUES (7, 2, '', '', 'c', 's');"
                   "UPDATE sqlite_sequence SET seq = 2385 WHERE name = 'extract'",
                   &err));
    CHECK_OK(migrate_run(db, "f", all, known, &err));
    static const struct {
        const char *sql;
        int64_t want;
    } FACTS[] = {
        {"SELECT count(*) FROM extract WHERE id = 7 AND file_name = 'f.csv' AND report = '{}'", 1},
        {"SELECT count(*) FROM extract_month", 1},
        {"SELECT count(*) FROM extract_column", 1},
        {"SELECT count(*) FROM chunk", 1},
        {"SELECT count(*) FROM quarantine", 1},
        {"SELECT seq FROM sqlite_sequence WHERE name = 'extract'", 2385},
        {"SELECT count(*) FROM sqlite_sequence", 1},
        {"PRAGMA foreign_keys", 1},
    };
    for (size_t i = 0; i < sizeof FACTS / sizeof FACTS[0]; i++) {
        int64_t n = -1;
        CHECK_OK(sqlite_get_int(db, "f", FACTS[i].sql, &n, &err));
        CHECK_INT(n, FACTS[i].want);
    }
    /* The same file as another kind is welcome, a second time as the same kind is not. */
#define AGAIN(kind, part)                                                                          \
    "INSERT INTO extract SELECT NULL, '" kind "', source, profile, 1, NULL, NULL, 'g', sha256, "   \
    "1, 't', 'full', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}', NULL, 0, '" part                          \
    "' FROM extract WHERE id = 7"
    CHECK_OK(sqlite_run(db, "f", AGAIN("persons", "victim"), &err));
    CHECK_OK(sqlite_run(db, "f", AGAIN("persons", "suspect"), &err));
    CHECK_FAILS(sqlite_run(db, "f", AGAIN("persons", "suspect"), &err), RV_INVALID);
    CHECK_FAILS(sqlite_run(db, "f", AGAIN("offences", ""), &err), RV_INVALID);
    CHECK_OK(sqlite_run(db, "f", "DELETE FROM extract WHERE id = 7", &err)); /* keys are on */
    int64_t n = -1;
    CHECK_OK(sqlite_get_int(db, "f", "SELECT count(*) FROM chunk", &n, &err));
    CHECK_INT(n, 0);
    sqlite3_close(db);
}

/* A migration that leaves a row pointing nowhere does not happen. */
static void a_migration_that_loses_a_parent_is_undone(void **state)
{
    (void)state;
    struct rv_err err = {0};
    static const struct asset scripts[] = {
        SCRIPT("1", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x REFERENCES a (x));"
                    "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);"),
        SCRIPT("2", "DELETE FROM a;"),
    };
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_OK(migrate_run(db, "f", scripts, 1, &err));
    CHECK_FAILS(migrate_run(db, "f", scripts, 2, &err), RV_DAMAGED);
    CHECK(strstr(err.message, "1 rows refer") != NULL);
    int64_t n = 0;
    CHECK_OK(sqlite_get_int(db, "f", "SELECT count(*) FROM a", &n, &err));
    CHECK_INT(n, 1);
    CHECK_OK(sqlite_get_int(db, "f", "PRAGMA user_version", &n, &err));
    CHECK_INT(n, 1);
    sqlite3_close(db);
}

static void an_older_file_is_not_read_as_if_it_were_new(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    patch(b.file, 60, "\0\0\0\0", 4); /* user_version */
    CHECK_FAILS(try_open(b.file, STORE_READ, &err), RV_REFUSED);
    CHECK(strstr(err.message, "older version") != NULL);
    bench_close(&b);
}

/* ---- statements ---- */

static void values_come_back_as_they_were_bound(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_OK(store_begin(s, &err));
    put_setting(s, "a", "");
    put_setting(s, "b", "Clapham \xc3\xa9t\xc3\xa9");
    CHECK_OK(store_commit(s, &err));
    CHECK_STRING(get_setting(s, "a"), "");
    CHECK_STRING(get_setting(s, "b"), "Clapham \xc3\xa9t\xc3\xa9");
    struct stmt *st = NULL;
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(store_prepare(s, SQL_SETTING_PUT, &st, &err));
    stmt_bind_string(st, ":name", "c");
    CHECK_FAILS(stmt_run(st, &err), RV_INVALID); /* :value is NULL again after store_prepare */
    CHECK(strstr(err.message, "NOT NULL") != NULL);
    stmt_bind_string(st, ":value", "after a failure the statement can be used");
    CHECK_OK(stmt_run(st, &err));
    store_rollback(s);
    store_rollback(s);
    CHECK_STRING(get_setting(s, "c"), "");
    store_close(s);
    bench_close(&b);
}

static rv_status begin_and_fail(struct store *s, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    put_setting(s, "half", "done");
    return rv_fail(reterr, RV_INVALID, "changed its mind");
}

static void an_early_return_rolls_back(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    CHECK_FAILS(begin_and_fail(s, &err), RV_INVALID);
    CHECK_STRING(get_setting(s, "half"), "");
    write_setting(s, "whole", "done");
    CHECK_OK(store_begin(s, &err));
    put_setting(s, "closed", "in the middle");
    store_close(s);
    s = bench_store(&b, STORE_READ);
    CHECK_STRING(get_setting(s, "whole"), "done");
    CHECK_STRING(get_setting(s, "closed"), "");
    store_close(s);
    bench_close(&b);
}

static void what_was_deleted_is_not_in_the_file(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    static const char secret[] = "Q7-erased-person-Q7";
    write_setting(s, "x", secret);
    CHECK_OK(store_begin(s, &err));
    CHECK_OK(sqlite_run(s->db, s->path, "DELETE FROM setting WHERE name = 'x'", &err));
    CHECK_OK(store_commit(s, &err));
    static const char *const tails[] = {"", "-wal"};
    for (size_t i = 0; i < 2; i++) { /* while it is still open */
        char path[128];
        (void)snprintf(path, sizeof path, "%s%s", b.file, tails[i]);
        struct buf bytes;
        buf_init(&bytes, (size_t)64 << 20);
        CHECK_OK(file_read(path, &bytes, &err));
        CHECK(memmem(bytes.bytes ? bytes.bytes : "", bytes.n, secret, sizeof secret - 1) == NULL);
        buf_done(&bytes);
    }
    store_close(s);
    bench_close(&b);
}

/* ---- two processes ---- */

struct pipes {
    int ready[2], go[2];
};

static void pipes_open(struct pipes *p)
{
    assert_int_equal(pipe(p->ready) | pipe(p->go), 0);
}

static void say(int fd)
{
    assert_int_equal(write(fd, "x", 1), 1);
}

static void wait_for(int fd)
{
    char c;
    assert_int_equal(read(fd, &c, 1), 1);
}

/* A child that begins a transaction, says so, and commits (or is killed) when told. */
static pid_t start_writer(const char *file, const struct pipes *p)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        return child;
    }
    struct rv_err err = {0};
    struct store *s = NULL;
    bool done = rv_is_ok(store_open(file, STORE_WRITE, &s, &err));
    if (done) {
        store_doing(s, "the import of street.csv");
        done = rv_is_ok(store_begin(s, &err));
        put_setting(s, "child", "was here");
    }
    say(p->ready[1]);
    char c;
    done = done && read(p->go[0], &c, 1) == 1 && rv_is_ok(store_commit(s, &err));
    say(p->ready[1]);
    done = done && read(p->go[0], &c, 1) == 1; /* holds the file open, but no lock */
    store_close(s);
    _exit(done ? 0 : 1);
}

static void the_one_who_waits_is_told_who_writes(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct pipes p;
    pipes_open(&p);
    pid_t child = start_writer(b.file, &p);
    wait_for(p.ready[0]);
    struct store *s = bench_store(&b, STORE_WRITE); /* opening does not wait */
    s->wait_ms = 50;
    CHECK_FAILS(store_begin(s, &err), RV_BUSY);
    char holder[64];
    (void)snprintf(holder, sizeof holder, "process %ld (the import of street.csv)", (long)child);
    CHECK(strstr(err.message, holder) != NULL);
    CHECK_STRING(get_setting(s, "child"), ""); /* reading goes on */
    say(p.go[1]);
    wait_for(p.ready[0]);
    CHECK_OK(store_begin(s, &err)); /* the child has the file open and holds no lock */
    store_rollback(s);
    CHECK_STRING(get_setting(s, "child"), "was here");
    say(p.go[1]);
    int status = -1;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    store_close(s);
    bench_close(&b);
}

static void a_waiter_proceeds_when_the_lock_is_released(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct pipes p;
    pipes_open(&p);
    pid_t child = start_writer(b.file, &p);
    wait_for(p.ready[0]);
    struct store *s = bench_store(&b, STORE_WRITE);
    pid_t helper = fork();
    if (helper == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        say(p.go[1]);
        say(p.go[1]);
        _exit(0);
    }
    CHECK_OK(store_begin(s, &err));
    CHECK_STRING(get_setting(s, "child"), "was here");
    store_rollback(s);
    CHECK_INT(waitpid(helper, NULL, 0), helper);
    CHECK_INT(waitpid(child, NULL, 0), child);
    store_close(s);
    bench_close(&b);
}

static void a_killed_writer_leaves_neither_lock_nor_change(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b);
    struct pipes p;
    pipes_open(&p);
    pid_t child = start_writer(b.file, &p);
    wait_for(p.ready[0]);
    CHECK_INT(kill(child, SIGKILL), 0);
    CHECK_INT(waitpid(child, NULL, 0), child);
    struct store *s = bench_store(&b, STORE_WRITE);
    s->wait_ms = 0;
    CHECK_STRING(get_setting(s, "child"), "");
    write_setting(s, "next", "at once");
    store_close(s);
    bench_close(&b);
}

static void two_names_of_one_file_share_the_lock(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/other-name.reeve", b.dir);
    CHECK_INT(symlink(b.file, path), 0);
    struct store *one = bench_store(&b, STORE_WRITE), *two = NULL;
    CHECK_OK(store_open(path, STORE_WRITE, &two, &err));
    two->wait_ms = 0;
    CHECK_OK(store_begin(one, &err));
    CHECK_FAILS(store_begin(two, &err), RV_BUSY);
    store_rollback(one);
    CHECK_OK(store_begin(two, &err));
    store_close(two);
    store_close(one);
    bench_close(&b);
}

/* ---- reading beside a writer ---- */

static void a_snapshot_stays_while_a_writer_commits(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *w = bench_store(&b, STORE_WRITE), *r = bench_store(&b, STORE_READ);
    struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_info *infos = NULL;
    size_t count = 9;
    CHECK_OK(store_snapshot(r, &err));
    write_setting(w, "now", "1");
    (void)sample_import(w, "a.csv", 1, 10);
    CHECK_STRING(get_setting(r, "now"), "");
    CHECK_OK(extract_list(r, &a, NULL, &infos, &count, &err)); /* nests its own */
    CHECK_INT(count, 0);
    store_snapshot_end(r);
    CHECK_STRING(get_setting(r, "now"), "1");
    CHECK_OK(extract_list(r, &a, NULL, &infos, &count, &err));
    CHECK_INT(count, 1);
    arena_done(&a);
    store_close(r);
    store_close(w);
    bench_close(&b);
}

static void after_a_commit_the_file_alone_is_the_truth(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *w = bench_store(&b, STORE_WRITE);
    write_setting(w, "copied", "with cp");
    struct buf bytes;
    buf_init(&bytes, (size_t)64 << 20);
    CHECK_OK(file_read(b.file, &bytes, &err)); /* without its -wal, while it is open */
    char path[128];
    (void)snprintf(path, sizeof path, "%s/copy.reeve", b.dir);
    write_file(path, bytes.bytes, bytes.n);
    buf_done(&bytes);
    store_close(w);
    struct store *copy = NULL;
    CHECK_OK(store_open(path, STORE_READ, &copy, &err));
    CHECK_STRING(get_setting(copy, "copied"), "with cp");
    store_close(copy);
    bench_close(&b);
}

/* Runs `check` as a user who owns nothing; returns its exit status. */
static int as_nobody(int (*check)(const char *), const char *path)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(setgid(NOBODY) == 0 && setuid(NOBODY) == 0 ? check(path) : 99);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static int read_as_nobody(const char *path)
{
    struct rv_err err = {0};
    struct store *s = NULL;
    rv_status status = store_open(path, STORE_READ, &s, &err);
    if (!rv_is_ok(status)) {
        return strstr(err.message, "was not closed properly") ? 2 : 3;
    }
    int result = strcmp(get_setting(s, "seen"), "yes") == 0 ? 0 : 4;
    store_close(s);
    return store_open(path, STORE_WRITE, &s, &err).code == RV_IO ? result : 5;
}

static void a_folder_that_cannot_be_written_can_be_read(void **state)
{
    (void)state;
    if (getuid() != 0) {
        print_message("SKIPPED: only root can become somebody else\n");
        skip();
    }
    struct bench b;
    bench_open(&b);
    struct store *s = bench_store(&b, STORE_WRITE);
    write_setting(s, "seen", "yes");
    store_close(s);
    CHECK_INT(chmod(b.file, 0644) | chmod(b.dir, 0755), 0);
    CHECK_INT(as_nobody(read_as_nobody, b.file), 0);
    char wal[128]; /* left by a killed writer: what it holds would be invisible */
    (void)snprintf(wal, sizeof wal, "%s-wal", b.file);
    write_file(wal, "not empty", 9);
    CHECK_INT(as_nobody(read_as_nobody, b.file), 2);
    bench_close(&b);
}

/* ---- copying ---- */

static void a_copy_is_whole_and_of_the_same_nature(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/copy.reeve", b.dir);
    struct store *w = bench_store(&b, STORE_WRITE), *r = bench_store(&b, STORE_READ);
    (void)sample_import(w, "a.csv", 2, 500);
    CHECK_OK(store_begin(w, &err)); /* a writer in the middle */
    put_setting(w, "later", "not in the copy");
    CHECK_OK(store_snapshot(r, &err)); /* and a reader in the middle */
    CHECK_OK(store_backup(r, path, &err));
    store_snapshot_end(r);
    CHECK_OK(store_commit(w, &err));
    CHECK_FAILS(store_backup(r, path, &err), RV_REFUSED);
    struct store *copy = NULL;
    CHECK_OK(store_open(path, STORE_WRITE, &copy, &err));
    CHECK_STRING(get_setting(copy, "later"), "");
    CHECK_INT(pragma(copy, "PRAGMA page_size"), 16384);
    CHECK_INT(pragma(copy, "PRAGMA auto_vacuum"), 2);
    CHECK_INT(pragma(copy, "SELECT 1 FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
    CHECK_INT(pragma(copy, "SELECT count(*) FROM chunk"), 12);
    struct stat info;
    CHECK_INT(stat(path, &info), 0);
    CHECK_INT(info.st_mode & 0777, 0600);
    write_setting(copy, "a", "b");
    store_close(copy);
    store_close(r);
    store_close(w);
    bench_close(&b);
}

static void a_failed_copy_leaves_nothing(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/none/copy.reeve", b.dir);
    struct store *r = bench_store(&b, STORE_READ);
    int before = files_in(b.dir);
    CHECK_FAILS(store_backup(r, path, &err), RV_NOT_FOUND);
    (void)snprintf(path, sizeof path, "%s/copy.reeve", b.dir);
    static char rubbish[16384];
    memset(rubbish, 0x5a, sizeof rubbish);
    int64_t root = pragma(r, "SELECT rootpage FROM sqlite_schema WHERE name = 'setting'");
    patch(b.file, (off_t)(16384 * (root - 1)), rubbish, sizeof rubbish);
    CHECK_FAILS(store_backup(r, path, &err), RV_DAMAGED);
    CHECK_INT(files_in(b.dir), before);
    store_close(r);
    bench_close(&b);
}

static void copies_are_made_while_others_write(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct bench b;
    bench_open(&b);
    struct store *w = bench_store(&b, STORE_WRITE);
    write_setting(w, "n", "0");
    write_setting(w, "m", "0");
    pid_t child = fork();
    if (child == 0) { /* both settings always change together */
        struct store *mine = bench_store(&b, STORE_WRITE);
        for (int i = 1; i <= 200; i++) {
            char value[16];
            (void)snprintf(value, sizeof value, "%d", i);
            CHECK_OK(store_begin(mine, &err));
            put_setting(mine, "n", value);
            put_setting(mine, "m", value);
            CHECK_OK(store_commit(mine, &err));
        }
        store_close(mine);
        _exit(0);
    }
    for (int i = 0; i < 10; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/copy-%d.reeve", b.dir, i);
        CHECK_OK(store_backup(w, path, &err));
        struct store *copy = NULL;
        CHECK_OK(store_open(path, STORE_READ, &copy, &err));
        CHECK_INT(
            pragma(copy, "SELECT count(DISTINCT value) FROM setting WHERE name IN ('n', 'm')"), 1);
        store_close(copy);
    }
    int status = -1;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    store_close(w);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_has_the_settings_of_the_design),
        cmocka_unit_test(making_never_replaces_and_leaves_nothing_behind),
        cmocka_unit_test(files_that_are_not_ours_are_named_for_what_they_are),
        cmocka_unit_test(a_newer_file_is_refused_for_reading_and_writing),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(migrations_go_together_or_not_at_all),
        cmocka_unit_test(an_older_file_keeps_its_extracts),
        cmocka_unit_test(a_migration_that_loses_a_parent_is_undone),
        cmocka_unit_test(an_older_file_is_not_read_as_if_it_were_new),
        cmocka_unit_test(values_come_back_as_they_were_bound),
        cmocka_unit_test(an_early_return_rolls_back),
        cmocka_unit_test(what_was_deleted_is_not_in_the_file),
        cmocka_unit_test(the_one_who_waits_is_told_who_writes),
        cmocka_unit_test(a_waiter_proceeds_when_the_lock_is_released),
        cmocka_unit_test(a_killed_writer_leaves_neither_lock_nor_change),
        cmocka_unit_test(two_names_of_one_file_share_the_lock),
        cmocka_unit_test(a_snapshot_stays_while_a_writer_commits),
        cmocka_unit_test(after_a_commit_the_file_alone_is_the_truth),
        cmocka_unit_test(a_folder_that_cannot_be_written_can_be_read),
        cmocka_unit_test(a_copy_is_whole_and_of_the_same_nature),
        cmocka_unit_test(a_failed_copy_leaves_nothing),
        cmocka_unit_test(copies_are_made_while_others_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

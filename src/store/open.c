/* store/open.c — making, opening and closing a partnership file.
 *
 * The first 100 bytes are judged before SQLite sees the file, so that a spreadsheet, a truncated
 * copy or another program's database is named for what it is.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/progress.h"
#include "store/internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* https://sqlite.org/fileformat2.html section 1.3: offsets in the header, big-endian. */
#define HEADER_BYTES          100
#define HEADER_ENCODING       56
#define HEADER_APPLICATION_ID 68
#define BUSY_TIMEOUT_MS       5000
#define CLOSE_WAIT_MS         500

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

rv_status open_fail_errno(const char *path, const char *what, struct rv_err *reterr)
{
    char scratch[128];
    const char *why = strerror_r(errno, scratch, sizeof scratch);
    return rv_fail(reterr, errno == ENOENT ? RV_NOT_FOUND : RV_IO, "%s: cannot be %s: %s", path,
                   what, why);
}

static rv_status check_header(const char *path, int fd, struct rv_err *reterr)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        return open_fail_errno(path, "opened", reterr);
    }
    if (!S_ISREG(info.st_mode)) {
        return rv_fail(reterr, RV_INVALID, "%s is not a file; name a partnership file", path);
    }
    unsigned char header[HEADER_BYTES];
    if (info.st_size == 0) {
        return rv_fail(reterr, RV_DAMAGED, "%s is empty: it is not a partnership file", path);
    }
    if (info.st_size < HEADER_BYTES) {
        return rv_fail(reterr, RV_DAMAGED, "%s is not a partnership file: it has only %lld bytes",
                       path, (long long)info.st_size);
    }
    RV_TRY(file_read_at(fd, header, sizeof header, 0, reterr));
    if (memcmp(header, "SQLite format 3", 16) != 0) {
        return rv_fail(reterr, RV_DAMAGED,
                       "%s is not a partnership file, or its beginning was overwritten", path);
    }
    if (big_endian(header + HEADER_APPLICATION_ID) != STORE_APPLICATION_ID) {
        return rv_fail(reterr, RV_DAMAGED,
                       "%s is a database of another program, not a partnership file", path);
    }
    if (big_endian(header + HEADER_ENCODING) != 1) {
        return rv_fail(reterr, RV_DAMAGED, "%s is damaged: its texts are not in UTF-8", path);
    }
    return rv_ok();
}

static char *copy_text(const char *from, size_t n)
{
    char *copy = memory_new(n + 1, 1);
    if (copy) {
        memcpy(copy, from, n);
    }
    return copy;
}

static rv_status store_new(const char *path, enum store_mode mode, struct store **ret,
                           struct rv_err *reterr)
{
    char real[STORE_PATH_BYTES];
    if (strlen(path) < sizeof real && !realpath(path, real) && errno == ENOENT) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "%s: there is no such file; 'reeve new %s' makes a partnership file", path,
                       path);
    }
    if (strlen(path) >= sizeof real || !realpath(path, real)) {
        return open_fail_errno(path, "opened", reterr);
    }
    RV_CLEANUP(store_closep) struct store *s = memory_new(1, sizeof *s);
    if (!s) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory opening %s", path);
    }
    s->lock_fd = -1;
    s->mode = mode;
    s->wait_ms = STORE_WAIT_SECONDS * 1000;
    store_begin_day(s);
    s->path = copy_text(path, strlen(path));
    s->real = copy_text(real, strlen(real));
    size_t folder = (size_t)(strrchr(real, '/') - real);
    s->dir = folder ? copy_text(real, folder) : copy_text("/", 1);
    if (!s->path || !s->real || !s->dir) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory opening %s", path);
    }
    *ret = s;
    s = NULL;
    return rv_ok();
}

/* What makes a file from a stranger harmless to open, and errors exact. */
static rv_status guard(struct store *s, struct rv_err *reterr)
{
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    return sqlite_run(s->db, s->path, "PRAGMA cell_size_check = ON", reterr);
}

static rv_status connect(struct store *s, const char *name, int flags, struct rv_err *reterr)
{
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(name, &s->db, flags, NULL);
    if (code != SQLITE_OK) {
        return sqlite_fail(s->db, code, s->path, reterr);
    }
    RV_TRY(guard(s, reterr));
    /* The first statement that reads: here a truncated or unreadable file shows. */
    int64_t tables = 0;
    return sqlite_get_int(s->db, s->path, "SELECT count(*) FROM sqlite_schema", &tables, reterr);
}

/* ---- reading ---- */

/* A file name as an SQLite URI. */
static rv_status immutable_uri(const struct store *s, struct buf *out, struct rv_err *reterr)
{
    buf_text(out, "file:");
    buf_uri(out, text_of(s->real));
    buf_text(out, "?immutable=1");
    return buf_status(out, reterr);
}

static bool has_unwritten_wal(const struct store *s)
{
    char wal[STORE_PATH_BYTES + 8];
    (void)snprintf(wal, sizeof wal, "%s-wal", s->real);
    struct stat info;
    return stat(wal, &info) == 0 && info.st_size > 0;
}

/* SQLite reads a file in WAL mode only where it may make the files beside it. On a read-only
 * medium it reads the file as one that nobody can change; changes still waiting in a WAL would
 * be invisible that way, and so are refused. */
static rv_status connect_immutable(struct store *s, struct rv_err *reterr)
{
    if (has_unwritten_wal(s)) {
        return rv_fail(reterr, RV_IO,
                       "%s was not closed properly and you may not write to its folder: open it "
                       "once where you may, or copy the file and its -wal file together",
                       s->path);
    }
    sqlite3_close(s->db);
    s->db = NULL;
    RV_CLEANUP(buf_done) struct buf uri;
    buf_init(&uri, (size_t)4 * STORE_PATH_BYTES);
    RV_TRY(immutable_uri(s, &uri, reterr));
    return connect(s, uri.bytes, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, reterr);
}

static rv_status check_version(struct store *s, struct rv_err *reterr)
{
    size_t known = 0;
    (void)sql_migrations(&known);
    int64_t version = 0;
    RV_TRY(sqlite_get_int(s->db, s->path, "PRAGMA user_version", &version, reterr));
    if (version < (int64_t)known && version >= 0) {
        return rv_fail(reterr, RV_REFUSED,
                       "%s was written by an older version of Reeve; any command that writes to it "
                       "brings it up to date, and a copy is wise before that",
                       s->path);
    }
    return migrate_run(s->db, s->path, NULL, known, reterr); /* nothing to do, or too new */
}

rv_status store_set_temporary(const char *dir, struct rv_err *reterr)
{
    char *kept = sqlite3_mprintf("%s", dir);
    if (!kept) {
        return rv_fail(reterr, RV_NO_MEMORY, "no memory for the name of a folder");
    }
    sqlite3_free(sqlite3_temp_directory);
    sqlite3_temp_directory = kept;
    return rv_ok();
}

static rv_status open_reader(struct store *s, struct rv_err *reterr)
{
    rv_status status = connect(s, s->real, SQLITE_OPEN_READONLY, reterr);
    int code = s->db ? sqlite3_errcode(s->db) & 0xff : SQLITE_NOMEM;
    if (!rv_is_ok(status) && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY)) {
        status = connect_immutable(s, reterr);
    }
    RV_TRY(status);
    RV_TRY(check_version(s, reterr));
    /* 64 GiB asked for; SQLite maps at most what it was built for, 2 GiB. */
    return sqlite_run(s->db, s->path, "PRAGMA query_only = ON; PRAGMA mmap_size = 68719476736",
                      reterr);
}

/* ---- writing ---- */

static rv_status prepare_file(struct store *s, struct rv_err *reterr)
{
    size_t known = 0;
    const struct asset *migrations = sql_migrations(&known);
    int64_t version = 0;
    RV_TRY(sqlite_get_int(s->db, s->path, "PRAGMA user_version", &version, reterr));
    if (version == (int64_t)known) {
        return rv_ok();
    }
    RV_TRY(lock_take(s, reterr));
    rv_status status = migrate_run(s->db, s->path, migrations, known, reterr);
    lock_release(s);
    return status;
}

static rv_status open_writer(struct store *s, struct rv_err *reterr)
{
    RV_TRY(lock_open(s, reterr));
    RV_TRY(connect(s, s->real, SQLITE_OPEN_READWRITE, reterr));
    /* Checkpoints are the writer's, under its lock, after a commit: transaction.c. What undoes a
     * statement is kept in memory: a service in its sandbox can make no file in /var/tmp. */
    RV_TRY(sqlite_run(
        s->db, s->path,
        "PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON;"
        "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL",
        reterr));
    return prepare_file(s, reterr);
}

rv_status store_open(const char *path, enum store_mode mode, struct store **ret,
                     struct rv_err *reterr)
{
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(store_new(path, mode, &s, reterr));
    assert(s);
    int fd;
    RV_TRY(open_file_take(path, &s->file, &fd, reterr));
    RV_TRY(check_header(path, fd, reterr));
    RV_TRY(mode == STORE_WRITE ? open_writer(s, reterr) : open_reader(s, reterr));
    *ret = s;
    s = NULL;
    return rv_ok();
}

void store_close(struct store *s)
{
    if (!s) {
        return;
    }
    store_rollback(s);
    for (int i = 0; i < SQL_COUNT; i++) {
        sqlite3_finalize(s->statements[i].handle);
    }
    bool is_locked = false;
    if (s->mode == STORE_WRITE && s->lock_fd >= 0 && s->db) {
        s->wait_ms = CLOSE_WAIT_MS;
        is_locked = rv_is_ok(lock_take(s, NULL));
        /* Every commit checkpointed; what a reader held back waits for the next writer. */
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_locked ? 0 : 1, NULL);
        fault_point("store.close");
    }
    sqlite3_close(s->db);
    open_file_drop(s->file);
    if (is_locked) {
        lock_release(s);
    }
    file_closep(&s->lock_fd);
    memory_free(s->path);
    memory_free(s->real);
    memory_free(s->dir);
    memory_free(s);
}

void store_closep(struct store **s)
{
    store_close(*s);
    *s = NULL;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

const char *store_dir(const struct store *s)
{
    return s->dir;
}

const char *store_real_path(const struct store *s)
{
    return s->real;
}

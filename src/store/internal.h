/* store/internal.h — what the files of this module share; nobody else includes it but its tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_INTERNAL_H
#define REEVE_STORE_INTERNAL_H

#include "base/arena.h"
#include "base/asset.h"
#include "base/buf.h"
#include "column/column.h"
#include "store/sql_id.h"
#include "store/store.h"

#include <sqlite3.h>

#define STORE_PATH_BYTES  4096
#define STORE_DOING_BYTES 160

struct extract_info;

struct stmt {
    sqlite3_stmt *handle; /* NULL until first asked for */
    struct store *store;
    int bind_code;    /* first failure of a stmt_bind_* since the last reset */
    bool is_standing; /* on a row */
    bool is_cut;      /* reset from under its loop by the end of a transaction */
};

struct store {
    sqlite3 *db;
    enum store_mode mode;
    char *path; /* as the caller wrote it, for messages */
    char *real; /* absolute, links resolved: what SQLite and the lock use */
    char *dir;  /* folder of `real` */
    int lock_fd;
    struct open_file *file;
    bool is_writing; /* between store_begin and store_commit or store_rollback */
    int snapshot_depth;
    int wait_ms; /* how long store_begin waits; tests shorten it */
    char doing[STORE_DOING_BYTES];
    char day[12];                                                        /* "2026-03-31" */
    bool (*may_list)(void *context, const struct extract_info *extract); /* NULL = all in use */
    void *may_context;
    struct stmt statements[SQL_COUNT];
};

/* ---- file.c ---- */

struct open_file;

/* The file's descriptor, shared by all connections of this process; borrowed until open_file_drop.
 * RV_NOT_FOUND, RV_IO, RV_NO_MEMORY. Thread-safe. */
rv_status open_file_take(const char *path, struct open_file **ret, int *ret_fd,
                         struct rv_err *reterr);
void open_file_drop(struct open_file *file); /* after sqlite3_close; NULL allowed */

/* ---- open.c ---- */

/* "PATH: cannot be opened: …", from errno. */
rv_status open_fail_errno(const char *path, const char *what, struct rv_err *reterr);

/* ---- sql.c ---- */

/* The embedded file of a statement: sql/statements/NAME.sql. Never NULL. */
const struct asset *sql_asset(enum sql_id id);

const char *sql_name(enum sql_id id); /* "area-insert" */

/* The embedded migrations in order; entry 0 brings an empty file to version 1. */
const struct asset *sql_migrations(size_t *ret_count);

/* ---- failure.c ---- */

/* Each byte that is no part of valid UTF-8, or NUL, becomes a question mark: SQLite repeats names
 * as it finds them, of a damaged file too. */
void sqlite_mend(char *bytes, size_t n);

/* The failure of SQLite's last call on `db` (its code, or SQLITE_NOMEM for a NULL db) as a status
 * with the file's name, what SQLite says and the remedy. */
rv_status sqlite_fail(sqlite3 *db, int code, const char *path, struct rv_err *reterr);

/* Runs every statement of `script`, ignoring result rows. Nothing a user wrote comes here. */
rv_status sqlite_run(sqlite3 *db, const char *path, const char *script, struct rv_err *reterr);

/* The integer that a one-row, one-column statement gives. */
rv_status sqlite_get_int(sqlite3 *db, const char *path, const char *sql, int64_t *ret,
                         struct rv_err *reterr);

/* ---- day.c ---- */

void store_begin_day(struct store *s); /* today on the London clock */

/* ---- lock.c ---- */

/* Opens FILE-lock, making it when it is not there. The lock file is never removed: removing it
 * while another process waits on it would let two processes hold "the" lock. */
rv_status lock_open(struct store *s, struct rv_err *reterr);

/* Waits up to s->wait_ms, then RV_BUSY names the holder and what it is doing. */
rv_status lock_take(struct store *s, struct rv_err *reterr);
void lock_release(struct store *s);

/* ---- migrate.c ---- */

/* Brings the schema from PRAGMA user_version to `count` in one transaction. RV_TOO_NEW when the
 * file is beyond it. The caller holds the lock. */
rv_status migrate_run(sqlite3 *db, const char *path, const struct asset *migrations, size_t count,
                      struct rv_err *reterr);

/* ---- create.c ---- */

/* Makes an empty file beside `path` for building a new one: its name goes to out[n]. RV_REFUSED
 * when `path` exists. */
rv_status store_temporary(const char *path, char *out, size_t n, struct rv_err *reterr);

/* Gives the finished file its name, never replacing another. */
rv_status store_publish_file(const char *temporary, const char *path, struct rv_err *reterr);

/* Removes an unfinished file and what SQLite put beside it. */
void store_discard(const char *temporary);

/* ---- mask.c ---- */

/* Bits of a chunk's rows as stored: zstd of little-endian 64-bit words. */
rv_status mask_encode(const uint64_t *bits, uint32_t rows, struct buf *out, struct rv_err *reterr);

/* Sets in `bits` (words for `rows`) every bit that is set in the stored image. RV_DAMAGED when
 * the image is not a mask of exactly `rows` rows. */
rv_status mask_or(struct text image, uint32_t rows, uint64_t *bits, struct rv_err *reterr);

static inline size_t mask_words(uint32_t rows)
{
    return ((size_t)rows + 63) / 64;
}

uint32_t store_crc(const void *bytes, size_t n); /* CRC-32 as zlib's */

/* ---- draft.c: reading back what was spooled (scan.c) ---- */

struct extract_draft;

/* Sorts the chunks and checks that every column has them all: before the next three, and again
 * after any draft_append. */
rv_status draft_seal(struct extract_draft *d, uint32_t *ret_chunks, struct rv_err *reterr);
bool draft_find(const struct extract_draft *d, const char *name, size_t *ret_position,
                enum column_type *ret_type);
uint32_t draft_rows(const struct extract_draft *d, uint32_t sequence);
rv_status draft_chunk(const struct extract_draft *d, struct arena *a, size_t position,
                      uint32_t sequence, struct text *ret, struct rv_err *reterr);

#endif

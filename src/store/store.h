/* store/store.h — the partnership file: opening, the one-writer discipline, named statements.
 *
 * Thread-compatible: one connection per thread. With the GeoPackage reader the only module that
 * sees sqlite3.h. A write transaction holds an exclusive lock on FILE-lock (flock) from
 * store_begin to store_commit or store_rollback, never longer; readers never wait.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_STORE_H
#define REEVE_STORE_STORE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_APPLICATION_ID 0x52656576 /* "Reev" */

struct store;
struct stmt;

/* One enumerator for each sql/statements/NAME.sql, in the generated store/sql_id.h, which only
 * those who run a statement include: a new statement then compiles their few files anew, not all.
 */
__extension__ enum sql_id;

enum store_mode { STORE_READ, STORE_WRITE };

/* Makes a new partnership file with the newest schema. RV_REFUSED when the path exists. A failure
 * leaves no file. */
RV_MUST_CHECK rv_status store_create(const char *path, struct rv_err *reterr);

/* Opens. STORE_WRITE migrates an older file forward (in one transaction). RV_NOT_FOUND; RV_TOO_NEW
 * for a newer schema; RV_DAMAGED for a file that is not a partnership file, or is damaged. */
RV_MUST_CHECK rv_status store_open(const char *path, enum store_mode mode, struct store **ret,
                                   struct rv_err *reterr);
/* Where what a question sorts and groups goes that does not fit in memory, in files without a name:
 * for a process whose fences close /var/tmp. Before its second thread; an earlier TMPDIR was read
 * when the first file was opened. */
RV_MUST_CHECK rv_status store_set_temporary(const char *dir, struct rv_err *reterr);
void store_close(struct store *s); /* NULL allowed; rolls back an open transaction */
void store_closep(struct store **s);
const char *store_path(const struct store *s);
const char *store_dir(const struct store *s);       /* folder of the file, where spools go */
const char *store_real_path(const struct store *s); /* absolute, links resolved */

/* Takes the lock (waits up to `STORE_WAIT_SECONDS`; RV_BUSY then names the holder) and begins.
 * Not nested. A store_commit that fails has rolled back and released the lock. */
#define STORE_WAIT_SECONDS 10
RV_MUST_CHECK rv_status store_begin(struct store *s, struct rv_err *reterr);
RV_MUST_CHECK rv_status store_commit(struct store *s, struct rv_err *reterr);
void store_rollback(struct store *s); /* harmless when nothing is open */

/* For RV_CLEANUP beside store_begin: `RV_CLEANUP(store_rollbackp) struct store *open = s;` undoes
 * on every early return, and does nothing after a commit. */
void store_rollbackp(struct store **s);

/* The day for which the file is read: an agreement that is not in force on it keeps its extracts
 * out of results (extract_list). "2026-03-31"; today on the London clock until it is set. */
const char *store_day(const struct store *s);
void store_set_day(struct store *s, const char *day); /* ten characters, checked by the caller */

/* What this process is about to write, for whoever has to wait: "the import of street.csv". Cut
 * to 150 bytes; no personal data. */
void store_doing(struct store *s, const char *what);

/* For a connection that stays open, between two readings: a statement that a failure left standing
 * on a row is let go, because it would hold the connection to the file as it was. */
void store_settle(struct store *s);

/* Between these two every statement of this connection sees the file as it was at the first.
 * They nest; inside a write transaction they do nothing. */
RV_MUST_CHECK rv_status store_snapshot(struct store *s, struct rv_err *reterr);
void store_snapshot_end(struct store *s);
void store_snapshot_endp(struct store **s); /* for RV_CLEANUP */

/* A cached statement by name, reset and with all parameters NULL. Borrowed from the store. */
__extension__ RV_MUST_CHECK rv_status store_prepare(struct store *s, enum sql_id id,
                                                    struct stmt **ret, struct rv_err *reterr);

/* Parameters by name with the colon (":code"); an unknown name is a programming error. Texts and
 * blobs must live until the statement is stepped or reset. */
void stmt_bind_int(struct stmt *st, const char *name, int64_t value);
void stmt_bind_real(struct stmt *st, const char *name, double value);
void stmt_bind_text(struct stmt *st, const char *name, struct text value);
void stmt_bind_string(struct stmt *st, const char *name, const char *value); /* NULL binds NULL */
void stmt_bind_blob(struct stmt *st, const char *name, const void *bytes, size_t n);
void stmt_bind_null(struct stmt *st, const char *name);

/* *ret_row is true when a row stands ready, false at the end (the statement is then reset). */
RV_MUST_CHECK rv_status stmt_step(struct stmt *st, bool *ret_row, struct rv_err *reterr);
RV_MUST_CHECK rv_status stmt_run(struct stmt *st, struct rv_err *reterr); /* to the end, reset */
void stmt_reset(struct stmt *st); /* leave a loop early only through this */

/* Columns of the row, from 0; texts and blobs borrowed until the next step. */
bool stmt_is_null(struct stmt *st, int column);
int64_t stmt_int(struct stmt *st, int column);
double stmt_real(struct stmt *st, int column);
struct text stmt_text(struct stmt *st, int column);
struct text stmt_blob(struct stmt *st, int column);
/* A terminated copy of a text, "" for NULL and for the empty one; NULL when out of memory. */
char *stmt_keep(struct stmt *st, int column, struct arena *a);
int64_t store_last_id(const struct store *s); /* rowid of the last insert */

/* Copies the file, as it is now, to a new file (VACUUM INTO on a read snapshot), readable while
 * others write. RV_REFUSED when `to` exists; a failure leaves no `to`. */
RV_MUST_CHECK rv_status store_backup(struct store *s, const char *to, struct rv_err *reterr);

#endif

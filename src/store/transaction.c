/* store/transaction.c — write transactions under the lock, checkpoints, read snapshots.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/progress.h"
#include "store/internal.h"

#include <assert.h>
#include <stdio.h>

#define BUSY_TIMEOUT_MS 5000

void store_doing(struct store *s, const char *what)
{
    (void)snprintf(s->doing, sizeof s->doing, "%.150s", what);
}

rv_status store_begin(struct store *s, struct rv_err *reterr)
{
    assert(s->mode == STORE_WRITE && !s->is_writing && s->snapshot_depth == 0);
    RV_TRY(lock_take(s, reterr));
    rv_status status = sqlite_run(s->db, s->path, "BEGIN IMMEDIATE", reterr);
    if (!rv_is_ok(status)) {
        lock_release(s);
        return status;
    }
    s->is_writing = true;
    fault_point("store.begin");
    return rv_ok();
}

/* A statement left standing on a row would hold its snapshot open beyond the transaction. It is
 * marked, because a loop that stepped it again would start from its first row. */
static void reset_all(struct store *s)
{
    for (int i = 0; i < SQL_COUNT; i++) {
        struct stmt *st = &s->statements[i];
        if (st->handle) {
            bool was_standing = st->is_standing;
            stmt_reset(st);
            st->is_cut = was_standing;
        }
    }
}

static void end(struct store *s)
{
    s->is_writing = false;
    lock_release(s);
}

/* Moves what was committed from the WAL into the file and empties the WAL, as far as readers
 * allow, without waiting for them: the file alone is then the whole truth, and erased rows are
 * not left in the WAL. A failure loses nothing (the commit is in the WAL) and is met again, and
 * reported, by the next commit. */
static void checkpoint(struct store *s)
{
    fault_point("store.checkpoint");
    sqlite3_busy_timeout(s->db, 0);
    (void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
}

rv_status store_commit(struct store *s, struct rv_err *reterr)
{
    assert(s->is_writing);
    reset_all(s);
    fault_point("store.commit.before");
    rv_status status = sqlite_run(s->db, s->path, "COMMIT", reterr);
    if (!rv_is_ok(status)) {
        store_rollback(s);
        return status;
    }
    fault_point("store.commit.after");
    checkpoint(s);
    end(s);
    fault_point("store.done");
    return rv_ok();
}

void store_rollback(struct store *s)
{
    if (!s || !s->is_writing) {
        return;
    }
    reset_all(s);
    if (!sqlite3_get_autocommit(s->db)) { /* a full disk has SQLite roll back by itself */
        (void)sqlite_run(s->db, s->path, "ROLLBACK", NULL);
    }
    end(s);
}

void store_rollbackp(struct store **s)
{
    store_rollback(*s);
}

rv_status store_snapshot(struct store *s, struct rv_err *reterr)
{
    if (!s->is_writing && s->snapshot_depth == 0) {
        RV_TRY(sqlite_run(s->db, s->path, "BEGIN", reterr));
        /* BEGIN alone does not look at the file: the snapshot is taken by the first read. */
        int64_t version = 0;
        rv_status status =
            sqlite_get_int(s->db, s->path, "SELECT count(*) FROM sqlite_schema", &version, reterr);
        if (!rv_is_ok(status)) {
            (void)sqlite_run(s->db, s->path, "ROLLBACK", NULL);
            return status;
        }
    }
    s->snapshot_depth += s->is_writing ? 0 : 1;
    return rv_ok();
}

void store_snapshot_end(struct store *s)
{
    if (s->is_writing || s->snapshot_depth == 0) {
        return;
    }
    s->snapshot_depth--;
    if (s->snapshot_depth == 0 && !sqlite3_get_autocommit(s->db)) {
        (void)sqlite_run(s->db, s->path, "COMMIT", NULL);
    }
}

void store_snapshot_endp(struct store **s)
{
    store_snapshot_end(*s);
}

void store_settle(struct store *s)
{
    reset_all(s);
}

int64_t store_last_id(const struct store *s)
{
    return sqlite3_last_insert_rowid(s->db);
}

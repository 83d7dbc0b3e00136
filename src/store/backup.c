/* store/backup.c — a whole copy of the file as it is now, while others write.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/progress.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* VACUUM INTO writes through this connection (to the copy only), attaches the copy, and takes its
 * name as an SQLite name: a leading "./" keeps a name such as "file:x" a name. */
static rv_status copy_into(struct store *s, const char *to, struct rv_err *reterr)
{
    char name[STORE_PATH_BYTES + 2];
    (void)snprintf(name, sizeof name, "%s%s", *to == '/' ? "" : "./", to);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
    RV_TRY(sqlite_run(s->db, s->path, "PRAGMA query_only = OFF", reterr));
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(s->db, "VACUUM INTO ?1", -1, &st, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(st);
    }
    rv_status status = code == SQLITE_DONE ? rv_ok() : sqlite_fail(s->db, code, s->path, reterr);
    sqlite3_finalize(st);
    return status;
}

/* VACUUM INTO does not carry WAL mode over, nor does it promise that the copy is on the disk. */
static rv_status settle(const char *temporary, const char *path, struct rv_err *reterr)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(temporary, &db, flags, NULL);
    rv_status status = code == SQLITE_OK ? sqlite_run(db, path, "PRAGMA journal_mode = WAL", reterr)
                                         : sqlite_fail(db, code, path, reterr);
    sqlite3_close(db);
    RV_TRY(status);
    RV_CLEANUP(file_closep) int fd = open(temporary, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "%s: cannot be written: %s", path,
                       strerror_r(errno, scratch, sizeof scratch));
    }
    return rv_ok();
}

static rv_status back_up(struct store *s, const char *temporary, const char *to,
                         struct rv_err *reterr)
{
    /* A connection of its own: VACUUM INTO may not run inside a transaction of the caller. */
    RV_CLEANUP(store_closep) struct store *from = NULL;
    RV_TRY(store_open(s->real, STORE_READ, &from, reterr));
    RV_TRY(copy_into(from, temporary, reterr));
    fault_point("store.backup");
    RV_TRY(settle(temporary, to, reterr));
    return store_publish_file(temporary, to, reterr);
}

rv_status store_backup(struct store *s, const char *to, struct rv_err *reterr)
{
    char temporary[STORE_PATH_BYTES];
    RV_TRY(store_temporary(to, temporary, sizeof temporary, reterr));
    rv_status status = back_up(s, temporary, to, reterr);
    if (!rv_is_ok(status)) {
        store_discard(temporary);
    }
    return status;
}

/* store/create.c — a new partnership file, whole under its name or not there at all.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/progress.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Before the first table: they are fixed by it. */
static const char settings[] =
    "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA encoding = 'UTF-8';"
    "PRAGMA application_id = 0x52656576; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON";
_Static_assert(STORE_APPLICATION_ID == 0x52656576, "the pragma above holds the same number");

static rv_status fill(sqlite3 *db, const char *path, struct rv_err *reterr)
{
    size_t count = 0;
    const struct asset *migrations = sql_migrations(&count);
    RV_TRY(sqlite_run(db, path, settings, reterr));
    RV_TRY(migrate_run(db, path, migrations, count, reterr));
    /* Pages of tables that a migration made anew are given back: a new file has none to spare. */
    RV_TRY(sqlite_run(db, path,
                      "PRAGMA incremental_vacuum;"
                      "INSERT INTO setting (name, value) VALUES ('created.version', "
                      "'" REEVE_VERSION "')",
                      reterr));
    /* Last, so that everything before is in the file itself and no WAL remains. */
    return sqlite_run(db, path, "PRAGMA journal_mode = WAL", reterr);
}

static rv_status build(const char *temporary, const char *path, struct rv_err *reterr)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(temporary, &db, flags, NULL);
    rv_status status =
        code == SQLITE_OK ? fill(db, path, reterr) : sqlite_fail(db, code, path, reterr);
    code = sqlite3_close(db);
    if (rv_is_ok(status) && code != SQLITE_OK) {
        status = rv_fail(reterr, RV_IO, "%s: the new file could not be closed", path);
    }
    return status;
}

/* So that the name outlives a power cut. Some file systems cannot; the file is there all the same.
 */
static void sync_folder(const char *path)
{
    char folder[STORE_PATH_BYTES];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    RV_CLEANUP(file_closep)
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
    }
}

rv_status store_publish_file(const char *temporary, const char *path, struct rv_err *reterr)
{
    fault_point("store.publish");
    int done = renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE);
    if (done != 0 && (errno == EINVAL || errno == ENOSYS)) { /* a file system without it */
        done = link(temporary, path);
        if (done == 0) {
            unlink(temporary);
        }
    }
    if (done != 0 && errno == EEXIST) {
        return rv_fail(reterr, RV_REFUSED, "%s is already there; choose another name", path);
    }
    if (done != 0) {
        char scratch[128];
        return rv_fail(reterr, RV_IO, "%s: cannot be made: %s", path,
                       strerror_r(errno, scratch, sizeof scratch));
    }
    sync_folder(path);
    return rv_ok();
}

rv_status store_temporary(const char *path, char *out, size_t n, struct rv_err *reterr)
{
    struct stat info;
    if (lstat(path, &info) == 0) {
        return rv_fail(reterr, RV_REFUSED, "%s is already there; choose another name", path);
    }
    int wrote = snprintf(out, n, "%s.new-XXXXXX", path);
    if (wrote < 0 || (size_t)wrote >= n) {
        return rv_fail(reterr, RV_LIMIT, "the path is longer than %d bytes", STORE_PATH_BYTES);
    }
    RV_CLEANUP(file_closep) int fd = mkostemp(out, O_CLOEXEC); /* only its owner may read it */
    if (fd < 0) {
        char scratch[128];
        return rv_fail(reterr, errno == ENOENT ? RV_NOT_FOUND : RV_IO, "%s: cannot be made: %s",
                       path, strerror_r(errno, scratch, sizeof scratch));
    }
    return rv_ok();
}

void store_discard(const char *temporary)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char name[STORE_PATH_BYTES + 16];
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        (void)snprintf(name, sizeof name, "%s%s", temporary, tails[i]);
        unlink(name);
    }
}

rv_status store_create(const char *path, struct rv_err *reterr)
{
    char temporary[STORE_PATH_BYTES];
    RV_TRY(store_temporary(path, temporary, sizeof temporary, reterr));
    rv_status status = build(temporary, path, reterr);
    if (rv_is_ok(status)) {
        status = store_publish_file(temporary, path, reterr);
    }
    if (!rv_is_ok(status)) {
        store_discard(temporary);
    }
    return status;
}

/* store/migrate.c — bringing a file's schema up to this program's.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/progress.h"
#include "store/internal.h"

#include <stdio.h>

/* Foreign keys are off meanwhile: a table that others refer to is made anew by dropping the old
 * one, which would empty the others. They are checked before the commit. */
static rv_status apply(sqlite3 *db, const char *path, const struct asset *migrations, size_t from,
                       size_t to, struct rv_err *reterr)
{
    int64_t dangling = 0;
    RV_TRY(sqlite_run(db, path, "BEGIN IMMEDIATE", reterr));
    for (size_t i = from; i < to; i++) {
        RV_TRY(sqlite_run(db, path, migrations[i].bytes, reterr));
    }
    RV_TRY(sqlite_get_int(db, path, "SELECT count(*) FROM pragma_foreign_key_check", &dangling,
                          reterr));
    if (dangling) {
        return rv_fail(
            reterr, RV_DAMAGED,
            "%s: %lld rows refer to rows that are not there: run 'reeve verify' with the "
            "version that wrote it",
            path, (long long)dangling);
    }
    char version[64];
    (void)snprintf(version, sizeof version, "PRAGMA user_version = %zu", to);
    RV_TRY(sqlite_run(db, path, version, reterr));
    fault_point("store.migrate");
    return sqlite_run(db, path, "COMMIT", reterr);
}

rv_status migrate_run(sqlite3 *db, const char *path, const struct asset *migrations, size_t count,
                      struct rv_err *reterr)
{
    int64_t version = 0;
    RV_TRY(sqlite_get_int(db, path, "PRAGMA user_version", &version, reterr));
    if (version > (int64_t)count) {
        return rv_fail(
            reterr, RV_TOO_NEW,
            "%s was written by a newer version of Reeve (its tables are of version %lld, "
            "this program knows %zu): use that version",
            path, (long long)version, count);
    }
    if (version < 0) {
        return rv_fail(reterr, RV_DAMAGED, "%s: the version of its tables is %lld", path,
                       (long long)version);
    }
    if (version == (int64_t)count) {
        return rv_ok();
    }
    int64_t has_keys = 0;
    RV_TRY(sqlite_get_int(db, path, "PRAGMA foreign_keys", &has_keys, reterr));
    RV_TRY(sqlite_run(db, path, "PRAGMA foreign_keys = OFF", reterr));
    rv_status status = apply(db, path, migrations, (size_t)version, count, reterr);
    if (!rv_is_ok(status) && !sqlite3_get_autocommit(db)) {
        (void)sqlite_run(db, path, "ROLLBACK", NULL);
    }
    rv_status back = rv_ok();
    if (has_keys) {
        back = sqlite_run(db, path, "PRAGMA foreign_keys = ON", rv_is_ok(status) ? reterr : NULL);
    }
    return rv_is_ok(status) ? back : status;
}

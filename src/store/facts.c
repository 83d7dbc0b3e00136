/* store/facts.c — what the system says of the partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/facts.h"

#include "store/internal.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static bool find(const struct store *s, const char *suffix, struct stat *ret)
{
    char path[STORE_PATH_BYTES + 16];
    int n = snprintf(path, sizeof path, "%s%s", suffix ? s->real : s->dir, suffix ? suffix : "");
    return n > 0 && (size_t)n < sizeof path && stat(path, ret) == 0;
}

bool store_mode_of(const struct store *s, const char *suffix, unsigned *ret)
{
    struct stat st;
    if (!find(s, suffix, &st)) {
        return false;
    }
    *ret = (unsigned)st.st_mode & 07777;
    return true;
}

rv_status store_facts(struct store *s, struct store_facts *ret, struct rv_err *reterr)
{
    struct stat file, log = {.st_size = 0};
    struct statvfs disk;
    size_t newest;
    struct store_facts facts = {.schema = 0};
    (void)sql_migrations(&newest);
    RV_TRY(sqlite_get_int(s->db, s->path, "PRAGMA user_version", &facts.schema, reterr));
    if (!find(s, "", &file) || statvfs(s->dir, &disk) != 0) {
        return open_fail_errno(s->path, "looked at", reterr);
    }
    (void)find(s, "-wal", &log);
    facts.newest_schema = (int64_t)newest;
    facts.bytes = (int64_t)file.st_size;
    facts.log_bytes = (int64_t)log.st_size;
    facts.disk_free = (int64_t)(disk.f_bavail * disk.f_frsize);
    facts.disk_bytes = (int64_t)(disk.f_blocks * disk.f_frsize);
    *ret = facts;
    return rv_ok();
}

/* store/failure.c — what SQLite says, as a status and a sentence with its remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "store/internal.h"

#include <string.h>

#define WORDS_BYTES 400

struct remedy {
    int code; /* primary result code of SQLite */
    enum rv_code status;
    const char *advice;
};

static const struct remedy remedies[] = {
    {SQLITE_NOMEM, RV_NO_MEMORY, "out of memory; nothing was changed"},
    {SQLITE_BUSY, RV_BUSY, "another process is using the file; try again when it has ended"},
    {SQLITE_LOCKED, RV_BUSY, "another part of the program is using the file; try again"},
    {SQLITE_FULL, RV_IO, "there is no space left on the disk; make room and try again"},
    {SQLITE_IOERR, RV_IO, "the disk could not be read or written; nothing was changed"},
    {SQLITE_CANTOPEN, RV_IO, "check that you may read the file and write to its folder"},
    {SQLITE_READONLY, RV_IO, "you may not write to this file or its folder"},
    {SQLITE_PERM, RV_IO, "you may not use this file"},
    {SQLITE_CORRUPT, RV_DAMAGED, "run 'reeve verify' to see where, or go back to a backup"},
    {SQLITE_NOTADB, RV_DAMAGED, "it is not a partnership file, or its beginning was overwritten"},
    {SQLITE_FORMAT, RV_DAMAGED, "run 'reeve verify' to see where, or go back to a backup"},
    {SQLITE_TOOBIG, RV_LIMIT, "a text or a column chunk is longer than the file can hold"},
    {SQLITE_INTERRUPT, RV_INTERRUPTED, "stopped on request"},
    {SQLITE_CONSTRAINT, RV_INVALID, "the file refuses the value; nothing was changed"},
    {SQLITE_AUTH, RV_REFUSED, "only reading is allowed here"},
    {SQLITE_SCHEMA, RV_DAMAGED, "its tables changed while it was read; try again"},
    {SQLITE_ERROR, RV_DAMAGED, "the file lacks what this needs; run 'reeve verify'"},
};

void sqlite_mend(char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        i += text_utf8_valid((struct text){bytes + i, n - i});
        if (i < n) {
            bytes[i] = '?';
        }
    }
}

static void copy_words(const char *says, char *out, size_t size)
{
    size_t n = strlen(says);
    n = n < size ? n : size - 1;
    memcpy(out, says, n);
    out[n] = '\0';
    sqlite_mend(out, n);
}

rv_status sqlite_fail(sqlite3 *db, int code, const char *path, struct rv_err *reterr)
{
    if (!db || code == SQLITE_IOERR_NOMEM) {
        code = SQLITE_NOMEM;
    }
    char says[WORDS_BYTES];
    copy_words(db && code != SQLITE_NOMEM ? sqlite3_errmsg(db) : "out of memory", says,
               sizeof says);
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (remedies[i].code == (code & 0xff)) {
            return rv_fail(reterr, remedies[i].status, "%s: %s: %s", path, says,
                           remedies[i].advice);
        }
    }
    return rv_fail(reterr, RV_IO, "%s: %s (code %d of SQLite)", path, says, code);
}

rv_status sqlite_run(sqlite3 *db, const char *path, const char *script, struct rv_err *reterr)
{
    while (*script) {
        sqlite3_stmt *st = NULL;
        const char *rest = NULL;
        int code = sqlite3_prepare_v2(db, script, -1, &st, &rest);
        while (code == SQLITE_OK && st && (code = sqlite3_step(st)) == SQLITE_ROW) {
            code = SQLITE_OK;
        }
        rv_status status = rv_ok();
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            status = sqlite_fail(db, code, path, reterr);
        }
        sqlite3_finalize(st);
        RV_TRY(status);
        script = rest;
    }
    return rv_ok();
}

rv_status sqlite_get_int(sqlite3 *db, const char *path, const char *sql, int64_t *ret,
                         struct rv_err *reterr)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(st);
    }
    rv_status status = rv_ok();
    if (code == SQLITE_ROW) {
        *ret = sqlite3_column_int64(st, 0);
    } else {
        status = sqlite_fail(db, code, path, reterr);
    }
    sqlite3_finalize(st);
    return status;
}

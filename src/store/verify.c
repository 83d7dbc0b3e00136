/* store/verify.c — is the partnership file whole?
 *
 * The file is judged from outside in: SQLite's own checks, then the tables as this program would
 * have made them, then what the tables say of extracts (verify_extract.c). What cannot be read
 * because of damage is a fault like any other.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "store/internal.h"
#include "store/verify_parts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_FAULTS 16
#define MOST_FAULTS  1000 /* beyond this a list helps nobody */

static const char remedy[] = "go back to the last backup and import again what came after it";

rv_status verify_fault_add(struct verifier *v, const char *where, const char *format, ...)
{
    struct verify_result *r = v->result;
    if (r->fault_count == MOST_FAULTS) {
        return rv_ok();
    }
    if (r->fault_count == v->capacity) {
        size_t capacity = v->capacity ? v->capacity * 2 : FIRST_FAULTS;
        struct verify_fault *faults = ARENA_NEW(v->arena, struct verify_fault, capacity);
        if (!faults) {
            return arena_fail(v->arena, v->reterr);
        }
        if (r->fault_count) {
            memcpy(faults, r->faults, r->fault_count * sizeof *faults);
        }
        r->faults = faults;
        v->capacity = capacity;
    }
    char what[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    sqlite_mend(what, strlen(what));
    char *place = arena_text(v->arena, where, strlen(where));
    struct verify_fault fault = {place, arena_printf(v->arena, "%s; %s", what, remedy)};
    if (!place || !fault.what) {
        return arena_fail(v->arena, v->reterr);
    }
    sqlite_mend(place, strlen(place));
    r->faults[r->fault_count++] = fault;
    return rv_ok();
}

rv_status verify_absorb(struct verifier *v, rv_status status, const char *where)
{
    if (status.code != RV_DAMAGED) {
        return status;
    }
    return verify_fault_add(v, where, "%s", v->reterr->message);
}

/* ---- SQLite's own checks ---- */

typedef rv_status check_row(struct verifier *v, sqlite3_stmt *st);

/* Runs a fixed statement and hands each row to `each`. */
static rv_status for_rows(struct verifier *v, sqlite3 *db, const char *sql, check_row *each)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    rv_status status = rv_ok();
    while (code == SQLITE_OK && (code = sqlite3_step(st)) == SQLITE_ROW) {
        status = each(v, st);
        code = rv_is_ok(status) ? SQLITE_OK : SQLITE_DONE;
    }
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        status = sqlite_fail(db, code, v->store->path, v->reterr);
    }
    sqlite3_finalize(st);
    return status;
}

static const char *column_text(sqlite3_stmt *st, int column)
{
    const unsigned char *at = sqlite3_column_text(st, column);
    return at ? (const char *)at : "";
}

/* The result code in a sentence such as "Page 17: unable to get the page. error code=7", or 0. */
static int code_in(const char *says)
{
    static const char marker[] = "error code";
    const char *at = strstr(says, marker);
    struct text rest = text_of(at ? at + sizeof marker - 1 : "");
    rest.n = strspn(rest.at, "= 0123456789");
    while (rest.n && (*rest.at == '=' || *rest.at == ' ')) {
        rest.at++;
        rest.n--;
    }
    int64_t code = 0;
    return parse_int(rest, &code) ? (int)(code & 0xff) : 0;
}

/* What the integrity check could not read for want of memory, or because the disk failed, is not
 * known to be damaged. */
static rv_status integrity_row(struct verifier *v, sqlite3_stmt *st)
{
    const char *says = column_text(st, 0);
    int code = code_in(says);
    if (code == SQLITE_NOMEM || code == SQLITE_IOERR) {
        return rv_fail(v->reterr, code == SQLITE_NOMEM ? RV_NO_MEMORY : RV_IO,
                       "%s: could not be checked: %s", v->store->path,
                       code == SQLITE_NOMEM ? "out of memory" : "the disk could not be read");
    }
    return strcmp(says, "ok") == 0 ? rv_ok() : verify_fault_add(v, "the file", "SQLite: %s", says);
}

/* Twice when the first time finds something: SQLite words a read that failed in passing like
 * damage ("Failed to read ptrmap"), but damage is still there when one looks again. */
static rv_status check_pages(struct verifier *v)
{
    static const char check[] = "PRAGMA integrity_check(100)";
    size_t before = v->result->fault_count;
    RV_TRY(for_rows(v, v->store->db, check, integrity_row));
    if (v->result->fault_count == before) {
        return rv_ok();
    }
    v->result->fault_count = before;
    return for_rows(v, v->store->db, check, integrity_row);
}

static rv_status foreign_key_row(struct verifier *v, sqlite3_stmt *st)
{
    char where[256];
    (void)snprintf(where, sizeof where, "table %.100s", column_text(st, 0));
    return verify_fault_add(v, where, "row %lld belongs to a row of %s that is not there",
                            (long long)sqlite3_column_int64(st, 1), column_text(st, 2));
}

/* ---- the tables ---- */

/* Every name the migrations make, with its text, as one list to compare. */
static const char schema_list[] =
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema "
    "WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY 1";

struct schema_pair {
    sqlite3_stmt *have, *want;
    int have_code, want_code;
};

static rv_status compare_step(struct verifier *v, struct schema_pair *p)
{
    const char *have = p->have_code == SQLITE_ROW ? column_text(p->have, 0) : NULL;
    const char *want = p->want_code == SQLITE_ROW ? column_text(p->want, 0) : NULL;
    int order = !have ? 1 : !want ? -1 : strcmp(have, want);
    rv_status status = rv_ok();
    if (order < 0) {
        status = verify_fault_add(v, have, "it is not part of a partnership file");
    } else if (order > 0) {
        status = verify_fault_add(v, want, "it is missing");
    } else if (strcmp(column_text(p->have, 1), column_text(p->want, 1)) != 0) {
        status = verify_fault_add(v, have, "it is not as this version of Reeve makes it");
    }
    if (order <= 0) {
        p->have_code = sqlite3_step(p->have);
    }
    if (order >= 0) {
        p->want_code = sqlite3_step(p->want);
    }
    return status;
}

static rv_status compare_schemas(struct verifier *v, sqlite3 *fresh)
{
    struct schema_pair p = {0};
    p.have_code = sqlite3_prepare_v2(v->store->db, schema_list, -1, &p.have, NULL);
    p.want_code = sqlite3_prepare_v2(fresh, schema_list, -1, &p.want, NULL);
    if (p.have_code == SQLITE_OK && p.want_code == SQLITE_OK) {
        p.have_code = sqlite3_step(p.have);
        p.want_code = sqlite3_step(p.want);
    }
    rv_status status = rv_ok();
    while (rv_is_ok(status) && (p.have_code == SQLITE_ROW || p.want_code == SQLITE_ROW) &&
           (p.have_code == SQLITE_ROW || p.have_code == SQLITE_DONE) &&
           (p.want_code == SQLITE_ROW || p.want_code == SQLITE_DONE)) {
        status = compare_step(v, &p);
    }
    if (rv_is_ok(status) && p.have_code != SQLITE_DONE) {
        status = sqlite_fail(v->store->db, p.have_code, v->store->path, v->reterr);
    } else if (rv_is_ok(status) && p.want_code != SQLITE_DONE) {
        status = sqlite_fail(fresh, p.want_code, v->store->path, v->reterr);
    }
    sqlite3_finalize(p.have);
    sqlite3_finalize(p.want);
    return status;
}

static rv_status check_schema(struct verifier *v)
{
    size_t count = 0;
    const struct asset *migrations = sql_migrations(&count);
    sqlite3 *fresh = NULL;
    int code =
        sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    rv_status status = code == SQLITE_OK
                           ? migrate_run(fresh, v->store->path, migrations, count, v->reterr)
                           : sqlite_fail(fresh, code, v->store->path, v->reterr);
    if (rv_is_ok(status)) {
        status = compare_schemas(v, fresh);
    }
    sqlite3_close(fresh);
    return status;
}

static rv_status check_application(struct verifier *v)
{
    int64_t id = 0;
    RV_TRY(sqlite_get_int(v->store->db, v->store->path, "PRAGMA application_id", &id, v->reterr));
    if (id != STORE_APPLICATION_ID) {
        return verify_fault_add(v, "the file", "it is not marked as a partnership file");
    }
    return rv_ok();
}

/* ---- re-basings ---- */

/* Columns of verify-rebases.sql. */
static rv_status check_rebases(struct verifier *v)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(v->store, SQL_VERIFY_REBASES, &st, v->reterr));
    for (bool row = false;;) {
        RV_TRY(stmt_step(st, &row, v->reterr));
        if (!row) {
            return rv_ok();
        }
        char where[64];
        (void)snprintf(where, sizeof where, "re-basing %lld", (long long)stmt_int(st, 0));
        rv_status status = verify_fault_add(v, where, "the parts of area %lld are not a whole",
                                            (long long)stmt_int(st, 1));
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
}

/* ---- all of it ---- */

static rv_status verify_all(struct verifier *v)
{
    sqlite3 *db = v->store->db;
    progress_step(v->progress, "checking the pages", 0);
    RV_TRY(verify_absorb(v, check_application(v), "the file"));
    RV_TRY(verify_absorb(v, check_pages(v), "the file"));
    RV_TRY(progress_check(v->progress, v->reterr));
    RV_TRY(verify_absorb(v, for_rows(v, db, "PRAGMA foreign_key_check", foreign_key_row),
                         "the references between tables"));
    RV_TRY(verify_absorb(v, check_schema(v), "the tables"));
    RV_TRY(progress_check(v->progress, v->reterr));
    RV_TRY(verify_absorb(v, check_rebases(v), "the re-basings"));
    return verify_absorb(v, verify_extracts(v), "the list of extracts");
}

rv_status store_verify(struct store *s, struct arena *a, struct progress *progress,
                       struct verify_result *ret, struct rv_err *reterr)
{
    struct rv_err local = {0};
    struct verify_result result = {0};
    struct verifier v = {
        .store = s, .arena = a, .progress = progress, .result = &result, .reterr = &local};
    RV_TRY(store_snapshot(s, reterr));
    rv_status status = verify_all(&v);
    store_snapshot_end(s);
    if (rv_is_ok(status)) {
        *ret = result;
    } else if (reterr) {
        *reterr = local;
    }
    return status;
}

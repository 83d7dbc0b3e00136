/* access/register.c — agreements as rows of the partnership file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/register.h"

#include "access/audit.h"
#include "base/civil.h"
#include "base/hash.h"
#include "base/progress.h"
#include "store/sql_id.h"

#include <stdio.h>
#include <string.h>

static rv_status keep(struct arena *a, struct stmt *st, int column, const char **ret,
                      struct rv_err *reterr)
{
    *ret = stmt_keep(st, column, a);
    return *ret ? rv_ok() : arena_fail(a, reterr);
}

static rv_status read_terms(struct arena *a, struct stmt *st, struct agreement_row *row,
                            struct rv_err *reterr)
{
    const char *name, *sha256, *body;
    char hash[SHA256_HEX + 1];
    struct rv_err err;
    RV_TRY(keep(a, st, 1, &name, reterr));
    RV_TRY(keep(a, st, 5, &body, reterr));
    RV_TRY(keep(a, st, 6, &sha256, reterr));
    struct text json = {body, stmt_text(st, 5).n};
    RV_TRY(sha256_of(json.at, json.n, hash, reterr));
    if (strcmp(hash, sha256) != 0) {
        return rv_fail(reterr, RV_DAMAGED,
                       "the agreement \"%s\" in the file is not the one that was recorded: "
                       "restore a backup",
                       name);
    }
    if (!rv_is_ok(agreement_read(a, name, json, NULL, &row->terms, &err)) ||
        strcmp(row->terms.id, name) != 0) {
        return rv_fail(reterr, RV_DAMAGED,
                       "the agreement \"%s\" in the file does not read: restore a backup", name);
    }
    return rv_ok();
}

/* In the order of the columns of agreement-list.sql. */
static rv_status read_row(struct arena *a, struct stmt *st, struct agreement_row *ret,
                          struct rv_err *reterr)
{
    struct agreement_row row = {.id = stmt_int(st, 0),
                                .is_end = text_is(stmt_text(st, 2), "ended")};
    RV_TRY(keep(a, st, 3, &row.first_day, reterr));
    RV_TRY(keep(a, st, 4, &row.last_day, reterr));
    RV_TRY(keep(a, st, 7, &row.made_at, reterr));
    RV_TRY(keep(a, st, 8, &row.made_by, reterr));
    RV_TRY(read_terms(a, st, &row, reterr));
    *ret = row;
    return rv_ok();
}

rv_status agreements_list(struct store *s, struct arena *a, struct agreement_row **ret,
                          size_t *ret_count, struct rv_err *reterr)
{
    struct stmt *st;
    struct agreement_row *rows = NULL;
    size_t count = 0, capacity = 0;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_AGREEMENT_LIST, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    while (has_row) {
        rows = arena_grow(a, rows, count, &capacity, sizeof *rows);
        rv_status status = rows ? read_row(a, st, &rows[count], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        count++;
        RV_TRY(stmt_step(st, &has_row, reterr));
    }
    *ret = rows;
    *ret_count = count;
    return rv_ok();
}

const struct agreement_row *agreements_find(const struct agreement_row *rows, size_t count,
                                            const char *name, const char *day)
{
    const struct agreement_row *next = NULL;
    for (size_t i = 0; i < count; i++) { /* newest first */
        if (strcmp(rows[i].terms.id, name) != 0) {
            continue;
        }
        if (strcmp(rows[i].first_day, day) <= 0) {
            return &rows[i];
        }
        next = &rows[i];
    }
    return next;
}

bool agreement_row_is_in_force(const struct agreement_row *row, const char *day)
{
    return strcmp(row->first_day, day) <= 0 && strcmp(day, row->last_day) <= 0;
}

rv_status agreement_unknown(struct arena *a, const struct agreement_row *rows, size_t count,
                            const char *name, struct rv_err *reterr)
{
    const char *list = "";
    size_t named = 0;
    for (size_t i = 0; i < count && list && named < 20; i++) {
        if (agreements_find(rows, i, rows[i].terms.id, "9999-12-31") == NULL) {
            list = arena_printf(a, "%s%s%s", list, named++ ? ", " : "", rows[i].terms.id);
        }
    }
    if (!list) {
        return arena_fail(a, reterr);
    }
    return rv_fail(reterr, RV_NOT_FOUND,
                   "there is no agreement \"%.60s\"; %s%s; record one with 'reeve agreement FILE "
                   "add JSON'",
                   name, named ? "the file has " : "the file has none", list);
}

/* Who decided stands in the row itself; the audit holds no names of people. */
static rv_status note(struct store *s, const struct agreement_row *row, const char *act,
                      struct rv_err *reterr)
{
    char action[40], subject[100];
    const struct act by = {.by = 0, .now = audit_seconds(row->made_at)};
    (void)snprintf(action, sizeof action, "agreement.%s", act);
    (void)snprintf(subject, sizeof subject, "agreement %s", row->terms.id);
    return audit_add(s, by, action, subject, "done", reterr);
}

static rv_status insert(struct store *s, const struct agreement_row *row, const char *act,
                        struct rv_err *reterr)
{
    const struct agreement *x = &row->terms;
    struct stmt *st;
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(x->json.at, x->json.n, hash, reterr));
    RV_TRY(store_prepare(s, SQL_AGREEMENT_INSERT, &st, reterr));
    stmt_bind_string(st, ":name", x->id);
    stmt_bind_string(st, ":act", act);
    stmt_bind_string(st, ":starts", row->first_day);
    stmt_bind_string(st, ":last_day", row->last_day);
    if (x->retention_months) {
        stmt_bind_int(st, ":retention_months", x->retention_months);
    }
    stmt_bind_string(st, ":marking", marking_name(x->marking));
    stmt_bind_text(st, ":body", x->json);
    stmt_bind_string(st, ":sha256", hash);
    stmt_bind_string(st, ":made_at", row->made_at);
    stmt_bind_string(st, ":made_by", row->made_by);
    RV_TRY(stmt_run(st, reterr));
    fault_point("agreement.written");
    return note(s, row, act, reterr);
}

rv_status agreement_add(struct store *s, struct arena *a, const struct agreement *x,
                        const char *author, const char *now_utc, struct rv_err *reterr)
{
    struct agreement_row *rows;
    size_t count;
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(agreements_list(s, a, &rows, &count, reterr));
    const struct agreement_row *newest = agreements_find(rows, count, x->id, "9999-12-31");
    if (newest && !newest->is_end && newest->terms.json.n == x->json.n &&
        memcmp(newest->terms.json.at, x->json.at, x->json.n) == 0) {
        return rv_fail(reterr, RV_REFUSED,
                       "these very terms of \"%s\" are recorded already, on %.10s", x->id,
                       newest->made_at);
    }
    const struct agreement_row row = {.first_day = x->first_day,
                                      .last_day = x->last_day,
                                      .made_at = now_utc,
                                      .made_by = author,
                                      .terms = *x};
    RV_TRY(insert(s, &row, "added", reterr));
    return store_commit(s, reterr);
}

/* The day before "2026-03-31"; ret needs 24 bytes. */
static void day_before(const char *day, char ret[24])
{
    civil_time t = 0;
    (void)civil_parse(text_of(day), &t);
    size_t n = civil_write(civil_pack(civil_seconds(t) - 86400, CIVIL_DATE), ret);
    ret[n] = '\0';
}

rv_status agreement_end(struct store *s, struct arena *a, const char *name, const char *author,
                        const char *now_utc, struct rv_err *reterr)
{
    struct agreement_row *rows;
    size_t count;
    char last[24];
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(agreements_list(s, a, &rows, &count, reterr));
    const struct agreement_row *now = agreements_find(rows, count, name, store_day(s));
    if (!now) {
        return agreement_unknown(a, rows, count, name, reterr);
    }
    if (!agreement_row_is_in_force(now, store_day(s))) {
        return rv_fail(reterr, RV_REFUSED,
                       "the agreement \"%s\" is not in force on %s: it is from %s to %s", name,
                       store_day(s), now->first_day, now->last_day);
    }
    day_before(store_day(s), last);
    const struct agreement_row row = {.first_day = store_day(s),
                                      .last_day = last,
                                      .made_at = now_utc,
                                      .made_by = author,
                                      .terms = now->terms};
    RV_TRY(insert(s, &row, "ended", reterr));
    return store_commit(s, reterr);
}

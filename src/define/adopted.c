/* define/adopted.c — the register of definitions. SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/adopted.h"

#include "base/hash.h"
#include "store/sql_id.h"

#include <string.h>

static rv_status keep(struct arena *a, struct stmt *st, int column, const char **ret,
                      struct rv_err *reterr)
{
    *ret = stmt_keep(st, column, a);
    return *ret ? rv_ok() : arena_fail(a, reterr);
}

static rv_status read_row(struct arena *a, struct stmt *st, struct adoption *ret,
                          struct rv_err *reterr)
{
    const char *body;
    ret->id = stmt_int(st, 0);
    RV_TRY(keep(a, st, 1, &ret->name, reterr));
    RV_TRY(keep(a, st, 2, &ret->version, reterr));
    RV_TRY(keep(a, st, 3, &ret->title, reterr));
    RV_TRY(keep(a, st, 4, &body, reterr));
    ret->body = (struct text){body, stmt_text(st, 4).n};
    RV_TRY(keep(a, st, 5, &ret->sha256, reterr));
    RV_TRY(keep(a, st, 6, &ret->adopted_at, reterr));
    return keep(a, st, 7, &ret->adopted_by, reterr);
}

rv_status adopted_list(struct store *s, struct arena *a, struct adoption **ret, size_t *ret_count,
                       struct rv_err *reterr)
{
    struct stmt *st;
    struct adoption *list = NULL;
    size_t count = 0, capacity = 0;
    RV_TRY(store_prepare(s, SQL_DEFINITION_LIST, &st, reterr));
    for (bool has_row = true; has_row;) {
        RV_TRY(stmt_step(st, &has_row, reterr));
        if (!has_row) {
            break;
        }
        list = arena_grow(a, list, count, &capacity, sizeof *list);
        rv_status status = list ? read_row(a, st, &list[count++], reterr) : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
    *ret = list;
    *ret_count = count;
    return rv_ok();
}

static rv_status check_whole(const struct adoption *x, struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(x->body.at, x->body.n, hash, reterr));
    return strcmp(hash, x->sha256) == 0
               ? rv_ok()
               : rv_fail(reterr, RV_DAMAGED,
                         "the definition \"%s\" in the file is not the one that was adopted: "
                         "restore a backup",
                         x->name);
}

rv_status adopted_definition(struct store *s, struct arena *a, const struct definition **ret,
                             struct rv_err *reterr)
{
    struct adoption *list;
    size_t count;
    RV_TRY(adopted_list(s, a, &list, &count, reterr));
    struct definition *d = NULL;
    if (count > 0) {
        struct rv_err err;
        RV_TRY(check_whole(&list[0], reterr));
        d = ARENA_NEW(a, struct definition, 1);
        if (!d) {
            return arena_fail(a, reterr);
        }
        if (!rv_is_ok(definition_read(a, list[0].name, list[0].body, d, &err))) {
            return rv_fail(reterr, RV_DAMAGED, "the adopted definition does not read: %s",
                           err.message);
        }
    }
    *ret = d;
    return rv_ok();
}

rv_status adopt_definition_within(struct store *s, struct arena *a, const struct definition *d,
                                  const char *author, const char *now_utc, struct rv_err *reterr)
{
    struct adoption *list;
    struct stmt *st;
    size_t count;
    char hash[SHA256_HEX + 1];
    RV_TRY(sha256_of(d->json.at, d->json.n, hash, reterr));
    RV_TRY(adopted_list(s, a, &list, &count, reterr));
    if (count > 0 && strcmp(list[0].sha256, hash) == 0) {
        return rv_fail(reterr, RV_REFUSED,
                       "this very definition is in force already: %s, version %s, adopted %.10s",
                       d->id, d->version, list[0].adopted_at);
    }
    RV_TRY(store_prepare(s, SQL_DEFINITION_INSERT, &st, reterr));
    stmt_bind_string(st, ":name", d->id);
    stmt_bind_string(st, ":version", d->version);
    stmt_bind_string(st, ":title", d->title);
    stmt_bind_text(st, ":body", d->json);
    stmt_bind_string(st, ":sha256", hash);
    stmt_bind_string(st, ":adopted_at", now_utc);
    stmt_bind_string(st, ":adopted_by", author);
    return stmt_run(st, reterr);
}

rv_status adopt_definition(struct store *s, struct arena *a, const struct definition *d,
                           const char *author, const char *now_utc, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(adopt_definition_within(s, a, d, author, now_utc, reterr));
    return store_commit(s, reterr);
}

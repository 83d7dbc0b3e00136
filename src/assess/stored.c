/* assess/stored.c — the assessment that the partnership file keeps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "store/sql_id.h"

#include <string.h>

static rv_status sources_json(const struct assessment *x, struct buf *out, struct rv_err *reterr)
{
    struct json_writer j;
    json_writer_init(&j, out, false);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < x->source_count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "extract", x->sources[i].extract);
        json_put_string(&j, "sha256", x->sources[i].sha256);
        json_put_string(&j, "file", x->sources[i].file_name);
        json_end_object(&j);
    }
    json_end_array(&j);
    return buf_status(out, reterr);
}

static rv_status insert_assessment(struct store *s, const struct assessment *x, int64_t *ret_id,
                                   struct rv_err *reterr)
{
    struct buf sources RV_CLEANUP(buf_done);
    buf_init(&sources, LIMIT_JSON_BYTES);
    RV_TRY(sources_json(x, &sources, reterr));
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_ASSESSMENT_CLEAR, &st, reterr));
    RV_TRY(stmt_run(st, reterr));
    RV_TRY(store_prepare(s, SQL_ASSESSMENT_INSERT, &st, reterr));
    stmt_bind_string(st, ":area", x->area);
    stmt_bind_int(st, ":first", x->period.first);
    stmt_bind_int(st, ":last", x->period.last);
    if (x->compare.first <= x->compare.last) {
        stmt_bind_int(st, ":compare_first", x->compare.first);
        stmt_bind_int(st, ":compare_last", x->compare.last);
    }
    stmt_bind_text(st, ":sources", buf_view(&sources));
    RV_TRY(stmt_run(st, reterr));
    *ret_id = store_last_id(s);
    return rv_ok();
}

static const struct result_table *named_table(const struct assessment *x, const char *id)
{
    for (size_t i = 0; id && i < x->table_count; i++) {
        if (strcmp(x->tables[i].id, id) == 0) {
            return &x->tables[i];
        }
    }
    return NULL;
}

static rv_status insert_finding(struct store *s, int64_t assessment, size_t position,
                                const struct finding *f, struct text body, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_FINDING_INSERT, &st, reterr));
    stmt_bind_int(st, ":assessment", assessment);
    stmt_bind_int(st, ":position", (int64_t)position);
    stmt_bind_string(st, ":id", f->id);
    stmt_bind_text(st, ":body", body);
    stmt_bind_string(st, ":table", f->table);
    return stmt_run(st, reterr);
}

static rv_status insert_table(struct store *s, int64_t assessment, const char *id, struct text body,
                              struct rv_err *reterr)
{
    char hash[SHA256_HEX + 1];
    struct stmt *st = NULL;
    RV_TRY(sha256_of(body.at, body.n, hash, reterr));
    RV_TRY(store_prepare(s, SQL_FINDING_TABLE_INSERT, &st, reterr));
    stmt_bind_int(st, ":assessment", assessment);
    stmt_bind_string(st, ":id", id);
    stmt_bind_string(st, ":body_hash", hash);
    stmt_bind_text(st, ":body", body);
    return stmt_run(st, reterr);
}

/* The table of finding `at`, unless an earlier finding named it already. */
static rv_status insert_table_of(struct store *s, int64_t id, const struct assessment *x, size_t at,
                                 const struct assess_to_json *to_json, struct buf *body,
                                 struct rv_err *reterr)
{
    const struct result_table *t = named_table(x, x->findings[at].table);
    for (size_t i = 0; t && i < at; i++) {
        const char *earlier = x->findings[i].table;
        if (earlier && strcmp(earlier, t->id) == 0) {
            return rv_ok();
        }
    }
    if (!t) {
        return rv_ok();
    }
    buf_clear(body);
    RV_TRY(to_json->table(to_json->context, t, body, reterr));
    RV_TRY(buf_status(body, reterr));
    return insert_table(s, id, t->id, buf_view(body), reterr);
}

static rv_status insert_all(struct store *s, const struct assessment *x,
                            const struct assess_to_json *to_json, struct rv_err *reterr)
{
    int64_t id = 0;
    RV_TRY(insert_assessment(s, x, &id, reterr));
    struct buf body RV_CLEANUP(buf_done);
    buf_init(&body, LIMIT_JSON_BYTES);
    for (size_t i = 0; i < x->finding_count; i++) {
        buf_clear(&body);
        RV_TRY(to_json->finding(to_json->context, &x->findings[i], &body, reterr));
        RV_TRY(buf_status(&body, reterr));
        RV_TRY(insert_finding(s, id, i, &x->findings[i], buf_view(&body), reterr));
        RV_TRY(insert_table_of(s, id, x, i, to_json, &body, reterr));
    }
    return rv_ok();
}

rv_status assess_store(struct store *s, const struct assessment *assessment,
                       const struct assess_to_json *to_json, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    rv_status status = insert_all(s, assessment, to_json, reterr);
    if (rv_is_ok(status)) {
        status = store_commit(s, reterr);
    }
    if (!rv_is_ok(status)) {
        store_rollback(s);
    }
    return status;
}

static rv_status read_finding(struct stmt *st, struct arena *a, struct stored_finding *ret,
                              struct rv_err *reterr)
{
    struct text name = stmt_text(st, 0), body = stmt_text(st, 1);
    bool has_table = !stmt_is_null(st, 2);
    *ret = (struct stored_finding){
        .id = arena_text(a, name.at, name.n),
        .body = {arena_text(a, body.at, body.n), body.n},
        .table = has_table ? stmt_keep(st, 2, a) : NULL,
        .table_hash = has_table ? stmt_keep(st, 3, a) : NULL,
    };
    bool is_whole = ret->id && ret->body.at && (!has_table || (ret->table && ret->table_hash));
    return is_whole ? rv_ok() : arena_fail(a, reterr);
}

static rv_status load_findings(struct store *s, struct arena *a, struct stored_assessment *x,
                               struct rv_err *reterr)
{
    struct stmt *st = NULL;
    size_t room = 0;
    RV_TRY(store_prepare(s, SQL_FINDING_LIST, &st, reterr));
    stmt_bind_int(st, ":assessment", x->id);
    for (;;) {
        bool has_row = false;
        RV_TRY(stmt_step(st, &has_row, reterr));
        if (!has_row) {
            return rv_ok();
        }
        x->findings = arena_grow(a, x->findings, x->finding_count, &room, sizeof *x->findings);
        rv_status status = x->findings
                               ? read_finding(st, a, &x->findings[x->finding_count++], reterr)
                               : arena_fail(a, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
}

rv_status assess_last_id(struct store *s, int64_t *ret, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_ASSESSMENT_LAST, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    *ret = has_row ? stmt_int(st, 0) : 0;
    stmt_reset(st);
    return rv_ok();
}

rv_status assess_load(struct store *s, struct arena *a, struct stored_assessment *ret,
                      struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool has_row = false;
    RV_TRY(store_prepare(s, SQL_ASSESSMENT_LAST, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No assessment is stored yet: run \"reeve assess FILE --area CODE --period "
                       "A..B\" first.");
    }
    struct stored_assessment x = {.id = stmt_int(st, 0), .compare = ASSESS_NO_COMPARE};
    struct text area = stmt_text(st, 1), sources = stmt_text(st, 6);
    x.area = arena_text(a, area.at, area.n);
    x.period = (struct month_range){(int32_t)stmt_int(st, 2), (int32_t)stmt_int(st, 3)};
    if (!stmt_is_null(st, 4)) {
        x.compare = (struct month_range){(int32_t)stmt_int(st, 4), (int32_t)stmt_int(st, 5)};
    }
    x.sources = (struct text){arena_text(a, sources.at, sources.n), sources.n};
    stmt_reset(st);
    if (!x.area || !x.sources.at) {
        return arena_fail(a, reterr);
    }
    RV_TRY(load_findings(s, a, &x, reterr));
    *ret = x;
    return rv_ok();
}

rv_status assess_load_table(struct store *s, struct arena *a, int64_t assessment, const char *id,
                            struct text *ret, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    bool has_row = false;
    char hash[SHA256_HEX + 1];
    RV_TRY(store_prepare(s, SQL_FINDING_TABLE_GET, &st, reterr));
    stmt_bind_int(st, ":assessment", assessment);
    stmt_bind_string(st, ":id", id);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (!has_row) {
        return rv_fail(reterr, RV_NOT_FOUND, "The file keeps no table \"%.100s\".", id);
    }
    const char *kept = stmt_keep(st, 0, a);
    struct text body = stmt_text(st, 1);
    *ret = (struct text){arena_text(a, body.at, body.n), body.n};
    stmt_reset(st);
    if (!kept || !ret->at) {
        return arena_fail(a, reterr);
    }
    RV_TRY(sha256_of(ret->at, ret->n, hash, reterr));
    return strcmp(hash, kept) == 0
               ? rv_ok()
               : rv_fail(reterr, RV_DAMAGED, "The table \"%.100s\" is not as it was kept.", id);
}

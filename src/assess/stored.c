/* assess/stored.c — the assessment that the partnership file keeps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess.h"
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

static rv_status insert_all(struct store *s, const struct assessment *x,
                            assess_finding_json *to_json, void *context, struct rv_err *reterr)
{
    int64_t id = 0;
    RV_TRY(insert_assessment(s, x, &id, reterr));
    struct buf body RV_CLEANUP(buf_done);
    buf_init(&body, LIMIT_JSON_BYTES);
    for (size_t i = 0; i < x->finding_count; i++) {
        struct stmt *st = NULL;
        buf_clear(&body);
        RV_TRY(to_json(context, &x->findings[i], &body, reterr));
        RV_TRY(buf_status(&body, reterr));
        RV_TRY(store_prepare(s, SQL_FINDING_INSERT, &st, reterr));
        stmt_bind_int(st, ":assessment", id);
        stmt_bind_int(st, ":position", (int64_t)i);
        stmt_bind_string(st, ":id", x->findings[i].id);
        stmt_bind_text(st, ":body", buf_view(&body));
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

rv_status assess_store(struct store *s, const struct assessment *assessment,
                       assess_finding_json *to_json, void *context, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    rv_status status = insert_all(s, assessment, to_json, context, reterr);
    if (rv_is_ok(status)) {
        status = store_commit(s, reterr);
    }
    if (!rv_is_ok(status)) {
        store_rollback(s);
    }
    return status;
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
        if (!x->findings) {
            stmt_reset(st);
            return arena_fail(a, reterr);
        }
        struct text name = stmt_text(st, 0), body = stmt_text(st, 1);
        struct stored_finding *f = &x->findings[x->finding_count++];
        f->id = arena_text(a, name.at, name.n);
        f->body = (struct text){arena_text(a, body.at, body.n), body.n};
        if (!f->id || !f->body.at) {
            stmt_reset(st);
            return arena_fail(a, reterr);
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

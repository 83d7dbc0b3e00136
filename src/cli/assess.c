/* cli/assess.c — assess: findings computed, worded, stored, and written as a report.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/assess.h"

#include "assess/claim.h"
#include "assess/last.h"
#include "assess/template.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/documents.h"
#include "cli/opening.h"
#include "report/context.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/table.h"
#include "report/table_store.h"

#include <string.h>

static rv_status take_period(const struct args *args, const char *name, struct month_range *ret,
                             struct rv_err *reterr)
{
    const char *given = args_get(args, name);
    if (!given) {
        return rv_ok();
    }
    if (!month_range_parse(text_of(given), ret)) {
        return rv_fail(reterr, RV_USAGE,
                       "--%s takes whole months, first and last: 2021-01..2021-12, not '%s'", name,
                       given);
    }
    return rv_ok();
}

static rv_status take_options(const struct args *args, struct assess_options *ret,
                              struct rv_err *reterr)
{
    *ret = (struct assess_options){
        .area = args_get(args, "area"),
        .period = {1, 0},
        .compare = ASSESS_NO_COMPARE,
        .vintage = args_get(args, "vintage"),
        .denominator = args_get(args, "denominator"),
        .checks_data = args_get(args, "out") != NULL, /* tables go to the report alone */
    };
    RV_TRY(take_period(args, "period", &ret->period, reterr));
    RV_TRY(take_period(args, "compare", &ret->compare, reterr));
    RV_TRY(documents_check(args, reterr));
    if (!ret->area || ret->period.first > ret->period.last) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve assess' needs --area and --period (see 'reeve assess --help')");
    }
    return rv_ok();
}

static rv_status json_of_finding(void *context, const struct finding *f, struct buf *out,
                                 struct rv_err *reterr)
{
    (void)context;
    return finding_to_json(f, out, reterr);
}

static rv_status json_of_table(void *context, const struct result_table *t, struct buf *out,
                               struct rv_err *reterr)
{
    (void)context;
    return result_table_to_json(t, out, reterr);
}

/* ---- files ---- */

static rv_status write_file(struct arena *a, const char *dir, const char *name, const char *ending,
                            const struct buf *bytes, struct rv_err *reterr)
{
    RV_TRY(buf_status(bytes, reterr));
    const char *path = arena_printf(a, "%s/%s%s", dir, name, ending);
    return path ? file_write(path, buf_view(bytes), reterr) : arena_fail(a, reterr);
}

static rv_status write_tables(struct arena *a, const struct assessment *assessment, const char *dir,
                              struct buf *scratch, struct rv_err *reterr)
{
    const char *tables = arena_printf(a, "%s/tables", dir);
    if (!tables) {
        return arena_fail(a, reterr);
    }
    RV_TRY(file_make_dir(tables, reterr));
    for (size_t i = 0; i < assessment->table_count; i++) {
        buf_clear(scratch);
        RV_TRY(result_table_csv(&assessment->tables[i], scratch, reterr));
        RV_TRY(write_file(a, tables, assessment->tables[i].id, ".csv", scratch, reterr));
    }
    return rv_ok();
}

/* The report goes last, because it links to what else was written. */
static rv_status write_report(struct session *session, struct store *s,
                              const struct assessment *assessment,
                              const struct sentences *sentences, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    const char *dir = args_get(&session->args, "out");
    struct report_context context;
    RV_TRY(context_load(s, a, &context, reterr));
    context.sentences = sentences;
    context.csv_dir = "tables/";
    context.title = assessment->heading;
    RV_TRY(context_layers(s, a, assessment, &context, reterr));
    RV_TRY(file_make_dir(dir, reterr));
    RV_CLEANUP(buf_done) struct buf out;
    buf_init(&out, LIMIT_REPORT_BYTES);
    RV_TRY(findings_json(assessment->findings, assessment->finding_count, &out, reterr));
    RV_TRY(write_file(a, dir, "findings", ".json", &out, reterr));
    buf_clear(&out);
    RV_TRY(findings_csv(assessment->findings, assessment->finding_count, &out, reterr));
    RV_TRY(write_file(a, dir, "findings", ".csv", &out, reterr));
    RV_TRY(write_tables(a, assessment, dir, &out, reterr));
    RV_TRY(documents_write(session, assessment, dir, &context, reterr));
    buf_clear(&out);
    RV_TRY(report_html(a, assessment, &context, &out, reterr));
    return write_file(a, dir, "report", ".html", &out, reterr);
}

static void say_key_findings(const struct assessment *assessment, struct buf *out)
{
    for (size_t i = 0; i < assessment->finding_count; i++) {
        const struct finding *f = &assessment->findings[i];
        if (f->is_key) {
            bool is_told = f->verdict != VERDICT_HOLDS && f->verdict != VERDICT_NOT_AVAILABLE;
            buf_printf(out, "- %s [%s%s%s]\n", f->statement, f->id, is_told ? ", " : "",
                       is_told ? finding_verdict_name(f->verdict) : "");
        }
    }
    buf_printf(out, "%zu findings and %zu tables; 'reeve why FILE ID' shows how one was computed\n",
               assessment->finding_count, assessment->table_count);
}

/* Every scan of one assessment sees the same state of the file, whatever is imported meanwhile. */
static rv_status run_on_snapshot(struct session *session, struct store *s, struct pool *pool,
                                 const struct assess_options *options, struct assessment *ret,
                                 struct rv_err *reterr)
{
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    return assess_run(s, &session->arena, pool, &session->progress, options, ret, reterr);
}

/* A list of claims is read first: a wrong one must not cost an assessment. */
struct claims_given {
    struct claim_expected *list; /* NULL = none given */
    size_t count;
};

static rv_status take_claims(struct session *session, struct claims_given *ret,
                             struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "claims");
    *ret = (struct claims_given){NULL, 0};
    if (path && !args_get(&session->args, "out")) {
        return rv_fail(reterr, RV_USAGE, "--claims adds a chapter to the report: give --out DIR");
    }
    return path ? claims_expected(&session->arena, path, &ret->list, &ret->count, reterr) : rv_ok();
}

/* Read first, as claims are. NULL: the default. */
static rv_status take_template(struct session *session, struct assess_template *template,
                               struct assess_options *options, struct rv_err *reterr)
{
    const char *given = args_get(&session->args, "template");
    if (given) {
        RV_TRY(template_load(&session->arena, given, template, reterr));
        options->template = template;
    }
    return rv_ok();
}

/* Read first, as claims are. */
struct last_given {
    struct last_finding *list; /* NULL = none given */
    size_t count;
};

static rv_status take_last(struct session *session, struct last_given *ret, struct rv_err *reterr)
{
    const char *path = args_get(&session->args, "last");
    *ret = (struct last_given){NULL, 0};
    if (!path) {
        return rv_ok();
    }
    RV_CLEANUP(buf_done) struct buf json;
    buf_init(&json, LIMIT_JSON_BYTES);
    RV_TRY(file_read(path, &json, reterr));
    return last_read(&session->arena, file_base_name(path), buf_view(&json), &ret->list,
                     &ret->count, reterr);
}

static void say_last(const struct assessment_last *last, struct buf *out)
{
    buf_text(out, "Of the last assessment: ");
    for (int since = SINCE_STILL; since < SINCE_COUNT; since++) {
        buf_printf(out, "%zu %s, ", last->counts[since],
                   last_since_name((enum finding_since)since));
    }
    buf_printf(out, "%zu not told this time\n", last->absent_count);
}

/* After the assessment is stored, so that claims are held against its own findings. */
static rv_status add_claims(struct session *session, struct store *s, struct pool *pool,
                            const struct claims_given *claims, struct assessment *assessment,
                            struct rv_err *reterr)
{
    struct claim_row *rows;
    if (!claims->list) {
        return rv_ok();
    }
    RV_TRY(claims_rows(s, &session->arena, pool, &session->progress, "havering", claims->list,
                       claims->count, &rows, reterr));
    for (size_t i = 0; i < claims->count; i++) {
        session->needs_attention =
            session->needs_attention || rows[i].result.verdict == CLAIM_NOT_MET;
    }
    return claims_chapter(&session->arena, rows, claims->count, assessment, reterr);
}

rv_status run_assess(struct session *session, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct assess_options options;
    struct claims_given claims;
    struct last_given last;
    RV_TRY(take_options(&session->args, &options, reterr));
    struct assess_template template;
    RV_TRY(take_template(session, &template, &options, reterr));
    RV_TRY(take_claims(session, &claims, reterr));
    RV_TRY(take_last(session, &last, reterr));
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_WRITE, &s, reterr));
    store_doing(s, "an assessment");
    struct assessment assessment;
    RV_TRY(run_on_snapshot(session, s, pool, &options, &assessment, reterr));
    struct sentences *sentences;
    RV_TRY(sentences_load(a, &sentences, reterr));
    RV_TRY(sentences_render_all(sentences, a, &assessment, reterr));
    const struct assess_to_json to_json = {json_of_finding, json_of_table, NULL};
    RV_TRY(assess_store(s, &assessment, &to_json, reterr));
    if (last.list) {
        RV_TRY(last_compare(a, &assessment, last.list, last.count, reterr));
    }
    RV_TRY(add_claims(session, s, pool, &claims, &assessment, reterr));
    const char *dir = args_get(&session->args, "out");
    if (dir) {
        RV_TRY(write_report(session, s, &assessment, sentences, reterr));
    }
    if (session->is_json) {
        return findings_json(assessment.findings, assessment.finding_count, &session->out, reterr);
    }
    say_key_findings(&assessment, &session->out);
    if (assessment.last) {
        say_last(assessment.last, &session->out);
    }
    if (dir) {
        buf_printf(&session->out, "The report is %s/report.html\n", dir);
    }
    return rv_ok();
}

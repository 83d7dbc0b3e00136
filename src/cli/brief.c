/* cli/brief.c — brief: the tasking product of a borough or a group, on two pages.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/brief.h"

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/parse.h"
#include "cli/commands.h"
#include "cli/convert.h"
#include "cli/opening.h"
#include "report/brief_page.h"
#include "report/context.h"
#include "report/findings.h"
#include "report/sentence.h"
#include "report/table.h"
#include "report/table_json.h"

#include <string.h>

#define DAYS_MOST 91

static rv_status take_day(const struct args *args, struct brief_options *o, struct rv_err *reterr)
{
    const char *given = args_get(args, "on");
    civil_time t;
    if (!given) {
        return rv_ok();
    }
    if (civil_parse(text_of(given), &t) != CIVIL_OK || civil_precision_of(t) != CIVIL_DATE) {
        return rv_fail(reterr, RV_USAGE, "--on takes a date, 2023-01-01, not '%.40s'", given);
    }
    o->has_on = true;
    o->on = civil_day_of(t);
    return rv_ok();
}

static rv_status take_length(const struct args *args, struct brief_options *o,
                             struct rv_err *reterr)
{
    const char *given = args_get(args, "days");
    int64_t days = 0;
    if (!given) {
        return rv_ok();
    }
    if (!parse_int(text_of(given), &days) || days < 7 || days > DAYS_MOST ||
        days % 7 != 0) { /* else windows hold unlike weekdays */
        return rv_fail(reterr, RV_USAGE,
                       "--days takes whole weeks, 7, 14, 21 … up to %d, not '%.40s'", DAYS_MOST,
                       given);
    }
    o->days = (int32_t)days;
    return rv_ok();
}

static rv_status take_product(struct session *session, struct brief_options *o,
                              struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    const char *path = args_get(&session->args, "products");
    const char *id = args_get(&session->args, "group");
    struct brief_products all;
    if (path) {
        RV_CLEANUP(buf_done) struct buf json;
        buf_init(&json, LIMIT_JSON_BYTES);
        RV_TRY(file_read(path, &json, reterr));
        RV_TRY(brief_products_read(a, path, buf_view(&json), &all, reterr));
    } else {
        RV_TRY(brief_products_shipped(a, &all, reterr));
    }
    o->products = path;
    o->product = id || !path || all.count == 1
                     ? (id || !path ? brief_product_find(&all, id ? id : "tasking") : &all.items[0])
                     : NULL;
    if (!o->product) {
        return rv_fail(reterr, RV_USAGE, "--group takes one of the products %s%s%.40s%s",
                       brief_product_names(a, &all), id ? ", not '" : "", id ? id : "",
                       id ? "'" : "");
    }
    return rv_ok();
}

static rv_status take_options(struct session *session, struct brief_options *ret,
                              struct rv_err *reterr)
{
    const struct args *args = &session->args;
    struct brief_options o = {.area = args_get(args, "area"), .source = args_get(args, "source")};
    if (!o.area) {
        return rv_fail(reterr, RV_USAGE, "'reeve brief' needs --area (see 'reeve brief --help')");
    }
    if (args_has(args, "pdf") && !args_has(args, "out")) {
        return rv_fail(reterr, RV_USAGE, "--pdf needs --out DIR, where the files are written");
    }
    RV_TRY(take_day(args, &o, reterr));
    RV_TRY(take_length(args, &o, reterr));
    RV_TRY(take_product(session, &o, reterr));
    *ret = o;
    return rv_ok();
}

/* ---- what is printed ---- */

static void put_period(struct json_writer *j, const char *key, const char *first, const char *last)
{
    json_put_array(j, key);
    json_put_string(j, NULL, first);
    json_put_string(j, NULL, last);
    json_end_array(j);
}

static rv_status put_json(const struct brief *b, struct buf *out, struct rv_err *reterr)
{
    struct json_writer j;
    buf_text(out, "{\"brief\": ");
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "product", b->product->id);
    json_put_string(&j, "area", b->found.area);
    json_put_string(&j, "on", b->on);
    json_put_int(&j, "days", b->days);
    put_period(&j, "window", b->first, b->last);
    put_period(&j, "before", b->before_first, b->before_last);
    put_period(&j, "year_before", b->year_first, b->year_last);
    json_put_int(&j, "earlier_windows", b->windows);
    json_put_string(&j, "marking", marking_name(b->found.marking));
    json_end_object(&j);
    buf_text(out, ",\n\"findings\": ");
    RV_TRY(findings_json(b->found.findings, b->found.finding_count, out, reterr));
    buf_text(out, ",\n\"tables\": {");
    for (size_t i = 0; i < b->found.table_count; i++) {
        buf_printf(out, "%s\"%s\": ", i ? ",\n" : "\n", b->found.tables[i].id);
        table_json(&b->found.tables[i], out);
    }
    buf_text(out, "}}\n");
    return buf_status(out, reterr);
}

/* What the page says first, for a terminal. */
static void say(const struct brief *b, struct buf *out)
{
    static const char *const said[] = {"brief.window.",  "brief.places.", "brief.trend.",
                                       "brief.changes.", "brief.check.",  "brief.late."};
    for (size_t s = 0; s < sizeof said / sizeof *said; s++) {
        for (size_t i = 0; i < b->found.finding_count; i++) {
            const struct finding *f = &b->found.findings[i];
            if (strncmp(f->id, said[s], strlen(said[s])) == 0) {
                buf_printf(out, "- %s\n", f->statement);
            }
        }
    }
}

/* ---- what is written ---- */

static rv_status put_file(struct arena *a, const char *dir, const char *name, struct text bytes,
                          struct rv_err *reterr)
{
    const char *path = arena_printf(a, "%s/%s", dir, name);
    return path ? file_write(path, bytes, reterr) : arena_fail(a, reterr);
}

static rv_status write_pdf(struct session *session, const char *dir, struct text html,
                           struct rv_err *reterr)
{
    struct text pdf;
    RV_TRY(convert_pdf(session, html, false, &pdf, reterr));
    return convert_keep(session, dir, "brief.pdf", pdf, reterr);
}

static rv_status write_tables(struct arena *a, const struct brief *b, const char *dir,
                              struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf csv;
    buf_init(&csv, LIMIT_REPORT_BYTES);
    for (size_t i = 0; i < b->found.table_count; i++) {
        const char *name = arena_printf(a, "%s.csv", b->found.tables[i].id);
        buf_clear(&csv);
        RV_TRY(result_table_csv(&b->found.tables[i], &csv, reterr));
        RV_TRY(buf_status(&csv, reterr));
        RV_TRY(name ? put_file(a, dir, name, buf_view(&csv), reterr) : arena_fail(a, reterr));
    }
    return rv_ok();
}

static rv_status write_all(struct session *session, struct store *s, const struct brief *b,
                           const char *dir, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct report_context context;
    RV_CLEANUP(buf_done) struct buf html;
    buf_init(&html, LIMIT_REPORT_BYTES);
    RV_TRY(context_load(s, a, &context, reterr));
    RV_TRY(brief_page(a, b, &context, &html, reterr));
    RV_TRY(file_make_dir(dir, reterr));
    RV_TRY(write_tables(a, b, dir, reterr));
    RV_TRY(put_file(a, dir, "brief.html", buf_view(&html), reterr));
    return args_has(&session->args, "pdf") ? write_pdf(session, dir, buf_view(&html), reterr)
                                           : rv_ok();
}

rv_status run_brief(struct session *session, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct brief_options options;
    RV_TRY(take_options(session, &options, reterr));
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    struct brief brief;
    RV_TRY(brief_run(s, a, pool, &session->progress, &options, &brief, reterr));
    struct sentences *sentences;
    RV_TRY(sentences_load(a, &sentences, reterr));
    RV_TRY(sentences_render_all(sentences, a, &brief.found, reterr));
    const char *dir = args_get(&session->args, "out");
    if (dir) {
        RV_TRY(write_all(session, s, &brief, dir, reterr));
    }
    if (session->is_json) {
        return put_json(&brief, &session->out, reterr);
    }
    say(&brief, &session->out);
    if (dir) {
        buf_printf(&session->out, "The brief is %s/brief.html\n", dir);
    }
    return buf_status(&session->out, reterr);
}

/* cli/check.c — check: what each source can and cannot bear, worst first.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/quality.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/opening.h"

#include <math.h>
#include <string.h>

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

static rv_status take_options(const struct session *session, struct quality_options *ret,
                              enum format *ret_format, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *period = args_get(args, "period"), *format = args_get(args, "format");
    *ret = (struct quality_options){.source = args_get(args, "source"), .period = {1, 0}};
    if (period && !month_range_parse(text_of(period), &ret->period)) {
        return rv_fail(reterr, RV_USAGE,
                       "--period takes whole months, first and last: 2021-01..2021-12, not '%s'",
                       period);
    }
    *ret_format = session->is_json ? FORMAT_JSON : FORMAT_TEXT;
    if (format && strcmp(format, "csv") == 0) {
        *ret_format = FORMAT_CSV;
    } else if (format && strcmp(format, "json") == 0) {
        *ret_format = FORMAT_JSON;
    } else if (format && strcmp(format, "text") != 0) {
        return rv_fail(reterr, RV_USAGE, "--format takes text, csv or json, not '%s'", format);
    }
    return rv_ok();
}

/* ---- text ---- */

static void put_period(struct buf *out, struct month_range p)
{
    char from[8], to[8];
    month_write(p.first, from);
    month_write(p.last, to);
    buf_printf(out, "%s to %s", from, to);
}

static bool is_alike(const struct quality_check *a, const struct quality_check *b)
{
    return b->needs_attention && a->verdict == b->verdict && strcmp(a->check, b->check) == 0 &&
           strcmp(a->spoils, b->spoils) == 0;
}

/* A check with all others of its kind and verdict below it; what to do is told once. */
static void put_checks(struct buf *out, const struct quality_source *s, size_t first)
{
    const struct quality_check *c = &s->checks[first];
    for (size_t i = 0; i < first; i++) {
        if (is_alike(c, &s->checks[i])) {
            return;
        }
    }
    for (size_t i = first; i < s->check_count; i++) {
        if (i == first) {
            buf_printf(out, "  [%s] %s\n", finding_verdict_name(c->verdict), c->sentence);
        } else if (is_alike(c, &s->checks[i])) {
            buf_printf(out, "      %s\n", s->checks[i].sentence);
        }
    }
    buf_printf(out, "      Concerns: %s.\n", c->spoils);
    if (c->remedy[0]) {
        buf_printf(out, "      To do: %s\n", c->remedy);
    }
}

static void put_source(struct buf *out, const struct quality_source *s)
{
    size_t made = 0;
    for (size_t i = 0; i < s->check_count; i++) {
        made += s->checks[i].verdict != VERDICT_NOT_AVAILABLE;
    }
    buf_printf(out, "%s (%s)", s->source->name, s->source->kind);
    if (s->period.first <= s->period.last) {
        buf_text(out, ", ");
        put_period(out, s->period);
    }
    buf_printf(out, ": %zu of %zu checks need attention\n", s->attention_count, made);
    for (size_t i = 0; i < s->check_count; i++) {
        if (s->checks[i].needs_attention) {
            put_checks(out, s, i);
        }
    }
    for (size_t i = 0; i < s->check_count; i++) {
        if (s->checks[i].is_noted && !s->checks[i].needs_attention) {
            buf_printf(out, "  Noted: %s\n", s->checks[i].sentence);
        }
    }
    for (size_t i = 0; i < s->check_count; i++) {
        if (s->checks[i].verdict == VERDICT_NOT_AVAILABLE) {
            buf_printf(out, "  Not checked: %s\n", s->checks[i].sentence);
        }
    }
    buf_char(out, '\n');
}

static void put_text(struct buf *out, const struct quality_report *r)
{
    for (size_t i = 0; i < r->source_count; i++) {
        put_source(out, &r->sources[i]);
    }
    if (r->source_count == 0) {
        buf_text(out, "No records are held: there is nothing to check. Load them with 'reeve "
                      "import'.\n");
    } else if (r->attention_count == 0) {
        buf_text(out, "Nothing needs attention. --json lists every check that was made.\n");
    }
}

/* ---- JSON and CSV ---- */

static void put_json_check(struct json_writer *j, const struct quality_check *c)
{
    char month[8];
    json_put_object(j, NULL);
    json_put_string(j, "id", c->id);
    json_put_string(j, "check", c->check);
    json_put_string(j, "subject", c->subject);
    json_put_string(j, "verdict", finding_verdict_name(c->verdict));
    json_put_bool(j, "needs_attention", c->needs_attention);
    if (c->count < 0) {
        json_put_null(j, "count");
    } else {
        json_put_int(j, "count", c->count);
    }
    if (c->of < 0) {
        json_put_null(j, "of");
    } else {
        json_put_int(j, "of", c->of);
    }
    if (isfinite(c->measure)) {
        json_put_real(j, "measure", c->measure);
    } else {
        json_put_null(j, "measure");
    }
    json_put_string(j, "measure_name", c->measure_name);
    if (c->period.first <= c->period.last) {
        month_write(c->period.first, month);
        json_put_string(j, "period_from", month);
        month_write(c->period.last, month);
        json_put_string(j, "period_to", month);
    }
    json_put_string(j, "sentence", c->sentence);
    json_put_string(j, "concerns", c->spoils);
    json_put_string(j, "remedy", c->remedy);
    json_end_object(j);
}

static void put_json(struct buf *out, const struct quality_report *r)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_int(&j, "needs_attention", (int64_t)r->attention_count);
    json_put_array(&j, "sources");
    for (size_t i = 0; i < r->source_count; i++) {
        const struct quality_source *s = &r->sources[i];
        json_put_object(&j, NULL);
        json_put_string(&j, "source", s->source->name);
        json_put_string(&j, "kind", s->source->kind);
        json_put_int(&j, "needs_attention", (int64_t)s->attention_count);
        json_put_array(&j, "checks");
        for (size_t k = 0; k < s->check_count; k++) {
            put_json_check(&j, &s->checks[k]);
        }
        json_end_array(&j);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
}

static void put_cell(struct buf *out, const char *words)
{
    buf_csv_words(out, text_of(words));
    buf_char(out, ',');
}

static void put_csv(struct buf *out, const struct quality_report *r)
{
    buf_text(out, "id,source,kind,check,subject,verdict,needs_attention,count,of,measure,"
                  "measure_name,period_from,period_to,sentence,concerns,remedy\n");
    for (size_t i = 0; i < r->source_count; i++) {
        for (size_t k = 0; k < r->sources[i].check_count; k++) {
            const struct quality_check *c = &r->sources[i].checks[k];
            char month[8] = "";
            put_cell(out, c->id);
            put_cell(out, c->source);
            put_cell(out, c->kind);
            put_cell(out, c->check);
            put_cell(out, c->subject);
            put_cell(out, finding_verdict_name(c->verdict));
            buf_text(out, c->needs_attention ? "true," : "false,");
            if (c->count >= 0) {
                buf_int(out, c->count);
            }
            buf_char(out, ',');
            if (c->of >= 0) {
                buf_int(out, c->of);
            }
            buf_char(out, ',');
            buf_real(out, c->measure);
            buf_char(out, ',');
            put_cell(out, c->measure_name);
            bool has_period = c->period.first <= c->period.last;
            if (has_period) {
                month_write(c->period.first, month);
            }
            put_cell(out, month);
            if (has_period) {
                month_write(c->period.last, month);
            }
            put_cell(out, month);
            put_cell(out, c->sentence);
            put_cell(out, c->spoils);
            buf_csv_words(out, text_of(c->remedy));
            buf_char(out, '\n');
        }
    }
}

rv_status run_check(struct session *session, struct rv_err *reterr)
{
    struct quality_options options;
    enum format format;
    struct pool *pool;
    RV_TRY(take_options(session, &options, &format, reterr));
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    struct held held;
    struct quality_report report;
    RV_TRY(held_load(s, &session->arena, pool, &session->progress, &held, reterr));
    RV_TRY(quality_run(&held, &options, &report, reterr));
    session->needs_attention = report.attention_count > 0;
    if (format == FORMAT_JSON) {
        put_json(&session->out, &report);
    } else if (format == FORMAT_CSV) {
        put_csv(&session->out, &report);
    } else {
        put_text(&session->out, &report);
    }
    return buf_status(&session->out, reterr);
}

/* cli/check.c — check: what each source can and cannot bear, worst first.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/quality.h"
#include "cli/commands.h"
#include "cli/opening.h"

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
        quality_json(&report, &session->out);
    } else if (format == FORMAT_CSV) {
        quality_csv(&report, &session->out);
    } else {
        put_text(&session->out, &report);
    }
    return buf_status(&session->out, reterr);
}

/* assess/quality_say.c — every check that was made, as JSON and as CSV.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality.h"
#include "base/json.h"

#include <math.h>

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

void quality_json(const struct quality_report *r, struct buf *out)
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

void quality_csv(const struct quality_report *r, struct buf *out)
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

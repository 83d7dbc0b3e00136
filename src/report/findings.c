/* report/findings.c — findings as JSON and CSV of formats.md section 6, and as text for a person.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/findings.h"

#include "assess/last.h"
#include "base/json.h"
#include "base/limits.h"
#include "report/format.h"
#include "report/method_card.h"

#include <math.h>

enum format_kind finding_number_kind(const struct finding *f, double value)
{
    struct text unit = text_of(f->unit);
    if (text_is(unit, "percent")) {
        return FORMAT_PERCENT1;
    }
    return text_starts(unit, "per ") || value != trunc(value) ? FORMAT_RATE : FORMAT_COUNT;
}

/* ---- JSON ---- */

static void json_period(struct json_writer *j, const char *key, int32_t month, bool is_there)
{
    if (!is_there) {
        json_put_null(j, key);
        return;
    }
    char text[8];
    month_write(month, text);
    json_put_string(j, key, text);
}

/* -1 = not available. */
static void json_integer(struct json_writer *j, const char *key, int64_t value)
{
    if (value < 0) {
        json_put_null(j, key);
    } else {
        json_put_int(j, key, value);
    }
}

static void json_lists(struct json_writer *j, const struct finding *f)
{
    json_put_array(j, "caveats");
    for (size_t i = 0; i < f->caveat_count; i++) {
        json_put_string(j, NULL, f->caveats[i]);
    }
    json_end_array(j);
    json_put_array(j, "sources");
    for (size_t i = 0; i < f->source_count; i++) {
        json_put_object(j, NULL);
        json_put_int(j, "extract", f->sources[i].extract);
        json_put_string(j, "sha256", f->sources[i].sha256);
        json_end_object(j);
    }
    json_end_array(j);
}

/* What a later assessment needs to say whether this is still true: assess/last.h. */
static void json_names(struct json_writer *j, const struct finding *f)
{
    struct last_names names = last_names(f);
    struct buf named RV_CLEANUP(buf_done);
    buf_init(&named, LIMIT_ROW_BYTES);
    buf_text(&named, names.first ? names.first : "");
    buf_text(&named, names.second ? " | " : "");
    buf_text(&named, names.second ? names.second : "");
    json_put_string(j, "rule", f->rule);
    if (names.first) {
        json_put_text(j, "named", buf_view(&named));
    } else {
        json_put_null(j, "named");
    }
    json_integer(j, "named_of", names.first ? names.of : -1);
}

static void json_finding(struct json_writer *j, const struct finding *f)
{
    bool has_period = f->period.first <= f->period.last;
    json_put_object(j, NULL);
    json_put_string(j, "id", f->id);
    json_put_string(j, "theme", f->theme);
    json_put_string(j, "statement", f->statement);
    json_put_real(j, "value", f->value);
    json_put_string(j, "unit", f->unit);
    json_put_real(j, "lower", f->lower);
    json_put_real(j, "upper", f->upper);
    json_put_real(j, "level", f->level);
    json_put_real(j, "numerator", f->numerator);
    json_put_real(j, "denominator", f->denominator);
    json_put_real(j, "missing", f->missing);
    json_integer(j, "rank", f->rank);
    json_integer(j, "rank_low", f->rank_low);
    json_integer(j, "rank_high", f->rank_high);
    json_integer(j, "of", f->of);
    json_period(j, "period_from", f->period.first, has_period);
    json_period(j, "period_to", f->period.last, has_period);
    json_put_string(j, "area", f->area);
    json_put_string(j, "definition", f->definition);
    json_put_string(j, "definition_version", f->definition_version);
    if (f->template) {
        json_put_string(j, "template", f->template);
    }
    json_put_string(j, "method", f->method);
    json_put_string(j, "verdict", finding_verdict_name(f->verdict));
    json_lists(j, f);
    json_put_string(j, "query", f->query);
    json_put_string(j, "marking", marking_name(f->marking));
    json_names(j, f);
    json_put_string(j, "table", f->table);
    json_end_object(j);
}

rv_status findings_json(const struct finding *findings, size_t count, struct buf *out,
                        struct rv_err *reterr)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        json_finding(&j, &findings[i]);
    }
    json_end_array(&j);
    return buf_status(out, reterr);
}

/* ---- CSV ---- */

static void csv_string(struct buf *out, const char *text)
{
    buf_csv_words(out, text_of(text));
    buf_char(out, ',');
}

static void csv_real(struct buf *out, double value)
{
    buf_real(out, value); /* nothing when it is not available */
    buf_char(out, ',');
}

static void csv_integer(struct buf *out, int64_t value)
{
    if (value >= 0) {
        buf_int(out, value);
    }
    buf_char(out, ',');
}

static void csv_month(struct buf *out, int32_t month, bool is_there)
{
    char text[8] = "";
    if (is_there) {
        month_write(month, text);
    }
    csv_string(out, text);
}

static void csv_lists(const struct finding *f, struct buf *cell, struct buf *out)
{
    buf_clear(cell);
    for (size_t i = 0; i < f->caveat_count; i++) {
        buf_text(cell, i ? " | " : "");
        buf_text(cell, f->caveats[i]);
    }
    buf_csv_words(out, buf_view(cell));
    buf_char(out, ',');
    buf_clear(cell);
    for (size_t i = 0; i < f->source_count; i++) {
        buf_text(cell, i ? " " : "");
        buf_int(cell, f->sources[i].extract);
        buf_printf(cell, ":%s", f->sources[i].sha256 ? f->sources[i].sha256 : "");
    }
    buf_csv_words(out, buf_view(cell));
    buf_char(out, ',');
}

static void csv_finding(const struct finding *f, struct buf *cell, struct buf *out)
{
    bool has_period = f->period.first <= f->period.last;
    csv_string(out, f->id);
    csv_string(out, f->theme);
    csv_string(out, f->statement);
    csv_real(out, f->value);
    csv_string(out, f->unit);
    csv_real(out, f->lower);
    csv_real(out, f->upper);
    csv_real(out, f->level);
    csv_real(out, f->numerator);
    csv_real(out, f->denominator);
    csv_real(out, f->missing);
    csv_integer(out, f->rank);
    csv_integer(out, f->rank_low);
    csv_integer(out, f->rank_high);
    csv_integer(out, f->of);
    csv_month(out, f->period.first, has_period);
    csv_month(out, f->period.last, has_period);
    csv_string(out, f->area);
    csv_string(out, f->definition);
    csv_string(out, f->definition_version);
    csv_string(out, f->method);
    csv_string(out, finding_verdict_name(f->verdict));
    csv_lists(f, cell, out);
    csv_string(out, f->query);
    buf_text(out, marking_name(f->marking));
    buf_text(out, "\r\n");
}

rv_status findings_csv(const struct finding *findings, size_t count, struct buf *out,
                       struct rv_err *reterr)
{
    buf_text(out, "id,theme,statement,value,unit,lower,upper,level,numerator,denominator,missing,"
                  "rank,rank_low,rank_high,of,period_from,period_to,area,definition,"
                  "definition_version,method,verdict,caveats,sources,query,marking\r\n");
    struct buf cell RV_CLEANUP(buf_done);
    buf_init(&cell, LIMIT_ROW_BYTES);
    for (size_t i = 0; i < count; i++) {
        csv_finding(&findings[i], &cell, out);
        RV_TRY(buf_status(&cell, reterr));
    }
    return buf_status(out, reterr);
}

/* ---- text ---- */

static void why_line(struct buf *out, const char *label, const char *text)
{
    buf_printf(out, "%-14s %s\n", label, text && text[0] ? text : FORMAT_NOT_AVAILABLE);
}

/* A number with up to four decimals, so that nothing is hidden by rounding. */
static void why_number(struct buf *out, const char *label, double value)
{
    if (!isfinite(value)) {
        return;
    }
    buf_printf(out, "%-14s ", label);
    format_decimal(out, value, value == trunc(value) ? 0 : 4, FORMAT_PLAIN);
    buf_char(out, '\n');
}

static void why_numbers(const struct finding *f, struct buf *out)
{
    why_number(out, "value", f->value);
    why_line(out, "unit", f->unit);
    if (isfinite(f->lower) && isfinite(f->upper) && isfinite(f->level)) {
        buf_printf(out, "%-14s ", "interval");
        format_interval(out, f->lower, f->upper, f->level, FORMAT_RATIO);
        buf_char(out, '\n');
    }
    why_number(out, "numerator", f->numerator);
    why_number(out, "denominator", f->denominator);
    if (isfinite(f->denominator)) {
        why_line(out, "", f->denominator_name);
    }
    if (f->rank >= 0) {
        buf_printf(out, "%-14s ", "rank");
        format_ordinal(out, f->rank, f->is_tied);
        buf_printf(out, " of %lld, most first", (long long)f->of);
        if (f->rank_low >= 0 && f->rank_high >= 0) {
            buf_printf(out, "; between %lld and %lld", (long long)f->rank_low,
                       (long long)f->rank_high);
        }
        buf_char(out, '\n');
    }
}

static double slot_number(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_NUMBER && text_is(text_of(name), f->slots[i].name)) {
            return f->slots[i].number;
        }
    }
    return (double)NAN;
}

static void why_records(const struct finding *f, struct buf *out)
{
    why_number(out, "records in", slot_number(f, "records_in"));
    why_number(out, "records out", slot_number(f, "records_out"));
    why_number(out, "unknown", slot_number(f, "records_unknown"));
    why_number(out, "not recorded", f->missing);
}

static void why_period(struct buf *out, const char *label, struct month_range period)
{
    if (period.first <= period.last) {
        buf_printf(out, "%-14s ", label);
        format_period(out, period);
        buf_char(out, '\n');
    }
}

rv_status finding_why_text(const struct finding *f, struct buf *out, struct rv_err *reterr)
{
    buf_printf(out, "%s\n\n", f->statement ? f->statement : FORMAT_NOT_AVAILABLE);
    why_line(out, "finding", f->id);
    why_line(out, "verdict", finding_verdict_name(f->verdict));
    for (size_t i = 0; i < f->caveat_count; i++) {
        why_line(out, i ? "" : "caveats", f->caveats[i]);
    }
    buf_printf(out, "%-14s %s (%s)\n", "area", f->area_name ? f->area_name : FORMAT_NOT_AVAILABLE,
               f->area ? f->area : "no code");
    why_period(out, "period", f->period);
    why_period(out, "compared with", f->compare);
    why_number(out, "value then", f->compare_value);
    why_numbers(f, out);
    why_records(f, out);
    if (f->definition) {
        buf_printf(out, "%-14s %s, version %s\n", "definition", f->definition,
                   f->definition_version ? f->definition_version : FORMAT_NOT_AVAILABLE);
    }
    if (f->template) {
        why_line(out, "template", f->template);
    }
    for (size_t i = 0; i < f->source_count; i++) {
        const struct finding_source *s = &f->sources[i];
        buf_printf(out, "%-14s %lld: %s\n%-14s SHA-256 %s\n", i ? "" : "extracts",
                   (long long)s->extract, s->file_name ? s->file_name : "", "",
                   s->sha256 ? s->sha256 : FORMAT_NOT_AVAILABLE);
    }
    why_line(out, "marking", marking_name(f->marking));
    why_line(out, "query", f->query);
    why_line(out, "method", f->method);
    struct text card = method_card(f->method);
    if (card.n) {
        buf_char(out, '\n');
        buf_slice(out, card);
    }
    return buf_status(out, reterr);
}

/* report/finding_store.c — a finding as one JSON object.
 *
 * What is not available is left out. finding_load.c reads it back, bit for bit. The name of the
 * table beside it is kept by the store's row, not here: a decision made of the finding alone is
 * bound to these bytes, and stays one of the same finding.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "report/finding_fields.h"
#include "report/findings.h"

#include <math.h>
#include <stdio.h>

static void put_string(struct json_writer *j, const char *key, const char *value)
{
    if (value) {
        json_put_string(j, key, value);
    }
}

/* A whole number as itself; otherwise 17 digits, which every double survives. They are written as
 * a string, because base/json rounds reals to 12 digits. */
static void put_real(struct json_writer *j, const char *key, double value)
{
    if (!isfinite(value)) {
        return;
    }
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    json_put_string(j, key, text);
}

static void put_period(struct json_writer *j, const char *key, struct month_range period)
{
    if (period.first > period.last) {
        return;
    }
    json_put_array(j, key);
    json_put_int(j, NULL, period.first);
    json_put_int(j, NULL, period.last);
    json_end_array(j);
}

static void put_lists(struct json_writer *j, const struct finding *f)
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
        put_string(j, "sha256", f->sources[i].sha256);
        put_string(j, "file_name", f->sources[i].file_name);
        json_put_string(j, "marking", marking_name(f->sources[i].marking));
        json_end_object(j);
    }
    json_end_array(j);
    json_put_array(j, "slots");
    for (size_t i = 0; i < f->slot_count; i++) {
        json_put_object(j, NULL);
        put_string(j, "name", f->slots[i].name);
        if (f->slots[i].type == SLOT_TEXT) {
            put_string(j, "text", f->slots[i].text);
            json_put_bool(j, "is_text", true);
        } else {
            put_real(j, "number", f->slots[i].number);
        }
        json_end_object(j);
    }
    json_end_array(j);
}

rv_status finding_to_json(const struct finding *f, struct buf *out, struct rv_err *reterr)
{
    struct json_writer j;
    json_writer_init(&j, out, false);
    json_put_object(&j, NULL);
    json_put_int(&j, "form", FINDING_FORM);
#define PUT(name) put_string(&j, #name, f->name);
    STRING_FIELDS(PUT)
#undef PUT
#define PUT(name) put_real(&j, #name, f->name);
    REAL_FIELDS(PUT)
#undef PUT
#define PUT(name) json_put_int(&j, #name, f->name);
    INTEGER_FIELDS(PUT)
#undef PUT
    json_put_string(&j, "marking", marking_name(f->marking));
    json_put_bool(&j, "is_key", f->is_key);
    json_put_bool(&j, "is_tied", f->is_tied);
    put_period(&j, "period", f->period);
    put_period(&j, "compare", f->compare);
    json_put_int(&j, "verdict", (int64_t)f->verdict);
    put_lists(&j, f);
    json_end_object(&j);
    return buf_status(out, reterr);
}

/* report/finding_store.c — a finding as one JSON object.
 *
 * What is not available is left out. finding_load.c reads it back, bit for bit.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "report/finding_fields.h"
#include "report/findings.h"

#include <math.h>
#include <stdio.h>

static void put_string(struct json *j, const char *key, const char *value)
{
    if (value) {
        json_string(j, key, value);
    }
}

/* A whole number as itself; otherwise 17 digits, which every double survives. They are written as
 * a string, because base/json rounds reals to 12 digits. */
static void put_real(struct json *j, const char *key, double value)
{
    if (!isfinite(value)) {
        return;
    }
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    json_string(j, key, text);
}

static void put_period(struct json *j, const char *key, struct month_range period)
{
    if (period.first > period.last) {
        return;
    }
    json_array(j, key);
    json_int(j, NULL, period.first);
    json_int(j, NULL, period.last);
    json_array_end(j);
}

static void put_lists(struct json *j, const struct finding *f)
{
    json_array(j, "caveats");
    for (size_t i = 0; i < f->caveat_count; i++) {
        json_string(j, NULL, f->caveats[i]);
    }
    json_array_end(j);
    json_array(j, "sources");
    for (size_t i = 0; i < f->source_count; i++) {
        json_object(j, NULL);
        json_int(j, "extract", f->sources[i].extract);
        put_string(j, "sha256", f->sources[i].sha256);
        put_string(j, "file_name", f->sources[i].file_name);
        json_object_end(j);
    }
    json_array_end(j);
    json_array(j, "slots");
    for (size_t i = 0; i < f->slot_count; i++) {
        json_object(j, NULL);
        put_string(j, "name", f->slots[i].name);
        if (f->slots[i].type == SLOT_TEXT) {
            put_string(j, "text", f->slots[i].text);
            json_bool(j, "is_text", true);
        } else {
            put_real(j, "number", f->slots[i].number);
        }
        json_object_end(j);
    }
    json_array_end(j);
}

rv_status finding_to_json(const struct finding *f, struct buf *out, struct rv_err *reterr)
{
    struct json j;
    json_init(&j, out, false);
    json_object(&j, NULL);
    json_int(&j, "form", FINDING_FORM);
#define PUT(name) put_string(&j, #name, f->name);
    STRING_FIELDS(PUT)
#undef PUT
#define PUT(name) put_real(&j, #name, f->name);
    REAL_FIELDS(PUT)
#undef PUT
#define PUT(name) json_int(&j, #name, f->name);
    INTEGER_FIELDS(PUT)
#undef PUT
    json_bool(&j, "is_key", f->is_key);
    json_bool(&j, "is_tied", f->is_tied);
    put_period(&j, "period", f->period);
    put_period(&j, "compare", f->compare);
    json_int(&j, "verdict", (int64_t)f->verdict);
    put_lists(&j, f);
    json_object_end(&j);
    return buf_status(out, reterr);
}

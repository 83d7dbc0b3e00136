/* ingest/report_read.c — a stored import report, read back.
 *
 * A report of an earlier version may lack a member: what is not there is none, or not known.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/civil.h"
#include "ingest/ingest.h"

#include <jansson.h>

struct reading {
    struct arena *a;
    bool has_failed; /* no memory */
};

static const char *kept(struct reading *r, json_t *value)
{
    if (!json_is_string(value)) {
        return NULL;
    }
    const char *text = arena_text(r->a, json_string_value(value), json_string_length(value));
    r->has_failed = r->has_failed || !text;
    return text;
}

static int64_t number(json_t *object, const char *name, int64_t absent)
{
    json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static void *array(struct reading *r, size_t count, size_t size)
{
    void *list = arena_new(r->a, count, size);
    r->has_failed = r->has_failed || !list;
    return list;
}

static const char *const *texts(struct reading *r, json_t *list, size_t *ret_count)
{
    size_t count = 0, i;
    json_t *value;
    const char **out = array(r, json_array_size(list), sizeof *out);
    json_array_foreach(list, i, value)
    {
        const char *text = out ? kept(r, value) : NULL;
        if (text) {
            out[count++] = text;
        }
    }
    *ret_count = count;
    return out;
}

static const struct ingest_count *counts(struct reading *r, json_t *object, size_t *ret_count)
{
    size_t count = 0;
    const char *name;
    json_t *value;
    struct ingest_count *out = array(r, json_object_size(object), sizeof *out);
    json_object_foreach(object, name, value)
    {
        const char *copy = out ? arena_text(r->a, name, strlen(name)) : NULL;
        r->has_failed = r->has_failed || !copy;
        if (copy) {
            out[count++] = (struct ingest_count){copy, json_integer_value(value)};
        }
    }
    *ret_count = count;
    return out;
}

static void read_columns(struct reading *r, json_t *root, struct ingest_report *ret)
{
    size_t i;
    json_t *value, *list = json_object_get(root, "personal_columns");
    struct ingest_personal *personal = array(r, json_array_size(list), sizeof *personal);
    json_array_foreach(list, i, value)
    {
        const char *column = kept(r, json_object_get(value, "column"));
        const char *like = kept(r, json_object_get(value, "looks_like"));
        if (personal && column && like) {
            personal[ret->personal_count++] = (struct ingest_personal){column, like};
        }
    }
    ret->personal = personal;
    list = json_object_get(root, "not_recorded");
    struct ingest_value *values = array(r, json_array_size(list), sizeof *values);
    json_array_foreach(list, i, value)
    {
        const char *column = kept(r, json_object_get(value, "column"));
        const char *said = kept(r, json_object_get(value, "value"));
        if (values && column && said) {
            values[ret->not_recorded_count++] =
                (struct ingest_value){column, said, number(value, "rows", 0)};
        }
    }
    ret->not_recorded = values;
}

static void read_months(struct reading *r, json_t *root, struct ingest_report *ret)
{
    size_t i;
    json_t *value, *list = json_object_get(root, "months_without_rows");
    int32_t *months = array(r, json_array_size(list), sizeof *months);
    json_array_foreach(list, i, value)
    {
        struct month_range month;
        const char *said = json_string_value(value);
        if (months && said && month_range_parse(text_of(said), &month)) {
            months[ret->gap_count++] = month.first;
        }
    }
    ret->gap_months = months;
    ret->gaps_are_zero = json_is_true(json_object_get(root, "months_without_rows_are_zero"));
    const char *period = json_string_value(json_object_get(root, "period"));
    struct month_range range;
    if (period && month_range_parse(text_of(period), &range)) {
        ret->first_month = range.first;
        ret->last_month = range.last;
    }
}

rv_status ingest_report_read(struct arena *a, struct text json, struct ingest_report *ret,
                             struct rv_err *reterr)
{
    struct reading r = {.a = a};
    struct ingest_report out = {.first_month = 1};
    json_t *root = json_loadb(json.at, json.n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return rv_fail(reterr, RV_DAMAGED,
                       "an import report cannot be read; run 'reeve verify' to see what else");
    }
    out.profile_version = number(root, "profile_version", 0);
    out.orphans = number(root, "orphans", 0);
    out.unplaced = number(root, "unplaced", -1);
    out.disagreements = number(root, "disagreements", 0);
    out.reasons = counts(&r, json_object_get(root, "reasons"), &out.reason_count);
    out.exclusions = counts(&r, json_object_get(root, "exclusions"), &out.exclusion_count);
    out.offence_codes =
        counts(&r, json_object_get(root, "unknown_offence_codes"), &out.offence_code_count);
    out.dropped_columns = texts(&r, json_object_get(root, "dropped_columns"), &out.dropped_count);
    out.notes = texts(&r, json_object_get(root, "notes"), &out.note_count);
    read_columns(&r, root, &out);
    read_months(&r, root, &out);
    json_decref(root);
    if (r.has_failed) {
        return arena_fail(a, reterr);
    }
    *ret = out;
    return rv_ok();
}

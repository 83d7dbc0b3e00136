/* ingest/profile_wide.c — tables that hold several values in one row.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/kind.h"
#include "ingest/profile_json.h"

static rv_status read_wide_columns(const struct profile_reading *r, json_t *json,
                                   const struct kind *k, struct profile_wide *w)
{
    static const char *const KNOWN[] = {"from", "set", NULL};
    json_t *list = json_object_get(json, "columns");
    size_t n = json_array_size(list); /* 0 for NULL or another type */
    struct profile_wide_column *out = ARENA_NEW(r->a, struct profile_wide_column, n + 1);
    if (!out) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        json_t *item = json_array_get(list, i);
        if (!json_is_object(item)) {
            return profile_fault(r, "wide", "has columns that are not objects with \"from\"");
        }
        RV_TRY(profile_only(r, item, KNOWN));
        RV_TRY(profile_strings(r, item, "from", &out[i].from, &out[i].from_count));
        RV_TRY(profile_pairs(r, item, "set", &out[i].set, &out[i].set_count));
        if (out[i].from_count == 0) {
            return profile_fault(r, "wide", "has a column without \"from\"");
        }
        bool is_alike = out[i].set_count == out[0].set_count;
        for (size_t j = 0; is_alike && j < out[i].set_count; j++) {
            RV_TRY(profile_check_column(r, k, out[i].set[j].from.at));
            is_alike = text_equal(out[i].set[j].from, out[0].set[j].from);
        }
        if (!is_alike) {
            return profile_fault(r, "set",
                                 "must name the same columns in the same order each time");
        }
    }
    w->columns = out;
    w->column_count = n;
    return rv_ok();
}

/* Columns of which the profile knows no more than that they hold numbers or words. */
static rv_status read_others(const struct profile_reading *r, json_t *json, const struct kind *k,
                             struct profile_wide *w)
{
    static const char *const KNOWN[] = {"name", "words", "omit", "skip", NULL};
    json_t *member = json_object_get(json, "others");
    if (!member) {
        return rv_ok();
    }
    struct profile_others *o = ARENA_NEW(r->a, struct profile_others, 1);
    if (!o) {
        return arena_fail(r->a, r->err);
    }
    if (!json_is_object(member)) {
        return profile_fault(r, "others", "must be an object with \"name\"");
    }
    RV_TRY(profile_only(r, member, KNOWN));
    RV_TRY(profile_string(r, member, "name", &o->name));
    RV_TRY(profile_string(r, member, "words", &o->words));
    RV_TRY(profile_spellings(r, member, "omit", &o->omit, &o->omit_count));
    RV_TRY(profile_strings(r, member, "skip", &o->skip, &o->skip_count));
    if (!o->name) {
        return profile_fault(r, "others", "needs \"name\": the column that takes the header");
    }
    const char *const names[] = {o->name, o->words};
    for (size_t i = 0; i < 2 && names[i]; i++) {
        const struct kind_column *kc = kind_column_find(k, names[i]);
        RV_TRY(profile_check_column(r, k, names[i]));
        if (kc->type != COLUMN_CATEGORY || kc->vocabulary || kc->is_code) {
            return profile_fault(r, "others", "must name columns that take any word");
        }
    }
    w->others = o;
    return rv_ok();
}

rv_status profile_read_wide(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {"id",    "periods", "value",  "columns",
                                        "total", "missing", "others", NULL};
    json_t *json = json_object_get(root, "wide");
    if (!json) {
        return rv_ok();
    }
    struct profile_wide *w = ARENA_NEW(r->a, struct profile_wide, 1);
    if (!w) {
        return arena_fail(r->a, r->err);
    }
    if (!json_is_object(json)) {
        return profile_fault(r, "wide", "must be an object");
    }
    RV_TRY(profile_only(r, json, KNOWN));
    RV_TRY(profile_strings(r, json, "id", &w->id, &w->id_count));
    RV_TRY(profile_string(r, json, "periods", &w->periods));
    RV_TRY(profile_string(r, json, "value", &w->value));
    RV_TRY(profile_string(r, json, "total", &w->total));
    RV_TRY(profile_spellings(r, json, "missing", &w->missing, &w->missing_count));
    RV_TRY(read_wide_columns(r, json, p->kind, w));
    RV_TRY(read_others(r, json, p->kind, w));
    if (!w->value && strcmp(p->kind->name, "area-counts") == 0) {
        w->value = "count";
    }
    int ways = (w->periods != NULL) + (w->column_count > 0) + (w->others != NULL);
    if (!w->value || ways != 1) {
        return profile_fault(r, "wide",
                             "needs \"value\" and one of \"periods\", \"columns\" and \"others\"");
    }
    RV_TRY(profile_check_column(r, p->kind, w->value));
    if (w->periods && strcmp(w->periods, "YYYY") != 0 && !strchr(w->periods, 'M')) {
        return profile_fault(r, "periods", "must be a layout of months (YYYYMM), or YYYY");
    }
    if (w->periods && !kind_column_find(p->kind, "period_from")) {
        return profile_fault(r, "periods", "needs a kind with period_from and period_to");
    }
    p->wide = w;
    return rv_ok();
}

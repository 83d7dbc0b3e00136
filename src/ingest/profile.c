/* ingest/profile.c — reading a profile from JSON, strictly: an unknown member is a mistake.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/profile.h"

#include "ingest/kind.h"
#include "ingest/profile_json.h"
#include "read/decode.h"

static void drop_json(json_t **j)
{
    json_decref(*j);
}

static rv_status read_excludes(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {"column", "equals", "reason", NULL};
    json_t *list = json_object_get(root, "exclude");
    if (!list) {
        return rv_ok();
    }
    if (!json_is_array(list)) {
        return profile_fault(r, "exclude", "must be a list of objects");
    }
    struct profile_exclude *out =
        ARENA_NEW(r->a, struct profile_exclude, json_array_size(list) + 1);
    if (!out) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        const char *equals = NULL;
        if (!json_is_object(item)) {
            return profile_fault(r, "exclude", "must be a list of objects");
        }
        RV_TRY(profile_only(r, item, KNOWN));
        RV_TRY(profile_string(r, item, "column", &out[i].column));
        RV_TRY(profile_string(r, item, "equals", &equals));
        RV_TRY(profile_string(r, item, "reason", &out[i].reason));
        if (!out[i].column || !equals || !out[i].reason) {
            return profile_fault(r, "exclude", "needs column, equals and reason in every rule");
        }
        out[i].equals = text_of(equals);
    }
    p->excludes = out;
    p->exclude_count = json_array_size(list);
    return rv_ok();
}

static rv_status read_form(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const ENDS[] = {"lf", "crlf", "cr", NULL};
    static const char *const ZONES[] = {"Europe/London", "UTC", NULL};
    const char *separator = ",", *decimal = ".", *thousands = "";
    const char *encoding = NULL;
    int end = 0, zone = 0;
    RV_TRY(profile_string(r, root, "separator", &separator));
    RV_TRY(profile_string(r, root, "decimal", &decimal));
    RV_TRY(profile_string(r, root, "thousands", &thousands));
    RV_TRY(profile_choice(r, root, "line_end", ENDS, &end));
    RV_TRY(profile_string(r, root, "encoding", &encoding));
    RV_TRY(profile_string(r, root, "sheet", &p->sheet));
    RV_TRY(profile_choice(r, root, "time_zone", ZONES, &zone));
    if (strlen(separator) != 1 || strchr("\"\r\n", separator[0])) {
        return profile_fault(r, "separator", "must be one character, such as \",\" or \";\"");
    }
    if (strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0) {
        return profile_fault(r, "decimal", "must be \".\" or \",\"");
    }
    if (strlen(thousands) > 1 || (thousands[0] && !strchr(",. '", thousands[0])) ||
        thousands[0] == decimal[0]) {
        return profile_fault(r, "thousands",
                             "must be \",\", \".\", \" \" or \"'\", and not the decimal mark");
    }
    p->encoding = encoding ? encoding_find(encoding) : NULL;
    if (encoding && !p->encoding) {
        return profile_fault(r, "encoding",
                             "is not read; usual ones are utf-8, windows-1252, utf-16");
    }
    p->has_separator = json_object_get(root, "separator") != NULL;
    p->has_line_end = json_object_get(root, "line_end") != NULL;
    p->separator = separator[0];
    p->thousands = thousands[0];
    p->decimal = decimal[0];
    p->line_end = (enum profile_line_end)end;
    p->is_utc = zone == 1;
    return rv_ok();
}

static rv_status read_rules(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const REFRESH[] = {"full", "period", "incremental", NULL};
    static const char *const DUPLICATES[] = {"drop", "keep", NULL};
    static const char *const ABSENT[] = {"unknown", "zero", NULL};
    int refresh = PROFILE_INCREMENTAL, duplicates = 0, absent = 0;
    RV_TRY(profile_choice(r, root, "refresh", REFRESH, &refresh));
    RV_TRY(profile_choice(r, root, "duplicates", DUPLICATES, &duplicates));
    RV_TRY(profile_choice(r, root, "absent", ABSENT, &absent));
    p->refresh = (enum profile_refresh)refresh;
    p->keeps_duplicates = duplicates == 1;
    p->absent_is_zero = absent == 1;
    p->key = p->kind->key;
    while (p->key[p->key_count]) {
        p->key_count++;
    }
    RV_TRY(profile_strings(r, root, "key", &p->key, &p->key_count));
    for (size_t i = 0; i < p->key_count; i++) {
        RV_TRY(profile_check_column(r, p->kind, p->key[i]));
    }
    return rv_ok();
}

static rv_status read_left_out(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {"column", "reason", NULL};
    json_t *list = json_object_get(root, "leave_out");
    size_t n = json_array_size(list); /* 0 for NULL or another type */
    struct profile_left_out *out = ARENA_NEW(r->a, struct profile_left_out, n + 1);
    if (!out) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        json_t *item = json_array_get(list, i);
        RV_TRY(profile_only(r, item, KNOWN));
        RV_TRY(profile_string(r, item, "column", &out[i].column));
        RV_TRY(profile_string(r, item, "reason", &out[i].reason));
        if (!out[i].column || !out[i].reason) {
            return profile_fault(r, "leave_out", "needs column and reason each time");
        }
    }
    p->left_out = out;
    p->left_out_count = n;
    return rv_ok();
}

/* How the profile stands to the file beside its columns, and to other profiles. */
static rv_status read_company(const struct profile_reading *r, json_t *root, struct profile *p)
{
    RV_TRY(profile_strings(r, root, "requires", &p->required, &p->required_count));
    RV_TRY(read_left_out(r, root, p));
    RV_TRY(profile_strings(r, root, "beside", &p->beside, &p->beside_count));
    RV_TRY(profile_bool(r, root, "named_only", &p->is_named_only));
    RV_TRY(profile_bool(r, root, "open", &p->is_open));
    RV_TRY(profile_strings(r, root, "ask", &p->ask, &p->ask_count));
    for (size_t i = 0; i < p->ask_count; i++) {
        RV_TRY(profile_check_column(r, p->kind, p->ask[i]));
    }
    return rv_ok();
}

static rv_status read_root(const struct profile_reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {
        "profile",  "title",     "version",  "kind",   "supplier",   "supplier_kind", "encoding",
        "sheet",    "separator", "line_end", "key",    "decimal",    "time_zone",     "columns",
        "refresh",  "constants", "exclude",  "wide",   "duplicates", "absent",        "thousands",
        "requires", "leave_out", "ask",      "beside", "named_only", "open",          NULL};
    const char *kind = NULL;
    if (!json_is_object(root)) {
        return rv_fail(r->err, RV_INVALID, "profile %s: the file must hold one JSON object",
                       r->name);
    }
    RV_TRY(profile_only(r, root, KNOWN));
    RV_TRY(profile_string(r, root, "profile", &p->id));
    RV_TRY(profile_string(r, root, "kind", &kind));
    if (!p->id || !*p->id || !kind) {
        return rv_fail(r->err, RV_INVALID,
                       "profile %s: \"profile\" (its name) and \"kind\" are required", r->name);
    }
    p->kind = kind_find(kind);
    if (!p->kind) {
        const char *what = arena_printf(
            r->a, "is \"%.60s\", which is no kind of extract that this version reads", kind);
        return what ? profile_fault(r, "kind", what) : arena_fail(r->a, r->err);
    }
    json_t *version = json_object_get(root, "version");
    if (version && (!json_is_integer(version) || json_integer_value(version) < 1)) {
        return profile_fault(r, "version", "must be a whole number from 1");
    }
    p->version = version ? json_integer_value(version) : 1;
    p->title = p->id;
    RV_TRY(profile_string(r, root, "title", &p->title));
    RV_TRY(profile_string(r, root, "supplier", &p->supplier));
    RV_TRY(profile_string(r, root, "supplier_kind", &p->supplier_kind));
    RV_TRY(read_form(r, root, p));
    RV_TRY(profile_read_columns(r, root, p));
    RV_TRY(read_rules(r, root, p));
    RV_TRY(read_excludes(r, root, p));
    RV_TRY(read_company(r, root, p));
    return profile_read_wide(r, root, p);
}

rv_status profile_parse(struct arena *a, const char *name, struct text json, struct profile *ret,
                        struct rv_err *reterr)
{
    struct profile_reading r = {a, name, json, reterr};
    json_error_t error;
    RV_CLEANUP(drop_json)
    json_t *root = json_loadb(json.n ? json.at : "", json.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return rv_fail(reterr, RV_INVALID, "profile %s, line %d, column %d: %s", name, error.line,
                       error.column, error.text);
    }
    struct profile p = {.id = NULL};
    RV_TRY(read_root(&r, root, &p));
    *ret = p;
    return rv_ok();
}

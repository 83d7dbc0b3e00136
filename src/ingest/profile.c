/* ingest/profile.c — reading a profile from JSON, strictly: an unknown member is a mistake.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/profile.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "ingest/kind.h"
#include "read/decode.h"

#include <jansson.h>

extern const struct asset profile_assets[];
extern const size_t profile_assets_count;

/* What every reading step needs. */
struct reading {
    struct arena *a;
    const char *name; /* of the file, for messages */
    struct text json;
    struct rv_err *err;
};

static void drop_json(json_t **j)
{
    json_decref(*j);
}

/* Where "key" followed by a colon first stands in the text: line and column from 1. */
static void locate(struct text json, const char *key, int *line, int *column)
{
    size_t n = strlen(key);
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < json.n; i++) {
        const char *at = json.at + i;
        if (*at == '"' && json.n - i > n + 2 && memcmp(at + 1, key, n) == 0 && at[n + 1] == '"') {
            size_t after = i + n + 2;
            while (after < json.n && strchr(" \t\r\n", json.at[after])) {
                after++;
            }
            if (after < json.n && json.at[after] == ':') {
                return;
            }
        }
        *column = *at == '\n' ? 1 : *column + 1;
        *line += *at == '\n';
    }
}

static rv_status fault(const struct reading *r, const char *key, const char *what)
{
    int line, column;
    locate(r->json, key, &line, &column);
    return rv_fail(r->err, RV_INVALID, "profile %s, line %d, column %d: \"%s\" %s", r->name, line,
                   column, key, what);
}

/* Every member of `object` is one of `known` (NULL-terminated). */
static rv_status only(const struct reading *r, json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (!vocabulary_has(known, text_of(key))) {
            return fault(r, key, "is not a member that a profile has here; remove or correct it");
        }
    }
    return rv_ok();
}

static rv_status read_string(const struct reading *r, json_t *object, const char *key,
                             const char **ret)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    if (!json_is_string(value)) {
        return fault(r, key, "must be a text in quotes");
    }
    *ret = arena_text(r->a, json_string_value(value), json_string_length(value));
    return *ret ? rv_ok() : arena_fail(r->a, r->err);
}

static rv_status read_bool(const struct reading *r, json_t *object, const char *key, bool *ret)
{
    json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        return fault(r, key, "must be true or false");
    }
    *ret = value ? json_is_true(value) : *ret;
    return rv_ok();
}

/* A text or a list of texts. */
static rv_status read_strings(const struct reading *r, json_t *object, const char *key,
                              const char *const **ret, size_t *ret_count)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    const char **list = ARENA_NEW(r->a, const char *, n + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
        if (!json_is_string(item)) {
            return fault(r, key, "must be a text or a list of texts");
        }
        list[i] = arena_text(r->a, json_string_value(item), json_string_length(item));
        if (!list[i]) {
            return arena_fail(r->a, r->err);
        }
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

/* {"a": "b", …} in the order of the file. */
static rv_status read_pairs(const struct reading *r, json_t *object, const char *key,
                            const struct profile_pair **ret, size_t *ret_count)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    if (!json_is_object(value)) {
        return fault(r, key, "must be an object of texts");
    }
    struct profile_pair *list = ARENA_NEW(r->a, struct profile_pair, json_object_size(value) + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    size_t n = 0;
    const char *from;
    json_t *to;
    json_object_foreach(value, from, to)
    {
        if (!json_is_string(to)) {
            return fault(r, from, "must be a text in quotes");
        }
        const char *a = arena_text(r->a, from, strlen(from));
        const char *b = arena_text(r->a, json_string_value(to), json_string_length(to));
        if (!a || !b) {
            return arena_fail(r->a, r->err);
        }
        list[n++] = (struct profile_pair){text_of(a), text_of(b)};
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

static rv_status read_choice(const struct reading *r, json_t *object, const char *key,
                             const char *const *choices, int *ret)
{
    const char *value = NULL;
    RV_TRY(read_string(r, object, key, &value));
    for (int i = 0; value && choices[i]; i++) {
        if (strcmp(choices[i], value) == 0) {
            *ret = i;
            return rv_ok();
        }
    }
    if (!value) {
        return rv_ok();
    }
    const char *list = "";
    for (int i = 0; list && choices[i]; i++) {
        list = arena_printf(r->a, "%s%s%s", list, i ? ", " : "", choices[i]);
    }
    const char *what =
        list ? arena_printf(r->a, "is \"%s\"; it must be one of: %s", value, list) : NULL;
    return what ? fault(r, key, what) : arena_fail(r->a, r->err);
}

/* The canonical column of this name, or a fault that names it. */
static rv_status check_column(const struct reading *r, const struct kind *k, const char *name)
{
    if (kind_column_find(k, name)) {
        return rv_ok();
    }
    const char *what = arena_printf(r->a, "is not a column of the kind %s", k->name);
    return what ? fault(r, name, what) : arena_fail(r->a, r->err);
}

static rv_status read_time_of_day(const struct reading *r, const struct kind *k, json_t *json,
                                  struct profile_column *c)
{
    RV_TRY(read_strings(r, json, "time_from", &c->time_from, &c->time_from_count));
    RV_TRY(read_string(r, json, "time_format", &c->time_format));
    if (c->time_from_count && kind_column_find(k, c->name)->type != COLUMN_TIME) {
        return fault(r, "time_from", "is for columns that hold a time");
    }
    if (c->time_format && !c->time_from_count) {
        return fault(r, "time_format", "needs \"time_from\": the header of the time of day");
    }
    return rv_ok();
}

static rv_status read_also(const struct reading *r, const struct kind *k, json_t *json,
                           struct profile_column *c)
{
    json_t *object = json_object_get(json, "also");
    if (!object) {
        return rv_ok();
    }
    const struct kind_column *kc = kind_column_find(k, c->name);
    if (!json_is_object(object) || kc->type != COLUMN_CATEGORY || kc->vocabulary || kc->is_code) {
        return fault(r, "also", "must be an object, and is for columns that hold a list, as flags");
    }
    struct profile_also *list = ARENA_NEW(r->a, struct profile_also, json_object_size(object) + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    const char *from;
    json_t *map;
    json_object_foreach(object, from, map)
    {
        struct profile_also *also = &list[c->also_count++];
        also->from = arena_text(r->a, from, strlen(from));
        if (!also->from) {
            return arena_fail(r->a, r->err);
        }
        RV_TRY(read_pairs(r, object, from, &also->map, &also->map_count));
    }
    c->also = list;
    return rv_ok();
}

static rv_status read_column(const struct reading *r, const struct kind *k, const char *name,
                             json_t *json, struct profile_column *c)
{
    static const char *const KNOWN[] = {"from",     "format",    "missing",     "map",  "unit",
                                        "optional", "time_from", "time_format", "also", NULL};
    static const char *const UNITS[] = {"", "metres", "kilometres", NULL};
    RV_TRY(check_column(r, k, name));
    if (!json_is_object(json)) {
        return fault(r, name, "must be an object with \"from\"");
    }
    RV_TRY(only(r, json, KNOWN));
    c->name = kind_column_find(k, name)->name;
    RV_TRY(read_strings(r, json, "from", &c->from, &c->from_count));
    if (c->from_count == 0) {
        return fault(r, name, "needs \"from\": the header of the column in the file");
    }
    RV_TRY(read_string(r, json, "format", &c->format));
    RV_TRY(read_time_of_day(r, k, json, c));
    int unit = 0;
    RV_TRY(read_choice(r, json, "unit", UNITS, &unit));
    c->unit = unit ? UNITS[unit] : NULL;
    const char *const *missing = NULL;
    RV_TRY(read_strings(r, json, "missing", &missing, &c->missing_count));
    struct text *list = ARENA_NEW(r->a, struct text, c->missing_count + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < c->missing_count; i++) {
        list[i] = text_trim(text_of(missing[i])); /* cells are trimmed before they are compared */
    }
    c->missing = list;
    RV_TRY(read_pairs(r, json, "map", &c->map, &c->map_count));
    RV_TRY(read_also(r, k, json, c));
    return read_bool(r, json, "optional", &c->is_optional);
}

static rv_status read_columns(const struct reading *r, json_t *root, struct profile *p)
{
    json_t *columns = json_object_get(root, "columns");
    if (!json_is_object(columns) || json_object_size(columns) == 0) {
        return fault(r, "columns", "must be an object: canonical column to header");
    }
    struct profile_column *list = ARENA_NEW(r->a, struct profile_column, json_object_size(columns));
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    const char *name;
    json_t *json;
    json_object_foreach(columns, name, json)
    {
        RV_TRY(read_column(r, p->kind, name, json, &list[p->column_count]));
        p->column_count++;
    }
    p->columns = list;
    RV_TRY(read_pairs(r, root, "constants", &p->constants, &p->constant_count));
    for (size_t i = 0; i < p->constant_count; i++) {
        RV_TRY(check_column(r, p->kind, p->constants[i].from.at));
    }
    return rv_ok();
}

static rv_status read_excludes(const struct reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {"column", "equals", "reason", NULL};
    json_t *list = json_object_get(root, "exclude");
    if (!list) {
        return rv_ok();
    }
    if (!json_is_array(list)) {
        return fault(r, "exclude", "must be a list of objects");
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
            return fault(r, "exclude", "must be a list of objects");
        }
        RV_TRY(only(r, item, KNOWN));
        RV_TRY(read_string(r, item, "column", &out[i].column));
        RV_TRY(read_string(r, item, "equals", &equals));
        RV_TRY(read_string(r, item, "reason", &out[i].reason));
        if (!out[i].column || !equals || !out[i].reason) {
            return fault(r, "exclude", "needs column, equals and reason in every rule");
        }
        out[i].equals = text_of(equals);
    }
    p->excludes = out;
    p->exclude_count = json_array_size(list);
    return rv_ok();
}

static rv_status read_wide_columns(const struct reading *r, json_t *json, const struct kind *k,
                                   struct profile_wide *w)
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
            return fault(r, "wide", "has columns that are not objects with \"from\"");
        }
        RV_TRY(only(r, item, KNOWN));
        RV_TRY(read_string(r, item, "from", &out[i].from));
        RV_TRY(read_pairs(r, item, "set", &out[i].set, &out[i].set_count));
        if (!out[i].from) {
            return fault(r, "wide", "has a column without \"from\"");
        }
        bool is_alike = out[i].set_count == out[0].set_count;
        for (size_t j = 0; is_alike && j < out[i].set_count; j++) {
            RV_TRY(check_column(r, k, out[i].set[j].from.at));
            is_alike = text_equal(out[i].set[j].from, out[0].set[j].from);
        }
        if (!is_alike) {
            return fault(r, "set", "must name the same columns in the same order each time");
        }
    }
    w->columns = out;
    w->column_count = n;
    return rv_ok();
}

static rv_status read_wide(const struct reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {"id", "periods", "value", "columns", "total", NULL};
    json_t *json = json_object_get(root, "wide");
    if (!json) {
        return rv_ok();
    }
    struct profile_wide *w = ARENA_NEW(r->a, struct profile_wide, 1);
    if (!w) {
        return arena_fail(r->a, r->err);
    }
    if (!json_is_object(json)) {
        return fault(r, "wide", "must be an object");
    }
    RV_TRY(only(r, json, KNOWN));
    RV_TRY(read_strings(r, json, "id", &w->id, &w->id_count));
    RV_TRY(read_string(r, json, "periods", &w->periods));
    RV_TRY(read_string(r, json, "value", &w->value));
    RV_TRY(read_string(r, json, "total", &w->total));
    RV_TRY(read_wide_columns(r, json, p->kind, w));
    if (!w->value && strcmp(p->kind->name, "area-counts") == 0) {
        w->value = "count";
    }
    if (!w->value || (w->periods != NULL) == (w->column_count > 0)) {
        return fault(r, "wide", "needs \"value\" and either \"periods\" or \"columns\"");
    }
    RV_TRY(check_column(r, p->kind, w->value));
    if (w->periods && !kind_column_find(p->kind, "period_from")) {
        return fault(r, "periods", "needs a kind with period_from and period_to");
    }
    p->wide = w;
    return rv_ok();
}

static rv_status read_form(const struct reading *r, json_t *root, struct profile *p)
{
    static const char *const ENDS[] = {"lf", "crlf", "cr", NULL};
    static const char *const ZONES[] = {"Europe/London", "UTC", NULL};
    const char *separator = ",", *decimal = ".";
    const char *encoding = NULL;
    int end = 0, zone = 0;
    RV_TRY(read_string(r, root, "separator", &separator));
    RV_TRY(read_string(r, root, "decimal", &decimal));
    RV_TRY(read_choice(r, root, "line_end", ENDS, &end));
    RV_TRY(read_string(r, root, "encoding", &encoding));
    RV_TRY(read_string(r, root, "sheet", &p->sheet));
    RV_TRY(read_choice(r, root, "time_zone", ZONES, &zone));
    if (strlen(separator) != 1 || strchr("\"\r\n", separator[0])) {
        return fault(r, "separator", "must be one character, such as \",\" or \";\"");
    }
    if (strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0) {
        return fault(r, "decimal", "must be \".\" or \",\"");
    }
    p->encoding = encoding ? encoding_find(encoding) : NULL;
    if (encoding && !p->encoding) {
        return fault(r, "encoding", "is not read; usual ones are utf-8, windows-1252, utf-16");
    }
    p->has_separator = json_object_get(root, "separator") != NULL;
    p->has_line_end = json_object_get(root, "line_end") != NULL;
    p->separator = separator[0];
    p->decimal = decimal[0];
    p->line_end = (enum profile_line_end)end;
    p->is_utc = zone == 1;
    return rv_ok();
}

static rv_status read_rules(const struct reading *r, json_t *root, struct profile *p)
{
    static const char *const REFRESH[] = {"full", "period", "incremental", NULL};
    static const char *const DUPLICATES[] = {"drop", "keep", NULL};
    static const char *const ABSENT[] = {"unknown", "zero", NULL};
    int refresh = PROFILE_INCREMENTAL, duplicates = 0, absent = 0;
    RV_TRY(read_choice(r, root, "refresh", REFRESH, &refresh));
    RV_TRY(read_choice(r, root, "duplicates", DUPLICATES, &duplicates));
    RV_TRY(read_choice(r, root, "absent", ABSENT, &absent));
    p->refresh = (enum profile_refresh)refresh;
    p->keeps_duplicates = duplicates == 1;
    p->absent_is_zero = absent == 1;
    p->key = p->kind->key;
    while (p->key[p->key_count]) {
        p->key_count++;
    }
    RV_TRY(read_strings(r, root, "key", &p->key, &p->key_count));
    for (size_t i = 0; i < p->key_count; i++) {
        RV_TRY(check_column(r, p->kind, p->key[i]));
    }
    return rv_ok();
}

static rv_status read_root(const struct reading *r, json_t *root, struct profile *p)
{
    static const char *const KNOWN[] = {
        "profile", "title",     "version",  "kind", "supplier",   "supplier_kind", "encoding",
        "sheet",   "separator", "line_end", "key",  "decimal",    "time_zone",     "columns",
        "refresh", "constants", "exclude",  "wide", "duplicates", "absent",        NULL};
    const char *kind = NULL;
    if (!json_is_object(root)) {
        return rv_fail(r->err, RV_INVALID, "profile %s: the file must hold one JSON object",
                       r->name);
    }
    RV_TRY(only(r, root, KNOWN));
    RV_TRY(read_string(r, root, "profile", &p->id));
    RV_TRY(read_string(r, root, "kind", &kind));
    if (!p->id || !*p->id || !kind) {
        return rv_fail(r->err, RV_INVALID,
                       "profile %s: \"profile\" (its name) and \"kind\" are required", r->name);
    }
    p->kind = kind_find(kind);
    if (!p->kind) {
        const char *what = arena_printf(
            r->a, "is \"%.60s\", which is no kind of extract that this version reads", kind);
        return what ? fault(r, "kind", what) : arena_fail(r->a, r->err);
    }
    json_t *version = json_object_get(root, "version");
    if (version && (!json_is_integer(version) || json_integer_value(version) < 1)) {
        return fault(r, "version", "must be a whole number from 1");
    }
    p->version = version ? json_integer_value(version) : 1;
    p->title = p->id;
    RV_TRY(read_string(r, root, "title", &p->title));
    RV_TRY(read_string(r, root, "supplier", &p->supplier));
    RV_TRY(read_string(r, root, "supplier_kind", &p->supplier_kind));
    RV_TRY(read_form(r, root, p));
    RV_TRY(read_columns(r, root, p));
    RV_TRY(read_rules(r, root, p));
    RV_TRY(read_excludes(r, root, p));
    return read_wide(r, root, p);
}

rv_status profile_parse(struct arena *a, const char *name, struct text json, struct profile *ret,
                        struct rv_err *reterr)
{
    struct reading r = {a, name, json, reterr};
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

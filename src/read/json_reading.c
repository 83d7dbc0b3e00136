/* read/json_reading.c — members, read strictly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/json_reading.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reading_enter(struct reading *r, const char *key)
{
    r->path[r->depth++] = (struct json_step){.key = key};
}

void reading_at(struct reading *r, size_t index)
{
    r->path[r->depth++] = (struct json_step){.index = index};
}

void reading_leave(struct reading *r)
{
    r->depth--;
}

rv_status reading_fault(const struct reading *r, const char *format, ...)
{
    char what[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    const char *key = "";
    for (size_t i = r->depth; i > 0 && !key[0]; i--) {
        key = r->path[i - 1].key ? r->path[i - 1].key : "";
    }
    return rv_fail(r->err, RV_INVALID, "%s, line %d: %s%s%s%s.", r->name,
                   json_path_line(r->json, r->path, r->depth), key[0] ? "\"" : "", key,
                   key[0] ? "\": " : "", what);
}

static bool is_known(const char *const *known, const char *key)
{
    while (*known && strcmp(*known, key) != 0) {
        known++;
    }
    return *known != NULL;
}

rv_status reading_only(struct reading *r, json_t *object, const char *const *known)
{
    if (!json_is_object(object)) {
        return reading_fault(r, "must be an object in braces");
    }
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (!is_known(known, key)) {
            reading_enter(r, key);
            return reading_fault(r, "is no member that is known here; remove or correct it");
        }
    }
    return rv_ok();
}

rv_status reading_keep(struct reading *r, json_t *value, const char **ret)
{
    size_t n = json_string_length(value);
    if (n == 0 || n > 2000 || strlen(json_string_value(value)) != n) {
        return reading_fault(r, "must be a text of 1 to 2,000 characters");
    }
    *ret = arena_text(r->a, json_string_value(value), n);
    return *ret ? rv_ok() : arena_fail(r->a, r->err);
}

rv_status reading_string(struct reading *r, json_t *object, const char *key, bool needed,
                         const char **ret)
{
    json_t *value = json_object_get(object, key);
    if (!value && !needed) {
        return rv_ok();
    }
    if (!value) {
        return reading_fault(r, "the member \"%s\" is missing", key);
    }
    reading_enter(r, key);
    if (!json_is_string(value)) {
        return reading_fault(r, "must be a text in quotes");
    }
    RV_TRY(reading_keep(r, value, ret));
    reading_leave(r);
    return rv_ok();
}

rv_status reading_words(struct reading *r, json_t *object, const char *key, bool needed,
                        const char *const **ret, size_t *ret_count)
{
    json_t *value = json_object_get(object, key);
    if (!value && !needed) {
        return rv_ok();
    }
    if (!value) {
        return reading_fault(r, "the member \"%s\" is missing", key);
    }
    reading_enter(r, key);
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n == 0 || n > 200) {
        return reading_fault(r, "must be a list of 1 to 200 texts");
    }
    const char **words = ARENA_NEW(r->a, const char *, n);
    if (!words) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        reading_at(r, i);
        if (!json_is_string(json_array_get(value, i))) {
            return reading_fault(r, "must be a text in quotes");
        }
        RV_TRY(reading_keep(r, json_array_get(value, i), &words[i]));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(words[k], words[i]) == 0) {
                return reading_fault(r, "names \"%s\" twice", words[i]);
            }
        }
        reading_leave(r);
    }
    reading_leave(r);
    *ret = words;
    *ret_count = n;
    return rv_ok();
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

rv_status reading_parse(const char *name, struct text json, json_t **ret, struct rv_err *reterr)
{
    json_error_t error;
    if (json.n > LIMIT_JSON_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "%s: such a file has at most %zu bytes.", name,
                       LIMIT_JSON_BYTES);
    }
    RV_CLEANUP(json_closep)
    json_t *root = json_loadb(json.n ? json.at : "", json.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return rv_fail(reterr, RV_INVALID, "%s, line %d, column %d: %s.", name, error.line,
                       error.column, error.text);
    }
    *ret = json_incref(root);
    return rv_ok();
}

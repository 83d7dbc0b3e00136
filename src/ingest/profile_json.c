/* ingest/profile_json.c — members of a profile, read strictly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/profile_json.h"

#include "define/vocabulary.h"
#include "ingest/kind.h"

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

rv_status profile_fault(const struct profile_reading *r, const char *key, const char *what)
{
    int line, column;
    locate(r->json, key, &line, &column);
    return rv_fail(r->err, RV_INVALID, "profile %s, line %d, column %d: \"%s\" %s", r->name, line,
                   column, key, what);
}

rv_status profile_only(const struct profile_reading *r, json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (!vocabulary_has(known, text_of(key))) {
            return profile_fault(r, key,
                                 "is not a member that a profile has here; remove or correct it");
        }
    }
    return rv_ok();
}

rv_status profile_string(const struct profile_reading *r, json_t *object, const char *key,
                         const char **ret)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    if (!json_is_string(value)) {
        return profile_fault(r, key, "must be a text in quotes");
    }
    *ret = arena_text(r->a, json_string_value(value), json_string_length(value));
    return *ret ? rv_ok() : arena_fail(r->a, r->err);
}

rv_status profile_bool(const struct profile_reading *r, json_t *object, const char *key, bool *ret)
{
    json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        return profile_fault(r, key, "must be true or false");
    }
    *ret = value ? json_is_true(value) : *ret;
    return rv_ok();
}

rv_status profile_strings(const struct profile_reading *r, json_t *object, const char *key,
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
            return profile_fault(r, key, "must be a text or a list of texts");
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

rv_status profile_pairs(const struct profile_reading *r, json_t *object, const char *key,
                        const struct profile_pair **ret, size_t *ret_count)
{
    json_t *value = json_object_get(object, key);
    if (!value) {
        return rv_ok();
    }
    if (!json_is_object(value)) {
        return profile_fault(r, key, "must be an object of texts");
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
            return profile_fault(r, from, "must be a text in quotes");
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

rv_status profile_spellings(const struct profile_reading *r, json_t *object, const char *key,
                            const struct text **ret, size_t *ret_count)
{
    const char *const *words = NULL;
    size_t n = 0;
    RV_TRY(profile_strings(r, object, key, &words, &n));
    struct text *list = ARENA_NEW(r->a, struct text, n + 1);
    if (!list) {
        return arena_fail(r->a, r->err);
    }
    for (size_t i = 0; i < n; i++) {
        list[i] = text_trim(text_of(words[i]));
    }
    *ret = list;
    *ret_count = n;
    return rv_ok();
}

rv_status profile_choice(const struct profile_reading *r, json_t *object, const char *key,
                         const char *const *choices, int *ret)
{
    const char *value = NULL;
    RV_TRY(profile_string(r, object, key, &value));
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
    return what ? profile_fault(r, key, what) : arena_fail(r->a, r->err);
}

rv_status profile_check_column(const struct profile_reading *r, const struct kind *k,
                               const char *name)
{
    if (kind_column_find(k, name)) {
        return rv_ok();
    }
    const char *what = arena_printf(r->a, "is not a column of the kind %s", k->name);
    return what ? profile_fault(r, name, what) : arena_fail(r->a, r->err);
}

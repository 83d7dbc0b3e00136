/* tests/base/json_oracle.c — jansson.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "json_oracle.h"

#include <jansson.h>

static json_t *load(struct text t)
{
    return json_loadb(t.at, t.n, JSON_REJECT_DUPLICATES, NULL);
}

bool oracle_same(struct text a, struct text b)
{
    json_t *left = load(a), *right = load(b);
    bool is_same = left && right && json_equal(left, right);
    json_decref(left);
    json_decref(right);
    return is_same;
}

bool oracle_has(struct text object, const char *key, const char *value)
{
    json_t *read = load(object);
    const char *got = json_string_value(json_object_get(read, key));
    bool has = got && text_is(text_of(got), value);
    json_decref(read);
    return has;
}

bool oracle_has_int(struct text object, const char *key, long long value)
{
    json_t *read = load(object);
    const json_t *got = json_object_get(read, key);
    bool has = json_is_integer(got) && json_integer_value(got) == value;
    json_decref(read);
    return has;
}

/* report/finding_load.c — a stored finding read back; nothing in it is taken on trust.
 *
 * jansson reads: strict, and it refuses a key that is there twice.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/parse.h"
#include "report/finding_fields.h"
#include "report/findings.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Reads from a parsed object into the arena; the first thing wrong is kept in `fault`. */
struct record {
    struct arena *arena;
    const char *fault; /* name of the field that cannot be used; NULL = none */
    bool is_full;      /* the arena is */
};

static const char *get_string(struct record *r, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!v) {
        return NULL;
    }
    if (!json_is_string(v)) {
        r->fault = key;
        return NULL;
    }
    const char *text = arena_text(r->arena, json_string_value(v), json_string_length(v));
    r->is_full = r->is_full || !text;
    return text;
}

static double get_real(struct record *r, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!v) {
        return (double)NAN;
    }
    double value;
    if (!json_is_string(v) || !parse_real(text_of(json_string_value(v)), &value)) {
        r->fault = key;
        return (double)NAN;
    }
    return value;
}

static int64_t get_integer(struct record *r, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_integer(v)) {
        r->fault = key;
        return -1;
    }
    return json_integer_value(v);
}

static struct month_range get_period(struct record *r, const json_t *object, const char *key)
{
    struct month_range none = {1, 0};
    const json_t *v = json_object_get(object, key);
    if (!v) {
        return none;
    }
    const json_t *first = json_array_get(v, 0), *last = json_array_get(v, 1);
    if (json_array_size(v) != 2 || !json_is_integer(first) || !json_is_integer(last)) {
        r->fault = key;
        return none;
    }
    json_int_t a = json_integer_value(first), b = json_integer_value(last);
    if (a < 0 || b > 40000 || a > b) {
        r->fault = key;
        return none;
    }
    return (struct month_range){(int32_t)a, (int32_t)b};
}

static size_t get_list(struct record *r, const json_t *object, const char *key,
                       const json_t **ret_list)
{
    *ret_list = json_object_get(object, key);
    if (!json_is_array(*ret_list)) {
        r->fault = key;
        return 0;
    }
    return json_array_size(*ret_list);
}

static void get_caveats(struct record *r, const json_t *root, struct finding *f)
{
    const json_t *list;
    f->caveat_count = get_list(r, root, "caveats", &list);
    const char **caveats = ARENA_NEW(r->arena, const char *, f->caveat_count);
    r->is_full = r->is_full || !caveats;
    for (size_t i = 0; caveats && i < f->caveat_count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text) {
            r->fault = "caveats";
            return;
        }
        caveats[i] = arena_text(r->arena, text, strlen(text));
        r->is_full = r->is_full || !caveats[i];
    }
    f->caveats = caveats;
}

/* What an earlier version stored has none: official. */
static enum marking get_marking(struct record *r, const json_t *object)
{
    enum marking m = MARKING_OFFICIAL;
    const char *name = get_string(r, object, "marking");
    if (name && !marking_find(text_of(name), &m)) {
        r->fault = "marking";
    }
    return m;
}

static void get_sources(struct record *r, const json_t *root, struct finding *f)
{
    const json_t *list;
    f->source_count = get_list(r, root, "sources", &list);
    struct finding_source *sources = ARENA_NEW(r->arena, struct finding_source, f->source_count);
    r->is_full = r->is_full || !sources;
    for (size_t i = 0; sources && i < f->source_count; i++) {
        const json_t *item = json_array_get(list, i);
        sources[i] =
            (struct finding_source){get_integer(r, item, "extract"), get_string(r, item, "sha256"),
                                    get_string(r, item, "file_name"), get_marking(r, item)};
    }
    f->sources = sources;
}

static void get_slots(struct record *r, const json_t *root, struct finding *f)
{
    const json_t *list;
    f->slot_count = get_list(r, root, "slots", &list);
    struct finding_slot *slots = ARENA_NEW(r->arena, struct finding_slot, f->slot_count);
    r->is_full = r->is_full || !slots;
    for (size_t i = 0; slots && i < f->slot_count; i++) {
        const json_t *item = json_array_get(list, i);
        slots[i].name = get_string(r, item, "name");
        if (!slots[i].name) {
            r->fault = "slots";
            return;
        }
        bool is_text = json_is_true(json_object_get(item, "is_text"));
        slots[i].type = is_text ? SLOT_TEXT : SLOT_NUMBER;
        slots[i].text = is_text ? get_string(r, item, "text") : NULL;
        slots[i].number = is_text ? 0 : get_real(r, item, "number");
    }
    f->slots = slots;
}

static void get_fields(struct record *r, const json_t *root, struct finding *f)
{
    if (get_integer(r, root, "form") != FINDING_FORM) {
        r->fault = "form";
    }
#define GET(name) f->name = get_string(r, root, #name);
    STRING_FIELDS(GET)
#undef GET
#define GET(name) f->name = get_real(r, root, #name);
    REAL_FIELDS(GET)
#undef GET
#define GET(name) f->name = get_integer(r, root, #name);
    INTEGER_FIELDS(GET)
#undef GET
    f->marking = get_marking(r, root);
    f->is_key = json_is_true(json_object_get(root, "is_key"));
    f->is_tied = json_is_true(json_object_get(root, "is_tied"));
    f->period = get_period(r, root, "period");
    f->compare = get_period(r, root, "compare");
    int64_t verdict = get_integer(r, root, "verdict");
    if (verdict < VERDICT_HOLDS || verdict > VERDICT_NOT_AVAILABLE) {
        r->fault = "verdict";
        verdict = VERDICT_NOT_AVAILABLE;
    }
    f->verdict = (enum finding_verdict)verdict;
    get_caveats(r, root, f);
    get_sources(r, root, f);
    get_slots(r, root, f);
    if (!f->id || !f->theme) {
        r->fault = "id";
    }
}

static void decref(json_t **json)
{
    json_decref(*json);
}

rv_status finding_from_json(struct arena *a, struct text text, struct finding *ret,
                            struct rv_err *reterr)
{
    json_error_t error;
    if (text.n > LIMIT_JSON_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "a stored finding is longer than %zu bytes",
                       LIMIT_JSON_BYTES);
    }
    json_t *root RV_CLEANUP(decref) =
        json_loadb(text.at ? text.at : "", text.n, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root)) {
        return rv_fail(reterr, RV_DAMAGED, "a stored finding is not JSON: %s",
                       root ? "not an object" : error.text);
    }
    struct record r = {.arena = a};
    struct finding f = {.id = NULL};
    get_fields(&r, root, &f);
    if (r.is_full) {
        return arena_fail(a, reterr);
    }
    if (r.fault) {
        return rv_fail(reterr, RV_DAMAGED, "a stored finding has no usable '%s'", r.fault);
    }
    *ret = f;
    return rv_ok();
}

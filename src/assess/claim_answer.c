/* assess/claim_answer.c — a set of answers, read and computed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_tables.h"
#include "base/asset.h"

#include <string.h>

extern const struct asset claim_assets[];
extern const size_t claim_assets_count;

struct text claim_set(const char *name)
{
    char file[80];
    (void)snprintf(file, sizeof file, "%s.json", name);
    const struct asset *found = asset_find(claim_assets, claim_assets_count, file);
    return found ? asset_text(found) : (struct text){NULL, 0};
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

/* {"when": CONDITION as an expression of words "yes" and "no", "because": "…"} */
static const char *otherwise(struct claiming *c, json_t *rule)
{
    struct claim_value v;
    const char *because = json_string_value(json_object_get(rule, "because"));
    if (!rule || !because || !claim_evaluate(c, json_object_get(rule, "when"), &v)) {
        return NULL;
    }
    bool is_so = !v.is_number && v.text_count == 1 && strcmp(v.texts[0], "yes") == 0;
    return is_so ? arena_printf(c->a, "%s", because) : NULL;
}

static rv_status answer_one(struct claiming *c, json_t *item, struct claim_answer *ret,
                            struct rv_err *reterr)
{
    const char *id = json_string_value(json_object_get(item, "claim"));
    json_t *value = json_object_get(item, "value");
    if (!id || !value) {
        return rv_fail(reterr, RV_INVALID, "an answer needs \"claim\" and \"value\"");
    }
    c->from = c->because = "";
    struct claim_answer x = {.claim = arena_printf(c->a, "%s", id)};
    x.is_computed = claim_evaluate(c, value, &x.value);
    x.because = c->because;
    x.from = arena_printf(c->a, "%s", c->from);
    x.instead = x.is_computed ? otherwise(c, json_object_get(item, "otherwise")) : NULL;
    if (!x.claim || !x.from) {
        return arena_fail(c->a, reterr);
    }
    *ret = x;
    return rv_ok();
}

rv_status claims_answer(struct store *s, struct arena *a, struct pool *pool,
                        struct progress *progress, const char *set, struct claim_answer **ret,
                        size_t *ret_count, struct rv_err *reterr)
{
    json_error_t error;
    struct text text = claim_set(set);
    if (text.n == 0) {
        return rv_fail(reterr, RV_NOT_FOUND, "no set of claims is called \"%s\"", set);
    }
    RV_CLEANUP(json_closep) json_t *root = json_loadb(text.at, text.n, 0, &error);
    json_t *list = json_object_get(root, "answers");
    if (!json_is_array(list)) {
        return rv_fail(reterr, RV_INVALID, "the claims of %s do not read: line %d: %s", set,
                       error.line, error.text);
    }
    struct claiming c = {.a = a};
    RV_TRY(store_snapshot(s, reterr)); /* every table of the same state of the file */
    RV_CLEANUP(store_snapshot_endp) struct store *open = s;
    RV_TRY(held_load(s, a, pool, progress, &c.held, reterr));
    struct claim_answer *answers = ARENA_NEW(a, struct claim_answer, json_array_size(list) + 1);
    if (!answers) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        RV_TRY(progress_check(progress, reterr));
        RV_TRY(answer_one(&c, json_array_get(list, i), &answers[i], reterr));
    }
    *ret = answers;
    *ret_count = json_array_size(list);
    return rv_ok();
}

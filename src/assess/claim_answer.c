/* assess/claim_answer.c — a set of answers, read and computed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim_internal.h"
#include "base/asset.h"
#include "base/buf.h"

#include <math.h>
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

/* One slot of a reason: "share:1" is the number of that name with one decimal. */
static bool put_slot(struct claiming *c, struct buf *b, struct text slot, json_t *with)
{
    struct claim_value v;
    struct text decimals, name = text_split(slot, ':', &decimals);
    const char *key = arena_text(c->a, name.at, name.n);
    if (!key || !claim_evaluate(c, json_object_get(with, key), &v)) {
        return false;
    }
    if (v.is_number) {
        buf_printf(b, "%.*f", decimals.n ? decimals.at[0] - '0' : 0, v.number);
        return true;
    }
    for (size_t i = 0; i < v.text_count; i++) {
        buf_printf(b, "%s%s", i ? ", " : "", v.texts[i]);
    }
    return true;
}

/* A reason with its slots filled; NULL when one has no value. */
static const char *filled(struct claiming *c, const char *pattern, json_t *with)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (struct text rest = text_of(pattern); rest.n > 0;) {
        struct text after;
        buf_slice(&b, text_split(rest, '{', &after));
        rest = (struct text){NULL, 0};
        if (after.n > 0 && !put_slot(c, &b, text_split(after, '}', &rest), with)) {
            return NULL;
        }
    }
    return b.failed ? NULL : arena_text(c->a, b.bytes ? b.bytes : "", b.n);
}

/* {"when": CONDITION, "because": "{share:1}% …", "with": {"share": EXPRESSION}}; without a
 * condition always. */
static const char *one_rule(struct claiming *c, json_t *rule)
{
    bool is_so = true;
    json_t *when = json_object_get(rule, "when");
    const char *because = json_string_value(json_object_get(rule, "because"));
    bool has = because && (!when || claim_holds(c, when, &is_so));
    return has && is_so ? filled(c, because, json_object_get(rule, "with")) : NULL;
}

/* One rule, or the first of several that holds. */
static const char *otherwise(struct claiming *c, json_t *rules)
{
    const char *said = json_is_array(rules) ? NULL : one_rule(c, rules);
    for (size_t i = 0; !said && i < json_array_size(rules); i++) {
        said = one_rule(c, json_array_get(rules, i));
    }
    return said;
}

/* A finding of the stored assessment says the same, where one is about the same area and months. */
static const char *finding_says(struct claiming *c, json_t *finding, double computed)
{
    double stored;
    bool has = json_is_array(finding) && claim_finding(c, finding, &stored);
    if (!has || fabs(stored - computed) <= 1e-9 * fmax(1, fabs(computed))) {
        return NULL;
    }
    return arena_printf(c->a,
                        "The table gives %.12g and the finding %s of the stored assessment %.12g: "
                        "run \"reeve assess\" again if records came in since.",
                        computed, json_string_value(json_array_get(finding, 1)), stored);
}

static const char *used_list(struct claiming *c)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    for (size_t i = 0; i < c->used_count; i++) {
        buf_printf(&b, "%s%s", i ? "; " : "", c->used[i]);
    }
    return b.failed ? NULL : arena_text(c->a, b.bytes ? b.bytes : "", b.n);
}

/* An answer without a value says why there is none. */
static rv_status answer_one(struct claiming *c, json_t *item, struct claim_answer *ret,
                            struct rv_err *reterr)
{
    const char *id = json_string_value(json_object_get(item, "claim"));
    const char *because = json_string_value(json_object_get(item, "because"));
    json_t *value = json_object_get(item, "value");
    if (!id || (!value && !because)) {
        return rv_fail(reterr, RV_INVALID,
                       "an answer needs \"claim\", and \"value\" or \"because\"");
    }
    c->because = "";
    c->used_count = 0;
    struct claim_answer x = {.claim = arena_printf(c->a, "%s", id)};
    x.is_computed = value && claim_evaluate(c, value, &x.value);
    const char *note = json_string_value(json_object_get(item, "note"));
    x.because = !value                  ? arena_printf(c->a, "%s", because)
                : x.is_computed && note ? filled(c, note, json_object_get(item, "with"))
                : x.is_computed         ? ""
                                        : c->because;
    x.clash = x.is_computed && x.value.is_number
                  ? finding_says(c, json_object_get(item, "finding"), x.value.number)
                  : NULL;
    x.instead = x.is_computed ? otherwise(c, json_object_get(item, "otherwise")) : NULL;
    x.from = used_list(c);
    if (!x.claim || !x.from || !x.because) {
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
    struct claiming c = {.a = a, .named = json_object_get(root, "named")};
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

static const struct claim_answer *find_answer(const struct claim_answer *answers, size_t count,
                                              const char *claim)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(answers[i].claim, claim) == 0) {
            return &answers[i];
        }
    }
    return NULL;
}

rv_status claims_rows(struct store *s, struct arena *a, struct pool *pool,
                      struct progress *progress, const char *set,
                      const struct claim_expected *expected, size_t count, struct claim_row **ret,
                      struct rv_err *reterr)
{
    struct claim_answer *answers;
    size_t answer_count;
    RV_TRY(claims_answer(s, a, pool, progress, set, &answers, &answer_count, reterr));
    struct claim_row *rows = ARENA_NEW(a, struct claim_row, count);
    if (!rows) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        const struct claim_answer *answer = find_answer(answers, answer_count, expected[i].claim);
        rows[i].expected = &expected[i];
        rows[i].from = answer && answer->is_computed ? answer->from : "";
        RV_TRY(claim_compare(a, &expected[i], answer, &rows[i].result, reterr));
    }
    *ret = rows;
    return rv_ok();
}

/* assess/quality_words.c — places in words: how many are placed, how surely, and why others are
 * not. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"
#include "place/texts.h"

static const struct layer *finest_layer(const struct held *h)
{
    static const char *const TYPES[] = {"lsoa", "ward", "borough"};
    const struct layer *l = NULL;
    for (size_t i = 0; i < 3 && !l; i++) {
        l = layer_choose(h->layers, h->layer_count, TYPES[i], NULL, INT32_MAX);
    }
    return l;
}

/* Rows of all extracts of the source, replaced ones too, by class. */
static rv_status add_up(struct quality_work *w, const struct layer *l, struct match_totals *ret,
                        struct rv_err *reterr)
{
    const struct source *s = w->facts->source;
    for (size_t i = 0; i < s->extract_count; i++) {
        struct match_totals totals = {{0}};
        struct rv_err err;
        rv_status status =
            match_load(w->held->store, w->held->arena, s->extracts[i].id, l, NULL, &totals, &err);
        if (!rv_is_ok(status) && status.code != RV_NOT_FOUND) {
            return rv_fail(reterr, status.code, "%s", err.message);
        }
        for (size_t k = 0; k < MATCH_CLASSES; k++) {
            ret->rows[k] += totals.rows[k];
        }
    }
    return rv_ok();
}

rv_status quality_words(struct quality_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct layer *l = finest_layer(w->held);
    struct match_totals t = {{0}};
    const int64_t *n = t.rows;
    if (!l) {
        return quality_absent(w, "places-in-words", "", "No areas are held.",
                              "maps, wards and LSOAs", reterr);
    }
    RV_TRY(add_up(w, l, &t, reterr));
    struct quality_check *c = quality_add(w, "places-in-words", "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->of = 0;
    for (size_t k = 0; k < MATCH_CLASSES; k++) {
        c->of += n[k];
    }
    c->count = c->of - n[MATCH_EXACT] - n[MATCH_CLOSE] - n[MATCH_WEAK];
    c->measure = c->of ? (double)c->count / (double)c->of : 0;
    c->measure_name = "share";
    c->verdict = quality_share_verdict(c->count, c->of);
    c->sentence = arena_printf(
        a,
        "%s places in words are not found in areas of type %s: %s at a home, %s ambiguous, %s not "
        "found, %s too vague, %s without words; of the others %s are exact, %s close, %s weak.",
        quality_share_text(a, c->count, c->of), l->type, quality_number(a, n[MATCH_HOME]),
        quality_number(a, n[MATCH_AMBIGUOUS]), quality_number(a, n[MATCH_NOT_FOUND]),
        quality_number(a, n[MATCH_VAGUE]), quality_number(a, n[MATCH_NO_TEXT]),
        quality_number(a, n[MATCH_EXACT]), quality_number(a, n[MATCH_CLOSE]),
        quality_number(a, n[MATCH_WEAK]));
    c->spoils = "counts by area: places that nobody names well are missing from them";
    c->remedy = c->verdict == VERDICT_HOLDS
                    ? ""
                    : "See what is not found with 'reeve areas FILE --texts' and import names that "
                      "are missing as a gazetteer; give the number not placed beside every map.";
    return quality_whole(w, c, reterr);
}

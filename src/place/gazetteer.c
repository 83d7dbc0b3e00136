/* place/gazetteer.c — names, places and evidence gathered, then laid out for the matcher.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/gazetteer.h"

#include "base/hash.h"

#include <stdlib.h>

/* An open hash from a 64-bit key to a number; keys are never 0. */
struct table {
    uint64_t *keys;
    uint32_t *values;
    size_t size, used; /* size is a power of two */
};

struct draft_name {
    const char *key; /* its words */
    const char *shown;
    size_t n;
    uint32_t same; /* next name with the same hash, GAZETTEER_NO_NAME = none */
};

struct draft_evidence {
    uint32_t place, layer, placed;
    double weight;
};

struct gazetteer_draft {
    struct arena *a;
    const struct layer *layers;
    size_t layer_count;
    struct draft_name *names;
    struct gazetteer_place *places;
    struct draft_evidence *evidence;
    uint32_t name_count, place_count, evidence_count;
    uint32_t name_room, place_room, evidence_room;
    struct table by_name, by_place, by_evidence;
};

const char *place_kind_name(enum place_kind kind)
{
    static const char *const NAMES[] = {"area", "street", "station", "site"};
    return NAMES[kind];
}

/* ---- hashing ---- */

static uint64_t mix(uint64_t key)
{
    key ^= key >> 31;
    key *= UINT64_C(0x9e3779b97f4a7c15);
    return key ^ key >> 29;
}

static rv_status table_grow(struct arena *a, struct table *t, struct rv_err *reterr)
{
    struct table grown = {.size = t->size ? t->size * 2 : 1024, .used = t->used};
    grown.keys = ARENA_NEW(a, uint64_t, grown.size);
    grown.values = ARENA_NEW(a, uint32_t, grown.size);
    if (!grown.keys || !grown.values) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < t->size; i++) {
        size_t at = (size_t)mix(t->keys[i]) & (grown.size - 1);
        while (t->keys[i] && grown.keys[at]) {
            at = (at + 1) & (grown.size - 1);
        }
        if (t->keys[i]) {
            grown.keys[at] = t->keys[i];
            grown.values[at] = t->values[i];
        }
    }
    *t = grown;
    return rv_ok();
}

/* The slot of a key; *ret_is_new when it is empty: the caller then fills it. */
static rv_status table_slot(struct arena *a, struct table *t, uint64_t key, uint32_t **ret,
                            bool *ret_is_new, struct rv_err *reterr)
{
    if (t->used * 2 >= t->size) {
        RV_TRY(table_grow(a, t, reterr));
    }
    size_t at = (size_t)mix(key) & (t->size - 1);
    while (t->keys[at] && t->keys[at] != key) {
        at = (at + 1) & (t->size - 1);
    }
    *ret_is_new = t->keys[at] == 0;
    t->used += *ret_is_new;
    t->keys[at] = key;
    *ret = &t->values[at];
    return rv_ok();
}

/* Room for one more; the old array stays in the arena, so that all of it is at most twice. */
static void *grow(struct arena *a, void *old, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room) {
        return old;
    }
    uint32_t wanted = *room ? *room * 2 : 256;
    void *made = arena_new(a, wanted, size);
    if (made && count) {
        memcpy(made, old, count * size);
    }
    *room = made ? wanted : *room;
    return made;
}

/* ---- notes ---- */

rv_status gazetteer_begin(struct arena *a, const struct layer *layers, size_t count,
                          struct gazetteer_draft **ret, struct rv_err *reterr)
{
    struct gazetteer_draft *d = ARENA_NEW(a, struct gazetteer_draft, 1);
    if (!d) {
        return arena_fail(a, reterr);
    }
    *d = (struct gazetteer_draft){.a = a, .layers = layers, .layer_count = count};
    *ret = d;
    return rv_ok();
}

static rv_status add_name(struct gazetteer_draft *d, struct text key, struct text shown,
                          struct rv_err *reterr)
{
    struct draft_name *names = grow(d->a, d->names, d->name_count, &d->name_room, sizeof *d->names);
    if (!names) {
        return arena_fail(d->a, reterr);
    }
    d->names = names;
    struct draft_name n = {arena_text(d->a, key.at, key.n), arena_text(d->a, shown.at, shown.n),
                           key.n, GAZETTEER_NO_NAME};
    if (!n.key || !n.shown) {
        return arena_fail(d->a, reterr);
    }
    d->names[d->name_count++] = n;
    return rv_ok();
}

static rv_status find_name(struct gazetteer_draft *d, struct text key, struct text shown,
                           uint32_t *ret, struct rv_err *reterr)
{
    uint32_t *slot;
    bool is_new;
    uint64_t h = hash64(key.at, key.n) | 1;
    RV_TRY(table_slot(d->a, &d->by_name, h, &slot, &is_new, reterr));
    uint32_t last = GAZETTEER_NO_NAME;
    for (uint32_t i = is_new ? GAZETTEER_NO_NAME : *slot; i != GAZETTEER_NO_NAME;
         i = d->names[i].same) {
        if (text_equal(key, (struct text){d->names[i].key, d->names[i].n})) {
            *ret = i;
            return rv_ok();
        }
        last = i;
    }
    RV_TRY(add_name(d, key, shown, reterr));
    *ret = d->name_count - 1;
    if (last == GAZETTEER_NO_NAME) {
        *slot = *ret;
    } else {
        d->names[last].same = *ret;
    }
    return rv_ok();
}

rv_status gazetteer_name(struct gazetteer_draft *d, struct text name, enum place_kind kind,
                         uint32_t *ret, struct rv_err *reterr)
{
    struct place_words w;
    char key[WORDS_MOST * WORD_BYTES];
    *ret = GAZETTEER_NO_NAME;
    bool is_name = words_of_name(name, &w);
    bool is_said = w.count > 0 && word_is(&w.at[w.count - 1], "station");
    if (kind == NAMED_STATION && w.count > 0 && w.count < WORDS_MOST && !is_said) {
        w.at[w.count++] = (struct place_word){.at = "station", .n = 7};
    }
    return is_name ? find_name(d, (struct text){key, place_words_join(&w, key, sizeof key)}, name,
                               ret, reterr)
                   : rv_ok();
}

rv_status gazetteer_note(struct gazetteer_draft *d, uint32_t name, uint32_t borough,
                         enum place_kind kind, double weight, uint32_t *ret_place,
                         struct rv_err *reterr)
{
    uint32_t *slot;
    bool is_new, is_area = kind == NAMED_AREA;
    uint64_t key = (uint64_t)(name + 1) << 24 | (uint64_t)(borough & 0x7fffff) << 1 | is_area;
    RV_TRY(table_slot(d->a, &d->by_place, key, &slot, &is_new, reterr));
    if (is_new) {
        void *places = grow(d->a, d->places, d->place_count, &d->place_room, sizeof *d->places);
        if (!places) {
            return arena_fail(d->a, reterr);
        }
        d->places = places;
        d->places[d->place_count] =
            (struct gazetteer_place){.name = name, .borough = borough, .kind = kind};
        *slot = d->place_count++;
    }
    d->places[*slot].weight += weight;
    *ret_place = *slot;
    return rv_ok();
}

rv_status gazetteer_lies(struct gazetteer_draft *d, uint32_t place, uint32_t layer, uint32_t placed,
                         double weight, struct rv_err *reterr)
{
    uint32_t *slot;
    bool is_new;
    if (placed == 0) {
        return rv_ok();
    }
    uint64_t key = (uint64_t)(place + 1) << 36 | (uint64_t)layer << 24 | placed;
    RV_TRY(table_slot(d->a, &d->by_evidence, key, &slot, &is_new, reterr));
    if (is_new) {
        void *all =
            grow(d->a, d->evidence, d->evidence_count, &d->evidence_room, sizeof *d->evidence);
        if (!all) {
            return arena_fail(d->a, reterr);
        }
        d->evidence = all;
        d->evidence[d->evidence_count] = (struct draft_evidence){place, layer, placed, 0};
        *slot = d->evidence_count++;
    }
    d->evidence[*slot].weight += weight;
    return rv_ok();
}

/* ---- laying out ---- */

static int by_key(const void *one, const void *two)
{
    const struct draft_name *a = one, *b = two;
    return text_compare((struct text){a->key, a->n}, (struct text){b->key, b->n});
}

static int by_name_and_borough(const void *one, const void *two)
{
    const struct gazetteer_place *a = one, *b = two;
    uint64_t x = (uint64_t)a->name << 32 | a->borough, y = (uint64_t)b->name << 32 | b->borough;
    return x != y ? (x < y ? -1 : 1) : (a->kind > b->kind) - (a->kind < b->kind);
}

static int by_place_and_weight(const void *one, const void *two)
{
    const struct draft_evidence *a = one, *b = two;
    uint64_t x = (uint64_t)a->place << 32 | a->layer, y = (uint64_t)b->place << 32 | b->layer;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    return a->weight > b->weight   ? -1
           : a->weight < b->weight ? 1
                                   : (a->placed > b->placed) - (a->placed < b->placed);
}

static void sort(void *list, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1) { /* an empty list is NULL */
        qsort(list, count, size, compare);
    }
}

/* Names in the order of their words, so that nothing depends on the order of the notes; their
 * places follow them. first[old] of places is kept in `first` for the evidence. */
static rv_status order_places(struct gazetteer_draft *d, struct rv_err *reterr)
{
    uint32_t *names = ARENA_NEW(d->a, uint32_t, d->name_count + 1);
    uint32_t *places = ARENA_NEW(d->a, uint32_t, d->place_count + 1);
    if (!names || !places) {
        return arena_fail(d->a, reterr);
    }
    for (uint32_t i = 0; i < d->place_count; i++) {
        names[d->places[i].name] = 1; /* it has a place */
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->name_count; i++) {
        d->names[i].same = i; /* its old number, while they are sorted */
        if (names[i]) {
            d->names[kept++] = d->names[i];
        }
    }
    d->name_count = kept;
    sort(d->names, d->name_count, sizeof *d->names, by_key);
    for (uint32_t i = 0; i < d->name_count; i++) {
        names[d->names[i].same] = i;
    }
    for (uint32_t i = 0; i < d->place_count; i++) {
        d->places[i].name = names[d->places[i].name];
        d->places[i].first = i;
    }
    sort(d->places, d->place_count, sizeof *d->places, by_name_and_borough);
    for (uint32_t i = 0; i < d->place_count; i++) {
        places[d->places[i].first] = i;
    }
    for (uint32_t i = 0; i < d->evidence_count; i++) {
        d->evidence[i].place = places[d->evidence[i].place];
    }
    sort(d->evidence, d->evidence_count, sizeof *d->evidence, by_place_and_weight);
    return rv_ok();
}

static rv_status lay_places(struct gazetteer_draft *d, struct gazetteer *g, struct rv_err *reterr)
{
    g->places = d->places;
    g->place_count = d->place_count;
    g->evidence = ARENA_NEW(d->a, struct place_evidence, d->evidence_count + 1);
    if (!g->evidence) {
        return arena_fail(d->a, reterr);
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < g->place_count; i++) {
        g->places[i].first = at;
        for (; at < d->evidence_count && d->evidence[at].place == i; at++) {
            const struct draft_evidence *e = &d->evidence[at];
            g->evidence[at] = (struct place_evidence){e->layer, e->placed, e->weight};
        }
        g->places[i].count = at - g->places[i].first;
    }
    return rv_ok();
}

static int compare_texts(const void *one, const void *two)
{
    const struct text *a = one, *b = two;
    return text_compare(*a, *b);
}

/* Every word of every name, then the distinct ones in order. */
static rv_status lay_words(struct gazetteer_draft *d, struct gazetteer *g, size_t *ret_all,
                           struct rv_err *reterr)
{
    size_t all = 0, at = 0;
    for (uint32_t i = 0; i < d->name_count; i++) {
        for (size_t k = 0; k <= d->names[i].n; k++) {
            all += k == d->names[i].n || d->names[i].key[k] == ' ';
        }
    }
    g->words = ARENA_NEW(d->a, struct text, all + 1);
    if (!g->words) {
        return arena_fail(d->a, reterr);
    }
    for (uint32_t i = 0; i < d->name_count; i++) {
        struct text rest = {d->names[i].key, d->names[i].n};
        while (rest.n) {
            g->words[at++] = text_split(rest, ' ', &rest);
        }
    }
    qsort(g->words, at, sizeof *g->words, compare_texts);
    for (size_t i = 0; i < at; i++) {
        if (i == 0 || !text_equal(g->words[i], g->words[g->word_count - 1])) {
            g->words[g->word_count++] = g->words[i];
        }
    }
    *ret_all = all;
    return rv_ok();
}

static uint32_t find_word(const struct gazetteer *g, struct text w)
{
    const struct text *found =
        bsearch(&w, g->words, g->word_count, sizeof *g->words, compare_texts);
    return (uint32_t)(found - g->words);
}

static rv_status lay_names(struct gazetteer_draft *d, struct gazetteer *g, size_t all,
                           struct rv_err *reterr)
{
    g->name_count = d->name_count;
    g->names = ARENA_NEW(d->a, struct gazetteer_name, d->name_count + 1);
    g->name_words = ARENA_NEW(d->a, uint32_t, all + 1);
    if (!g->names || !g->name_words) {
        return arena_fail(d->a, reterr);
    }
    uint32_t place = 0, at = 0;
    for (uint32_t i = 0; i < d->name_count; i++) {
        struct gazetteer_name *n = &g->names[i];
        struct text rest = {d->names[i].key, d->names[i].n};
        *n = (struct gazetteer_name){.shown = d->names[i].shown, .first = at, .place = place};
        while (rest.n) {
            struct text w = text_split(rest, ' ', &rest);
            n->weight += word_is_type(w) ? GAZETTEER_TYPE : 1;
            g->name_words[at++] = find_word(g, w);
        }
        n->count = at - n->first;
        while (place < g->place_count && g->places[place].name == i) {
            place++;
        }
        n->places = place - n->place;
    }
    return rv_ok();
}

/* The names of each word. */
static rv_status lay_index(struct gazetteer_draft *d, struct gazetteer *g, size_t all,
                           struct rv_err *reterr)
{
    g->word_first = ARENA_NEW(d->a, uint32_t, g->word_count + 2);
    g->word_names = ARENA_NEW(d->a, uint32_t, all + 1);
    if (!g->word_first || !g->word_names) {
        return arena_fail(d->a, reterr);
    }
    for (size_t i = 0; i < all; i++) {
        g->word_first[g->name_words[i] + 2]++;
    }
    for (uint32_t w = 2; w < g->word_count + 2; w++) {
        g->word_first[w] += g->word_first[w - 1];
    }
    for (uint32_t i = 0; i < g->name_count; i++) {
        for (uint32_t k = 0; k < g->names[i].count; k++) {
            uint32_t word = g->name_words[g->names[i].first + k];
            g->word_names[g->word_first[word + 1]++] = i;
        }
    }
    return rv_ok();
}

rv_status gazetteer_finish(struct gazetteer_draft *d, struct gazetteer *ret, struct rv_err *reterr)
{
    struct gazetteer g = {
        .layers = d->layers, .layer_count = d->layer_count, .borough_layer = SIZE_MAX};
    size_t all = 0;
    for (size_t i = 0; i < d->layer_count; i++) {
        if (strcmp(d->layers[i].type, "borough") == 0) {
            g.borough_layer = i; /* the latest: layers are in order of vintage */
        }
    }
    RV_TRY(order_places(d, reterr));
    RV_TRY(lay_places(d, &g, reterr));
    RV_TRY(lay_words(d, &g, &all, reterr));
    RV_TRY(lay_names(d, &g, all, reterr));
    RV_TRY(lay_index(d, &g, all, reterr));
    RV_TRY(spelling_build(d->a, g.words, g.word_count, &g.spelling, reterr));
    *ret = g;
    return rv_ok();
}

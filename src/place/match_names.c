/* place/match_names.c — names whose words stand in a reading, in their order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/match_names.h"

#include <stdlib.h>

#define MOST_HITS    ((size_t)4096)
#define MOST_MET     ((size_t)20000) /* names looked at for one reading */
#define LONGEST_NAME 12              /* words that are looked for */
#define LEAST        0.55            /* agreement of a name that counts at all */
#define NEARLY       0.93            /* of the best value: may be meant as well */
#define ALSO_LEAST   0.8             /* agreement of a narrowing name */
#define TOWN_LEAST   0.7             /* of an area: "Romford" of Romford Town */
#define GAP          0.9             /* for each strange word between those of a name */

struct token {
    struct text text;
    struct spelling_hit words[SPELLING_HITS]; /* of the gazetteer */
    size_t count;
    bool is_type; /* or the first part of a postcode, or the number of a road: no name alone */
};

struct tokens {
    struct place_words words;
    struct token at[WORDS_MOST];
    size_t count;
};

rv_status names_open(struct arena *a, const struct gazetteer *g, struct names_found *ret,
                     struct rv_err *reterr)
{
    *ret = (struct names_found){.g = g};
    ret->stamp = ARENA_NEW(a, uint32_t, g->name_count + 1);
    ret->hits = ARENA_NEW(a, struct name_hit, MOST_HITS);
    if (!ret->stamp || !ret->hits) {
        return arena_fail(a, reterr);
    }
    return spelling_scratch_open(a, &g->spelling, &ret->spelling, reterr);
}

/* ---- words of the reading ---- */

static int compare_texts(const void *one, const void *two)
{
    const struct text *a = one, *b = two;
    return text_compare(*a, *b);
}

static void read_tokens(struct names_found *f, struct text reading, struct tokens *t)
{
    const struct gazetteer *g = f->g;
    words_of_reading(reading, &t->words);
    t->count = t->words.count;
    f->has_plain = false;
    for (size_t i = 0; i < t->count; i++) {
        struct token *k = &t->at[i];
        *k = (struct token){.text = {t->words.at[i].at, t->words.at[i].n}};
        k->is_type = word_is_type(k->text) || t->words.at[i].digits > 0;
        f->has_plain = f->has_plain || !k->is_type;
        const struct text *found = g->word_count ? bsearch(&k->text, g->words, g->word_count,
                                                           sizeof *g->words, compare_texts)
                                                 : NULL;
        if (found) {
            k->words[0] = (struct spelling_hit){(uint32_t)(found - g->words), 1};
            k->count = 1;
        } else if (!k->is_type) {
            k->count = spelling_near(&g->spelling, &f->spelling, k->text, k->words);
        }
    }
}

static double likeness(const struct token *t, uint32_t word)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->words[i].word == word) {
            return (double)t->words[i].likeness;
        }
    }
    return 0;
}

/* ---- one name in the reading ---- */

struct alignment {
    double found;           /* weight of the words that are there */
    uint32_t tokens, words; /* which of the reading, which of the name */
};

static double word_weight(const struct gazetteer *g, uint32_t word)
{
    return word_is_type(g->words[word]) ? GAZETTEER_TYPE : 1;
}

/* The heaviest common subsequence of the words of a name and of the reading. */
static struct alignment align(const struct gazetteer *g, const struct gazetteer_name *n,
                              const struct tokens *t)
{
    struct alignment rows[2][WORDS_MOST + 1] = {{{0}}};
    size_t m = n->count < LONGEST_NAME ? n->count : LONGEST_NAME;
    for (size_t i = 0; i < m; i++) {
        uint32_t word = g->name_words[n->first + i];
        double weight = word_weight(g, word);
        struct alignment *before = rows[i % 2], *now = rows[(i + 1) % 2];
        now[0] = (struct alignment){0};
        for (size_t j = 0; j < t->count; j++) {
            struct alignment best = before[j + 1].found >= now[j].found ? before[j + 1] : now[j];
            double alike = likeness(&t->at[j], word);
            if (alike > 0 && before[j].found + weight * alike > best.found) {
                best = before[j];
                best.found += weight * alike;
                best.tokens |= 1u << j;
                best.words |= 1u << i;
            }
            now[j + 1] = best;
        }
    }
    return rows[m % 2][t->count];
}

static size_t lowest(uint32_t bits)
{
    return (size_t)__builtin_ctz(bits);
}

static size_t highest(uint32_t bits)
{
    return 31u - (size_t)__builtin_clz(bits);
}

/* "South Road" is not South Street: the name's own sort of street is missing, another stands
 * where it would. */
static bool is_another_street(const struct gazetteer *g, const struct gazetteer_name *n,
                              const struct alignment *a, const struct tokens *t)
{
    uint32_t last = g->name_words[n->first + n->count - 1];
    bool is_missing = n->count <= LONGEST_NAME && !(a->words >> (n->count - 1) & 1) &&
                      word_is_street_type(g->words[last]);
    size_t next = highest(a->tokens) + 1;
    return is_missing && next < t->count && word_is_street_type(t->at[next].text);
}

static bool has_plain_word(const struct tokens *t, uint32_t tokens)
{
    for (size_t i = 0; i < t->count; i++) {
        if ((tokens >> i & 1) && !t->at[i].is_type) {
            return true;
        }
    }
    return false;
}

static void try_name(struct names_found *f, const struct tokens *t, uint32_t name)
{
    const struct gazetteer_name *n = &f->g->names[name];
    struct alignment a = align(f->g, n, t);
    if (a.tokens == 0 || f->hit_count == MOST_HITS || is_another_street(f->g, n, &a, t)) {
        return;
    }
    double agreement = a.found / n->weight;
    for (size_t i = lowest(a.tokens); i < highest(a.tokens); i++) {
        agreement *= a.tokens >> i & 1 ? 1 : GAP;
    }
    bool is_whole = a.words == (UINT32_C(1) << n->count) - 1;
    if (agreement >= LEAST && (is_whole || has_plain_word(t, a.tokens))) {
        f->hits[f->hit_count++] =
            (struct name_hit){name, a.tokens, agreement, agreement * agreement * a.found};
    }
}

/* ---- all names ---- */

struct posting {
    uint32_t word, count;
};

static int by_count(const void *one, const void *two)
{
    const struct posting *a = one, *b = two;
    return a->count != b->count ? (a->count < b->count ? -1 : 1)
                                : (a->word > b->word) - (a->word < b->word);
}

/* Names that have a word of the reading, those of rare words first, so that a common one ("road")
 * is left when it would lead to too many. */
static void try_names(struct names_found *f, const struct tokens *t)
{
    const struct gazetteer *g = f->g;
    struct posting list[WORDS_MOST * SPELLING_HITS];
    size_t n = 0, met = 0;
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = 0; k < t->at[i].count; k++) {
            uint32_t word = t->at[i].words[k].word;
            list[n++] = (struct posting){word, g->word_first[word + 1] - g->word_first[word]};
        }
    }
    qsort(list, n, sizeof *list, by_count);
    for (size_t i = 0; i < n && met + list[i].count <= MOST_MET; i++) {
        met += list[i].count;
        for (uint32_t p = 0; p < list[i].count; p++) {
            uint32_t name = g->word_names[g->word_first[list[i].word] + p];
            if (f->stamp[name] != f->search) {
                f->stamp[name] = f->search;
                try_name(f, t, name);
            }
        }
    }
}

static int by_value(const void *one, const void *two)
{
    const struct name_hit *a = one, *b = two;
    return a->value > b->value   ? -1
           : a->value < b->value ? 1
                                 : (a->name > b->name) - (a->name < b->name);
}

bool names_is_area(const struct gazetteer *g, uint32_t name)
{
    const struct gazetteer_name *n = &g->names[name];
    for (uint32_t p = n->place; p < n->place + n->places; p++) {
        if (g->places[p].kind == NAMED_AREA) {
            return true;
        }
    }
    return false;
}

/* The best name; of a town and a place in it, the place. */
static size_t choose_meant(const struct names_found *f)
{
    if (!names_is_area(f->g, f->hits[0].name)) {
        return 0;
    }
    for (size_t i = 1; i < f->hit_count; i++) {
        bool is_apart = (f->hits[i].tokens & f->hits[0].tokens) == 0;
        if (is_apart && !names_is_area(f->g, f->hits[i].name) && f->hits[i].agreement > 0.7) {
            return i;
        }
    }
    return 0;
}

static void choose(struct names_found *f, const struct tokens *t)
{
    size_t first = choose_meant(f);
    struct name_hit best = f->hits[first];
    uint32_t used = best.tokens;
    f->meant[f->meant_count++] = best;
    for (size_t i = 0; i < f->hit_count && f->meant_count < NAMES_MEANT; i++) {
        const struct name_hit *h = &f->hits[i];
        if (i != first && h->value >= NEARLY * best.value && h->value <= best.value &&
            (h->tokens & best.tokens)) {
            f->meant[f->meant_count++] = *h;
        }
    }
    for (size_t i = 0; i < f->hit_count && f->also_count < NAMES_ALSO; i++) {
        const struct name_hit *h = &f->hits[i];
        if ((h->tokens & used) == 0 &&
            h->agreement >= (names_is_area(f->g, h->name) ? TOWN_LEAST : ALSO_LEAST)) {
            f->also[f->also_count++] = *h;
            used |= h->tokens;
        }
    }
    for (size_t i = 0; i < t->count; i++) {
        f->unexplained += !(used >> i & 1) && !t->at[i].is_type;
    }
}

void names_find(struct names_found *f, struct text reading)
{
    struct tokens t;
    f->hit_count = f->meant_count = f->also_count = f->unexplained = 0;
    f->search++;
    read_tokens(f, reading, &t);
    try_names(f, &t);
    qsort(f->hits, f->hit_count, sizeof *f->hits, by_value);
    if (f->hit_count) {
        choose(f, &t);
    }
}

/* ingest/suggest_lexicon.c — reading the vocabulary of the assistant.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_lexicon.h"

#include "base/asset.h"

#include <stdlib.h>

extern const struct asset assistant_assets[];
extern const size_t assistant_assets_count;

struct loading {
    struct arena *a;
    struct lexicon *l;
    size_t capacity;
    const char *vocabulary; /* of values.txt */
    bool is_by_words;
};

static struct text trim_line(struct text line)
{
    if (line.n && line.at[line.n - 1] == '\r') {
        line.n--;
    }
    return text_trim(line);
}

/* Puts the newest phrase into the list of its column or kind. */
static bool link_phrase(struct lexicon *l)
{
    struct phrase *p = &l->phrases[l->count - 1];
    size_t i = 0;
    while (i < l->list_count && strcmp(l->lists[i].name, p->list) != 0) {
        i++;
    }
    if (i == MOST_LISTS) {
        return false;
    }
    if (i == l->list_count) {
        l->lists[l->list_count++] = (struct list){p->list, NULL};
    }
    p->next = l->lists[i].first;
    l->lists[i].first = p;
    return true;
}

static bool add_phrase(struct loading *g, struct phrase p, struct text text)
{
    if (g->l->count == g->capacity || text.n == 0) {
        return text.n == 0;
    }
    p.text = arena_text(g->a, text.at, text.n);
    if (p.rule == RULE_VALUE) {
        words_split(text, false, &p.words);
    } else {
        lexicon_words(g->l, text, &p.words);
    }
    g->l->phrases[g->l->count++] = p;
    return p.text != NULL && (p.rule == RULE_VALUE || link_phrase(g->l));
}

/* "form = words; form = words" */
static bool add_shorts(struct loading *g, struct text rest)
{
    while (rest.n) {
        struct text words, item = text_split(rest, ';', &rest);
        struct text form = text_trim(text_split(item, '=', &words));
        words = text_trim(words);
        g->l->shorts[2 * g->l->short_count] = form;
        g->l->shorts[2 * g->l->short_count + 1] = words;
        g->l->short_count++;
    }
    return true;
}

/* "column: a; b", "column?: a", "column!: a", "column=: what it is", "kind/column: a",
 * "kind NAME: a", "short: …". */
static bool read_header_line(struct loading *g, struct text line)
{
    struct text rest, name = text_trim(text_split(line, ':', &rest));
    struct phrase p = {.rule = RULE_USUAL};
    if (text_is(name, "short")) {
        return add_shorts(g, text_trim(rest));
    }
    if (text_starts(name, "kind ")) {
        p.rule = RULE_HINT;
        name = text_trim((struct text){name.at + 5, name.n - 5});
    }
    if (name.n && strchr("?!=", name.at[name.n - 1])) {
        char mark = name.at[name.n - 1];
        p.rule = mark == '?' ? RULE_WEAK : mark == '!' ? RULE_OUT : RULE_ABOUT;
        name.n--;
    }
    struct text column, kind = text_split(name, '/', &column);
    if (column.n) {
        p.kind = arena_text(g->a, kind.at, kind.n);
        name = column;
    }
    p.list = arena_text(g->a, name.at, name.n);
    bool is_fine = p.list && (p.kind || !column.n);
    if (is_fine && p.rule == RULE_ABOUT) {
        return add_phrase(g, p, text_trim(rest));
    }
    while (is_fine && rest.n) {
        is_fine = add_phrase(g, p, text_trim(text_split(rest, ';', &rest)));
    }
    return is_fine;
}

/* "[name words]", then "value: phrase; phrase". */
static bool read_value_line(struct loading *g, struct text line)
{
    if (line.at[0] == '[') {
        struct text how, name = text_split((struct text){line.at + 1, line.n - 2}, ' ', &how);
        g->vocabulary = arena_text(g->a, name.at, name.n);
        g->is_by_words = text_is(how, "words");
        if (!g->vocabulary || g->l->vocabulary_count == MOST_VOCABULARIES) {
            return false;
        }
        g->l->vocabularies[g->l->vocabulary_count++] =
            (struct vocabulary){g->vocabulary, g->l->count, g->l->count};
        return true;
    }
    struct text rest, name = text_trim(text_split(line, ':', &rest));
    struct phrase p = {.rule = RULE_VALUE,
                       .list = g->vocabulary,
                       .target = arena_text(g->a, name.at, name.n),
                       .is_whole = !g->is_by_words};
    if (name.n == 0) { /* the target is the mark ":" itself */
        return true;
    }
    bool is_fine = p.target != NULL;
    while (is_fine && rest.n) {
        is_fine = add_phrase(g, p, text_trim(text_split(rest, ';', &rest)));
    }
    g->l->vocabularies[g->l->vocabulary_count - 1].end = g->l->count;
    return is_fine;
}

static bool read_lines(struct loading *g, struct text all,
                       bool (*read)(struct loading *, struct text))
{
    while (all.n) {
        struct text line = trim_line(text_split(all, '\n', &all));
        if (line.n && line.at[0] != '#' && !read(g, line)) {
            return false;
        }
    }
    return true;
}

static size_t count_items(struct text all)
{
    size_t n = 1;
    for (size_t i = 0; i < all.n; i++) {
        n += all.at[i] == ';' || all.at[i] == '\n';
    }
    return n;
}

/* The words that a header may be cut into. */
static bool list_known(struct loading *g)
{
    struct lexicon *l = g->l;
    l->known = ARENA_NEW(g->a, struct text, l->count * MOST_WORDS + l->short_count + 1);
    if (!l->known) {
        return false;
    }
    size_t n = 0;
    for (size_t i = 0; i < l->short_count; i++) {
        l->known[n++] = l->shorts[2 * i];
    }
    for (size_t i = 0; i < l->count; i++) {
        for (size_t k = 0; l->phrases[i].rule <= RULE_WEAK && k < l->phrases[i].words.count; k++) {
            struct text word = words_at(&l->phrases[i].words, k);
            if (word.n >= 3) {
                l->known[n++] = word;
            }
        }
    }
    qsort(l->known, n, sizeof *l->known, compare_words);
    l->known_count = n;
    return true;
}

rv_status lexicon_load(struct arena *a, const struct lexicon **ret, struct rv_err *reterr)
{
    const struct asset *headers =
        asset_find(assistant_assets, assistant_assets_count, "headers.txt");
    const struct asset *values = asset_find(assistant_assets, assistant_assets_count, "values.txt");
    struct lexicon *l = ARENA_NEW(a, struct lexicon, 1);
    if (!headers || !values || !l) {
        return l ? rv_fail(reterr, RV_NOT_FOUND, "the vocabulary of the assistant is missing")
                 : arena_fail(a, reterr);
    }
    size_t most = count_items(asset_text(headers)) + count_items(asset_text(values));
    l->phrases = ARENA_NEW(a, struct phrase, most);
    l->shorts = ARENA_NEW(a, struct text, 2 * most);
    struct loading g = {.a = a, .l = l, .capacity = most};
    bool is_fine = l->phrases && l->shorts &&
                   read_lines(&g, asset_text(headers), read_header_line) &&
                   read_lines(&g, asset_text(values), read_value_line) && list_known(&g);
    if (!is_fine) {
        return arena_fail(a, reterr);
    }
    *ret = l;
    return rv_ok();
}

/* ingest/suggest_words.c — headers and values compared by words.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_lexicon.h"

#include <stdlib.h>

/* ---- words ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_word_byte(char c)
{
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

bool words_have(const struct words *w, struct text word)
{
    for (size_t i = 0; i < w->count; i++) {
        if (text_equal(words_at(w, i), word)) {
            return true;
        }
    }
    return false;
}

/* "offences" and "offence" agree; "address" and "status" are left alone on both sides alike. */
static struct text singular(struct text word)
{
    bool is_plural = word.n > 3 && word.at[word.n - 1] == 's' && word.at[word.n - 2] != 's' &&
                     word.at[word.n - 2] != 'u' && word.at[word.n - 2] != 'i';
    return (struct text){word.at, word.n - is_plural};
}

static void add_word(struct words *w, struct text word)
{
    size_t used = w->count ? (size_t)w->word[w->count - 1].at + w->word[w->count - 1].n : 0;
    word = singular(word);
    if (word.n && w->count < MOST_WORDS && used + word.n < WORDS_BYTES) {
        for (size_t i = 0; i < word.n; i++) {
            char c = word.at[i];
            w->bytes[used + i] = is_upper(c) ? (char)(c - 'A' + 'a') : c;
        }
        w->word[w->count++] = (struct word){(uint8_t)used, (uint8_t)word.n};
    }
}

/* End of the word that begins at `from`: at a mark, and in headers between letters and digits and
 * before the capital of "DateReported" and "LSOACode". */
static size_t word_end(struct text t, size_t from, bool is_header)
{
    size_t i = from + 1;
    for (; i < t.n && is_word_byte(t.at[i]); i++) {
        char before = t.at[i - 1], c = t.at[i];
        bool is_hump = is_upper(c) && !is_upper(before) && !is_digit(before);
        bool is_last_hump = is_upper(before) && is_upper(c) && i + 1 < t.n && t.at[i + 1] >= 'a' &&
                            t.at[i + 1] <= 'z' && i > from + 1;
        if (is_header && (is_hump || is_last_hump || is_digit(c) != is_digit(before))) {
            break;
        }
    }
    return i;
}

void words_split(struct text t, bool is_header, struct words *ret)
{
    *ret = (struct words){.count = 0};
    for (size_t i = 0; i < t.n;) {
        if (!is_word_byte(t.at[i])) {
            i++;
            continue;
        }
        size_t end = word_end(t, i, is_header);
        add_word(ret, (struct text){t.at + i, end - i});
        i = end;
    }
}

/* ---- headers ---- */

int compare_words(const void *left, const void *right)
{
    const struct text *a = left, *b = right;
    return text_compare(*a, *b);
}

static bool is_known(const struct lexicon *l, struct text word)
{
    return l->known_count &&
           bsearch(&word, l->known, l->known_count, sizeof *l->known, compare_words) != NULL;
}

/* Words run together: cut into the fewest known words; left whole when that cannot be done. */
static void add_cut(const struct lexicon *l, struct text word, struct words *out)
{
    size_t best[32], from[32];
    bool is_tried = word.n >= 6 && word.n < 32 && !is_known(l, word);
    for (size_t i = 0; is_tried && i <= word.n; i++) {
        best[i] = i ? SIZE_MAX : 0;
        for (size_t j = 0; j + 2 <= i; j++) {
            struct text part = {word.at + j, i - j};
            if (best[j] != SIZE_MAX && best[j] + 1 < best[i] && is_known(l, singular(part))) {
                best[i] = best[j] + 1;
                from[i] = j;
            }
        }
    }
    if (!is_tried || best[word.n] == SIZE_MAX || best[word.n] > 4) {
        add_word(out, word);
        return;
    }
    size_t cuts[6], n = 0;
    for (size_t i = word.n; i; i = from[i]) {
        cuts[n++] = i;
    }
    for (size_t start = 0; n; start = cuts[n]) {
        n--;
        add_word(out, (struct text){word.at + start, cuts[n] - start});
    }
}

static void add_expanded(const struct lexicon *l, struct text word, struct words *out)
{
    for (size_t i = 0; i < l->short_count; i++) {
        if (text_equal(l->shorts[2 * i], word)) {
            struct text rest = l->shorts[2 * i + 1];
            while (rest.n) {
                add_word(out, text_split(rest, ' ', &rest));
            }
            return;
        }
    }
    add_word(out, word);
}

static bool is_vintage(struct text word)
{
    return (word.n == 2 || word.n == 4) && is_digit(word.at[0]) && is_digit(word.at[word.n - 1]);
}

void lexicon_words(const struct lexicon *l, struct text header, struct words *ret)
{
    struct words raw, cut = {.count = 0};
    words_split(header, true, &raw);
    for (size_t i = 0; i < raw.count; i++) {
        add_cut(l, words_at(&raw, i), &cut);
    }
    *ret = (struct words){.count = 0};
    for (size_t i = 0; i < cut.count; i++) {
        if (!is_vintage(words_at(&cut, i)) || cut.count == 1) {
            add_expanded(l, words_at(&cut, i), ret);
        }
    }
}

/* ---- comparing ---- */

static bool is_same_order(const struct words *a, const struct words *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (i >= b->count || !text_equal(words_at(a, i), words_at(b, i))) {
            return false;
        }
    }
    return a->count == b->count;
}

static bool has_all(const struct words *all, const struct words *part)
{
    for (size_t i = 0; i < part->count; i++) {
        if (!words_have(all, words_at(part, i))) {
            return false;
        }
    }
    return part->count > 0;
}

/* A whole header says more than a part of it, several words more than one. */
static double score_phrase(const struct phrase *p, const struct words *header)
{
    if (!has_all(header, &p->words)) {
        return 0;
    }
    double full = p->rule == RULE_WEAK ? 0.6 : 1.0;
    if (p->words.count == header->count) {
        return is_same_order(&p->words, header) ? full : full * 0.97;
    }
    if (p->rule == RULE_WEAK) {
        return 0;
    }
    double share = (double)p->words.count / (double)header->count;
    return p->words.count == 1 ? 0.25 + 0.45 * share : 0.5 + 0.45 * share;
}

static const struct phrase *first_of(const struct lexicon *l, const char *name)
{
    for (size_t i = 0; i < l->list_count; i++) {
        if (strcmp(l->lists[i].name, name) == 0) {
            return l->lists[i].first;
        }
    }
    return NULL;
}

struct header_match lexicon_header(const struct lexicon *l, const char *kind, const char *column,
                                   const struct words *header)
{
    struct header_match best = {.score = 0};
    struct words own;
    words_split(text_of(column), true, &own);
    struct phrase canonical = {.text = column, .rule = RULE_USUAL};
    for (size_t i = 0; i < own.count; i++) {
        add_expanded(l, words_at(&own, i), &canonical.words);
    }
    best.score = score_phrase(&canonical, header);
    best.phrase = best.score > 0 ? column : NULL;
    for (const struct phrase *p = first_of(l, column); p; p = p->next) {
        if (p->rule > RULE_OUT || (p->kind && strcmp(p->kind, kind) != 0)) {
            continue;
        }
        if (p->rule == RULE_OUT && has_all(header, &p->words)) {
            best.is_ruled_out = true;
        } else if (p->rule != RULE_OUT) {
            double score = score_phrase(p, header);
            if (score > best.score) {
                best.score = score;
                best.phrase = p->text;
            }
        }
    }
    /* A header that is the phrase, word for word, is not ruled out by one of its own words. */
    if (best.is_ruled_out && best.score < 0.95) {
        best.score = 0;
        best.phrase = NULL;
    } else {
        best.is_ruled_out = false;
    }
    return best;
}

const char *lexicon_about(const struct lexicon *l, const char *kind, const char *column)
{
    const char *about = "";
    for (const struct phrase *p = first_of(l, column); p; p = p->next) {
        bool is_of_kind = p->kind && strcmp(p->kind, kind) == 0;
        if (p->rule == RULE_ABOUT && (is_of_kind || (!p->kind && !*about))) {
            about = p->text;
        }
    }
    return about;
}

size_t lexicon_hints(const struct lexicon *l, const char *kind, const struct words *headers,
                     size_t count)
{
    size_t hints = 0;
    for (const struct phrase *p = first_of(l, kind); p; p = p->next) {
        if (p->rule != RULE_HINT) {
            continue;
        }
        for (size_t h = 0; h < count; h++) {
            if (has_all(&headers[h], &p->words)) {
                hints++;
                break;
            }
        }
    }
    return hints;
}

/* ---- values ---- */

size_t lexicon_vocabulary(const struct lexicon *l, const char *name)
{
    size_t i = 0;
    while (i < l->vocabulary_count && strcmp(l->vocabularies[i].name, name) != 0) {
        i++;
    }
    return i < l->vocabulary_count ? i : MOST_VOCABULARIES;
}

const char *lexicon_vocabulary_name(const struct lexicon *l, size_t number)
{
    return number < l->vocabulary_count ? l->vocabularies[number].name : NULL;
}

static struct vocabulary find_vocabulary(const struct lexicon *l, const char *name)
{
    size_t i = lexicon_vocabulary(l, name);
    return i < MOST_VOCABULARIES ? l->vocabularies[i] : (struct vocabulary){name, 0, 0};
}

/* The longest phrase whose words are all in the cell; of equally long ones that say different
 * things none. */
static struct value_match match_words(const struct lexicon *l, struct vocabulary v,
                                      const struct words *cell)
{
    struct value_match best = {.target = NULL};
    bool is_split = false;
    for (size_t i = v.from; i < v.end; i++) {
        const struct phrase *p = &l->phrases[i];
        if (p->is_whole || !has_all(cell, &p->words)) {
            continue;
        }
        bool is_full = p->words.count == cell->count;
        double score = is_full ? 1.0 : 0.55 + 0.35 * (double)p->words.count / (double)cell->count;
        if (!best.target || p->words.count > best.words) {
            best = (struct value_match){p->target, score, p->words.count};
            is_split = false;
        } else if (p->words.count == best.words && strcmp(p->target, best.target) != 0) {
            is_split = true;
        }
    }
    if (is_split && best.score < 1.0) {
        best.target = "(mixed)";
    }
    return best;
}

struct value_match lexicon_value(const struct lexicon *l, const char *vocabulary, struct text cell)
{
    struct vocabulary v = find_vocabulary(l, vocabulary);
    struct words words;
    for (size_t i = v.from; i < v.end; i++) {
        const struct phrase *p = &l->phrases[i];
        if (text_equal_nocase(text_of(p->text), cell)) {
            return (struct value_match){p->target, 1.0, p->words.count};
        }
    }
    words_split(cell, false, &words);
    struct value_match best = match_words(l, v, &words);
    /* "Black/African/Caribbean/Black British - Caribbean": what stands last says which. */
    size_t tail = cell.n;
    while (tail > 2 && memcmp(cell.at + tail - 3, " - ", 3) != 0) {
        tail--;
    }
    if (tail > 2 && best.target && best.target[0] == '(') {
        words_split((struct text){cell.at + tail, cell.n - tail}, false, &words);
        struct value_match last = match_words(l, v, &words);
        bool is_clear = last.target && last.target[0] != '(' && last.score >= 1;
        best = is_clear ? (struct value_match){last.target, 0.9, last.words} : best;
    }
    return best;
}

struct value_match lexicon_value_words(const struct lexicon *l, const char *vocabulary,
                                       const struct words *words)
{
    return match_words(l, find_vocabulary(l, vocabulary), words);
}

/* place/spelling.c — trigrams, then distances.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/spelling.h"

#include "place/words.h"

#define LETTERS  37 /* 26, 10 digits and the edge of a word */
#define TRIGRAMS (LETTERS * LETTERS * LETTERS)
#define LONGEST  63

unsigned spelling_distance(struct text a, struct text b, unsigned limit)
{
    unsigned rows[3][LONGEST + 1];
    size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (gap > limit || a.n > LONGEST || b.n > LONGEST) {
        return limit + 1;
    }
    for (size_t j = 0; j <= b.n; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        unsigned least = now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.n; j++) {
            unsigned cost = a.at[i - 1] != b.at[j - 1], best = before[j - 1] + cost;
            best = before[j] + 1 < best ? before[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            bool is_swap =
                i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
            best = is_swap && earlier[j - 2] + 1 < best ? earlier[j - 2] + 1 : best;
            now[j] = best;
            least = best < least ? best : least;
        }
        if (least > limit) {
            return limit + 1;
        }
    }
    return rows[a.n % 3][b.n] <= limit ? rows[a.n % 3][b.n] : limit + 1;
}

static uint32_t letter(struct text w, size_t at) /* at: 0 and n + 1 are its edges */
{
    char c = at == 0 || at > w.n ? '\0' : w.at[at - 1];
    return c >= 'a' && c <= 'z'   ? 1u + (uint32_t)(c - 'a')
           : c >= '0' && c <= '9' ? 27u + (uint32_t)(c - '0')
                                  : 0;
}

static uint32_t trigram(struct text w, size_t i) /* i < n */
{
    return (letter(w, i) * LETTERS + letter(w, i + 1)) * LETTERS + letter(w, i + 2);
}

rv_status spelling_build(struct arena *a, const struct text *words, uint32_t count,
                         struct spelling *ret, struct rv_err *reterr)
{
    struct spelling s = {.words = words, .count = count};
    size_t all = 0;
    for (uint32_t i = 0; i < count; i++) {
        all += words[i].n;
    }
    s.first = ARENA_NEW(a, uint32_t, TRIGRAMS + 2);
    s.postings = ARENA_NEW(a, uint32_t, all + 1);
    if (!s.first || !s.postings) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < count; i++) {
        for (size_t k = 0; k < words[i].n; k++) {
            s.first[trigram(words[i], k) + 2]++;
        }
    }
    for (size_t t = 2; t < TRIGRAMS + 2; t++) {
        s.first[t] += s.first[t - 1];
    }
    for (uint32_t i = 0; i < count; i++) {
        for (size_t k = 0; k < words[i].n; k++) {
            s.postings[s.first[trigram(words[i], k) + 1]++] = i;
        }
    }
    *ret = s;
    return rv_ok();
}

rv_status spelling_scratch_open(struct arena *a, const struct spelling *s,
                                struct spelling_scratch *ret, struct rv_err *reterr)
{
    struct spelling_scratch scratch = {ARENA_NEW(a, uint8_t, s->count + 1),
                                       ARENA_NEW(a, uint32_t, s->count + 1)};
    *ret = scratch;
    return scratch.shared && scratch.touched ? rv_ok() : arena_fail(a, reterr);
}

static float likeness_of(struct text w, struct text candidate)
{
    unsigned limit = w.n < 4 ? 0 : w.n < 8 ? 1 : 2;
    unsigned distance = spelling_distance(w, candidate, limit);
    if (distance <= limit) {
        return distance == 0 ? 1.0F : w.n < 8 ? 0.84F : distance == 1 ? 0.85F : 0.78F;
    }
    bool is_cut = w.n >= 4 && w.n < candidate.n && w.n * 2 >= candidate.n &&
                  memcmp(w.at, candidate.at, w.n) == 0;
    return is_cut ? 0.76F : 0;
}

static void insert_hit(struct spelling_hit *hits, size_t *count, struct spelling_hit hit)
{
    size_t at = *count;
    while (at > 0 && (hits[at - 1].likeness < hit.likeness ||
                      (hits[at - 1].likeness <= hit.likeness && hits[at - 1].word > hit.word))) {
        at--;
    }
    if (at == SPELLING_HITS) {
        return;
    }
    size_t last = *count < SPELLING_HITS ? (*count)++ : SPELLING_HITS - 1;
    memmove(&hits[at + 1], &hits[at], (last - at) * sizeof *hits);
    hits[at] = hit;
}

size_t spelling_near(const struct spelling *s, struct spelling_scratch *scratch, struct text w,
                     struct spelling_hit ret[SPELLING_HITS])
{
    uint32_t touched = 0;
    size_t found = 0;
    for (size_t k = 0; w.n >= 4 && k < w.n; k++) {
        uint32_t t = trigram(w, k);
        for (uint32_t p = s->first[t]; p < s->first[t + 1]; p++) {
            uint32_t word = s->postings[p];
            uint8_t shared = scratch->shared[word];
            if (shared == 0) {
                scratch->touched[touched++] = word;
            }
            scratch->shared[word] = shared < UINT8_MAX ? (uint8_t)(shared + 1) : shared;
        }
    }
    /* A fault spoils three trigrams, a swap four: two faults leave n - 6 of n at the worst. */
    size_t least = w.n < 8 ? (w.n > 5 ? w.n - 4 : 1) : w.n - 6;
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t word = scratch->touched[i];
        bool is_like = scratch->shared[word] >= least;
        scratch->shared[word] = 0;
        float likeness =
            is_like && !word_is_type(s->words[word]) ? likeness_of(w, s->words[word]) : 0;
        if (likeness > 0) {
            insert_hit(ret, &found, (struct spelling_hit){word, likeness});
        }
    }
    return found;
}

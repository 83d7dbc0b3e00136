/* place/spelling.h — words of a list that a mistyped word may stand for.
 *
 * An index of trigrams; candidates are then compared letter by letter. Read-only once built,
 * thread-safe with a scratch of its own for each thread. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_SPELLING_H
#define REEVE_PLACE_SPELLING_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

/* Letters to insert, leave out, change or swap with their neighbour (optimal string alignment) to
 * make one word of the other; limit + 1 when it is more than `limit`. Words up to 63 bytes.
 * Source: Damerau 1964. Checked: tests/place/test_gazetteer.c against a plain recursion. */
unsigned spelling_distance(struct text a, struct text b, unsigned limit);

struct spelling { /* lives in the arena */
    const struct text *words;
    uint32_t count;
    uint32_t *first; /* [trigrams + 1] into postings */
    uint32_t *postings;
};

/* `words` are lower-case letters and digits, distinct, and stay the caller's. */
RV_MUST_CHECK rv_status spelling_build(struct arena *a, const struct text *words, uint32_t count,
                                       struct spelling *ret, struct rv_err *reterr);

struct spelling_scratch {
    uint8_t *shared; /* [count], all 0 between calls */
    uint32_t *touched;
};
RV_MUST_CHECK rv_status spelling_scratch_open(struct arena *a, const struct spelling *s,
                                              struct spelling_scratch *ret, struct rv_err *reterr);

struct spelling_hit {
    uint32_t word;
    float likeness; /* 1 = the same; see spelling_near */
};
#define SPELLING_HITS 4

/* The likeliest words for `w`, best first, by number among equals; at most SPELLING_HITS. A word of
 * 4 to 7 letters may have one fault (likeness 0.84), a longer one two (0.85, 0.78), and a longer
 * word may be cut short after 4 letters or more (0.76); a shorter one must be right. A sort of
 * place (road, station) is spelt out and never guessed. Cost: the words that share a trigram with
 * it. */
size_t spelling_near(const struct spelling *s, struct spelling_scratch *scratch, struct text w,
                     struct spelling_hit ret[SPELLING_HITS]);

#endif

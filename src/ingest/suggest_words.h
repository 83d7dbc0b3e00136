/* ingest/suggest_words.h — what suppliers call things: headers and values in words.
 *
 * The vocabulary is data (profiles/assistant): headers.txt says how columns are headed, values.txt
 * what cells mean. Read-only after lexicon_load, thread-safe; lives in the arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_WORDS_H
#define REEVE_INGEST_SUGGEST_WORDS_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>

#define MOST_WORDS  16
#define WORDS_BYTES 160

/* A text as words: lower case, singular, without marks. What does not fit is left out. */
struct words {
    char bytes[WORDS_BYTES];
    struct word {
        uint8_t at, n;
    } word[MOST_WORDS];
    size_t count;
};

static inline struct text words_at(const struct words *w, size_t i)
{
    return (struct text){w->bytes + w->word[i].at, w->word[i].n};
}
bool words_have(const struct words *w, struct text word);

struct lexicon;
RV_MUST_CHECK rv_status lexicon_load(struct arena *a, const struct lexicon **ret,
                                     struct rv_err *reterr);

/* The words of a header: "DateReported", "DATE_RPTD" and "Date Rptd" are all date, reported. Words
 * run together are cut where the vocabulary knows the parts; years ("LSOA11CD") are left out. */
void lexicon_words(const struct lexicon *l, struct text header, struct words *ret);

/* How well a header names a canonical column of a kind, 0 to 1, and the phrase it was found by
 * (NULL when 0). Cost: O(phrases of the column). */
struct header_match {
    double score;
    const char *phrase;
    bool is_ruled_out; /* a word of the header rules the column out: score 0 */
};
struct header_match lexicon_header(const struct lexicon *l, const char *kind, const char *column,
                                   const struct words *header);

/* What a canonical column holds, in words for a person; "" when the vocabulary does not say. */
const char *lexicon_about(const struct lexicon *l, const char *kind, const char *column);

/* How many of the words that speak for a kind are among those of all headers. */
size_t lexicon_hints(const struct lexicon *l, const char *kind, const struct words *headers,
                     size_t count);

/* What a cell means in a vocabulary of values.txt: "sex", "outcome", "missing", …; target NULL
 * when it is not known. "(missing)" and "(mixed)" are targets too. */
struct value_match {
    const char *target;
    double score; /* 1 = the whole cell is the phrase */
    size_t words; /* of the phrase */
};
struct value_match lexicon_value(const struct lexicon *l, const char *vocabulary, struct text cell);

/* The vocabularies of values.txt by number, and the number of a name: MOST_VOCABULARIES when there
 * is none. */
#define MOST_VOCABULARIES 32
size_t lexicon_vocabulary(const struct lexicon *l, const char *name);
const char *lexicon_vocabulary_name(const struct lexicon *l, size_t number); /* NULL past the end */

/* The same for a header, whose abbreviations are written out. */
struct value_match lexicon_value_words(const struct lexicon *l, const char *vocabulary,
                                       const struct words *words);

#endif

/* ingest/suggest_score.h — how likely a column of a file is a canonical column, and why.
 *
 * Two witnesses: the header and the cells. Each may suffice, together they say more; cells that
 * contradict outweigh any header. Confidence = (1 - (1 - 0.92 name)(1 - telling * value)) *
 * consistency, where `telling` is how much cells of that form say by themselves (a code of an LSOA
 * much, one date among others little). Pure.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_SCORE_H
#define REEVE_INGEST_SUGGEST_SCORE_H

#include "ingest/kind.h"
#include "ingest/suggest_facts.h"

/* Below this a pair is no proposal at all. */
#define SCORE_LEAST 0.30

struct score {
    double confidence;    /* 0 to 0.99 */
    double name;          /* 0 to 1: of the header */
    const char *phrase;   /* usual header that it is like; NULL = none */
    double value;         /* 0 to 1: share of cells that fit */
    enum value_form form; /* they have; VALUE_COUNT = judged otherwise */
    bool is_impossible;   /* the cells cannot be read as this column */
};

struct scoring {
    const struct lexicon *lexicon;
    const struct kind *kind;
    const struct facts *facts; /* of all columns */
    size_t columns;
    const char *person; /* "victim": headers about other persons are not of this file's role */
    size_t dates;       /* columns that hold dates */
    size_t codes;       /* columns that hold codes of areas: then names of areas are not used */
};

/* Counts what a file has several of. */
struct scoring scoring_of(const struct lexicon *l, const struct kind *kind,
                          const struct facts *facts, size_t columns, const char *person);

struct score score_pair(const struct scoring *s, const struct kind_column *kc, size_t column);

/* "1,204 of 1,204 values differ; "Crime ref" is a usual header for it": the sentence for a person.
 * In the arena; NULL when out of memory. */
const char *score_sentence(struct arena *a, const struct scoring *s, const struct kind_column *kc,
                           size_t column, const struct score *score);

/* "1,204,000": a count with commas, for sentences. */
void count_text(int64_t n, char out[32]);

/* The vocabulary of values.txt by which the cells of a canonical column are judged; NULL = none. */
const char *score_vocabulary(const struct lexicon *l, const struct kind_column *kc);

#endif

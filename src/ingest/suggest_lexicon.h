/* ingest/suggest_lexicon.h — the vocabulary in memory: for suggest_lexicon.c, which reads it, and
 * suggest_words.c, which compares with it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_LEXICON_H
#define REEVE_INGEST_SUGGEST_LEXICON_H

#include "ingest/suggest_words.h"

enum rule { RULE_USUAL, RULE_WEAK, RULE_OUT, RULE_HINT, RULE_ABOUT, RULE_VALUE };

struct phrase {
    const char *list;   /* column, kind of a hint, or vocabulary */
    const char *kind;   /* NULL = every kind */
    const char *target; /* RULE_VALUE: what it means */
    const char *text;
    struct words words;
    enum rule rule;
    bool is_whole;       /* RULE_VALUE: compared as a whole text */
    struct phrase *next; /* of the same list, for headers */
};

/* The phrases of one canonical column or kind. */
struct list {
    const char *name;
    struct phrase *first;
};

#define MOST_LISTS 256

struct vocabulary { /* phrases of one section of values.txt */
    const char *name;
    size_t from, end;
};

struct lexicon {
    struct phrase *phrases;
    size_t count;
    struct vocabulary vocabularies[MOST_VOCABULARIES];
    size_t vocabulary_count;
    struct list lists[MOST_LISTS];
    size_t list_count;
    struct text *shorts; /* pairs: form, what it stands for */
    size_t short_count;
    struct text *known; /* every word of a header phrase and every short form, sorted */
    size_t known_count;
};

/* A text as words. In a header also cut between letters and digits and before a capital:
 * "DateReported". */
void words_split(struct text t, bool is_header, struct words *ret);

int compare_words(const void *left, const void *right); /* of struct text, for qsort and bsearch */

#endif

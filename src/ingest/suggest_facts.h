/* ingest/suggest_facts.h — what the cells of each column of a sample have in common.
 *
 * Pure but for the arena; a sample lives in the arena of whoever read it. Deterministic: the same
 * cells give the same facts in the same order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_FACTS_H
#define REEVE_INGEST_SUGGEST_FACTS_H

#include "base/arena.h"
#include "base/status.h"
#include "ingest/suggest_date.h"
#include "ingest/suggest_value.h"
#include "ingest/suggest_words.h"

/* The header of a file and some of its rows, cells trimmed. */
struct sample {
    const struct text *header;
    size_t columns;
    const struct text *cells; /* rows * columns */
    size_t rows;
    int64_t file_rows; /* of the whole file; >= rows */
    /* Of columns whose dates could be of either order: every row of the file. NULL = the sample is
     * all that was looked at. */
    const struct date_tally_of *watched;
};

struct value_count {
    struct text value;
    int64_t rows;
    uint64_t forms;
    bool is_missing; /* a spelling of missing */
};

#define MOST_VALUES_KEPT 400 /* distinct values of a column that are looked at as words */

struct facts {
    const char *header; /* trimmed, NUL-terminated */
    struct words words;
    int64_t rows, empty, missing; /* of the sample: missing are spellings, beside empty cells */
    int64_t filled;               /* rows - empty - missing */
    size_t distinct;              /* of filled cells */
    struct value_count *values;   /* most rows first, missing spellings among them */
    size_t value_count;           /* at most MOST_VALUES_KEPT */
    int64_t forms[VALUE_COUNT];   /* filled rows of that form */
    struct date_tally_of dates;
    struct clock_tally clock;
    int64_t yes, no;                  /* filled rows that say so */
    int64_t boroughs;                 /* filled rows that are names of London boroughs */
    int64_t known[MOST_VOCABULARIES]; /* filled rows that a vocabulary of values.txt knows */
    int64_t mixed[MOST_VOCABULARIES]; /* and that mean a mixture of its values */
    const char *prefix;               /* that most cells begin with, "On or near "; NULL = none */
    const char *personal;             /* what it looks like, NULL = harmless */
    bool is_personal_by_name;         /* the header says so, not the values */
    size_t longest;                   /* bytes */
    double mean_bytes;
};

/* Facts of every column, in the order of the header. RV_NO_MEMORY.
 * Cost: O(cells + distinct values * vocabulary). */
RV_MUST_CHECK rv_status facts_find(struct arena *a, const struct lexicon *l,
                                   const struct sample *sample, struct facts **ret,
                                   struct rv_err *reterr);

/* Share of the filled rows that have the form; 0 when none is filled. */
double facts_share(const struct facts *f, enum value_form form);

/* Share of filled rows whose value a vocabulary of values.txt knows, and how many rows mean a
 * mixture of values. */
double facts_known(const struct facts *f, const struct lexicon *l, const char *vocabulary,
                   double *ret_mixed);

/* Years and labels of years ("2021/22") instead of dates. */
bool facts_are_labels(const struct facts *f);

/* "01/08/2020 00:00:00" and no other hour: the column holds dates and does not know the hour. */
bool facts_are_midnights(const struct facts *f);

/* Few values that come again and again: what a category is. */
bool facts_is_category(const struct facts *f);

#endif

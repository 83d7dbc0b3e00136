/* ingest/suggest_kind.h — which kind of extract a file is, and which of its columns are which.
 *
 * Every kind of kind.c is tried: the best assignment of columns is found for each (match_best),
 * and the kind that leaves the fewest of its own needs and of the file's columns unexplained is
 * proposed. Driven by the table of kinds and the vocabulary: a new kind needs no change here.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_KIND_H
#define REEVE_INGEST_SUGGEST_KIND_H

#include "ingest/suggest_match.h"
#include "ingest/suggest_people.h"
#include "ingest/suggest_score.h"

/* What a person has said about a column of the file. */
struct pin {
    size_t column;
    const char *canonical; /* NULL = not stored */
};

/* Columns whose headers are months or years: "202104", "Apr-21", "2019". */
struct months {
    const char *layout; /* of wide.periods; NULL = none */
    bool *is_month;     /* one for each column */
    size_t count;
};

struct evidence { /* all that the assistant knows about a file */
    struct arena *a;
    const struct lexicon *lexicon;
    const struct sample *sample;
    const struct facts *facts;
    struct months months;
    struct people people;
    size_t statistics; /* columns of numbers, when the file may be a table of statistics */
    const struct pin *pins;
    size_t pin_count;
    const char *person;        /* role that the file is about, NULL = not known or several */
    const char *likely_person; /* of several: whose columns are shown until it is asked */
};

struct kind_fit {
    const struct kind *kind;
    double total;         /* 0 to 1 */
    double required;      /* how surely its needs are met */
    double explained;     /* share of the file's columns that it uses */
    size_t hints;         /* words in the headers that speak for it */
    size_t *columns;      /* for each column of the kind: of the file, MATCH_NONE */
    struct score *scores; /* of that pair */
};

/* Every kind (`only` = that one), best first; of equal ones in the order of the table. */
RV_MUST_CHECK rv_status kinds_rank(const struct evidence *e, const struct kind *only,
                                   struct kind_fit **ret, size_t *ret_count, struct rv_err *reterr);

/* How sure the first of a ranking is: it must be good, and better than the second. */
double kind_confidence(const struct kind_fit *fits, size_t count);

/* Month columns of a header. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status months_find(struct arena *a, const struct sample *sample,
                                    const struct facts *facts, struct months *ret,
                                    struct rv_err *reterr);

/* Whether a column of numbers may be one of many statistics in a table of areas. */
bool is_statistic(const struct facts *f);

/* The column of a kind that takes the cells of month columns; NULL = the kind cannot be wide. */
const struct kind_column *kind_wide_value(const struct kind *k);

/* The role that the headers speak of ("Victim age"): NULL when none or several do. */
const char *person_of_headers(const struct sample *sample, const struct facts *facts,
                              bool *ret_several);

#endif

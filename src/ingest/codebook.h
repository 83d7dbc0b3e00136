/* ingest/codebook.h — what the columns of a survey's file mean: its questions, their answers, whom
 * the respondents are to stand for.
 *
 * A codebook is JSON of formats.md section 7, read strictly; it is kept with every extract of its
 * survey, as it was given. Pure but for codebooks_list and codebook_store; lives in the arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_CODEBOOK_H
#define REEVE_INGEST_CODEBOOK_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/hash.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct profile; /* ingest/profile.h */

#define CODEBOOK_COLUMNS 1000 /* at most */
#define CODEBOOK_ANSWERS 500  /* of one column, at most */
#define CODEBOOK_NONE    SIZE_MAX

enum codebook_role { CODEBOOK_QUESTION, CODEBOOK_DEMOGRAPHIC, CODEBOOK_WEIGHT };

struct codebook_answer {
    const char *code; /* as cells hold it; "" = an empty cell, of a missing answer only */
    const char *label;
    double population; /* persons of the population, of a demographic; 0 when not given */
    bool has_population;
    bool is_missing; /* "prefer not to say": no answer */
};

struct codebook_column {
    const char *name; /* header in the file */
    const char *title;
    enum codebook_role role;
    bool is_multiple; /* several codes in a cell, separated by ';' */
    bool has_margins; /* a demographic to weight to: the populations are above 0 together */
    const struct codebook_answer *answers; /* none of a weight */
    size_t answer_count;
    const char *const *codes; /* those that a cell can hold, NULL-terminated */
};

struct codebook {
    const char *survey;        /* what identifies the survey */
    const char *from, *to;     /* period as given, "2023-01-01"; NULL = not stated */
    struct month_range months; /* of it; first > last = not stated */
    const struct codebook_column *columns;
    size_t column_count;
    size_t weight;               /* position of the column of weights, or CODEBOOK_NONE */
    struct text json;            /* as it was given */
    char sha256[SHA256_HEX + 1]; /* of json */
};

/* Reads a codebook. RV_INVALID names file, line and member and says what to do: unknown members
 * and kinds, a code or a column twice, a question without answers, a blank code that is an answer,
 * populations of some answers of a demographic only, two weights, a period that ends before it
 * begins. RV_LIMIT past LIMIT_JSON_BYTES. */
RV_MUST_CHECK rv_status codebook_read(struct arena *a, const char *name, struct text json,
                                      struct codebook *ret, struct rv_err *reterr);

/* The same from a file. RV_NOT_FOUND, RV_IO as file_read. */
RV_MUST_CHECK rv_status codebook_load(struct arena *a, const char *path, struct codebook *ret,
                                      struct rv_err *reterr);

/* The position of a column by its name (ASCII letters in either case), or CODEBOOK_NONE; of an
 * answer by its code. */
size_t codebook_find(const struct codebook *b, struct text name);
size_t codebook_answer_find(const struct codebook_column *c, struct text code);

/* The kind and profile by which the survey's file is read: respondent_id, the period as constants,
 * and every column of the codebook with its answers as a closed vocabulary. `from` and `to` stand
 * in for a period that the codebook does not state. */
RV_MUST_CHECK rv_status codebook_profile(struct arena *a, const struct codebook *b,
                                         const char *from, const char *to, struct profile *ret,
                                         struct rv_err *reterr);

/* A sentence on what the later of two codebooks of one survey and period says otherwise about what
 * both have, "" when nothing; NULL when out of memory. */
const char *codebook_difference(struct arena *a, const struct codebook *earlier,
                                const struct codebook *later);

struct codebook_row { /* one kept with an extract */
    int64_t extract;
    const char *from, *to;     /* period of the rows, as stored with them */
    struct month_range months; /* of it */
    struct codebook book;
};

/* Inside store_begin, after the extract has its id. */
RV_MUST_CHECK rv_status codebook_store(struct store *s, const struct codebook *b, int64_t extract,
                                       const char *from, const char *to, struct rv_err *reterr);

/* Every codebook held, newest first. RV_DAMAGED when one is not what was stored. */
RV_MUST_CHECK rv_status codebooks_list(struct store *s, struct arena *a, struct codebook_row **ret,
                                       size_t *ret_count, struct rv_err *reterr);

#endif

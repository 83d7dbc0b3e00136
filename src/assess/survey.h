/* assess/survey.h — the respondents of one survey: their answers and whom they stand for.
 *
 * A wave is a survey in one period; waves are never added up. Its newest codebook says what the
 * rows of all its extracts mean. Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_SURVEY_H
#define REEVE_ASSESS_SURVEY_H

#include "assess/cube.h"
#include "assess/source.h"
#include "ingest/codebook.h"
#include "stats/raking.h"

#define SURVEY_NO_ANSWER UINT32_MAX

struct survey_wave {
    const struct codebook *book;   /* the newest of its extracts */
    const char *from, *to;         /* "2023-01-01" */
    struct extract_info *extracts; /* in order of import */
    struct source source;          /* of them */
};

/* Every wave whose agreement allows it, newest codebook first. RV_DAMAGED for a codebook that is
 * not what was stored. */
RV_MUST_CHECK rv_status survey_waves(struct store *s, struct arena *a, struct survey_wave **ret,
                                     size_t *ret_count, struct rv_err *reterr);

struct survey {
    const struct codebook *book;
    size_t n;         /* respondents in the current view */
    uint32_t **codes; /* [column of the codebook][n]: its answer, or SURVEY_NO_ANSWER; of several
                         answers 0 = there is one. NULL = a column that was not asked for */
    uint8_t **ticks;  /* [column][n * answers]: 1 = given; of columns with several answers */
    double *design;   /* [n] the column of weights; NULL = the codebook has none */
    int64_t repeats;  /* rows that repeat an identifier with other answers */
    int64_t without_weight; /* left out of n: they have none */
};

/* Reads the columns wanted[] of the codebook, and its weights. */
RV_MUST_CHECK rv_status survey_read(struct held *h, const struct survey_wave *wave,
                                    const bool *wanted, struct survey *ret, struct rv_err *reterr);

struct survey_weights {
    const double *weights; /* [n]; NULL = none: shares are unweighted */
    const char *why_not;   /* a sentence, when margins could not be fitted; else NULL */
    bool is_raked;
    const struct rake_margin *margins;
    size_t margin_count;
    struct rake_result fit;
};

/* Weights by the column of weights; else by raking to every demographic with a population, all of
 * which must have been read; else none. Margins that cannot be fitted are no failure: why_not. */
RV_MUST_CHECK rv_status survey_weigh(struct arena *a, const struct survey *x,
                                     struct survey_weights *ret, struct rv_err *reterr);

#endif

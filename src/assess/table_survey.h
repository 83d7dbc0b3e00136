/* assess/table_survey.h — a survey's table between its options and its rows. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TABLE_SURVEY_H
#define REEVE_ASSESS_TABLE_SURVEY_H

#include "assess/survey.h"
#include "assess/table.h"

struct survey_table {
    struct held *held;
    const struct table_options *options;
    const struct survey_wave *wave;
    size_t other_waves; /* of the same survey */
    struct survey survey;
    struct survey_weights weights;
    size_t question, group; /* columns of the codebook; group CODEBOOK_NONE = none */
    uint8_t *is_in;   /* [n] the conditions of --where leave the respondent in; NULL = all are */
    int64_t left_out; /* by them */
    size_t small; /* rows of the table whose base is too small, and those to take with caution */
    size_t cautious;
};

/* One row for each answer and group, with notes and sources. */
RV_MUST_CHECK rv_status table_survey_rows(struct survey_table *t, struct result_table *ret,
                                          struct rv_err *reterr);

#endif

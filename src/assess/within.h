/* assess/within.h — the records inside one area, held by themselves for the questions about it.
 *
 * An assessment asks dozens of questions about one borough, whose records are a few in a hundred of
 * those held. A cube with AXIS_WITHIN as its condition is counted over these alone, by the same
 * code: the columns come from a shelf of chosen rows (store/extract.h), and placements, the join
 * of persons and codes of the caller are cut to the same rows, in the same order. So the counts are
 * those of the whole, and each column of the whole is decoded once.
 *
 * Not thread-safe; everything lives in held->arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_WITHIN_H
#define REEVE_ASSESS_WITHIN_H

#include "assess/cube.h"

/* From here on cube_build answers what is asked about area `inside` of `layer` from its rows alone.
 * `h` stays where it is as long as cubes are built. */
RV_MUST_CHECK rv_status within_begin(struct held *h, const struct layer *layer, uint32_t inside,
                                     struct rv_err *reterr);

/* A query about the area as one about its rows. */
struct within_query {
    struct held *held;
    struct cube_query query;
    const uint8_t *given[CUBE_MAX_AXES]; /* AXIS_GIVEN: the codes of the whole */
};

/* Whether `query` asks about nothing but the rows inside, dated by record: those without a date of
 * the event are counted in the whole. */
bool within_answers(const struct held *h, const struct cube_query *query);
/* The axes of `query` are those of *ret until within_asked. */
RV_MUST_CHECK rv_status within_ask(struct held *h, const struct cube_query *query,
                                   struct within_query *ret, struct rv_err *reterr);
void within_asked(struct within_query *q);

/* For cube_held.c, of a held whose `whole` is another: the rows of an extract are chosen before it
 * is scanned, and its placements cut to them. */
RV_MUST_CHECK rv_status within_choose(struct held *h, int64_t extract, struct rv_err *reterr);
RV_MUST_CHECK rv_status within_placement(struct held *h, int64_t extract, const struct layer *layer,
                                         const uint32_t ***ret, struct rv_err *reterr);

#endif

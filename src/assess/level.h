/* assess/level.h — which areas a source of published counts is about.
 *
 * Pure reads in the arena of `held`. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_LEVEL_H
#define REEVE_ASSESS_LEVEL_H

#include "assess/cube.h"
#include "assess/source.h"

/* The layer that most area codes of the source name; among equals the first by type, then
 * vintage. NULL when no layer held has any of them. Cost: O(distinct codes * layers). */
RV_MUST_CHECK rv_status source_layer(struct held *h, const struct source *s,
                                     const struct layer **ret, struct rv_err *reterr);

/* Whether counts are of offences that the police recorded: those of a supplier declared to be of
 * another kind are not. */
bool counts_are_recorded(const struct source *s);

/* Those of the sources whose layer is of this type, in the same order; a new array. */
RV_MUST_CHECK rv_status sources_of_type(struct held *h, const struct source *sources, size_t count,
                                        const char *type, struct source **ret, size_t *ret_count,
                                        struct rv_err *reterr);

/* RV_REFUSED when a month of `period` that `chosen` does not cover is covered by another of
 * the sources, on another vintage of the same type of area: a series over both would mix the two.
 * The message names both and the commands that put them on one set of areas. */
RV_MUST_CHECK rv_status refuse_two_vintages(struct held *h, const struct source *sources,
                                            size_t count, const struct source *chosen,
                                            struct month_range period, struct rv_err *reterr);

/* 4 LSOA, 3 ward, 2 locality, 1 anything else: which areas lie within which, however few of each
 * are held. */
int layer_fineness(const struct layer *l);

#endif

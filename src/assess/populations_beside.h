/* assess/populations_beside.h — populations held beside residents, for the boroughs of an
 * assessment. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_POPULATIONS_BESIDE_H
#define REEVE_ASSESS_POPULATIONS_BESIDE_H

#include "assess/populations.h"
#include "assess/profile_internal.h"

struct population_beside {
    struct population_held held;
    struct population population; /* of the boroughs */
    size_t known;                 /* boroughs that take a rank and have a figure for the period */
};

struct populations_beside {
    struct population_beside *list; /* by name */
    size_t count;
    size_t chosen; /* the one that findings speak of; SIZE_MAX = none */
};

/* Sets `beside` of the assessment. RV_USAGE for a --denominator that is not held, with those that
 * are. Needs `residents` and the boroughs that rank. */
RV_MUST_CHECK rv_status assess_populations(struct assess_work *w, struct rv_err *reterr);

/* The rate of a profile on the one chosen, beside residents, and all of them as a table. Quiet
 * where none is held. */
RV_MUST_CHECK rv_status profile_populations(struct lens *l, struct rv_err *reterr);

#endif

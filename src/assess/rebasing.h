/* assess/rebasing.h — making a re-basing: the weights by which counts on one layer's areas are
 * given on another's, from residents or from area, with what is uncertain about them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_REBASING_H
#define REEVE_ASSESS_REBASING_H

#include "assess/cube.h"
#include "place/rebase.h"
#include "stats/apportion.h"

#define REBASING_SLIVER_M 25.0 /* default: two drawings of one boundary differ by as much */
#define REBASING_TRIFLE   0.01 /* of an area's residents in no target: water, or drawing */
#define REBASING_LISTED   20

struct rebasing_options {
    const struct layer *from, *to;
    enum apportion_basis basis;
    double sliver_m; /* common parts of a smaller mean width are drawing, not change */
};

struct rebasing_sliver {
    const char *from, *to; /* codes; to NULL = in no area */
    double area_m2, width_m;
};

/* An area of the old layer that is split, with where it goes. */
struct rebasing_split {
    uint32_t from;
    double largest; /* weight of its main part */
};

struct rebasing {
    struct rebase rebase;
    uint32_t unchanged; /* areas that are whole in one target, which has nothing else */
    uint32_t merged;    /* whole in one target together with others */
    uint32_t split;     /* in several targets, or partly in none */
    uint32_t clearly;   /* of these: the largest weight is under APPORTION_SPLIT */
    uint32_t outside;   /* whole in no target */
    uint32_t by_area;   /* shared by area because they have no residents */
    double moved;       /* share of the weight outside its area's main target, 0..1 */
    double nowhere;     /* share of the weight in no target */
    uint32_t trifles;   /* parts in no target dropped because hardly anyone lives there */
    double crossing;    /* share that goes to another borough; NaN without boroughs */
    struct rebasing_split *splits;                   /* by weight of the main part, least first */
    struct rebasing_sliver slivers[REBASING_LISTED]; /* largest first; rebase.slivers in all */
    size_t sliver_count;
};

/* Intersects the layers and shares each area out. By population: by the residents of the finest
 * layer whose population is held by its own codes, spread evenly over each of its areas, for the
 * year of the new layer's vintage or the nearest held; a part in no target with less than
 * REBASING_TRIFLE of its area's residents is dropped like a sliver. Nothing is stored.
 *
 * RV_NOT_FOUND by population when none of smaller areas is held. RV_INTERRUPTED, RV_NO_MEMORY.
 *
 * Source:  as stats/apportion.h.
 * Checked: tests/assess/test_rebase.c (by hand and by property), tests/e2e/test_rebase.py.
 * Card:    apportion
 * Cost:    place/overlay.h. */
RV_MUST_CHECK rv_status rebasing_make(struct held *h, const struct rebasing_options *o,
                                      const char *now_utc, struct rebasing *ret,
                                      struct rv_err *reterr);

#endif

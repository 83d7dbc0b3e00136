/* assess/counts_plan.h — where the events of each published code go. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_COUNTS_PLAN_H
#define REEVE_ASSESS_COUNTS_PLAN_H

#include "assess/cube_internal.h"

/* Columns of an extract of area counts; those of the axes of values follow. */
enum { COLUMN_AREA, COLUMN_FROM, COLUMN_TO, COLUMN_COUNT, COLUMN_FIRST_AXIS };

/* Where a share of the events of one published code goes: a code for every axis of areas. */
struct code_share {
    int64_t parts;   /* of CUBE_FINE */
    bool is_moved;   /* not the largest share of its code */
    uint32_t placed; /* in the target; of a re-basing only */
    uint32_t codes[CUBE_MAX_AXES];
};

struct code_plan {
    struct code_share *shares;
    size_t count;
    bool is_converted;           /* through a look-up */
    bool is_skipped;             /* another level than the one asked for: counts nowhere */
    const struct layer *foreign; /* another vintage, and no way to the one asked for */
};

struct counts_plan {
    struct code_plan **codes;      /* [extract][dictionary code] */
    const struct rebase **rebases; /* [extract]: from its areas to the target; NULL = none */
    const struct layer **natives;  /* [extract]: the layer that most of its codes name, or NULL */
    const struct layer *target;    /* finest layer asked for; NULL = no axis of areas */
    const struct layer *base;      /* the target, or the areas that its localities are made of */
    bool has_native;               /* some code of the source is an area of the target */
    size_t target_axis, time_axis; /* SIZE_MAX = none */
    size_t buckets, areas;         /* sizes of spoiled and seen */
    size_t *refused_at;            /* [worker]: lowest extract refused, SIZE_MAX = none */
};

/* The target, and a plan for every code of every extract; sets the unit and re-basing of the cube.
 */
RV_MUST_CHECK rv_status counts_plan_make(struct cube_work *w, struct counts_plan *p,
                                         struct rv_err *reterr);

/* RV_REFUSED: what the counts of an extract are on, what was asked for, and the ways out. */
RV_MUST_CHECK rv_status counts_plan_refuse(const struct cube_work *w, const struct counts_plan *p,
                                           size_t extract, struct rv_err *reterr);

#endif

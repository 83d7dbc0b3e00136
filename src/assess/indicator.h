/* assess/indicator.h — published statistics by area: a value for each area of a layer, or why not.
 *
 * Indicators come from extracts of kind "indicators" (Census tables, Indices of Deprivation, …);
 * "residents" and "residents-per-km2" come from populations. A row joins by the code of its area
 * and by nothing else: a score is never converted from one set of areas to another. A statistical
 * symbol in place of a value is a reason, never nought.
 *
 * Thread-compatible; everything lives in the arena of `held`.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_INDICATOR_H
#define REEVE_ASSESS_INDICATOR_H

#include "assess/cube.h"
#include "assess/finding.h"

struct indicator_query { /* NULL = not given */
    const char *id;
    const char *type;      /* of the areas: "lsoa"; needed */
    const char *vintage;   /* default: the layer that has most of its areas */
    const char *period;    /* a period's label, a year or months; default: the latest */
    const char *sex, *age; /* of those that it is published for; default: the only one, or all */
    const char *category;  /* the same; part of its name will do when only one has it */
    const char *reference; /* code of an area to compare with, from the same indicator */
    bool wants_count;      /* the number itself where a share of a base would be given */
};

struct indicator {
    const char *id, *title;  /* title: "Households …: four dimensions" */
    const char *value_title; /* "percent of 88,000 households"; the column of values */
    const char *period;      /* "2019" */
    enum result_type type;   /* RESULT_PERCENT, RESULT_COUNT or RESULT_REAL */
    const char *polarity;    /* "lower-better"; "" = not said */
    const struct layer *layer;
    double *values, *lower, *upper; /* [layer->count]; NaN = not available */
    const char **reasons;           /* [layer->count]; NULL where there is a value */
    uint32_t known;                 /* areas with a value */
    uint32_t foreign;               /* codes with a value that the layer does not have */
    bool has_interval;
    double reference; /* NaN = not asked for, or not available */
    const char *const *notes;
    size_t note_count;
    const struct finding_source *sources;
    size_t source_count;
};

/* RV_NOT_FOUND for an id that is not held (the message lists some that are), for no boundaries of
 * the type, or for no area in common; RV_USAGE when several sexes, ages or categories are held and
 * none is chosen (the message lists them), or a period that is not held. */
RV_MUST_CHECK rv_status indicator_load(struct held *h, const struct indicator_query *q,
                                       struct indicator *ret, struct rv_err *reterr);

struct indicator_info {
    const char *id, *title, *unit, *source;
    struct month_range period; /* first to last month of all its rows */
    size_t areas, rows;
};

/* Every indicator held, in order of source and then of first appearance. */
RV_MUST_CHECK rv_status indicator_list(struct held *h, struct indicator_info **ret,
                                       size_t *ret_count, struct rv_err *reterr);

#endif

/* assess/table_internal.h — a table between its options and its rows. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_TABLE_INTERNAL_H
#define REEVE_ASSESS_TABLE_INTERNAL_H

#include "assess/cube.h"
#include "assess/dimension.h"
#include "assess/population.h"
#include "assess/table.h"

struct table_plan {
    const struct table_options *options;
    struct held held;
    struct source *sources;
    size_t source_count;
    const struct source *source;
    bool is_counts;       /* kind area-counts */
    bool is_period_given; /* a period asked for must be covered whole */
    struct month_range period;
    bool has_date; /* --date given */
    enum cube_date date;
    bool is_ranked_by_rate;
    struct cube_axis axes[CUBE_MAX_AXES];
    size_t axis_count, shown; /* the first `shown` axes are the dimensions asked for */
    size_t finest;            /* position of the finest axis of areas among them, or SIZE_MAX */
    size_t time;              /* position of the finest axis of time among them, or SIZE_MAX */
    size_t within;            /* position of the axis inside/outside, or SIZE_MAX */
    size_t venue_borough;     /* position of the hidden borough of venues, or SIZE_MAX */
    const struct layer *area_layer; /* --area */
    uint32_t area;                  /* placed code in it */
    struct cube cube;
    struct population population; /* of the finest areas, or of --area, or of the boroughs */
};

/* The layer of a type for the period; RV_NOT_FOUND with the command that loads one. */
RV_MUST_CHECK rv_status table_layer(struct table_plan *p, const char *type,
                                    const struct layer **ret, struct rv_err *reterr);

RV_MUST_CHECK rv_status table_rows(struct table_plan *p, struct result_table *ret,
                                   struct rv_err *reterr);

/* Which areas of a layer may take a rank: not City of London, whose borough is no borough of the
 * 32; bit i of word i/64 = area i. */
RV_MUST_CHECK rv_status areas_that_rank(struct held *h, const struct layer *layer, uint64_t **ret,
                                        struct rv_err *reterr);

#define CITY_OF_LONDON "E09000001"

#endif

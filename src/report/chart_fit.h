/* report/chart_fit.h — a table of `reeve table` in the shape that a chart wants.
 *
 * The table has a text column for each dimension, then count, population, rate, lower, upper,
 * share and more (assess/table.h). Codes of areas become names; what is not recorded, and records
 * in no area, have a row of their own in charts of rows, and are left out of grids and lines with
 * a note that says how many.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CHART_FIT_H
#define REEVE_REPORT_CHART_FIT_H

#include "report/chart.h"

struct fit_options {
    enum result_chart chart;
    const char *value; /* "count", "rate" or "share"; NULL = count, for interval rate,
                        * or the share where the table has no rate */
    const char *title; /* NULL = that of the table */
    const char *focus; /* code or label to stand out; NULL = none */
    /* The name of an area of a dimension (borough, ward, lsoa) by its code, NULL when not known. */
    const char *(*area_name)(const void *context, const char *dimension, const char *code);
    const void *context;
};

/* The table for the chart, in the arena, with the notes and sources of `t`. Bars and stacks of
 * names stand in order of their size; hours, days, ages and years in their own.
 * RV_USAGE: the table does not suit the chart; the sentence says what it wants and which charts
 * would suit. */
RV_MUST_CHECK rv_status chart_fit(struct arena *a, const struct result_table *t,
                                  const struct fit_options *options, struct result_table *ret,
                                  struct rv_err *reterr);

/* The charts that suit the table, those that show it best first; at most `most`. Maps are not among
 * them. 0 when none does. */
RV_MUST_CHECK rv_status chart_suits(struct arena *a, const struct result_table *t,
                                    const struct fit_options *options, enum result_chart *ret,
                                    size_t most, size_t *ret_count, struct rv_err *reterr);

#define CROSS_COLUMNS 60

/* A table of two dimensions with the second across, one value in each cell, for people: what is
 * not recorded has its row and its column. RV_USAGE: it has not two dimensions, or the second has
 * more than CROSS_COLUMNS labels. */
RV_MUST_CHECK rv_status table_cross(struct arena *a, const struct result_table *t,
                                    const struct fit_options *options, struct result_table *ret,
                                    struct rv_err *reterr);

/* A label as a person reads it: "St Edward's", "Monday", "07:00", "not recorded". NULL when out of
 * memory. */
const char *fit_label(struct arena *a, const struct fit_options *options, const char *dimension,
                      const char *label);

/* What a person who cannot see the chart is told: "Count, 48 rows. Highest: Havering, 1,234.5.
 * Lowest: …. Not available: 2." over the numeric columns [first, last), named where there are
 * several; `label` is the column that names a row. NULL when out of memory. */
const char *chart_describe(struct arena *a, const struct result_table *t, size_t label,
                           size_t first, size_t last);

#endif

/* report/area_shapes.h — names and shapes of areas for charts and maps, from the partnership file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_AREA_SHAPES_H
#define REEVE_REPORT_AREA_SHAPES_H

#include "place/areas.h"
#include "report/chart.h"

/* The layers of a file, for the names of areas in charts. */
struct area_names {
    struct layer *layers;
    size_t count;
    int64_t preferred;                /* layer id; where several layers know a code */
    const struct result_table *table; /* whose answers have labels; NULL = none have */
};
const char *area_names_find(const void *context, const char *dimension, const char *code);

/* A layer with its shapes as maps want it. */
RV_MUST_CHECK rv_status layer_shapes(struct store *s, struct arena *a, const struct layer *layer,
                                     bool is_schematic, struct report_layer *ret,
                                     struct rv_err *reterr);

/* Is the file marked as synthetic? Then every picture of it says so. */
RV_MUST_CHECK rv_status file_is_synthetic(struct store *s, struct arena *a, bool *ret,
                                          struct rv_err *reterr);

/* The table with a first note that its data are made up; `ret` may not be `t`. */
RV_MUST_CHECK rv_status table_mark_synthetic(struct arena *a, const struct result_table *t,
                                             struct result_table *ret, struct rv_err *reterr);

#endif

/* cli/chart_out.h — what the commands that draw share: names and shapes of areas, where it goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_CHART_OUT_H
#define REEVE_CLI_CHART_OUT_H

#include "assess/table.h"
#include "cli/command.h"
#include "place/areas.h"
#include "report/chart.h"

/* The options that `table` and `map` share; `where` has room for MOST_VALUES. */
void take_table_options(const struct args *args, const char **where, struct table_options *ret);

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

/* The chart of a table of `reeve table` by --chart, --value, --title, --focus and --width: SVG to
 * standard output, or a page when `is_page`. RV_USAGE says which charts would suit. */
RV_MUST_CHECK rv_status table_chart(struct session *session, struct store *s,
                                    const struct result_table *t, bool is_page,
                                    struct rv_err *reterr);

/* --width in pixels; CHART_WIDE when it is not given. */
RV_MUST_CHECK rv_status chart_width(const struct args *args, int *ret, struct rv_err *reterr);

/* Is the file marked as synthetic? Then every picture of it says so. */
RV_MUST_CHECK rv_status file_is_synthetic(struct store *s, struct arena *a, bool *ret,
                                          struct rv_err *reterr);

/* The table with a first note that its data are made up; `ret` may not be `t`. */
RV_MUST_CHECK rv_status table_mark_synthetic(struct arena *a, const struct result_table *t,
                                             struct result_table *ret, struct rv_err *reterr);

/* Draws a table as SVG that goes by itself, or as a page, into `out`. */
RV_MUST_CHECK rv_status put_picture(struct session *session, struct store *s,
                                    const struct result_table *t, const struct chart_look *look,
                                    bool is_page, struct buf *out, struct rv_err *reterr);

#endif

/* cli/chart_out.h — what the commands that draw share: options, pictures, where they go.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_CLI_CHART_OUT_H
#define REEVE_CLI_CHART_OUT_H

#include "assess/table.h"
#include "cli/command.h"
#include "report/chart.h"

/* The options that `table` and `map` share; `where` has room for MOST_VALUES. */
void take_table_options(const struct args *args, const char **where, struct table_options *ret);

/* The chart of a table of `reeve table` by --chart, --value, --title, --focus and --width: SVG to
 * standard output, or a page when `is_page`. RV_USAGE says which charts would suit. */
RV_MUST_CHECK rv_status table_chart(struct session *session, struct store *s,
                                    const struct result_table *t, bool is_page,
                                    struct rv_err *reterr);

/* --width in pixels; CHART_WIDE when it is not given. */
RV_MUST_CHECK rv_status chart_width(const struct args *args, int *ret, struct rv_err *reterr);

/* Draws a table as SVG that goes by itself, or as a page, into `out`. */
RV_MUST_CHECK rv_status put_picture(struct session *session, struct store *s,
                                    const struct result_table *t, const struct chart_look *look,
                                    bool is_page, struct buf *out, struct rv_err *reterr);

#endif

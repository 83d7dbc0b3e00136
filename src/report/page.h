/* report/page.h — one chart or map as an accessible HTML page, with its table, notes and sources.
 *
 * Self-contained like the report: no script, nothing fetched, the same bytes for the same input.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_PAGE_H
#define REEVE_REPORT_PAGE_H

#include "report/chart.h"

struct page_options {
    const char *partnership; /* NULL = not named */
    bool is_synthetic;       /* banner */
    const char *command;     /* that makes it again; NULL = not shown */
};

/* Appends the page of the table, drawn as its chart in two widths. Errors are those of chart_draw;
 * a table that has nothing to draw is RV_INVALID. */
RV_MUST_CHECK rv_status chart_page(struct arena *a, const struct result_table *t,
                                   const struct chart_look *look,
                                   const struct page_options *options, struct buf *out,
                                   struct rv_err *reterr);

#endif

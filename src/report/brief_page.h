/* report/brief_page.h — a tasking brief as one HTML file, two pages when printed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_BRIEF_PAGE_H
#define REEVE_REPORT_BRIEF_PAGE_H

#include "assess/brief.h"
#include "report/html.h"

/* Appends the document: sections in the order in which a meeting takes them, tables whole, charts
 * inside as SVG in two widths, nothing fetched. Every finding must have its statement
 * (sentences_render_all). RV_LIMIT past the ceiling of `out`. */
RV_MUST_CHECK rv_status brief_page(struct arena *a, const struct brief *brief,
                                   const struct report_context *context, struct buf *out,
                                   struct rv_err *reterr);

#endif

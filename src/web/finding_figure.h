/* web/finding_figure.h — the chart and the table beside a finding, as a page and JSON say them.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_FINDING_FIGURE_H
#define REEVE_WEB_FINDING_FIGURE_H

#include "assess/finding.h"
#include "web/app.h"

/* The chart alone, as `picture` in `m`: both widths, title and description, and what it draws when
 * that is not what the finding says; nothing for a table that has no chart, or a map whose areas
 * are not held any more. `id` is the prefix of all ids in
 * it, unique on the page. */
RV_MUST_CHECK rv_status figure_put_picture(struct call *c, struct model *m, const struct finding *f,
                                           const struct result_table *t, const char *id,
                                           struct rv_err *reterr);

/* An object `figure` in `m`: picture, table (its rows as words, and as numbers for programs) and
 * those of its notes that are no caveats of the finding, which stand on the page already. */
RV_MUST_CHECK rv_status figure_put(struct call *c, struct model *m, const struct finding *f,
                                   const struct result_table *t, const char *id,
                                   struct rv_err *reterr);

#endif

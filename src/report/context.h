/* report/context.h — what a report shows besides its findings, from the partnership file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_CONTEXT_H
#define REEVE_REPORT_CONTEXT_H

#include "report/html.h"
#include "store/store.h"

/* Title of the partnership, whether its data are synthetic, its extracts; in the arena. */
RV_MUST_CHECK rv_status context_load(struct store *s, struct arena *a, struct report_context *ret,
                                     struct rv_err *reterr);
/* Adds the boundaries that the maps of this assessment need, and only those. */
RV_MUST_CHECK rv_status context_layers(struct store *s, struct arena *a,
                                       const struct assessment *assessment,
                                       struct report_context *context, struct rv_err *reterr);

#endif

/* web/finding_model.h — a finding as a page and JSON say it.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_FINDING_MODEL_H
#define REEVE_WEB_FINDING_MODEL_H

#include "assess/finding.h"
#include "web/model.h"

/* One line of a list: id, statement, verdict. */
void finding_put_line(struct model *m, const struct finding *f);

/* All of it but its sources: value, interval, numbers behind it, period, caveats, method. */
RV_MUST_CHECK rv_status finding_put(struct model *m, const struct finding *f,
                                    struct rv_err *reterr);

/* `sources` in `m`, for piece/sources: extract, file, SHA-256 each, kept in the model's arena. */
void sources_put(struct model *m, const struct finding_source *sources, size_t count);

/* "2022", "January 2021 to June 2022" in the arena of the model; NULL when none. */
const char *period_words(struct arena *a, struct month_range period);
/* "29 November 2026, 13:05" on the London clock. */
const char *time_words(struct arena *a, int64_t utc_seconds);

#endif

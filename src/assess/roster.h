/* assess/roster.h — the profiles of one definition, opened as lenses on the records and heard.
 *
 * Not for other modules. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_ROSTER_H
#define REEVE_ASSESS_ROSTER_H

#include "assess/assess_internal.h"

struct roster;

/* Of the definition in force or of one that stands beside it; records: the lens of the whole
 * source. *ret = NULL where none is in force. The prefixes of a roster differ from those of every
 * roster opened before. Cost: one pass over the offences, and one cube for all its profiles. */
RV_MUST_CHECK rv_status roster_open(struct assess_work *w, const struct lens *records,
                                    const struct template_definition *definition,
                                    struct roster **ret, struct rv_err *reterr);

/* One profile or context, which is there, in a chapter of its own. */
RV_MUST_CHECK rv_status roster_hear(struct roster *r, const char *id, unsigned sections,
                                    struct rv_err *reterr);

/* Every profile, then its contexts and the profiles together. */
RV_MUST_CHECK rv_status roster_hear_all(struct roster *r, unsigned sections, struct rv_err *reterr);

/* The lens of a profile or context; NULL when it is not on the roster. */
struct lens *roster_lens(struct roster *r, const char *id);

#endif

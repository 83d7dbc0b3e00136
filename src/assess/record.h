/* assess/record.h — one offence: what is known of it, and why it is in or out of each profile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_RECORD_H
#define REEVE_ASSESS_RECORD_H

#include "assess/joined.h"

struct record_found {
    const struct source *source;
    const char *file; /* name of the extract's file */
    int64_t extract;
    bool is_current; /* false: superseded or withdrawn, in no set */
    struct offence_facts facts;
    const char *outcome;              /* "not-recorded" when it has none */
    const struct decision *decisions; /* [profiles and contexts of the definition] */
};

/* Every row of this identifier, of all sources of offences, in order of import. *ret_definition:
 * the one in force; without one there are no decisions. RV_NOT_FOUND when no offence has it. */
RV_MUST_CHECK rv_status record_find(struct held *h, const char *key, struct record_found **ret,
                                    size_t *ret_count, const struct definition **ret_definition,
                                    struct rv_err *reterr);

#endif

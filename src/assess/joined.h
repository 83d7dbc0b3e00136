/* assess/joined.h — the offences of a source with their persons, and the definition in force.
 *
 * Made once for a table or an assessment, and only when something asks for it: persons, an agreed
 * profile, weapons, later results. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_JOINED_H
#define REEVE_ASSESS_JOINED_H

#include "assess/cube.h"
#include "define/adopted.h"
#include "define/records.h"

struct joined {
    const struct source *source;
    struct offence_records records;
    const struct definition *definition; /* in force; NULL = none */
    struct membership member;            /* of `definition` */
    const struct extract_info *outcomes;
    size_t outcome_extracts;
    const struct extract_info *persons;
    size_t person_extracts; /* 0 = no persons are held */
};

RV_MUST_CHECK rv_status held_joined_of(struct held *h, const struct source *offences,
                                       const struct joined **ret, struct rv_err *reterr);

/* The same records by another definition: one pass over the offences, no second join. */
RV_MUST_CHECK rv_status held_joined_by(struct held *h, const struct source *offences,
                                       const struct definition *definition,
                                       const struct joined **ret, struct rv_err *reterr);

/* The bit of a profile or context; those of every profile, not of contexts, for "union". 0 = no
 * such id. */
uint32_t profile_bits(const struct definition *d, const char *id);

/* Why no offence of a profile is no count of none: the source, of every borough and month, has no
 * offence of any of its groups, or none with a flag that it asks for. The end of a sentence; "" =
 * it has, NULL = out of memory. Cost: the offences up to the first that has them. */
const char *profile_never_recorded(struct arena *a, const struct joined *j,
                                   const struct definition_profile *p);

/* "under-25 domestic-abuse … union", for messages. */
const char *profile_names(struct arena *a, const struct definition *d);

#endif

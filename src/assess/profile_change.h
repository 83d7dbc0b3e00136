/* assess/profile_change.h — what the parts of a profile's change share. Not for other modules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_PROFILE_CHANGE_H
#define REEVE_ASSESS_PROFILE_CHANGE_H

#include "assess/assess_internal.h"
#include "stats/change.h"

#define CHANGE_ALONE_ALPHA                                                                         \
    0.01 /* of a part that changed by itself while the total cannot be told from chance */

/* Ways of telling the offences of a profile apart. */
enum change_way { WAY_GROUP, WAY_WARD, WAY_AGE, WAY_VENUE, WAY_TIME, WAYS };

/* One of them: every offence is in exactly one part; part 0 is what is not recorded. */
struct change_way_parts {
    const char *title; /* "Age of the youngest victim" */
    const char *by;    /* dimension of the query */
    size_t size;
    const char **names, **words; /* [size]: in a table; in a sentence, "in the ward …" */
    int64_t *counts[2];          /* [BUCKET_COMPARE and BUCKET_PERIOD][size] */
    int64_t *wholes[2];          /* the same of the context that holds the profile */
    struct change change;        /* of counts, parts in the same order */
};

/* Offences of both periods in parts that no sentence names: what is not recorded. */
static inline int64_t change_unknown(const struct change_way_parts *way)
{
    int64_t sum = 0;
    for (size_t i = 0; i < way->size; i++) {
        sum += way->words[i][0] ? 0 : way->counts[0][i] + way->counts[1][i];
    }
    return sum;
}

struct change_parts {
    struct lens *lens;
    const struct lens *whole; /* the context; NULL = none */
    struct change_way_parts ways[WAYS];
    size_t tests; /* parts that something is in */
};

struct change_named {
    enum change_way way;
    size_t code;
};

/* The share of the context that moves one way while it moves the other way in every part
 * (Simpson's paradox): a finding where that is so, quiet else. */
RV_MUST_CHECK rv_status change_reversal(struct change_parts *k, struct rv_err *reterr);
RV_MUST_CHECK rv_status change_parts_table(struct change_parts *k, struct rv_err *reterr);

#endif

/* assess/belong.h — which profiles each offence is in, as one small code, so that several profiles
 * are counted in one pass over the records.
 *
 * Offences that are in the same profiles, and cannot be told for the same, share a code. A code is
 * one byte: a definition with more combinations than that is split into several belongings of fewer
 * profiles each. Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BELONG_H
#define REEVE_ASSESS_BELONG_H

#include "assess/joined.h"

enum { BELONG_CODES = 255 };

/* Bits: 0 to definition_size - 1 = its profiles and contexts, then these. */
enum { BELONG_UNION = DEFINITION_MAX, BELONG_PERSON /* some person is held */ };

struct belonging {
    const struct joined *joined;
    uint64_t bits;        /* the profiles that the codes tell apart */
    const uint8_t *codes; /* [offences], each < size */
    uint32_t size;
    uint64_t in[BELONG_CODES], unknown[BELONG_CODES]; /* [size] of each code */
};

/* Enough belongings to hold every profile and context of the definition in force and their union.
 * Needs joined->definition. Cost: one pass over the offences for each of them. */
RV_MUST_CHECK rv_status belonging_make(struct arena *a, const struct joined *joined,
                                       struct belonging **ret, size_t *ret_count,
                                       struct rv_err *reterr);

#endif

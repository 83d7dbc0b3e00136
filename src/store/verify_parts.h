/* store/verify_parts.h — what the two halves of verify share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STORE_VERIFY_PARTS_H
#define REEVE_STORE_VERIFY_PARTS_H

#include "store/verify.h"

struct verifier {
    struct store *store;
    struct arena *arena;
    struct progress *progress;
    struct verify_result *result;
    size_t capacity;       /* of result->faults */
    struct rv_err *reterr; /* never NULL: faults quote it */
    struct arena scratch;  /* decoded chunks, one at a time */
};

/* Adds a fault; the remedy is put after the sentence. RV_NO_MEMORY and RV_LIMIT only. */
RV_MUST_CHECK rv_status verify_fault_add(struct verifier *v, const char *where, const char *format,
                                         ...) RV_PRINTF(3, 4);

/* Turns RV_DAMAGED, with the sentence in v->reterr, into a fault; other statuses go through. */
RV_MUST_CHECK rv_status verify_absorb(struct verifier *v, rv_status status, const char *where);

/* Every extract: dictionaries, chunks, masks, placements. */
RV_MUST_CHECK rv_status verify_extracts(struct verifier *v);

#endif

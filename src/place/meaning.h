/* place/meaning.h — what the codes of one extract mean in one layer.
 *
 * Internal to src/place. Thread-compatible; everything lives in the arena given.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_MEANING_H
#define REEVE_PLACE_MEANING_H

#include "column/dictionary.h"
#include "place/lookup.h"

struct meaning {        /* of one code column, by dictionary code */
    uint32_t *placed;   /* placed code, 0 = no way there */
    uint32_t *verbatim; /* placed code when the layer itself has the code, else 0 */
};

struct held { /* everything the partnership file holds for resolving */
    const struct layer *layers;
    size_t count;
    const struct lookups *lookups;
    struct arena *arena; /* where parents are kept */
    uint32_t ***parents; /* parents[child][parent]: NULL until asked for */
};

/* All layers and look-ups held now. */
RV_MUST_CHECK rv_status meaning_held(struct store *s, struct arena *a, struct held *ret,
                                     struct rv_err *reterr);

/* The codes of `d` in `target`, one of the layers held. */
RV_MUST_CHECK rv_status meaning_resolve(struct store *s, struct arena *a, const struct held *h,
                                        const struct layer *target, const struct dictionary *d,
                                        struct meaning *ret, struct rv_err *reterr);

#endif

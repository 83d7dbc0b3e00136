/* place/texts_internal.h — the texts of all extracts between reading and storing. Internal to
 * src/place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_TEXTS_INTERNAL_H
#define REEVE_PLACE_TEXTS_INTERNAL_H

#include "column/dictionary.h"
#include "place/texts.h"

struct texts_extract {
    int64_t id;
    uint32_t **rows; /* [chunk][row]: number of its text */
    uint32_t *row_counts;
    uint32_t chunks;
};

struct placed_text {
    uint8_t class;
    uint32_t placed;
};

struct texts {
    struct store *s;
    struct arena a; /* of all that follows */
    struct pool *pool;
    struct progress *progress;
    struct layer *layers;
    size_t layer_count;
    struct gazetteer gazetteer;
    struct texts_extract *extracts;
    size_t extract_count;
    struct dictionary sites, keys; /* of a key: site, type, reading */
    int64_t *times;                /* [key]: rows of it */
    uint32_t *site_of;             /* [key] */
    size_t room;                   /* of times and site_of */
    double **priors;               /* [site]; NULL = all boroughs alike */
    uint32_t *sure_borough;        /* [key] */
    struct placed_text *placed;    /* [key * layers + layer] */
    struct matcher **matchers;     /* [thread] */
    struct match_area **areas;     /* [thread] */
};

/* Reads every extract of the kind and the gazetteer, and matches every distinct text in every
 * layer. extract_count 0 = there is nothing to place. texts_done whatever happened. */
RV_MUST_CHECK rv_status texts_match(struct store *s, struct pool *pool, struct progress *progress,
                                    struct texts *ret, struct rv_err *reterr);
void texts_done(struct texts *t);

/* The parts of a key. */
struct text_key {
    struct text site, type, reading;
};
struct text_key texts_key(const struct texts *t, uint32_t key);

#endif

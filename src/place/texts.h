/* place/texts.h — records whose place is free text, placed through the gazetteer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_TEXTS_H
#define REEVE_PLACE_TEXTS_H

#include "base/pool.h"
#include "base/progress.h"
#include "place/match.h"
#include "store/store.h"

#define TEXTS_KIND "emergency-department"

/* Inside store_begin: places every extract of emergency departments in every layer held, by the
 * gazetteer of the file as it is now, and stores placement and class of every row. A site's other
 * records say in which boroughs its places lie, once TEXTS_SURE of them name a town and are
 * certain. The same bytes on any number of threads. Cost: gazetteer_load, and two matches for each
 * distinct text of a site. RV_INTERRUPTED. */
#define TEXTS_SURE 20
RV_MUST_CHECK rv_status place_texts(struct store *s, struct pool *pool, struct progress *progress,
                                    struct rv_err *reterr);

/* place_texts when extract `extract` may change what it finds: a source of names, a look-up, or a
 * record that it places; 0 = areas have changed. */
RV_MUST_CHECK rv_status place_texts_after(struct store *s, struct pool *pool,
                                          struct progress *progress, int64_t extract,
                                          struct rv_err *reterr);

struct text_found {
    const char *site, *type, *reading; /* "" = missing */
    int64_t rows;
    enum match_class class;
    const char *code, *name; /* of the area; NULL = not placed */
};
struct texts_found {
    struct text_found *list; /* in the order in which the extracts hold them */
    size_t count;
};

/* Every distinct text of a site with how it is placed in one layer (layer_choose), by the gazetteer
 * as it is now. RV_NOT_FOUND when there is no such layer. Cost: place_texts. */
RV_MUST_CHECK rv_status texts_list(struct store *s, struct arena *a, struct pool *pool,
                                   struct progress *progress, const char *type, const char *vintage,
                                   struct texts_found *ret, struct rv_err *reterr);

struct match_totals { /* rows by class */
    int64_t rows[MATCH_CLASSES];
};

/* Classes of the rows of an extract in one layer, chunk by chunk, and their sums; all NULL or NULL
 * may be given. RV_NOT_FOUND when it was not placed so; RV_DAMAGED. */
RV_MUST_CHECK rv_status match_load(struct store *s, struct arena *a, int64_t extract,
                                   const struct layer *l, const uint32_t ***ret_chunks,
                                   struct match_totals *ret_totals, struct rv_err *reterr);

#endif

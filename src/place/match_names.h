/* place/match_names.h — the names of a gazetteer that a reading has. Internal to src/place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_MATCH_NAMES_H
#define REEVE_PLACE_MATCH_NAMES_H

#include "place/gazetteer.h"

struct name_hit {
    uint32_t name;
    uint32_t tokens;  /* bit i: word i of the reading is of it */
    double agreement; /* part of its words, by weight, that are there, as well as they are */
    double value;     /* agreement squared, times what the words weigh: longer names win */
};

#define NAMES_MEANT 64
#define NAMES_ALSO  3

struct names_found { /* and what one thread needs to find them */
    const struct gazetteer *g;
    struct spelling_scratch spelling;
    uint32_t *stamp; /* [name]: the search that met it last */
    uint32_t search;
    struct name_hit *hits;
    size_t hit_count;
    struct name_hit meant[NAMES_MEANT]; /* best first; all but the first are nearly as good */
    size_t meant_count;
    struct name_hit also[NAMES_ALSO]; /* of other words of the reading */
    size_t also_count;
    size_t unexplained; /* words that are of none of these names, sorts of places aside */
    bool has_plain;     /* some word is no sort of place */
};

RV_MUST_CHECK rv_status names_open(struct arena *a, const struct gazetteer *g,
                                   struct names_found *ret, struct rv_err *reterr);
/* Whether some place of the name is an area. */
bool names_is_area(const struct gazetteer *g, uint32_t name);

void names_find(struct names_found *f, struct text reading);

#endif

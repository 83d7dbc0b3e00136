/* synth/places.h — streets, pubs, shops, parks and stations that do not exist, and how people who
 * are asked where something happened write them down.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_PLACES_H
#define REEVE_SYNTH_PLACES_H

#include "synth/dice.h"
#include "synth/minor.h"

struct synth_place {
    const char *name, *other_name; /* other_name NULL = none */
    const char *type;              /* "street", "public house", "shop", "park", "station" */
    const char *town;              /* its locality, or its borough */
    size_t lsoa;
    double east_m, north_m;
    bool is_listed; /* in gazetteer.csv */
};

struct places { /* lives in the arena */
    struct synth_place *list;
    size_t count;
    size_t own; /* the first so many are of the detailed borough */
};

RV_MUST_CHECK rv_status places_make(struct minor *m, struct places *ret, struct rv_err *reterr);

/* gazetteer.csv in `dir`/partners: five in six of them, with coordinates. */
RV_MUST_CHECK rv_status places_write(struct minor *m, const struct places *p,
                                     struct rv_err *reterr);

/* What one person wrote, and what is true. */
struct told {
    char text[256];
    const char *location_type;       /* as the department codes it */
    const char *form;                /* "place", "two-places", "town", "home", "vague", "nothing" */
    const struct synth_place *place; /* NULL = no text says */
};
void places_tell(const struct places *all, struct dice *dice, struct told *ret);

#endif

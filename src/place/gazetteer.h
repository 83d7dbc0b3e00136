/* place/gazetteer.h — names of places with the areas in which they lie, as far as the file knows.
 *
 * A place is a name within a borough. Its evidence says in which area of each layer it lies, with
 * a weight: how many records of that place lie there. A street through two wards has both. A place
 * that no area of a layer is known for has none there. Read-only once made, thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_GAZETTEER_H
#define REEVE_PLACE_GAZETTEER_H

#include "place/areas.h"
#include "place/spelling.h"
#include "place/words.h"

enum place_kind { NAMED_AREA, NAMED_STREET, NAMED_STATION, NAMED_SITE };
const char *place_kind_name(enum place_kind kind);

struct place_evidence {
    uint32_t layer;  /* position among the layers */
    uint32_t placed; /* placed code in it, not 0 */
    double weight;   /* above 0 */
};

struct gazetteer_place {
    uint32_t name;
    uint32_t borough; /* placed code in the layer of boroughs; 0 = not known */
    enum place_kind kind;
    double weight;         /* records of it, or 1 for an entry of a list */
    uint32_t first, count; /* of its evidence, by layer, then weight falling, then code */
};

struct gazetteer_name {
    const char *shown;      /* as the first source spells it */
    uint32_t first, count;  /* of its words */
    uint32_t place, places; /* of its places, by borough */
    double weight; /* of its words together: 1 a plain one, GAZETTEER_TYPE a sort of place */
};
#define GAZETTEER_TYPE 0.4

struct gazetteer { /* lives in the arena */
    const struct layer *layers;
    size_t layer_count;
    size_t borough_layer; /* position; SIZE_MAX = none held */
    struct gazetteer_place *places;
    struct place_evidence *evidence;
    struct gazetteer_name *names;
    uint32_t *name_words; /* numbers of words */
    struct text *words;   /* distinct, ascending */
    uint32_t *word_first; /* [words + 1] into word_names */
    uint32_t *word_names; /* names that have the word, ascending */
    uint32_t place_count, name_count, word_count;
    struct spelling spelling;
};

/* ---- making one ---- */

struct gazetteer_draft; /* lives in the arena given to gazetteer_begin */

/* `layers` stay the caller's for the life of the gazetteer. */
RV_MUST_CHECK rv_status gazetteer_begin(struct arena *a, const struct layer *layers, size_t count,
                                        struct gazetteer_draft **ret, struct rv_err *reterr);

#define GAZETTEER_NO_NAME UINT32_MAX

/* The number of a name, for gazetteer_note; GAZETTEER_NO_NAME when it names no place ("road"). The
 * same for names that are the same words. A kind beside the name: "Romford" of a station is the
 * name "romford station". */
RV_MUST_CHECK rv_status gazetteer_name(struct gazetteer_draft *d, struct text name,
                                       enum place_kind kind, uint32_t *ret, struct rv_err *reterr);

/* `weight` more records of a place, `name` in `borough`, or a list's entry. */
RV_MUST_CHECK rv_status gazetteer_note(struct gazetteer_draft *d, uint32_t name, uint32_t borough,
                                       enum place_kind kind, double weight, uint32_t *ret_place,
                                       struct rv_err *reterr);

/* They lie in area `placed` of layer `layer`; 0 = in none, which is no evidence. */
RV_MUST_CHECK rv_status gazetteer_lies(struct gazetteer_draft *d, uint32_t place, uint32_t layer,
                                       uint32_t placed, double weight, struct rv_err *reterr);

/* The gazetteer; the draft is done. The order of the notes does not matter, but for the spelling of
 * a name and for sums of weights that are no whole numbers. */
RV_MUST_CHECK rv_status gazetteer_finish(struct gazetteer_draft *d, struct gazetteer *ret,
                                         struct rv_err *reterr);

/* ---- from the partnership file ---- */

/* Whether extracts of a kind name places: the gazetteer changes with them. */
bool gazetteer_is_source(const char *kind);

/* Areas of every layer but LSOAs; venues of offences and places of ambulance records; stations of
 * transport; entries of extracts of kind gazetteer: of extracts in use, rows of the current view.
 * Their placements must be stored. Cost: one pass over the names and placements of those rows. */
RV_MUST_CHECK rv_status gazetteer_load(struct store *s, struct arena *a, const struct layer *layers,
                                       size_t count, struct gazetteer *ret, struct rv_err *reterr);

#endif

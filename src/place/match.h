/* place/match.h — which place of the gazetteer a reading means, and how sure that is.
 *
 * Confidence of an area = agreement x share.
 *   agreement  how much of the name is in the text: 1 when every word is, as it is spelt; a faulty
 *              word counts by its likeness (spelling.h), a missing sort of place ("Swan" of "Swan
 *              Inn") by its weight, each word that nothing explains takes 0.08, at most 0.24.
 *   share      of what is known of all places that the text may mean as well: records of them, or
 *              entries of lists, that lie in the area, by where the supplier's other records lie.
 * Other names in the text (a town, a second street) narrow the places; when none agrees with them
 * the confidence falls. Classes: exact from 0.9, close from 0.75, weak from 0.55; below that the
 * text is not placed and the reason is kept. What the classes are worth is measured on a synthetic
 * set in tests/e2e/test_gazetteer.py; the guide gives the figures.
 *
 * Pure: the same answer on any thread. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_MATCH_H
#define REEVE_PLACE_MATCH_H

#include "place/gazetteer.h"

enum match_class {
    MATCH_NO_TEXT, /* nothing that may name a place */
    MATCH_EXACT,
    MATCH_CLOSE,
    MATCH_WEAK,
    MATCH_AMBIGUOUS, /* several places, or a place in several areas, and none likely enough */
    MATCH_NOT_FOUND,
    MATCH_VAGUE, /* the sort of a place alone, or a place known only by a larger area */
    MATCH_HOME,  /* somebody's home: never placed */
    MATCH_CLASSES,
};
extern const char *const MATCH_NAMES[MATCH_CLASSES]; /* "not-recorded", "exact", … */

static inline bool match_is_placed(enum match_class c)
{
    return c >= MATCH_EXACT && c <= MATCH_WEAK;
}

struct match_options {
    double exact, close, weak; /* least confidence of each class */
    const double *prior;       /* [boroughs + 1] by placed code: how often the supplier's other
                                  records lie there; NULL = all alike */
};
#define MATCH_DEFAULTS ((struct match_options){0.9, 0.75, 0.55, NULL})

struct match_area { /* of one layer */
    enum match_class class;
    uint32_t placed;    /* placed code when placed, else 0 */
    uint32_t likeliest; /* even when it is not likely enough; 0 = none */
    double confidence;  /* of `likeliest`, from 0 to 1 */
};

struct match_alternative {
    uint32_t place;
    double agreement; /* of its name with the text */
    double share;     /* of all that the text may mean */
};
#define MATCH_ALTERNATIVES 8

struct match {
    enum match_class class;   /* when no name was found: why; else MATCH_EXACT */
    double agreement;         /* after unexplained words and contradictions */
    struct match_area *areas; /* [layer]; the caller's */
    struct match_alternative alternatives[MATCH_ALTERNATIVES]; /* likeliest first */
    size_t alternative_count;
    size_t meanings;  /* places that the text may mean, all of them */
    uint32_t also[3]; /* names that narrowed them */
    size_t also_count;
};

struct matcher; /* what one thread needs; lives in the arena */
RV_MUST_CHECK rv_status matcher_open(struct arena *a, const struct gazetteer *g,
                                     struct matcher **ret, struct rv_err *reterr);

/* `type` is the type of location as the supplier writes it; among places alike it prefers those of
 * its sort. ret->areas has room for every layer. Cost: the names that share a word with the
 * reading, at most about 20,000 of them. */
void match_reading(struct matcher *m, struct text type, struct text reading,
                   const struct match_options *options, struct match *ret);

#endif

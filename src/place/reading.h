/* place/reading.h — free text of where something happened, reduced to what may be kept.
 *
 * A record of an emergency department says in free text where an assault happened, and people
 * write more than a place there. A reading keeps words that may name a place and nothing else:
 *   - of a home, by its type of location or its text, only the word "home";
 *   - of a full postcode only the outward part ("rm1" of RM1 3AB);
 *   - no number but those of roads (A12), so no house, telephone or NHS number and no date;
 *   - no e-mail address, no title with the word after it ("Mr", "Mrs"), and at most two words after
 *     "by", "called", "named" when somebody is said to have done it;
 *   - none of the words that join or tell (words.h).
 * What is left can still hold a name that stands where a place would: the guide says so.
 * A pure function of its two arguments, idempotent; see docs/decisions/0019.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_READING_H
#define REEVE_PLACE_READING_H

#include "place/words.h"

#define READING_BYTES (WORDS_MOST * WORD_BYTES)

enum reading_aside { /* what was set aside */
                     ASIDE_HOME,
                     ASIDE_POSTCODE, /* its inward part */
                     ASIDE_NUMBER,   /* of a house, a telephone, a patient, a date */
                     ASIDE_ADDRESS,  /* e-mail */
                     ASIDE_PERSON,   /* the word after a title or after who did it */
                     ASIDE_COUNT,
};

struct place_reading {
    unsigned aside; /* bit for each enum reading_aside */
    size_t n;
    char at[READING_BYTES];
};

#define READING_HOME "home" /* all that is kept of a home */

/* `type` is the type of location as the supplier writes it ("home", "public house"); both may be
 * empty. n 0 = nothing in the text may name a place. Cost: that of place_words_split. */
void reading_make(struct text type, struct text raw, struct place_reading *ret);

/* Whether a type of location is somebody's home. */
bool reading_is_home(struct text type);

#endif

/* place/words.h — names of places and free text about them as plain words.
 *
 * Words are lower case, ASCII letters and digits, accents folded, apostrophes gone ("King's" is
 * kings), abbreviations written alike (Rd, Road: road; Stn: station; Street, Saint: st). What joins
 * words or tells a story ("outside", "near", "he was") is not kept. Pure functions.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_PLACE_WORDS_H
#define REEVE_PLACE_WORDS_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MOST 24 /* of one text; what comes after them is not read */
#define WORD_BYTES 24 /* with its NUL; the rest of a longer word is not read */

struct place_word {
    char at[WORD_BYTES];
    uint32_t n;
    uint32_t digits;    /* how many of its characters */
    bool is_possessive; /* had 's at its end */
    bool is_address;    /* was a part of an e-mail address or a web address */
};

struct place_words {
    size_t count;
    struct place_word at[WORDS_MOST];
};

/* Every word of any bytes, in order, before anything is left out. Bytes that are no UTF-8, signs
 * and letters of other alphabets separate words. Cost: one pass over the first 4,096 bytes. */
void place_words_split(struct text t, struct place_words *ret);

/* One spelling of each abbreviation. */
void word_canonical(struct place_word *w);

bool word_is(const struct place_word *w, const char *text);
bool word_is_joining(const struct place_word *w); /* says nothing about where: "outside", "was" */
/* A sort of place ("road", "pub"), not the name of one. */
bool word_is_type(struct text w);
/* A sort of street: two that differ ("road", "lane") are two streets. */
bool word_is_street_type(struct text w);
/* A12, M25, B1459. */
bool word_is_road_number(const struct place_word *w);

/* The words that name a place: without brackets, what stands after the first comma, numbers and
 * joining words. False when what is left names nothing: no word, or the sort of a place alone. */
bool words_of_name(struct text name, struct place_words *ret);

/* The words of a reading (reading.h), which are canonical already. */
void words_of_reading(struct text reading, struct place_words *ret);

/* One for each; ascending, each once: for keys. */
size_t place_words_join(const struct place_words *w, char *out, size_t room);

#endif

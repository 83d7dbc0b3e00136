/* synth/names.h — names of places that nobody bears.
 *
 * Words for plants, animals, water, stone and work, joined; never names of people.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_NAMES_H
#define REEVE_SYNTH_NAMES_H

#include "base/arena.h"

#include <stdint.h>

/* "Marshholt": the number-th ward name of a borough; different for each number below 400. */
const char *name_ward(struct arena *a, uint64_t seed, uint64_t borough, uint64_t number);

/* "Juniper Road" from two random numbers. */
const char *name_street(struct arena *a, uint64_t first, uint64_t second);

/* "Juniper": the first word of a street, of a random number. */
const char *name_word(uint64_t u);

/* "Supermarket": what police.uk calls a kind of place; town centres have others than the rest. */
const char *name_venue(uint64_t u, int is_town_centre);

#endif

/* synth/names.c — word lists and how they are joined.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/names.h"

#include "synth/random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const ward_firsts[] = {
    "Alder", "Apple", "Barley", "Beech",  "Brick", "Broad", "Chalk", "Clay", "Copper", "Elder",
    "Far",   "Fern",  "Flint",  "Gravel", "Heron", "Larch", "Marsh", "Moss", "Pebble", "Thistle"};
static const char *const ward_lasts[] = {
    "bourne", "combe", "croft", "dale", "den",   "field",  "ford", "gate", "holt", "hurst",
    "mead",   "mere",  "moor",  "side", "stead", "thorpe", "well", "wick", "wood", "worth"};

static const char *const street_firsts[] = {
    "Acorn",    "Alder",    "Amber",    "Anchor",  "Apple",    "Arch",     "Aspen",   "Badger",
    "Barley",   "Beacon",   "Beech",    "Bell",    "Birch",    "Blossom",  "Bramble", "Brook",
    "Canal",    "Cedar",    "Chalk",    "Cherry",  "Chestnut", "Clay",     "Clover",  "Copper",
    "Crane",    "Cypress",  "Dove",     "Elder",   "Elm",      "Falcon",   "Fern",    "Field",
    "Forge",    "Foundry",  "Fountain", "Fox",     "Garden",   "Granary",  "Gravel",  "Harvest",
    "Hawthorn", "Heath",    "Heron",    "Hill",    "Hop",      "Juniper",  "Kestrel", "Kiln",
    "Lantern",  "Larch",    "Linden",   "Magpie",  "Maple",    "Marsh",    "Meadow",  "Mill",
    "Moss",     "Mulberry", "Nettle",   "Oak",     "Orchard",  "Osier",    "Otter",   "Paddock",
    "Pebble",   "Pine",     "Plum",     "Poplar",  "Quarry",   "Raven",    "Reed",    "River",
    "Sedge",    "Silver",   "Slate",    "Sorrel",  "Sparrow",  "Spring",   "Stone",   "Swallow",
    "Swan",     "Sycamore", "Teal",     "Thistle", "Timber",   "Turnpike", "Vale",    "Vine",
    "Walnut",   "Water",    "Wharf",    "Wheat",   "Windmill", "Yew"};
static const char *const street_lasts[] = {
    "Avenue", "Close", "Court", "Crescent", "Drive", "Gardens", "Grove",   "Lane", "Mews",
    "Place",  "Rise",  "Road",  "Road",     "Road",  "Street",  "Terrace", "Walk", "Way"};

static const char *const centre_venues[] = {
    "Nightclub",    "Shopping Area",     "Shopping Area",        "Supermarket",
    "Parking Area", "Bus/coach Station", "Theatre/concert Hall", "Pedestrian Subway"};
static const char *const other_venues[] = {"Supermarket",
                                           "Parking Area",
                                           "Parking Area",
                                           "Petrol Station",
                                           "Park/open Space",
                                           "Sports/recreation Area",
                                           "Further/higher Educational Building",
                                           "Hospital"};

const char *name_ward(struct arena *a, uint64_t seed, uint64_t borough, uint64_t number)
{
    /* Steps of 127, prime to 400, from a place of the borough's own: all pairs in turn. */
    uint64_t all = COUNT(ward_firsts) * COUNT(ward_lasts);
    uint64_t start = draw(seed, STREAM_NAME, borough, 0).u[0] % all;
    uint64_t pair = (start + 127 * number) % all;
    return arena_printf(a, "%s%s", ward_firsts[pair / COUNT(ward_lasts)],
                        ward_lasts[pair % COUNT(ward_lasts)]);
}

const char *name_street(struct arena *a, uint64_t first, uint64_t second)
{
    return arena_printf(a, "%s %s", street_firsts[draw_below(first, COUNT(street_firsts))],
                        street_lasts[draw_below(second, COUNT(street_lasts))]);
}

const char *name_word(uint64_t u)
{
    return street_firsts[draw_below(u, COUNT(street_firsts))];
}

const char *name_venue(uint64_t u, int is_town_centre)
{
    return is_town_centre ? centre_venues[draw_below(u, COUNT(centre_venues))]
                          : other_venues[draw_below(u, COUNT(other_venues))];
}

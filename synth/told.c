/* synth/told.c — a place as somebody in a waiting room writes it down.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/places.h"

#include <stdio.h>
#include <string.h>

#define ELSEWHERE 0.08 /* of those who name a place: one in another borough */
#define POPULAR   0.4  /* of those in the borough: one of the leading places */
#define LEADING   12

struct pen {
    char *at; /* of told.text */
    size_t n, room;
    struct dice *dice;
};

static void put(struct pen *p, const char *text)
{
    size_t n = strlen(text);
    n = n < p->room - p->n ? n : p->room - p->n - 1;
    memcpy(p->at + p->n, text, n);
    p->n += n;
    p->at[p->n] = '\0';
}

static bool chance(struct pen *p, double share)
{
    return dice_unit(p->dice) < share;
}

static const char *one_of(struct pen *p, const char *const *list, size_t count)
{
    return list[dice_below(p->dice, count)];
}
#define ONE_OF(pen, list) one_of(pen, list, sizeof(list) / sizeof *(list))

/* ---- words ---- */

/* A letter left out, doubled, swapped with the next or changed. */
static void mistype(struct pen *p, char *word, size_t *n, size_t room)
{
    size_t at = 1 + dice_below(p->dice, *n - 2), sort = dice_below(p->dice, 4);
    if (sort == 0) {
        memmove(word + at, word + at + 1, *n - at - 1);
        (*n)--;
    } else if (sort == 1 && *n + 1 < room) {
        memmove(word + at + 1, word + at, *n - at);
        (*n)++;
    } else if (sort == 2) {
        char held = word[at];
        word[at] = word[at - 1];
        word[at - 1] = held;
    } else {
        word[at] = (char)('a' + dice_below(p->dice, 26));
    }
}

static const char *short_form(const char *word)
{
    static const char *const forms[][2] = {
        {"Street", "St"},   {"Road", "Rd"},      {"Avenue", "Ave"},   {"Lane", "Ln"},
        {"Close", "Cl"},    {"Gardens", "Gdns"}, {"Court", "Ct"},     {"Drive", "Dr"},
        {"Station", "stn"}, {"Park", "Pk"},      {"Terrace", "Terr"}, {"Crescent", "Cres"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(word, forms[i][0]) == 0) {
            return forms[i][1];
        }
    }
    return word;
}

/* A name with some of its words shortened, left out or mistyped. */
static void put_name(struct pen *p, const char *name)
{
    bool is_short = chance(p, 0.45), is_wrong = chance(p, 0.12), is_cut = chance(p, 0.05);
    char word[40];
    for (const char *at = name; *at;) {
        size_t n = strcspn(at, " ");
        bool is_first = at == name, is_last = at[n] == '\0';
        (void)snprintf(word, sizeof word, "%.*s", (int)n, at);
        at += n + !is_last;
        if ((is_last && is_cut && !is_first) || (is_first && strcmp(word, "The") == 0)) {
            continue;
        }
        const char *written = is_short ? short_form(word) : word;
        char changed[40];
        size_t length = strlen(written);
        (void)snprintf(changed, sizeof changed, "%s", written);
        if (is_wrong && length >= 5) {
            mistype(p, changed, &length, sizeof changed);
            changed[length] = '\0';
            is_wrong = false;
        }
        put(p, p->n && p->at[p->n - 1] != ' ' ? " " : "");
        put(p, changed);
    }
}

/* All in capitals, or in small letters. */
static void put_case(struct pen *p)
{
    size_t sort = dice_below(p->dice, 5);
    for (size_t i = 0; i < p->n && sort < 3; i++) {
        char c = p->at[i];
        p->at[i] = sort == 0 && c >= 'a' && c <= 'z'  ? (char)(c - 'a' + 'A')
                   : sort > 0 && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a')
                                                      : c;
    }
}

/* ---- places ---- */

static const struct synth_place *choose_place(struct pen *p, const struct places *all)
{
    if (chance(p, ELSEWHERE)) {
        return &all->list[all->own + dice_below(p->dice, all->count - all->own)];
    }
    size_t own = all->own / LEADING * dice_below(p->dice, LEADING);
    return &all->list[chance(p, POPULAR) ? own : dice_below(p->dice, all->own)];
}

static const char *type_of(struct pen *p, const struct synth_place *place)
{
    static const char *const any[] = {"street", "other", "other", "not known"};
    bool is_coded = chance(p, 0.8);
    return !is_coded                             ? ONE_OF(p, any)
           : strcmp(place->type, "station") == 0 ? "transport"
           : strcmp(place->type, "park") == 0    ? "public place"
                                                 : place->type;
}

static void tell_place(struct pen *p, const struct places *all, struct told *ret)
{
    static const char *const before[] = {"",
                                         "",
                                         "",
                                         "outside ",
                                         "nr ",
                                         "near ",
                                         "in ",
                                         "o/s ",
                                         "opp ",
                                         "corner of ",
                                         "walking along ",
                                         "was hit outside "};
    static const char *const after[] = {" ", ", ", " - ", " in "};
    ret->form = "place";
    ret->place = choose_place(p, all);
    ret->location_type = type_of(p, ret->place);
    put(p, ONE_OF(p, before));
    if (strcmp(ret->place->type, "street") == 0 && chance(p, 0.12)) {
        char number[16];
        (void)snprintf(number, sizeof number, "%zu ", 1 + dice_below(p->dice, 200));
        put(p, number);
    }
    bool is_other = ret->place->other_name && chance(p, 0.3);
    put_name(p, is_other ? ret->place->other_name : ret->place->name);
    put(p, strcmp(ret->place->type, "public house") == 0 && chance(p, 0.4) ? " pub" : "");
    if (chance(p, 0.45)) {
        put(p, ONE_OF(p, after));
        put_name(p, ret->place->town);
    }
    put(p, chance(p, 0.04) ? " RM1 1AA" : "");
}

/* Two streets that meet, or a pub and its street: places of one LSOA. */
static void tell_two(struct pen *p, const struct places *all, struct told *ret)
{
    static const char *const between[] = {" / ", " and ", " jct ", ", "};
    const struct synth_place *second = NULL;
    ret->form = "two-places";
    ret->place = &all->list[dice_below(p->dice, all->own)];
    ret->location_type = type_of(p, ret->place);
    for (size_t i = 0; i < all->own && !second; i++) {
        bool is_near = all->list[i].lsoa == ret->place->lsoa && &all->list[i] != ret->place;
        second = is_near && strcmp(all->list[i].type, "street") == 0 ? &all->list[i] : NULL;
    }
    put_name(p, ret->place->name);
    if (second) {
        put(p, ONE_OF(p, between));
        put_name(p, second->name);
    }
}

/* ---- all of them ---- */

static void tell_home(struct pen *p, const struct places *all, struct told *ret)
{
    static const char *const homes[] = {"home",          "at home",       "own home address", "",
                                        "friends house", "partners flat", "in the kitchen"};
    static const char *const types[] = {"home", "home", "home", "private dwelling", "other"};
    ret->form = "home";
    ret->location_type = ONE_OF(p, types);
    if (chance(p, 0.3)) { /* an address, which nothing may keep */
        char address[128];
        const struct synth_place *street = &all->list[dice_below(p->dice, all->own)];
        (void)snprintf(address, sizeof address, "%zu %s, RM%zu %zuZZ", 1 + dice_below(p->dice, 99),
                       street->name, 1 + dice_below(p->dice, 9), 1 + dice_below(p->dice, 9));
        put(p, address);
        ret->location_type = "home";
        return;
    }
    const char *text = ONE_OF(p, homes);
    put(p, text);
    ret->location_type = text[0] ? ret->location_type : "home";
}

static void tell_vague(struct pen *p, struct told *ret)
{
    static const char *const vague[] = {"street",      "in the street", "outside pub", "bus stop",
                                        "on the road", "shopping area", "car park",    "nightclub"};
    ret->form = "vague";
    ret->location_type = "street";
    put(p, ONE_OF(p, vague));
}

static void tell_town(struct pen *p, const struct places *all, struct told *ret)
{
    const struct synth_place *any = &all->list[dice_below(p->dice, all->own)];
    ret->form = "town";
    ret->location_type = "street";
    ret->place = any;
    put_name(p, any->town);
}

static void tell_nothing(struct pen *p, struct told *ret)
{
    static const char *const nothing[] = {"", "not known", "pt unsure where", "does not remember"};
    ret->form = "nothing";
    ret->location_type = "not known";
    put(p, ONE_OF(p, nothing));
}

void places_tell(const struct places *all, struct dice *dice, struct told *ret)
{
    static const double shares[] = {0.55, 0.06, 0.06, 0.2, 0.07, 0.06};
    *ret = (struct told){.form = ""};
    struct pen p = {ret->text, 0, sizeof ret->text, dice};
    switch (dice_choose(dice, shares, sizeof shares / sizeof *shares)) {
    case 0:
        tell_place(&p, all, ret);
        break;
    case 1:
        tell_two(&p, all, ret);
        break;
    case 2:
        tell_town(&p, all, ret);
        break;
    case 3:
        tell_home(&p, all, ret);
        break;
    case 4:
        tell_vague(&p, ret);
        break;
    default:
        tell_nothing(&p, ret);
        break;
    }
    put_case(&p);
}

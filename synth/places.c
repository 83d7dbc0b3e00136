/* synth/places.c — a list of places for every LSOA.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/places.h"

#include "synth/havering.h"
#include "synth/names.h"
#include "synth/write.h"

#include <string.h>

#define PLACE_STREAM 40 /* number of the runs of places, in STREAM_MINOR */
#define OWN_STREETS  3  /* of an LSOA of the detailed borough; 1 elsewhere */
#define LISTED       (5.0 / 6)

static const char *town_of(const struct minor *m, size_t lsoa, size_t ward_first, size_t own)
{
    const struct lsoa *l = &m->g->lsoas[lsoa];
    for (size_t k = 0; l->borough == own && k < m->t->locality_count; k++) {
        const struct locality *town = &m->t->localities[k];
        for (size_t w = 0; w < town->n; w++) {
            if (ward_first + town->wards[w] == l->ward_2022) {
                return town->name;
            }
        }
    }
    return m->g->boroughs[l->borough].name;
}

struct placing {
    struct minor *m;
    struct places *p;
    struct dice dice;
    size_t own, ward_first; /* the detailed borough, its first ward of 2022 */
    size_t borough_first;   /* the first place of the borough in hand */
};

static void add(struct placing *x, size_t lsoa, const char *name, const char *other,
                const char *type)
{
    struct synth_place *at = &x->p->list[x->p->count++];
    struct draws d = draw(x->m->options->seed, STREAM_MINOR, PLACE_STREAM + 1, x->p->count);
    *at = (struct synth_place){.name = name,
                               .other_name = other,
                               .type = type,
                               .town = town_of(x->m, lsoa, x->ward_first, x->own),
                               .lsoa = lsoa,
                               .is_listed = dice_unit(&x->dice) < LISTED};
    geography_point(x->m->g, lsoa, d, &at->east_m, &at->north_m);
}

static bool is_used(const struct placing *x, const char *name)
{
    bool is_found = false;
    for (size_t i = x->borough_first; i < x->p->count && !is_found; i++) {
        is_found = strcmp(x->p->list[i].name, name) == 0;
    }
    return is_found;
}

static rv_status add_street(struct placing *x, size_t lsoa, struct rv_err *reterr)
{
    const char *name = NULL;
    for (int tries = 0; tries < 4;
         tries++) { /* few streets of a borough have the name of another */
        name = name_street(x->m->a, dice_next(&x->dice), dice_next(&x->dice));
        if (!name) {
            return arena_fail(x->m->a, reterr);
        }
        if (!is_used(x, name)) {
            break;
        }
    }
    add(x, lsoa, name, NULL, "street");
    return rv_ok();
}

static rv_status add_venue(struct placing *x, size_t lsoa, struct rv_err *reterr)
{
    static const char *const lasts[] = {"Inn", "Arms", "Tavern", "Supermarket", "Park", "School"};
    static const char *const types[] = {"public house", "public house", "public house",
                                        "shop",         "park",         "school"};
    size_t k = dice_below(&x->dice, 6);
    const char *word = name_word(dice_next(&x->dice)), *second = name_word(dice_next(&x->dice));
    const char *name = k < 3 && dice_below(&x->dice, 3) == 0
                           ? arena_printf(x->m->a, "The %s and %s", word, second)
                           : arena_printf(x->m->a, "%s %s", word, lasts[k]);
    const char *other =
        k < 3 && dice_below(&x->dice, 5) == 0 ? arena_printf(x->m->a, "Old %s", second) : NULL;
    if (!name) {
        return arena_fail(x->m->a, reterr);
    }
    add(x, lsoa, name, other, types[k]);
    return rv_ok();
}

/* A station for each town of the detailed borough, where its first ward begins. */
static rv_status add_stations(struct placing *x, struct rv_err *reterr)
{
    const struct targets *t = x->m->t;
    for (size_t k = 0; k < t->locality_count; k++) {
        const char *name = arena_printf(x->m->a, "%s Station", t->localities[k].name);
        if (!name) {
            return arena_fail(x->m->a, reterr);
        }
        for (size_t i = 0; i < x->m->g->lsoa_count; i++) {
            if (x->m->g->lsoas[i].ward_2022 == x->ward_first + t->localities[k].wards[0]) {
                add(x, i, name, NULL, "station");
                break;
            }
        }
    }
    return rv_ok();
}

static rv_status add_lsoa(struct placing *x, size_t lsoa, struct rv_err *reterr)
{
    bool is_own = x->m->g->lsoas[lsoa].borough == x->own;
    for (size_t k = 0; k < (is_own ? OWN_STREETS : 1); k++) {
        RV_TRY(add_street(x, lsoa, reterr));
    }
    return lsoa % (is_own ? 2 : 6) == 0 ? add_venue(x, lsoa, reterr) : rv_ok();
}

rv_status places_make(struct minor *m, struct places *ret, struct rv_err *reterr)
{
    struct places p = {.list = ARENA_NEW(m->a, struct synth_place,
                                         m->g->lsoa_count * (OWN_STREETS + 1) + LOCALITIES_MOST)};
    struct placing x = {
        .m = m, .p = &p, .dice = dice_start(m->options->seed, STREAM_MINOR, PLACE_STREAM)};
    if (!p.list) {
        return arena_fail(m->a, reterr);
    }
    while (strcmp(m->g->boroughs[x.own].code, HAVERING_CODE) != 0) {
        x.own++;
    }
    while (m->g->wards_2022[x.ward_first].borough != x.own) {
        x.ward_first++;
    }
    const struct borough *own = &m->g->boroughs[x.own];
    RV_TRY(add_stations(&x, reterr));
    for (size_t i = own->first; i < own->first + own->count; i++) {
        RV_TRY(add_lsoa(&x, i, reterr));
    }
    p.own = p.count;
    for (size_t i = 0; i < m->g->lsoa_count; i++) {
        bool is_next = i == 0 || m->g->lsoas[i].borough != m->g->lsoas[i - 1].borough;
        x.borough_first = is_next ? p.count : x.borough_first;
        RV_TRY(i < own->first || i >= own->first + own->count ? add_lsoa(&x, i, reterr) : rv_ok());
    }
    *ret = p;
    return rv_ok();
}

rv_status places_write(struct minor *m, const struct places *p, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "gazetteer.csv", reterr));
    buf_text(&w.text, "name,alternative_names,easting,northing,type,source\n");
    for (size_t i = 0; i < p->count; i++) {
        const struct synth_place *at = &p->list[i];
        if (at->is_listed) {
            buf_printf(&w.text, "%s,%s,%d,%d,%s,synthetic\n", at->name,
                       at->other_name ? at->other_name : "", (int)at->east_m, (int)at->north_m,
                       at->type);
        }
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}

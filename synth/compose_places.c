/* synth/compose_places.c — venues, LSOAs, and which coordinates may be used.
 *
 * Venues come first and only take offences that are in no other profile than under-25, so that no
 * table of LSOAs looks at them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"
#include "synth/names.h"

#include <string.h>

#define LSOAS_MOST  64 /* in a ward */
#define VENUE_FIRST 26 /* offences at the leading venue, and at the last of those that lead */
#define VENUE_LAST  12

static const struct lsoa *lsoas_of(const struct records *r, size_t *ret_first, size_t *ret_n)
{
    const struct borough *b = &r->plan->g->boroughs[r->plan->borough];
    *ret_first = b->first;
    *ret_n = b->count;
    return &r->plan->g->lsoas[b->first];
}

/* The LSOAs of a ward of the borough, as places within London. */
static size_t ward_lsoas(const struct records *r, size_t ward, size_t *list)
{
    size_t first, n, found = 0;
    const struct lsoa *l = lsoas_of(r, &first, &n);
    for (size_t k = 0; k < n && found < LSOAS_MOST; k++) {
        if (l[k].ward_2022 == r->plan->ward_first + ward) {
            list[found++] = first + k;
        }
    }
    return found;
}

/* ---- venues ---- */

static const char *venue_name(struct records *r, const struct top_place *place, struct dice *dice)
{
    static const char *const pubs[] = {"Arms", "Inn", "Tavern"};
    static const char *const others[] = {"Park", "Bus Station", "Leisure Centre"};
    const char *street = name_street(r->a, dice_next(dice), dice_next(dice));
    const char *where = r->plan->t->localities[place->locality].name;
    const char *what = place->type[0] == 'p'   ? pubs[dice_below(dice, 3)]
                       : place->type[1] == 'c' ? "School"
                       : place->type[1] == 'h' ? "Shopping Centre"
                                               : others[dice_below(dice, 3)];
    return street ? arena_printf(r->a, "%s %s, %s (synthetic)", street, what, where) : NULL;
}

/* Takes up to `want` free offences of the ward; robbery first or last. */
static int64_t take(struct records *r, size_t venue, size_t ward, const size_t *order, int64_t want,
                    bool wants_robbery)
{
    int64_t taken = 0;
    for (size_t k = 0; k < r->n && taken < want; k++) {
        struct incident *i = &r->incidents[order[k]];
        bool is_robbery = i->group == GROUP_ROBBERY;
        if (i->region == REGION_U && i->ward == (int16_t)ward && i->venue == NO_VENUE &&
            i->group != GROUP_HOMICIDE && is_robbery == wants_robbery) {
            i->venue = (int8_t)venue;
            i->lsoa = r->venues[venue].lsoa;
            taken++;
        }
    }
    return taken;
}

static rv_status fill_venue(struct records *r, size_t k, const size_t *order, struct dice *dice,
                            struct rv_err *reterr)
{
    const struct top_place *place = &r->plan->t->places[k];
    const struct locality *l = &r->plan->t->localities[place->locality];
    bool is_shop = strcmp(place->type, "shopping") == 0;
    struct venue *v = &r->venues[k];
    size_t list[LSOAS_MOST], n;
    int64_t want = VENUE_FIRST - (int64_t)k * (VENUE_FIRST - VENUE_LAST) / (TOP_PLACES - 1),
            got = 0;
    for (size_t w = 0; w < l->n && got == 0; w++) {
        v->ward = l->wards[(w + k) % l->n];
        n = ward_lsoas(r, v->ward, list);
        if (n == 0) {
            continue;
        }
        v->lsoa = (int32_t)list[dice_below(dice, n)];
        int64_t robbery = take(r, k, v->ward, order, is_shop ? want * 2 / 3 : want / 8, true);
        /* At a shopping centre robbery leads all other groups together. */
        int64_t rest = is_shop && want - robbery >= robbery ? robbery - 1 : want - robbery;
        got = robbery + take(r, k, v->ward, order, rest > 0 ? rest : 0, false);
    }
    v->type = place->type;
    v->name = venue_name(r, place, dice);
    if (!v->name) {
        return arena_fail(r->a, reterr);
    }
    return got > VENUE_LAST / 2
               ? rv_ok()
               : rv_fail(reterr, RV_REFUSED,
                         "the targets cannot be met together: table \"top20_locations\": too few "
                         "offences in %s",
                         l->name);
}

static rv_status give_venues(struct records *r, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_VENUE);
    size_t *order = ARENA_NEW(r->a, size_t, r->n);
    if (!order) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->n; k++) {
        order[k] = k;
    }
    dice_shuffle(&dice, order, r->n);
    r->venue_count = TOP_PLACES;
    for (size_t k = 0; k < TOP_PLACES; k++) {
        RV_TRY(fill_venue(r, k, order, &dice, reterr));
    }
    return rv_ok();
}

/* ---- LSOAs of the detailed borough ---- */

struct lsoa_plan {
    int64_t da[LSOAS_MOST], da_most[LSOAS_MOST], sv[LSOAS_MOST], sv_most[LSOAS_MOST];
};

struct lsoa_step {
    struct records *r;
    size_t ward, list[LSOAS_MOST], n;
    double pull[LSOAS_MOST];
};

static int64_t lsoa_key(const void *context, size_t item)
{
    const struct lsoa_step *s = context;
    const struct incident *i = &s->r->incidents[item];
    return i->ward == (int16_t)s->ward && i->venue == NO_VENUE ? i->region : ASSIGN_SKIP;
}

static uint64_t lsoa_marks(const void *context, size_t item)
{
    return incident_marks(&((const struct lsoa_step *)context)->r->incidents[item]);
}

static double lsoa_weight(const void *context, size_t item, size_t value)
{
    (void)item;
    return ((const struct lsoa_step *)context)->pull[value];
}

static void lsoa_set(void *context, size_t item, size_t value)
{
    struct lsoa_step *s = context;
    s->r->incidents[item].lsoa = (int32_t)s->list[value];
}

/* Which LSOA of which ward has which of the leading counts. Leading places of sexual offences are
 * the first LSOAs of a ward, those of domestic abuse the last. */
static void plan_lsoas(const struct records *r, const size_t *sizes, struct lsoa_plan *plans)
{
    const struct targets *t = r->plan->t;
    size_t da[HAVERING_WARDS_2022] = {0}, sv[HAVERING_WARDS_2022] = {0};
    int64_t left[HAVERING_WARDS_2022];
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        for (size_t k = 0; k < LSOAS_MOST; k++) {
            plans[w].da[k] = plans[w].sv[k] = -1;
            plans[w].da_most[k] = t->lsoa_da[DA_LSOAS - 1] - 1; /* no ties with the last */
            plans[w].sv_most[k] = t->lsoa_sv_next[SV_NEXT_LSOAS - 1] - 1;
        }
        left[w] = t->ward_sv[w];
    }
    for (size_t k = 0; k < DA_LSOAS; k++) {
        size_t w = t->lsoa_da_ward[k], at = sizes[w] - 1 - da[w]++;
        plans[w].da[at] = t->lsoa_da[k];
        plans[w].da_most[at] = -1;
    }
    for (size_t k = 0; k < SV_LSOAS + SV_NEXT_LSOAS; k++) {
        size_t w = t->lsoa_sv_ward;
        int64_t count = k < SV_LSOAS ? t->lsoa_sv[k] : t->lsoa_sv_next[k - SV_LSOAS];
        for (size_t u = 0; k >= SV_LSOAS && u < HAVERING_WARDS_2022; u++) {
            /* the ward with most left for each of its other LSOAs */
            if (w == t->lsoa_sv_ward ||
                (u != t->lsoa_sv_ward &&
                 left[u] * (int64_t)(sizes[w] - sv[w]) > left[w] * (int64_t)(sizes[u] - sv[u]))) {
                w = u;
            }
        }
        plans[w].sv[sv[w]] = count;
        plans[w].sv_most[sv[w]++] = -1;
        left[w] -= count;
    }
}

static rv_status give_ward_lsoas(struct records *r, size_t ward, const struct lsoa_plan *p,
                                 struct dice *dice, struct rv_err *reterr)
{
    static int16_t column[LSOAS_MOST];
    struct lsoa_step context = {.r = r, .ward = ward};
    context.n = ward_lsoas(r, ward, context.list);
    for (size_t k = 0; k < context.n; k++) {
        context.pull[k] = 0.7 + 0.6 * dice_unit(dice);
        column[k] = (int16_t)k;
    }
    size_t n = context.n;
    const struct fit_margin margins[] = {
        {"lsoa_da_top10", MARK_DA, column, n, p->da, false},
        {"lsoa_da_top10", MARK_DA, column, n, p->da_most, true},
        {"lsoa_sv_top2", MARK_SV, column, n, p->sv, false},
        {"lsoa_sv_next10", MARK_SV, column, n, p->sv_most, true},
    };
    struct step step = {.name = "the LSOA",
                        .context = &context,
                        .items = r->n,
                        .values = n,
                        .key = lsoa_key,
                        .marks = lsoa_marks,
                        .weight = lsoa_weight,
                        .set = lsoa_set,
                        .margins = margins,
                        .margin_count = 4};
    return assign(r->a, &step, dice, reterr);
}

static rv_status give_detailed_lsoas(struct records *r, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_LSOA);
    struct lsoa_plan *plans = ARENA_NEW(r->a, struct lsoa_plan, HAVERING_WARDS_2022);
    size_t sizes[HAVERING_WARDS_2022], list[LSOAS_MOST];
    if (!plans) {
        return arena_fail(r->a, reterr);
    }
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        sizes[w] = ward_lsoas(r, w, list);
        if (sizes[w] < 6) {
            return rv_fail(reterr, RV_INVALID, "a synthetic ward has too few LSOAs");
        }
    }
    plan_lsoas(r, sizes, plans);
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        RV_TRY(give_ward_lsoas(r, w, &plans[w], &dice, reterr));
    }
    return rv_ok();
}

/* ---- LSOAs elsewhere ---- */

static rv_status give_lsoas(struct records *r, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_LSOA);
    size_t(*lists)[LSOAS_MOST] = arena_new(r->a, WARDS_MOST, sizeof *lists);
    size_t sizes[WARDS_MOST];
    if (!lists) {
        return arena_fail(r->a, reterr);
    }
    for (size_t w = 0; w < r->plan->ward_count; w++) {
        sizes[w] = ward_lsoas(r, w, lists[w]);
    }
    for (size_t k = 0; k < r->n; k++) {
        size_t w = (size_t)r->incidents[k].ward;
        r->incidents[k].lsoa = (int32_t)lists[w][dice_below(&dice, sizes[w])];
    }
    return rv_ok();
}

/* ---- coordinates ---- */

static int64_t place_key(const void *context, size_t item)
{
    return ((const struct records *)context)->incidents[item].region;
}

static uint64_t place_marks(const void *context, size_t item)
{
    return incident_marks(&((const struct records *)context)->incidents[item]);
}

static double place_weight(const void *context, size_t item, size_t value)
{
    bool is_sexual = region_is_sv(((const struct records *)context)->incidents[item].region);
    double usable = is_sexual ? 0.41 : 0.95;
    return value == 1 ? usable : 1 - usable;
}

static void place_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].has_place = (uint8_t)value;
}

static rv_status give_coordinates(struct records *r, struct rv_err *reterr)
{
    static const int16_t usable[2] = {-1, 0};
    struct dice dice = compose_dice(r, STEP_PLACE);
    const struct fit_margin margin = {
        "sv_coordinates", MARK_SV, usable, 1, &r->plan->t->sv_coordinates, false};
    struct step step = {.name = "the coordinates",
                        .context = r,
                        .items = r->n,
                        .values = 2,
                        .key = place_key,
                        .marks = place_marks,
                        .weight = place_weight,
                        .set = place_set,
                        .margins = &margin,
                        .margin_count = r->plan->is_detailed ? 1 : 0};
    RV_TRY(assign(r->a, &step, &dice, reterr));
    /* Homes: no point holds more offences of domestic abuse than the targets allow. */
    uint32_t *count = ARENA_NEW(r->a, uint32_t, r->plan->g->lsoa_count);
    if (!count) {
        return arena_fail(r->a, reterr);
    }
    uint32_t most =
        (uint32_t)(r->plan->t->da_coordinate_most < 1 ? 1 : r->plan->t->da_coordinate_most);
    for (size_t k = 0; k < r->n; k++) {
        struct incident *i = &r->incidents[k];
        bool is_home = region_is_da(i->region);
        i->point = is_home ? count[i->lsoa]++ / (most > 2 ? 2 : most)
                           : 1000 + (uint32_t)dice_below(&dice, 30);
    }
    return rv_ok();
}

rv_status compose_places(struct records *r, struct rv_err *reterr)
{
    if (r->plan->is_detailed) {
        RV_TRY(give_venues(r, reterr));
        RV_TRY(give_detailed_lsoas(r, reterr));
    } else {
        RV_TRY(give_lsoas(r, reterr));
    }
    return give_coordinates(r, reterr);
}

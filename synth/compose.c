/* synth/compose.c — how many offences of what kind, their wards and weapons.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"

#include <string.h>

#define MARK_REST (UINT64_C(1) << 20) /* homicide and sexual: "other" among weapon-enabled */

static const int16_t same_column[WARDS_MOST] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                                11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/* ---- one record for each offence of the plan ---- */

/* rape, assault by penetration, sexual assault, other sexual: the last is no serious violence, so
 * that it cannot be in the domestic-abuse profile. */
static uint8_t sexual_group(const struct incident *i, struct dice *dice)
{
    static const double weights[4] = {0.35, 0.05, 0.42, 0.18};
    return (uint8_t)dice_choose(dice, weights, region_is_da(i->region) ? 3 : 4);
}

static rv_status make_incidents(struct records *r, struct rv_err *reterr)
{
    const struct plan *p = r->plan;
    struct dice dice = compose_dice(r, STEP_KIND);
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (unsigned region = 0; region < REGIONS; region++) {
            for (unsigned g = 0; g < GROUPS; g++) {
                for (unsigned y = 0; y < TWO_YEARS; y++) {
                    for (int64_t k = 0; k < p->groups[region][g][y]; k++, n++) {
                        if (pass == 0) {
                            continue;
                        }
                        struct incident *i = &r->incidents[n];
                        i->region = (uint8_t)region;
                        i->group = (uint8_t)g;
                        i->year = (uint8_t)y;
                        i->venue = NO_VENUE;
                        i->sexual = g == GROUP_SEXUAL ? sexual_group(i, &dice) : 0;
                    }
                }
            }
        }
        if (pass == 0) {
            r->n = n;
            r->incidents = ARENA_NEW(r->a, struct incident, n + 1);
            if (!r->incidents) {
                return arena_fail(r->a, reterr);
            }
        }
    }
    return rv_ok();
}

/* ---- wards ---- */

struct ward_step {
    struct records *r;
    double pull[WARDS_MOST];
};

static int64_t ward_key(const void *context, size_t item)
{
    const struct incident *i = &((const struct ward_step *)context)->r->incidents[item];
    return (i->region * (int64_t)SECTIONS + section_of(i->group)) * TWO_YEARS + i->year;
}

static uint64_t ward_marks(const void *context, size_t item)
{
    return incident_marks(&((const struct ward_step *)context)->r->incidents[item]);
}

static double ward_weight(const void *context, size_t item, size_t value)
{
    (void)item;
    return ((const struct ward_step *)context)->pull[value];
}

static void ward_set(void *context, size_t item, size_t value)
{
    ((struct ward_step *)context)->r->incidents[item].ward = (int16_t)value;
}

static void add_wards(struct margins *m, const struct plan *p, const char *name, uint64_t marks,
                      const int64_t *target, bool is_ceiling)
{
    for (size_t w = 0; w < p->ward_count; w++) {
        if (target[w] >= 0) {
            margins_add(m, (struct fit_margin){.name = name,
                                               .marks = marks,
                                               .column = same_column,
                                               .columns = p->ward_count,
                                               .target = target,
                                               .is_ceiling = is_ceiling});
            return;
        }
    }
}

static rv_status give_wards(struct records *r, struct rv_err *reterr)
{
    static const char *const sections[SECTIONS] = {
        "ward_u25_by_section, VAP", "ward_u25_by_section, sexual", "ward_u25_by_section, robbery",
        "ward_u25_by_section, weapons"};
    const struct plan *p = r->plan;
    const struct ward_plan *w = &p->wards;
    struct dice dice = compose_dice(r, STEP_WARD);
    struct ward_step context = {.r = r};
    struct margins m = {.n = 0};
    for (size_t k = 0; k < p->ward_count; k++) {
        context.pull[k] = 0.8 + 0.4 * dice_unit(&dice);
    }
    for (unsigned s = 0; p->is_detailed && s < SECTIONS; s++) {
        add_wards(&m, p, sections[s], MARK_U25 | MARK_IN(s), p->t->ward_section[s], false);
    }
    add_wards(&m, p, "london_wards_top/U25", MARK_U25, w->u25, false);
    add_wards(&m, p, "london_wards_top/U25", MARK_U25, w->u25_most, true);
    add_wards(&m, p, "ward_sv", MARK_SV, w->sv, false);
    add_wards(&m, p, "london_wards_top/SV", MARK_SV, w->sv_most, true);
    add_wards(&m, p, "ward_da", MARK_DA, w->da, false);
    add_wards(&m, p, "london_wards_top/DA SV", MARK_DA, w->da_most, true);
    add_wards(&m, p, "ward_da_by_year", MARK_DA | MARK_YEAR(0), w->da_2021, false);
    add_wards(&m, p, "ward_da_by_year", MARK_DA | MARK_YEAR(1), w->da_2022, false);
    add_wards(&m, p, "london_wards_top/DA SV 2022", MARK_DA | MARK_YEAR(1), w->da_2022_most, true);
    struct step step = {.name = "the ward",
                        .context = &context,
                        .items = r->n,
                        .values = p->ward_count,
                        .key = ward_key,
                        .marks = ward_marks,
                        .weight = ward_weight,
                        .set = ward_set,
                        .margins = m.list,
                        .margin_count = m.n};
    return assign(r->a, &step, &dice, reterr);
}

/* ---- weapons ---- */

static int64_t weapon_key(const void *context, size_t item)
{
    const struct records *r = context;
    const struct incident *i = &r->incidents[item];
    int64_t key = ((int64_t)i->region * GROUPS + i->group) * TWO_YEARS + i->year;
    return r->plan->is_detailed ? key * WARDS_MOST + i->ward : key;
}

static uint64_t weapon_marks(const void *context, size_t item)
{
    const struct records *r = context;
    const struct incident *i = &r->incidents[item];
    bool is_rest = i->group == GROUP_HOMICIDE || i->group == GROUP_SEXUAL;
    return incident_marks(i) | (is_rest ? MARK_REST : 0) |
           (r->plan->is_detailed ? MARK_WARD((unsigned)i->ward) : 0);
}

/* A record of possession is not weapon-enabled: the weapon is the offence. */
static double weapon_weight(const void *context, size_t item, size_t value)
{
    static const double young[GROUPS] = {0.6, 0.29, 0.08, 0.22, 0.004, 0.38, 0};
    static const double at_home[GROUPS] = {0, 0.11, 0.02, 0.14, 0.02, 0, 0};
    const struct incident *i = &((const struct records *)context)->incidents[item];
    double p = region_is_da(i->region) ? at_home[i->group] : young[i->group];
    return value == WEAPON_NONE ? 1 - p : value == WEAPON_KNIFE ? 0.97 * p : 0.03 * p;
}

static void weapon_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].weapon = (uint8_t)value;
}

static const int16_t any_weapon[WEAPONS] = {-1, 0, 0}, only_knife[WEAPONS] = {-1, -1, 0},
                     which_weapon[WEAPONS] = {-1, 0, 1};

struct weapon_targets {
    int64_t at_home[DA_WEAPON_GROUPS][2]; /* another weapon, a knife */
};

static void weapon_margins(const struct targets *t, struct weapon_targets *own, struct margins *m)
{
    const uint64_t of_u25[WEAPON_GROUPS] = {MARK_GROUP(GROUP_ROBBERY), MARK_GROUP(GROUP_ABH),
                                            MARK_GROUP(GROUP_TTK), MARK_GROUP(GROUP_GBH),
                                            MARK_REST};
    const uint64_t of_da[DA_WEAPON_GROUPS] = {MARK_GROUP(GROUP_TTK), MARK_GROUP(GROUP_ABH),
                                              MARK_GROUP(GROUP_GBH), MARK_GROUP(GROUP_SEXUAL)};
    for (unsigned k = 0; k < WEAPON_GROUPS; k++) {
        for (unsigned y = 0; y < TWO_YEARS; y++) {
            margins_add(m, (struct fit_margin){"weapon_enabled_u25",
                                               MARK_U25 | MARK_YEAR(y) | of_u25[k], any_weapon, 1,
                                               &t->weapon_u25[k][y], false});
        }
    }
    margins_add(m, (struct fit_margin){"knife_u25", MARK_U25, only_knife, 1, &t->knife_u25, false});
    for (size_t k = 0; k < DA_WEAPON_GROUPS; k++) {
        own->at_home[k][0] = t->weapon_da[k][0] - t->weapon_da[k][1];
        own->at_home[k][1] = t->weapon_da[k][1];
        margins_add(m, (struct fit_margin){"da_weapon", MARK_DA | of_da[k], which_weapon, 2,
                                           own->at_home[k], false});
    }
    margins_add(m, (struct fit_margin){"sv_weapon", MARK_SV, any_weapon, 1, &t->weapon_sv, false});
    for (unsigned w = 0; w < HAVERING_WARDS_2022; w++) {
        margins_add(m, (struct fit_margin){"ward_weapon_enabled", MARK_U25 | MARK_WARD(w),
                                           any_weapon, 1, &t->ward_weapon[w], false});
    }
}

static rv_status give_weapons(struct records *r, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_WEAPON);
    struct margins m = {.n = 0};
    struct weapon_targets own;
    if (r->plan->is_detailed) {
        weapon_margins(r->plan->t, &own, &m);
    }
    struct step step = {.name = "the weapon",
                        .context = r,
                        .items = r->n,
                        .values = WEAPONS,
                        .key = weapon_key,
                        .marks = weapon_marks,
                        .weight = weapon_weight,
                        .set = weapon_set,
                        .margins = m.list,
                        .margin_count = m.n};
    return assign(r->a, &step, &dice, reterr);
}

rv_status compose_offences(struct records *r, struct rv_err *reterr)
{
    RV_TRY(make_incidents(r, reterr));
    RV_TRY(give_wards(r, reterr));
    return give_weapons(r, reterr);
}

rv_status compose(struct arena *a, uint64_t seed, uint64_t number, const struct plan *plan,
                  struct records *ret, struct rv_err *reterr)
{
    struct records r = {.plan = plan, .a = a, .seed = seed, .number = number};
    RV_TRY(compose_offences(&r, reterr));
    RV_TRY(compose_places(&r, reterr));
    RV_TRY(compose_times(&r, reterr));
    RV_TRY(compose_persons(&r, reterr));
    RV_TRY(compose_identities(&r, reterr));
    *ret = r;
    return rv_ok();
}

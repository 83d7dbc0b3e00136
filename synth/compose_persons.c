/* synth/compose_persons.c — who was harmed, who was suspected; sex and age.
 *
 * In the under-25 profile each offence has a first victim or a first suspect known to be under 25;
 * outside it nobody is. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"

#define MARK_VIOLENT   (UINT64_C(1) << 21) /* violence against the person or sexual */
#define EXTRA_MOST     2                   /* suspects beside the first */
#define WITH_SUSPECT   0.72                /* of robberies */
#define EXTRA_VICTIMS  0.016               /* of other boroughs' violence, and robbery */
#define EXTRA_ROBBED   0.039
#define EXTRA_SUSPECTS 0.29 /* of their robberies */

static uint64_t offence_marks(const struct incident *i)
{
    enum section s = section_of(i->group);
    bool is_violent = s == SECTION_VAP || s == SECTION_SEXUAL;
    return incident_marks(i) | (is_violent ? MARK_VIOLENT : 0);
}

static uint64_t person_marks(const void *context, size_t item)
{
    const struct person *p = person_of(context, item);
    return offence_marks(incident_of(context, item)) |
           (p->is_suspect ? MARK_SUSPECT : MARK_VICTIM) | MARK_SEX(p->sex);
}

static int64_t sum_of(const int64_t *list, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += list[i];
    }
    return sum;
}

/* ---- how many victims ---- */

/* A second victim for `want` offences of a section, in no profile but under-25. */
static int64_t add_victims(struct records *r, const size_t *order, enum section section,
                           int64_t want)
{
    for (size_t k = 0; k < r->n && want > 0; k++) {
        struct incident *i = &r->incidents[order[k]];
        if (i->region == REGION_U && section_of(i->group) == section && i->victims == 1) {
            i->victims = 2;
            want--;
        }
    }
    return want;
}

static rv_status count_victims(struct records *r, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_EXTRA);
    size_t *order = ARENA_NEW(r->a, size_t, r->n + 1);
    int64_t count[SECTIONS] = {0};
    if (!order) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->n; k++) {
        struct incident *i = &r->incidents[k];
        order[k] = k;
        i->victims = i->group == GROUP_WEAPON ? 0 : 1;
        count[section_of(i->group)] += region_is_u25(i->region);
    }
    dice_shuffle(&dice, order, r->n);
    const struct targets *t = r->plan->t;
    for (unsigned s = 0; s < SECTION_WEAPONS; s++) {
        double share = s == SECTION_VAP ? EXTRA_VICTIMS : s == SECTION_ROBBERY ? EXTRA_ROBBED : 0;
        int64_t want = r->plan->is_detailed ? sum_of(t->u25v_section_sex[s], SEXES) - count[s]
                                            : (int64_t)(share * (double)count[s]);
        if (add_victims(r, order, (enum section)s, want) > 0) {
            return rv_fail(reterr, RV_REFUSED,
                           "the targets cannot be met together: table "
                           "\"u25_victims_by_section_sex\" has more victims than the offences of "
                           "a section can hold");
        }
    }
    return rv_ok();
}

/* ---- victims ---- */

static int64_t victim_sex_key(const void *context, size_t item)
{
    const struct incident *i = incident_of(context, item);
    return person_of(context, item)->is_suspect
               ? ASSIGN_SKIP
               : i->region * (int64_t)SECTIONS + section_of(i->group);
}

static double victim_sex_weight(const void *context, size_t item, size_t value)
{
    static const double by_section[SECTIONS][SEXES] = {
        {0.62, 0.37, 0.004}, {0.16, 0.83, 0.006}, {0.85, 0.14, 0.014}, {1, 1, 1}};
    static const double at_home[SEXES] = {0.23, 0.76, 0.01};
    const struct incident *i = incident_of(context, item);
    bool is_home = region_is_da(i->region) && !region_is_sv(i->region);
    return is_home ? at_home[value] : by_section[section_of(i->group)][value];
}

static void sex_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->persons[item].sex = (uint8_t)value;
}

static int64_t victim_age_key(const void *context, size_t item)
{
    int64_t key = victim_sex_key(context, item);
    return key == ASSIGN_SKIP ? key : key * SEXES + person_of(context, item)->sex;
}

static double victim_age_weight(const void *context, size_t item, size_t value)
{
    static const double young[4] = {0.43, 0.37, 0.19, 0.014};
    static const double at_home[4] = {0.20, 0.55, 0.24, 0.01};
    static const double sexual[4] = {0.56, 0.36, 0.07, 0.01};
    static const double old[4] = {0, 0, 0.965, 0.035};
    const struct incident *i = incident_of(context, item);
    if (value >= 4) {
        return 0;
    }
    if (!region_is_u25(i->region)) {
        return old[value];
    }
    return region_is_sv(i->region)   ? sexual[value]
           : region_is_da(i->region) ? at_home[value]
                                     : young[value];
}

static void age_set(void *context, size_t item, size_t value)
{
    struct records *r = context;
    struct person *p = &r->persons[item];
    p->age = (uint8_t)value;
    if (!p->is_suspect && p->is_first) {
        r->incidents[p->incident].is_young = value == AGE_UNDER_18 || value == AGE_18_24;
    }
}

static const int16_t each[RELATIONSHIPS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const int16_t only_first[AGES] = {0, -1, -1, -1, -1, -1};
static const int16_t only_second[AGES] = {-1, 0, -1, -1, -1, -1};

static rv_status give(struct records *r, struct step step, enum compose_step number,
                      const struct margins *m, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, number);
    step.context = r;
    step.margins = m->list;
    step.margin_count = r->plan->is_detailed ? m->n : 0;
    return assign(r->a, &step, &dice, reterr);
}

static rv_status give_victims(struct records *r, struct rv_err *reterr)
{
    const struct targets *t = r->plan->t;
    struct margins m = {.n = 0};
    for (unsigned s = 0; s < SECTION_WEAPONS; s++) {
        margins_add(&m, (struct fit_margin){"u25_victims_by_section_sex",
                                            MARK_U25 | MARK_VICTIM | MARK_IN(s), each, SEXES,
                                            t->u25v_section_sex[s], false});
    }
    margins_add(&m, (struct fit_margin){"da_victims/female", MARK_DA | MARK_VICTIM, only_second, 1,
                                        &t->da_victims_female, false});
    struct step sex = {.name = "the sex of victims",
                       .items = r->person_count,
                       .values = SEXES,
                       .key = victim_sex_key,
                       .marks = person_marks,
                       .weight = victim_sex_weight,
                       .set = sex_set};
    RV_TRY(give(r, sex, STEP_VICTIM_SEX, &m, reterr));
    m.n = 0;
    for (unsigned s = 0; s < SEXES; s++) {
        margins_add(&m,
                    (struct fit_margin){"u25_victims_sex_age", MARK_U25 | MARK_VICTIM | MARK_SEX(s),
                                        each, 4, t->u25v_sex_age[s], false});
    }
    margins_add(&m, (struct fit_margin){"sv_victims_under18", MARK_SV | MARK_VICTIM, only_first, 1,
                                        &t->sv_victims_u18, false});
    struct step age = {.name = "the age of victims",
                       .items = r->person_count,
                       .values = 4,
                       .key = victim_age_key,
                       .marks = person_marks,
                       .weight = victim_age_weight,
                       .set = age_set};
    return give(r, age, STEP_VICTIM_AGE, &m, reterr);
}

/* ---- which offences have a suspect ---- */

static int64_t suspect_key(const void *context, size_t item)
{
    const struct incident *i = &((const struct records *)context)->incidents[item];
    return (i->region * (int64_t)SECTIONS + section_of(i->group)) * 2 + i->is_young;
}

static uint64_t suspect_marks(const void *context, size_t item)
{
    return offence_marks(&((const struct records *)context)->incidents[item]);
}

static double suspect_weight(const void *context, size_t item, size_t value)
{
    const struct incident *i = &((const struct records *)context)->incidents[item];
    double p = 0.72;
    if (i->group == GROUP_WEAPON || (region_is_u25(i->region) && !i->is_young)) {
        p = 1; /* under 25 by the suspect alone */
    } else if (i->region == REGION_NONE) {
        p = 0.45;
    } else if (region_is_da(i->region)) {
        p = 0.91;
    } else if (region_is_sv(i->region)) {
        p = 0.63;
    }
    return value == 1 ? p : 1 - p;
}

static void suspect_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].suspects = (uint8_t)value;
}

/* Robberies with more suspects than one. */
static rv_status add_suspects(struct records *r, int64_t want, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, STEP_EXTRA);
    (void)dice_next(&dice);
    size_t *order = ARENA_NEW(r->a, size_t, r->n + 1);
    if (!order) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->n; k++) {
        order[k] = k;
    }
    dice_shuffle(&dice, order, r->n);
    for (size_t k = 0; k < EXTRA_MOST * r->n && want > 0; k++) {
        struct incident *i = &r->incidents[order[k % r->n]];
        if (i->region == REGION_U && i->group == GROUP_ROBBERY && i->suspects > 0 &&
            i->suspects <= EXTRA_MOST) {
            i->suspects++;
            want--;
        }
    }
    return want == 0 ? rv_ok()
                     : rv_fail(reterr, RV_REFUSED,
                               "the targets cannot be met together: table "
                               "\"robbery_suspects_age\" has too many for the robberies");
}

static rv_status count_suspects(struct records *r, struct rv_err *reterr)
{
    const struct targets *t = r->plan->t;
    struct margins m = {.n = 0};
    int64_t robberies = 0, possession = 0;
    for (size_t k = 0; k < r->n; k++) {
        robberies += r->incidents[k].region == REGION_U && r->incidents[k].group == GROUP_ROBBERY;
        possession += r->incidents[k].region == REGION_U && r->incidents[k].group == GROUP_WEAPON;
    }
    int64_t robbers = r->plan->is_detailed ? sum_of(t->robbery_s_age, 4) : 0;
    int64_t with = (int64_t)(WITH_SUSPECT * (double)robberies);
    with = with < robbers ? with : robbers;
    int64_t violent = sum_of(t->u25s_age, 4) - robbers - possession;
    static const int16_t is_there[2] = {-1, 0};
    margins_add(&m, (struct fit_margin){"u25_suspects/age", MARK_U25 | MARK_VIOLENT, is_there, 1,
                                        &violent, false});
    margins_add(&m, (struct fit_margin){"robbery_suspects_age", MARK_U25 | MARK_IN(SECTION_ROBBERY),
                                        is_there, 1, &with, false});
    margins_add(
        &m, (struct fit_margin){"da_suspects/all", MARK_DA, is_there, 1, &t->da_suspects, false});
    margins_add(
        &m, (struct fit_margin){"sv_suspects/all", MARK_SV, is_there, 1, &t->sv_suspects, false});
    struct step step = {.name = "a suspect",
                        .items = r->n,
                        .values = 2,
                        .key = suspect_key,
                        .marks = suspect_marks,
                        .weight = suspect_weight,
                        .set = suspect_set};
    RV_TRY(give(r, step, STEP_SUSPECTS, &m, reterr));
    int64_t extra =
        r->plan->is_detailed ? robbers - with : (int64_t)(EXTRA_SUSPECTS * (double)robberies);
    return add_suspects(r, extra, reterr);
}

/* ---- suspects ---- */

static int64_t suspect_sex_key(const void *context, size_t item)
{
    const struct incident *i = incident_of(context, item);
    return person_of(context, item)->is_suspect
               ? i->region * (int64_t)SECTIONS + section_of(i->group)
               : ASSIGN_SKIP;
}

/* Whether the suspect alone brings the offence into the under-25 profile. */
static bool is_decisive(const struct incident *i, const struct person *p)
{
    return region_is_u25(i->region) && !i->is_young && p->is_first;
}

static int64_t suspect_age_key(const void *context, size_t item)
{
    int64_t key = suspect_sex_key(context, item);
    return key == ASSIGN_SKIP
               ? key
               : key * 2 + is_decisive(incident_of(context, item), person_of(context, item));
}

static double suspect_age_weight(const void *context, size_t item, size_t value)
{
    static const double young[AGES] = {0.38, 0.22, 0.29, 0.11, 0, 0};
    static const double robber[AGES] = {0.48, 0.21, 0.10, 0.21, 0, 0};
    static const double partner[AGES] = {0.08, 0.37, 0.47, 0.08, 0, 0};
    static const double old[AGES] = {0, 0, 0.9, 0.1, 0, 0};
    const struct incident *i = incident_of(context, item);
    if (i->group == GROUP_WEAPON && i->region == REGION_NONE) {
        return value == AGE_25 ? 0.22 : value == AGE_26_UP ? 0.78 : 0;
    }
    if (!region_is_u25(i->region)) {
        return old[value];
    }
    if (is_decisive(i, person_of(context, item)) && value > AGE_18_24) {
        return 0;
    }
    return i->group == GROUP_ROBBERY ? robber[value]
           : region_is_da(i->region) ? partner[value]
                                     : young[value];
}

static double suspect_sex_weight(const void *context, size_t item, size_t value)
{
    static const double usual[SEXES] = {0.69, 0.215, 0.095};
    static const double sexual[SEXES] = {0.93, 0.03, 0.04};
    static const double at_home[SEXES] = {0.73, 0.25, 0.02};
    const struct incident *i = incident_of(context, item);
    return region_is_sv(i->region)   ? sexual[value]
           : region_is_da(i->region) ? at_home[value]
                                     : usual[value];
}

static rv_status give_suspects(struct records *r, struct rv_err *reterr)
{
    static const int16_t four[AGES] = {0, 1, 2, 3, 2, 2}, possession[AGES] = {0, 1, -1, -1, 2, 3};
    const struct targets *t = r->plan->t;
    struct margins m = {.n = 0};
    margins_add(&m, (struct fit_margin){"u25_suspects/age", MARK_U25 | MARK_SUSPECT, four, 4,
                                        t->u25s_age, false});
    margins_add(&m, (struct fit_margin){"robbery_suspects_age",
                                        MARK_U25 | MARK_SUSPECT | MARK_IN(SECTION_ROBBERY), four, 4,
                                        t->robbery_s_age, false});
    margins_add(&m, (struct fit_margin){"weapon_possession_suspects_age",
                                        MARK_SUSPECT | MARK_IN(SECTION_WEAPONS), possession,
                                        POSSESSION_AGES, t->weapon_s_age, false});
    margins_add(&m, (struct fit_margin){"sv_suspects/<18", MARK_SV | MARK_SUSPECT, only_first, 1,
                                        &t->sv_suspects_u18, false});
    struct step age = {.name = "the age of suspects",
                       .items = r->person_count,
                       .values = AGES,
                       .key = suspect_age_key,
                       .marks = person_marks,
                       .weight = suspect_age_weight,
                       .set = age_set};
    RV_TRY(give(r, age, STEP_SUSPECT_AGE, &m, reterr));
    m.n = 0;
    margins_add(&m, (struct fit_margin){"u25_suspects/gender", MARK_U25 | MARK_SUSPECT, each, SEXES,
                                        t->u25s_sex, false});
    margins_add(&m, (struct fit_margin){"da_suspects/male", MARK_DA | MARK_SUSPECT, only_first, 1,
                                        &t->da_suspects_male, false});
    struct step sex = {.name = "the sex of suspects",
                       .items = r->person_count,
                       .values = SEXES,
                       .key = suspect_sex_key,
                       .marks = person_marks,
                       .weight = suspect_sex_weight,
                       .set = sex_set};
    return give(r, sex, STEP_SUSPECT_SEX, &m, reterr);
}

/* ---- the list of persons ---- */

/* All victims of an offence, then its suspects; those of an offence stand together. */
static rv_status list_persons(struct records *r, bool with_suspects, struct rv_err *reterr)
{
    struct person *old = r->persons;
    size_t n = 0, at = 0;
    for (size_t k = 0; k < r->n; k++) {
        n += (size_t)r->incidents[k].victims + (with_suspects ? r->incidents[k].suspects : 0);
    }
    struct person *list = ARENA_NEW(r->a, struct person, n + 1);
    if (!list) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->n; k++) {
        struct incident *i = &r->incidents[k];
        size_t before = i->person;
        i->person = (uint32_t)at;
        for (size_t v = 0; v < i->victims; v++) {
            list[at++] = with_suspects
                             ? old[before + v]
                             : (struct person){.incident = (uint32_t)k, .is_first = v == 0};
        }
        for (size_t s = 0; with_suspects && s < i->suspects; s++) {
            list[at++] =
                (struct person){.incident = (uint32_t)k, .is_suspect = true, .is_first = s == 0};
        }
    }
    r->persons = list;
    r->person_count = n;
    return rv_ok();
}

rv_status compose_persons(struct records *r, struct rv_err *reterr)
{
    RV_TRY(count_victims(r, reterr));
    RV_TRY(list_persons(r, false, reterr));
    RV_TRY(give_victims(r, reterr));
    RV_TRY(count_suspects(r, reterr));
    RV_TRY(list_persons(r, true, reterr));
    return give_suspects(r, reterr);
}

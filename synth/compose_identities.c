/* synth/compose_identities.c — ethnicity, relationship, and who is accused.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"

#define SON           3 /* in relationship_names */
#define FIRST_NEUTRAL 11

static uint64_t person_marks(const void *context, size_t item)
{
    const struct person *p = person_of(context, item);
    return incident_marks(incident_of(context, item)) |
           (p->is_suspect ? MARK_SUSPECT : MARK_VICTIM) | MARK_SEX(p->sex);
}

static rv_status give(struct records *r, struct step step, enum compose_step number,
                      const struct margins *m, struct rv_err *reterr)
{
    struct dice dice = compose_dice(r, number);
    step.context = r;
    step.items = r->person_count;
    step.marks = person_marks;
    step.margins = m->list;
    step.margin_count = r->plan->is_detailed ? m->n : 0;
    return assign(r->a, &step, &dice, reterr);
}

static const int16_t each[RELATIONSHIPS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* ---- ethnicity ---- */

static int64_t victim_key(const void *context, size_t item)
{
    const struct incident *i = incident_of(context, item);
    return person_of(context, item)->is_suspect ? ASSIGN_SKIP : i->region * TWO_YEARS + i->year;
}

static int64_t suspect_key(const void *context, size_t item)
{
    const struct incident *i = incident_of(context, item);
    return person_of(context, item)->is_suspect ? i->region * TWO_YEARS + i->year : ASSIGN_SKIP;
}

static double ethnicity_weight(const void *context, size_t item, size_t value)
{
    const struct records *r = context;
    unsigned region = incident_of(context, item)->region;
    size_t of = region_is_sv(region)   ? OF_SV_VICTIMS
                : region_is_da(region) ? OF_DA_VICTIMS
                                       : OF_U25_VICTIMS;
    of += person_of(context, item)->is_suspect; /* victims and suspects stand in pairs */
    return (double)r->plan->t->ethnicity[of][value];
}

static void ethnicity_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->persons[item].ethnicity = (uint8_t)value;
}

static rv_status give_ethnicity(struct records *r, bool to_suspects, struct rv_err *reterr)
{
    static const int16_t unknown[ETHS] = {-1, -1, -1, -1, -1, 0};
    static const uint64_t sets[3] = {MARK_U25, MARK_DA, MARK_SV};
    static const char *const names[2][3] = {
        {"ethnicity/u25_victims", "ethnicity/da_victims", "ethnicity/sv_victims"},
        {"ethnicity/u25_suspects", "ethnicity/da_suspects", "ethnicity/sv_suspects"}};
    const struct targets *t = r->plan->t;
    struct margins m = {.n = 0};
    uint64_t role = to_suspects ? MARK_SUSPECT : MARK_VICTIM;
    for (size_t k = 0; k < 3; k++) {
        margins_add(&m, (struct fit_margin){names[to_suspects][k], sets[k] | role, each, ETHS,
                                            t->ethnicity[2 * k + to_suspects], false});
    }
    for (unsigned y = 0; !to_suspects && y < TWO_YEARS; y++) {
        margins_add(&m, (struct fit_margin){"sv_victim_ethnicity_unknown_by_year",
                                            MARK_SV | role | MARK_YEAR(y), unknown, 1,
                                            &t->sv_ethnicity_unknown[y], false});
    }
    struct step step = {.name = "ethnicity",
                        .values = ETHS,
                        .key = to_suspects ? suspect_key : victim_key,
                        .weight = ethnicity_weight,
                        .set = ethnicity_set};
    return give(r, step, to_suspects ? STEP_SUSPECT_ETHNICITY : STEP_VICTIM_ETHNICITY, &m, reterr);
}

/* ---- relationship ---- */

/* The first victim of the suspect's offence. */
static const struct person *victim_of(const struct records *r, const struct incident *i)
{
    return &r->persons[i->person];
}

static int64_t relationship_key(const void *context, size_t item)
{
    const struct records *r = context;
    const struct person *p = &r->persons[item];
    const struct incident *i = &r->incidents[p->incident];
    if (!p->is_suspect || !region_is_da(i->region)) {
        return ASSIGN_SKIP;
    }
    bool child = p->age == AGE_UNDER_18, of_child = victim_of(r, i)->age == AGE_UNDER_18;
    return ((i->year * (int64_t)SEXES + p->sex) * 2 + child) * 2 + of_child;
}

/* The sex that a relationship tells of the suspect; SEX_UNKNOWN = neither. */
static enum sex told_sex(size_t relationship)
{
    static const enum sex told[FIRST_NEUTRAL] = {SEX_MALE,   SEX_MALE,   SEX_MALE,   SEX_MALE,
                                                 SEX_MALE,   SEX_FEMALE, SEX_FEMALE, SEX_FEMALE,
                                                 SEX_FEMALE, SEX_FEMALE, SEX_MALE};
    return relationship < FIRST_NEUTRAL ? told[relationship] : SEX_UNKNOWN;
}

static double relationship_weight(const void *context, size_t item, size_t value)
{
    const struct records *r = context;
    const struct person *p = &r->persons[item];
    const char *name = relationship_names[value];
    enum sex told = told_sex(value);
    double weight = (double)r->plan->t->relationships[value] + 0.01;
    bool is_marriage = name[0] == 'h' || name[0] == 'w' || value == 4 || value == 9;
    bool is_offspring = value == SON || value == 8 || value == 10;
    if (told != SEX_UNKNOWN && p->sex != SEX_UNKNOWN && p->sex != (uint8_t)told) {
        return 0;
    }
    if (p->age == AGE_UNDER_18 && (is_marriage || name[0] == 'p')) {
        return 0;
    }
    bool of_child = victim_of(r, &r->incidents[p->incident])->age == AGE_UNDER_18;
    return of_child && (is_marriage || is_offspring) ? 0 : weight;
}

static void relationship_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->persons[item].relationship = (uint8_t)(value + 1);
}

static rv_status give_relationships(struct records *r, struct rv_err *reterr)
{
    static const int16_t only_sons[RELATIONSHIPS] = {-1, -1, -1, 0,  -1, -1, -1, -1,
                                                     -1, -1, -1, -1, -1, -1, -1, -1};
    const struct targets *t = r->plan->t;
    struct margins m = {.n = 0};
    margins_add(&m, (struct fit_margin){"da_relationships", MARK_DA | MARK_SUSPECT, each,
                                        RELATIONSHIPS, t->relationships, false});
    for (unsigned y = 0; y < TWO_YEARS; y++) {
        margins_add(&m,
                    (struct fit_margin){"da_sons_by_year", MARK_DA | MARK_SUSPECT | MARK_YEAR(y),
                                        only_sons, 1, &t->sons[y], false});
    }
    struct step step = {.name = "the relationship",
                        .values = RELATIONSHIPS,
                        .key = relationship_key,
                        .weight = relationship_weight,
                        .set = relationship_set};
    return give(r, step, STEP_RELATIONSHIP, &m, reterr);
}

/* ---- accused ---- */

static int64_t accused_key(const void *context, size_t item)
{
    const struct incident *i = &((const struct records *)context)->incidents[item];
    return i->suspects == 0 ? ASSIGN_SKIP : i->region;
}

static uint64_t accused_marks(const void *context, size_t item)
{
    return incident_marks(&((const struct records *)context)->incidents[item]);
}

static double accused_weight(const void *context, size_t item, size_t value)
{
    const struct incident *i = &((const struct records *)context)->incidents[item];
    double p = region_is_sv(i->region) ? 0.02 : region_is_da(i->region) ? 0.1 : 0.12;
    return value == 1 ? p : 1 - p;
}

static void accused_set(void *context, size_t item, size_t value)
{
    ((struct records *)context)->incidents[item].is_accused = (uint8_t)value;
}

static rv_status give_accused(struct records *r, struct rv_err *reterr)
{
    static const int16_t is_accused[2] = {-1, 0};
    struct dice dice = compose_dice(r, STEP_ACCUSED);
    const struct fit_margin margins[] = {
        {"accused_u25_by_borough", MARK_U25, is_accused, 1, &r->plan->accused_u25, false},
        {"accused_sv_by_borough", MARK_SV, is_accused, 1, &r->plan->accused_sv, false}};
    struct step step = {.name = "an accused",
                        .context = r,
                        .items = r->n,
                        .values = 2,
                        .key = accused_key,
                        .marks = accused_marks,
                        .weight = accused_weight,
                        .set = accused_set,
                        .margins = margins,
                        .margin_count = 2};
    return assign(r->a, &step, &dice, reterr);
}

rv_status compose_identities(struct records *r, struct rv_err *reterr)
{
    RV_TRY(give_ethnicity(r, false, reterr));
    RV_TRY(give_ethnicity(r, true, reterr));
    RV_TRY(give_relationships(r, reterr));
    return give_accused(r, reterr);
}

/* synth/others.c — the offences that no profile counts: theft to public order, drawn one by one.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/fit.h"
#include "synth/london.h"

#include <string.h>

#define DAY_SECONDS INT64_C(86400)
#define INJURY      0 /* places in tno_names */
#define NO_INJURY   1

static const struct {
    size_t category; /* in tno_names */
    const char *code, *group, *name;
    double share; /* of what is left of the category */
    bool has_persons;
} kinds[OTHER_KINDS] = {
    {INJURY, "2", "attempted-murder", "Violence with Injury", 0.08, true},
    {INJURY, "", "other-violence", "Violence with Injury", 0.92, true},
    {NO_INJURY, "105A", "common-assault", "Violence without Injury", 0.53, true},
    {NO_INJURY, "8L", "stalking-harassment", "Violence without Injury", 0.35, true},
    {NO_INJURY, "", "other-violence", "Violence without Injury", 0.12, true},
    {2, "45", "vehicle", "Vehicle Offences", 0.7, false},
    {2, "48", "vehicle", "Vehicle Offences", 0.3, false},
    {3, "46", "theft", "Theft", 0.35, false},
    {3, "39", "theft", "Theft", 0.2, false},
    {3, "44", "theft", "Theft", 0.45, false},
    {4, "28E", "burglary", "Burglary", 0.7, false},
    {4, "30C", "burglary", "Burglary", 0.3, false},
    {5, "58A", "criminal-damage", "Arson and Criminal Damage", 0.53, false},
    {5, "58C", "criminal-damage", "Arson and Criminal Damage", 0.42, false},
    {5, "56B", "arson", "Arson and Criminal Damage", 0.05, false},
    {6, "", "public-order", "Public Order Offences", 1, false},
    {7, "", "drugs", "Drug Offences", 1, true},
    {9, "34A", "business-robbery", "Robbery", 1, true},
    {11, "", "other", "Miscellaneous Crimes Against Society", 0.8, false},
    {11, "", "fraud", "Fraud and Forgery", 0.2, false},
};

static const double hours[24] = {4, 3, 2.5, 2,   1.5, 1.2, 1.5, 2.5, 4,   4.5, 4.5, 4.8,
                                 6, 5, 5,   5.6, 5.8, 6,   6.2, 6,   5.6, 5.2, 5,   4.6};

static bool chance(struct scene *s, double p)
{
    return dice_unit(&s->dice) < p;
}

static int64_t composed(const struct plan *p, size_t category, size_t y)
{
    static const size_t of[GROUPS] = {INJURY, INJURY, INJURY, NO_INJURY, 8, 9, 10};
    int64_t sum = 0;
    for (unsigned r = 0; r < REGIONS; r++) {
        for (unsigned g = 0; g < GROUPS; g++) {
            sum += of[g] == category ? p->groups[r][g][y] : 0;
        }
    }
    return sum;
}

void others_plan(const struct plan *p, struct others *ret)
{
    *ret = (struct others){.total = 0};
    for (size_t y = 0; y < TWO_YEARS; y++) {
        for (size_t c = 0; c < TNO_CATEGORIES; c++) {
            double weights[OTHER_KINDS];
            int64_t parts[OTHER_KINDS], rest = p->tno[c][y] - composed(p, c, y);
            for (size_t k = 0; k < OTHER_KINDS; k++) {
                weights[k] = kinds[k].category == c ? kinds[k].share : 0;
            }
            fit_apportion(rest, weights, OTHER_KINDS, parts);
            for (size_t k = 0; k < OTHER_KINDS; k++) {
                ret->left[y][k] += parts[k];
                ret->total += parts[k];
            }
        }
        ret->domestic[y] = p->da_elsewhere[y];
        ret->excluded[y] = ret->left[y][1] > 0;
    }
}

/* What is still to be drawn, at random. */
static size_t choose(struct scene *s, const struct others *o, size_t *ret_year)
{
    int64_t at = (int64_t)dice_below(&s->dice, (size_t)o->total);
    for (size_t y = 0; y < TWO_YEARS; y++) {
        for (size_t k = 0; k < OTHER_KINDS; k++) {
            at -= o->left[y][k];
            if (at < 0) {
                *ret_year = y;
                return k;
            }
        }
    }
    return 0; /* not reached: the parts add up to the total */
}

/* Whether this one of violence without injury is flagged, so that in the end all are. */
static bool is_domestic(struct scene *s, struct others *o, size_t kind, size_t y)
{
    int64_t left = 0;
    for (size_t k = 0; k < OTHER_KINDS; k++) {
        left += kinds[k].category == NO_INJURY ? o->left[y][k] : 0;
    }
    if (kinds[kind].category != NO_INJURY || left == 0 ||
        (int64_t)dice_below(&s->dice, (size_t)left) >= o->domestic[y]) {
        return false;
    }
    o->domestic[y]--;
    return true;
}

static void set_times(struct scene *s, size_t y, struct offence_row *o)
{
    static const double delays[8] = {0.5, 0.2, 0.1, 0.05, 0.04, 0.03, 0.03, 0.05};
    int year = (int)s->plan->t->years[y];
    int32_t first = civil_days(year, 1, 1), days = civil_days(year + 1, 1, 1) - first;
    o->recorded = first + (int32_t)dice_below(&s->dice, (size_t)days);
    int32_t delay = (int32_t)dice_choose(&s->dice, delays, 8);
    if (delay == 7) {
        delay = 8 + (int32_t)(dice_unit(&s->dice) * dice_unit(&s->dice) * 400);
        s->faults->count[FAULT_RECORDED_LATE]++;
    }
    o->to = o->from = NO_TIME;
    if (chance(s, 0.01)) {
        s->faults->count[FAULT_NO_TIME_FROM]++;
        return;
    }
    int64_t day = o->recorded - delay, minute = (int64_t)dice_below(&s->dice, 60);
    int64_t hour = (int64_t)dice_choose(&s->dice, hours, 24);
    if (chance(s, 0.06)) {
        hour = 0;
        minute = 1;
        s->faults->count[FAULT_TIME_0001]++;
    }
    o->from = day * DAY_SECONDS + hour * 3600 + minute * 60;
    o->is_date_only = chance(s, 0.01);
    s->faults->count[FAULT_DATE_ONLY] += o->is_date_only;
    if (clock_skips(o->from)) {
        o->from += 3600;
    }
    /* Burglary and theft happen between two times that are known. */
    if (!o->is_date_only && delay > 0 && hour < 20 && chance(s, 0.5)) {
        o->to = o->from + 3600 * (int64_t)(1 + dice_below(&s->dice, 3));
        o->to = clock_skips(o->to) ? NO_TIME : o->to;
    }
}

static void put_persons(struct scene *s, size_t kind, size_t y, bool is_home,
                        const struct offence_row *o)
{
    static const double shares[ETHS] = {0.42, 0.16, 0.15, 0.05, 0.03, 0.19};
    static const char *const relations[4] = {"ex-partner", "partner", "other-family", "parent"};
    for (int suspect = 0; suspect < 2; suspect++) {
        bool has_victim = kinds[kind].category != 7;
        if (suspect ? !chance(s, 0.6) : !has_victim) {
            continue;
        }
        enum ethnicity e = (enum ethnicity)dice_choose(&s->dice, shares, ETHS);
        struct person_row p = {.id = o->id,
                               .role = suspect ? "suspect" : "victim",
                               .ref = dice_next(&s->dice),
                               .band = ""};
        p.age = chance(s, 0.06) ? -1 : 14 + (int)(dice_unit(&s->dice) * dice_unit(&s->dice) * 70);
        p.sex = chance(s, 0.03) ? "" : chance(s, suspect ? 0.75 : 0.48) ? "male" : "female";
        p.ethnicity = scene_ethnicity(s, e);
        p.observed = suspect ? scene_observed(s, e) : "";
        p.relationship = suspect && is_home ? relations[dice_below(&s->dice, 4)] : "";
        put_person(s->x, (int)y, &p);
    }
}

/* Damage in the course of another offence: of one that is no serious violence, or of none held. */
static void set_link(struct scene *s, size_t kind, const char *lesser, struct offence_row *o)
{
    if (kinds[kind].category != 5 || !chance(s, 0.02)) {
        return;
    }
    bool is_dangling = lesser[0] == '\0' || chance(s, 0.2);
    o->linked = is_dangling ? "SYN0000FFFFFFF" : lesser;
    s->faults->count[is_dangling ? FAULT_LINKED_DANGLING : FAULT_LINKED_OUTSIDE]++;
}

static void set_outcome(struct scene *s, struct offence_row *o)
{
    static const char *const names[6] = {"no-suspect", "open",         "victim-withdrew",
                                         "accused",    "out-of-court", "evidential"};
    static const double shares[6] = {0.6, 0.1, 0.12, 0.07, 0.03, 0.08};
    size_t k = dice_choose(&s->dice, shares, 6);
    o->outcome = names[k];
    o->outcome_day = k == 1 ? 0 : o->recorded + 1 + (int32_t)dice_below(&s->dice, 120);
    if (k == 1 && chance(s, 0.2)) {
        put_outcome(s->x, o->id, "no-suspect", o->recorded + 200);
        s->faults->count[FAULT_LATER_OUTCOME]++;
    }
}

void scene_put_other(struct scene *s, struct others *o)
{
    size_t y = 0, kind = choose(s, o, &y);
    bool is_home = is_domestic(s, o, kind, y), is_excluded = kind == 1 && o->excluded[y] > 0;
    o->left[y][kind]--;
    o->total--;
    o->excluded[y] -= is_excluded;
    if (s->keep_others < 1 && !chance(s, s->keep_others)) {
        s->serial++;
        return;
    }
    const struct borough *b = &s->g->boroughs[s->plan->borough];
    struct offence_row row = {.code = kinds[kind].code,
                              .group = is_excluded ? "gbh" : kinds[kind].group,
                              .category = kinds[kind].name,
                              .weapon_use = "",
                              .venue = ""};
    scene_set_identity(s, &row);
    set_times(s, y, &row);
    scene_set_place(s, &row, b->first + dice_below(&s->dice, b->count),
                    2000 + dice_below(&s->dice, 40));
    row.has_place = chance(s, 0.94);
    row.precision = row.has_place ? "snapped" : "withheld";
    s->faults->count[FAULT_WITHHELD] += !row.has_place;
    s->faults->count[FAULT_EXCLUDED] += is_excluded;
    row.flags = is_excluded                                 ? "terrorism"
                : is_home                                   ? "domestic-abuse"
                : kinds[kind].has_persons && chance(s, .05) ? "alcohol"
                                                            : "";
    row.venue_type = is_home ? "dwelling" : "";
    if (kind >= 2 && kind <= 4) {
        memcpy(s->lesser, row.id, ID_BYTES);
    }
    set_link(s, kind, s->lesser, &row);
    set_outcome(s, &row);
    put_offence(s->x, (int)y, &row);
    if (kinds[kind].has_persons) {
        put_persons(s, kind, y, is_home, &row);
    }
}

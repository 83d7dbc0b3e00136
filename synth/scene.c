/* synth/scene.c — composed offences into rows: dates, ages, codes, and the faults of real extracts.
 *
 * Nothing here may change what the targets bind: an age stays in its class, a date in its weekday,
 * month and year, and a missing value is shown in several ways but stays missing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/compose.h"
#include "synth/london.h"

#include <string.h>

#define DAY_SECONDS INT64_C(86400)

static void add_flag(char flags[96], const char *flag)
{
    size_t n = strlen(flags);
    (void)snprintf(flags + n, 96 - n, ";%s", flag);
}

static bool chance(struct scene *s, double p)
{
    return dice_unit(&s->dice) < p;
}

/* ---- dates ---- */

static int weekday_of(int32_t day) /* 0 = Monday */
{
    return (int)(((day + 3) % 7 + 7) % 7);
}

/* A day of the month with the weekday, with at least `room` days after it in the month when there
 * is one. */
static int32_t day_in(struct scene *s, int year, int month, int weekday, int room)
{
    int32_t first = civil_days(year, month, 1), days = civil_month_days(year, month);
    int32_t start = first + (weekday - weekday_of(first) + 7) % 7;
    int32_t most = (first + days - 1 - room - start) / 7 + 1;
    return start + 7 * (int32_t)dice_below(&s->dice, (size_t)(most < 1 ? 1 : most));
}

bool clock_skips(int64_t seconds)
{
    return civil_is_skipped(seconds);
}

struct when {
    int32_t committed, recorded;
};

static struct when soon(struct scene *s, const struct incident *i, int year)
{
    static const double delays[7] = {0.42, 0.24, 0.12, 0.08, 0.06, 0.05, 0.03};
    int month = i->month + 1;
    int32_t committed = day_in(s, year, month, i->weekday, 0);
    int32_t last = civil_days(year, month, 1) + civil_month_days(year, month) - 1;
    int32_t recorded = committed + (int32_t)dice_choose(&s->dice, delays, 7);
    return (struct when){committed, recorded < last ? recorded : last};
}

/* `shift` months after commission; without one in the same month, then or years before. */
static struct when late(struct scene *s, const struct incident *i, int year, unsigned shift)
{
    int month = i->month + 1, record_month = (i->month + (int)shift) % 12 + 1;
    int committed_year = record_month < month ? year - 1 : year;
    if (shift == 0 && chance(s, region_is_sv(i->region) ? 0.45 : 0.1)) {
        committed_year -= 1 + (int)dice_below(&s->dice, 6);
    }
    bool is_same_month = committed_year == year && shift == 0;
    struct when w = {.committed =
                         day_in(s, committed_year, month, i->weekday, is_same_month ? 8 : 0)};
    int32_t first = civil_days(year, record_month, 1);
    int32_t last = first + civil_month_days(year, record_month) - 1;
    first = first > w.committed + 8 ? first : w.committed + 8;
    w.recorded = first + (int32_t)dice_below(&s->dice, (size_t)(last - first + 1));
    return w;
}

static unsigned shift_of(struct scene *s, const struct incident *i)
{
    static const double shifts[7] = {0.45, 0.25, 0.12, 0.08, 0.04, 0.03, 0.03};
    return region_is_sv(i->region) ? i->shift : (unsigned)dice_choose(&s->dice, shifts, 7);
}

/* Minutes gather at the full and half hours; placeholders of noon and nine stand exactly there. */
static int minute_of(struct scene *s, const struct incident *i)
{
    double full = i->is_late && (i->hour == 9 || i->hour == 12) ? 0.8 : 0.2;
    if (chance(s, full)) {
        return 0;
    }
    if (chance(s, 0.25)) {
        return (int)dice_below(&s->dice, 2) ? 30 : 15;
    }
    int minute = (int)dice_below(&s->dice, 60);
    return i->hour == 0 && minute == 1 ? 2 : minute;
}

static void set_times(struct scene *s, const struct incident *i, struct offence_row *o)
{
    int year = (int)s->plan->t->years[i->year];
    struct when w = i->is_late ? late(s, i, year, shift_of(s, i)) : soon(s, i, year);
    int hour = i->hour == AT_0001 ? 0 : i->hour;
    int minute = i->hour == AT_0001 ? 1 : minute_of(s, i);
    o->from = w.committed * DAY_SECONDS + hour * 3600 + minute * 60;
    if (clock_skips(o->from)) { /* a week before has the same weekday and month */
        o->from -= 7 * DAY_SECONDS;
        w.recorded -= i->is_late ? 0 : 7;
    }
    o->recorded = w.recorded;
    o->to = NO_TIME;
    if (!i->is_late && i->hour < 22 && chance(s, 0.6)) {
        o->to = o->from + 60 * (int64_t)dice_below(&s->dice, 90);
        o->to = clock_skips(o->to) ? NO_TIME : o->to;
    }
    s->faults->count[FAULT_TIME_0001] += i->hour == AT_0001;
    s->faults->count[FAULT_RECORDED_LATE] += i->is_late;
    s->faults->count[FAULT_TIME_NOON] +=
        i->is_late && minute == 0 && (i->hour == 9 || i->hour == 12);
}

/* ---- places ---- */

void scene_set_place(struct scene *s, struct offence_row *o, size_t lsoa, uint64_t point)
{
    const struct lsoa *l = &s->g->lsoas[lsoa];
    struct draws d = draw(s->seed, STREAM_EXTRACT, lsoa + 1, point);
    double east, north;
    geography_point(s->g, lsoa, d, &east, &north);
    o->east_m = (int32_t)east;
    o->north_m = (int32_t)north;
    o->lsoa = l->code;
    o->ward = s->g->wards_2022[l->ward_2022].code;
    o->borough = s->g->boroughs[l->borough].code;
    /* Until the wards changed, rows were coded to the old ones: some still are. */
    if (s->g->boroughs[l->borough].is_rewarded && o->recorded < civil_days(2022, 5, 5) &&
        chance(s, 0.15)) {
        o->ward = s->g->wards_2018[l->ward_2018].code;
        s->faults->count[FAULT_OLD_WARD]++;
    }
}

void scene_set_identity(struct scene *s, struct offence_row *o)
{
    offence_id(o->id, s->plan->borough, s->layer, s->serial++);
}

/* ---- what happened ---- */

struct kind_text {
    const char *code, *group, *category;
};

static struct kind_text kind_of(const struct incident *i)
{
    static const struct kind_text kinds[GROUPS] = {
        {"1", "homicide", "Violence with Injury"},
        {"5D", "gbh", "Violence with Injury"},
        {"8N", "abh", "Violence with Injury"},
        {"3B", "threats-to-kill", "Violence without Injury"},
        {"", "", "Sexual Offences"},
        {"34B", "personal-robbery", "Robbery"},
        {"10D", "weapon-possession", "Possession of Weapons"}};
    static const char *const sexual[4] = {"rape", "assault-by-penetration", "sexual-assault",
                                          "other-sexual"};
    struct kind_text k = kinds[i->group];
    if (i->group == GROUP_SEXUAL) {
        k.group = sexual[i->sexual];
        k.code = i->sexual == 0 ? "19C" : "";
    }
    return k;
}

static void set_weapon(struct scene *s, const struct incident *i, char flags[96],
                       struct offence_row *o)
{
    static const char *const others[3] = {"other-weapon", "firearm", "corrosive"};
    bool is_threat = i->group == GROUP_ROBBERY || i->group == GROUP_TTK;
    o->weapon_use = chance(s, 0.3) && i->group != GROUP_WEAPON ? "none" : "";
    if (i->weapon == WEAPON_KNIFE) {
        add_flag(flags, "knife");
    } else if (i->weapon == WEAPON_OTHER && chance(s, 0.6)) {
        add_flag(flags, others[dice_below(&s->dice, 3)]);
    }
    /* Without a flag it is only how the weapon was used that tells of it. */
    if (i->weapon == WEAPON_OTHER || (i->weapon == WEAPON_KNIFE && chance(s, 0.7))) {
        o->weapon_use = !is_threat ? "used" : chance(s, 0.2) ? "intimated" : "threatened";
    } else if (i->weapon == WEAPON_KNIFE) {
        o->weapon_use = "";
    }
}

static void set_outcome(struct scene *s, const struct incident *i, struct offence_row *o)
{
    static const char *const names[6] = {"no-suspect", "victim-withdrew", "evidential",
                                         "open",       "out-of-court",    "other"};
    static const double with[6] = {0.18, 0.36, 0.26, 0.12, 0.06, 0.02};
    static const double without[6] = {0.62, 0.18, 0.06, 0.12, 0, 0.02};
    size_t k = dice_choose(&s->dice, i->suspects ? with : without, 6);
    o->outcome = i->is_accused ? "accused" : names[k];
    o->outcome_day =
        k == 3 && !i->is_accused ? 0 : o->recorded + 3 + (int32_t)dice_below(&s->dice, 150);
}

/* ---- persons ---- */

static int age_of(struct scene *s, const struct person *p, bool is_possession)
{
    switch ((enum age)p->age) {
    case AGE_UNDER_18:
        return p->is_suspect || chance(s, 0.85) ? 11 + (int)dice_below(&s->dice, 7)
                                                : 2 + (int)dice_below(&s->dice, 9);
    case AGE_18_24:
        return 18 + (int)dice_below(&s->dice, 7);
    case AGE_25:
        return 25;
    case AGE_26_UP:
        return 26 + (int)dice_below(&s->dice, 30);
    case AGE_25_UP:
        return (is_possession ? 26 : 25) + (int)(dice_unit(&s->dice) * dice_unit(&s->dice) * 60);
    case AGE_UNKNOWN:
    case AGES:
        break;
    }
    return -1;
}

/* Bands that fall wholly into one of those that tables are made by. */
static const char *band_of(int age)
{
    return age < 10   ? "0-9"
           : age < 18 ? "10-17"
           : age < 25 ? "18-24"
           : age < 35 ? "25-34"
           : age < 50 ? "35-49"
           : age < 65 ? "50-64"
                      : "65+";
}

const char *scene_ethnicity(struct scene *s, enum ethnicity e)
{
    static const char *const codes[ETHS][5] = {
        {"W1", "W1", "W1", "W9", "white"}, {"B1", "B2", "B9", "B1", "black"},
        {"A1", "A2", "A3", "A4", "asian"}, {"M1", "M2", "M3", "M9", "mixed"},
        {"O1", "O2", "O9", "O9", "other"}, {"", "", "", "", "NS"}};
    s->faults->count[FAULT_NO_ETHNICITY] += e == ETH_UNKNOWN;
    return codes[e][dice_below(&s->dice, 5)];
}

/* What an officer saw: not a substitute, and there even when nobody asked. */
const char *scene_observed(struct scene *s, enum ethnicity e)
{
    static const char *const codes[ETHS] = {"IC1", "IC3", "IC4", "IC2", "IC6", "IC0"};
    static const char *const any[4] = {"IC1", "IC3", "IC4", "IC1"};
    return e == ETH_UNKNOWN ? any[dice_below(&s->dice, 4)] : codes[e];
}

/* The pseudonym of a person: a fresh one, or at a rate that of the last one of the same borough,
 * role, sex, age and ethnicity, most often where an offence is domestic abuse. No number is drawn
 * for it, so that nothing else depends on it: `fresh` has 16 bits more than a pseudonym shows. */
static uint64_t pseudonym(struct scene *s, const struct incident *i, const struct person *p,
                          int age, uint64_t fresh)
{
    bool is_home = region_is_da(i->region);
    double rate = is_home ? 0.35 : p->is_suspect ? 0.2 : 0.1;
    if (age < 0) {
        return fresh;
    }
    uint64_t key = (((uint64_t)p->is_suspect * 2 + is_home) * SEXES + p->sex) * ETHS + p->ethnicity;
    key = key * 128 + (uint64_t)age + 1;
    struct seen_person *seen = &s->seen[key % SEEN_PEOPLE];
    bool is_again =
        seen->key == key && seen->serial != s->serial && (double)(fresh >> 48) < rate * 65536;
    *seen = (struct seen_person){key, is_again ? seen->ref : fresh, s->serial};
    return seen->ref;
}

static void put_one(struct scene *s, const struct incident *i, const struct person *p,
                    const char *id, bool is_also_accused)
{
    static const char *const sexes[SEXES] = {"male", "female", ""};
    struct person_row row = {.id = id, .ref = dice_next(&s->dice), .band = ""};
    row.age = age_of(s, p, i->group == GROUP_WEAPON);
    row.ref = pseudonym(s, i, p, row.age, row.ref);
    if (row.age < 0 && chance(s, 0.1)) {
        row.band = "20-29";
        s->faults->count[FAULT_BAND_STRADDLES]++;
    } else if (row.age < 0 && chance(s, 0.03)) {
        row.age = 999;
        s->faults->count[FAULT_AGE_TOO_HIGH]++;
    } else if (row.age >= 0 && i->group != GROUP_WEAPON && chance(s, 0.03)) {
        row.band = band_of(row.age);
        row.age = -1;
    }
    row.sex = sexes[p->sex];
    row.ethnicity = scene_ethnicity(s, (enum ethnicity)p->ethnicity);
    row.observed = p->is_suspect ? scene_observed(s, (enum ethnicity)p->ethnicity) : "";
    row.relationship = "";
    if (p->relationship) {
        row.relationship = relationship_names[p->relationship - 1];
    } else if (p->is_suspect && i->group != GROUP_WEAPON) {
        row.relationship = chance(s, 0.5) ? "stranger" : "acquaintance";
    }
    row.role = p->is_suspect ? "suspect" : "victim";
    put_person(s->x, i->year, &row);
    if (is_also_accused) {
        row.role = "accused";
        put_person(s->x, i->year, &row);
    }
}

/* An accused is seen in the offence, in a later outcome, in the persons, or in several of them. */
static bool spread_accused(struct scene *s, struct offence_row *o)
{
    switch (dice_below(&s->dice, 10)) {
    case 0:
    case 1:
        put_outcome(s->x, o->id, "accused", o->outcome_day);
        o->outcome = "open";
        o->outcome_day = 0;
        s->faults->count[FAULT_LATER_OUTCOME]++;
        return false;
    case 2:
        o->outcome = "open";
        o->outcome_day = 0;
        s->faults->count[FAULT_ACCUSED_DISAGREES]++;
        return true;
    case 3:
        return false;
    default:
        return true;
    }
}

void scene_put_composed(struct scene *s, const struct records *r, size_t item)
{
    const struct incident *i = &r->incidents[item];
    struct kind_text kind = kind_of(i);
    struct offence_row o = {.code = kind.code, .group = kind.group, .category = kind.category};
    char flags[96] = "";
    bool is_home = region_is_da(i->region);
    scene_set_identity(s, &o);
    set_times(s, i, &o);
    scene_set_place(s, &o, (size_t)i->lsoa,
                    i->venue >= 0 ? 100000 + (uint64_t)i->venue
                                  : (uint64_t)s->layer * 10000 + i->point);
    o.has_place = i->has_place;
    o.precision = i->has_place ? "exact" : "withheld";
    s->faults->count[FAULT_WITHHELD] += !i->has_place;
    if (is_home) {
        add_flag(flags, "domestic-abuse");
    }
    set_weapon(s, i, flags, &o);
    if (chance(s, 0.1)) {
        add_flag(flags, "alcohol");
    }
    o.flags = flags[0] ? flags + 1 : "";
    o.venue_type = is_home ? "dwelling" : chance(s, 0.6) ? "street" : "";
    o.venue = "";
    if (i->venue >= 0) {
        o.venue_type = r->venues[i->venue].type;
        o.venue = r->venues[i->venue].name;
    }
    set_outcome(s, i, &o);
    bool shows_person = i->is_accused && spread_accused(s, &o);
    put_offence(s->x, i->year, &o);
    size_t people = (size_t)i->victims + i->suspects;
    for (size_t k = 0; k < people; k++) {
        const struct person *p = &r->persons[i->person + k];
        put_one(s, i, p, o.id, shows_person && p->is_suspect && p->is_first);
    }
}

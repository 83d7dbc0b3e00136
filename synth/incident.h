/* synth/incident.h — what is known of a composed offence and of the persons in it.
 *
 * Only offences of the violence-and-exploitation catalogue are composed; all the others are drawn
 * one by one (others.h). Numbers of enumerations are places in the tables of targets.h.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_INCIDENT_H
#define REEVE_SYNTH_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which of the three profiles an offence is in: U = under-25, D = domestic abuse, S = sexual. */
enum region {
    REGION_U,
    REGION_UD,
    REGION_US,
    REGION_UDS,
    REGION_D,
    REGION_DS,
    REGION_S,
    REGION_NONE,
    REGIONS
};

enum group {
    GROUP_HOMICIDE,
    GROUP_GBH,
    GROUP_ABH,
    GROUP_TTK,
    GROUP_SEXUAL,
    GROUP_ROBBERY,
    GROUP_WEAPON,
    GROUPS
};

enum section { SECTION_VAP, SECTION_SEXUAL, SECTION_ROBBERY, SECTION_WEAPONS, SECTIONS };

enum sex { SEX_MALE, SEX_FEMALE, SEX_UNKNOWN, SEXES };

/* 25-or-over is split only for possession of weapons. */
enum age { AGE_UNDER_18, AGE_18_24, AGE_25_UP, AGE_UNKNOWN, AGE_25, AGE_26_UP, AGES };

enum ethnicity { ETH_WHITE, ETH_BLACK, ETH_ASIAN, ETH_MIXED, ETH_OTHER, ETH_UNKNOWN, ETHS };

enum weapon { WEAPON_NONE, WEAPON_OTHER, WEAPON_KNIFE, WEAPONS };

#define HOURS    24
#define AT_0001  24 /* the value of `hour` for exactly 00:01 */
#define NO_VENUE (-1)

struct incident {
    uint8_t region, year, group; /* year: 0 or 1 */
    uint8_t sexual;              /* which of the four sexual groups */
    uint8_t is_late, hour, weekday, month;
    uint8_t shift; /* months from commission to record, for late sexual offences */
    uint8_t weapon, is_accused, has_place;
    uint8_t victims, suspects;
    uint8_t is_young; /* its first victim is known to be under 25 */
    int8_t venue;     /* of the borough's venues */
    int16_t ward;     /* within the borough */
    int32_t lsoa;     /* within London */
    uint32_t point;   /* where in the LSOA; see places.h */
    uint32_t person;  /* its first */
};

struct person {
    uint32_t incident;
    uint8_t is_suspect, is_first; /* the first victim or suspect of the incident */
    uint8_t sex, age, ethnicity;
    uint8_t relationship; /* 1 + place in the list; 0 = none */
};

/* What margins and weights look at. */
#define MARK_U25      UINT64_C(1)
#define MARK_DA       UINT64_C(2)
#define MARK_SV       UINT64_C(4)
#define MARK_YEAR(y)  (UINT64_C(8) << (y))
#define MARK_IN(s)    (UINT64_C(32) << (s))  /* section */
#define MARK_GROUP(g) (UINT64_C(512) << (g)) /* offence group */
#define MARK_SUSPECT  (UINT64_C(1) << 16)    /* of a person */
#define MARK_VICTIM   (UINT64_C(1) << 17)
#define MARK_SEX(s)   (UINT64_C(1) << (18 + (s)))
#define MARK_WARD(w)  (UINT64_C(1) << (24 + (w))) /* detailed borough: below 32 */

static inline bool region_is_u25(unsigned r)
{
    return r == REGION_U || r == REGION_UD || r == REGION_US || r == REGION_UDS;
}

static inline bool region_is_da(unsigned r)
{
    return r == REGION_UD || r == REGION_UDS || r == REGION_D || r == REGION_DS;
}

static inline bool region_is_sv(unsigned r)
{
    return r == REGION_US || r == REGION_UDS || r == REGION_DS || r == REGION_S;
}

static inline enum section section_of(unsigned group)
{
    return group == GROUP_SEXUAL    ? SECTION_SEXUAL
           : group == GROUP_ROBBERY ? SECTION_ROBBERY
           : group == GROUP_WEAPON  ? SECTION_WEAPONS
                                    : SECTION_VAP;
}

static inline uint64_t incident_marks(const struct incident *i)
{
    return (region_is_u25(i->region) ? MARK_U25 : 0) | (region_is_da(i->region) ? MARK_DA : 0) |
           (region_is_sv(i->region) ? MARK_SV : 0) | MARK_YEAR(i->year) |
           MARK_IN(section_of(i->group)) | MARK_GROUP(i->group);
}

#endif

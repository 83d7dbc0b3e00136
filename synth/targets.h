/* synth/targets.h — what the synthetic London must add up to.
 *
 * Tables of counts by name, read from JSON (targets/README.md describes each). The generator knows
 * these and no finding. Ward tables are in the order of havering_wards_2022, ladders in the order
 * of borough_facts. -1 = free.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_TARGETS_H
#define REEVE_SYNTH_TARGETS_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "synth/geography.h"
#include "synth/incident.h"

#define TWO_YEARS        2
#define RELATIONSHIPS    16
#define DA_LSOAS         10
#define SV_LSOAS         2
#define SV_NEXT_LSOAS    10
#define TOP_PLACES       20
#define TOP_WARDS        24
#define LOCALITIES_MOST  12
#define LOCALITY_WARDS   8
#define TNO_CATEGORIES   12
#define WEAPON_GROUPS    5 /* robbery, ABH, threats to kill, GBH, other */
#define DA_WEAPON_GROUPS 4 /* threats to kill, ABH, GBH, sexual: all, with a knife */
#define POSSESSION_AGES  4 /* under 18, 18 to 24, exactly 25, 26 and over */
#define RAIL_GROUPS      3
#define RAIL_STATIONS    4
#define BUS_ROUTES       8

enum ladder {
    LADDER_U25,
    LADDER_U25_SEXUAL,
    LADDER_U25_WEAPON,
    LADDER_DA_ALL,
    LADDER_DA_SV,
    LADDER_SV,
    LADDER_TNO,
    LADDERS
};

enum population_of {
    OF_U25_VICTIMS,
    OF_U25_SUSPECTS,
    OF_DA_VICTIMS,
    OF_DA_SUSPECTS,
    OF_SV_VICTIMS,
    OF_SV_SUSPECTS,
    OF_PERSONS
};

struct top_wards { /* largest first; other boroughs' wards beside the detailed one's */
    int64_t count[TOP_WARDS];
    size_t n;
};

struct locality {
    const char *name;
    size_t wards[LOCALITY_WARDS];
    size_t n;
};

struct top_place {
    size_t locality;
    const char *type; /* pub/club, school, shopping, other */
};

struct route {
    const char *name;
    int64_t count;
};

struct targets {
    int64_t years[TWO_YEARS];
    int64_t residents[BOROUGHS];             /* -1 = only roughly known */
    int64_t resident_ethnicity[BOROUGHS][5]; /* per 1000: white mixed asian black other */
    int64_t regions[REGIONS][TWO_YEARS];
    int64_t groups[REGIONS][GROUPS][TWO_YEARS];
    int64_t tno[TNO_CATEGORIES][TWO_YEARS];
    int64_t weapon_u25[WEAPON_GROUPS][TWO_YEARS];
    int64_t knife_u25;
    int64_t weapon_da[DA_WEAPON_GROUPS][2];
    int64_t weapon_sv;
    int64_t ward_section[SECTIONS][HAVERING_WARDS_2022];
    int64_t ward_weapon[HAVERING_WARDS_2022];
    int64_t ward_da[HAVERING_WARDS_2022];
    int64_t ward_da_year[HAVERING_WARDS_2022][TWO_YEARS];
    int64_t ward_sv[HAVERING_WARDS_2022];
    int64_t rank_2021_at_least[HAVERING_WARDS_2022];
    struct locality localities[LOCALITIES_MOST], localities_2018[LOCALITIES_MOST];
    size_t locality_count, locality_2018_count;
    int64_t lsoa_da[DA_LSOAS];
    size_t lsoa_da_ward[DA_LSOAS];
    int64_t lsoa_sv[SV_LSOAS];
    size_t lsoa_sv_ward;
    int64_t lsoa_sv_next[SV_NEXT_LSOAS];
    int64_t da_coordinate_most, sv_coordinates;
    int64_t hours[REGIONS][2][HOURS]; /* within 7 days, late; none = not given */
    int64_t at_0001[REGIONS][2];
    int64_t weekday_da[7], weekday_sv[7], month_sv[12];
    int64_t u25v_section_sex[3][SEXES]; /* VAP, sexual, robbery */
    int64_t u25v_sex_age[SEXES][4];
    int64_t u25s_sex[SEXES], u25s_age[4], robbery_s_age[4], weapon_s_age[POSSESSION_AGES];
    int64_t sv_victims_u18, sv_suspects, sv_suspects_u18;
    int64_t da_victims, da_victims_female, da_suspects, da_suspects_male;
    int64_t ethnicity[OF_PERSONS][ETHS];
    int64_t sv_ethnicity_unknown[TWO_YEARS];
    int64_t relationships[RELATIONSHIPS];
    int64_t sons[TWO_YEARS];
    int64_t accused_u25, accused_sv;
    int64_t ladder[LADDERS][TWO_YEARS][BOROUGHS];
    int64_t ve_total[BOROUGHS], ladder_accused_u25[BOROUGHS], ladder_accused_sv[BOROUGHS];
    struct top_wards top_u25, top_sv, top_da, top_da_2022;
    bool is_east[BOROUGHS];
    int64_t east_in_top10;
    struct top_place places[TOP_PLACES];
    int64_t las_year[TWO_YEARS], las_minor, las_head;
    int64_t las_ward[HAVERING_WARDS_2018];
    struct route stations[RAIL_STATIONS];
    int64_t rail[RAIL_STATIONS][RAIL_GROUPS];
    size_t station_count;
    struct route routes[BUS_ROUTES];
    size_t route_count;
    int64_t bus_other, bus_other_most;
};

extern const char *const relationship_names[RELATIONSHIPS]; /* canonical */
extern const char *const tno_names[TNO_CATEGORIES];

/* The set that is built in when path is NULL. Lives in `a`. RV_NOT_FOUND, RV_INVALID (not JSON, or
 * a table is missing or has another shape), RV_REFUSED (tables contradict each other: named). */
RV_MUST_CHECK rv_status targets_load(struct arena *a, const char *path, struct targets **ret,
                                     struct rv_err *reterr);

/* The same from the bytes of a file. */
RV_MUST_CHECK rv_status targets_parse(struct arena *a, struct text text, struct targets **ret,
                                      struct rv_err *reterr);

/* Whether the tables agree with each other. */
RV_MUST_CHECK rv_status targets_check(const struct targets *t, struct rv_err *reterr);

#endif

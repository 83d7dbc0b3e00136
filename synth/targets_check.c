/* synth/targets_check.c — do the tables of the targets agree with each other?
 *
 * Only what can be seen from sums: a set that passes may still be impossible, which fit.c finds.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/boroughs.h"
#include "synth/targets.h"

#include <string.h>

static int64_t sum_of(const int64_t *list, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += list[i];
    }
    return sum;
}

static rv_status same(const char *table, int64_t have, const char *other, int64_t want,
                      struct rv_err *reterr)
{
    return have == want
               ? rv_ok()
               : rv_fail(reterr, RV_REFUSED,
                         "the targets contradict each other: table \"%s\" gives %lld where \"%s\" "
                         "gives %lld",
                         table, (long long)have, other, (long long)want);
}

static rv_status at_most(const char *table, int64_t have, const char *other, int64_t most,
                         struct rv_err *reterr)
{
    return have <= most
               ? rv_ok()
               : rv_fail(reterr, RV_REFUSED,
                         "the targets contradict each other: table \"%s\" gives %lld, more than "
                         "the %lld of \"%s\"",
                         table, (long long)have, (long long)most, other);
}

/* Offences of the regions in a profile, of one group or all (GROUPS), of one year or both (2). */
static int64_t offences(const struct targets *t, bool (*is_in)(unsigned), size_t group, size_t year)
{
    int64_t sum = 0;
    for (unsigned r = 0; r < REGIONS; r++) {
        for (size_t g = 0; (!is_in || is_in(r)) && g < GROUPS; g++) {
            for (size_t y = 0; (group == GROUPS || g == group) && y < TWO_YEARS; y++) {
                sum += year == TWO_YEARS || y == year ? t->groups[r][g][y] : 0;
            }
        }
    }
    return sum;
}

static rv_status check_regions(const struct targets *t, struct rv_err *reterr)
{
    static const char by_group[] = "offence_group_by_region_and_year";
    for (unsigned r = 0; r < REGIONS; r++) {
        for (size_t y = 0; y < TWO_YEARS; y++) {
            int64_t sum = 0;
            for (unsigned g = 0; g < GROUPS; g++) {
                int64_t n = t->groups[r][g][y];
                sum += n;
                bool fits = region_is_sv(r) == (g == GROUP_SEXUAL) &&
                            (!region_is_da(r) || (g != GROUP_ROBBERY && g != GROUP_WEAPON));
                if (n > 0 && !fits) {
                    return rv_fail(reterr, RV_REFUSED,
                                   "the targets contradict the definition: table \"%s\" has an "
                                   "offence group in a region that cannot hold it",
                                   by_group);
                }
            }
            RV_TRY(same(by_group, sum, "overlap_regions_by_year", t->regions[r][y], reterr));
        }
    }
    return rv_ok();
}

static rv_status check_tno(const struct targets *t, size_t detailed, struct rv_err *reterr)
{
    for (size_t y = 0; y < TWO_YEARS; y++) {
        int64_t sum = 0;
        for (size_t k = 0; k < TNO_CATEGORIES; k++) {
            sum += t->tno[k][y];
        }
        RV_TRY(
            same("tno_by_year", sum, "boroughs/TNO", t->ladder[LADDER_TNO][y][detailed], reterr));
        int64_t injury = offences(t, NULL, GROUP_HOMICIDE, y) + offences(t, NULL, GROUP_GBH, y) +
                         offences(t, NULL, GROUP_ABH, y);
        static const char name[] = "offence_group_by_region_and_year";
        RV_TRY(at_most(name, injury + 2, "tno_by_year, VAP with injury", t->tno[0][y], reterr));
        RV_TRY(at_most(name, offences(t, NULL, GROUP_TTK, y), "tno_by_year, VAP without injury",
                       t->tno[1][y], reterr));
        RV_TRY(same(name, offences(t, NULL, GROUP_SEXUAL, y), "tno_by_year, sexual", t->tno[8][y],
                    reterr));
        RV_TRY(at_most(name, offences(t, NULL, GROUP_ROBBERY, y), "tno_by_year, robbery",
                       t->tno[9][y], reterr));
        RV_TRY(same(name, offences(t, NULL, GROUP_WEAPON, y), "tno_by_year, possession of weapons",
                    t->tno[10][y], reterr));
    }
    return rv_ok();
}

static rv_status check_wards(const struct targets *t, struct rv_err *reterr)
{
    static const char section[] = "ward_u25_by_section";
    static const char groups[] = "offence_group_by_region_and_year";
    int64_t vap = 0;
    for (size_t g = 0; g <= GROUP_TTK; g++) {
        vap += offences(t, region_is_u25, g, TWO_YEARS);
    }
    const int64_t by_section[SECTIONS] = {vap, offences(t, region_is_u25, GROUP_SEXUAL, TWO_YEARS),
                                          offences(t, region_is_u25, GROUP_ROBBERY, TWO_YEARS),
                                          offences(t, region_is_u25, GROUP_WEAPON, TWO_YEARS)};
    for (size_t s = 0; s < SECTIONS; s++) {
        RV_TRY(same(section, sum_of(t->ward_section[s], HAVERING_WARDS_2022), groups, by_section[s],
                    reterr));
    }
    int64_t da = offences(t, region_is_da, GROUPS, TWO_YEARS);
    int64_t sv = offences(t, region_is_sv, GROUPS, TWO_YEARS);
    RV_TRY(same("ward_da", sum_of(t->ward_da, HAVERING_WARDS_2022), groups, da, reterr));
    RV_TRY(same("ward_sv", sum_of(t->ward_sv, HAVERING_WARDS_2022), groups, sv, reterr));
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        RV_TRY(at_most("ward_u25_by_section, sexual", t->ward_section[SECTION_SEXUAL][w], "ward_sv",
                       t->ward_sv[w], reterr));
        if (t->ward_da_year[w][0] >= 0) {
            RV_TRY(same("ward_da_by_year", t->ward_da_year[w][0] + t->ward_da_year[w][1], "ward_da",
                        t->ward_da[w], reterr));
        }
    }
    int64_t in_lsoas[HAVERING_WARDS_2022] = {0};
    for (size_t k = 0; k < DA_LSOAS; k++) {
        in_lsoas[t->lsoa_da_ward[k]] += t->lsoa_da[k];
    }
    for (size_t w = 0; w < HAVERING_WARDS_2022; w++) {
        RV_TRY(at_most("lsoa_da_top10", in_lsoas[w], "ward_da", t->ward_da[w], reterr));
    }
    return at_most("lsoa_sv_top2", sum_of(t->lsoa_sv, SV_LSOAS), "ward_sv",
                   t->ward_sv[t->lsoa_sv_ward], reterr);
}

static rv_status check_weapons(const struct targets *t, struct rv_err *reterr)
{
    int64_t weapons = sum_of(t->weapon_u25[0], (size_t)WEAPON_GROUPS * TWO_YEARS);
    RV_TRY(same("ward_weapon_enabled", sum_of(t->ward_weapon, HAVERING_WARDS_2022),
                "weapon_enabled_u25", weapons, reterr));
    RV_TRY(at_most("knife_u25", t->knife_u25, "weapon_enabled_u25", weapons, reterr));
    for (size_t k = 0; k < DA_WEAPON_GROUPS; k++) {
        RV_TRY(at_most("da_weapon (with a knife)", t->weapon_da[k][1], "da_weapon",
                       t->weapon_da[k][0], reterr));
    }
    return rv_ok();
}

static rv_status check_times(const struct targets *t, struct rv_err *reterr)
{
    for (size_t r = 0; r < REGION_NONE; r++) {
        int64_t sum = sum_of(t->hours[r][0], 2 * (size_t)HOURS) + sum_of(t->at_0001[r], 2);
        RV_TRY(same("hours_by_region_within7_late", sum, "overlap_regions_by_year",
                    sum_of(t->regions[r], TWO_YEARS), reterr));
    }
    int64_t da = offences(t, region_is_da, GROUPS, TWO_YEARS);
    int64_t sv = offences(t, region_is_sv, GROUPS, TWO_YEARS);
    static const char regions[] = "overlap_regions_by_year";
    RV_TRY(same("weekday_da", sum_of(t->weekday_da, 7), regions, da, reterr));
    RV_TRY(same("weekday_sv", sum_of(t->weekday_sv, 7), regions, sv, reterr));
    RV_TRY(same("month_sv", sum_of(t->month_sv, 12), regions, sv, reterr));
    return at_most("sv_coordinates", t->sv_coordinates, regions, sv, reterr);
}

static rv_status check_victims(const struct targets *t, struct rv_err *reterr)
{
    static const char by_age[] = "u25_victims_sex_age", by_section[] = "u25_victims_by_section_sex";
    int64_t all = 0;
    for (size_t s = 0; s < SEXES; s++) {
        int64_t sum = 0;
        for (size_t k = 0; k < 3; k++) {
            sum += t->u25v_section_sex[k][s];
        }
        RV_TRY(same(by_age, sum_of(t->u25v_sex_age[s], 4), by_section, sum, reterr));
        all += sum;
    }
    RV_TRY(same("ethnicity/u25_victims", sum_of(t->ethnicity[OF_U25_VICTIMS], ETHS), by_section,
                all, reterr));
    for (size_t k = 0; k < 3; k++) {
        int64_t n = 0;
        for (unsigned g = 0; g < GROUPS; g++) {
            n += section_of(g) == k ? offences(t, region_is_u25, g, TWO_YEARS) : 0;
        }
        RV_TRY(at_most("overlap_regions_by_year", n, by_section,
                       sum_of(t->u25v_section_sex[k], SEXES), reterr));
    }
    int64_t da = offences(t, region_is_da, GROUPS, TWO_YEARS);
    int64_t sv = offences(t, region_is_sv, GROUPS, TWO_YEARS);
    RV_TRY(same("da_victims", t->da_victims, "overlap_regions_by_year", da, reterr));
    RV_TRY(same("ethnicity/da_victims", sum_of(t->ethnicity[OF_DA_VICTIMS], ETHS), "da_victims",
                t->da_victims, reterr));
    RV_TRY(same("ethnicity/sv_victims", sum_of(t->ethnicity[OF_SV_VICTIMS], ETHS),
                "overlap_regions_by_year", sv, reterr));
    RV_TRY(same("sv_victim_ethnicity_unknown_by_year", sum_of(t->sv_ethnicity_unknown, TWO_YEARS),
                "ethnicity/sv_victims", t->ethnicity[OF_SV_VICTIMS][ETH_UNKNOWN], reterr));
    RV_TRY(at_most("da_victims/female", t->da_victims_female, "da_victims", t->da_victims, reterr));
    return at_most("sv_victims_under18", t->sv_victims_u18, "overlap_regions_by_year",
                   offences(t, region_is_u25, GROUP_SEXUAL, TWO_YEARS), reterr);
}

static rv_status check_suspects(const struct targets *t, struct rv_err *reterr)
{
    int64_t u25 = sum_of(t->u25s_age, 4), possession = sum_of(t->weapon_s_age, POSSESSION_AGES);
    RV_TRY(
        same("u25_suspects/gender", sum_of(t->u25s_sex, SEXES), "u25_suspects/age", u25, reterr));
    RV_TRY(same("ethnicity/u25_suspects", sum_of(t->ethnicity[OF_U25_SUSPECTS], ETHS),
                "u25_suspects/age", u25, reterr));
    RV_TRY(same("ethnicity/da_suspects", sum_of(t->ethnicity[OF_DA_SUSPECTS], ETHS), "da_suspects",
                t->da_suspects, reterr));
    RV_TRY(same("ethnicity/sv_suspects", sum_of(t->ethnicity[OF_SV_SUSPECTS], ETHS), "sv_suspects",
                t->sv_suspects, reterr));
    RV_TRY(same("da_relationships", sum_of(t->relationships, RELATIONSHIPS), "da_suspects",
                t->da_suspects, reterr));
    RV_TRY(same("da_sons_by_year", sum_of(t->sons, TWO_YEARS), "da_relationships",
                t->relationships[3], reterr));
    static const char groups[] = "offence_group_by_region_and_year";
    static const char ages[] = "weapon_possession_suspects_age";
    RV_TRY(same(ages, possession, groups, offences(t, NULL, GROUP_WEAPON, TWO_YEARS), reterr));
    RV_TRY(same(ages, t->weapon_s_age[0] + t->weapon_s_age[1], groups,
                offences(t, region_is_u25, GROUP_WEAPON, TWO_YEARS), reterr));
    RV_TRY(at_most("robbery_suspects_age", sum_of(t->robbery_s_age, 4), "u25_suspects/age", u25,
                   reterr));
    RV_TRY(at_most("accused_sv", t->accused_sv, "sv_suspects", t->sv_suspects, reterr));
    return at_most("accused_u25", t->accused_u25, "u25_suspects/age", u25, reterr);
}

static rv_status check_ladders(const struct targets *t, size_t detailed, struct rv_err *reterr)
{
    static const char regions[] = "overlap_regions_by_year";
    for (size_t y = 0; y < TWO_YEARS; y++) {
        int64_t(*l)[TWO_YEARS][BOROUGHS] = (int64_t(*)[TWO_YEARS][BOROUGHS])(uintptr_t)t->ladder;
        RV_TRY(same("boroughs/U25", l[LADDER_U25][y][detailed], regions,
                    offences(t, region_is_u25, GROUPS, y), reterr));
        RV_TRY(same("boroughs/U25 sexual", l[LADDER_U25_SEXUAL][y][detailed], regions,
                    offences(t, region_is_u25, GROUP_SEXUAL, y), reterr));
        RV_TRY(same("boroughs/U25 weapon possession", l[LADDER_U25_WEAPON][y][detailed], regions,
                    offences(t, region_is_u25, GROUP_WEAPON, y), reterr));
        RV_TRY(same("boroughs/DA SV", l[LADDER_DA_SV][y][detailed], regions,
                    offences(t, region_is_da, GROUPS, y), reterr));
        RV_TRY(same("boroughs/SV", l[LADDER_SV][y][detailed], regions,
                    offences(t, region_is_sv, GROUPS, y), reterr));
        for (size_t b = 0; b < BOROUGHS; b++) {
            RV_TRY(at_most("boroughs/U25 sexual", l[LADDER_U25_SEXUAL][y][b], "boroughs/SV",
                           l[LADDER_SV][y][b], reterr));
            RV_TRY(at_most("boroughs/DA SV", l[LADDER_DA_SV][y][b], "boroughs/DA all",
                           l[LADDER_DA_ALL][y][b], reterr));
        }
    }
    RV_TRY(same("ve_total_by_borough", t->ve_total[detailed], regions,
                offences(t, NULL, GROUPS, TWO_YEARS), reterr));
    RV_TRY(same("accused_u25_by_borough", t->ladder_accused_u25[detailed], "accused_u25",
                t->accused_u25, reterr));
    return same("accused_sv_by_borough", t->ladder_accused_sv[detailed], "accused_sv",
                t->accused_sv, reterr);
}

static rv_status check_others(const struct targets *t, struct rv_err *reterr)
{
    int64_t las = sum_of(t->las_year, TWO_YEARS);
    RV_TRY(same("las_old_wards", sum_of(t->las_ward, HAVERING_WARDS_2018), "las_by_year", las,
                reterr));
    RV_TRY(at_most("las_injuries/minor head wound", t->las_head, "las_injuries/minor", t->las_minor,
                   reterr));
    return at_most("las_injuries/minor", t->las_minor, "las_by_year", las, reterr);
}

rv_status targets_check(const struct targets *t, struct rv_err *reterr)
{
    size_t detailed = 0;
    while (strcmp(borough_facts[detailed].code, HAVERING_CODE) != 0) {
        detailed++;
    }
    RV_TRY(check_regions(t, reterr));
    RV_TRY(check_tno(t, detailed, reterr));
    RV_TRY(check_wards(t, reterr));
    RV_TRY(check_weapons(t, reterr));
    RV_TRY(check_times(t, reterr));
    RV_TRY(check_victims(t, reterr));
    RV_TRY(check_suspects(t, reterr));
    RV_TRY(check_ladders(t, detailed, reterr));
    return check_others(t, reterr);
}

"""Other sets of targets, made from the records of a London that meets one: consistent because they are counted.

`moved` changes what wards, hours, days, months, years and ethnic groups are called; `thinned` leaves out a part of
the offences. The generator is then asked for the new tables. SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import random
from collections import Counter

from check_targets import DAYS, MONTHS
from london import SEXUAL, is_da, is_sv, is_u25

SECTIONS = ("VAP", "sexual", "robbery", "weapons")


def moved(london, targets):
    """Changes the records of `london` in place; the targets that they then meet."""
    wards = sorted(targets["ward_da"])
    to = dict(zip(wards, wards[7:] + wards[:7]))
    swap = {"black": "asian", "asian": "black"}
    first, second = targets["years"]
    for o in london.own:
        o.ward, o.year = to[o.ward], first + second - o.year
        o.weekday, o.month, o.record_month = (o.weekday + 3) % 7, o.month % 12 + 1, o.record_month % 12 + 1
        if not o.is_0001:
            o.hour = (o.hour + 5) % 24
        for p in o.persons:
            p.ethnicity = swap.get(p.ethnicity, p.ethnicity)
    new = copy.deepcopy(targets)
    for name in ("localities",):
        new[name] = {k: [to[w] for w in v] for k, v in targets[name].items()}
    new["tno_by_year"] = {k: v[::-1] for k, v in targets["tno_by_year"].items()}
    for name in ("DA all", "TNO"):
        pair = [targets["boroughs"][f"{name} {y}"]["Havering"] for y in (second, first)]
        for y, n in zip((first, second), pair):
            new["boroughs"][f"{name} {y}"]["Havering"] = n
    # Two neighbours of every ladder change places.
    for ladder in [*new["boroughs"].values(), new["ve_total_by_borough"], new["accused_u25_by_borough"],
                   new["accused_sv_by_borough"]]:
        for a, b in (("Bexley", "Wandsworth"), ("Hounslow", "Barnet"), ("Enfield", "Greenwich")):
            ladder[a], ladder[b] = ladder[b], ladder[a]
    return count(london, new)


def thinned(london, targets, seed=5):
    dice = random.Random(seed)
    keep = {"U": 0.7, "UD": 0.8, "US": 0.6, "UDS": 0.9, "D": 0.85, "DS": 0.9, "S": 0.95, "none": 0.9}
    gone = Counter()
    kept = []
    for o in london.own:
        if dice.random() < keep[o.region]:
            kept.append(o)
        else:
            gone[london.category(o.group, "Violence with Injury"), o.year] += 1
    london.own = kept
    new = copy.deepcopy(targets)
    for (category, year), n in gone.items():
        new["tno_by_year"][category][targets["years"].index(year)] -= n
        new["boroughs"][f"TNO {year}"]["Havering"] -= n
    for y in targets["years"]:
        new["boroughs"][f"DA all {y}"]["Havering"] -= targets["boroughs"][f"DA SV {y}"]["Havering"] - sum(
            1 for o in kept if is_da(o) and o.year == y)
    return count(london, new)


def ordered(counter, names):
    return {k: counter[k] for k in names}


def pairs(counter, names, years):
    return {k: [counter[k, y] for y in years] for k in names}


def count(l, t):
    """The tables of the targets as the detailed borough's records now are."""
    years = t["years"]
    t["overlap_regions_by_year"] = pairs(Counter((o.region, o.year) for o in l.own), t["overlap_regions_by_year"],
                                         years)
    found = Counter((o.region, o.kind, o.year) for o in l.own)
    t["offence_group_by_region_and_year"] = {
        r: {g: [found[r, g, y] for y in years] for g in table}
        for r, table in t["offence_group_by_region_and_year"].items()}
    count_weapons(l, t)
    count_wards(l, t)
    count_times(l, t)
    count_persons(l, t)
    count_ladders(l, t)
    return t


def count_weapons(l, t):
    named = {"robbery", "ABH", "TTK", "GBH"}
    found = Counter((o.kind if o.kind in named else "other", o.year) for o in l.own if is_u25(o) and o.is_weapon)
    t["weapon_enabled_u25"] = pairs(found, t["weapon_enabled_u25"], t["years"])
    t["knife_u25"] = sum(is_u25(o) and o.has_knife for o in l.own)
    armed = [o for o in l.own if is_da(o) and o.is_weapon]
    t["da_weapon"] = {k: [sum(o.kind == k for o in armed), sum(o.kind == k and o.has_knife for o in armed)]
                      for k in t["da_weapon"]}
    t["sv_weapon"] = sum(is_sv(o) and o.is_weapon for o in l.own)


def count_wards(l, t):
    wards = sorted(t["ward_da"])
    t["ward_u25_by_section"] = {
        s: ordered(Counter(o.ward for o in l.own if is_u25(o) and o.section == s), wards) for s in SECTIONS}
    t["ward_weapon_enabled"] = ordered(Counter(o.ward for o in l.own if is_u25(o) and o.is_weapon), wards)
    t["ward_da"] = ordered(Counter(o.ward for o in l.own if is_da(o)), wards)
    t["ward_sv"] = ordered(Counter(o.ward for o in l.own if is_sv(o)), wards)
    leading = [w for w, _ in Counter(t["ward_da"]).most_common(2)]
    t["ward_da_by_year"] = pairs(Counter((o.ward, o.year) for o in l.own if is_da(o)), leading, t["years"])
    t["rank_2021_at_least"] = {}
    da = Counter((o.lsoa, o.ward) for o in l.own if is_da(o)).most_common(10)
    t["lsoa_da_top10"], t["lsoa_da_top10_wards"] = [n for _, n in da], [w for (_, w), _ in da]
    sv = Counter((o.lsoa, o.ward) for o in l.own if is_sv(o)).most_common(12)
    t["lsoa_sv_top2"], t["lsoa_sv_next10"] = [n for _, n in sv[:2]], [n for _, n in sv[2:]]
    t["lsoa_sv_top2_ward"] = sv[0][0][1]
    t["sv_coordinates"] = sum(is_sv(o) and o.place is not None for o in l.own)


def count_times(l, t):
    hours = Counter((o.region, o.late, "00:01" if o.is_0001 else o.hour) for o in l.own)
    regions = list(t["hours_by_region_within7_late"])
    t["hours_by_region_within7_late"] = {r: [[hours[r, late, h] for h in range(24)] for late in (False, True)]
                                         for r in regions}
    t["outliers_0001_by_region_within7_late"] = {r: [hours[r, late, "00:01"] for late in (False, True)]
                                                 for r in regions}
    t["weekday_da"] = ordered(Counter(DAYS[o.weekday] for o in l.own if is_da(o)), DAYS)
    t["weekday_sv"] = ordered(Counter(DAYS[o.weekday] for o in l.own if is_sv(o)), DAYS)
    t["month_sv"] = ordered(Counter(MONTHS[o.month - 1] for o in l.own if is_sv(o)), MONTHS)


def count_persons(l, t):
    ages = ("<18", "18-24", "25+", "unknown")
    sexes = ("male", "female", "unknown")
    for s in t["u25_victims_by_section_sex"]:
        found = l.people(lambda o, s=s: is_u25(o) and o.section == s, "victim", lambda o, p: p.sex)
        t["u25_victims_by_section_sex"][s] = ordered(found, sexes)
    found = l.people(is_u25, "victim", lambda o, p: (p.sex, p.age))
    t["u25_victims_sex_age"] = {s: {a: found[s, a] for a in ages} for s in sexes}
    t["u25_suspects"] = {"gender": ordered(l.people(is_u25, "suspect", lambda o, p: p.sex), sexes),
                         "age": ordered(l.people(is_u25, "suspect", lambda o, p: p.age), ages)}
    t["robbery_suspects_age"] = ordered(
        l.people(lambda o: is_u25(o) and o.section == "robbery", "suspect", lambda o, p: p.age), ages)
    found = l.people(lambda o: o.group == "weapon-possession", "suspect",
                     lambda o, p: p.age if p.age != "25+" else "25" if p.ages == (25, 25) else "26+")
    t["weapon_possession_suspects_age"] = ordered(found, ("<18", "18-24", "25", "26+"))
    t["sv_victims_under18"] = l.people(is_sv, "victim", lambda o, p: p.age)["<18"]
    for name, test, role, by, key in (("sv_suspects", is_sv, "suspect", "age", "<18"),
                                      ("da_victims", is_da, "victim", "sex", "female"),
                                      ("da_suspects", is_da, "suspect", "sex", "male")):
        found = l.people(test, role, lambda o, p, by=by: getattr(p, by))
        t[name] = {"all": sum(found.values()), key: found[key]}
    for name, test in (("u25", is_u25), ("da", is_da), ("sv", is_sv)):
        for role in ("victim", "suspect"):
            t["ethnicity"][f"{name}_{role}s"] = ordered(l.people(test, role, lambda o, p: p.ethnicity),
                                                        ("white", "black", "asian", "mixed", "other", "unknown"))
    found = l.people(is_sv, "victim", lambda o, p: (o.year, p.ethnicity))
    t["sv_victim_ethnicity_unknown_by_year"] = [found[y, "unknown"] for y in t["years"]]
    t["da_relationships"] = ordered(l.people(is_da, "suspect", lambda o, p: p.relationship), t["da_relationships"])
    found = l.people(is_da, "suspect", lambda o, p: (o.year, p.relationship))
    t["da_sons_by_year"] = [found[y, "son"] for y in t["years"]]


def count_ladders(l, t):
    tests = {"U25": is_u25, "U25 sexual": lambda o: is_u25(o) and o.group in SEXUAL,
             "U25 weapon possession": lambda o: is_u25(o) and o.group == "weapon-possession", "DA SV": is_da,
             "SV": is_sv}
    for name, test in tests.items():
        found = Counter(o.year for o in l.own if test(o))
        for y in t["years"]:
            t["boroughs"][f"{name} {y}"]["Havering"] = found[y]
    t["ve_total_by_borough"]["Havering"] = len(l.own)
    for name, test in (("u25", is_u25), ("sv", is_sv)):
        n = sum(test(o) and o.is_accused for o in l.own)
        t[f"accused_{name}"] = t[f"accused_{name}_by_borough"]["Havering"] = n
    second = t["years"][1]
    own = {"U25": Counter(o.ward for o in l.own if is_u25(o)), "SV": Counter(t["ward_sv"]),
           "DA SV": Counter(t["ward_da"]),
           f"DA SV {second}": Counter(o.ward for o in l.own if is_da(o) and o.year == second)}
    before = OWN_WARDS
    for name, wards in own.items():
        others = list(t["london_wards_top"][name])
        for n in before[name]:
            others.remove(n)
        of_year = [w for w in wards if name != f"DA SV {second}" or w in t["ward_da_by_year"]]
        joined = sorted(others + [wards[w] for w in of_year if wards[w] >= others[-1]], reverse=True)
        t["london_wards_top"][name] = joined
    # One ward of the first ten lies elsewhere in the east, as before.
    first_ten = t["london_wards_top"]["DA SV"][:10]
    t["east_london_in_da_top10"] = 1 + sum(n in first_ten for n in t["ward_da"].values())


# Havering's own wards in the built-in lists of London's leading wards.
OWN_WARDS = {"U25": [651], "SV": [256], "DA SV": [224], "DA SV 2022": [114, 98]}

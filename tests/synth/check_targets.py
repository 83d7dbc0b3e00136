#!/usr/bin/env python3
"""Does a synthetic London add up to a set of targets? Table by table, from the raw rows.

    check_targets.py LONDON-DIR TARGETS.json     exit 0 when every table is met, 1 when one is not

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import pathlib
import sys
from collections import Counter

from london import SEXUAL, London, is_da, is_sv, is_u25

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Check:
    def __init__(self, out=sys.stdout):
        self.out, self.failed, self.passed = out, [], []

    def same(self, name, have, want):
        """Two tables {key: number}; zeros may be left out."""
        have, want = {k: v for k, v in have.items() if v}, {k: v for k, v in want.items() if v}
        wrong = [k for k in sorted(set(have) | set(want), key=str) if have.get(k, 0) != want.get(k, 0)]
        detail = "; ".join(f"{k}: {have.get(k, 0)}, wanted {want.get(k, 0)}" for k in wrong[:3])
        self.say(name, not wrong, detail + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""))

    def true(self, name, is_so, detail=""):
        self.say(name, bool(is_so), str(detail))

    def say(self, name, is_met, detail):
        (self.passed if is_met else self.failed).append(name)
        print(f"{'met    ' if is_met else 'NOT MET'} {name}" + ("" if is_met else f": {detail}"), file=self.out)


def by_year(table, years):
    return {(k, y): n for k, pair in table.items() for y, n in zip(years, pair)}


def check_offences(c, l, t):
    years = t["years"]
    everything = [o for o in l.own]
    c.same("overlap_regions_by_year", Counter((o.region, o.year) for o in everything),
           by_year(t["overlap_regions_by_year"], years))
    c.same("offence_group_by_region_and_year", Counter((o.region, o.kind, o.year) for o in everything),
           {(r, g, y): n for r, table in t["offence_group_by_region_and_year"].items()
            for g, pair in table.items() for y, n in zip(years, pair)})
    c.same("tno_by_year", l.categories, by_year(t["tno_by_year"], years))
    named = {"robbery", "ABH", "TTK", "GBH"}
    weapon = Counter((o.kind if o.kind in named else "other", o.year) for o in l.own if is_u25(o) and o.is_weapon)
    c.same("weapon_enabled_u25", weapon, by_year(t["weapon_enabled_u25"], years))
    c.same("knife_u25", l.count(lambda o: is_u25(o) and o.has_knife), {None: t["knife_u25"]})
    flagged = [o for o in l.own if is_da(o) and o.is_weapon]
    c.same("da_weapon", Counter(o.kind for o in flagged), {k: v[0] for k, v in t["da_weapon"].items()})
    c.same("da_weapon, knife", Counter(o.kind for o in flagged if o.has_knife),
           {k: v[1] for k, v in t["da_weapon"].items()})
    c.same("sv_weapon", l.count(lambda o: is_sv(o) and o.is_weapon), {None: t["sv_weapon"]})


def check_wards(c, l, t):
    years = t["years"]
    for section, table in t["ward_u25_by_section"].items():
        c.same(f"ward_u25_by_section, {section}",
               l.count(lambda o, s=section: is_u25(o) and o.section == s, lambda o: o.ward), table)
    c.same("ward_weapon_enabled", l.count(lambda o: is_u25(o) and o.is_weapon, lambda o: o.ward),
           t["ward_weapon_enabled"])
    c.same("ward_da", l.count(is_da, lambda o: o.ward), t["ward_da"])
    c.same("ward_sv", l.count(is_sv, lambda o: o.ward), t["ward_sv"])
    have = l.count(lambda o: is_da(o) and o.ward in t["ward_da_by_year"], lambda o: (o.ward, o.year))
    c.same("ward_da_by_year", have, by_year(t["ward_da_by_year"], years))
    # LSOAs
    da = Counter((o.lsoa, o.ward) for o in l.own if is_da(o)).most_common(10)
    c.same("lsoa_da_top10", Counter((w, n) for (_, w), n in da),
           Counter(zip(t["lsoa_da_top10_wards"], t["lsoa_da_top10"])))
    sv = Counter((o.lsoa, o.ward) for o in l.own if is_sv(o)).most_common(12)
    c.same("lsoa_sv_top2", dict(enumerate(n for _, n in sv[:2])), dict(enumerate(t["lsoa_sv_top2"])))
    c.true("lsoa_sv_top2_ward", all(w == t["lsoa_sv_top2_ward"] for (_, w), _ in sv[:2]), sv[:2])
    c.same("lsoa_sv_next10", dict(enumerate(n for _, n in sv[2:])), dict(enumerate(t["lsoa_sv_next10"])))
    most = max(Counter(o.place for o in l.own if is_da(o) and o.place).values())
    c.true("da_coordinate_most", most <= t["da_coordinate_most"], most)
    c.same("sv_coordinates", l.count(lambda o: is_sv(o) and o.place is not None), {None: t["sv_coordinates"]})
    c.true("sv LSOA and ward always present", all(o.lsoa and o.ward for o in l.own if is_sv(o)))


def check_times(c, l, t):
    have, want = Counter(), {}
    for o in l.own:
        if o.region != "none":
            have[o.region, o.late, "00:01" if o.is_0001 else o.hour] += 1
    for region, both in t["hours_by_region_within7_late"].items():
        for late, hours in enumerate(both):
            want.update({(region, bool(late), h): n for h, n in enumerate(hours)})
            want[region, bool(late), "00:01"] = t["outliers_0001_by_region_within7_late"][region][late]
    c.same("hours_by_region_within7_late with outliers_0001", have, want)
    c.true("no record at exactly seven days", not any(o.delay == 7 for o in l.own))
    c.same("weekday_da", l.count(is_da, lambda o: DAYS[o.weekday]), t["weekday_da"])
    c.same("weekday_sv", l.count(is_sv, lambda o: DAYS[o.weekday]), t["weekday_sv"])
    c.same("month_sv, by commission", l.count(is_sv, lambda o: MONTHS[o.month - 1]), t["month_sv"])
    c.same("month_sv, by record", l.count(is_sv, lambda o: MONTHS[o.record_month - 1]), t["month_sv"])


def check_persons(c, l, t):
    for section, table in t["u25_victims_by_section_sex"].items():
        c.same(f"u25_victims_by_section_sex, {section}",
               l.people(lambda o, s=section: is_u25(o) and o.section == s, "victim", lambda o, p: p.sex), table)
    c.same("u25_victims_sex_age", l.people(is_u25, "victim", lambda o, p: (p.sex, p.age)),
           {(s, a): n for s, table in t["u25_victims_sex_age"].items() for a, n in table.items()})
    c.same("u25_suspects/gender", l.people(is_u25, "suspect", lambda o, p: p.sex), t["u25_suspects"]["gender"])
    c.same("u25_suspects/age", l.people(is_u25, "suspect", lambda o, p: p.age), t["u25_suspects"]["age"])
    c.same("robbery_suspects_age",
           l.people(lambda o: is_u25(o) and o.section == "robbery", "suspect", lambda o, p: p.age),
           t["robbery_suspects_age"])
    c.same("weapon_possession_suspects_age",
           l.people(lambda o: o.group == "weapon-possession", "suspect",
                    lambda o, p: p.age if p.age != "25+" else "25" if p.ages == (25, 25) else "26+"),
           t["weapon_possession_suspects_age"])
    c.same("sv_victims_under18", {0: l.people(is_sv, "victim", lambda o, p: p.age)["<18"]},
           {0: t["sv_victims_under18"]})
    for name, test, role, by, key in (("sv_suspects", is_sv, "suspect", "age", "<18"),
                                      ("da_victims", is_da, "victim", "sex", "female"),
                                      ("da_suspects", is_da, "suspect", "sex", "male")):
        found = l.people(test, role, lambda o, p, by=by: getattr(p, by))
        c.same(name, {"all": sum(found.values()), key: found[key]}, t[name])
    for name, test, role in (("u25_victims", is_u25, "victim"), ("u25_suspects", is_u25, "suspect"),
                             ("da_victims", is_da, "victim"), ("da_suspects", is_da, "suspect"),
                             ("sv_victims", is_sv, "victim"), ("sv_suspects", is_sv, "suspect")):
        c.same(f"ethnicity/{name}", l.people(test, role, lambda o, p: p.ethnicity), t["ethnicity"][name])
    unknown = l.people(lambda o: is_sv(o), "victim", lambda o, p: (o.year, p.ethnicity))
    c.same("sv_victim_ethnicity_unknown_by_year", {y: unknown[y, "unknown"] for y in t["years"]},
           dict(zip(t["years"], t["sv_victim_ethnicity_unknown_by_year"])))
    c.same("da_relationships", l.people(is_da, "suspect", lambda o, p: p.relationship), t["da_relationships"])
    sons = l.people(is_da, "suspect", lambda o, p: (o.year, p.relationship))
    c.same("da_sons_by_year", {y: sons[y, "son"] for y in t["years"]}, dict(zip(t["years"], t["da_sons_by_year"])))
    c.same("accused_u25", l.count(lambda o: is_u25(o) and o.is_accused), {None: t["accused_u25"]})
    c.same("accused_sv", l.count(lambda o: is_sv(o) and o.is_accused), {None: t["accused_sv"]})


def ranks(counts):
    return {k: 1 + sum(1 for other in counts.values() if other > n) for k, n in counts.items()}


def check_boroughs(c, l, t):
    ladders = {"U25": l.ladder(is_u25), "U25 sexual": l.ladder(lambda o: is_u25(o) and o.group in SEXUAL),
               "U25 weapon possession": l.ladder(lambda o: is_u25(o) and o.group == "weapon-possession"),
               "DA SV": l.ladder(is_da), "SV": l.ladder(is_sv),
               "DA all": Counter({(l.boroughs[b], y): n for (b, y), n in l.da_all.items()}),
               "TNO": Counter({(l.boroughs[b], y): n for (b, y), n in l.tno.items()})}
    for name, found in ladders.items():
        for year in t["years"]:
            want = t["boroughs"][f"{name} {year}"]
            have = {b: found[b, year] for b in want}
            c.same(f"boroughs/{name} {year}", have, want)
            c.same(f"rank of each borough, {name} {year}", ranks(have), ranks(want))
    total = Counter()
    for (b, _), n in l.ladder(lambda o: True).items():
        total[b] += n
    c.same("ve_total_by_borough", total, t["ve_total_by_borough"])
    for name, test in (("accused_u25_by_borough", is_u25), ("accused_sv_by_borough", is_sv)):
        found = Counter()
        for (b, _), n in l.ladder(lambda o, test=test: test(o) and o.is_accused).items():
            found[b] += n
        c.same(name, found, t[name])


def check_london_wards(c, l, t):
    own = l.detailed
    for name, test in (("U25", is_u25), ("SV", is_sv), ("DA SV", is_da),
                       (f"DA SV {t['years'][1]}", lambda o: is_da(o) and o.year == t["years"][1])):
        want = t["london_wards_top"][name]
        have = l.wards_by(test).most_common(len(want))
        c.same(f"london_wards_top/{name}", dict(enumerate(n for _, n in have)), dict(enumerate(want)))
    first = l.wards_by(lambda o: is_da(o) and o.year == t["years"][0])
    for ward, least in t["rank_2021_at_least"].items():
        rank = 1 + sum(1 for n in first.values() if n > first[own, ward])
        c.true(f"rank_2021_at_least, {ward}", rank >= least, rank)
    ten = l.wards_by(is_da).most_common(10)
    east = sum(1 for (b, _), _ in ten if l.boroughs[b] in t["east_london"])
    c.same("east_london_in_da_top10", {0: east}, {0: t["east_london_in_da_top10"]})


def check_venues(c, l, t):
    where = {w: name for name, wards in t["localities"].items() for w in wards}
    places = Counter((o.venue or o.place, where.get(o.ward), o.venue_type) for o in l.own
                     if is_u25(o) and (o.venue or o.place))
    top = places.most_common(21)
    c.same("top20_locations", Counter((locality, kind) for (_, locality, kind), _ in top[:20]),
           Counter(map(tuple, t["top20_locations"])))
    c.true("the twentieth place is ahead of the next", top[19][1] > top[20][1], top[19:])
    shops = [v for (v, _, kind), _ in top[:20] if kind == "shopping"]
    groups = {v: Counter(o.section for o in l.own if is_u25(o) and o.venue == v).most_common(1)[0][0] for v in shops}
    c.true("robbery leads at every shopping venue", all(g == "robbery" for g in groups.values()), groups)


RAIL = {"personal-robbery": "robbery", "sexual-assault": "sexual", "other-sexual": "sexual", "abh": "violence",
        "common-assault": "violence", "gbh": "violence"}


def check_partners(c, l, t):
    calls = Counter(r["called_at"][:4] for r in l.ambulance)
    c.same("las_by_year", calls, {str(y): n for y, n in zip(t["years"], t["las_by_year"])})
    injury = Counter(r["injury"] for r in l.ambulance)
    c.same("las_injuries", {"minor": sum(n for k, n in injury.items() if k.startswith("minor")),
                            "minor head wound": injury["minor head wound"]}, t["las_injuries"])
    c.same("las_old_wards", Counter(l.old_wards[r["ward_code"]] for r in l.ambulance), t["las_old_wards"])
    c.true("ambulance wards are those of 2018 only", not {r["ward_code"] for r in l.ambulance} & set(l.wards))
    c.same("rail", Counter((r["station"], RAIL[r["offence_group"]]) for r in l.transport if r["station"]),
           {(s, g): n for s, table in t["rail"].items() for g, n in table.items()})
    routes = Counter(r["route"] for r in l.transport if r["operator"] == "bus")
    c.same("bus", {k: routes[k] for k in t["bus"]}, t["bus"])
    others = {k: n for k, n in routes.items() if k not in t["bus"]}
    c.same("bus_other", {"incidents": sum(others.values()), "most": max(others.values())}, t["bus_other"])
    months = {r["arrived_at"][:7] for r in l.emergency}
    c.same("months that emergency departments sent", {0: len(months)}, {0: 23})
    for name, codes in (("localities", {w: n for w, (n, _) in l.wards.items()}), ("localities_2018", l.old_wards)):
        have = getattr(l, name if name.endswith("2018") else "localities_2022")
        c.same(name, {codes[w]: n for w, n in have.items()}, {w: n for n, ws in t[name].items() for w in ws})


def check_residents(c, l, t):
    names = {n: code for code, n in l.boroughs.items()}
    c.same("residents", {n: l.residents[names[n], ""] for n in t["residents"]}, t["residents"])
    groups = ("white", "mixed", "asian", "black", "other")
    for name, shares in t["ethnicity_of_residents_per_1000"].items():
        have = [1000 * l.residents[names[name], g] / l.residents[names[name], ""] for g in groups]
        c.true(f"ethnicity_of_residents_per_1000, {name}", all(abs(a - b) < 0.1 for a, b in zip(have, shares)), have)


def check_all(folder, targets, out=sys.stdout):
    t = json.loads(pathlib.Path(targets).read_text())
    l, c = London(folder, t["area"]), Check(out)
    c.true("the extracts keep to their contract", not l.faults, l.faults[:3])
    for part in (check_offences, check_wards, check_times, check_persons, check_boroughs, check_london_wards,
                 check_venues, check_partners, check_residents):
        part(c, l, t)
    return l, c


def main():
    _, c = check_all(sys.argv[1], sys.argv[2])
    print(f"{len(c.passed)} tables met, {len(c.failed)} not")
    return 1 if c.failed else 0


if __name__ == "__main__":
    sys.exit(main())

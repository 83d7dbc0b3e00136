#!/usr/bin/env python3
"""Do the printed claims of the strategy catalogue come out of a synthetic London?

    check_claims.py LONDON-DIR       exit 0 when every claim is met, 1 when one is not

Each claim is computed from the raw rows and held against what the document prints, rounded as printed. Claims
of two years are of 2021 and 2022; ranks are among 32 boroughs or all wards, 1 = most.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import sys
from collections import Counter

from london import SEXUAL, London, is_da, is_sv, is_u25

LOCALITY = {"St Edward's": "Romford", "Gooshays": "Harold Hill", "Heaton": "Harold Hill", "St Andrew's": "Hornchurch",
            "Elm Park": "Elm Park", "Upminster": "Upminster"}


def half_up(value, digits=0):
    return int(value * 10 ** digits + 0.5) / 10 ** digits


def share(part, whole):
    return 100 * part / whole if whole else 0.0


def top(counter, n=1):
    return [k for k, _ in counter.most_common(n)]


class Claims:
    def __init__(self, l):
        self.l, self.results = l, []

    def equal(self, name, value, printed, digits=0):
        self.results.append((name, half_up(value, digits) == printed, f"{value:.6g}, printed {printed}"))

    def holds(self, name, is_so, shown=""):
        self.results.append((name, bool(is_so), str(shown)))

    def is_list(self, name, have, want):
        self.results.append((name, have == want, f"{have}, printed {want}"))

    # ---- parts ----

    def prepare(self):
        l = self.l
        self.u25 = [o for o in l.own if is_u25(o)]
        self.da = [o for o in l.own if is_da(o)]
        self.sv = [o for o in l.own if is_sv(o)]
        self.residents = {n: l.residents[c, ""] for c, n in l.boroughs.items()}

    def rank(self, test, year):
        found = self.l.ladder(test)
        own = found["Havering", year]
        return 1 + sum(1 for b in self.residents if found[b, year] > own)

    def rate(self, test, year, borough):
        return 1e5 * self.l.ladder(test)[borough, year] / self.residents[borough]

    def london_rate(self, test):
        return sum(self.l.ladder(test).values()) / sum(self.residents.values())

    def own_rate(self, test):
        found = self.l.ladder(test)
        return (found["Havering", 2021] + found["Havering", 2022]) / self.residents["Havering"]

    def ward_rank(self, test, ward):
        found = self.l.wards_by(test)
        own = found[self.l.detailed, ward]
        return 1 + sum(1 for n in found.values() if n > own)

    def persons(self, offences, role):
        return [p for o in offences for p in o.persons if p.role == role]

    def under_25(self):
        l, u25 = self.l, self.u25
        year = Counter(o.year for o in u25)
        self.equal("u25.offences.count.2021-2022", len(u25), 3255)
        self.equal("u25.offences.rate.2022", self.rate(is_u25, 2022, "Havering"), 645)
        self.equal("u25.offences.rate.implied-2021", self.rate(is_u25, 2021, "Havering"), 597)
        self.equal("u25.offences.implied-change", share(year[2022] - year[2021], year[2021]), 8)
        self.equal("u25.offences.rank-in-london.2021", self.rank(is_u25, 2021), 23)
        self.equal("u25.offences.rank-in-london.2022", self.rank(is_u25, 2022), 24)
        self.holds("u25.offences.rate.level-vs-london", self.own_rate(is_u25) < self.london_rate(is_u25))
        self.holds("u25.offences.rate.vs-redbridge.2022",
                   self.rate(is_u25, 2022, "Havering") > self.rate(is_u25, 2022, "Redbridge"))
        self.equal("u25.share-of-violence.2021-2022", share(len(u25), len(l.own)), 50.4, 1)
        young, every = Counter(), Counter()
        for o in l.offences.values():
            every[o.borough] += 1
            young[o.borough] += is_u25(o)
        shares = {b: young[b] / every[b] for b in every}
        self.equal("u25.share-of-violence.rank-in-london",
                   1 + sum(1 for s in shares.values() if s > shares[l.detailed]), 1)
        for y, rank in ((2021, 13), (2022, 16)):
            self.equal(f"u25.sexual.rank-in-london.{y}", self.rank(lambda o: is_u25(o) and o.group in SEXUAL, y), rank)
        for y, rank in ((2021, 18), (2022, 16)):
            self.equal(f"u25.weapon-possession.rank-in-london.{y}",
                       self.rank(lambda o: is_u25(o) and o.group == "weapon-possession", y), rank)
        self.change_drivers()

    def change_drivers(self):
        armed = [o for o in self.u25 if o.is_weapon]
        year = Counter(o.year for o in armed)
        self.equal("u25.weapon-enabled.change.2021-2022", share(year[2022] - year[2021], year[2021]), 19)
        change = Counter()
        for o in armed:
            change[o.kind] += 1 if o.year == 2022 else -1
        self.is_list("u25.weapon-enabled.driver", sorted(top(change, 3)), ["ABH", "TTK", "robbery"])
        self.equal("u25.weapon-enabled.knife.share", share(sum(o.has_knife for o in armed), len(armed)), 97)
        rise = Counter()
        for o in self.u25:
            rise["TTK" if o.kind == "TTK" else "other"] += 1 if o.year == 2022 else -1
        self.holds("u25.violence.change-driver", 0 < sum(rise.values()) < 2 * rise["TTK"], rise)
        c = self.l.categories
        vap = sum(n for (k, _), n in c.items() if k.startswith("VAP"))
        self.equal("VAP share of notifiable offences (27%)", share(vap, sum(c.values())), 27)
        fallen = sorted(k for k, _ in c if c[k, 2022] < c[k, 2021])
        self.is_list("only drugs fall", sorted(set(fallen)), ["drugs"])

    def under_25_persons(self):
        victims, suspects = self.persons(self.u25, "victim"), self.persons(self.u25, "suspect")
        known = Counter(p.sex for p in victims)
        female = share(known["female"], known["female"] + known["male"])
        self.holds("u25.victims.sex.split", 45 <= female <= 55, female)
        for section, sex, printed in (("sexual", "female", 83), ("robbery", "male", 85)):
            found = Counter(p.sex for o in self.u25 if o.section == section for p in o.persons if p.role == "victim")
            self.equal(f"u25.victims.{section}.{sex}.share", share(found[sex], sum(found.values())), printed)
        men = Counter(p.age for p in victims if p.sex == "male")
        women = Counter(p.age for p in victims if p.sex == "female")
        self.holds("u25.victims.male.age", men["<18"] > men["18-24"], men)
        self.holds("u25.victims.female.age", women["18-24"] > women["<18"], women)
        sexes, ages = Counter(p.sex for p in suspects), Counter(p.age for p in suspects)
        self.equal("u25.suspects.male.share", share(sexes["male"], len(suspects)), 69)
        self.equal("u25.suspects.under-25.share", share(ages["<18"] + ages["18-24"], len(suspects)), 63)
        robbers = Counter(p.age for o in self.u25 if o.section == "robbery" for p in o.persons if p.role == "suspect")
        self.holds("u25.suspects.robbery.under-18.share", 46 <= share(robbers["<18"], sum(robbers.values())) < 50)
        armed = [p for o in self.l.own if o.group == "weapon-possession" for p in o.persons if p.role == "suspect"]
        self.equal("u25.suspects.weapon-possession.under-18.share",
                   share(sum(p.age == "<18" for p in armed), len(armed)), 49)
        self.equal("u25.suspects.weapon-possession.18-25.share",
                   share(sum(p.age == "18-24" or p.ages == (25, 25) for p in armed), len(armed)), 25)
        self.ethnicity("u25.victims", victims, 18, True)
        self.ethnicity("u25.suspects", suspects, 31, True)
        self.equal("u25.accused.share.havering", share(sum(o.is_accused for o in self.u25), len(self.u25)), 7.1, 1)
        london = [o for o in self.l.offences.values() if is_u25(o)]
        self.equal("u25.accused.share.london", share(sum(o.is_accused for o in london), len(london)), 7.5, 1)

    def ethnicity(self, name, persons, unknown_printed, is_supported):
        """White known share below the residents'; whether it stays below with all unknown white."""
        found = Counter(p.ethnicity for p in persons)
        known = len(persons) - found["unknown"]
        l = self.l
        residents = {g: l.residents[l.detailed, g] / l.residents[l.detailed, ""]
                     for g in ("white", "black", "asian", "mixed", "other")}
        if unknown_printed is not None:
            self.equal(f"{name}.ethnicity.unknown.share", share(found["unknown"], len(persons)), unknown_printed)
        self.holds(f"{name}.ethnicity.white.under", found["white"] / known < residents["white"])
        upper = (found["white"] + found["unknown"]) / len(persons)
        self.holds(f"{name}.ethnicity.bound", (upper < residents["white"]) == is_supported, upper)
        if is_supported:
            index = {g: found[g] / known / residents[g] for g in residents}
            self.is_list(f"{name}.ethnicity.black.over", max(index, key=index.get), "black")

    def hours(self, name, offences):
        """With the placeholder the night leads; it stands alone among its neighbours."""
        raw = Counter(o.hour for o in offences)
        at_0001 = sum(o.is_0001 for o in offences)
        self.holds(name, top(raw) == [0] and at_0001 > raw[0] - at_0001, (top(raw), at_0001))

    def under_25_places(self):
        ward = Counter(o.ward for o in self.u25)
        self.equal("u25.ward.st-edwards.share", share(ward["St Edward's"], len(self.u25)), 20)
        self.equal("u25.ward.st-edwards.rank-in-london", self.ward_rank(is_u25, "St Edward's"), 7)
        by = {s: Counter(o.ward for o in self.u25 if o.section == s) for s in ("VAP", "sexual", "robbery", "weapons")}
        self.is_list("u25.ward.romford.principal-all-sections", [top(c)[0] for c in by.values()], ["St Edward's"] * 4)
        self.is_list("u25.ward.robbery.other", top(by["robbery"], 2)[1], "Elm Park")
        self.is_list("u25.ward.sexual.other", top(by["sexual"], 2)[1], "Rush Green & Crowlands")
        self.is_list("u25.ward.vap.other", top(by["VAP"], 3)[1:], ["Gooshays", "Heaton"])
        places = Counter(LOCALITY.get(o.ward, o.ward) for o in self.u25 if o.is_weapon)
        self.is_list("u25.weapon-enabled.locations", top(places, 3), ["Romford", "Elm Park", "Hornchurch"])
        held = Counter(LOCALITY.get(o.ward, o.ward) for o in self.u25 if o.section == "weapons")
        self.is_list("u25.weapon-possession.locations", top(held, 2), ["Romford", "Upminster"])
        venues = Counter((o.venue or o.place, LOCALITY.get(o.ward), o.venue_type) for o in self.u25
                         if o.venue or o.place)
        twenty = top(venues, 20)
        for name, k, value, printed in (("romford", 1, "Romford", 11), ("pubs-clubs", 2, "pub/club", 5),
                                        ("schools", 2, "school", 5)):
            self.equal(f"u25.locations.top20.{name}", sum(v[k] == value for v in twenty), printed)
        self.hours("u25.time.night-claim-false", self.u25)
        hour = Counter(o.hour for o in self.u25 if not o.is_0001)
        self.is_list("u25.time.modal-hour", top(hour)[0], 15)

    def domestic_abuse(self):
        da = self.da
        self.equal("da.offences.count.2021-2022", len(da), 1865)
        self.equal("da.offences.rate.2022", self.rate(is_da, 2022, "Havering"), 365)
        self.holds("da.offences.rate.vs-redbridge.2022",
                   self.rate(is_da, 2022, "Havering") > self.rate(is_da, 2022, "Redbridge"))
        for y in (2021, 2022):
            self.equal(f"da.offences.rank-in-london.{y}", self.rank(is_da, y), 20)
        for y, printed in ((2021, 20), (2022, 18)):
            own = self.l.da_all[self.l.detailed, y]
            self.equal(f"da.all-flagged.rank-in-london.{y}",
                       1 + sum(1 for (_, k), n in self.l.da_all.items() if k == y and n > own), printed)
        armed = [o for o in da if o.is_weapon]
        self.holds("da.weapons.none", share(len(da) - len(armed), len(da)) > 90)
        self.is_list("da.weapons.predominant-offence", top(Counter(o.kind for o in armed))[0], "TTK")
        victims, suspects = self.persons(da, "victim"), self.persons(da, "suspect")
        self.equal("da.victims.female.share", share(sum(p.sex == "female" for p in victims), len(victims)), 76)
        self.equal("da.suspects.male.share", share(sum(p.sex == "male" for p in suspects), len(suspects)), 73)
        self.ethnicity("da.victims", victims, 11, False)
        self.ethnicity("da.suspects", suspects, 29, False)
        kin = Counter(p.relationship for p in suspects)
        partners = sum(n for k, n in kin.items() if k.split("-")[-1] in (
            "boyfriend", "girlfriend", "husband", "wife", "partner"))
        self.equal("da.relationship.partner.share", share(partners, len(suspects)), 70)
        self.is_list("da.relationship.most-common", top(kin)[0], "ex-boyfriend")
        self.equal("da.sons.rank", 1 + sum(1 for n in kin.values() if n > kin["son"]), 4)
        family = {k: kin[k] for k in ("daughter", "parent", "sibling", "other-family")}
        self.holds("da.family.largest", kin["son"] + kin["stepson"] > max(family.values()), family)
        sons = Counter(o.year for o in da for p in o.persons if p.role == "suspect" and p.relationship == "son")
        self.holds("da.sons.change", sons[2022] > sons[2021], sons)
        self.domestic_places()
        self.domestic_times()

    def domestic_places(self):
        ward = Counter(o.ward for o in self.da)
        self.equal("da.ward.heaton.share", share(ward["Heaton"], len(self.da)), 12)
        self.equal("da.ward.gooshays.share", share(ward["Gooshays"], len(self.da)), 9)
        self.is_list("da.ward.ordering", top(ward, 2), ["Heaton", "Gooshays"])
        year = Counter(o.year for o in self.da if o.ward == "Gooshays")
        self.equal("da.ward.gooshays.change", share(year[2022] - year[2021], year[2021]), 42)
        lsoa = Counter((o.lsoa, o.ward) for o in self.da).most_common(10)
        self.equal("da.lsoa.top10.share", share(sum(n for _, n in lsoa), len(self.da)), 19)
        self.is_list("da.lsoa.top10.localities", sorted({LOCALITY.get(w, w) for (_, w), _ in lsoa}),
                     ["Harold Hill", "Hornchurch", "Romford"])
        self.equal("da.ward.heaton.rank-in-london", self.ward_rank(is_da, "Heaton"), 8)
        ranks = [self.ward_rank(lambda o, y=y: is_da(o) and o.year == y, "Gooshays") for y in (2021, 2022)]
        self.equal("da.ward.gooshays.rank-in-london.2022", ranks[1], 15)
        self.holds("da.ward.gooshays.rank.direction", ranks[1] < ranks[0], ranks)

    def domestic_times(self):
        self.hours("da.time.0001", self.da)
        hour = Counter(o.hour for o in self.da if not o.is_0001)
        self.is_list("da.time.modal-hour", top(hour)[0], 12)
        days = Counter(o.weekday for o in self.da)
        self.is_list("da.time.modal-days", sorted(top(days, 2)), [5, 6])
        noon = [o for o in self.da if o.hour == 12]
        self.holds("da.time.noon.recorded-late", share(sum(o.late for o in noon), len(noon)) > 50)
        self.equal("da.recorded-within-7-days.share", share(sum(not o.late for o in self.da), len(self.da)), 81)
        soon = Counter(o.hour for o in self.da if not o.late and not o.is_0001)
        self.is_list("da.time.peaks-within-7-days", sorted(top(soon, 2)), [18, 20])

    def sexual_violence(self):
        sv = self.sv
        self.equal("sv.offences.count.2021-2022", len(sv), 1067)
        self.equal("sv.offences.rank-in-london.2021", self.rank(is_sv, 2021), 23)
        self.equal("sv.offences.rank-in-london.2022", self.rank(is_sv, 2022), 24)
        found = self.l.ladder(is_sv)
        change = {b: found[b, 2022] / found[b, 2021] - 1 for b in self.residents}
        own = change.pop("Havering")
        self.holds("sv.offences.rate.change", 0 < own <= 0.06, own)
        self.holds("sv.offences.rate.change-vs-others", own < sorted(change.values())[len(change) // 2])
        self.holds("sv.weapons", share(sum(o.is_weapon for o in sv), len(sv)) < 2)
        victims, suspects = self.persons(sv, "victim"), self.persons(sv, "suspect")
        for y, printed in ((2021, 38), (2022, 19)):
            of = [p for o in sv if o.year == y for p in o.persons if p.role == "victim"]
            self.equal(f"sv.victims.ethnicity.unknown.share.{y}",
                       share(sum(p.ethnicity == "unknown" for p in of), len(of)), printed)
        self.ethnicity("sv.victims", victims, None, False)
        self.ethnicity("sv.suspects", suspects, None, False)
        self.equal("sv.victims.under-18.share", share(sum(p.age == "<18" for p in victims), len(sv)), 36)
        self.equal("sv.suspects.under-18.share", share(sum(p.age == "<18" for p in suspects), len(suspects)), 18)
        self.equal("sv.accused.share", share(sum(o.is_accused for o in sv), len(sv)), 1.4, 1)
        every, accused = Counter(), Counter()
        for o in self.l.offences.values():
            every[o.borough] += is_sv(o)
            accused[o.borough] += is_sv(o) and o.is_accused
        self.equal("sv.accused.london-max", max(share(accused[b], every[b]) for b in every), 2.8, 1)
        self.sexual_places()

    def sexual_places(self):
        sv = self.sv
        ward = Counter(o.ward for o in sv)
        self.holds("sv.ward.st-edwards.share", 23 <= share(ward["St Edward's"], len(sv)) < 25)
        self.equal("sv.ward.st-edwards.rank-in-london", self.ward_rank(is_sv, "St Edward's"), 4)
        lsoa = Counter((o.lsoa, o.ward) for o in sv).most_common(12)
        self.equal("sv.lsoa.top2.share", share(sum(n for _, n in lsoa[:2]), len(sv)), 20)
        self.holds("sv.lsoa.top2.in-st-edwards", all(w == "St Edward's" for (_, w), _ in lsoa[:2]))
        self.holds("sv.lsoa.top2.vs-next10", sum(n for _, n in lsoa[:2]) > sum(n for _, n in lsoa[2:]))
        self.holds("sv.location.missing", share(sum(o.place is None for o in sv), len(sv)) > 50)
        self.hours("sv.time.0001", sv)
        hour = Counter(o.hour for o in sv if not o.is_0001)
        self.is_list("sv.time.peaks", sorted(top(hour, 2)), [9, 12])
        self.is_list("sv.time.peak-days", top(Counter(o.weekday for o in sv), 2), [5, 4])
        soon = Counter(o.hour for o in sv if not o.late and not o.is_0001)
        self.is_list("sv.time.within-7-days.modal-hour", top(soon)[0], 15)
        self.equal("sv.recorded-late.share", share(sum(o.late for o in sv), len(sv)), 60)
        months = Counter(o.month for o in sv)
        self.is_list("sv.season.peak", sorted(top(months, 3)), [6, 7, 8])
        self.is_list("sv.season.low", sorted(k for k, _ in months.most_common()[-2:]), [1, 2])

    def total_crime(self):
        for y in (2021, 2022):
            own = self.l.tno[self.l.detailed, y]
            self.equal(f"total crime rank {y}",
                       1 + sum(1 for (_, k), n in self.l.tno.items() if k == y and n > own), 26)

    def ambulance(self):
        l = self.l
        year = Counter(r["called_at"][:4] for r in l.ambulance)
        self.equal("u25.ambulance.change", share(year["2022"] - year["2021"], year["2021"]) + 100, 85)
        injury = Counter(r["injury"] for r in l.ambulance)
        self.holds("u25.ambulance.minor-injuries",
                   sum(n for k, n in injury.items() if k.startswith("minor")) > len(l.ambulance) / 2)
        self.equal("u25.ambulance.minor-head-wounds.share", share(injury["minor head wound"], len(l.ambulance)), 29)
        ward = Counter(l.old_wards[r["ward_code"]] for r in l.ambulance).most_common(2)
        self.holds("u25.ambulance.romford-ward.ratio",
                   ward[0][0] == "Romford Town" and 1.9 <= ward[0][1] / ward[1][1] <= 2.2, ward)
        places = Counter(l.localities_2018[r["ward_code"]] for r in l.ambulance if r["ward_code"] in l.localities_2018)
        self.is_list("u25.ambulance.localities", top(places, 3), ["Romford", "Harold Hill", "Hornchurch"])
        street = Counter(r["place"] for r in l.ambulance if l.old_wards[r["ward_code"]] == "Romford Town")
        self.is_list("u25.ambulance.south-street", top(street), ["South Street"])

    def transport(self):
        found = Counter((r["station"], r["offence_group"]) for r in self.l.transport if r["station"])
        station = Counter(r["station"] for r in self.l.transport if r["station"])
        self.holds("u25.rail.upminster-vs-romford", station["Upminster"] > station["Romford"], station)
        ahead = sum(n if s == "Upminster" else -n for (s, g), n in found.items()
                    if g == "personal-robbery" or g in SEXUAL)
        self.holds("u25.rail.driver", 2 * ahead > station["Upminster"] - station["Romford"])
        routes = Counter(r["route"] for r in self.l.transport if r["operator"] == "bus")
        self.equal("u25.bus.total.implied", sum(routes.values()), 45)
        four = {"174": 8, "496": 5, "103": 3, "248": 3}
        self.is_list("u25.bus.route-*.count", {k: routes[k] for k in four}, four)
        self.equal("u25.bus.four-routes.share", share(sum(routes[k] for k in four), sum(routes.values())), 42)

    def services(self):
        yjs = Counter(r["period_from"][:4] for r in self.l.cohort if r["cohort"] == "youth-justice")
        self.equal("factors.yjs.count.2019", yjs["2019"], 115)
        self.equal("factors.yjs.count.2022", yjs["2022"], 36)
        young = [r for r in self.l.cohort if r["cohort"] == "youth-justice"]
        self.equal("factors.yjs.age-14.share", share(sum(r["age"] == "14" for r in young), len(young)), 33.3, 1)
        groups = Counter(r["offence_group"] for r in young)
        self.is_list("factors.yjs.predominant-offences", top(groups, 2), ["abh", "personal-robbery"])
        self.holds("factors.yjs.burglary.count, drug supply", not groups["burglary"] and not groups["drugs"])
        values = {(r["indicator"], r["area_code"], r["period_from"][:4]): float(r["value"]) for r in self.l.indicators}
        for name, year, rank, lowest in (("gld-fsm", "2020", 1, True), ("working-age", "2021", 1, True),
                                         ("civic-relationships", "2021", 10, False), ("wemwbs", "2021", 8, False),
                                         ("civic-democracy", "2021", 20, False)):
            ladder = [v for (i, a, y), v in values.items() if i == name and y == year and a.startswith("E09")]
            own = values[name, "E09000016", year]
            self.equal(f"rank of {name}", 1 + sum(v < own if lowest else v > own for v in ladder), rank)
            self.equal(f"boroughs of {name}", len(ladder), 32)

    def run(self):
        self.prepare()
        for part in (self.under_25, self.under_25_persons, self.under_25_places, self.domestic_abuse,
                     self.sexual_violence, self.total_crime, self.ambulance, self.transport, self.services):
            part()
        return self.results


def check_all(l, out=sys.stdout):
    results = Claims(l).run()
    for name, is_met, shown in results:
        print(f"{'met    ' if is_met else 'NOT MET'} {name}" + ("" if is_met else f": {shown}"), file=out)
    return results


if __name__ == "__main__":
    found = check_all(London(sys.argv[1]))
    missed = sum(not is_met for _, is_met, _ in found)
    print(f"{len(found) - missed} claims met, {missed} not")
    sys.exit(1 if missed else 0)

"""Reads the record-level extracts of a synthetic London and applies the agreed definition to them.

Independent of the generator and of the program: standard library only. The definition is that of the
strategy: serious violence by offence group, profiles by persons' ages, flags and groups; a record with the
flag or group `terrorism` is in no profile; unknown ages satisfy nothing; violence against property joins the
list when the offence it is linked to is on it. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import datetime
import json
import pathlib
from collections import Counter, defaultdict

SERIOUS = {"homicide", "gbh", "abh", "rape", "assault-by-penetration", "sexual-assault", "personal-robbery",
           "threats-to-kill"}
SEXUAL = {"rape", "assault-by-penetration", "sexual-assault", "other-sexual"}
CATALOGUE = SERIOUS | {"other-sexual", "exploitation", "weapon-possession"}
PROPERTY = {"criminal-damage", "arson"}
WEAPON_FLAGS = {"knife", "firearm", "corrosive", "other-weapon"}
WEAPON_USES = {"threatened", "used", "intimated"}
GROUPS = {"homicide": "homicide", "gbh": "GBH", "abh": "ABH", "threats-to-kill": "TTK",
          "personal-robbery": "robbery", "weapon-possession": "weapon possession"}
SECTIONS = {"homicide": "VAP", "gbh": "VAP", "abh": "VAP", "threats-to-kill": "VAP", "personal-robbery": "robbery",
            "weapon-possession": "weapons"}
ETHNICITY = {"W": "white", "M": "mixed", "A": "asian", "B": "black", "O": "other"}
NAMED = {"white", "mixed", "asian", "black", "other"}
INJURY = {"homicide", "attempted-murder", "gbh", "abh"}
NO_INJURY = {"threats-to-kill", "common-assault", "stalking-harassment"}
OTHER_CATEGORIES = {"vehicle": "vehicle crime", "theft": "theft", "burglary": "burglary",
                    "criminal-damage": "criminal damage", "arson": "criminal damage", "public-order": "public order",
                    "drugs": "drugs", "personal-robbery": "robbery", "business-robbery": "robbery",
                    "weapon-possession": "possession of weapons", "fraud": "other", "other": "other"}
LAST_SUNDAYS = {}


def last_sunday_of_march(year):
    if year not in LAST_SUNDAYS:
        day = datetime.date(year, 3, 31)
        LAST_SUNDAYS[year] = str(day - datetime.timedelta(days=(day.weekday() + 1) % 7))
    return LAST_SUNDAYS[year]


def readable_time(cell):
    """(date, hour or None, is exactly 00:01); raises ValueError when it cannot be read."""
    day = datetime.date.fromisoformat(cell[:10])
    if len(cell) == 10:
        return day, None, False
    hour, minute = int(cell[11:13]), int(cell[14:16])
    if hour == 1 and cell[:10] == last_sunday_of_march(day.year):
        raise ValueError("the clock skips it")
    if hour > 23 or minute > 59:
        raise ValueError("no such time")
    return day, hour, cell[11:] in ("00:01", "00:01:00")


def age_of(cell, band):
    """The range of ages that a person may have; None = unknown."""
    if cell:
        age = int(cell)
        if age < 0:
            raise ValueError("negative age")
        return None if age > 120 else (age, age)
    if band.endswith("+"):
        return int(band[:-1]), 200
    if "-" in band:
        low, high = band.split("-")
        return int(low), int(high)
    return None


def age_class(ages):
    if ages is None:
        return "unknown"
    low, high = ages
    if high < 18:
        return "<18"
    if low >= 18 and high < 25:
        return "18-24"
    return "25+" if low >= 25 else "unknown"


def ethnicity_of(cell):
    if cell in NAMED:
        return cell
    return ETHNICITY.get(cell[:1], "unknown") if cell not in ("NS", "N1", "N2", "N3") else "unknown"


class Person:
    __slots__ = ("role", "ages", "age", "sex", "ethnicity", "relationship")

    def __init__(self, row):
        self.role, self.sex = row["role"], row["sex"] or "unknown"
        self.ages = age_of(row["age"], row["age_band"])
        self.age = age_class(self.ages)
        self.ethnicity, self.relationship = ethnicity_of(row["ethnicity"]), row["relationship"]


class Offence:
    __slots__ = ("id", "borough", "year", "group", "flags", "ward", "lsoa", "late", "hour", "is_0001", "weekday",
                 "month", "record_month", "delay", "is_weapon", "has_knife", "place", "venue", "venue_type", "outcome",
                 "persons", "has_young", "has_accused", "is_serious")

    @property
    def section(self):
        return "sexual" if self.group in SEXUAL else SECTIONS.get(self.group)

    @property
    def kind(self):
        return "sexual" if self.group in SEXUAL else GROUPS.get(self.group)

    @property
    def in_u25(self):
        return self.has_young

    @property
    def in_da(self):
        return self.is_serious and "domestic-abuse" in self.flags

    @property
    def in_sv(self):
        return self.group in SEXUAL

    @property
    def region(self):
        return "".join(k for k, on in (("U", self.in_u25), ("D", self.in_da), ("S", self.in_sv)) if on) or "none"

    @property
    def is_accused(self):
        return self.has_accused or self.outcome == "accused"


class Shape:
    """A polygon of the schematic boundaries."""

    def __init__(self, ring):
        self.ring = ring

    def holds(self, e, n):
        inside = False
        for (ax, ay), (bx, by) in zip(self.ring, self.ring[1:]):
            if (ay > n) != (by > n) and e < (bx - ax) * (n - ay) / (by - ay) + ax:
                inside = not inside
        return inside


class London:
    """Everything the tables and claims are computed from."""

    def __init__(self, folder, detailed="Havering"):
        self.folder = pathlib.Path(folder)
        self.faults = []  # what contradicts the contract itself
        self.read_areas()
        self.detailed = next(c for c, n in self.boroughs.items() if n == detailed)
        self.tno, self.da_all, self.categories = Counter(), Counter(), Counter()
        self.offences, self.property = {}, []
        self.rejected = {"offences": 0, "persons": 0}
        self.duplicates = self.unplaced = self.orphans = 0
        self.seen = set()
        for path in sorted(self.folder.glob("offences-*.csv")):
            self.read_offences(path)
        self.link_property()
        for path in sorted(self.folder.glob("persons-*.csv")):
            self.read_persons(path)
        self.read_outcomes()
        self.read_partners()
        self.own = [o for o in self.offences.values() if o.borough == self.detailed]

    def read_areas(self):
        def features(name):
            return json.loads((self.folder / name).read_text())["features"]
        self.boroughs = {f["properties"]["code"]: f["properties"]["name"]
                         for f in features("boundaries-borough.geojson")}
        self.wards = {f["properties"]["code"]: (f["properties"]["name"], f["properties"]["borough_code"])
                      for f in features("boundaries-ward-2022.geojson")}
        self.old_wards = {f["properties"]["code"]: f["properties"]["name"]
                          for f in features("boundaries-ward-2018.geojson")}
        self.shapes = {f["properties"]["code"]: Shape(f["geometry"]["coordinates"][0][0])
                       for f in features("boundaries-lsoa.geojson")}
        with open(self.folder / "lookup-lsoa-ward.csv", newline="") as file:
            self.ward_of = {r["from_code"]: r["to_code"] for r in csv.DictReader(file)}
        self.residents = Counter()
        with open(self.folder / "population-borough.csv", newline="") as file:
            for row in csv.DictReader(file):
                self.residents[row["area_code"], row["ethnicity"]] += int(row["persons"])
                self.residents[row["area_code"], ""] += int(row["persons"])

    def read_offences(self, path):
        with open(path, newline="") as file:
            rows = csv.reader(file)
            at = {name: k for k, name in enumerate(next(rows))}
            for row in rows:
                try:
                    if len(row) != len(at):
                        raise ValueError("cells")
                    self.read_offence(row, at)
                except ValueError:
                    self.rejected["offences"] += 1

    def read_offence(self, row, at):
        recorded = datetime.date.fromisoformat(row[at["recorded_at"]])
        started = readable_time(row[at["committed_from"]]) if row[at["committed_from"]] else (None, None, False)
        if row[at["committed_to"]]:
            readable_time(row[at["committed_to"]])
        east, north = row[at["easting"]], row[at["northing"]]
        place = (int(east), int(north)) if east else None
        key = hash(row[at["offence_id"]])
        if key in self.seen:
            self.duplicates += 1
            return
        self.seen.add(key)
        lsoa = row[at["lsoa_code"]]
        if place and place[1] > 205000:
            self.unplaced += 1
            return
        if place and len(self.seen) % 100 == 0 and not self.shapes[lsoa].holds(*place):
            self.faults.append(f"{row[at['offence_id']]} does not lie in its LSOA")
        ward = self.ward_of[lsoa]
        borough, year, group = self.wards[ward][1], recorded.year, row[at["offence_group"]]
        flags = row[at["flags"]].split(";")
        if borough != row[at["borough_code"]]:
            self.faults.append(f"{row[at['offence_id']]}: borough and LSOA disagree")
        self.tno[borough, year] += 1
        self.da_all[borough, year] += "domestic-abuse" in flags
        if borough == self.detailed:
            self.categories[self.category(group, row[at["category"]]), year] += 1
        if "terrorism" in flags or group == "terrorism":
            return
        linked = row[at["linked_offence_id"]]
        if group in PROPERTY and linked:
            self.property.append((row[at["offence_id"]], linked))
        if group in CATALOGUE:
            self.hold(row, at, (recorded, started, place, ward, borough, group, flags))

    @staticmethod
    def category(group, publisher):
        if group in SEXUAL:
            return "sexual"
        if group in INJURY or (group == "other-violence" and publisher == "Violence with Injury"):
            return "VAP with injury"
        if group in NO_INJURY or group == "other-violence":
            return "VAP without injury"
        return OTHER_CATEGORIES[group]

    def hold(self, row, at, read):
        recorded, (day, hour, is_0001), place, ward, borough, group, flags = read
        o = Offence()
        o.id, o.borough, o.year, o.group, o.flags = row[at["offence_id"]], borough, recorded.year, group, set(flags)
        o.ward, o.lsoa, o.hour, o.is_0001, o.place = self.wards[ward][0], row[at["lsoa_code"]], hour, is_0001, place
        o.delay = (recorded - day).days if day else None
        o.late = o.delay is not None and o.delay >= 7
        o.weekday, o.month = (day.weekday(), day.month) if day else (None, None)
        o.record_month = recorded.month
        o.has_knife = "knife" in o.flags
        o.is_weapon = bool(o.flags & WEAPON_FLAGS) or row[at["weapon_use"]] in WEAPON_USES
        o.venue, o.venue_type, o.outcome = row[at["venue_name"]], row[at["venue_type"]], row[at["outcome"]]
        o.persons, o.has_young, o.has_accused, o.is_serious = [], False, False, group in SERIOUS
        if borough != self.detailed:
            o.ward = ward
        self.offences[o.id] = o

    def link_property(self):
        """Damage linked to serious violence would join the list: none of the targets has any."""
        joined = sum(1 for _, other in self.property if other in self.offences and self.offences[other].is_serious)
        if joined:
            self.faults.append(f"{joined} offences against property are linked to serious violence")

    def read_persons(self, path):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                try:
                    if row["role"] not in ("victim", "suspect", "accused"):
                        raise ValueError("role")
                    person = Person(row)
                except ValueError:
                    self.rejected["persons"] += 1
                    continue
                o = self.offences.get(row["offence_id"])
                if o is None:
                    self.orphans += hash(row["offence_id"]) not in self.seen
                    continue
                o.has_young = o.has_young or (person.ages is not None and person.ages[1] < 25)
                o.has_accused = o.has_accused or person.role == "accused"
                if o.borough == self.detailed:
                    o.persons.append(person)

    def read_outcomes(self):
        latest = {}
        with open(self.folder / "outcomes.csv", newline="") as file:
            for row in csv.DictReader(file):
                if row["outcome_date"] >= latest.get(row["offence_id"], ("", ""))[0]:
                    latest[row["offence_id"]] = (row["outcome_date"], row["outcome"])
        for key, (_, outcome) in latest.items():
            if key in self.offences:
                self.offences[key].outcome = outcome

    def rows(self, name):
        with open(self.folder / "partners" / name, newline="") as file:
            return list(csv.DictReader(file))

    def read_partners(self):
        """The small sources as they stand: they have no definition."""
        self.ambulance, self.transport = self.rows("ambulance.csv"), self.rows("transport.csv")
        self.emergency, self.cohort = self.rows("emergency-department.csv"), self.rows("cohort.csv")
        self.indicators, self.referrals = self.rows("indicators.csv"), self.rows("referrals.csv")
        for name in ("2022", "2018"):
            with open(self.folder / f"localities-{name}.csv", newline="") as file:
                setattr(self, f"localities_{name}", {r["ward_code"]: r["locality"] for r in csv.DictReader(file)})

    # ---- counting ----

    def ladder(self, test):
        """{(borough name, year): offences of the catalogue that pass}"""
        found = Counter((self.boroughs[o.borough], o.year) for o in self.offences.values() if test(o))
        return found

    def wards_by(self, test):
        """{(borough code, ward): offences that pass}, all London."""
        return Counter((o.borough, o.ward) for o in self.offences.values() if test(o))

    def count(self, test, by=lambda o: None):
        return Counter(by(o) for o in self.own if test(o))

    def people(self, test, role, by):
        """Persons of a role in the detailed borough's offences that pass."""
        return Counter(by(o, p) for o in self.own if test(o) for p in o.persons if p.role == role)


def is_u25(o):
    return o.in_u25


def is_da(o):
    return o.in_da


def is_sv(o):
    return o.in_sv


def by_pairs(counter):
    """{(a, b): n} as {a: {b: n}}"""
    out = defaultdict(dict)
    for (a, b), n in counter.items():
        out[a][b] = n
    return out

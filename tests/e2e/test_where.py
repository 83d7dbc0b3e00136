"""Where a profile's offences were: what coordinates allow, repeat places, kinds of place, concentration.

Everything is counted again here from the CSV files of a synthetic London, with the text of the definition; then records are
altered, and only what used them may change.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from harness import SYNTH, main, must
from recount import DEFINITION, HAVERING, PROFILES, groups_of, read

PRECISIONS = {"exact": "exact", "snapped": "snapped to map points", "": "of unstated precision"}


def is_young(person, limit):
    if person["age"]:
        return int(person["age"]) < limit
    ends = [int(n) for n in re.findall(r"\d+", person["age_band"])]
    return bool(ends) and (max(ends) < limit or person["age_band"] == f"under-{limit}")


class London:
    """The offences and persons of Havering in 2022, and who is in which profile."""

    def __init__(self, folder):
        self.folder = folder
        self.offences = [o for o in read(folder / "offences-2022.csv") if o["borough_code"] == HAVERING]
        keys = {o["offence_id"] for o in self.offences}
        self.persons = [p for p in read(folder / "persons-2022.csv") if p["offence_id"] in keys]
        self.of = collections.defaultdict(list)
        for person in self.persons:
            self.of[person["offence_id"]].append(person)
        self.group = {o["offence_id"]: o["offence_group"] for o in self.offences}

    def is_in(self, offence, profile):
        groups, takes_linked = groups_of(profile)
        flags = offence["flags"].split(";")
        linked = (takes_linked and offence["offence_group"] in DEFINITION["linked"]["groups"]
                  and self.group.get(offence["linked_offence_id"]) in DEFINITION["lists"]["serious"])
        if "terrorism" in flags or not (offence["offence_group"] in groups or linked):
            return False
        if not set(profile.get("flags_all", [])) <= set(flags):
            return False
        wanted = profile.get("any_person")
        return not wanted or any(p["role"] in wanted["roles"] and is_young(p, wanted["age_below"])
                                 for p in self.of[offence["offence_id"]])

    def members(self, profile):
        return [o for o in self.offences if self.is_in(o, PROFILES[profile])]


def has_point(offence):
    return bool(offence["easting"]) and offence["location_precision"] not in ("withheld", "area-only")


def fewest(counts, part):
    """The fewest of them that hold this part of all."""
    total, held, k = sum(counts), 0, 0
    for k, count in enumerate(sorted(counts, reverse=True), 1):
        held += count
        if held >= part * total:
            break
    return k


class Where(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.london_dir = cls.dir / "london"
        subprocess.run([SYNTH, cls.london_dir], check=True, stdout=subprocess.DEVNULL)
        cls.london = London(cls.london_dir)
        cls.found = cls.assess("as-it-is", cls.london.offences)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    must = staticmethod(must)

    @classmethod
    def assess(cls, name, offences, *words):
        """A file with these offences of Havering: its findings by id."""
        place = cls.dir / name
        place.mkdir()
        file = place / "borough.reeve"
        tables = [("offences.csv", offences, list(cls.london.offences[0])),
                  ("persons.csv", cls.london.persons, list(cls.london.persons[0]))]
        for file_name, rows, fields in tables:
            with open(place / file_name, "w", newline="") as f:
                out = csv.DictWriter(f, fields)
                out.writeheader()
                out.writerows(rows)
        cls.must("new", file, "--title", "Where", "--synthetic")
        for kind, vintage, layer in (("borough", "2018", "borough"), ("lsoa", "2021", "lsoa")):
            cls.must("areas", file, cls.london_dir / f"boundaries-{layer}.geojson", "--type", kind, "--vintage", vintage,
                     "--code", "code", "--name", "name")
        cls.must("import", file, place / "offences.csv", place / "persons.csv", most=1)
        cls.must("define", file, "adopt", "havering")
        cls.must("assess", file, "--area", HAVERING, "--period", "2022-01..2022-12", "--out", place / "out", *words)
        return {f["id"]: f for f in cls.must("findings", file, "--format", "json").json()}

    def table(self, name, table):
        return read(self.dir / name / "out" / "tables" / f"{table}.csv")

    # ---- what is there ----

    def test_the_ladder_and_the_refusal_come_out_by_rule(self):
        """Under 25 and domestic abuse have enough coordinates, sexual violence has not: venues are refused there."""
        for profile in PROFILES:
            members = self.london.members(profile)
            located = [o for o in members if has_point(o)]
            quality = self.found[f"{profile}.all.location-quality"]
            self.assertEqual(self.found[f"{profile}.all.total"]["value"], len(members))
            self.assertEqual((quality["numerator"], quality["denominator"]), (len(located), len(members)))
            self.assertEqual(quality["missing"], len(members) - len(located))
            rungs = [int(r["count"]) for r in self.table("as-it-is", f"{profile}-location-quality")]
            withheld = sum(o["location_precision"] == "withheld" for o in members)
            self.assertEqual(rungs, [sum(o["location_precision"] == p for o in located) for p in PRECISIONS]
                             + [withheld, len(members) - len(located) - withheld])
            share = len(located) / len(members)
            want = "holds" if share >= 0.7 else "holds with caution" if share >= 0.5 else "not reliable"
            self.assertEqual(quality["verdict"], want)
            is_refused = self.found.get(f"{profile}.all.top-place", {}).get("verdict") == "not available"
            self.assertEqual(is_refused, share < 0.5)
            for measure in ("repeat-locations", "place-kinds"):
                self.assertEqual(f"{profile}.all.{measure}" in self.found, share >= 0.5, measure)
            self.assertEqual((self.dir / "as-it-is" / "out" / "tables" / f"{profile}-places-all.csv").exists(),
                             share >= 0.5 and any(o["venue_name"] for o in members))
        verdicts = [self.found[f"{p}.all.location-quality"]["verdict"] for p in PROFILES]
        self.assertEqual(verdicts, ["holds", "holds", "not reliable"])
        self.assertIn("is named or counted, because only", self.found["sexual-violence.all.top-place"]["statement"])

    def test_repeat_places(self):
        places = {(o["easting"], o["northing"]) for o in self.london.offences
                  if has_point(o) and o["lsoa_code"]}  # those without one are planted outside London
        for profile in ("under-25", "domestic-abuse"):
            at = collections.Counter((o["easting"], o["northing"]) for o in self.london.members(profile) if has_point(o))
            repeats = self.found[f"{profile}.all.repeat-locations"]
            n, more = sum(at.values()), [c for c in at.values() if c > 1]
            self.assertEqual((repeats["numerator"], repeats["denominator"]), (sum(more), n))
            chance = n * (1 - (1 - 1 / len(places)) ** (n - 1))
            self.assertGreater(sum(more), chance)
            for words in (f"were at {len(more):,} places with two or more", f"half of all were at {fewest(at.values(), .5)}",
                          f"on the {len(places):,} places", f"would give {chance:,.0f} ("):
                self.assertIn(words, repeats["statement"])

    def test_kinds_of_place_and_the_twenty_first(self):
        members = self.london.members("under-25")
        kinds = collections.Counter(o["venue_type"] for o in members)
        unknown = kinds.pop("")
        kind = self.found["under-25.all.place-kinds"]
        self.assertEqual((kind["numerator"], kind["denominator"], kind["missing"]),
                         (max(kinds.values()), sum(kinds.values()), unknown))
        order = sorted(kinds.items(), key=lambda x: (-x[1], x[0]))
        self.assertIn(": " + ", ".join(f"{n} {k}" for k, n in order) + ";", kind["statement"])
        names = collections.Counter(o["venue_name"] for o in members if o["venue_name"])
        least = sorted(names.values(), reverse=True)[19]
        first = {name: n for name, n in names.items() if n >= least}
        rows = self.table("as-it-is", "under-25-places-all")
        self.assertEqual({r["place"]: int(r["count"]) for r in rows}, first)
        typed = {o["venue_name"]: o["venue_type"] for o in members}
        self.assertEqual({r["place"]: r["kind"] for r in rows}, {name: typed[name] for name in first})
        of = sorted(collections.Counter(typed[n] for n in first).items(), key=lambda x: (-x[1], x[0]))
        self.assertIn(f"({len(first)}) are: " + ", ".join(f"{n} {k}" for k, n in of), kind["statement"])

    def test_concentration(self):
        for profile in PROFILES:
            areas = collections.Counter(o["lsoa_code"] for o in self.london.members(profile))
            found = self.found[f"{profile}.all.concentration"]
            self.assertEqual(found["value"], fewest(areas.values(), .5), found["statement"])
            self.assertIn(f"a quarter in {fewest(areas.values(), .25)}.", found["statement"])
            curve = self.table("as-it-is", f"{profile}-lorenz")
            order = sorted(areas.values(), reverse=True)
            for row in curve:
                k = round(float(row["areas_percent"]) * found["denominator"] / 100)
                self.assertAlmostEqual(float(row["offences_percent"]), 100 * sum(order[:k]) / sum(order), places=8)
                self.assertLessEqual(float(row["by_chance_percent"]), 100)
            self.assertEqual([float(curve[i]["offences_percent"]) for i in (0, -1)], [0, 100])

    def test_queries_give_the_numbers_again(self):
        file = self.dir / "as-it-is" / "borough.reeve"
        for profile in ("under-25", "domestic-abuse"):
            found = self.found[f"{profile}.all.repeat-locations"]
            words = [str(file) if w == "FILE" else w for w in shlex.split(found["query"])[1:]]
            rows = [r for r in self.must(*words).rows() if r["point"] != "not-recorded"]
            self.assertEqual(sum(int(r["count"]) for r in rows), found["denominator"])
            self.assertEqual(sum(int(r["count"]) for r in rows if int(r["count"]) > 1), found["numerator"])

    def test_no_output_prints_where_an_offence_was(self):
        exact = {(o["easting"], o["northing"]) for o in self.london.offences if o["location_precision"] == "exact"}
        texts = [p.read_text() for p in (self.dir / "as-it-is" / "out").rglob("*") if p.suffix in (".csv", ".json", ".html")]
        texts.append(self.must("table", self.dir / "as-it-is" / "borough.reeve", "--by", "point", "--area", HAVERING).out)
        self.assertGreater(len(texts), 10)
        self.assertIn("point 1,", texts[-1])
        for text in texts:
            found = set(re.findall(r"(?<!\d)(\d{6})\D{1,3}(\d{6})(?!\d)", text))
            self.assertEqual(found & exact, set())

    # ---- what happens when records change ----

    def altered(self, keys, **cells):
        return [{**o, **cells} if o["offence_id"] in keys else o for o in self.london.offences]

    def changed(self, found):
        return {i for i in {*found, *self.found}
                if found.get(i, {}).get("statement") != self.found.get(i, {}).get("statement")}

    def test_coordinates_taken_away_change_only_what_used_them(self):
        others = {o["offence_id"] for p in ("domestic-abuse", "sexual-violence") for o in self.london.members(p)}
        mine = [o["offence_id"] for o in self.london.members("under-25") if has_point(o) and o["offence_id"] not in others]
        total = self.found["under-25.all.location-quality"]["denominator"]
        before = self.found["under-25.all.location-quality"]["numerator"]
        for name, taken in (("caution", before - int(.6 * total)), ("refused", before - int(.4 * total))):
            self.assertLess(taken, len(mine))
            found = self.assess(name, self.altered(set(mine[:taken]), easting="", northing=""))
            quality = found["under-25.all.location-quality"]
            self.assertEqual((quality["numerator"], quality["denominator"]), (before - taken, total))
            rungs = [int(r["count"]) for r in self.table(name, "under-25-location-quality")]
            self.assertEqual(rungs[4], taken)  # they have an area only
            self.assertEqual(quality["verdict"], "not reliable" if name == "refused" else "holds with caution")
            about = {"location-quality", "repeat-locations"}
            if name == "refused":
                self.assertEqual(found["under-25.all.top-place"]["verdict"], "not available")
                self.assertNotIn("under-25.all.repeat-locations", found)
                about |= {"top-place", "place-kinds"}
            else:
                self.assertEqual(found["under-25.all.repeat-locations"]["verdict"], "holds with caution")
            theirs = {i for i in self.changed(found) if i.split(".")[0] in PROFILES}
            # the places with an offence of any kind are fewer, for whoever asks
            self.assertLessEqual(theirs, {f"under-25.all.{m}" for m in about} | {"domestic-abuse.all.repeat-locations"})
            self.assertIn("under-25.all.location-quality", theirs)

    def test_a_source_without_coordinates(self):
        keys = {o["offence_id"] for o in self.london.offences}
        found = self.assess("none", self.altered(keys, easting="", northing="", location_precision=""))
        for profile in PROFILES:
            quality = found[f"{profile}.all.location-quality"]
            self.assertEqual((quality["numerator"], quality["verdict"]), (0, "not reliable"))
            self.assertNotIn(f"{profile}.all.repeat-locations", found)
            self.assertEqual(found[f"{profile}.all.concentration"]["statement"],
                             self.found[f"{profile}.all.concentration"]["statement"])  # LSOAs are given by code
        self.assertEqual(found["under-25.all.top-place"]["statement"], self.found["under-25.all.top-place"]["statement"])

    def test_few_or_no_records(self):
        one = self.london.members("sexual-violence")[0]
        rest = [o for o in self.london.offences if o["offence_group"] == "burglary"][:40]
        for name, rows in (("one", [one, *rest]), ("nothing", rest)):
            found = self.assess(name, rows)
            total = found["sexual-violence.all.total"]
            # where no record of any borough is of its kind, nobody knows whether such offences are in the source
            self.assertEqual((total["value"], total["verdict"]), (1, "holds") if name == "one" else (None, "not available"))
            for measure in ("repeat-locations", "concentration", "place-kinds"):
                self.assertNotIn(f"domestic-abuse.all.{measure}", found)
            self.assertEqual("sexual-violence.all.location-quality" in found, name == "one")
            if name == "one":
                self.assertRegex(found["sexual-violence.all.location-quality"]["statement"], "of 1 offence in Havering")
                self.assertNotIn("%", found["sexual-violence.all.location-quality"]["statement"])


if __name__ == "__main__":
    main()

"""Wards of two vintages: each record lies in both, the drawings are held against each other record by record.

Records of Havering are placed again here from their coordinates by a ray through the boundaries of both vintages, and the table, the
shares and the names of the highest wards are counted anew. Then records are moved, names are made alike, and one vintage is
left out.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from harness import SYNTH, bring_areas, main, must
from test_denominator import HAVERING, PROFILES, London, read

PROFILE = "domestic-abuse"  # needs no persons


def is_inside(ring, x, y):
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


class Wards:
    """The wards of Havering of one vintage."""

    def __init__(self, path):
        self.rings, self.names = {}, {}
        for f in json.loads(path.read_text())["features"]:
            if f["properties"]["borough_code"] == HAVERING:
                code, shape = f["properties"]["code"], f["geometry"]
                parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
                self.rings[code], self.names[code] = [ring for part in parts for ring in part], f["properties"]["name"]

    def of(self, x, y):
        return next((c for c, rings in self.rings.items() if sum(is_inside(r, x, y) for r in rings) % 2), None)


def highest(counts, codes):
    """The three with most, and those tied with the third; the first of equals by code."""
    order = sorted(codes, key=lambda c: (-counts[c], c))
    return [c for c in order if counts[c] >= counts[order[2]] and counts[c]]


class TwoVintages(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.london = cls.dir / "london"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.wards = {v: Wards(cls.london / f"boundaries-ward-{v[:4]}.geojson") for v in ("2018", "2022-05")}
        whole = [o for o in read(cls.london / "offences-2022.csv") if None not in o and None not in o.values()]
        cls.rows = list({tuple(o.items()): o for o in whole}.values())
        cls.group = {o["offence_id"]: o["offence_group"] for o in cls.rows}
        cls.found = cls.assess("found", cls.rows)

    @classmethod
    def assess(cls, name, rows, *words, layers=("borough", "ward-2018", "ward-2022"), london=None):
        file, offences = cls.dir / f"{name}.reeve", cls.dir / f"{name}.csv"
        with open(offences, "w", newline="") as f:
            out = csv.DictWriter(f, cls.rows[0])
            out.writeheader()
            out.writerows(rows)
        must("new", file, "--synthetic")
        bring_areas(file, london or cls.london, *layers)
        must("import", file, offences, most=1)
        must("define", file, "adopt", "havering", "--author", "a test")
        must("assess", file, "--area", HAVERING, "--period", "2022", "--out", cls.dir / name, *words)
        return {f["id"]: f for f in json.loads((cls.dir / name / "findings.json").read_text())}

    def placed(self, rows):
        """Of each record of the profile in Havering with coordinates its wards of 2018 and 2022."""
        pairs = collections.Counter()
        for o in rows:
            if o["borough_code"] == HAVERING and o["easting"] and London.is_in(o, PROFILES[PROFILE], self.group):
                at = float(o["easting"]), float(o["northing"])
                pairs[self.wards["2018"].of(*at), self.wards["2022-05"].of(*at)] += 1
        return pairs

    def shares(self, pairs, own, other):
        """Of the offences in the highest ward of `own` those in the highest of `other`; who these are."""
        at = {"2018": 0, "2022-05": 1}
        counts = {v: collections.Counter() for v in at}
        for pair, n in pairs.items():
            for v in at:
                counts[v][pair[at[v]]] += n
        first = highest(counts[own], self.wards[own].names)[0]
        tops = highest(counts[other], self.wards[other].names)
        mine = {p: n for p, n in pairs.items() if p[at[own]] == first and p[at[other]]}
        return first, sum(n for p, n in mine.items() if p[at[other]] in tops), sum(mine.values()), tops, counts[other]

    # ---- as it is ----

    def check(self, findings, name, rows, own, other):
        pairs = self.placed(rows)
        first, part, whole, tops, counts = self.shares(pairs, own, other)
        finding = findings[f"{PROFILE}.all.other-wards"]
        self.assertEqual((finding["numerator"], finding["denominator"]), (part, whole))
        self.assertAlmostEqual(finding["value"], 100 * part / whole, 9)
        said = finding["statement"]
        names = [self.wards[other].names[c] for c in tops]
        self.assertIn(f"{len(self.wards[own].names)} wards as drawn in {own} and {len(self.wards[other].names)} as drawn in {other}", said)
        self.assertIn(f"in {self.wards[own].names[first]}, the highest of {own}", said)
        self.assertIn(f"highest of {other}, {', '.join(names[:-1])} and {names[-1]}", said)
        back, back_part, back_whole, back_tops, _ = self.shares(pairs, other, own)
        self.assertIn(f"of the {back_whole} in {self.wards[other].names[back]}, the highest of {other}, {back_part} lie in the "
                      f"{len(back_tops)} highest of {own}", said)
        table = read(self.dir / name / "tables" / f"{PROFILE}-other-wards.csv")
        self.assertEqual({r["code"]: int(r["count"]) for r in table}, {c: counts[c] for c in self.wards[other].names})
        ranks = {c: 1 + sum(n > counts[c] for k, n in counts.items() if k) for c in self.wards[other].names}
        self.assertEqual({r["code"]: int(r["borough_rank"]) for r in table}, ranks)
        at = {"2018": 0, "2022-05": 1}
        for row in table:
            inside = collections.Counter()
            for pair, n in pairs.items():
                if pair[at[other]] == row["code"] and pair[at[own]]:
                    inside[pair[at[own]]] += n
            if inside:
                self.assertEqual(int(row["most_in_count"]), max(inside.values()))
                self.assertIn(row["most_in"], [self.wards[own].names[c] for c, n in inside.items() if n == max(inside.values())])
        return said

    def coordinates_alone(self):
        return [o | {"ward_code": "", "lsoa_code": ""} for o in self.rows if o["easting"]]

    def test_shares_names_and_table_are_those_counted_anew(self):
        rows = self.coordinates_alone()
        self.check(self.assess("points", rows), "points", rows, "2022-05", "2018")

    def test_vintage_turns_them_round(self):
        rows = self.coordinates_alone()
        self.check(self.assess("turned", rows, "--vintage", "2018"), "turned", rows, "2018", "2022-05")

    def test_counts_are_those_of_reeve_table(self):
        rows = must("table", self.dir / "found.reeve", "--profile", PROFILE, "--by", "ward", "--area", HAVERING, "--period",
                    "2022", "--vintage", "2018").rows()
        table = read(self.dir / "found" / "tables" / f"{PROFILE}-other-wards.csv")
        self.assertEqual({r["code"]: r["count"] for r in table},
                         {r["ward"]: r["count"] for r in rows if r["ward"] in self.wards["2018"].names})

    # ---- altered ----

    def test_records_moved_out_of_the_highest_ward_change_the_share(self):
        rows = self.coordinates_alone()
        pairs = self.placed(rows)
        first, _, _, tops, _ = self.shares(pairs, "2022-05", "2018")
        moved, target = [], None
        for o in rows:  # every second record of the highest ward goes to where one outside the highest of 2018 lies
            if o["borough_code"] == HAVERING and target is None:
                if self.wards["2018"].of(float(o["easting"]), float(o["northing"])) not in (*tops, None):
                    target = {"easting": o["easting"], "northing": o["northing"]}
        turn = 0
        for o in rows:
            is_mine = o["borough_code"] == HAVERING and self.wards["2022-05"].of(float(o["easting"]), float(o["northing"])) == first
            turn += is_mine
            moved.append(o | target if is_mine and turn % 2 else o)
        self.check(self.assess("moved", moved), "moved", moved, "2022-05", "2018")

    def test_names_join_nothing(self):
        london = self.dir / "alike"
        shutil.copytree(self.london, london, ignore=lambda d, names: [n for n in names if not n.startswith("boundaries")])
        path = london / "boundaries-ward-2018.geojson"
        layer = json.loads(path.read_text())
        names = [f["properties"]["name"] for f in layer["features"]]
        for feature, name in zip(layer["features"], names[1:] + names[:1]):  # each ward has its neighbour's
            feature["properties"]["name"] = name
        path.write_text(json.dumps(layer))
        rows = self.coordinates_alone()
        finding = self.assess("alike", rows, london=london)[f"{PROFILE}.all.other-wards"]
        _, part, whole, _, _ = self.shares(self.placed(rows), "2022-05", "2018")
        self.assertEqual((finding["numerator"], finding["denominator"]), (part, whole))

    def test_one_vintage_alone_says_nothing(self):
        for year in ("2018", "2022"):
            found = self.assess(f"one-{year}", self.rows, layers=("borough", f"ward-{year}"))
            self.assertEqual([i for i in found if i.endswith("other-wards")], [])
            self.assertEqual(list((self.dir / f"one-{year}" / "tables").glob("*other-wards*")), [])

    def test_without_a_place_it_is_not_available(self):
        rows = [o | {"easting": "", "northing": "", "ward_code": "", "lsoa_code": ""} for o in self.rows]
        finding = self.assess("nowhere", rows).get(f"{PROFILE}.all.other-wards")
        self.assertEqual(finding["verdict"], "not available")
        self.assertIsNone(finding["value"])

    def test_nothing_else_changes(self):
        one = self.assess("only", self.rows, layers=("borough", "ward-2022"))
        more = {i: f for i, f in self.found.items() if not i.endswith(".other-wards")}
        self.assertEqual({i: f["statement"] for i, f in more.items()}, {i: f["statement"] for i, f in one.items()})


if __name__ == "__main__":
    main()

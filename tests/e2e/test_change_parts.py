"""Which part of a profile's change came from where, recounted from the records with Python alone.

Every offence is in one part of each way of telling apart (group, ward, youngest victim, venue, time of day); the parts add
up to the change; a part is named only when a test that allows for all parts tried supports it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import math
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest
from collections import Counter

from harness import ROOT, SYNTH, bring_areas, main, must

sys.path.insert(0, str(ROOT / "tests" / "synth"))
from london import London  # noqa: E402

PROFILES = {"under-25": "in_u25", "domestic-abuse": "in_da", "sexual-violence": "in_sv"}
HAVERING = "E09000016"
SHOWN = 6
TITLES = {"abh": "Actual bodily harm", "threats-to-kill": "Threats to kill", "rape": "Rape",
          "personal-robbery": "Robbery of a person", "weapon-possession": "Possession of weapons"}
UNKNOWN = {"In no ward", "Victim's age not known", "Venue not recorded", "No usable time of day"}


def youngest(o):
    """The band of the youngest victim, when the records are sure of it."""
    ages = [p.ages or (0, 254) for p in o.persons if p.role == "victim"]
    if not ages:
        return "No victim recorded"
    low, high = min(a for a, _ in ages), min(b for _, b in ages)
    return ("Youngest victim under 18" if high < 18 else "Youngest victim 25 or older" if low >= 25
            else "Youngest victim 18 to 24" if low >= 18 and high < 25 else "Victim's age not known")


def time_of_day(o):
    if o.hour is None or o.is_0001:
        return "No usable time of day"
    start = o.hour // 6 * 6
    return f"Began {start:02d}:00 to {start + 6:02d}:00"


WAYS = {"Offence group": lambda o: TITLES.get(o.group, o.group), "Ward": lambda o: o.ward,
        "Age of the youngest victim": youngest,
        "Kind of venue": lambda o: f"Venue: {o.venue_type}" if o.venue_type else "Venue not recorded",
        "Time of day": time_of_day}


def two_sided(pmf, observed):
    return min(1, sum(p for p in pmf if p <= observed * (1 + 1e-7)))


def binomial(x, n):
    """Of two counts over equal periods."""
    pmf = [math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)) for k in range(n + 1)]
    return two_sided(pmf, pmf[x])


def fisher(a, b, c, d):
    def choose(n, k):
        return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    rows, rest, column = a + b, c + d, a + c
    ks = range(max(0, column - rest), min(rows, column) + 1)
    pmf = {k: math.exp(choose(rows, k) + choose(rest, column - k) - choose(rows + rest, column)) for k in ks}
    return two_sided(pmf.values(), pmf[a])


class ChangeParts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.folder.name)
        cls.london = cls.dir / "london"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.base = cls.dir / "base.reeve"
        cls.must("new", cls.base, "--title", "Change", "--synthetic")
        bring_areas(cls.base, cls.london, "borough", "lsoa", "ward-2022")
        cls.must("import", cls.base, *sorted(cls.london.glob("lookup-*.csv")), "--as", "lookup")
        cls.must("import", cls.base, *sorted(cls.london.glob("persons-*.csv")), cls.london / "outcomes.csv", most=1)
        cls.must("import", cls.base, cls.london / "partners" / "weights.csv", "--as", "weights")
        cls.must("define", cls.base, "adopt", "havering")
        cls.records, cls.found, cls.file = cls.assess("one", cls.london)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    must = staticmethod(must)

    @classmethod
    def assess(cls, name, folder):
        """The records as Python reads them, findings by id, and the file."""
        file = cls.dir / f"{name}.reeve"
        file.write_bytes(cls.base.read_bytes())
        cls.must("import", file, *sorted(folder.glob("offences-*.csv")), most=1)
        cls.must("assess", file, "--area", HAVERING, "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12",
                 "--out", cls.dir / name)
        return London(folder), {f["id"]: f for f in cls.must("findings", file, "--format", "json").json()}, file

    def rows(self, profile, name):
        with (self.dir / name / "tables" / f"{profile}-change-parts.csv").open(newline="") as opened:
            return list(csv.DictReader(opened))

    @staticmethod
    def counted(records, test):
        """{way: ({part: before}, {part: after})}"""
        own = [o for o in records.own if getattr(o, test)]
        return {way: tuple(Counter(by(o) for o in own if o.year == year) for year in (2021, 2022))
                for way, by in WAYS.items()}

    def check_table(self, records, profile, name):
        rows, counted = self.rows(profile, name), self.counted(records, PROFILES[profile])
        total = rows.pop()
        self.assertEqual((total["part"], total["by"]), ("All", "Total"))
        for way, (before, after) in counted.items():
            self.assertEqual((sum(before.values()), sum(after.values())), (int(total["before"]), int(total["after"])))
            shown = [r for r in rows if r["by"] == way]
            for column in ("before", "after", "change"):
                self.assertEqual(sum(int(r[column]) for r in shown), int(total[column]), (profile, way, column))
            known = {p for p in before | after if p not in UNKNOWN}
            rest = [0, 0]
            named = [r["part"] for r in shown if " other " not in r["part"]]
            for row in shown:
                if way == "Offence group" and row["part"] not in TITLES.values():
                    continue  # titles of groups are the program's own
                if " other " not in row["part"]:
                    self.assertEqual((int(row["before"]), int(row["after"])), (before[row["part"]], after[row["part"]]),
                                     (profile, row))
                    self.assertAlmostEqual(float(row["points"]), 100 * int(row["change"]) / int(total["before"]), places=8)
            if way == "Offence group":
                continue
            moves = sorted((abs(after[p] - before[p]) for p in known), reverse=True)
            count = len(known) if len(known) <= SHOWN + 1 else SHOWN
            self.assertEqual([abs(int(r["change"])) for r in shown][:count], moves[:count])
            for part in known - set(named):
                rest = [rest[0] + before[part], rest[1] + after[part]]
            other = [r for r in shown if " other " in r["part"]]
            self.assertEqual([[int(r["before"]), int(r["after"])] for r in other], [rest] if len(known) > count else [])
            if other:
                self.assertTrue(other[0]["part"].startswith(f"{len(known) - count} other "))
        return counted

    def check_named(self, counted, profile, found):
        """By the rule of docs/methods/decomposition.md: what the sentence may name."""
        finding = found[f"{profile}.all.change-parts"]
        before, after = (sum(c.values()) for c in counted["Ward"])
        self.assertEqual((finding["denominator"], finding["numerator"]), (before, after))
        is_told = binomial(after, before + after) < 0.05
        drivers = found[f"{profile}.all.drivers"]["statement"]
        has_named_groups = is_told and any(w in drivers for w in ("driven mainly by", "largely driven by", "more than", "in line"))
        tried = {(way, p): (b[p], a[p]) for way, (b, a) in counted.items() for p in b | a
                 if p not in UNKNOWN | {"No victim recorded"} and not (way == "Offence group" and has_named_groups)}
        self.assertIn(f"{len(tried)} parts", " ".join(finding["statement"].split()))
        best, move = None, 0
        for key, (b, a) in tried.items():
            p = len(tried) * (fisher(b, a, before - b, after - a) if is_told else binomial(a, a + b))
            fits = not is_told or ((a - b) * (after - before) > 0 and (a - b) / (after - before) > b / before)
            if fits and p < (0.05 if is_told else 0.01) and abs(a - b) > move:
                best, move = key, abs(a - b)
        return finding, best, tried.get(best), is_told

    def test_parts_add_up_and_are_named_by_rule(self):
        for profile in PROFILES:
            counted = self.check_table(self.records, profile, "one")
            finding, best, _, is_told = self.check_named(counted, profile, self.found)
            self.assertIsNone(best, "the synthetic records have no such part by the way they are made")
            self.assertIn("moved otherwise than the rest" if is_told else "by more than chance could give",
                          " ".join(finding["statement"].split()))
            words = shlex.split(finding["query"].replace("FILE", str(self.file), 1))
            self.assertEqual(self.must(*words[1:], "--format", "csv").rows()[0]["count"], str(finding["numerator"]))

    def test_offences_are_weighted_by_the_scale_that_is_held(self):
        with (self.london / "partners" / "weights.csv").open(newline="") as opened:
            weights = {r["offence_group"]: float(r["weight"]) for r in csv.DictReader(opened)}
        for profile, test in PROFILES.items():
            groups = [Counter(o.group for o in self.records.own if getattr(o, test) and o.year == y) for y in (2021, 2022)]
            before, now = (sum(weights[g] * n for g, n in c.items() if g in weights) for c in groups)
            spread = math.sqrt(sum(weights[g] ** 2 * n for c in groups for g, n in c.items() if g in weights))
            finding = self.found[f"{profile}.all.harm"]
            self.assertAlmostEqual(finding["value"], now, places=6)
            self.assertEqual(finding["numerator"], sum(n for g, n in groups[1].items() if g in weights))
            self.assertEqual(finding["missing"], sum(n for g, n in groups[1].items() if g not in weights))
            self.assertTrue(0 <= finding["lower"] < now < finding["upper"])
            p = math.erfc(abs(now - before) / spread / math.sqrt(2))
            words = "no further apart" if p >= 0.05 else "more than the" if now > before else "less than the"
            self.assertIn(words, " ".join(finding["statement"].split()))
            self.assertIn(f"{before:,.0f}", finding["statement"])
            with (self.dir / "one" / "tables" / f"{profile}-harm.csv").open(newline="") as opened:
                rows = list(csv.DictReader(opened))
            self.assertAlmostEqual(sum(float(r["weight"]) for r in rows), now, places=6)
            self.assertAlmostEqual(sum(float(r["weight_before"]) for r in rows), before, places=6)
            self.assertAlmostEqual(sum(float(r["harm_percent"]) for r in rows), 100, places=6)

    def altered(self, name, change):
        """The records with rows changed, or left out when change gives None; how many were."""
        folder = self.dir / f"{name}-records"
        folder.mkdir()
        for path in self.london.iterdir():
            if not path.name.startswith("offences-"):
                (folder / path.name).symlink_to(path)
                continue
            with path.open(newline="") as opened, (folder / path.name).open("w", newline="") as out:
                rows = csv.reader(opened)
                header = next(rows)
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(header)
                for row in rows:
                    row = change(row, header) if len(row) == len(header) else row
                    if row is not None:
                        writer.writerow(row)
        return folder

    def test_venues_that_change_are_named_and_nothing_else_moves(self):
        """Half of the later year's offences in the street are at a place of another kind."""
        ids = sorted(o.id for o in self.records.own if o.in_u25 and o.year == 2022 and o.venue_type == "street")
        moved = set(ids[::2])

        def change(row, header):
            if row[0] in moved:
                row[header.index("venue_type")] = "fairground"
            return row

        records, found, file = self.assess("venue", self.altered("venue", change))
        counted = self.check_table(records, "under-25", "venue")
        finding, best, pair, _ = self.check_named(counted, "under-25", found)
        self.assertEqual(best, ("Kind of venue", "Venue: fairground"))
        self.assertEqual(pair, (0, len(moved)))
        self.assertIn("at a venue of the kind fairground", finding["statement"])
        self.assertIn(f"0 in 2021 and {len(moved)} in 2022", " ".join(finding["statement"].split()))
        differ = {i for i in found if found[i]["statement"] != self.found[i]["statement"]}
        self.assertIn("under-25.all.change-parts", differ)
        self.assertEqual({i for i in differ if not any(w in i for w in ("venue", "place-kinds", "change-parts"))}, set())
        words = shlex.split(finding["query"].replace("FILE", str(file), 1))
        rows = {r["venue-type"]: r for r in self.must(*words[1:], "--format", "csv").rows()}
        self.assertEqual(int(rows["fairground"]["count"]), len(moved))

    def test_a_ward_left_out_of_the_earlier_year_is_named(self):
        """Most offences of a ward missing from the earlier year: the rise is that ward's."""
        ward = Counter(o.ward for o in self.records.own if o.in_da).most_common(1)[0][0]
        gone = {o.id for o in self.records.own if o.year == 2021 and o.ward == ward and o.in_da}
        keep = set(sorted(gone)[:4])

        records, found, _ = self.assess("ward", self.altered(
            "ward", lambda row, header: None if row[0] in gone - keep else row))
        counted = self.check_table(records, "domestic-abuse", "ward")
        finding, best, pair, is_told = self.check_named(counted, "domestic-abuse", found)
        self.assertTrue(is_told)
        self.assertEqual(best, ("Ward", ward))
        self.assertEqual(pair[0], 4)
        self.assertIn(f"in the ward {ward} are the largest part of the rise", finding["statement"])
        self.assertEqual(finding["verdict"], "holds")


if __name__ == "__main__":
    main()

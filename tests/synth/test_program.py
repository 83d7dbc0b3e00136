#!/usr/bin/env python3
"""The program reads the synthetic London whole and finds what its targets say.

Everything is imported as a partner would send it; tables of the adopted definition are asked for and held against
the target file. Minutes on a busy machine. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REEVE = os.environ.get("REEVE", str(ROOT / "build" / "reeve"))
SYNTH = str(pathlib.Path(REEVE).parent / "reeve-synth")
PERIOD = ("--period", "2021-01..2022-12")
HAVERING = ("--area", "E09000016")


def run(*words):
    return subprocess.run([REEVE, *map(str, words)], capture_output=True, text=True, timeout=900)


class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="reeve-synth-")
        cls.dir = pathlib.Path(cls.folder.name)
        cls.london, cls.file = cls.dir / "london", cls.dir / "borough.reeve"
        cls.targets = json.loads((ROOT / "synth" / "targets" / "havering.json").read_text())
        subprocess.run([SYNTH, cls.london], check=True, stdout=subprocess.DEVNULL)
        cls.must("new", cls.file, "--synthetic", "--title", "Synthetic")
        for kind, vintage, name in (("borough", "2018", "borough"), ("lsoa", "2021", "lsoa"),
                                    ("ward", "2018", "ward-2018"), ("ward", "2022-05", "ward-2022")):
            cls.must("areas", cls.file, cls.london / f"boundaries-{name}.geojson", "--type", kind, "--vintage", vintage,
                     "--code", "code", "--name", "name")
        cls.must("areas", cls.file, cls.london / "localities-2022.csv", "--type", "locality", "--vintage", "2022-05",
                 "--of", "ward:2022-05", "--code", "ward_code", "--name", "locality")
        cls.must("import", cls.file, *sorted(cls.london.glob("population-*.csv")), "--as", "population")
        cls.must("import", cls.file, *sorted(cls.london.glob("lookup-*.csv")), "--as", "lookup")
        records = [*sorted(cls.london.glob("offences-*.csv")), *sorted(cls.london.glob("persons-*.csv")),
                   cls.london / "outcomes.csv"]
        cls.reports = cls.must("import", cls.file, *records, "--json", most=1)
        cls.partners = cls.must("import", cls.file, cls.london / "partners", "--json")
        cls.must("define", cls.file, "adopt", "havering", "--author", "test")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def must(cls, *words, most=0):
        done = run(*words)
        assert done.returncode <= most, f"{words}: {done.returncode} {done.stderr}"
        return done.stdout

    def counts(self, by, *words):
        """{value or values of the dimensions: count}, zeros left out."""
        out = self.must("table", self.file, "--by", by, *words, "--format", "csv")
        names = by.split(",")
        rows = [r for r in csv.DictReader(io.StringIO(out)) if r["count"] not in ("", "0")]
        return {r[names[0]] if len(names) == 1 else tuple(r[n] for n in names): int(r["count"]) for r in rows}

    def wards(self, path):
        codes = {f["properties"]["name"]: f["properties"]["code"] for f in json.loads(
            (self.london / "boundaries-ward-2022.geojson").read_text())["features"]
            if f["properties"]["borough_code"] == "E09000016"}
        return {codes[n]: k for n, k in self.targets[path].items() if k}

    def test_only_the_planted_rows_are_set_aside(self):
        reports = json.loads(self.reports)
        planted = {f["fault"]: f["count"] for f in json.loads((self.london / "faults.json").read_text())["planted"]}
        self.assertEqual(sum(f["quarantined"] for f in reports),
                         planted["faulty-row"] + planted["faulty-person"])
        self.assertEqual(sum(f["duplicates"] for f in reports), planted["row-twice"])
        self.assertEqual(sum(f["orphans"] for f in reports), planted["orphan"])
        for f in json.loads(self.partners):
            self.assertEqual((f["quarantined"], f["duplicates"], f["dropped_columns"]), (0, 0, []), f["file"])

    def test_profiles_by_year(self):
        for profile, ladder in (("under-25", "U25"), ("domestic-abuse", "DA SV"), ("sexual-violence", "SV")):
            want = {str(y): self.targets["boroughs"][f"{ladder} {y}"]["Havering"] for y in (2021, 2022)}
            self.assertEqual(self.counts("year", "--profile", profile, *HAVERING, *PERIOD), want)
        have = self.counts("year", "--profile", "violence-all-ages", *HAVERING, *PERIOD)
        self.assertEqual(sum(have.values()), self.targets["ve_total_by_borough"]["Havering"])
        regions = self.targets["overlap_regions_by_year"]
        union = sum(sum(v) for k, v in regions.items() if k != "none")
        self.assertEqual(sum(self.counts("year", "--profile", "union", *HAVERING, *PERIOD).values()), union)

    def test_every_borough(self):
        out = self.must("table", self.file, "--by", "borough", "--profile", "under-25", "--period", "2022-01..2022-12",
                        "--format", "csv")
        rows = {r["borough"]: r for r in csv.DictReader(io.StringIO(out))}
        names = {f["properties"]["code"]: f["properties"]["name"] for f in json.loads(
            (self.london / "boundaries-borough.geojson").read_text())["features"]}
        have = {names[c]: int(r["count"]) for c, r in rows.items() if c in names}
        self.assertEqual(have, self.targets["boroughs"]["U25 2022"])
        self.assertEqual(rows["E09000016"]["rank"], "24")
        self.assertEqual(round(float(rows["E09000016"]["rate"])), 645)

    def test_wards(self):
        words = ("--vintage", "2022-05", *HAVERING, *PERIOD)
        self.assertEqual(self.counts("ward", "--profile", "domestic-abuse", *words), self.wards("ward_da"))
        self.assertEqual(self.counts("ward", "--profile", "sexual-violence", *words), self.wards("ward_sv"))

    def test_hours_weekdays_and_persons(self):
        t = self.targets
        days = self.counts("weekday", "--profile", "domestic-abuse", *HAVERING, *PERIOD)
        self.assertEqual(sorted(days.values()), sorted(t["weekday_da"].values()))
        sexes = self.counts("victim-sex", "--profile", "domestic-abuse", "--count", "victims", *HAVERING, *PERIOD)
        self.assertEqual(sexes["female"], t["da_victims"]["female"])
        ages = self.counts("suspect-age-band", "--profile", "under-25", "--count", "suspects", *HAVERING, *PERIOD)
        self.assertEqual((ages["under-18"], ages["18-24"], ages["not-recorded"]),
                         tuple(t["u25_suspects"]["age"][k] for k in ("<18", "18-24", "unknown")))
        groups = self.counts("victim-ethnicity", "--profile", "sexual-violence", "--count", "victims", *HAVERING,
                             *PERIOD)
        self.assertEqual(groups["not-recorded"], t["ethnicity"]["sv_victims"]["unknown"])
        accused = self.counts("year", "--profile", "under-25", "--count", "accused", *HAVERING, *PERIOD)
        self.assertEqual(sum(accused.values()), t["accused_u25"])


if __name__ == "__main__":
    unittest.main(verbosity=2)

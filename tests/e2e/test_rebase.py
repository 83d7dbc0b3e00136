"""Counts of the old wards on the new: weights, whole numbers that keep totals, what is said of them.

Real data: Metropolitan Police ward level counts of September 2020 to August 2022, which are on the
wards of 2018, given on those of May 2022 by the residents of Census 2021. Skipped where the shared
data are absent. SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

from harness import REEVE, Case, digest, main, run

BOROUGHS = "boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson"
WARDS_2018 = "boundaries-wards-2018/London_Ward_2018.wgs84.geojson"
WARDS_2022 = "boundaries-wards-current/london_wards_drkane_E12000007.geojson"
LSOAS = "boundaries-lsoa-2021/london-2021-lsoa-gen20.shp"
CENSUS = "census-2021-london/census2021-ts007a-lsoa-london.csv"
WARD_COUNTS = "mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv"
BOROUGH_COUNTS = ["mps-borough-level-crime/mps-borough-level-crime_201004-202107.csv",
                  "mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv"]
HAVERING = "E09000016"
MONTHS = [f"2021-{m:02}" for m in range(1, 13)] + [f"2022-{m:02}" for m in range(1, 9)]


class RealWards(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-wards-")
        cls.addClassCleanup(folder.cleanup)
        cls.loaded = pathlib.Path(folder.name) / "loaded.reeve"

    def setUp(self):
        super().setUp()
        if not self.loaded.exists():
            self.new()
            for path, kind, vintage, code, name in ((BOROUGHS, "borough", "2022", "LAD22CD", "LAD22NM"),
                                                    (WARDS_2018, "ward", "2018", "GSS_CODE", "NAME"),
                                                    (WARDS_2022, "ward", "2022-05", "WD25CD", "WD25NM"),
                                                    (LSOAS, "lsoa", "2021", "LSOA21CD", "LSOA21NM")):
                self.ok("areas", self.file, self.shared(path), "--type", kind, "--vintage", vintage, "--code", code,
                        "--name", name)
            self.ok("import", self.file, self.shared(CENSUS))
            self.ok("import", self.file, self.shared(WARD_COUNTS))
            shutil.copy(self.file, self.loaded)
        shutil.copy(self.loaded, self.file)

    def rebase(self, *words):
        return self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2022-05", *words, "--json").json()

    def table(self, *words):
        return self.ok("table", self.file, "--kind", "area-counts", "--period", "2021-01..2022-08", *words, "--json").json()

    def test_havering_2021_and_2022_on_one_set_of_wards(self):
        report = self.rebase("--by", "population")
        self.assertEqual(report["unchanged"] + report["merged"] + report["split"] + report["outside"], 657)
        self.assertEqual((report["outside"], report["outside_share"], report["other_borough_share"]), (0, 0, 0))
        self.assertGreater(report["slivers"]["count"], 1000, "two drawings of one boundary")
        self.assertIn("Census 2021", report["population"])

        # Every month and category of every borough has the total it had before.
        by = ["--by", "month,category,borough,ward"]
        old, new = (self.table(*by, "--vintage", v)["rows"] for v in ("2018", "2022-05"))
        before, after = collections.Counter(), collections.Counter()
        for rows, totals in ((old, before), (new, after)):
            for r in rows:
                totals[r["month"], r["category"], r["borough"]] += r["count"] or 0
        self.assertEqual(+before, +after)
        self.assertGreater(len(+before), 5000)
        self.assertTrue(all(isinstance(r["count"], int) for r in new if r["count"] is not None))
        self.assertNotIn("moved", old[0])

        # The series itself: 20 wards, 20 months, none missing, and the share that moved.
        made = self.table("--by", "month,ward", "--area", HAVERING, "--vintage", "2022-05")
        rows = made["rows"]
        wards = {r["ward"] for r in rows}
        self.assertEqual((len(wards), len(rows)), (20, 20 * 20))
        self.assertEqual({r["month"] for r in rows}, set(MONTHS))
        self.assertTrue(all(r["count"] is not None and 0 <= (r["moved"] or 0) <= 1 for r in rows))
        total = {m: sum(r["count"] for r in rows if r["month"] == m) for m in MONTHS}
        held = {m: sum(r["count"] or 0 for r in old if r["month"] == m and r["borough"] == HAVERING) for m in MONTHS}
        self.assertEqual(total, held)
        note = next(n for n in made["notes"] if n.startswith("Re-based"))
        self.assertIn("ward) of 2018 to those (ward) of 2022-05 by residents, Census 2021", note)
        self.assertRegex(note, r"\d+ \(\d+\.\d%\) are given to another area")
        moved = sum(r["count"] * (r["moved"] or 0) for r in rows) / sum(r["count"] for r in rows)
        print(f"Havering, 2021-01 to 2022-08: {sum(total.values())} offences, {moved:.1%} of them moved", flush=True)
        self.assertAlmostEqual(moved, float(note.split("(")[3].split("%")[0]) / 100, delta=0.02)
        # Romford Town of 2018 (E05000319) is in the main St Edward's (E05013981), which nobody else helped to make.
        self.assertTrue(all(not r["moved"] for r in rows if r["ward"] == "E05013981"))

    def test_population_beside_area(self):
        people, area = self.rebase("--by", "population"), self.rebase("--by", "area")
        self.assertEqual((people["by"], area["by"], area["population"]), ("population", "area", None))
        # Old wards reach the middle of the Thames: by area some of them lies in no ward, by residents nobody does.
        self.assertEqual(people["outside_share"], 0)
        self.assertGreater(area["outside_share"], 0)
        held = self.ok("sql", self.file, "select count(*) as n from rebase").rows()
        self.assertEqual(held, [{"n": "1"}], "a second one takes the place of the first")
        rows = self.table("--by", "ward", "--vintage", "2022-05")["rows"]
        old = self.table("--by", "ward", "--vintage", "2018")["rows"]
        self.assertEqual(sum(r["count"] or 0 for r in rows), sum(r["count"] or 0 for r in old))
        self.assertGreater(next(r["count"] for r in rows if r["ward"] == "unplaced"), 0)
        self.ok("verify", self.file)

    def test_nothing_is_re_based_without_being_asked(self):
        before = run("table", self.file, "--kind", "area-counts", "--by", "ward", "--period", "2022-01..2022-08",
                     "--vintage", "2022-05")
        self.assertEqual(before.status, 3)
        self.assertIn("--rebase ward:2018 --to ward:2022-05", before.err)
        self.rebase()
        silent = run("table", self.file, "--kind", "area-counts", "--by", "ward", "--period", "2022-01..2022-08")
        self.assertEqual((silent.status, silent.out), (3, ""))
        self.assertIn("--vintage 2022-05", silent.err)

    def test_the_assessment_is_as_it_was(self):
        for name in BOROUGH_COUNTS:
            self.ok("import", self.file, self.shared(name))
        words = ("assess", self.file, "--area", HAVERING, "--period", "2022-01..2022-08", "--compare", "2021-01..2021-08")
        self.ok(*words)
        before = self.ok("findings", self.file).json()
        self.rebase()
        self.ok(*words)
        after = self.ok("findings", self.file).json()
        for one, two in zip(before, after, strict=True):
            one["statement"] = two["statement"] = ""  # may name the re-basing as a way out
            one["query"] = two["query"] = ""
            one["caveats"] = two["caveats"] = []
        self.assertEqual(before, after)


class RealLsoas(Case):
    def test_lsoas_of_2011_on_those_of_2021(self):
        """What the shapes say is what the Office for National Statistics publishes: its change codes U, S
        and M (London has no X), area by area; and the counts of 2021 keep their total."""
        self.new()
        for path, vintage in (("boundaries-lsoa-2011/london-2011-lsoa-gen20.shp", "2011"), (LSOAS, "2021")):
            column = f"LSOA{vintage[2:]}"
            self.ok("areas", self.file, self.shared(path), "--type", "lsoa", "--vintage", vintage, "--code", f"{column}CD",
                    "--name", f"{column}NM")
        self.ok("import", self.file, self.shared(CENSUS))
        self.ok("import", self.file, self.shared("mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv"),
                "--set", "category=violence")
        report = self.ok("areas", self.file, "--rebase", "lsoa:2011", "--to", "lsoa:2021", "--json").json()
        changes, goes_to = {}, collections.defaultdict(set)
        with self.shared("lookups/lookup_lsoa11_lsoa21_ltla22_london.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                changes[row["lsoa11_code"]] = row["change_code"]
                goes_to[row["lsoa11_code"]].add(row["lsoa21_code"])
        published = collections.Counter(changes.values())
        self.assertEqual(published, {"U": 4659, "S": 132, "M": 44})
        self.assertEqual((report["unchanged"], report["split"], report["merged"], report["outside"]), (4659, 132, 44, 0))
        for split in report["splits"]:
            self.assertEqual(changes[split["from"]], "S")
            self.assertEqual({t["code"] for t in split["to"]}, goes_to[split["from"]])
            self.assertAlmostEqual(sum(t["weight"] for t in split["to"]), 1)
        words = ["table", self.file, "--kind", "area-counts", "--by", "lsoa", "--period", "2021", "--vintage"]
        old, new = ({r["lsoa"]: int(r["count"]) for r in self.ok(*words, v).rows() if r["count"]} for v in ("2011", "2021"))
        self.assertEqual(sum(new.values()), sum(old.values()))
        self.assertGreater(sum(old.values()), 200000)
        self.assertTrue(all(new[c] == n for c, n in old.items() if changes.get(c) == "U"))
        into = collections.defaultdict(int)
        for code, change in changes.items():
            if change == "M":
                into[min(goes_to[code])] += old.get(code, 0)
        self.assertTrue(all(new[c] == n for c, n in into.items()))
        for split in report["splits"]:
            parts = sum(new.get(t["code"], 0) for t in split["to"])
            self.assertLessEqual(abs(parts - old.get(split["from"], 0)), 2, "whole numbers are given out over all of London")


def square(code, west, south, wide, high):
    ring = [[west, south], [west + wide, south], [west + wide, south + high], [west, south + high], [west, south]]
    return {"type": "Feature", "properties": {"code": code, "name": f"Area {code}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(features):
    return json.dumps({"type": "FeatureCollection", "features": features,
                       "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}})


E0, N0 = 540000, 185000
A, B, C, D = "E05000001", "E05000002", "E05100001", "E05100002"


class SmallWards(Case):
    """Synthetic: wards A and B of 1 km by 2 km; in 2022 their border has moved 300 metres to the east."""

    def setUp(self):
        super().setUp()
        self.new()
        self.layer("borough", "2018", [square("E09000016", E0, N0, 2000, 2000)])
        self.layer("ward", "2018", [square(A, E0, N0, 1000, 2000), square(B, E0 + 1000, N0, 1000, 2000)])
        self.layer("ward", "2022", [square(C, E0, N0, 1300, 2000), square(D, E0 + 1300, N0, 700, 2000)])
        self.layer("lsoa", "2021", [square(f"E010000{i:02}", E0 + 100 * i, N0, 100, 2000) for i in range(20)])
        persons = [100] * 10 + [400, 200, 0] + [200] * 7
        rows = "".join(f"E010000{i:02},2021,{n}\n" for i, n in enumerate(persons))
        self.ok("import", self.file, self.write("population.csv", "area_code,year,persons\n" + rows), "--as", "population")
        self.ok("import", self.file, self.write("counts.csv", "area_code,category,period_from,period_to,count\n"
                                                f"{A},theft,2021-01,2021-01,7\n{B},theft,2021-01,2021-01,10\n"), "--as", "area-counts")

    def layer(self, kind, vintage, features):
        self.ok("areas", self.file, self.write(f"{kind}-{vintage}.geojson", collection(features)), "--type", kind,
                "--vintage", vintage, "--code", "code", "--name", "name")

    def counts(self):
        rows = self.ok("table", self.file, "--kind", "area-counts", "--by", "ward", "--vintage", "2022").rows()
        return {r["ward"]: (int(r["count"]), round(float(r["moved"]), 6)) for r in rows}

    def test_by_residents_and_by_area(self):
        # Of B's 2,000 residents 600 live in the strip that C has taken: 10 x 0.3 = 3.
        report = self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2022", "--json").json()
        self.assertEqual((report["unchanged"], report["merged"], report["split"], report["clearly_split"]), (0, 1, 1, 1))
        self.assertAlmostEqual(report["moved_share"], 600 / 3000)
        weights = {t["code"]: (t["weight"], t["persons"], t["area_m2"]) for t in report["splits"][0]["to"]}
        self.assertEqual(weights, {C: (0.3, 600, 600000), D: (0.7, 1400, 1400000)})
        self.assertEqual(self.counts(), {C: (10, 0.3), D: (7, 0)})
        text = self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2022", "--by", "area").out
        self.assertIn("by area", text)
        self.assertIn(f"{B} Area {B}: 30.0% Area {C}, 70.0% Area {D}", text)
        self.assertIn("moves away from the main part of its area: 15.00%", text)
        self.ok("verify", self.file)

    def test_wrong_words_are_answered(self):
        for words, status, part in ((["--rebase", "ward:2018"], 2, "--to needs a type and a vintage"),
                                    (["--rebase", "ward:2018", "--to", "ward:1999"], 3, "ward:2022"),
                                    (["--rebase", "ward:2018", "--to", "ward:2018"], 2, "the same areas"),
                                    (["--rebase", "ward:2018", "--to", "ward:2022", "--by", "names"], 2, "population or area"),
                                    (["--rebase", "ward:2018", "--to", "ward:2022", "--sliver", "x"], 2, "metres"),
                                    (["--rebase", "lsoa:2021", "--to", "ward:2022"], 3, "--by area"),
                                    ([], 2, "FILE PATH")):
            result = run("areas", self.file, *words)
            self.assertEqual((result.status, result.out), (status, ""), words)
            self.assertIn(part, result.err)

    def test_slivers_are_dropped_and_listed(self):
        self.layer("ward", "2023", [square(C, E0, N0, 1020, 2000), square(D, E0 + 1020, N0, 980, 2000)])
        words = ["areas", self.file, "--rebase", "ward:2018", "--to", "ward:2023", "--json"]
        drawn = self.ok(*words).json()
        self.assertEqual((drawn["unchanged"], drawn["split"], drawn["slivers"]["count"]), (2, 0, 1))
        self.assertEqual(drawn["slivers"]["largest"][0]["from"], B)
        self.assertAlmostEqual(drawn["slivers"]["area_m2"], 40000)
        changed = self.ok(*words, "--sliver", "10").json()
        self.assertEqual((changed["split"], changed["slivers"]["count"]), (1, 0))

    def test_what_lies_in_no_area_stays_unplaced(self):
        self.layer("ward", "2024", [square(C, E0, N0, 1000, 2000)])
        report = self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2024", "--json").json()
        self.assertEqual((report["unchanged"], report["outside"]), (1, 1))
        rows = self.ok("table", self.file, "--kind", "area-counts", "--by", "ward", "--vintage", "2024").rows()
        self.assertEqual({r["ward"]: r["count"] for r in rows}, {C: "7", "unplaced": "10"})

    def test_a_kill_or_a_full_disk_changes_nothing(self):
        self.ok("areas", self.file, "--rebase", "ward:2018", "--to", "ward:2022")
        kept = self.dir / "kept.reeve"
        shutil.copy(self.file, kept)
        before = digest(self.file)
        words = [REEVE, "areas", str(self.file), "--rebase", "ward:2018", "--to", "ward:2022", "--by", "area"]
        for point in ("store.begin", "rebase.stored", "rebase.parts", "store.commit.before"):
            done = subprocess.run(words, capture_output=True, env={**os.environ, "REEVE_FAULT_POINT": point}, timeout=60)
            self.assertEqual(done.returncode, -signal.SIGKILL, point)
            self.ok("verify", self.file)
            self.assertEqual(digest(self.file), before, point)
        size = self.file.stat().st_size

        def no_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

        done = subprocess.run(words, capture_output=True, text=True, preexec_fn=no_room, timeout=60)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.ok("verify", self.file)
        self.assertEqual(digest(self.file), before)
        self.assertEqual(self.file.stat().st_size, size)
        subprocess.run(words, check=True, capture_output=True, timeout=60)
        self.assertNotEqual(digest(self.file), before)


if __name__ == "__main__":
    main()

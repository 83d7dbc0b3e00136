"""Real public London data against what is known of them (skipped where the shared data are absent).

Anchors: the README of the shared data, Metropolitan Police borough and ward level counts, street
files of 2016 to 2018, Census 2021. SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip

from harness import Case, main, run

BOROUGHS = "boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson"
WARDS_2018 = "boundaries-wards-2018/London_Ward_2018.wgs84.geojson"
WARDS_2022 = "boundaries-wards-current/london_wards_drkane_E12000007.geojson"
LSOAS = "boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson"
STREET = "police-street-london-2016-2018/havering-street_2016-01_2018-06.csv"
LONDON = "police-street-london-2016-2018/london-25-boroughs-violence-robbery-weapons_2016-07_2018-06.csv.gz"
BOROUGH_FILES = ["mps-borough-level-crime/mps-borough-level-crime_201004-202107.csv",
                 "mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv"]
WARD_OLD = "mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv"
WARD_NEW = "mps-ward-level-crime/mps-ward-level-crime_202304-202503.csv"
HAVERING = "E09000016"
VIOLENCE, WEAPONS, SEXUAL = "Violence Against the Person", "Possession of Weapons", "Sexual Offences"


class RealData(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def areas(self, relative, kind, vintage, code, name, count):
        path = self.shared(relative)
        report = self.ok("areas", self.file, path, "--type", kind, "--vintage", vintage, "--code", code,
                         "--name", name, "--json").json()
        self.assertEqual(report["areas"], count)

    def boroughs(self):
        self.areas(BOROUGHS, "borough", "2022", "LAD22CD", "LAD22NM", 33)

    def wards_2018(self):
        self.areas(WARDS_2018, "ward", "2018", "GSS_CODE", "NAME", 657)

    def wards_2022(self):
        self.areas(WARDS_2022, "ward", "2022-05", "WD25CD", "WD25NM", 704)

    def lsoas(self):
        self.areas(LSOAS, "lsoa", "2011", "LSOA11CD", "LSOA11NM", 150)

    def load(self, relative, status=0):
        return self.ok("import", self.file, self.shared(relative), "--json", status=status).json()

    def table(self, *words):
        return self.ok("table", self.file, *words).rows()

    def test_every_row_of_the_havering_street_file_is_accounted_for(self):
        self.boroughs()
        self.lsoas()
        report = self.load(STREET)
        self.assertEqual(report["read"], 53832)
        self.assertEqual(report["read"], report["accepted"] + report["quarantined"] + report["duplicates"]
                         + report["excluded"])
        self.assertEqual(report["quarantined"], 0)
        self.assertIn("proj=tmerc", report["projection"]["pipeline"])
        self.assertLessEqual(report["projection"]["accuracy_m"], 2)
        # Counted apart with Python's csv module: identical rows that have a crime id; rows without
        # an id (anti-social behaviour) may be different incidents on one map point and are all kept.
        self.assertEqual(report["duplicates"], 818)
        held = self.ok("sql", self.file, "select count(*) as n from offences where current").rows()
        self.assertEqual(int(held[0]["n"]), report["accepted"])
        violence = [r for r in self.table("--by", "lsoa", "--where", "category=Violence and sexual offences",
                                          "--period", "2017-07..2018-06") if r["count"]]
        violence.sort(key=lambda r: -int(r["count"]))
        names = {r["code"]: r["name"] for r in self.ok("sql", self.file, "select code, name from area").rows()}
        self.assertEqual([names[r["lsoa"]] for r in violence[:2]], ["Havering 013C", "Havering 013E"])

    def test_the_missing_month_is_not_available(self):
        self.boroughs()
        self.load(STREET)
        months = {r["month"]: r for r in self.table("--by", "month", "--period", "2016-01..2016-06")}
        self.assertEqual(months["2016-03"]["count"], "")
        self.assertIn("not-available", str(months["2016-03"]))
        self.assertGreater(int(months["2016-04"]["count"]), 1000)

    def test_the_london_violence_file_imports_and_places(self):
        self.boroughs()
        self.wards_2018()
        report = self.load(LONDON)
        self.assertEqual(report["read"], 371040)
        placed = {r["borough"]: int(r["count"]) for r in self.table("--by", "borough") if r["count"]}
        self.assertEqual(sum(placed.values()), report["accepted"])
        self.assertLess(placed.get("unplaced", 0), 0.01 * report["accepted"])
        self.assertLess(placed["E09000012"], 0.05 * max(placed.values()), "Hackney is not in the file: strays only")

    def test_borough_counts_and_ranks(self):
        self.boroughs()
        reports = [self.load(name) for name in BOROUGH_FILES]
        for report in reports:
            self.assertGreater(report["excluded"], 0, "the airports are not a borough")
            self.assertIn("airport", str(report).lower())
        expected = {(VIOLENCE, "2021"): (5567, 24), (VIOLENCE, "2022"): (6183, 24), (WEAPONS, "2021"): (137, 24),
                    (WEAPONS, "2022"): (190, 16), (SEXUAL, "2021"): (607, 22), (SEXUAL, "2022"): (601, 25)}
        for (category, year), (count, rank) in expected.items():
            rows = self.table("--kind", "area-counts", "--by", "borough", "--where", f"category={category}",
                              "--period", year)
            mine = next(r for r in rows if r["borough"] == HAVERING)
            self.assertEqual((int(mine["count"]), int(mine["rank"]), int(mine["of"])), (count, rank, 32),
                             (category, year))
            self.assertLessEqual(int(mine["rank_low"]), rank)
            self.assertGreaterEqual(int(mine["rank_high"]), rank)

    def test_ward_ranks_and_the_refusal_to_mix_vintages(self):
        self.boroughs()
        self.wards_2018()
        self.wards_2022()
        self.load(WARD_OLD)
        rows = self.table("--kind", "area-counts", "--by", "ward", "--where", f"category={SEXUAL}", "--period",
                          "2021", "--vintage", "2018")
        ranked = [r for r in rows if r["rank"]]
        names = {r["code"]: r["name"] for r in self.ok("sql", self.file, "select code, name from area").rows()}
        fourth = [names[r["ward"]] for r in ranked if r["rank"] == "4"]
        self.assertEqual(fourth, ["Romford Town"])
        self.assertEqual({r["of"] for r in ranked}, {"632"})
        violence = self.table("--kind", "area-counts", "--by", "ward", "--where", f"category={VIOLENCE}",
                              "--period", "2021", "--vintage", "2018")
        self.assertEqual([r["rank"] for r in violence if names.get(r["ward"]) == "Romford Town"], ["11"])
        self.load(WARD_NEW)
        for words in (["--period", "2022-01..2024-12"], ["--period", "2021", "--vintage", "2022-05"]):
            refused = run("table", self.file, "--kind", "area-counts", "--by", "ward", *words)
            self.assertEqual(refused.status, 3, refused.out[:300])
            self.assertIn("vintage", refused.err)
            self.assertIn("--as lookup", refused.err)

    def test_census_residents(self):
        self.boroughs()
        report = self.load("census-2021-london/census2021-ts007a-ltla.csv")
        self.assertEqual(report["read"], 331)
        total = self.ok("sql", self.file, f"select sum(persons) as n from population where area_code = '{HAVERING}'")
        self.assertEqual(float(total.rows()[0]["n"]), 262052)

    def test_an_assessment_of_havering(self):
        self.boroughs()
        self.wards_2018()
        self.lsoas()
        for name in [*BOROUGH_FILES, WARD_OLD, STREET, "census-2021-london/census2021-ts007a-ltla.csv"]:
            self.load(name)
        out = self.dir / "report"
        self.ok("assess", self.file, "--area", HAVERING, "--period", "2022", "--compare", "2021", "--out", out)
        findings = {f["id"]: f for f in self.ok("findings", self.file).json()}
        violence = findings["published-counts.violence-against-the-person.total"]
        self.assertEqual(violence["value"], 6183)
        rank = findings["published-counts.violence-against-the-person.rank"]
        self.assertEqual((rank["rank"], rank["of"]), (24, 32))
        weapons = findings["published-counts.possession-of-weapons.change"]
        self.assertIn("137", weapons["statement"])
        self.assertIn("190", weapons["statement"])
        # A finding's own query gives its number again.
        words = violence["query"].replace("FILE", str(self.file), 1)
        import shlex
        again = run(*shlex.split(words)[1:])
        self.assertEqual(again.status, 0, again.err)
        self.assertIn("6183", again.out)

    def test_the_same_file_twice_a_wrong_profile_and_damage(self):
        self.boroughs()
        self.load(BOROUGH_FILES[0])
        twice = run("import", self.file, self.shared(BOROUGH_FILES[0]))
        self.assertEqual(twice.status, 3)
        self.assertIn("already", twice.err)
        street = self.shared(STREET).read_bytes()
        count = "select count(*) as n from extract"
        cases = {
            "wrong profile": (street, ["--profile", "mps-borough"]),
            "as a look-up": (street, ["--as", "lookup"]),
            "UTF-16 cut off": (street[:200000].decode().encode("utf-16")[:-1], []),
            "truncated gzip": (gzip.compress(street)[:-5000], []),
            "empty": (b"", []),
        }
        for name, (data, words) in cases.items():
            path = self.write("2016-street.csv", data)
            refused = run("import", self.file, path, *words)
            self.assertEqual(refused.status, 3, (name, refused.out, refused.err))
            self.assertTrue(refused.err.strip(), name)
            self.assertEqual(self.ok("sql", self.file, count).rows()[0]["n"], "1", name)
        self.ok("verify", self.file)

    def test_damaged_rows_are_quarantined_and_the_others_load(self):
        self.boroughs()
        lines = self.shared(STREET).read_bytes().splitlines(keepends=True)[:1001]
        lines[100] = lines[100][:40] + b"\n"                         # cut off
        lines[200] = lines[200].rstrip(b"\n") + b",one,two,many\n"    # too long
        lines[300] = lines[300].replace(b"On or near", b"On\x00or near")
        lines[400] = lines[400].replace(b"On or near", b"On or near Caf\xe9")
        lines[500] = lines[500].replace(b"2016-01", b"2016-13")
        path = self.write("street.csv", b"".join(lines))
        kept = self.dir / "quarantine.csv"
        report = self.ok("import", self.file, path, "--json", "--quarantine", kept, status=1).json()
        self.assertEqual(report["read"], 1000)
        self.assertEqual(report["quarantined"], 5)
        self.assertEqual(report["accepted"] + report["duplicates"], 995)
        import csv
        with kept.open(newline="") as opened:
            rows = list(csv.DictReader(opened))
        self.assertEqual([int(r["line"]) for r in rows], [101, 201, 301, 401, 501])
        self.assertTrue(all(r["code"] and r["sentence"] for r in rows))


if __name__ == "__main__":
    main()

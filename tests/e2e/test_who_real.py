"""Who is harmed and suspected in real files: what they can bear is counted anew, what they cannot is said and not guessed.

New York's shootings and the first rows of Los Angeles have no British places: squares on the map carry the names of their
boroughs and areas. None of the files has pseudonyms, relationships or self-defined ethnicity, and each finding must say so.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json

from harness import ROOT, Case, main

EXAMPLES = ROOT / "profiles" / "examples"


def rows_of(path):
    with open(path, encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


class RealPeople(Case):
    PATH = None

    def setUp(self):
        super().setUp()
        self.path = self.shared(self.PATH)
        self.rows = rows_of(self.path)
        self.new()

    def squares(self, names):
        """A square of half a kilometre for each name, all in one row; returns the codes."""
        features = []
        for i, name in enumerate(names):
            west, south = -0.5 + i / 50, 51.5
            ring = [(west, south), (west + 0.01, south), (west + 0.01, south + 0.01), (west, south + 0.01), (west, south)]
            features.append({"type": "Feature", "properties": {"code": f"Z{i:02}", "name": name},
                             "geometry": {"type": "Polygon", "coordinates": [ring]}})
        path = self.write("squares.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
        self.ok("areas", self.file, path, "--type", "borough", "--vintage", "2018", "--code", "code", "--name", "name")
        return {name: f"Z{i:02}" for i, name in enumerate(names)}

    def profile(self, name, **columns):
        """An example with more columns: a header with a map, or a constant."""
        text = json.loads((EXAMPLES / f"{name}.json").read_text())
        text["columns"].pop("category", None)  # 65 of them are no matter of this test
        for column, value in columns.items():
            if isinstance(value, str):
                text["constants"][column] = value
            else:
                text["columns"][column] = {"from": value[0], "map": value[1]}
        return self.write(f"{name}.json", json.dumps(text).encode())

    def define(self, groups):
        definition = {"definition": "test", "version": "1", "title": "A test",
                      "profiles": [{"id": "every", "title": "Every one", "offences": groups}]}
        self.ok("define", self.file, "adopt", self.write("definition.json", json.dumps(definition).encode()))

    def assess(self, area, period, compare=None):
        self.ok("assess", self.file, "--area", area, "--period", period, *(("--compare", compare) if compare else ()),
                "--out", self.dir / "out")
        return {f["id"]: f for f in self.ok("findings", self.file, "--format", "json").json()}

    def table(self, name):
        return {r[next(iter(r))]: r for r in rows_of(self.dir / "out" / "tables" / f"{name}.csv")}

    def check_not_available(self, finding, *reasons):
        self.assertEqual((finding["verdict"], finding["value"]), ("not available", None), finding)
        for reason in reasons:
            self.assertIn(reason, finding["statement"])

    def check_sexes(self, finding, rows, column, sex="female"):
        known = [r[column] for r in rows if r[column] in ("M", "F", "Male", "Female")]
        part = sum(v[0].lower() == sex[0] for v in known)
        self.assertEqual((finding["numerator"], finding["denominator"], finding["missing"]),
                         (part, len(known), len(rows) - len(known)))


class NewYork(RealPeople):
    PATH = "nypd-shootings/NYPD_Shooting_Incident_Data_Historic.csv"

    def setUp(self):
        super().setUp()
        codes = self.squares(sorted({r["BORO"] for r in self.rows}))
        self.area = codes["BRONX"]
        for name in ("nypd-shootings", "nypd-shooting-victims", "nypd-shooting-suspects"):
            more = {"borough_code": ("BORO", codes), "offence_group": "gbh"} if name == "nypd-shootings" else {}
            self.ok("import", self.file, self.path, "--profile", self.profile(name, **more), status=1 if more else 0)

    def test_victims_and_suspects_of_the_bronx(self):
        self.define(["gbh"])
        found = self.assess(self.area, "2020-01..2020-12", "2019-01..2019-12")
        rows = [r for r in self.rows if r["BORO"] == "BRONX" and r["OCCUR_DATE"].endswith("/20")]
        named = [r for r in rows if r["PERP_SEX"]]
        self.check_sexes(found["every.victims.female"], rows, "VIC_SEX")
        self.check_sexes(found["every.suspects.male"], named, "PERP_SEX", "male")
        held = [r for r in rows if r["VIC_RACE"] not in ("", "UNKNOWN")]
        self.check_not_available(found["every.victims.ethnicity"], "self-defined ethnicity of none",
                                 f"what an officer observed, held for {len(held):,}", "another question")
        self.check_not_available(found["every.suspects.ethnicity"], "what an officer observed")
        self.check_not_available(found["every.victims.repeat"], "no pseudonym of theirs")
        self.check_not_available(found["every.all.relationship"], "the relationship of none of the suspects")
        self.assertNotIn("every.all.partners", found)
        for name in ("every-victims-ethnicity", "every-victims-repeat", "every-relationships"):
            self.assertFalse((self.dir / "out" / "tables" / f"{name}.csv").exists(), name)
        recorded = self.table("every-victims-recorded")
        ages = sum(r["VIC_AGE_GROUP"] in ("UNKNOWN", "25-44", "45-64") for r in rows)  # the two lie across 35 and 50
        self.assertGreater(2 * ages, len(rows))
        self.assertEqual(found["every.victims.under-18"]["verdict"], "not reliable")
        self.assertEqual((recorded["age"]["now"], recorded["all persons"]["now"]), (str(ages), str(len(rows))))
        self.assertEqual(recorded["self-defined ethnicity"]["now"], str(len(rows)))
        before = [r for r in self.rows if r["BORO"] == "BRONX" and r["OCCUR_DATE"].endswith("/19")]
        self.assertEqual(recorded["all persons"]["before"], str(len(before)))


class LosAngeles(RealPeople):
    PATH = "lapd-crime-2020-sample/LA_crime_first1000.csv"

    def test_victims_without_suspects_and_without_places(self):
        codes = self.squares(sorted({r["AREA NAME"] for r in self.rows}))
        groups = ("Crm Cd Desc", {r["Crm Cd Desc"]: "other-violence" for r in self.rows})
        self.ok("import", self.file, self.path, "--profile",
                self.profile("lapd-crime", borough_code=("AREA NAME", codes), offence_group=groups))
        self.ok("import", self.file, self.path, "--profile", self.profile("lapd-victims"))
        self.define(["other-violence"])
        found = self.assess(codes["Central"], "2020-01..2020-12")
        rows = [r for r in self.rows if r["AREA NAME"] == "Central" and r["Date Rptd"][6:10] == "2020"]
        self.check_sexes(found["every.victims.female"], rows, "Vict Sex")
        self.assertEqual(found["every.victims.female"]["missing"], sum(r["Vict Sex"] not in ("M", "F") for r in rows))
        young = found["every.victims.under-18"]
        self.assertEqual(young["missing"], sum(r["Vict Age"] == "0" for r in rows))  # no age, not a baby
        self.assertEqual(young["numerator"], sum(0 < int(r["Vict Age"]) < 18 for r in rows))
        self.check_not_available(found["every.victims.ethnicity"], "what an officer observed")
        self.check_not_available(found["every.victims.repeat"], "no pseudonym of theirs")
        self.assertFalse([f for f in found if ".suspects." in f or f.endswith((".relationship", ".partners"))])


class LondonHomicides(RealPeople):
    PATH = "mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv"

    def test_a_borough_of_few_victims(self):
        boundary = self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson")
        self.ok("areas", self.file, boundary, "--type", "borough", "--vintage", "2022", "--code", "LAD22CD",
                "--name", "LAD22NM")
        self.ok("import", self.file, self.path)
        self.define(["homicide"])
        for area, name in (("E09000016", "Havering"), ("E09000028", "Southwark")):
            found = self.assess(area, "2012-01..2020-12", "2003-01..2011-12")
            rows = [r for r in self.rows if r["Borough"] == name and 12 <= int(r["Recorded Date"][-2:]) <= 20]
            self.check_sexes(found["every.victims.female"], rows, "Sex")
            self.assertEqual(found["every.victims.female"]["value"] is None, len(rows) < 20)
            self.check_not_available(found["every.victims.ethnicity"], "what an officer observed")
            self.check_not_available(found["every.victims.repeat"], "no pseudonym of theirs")
            self.assertFalse([f for f in found if ".suspects." in f])
            self.assertEqual(self.table("every-victims-recorded")["all persons"]["now"], str(len(rows)))


class MetSearches(Case):
    """Searches are of people, but nobody in them is a victim or suspect of a recorded offence."""

    def test_searches_make_no_victims_and_no_suspects(self):
        paths = sorted(self.shared("police-met-stop-and-search").glob("*.csv.gz"))[:1]
        boundary = self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson")
        self.new()
        self.ok("areas", self.file, boundary, "--type", "borough", "--vintage", "2022", "--code", "LAD22CD",
                "--name", "LAD22NM")
        self.ok("import", self.file, *paths)
        self.ok("define", self.file, "adopt", "havering")
        self.ok("assess", self.file, "--area", "E09000016", "--period", "2021-06..2021-06")
        found = self.ok("findings", self.file, "--format", "json").json()
        self.assertFalse([f["id"] for f in found if ".victims." in f["id"] or ".suspects." in f["id"]])
        total = next(f for f in found if f["id"] == "recorded-crime.all.total")
        self.assertIn("no extract of offences", total["statement"])


if __name__ == "__main__":
    main()

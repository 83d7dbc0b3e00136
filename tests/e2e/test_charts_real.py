"""Census, deprivation and population on maps of London, from the publishers' own files.

Skips, saying so, where the shared data are absent. Every expected value is read from the file that
was imported by another reader. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json
import xml.etree.ElementTree as ET

from harness import Case, main, run

SVG = "{http://www.w3.org/2000/svg}"
IMD = "imd-2019-london/imd2019_london_lsoa.csv"
TS011 = "census-2021-london/census2021-ts011-lsoa-london.csv"
TS007A = "census-2021-london/census2021-ts007a-lsoa-london.csv"
FOUR = "Household deprivation: Household is deprived in four dimensions; measures: Value"
ALL = "Household deprivation: Total: All households; measures: Value"


class RealMaps(Case):
    def areas(self, path, kind, vintage, code, name):
        self.ok("areas", self.file, self.shared(path), "--type", kind, "--vintage", vintage, "--code", code, "--name", name)

    def profile(self, name, columns, **constants):
        constants.setdefault("period_from", "2019-01")
        constants.setdefault("period_to", "2019-12")
        return self.write(f"{name}.json", json.dumps({"profile": name, "version": 1, "kind": "indicators", "columns": columns,
                                                      "constants": {"indicator": name, **constants}}))

    def marks(self, *words):
        root = ET.fromstring(self.ok("map", self.file, *words).out)
        found = {}
        for path in root.iter(SVG + "path"):
            title = path.find(SVG + "title")
            if title is not None:
                name, value = title.text.rsplit(": ", 1)
                self.assertNotIn(name, found)
                found[name] = value
        return found

    def rows(self, path):
        with open(self.shared(path), newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    def test_deprivation_joins_every_lsoa_of_2011_and_others_by_code_only(self):
        self.new()
        self.areas("boundaries-lsoa-2011/london-2011-lsoa-gen20.shp", "lsoa", "2011", "LSOA11CD", "LSOA11NM")
        self.areas("boundaries-lsoa-2021/london-2021-lsoa-gen20.shp", "lsoa", "2021", "LSOA21CD", "LSOA21NM")
        score = "Index of Multiple Deprivation (IMD) Score"
        profile = self.profile("imd-score", {"area_code": {"from": "LSOA code (2011)"}, "value": {"from": score}},
                               title="Index of Multiple Deprivation 2019", unit="score")
        self.ok("import", self.file, self.shared(IMD), "--profile", profile)
        found = self.marks("--by", "lsoa", "--indicator", "imd-score")
        wanted = {r["LSOA name (2011)"]: float(r[score]) for r in self.rows(IMD)}
        self.assertEqual(len(found), 4835)
        self.assertEqual(set(found), set(wanted))
        for name, value in wanted.items():
            self.assertAlmostEqual(float(found[name]), value, delta=0.0006, msg=name)
        # On the boundaries of 2021 the areas that were split or merged have no score:
        later = self.ok("map", self.file, "--by", "lsoa", "--indicator", "imd-score", "--vintage", "2021", "--out",
                        self.dir / "later.html")
        self.assertIn("4994 areas", later.out)
        self.assertIn("its publisher has no row for this area", (self.dir / "later.html").read_text())

    def test_census_shares_and_densities_join_every_lsoa_of_2021(self):
        self.new()
        self.areas("boundaries-lsoa-2021/london-2021-lsoa-gen20.shp", "lsoa", "2021", "LSOA21CD", "LSOA21NM")
        self.areas("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "borough", "2021", "LAD22CD", "LAD22NM")
        profile = self.profile("ts011-four", {"area_code": {"from": "geography code"}, "value": {"from": FOUR},
                                              "denominator": {"from": ALL}},
                               title="Households deprived in four dimensions", unit="households",
                               period_from="2021-03", period_to="2021-03")
        self.ok("import", self.file, self.shared(TS011), "--profile", profile)
        found = self.marks("--by", "lsoa", "--indicator", "ts011-four")
        rows = {r["geography"]: r for r in self.rows(TS011)}
        self.assertEqual(len(found), 4994)
        self.assertEqual(set(found), set(rows))
        for name, row in rows.items():
            share = 100 * float(row[FOUR]) / float(row[ALL])
            printed = 0.05 if found[name].startswith("less than") else float(found[name].rstrip("%"))
            self.assertAlmostEqual(printed, share, delta=0.051, msg=name)
        havering = self.marks("--by", "lsoa", "--indicator", "ts011-four", "--area", "E09000016")
        self.assertEqual(len(havering), 153)
        self.assertTrue(all(name.startswith("Havering ") for name in havering))
        self.ok("import", self.file, self.shared(TS007A))
        residents = self.marks("--by", "lsoa", "--indicator", "residents")
        total = sum(int(v.replace(",", "")) for n, v in residents.items() if n.startswith("Havering "))
        self.assertAlmostEqual(total, 262052, delta=300)  # the borough's Census count; cells are perturbed
        self.assertNotIn("not available", residents.values())
        result = run("map", self.file, "--by", "borough", "--indicator", "ts011-four")
        self.assertEqual(result.status, 3)
        self.assertIn("join by code only", result.err)


if __name__ == "__main__":
    main()

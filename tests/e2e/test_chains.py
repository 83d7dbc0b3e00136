"""Counts of LSOAs of 2011 through look-ups: by the change codes to those of 2021, from there to the wards
of a date and the boroughs; splits by residents. Real data; skipped where they are absent.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv

from harness import Case, main

BOROUGHS = "boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson"
WARDS = "boundaries-wards-current/london_wards_drkane_E12000007.geojson"
LSOAS = "boundaries-lsoa-2021/london-2021-lsoa-gen20.shp"
CENSUS = "census-2021-london/census2021-ts007a-lsoa-london.csv"
COUNTS = "mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv"
CHANGES = "lookups/lookup_lsoa11_lsoa21_ltla22_london.csv"
TO_WARD = "lookups/lsoa21_ward25_lad25_london.csv"


class Chains(Case):
    def layers(self, *layers):
        for path, kind, vintage, code, name in layers:
            self.ok("areas", self.file, self.shared(path), "--type", kind, "--vintage", vintage, "--code", code,
                    "--name", name)

    def table(self, by, *more):
        answer = self.ok("table", self.file, "--kind", "area-counts", "--by", by, "--period", "2021", *more,
                         "--json").json()
        return {r[by]: r["count"] for r in answer["rows"] if r["count"] is not None}, answer["notes"]

    def published(self):
        with self.shared(COUNTS).open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        column = next(c for c in rows[0] if c.endswith("2021"))
        code = next(c for c in rows[0] if rows[0][c].startswith("E01"))
        return {r[code]: int(float(r[column])) for r in rows}

    def changes(self):
        with self.shared(CHANGES).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_2011_to_2021_to_ward_to_borough_keeps_every_total(self):
        self.new()
        self.layers((BOROUGHS, "borough", "2022", "LAD22CD", "LAD22NM"), (WARDS, "ward", "2025", "WD25CD", "WD25NM"),
                    (LSOAS, "lsoa", "2021", "LSOA21CD", "LSOA21NM"))
        self.ok("import", self.file, self.shared(CENSUS))
        self.ok("import", self.file, self.shared(CHANGES))
        self.ok("import", self.file, self.shared(TO_WARD))
        self.ok("import", self.file, self.shared(COUNTS), "--set", "category=Violence")
        published, changes = self.published(), self.changes()
        total = sum(published.values())
        kinds = collections.Counter(r["change_code"] for r in {r["lsoa11_code"]: r for r in changes}.values())
        self.assertEqual(sum(kinds.values()), 4835)
        borough = {r["lsoa11_code"]: r["ltla22_code"] for r in changes}
        want = collections.Counter()
        for code, count in published.items():
            want[borough[code]] += count
        for by in ("lsoa", "ward", "borough"):
            counts, notes = self.table(by)
            self.assertEqual(sum(counts.values()), total, by)
        self.assertEqual({k: v for k, v in counts.items() if v}, dict(want))
        splits = collections.Counter(r["lsoa11_code"] for r in changes)
        note = f"{sum(n > 1 for n in splits.values())} are shared out by residents and 0 equally"
        self.assertTrue(any(note in n for n in notes), notes)

        # Unchanged and merged codes carry their counts; a split one goes by the residents of its parts.
        counts, _ = self.table("lsoa")
        goes = collections.defaultdict(set)
        comes = collections.defaultdict(set)
        for r in changes:
            goes[r["lsoa11_code"]].add(r["lsoa21_code"])
            comes[r["lsoa21_code"]].add(r["lsoa11_code"])
        for new, olds in comes.items():
            if all(len(goes[o]) == 1 and o in published for o in olds):
                self.assertEqual(counts[new], sum(published.get(o, 0) for o in olds), new)
        with self.shared(CENSUS).open(encoding="utf-8-sig") as file:
            residents = {}
            for r in csv.DictReader(file):
                code = next(v for v in r.values() if v.startswith("E01"))
                residents[code] = int(next(v for k, v in r.items() if "Total" in k))
        for old, news in goes.items():
            if len(news) > 1 and old in published and all(len(comes[n]) == 1 for n in news):
                whole = sum(residents[n] for n in news)
                for n in news:
                    self.assertAlmostEqual(counts[n], published.get(old, 0) * residents[n] / whole, delta=1.0001)

    def test_without_residents_a_split_is_equal_and_said(self):
        self.new()
        squares = ",".join('{"type":"Feature","properties":{"code":"%s","name":"%s"},"geometry":{"type":"Polygon",'
                           '"coordinates":[[[%d,180000],[%d,180000],[%d,180100],[%d,180100],[%d,180000]]]}}' %
                           (c, c, x, x + 100, x + 100, x, x) for c, x in (("E01033571", 550000), ("E01033572", 550100)))
        path = self.write("new.geojson", '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":'
                          '"urn:ogc:def:crs:EPSG::27700"}},"features":[%s]}' % squares)
        self.ok("areas", self.file, path, "--type", "lsoa", "--vintage", "2021", "--code", "code", "--name", "name")
        self.ok("import", self.file, self.write("l.csv", "from_code,to_code,basis\nE01000001,E01033571,best-fit\n"
                                                "E01000001,E01033572,best-fit\n"))
        self.ok("import", self.file, self.write("c.csv", "area_code,offence_group,period_from,period_to,count\n"
                                                "E01000001,gbh,2021-01-01,2021-12-31,100\n"))
        counts, notes = self.table("lsoa")
        self.assertEqual(counts, {"E01033571": 50, "E01033572": 50})
        self.assertTrue(any("0 are shared out by residents and 1 equally" in n for n in notes), notes)
        self.ok("import", self.file, self.write("p.csv", "area_code,year,persons\nE01033571,2021,3000\n"
                                                "E01033572,2021,1000\nE01033571,2011,1\nE01033572,2011,1\n"))
        counts, notes = self.table("lsoa")
        self.assertEqual(counts, {"E01033571": 75, "E01033572": 25})
        self.assertTrue(any("1 are shared out by residents and 0 equally" in n for n in notes), notes)


if __name__ == "__main__":
    main()

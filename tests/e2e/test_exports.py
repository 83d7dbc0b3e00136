"""What goes into Excel, Word and a map: workbooks, documents and GeoJSON, read back with other eyes.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import datetime
import filecmp
import json
import pathlib
import re
import tempfile
import unittest

from harness import Case, main, run, street_row, synthetic_borough, STREET_HEADER
from workbook import Workbook

ASSESS = ["--area", "E09000016", "--period", "2022", "--compare", "2021"]
# What Excel takes as a cell and therefore refuses as the name of a table.
LIKE_A_CELL = re.compile(r"^([A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*)$")


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


class Borough(unittest.TestCase):
    """The synthetic borough with every file that an assessment can write; made once for all classes."""

    @classmethod
    def setUpClass(cls):
        if "dir" in Borough.__dict__:
            return
        Borough.folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        unittest.addModuleCleanup(Borough.folder.cleanup)
        Borough.dir = pathlib.Path(Borough.folder.name)
        Borough.file, _ = synthetic_borough(Borough.dir)
        Borough.out = Borough.dir / "one"
        result = run("assess", Borough.file, *ASSESS, "--out", Borough.out, "--xlsx", "--threads", "1")
        assert result.status == 0, result.err
        Borough.book = Workbook(Borough.out / "tables.xlsx")

    def csv_of(self, table):
        with open(self.out / "tables" / f"{table}.csv", newline="") as file:
            return list(csv.reader(file))


class Xlsx(Borough):
    def test_the_same_bytes_on_any_number_of_threads(self):
        two = self.dir / "two"
        result = run("assess", self.file, *ASSESS, "--out", two, "--xlsx", "--threads", "2")
        self.assertEqual(result.status, 0, result.err)
        self.assertTrue(filecmp.cmp(self.out / "tables.xlsx", two / "tables.xlsx", shallow=False))
        self.assertEqual(sorted(p.name for p in self.out.iterdir()),
                         ["findings.csv", "findings.json", "report.html", "tables", "tables.xlsx"])

    def test_sheets_are_named_well_and_each_has_one_table(self):
        names = [s.name for s in self.book.sheets]
        self.assertEqual(names[:3], ["Contents", "Notes", "Sources"])
        self.assertEqual(len({n.lower() for n in names}), len(names))
        tables = [t["name"] for s in self.book.sheets for t in s.tables]
        self.assertEqual(len({t.lower() for t in tables}), len(tables))
        for sheet in self.book.sheets:
            self.assertLessEqual(len(sheet.name), 31)
            self.assertFalse(set(sheet.name) & set("[]:*?/\\"), sheet.name)
            self.assertEqual(len(sheet.tables), 1, sheet.name)
            self.assertEqual(sheet.merges, 0, sheet.name)
            self.assertEqual(sheet.formulas, 0, sheet.name)
            self.assertEqual(sheet.hidden, [], sheet.name)
            self.assertEqual(sheet.frozen, ["frozen"], sheet.name)
        for name in tables:
            self.assertRegex(name, r"^[A-Za-z_][A-Za-z0-9_.]*$")
            self.assertNotRegex(name, LIKE_A_CELL)

    def test_tables_start_in_column_a_with_a_header_and_no_blank_cell(self):
        for sheet in self.book.sheets:
            table = sheet.tables[0]
            self.assertEqual(table["first"][1], 1, sheet.name)
            self.assertEqual(table["header"], table["columns"], sheet.name)
            self.assertEqual(len({c.lower() for c in table["columns"]}), len(table["columns"]), sheet.name)
            self.assertGreaterEqual(len(table["rows"]), 1)
            for row in table["rows"]:
                self.assertNotIn(None, row, f"{sheet.name}: a blank cell in {row}")
                self.assertFalse([c for c in row if isinstance(c, str) and not c.strip()], sheet.name)
            # Above it: a title in A1 and no gap; nothing beside or below it.
            above = [sheet.cells.get((r, 1)) for r in range(1, table["first"][0])]
            self.assertNotIn(None, above, sheet.name)
            outside = [at for at in sheet.cells if at[0] > table["last"][0] or at[1] > table["last"][1]
                       or (at[0] < table["first"][0] and at[1] > 1)]
            self.assertEqual(outside, [], sheet.name)

    def test_every_link_leads_somewhere(self):
        names = {s.name for s in self.book.sheets}
        contents = self.book.named["Contents"]
        for sheet in self.book.sheets:
            for at, location in sheet.links.items():
                target, cell = location.replace("'", "").split("!")
                self.assertIn(target, names, f"{sheet.name} {at}")
                self.assertEqual(cell, "A1")
        self.assertEqual({l.split("!")[0] for l in contents.links.values()}, names - {"Contents"})
        for sheet in self.book.sheets[1:]:
            self.assertIn("Contents!A1", sheet.links.values(), sheet.name)

    def test_properties_and_symbols(self):
        self.assertIn("Havering", self.book.property("title"))
        self.assertEqual(self.book.property("creator"), "Synthetic <partnership> & friends")
        self.assertRegex(self.book.property("created"), r"^\d{4}-\d\d-\d\dT00:00:00Z$")
        self.assertIn(b"en-GB", self.book.zip.read("docProps/custom.xml"))
        notes = {row[0]: row[2] for row in self.book.named["Notes"].tables[0]["rows"]}
        self.assertIn("not zero", notes["[x]"])
        self.assertIn("Synthetic", notes["How to cite"])
        self.assertIn("Definition", notes)
        # Each note that a table refers to is there.
        for sheet in self.book.sheets[3:]:
            for at, text in sheet.cells.items():
                if isinstance(text, str) and re.match(r"Notes? \d", text):
                    for number_of_note in re.findall(r"\d+", text):
                        self.assertIn(f"Note {number_of_note}", notes, sheet.name)

    def tables_with_csv(self):
        contents = self.book.named["Contents"].tables[0]["rows"]
        findings = sorted(p.stem for p in (self.out / "tables").glob("*.csv"))
        for sheet in self.book.sheets[3:]:
            name = sheet.tables[0]["name"]
            stem = next(f for f in findings if name.startswith("data_" + re.sub(r"[^a-z0-9]", "_", f) + "_")
                        and re.fullmatch(r"\d+", name[len("data_" + f) + 1:]))
            row = next(r for r in contents if r[0] == sheet.name)
            yield sheet, stem, row

    def test_every_cell_is_that_of_the_csv(self):
        seen, missing = set(), 0
        for sheet, stem, contents in self.tables_with_csv():
            seen.add(stem)
            self.assertEqual(sheet.cells[(1, 1)].split(": ", 1)[1], contents[1])
            rows, table = self.csv_of(stem), sheet.tables[0]
            if stem == "coverage-calendar":
                for r, row in enumerate(table["rows"]):
                    self.assertEqual(row[1:], ["covered" if line[r + 1] == "1" else "not covered"
                                               for line in rows[1:]])
                continue
            self.assertEqual(len(table["rows"]), len(rows) - 1, stem)
            self.assertEqual(contents[3], len(rows) - 1)
            for want, got in zip(rows[1:], table["rows"]):
                for column, (w, g) in enumerate(zip(want[:-1], got)):
                    where = f"{stem} {rows[0][column]}: {w} and {g}"
                    if w == "":
                        self.assertEqual(g, "[x]", where)
                        missing += 1
                    elif re.fullmatch(r"\d{4}-\d\d", w):
                        day = datetime.date(int(w[:4]), int(w[5:]), 1)
                        self.assertEqual(g, (day - datetime.date(1899, 12, 30)).days, where)
                    elif number(w) is not None and not isinstance(g, str):
                        self.assertEqual(g, number(w), where)
                    else:
                        self.assertEqual(g, w, where)
                if want[-1]:
                    self.assertEqual(table["columns"][-1], "Why not available")
                    self.assertNotEqual(got[-1], "[z]")
        self.assertEqual(seen, {p.stem for p in (self.out / "tables").glob("*.csv")})
        self.assertGreater(missing, 10)

    def test_months_are_dates_and_numbers_have_formats(self):
        sheet = next(s for s, stem, _ in self.tables_with_csv() if stem == "recorded-crime-monthly-by-category")
        first = sheet.tables[0]["first"][0] + 1
        self.assertEqual(sheet.cells[(first, 1)], 44197)  # 1 January 2021
        self.assertEqual(sheet.formats[(first, 1)], "mmmm yyyy")
        self.assertEqual(sheet.formats[(first, 2)], "#,##0")
        boroughs = next(s for s, stem, _ in self.tables_with_csv() if stem == "recorded-crime-boroughs-all")
        self.assertEqual(boroughs.formats[(boroughs.tables[0]["first"][0] + 1, 2)], "#,##0.0")

    def test_one_table_goes_into_a_workbook_too(self):
        path = self.dir / "table.xlsx"
        words = ["table", self.file, "--by", "ward,month", "--area", "E09000016", "--period", "2022-01..2022-03"]
        result = run(*words, "--format", "xlsx", "--out", path)
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        book = Workbook(path)
        self.assertEqual([s.name for s in book.sheets], ["Contents", "Notes", "Sources", "Table_1"])
        self.assertEqual(book.property("title"), "Offences by ward and month, Havering, January to March 2022")
        rows = run(*words).rows()
        table = book.named["Table_1"].tables[0]
        self.assertEqual(table["columns"][:3], ["Ward", "Month", "Count"])
        self.assertEqual([[r[0], r[1], r[2]] for r in table["rows"]],
                         [[r["ward"], r["month"], float(r["count"])] for r in rows])
        self.assertEqual(run(*words, "--format", "xlsx", "--out", path).status, 0)
        again = self.dir / "again.xlsx"
        run(*words, "--format", "xlsx", "--out", again, "--threads", "1")
        self.assertTrue(filecmp.cmp(path, again, shallow=False))

    def test_wrong_use_is_refused_before_any_work(self):
        for words, part in ((["table", self.file, "--by", "ward", "--format", "xlsx"], "--out"),
                            (["table", self.file, "--by", "ward", "--format", "doc"], "xlsx"),
                            (["assess", self.file, *ASSESS, "--xlsx"], "--out")):
            result = run(*words)
            self.assertEqual(result.status, 2, words)
            self.assertIn(part, result.err)

    def test_csv_and_json_go_to_a_file_when_asked(self):
        for form in ("csv", "json"):
            path = self.dir / f"table.{form}"
            words = ["table", self.file, "--by", "borough", "--period", "2022", "--format", form]
            self.assertEqual(run(*words, "--out", path).out, "")
            self.assertEqual(path.read_text(), run(*words).out)
        result = run("table", self.file, "--by", "borough", "--out", self.dir / "no" / "such" / "file.csv")
        self.assertEqual(result.status, 3, result.err)


def corners(geometry):
    """Every position of a Polygon or MultiPolygon."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [tuple(p[:2]) for part in parts for ring in part for p in ring]


def winding(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


def check_rings(case, found):
    """Outer rings anticlockwise, holes clockwise, all closed (RFC 7946, section 3.1.6)."""
    for feature in found["features"]:
        for part in feature["geometry"]["coordinates"]:
            case.assertGreater(winding(part[0]), 0)
            for hole in part[1:]:
                case.assertLess(winding(hole), 0)
            for ring in part:
                case.assertEqual(ring[0], ring[-1])
                case.assertGreaterEqual(len(ring), 4)


class RealWards(Case):
    def test_they_come_back_where_they_were(self):
        source = self.shared("boundaries-wards-2018/London_Ward_2018.wgs84.geojson")
        self.new()
        self.ok("areas", self.file, source, "--type", "ward", "--vintage", "2018", "--code", "GSS_CODE",
                "--name", "NAME")
        self.ok("import", self.file, self.write("2021-05-synthetic-street.csv", STREET_HEADER + street_row(1)))
        path = self.dir / "wards.geojson"
        self.ok("table", self.file, "--by", "ward", "--period", "2021-05", "--format", "geojson", "--out", path)
        found = json.loads(path.read_text())
        held = {f["properties"]["GSS_CODE"]: f for f in json.loads(source.read_text())["features"]}
        features = [f for f in found["features"] if f["geometry"]]
        check_rings(self, {"features": features})
        self.assertEqual({f["properties"]["ward"] for f in features}, set(held))
        moved = 0
        for feature in features:
            there = held[feature["properties"]["ward"]]
            self.assertEqual(feature["properties"]["name"], there["properties"]["NAME"])
            got = {(round(x * 1e6), round(y * 1e6)) for x, y in corners(feature["geometry"])}
            for x, y in corners(there["geometry"]):
                at = (round(x * 1e6), round(y * 1e6))
                near = {(at[0] + i, at[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
                self.assertTrue(near & got, f"{feature['properties']['ward']}: {x}, {y} is gone")
                moved += at not in got
        self.assertLess(moved, 1000)


class GeoJson(Borough):
    def layer(self, *words):
        path = self.dir / "layer.geojson"
        result = run("table", self.file, *words, "--format", "geojson", "--out", path)
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))
        return json.loads(path.read_text())

    def test_wards_are_features_with_their_rows(self):
        words = ["--by", "ward", "--area", "E09000016", "--period", "2022", "--vintage", "2018"]
        found = self.layer(*words)
        check_rings(self, found)
        self.assertEqual((found["synthetic"], found["boundaries"]["schematic"]), (True, True))
        self.assertEqual(found["boundaries"]["vintage"], "2018")
        source = json.loads((self.dir / "london" / "boundaries-ward-2018.geojson").read_text())
        held = {f["properties"]["code"]: f for f in source["features"]}
        rows = run("table", self.file, *words).rows()
        self.assertEqual(len(found["features"]), len(rows))
        for feature, row in zip(found["features"], rows):
            there = held[row["ward"]]
            self.assertEqual(feature["properties"]["name"], there["properties"]["name"])
            self.assertEqual(len(corners(feature["geometry"])), len(corners(there["geometry"])))
            for name, value in row.items():
                want = None if value == "" else value if name == "ward" else float(value)
                self.assertEqual(feature["properties"][name], want)
        # It goes in again as boundaries, with nothing to repair.
        again = self.dir / "again.reeve"
        run("new", again)
        result = run("areas", again, self.dir / "layer.geojson", "--type", "ward", "--vintage", "2018",
                     "--code", "ward", "--name", "name", "--json")
        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(result.json()["areas"], len(rows))

    def test_what_is_missing_is_null_with_its_reason(self):
        found = self.layer("--by", "borough,year", "--period", "2021-01..2022-12")
        missing = [f["properties"] for f in found["features"] if f["properties"]["count"] is None]
        self.assertTrue(missing)
        for properties in missing:
            self.assertIn("count", properties["not_available_because"])
        whole = [f["properties"] for f in found["features"] if None not in list(f["properties"].values())[:-1]]
        self.assertTrue(whole and all(p["not_available_because"] is None for p in whole))

    def test_rows_of_no_area_stay_with_no_geometry(self):
        found = self.layer("--by", "borough", "--period", "2022")
        none = [f for f in found["features"] if f["geometry"] is None]
        self.assertEqual({f["properties"]["borough"] for f in none} & {"unplaced"}, {"unplaced"})
        rows = run("table", self.file, "--by", "borough", "--period", "2022").rows()
        self.assertEqual(sum(f["properties"]["count"] for f in found["features"]), sum(int(r["count"]) for r in rows))

    def test_a_table_without_areas_is_refused(self):
        path = self.dir / "none.geojson"
        result = run("table", self.file, "--by", "month", "--period", "2022", "--format", "geojson", "--out", path)
        self.assertEqual(result.status, 2)
        self.assertIn("dimension of areas", result.err)
        self.assertFalse(path.exists())


class Words(Case):
    """Words of a partner that a spreadsheet would run."""

    EVIL = ["=cmd|' /C calc'!A0", "@SUM(1+1)", "+1-800-CALL", "-2+3+cmd", "=HYPERLINK(\"http://x\")"]

    def setUp(self):
        super().setUp()
        self.new()
        rows = [street_row(i).replace("On or near Example Road", f'"{e}"'.replace('""', '"') if '"' not in e
                                      else '"' + e.replace('"', '""') + '"')
                for i, e in enumerate(self.EVIL)]
        path = self.write("2021-05-synthetic-street.csv", STREET_HEADER + "".join(rows))
        self.ok("import", self.file, path)

    def test_they_stay_words_in_csv_and_xlsx(self):
        result = self.ok("table", self.file, "--by", "venue", "--period", "2021-05")
        venues = [r["venue"] for r in result.rows()]
        for evil in self.EVIL:
            self.assertIn("'" + evil, venues)
        path = self.dir / "t.xlsx"
        self.ok("table", self.file, "--by", "venue", "--period", "2021-05", "--format", "xlsx", "--out", path)
        book = Workbook(path)
        cells = [c for row in book.named["Table_1"].tables[0]["rows"] for c in row]
        for evil in self.EVIL:
            self.assertIn(evil, cells)
        self.assertEqual(sum(s.formulas for s in book.sheets), 0)
        sql = self.ok("sql", self.file, "select venue_name from offences").out
        for line in sql.splitlines()[1:]:
            self.assertTrue(line.lstrip('"').startswith("'"), line)


if __name__ == "__main__":
    main()

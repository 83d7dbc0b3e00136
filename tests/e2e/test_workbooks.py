"""Workbooks, and text in other encodings, as an analyst's folder has them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import json

from harness import Case, main, run
from packing import Dated, workbook

HEADER = ["offence_id", "recorded_at", "offence_group", "venue_name", "easting", "northing"]
ROWS = [HEADER,
        ["a1", Dated(44197), "abh", "King\u2019s Head, \"bar\"", 550500, 181500],
        ["a2", Dated(44197.5, 2), "gbh", "Caf\u00e9\nRouge", 550500.25, 181500],
        ["a3", "2021-01-03", "rape", None, None, None]]


class Workbooks(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def load(self, name, content, *words, status=0):
        return self.ok("import", self.file, self.write(name, content), "--json", *words, status=status).json()

    def refused(self, name, content, *words):
        result = run("import", self.file, self.write(name, content), *words)
        self.assertEqual(result.status, 3, result.err + result.out)
        self.assertEqual(self.ok("sql", self.file, "select count(*) as n from extract").rows()[0]["n"], "0")
        return result.err

    def rows(self, columns="offence_id, recorded_at, offence_group, venue_name, easting"):
        return [list(row.values()) for row in
                self.ok("sql", self.file, f"select {columns} from offences where current order by 1").rows()]

    def test_a_sheet_loads_like_the_same_csv(self):
        report = self.load("offences.xlsx", workbook({"Data": ROWS}))
        self.assertEqual((report["read"], report["accepted"], report["file"]), (3, 3, "offences.xlsx"))
        self.assertEqual(self.rows(), [["a1", "2021-01-01", "abh", "King\u2019s Head, \"bar\"", "550500"],
                                       ["a2", "2021-01-01T12:00", "gbh", "Caf\u00e9 Rouge", "550500.25"],
                                       ["a3", "2021-01-03", "rape", "", ""]])
        again = run("import", self.file, self.dir / "offences.xlsx")
        self.assertEqual(again.status, 3)
        self.assertIn("already held", again.err)

    def test_lines_of_quarantined_rows_are_rows_of_the_sheet(self):
        rows = {3: HEADER, 4: ROWS[1], 9: ["b", "soon", "abh"], 11: ["c", Dated(60), "abh"],
                12: ["d", Dated(45000), "abh", None, "east", 1], 20: ["e", Dated(45001), "abh"]}
        kept = self.dir / "quarantine.csv"
        report = self.load("gaps.xlsx", workbook({"Data": rows}), "--quarantine", kept, status=1)
        self.assertEqual((report["read"], report["accepted"], report["quarantined"]), (5, 2, 3))
        with kept.open(newline="") as opened:
            found = [(int(r["line"]), r["column"], r["value"], r["code"]) for r in csv.DictReader(opened)]
        self.assertEqual(found, [(9, "recorded_at", "soon", "not-a-time"),
                                 (11, "recorded_at", "1900-02-29", "no-such-date"),
                                 (12, "easting", "east", "not-a-number")])

    def test_the_sheet_is_the_first_shown_or_the_one_of_the_profile(self):
        book = workbook({"Old": ([["x"]], "hidden"), "Notes": [["about"]], "Data": ROWS})
        self.assertIn("fits no import profile", self.refused("book.xlsx", book))
        profile = {"profile": "p", "kind": "offences", "sheet": "data",
                   "columns": {name: {"from": name} for name in HEADER}}
        path = self.write("p.json", json.dumps(profile))
        report = self.load("book.xlsx", book, "--profile", path)
        self.assertEqual(report["accepted"], 3)
        self.assertTrue(any('"Data"' in note and '"Old" (hidden)' in note for note in report["notes"]), report["notes"])

    def test_the_date_system_of_1904(self):
        rows = [HEADER[:3], ["a", Dated(0), "abh"], ["b", Dated(42735), "abh"]]
        self.load("mac.xlsx", workbook({"Data": rows}, is_1904=True))
        self.assertEqual(self.rows("offence_id, recorded_at"), [["a", "1904-01-01"], ["b", "2021-01-01"]])

    def test_hostile_workbooks_are_refused(self):
        laughs = "<!DOCTYPE sst [<!ENTITY a 'ha'>" + "".join(
            f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(10)) + \
            "]><sst><si><t>&k;</t></si></sst>"
        cases = {
            "laughs": ({"xl/sharedStrings.xml": laughs}, "document type"),
            "text past the end": ({"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c t='s'><v>99</v></c></row>"
                                   "</sheetData></worksheet>"}, "does not have"),
            "deep": ({"xl/worksheets/sheet1.xml": "<a>" * 100000}, "deeper"),
            "no workbook": ({"_rels/.rels": "<Relationships/>"}, "damaged workbook"),
        }
        for name, (parts, says) in cases.items():
            err = self.refused("book.xlsx", workbook({"Data": ROWS}, replace=parts))
            self.assertIn(says, err, name)
            self.assertIn("nothing was loaded", err, name)
        sound = workbook({"Data": ROWS})
        for cut in (10, len(sound) // 2, len(sound) - 5):
            self.assertIn("nothing was loaded", self.refused("cut.xlsx", sound[:cut]))
        self.assertIn("password", self.refused("locked.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(500)))


class Encodings(Case):
    def test_what_excel_in_britain_writes_loads(self):
        self.new()
        rows = [["offence_id", "recorded_at", "offence_group", "venue_name"], ["a1", "2021-01-01", "abh", "Caf\u00e9 \u2013 \u00a35"],
                ["a2", "2021-01-02", "abh", "O\u2019Neill\u2019s"]]
        text = {
            "excel.csv": "\r\n".join(",".join(r) for r in rows).encode("cp1252"),
            "unicode.txt": "\r\n".join("\t".join(r) for r in rows).encode("utf-16"),
            "mac.csv": "\r".join(";".join(r) for r in rows).encode(),
        }
        for name, content in text.items():
            content = content.replace(b"a1", name[:2].encode()) if name != "unicode.txt" else content
            report = self.ok("import", self.file, self.write(name, content), "--json").json()
            self.assertEqual(report["accepted"] + report["duplicates"], 2, name)
            self.assertTrue(any("found from the file" in note for note in report["notes"]), report["notes"])
        names = {r["venue_name"] for r in self.ok("sql", self.file, "select venue_name from offences").rows()}
        self.assertEqual(names, {"Caf\u00e9 \u2013 \u00a35", "O\u2019Neill\u2019s"})

    def test_the_ambulance_file_with_bare_cr(self):
        path = self.shared("las-assault-ward-2009-2011/ambulance_assault.csv")
        profile = {"profile": "las", "kind": "area-counts",
                   "columns": {"area_code": {"from": "WardCode"}, "count": {"from": "assault_09_11"}},
                   "constants": {"offence_group": "other-violence", "period_from": "2009-04", "period_to": "2011-03"}}
        self.new()
        report = self.ok("import", self.file, path, "--json", "--profile", self.write("p.json", json.dumps(profile))).json()
        self.assertEqual((report["read"], report["accepted"], report["quarantined"]), (649, 649, 0))
        self.assertTrue(any("line end CR" in note for note in report["notes"]), report["notes"])
        with self.shared("las-assault-ward-2009-2011/ambulance_assault.lf.csv").open(newline="") as opened:
            want = sum(int(row["assault_09_11"]) for row in csv.DictReader(opened))
        got = self.ok("sql", self.file, 'select sum("count") as n from area_counts')
        self.assertEqual(int(float(got.rows()[0]["n"])), want)


if __name__ == "__main__":
    main()

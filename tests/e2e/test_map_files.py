"""The mapping assistant on other kinds of file, from unknown file to table with every row accounted
for, and on people's data, of which it must show nothing.

No row here is about a real person or event. SPDX-License-Identifier: GPL-3.0-or-later
"""
import gzip
import json
import random

from harness import Case, main, run
from packing import archive, workbook

HEADER = ["Crime ref", "Date reported", "Offence type", "Disposal", "Venue"]


def crime_rows(n=120, seed=3):
    rng = random.Random(seed)
    return [[f"A/{i}", f"{rng.randrange(1, 29):02d}/{rng.randrange(1, 13):02d}/2022",
             rng.choice(["Burglary", "Shoplifting", "Robbery of personal property", "Common assault"]),
             rng.choice(["Charged", "Caution", "No suspect identified", "-"]), rng.choice(["Café Square", "Müllerstraße", "High Street"])]
            for i in range(n)]


def text(rows, separator=",", end="\n"):
    return end.join(separator.join(r) for r in [HEADER, *rows]) + end


class Files(Case):
    """The same table in every form: the same proposal, and the profile imports it at once."""

    def check(self, path, *answers):
        profile = self.dir / f"{path.name}.profile.json"
        proposal = self.ok("map-columns", path, "--json", "--yes", "--out", profile, *answers).json()
        self.assertEqual({c["column"]: c["from"] for c in proposal["columns"] if c["taken"]}, {
            "offence_id": "Crime ref", "recorded_at": "Date reported", "offence_group": "Offence type",
            "category": "Offence type", "outcome": "Disposal", "venue_name": "Venue"})
        self.assertEqual(proposal["file"]["header"], HEADER)
        if not self.file.exists():
            self.new()
        report = self.ok("import", self.file, path, "--profile", profile, "--json").json()
        report = report[0] if isinstance(report, list) else report  # an archive has one for each member
        self.assertEqual((report["read"], report["accepted"]), (120, 120), path.name)
        names = {r["venue_name"] for r in self.ok("sql", self.file, "select distinct venue_name from offences").rows()}
        self.assertEqual(names, {"Café Square", "Müllerstraße", "High Street"}, path.name)
        self.file.unlink()
        return proposal, json.loads(profile.read_text())

    def test_encodings_separators_and_line_ends(self):
        rows = crime_rows()
        for name, content in (
                ("utf8.csv", text(rows).encode()),
                ("bom.csv", text(rows).encode("utf-8-sig")),
                ("cp1252.csv", text(rows, ";", "\r\n").encode("windows-1252")),
                ("utf16.csv", text(rows, "\t").encode("utf-16")),
                ("pipe.txt", text(rows, "|").encode()),
                ("mac.csv", text(rows, ",", "\r").encode()),
                ("packed.csv.gz", gzip.compress(text(rows, ";").encode()))):
            with self.subTest(name):
                self.check(self.write(name, content))

    def test_a_sheet_is_asked_for_where_there_are_several(self):
        sheets = {"Read me": [["This workbook holds crimes"], ["made up"]], "Data": [HEADER, *crime_rows()],
                  "Old": ([HEADER], "hidden")}
        path = self.write("book.xlsx", workbook(sheets))
        refused = run("map-columns", path, "--yes")
        self.assertEqual(refused.status, 3)
        self.assertIn('--answer "sheet=Read me" or --answer "sheet=Data"', refused.err)
        proposal, profile = self.check(path, "--answer", "sheet=Data")
        self.assertEqual((proposal["file"]["sheet"], profile["sheet"]), ("Data", "Data"))
        path = self.write("one.xlsx", workbook({"Only": [HEADER, *crime_rows()]}))
        self.assertNotIn("sheet", self.check(path)[1])
        self.assertEqual(run("map-columns", path, "--answer", "sheet=Nowhere").status, 3)

    def test_a_table_of_an_archive(self):
        self.check(self.write("one.zip", archive({"crimes.csv": text(crime_rows())})))
        path = self.write("two.zip", archive({"a/crimes.csv": text(crime_rows()), "people.csv": "x,y\n1,2\n"}))
        refused = run("map-columns", path, "--yes")
        self.assertEqual(refused.status, 3)
        self.assertIn('--answer "member=a/crimes.csv" or --answer "member=people.csv"', refused.err)
        proposal = self.ok("map-columns", path, "--json", "--yes", "--answer", "member=a/crimes.csv").json()
        self.assertEqual(proposal["preview"]["accepted"], 120)
        self.assertEqual(run("map-columns", path, "--answer", "member=none.csv").status, 3)
        self.assertEqual(run("map-columns", self.write("empty.zip", archive({}))).status, 3)


class WholeWay(Case):
    def test_no_row_is_lost_from_file_to_table(self):
        rows = crime_rows(400)
        for i, (cell, value) in enumerate([(1, "31/02/2022"), (1, "yesterday"), (1, "")]):
            rows[i * 7][cell] = value
        rows.append(rows[50])  # the same row again
        rows.append([*rows[51][:4], "Market"])  # the same reference with other content
        path = self.write("crimes.csv", text(rows))
        profile = self.dir / "p.json"
        proposal = self.ok("map-columns", path, "--json", "--yes", "--out", profile, status=1).json()
        preview = proposal["preview"]
        self.new()
        report = self.ok("import", self.file, path, "--profile", profile, "--json", status=1).json()
        for name in ("read", "accepted", "quarantined", "duplicates"):
            self.assertEqual(preview[name], report[name], name)
        self.assertEqual(preview["read"], preview["accepted"] + preview["quarantined"] + preview["duplicates"])
        self.assertEqual((preview["read"], preview["quarantined"], preview["duplicates"]), (402, 3, 1))
        # Line by line and reason by reason what the import then puts into quarantine.
        seen = {(line, r["code"]) for r in preview["reasons"] for line in r["lines"]}
        held = self.ok("sql", self.file, "select line, code from quarantine").rows()
        self.assertEqual(seen, {(int(r["line"]), r["code"]) for r in held})
        table = self.ok("table", self.file, "--profile", "all", "--by", "month", "--format", "csv").rows()
        self.assertEqual(sum(int(r["count"]) for r in table), preview["accepted"])


class People(Case):
    """Made-up people in columns of every name: nothing of theirs may be shown or written."""
    PEOPLE = {
        "Victim surname": "Exampleson", "First Name": "Testina", "Full name": "Testina Exampleson", "Complainant": "Testina Exampleson",
        "DOB": "03/04/1971", "Date of Birth": "1971-04-03", "Home postcode": "RM1 3AB", "PC": "RM13 9ZZ", "NHS No": "9990000018",
        "Ref2": "9990000026", "Contact": "testina@people.example", "Mobile": "07700 900123", "Tel": "07700900456",
        "Address": "12 Nowhere Lane", "Where": "99 Nowhere Avenue", "MO": "SUSPECT TESTERLY STRUCK VICTIM EXAMPLESON WITH A BOTTLE AND RAN",
        "NI number": "QQ123456C"}

    def make(self):
        rng = random.Random(5)
        rows = []
        for i in range(80):  # often enough to be shown, were they taken for a category
            rows.append([f"A/{i}", f"2022-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}", "Burglary", *self.PEOPLE.values()])
        rows[3][1] = "9990000034"  # an NHS number where a date should be: quarantined
        rows[4][1] = "RM1 4CD"
        lines = [",".join(r) for r in [["Crime ref", "Date reported", "Offence type", *self.PEOPLE], *rows]]
        return self.write("people.csv", "\n".join(lines) + "\n")

    def test_nothing_of_theirs_is_shown_or_written(self):
        path, profile = self.make(), self.dir / "p.json"
        for words in ((), ("--details",), ("--json",), ("--as", "persons", "--answer", "role=victim", "--details"),
                      ("--as", "persons", "--answer", "role=victim", "--json"), ("--as", "ambulance", "--details")):
            shown = run("map-columns", path, *words)
            for header, value in self.PEOPLE.items():
                self.assertNotIn(value, shown.out + shown.err, f"{header} with {words}")
            for value in ("9990000034", "RM1 4CD", "Exampleson", "EXAMPLESON"):
                self.assertNotIn(value, shown.out + shown.err, words)
        self.ok("map-columns", path, "--yes", "--out", profile, status=1)
        written = profile.read_text()
        for value in self.PEOPLE.values():
            self.assertNotIn(value, written)
        read = {c["from"] for c in json.loads(written)["columns"].values() if isinstance(c["from"], str)}
        self.assertEqual(read & set(self.PEOPLE), set())


if __name__ == "__main__":
    main()

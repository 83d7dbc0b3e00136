#!/usr/bin/env python3
"""Charts and tables beside findings: on the page of an analyst, and on the public one where they may be let out.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import io
import json
import pathlib
import re
import sqlite3
import tempfile
import unittest

from harness import must, synthetic_borough
from service import Person, Service, add_people, enter

WHOLE, PART, SMALL = "recorded-crime.all.rank", "published-counts.all.total", "published-counts.theft.total"
YEARS = ("--area", "E09000016", "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12")


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def is_same(a, b):
    return a is not None and b is not None and abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def holds(finding, rows):
    """Counted anew from the CSV: a cell, a series over its months, or rows next to each other are the finding's number."""
    wanted = [n for n in (finding["value"], finding["numerator"]) if n is not None]
    numbers = [[number(cell) for cell in row.values()] for row in rows]
    if any(is_same(n, cell) for n in wanted for row in numbers for cell in row):
        return True
    part, whole = finding["numerator"], finding["denominator"]
    if part is not None and whole and any(is_same(100 * part / whole, cell) for row in numbers for cell in row):
        return True
    for column in zip(*numbers):
        cells = [cell or 0 for cell in column]
        for first in range(len(cells)):
            total = 0
            for cell in cells[first:] + cells[:first]:
                total += cell
                if any(is_same(n, total) for n in wanted):
                    return True
    return False


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        cls.file, _ = synthetic_borough(cls.home)
        cls.assess()
        add_people(cls.file, {"analyst": "analyst"})
        service = Service(cls.file)
        cls.addClassCleanup(service.__exit__, None, None, None)
        cls.analyst, cls.public = enter(service, "analyst"), Person(service)
        cls.findings = {f["id"]: f for f in must("findings", cls.file, "--format", "json").json()}

    @classmethod
    def assess(cls, *words):
        must("assess", cls.file, *(words or YEARS), "--out", cls.home / "report", most=1)

    def rows_of(self, finding):
        sent = (self.home / "report" / "tables" / f"{self.findings[finding]['table']}.csv").read_text()
        return list(csv.DictReader(io.StringIO(sent)))

    def decide(self, finding, decision="release"):
        page = self.analyst.get("/workbench/findings/" + finding)
        form = dict(re.findall(r'name="(csrf|read)" value="([^"]+)"', page.text)) | {"decision": decision}
        answer = self.analyst.post("/workbench/findings/" + finding, form)
        self.assertEqual(answer.status, 303, answer.text)
        return page.text

    def read(self, finding):
        """What the public gets: status of the page, its words, its JSON, and the CSV's text or None."""
        page = self.public.get("/findings/" + finding)
        sent = self.public.get("/findings/" + finding + "/table.csv")
        told = self.public.get("/findings/" + finding, Accept="application/json")
        return page.status, page.text, json.loads(told.text), sent.text if sent.status == 200 else None

    def assert_alone(self, finding):
        """The finding is read, and nothing on it, in its JSON or at the table's address says that there was a table."""
        status, page, told, sent = self.read(finding)
        self.assertEqual(status, 200)
        self.assertIsNone(sent)
        self.assertNotIn("figure", told)
        for mark in ("<svg", "<table", "table.csv", "recognised", "small"):
            self.assertNotIn(mark, page)
        listed = json.loads(self.public.get("/findings", Accept="application/json").text)["findings"]
        self.assertNotIn(True, [f.get("has-table", False) for f in listed if f["id"] == finding])

    # ---- what is named ----

    def test_a_table_holds_the_number_of_its_finding(self):
        self.assess()
        findings = json.loads((self.home / "report" / "findings.json").read_text())
        self.assertEqual(list(findings[0])[-1], "table")
        named = [f for f in findings if f["table"]]
        self.assertGreater(len(named), 50)
        for finding in named:
            self.assertTrue(holds(finding, self.rows_of(finding["id"])), finding["id"])
            self.assertNotEqual(finding["verdict"], "not available")
        self.assertEqual([f["table"] for f in must("findings", self.file, "--format", "json").json()],
                         [f["table"] for f in findings])

    def test_only_tables_that_are_named_are_kept(self):
        db = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        kept = {row[0] for row in db.execute("SELECT id FROM finding_table")}
        db.close()
        self.assertEqual(kept, {f["table"] for f in self.findings.values() if f["table"]})

    def test_the_analyst_sees_all_of_it(self):
        for finding in (WHOLE, PART, SMALL):
            page = self.analyst.get("/workbench/findings/" + finding).text
            told = json.loads(self.analyst.get("/workbench/findings/" + finding, Accept="application/json").text)
            self.assertEqual(page.count('<div class="reeve-wide"><svg'), 2 if finding == PART else 1)
            self.assertRegex(page, r"Extracts behind the table: \d+(, \d+)*\.")
            rows = self.rows_of(finding)
            self.assertEqual(told["figure"]["table"]["row-count"], len(rows))
            shown = [[cell.get("number") for cell in line["cells"] if "number" in cell] for line in told["figure"]["table"]["lines"]]
            names = [k for k in rows[0] if k != "not_available_because"]
            for line, row in zip(shown, rows):
                numbers = [number(row[k]) for k in names if number(row[k]) is not None]
                self.assertEqual(len(line), len(numbers))
                self.assertTrue(all(is_same(a, b) or a == b for a, b in zip(line, numbers)))

    # ---- what goes out ----

    def test_a_whole_table_goes_out_with_its_finding(self):
        self.assertIn("Release it with the chart and the table", self.decide(WHOLE))
        status, page, told, sent = self.read(WHOLE)
        self.assertEqual(status, 200)
        self.assertEqual(page.count("<svg"), 2)  # for a desk and for a phone
        self.assertEqual(sent.encode(), (self.home / "report" / "tables" / f"{self.findings[WHOLE]['table']}.csv").read_bytes())
        self.assertEqual(len(told["figure"]["table"]["lines"]), len(self.rows_of(WHOLE)))
        self.assertNotIn("sha256", page)
        rows = [row["action"] for row in must("audit", self.file, "export", "--json").json() if row["subject"] == WHOLE]
        self.assertEqual(rows[-2:], ["finding.release-table", "finding.release"])
        self.decide(WHOLE, "release-alone")
        self.assert_alone(WHOLE)
        self.assertIn("To let out the chart and the table too, decide again", self.analyst.get("/workbench/findings/" + WHOLE).text)
        self.decide(WHOLE, "withhold")
        self.assertEqual(self.public.get("/findings/" + WHOLE).status, 404)
        self.assertEqual(self.public.get("/findings/" + WHOLE + "/table.csv").status, 404)

    def test_months_go_out_as_their_total(self):
        self.assertIn("Not all of the table may be let out", self.decide(PART))
        _, page, told, sent = self.read(PART)
        rows = list(csv.DictReader(io.StringIO(sent)))
        self.assertEqual(list(rows[0]), ["month", "all", "not_available_because"])
        self.assertEqual([row["all"] for row in rows], [row["all"] for row in self.rows_of(PART)])
        self.assertEqual([len(line["cells"]) for line in told["figure"]["table"]["lines"]], [2] * len(rows))
        whole = self.rows_of(PART)
        kinds = [k for k in whole[0] if k not in ("month", "all", "break", "not_available_because")]
        self.assertTrue(kinds)
        for kind in kinds:
            self.assertNotIn(kind.replace("-", " "), page.lower().split("<h2", 1)[1])
        self.decide(PART, "withhold")

    def test_small_counts_go_out_nowhere(self):
        page = self.decide(SMALL)
        self.assertIn("without the chart and the table. A number from 1 to 4", page)
        self.assertNotIn("with the chart and the table</label>", page)
        self.assert_alone(SMALL)
        self.decide(SMALL, "withhold")

    def test_no_count_that_goes_out_is_small(self):
        """Every finding is released; whatever tables then are public are judged anew from their CSV."""
        public = 0
        for finding in self.findings:
            page = self.analyst.get("/workbench/findings/" + finding)
            if 'value="release"' in page.text:
                self.decide(finding)
        for finding in self.findings:
            sent = self.public.get("/findings/" + finding + "/table.csv")
            public += sent.status == 200
            for row in csv.DictReader(io.StringIO(sent.text)) if sent.status == 200 else ():
                counts = {k: number(v) for k, v in row.items() if k in ("count", "compare_count", "before", "after", "all")}
                self.assertNotIn(True, [0 < n < 5 for n in counts.values() if n is not None], (finding, row))
        self.assertGreater(public, 10)
        home = self.public.get("/").text
        self.assertIn("<svg", home)
        for finding in self.findings:
            if self.public.get("/findings/" + finding).status == 200:
                self.decide(finding, "withhold")

    # ---- what becomes of it ----

    def test_a_table_that_changed_is_not_released(self):
        self.decide(WHOLE)
        self.assess("--area", "E09000016", "--period", "2022-01..2022-11")
        self.assertEqual(self.public.get("/findings/" + WHOLE + "/table.csv").status, 404)
        page = self.analyst.get("/workbench/findings/" + WHOLE).text
        self.assertIn("changed since", page)
        self.assess()
        self.assertIsNotNone(self.read(WHOLE)[3])  # the same bytes again
        self.decide(WHOLE, "withhold")

    def test_the_table_alone_may_change(self):
        """A finding that is as it was, beside a table that is not: neither is read until somebody has looked."""
        self.decide(WHOLE)
        self.alter_table(lambda body: body.replace('"ends_with_total":false', '"ends_with_total":false,"altered":true', 1))
        self.assertEqual(self.public.get("/findings/" + WHOLE).status, 404)
        self.assertIn("changed since", self.analyst.get("/workbench/findings/" + WHOLE).text)
        self.decide(WHOLE, "release-alone")
        self.assert_alone(WHOLE)
        self.decide(WHOLE, "withhold")
        self.assess()

    def alter_table(self, how):
        table = self.findings[WHOLE]["table"]
        db = sqlite3.connect(self.file)
        with db:
            body, = db.execute("SELECT body FROM finding_table WHERE id = ?", (table,)).fetchone()
            altered = how(body)
            self.assertNotEqual(altered, body)
            identity = db.execute("SELECT max(id) + 1 FROM assessment").fetchone()[0]
            db.execute("PRAGMA defer_foreign_keys = ON")  # another assessment: the service reads it anew
            db.execute("UPDATE assessment SET id = ?", (identity,))
            for name in ("finding", "finding_table"):
                db.execute(f"UPDATE {name} SET assessment_id = ?", (identity,))
            db.execute("UPDATE finding_table SET body = ?, body_hash = ? WHERE id = ?",
                       (altered, hashlib.sha256(altered.encode()).hexdigest(), table))
        db.close()

    def test_an_old_decision_is_of_the_finding_alone(self):
        """As before tables were kept: a decision without the hash of a table."""
        self.decide(WHOLE)
        db = sqlite3.connect(self.file)
        with db:
            db.execute("UPDATE finding_decision SET table_hash = NULL WHERE finding = ?", (WHOLE,))
        db.close()
        self.assert_alone(WHOLE)
        self.assertIn("without its table", self.analyst.get("/workbench/findings/" + WHOLE).text)
        self.decide(WHOLE)
        self.assertIsNotNone(self.read(WHOLE)[3])
        self.decide(WHOLE, "withhold")

    def test_a_file_without_tables_still_works(self):
        """As one whose assessment was stored before tables were."""
        self.decide(WHOLE, "release-alone")
        db = sqlite3.connect(self.file)
        with db:
            db.execute("PRAGMA defer_foreign_keys = ON")
            identity = db.execute("SELECT max(id) + 1 FROM assessment").fetchone()[0]
            db.execute("UPDATE assessment SET id = ?", (identity,))
            db.execute("DELETE FROM finding_table")
            db.execute("UPDATE finding SET table_id = NULL, assessment_id = ?", (identity,))
        db.close()
        self.assert_alone(WHOLE)
        page = self.analyst.get("/workbench/findings/" + WHOLE)
        self.assertEqual((page.status, "<svg" in page.text), (200, False))
        self.assess()
        self.decide(WHOLE, "withhold")


if __name__ == "__main__":
    unittest.main()

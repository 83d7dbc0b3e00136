"""The synthetic London through the whole program, and the report as its readers get it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import filecmp
import html.parser
import json
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from harness import SYNTH, bring_areas, main, must, run, synthetic_borough
from weight import over_budget

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}


class Page(html.parser.HTMLParser):
    """What a screen reader would be told: headings, landmarks, tables, charts, links."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.headings, self.ids, self.links, self.faults = [], [], [], []
        self.open, self.svgs, self.tables, self.landmarks, self.sources = [], [], [], [], []
        self.lang = None
        self.feed(text)
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "html":
            self.lang = given.get("lang")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag in ("main", "header", "nav", "footer"):
            self.landmarks.append(tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "svg":
            self.svgs.append({"role": given.get("role"), "tags": []})
        elif "svg" in self.open and self.svgs:
            self.svgs[-1]["tags"].append(tag)
        if tag == "table":
            self.tables.append({"id": given.get("id"), "caption": False, "th": 0, "unscoped": 0})
        if tag == "caption":
            self.tables[-1]["caption"] = True
        if tag == "th":
            self.tables[-1]["th"] += 1
            self.tables[-1]["unscoped"] += "scope" not in given
        if tag in ("script", "iframe", "object"):
            self.faults.append(f"<{tag}>")
        for name in ("src", "xlink:href", "data"):
            if name in given:
                self.sources.append(given[name])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> inside {self.open[-3:]}")
        else:
            self.open.pop()


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.dir = pathlib.Path(cls.folder.name)
        cls.file, cls.reports = synthetic_borough(cls.dir)
        cls.words = ["assess", cls.file, "--area", "E09000016", "--period", "2022", "--compare", "2021"]
        cls.must(*cls.words, "--out", cls.dir / "one", "--threads", "1")
        cls.must(*cls.words, "--out", cls.dir / "two", "--threads", "2")
        cls.text = (cls.dir / "one" / "report.html").read_text()
        cls.page = Page(cls.text)
        cls.findings = json.loads((cls.dir / "one" / "findings.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    must = staticmethod(must)

    def test_one_and_two_threads_write_the_same_bytes(self):
        one, two = self.dir / "one", self.dir / "two"
        names = sorted(str(p.relative_to(one)) for p in one.rglob("*") if p.is_file())
        self.assertEqual(names, sorted(str(p.relative_to(two)) for p in two.rglob("*") if p.is_file()))
        self.assertGreater(len(names), 10)
        same, differ, failed = filecmp.cmpfiles(one, two, names, shallow=False)
        self.assertEqual((differ, failed), ([], []))

    def test_every_row_of_every_extract_is_accounted_for(self):
        for report in self.reports:
            self.assertEqual(report["read"], report["accepted"] + report["quarantined"] + report["duplicates"]
                             + report["excluded"], report["file"])
        self.assertGreater(sum(r["quarantined"] for r in self.reports), 0, "planted faults")
        self.assertGreater(sum(r["duplicates"] for r in self.reports), 0, "planted duplicates")

    def test_the_page_is_well_formed_and_self_contained(self):
        self.assertEqual(self.page.faults, [])
        self.assertEqual(self.page.lang, "en-GB")
        self.assertEqual(self.page.sources, [])
        self.assertEqual(len(self.page.ids), len(set(self.page.ids)))
        for link in self.page.links:
            if link.startswith("#"):
                self.assertIn(link[1:], self.page.ids)
            elif "://" not in link and not link.startswith("mailto:"):
                self.assertTrue((self.dir / "one" / link).is_file(), link)
        self.assertIn("Synthetic &lt;partnership&gt; &amp; friends", self.text)
        self.assertNotIn("<partnership>", self.text)

    def test_the_page_is_accessible_in_structure(self):
        self.assertEqual(self.page.headings.count(1), 1)
        for before, after in zip(self.page.headings, self.page.headings[1:]):
            self.assertLessEqual(after, before + 1, "a heading level is skipped")
        for landmark in ("main", "nav", "header"):
            self.assertIn(landmark, self.page.landmarks)
        self.assertEqual(self.page.landmarks.count("main"), 1)
        charts = [s for s in self.page.svgs if s["role"] == "img"]
        self.assertGreater(len(charts), 5)
        for chart in charts:
            self.assertIn("title", chart["tags"])
            self.assertIn("desc", chart["tags"])
        for table in self.page.tables:
            # Tables inside method cards have no id and are named by the heading above them.
            self.assertTrue(table["caption"] or not table["id"], table)
            self.assertGreater(table["th"], 0)
            self.assertEqual(table["unscoped"], 0)

    def test_it_is_light_enough_to_open_at_once(self):
        tables = len(list((self.dir / "one" / "tables").iterdir()))
        self.assertEqual(over_budget(self.text, len(self.findings), tables), [])
        self.assertTrue(over_budget(self.text.replace("<dt>", "<dt><b>" * 30), len(self.findings), tables), "always light")
        self.assertTrue(self.text.isascii(), "characters outside ASCII are several times as slow to decode")

    def test_a_long_table_is_whole_in_its_file(self):
        cut = re.findall(r'The first (\d+) of (\d+) rows.</p>\n<p class="note"><a href="([^"]*)"', self.text)
        self.assertTrue(cut, "no table is cut")
        for shown, rows, name in cut:
            with (self.dir / "one" / name).open(newline="") as opened:
                self.assertEqual(len(list(csv.DictReader(opened))), int(rows), name)

    def test_it_says_that_the_data_are_synthetic(self):
        self.assertIn("Synthetic data", self.text)

    def test_every_sentence_is_whole_and_linked(self):
        for finding in self.findings:
            statement = finding["statement"]
            self.assertTrue(statement and statement.endswith("."), finding["id"])
            for wrong in (" nan", " null", "{", "}", "inf ", "  ", "-0 ", " 1 offences", " 1 boroughs"):
                self.assertNotIn(wrong, f" {statement} ", finding["id"])
            self.assertTrue(finding["method"], finding["id"])
            self.assertTrue(finding["verdict"], finding["id"])

    def test_no_percentage_on_a_small_base(self):
        for finding in self.findings:
            if finding["id"].endswith(".change") and finding["verdict"] != "not available":
                row = finding["statement"]
                if "%" in row and finding["denominator"] is not None:
                    self.assertGreaterEqual(finding["denominator"], 20, row)

    def test_every_query_runs_and_gives_the_number_again(self):
        checked = 0
        for finding in self.findings:
            if not finding["query"] or finding["verdict"] == "not available":
                continue
            words = shlex.split(finding["query"].replace("FILE", str(self.file), 1))
            result = run(*words[1:])
            self.assertEqual(result.status, 0, (finding["query"], result.err))
            if finding["id"].endswith(".total"):
                self.assertIn(f"{finding['value']:.0f}", result.out, finding["id"])
                checked += 1
        self.assertGreater(checked, 3)

    def test_a_month_that_is_not_covered_is_never_zero(self):
        missing = self.must("table", self.file, "--by", "month", "--period", "2021-01..2022-12").rows()
        gaps = [r for r in missing if r["count"] == ""]
        self.assertEqual(len(gaps), 1, "the synthetic street files leave one month out")
        with (self.dir / "one" / "tables" / "coverage-calendar.csv").open(newline="") as opened:
            calendar = list(csv.DictReader(opened))
        self.assertGreater(len(calendar), 2)

    def test_why_shows_the_evidence(self):
        finding = next(f for f in self.findings if f["verdict"] != "not available")
        out = self.must("why", self.file, finding["id"]).out
        self.assertIn(finding["statement"][:40], out)
        self.assertIn(finding["sources"][0]["sha256"], out)
        missing = run("why", self.file, "no.such.finding")
        self.assertEqual(missing.status, 3)

    def test_findings_are_the_same_in_every_form(self):
        stored = self.must("findings", self.file, "--format", "json").json()
        self.assertEqual(stored, self.findings)
        rows = self.must("findings", self.file, "--format", "csv").rows()
        self.assertEqual([r["id"] for r in rows], [f["id"] for f in self.findings])
        self.assertEqual(len(rows), len({r["id"] for r in rows}))


class ManyKinds(unittest.TestCase):
    """A supplier with seventy crime types of its own."""

    def test_the_least_frequent_are_put_together_and_nothing_is_lost(self):
        with tempfile.TemporaryDirectory() as name:
            at = pathlib.Path(name)
            subprocess.run([SYNTH, at / "london", "--small"], check=True, stdout=subprocess.DEVNULL)
            lines = ["offence_id,recorded_at,category,borough_code,location_precision\n"]
            for kind in range(70):
                for k in range(kind + 1):
                    lines.append(f"S{kind:02}{k:03},2022-{1 + k % 12:02}-05,Kind {kind:02},E09000016,area-only\n")
            (at / "offences.csv").write_text("".join(lines))
            file, report = at / "f.reeve", at / "report"
            must("new", file, "--synthetic")
            bring_areas(file, at / "london", "borough")
            must("import", file, at / "offences.csv", "--as", "offences")
            must("assess", file, "--area", "E09000016", "--period", "2022-01..2022-12", "--out", report)
            with open(report / "tables" / "recorded-crime-monthly-by-category.csv", newline="") as opened:
                rows = list(csv.DictReader(opened))
            kinds = [c for c in rows[0] if c not in ("month", "all", "not_available_because")]
            self.assertEqual(kinds, [f"kind-{k}" for k in range(69, 30, -1)] + ["others"])
            for month, row in enumerate(rows):
                self.assertEqual(int(row["all"]), sum(int(row[k]) for k in kinds))
                self.assertEqual(int(row["others"]), sum(k % 12 == month for kind in range(31) for k in range(kind + 1)))


if __name__ == "__main__":
    main()

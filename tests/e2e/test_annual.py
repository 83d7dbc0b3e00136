"""The annual crime and disorder assessment: another template of the same parts.

What it says of kinds of crime is counted again here from the files of the small synthetic London, in plain Python; then
records are taken away, and only what rests on them may move. The needs assessment stays what it was, byte for byte.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import filecmp
import io
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from harness import ROOT, SYNTH, Case, bring_areas, main, must, run
from weight import over_budget

HAVERING = "E09000016"
PERIODS = ("--period", "2022-01..2022-12", "--compare", "2021-01..2021-12")
TEMPLATE = json.loads((ROOT / "reference" / "templates" / "annual-crime-and-disorder.json").read_text())
DEFINITION = json.loads((ROOT / "packs" / "annual" / "crime-and-disorder.json").read_text())
NOT_HELD = ("hate", "exploitation", "antisocial-behaviour")


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def is_clean(row):
    """Rows with a planted fault would be set aside, or lie outside London by their coordinates."""
    try:
        inside = not row["easting"] or (5e5 < float(row["easting"]) < 5.7e5 and 1.5e5 < float(row["northing"]) < 2.1e5)
    except ValueError:
        return False
    return None not in row and inside and row["recorded_at"][:4] in ("2021", "2022")


def write_rows(path, rows):
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def kinds():
    """Offence groups and flag of each kind, worked out from the definition's own words."""
    def groups(names):
        out = set()
        for name in names:
            out |= groups(DEFINITION["lists"][name]) if name in DEFINITION["lists"] else {name}
        return out

    return {p["id"]: (groups(p["offences"]), set(p.get("flags_all", ())))
            for p in DEFINITION["profiles"] + DEFINITION["context"]}


KINDS = kinds()


def count(rows, kind):
    groups, flags = KINDS[kind]
    return sum(r["borough_code"] == HAVERING and r["offence_group"] in groups and flags <= set(r["flags"].split(";"))
               for r in rows)


def bring(file, london, *offences):
    must("new", file, "--synthetic", "--title", "Annual")
    bring_areas(file, london, "borough", "lsoa", "ward-2022")
    must("import", file, *sorted(london.glob("population-*.csv")), "--as", "population")
    must("import", file, *sorted(london.glob("lookup-*.csv")), "--as", "lookup")
    must("import", file, *offences, *sorted(london.glob("persons-*.csv")), london / "outcomes.csv", most=1)


def assess(file, out, *words):
    must("assess", file, "--area", HAVERING, *PERIODS, "--out", out, *words)
    return {f["id"]: f for f in json.loads((out / "findings.json").read_text())}


def same(one, two):
    """Every file of two folders has the same bytes."""
    names = sorted(str(p.relative_to(one)) for p in one.rglob("*") if p.is_file())
    others = sorted(str(p.relative_to(two)) for p in two.rglob("*") if p.is_file())
    return names == others and all(filecmp.cmp(one / n, two / n, shallow=False) for n in names)


class Annual(Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        cls.london, cls.base = cls.root / "london", cls.root / "base.reeve"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.offences, cls.years = [cls.root / f"offences-{year}.csv" for year in (2021, 2022)], []
        for path in cls.offences:
            once = {r["offence_id"]: r for r in rows_of(cls.london / path.name) if is_clean(r)}
            cls.years.append(list(once.values()))
            write_rows(path, cls.years[-1])
        bring(cls.base, cls.london, *cls.offences)
        must("define", cls.base, "adopt", "havering")
        cls.out = cls.root / "annual"
        cls.found = assess(cls.base, cls.out, "--template", "annual-crime-and-disorder")

    def test_counts_of_every_kind(self):
        for kind in KINDS:
            before, after = (count(rows, kind) for rows in self.years)
            total = self.found[f"{kind}.all.total"]
            if kind in NOT_HELD:
                self.assertEqual(after + before, 0)
                continue
            self.assertEqual(total["value"], after, kind)
            change = self.found[f"{kind}.all.change"]
            self.assertEqual((change["numerator"], change["denominator"]), (after, before), kind)

    def test_share_of_all_recorded_crime(self):
        after = self.years[1]
        for kind in ("burglary", "robbery", "flagged-domestic-abuse"):
            share = self.found[f"{kind}.all.share"]
            self.assertEqual((share["numerator"], share["denominator"]), (count(after, kind), count(after, "all-crime")))
            self.assertAlmostEqual(share["value"], 100 * count(after, kind) / count(after, "all-crime"), places=6)

    def test_victims_of_violence(self):
        ids = {r["offence_id"] for r in self.years[1]
               if r["borough_code"] == HAVERING and r["offence_group"] in KINDS["violence"][0]}
        people = rows_of(next(self.london.glob("persons-2022.csv")))
        victims = sum(p["role"] == "victim" and p["offence_id"] in ids for p in people)
        self.assertEqual(self.found["violence.victims.total"]["value"], victims)

    def test_first_ward_of_vehicle_offences(self):
        ward_of = {r["from_code"]: r["to_code"] for r in rows_of(self.london / "lookup-lsoa-ward.csv")}
        wards = collections.Counter(ward_of[r["lsoa_code"]] for r in self.years[1]
                                    if r["borough_code"] == HAVERING and r["offence_group"] == "vehicle")
        table = rows_of(self.out / "tables" / "vehicle-wards-all.csv")
        self.assertEqual(len(table), 20)
        self.assertEqual(sum(wards.values()), count(self.years[1], "vehicle"))
        for row in table:
            self.assertEqual(int(row["count"]), wards[row["code"]], row)
        self.assertEqual(self.found["vehicle.all.top-ward"]["value"], max(wards.values()))

    def test_kinds_side_by_side(self):
        rows = rows_of(self.out / "tables" / "priorities-kinds.csv")
        part = {p["title"]: p["id"] for p in DEFINITION["profiles"]}
        kinds = {part[r["kind"]]: r for r in rows}
        self.assertNotIn("antisocial-behaviour", kinds)  # no part of all recorded crime
        after, before = self.years[1], self.years[0]
        whole = count(after, "all-crime")
        for kind, row in kinds.items():
            if kind in NOT_HELD:
                self.assertEqual((row["signs"], row["count"], row["count_place"]), ("cannot be told", "", ""))
                continue
            n = count(after, kind)
            self.assertEqual(int(row["count"]), n)
            self.assertEqual(int(row["count_place"]), 1 + sum(count(after, k) > n for k in kinds))
            self.assertAlmostEqual(float(row["share_percent"]), 100 * n / whole, places=6)
            if row["change_percent"]:
                self.assertAlmostEqual(float(row["change_percent"]), 100 * (n / count(before, kind) - 1), places=6)
            self.assertEqual(row["harm_percent"], "")  # no scale is held
            self.assertIn("no scale of harm is held", row["not_available_because"])
            change, rank = self.found[f"{kind}.all.change"], self.found.get(f"{kind}.all.rate-rank")
            signs = [word for word, there in (
                ("large part", 10 * n >= whole), ("rise", change["rule"].startswith("CHANGE_UP")),
                ("place", rank["rank_high"] is not None and 2 * rank["rank_high"] <= rank["of"])) if there]
            self.assertEqual(row["signs"], "; ".join(signs) or "none", kind)
        held = [r for r in rows if r["count"]]
        order = [(-len(r["signs"].split("; ")) * (r["signs"] != "none"), -int(r["count"])) for r in held]
        self.assertEqual(order, sorted(order))
        said = [f for name, f in self.found.items() if name.startswith("priorities.")]
        signed = [r for r in held if r["signs"] != "none"][:6]
        self.assertTrue(said)
        self.assertEqual([f["id"] for f in said], [f"priorities.{part[r['kind']]}.place" for r in signed])
        for f, row in zip(said, signed):
            self.assertEqual(f["value"], len(row["signs"].split("; ")))
            self.assertEqual((f["denominator"], f["verdict"]), (3, "holds with caution"))
            self.assertIn("its weight of harm", " ".join(f["caveats"]))

    def test_kinds_without_records_are_quiet(self):
        for kind in NOT_HELD:
            said = [f for name, f in self.found.items() if name.startswith(kind + ".")]
            self.assertEqual([f["id"] for f in said], [f"{kind}.all.total"])
            self.assertEqual(said[0]["verdict"], "not available")
            self.assertIsNone(said[0]["value"])
            self.assertIn("no record of this kind is held of any borough", said[0]["statement"])
            self.assertFalse(list((self.out / "tables").glob(f"{kind}-*.csv")))
        why = (self.out / "tables" / "limits-cannot-be-said.csv").read_text()
        self.assertIn("Crime flagged as hate crime; Exploitation; Antisocial behaviour", why)
        self.assertIn("is held by probation, prisons and courts", why)

    def test_the_page_is_light_and_its_first_page_short(self):
        page = (self.out / "report.html").read_text()
        tables = len(list((self.out / "tables").iterdir()))
        self.assertEqual(over_budget(page, len(self.found), tables), [])
        self.assertLess(len(page.encode()), 6 << 20)
        key = re.search(r'id="key".*?</section>', page, re.S)[0]
        first = re.findall(r'href="#why-([^"]*)"', key)
        of_kinds = [name for name in first if name.split(".")[0] in KINDS]
        self.assertEqual(of_kinds[0], "all-crime.all.change")
        self.assertLessEqual(len(first), 16)
        # what is told apart stands there before what chance could have made
        told = [n for n in KINDS if f"{n}.all.change" in self.found and "chance alone would seldom" in
                self.found[f"{n}.all.change"]["statement"]]
        self.assertTrue(told)
        self.assertLessEqual({f"{n}.all.change" for n in told}, set(of_kinds))

    def test_definition_template_and_query_of_each(self):
        beside = [f for f in self.found.values() if f["id"].split(".")[0] in KINDS]
        self.assertTrue(beside)
        for f in beside:
            self.assertEqual((f["definition"], f["definition_version"]), ("crime-and-disorder", DEFINITION["version"]))
        self.assertTrue(all(f["template"] == "annual-crime-and-disorder" for f in self.found.values()))
        self.assertEqual(self.found["under-25.all.total"]["definition"], "havering")
        self.assertNotIn("agreed", " ".join(beside[0]["caveats"]))
        for name in ("burglary.all.total", "robbery.all.total", "robbery.personal-robbery.total", "under-25.all.total"):
            f = self.found[name]
            words = shlex.split(f["query"])
            self.assertEqual(words[:3], ["reeve", "table", "FILE"])
            rows = must("table", self.base, *words[3:]).rows()
            self.assertIn(f["value"], [int(r["count"]) for r in rows], f["query"])

    def test_what_is_stored_is_the_last_run(self):
        file = self.dir / "own.reeve"
        shutil.copy(self.base, file)
        assess(file, self.dir / "annual", "--template", "annual-crime-and-disorder")
        why = must("why", file, "burglary.all.total").out
        self.assertRegex(why, r"template +annual-crime-and-disorder")
        self.assertIn("--definition crime-and-disorder", why)
        found = assess(file, self.dir / "needs")
        stored = must("findings", file).json()
        self.assertEqual([f["id"] for f in stored], list(found))
        self.assertNotIn("template", stored[0])
        self.assertEqual(run("why", file, "burglary.all.total").status, 3)
        self.assertNotIn("template ", must("why", file, "under-25.all.total").out)

    def test_the_needs_assessment_is_what_it_was(self):
        found = assess(self.base, self.dir / "default")
        assess(self.base, self.dir / "named", "--template", "needs-assessment")
        self.assertTrue(same(self.dir / "default", self.dir / "named"))
        self.assertNotIn("burglary.all.total", found)
        chapters = [f["id"].split(".")[0] for f in found.values()]
        order = [c for i, c in enumerate(chapters) if c not in chapters[:i]]
        self.assertEqual(order[:3], ["under-25", "domestic-abuse", "sexual-violence"])
        # what both tell of the agreed definition and of the same sources, both tell alike
        both = [name for name in found if name in self.found]
        self.assertIn("under-25.all.change", both)
        for name in both:
            mine = {k: v for k, v in self.found[name].items() if k != "template"}
            other = mine | {"table": found[name]["table"]}  # this template has fewer tables of the same
            self.assertEqual(other, found[name])

    def test_without_burglaries_only_burglary_and_totals_move(self):
        path = self.dir / "offences-2022.csv"
        write_rows(path, [r for r in self.years[1] if r["offence_group"] != "burglary"])
        file = self.dir / "less.reeve"
        bring(file, self.london, self.offences[0], path)
        must("define", file, "adopt", "havering")
        less = assess(file, self.dir / "less", "--template", "annual-crime-and-disorder")
        self.assertEqual(less["burglary.all.total"]["value"], 0)
        gone = count(self.years[1], "burglary")
        self.assertEqual(less["all-crime.all.total"]["value"], self.found["all-crime.all.total"]["value"] - gone)
        for name, f in self.found.items():
            kind, subject, *measure = name.split(".")
            is_share = measure[0] == "share"  # of all recorded crime, whose count moved
            if kind in KINDS and kind not in ("burglary", "all-crime") and not is_share:
                self.assertEqual(f["value"], less[name]["value"], name)
                self.assertEqual(f["numerator"], less[name]["numerator"], name)

    def test_what_residents_said(self):
        self.assertIn("What residents would put first", (self.out / "tables" / "limits-cannot-be-said.csv").read_text())
        file, surveys = self.dir / "asked.reeve", self.london / "surveys"
        shutil.copy(self.base, file)
        for name in ("community-safety", "shout"):
            must("import", file, surveys / f"{name}.csv", "--as", "survey", "--codebook", surveys / f"{name}-codebook.json",
                 most=1)
        found = assess(file, self.dir / "asked", "--template", "annual-crime-and-disorder")
        for name, f in self.found.items():
            self.assertEqual((f["value"], f["statement"]), (found[name]["value"], found[name]["statement"]))
        tables = self.dir / "asked" / "tables"
        self.assertNotIn("put first", (tables / "limits-cannot-be-said.csv").read_text())
        told = 0
        for name in ("community-safety", "shout"):
            book = json.loads((surveys / f"{name}-codebook.json").read_text())
            answers = rows_of(surveys / f"{name}.csv")
            questions = [q for q, c in book["columns"].items() if c["kind"] == "question"][:12]
            for question in questions:
                labels = {a["label"] for a in book["columns"][question]["answers"] if not a.get("missing")}
                path, = (p for p in tables.glob(f"residents-*-{question.replace('_', '-')}.csv")
                         if labels <= {r["label"] for r in rows_of(p)})
                counts = collections.Counter(code for r in answers for code in r[question].split(";"))
                rows = {r["label"]: r for r in rows_of(path)}
                wanted = must("table", file, "--kind", "survey", "--survey", book["survey"], "--by", question).rows()
                for row in wanted:
                    mine = rows[row["label"]]
                    self.assertEqual(mine["count"], row["count"])
                    if row["share"]:
                        self.assertAlmostEqual(float(mine["share_percent"]), 100 * float(row["share"]), places=6)
                for answer in book["columns"][question]["answers"]:
                    if not answer.get("missing"):
                        self.assertEqual(int(rows[answer["label"]]["count"]), counts[answer["code"]], question)
                told += 1
        self.assertGreater(told, 3)
        page = (self.dir / "asked" / "report.html").read_text()
        self.assertIn("What residents said", page)

    def test_its_findings_are_held_against_those_of_the_last(self):
        out = self.dir / "next"
        words = ["--template", "annual-crime-and-disorder", "--last", self.out / "findings.json"]
        said = must("assess", self.base, "--area", HAVERING, *PERIODS, "--out", out, *words).out
        told = re.search(r"Of the last assessment: (\d+) still true, (\d+) changed, (\d+) no longer computable", said)
        self.assertEqual(told.groups()[1:], ("0", "0"), said)
        self.assertGreater(int(told[1]), 100)
        self.assertIn("Burglary", (out / "report.html").read_text())

    def test_a_template_of_ones_own(self):
        self.write("kinds.json", json.dumps({
            "definition": "kinds", "version": "7", "title": "Ours",
            "profiles": [{"id": "cars", "title": "Cars", "offences": ["vehicle"]}]}))
        mine = self.write("mine.json", json.dumps({
            "template": "ours", "version": "1", "title": "Ours", "heading": "Ours in {area}", "definition": "kinds.json",
            "chapters": [{"part": "coverage"}, {"part": "profile", "profile": "cars", "sections": ["wards"],
                                                "note": "Cars <only>."}]}))
        found = assess(self.base, self.dir / "ours", "--template", mine)
        self.assertEqual([n.split(".")[0] for n in found if n.startswith(("coverage", "cars"))][0], "coverage")
        self.assertEqual(found["cars.all.total"]["value"], count(self.years[1], "vehicle"))
        self.assertEqual({n.split(".")[0] for n in found}, {"coverage", "cars"})
        page = (self.dir / "ours" / "report.html").read_text()
        self.assertIn("<h1>Ours in Havering</h1>", page)
        self.assertIn("<p>Cars &lt;only&gt;.</p>", page)
        self.assertLess(page.index('id="theme-coverage"'), page.index('id="theme-cars"'))
        words = shlex.split(found["cars.all.total"]["query"])
        rows = self.ok(*words[1:2], self.base, *words[3:], cwd=self.dir).rows()
        self.assertEqual(int(rows[0]["count"]), count(self.years[1], "vehicle"))

    def test_faults_are_told(self):
        wrong = self.write("wrong.json", '{"template": "ours", "version": "1", "title": "T", "heading": "H",\n'
                                         '"chapters": [{"part": "weather"}]}')
        words = ("assess", self.base, "--area", HAVERING, *PERIODS, "--template")
        result = run(*words, wrong)
        self.assertEqual(result.status, 3)
        self.assertIn("wrong.json, line 2", result.err)
        self.assertIn('"weather" is no part of an assessment; there are about, profile, ', result.err)
        result = run(*words, "anual")
        self.assertEqual(result.status, 3)
        self.assertIn("There are annual-crime-and-disorder, needs-assessment", result.err)
        result = run("table", self.base, "--by", "borough", "--definition", "crime-and-disorder")
        self.assertIn("name one of its profiles with --profile", result.err)
        result = run("table", self.base, "--by", "borough", "--profile", "burglary", "--definition", "nobody")
        self.assertIn("there are crime-and-disorder, ", result.err)

    def test_without_records_it_says_so(self):
        file = self.dir / "empty.reeve"
        must("new", file)
        bring_areas(file, self.london, "borough")
        found = assess(file, self.dir / "empty", "--template", "annual-crime-and-disorder")
        self.assertEqual(found["recorded-crime.all.total"]["verdict"], "not available")
        self.assertFalse([f for f in found.values() if f["value"] == 0])


if __name__ == "__main__":
    main()

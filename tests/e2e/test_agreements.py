"""Agreements and markings through the program: terms recorded and read strictly, columns they do not
share never stored, extracts left out of every result while they are not in force, the most
restricted marking on whatever is made. All data here are synthetic.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import zipfile

from harness import REEVE, STREET_HEADER, Case, digest, main, run, street_row, synthetic_borough

TERMS = {"agreement": "force-2024", "supplier": "Synthetic Police", "gateway": "Crime and Disorder Act 1998 s.115",
         "purposes": ["strategic needs assessment"], "from": "2024-01-01", "expires": "2026-03-31",
         "retention_months": 36, "marking": "official-sensitive"}
DAY, LATER = ("--today", "2026-03-31"), ("--today", "2026-04-01")


def offences(prefix, month, count):
    rows = "".join(f"{prefix}{i},{month}-03,burglary,knife\n" for i in range(count))
    return "offence_id,recorded_at,offence_group,flags\n" + rows


class Agreements(Case):
    def agree(self, *words, status=0, **changes):
        path = self.write("terms.json", json.dumps({**TERMS, **changes}, indent=1))
        return self.ok("agreement", self.file, "add", path, *words, status=status)

    def bring(self, name, text, *words, status=0):
        return self.ok("import", self.file, self.write(name, text), "--as", "offences", "--json", *words, *DAY,
                       status=status)

    def counted(self, *words):
        result = self.ok("table", self.file, "--by", "year", "--format", "json", *words)
        return {x["year"]: x["count"] for x in result.json()["rows"] if x["count"]}, result

    # ---- terms ----

    def test_a_mistake_in_the_terms_is_named_with_its_line(self):
        self.new()
        cases = [({"expires": "2026-02-30"}, '"expires": "2026-02-30" is no date'),
                 ({"expires": "2023-12-31"}, "is before"), ({"purposes": []}, '"purposes": must be a list'),
                 ({"marking": "secret"}, "there are public, official and"), ({"colour": "red"}, "no member"),
                 ({"fields": ["recorded_at", "Crime ID"]}, "no column of any kind"),
                 ({"retention_months": 0}, "1 to 1200"), ({"agreement": "a b"}, "letters, digits")]
        for changes, words in cases:
            with self.subTest(changes):
                before = digest(self.file)
                err = self.agree(status=3, **changes).err
                self.assertIn(words, err)
                line = [i for i, x in enumerate((self.dir / "terms.json").read_text().split("\n"), 1)
                        if f'"{list(changes)[0]}"' in x][0]
                if changes != {"fields": ["recorded_at", "Crime ID"]}:  # that names the element, below its list
                    self.assertIn(f"terms.json, line {line}:", err)
                self.assertEqual(digest(self.file), before)

    def test_list_tells_what_is_in_force_on_a_day(self):
        self.new()
        self.assertIn("No agreement is recorded", self.ok("agreement", self.file).out)
        self.agree("--author", "board of 4 January")
        self.assertIn("recorded already", self.agree(status=3).err)
        states = {}
        for day in ("2023-12-31", "2024-01-01", "2026-03-31", "2026-04-01"):
            found = self.ok("agreement", self.file, "list", "--json", "--today", day).json()["agreements"]
            self.assertEqual(len(found), 1)
            self.assertEqual((found[0]["supplier"], found[0]["recorded_by"]), ("Synthetic Police", "board of 4 January"))
            states[day] = found[0]["state"]
        self.assertEqual(list(states.values()), ["not yet in force", "in force", "in force", "expired"])
        self.ok("agreement", self.file, "list", "--today", "31/03/2026", status=2)

    def test_import_needs_terms_that_are_in_force(self):
        self.new()
        self.agree()
        path = self.write("o.csv", offences("A", "2025-01", 3))
        before = digest(self.file)
        self.assertIn("the file has force-2024", self.ok("import", self.file, path, "--as", "offences", "--agreement",
                                                        "another", *DAY, status=3).err)
        self.assertIn("not in force on 2026-04-01", self.ok("import", self.file, path, "--as", "offences",
                                                            "--agreement", "force-2024", *LATER, status=3).err)
        self.ok("import", self.file, path, "--as", "offences", "--agreement", "force-2024", "--open", *DAY, status=2)
        self.assertEqual(digest(self.file), before)

    # ---- fields ----

    def test_columns_outside_the_fields_are_never_stored(self):
        self.new()
        self.agree(fields=["offence_id", "recorded_at", "offence_group", "easting", "northing"])
        text = ("offence_id,recorded_at,offence_group,flags,source_note,longitude,latitude\n"
                "A1,2025-01-03,burglary,knife,a secret remark,0.18,51.58\n")
        report = self.bring("o.csv", text, "--agreement", "force-2024").json()
        self.assertEqual(report["dropped_columns"], ["flags", "source_note"])
        self.assertIn("does not share", " ".join(report["notes"]))
        self.assertEqual((report["agreement"], report["marking"]), ("force-2024", "official-sensitive"))
        names = {x[0] for x in sqlite3.connect(self.file).execute("SELECT name FROM extract_column")}
        self.assertNotIn("flags", names)
        self.assertIn("easting", names)
        self.assertNotIn(b"secret remark", self.file.read_bytes())

    def test_a_field_that_rows_need_is_refused_not_left_out(self):
        self.new()
        self.agree(fields=["offence_id", "offence_group"])
        before = digest(self.file)
        err = self.bring("o.csv", offences("A", "2025-01", 3), "--agreement", "force-2024", status=3).err
        self.assertIn("does not list recorded_at", err)
        self.assertEqual(digest(self.file), before)

    # ---- in force or not ----

    def test_an_expired_agreement_keeps_its_extracts_out_and_says_so(self):
        self.new()
        self.agree()
        self.bring("a.csv", offences("A", "2025-01", 7), "--agreement", "force-2024")
        years, result = self.counted(*DAY)
        self.assertEqual((years, result.err), ({"2025": 7}, ""))
        self.assertEqual(result.json()["marking"], "official-sensitive")
        gone = self.ok("table", self.file, "--by", "year", *LATER, status=3)
        self.assertIn('Extract 1 (offences, a.csv) is left out: its agreement "force-2024"', gone.err)
        sql = ("sql", self.file, "SELECT count(*) AS n FROM offences")
        self.assertEqual(self.ok(*sql, *DAY).rows()[0]["n"], "7")
        left = run(*sql, *LATER)
        self.assertNotIn("7", left.out)
        self.assertIn("is left out", left.err)

    def test_results_are_those_of_a_file_in_which_the_extract_never_was(self):
        """Whatever two suppliers' extracts say of the same records, in both orders of import."""
        texts = [offences("A", "2025-01", 9), offences("A", "2025-01", 5) + "B1,2025-02-01,robbery,\n"]
        for order in ((0, 1), (1, 0)):
            alone = self.dir / f"alone-{order[0]}.reeve"
            self.ok("new", alone)
            one = self.write("one.csv", texts[0])
            self.ok("import", alone, one, "--as", "offences", *DAY)
            want = self.ok("table", alone, "--by", "month", "--format", "csv", *DAY).out
            self.file = self.dir / f"both-{order[0]}.reeve"
            self.new()
            self.agree()
            for which in order:
                self.bring(("one.csv", "two.csv")[which], texts[which], *(("--agreement", "force-2024") if which else ()))
            self.assertEqual(self.ok("table", self.file, "--by", "month", "--format", "csv", *LATER).out, want)

    def test_renewal_brings_back_and_an_early_end_takes_away(self):
        self.new()
        self.agree()
        self.bring("a.csv", offences("A", "2025-01", 7), "--agreement", "force-2024")
        self.ok("agreement", self.file, "end", "nobody", status=3)
        self.ok("agreement", self.file, "end", "force-2024", "--today", "2025-06-01", "--author", "supplier's letter")
        self.assertEqual(self.counted("--today", "2025-05-31")[0], {"2025": 7})
        self.ok("table", self.file, "--by", "year", "--today", "2025-06-01", status=3)
        self.assertIn("not in force", self.ok("agreement", self.file, "end", "force-2024", "--today", "2025-06-02",
                                              status=3).err)
        self.agree(**{"from": "2026-01-01", "expires": "2028-12-31", "marking": "official"})
        self.ok("table", self.file, "--by", "year", "--today", "2025-12-31", status=3)
        years, result = self.counted("--today", "2028-12-31")
        self.assertEqual((years, result.json()["marking"]), ({"2025": 7}, "official"))
        states = [x["state"] for x in self.ok("agreement", self.file, "--json", "--today", "2025-07-01").json()["agreements"]
                  if x["decides"]]
        self.assertEqual(states, ["ended"])

    def test_retention_is_told_and_nothing_is_deleted(self):
        self.new()
        self.agree(expires="2099-12-31", retention_months=1)
        self.bring("a.csv", offences("A", "2025-01", 7), "--agreement", "force-2024")
        before = digest(self.file)
        years, result = self.counted("--today", "2099-01-01")
        self.assertEqual(years, {"2025": 7})
        self.assertIn("kept longer than the 1 months", result.err)
        listed = self.ok("agreement", self.file, "list", "--today", "2099-01-01", "--json").json()
        self.assertTrue(listed["extracts"][0]["past_retention"])
        self.assertEqual(digest(self.file), before)

    # ---- markings ----

    def test_open_and_undeclared_data(self):
        self.new()
        street = STREET_HEADER + "".join(street_row(i) for i in range(5))
        report = self.ok("import", self.file, self.write("2021-05-street.csv", street), "--json").json()
        self.assertEqual((report["open"], report["marking"], report["agreement"]), (True, "public", None))
        self.assertEqual(self.counted()[1].json()["marking"], "public")
        said = self.ok("import", self.file, self.write("o.csv", offences("A", "2025-01", 3)), "--as", "offences").out
        self.assertIn("no agreement is declared", said)
        name = sqlite3.connect(self.file).execute("SELECT source FROM extract WHERE id = 2").fetchone()[0]
        table = self.counted("--source", name)[1].json()
        self.assertEqual(table["marking"], "official")
        self.assertIn(f"No agreement is declared for {name}", " ".join(table["notes"]))
        self.assertIn("No agreement is declared for extract 2", self.ok("agreement", self.file).out)
        opened = self.bring("p.csv", offences("P", "2025-01", 3), "--open", "--supplier", "data.example").json()
        self.assertEqual((opened["open"], opened["marking"]), (True, "public"))

    def test_an_older_file_is_brought_up_to_date(self):
        self.new()
        self.bring("a.csv", offences("A", "2025-01", 7))
        db = sqlite3.connect(self.file)
        db.executescript("DROP INDEX agreement_by_name; ALTER TABLE extract DROP COLUMN agreement_id;"
                         "ALTER TABLE extract DROP COLUMN is_open; DROP TABLE agreement;")
        names = sorted(p.name for p in (pathlib.Path(__file__).parents[2] / "sql" / "migrations").iterdir())
        db.execute(f"PRAGMA user_version = {names.index('0006-agreement.sql')}")
        db.commit()
        db.close()
        if names[-1] == "0006-agreement.sql":  # later migrations would meet their own tables
            self.agree()
            self.assertEqual(self.counted()[0], {"2025": 7})

    # ---- all or nothing ----

    def test_a_kill_while_terms_are_recorded_leaves_before_or_after(self):
        points = ["store.begin", "agreement.written", "store.commit.before", "store.commit.after", "store.done"]
        for point in points:
            with self.subTest(point):
                self.file = self.dir / f"{point}.reeve"
                self.new()
                before = digest(self.file)
                path = self.write("terms.json", json.dumps(TERMS))
                done = subprocess.run([REEVE, "agreement", self.file, "add", path], capture_output=True,
                                      env={**os.environ, "REEVE_FAULT_POINT": point})
                self.assertEqual(done.returncode, -signal.SIGKILL)
                rows = sqlite3.connect(self.file).execute("SELECT count(*) FROM agreement").fetchone()[0]
                self.assertEqual(rows, 0 if points.index(point) < 3 else 1)
                if rows == 0:
                    self.assertEqual(digest(self.file), before)
                    self.agree()
                self.ok("verify", self.file)
                self.assertEqual(self.ok("agreement", self.file, "--json", *DAY).json()["agreements"][0]["state"],
                                 "in force")


class Reports(Case):
    """The most restricted marking reaches every document; what expires leaves the findings stored."""

    def test_marking_of_documents_and_expiry_of_findings(self):
        file, _ = synthetic_borough(self.dir)
        assess = ("assess", file, "--area", "E09000016", "--period", "2022-01..2022-06")
        self.ok(*assess, "--out", self.dir / "open", "--xlsx")
        self.assertIn("<dt>Marking</dt><dd>official</dd>", (self.dir / "open" / "report.html").read_text())
        terms = self.write("terms.json", json.dumps(TERMS))
        self.ok("agreement", file, "add", terms)
        base = file.with_name("under.reeve")
        self.ok("new", base, "--synthetic")
        london = self.dir / "london"
        for kind, vintage, name in (("borough", "2018", "borough"), ("ward", "2018", "ward-2018")):
            self.ok("areas", base, london / f"boundaries-{name}.geojson", "--type", kind, "--vintage", vintage,
                    "--code", "code", "--name", "name")
        self.ok("agreement", base, "add", terms)
        self.ok("import", base, *sorted(london.glob("mps-*.csv")), "--agreement", "force-2024", *DAY)
        self.ok("import", base, london / "street", "--json", *DAY, status=1)
        assess = ("assess", base, *assess[2:])
        result = self.ok(*assess, "--out", self.dir / "closed", "--xlsx", *DAY)
        self.assertEqual(result.err, "")
        self.assertIn("<dt>Marking</dt><dd>official-sensitive</dd>", (self.dir / "closed" / "report.html").read_text())
        with zipfile.ZipFile(self.dir / "closed" / "tables.xlsx") as book:
            self.assertIn(b"Marking: official-sensitive", b"".join(book.read(n) for n in book.namelist()))
        found = json.loads((self.dir / "closed" / "findings.json").read_text())
        self.assertEqual({x["marking"] for x in found if x["theme"] == "recorded-crime" and x["sources"]}, {"public"})
        self.assertEqual({x["marking"] for x in found if x["theme"] == "published-counts" and x["sources"]},
                         {"official-sensitive"})
        kept = self.ok("findings", base, *DAY).json()
        self.assertEqual(len(kept), len(found))
        left = self.ok("findings", base, *LATER)
        self.assertNotIn("official-sensitive", {x["marking"] for x in left.json()})
        self.assertIn("rest on such an extract", left.err)
        late = self.ok(*assess, "--out", self.dir / "late", *LATER)
        self.assertIn("is left out", late.err)
        text = (self.dir / "late" / "report.html").read_text()
        self.assertIn("<dt>Marking</dt><dd>public</dd>", text)
        self.assertIn("is left out: its agreement", text)
        self.assertNotIn("published-counts", {x["theme"] for x in self.ok("findings", base, *LATER).json()})


if __name__ == "__main__":
    main()

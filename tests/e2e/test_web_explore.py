#!/usr/bin/env python3
"""Explore: the numbers of the page are the command's, its files the same bytes, and an address can be shared.

Everything is synthetic, all people are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import html
import json
import pathlib
import re
import shlex
import tempfile
import unittest
import urllib.parse

from harness import STREET_HEADER, must, run, street_row, synthetic_borough
from service import PASSWORD, Person, Service, add_people, enter, enter_all

QUESTIONS = [  # of the page, of the command
    ({"kind": "area-counts", "rows": "borough"}, ["--kind", "area-counts", "--by", "borough"]),
    ({"kind": "area-counts", "rows": "month", "columns": "category", "area": "E09000016"},
     ["--kind", "area-counts", "--by", "month,category", "--area", "E09000016"]),
    ({"kind": "area-counts", "rows": "ward", "area": "E09000016", "period": "2022", "value": "rate"},
     ["--kind", "area-counts", "--by", "ward", "--period", "2022", "--area", "E09000016"]),
    ({"rows": "category", "period": "2022-01..2022-06", "where": "month", "is": "2022-01,2022-02"},
     ["--by", "category", "--period", "2022-01..2022-06", "--where", "month=2022-01,2022-02"]),
    ({"rows": "lsoa", "area": "E09000016"}, ["--by", "lsoa", "--area", "E09000016"]),
]


def setUpModule():
    global folder, file, service, people
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file = synthetic_borough(home)[0]
    add_people(file)
    service = Service(file)
    people = enter_all(service)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def address(asked, what=""):
    return f"/workbench/explore{what}?" + urllib.parse.urlencode(asked)


class Numbers(unittest.TestCase):
    def test_many_at_once_are_answered_or_told_when_to_return(self):
        asked = address({"rows": "month", "columns": "category", "kind": "area-counts"})
        known = people["analyst"].get(asked).text
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            answers = [pool.submit(people["analyst"].get, asked) for _ in range(36)]
            quick = [people["partner"].get("/workbench").status for _ in range(5)]
        self.assertEqual(quick, [200] * 5)
        for answer in (a.result() for a in answers):
            self.assertIn((answer.status, answer.getheader("Retry-After")), ((200, None), (503, "2")))
            self.assertEqual(answer.text == known, answer.status == 200)

    def test_files_are_the_bytes_of_the_command(self):
        home = pathlib.Path(folder.name)
        for number, (asked, words) in enumerate(QUESTIONS):
            for form in ("csv", "json", "xlsx", "geojson"):
                with self.subTest(asked=asked, form=form):
                    out = home / f"{number}.{form}"
                    made = run("table", file, *words, "--format", form, "--out", out)
                    got = people["analyst"].get(address(asked, f"/table.{form}"))
                    if made.status:  # no areas in it
                        self.assertEqual((form, got.status), ("geojson", 422))
                        continue
                    self.assertEqual(got.status, 200, got.text[:500])
                    self.assertEqual(got.body, out.read_bytes())
                    self.assertIn("attachment", got.getheader("Content-Disposition"))

    def test_the_page_says_what_the_command_says(self):
        for asked, words in QUESTIONS:
            with self.subTest(asked=asked):
                made = must("table", file, *words, "--format", "json").json()
                page = json.loads(people["analyst"].get(address(asked), Accept="application/json").text)
                self.assertEqual(page["notes"], made["notes"])
                self.assertEqual(page["command"], "reeve table FILE " + " ".join(words))
                self.assertTrue(page["table"]["caption"].startswith(made["title"]))
                if "columns" not in asked:
                    rows = made["rows"]
                    self.assertEqual(page["table"]["row-count"], len(rows))
                    shown = [line["cells"] for line in page["table"]["lines"]]
                    counts = next(k for k, head in enumerate(page["table"]["heads"]) if head["words"] == "Count")
                    for row, cells in zip(rows, shown):
                        text = f"{row['count']:,.0f}" if row["count"] is not None else "not-available"
                        self.assertEqual(cells[counts]["words"], text)

    def test_two_dimensions_are_crossed(self):
        asked = {"kind": "area-counts", "rows": "category", "columns": "year"}
        made = must("table", file, "--kind", "area-counts", "--by", "category,year", "--format", "json").json()
        page = json.loads(people["analyst"].get(address(asked), Accept="application/json").text)
        heads = [head["words"] for head in page["table"]["heads"]]
        found = {(line["cells"][0]["words"], heads[k]): cell["words"] for line in page["table"]["lines"]
                 for k, cell in enumerate(line["cells"]) if k}
        self.assertEqual(len(found), len(made["rows"]))
        for row in made["rows"]:
            if row["count"] is not None:
                self.assertEqual(found[row["category"].replace("not-recorded", "not recorded"), row["year"]],
                                 f"{row['count']:,.0f}")

    def test_the_chart_is_described(self):
        page = people["analyst"].get(address(QUESTIONS[0][0])).text
        self.assertEqual(page.count('role="img"'), 2)  # one for a desk, one for a phone
        self.assertTrue(re.search(r"<title[^>]*>[^<]*borough", page))
        self.assertTrue(re.search(r"<desc[^>]*>[^<]+</desc>", page))
        self.assertFalse("<svg" in people["analyst"].get(address(QUESTIONS[0][0] | {"chart": "none"})).text)

    def test_long_tables_are_cut_and_say_so(self):
        asked = {"kind": "area-counts", "rows": "borough", "columns": "month", "chart": "none"}
        whole = people["analyst"].get(address(asked, "/table.csv")).text.count("\r\n") - 1
        self.assertGreater(whole, 200)
        asked["columns"] = "month,category"
        page = people["analyst"].get(address(asked)).text
        self.assertTrue(re.search(r"The first 200 of [\d,]+ rows are shown", page))


class Sharing(unittest.TestCase):
    def test_the_address_survives_signing_in(self):
        asked = address({"rows": "category", "where": "category", "is": "Theft & more"})
        stranger = Person(service)
        answer = stranger.get(asked)
        self.assertEqual(answer.status, 303)
        form = html.unescape(re.search(r'name="next" value="([^"]*)"', stranger.get(answer.getheader("Location")).text)[1])
        entered = stranger.post("/sign-in", {"name": "coordinator@borough.example", "password": PASSWORD, "code": "", "next": form})
        self.assertEqual(entered.status, 303)
        back = urllib.parse.urlsplit(entered.getheader("Location"))
        self.assertEqual(back.path, "/workbench/explore")
        self.assertEqual(urllib.parse.parse_qs(back.query), urllib.parse.parse_qs(urllib.parse.urlsplit(asked).query))
        self.assertEqual(stranger.get(entered.getheader("Location")).status, 200)

    def test_the_short_address_asks_the_same(self):
        asked = {"kind": "area-counts", "rows": "borough", "columns": "", "period": "", "value": "count", "where": ""}
        page = json.loads(people["analyst"].get(address(asked), Accept="application/json").text)
        self.assertEqual(page["query"], "kind=area-counts&rows=borough")

    def test_every_role_gets_the_same_open_data(self):
        texts = {role: person.get(address(QUESTIONS[4][0], "/table.csv")).body for role, person in people.items()}
        self.assertEqual(len(set(texts.values())), 1)

    def test_every_file_is_audited(self):
        before = len(must("audit", file, "export", "--json").json())
        people["coordinator"].get(address({"rows": "category", "where": "category", "is": "Burglary"}, "/table.csv"))
        people["coordinator"].get(address({"rows": "category"}))  # a page is not
        rows = must("audit", file, "export", "--json").json()[before:]
        self.assertEqual([(row["action"], row["subject"]) for row in rows if row["action"] == "table.export"],
                         [("table.export", "offences by category, csv")])


class Sight(unittest.TestCase):
    """A partner counts what it may see, and is told of nothing else."""

    def test_a_partner_sees_its_extracts(self):
        home = pathlib.Path(folder.name) / "sight"
        home.mkdir()
        held = home / "held.reeve"
        must("new", held, "--synthetic")
        terms = {"supplier": "Synthetic Police", "gateway": "a test", "purposes": ["a test"], "from": "2020-01-01",
                 "retention_months": 600, "marking": "official-sensitive", "note": "synthetic"}
        for name, last in (("close", "2099-12-31"), ("over", "2020-12-31")):
            (home / name).write_text(json.dumps(terms | {"agreement": name, "expires": last}))
            must("agreement", held, "add", home / name, "--author", "the test")
        for number, words in enumerate((["--agreement", "close"], ["--open"], ["--agreement", "over", "--today", "2020-06-01"])):
            street = home / f"2021-0{number + 4}-secret{number}-street.csv"
            street.write_text(STREET_HEADER + "".join(street_row(10 * number + k, f"2021-0{number + 4}")
                                                      for k in range(2 + number)))
            must("import", held, street, *words)
        add_people(held)
        with Service(held) as other:
            seen = {}
            everybody = enter_all(other)
            for role in ("analyst", "partner"):
                person = everybody[role]
                asked = {"rows": "month", "period": "2021-05"}
                csv, xlsx, page = (person.get(address(asked, what)) for what in ("/table.csv", "/table.xlsx", ""))
                close = person.get(address({"rows": "month", "period": "2021-04", "source": "none"}))
                seen[role] = csv.body
                told = page.text + close.text + xlsx.text
                self.assertEqual("secret2" in told, role == "analyst", role)
                self.assertEqual(page.status, 200)
            self.assertEqual(seen["analyst"], seen["partner"])
            only = everybody["partner"]
            answer = only.get(address({"rows": "month", "period": "2021-04"}))
            self.assertFalse("secret0" in answer.text)
            counted = only.get(address({"rows": "month", "period": "2021-04"}, "/table.csv")).text
            self.assertIn("not-available", counted)


class Hostile(unittest.TestCase):
    BAD = [({"rows": "nothing"}, "rows"), ({"rows": "category", "period": "2021-13"}, "period"),
           ({"rows": "category", "area": "E99999999"}, "area"), ({"kind": "nothing", "rows": "month"}, "kind"),
           ({"kind": "ambulance", "rows": "month"}, "kind"), ({"rows": "category", "columns": "nothing"}, "columns"),
           ({"rows": "category", "profile": "nothing"}, "profile"), ({"rows": "category", "denominator": "nobody"}, "denominator"),
           ({"rows": "category", "date": "never"}, "date"), ({"rows": "category", "count": "cats"}, "count"),
           ({"rows": "category", "source": "nowhere"}, "source"), ({"rows": "category", "chart": "pie"}, "chart"),
           ({"rows": "category", "chart": "heat"}, "chart"), ({"rows": "category", "bands": "x"}, "bands"),
           ({"rows": "category", "where-2": "nothing", "is-2": "x"}, "where-2"), ({"columns": "month"}, "rows"),
           ({"rows": "category,month,year,weekday,hour,lsoa,ward,borough,outcome,venue,weapon,flag,point,clock"}, "rows"),
           ({"rows": "victim-sex"}, "count"), ({"rows": "category", "value": "sum"}, "value")]

    def test_what_is_wrong_is_told_at_its_field(self):
        for asked, field in self.BAD:
            for what in ("", "/table.csv"):
                if what and field in ("chart", "value"):
                    continue
                with self.subTest(asked=asked, what=what):
                    answer = people["analyst"].get(address(asked, what))
                    self.assertEqual(answer.status, 422)
                    summary = answer.text.split("<main")[1].split("<form")[0]
                    self.assertTrue("<title>Error: " in answer.text)
                    self.assertIn(f'<li><a href="#{field}">', summary)
                    self.assertTrue(f' id="{field}"' in answer.text, field)
                    self.assertNotRegex(summary, r">--[a-z]")

    def test_what_is_typed_comes_back_inert(self):
        evil = '"><script>x</script>'
        for name in ("rows", "columns", "period", "area", "profile", "where", "is", "source", "vintage", "bands", "chart",
                     "kind", "denominator", "value", "date", "count", "survey"):
            asked = {"rows": "category", "where": "category", "is": "Burglary"} | {name: evil}
            answer = people["analyst"].get(address(asked))
            self.assertIn(answer.status, (200, 422), name)
            self.assertFalse("<script>x" in answer.text, name)
        odd = people["analyst"].get("/workbench/explore?rows=category&rows=ward&is=%F0%9F%8D%8E&zzz=1")
        self.assertIn(odd.status, (200, 422))
        self.assertEqual(people["analyst"].get("/workbench/explore?rows=%00").status, 400)
        self.assertEqual(people["analyst"].get(address({"rows": "category", "is": "x" * 3900})).status, 200)

    def test_from_a_finding_to_its_table(self):
        """The link beside a finding gives the file of the finding's own command, for each kind of command there is."""
        must("assess", file, "--area", "E09000016", "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12", most=1)
        commands = {}
        for finding in must("findings", file, "--format", "json").json():
            commands.setdefault(re.sub(r'(=|--(area|period|source) )("[^"]*"|\S+)', r"\1", finding["query"]), finding)
        self.assertGreater(len(commands), 8)
        for finding in commands.values():
            with self.subTest(query=finding["query"]):
                shown = json.loads(people["analyst"].get("/workbench/findings/" + finding["id"], Accept="application/json").text)
                words = ["table", file, *shlex.split(finding["query"])[3:], "--format", "csv"]
                got = people["analyst"].get(shown["explore"].replace("/explore?", "/explore/table.csv?"))
                self.assertEqual((got.status, got.text.replace("\r\n", "\n")), (200, must(*words).out))
                page = people["analyst"].get("/workbench/findings/" + finding["id"]).text
                self.assertIn(f'href="{html.escape(shown["explore"])}"', page)

    def test_from_a_table_to_its_records(self):
        asked = {"rows": "category", "period": "2022-01..2022-06", "where": "category", "is": "Burglary,Robbery,O'Hare's"}
        shown = json.loads(people["analyst"].get(address(asked), Accept="application/json").text)
        counted = sum(int(r["count"]) for r in must("table", file, "--by", "category", "--period", asked["period"], "--where",
                                                    "category=Burglary,Robbery").rows())
        page = json.loads(people["analyst"].get(shown["records"], Accept="application/json").text)
        self.assertTrue(page["is-of-table"])
        rows = must("sql", file, page["sql"]).rows()
        self.assertEqual(len(rows), counted)
        self.assertGreater(counted, 10)
        self.assertEqual({r["category"] for r in rows}, {"Burglary", "Robbery"})
        self.assertNotIn("records", json.loads(people["coordinator"].get(address(asked), Accept="application/json").text))
        areas = {"kind": "area-counts", "rows": "borough"}  # published counts have no records
        self.assertNotIn("records", json.loads(people["analyst"].get(address(areas), Accept="application/json").text))
        for extracts in ("", "x", "1;2", "1,x", "1) OR (1"):
            told = json.loads(people["analyst"].get("/workbench/sql?" + urllib.parse.urlencode({"extracts": extracts}),
                                                    Accept="application/json").text)
            self.assertEqual((told["is-of-table"], told.get("sql") or ""), (False, ""))

    def test_formulas_in_files_are_text(self):
        home = pathlib.Path(folder.name) / "formulas"
        home.mkdir()
        held, street = home / "held.reeve", home / "2021-05-x-street.csv"
        must("new", held, "--synthetic")
        evil = ["=HYPERLINK(1)", "+cmd|x", "@SUM(A1)", "<script>x</script>"]
        street.write_text(STREET_HEADER + "".join(street_row(k, kind=kind) for k, kind in enumerate(evil)))
        must("import", held, street, "--open", most=1)
        add_people(held, {"analyst": "analyst"})
        with Service(held) as other:
            person = enter(other, "analyst")
            csv = person.get(address({"rows": "category"}, "/table.csv")).text
            self.assertIn("=HYPERLINK", csv)
            for line in csv.splitlines()[1:]:
                self.assertNotRegex(line, r'^"?[=+@]')
            page = person.get(address({"rows": "category"})).text
            self.assertFalse("<script>x" in page)
            self.assertTrue("&lt;script&gt;x" in page)


if __name__ == "__main__":
    unittest.main()

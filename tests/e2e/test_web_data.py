#!/usr/bin/env python3
"""The data pages of the web service: what is held and where it came from, coverage, quality, rows set aside.

Every number is compared with what the command says of the same file. All data and people here are made up.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import io
import json
import pathlib
import tempfile
import unittest
import urllib.parse

from harness import STREET_HEADER, main, must, street_row
from service import Person, Service
from test_user import PASSWORD, ROLES

PEOPLE = {role: f"{role}@borough.example" for role in ROLES if role != "public"}
POLICE = "Synthetic Police"


def terms(name, marking):
    return {"agreement": name, "supplier": POLICE, "gateway": "a test", "purposes": ["a test"], "from": "2020-01-01",
            "expires": "2099-12-31", "retention_months": 600, "marking": marking, "note": "synthetic"}


OFFENCES = "offence_id,recorded_at,committed_from,offence_group,lsoa_code\n"


def offences(months, faults=()):
    rows = [f"K{month}-{i},{month}-{1 + i % 28:02}T{i % 24:02}:15,{month}-{1 + i % 28:02}T{i % 24:02}:05,personal-robbery,\n"
            for month in months for i in range(12)]
    return OFFENCES + "".join(rows) + "".join(faults)


HOSTILE = ['=HYPERLINK("http://x.example"),2021-13-01,,personal-robbery,\n', "B2,<script>alert(1)</script>,,robbery-personal,\n",
           "B3,2021-02-31,,personal-robbery,\n", "B4,+1+2,,robbery-personal,\n"]


def setUpModule():
    global folder, home, file, service, people
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file = home / "borough.reeve"
    must("new", file, "--synthetic", "--title", "Synthetic <partnership> & friends")
    for name, marking in (("plain", "official"), ("close", "official-sensitive")):
        (home / f"{name}.json").write_text(json.dumps(terms(name, marking)))
        must("agreement", file, "add", home / f"{name}.json", "--author", "the test")
    (home / "offences <b>1.csv").write_text(offences(["2021-01", "2021-02", "2021-05"], HOSTILE))
    must("import", file, home / "offences <b>1.csv", "--as", "offences", "--supplier", POLICE, "--agreement", "plain", most=1)
    for number, words in enumerate((["--agreement", "close"], ["--open"])):
        street = home / f"2021-0{number + 5}-street.csv"
        street.write_text(STREET_HEADER + "".join(street_row(100 * number + i, f"2021-0{number + 5}") for i in range(20)))
        must("import", file, street, *words)
    for number, people_of in enumerate((100, 120)):  # the second replaces the first whole
        table = home / f"population-{number}.csv"
        table.write_text(f"area_code,year,persons\nE09000016,2021,{people_of}\n")
        must("import", file, table, "--as", "population", "--supplier", "Synthetic statistics office", "--open")
    (home / "password").write_text(PASSWORD + "\n")
    for role, name in PEOPLE.items():
        more = ["--organisation", POLICE] if role == "partner" else []
        must("user", file, "add", name, "--role", role, "--no-codes", "--password-file", home / "password", *more)
    must("user", file, "add", "other@borough.example", "--role", "partner", "--no-codes", "--password-file", home / "password")
    service = Service(file)
    people = {role: sign_in(name) for role, name in PEOPLE.items()} | {"other": sign_in("other@borough.example")}


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def sign_in(name):
    person = Person(service)
    assert person.post("/sign-in", {"name": name, "password": PASSWORD, "code": ""}).status == 303
    return person


def told(path, role="analyst"):
    answer = people[role].get(path, Accept="application/json")
    assert answer.status == 200, (path, answer.status, answer.text)
    return json.loads(answer.text)


class Held(unittest.TestCase):
    def test_the_list(self):
        listed = told("/workbench/data")
        rows = must("sql", file, "SELECT id, kind, file_name, quarantined, rows FROM extract ORDER BY id DESC").rows()
        self.assertEqual({str(x["extract"]) for x in listed["extracts"] + listed["replaced"]}, {row["id"] for row in rows})
        by_id = {str(x["extract"]): x for x in listed["extracts"] + listed["replaced"]}
        for row in rows:
            x = by_id[row["id"]]
            self.assertEqual([x["kind"], x["file"], str(x["quarantined"]), str(x["rows"])],
                             [row["kind"], row["file_name"], row["quarantined"], row["rows"]])
        self.assertEqual([x["file"] for x in listed["replaced"]], ["population-0.csv"])
        self.assertEqual(listed["replaced"][0]["current"], 0)
        self.assertEqual({x["agreement"] for x in listed["extracts"]}, {"plain", "close", "open data"})

    def test_rows_in_use_are_those_of_the_view(self):
        for x in told("/workbench/data")["extracts"]:
            table = x["kind"].replace("-", "_")
            counted = must("sql", file, f"SELECT count(*) AS n FROM {table} WHERE extract = {x['extract']} AND current = 1").rows()
            self.assertEqual(str(x["current"]), counted[0]["n"], x)

    def test_who_sees_which(self):
        seen = {role: {x["file"] for x in told("/workbench/data", role)["extracts"]} for role in people}
        close = {"2021-05-street.csv"}
        self.assertEqual(seen["analyst"], seen["coordinator"])
        self.assertEqual(seen["analyst"] - seen["administrator"], close)
        self.assertEqual(seen["analyst"] - seen["other"], close)
        self.assertIn("offences <b>1.csv", seen["partner"])

    def test_an_extract(self):
        for x in told("/workbench/data")["extracts"]:
            one = told(f"/workbench/data/{x['extract']}")
            row = must("sql", file, f"SELECT * FROM extract WHERE id = {x['extract']}").rows()[0]
            self.assertEqual(one["sha256"], row["sha256"])
            self.assertEqual([one["profile"], one["source"]], [row["profile"], row["source"]])
            account = {line["name"]: str(line["rows"]) for line in one["account"]}
            self.assertEqual([account["Read"], account["Accepted"], account["Set aside"], account["Identical"]],
                             [row["rows_read"], row["accepted"], row["quarantined"], row["duplicates"]])
            columns = must("sql", file, f"SELECT name FROM extract_column WHERE extract_id = {x['extract']} ORDER BY position").rows()
            self.assertEqual([c["name"] for c in one["columns"]], [c["name"] for c in columns])

    def test_not_there_and_not_yours_look_the_same(self):
        close = next(x["extract"] for x in told("/workbench/data")["extracts"] if x["agreement"] == "close")
        for path in (f"/workbench/data/{close}", f"/workbench/data/{close}/quarantine", f"/workbench/data/{close}/quarantine.csv"):
            self.assertEqual(people["analyst"].get(path).status, 200)
            self.assertEqual(people["other"].get(path).body, people["other"].get("/workbench/data/999").body)
        for path in ("0", "-1", "x", "99999999999999999999", "1x", "%3Cb%3E"):
            self.assertEqual(people["analyst"].get(f"/workbench/data/{path}").status, 404)

    def test_a_hostile_name_is_inert(self):
        for path in ("/workbench/data", "/workbench/data/1", "/workbench/data/1/quarantine"):
            page = people["analyst"].get(path).text
            self.assertIn("offences &lt;b&gt;1.csv", page)
            self.assertNotIn("<b>1", page)


class Coverage(unittest.TestCase):
    def test_a_missing_month_is_missing(self):
        found = next(s for s in told("/workbench/data/coverage")["sources"] if s["source"].startswith("canonical-offences"))
        months = [m for year in found["years"] for m in year["months"]]
        self.assertEqual([i + 1 for i, m in enumerate(months) if m["covered"]], [1, 2, 5])
        self.assertEqual([i + 1 for i, m in enumerate(months) if m["missing"]], [3, 4])
        self.assertEqual([found["covered"], found["months"]], [3, 5])
        check = next(c for s in must("check", file, "--json", most=1).json()["sources"] if s["source"] == found["source"]
                     for c in s["checks"] if c["check"] == "coverage")
        self.assertEqual([check["count"], check["of"]], [found["months"] - found["covered"], found["months"]])
        self.assertIn(found["gaps"], check["sentence"])
        page = people["analyst"].get("/workbench/data/coverage").text
        self.assertIn("March 2021", page)
        self.assertIn(">missing<", page)


class Quality(unittest.TestCase):
    def test_the_page_says_what_the_command_says(self):
        said = must("check", file, "--json", most=1).json()
        shown = told("/workbench/data/quality")
        self.assertEqual(shown["attention"], said["needs_attention"])
        self.assertEqual([s["source"] for s in shown["sources"]], [s["source"] for s in said["sources"]])
        for mine, theirs in zip(shown["sources"], said["sources"]):
            all_of_mine = mine["checks"] + mine["noted"] + mine["fine"] + mine["not-checked"]
            self.assertEqual({(c["id"], c["sentence"], c["verdict"]) for c in all_of_mine},
                             {(c["id"], c["sentence"], c["verdict"]) for c in theirs["checks"]})
            self.assertEqual([c["id"] for c in mine["checks"]], [c["id"] for c in theirs["checks"] if c["needs_attention"]])

    def test_the_table_is_that_of_the_command(self):
        answer = people["analyst"].get("/workbench/data/quality.csv")
        self.assertEqual(answer.text, must("check", file, "--format", "csv", most=1).out)
        self.assertIn('filename="data-quality.csv"', answer.getheader("Content-Disposition"))

    def test_one_source(self):
        name = told("/workbench/data/quality")["sources"][0]["source"]
        address = "/workbench/data/quality?source=" + urllib.parse.quote(name)
        self.assertEqual([s["source"] for s in told(address)["sources"]], [name])
        self.assertIn(f'href="{address}"', people["analyst"].get("/workbench/data/1").text)
        self.assertIn(f'href="{address.replace("quality", "quality.csv")}"', people["analyst"].get(address).text)
        for absent in ("nothing", "%3Cscript%3E", "x" * 2000):
            self.assertEqual(told("/workbench/data/quality?source=" + absent)["sources"], [])
        self.assertNotIn("<script>", people["analyst"].get("/workbench/data/quality?source=%3Cscript%3E").text)

    def test_what_one_may_not_see_is_in_no_check(self):
        mine = {s["source"] for s in told("/workbench/data/quality")["sources"]}
        theirs = {s["source"] for s in told("/workbench/data/quality", "other")["sources"]}
        self.assertTrue(any("close" in s for s in mine - theirs))
        self.assertFalse(any("close" in s for s in theirs))


class SetAside(unittest.TestCase):
    def test_why(self):
        shown = told("/workbench/data/1/quarantine")
        self.assertEqual([shown["quarantined"], sum(r["rows"] for r in shown["reasons"])], [4, 4])
        rows = must("sql", file, "SELECT code, count(*) AS n FROM quarantine WHERE extract_id = 1 GROUP BY code").rows()
        counted = {}
        for reason in shown["reasons"]:
            counted[reason["code"]] = counted.get(reason["code"], 0) + reason["rows"]
        self.assertEqual(counted, {row["code"]: int(row["n"]) for row in rows})
        page = people["analyst"].get("/workbench/data/1/quarantine").text
        self.assertNotIn("HYPERLINK", page)  # reasons and counts only

    def test_the_list(self):
        answer = people["analyst"].get("/workbench/data/1/quarantine.csv")
        self.assertEqual(answer.getheader("Content-Type"), "text/csv; charset=utf-8")
        self.assertIn('filename="quarantine-1.csv"', answer.getheader("Content-Disposition"))
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        self.assertEqual(len(rows), 4)
        for row in rows:
            for cell in row.values():
                self.assertNotIn(cell[:1], ("=", "+", "-", "@"))  # a spreadsheet would run it
        again = home / "again.reeve"
        must("new", again, "--synthetic")
        must("import", again, home / "offences <b>1.csv", "--as", "offences", "--supplier", POLICE, "--quarantine", home / "q.csv", most=1)
        self.assertEqual(answer.text, (home / "q.csv").read_text())

    def test_who_may_not_read_records(self):
        for role in ("coordinator", "administrator", "other"):
            for path in ("/workbench/data/1/quarantine", "/workbench/data/1/quarantine.csv"):
                self.assertEqual(people[role].get(path).status, 404, role)
        self.assertEqual(people["partner"].get("/workbench/data/1/quarantine.csv").status, 200)  # its own
        self.assertEqual(Person(service).get("/workbench/data/1/quarantine.csv").status, 303)

    def test_it_is_in_the_audit(self):
        before = len(must("audit", file, "export", "--json").json())
        people["analyst"].get("/workbench/data/1/quarantine.csv")
        rows = must("audit", file, "export", "--json").json()[before:]
        self.assertEqual([(row["action"], row["subject"]) for row in rows], [("quarantine.export", "extract 1")])


if __name__ == "__main__":
    main()

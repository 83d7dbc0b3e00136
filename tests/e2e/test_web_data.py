#!/usr/bin/env python3
"""The data pages of the web service: what is held and where it came from, coverage, quality, rows set aside, files that
are sent, through the mapping assistant to the import.

Every number is compared with what the command says of the same file. All data and people here are made up.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import http.client
import io
import json
import pathlib
import re
import sqlite3
import tempfile
import time
import unittest
import urllib.parse
import zipfile

from harness import STREET_HEADER, main, must, run, street_row
from service import BOUNDARY, PEOPLE, Person, Service, add_people, body_of, enter, enter_all, token_of

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
    add_people(file, {name: role for name, role in PEOPLE.items() if role != "partner"} | {"other@borough.example": "partner"})
    add_people(file, {"partner@borough.example": "partner"}, "--organisation", POLICE)
    service = Service(file)
    people = enter_all(service) | {"other": enter(service, "other@borough.example")}


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


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


# ---- files that are sent ----

def send(person, body, at=None, path="/workbench/data/upload"):
    link = http.client.HTTPConnection("127.0.0.1", (at or service).port, timeout=120)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if person.cookie:
        headers["Cookie"] = person.cookie
    link.request("POST", path, body, headers)
    answer = link.getresponse()
    answer.text = answer.read().decode()
    link.close()
    return answer


def token_at(person, path="/workbench/data/upload"):
    return token_of(person.get(path))


def upload(person, name, content, at=None):
    """The address of the file that was sent."""
    answer = send(person, body_of([("csrf", token_at(person))], name, content.encode() if isinstance(content, str) else content), at)
    assert answer.status == 303, (answer.status, answer.text)
    return answer.getheader("Location")


def kept():
    return [path for path in pathlib.Path(f"{file}-state", "uploads").rglob("*") if path.is_file()]


def wait_for(job):
    """The row of a job when it is over."""
    for _ in range(600):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
            db.row_factory = sqlite3.Row
            row = dict(db.execute("SELECT * FROM job WHERE id = ?", (job,)).fetchone())
        if row["ended_at"]:
            return row
        time.sleep(0.1)
    raise AssertionError(f"job {job} does not end: {row}")


def import_it(person, address, form):
    answer = person.post(address + "/import", {"csrf": token_at(person, address + "/import")} | form)
    assert answer.status == 303, (answer.status, answer.text)
    return wait_for(int(re.fullmatch(r"/workbench/jobs/(\d+)", answer.getheader("Location"))[1]))


def extract_of(name):
    return must("sql", file, f"SELECT * FROM extract WHERE file_name = '{name}' ORDER BY id DESC LIMIT 1").rows()[0]


class SentFiles(unittest.TestCase):
    def test_a_layout_that_is_known(self):
        content = STREET_HEADER + "".join(street_row(i + 5000, "2021-07") for i in range(15))
        analyst = people["analyst"]
        address = upload(analyst, "2021-07-street.csv", content)
        self.assertEqual(analyst.get(address).getheader("Location"), address + "/import")
        page = told(address + "/import")
        self.assertEqual([page["kind"], page["profile"], page["preview"]["accepted"]], ["offences", "police-uk-street", 15])
        self.assertEqual(analyst.post(address + "/import", {"csrf": token_at(analyst, address + "/import")}).status, 422)
        job = import_it(analyst, address, {"agreement": "open", "supplier": ""})
        self.assertEqual(job["exit_status"], 0, job["said"])
        row = extract_of("2021-07-street.csv")
        self.assertEqual(told(f"/workbench/jobs/{job['id']}")["result"], f"/workbench/data/{row['id']}")
        self.assertEqual([row["accepted"], row["is_open"], row["profile"]], ["15", "1", "police-uk-street"])
        self.assertEqual(row["sha256"], hashlib.sha256(content.encode()).hexdigest())
        self.assertEqual([x for x in told("/workbench/data/upload")["waiting"] if x["file"] == "2021-07-street.csv"], [])
        self.assertFalse([path for path in kept() if path.name == "2021-07-street.csv"])  # removed when it was imported

    def test_where_the_import_of_an_archive_leads(self):
        """Several extracts come of it: all that is held shows them, newest first. A file that is refused leads nowhere."""
        analyst, packed = people["analyst"], io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for month in ("2021-09", "2021-10"):
                archive.writestr(f"{month}-street.csv", STREET_HEADER + "".join(street_row(i + 9000, month) for i in range(5)))
        job = import_it(analyst, upload(analyst, "two.zip", packed.getvalue()), {"agreement": "open", "supplier": ""})
        self.assertEqual(job["exit_status"], 0, job["said"])
        self.assertEqual(told(f"/workbench/jobs/{job['id']}")["result"], "/workbench/data")
        again = upload(analyst, "again.zip", packed.getvalue())
        twice = import_it(analyst, again, {"agreement": "open", "supplier": ""})
        self.assertEqual(twice["state"], "failed", twice["message"])
        self.assertNotIn("result", told(f"/workbench/jobs/{twice['id']}"))
        analyst.get("/workbench/data/upload")  # removes what is over
        self.assertFalse([path for path in kept() if path.suffix == ".zip"])

    def test_a_layout_that_nobody_knows(self):
        """Through the assistant; the numbers are those of map-columns and import."""
        rows = [f"R{i:03},{1 + i % 28:02}/{1 + i % 6:02}/2021,{['Robbery', 'Burglary', 'Theft'][i % 3]},0{i}" for i in range(60)]
        rows += ["R900,45/45/2021,Robbery,1", "R901,<b>,Robbery,2"]
        content = "Crime Ref No,Date Reported,Offence Type,Odd\r\n" + "\r\n".join(rows) + "\r\n"
        analyst = people["analyst"]
        address = upload(analyst, "partner layout.csv", content)
        (home / "partner layout.csv").write_bytes(content.encode())
        said = run("map-columns", home / "partner layout.csv", "--json").json()
        shown = told(address)
        self.assertEqual(shown["kind"], said["kind"]["name"])
        mine = {c["header"]: next(o["value"] for o in c["choices"] if o["selected"]) for c in shown["columns"]}
        theirs = {c["from"]: c["column"] for c in said["columns"] if c["taken"] and c["from"]}
        self.assertEqual({h: t for h, t in mine.items() if t != "drop"}, theirs)
        self.assertNotIn("R001", analyst.get(address).text)  # a reference: of a person, perhaps
        columns = {h: n for n, h in enumerate(mine)}
        form = {"csrf": token_at(analyst, address), "kind": "offences", "do": "check"}
        form |= {f"c{n}": mine[h] for h, n in columns.items()} | {f"c{columns['Offence Type']}": "category"}
        form |= {f"q{q['number']}": q["choices"][0]["value"] for q in shown["questions"] if q["is-hard"] and q["choices"]}
        answer = analyst.post(address, form)
        self.assertEqual(answer.status, 303, answer.text)
        for _ in range(4):  # until nothing hard is left
            if answer.getheader("Location").endswith("/import"):
                break
            shown = told(address)
            form = {"csrf": token_at(analyst, address), "kind": "offences", "do": "check"}
            form |= {f"q{q['number']}": q["choices"][0]["value"] for q in shown["questions"] if q["choices"]}
            answer = analyst.post(address, form)
        self.assertTrue(answer.getheader("Location").endswith("/import"), told(address)["questions"])
        page = told(address + "/import")
        self.assertEqual([page["preview"][k] for k in ("read", "accepted", "quarantined")], [62, 60, 2])
        self.assertNotIn("<b>", analyst.get(address + "/import").text.split("</header>")[1])
        wrong = analyst.post(address + "/import", {"csrf": token_at(analyst, address + "/import"), "agreement": "terms:plain",
                                                   "profile-name": "Not A Name", "supplier": "x" * 300})
        self.assertEqual(wrong.status, 422)
        self.assertIn("lower-case letters", wrong.text)
        job = import_it(analyst, address, {"agreement": "terms:plain", "profile-name": "partner-layout", "supplier": POLICE})
        self.assertEqual(job["exit_status"], 1, job["said"])  # rows were set aside
        row = extract_of("partner layout.csv")
        self.assertEqual(told(f"/workbench/jobs/{job['id']}")["result"], f"/workbench/data/{row['id']}")
        self.assertEqual([row["rows_read"], row["accepted"], row["quarantined"], row["profile"]], ["62", "60", "2", "partner-layout"])
        # The command with the profile that was kept says the same.
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
            (home / "kept.json").write_text(db.execute("SELECT value FROM setting WHERE name = 'profile.partner-layout'").fetchone()[0])
        again = home / "mapped.reeve"
        must("new", again, "--synthetic")
        report = must("import", again, home / "partner layout.csv", "--profile", home / "kept.json", "--supplier", POLICE, "--json", most=1).json()
        self.assertEqual([str(report[k]) for k in ("read", "accepted", "quarantined")], [row["rows_read"], row["accepted"], row["quarantined"]])
        query = "SELECT offence_id, recorded_at, category FROM offences WHERE extract = {} ORDER BY offence_id"
        self.assertEqual(must("sql", file, query.format(row["id"])).rows(), must("sql", again, query.format(report["extract"])).rows())
        # Mended, it is known now, and brings the rows that were set aside.
        mended = content.replace("45/45/2021", "15/05/2021").replace("<b>", "16/05/2021")
        address = upload(analyst, "partner mended.csv", mended)
        self.assertEqual(analyst.get(address).getheader("Location"), address + "/import")
        self.assertEqual(told(address + "/import")["profile"], "partner-layout")
        job = import_it(analyst, address, {"agreement": "terms:plain", "supplier": POLICE})
        self.assertEqual(job["exit_status"], 0, job["said"])
        row = extract_of("partner mended.csv")
        self.assertEqual([row["rows_read"], row["quarantined"]], ["62", "0"])
        held = must("sql", file, "SELECT count(*) AS n, count(DISTINCT offence_id) AS d FROM offences "
                                 "WHERE current = 1 AND length(offence_id) = 4 AND offence_id LIKE 'R%'").rows()[0]
        self.assertEqual([held["n"], held["d"]], ["62", "62"])  # each once, those mended among them

    def test_what_the_file_does_not_say(self):
        """A layout that is known, of files that do not say which offences they count."""
        content = "LSOA11CD,LSOA11NM,MSOA11CD,MSOA11NM,LAD11CD,LAD11NM,2018,2019\nE01000006,a,E02000017,b,E09000002,c,5,6\n"
        analyst = people["analyst"]
        address = upload(analyst, "annual.csv", content)
        page = analyst.get(address + "/import")
        self.assertEqual(page.status, 200, page.text)
        self.assertIn('name="ask-category"', page.text)
        self.assertNotIn("Rows read", page.text)  # they cannot be tried yet
        form = {"csrf": token_at(analyst, address + "/import")}
        unsaid = analyst.post(address + "/import", form | {"agreement": "open"})
        self.assertEqual(unsaid.status, 422)
        self.assertIn('id="ask-category-error"', unsaid.text)
        self.assertIn('<a href="#ask-category">', unsaid.text)
        said = analyst.post(address + "/import", form | {"ask-category": "Violence & more"}, Accept="application/json")
        self.assertEqual(said.status, 422)  # on what terms is not said
        self.assertEqual([json.loads(said.text)["preview"][k] for k in ("read", "accepted")], [1, 1], said.text)  # a row of two years
        job = import_it(analyst, address, {"agreement": "open", "ask-category": "Violence & more"})
        self.assertEqual(job["exit_status"], 0, job["said"])
        rows = must("sql", file, f"SELECT category, count FROM area_counts WHERE extract = {extract_of('annual.csv')['id']} ORDER BY count").rows()
        self.assertEqual([(row["category"], row["count"]) for row in rows], [("Violence & more", "5"), ("Violence & more", "6")])
        self.assertEqual([x for x in told("/workbench/data/upload")["waiting"] if x["file"] == "annual.csv"], [])

    def test_who_may_send(self):
        body = body_of([("csrf", "x")], "a.csv", b"a,b\n1,2\n")
        before = kept()
        self.assertEqual(send(Person(service), body).status, 401)
        self.assertEqual(send(people["administrator"], body).status, 404)
        self.assertEqual(send(people["analyst"], body).status, 403)
        self.assertEqual(send(people["analyst"], body_of([("csrf", token_at(people["coordinator"], "/account"))], "a.csv", b"a")).status, 403)
        late = body_of([], "a.csv", b"a,b\n", [("csrf", token_at(people["analyst"]))])
        self.assertIn(send(people["analyst"], late).status, (403, 422))
        answer = send(people["other"], body_of([("csrf", token_at(people["other"], "/account"))], "a.csv", b"a,b\n1,2\n"))
        self.assertEqual(answer.status, 403)  # of no organisation
        self.assertIn("names no organisation", people["other"].get("/workbench/data/upload").text)
        self.assertEqual(send(people["analyst"], body, path="/sign-in").status, 415)
        self.assertEqual(kept(), before)

    def test_a_large_body_of_nobody_is_not_read(self):
        head = (f"POST /workbench/data/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                "Content-Length: 900000000\r\n\r\n").encode()
        got = service.raw(head + b"--x\r\n", patience=5)
        self.assertIn(b" 401 ", got.split(b"\r\n")[0])

    def test_what_breaks_off_leaves_nothing(self):
        analyst, before = people["analyst"], kept()
        body = body_of([("csrf", token_at(analyst))], "cut.csv", b"a,b\n" * 200000)
        head = (f"POST /workbench/data/upload HTTP/1.1\r\nHost: localhost\r\nCookie: {analyst.cookie}\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        for at in (1, 100, 300, len(body) // 2, len(body) - 1):
            with service.connect() as link:
                link.sendall(head + body[:at])
        whole = body_of([("csrf", token_at(analyst))], "cut.csv", b"a,b\n")
        for bad in (whole[:-10], whole.replace(b"form-data; name=\"file\"", b"form-data; nom=\"file\""), whole + b"more"):
            answer = send(analyst, bad)
            self.assertEqual(answer.status, 422)
            self.assertIn("did not arrive whole", answer.text)
        answer = send(analyst, body_of([("csrf", token_at(analyst))], "", b""))
        self.assertEqual((answer.status, "Choose a file" in answer.text), (422, True))
        answer = send(analyst, body_of([("csrf", token_at(analyst))], "empty.csv", b""))
        self.assertEqual((answer.status, "The file is empty" in answer.text), (422, True))
        time.sleep(0.5)
        self.assertEqual(kept(), before)
        self.assertEqual(analyst.get("/workbench/data/upload").status, 200)

    def test_names_lead_nowhere_else(self):
        analyst = people["analyst"]
        for name in ("../../../../evil.csv", "..", ".hidden", "-profile", "a%00b", "C:\\\\x\\\\y.csv", "é" * 120, "<script>.csv"):
            before = set(kept())
            address = upload(analyst, name, "x,y\n1,2\n")
            new = set(kept()) - before
            self.assertEqual(len(new), 1, name)
            (path,) = new
            self.assertEqual(path.parent.parent.parent, pathlib.Path(f"{file}-state", "uploads"))
            self.assertNotIn(path.name[0], ".-")
            self.assertNotIn("<script>", analyst.get(address).text)
            self.assertEqual(analyst.post(address + "/remove", {"csrf": token_at(analyst)}).status, 303)
            self.assertEqual(set(kept()), before)

    def test_another_persons_file_is_not_there(self):
        address = upload(people["analyst"], "mine.csv", "x,y\n1,2\n")
        other = people["partner"]
        for path in (address, address + "/import"):
            self.assertEqual(other.get(path).status, 404)
            self.assertEqual(other.post(path, {"csrf": token_at(other, "/account")}).status, 404)
        for bad in ("x", "1-2-3", "../jobs", "7-1-" + "0" * 32):
            self.assertIn(people["analyst"].get("/workbench/data/uploads/" + urllib.parse.quote(bad, "")).status, (400, 404))
        self.assertEqual(people["analyst"].post(address + "/remove", {"csrf": token_at(people["analyst"])}).status, 303)
        self.assertEqual(people["analyst"].get(address).status, 404)

    def test_a_partner_sends_its_own(self):
        partner = people["partner"]
        content = STREET_HEADER + "".join(street_row(i + 7000, "2021-08") for i in range(5))
        address = upload(partner, "2021-08-street.csv", content)
        page = json.loads(partner.get(address + "/import", Accept="application/json").text)
        self.assertEqual({a["name"] for a in page["agreements"]}, {"plain", "close"})
        token = token_at(partner, address + "/import")
        for terms_of in ("open", "none", "terms:nothing", ""):
            self.assertEqual(partner.post(address + "/import", {"csrf": token, "agreement": terms_of}).status, 422, terms_of)
        job = import_it(partner, address, {"agreement": "terms:plain", "supplier": "Somebody Else"})
        self.assertEqual(job["exit_status"], 0, job["said"])
        row = extract_of("2021-08-street.csv")
        self.assertEqual([row["supplier"], row["accepted"]], [POLICE, "5"])

    def test_what_is_no_table(self):
        analyst = people["analyst"]
        for name, content in (("a.pdf", b"%PDF-1.7\n1 0 obj"), ("a.csv", b"\x00" * 5000), ("a.db", b"SQLite format 3\x00" + b"\x00" * 100)):
            address = upload(analyst, name, content)
            page = analyst.get(address)
            self.assertEqual((page.status, "cannot be read as it is" in page.text), (200, True), name)
            self.assertEqual(analyst.get(address + "/import").getheader("Location"), address)
            analyst.post(address + "/remove", {"csrf": token_at(analyst)})

    def test_memory_and_limits(self):
        """A large file goes to the disk and not into memory; one byte too many is told."""
        with Service(file, "--upload-limit", "64") as other:
            analyst = enter(other, "analyst@borough.example")
            token = token_at(analyst)
            most = 64 * 1000 * 1000

            def peak():
                status = pathlib.Path(f"/proc/{other.process.pid}/status").read_text()
                return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) << 10

            before = peak()
            answer = send(analyst, body_of([("csrf", token)], "large.csv", b"a,b\n" * (most // 4)), other)
            self.assertEqual(answer.status, 303)
            self.assertLess(peak() - before, 16 << 20)
            analyst.post(answer.getheader("Location") + "/remove", {"csrf": token})
            answer = send(analyst, body_of([("csrf", token)], "large.csv", b"a,b\n" * (most // 4) + b"x"), other)
            self.assertEqual(answer.status, 413)
            self.assertIn("larger than this service takes", answer.text)


if __name__ == "__main__":
    main()

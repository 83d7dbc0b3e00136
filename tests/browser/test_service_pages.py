"""Every page of the web service before axe-core, the Nu HTML checker and a browser, with its script and without.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html
import json
import os
import pathlib
import re
import time
import unittest

from test_browser import look, make_borough, nu, run_or_skip
from harness import STREET_HEADER, must, run, street_row
from service import Person, Service, add_people, body_of, enter, token_of
from test_web_data import send

UNKNOWN = "Ref,When,Where it was,Sort of crime\n" + "".join(
    f"r{n},2022-0{n % 9 + 1}-1{n % 9} 2{n % 4}:15,E0100{n:04},Robbery\n" for n in range(40))  # a layout of nobody's
KNOWN = STREET_HEADER + "".join(street_row(n, "2022-10") for n in range(20)) + street_row(99, "2022-13")  # one row is wrong
ADMINISTRATORS = {"accounts", "audit", "keep"}  # rights that the analyst has not


class ServicePages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.file = make_borough(cls)
        london = cls.dir / "london"
        run("import", cls.file, *sorted(london.glob("offences-*.csv")), *sorted(london.glob("persons-*.csv")))  # rows are set aside
        must("import", cls.file, london / "partners" / "stop-search.csv", "--as", "stop-search")  # times and people
        must("define", cls.file, "adopt", "havering", "--author", "the test")
        add_people(cls.file)
        cls.invitation = must("user", cls.file, "invite", "new", "--role", "partner", "--json").json()["invitation"]
        cls.service = Service(cls.file)
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.public = Person(cls.service)
        cls.analyst, cls.administrator = (enter(cls.service, f"{role}@borough.example") for role in ("analyst", "administrator"))
        cls.job = cls.done({"area": "E09000016", "template": "needs-assessment", "first": "2022-01", "last": "2022-12",
                            "compare-first": "2021-01", "compare-last": "2021-12"},
                           "/workbench/assessments")
        cls.brief = cls.done({"area": "E09000016", "group": "tasking"}, "/workbench/brief")
        cls.upload, cls.known = cls.sent("unknown.csv", UNKNOWN), cls.sent("2022-10-street.csv", KNOWN)
        twice = cls.sent("again-street.csv", next(london.glob("street/*.csv")).read_text())
        cls.failed = cls.done({"agreement": "open", "supplier": ""}, f"/workbench/data/uploads/{twice}/import", "failed")
        extracts = json.loads(cls.analyst.get("/workbench/data", Accept="application/json").text)["extracts"]
        cls.extract = str(next(x["extract"] for x in extracts if x["quarantined"]))
        listed = json.loads(cls.analyst.get("/workbench/findings", Accept="application/json").text)["findings"]
        cls.finding = None
        for finding in listed:  # the key ones come first: its chart is on the home page too
            page = cls.analyst.get("/workbench/findings/" + finding["id"])
            if 'value="release-alone"' in page.text and "<svg" in page.text:
                form = dict(re.findall(r'name="(csrf|read)" value="([^"]+)"', page.text)) | {"decision": "release"}
                assert cls.analyst.post("/workbench/findings/" + finding["id"], form).status == 303
                cls.finding = cls.finding or finding
                if "<svg" in Person(cls.service).get("/").text:
                    break
        assert cls.finding and "<svg" in Person(cls.service).get("/findings/" + cls.finding["id"]).text

    @classmethod
    def sent(cls, name, text):
        """What the address of a file that was sent calls it."""
        answer = send(cls.analyst, body_of([("csrf", token_of(cls.analyst.get("/account")))], name, text.encode()), cls.service)
        return re.fullmatch(r"/workbench/data/uploads/([^/]+)(/import)?", answer.getheader("Location"))[1]

    @classmethod
    def done(cls, form, path, state="done"):
        """The number of a job that a form asked for, when it is over."""
        answer = cls.analyst.post(path, form | {"csrf": token_of(cls.analyst.get("/account"))})
        assert answer.status == 303, answer.text
        for _ in range(600):
            seen = json.loads(cls.analyst.get(answer.getheader("Location"), Accept="application/json").text)
            if seen["is-over"]:
                assert seen["state"] == state, seen
                return str(seen["id"])
            time.sleep(0.2)
        raise AssertionError("the job does not end")

    def filled(self, path):
        """An address of the service's own description with something that is there in each of its parts."""
        parts = {"{id}": self.finding["id"], "{name}": "wilson", "{token}": self.invitation, "{page}": "agreements",
                 "{extract}": self.extract, "{upload}": self.upload}
        if path.startswith("/admin/"):
            parts["{id}"] = "1"
        elif re.match(r"/workbench/(jobs|assessments)/", path):
            table = sorted(pathlib.Path(f"{self.file}-state", "jobs", self.job, "tables").iterdir())[0].name
            parts |= {"{id}": self.job, "{name}": table if "/tables/" in path else "findings.json"}
        elif path.startswith("/workbench/brief/"):
            parts |= {"{id}": self.brief, "{name}": "brief-hours.csv"}
        elif path.endswith("/import"):
            parts["{upload}"] = self.known
        elif path.startswith("/workbench/explore/table."):
            path += "?kind=area-counts&rows=borough"
        return re.sub(r"\{\w+\}", lambda m: parts[m[0]], path)

    def addresses(self):
        """Who sees which page: every GET of the service's own description, and pages in states that it does not tell of."""
        for path, methods in json.loads(self.public.get("/openapi.json").text)["paths"].items():
            right = methods.get("get", {}).get("x-right")
            if right and not path.startswith("/assets/"):
                yield self.public if right == "read-published" else self.administrator if right in ADMINISTRATORS else self.analyst, self.filled(path)
        yield self.analyst, "/workbench/explore?kind=area-counts&rows=borough&value=rate"
        yield self.analyst, "/workbench/explore?rows=month&columns=category&period=2022"
        yield self.analyst, "/workbench/explore?rows=ward&chart=map"
        for kind in ("stop-search", "offences", "area-counts"):  # with times and people, with months, with counts
            yield self.analyst, f"/workbench/time?kind={kind}&area=E09000016"
            yield self.analyst, f"/workbench/people?kind={kind}&area=E09000016"
        yield self.analyst, f"/workbench/assessments/compare?with={self.job}"
        yield self.analyst, f"/workbench/jobs/{self.failed}"
        yield self.analyst, "/workbench/sql?extracts=1&rows=month&period=2022"
        yield self.analyst, "/workbench/findings?release=released"
        yield self.analyst, "/"
        yield self.analyst, "/not-there"

    def pages(self):
        """The same without files, which have tests of their own. Every address answers; a file is no page by its type alone."""
        for who, path in self.addresses():
            answer = who.get(path)
            self.assertEqual(answer.status, 404 if path == "/not-there" else 200, path)
            if answer.getheader("Content-Type").startswith("text/html"):
                yield who, path, answer.text

    def test_everybody_can_use_them(self):
        base, pages = f"http://127.0.0.1:{self.service.port}", list(self.pages())
        self.assertGreater(len(pages), 50)
        for person in (self.public, self.analyst, self.administrator):
            addresses = [base + path for who, path, _ in pages if who is person]
            self.assertGreater(len(addresses), 8)
            os.environ["REEVE_COOKIE"] = person.cookie or ""
            found = look(*addresses)
            for address in addresses:
                with self.subTest(address=address):
                    expected = [f for f in found[address]["faults"] if "404" not in f]  # the browser tells of it
                    self.assertEqual(expected, [])
                    self.assertGreater(found[address]["stops"], 3)
                    self.assertGreaterEqual(found[address]["plainStops"], found[address]["stops"] - found[address]["live"] - 1)

    def test_the_html_is_valid(self):
        files = []
        for number, (_, _, text) in enumerate(self.pages()):
            files.append(self.dir / f"{number}.html")
            files[-1].write_text(text)
        self.assertEqual([m for m in nu(*files) if ": info:" not in m], [])

    def test_answers_to_forms_are_valid(self):
        def ask(path, form):
            return self.analyst.post(path, {"csrf": token_of(self.analyst.get(path))} | form)

        text = re.search(r'name="definition"[^>]*>\n(.*?)</textarea>', self.analyst.get("/workbench/definition/change").text, re.S)[1]
        asked = [("/workbench/sql", {"sql": "SELECT 1 AS a, NULL, 'x' FROM offences LIMIT 3"}, 200),
                 ("/workbench/sql", {"sql": "SELECT nothing"}, 422),
                 ("/workbench/definition/change", {"definition": html.unescape(text)}, 200),
                 ("/workbench/definition/change", {"definition": "{}"}, 422),
                 ("/workbench/definition/record", {"key": "not there"}, 422),
                 ("/workbench/methods/wilson", {"in-data": "area,x,n\nA,3,10\nB,0,0\n"}, 200),
                 ("/workbench/methods/wilson", {"in-data": "area\n"}, 422)]
        pages = []
        for number, (path, form, status) in enumerate(asked):
            answer = ask(path, form)
            self.assertEqual(answer.status, status, path)
            pages.append(self.dir / f"answer-{number}.html")
            pages[-1].write_text(answer.text)
        self.assertEqual([m for m in nu(*pages) if ": info:" not in m], [])


if __name__ == "__main__":
    run_or_skip()

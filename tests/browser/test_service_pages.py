"""Every page of the web service before axe-core, the Nu HTML checker and a browser; a journey by keyboard alone.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from test_browser import CHROMIUM, HERE, SKIPPED, look, missing, nu
from harness import main, must, synthetic_borough
from service import Person, Service
from test_user import PASSWORD
from test_web_data import body_of, send

NAME, ADMINISTRATOR = "analyst@borough.example", "administrator@borough.example"
UNKNOWN = "Ref,When,Where it was,Sort of crime\n" + "".join(
    f"r{n},2022-0{n % 9 + 1}-1{n % 9} 2{n % 4}:15,E0100{n:04},Robbery\n" for n in range(40))  # a layout of nobody's
ADMINISTRATORS = {"accounts", "audit", "keep"}  # rights that the analyst has not


class ServicePages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="reeve-browser-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        cls.file, _ = synthetic_borough(cls.dir)
        must("import", cls.file, cls.dir / "london" / "partners" / "stop-search.csv", "--as", "stop-search")  # times and people
        (cls.dir / "password").write_text(PASSWORD)
        for name, role in ((NAME, "analyst"), (ADMINISTRATOR, "administrator")):
            must("user", cls.file, "add", name, "--role", role, "--no-codes", "--password-file", cls.dir / "password")
        cls.invitation = must("user", cls.file, "invite", "new", "--role", "partner", "--json").json()["invitation"]
        cls.service = Service(cls.file)
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.analyst, cls.administrator = Person(cls.service), Person(cls.service)
        for person, name in ((cls.analyst, NAME), (cls.administrator, ADMINISTRATOR)):
            assert person.post("/sign-in", {"name": name, "password": PASSWORD, "code": ""}).status == 303
        cls.job = cls.done({"area": "E09000016", "template": "needs-assessment", "first": "2022-01", "last": "2022-12",
                            "compare-first": "2021-01", "compare-last": "2021-12"},
                           "/workbench/assessments")
        cls.done({"area": "E09000016", "group": "tasking"}, "/workbench/brief", "failed")  # no days on record
        csrf = re.search(r'name="csrf" value="([^"]+)"', cls.analyst.get("/account").text)[1]
        sent = send(cls.analyst, body_of([("csrf", csrf)], "unknown.csv", UNKNOWN.encode()), cls.service)
        cls.upload = re.fullmatch(r"/workbench/data/uploads/([^/]+)(/import)?", sent.getheader("Location"))[1]
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
    def done(cls, form, path, state="done"):
        """The number of a job that a form asked for, when it is done."""
        csrf = re.search(r'name="csrf" value="([^"]+)"', cls.analyst.get("/account").text)[1]
        address = cls.analyst.post(path, form | {"csrf": csrf}).getheader("Location")
        for _ in range(600):
            seen = json.loads(cls.analyst.get(address, Accept="application/json").text)
            if seen["is-over"]:
                assert seen["state"] == state, seen
                return str(seen["id"])
            time.sleep(0.2)
        raise AssertionError("the job does not end")

    def addresses(self, of_administrators=False):
        """Every page of the service, by its own description; parts of an address filled in."""
        parts = {"{id}": "1" if of_administrators else self.finding["id"], "{name}": "wilson", "{token}": self.invitation,
                 "{page}": "agreements", "{extract}": "1", "{upload}": self.upload}
        for path, methods in json.loads(Person(self.service).get("/openapi.json").text)["paths"].items():
            if ("get" not in methods or re.match(r"/(assets|health|openapi)|.*/table[.]", path) or path == "/sign-in"
                    or path.endswith(".csv") or re.match(r"/workbench/(assessments|brief)/{id}/", path)):
                continue  # files; the report has tests of its own
            if re.match(r"/workbench/(jobs|assessments)/{id}", path):
                path = path.replace("{id}", self.job)
            if (methods["get"]["x-right"] in ADMINISTRATORS) == of_administrators:
                yield re.sub(r"\{\w+\}", lambda m: parts[m[0]], path)
        if not of_administrators:
            yield "/workbench/explore?kind=area-counts&rows=borough&value=rate"
            yield "/workbench/explore?rows=month&columns=category&period=2022"
            for kind in ("stop-search", "offences", "area-counts"):  # with times and people, with months, with counts
                yield f"/workbench/time?kind={kind}&area=E09000016"
                yield f"/workbench/people?kind={kind}&area=E09000016"
            yield f"/workbench/assessments/compare?with={self.job}"
        yield "/not-there"

    def test_everybody_can_use_them(self):
        base = f"http://127.0.0.1:{self.service.port}"
        addresses = [base + path for path in self.addresses()]
        self.assertGreater(len(addresses), 12)
        administrators = [base + path for path in self.addresses(True)]
        self.assertGreater(len(administrators), 7)
        for person, pages in ((self.analyst, addresses), (self.administrator, administrators), (Person(self.service), [base + "/sign-in", base + "/"])):
            os.environ["REEVE_COOKIE"] = person.cookie or ""
            found = look(*pages)
            for address in pages:
                with self.subTest(address=address):
                    expected = [f for f in found[address]["faults"] if "404" not in f]  # the browser tells of it
                    self.assertEqual(expected, [])
                    self.assertGreater(found[address]["stops"], 3)

    def test_the_html_is_valid(self):
        pages = []
        for number, path in enumerate([*self.addresses(), *self.addresses(True), "/sign-in"]):
            who = Person(self.service) if path == "/sign-in" else self.administrator if path.startswith("/admin") else self.analyst
            page = self.dir / f"{number}.html"
            answer = who.get(path)
            if answer.status == 303:  # a file that is not described yet is described first
                self.assertEqual(path, f"/workbench/data/uploads/{self.upload}/import")
                continue
            page.write_text(answer.text)
            pages.append(page)
        wrong = Person(self.service).post("/sign-in", {"name": "x", "password": "y", "code": ""})
        (self.dir / "wrong.html").write_text(wrong.text)
        self.assertEqual([m for m in nu(*pages, self.dir / "wrong.html") if ": info:" not in m], [])

    def test_answers_to_forms_are_valid(self):
        def ask(path, form):
            token = re.search(r'name="csrf" value="([^"]+)"', self.analyst.get(path).text)[1]
            return self.analyst.post(path, {"csrf": token} | form)

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

    def test_a_journey_by_keyboard(self):
        self.travel("journey.mjs")

    def test_a_definition_is_tried_and_adopted_by_keyboard(self):
        self.travel("journey_define.mjs")

    def travel(self, journey):
        done = subprocess.run(["node", HERE / journey, CHROMIUM, f"http://127.0.0.1:{self.service.port}", NAME, PASSWORD],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-3000:])


if __name__ == "__main__":
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    main()

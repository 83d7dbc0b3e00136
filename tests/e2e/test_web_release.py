#!/usr/bin/env python3
"""What an agreement says of publishing decides whether findings and tables of its data are public, today.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import SYNTH, bring_areas, must
from service import Person, Service, add_people, enter


class Publishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        cls.file, london = cls.home / "borough.reeve", cls.home / "london"
        subprocess.run([SYNTH, london, "--small"], check=True, stdout=subprocess.DEVNULL)
        must("new", cls.file, "--synthetic")
        bring_areas(cls.file, london)
        cls.agree()
        must("import", cls.file, london / "street", "--agreement", "close", most=1)
        must("assess", cls.file, "--area", "E09000016", "--period", "2022-01..2022-12", most=1)
        add_people(cls.file, {"analyst": "analyst"})
        service = Service(cls.file)
        cls.addClassCleanup(service.__exit__, None, None, None)
        cls.analyst, cls.public = enter(service, "analyst"), Person(service)
        cls.finding = next(f for f in must("findings", cls.file, "--format", "json").json()
                           if f["verdict"] == "holds" and f["sources"] and f["table"] and "-boroughs-" in f["table"])

    @classmethod
    def agree(cls, **more):
        terms = cls.home / "terms.json"
        terms.write_text(json.dumps({"agreement": "close", "supplier": "Synthetic Police", "gateway": "a test",
                                     "purposes": ["a test"], "from": "2020-01-01", "expires": "2099-12-31",
                                     "marking": "official-sensitive", "note": "synthetic"} | more))
        must("agreement", cls.file, "add", terms, "--author", "the test")

    def release(self):
        address = "/workbench/findings/" + self.finding["id"]
        page = self.analyst.get(address)
        form = dict(re.findall(r'name="(csrf|read)" value="([^"]+)"', page.text)) | {"decision": "release"}
        return page, self.analyst.post(address, form)

    def is_public(self):
        shown = self.public.get("/findings/" + self.finding["id"]).status
        listed = json.loads(self.public.get("/findings", Accept="application/json").text)["findings"]
        home = self.public.get("/").text
        self.assertEqual({f["id"] for f in listed}, {self.finding["id"]} if shown == 200 else set())
        self.assertEqual(self.finding["id"] in home, shown == 200)
        told = self.public.get("/findings/" + self.finding["id"], Accept="application/json")
        self.assertEqual("figure" in json.loads(told.text), shown == 200)
        self.assertEqual(self.public.get("/findings/" + self.finding["id"] + "/table.csv").status, shown)
        return shown == 200

    def test_the_terms_of_today_decide(self):
        self.assertEqual(self.finding["marking"], "official-sensitive")
        page, answer = self.release()
        self.assertIn("It cannot be released. It rests on extract", page.text)
        self.assertEqual(answer.status, 422)
        self.assertFalse(self.is_public())
        self.agree(publish="counts")
        page, answer = self.release()
        self.assertNotIn("It cannot be released", page.text)
        self.assertEqual(answer.status, 303)
        self.assertTrue(self.is_public())
        self.agree(publish="nothing", marking="public")
        self.assertFalse(self.is_public())
        self.assertEqual(self.release()[1].status, 422)
        self.agree(publish="counts", note="again")
        self.assertTrue(self.is_public())
        must("agreement", self.file, "end", "close", "--author", "the test")
        self.assertFalse(self.is_public())


if __name__ == "__main__":
    unittest.main()

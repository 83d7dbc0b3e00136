#!/usr/bin/env python3
"""The agreed definition on the web: the command's own words and numbers, adopted only as it was tried, looked up only where
the person may see records.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import hashlib
import html
import json
import pathlib
import re
import tempfile
import unittest

from harness import must
from service import Service, add_people, enter_all, token_of
from test_definition import Drawn



def setUpModule():
    global folder, file, service, people, drawn
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file, drawn = home / "borough.reeve", Drawn(11)
    must("new", file, "--synthetic")
    for name, text in zip(("offences", "persons", "outcomes"), drawn.csv()):
        (home / f"{name}.csv").write_text(text)
        must("import", file, home / f"{name}.csv", "--as", name, most=1)
    must("define", file, "adopt", "havering", "--author", "the test")
    add_people(file)
    service = Service(file)
    people = enter_all(service)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def form_of(page):
    return {"csrf": token_of(page)}


def text_in(page):
    return html.unescape(re.search(r'<textarea[^>]*name="definition"[^>]*>\n(.*?)</textarea>', page.text, re.S)[1])


def try_on(role, text, **headers):
    page = people[role].get("/workbench/definition/change")
    return people[role].post("/workbench/definition/change", form_of(page) | {"definition": text}, **headers)


def adopt(role, page, **changed):
    form = dict(re.findall(r'<input type="hidden" name="(csrf|tried|definition)" value="([^"]*)"', page.text))
    form = {name: html.unescape(value) for name, value in form.items()} | {"author": "Board, 31 January"} | changed
    return people[role].post("/workbench/definition/adopt", form)


def audit():
    return must("audit", file, "export", "--json").json()


class Showing(unittest.TestCase):
    def test_in_the_command_s_own_words(self):
        page = people["partner"].get("/workbench/definition")
        said = html.unescape(re.sub(r"<[^>]+>", "", page.text))
        for line in must("define", file, "show", "havering").out.splitlines()[1:]:
            self.assertIn(line.strip().removesuffix(":"), said)
        self.assertIn("adopted", said)
        self.assertNotIn("/workbench/definition/change", page.text)  # not for a partner
        other = people["partner"].get("/workbench/definition?show=all-ages")
        self.assertIn("This one is not in force", other.text)
        for wrong in ("nothing", "adopted-99", "../x", "adopted-1%00"):
            self.assertIn(people["partner"].get("/workbench/definition?show=" + wrong).status, (400, 404))


class Trying(unittest.TestCase):
    def test_the_command_s_own_numbers(self):
        for name in ("havering-strict", "all-ages", "havering"):
            text = text_in(people["coordinator"].get("/workbench/definition/change?from=" + name))
            shown = json.loads(try_on("coordinator", text, Accept="application/json").text)
            expected = must("define", file, "try", name, "--json").json()
            rows = [(profile["profile"], row) for profile in shown["profiles"] for row in profile["rows"]]
            self.assertEqual(len(rows), len(expected["headlines"]))
            for (profile, row), x in zip(rows, expected["headlines"]):
                self.assertEqual(profile, x["profile"])
                self.assertEqual(row["year"], str(x["year"] or "All years"))
                self.assertEqual([int(row[n].replace(",", "")) for n in ("before", "after", "entered", "left")],
                                 [x[n] for n in ("before", "after", "entered", "left")])
            reasons = [int(r["records"].replace(",", "")) for p in shown["profiles"] for r in p["reasons"]]
            self.assertEqual(sorted(reasons), sorted(r["records"] for r in expected["reasons"]))

    def test_a_mistake_is_told_with_its_line(self):
        text = text_in(people["analyst"].get("/workbench/definition/change"))
        for wrong, says in ((text.replace('"homicide"', '"murder"', 1), r"line \d+.*murder"), ("", "."), ("[1]", "."),
                            (text[:200], "line"), ("<script>x</script>" + text, "line 1")):
            page = try_on("analyst", wrong)
            self.assertEqual(page.status, 422)
            self.assertRegex(html.unescape(page.text), says)
            self.assertNotIn("<script>x", page.text)
            self.assertIn('<a href="#definition">', page.text)
            self.assertEqual(text_in(page) if wrong else "", wrong)

    def test_only_those_who_define(self):
        for role in ("partner", "administrator"):
            self.assertEqual(people[role].get("/workbench/definition/change").status, 404)
            page = people[role].get("/account")
            for address in ("change", "adopt"):
                answer = people[role].post("/workbench/definition/" + address, form_of(page) | {"definition": "{}"})
                self.assertEqual(answer.status, 404)


class Adopting(unittest.TestCase):
    def changed(self, version):
        held = next(row for row in must("define", file, "show", "--json").json()["source"].splitlines() if "version" in row)
        text = must("define", file, "show", "--json").json()["source"]
        return text.replace(held, f'  "version": "{version}",', 1)

    def in_force(self):
        return must("define", file, "show", "--json").json()["version"]

    def test_what_was_tried_is_adopted_with_its_audit(self):
        text = self.changed("2030-01-01")
        self.assertEqual(adopt("coordinator", try_on("coordinator", text)).status, 303)
        shown = must("define", file, "show", "--json").json()
        self.assertEqual((shown["version"], shown["adopted"][0]["adopted_by"], shown["source"]),
                         ("2030-01-01", "Board, 31 January", text))
        row = audit()[-1]
        self.assertEqual((row["action"], row["subject"], row["outcome"]),
                         ("definition.adopt", f"definition sha256 {hashlib.sha256(text.encode()).hexdigest()}", "done"))
        self.assertGreater(row["account"] if "account" in row else row["actor"], 0)
        self.assertIn("Board, 31 January", people["partner"].get("/workbench/definition").text)
        self.assertEqual(adopt("coordinator", try_on("coordinator", text)).status, 422)  # it is in force already

    def test_what_was_not_tried_is_not_adopted(self):
        before = self.in_force()
        page = try_on("analyst", self.changed("2031-01-01"))
        rows = len(audit())
        self.assertEqual(adopt("analyst", page, definition=self.changed("2031-01-02")).status, 422)
        self.assertEqual(adopt("analyst", page, tried="0" * 64).status, 422)
        self.assertEqual(adopt("analyst", page, author=" ").status, 422)
        self.assertEqual(adopt("analyst", page, csrf="x").status, 403)
        self.assertEqual(self.in_force(), before)
        self.assertEqual(len(audit()), rows)
        must("define", file, "adopt", "all-ages", "--author", "another")
        late = adopt("analyst", page)
        self.assertEqual(late.status, 422)
        self.assertIn("changed since you tried it", late.text)
        self.assertEqual(self.in_force(), must("define", file, "show", "all-ages", "--json").json()["version"])
        must("define", file, "adopt", "havering", "--author", "the test")

    def test_hostile_words_come_out_inert(self):
        text = re.sub(r'"title": "[^"]*"', '"title": "<img src=x onerror=y>"', self.changed("2032-01-01"), count=1)
        page = try_on("analyst", text)
        self.assertNotIn("<img src=x", page.text)
        self.assertEqual(adopt("analyst", page, author="<b>Board</b>").status, 303)
        shown = people["analyst"].get("/workbench/definition").text
        self.assertNotIn("<img src=x", shown)
        self.assertIn("&lt;b&gt;Board", shown)
        must("define", file, "adopt", "havering", "--author", "the test")


class Record(unittest.TestCase):
    def ask(self, role, key, **headers):
        page = people[role].get("/workbench/definition/record")
        return people[role].post("/workbench/definition/record", form_of(page) | {"key": key}, **headers)

    def test_the_command_s_own_reasons(self):
        words = {"in": "in", "out": "out", "unknown": "cannot be told"}
        for offence in drawn.offences[:6]:
            shown = json.loads(self.ask("analyst", offence["offence_id"], Accept="application/json").text)["records"]
            expected = must("why", file, "--record", offence["offence_id"], "--json").json()
            self.assertEqual([(p["verdict"], p["because"]) for r in shown for p in r["profiles"]],
                             [(words[p["verdict"]], p["because"]) for r in expected for p in r["profiles"]])
            row = audit()[-1]
            self.assertEqual(row["action"], "record.read")
            self.assertEqual(row["subject"], f"key sha256 {hashlib.sha256(offence['offence_id'].encode()).hexdigest()}, 1 rows")
        self.assertNotIn('"K1"', json.dumps(audit()))

    def test_what_is_not_there(self):
        for key in ("", "K99999", "<script>", "x" * 300):
            page = self.ask("analyst", key)
            self.assertEqual(page.status, 422)
            self.assertNotIn("<script>\"", page.text)
            self.assertIn('<a href="#key">', page.text)

    def test_not_of_extracts_that_are_not_open_to_one(self):
        page = self.ask("partner", drawn.offences[0]["offence_id"])  # official, of another supplier
        self.assertEqual(page.status, 422)
        self.assertNotIn("Offence group", page.text)
        for role in ("coordinator", "administrator"):
            self.assertEqual(people[role].get("/workbench/definition/record").status, 404)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Methods on the web: the answer of `reeve method run` for a table that was pasted, whatever was pasted.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html
import json
import pathlib
import re
import tempfile
import unittest

from harness import must
from service import BOUNDARY, Service, add_people, body_of, enter, token_of

SHARES = "area,x,n\nNorth,3,10\n\"Quay, the\",0,0\n<b>South</b>,40,90\n"


class Methods(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = pathlib.Path(folder.name)
        file = cls.home / "borough.reeve"
        must("new", file, "--synthetic")
        add_people(file, {"partner": "partner"})
        service = Service(file)
        cls.addClassCleanup(service.__exit__, None, None, None)
        cls.person = enter(service, "partner")

    def run_on(self, name, table, field="in-data", options={}, **headers):
        page = self.person.get("/workbench/methods/" + name)
        token = token_of(page)
        return self.person.post("/workbench/methods/" + name, {"csrf": token, field: table} | options, **headers)

    def command(self, name, table, *words):
        path = self.home / "table.csv"
        path.write_text(table)
        return must("method", "run", name, "--in", path, *words).json()

    def test_every_method_has_its_form(self):
        listed = json.loads(self.person.get("/workbench/methods", Accept="application/json").text)["methods"]
        self.assertEqual([m["name"] for m in listed], [m["name"] for m in must("method", "list", "--json").json()])
        for method in listed:
            page = self.person.get("/workbench/methods/" + method["name"])
            self.assertEqual(page.status, 200)
            shown = must("method", "show", method["name"], "--json").json()
            self.assertEqual(re.findall(r'<textarea[^>]* name="in-([^"]+)"', page.text), [i["name"] for i in shown["inputs"]])
            card = re.search(r'href="(/methods/[^"]+)"', page.text)[1]
            self.assertEqual(self.person.get(card).status, 200)
        self.assertEqual(self.person.get("/workbench/methods/nothing").status, 404)

    def test_the_command_s_own_answer(self):
        for options, words in (({}, ()), ({"opt-level": "0.8"}, ("--opt", "level=0.8"))):
            expected = self.command("wilson", SHARES, *words)["rows"]
            for table in (SHARES, SHARES.replace("\"Quay, the\"", "Quay\\ the").replace(",", "\t").replace("\\ the", ", the")):
                shown = json.loads(self.run_on("wilson", table, options=options, Accept="application/json").text)["parts"][0]
                self.assertEqual(shown["part"], "rows")
                heads = shown["table"]["heads"]
                self.assertEqual(heads, [key for key in expected[0] if key != "missing"])
                for row, known in zip(shown["table"]["rows"], expected, strict=True):
                    for name, cell in zip(heads, row["cells"], strict=True):
                        if known[name] is None:
                            self.assertTrue(cell["is-missing"])
                            self.assertEqual(cell["text"], known["missing"][name])
                        elif isinstance(known[name], float):
                            self.assertEqual(cell["text"], f"{known[name]:.6g}")
                        else:
                            self.assertEqual(cell["text"], str(known[name]))

    def send(self, name, table, fields=(), file_name="table.csv", **headers):
        token = token_of(self.person.get("/workbench/methods/" + name))
        body = body_of([("csrf", token), *fields], file_name, table if isinstance(table, bytes) else table.encode())
        return self.person.post("/workbench/methods/" + name, body, Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
                                **headers)

    def test_a_file_is_answered_as_what_was_pasted(self):
        answer = lambda page: json.loads(page.text)["parts"]  # noqa: E731
        pasted = answer(self.run_on("wilson", SHARES, options={"opt-level": "0.8"}, Accept="application/json"))
        for table in (SHARES, "\ufeff" + SHARES, json.dumps([{"area": "North", "x": 3, "n": 10}, {"area": "Quay, the", "x": 0, "n": 0},
                                                            {"area": "<b>South</b>", "x": 40, "n": 90}])):
            sent = answer(self.send("wilson", table, [("in-data", ""), ("opt-level", "0.8")], Accept="application/json"))
            self.assertEqual([r["cells"] for r in sent[0]["table"]["rows"]], [r["cells"] for r in pasted[0]["table"]["rows"]])
        none = self.send("wilson", b"", [("in-data", SHARES), ("opt-level", "0.8")], file_name="", Accept="application/json")
        self.assertEqual(answer(none), pasted)

    def test_a_file_at_fault(self):
        for table, fields, says in ((SHARES, [("in-data", SHARES)], "give it once"), ("area,x,n\nA,3,ten\n", [], "table.csv.*line 2"),
                                    (b"x" * 200_001, [], "larger than the 200 KB"), ("", [], "."), (b"\xff\xfe\x00", [], ".")):
            page = self.send("wilson", table, fields)
            self.assertEqual(page.status, 422, says)
            said = html.unescape(re.search(r'<a href="#file">(.*?)</a>', page.text)[1])
            self.assertRegex(said, says)
            self.assertNotRegex(said, r"/tmp|/proc|memfd")
        forged = body_of([("csrf", "nobody's")], "table.csv", SHARES.encode())
        page = self.person.post("/workbench/methods/wilson", forged, Content_Type=f"multipart/form-data; boundary={BOUNDARY}")
        self.assertEqual(page.status, 403)

    def test_which_of_several_tables_is_in_the_file(self):
        shown = {m["name"]: must("method", "show", m["name"], "--json").json()["inputs"]
                 for m in must("method", "list", "--json").json()}
        name, inputs = next((n, i) for n, i in shown.items() if len(i) > 1)
        page = self.person.get("/workbench/methods/" + name).text
        self.assertEqual(re.findall(r'<option value="([^"]+)"', page[page.index('id="file-input"'):]), [i["name"] for i in inputs])
        second = self.send(name, "nothing\n1\n", [("file-input", inputs[1]["name"])])
        first = self.send(name, "nothing\n1\n", [("file-input", inputs[0]["name"])])
        self.assertEqual((first.status, second.status), (422, 422))
        said = [re.search(r'<a href="#file">(.*?)</a>', page.text)[1] for page in (first, second)]
        self.assertNotEqual(*said)
        self.assertNotIn('id="file-input"', self.person.get("/workbench/methods/wilson").text)

    def test_hostile_cells_come_out_inert(self):
        page = self.run_on("wilson", SHARES)
        self.assertEqual(page.status, 200)
        self.assertNotIn("<b>South", page.text)
        self.assertIn("&lt;b&gt;South", page.text)

    def test_a_mistake_is_told_where_it_is(self):
        for table, says in (("", "needs"), ("area,x,n\nA,3,ten\n", "line 2"), ("area,x\nA,3\n", "n"), ("[{", "."),
                            ("\x0b", ".")):
            page = self.run_on("wilson", table)
            self.assertIn(page.status, (400, 422), table)
            if page.status == 422:
                said = html.unescape(re.search(r'<a href="#in-data">(.*?)</a>', page.text)[1])
                self.assertRegex(said, says)
                self.assertNotRegex(said, r"/tmp|/proc|memfd")
                self.assertEqual(page.text.count('id="in-data"'), 1)
        self.assertEqual(self.run_on("wilson", SHARES, options={"opt-level": "2"}).status, 422)

    def test_drawing_by_chance_is_bounded(self):
        method = next(m["name"] for m in must("method", "list", "--json").json()
                      if any(o["name"] == "replicates" for o in must("method", "show", m["name"], "--json").json()["options"]))
        page = self.run_on(method, "x\n1\n", options={"opt-replicates": "1000000"})
        self.assertEqual(page.status, 422)
        self.assertIn("at most 9999", page.text)


if __name__ == "__main__":
    unittest.main()

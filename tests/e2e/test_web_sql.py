#!/usr/bin/env python3
"""Asking in SQL on the web: the command's own rows, nothing that the person may not see, always bounded, always audited.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import hashlib
import io
import json
import pathlib
import re
import tempfile
import threading
import time
import unittest

from harness import STREET_HEADER, must, street_row
from service import Service, add_people, enter_all, token_of

ENDLESS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def setUpModule():
    """Extract 1 is held closely, extract 2 is open: seven and three offences."""
    global folder, file, service, people
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file, terms = home / "held.reeve", home / "terms.json"
    must("new", file, "--synthetic")
    terms.write_text(json.dumps({"agreement": "close", "supplier": "Synthetic Police", "gateway": "a test",
                                 "purposes": ["a test"], "from": "2020-01-01", "expires": "2099-12-31",
                                 "retention_months": 600, "marking": "official-sensitive", "note": "synthetic"}))
    must("agreement", file, "add", terms, "--author", "the test")
    for number, (words, count) in enumerate(((["--agreement", "close"], 7), (["--open"], 3))):
        street = home / f"2021-0{5 + number}-street.csv"
        street.write_text(STREET_HEADER + "".join(street_row(100 * number + row) for row in range(count)))
        must("import", file, street, *words)
    add_people(file)
    service = Service(file)
    people = enter_all(service)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def ask(role, sql, form="table", **headers):
    page = people[role].get("/workbench/sql")
    token = token_of(page)
    return people[role].post("/workbench/sql", {"csrf": token, "sql": sql, "format": form}, **headers)


def cells(answer):
    body = answer.text[answer.text.index('id="answer"'):answer.text.index("Examples</h2>")]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr[^>]*>(<td.*?)</tr>", body)]


class Asking(unittest.TestCase):
    def test_the_command_gives_the_same_rows(self):
        sql = "SELECT extract, row, offence_id, recorded_at, easting FROM offences ORDER BY extract, row"
        for form in ("csv", "json"):
            answer = ask("analyst", sql, form)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.getheader("Content-Disposition").split(";")[0], "attachment")
            words = ["--json"] if form == "json" else []
            self.assertEqual(answer.text, must("sql", file, sql, *words).out)
        self.assertEqual(len(cells(ask("analyst", sql))), 10)

    def test_every_example_runs(self):
        page = people["analyst"].get("/workbench/sql")
        numbers = re.findall(r"example=(\d)", page.text)
        self.assertEqual(numbers, ["1", "2", "3"])
        for number in numbers:
            shown = people["analyst"].get("/workbench/sql?example=" + number)
            self.assertNotIn('id="answer"', shown.text)  # an address that is followed asks nothing
            sql = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", shown.text, re.S)[1]
            self.assertIn('id="answer"', ask("analyst", sql.replace("&#39;", "'")).text)

    def test_every_listed_table_and_column_can_be_read(self):
        listed = json.loads(people["analyst"].get("/workbench/sql", Accept="application/json").text)["tables"]
        self.assertIn("offences", [table["name"] for table in listed])
        for table in listed:
            names = ", ".join(f'"{column["name"]}"' for column in table["columns"])
            answer = ask("analyst", f"SELECT {names} FROM {table['name']} LIMIT 1")
            self.assertEqual(answer.status, 200, table["name"])

    def test_a_mistake_is_shown_where_it_is(self):
        answer = ask("analyst", "SELECT *\nFROM offences\nWHERE colour = 1")
        self.assertEqual(answer.status, 422)
        self.assertIn("line 3, column 7", answer.text)
        self.assertIn("no such column", answer.text)
        self.assertIn('<a href="#sql">', answer.text)
        self.assertIn("FROM offences\nWHERE colour = 1</textarea>", answer.text)
        self.assertEqual(ask("analyst", "").status, 422)
        self.assertEqual(ask("analyst", "SELECT 1; SELECT 2").status, 422)

    def test_hostile_values_come_out_inert(self):
        sql = """SELECT '<script>x</script>' AS "<b>", '=cmd()' AS "=x", CAST(x'ff41' AS TEXT) AS bytes, NULL, x'00ff', char(1)"""
        page = ask("analyst", sql)
        self.assertEqual(page.status, 200)
        self.assertNotIn("<script>x", page.text)
        self.assertIn("&lt;script&gt;x&lt;/script&gt;", page.text)
        self.assertIn("?A", page.text)
        self.assertIn('<span class="reeve-null">null</span>', page.text)
        self.assertNotIn("\x01", page.text)
        rows = list(csv.reader(io.StringIO(ask("analyst", sql, "csv").body.decode("utf-8", "replace"))))
        self.assertEqual(rows[0][1], "'=x")
        self.assertEqual(rows[1][1], "'=cmd()")

    def test_long_answers_are_cut_and_say_so(self):
        many = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n"
        self.assertNotIn("There are more", ask("analyst", many.format(1000)).text)
        page = ask("analyst", many.format(1001))
        self.assertIn("1,000 rows. There are more", page.text)
        self.assertEqual(len(cells(page)), 1000)
        whole = ask("analyst", many.format(100000), "csv")
        self.assertEqual(whole.text.count("\n"), 100001)
        too_many = ask("analyst", many.format(100001), "csv")
        self.assertEqual(too_many.status, 422)
        self.assertIn("more than 100,000 rows", too_many.text)
        long = ask("analyst", "SELECT printf('%.*c', 5000, 'x')")
        self.assertEqual(long.text.count("x" * 300), 1)
        self.assertNotIn("x" * 301, long.text)

    def test_what_does_not_fit_in_memory_is_sorted(self):
        """In a file: once in /var/tmp, which the fences of the service close."""
        wide = ("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
                "SELECT printf('%0100d', (i * 7919) % 200003) AS k, count(*) FROM n GROUP BY k ORDER BY k LIMIT 2")
        answer = ask("analyst", wide)
        self.assertEqual(answer.status, 200)
        self.assertIn("0" * 99 + "1", answer.text)
        self.assertEqual(list(pathlib.Path(f"{file}-state", "tmp").iterdir()), [])

    def test_a_long_question_ends_and_holds_nobody_up(self):
        answers = []
        worker = threading.Thread(target=lambda: answers.append(ask("analyst", ENDLESS)))
        begun = time.monotonic()
        worker.start()
        time.sleep(1)
        second = ask("partner", "SELECT 1")
        self.assertEqual((second.status, second.getheader("Retry-After")), (503, "2"))
        self.assertIn("Another question", second.text)
        checks = people["analyst"].get("/workbench/data/quality")
        self.assertEqual((checks.status, checks.getheader("Retry-After")), (503, "2"))
        self.assertEqual(people["coordinator"].get("/workbench").status, 200)
        worker.join()
        self.assertLess(time.monotonic() - begun, 50)
        self.assertEqual(answers[0].status, 422)
        self.assertIn("after 20 seconds", answers[0].text)
        self.assertEqual(ask("partner", "SELECT 1").status, 200)


class Seeing(unittest.TestCase):
    def test_a_partner_sees_only_what_is_open_to_it(self):
        sql = "SELECT extract, count(*) FROM offences GROUP BY extract"
        self.assertEqual(cells(ask("analyst", sql)), [["1", "7"], ["2", "3"]])
        self.assertEqual(cells(ask("partner", sql)), [["2", "3"]])
        for more in ("WHERE extract = 1", "WHERE extract + 0 = 1", "WHERE rowid >> 40 = 1"):
            self.assertEqual(cells(ask("partner", f"SELECT count(*) FROM offences {more}")), [["0"]])
        page = people["partner"].get("/workbench/sql").text
        self.assertIn("2021-06-street.csv", page)
        self.assertNotIn("2021-05-street.csv", page)

    def test_who_reads_no_records_has_no_such_page(self):
        for role in ("coordinator", "administrator"):
            self.assertEqual(people[role].get("/workbench/sql").status, 404)

    def test_what_is_not_listed_cannot_be_read(self):
        for sql in ("SELECT * FROM account", "SELECT count(*) FROM account", "SELECT * FROM account_secret",
                    "SELECT * FROM session", "SELECT * FROM audit", "SELECT * FROM extract", "SELECT * FROM quarantine",
                    "SELECT * FROM extract_column", "SELECT * FROM finding", "SELECT * FROM sqlite_master",
                    "SELECT * FROM pragma_table_info('account')", "PRAGMA database_list", "PRAGMA query_only = 0",
                    "ATTACH '/etc/passwd' AS x", "DELETE FROM account", "DROP TABLE audit", "CREATE TABLE x (y)",
                    "WITH a AS (SELECT name FROM account) SELECT * FROM a",
                    "SELECT 1 FROM area WHERE (SELECT count(*) FROM audit) > 0", "SELECT load_extension('x')"):
            for role in ("analyst", "partner"):
                answer = ask(role, sql)
                self.assertEqual(answer.status, 422, sql)
                self.assertNotIn('id="answer"', answer.text)
                self.assertNotIn("borough.example</td>", answer.text)


class Audited(unittest.TestCase):
    def last(self):
        return must("audit", file, "export", "--json").json()[-1]

    def test_each_question_leaves_a_row_without_its_text(self):
        sql = "SELECT offence_id FROM offences WHERE offence_id = 'a name of somebody'"
        digest = hashlib.sha256(sql.encode()).hexdigest()
        ask("analyst", sql)
        self.assertEqual((self.last()["action"], self.last()["subject"], self.last()["outcome"]),
                         ("sql.query", f"sha256 {digest}, 0 rows", "done"))
        ask("analyst", "SELECT row FROM offences", "csv")
        self.assertEqual(self.last()["action"], "sql.export")
        self.assertTrue(self.last()["subject"].endswith(", 10 rows"))
        ask("partner", "SELECT * FROM account")
        self.assertEqual((self.last()["action"], self.last()["outcome"]), ("sql.query", "refused"))
        self.assertNotIn("somebody", json.dumps(must("audit", file, "export", "--json").json()))
        must("audit", file, "verify")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""People at the web service: signing in and out, what each role may ask for, releasing a finding to the public.

Everything is asked by each role of the route table that the service itself publishes, and compared with the table of
rights in the guide. All people here are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import re
import sqlite3
import tempfile
import time
import unittest

from harness import ROOT, STREET_HEADER, must, street_row, synthetic_borough
from service import BOUNDARY, PASSWORD, Person, Service, add_people, body_of, enter_all, token_of
from test_user import ROLES, one_time_code

PEOPLE = {role: f"{role}@borough.example" for role in ROLES if role != "public"}


def setUpModule():
    global folder, file, service, secrets
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file = synthetic_borough(home)[0]
    must("assess", file, "--area", "E09000016", "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12", most=1)
    (home / "password").write_text(PASSWORD + "\n")
    secrets = {}
    for role, name in PEOPLE.items():
        made = must("user", file, "add", name, "--role", role, "--password-file", home / "password", "--json").json()
        secrets[role] = made["secret"]
    service = Service(file)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def sign_in(role, **more):
    """A person signed in with a code that nobody has used yet."""
    person = Person(service)
    answer = person.post("/sign-in", {"name": PEOPLE[role], "password": PASSWORD, "code": fresh_code(role)} | more)
    if answer.status != 303:
        raise AssertionError(f"{role} is not let in: {answer.status} {answer.text}")
    person.landed = answer.getheader("Location")
    return person


used = {}


def fresh_code(role):
    """Each code is good once: the next is waited for, within the window that the service allows."""
    step = int(time.time()) // 30
    step = max(step - 1, used.get(role, 0) + 1)
    while step > int(time.time()) // 30 + 1:
        time.sleep(1)
    used[role] = step
    return one_time_code(secrets[role], step * 30)


class SignIn(unittest.TestCase):
    def test_in_and_out(self):
        person = sign_in("analyst", next="/workbench/findings")
        self.assertEqual(person.landed, "/workbench/findings")
        page = person.get("/account")
        self.assertIn("analyst@borough.example", page.text)
        self.assertEqual(person.post("/sign-out", {"csrf": token_of(page)}).status, 303)
        self.assertIsNone(person.cookie)
        self.assertEqual(person.get("/account").getheader("Location"), "/sign-in?next=/account")

    def test_the_cookie(self):
        answer = Person(service).post("/sign-in", {"name": PEOPLE["partner"], "password": PASSWORD,
                                                   "code": fresh_code("partner")})
        cookie = answer.getheader("Set-Cookie")
        for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(word, cookie)
        self.assertNotIn("Domain", cookie)
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
            self.assertNotIn(cookie.split("=", 1)[1].split(";")[0], str(db.execute("SELECT * FROM session").fetchall()))

    def test_one_answer_for_all_that_can_be_wrong(self):
        texts = set()
        for form in ({"name": "nobody", "password": PASSWORD, "code": "000000"},
                     {"name": PEOPLE["coordinator"], "password": "wrong words here", "code": fresh_code("coordinator")},
                     {"name": PEOPLE["coordinator"], "password": PASSWORD, "code": "000000"}):
            answer = Person(service).post("/sign-in", form)
            self.assertEqual(answer.status, 422)
            self.assertIn("There is a problem", answer.text)
            self.assertIn("<title>Error: ", answer.text)
            self.assertIsNone(answer.getheader("Set-Cookie"))
            self.assertNotIn(PASSWORD, answer.text)
            texts.add(answer.text.replace(form["name"], ""))
        self.assertEqual(len(texts), 1)

    def test_where_to_go_is_on_this_service(self):
        for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"):
            page = Person(service).get("/sign-in?next=" + elsewhere.replace("\\", "%5c"))
            if page.status == 200:
                self.assertIn('value="/workbench"', page.text)

    def test_what_is_typed_comes_back_inert(self):
        answer = Person(service).post("/sign-in", {"name": '"><script>x</script>', "password": "x", "code": "x"})
        self.assertNotIn("<script>x", answer.text)
        self.assertIn("&lt;script&gt;x", answer.text)

    def test_signed_out_everywhere(self):
        one, other = sign_in("coordinator"), sign_in("coordinator")
        page = one.get("/account")
        self.assertGreaterEqual(page.text.count('<td class="govuk-table__cell">127.0.0.1</td>'), 2)
        self.assertEqual(one.post("/account/sign-out-everywhere", {"csrf": token_of(page)}).status, 303)
        self.assertEqual(other.get("/account").status, 303)

    def test_an_invitation(self):
        token = must("user", file, "invite", "new.person", "--role", "partner", "--json").json()["invitation"]
        person = Person(service)
        page = person.get("/invitation/" + token)
        self.assertEqual(page.status, 200)
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
        form = {"password": "four quite unlikely words", "again": "four quite unlikely words"}
        wrong = person.post("/invitation/" + token, form | {"code": "000000"})
        self.assertEqual(wrong.status, 422)
        self.assertIn("Enter the six digits", wrong.text)
        self.assertEqual(person.post("/invitation/" + token, form | {"again": "x", "code": "1"}).status, 422)
        self.assertEqual(person.post("/invitation/" + token, {"password": "short", "again": "short", "code": "1"}).status, 422)
        done = person.post("/invitation/" + token, form | {"code": one_time_code(secret)})
        self.assertEqual(done.status, 200, done.text)
        self.assertEqual(len(re.findall(r"<li><code>[a-z0-9-]{19}</code>", done.text)), 8)
        self.assertEqual(person.get("/invitation/" + token).status, 404)
        code = re.search(r"<li><code>([a-z0-9-]{19})</code>", done.text)[1]
        answer = Person(service).post("/sign-in", {"name": "new.person", "password": form["password"], "code": code})
        self.assertEqual(answer.status, 303)


class Rights(unittest.TestCase):
    """Every row of the route table, asked by every role; the table of rights is the guide's."""

    @classmethod
    def setUpClass(cls):
        cls.api = json.loads(Person(service).get("/openapi.json").text)
        cls.people = {role: sign_in(role) for role in PEOPLE} | {"public": Person(service)}
        cls.rights = {}
        for line in (ROOT / "docs" / "guide" / "accounts.md").read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            name = re.fullmatch(r"`([a-z-]+)`", cells[0])
            if name and len(cells) >= 1 + len(ROLES):
                cls.rights[name[1]] = {role: cells[-len(ROLES) + at] not in ("", "–", "-") for at, role in enumerate(ROLES)}

    def rows(self):
        for path, methods in self.api["paths"].items():
            for method, row in methods.items():
                if path != "/sign-out" and "everywhere" not in path:
                    yield method, path, row

    def test_the_table_is_read(self):
        self.assertGreater(len(self.rights), 10)
        self.assertTrue(self.rights["read-findings"]["analyst"])
        self.assertFalse(self.rights["read-findings"]["public"])

    def test_which_forms_may_carry_a_file(self):
        carriers = 0
        for method, path, row in self.rows():
            if method == "post":
                types = sorted(row["requestBody"]["content"])
                answer = self.people["analyst"].ask("POST", re.sub(r"\{\w+\}", "not-there", path), body_of([], "a.csv", b"x"),
                                                    Content_Type=f"multipart/form-data; boundary={BOUNDARY}")
                self.assertEqual(answer.status == 415, types == ["application/x-www-form-urlencoded"], (path, answer.status))
                carriers += len(types) == 2
        self.assertGreaterEqual(carriers, 2)

    def test_every_route_as_every_role(self):
        asked = 0
        for method, path, row in self.rows():
            for role, person in self.people.items():
                address = re.sub(r"\{\w+\}", "not-there", path)
                answer = person.ask(method.upper(), address, {} if method == "post" else None, Accept="application/json")
                asked += 1
                if self.rights[row["x-right"]][role]:
                    self.assertNotEqual(answer.status, 401, (method, path, role))
                    if row["x-form-token"]:
                        self.assertEqual(answer.status, 403, (method, path, role))
                elif role == "public":
                    self.assertEqual(answer.status, 401, (method, path))
                else:
                    self.assertEqual(answer.status, 404, (method, path, role))
        self.assertGreater(asked, 80)

    def test_not_there_and_not_yours_look_the_same(self):
        partner = self.people["partner"]
        for method, path, row in self.rows():
            if not self.rights[row["x-right"]]["partner"] and method == "get":
                self.assertEqual(partner.get(re.sub(r"\{\w+\}", "x", path)).body, partner.get("/not-there").body)

    def test_tokens(self):
        page = self.people["analyst"].get("/account")
        others = token_of(self.people["coordinator"].get("/account"))
        for token in ("", "x", others, token_of(page)[:-1]):
            self.assertEqual(self.people["analyst"].post("/sign-out", {"csrf": token}).status, 403)
        self.assertEqual(self.people["analyst"].get("/account").status, 200)

    def test_a_session_that_ended(self):
        person = sign_in("analyst")
        with sqlite3.connect(file) as db:
            db.execute("UPDATE session SET made_at = made_at - 50000, seen_at = seen_at - 50000, expires_at = expires_at - 50000 "
                       "WHERE id = (SELECT max(id) FROM session)")
        self.assertEqual(person.get("/workbench").status, 303)
        self.assertEqual(person.get("/workbench", Accept="application/json").status, 401)


class Sight(unittest.TestCase):
    """What an agreement holds closely is listed to nobody who may not see it."""

    def test_a_partner_sees_less(self):
        home = pathlib.Path(folder.name) / "sight"
        home.mkdir()
        held, terms = home / "held.reeve", home / "terms.json"
        must("new", held, "--synthetic")
        terms.write_text(json.dumps({"agreement": "close", "supplier": "Synthetic Police", "gateway": "a test",
                                     "purposes": ["a test"], "from": "2020-01-01", "expires": "2099-12-31",
                                     "retention_months": 600, "marking": "official-sensitive", "note": "synthetic"}))
        must("agreement", held, "add", terms, "--author", "the test")
        for number, words in enumerate((["--agreement", "close"], ["--open"])):
            street = home / f"2021-05-{number}-street.csv"
            street.write_text(STREET_HEADER + street_row(number))
            must("import", held, street, *words)
        add_people(held)
        with Service(held) as other:
            seen = {}
            for role, person in enter_all(other).items():
                seen[role] = json.loads(person.get("/workbench", Accept="application/json").text)["extracts"]
            self.assertEqual(seen, {"partner": 1, "analyst": 2, "coordinator": 2, "administrator": 1})


class Release(unittest.TestCase):
    def setUp(self):
        self.analyst = Rights.people["analyst"] if hasattr(Rights, "people") else sign_in("analyst")

    def findings(self, choice=""):
        return json.loads(self.analyst.get("/workbench/findings" + choice, Accept="application/json").text)

    def decide(self, finding, decision, note="", read=None):
        """As from the page of the finding, unless `read` says that another was read."""
        address = "/workbench/findings/" + finding["id"]
        page = self.analyst.get(address)
        read = read or re.search(r'name="read" value="([0-9a-f]{64})"', page.text)[1]
        return self.analyst.post(address, {"csrf": token_of(page), "read": read, "decision": decision, "note": note})

    def test_from_the_list_to_the_public(self):
        listed = self.findings()["findings"]
        expected = must("findings", file, "--format", "json").json()
        self.assertEqual([f["id"] for f in listed], [f["id"] for f in expected])
        finding = next(f for f in listed if f["verdict"] == "holds")
        public = Person(service)
        self.assertEqual(public.get("/findings/" + finding["id"]).status, 404)
        self.assertEqual(self.decide(finding, "release", "for <the board>").status, 303)
        self.assertIn("“for &lt;the board&gt;”", self.analyst.get("/workbench/findings/" + finding["id"]).text)
        shown = json.loads(public.get("/findings/" + finding["id"], Accept="application/json").text)
        whole = next(f for f in expected if f["id"] == finding["id"])
        self.assertEqual(shown["statement"], whole["statement"])
        if whole["value"] is not None:
            self.assertEqual(shown["value"], whole["value"])
        self.assertNotIn("sources", shown)
        self.assertEqual([f["id"] for f in json.loads(public.get("/findings", Accept="application/json").text)["findings"]],
                         [finding["id"]])
        self.assertEqual([f["id"] for f in self.findings("?release=released")["findings"]], [finding["id"]])
        self.assertEqual(self.decide(finding, "withhold").status, 303)
        self.assertEqual(public.get("/findings/" + finding["id"]).status, 404)
        rows = must("audit", file, "export", "--json").json()
        self.assertEqual([row["action"] for row in rows if row["subject"] == finding["id"]][-2:],
                         ["finding.release", "finding.withhold"])

    def test_a_finding_that_changed_is_not_released_any_more(self):
        finding = next(f for f in self.findings()["findings"] if f["verdict"] == "holds")
        self.assertEqual(self.decide(finding, "release").status, 303)
        must("assess", file, "--area", "E09000016", "--period", "2022-01..2022-11", "--compare", "2021-01..2021-11", most=1)
        public = Person(service)
        self.assertEqual(json.loads(public.get("/findings", Accept="application/json").text)["findings"], [])
        changed = self.findings("?release=changed+since")["findings"]
        self.assertEqual([f["id"] for f in changed], [finding["id"]])
        must("assess", file, "--area", "E09000016", "--period", "2022-01..2022-12", "--compare", "2021-01..2021-12", most=1)
        self.assertEqual(len(json.loads(public.get("/findings", Accept="application/json").text)["findings"]), 1)
        self.assertEqual(self.decide(finding, "withhold").status, 303)

    def test_small_numbers_are_not_released(self):
        small = [f for f in must("findings", file, "--format", "json").json()
                 if f["numerator"] is not None and 0 < f["numerator"] < 5]
        self.assertTrue(small)
        for finding in small[:3]:
            answer = self.decide(finding, "release")
            self.assertEqual(answer.status, 422)
            self.assertIn("people could be recognised", answer.text)
            self.assertEqual(Person(service).get("/findings/" + finding["id"]).status, 404)

    def test_what_was_not_read_is_not_decided(self):
        finding = self.findings()["findings"][0]
        self.assertEqual(self.decide(finding, "release", read="0" * 64).status, 422)
        self.assertEqual(self.decide(finding, "").status, 422)
        self.assertEqual(self.decide(finding, "withhold", "x" * 2001).status, 422)


if __name__ == "__main__":
    unittest.main()

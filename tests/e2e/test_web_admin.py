#!/usr/bin/env python3
"""The administrator at the web service: people, and what nobody can do to the own account.

All people here are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import pathlib
import re
import sqlite3
import tempfile
import unittest

from harness import STREET_HEADER, must, street_row
from service import Person, Service
from test_user import PASSWORD, one_time_code

ADMINISTRATOR, SECOND = "a.admin@borough.example", "second.admin@borough.example"


def setUpModule():
    global folder, home, file, service
    folder = tempfile.TemporaryDirectory()
    home = pathlib.Path(folder.name)
    file = home / "borough.reeve"
    must("new", file, "--title", "Synthetic partnership", "--synthetic")
    street = home / "2021-05-synthetic-street.csv"
    street.write_text(STREET_HEADER + street_row(1))
    must("import", file, street, "--open")
    (home / "password").write_text(PASSWORD + "\n")
    for name, role in ((ADMINISTRATOR, "administrator"), (SECOND, "administrator"), ("ann", "analyst")):
        must("user", file, "add", name, "--role", role, "--no-codes", "--password-file", home / "password")
    service = Service(file)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def sign_in(name, where=None, password=PASSWORD, code=""):
    person = Person(where or service)
    answer = person.post("/sign-in", {"name": name, "password": password, "code": code})
    return person if answer.status == 303 else None


def token_of(page):
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


def send(person, path, form=None, of=None):
    """A form sent as from the page that holds it."""
    return person.post(path, {"csrf": token_of(person.get(of or path))} | (form or {}))


def accounts():
    return {a["name"]: a for a in must("user", file, "--json").json()["accounts"]}


def audit():
    return [(row["action"], row["subject"], row["actor"]) for row in must("audit", file, "export", "--json").json()]


class People(unittest.TestCase):
    def setUp(self):
        self.admin = sign_in(ADMINISTRATOR)
        self.number = accounts()[ADMINISTRATOR]["account"]

    def invite(self, name, **form):
        answer = send(self.admin, "/admin/invite", {"name": name, "role": "partner"} | form)
        self.assertEqual(answer.status, 200, answer.text)
        return re.search(r"<code>http://127\.0\.0\.1:\d+(/invitation/[\w-]{43})</code>", answer.text)[1]

    def test_the_list_is_the_command_s(self):
        page = json.loads(self.admin.get("/admin/people", Accept="application/json").text)
        self.assertEqual([(p["name"], p["role"], p["status"]) for p in page["people"]],
                         [(a["name"], a["role"], a["status"]) for a in accounts().values()])
        mine = next(p for p in page["people"] if p["name"] == ADMINISTRATOR)
        self.assertNotEqual(mine["last-sign-in"], "never")
        self.assertEqual((mine["codes"], mine["is-weak"], mine["is-self"]), ("off", True, True))
        self.assertIn("/admin/people/", self.admin.get("/admin/people").text)

    def test_only_for_administrators(self):
        analyst = sign_in("ann")
        for path in ("/admin", "/admin/people", "/admin/invite", f"/admin/people/{self.number}"):
            self.assertEqual(analyst.get(path).status, 404)
        self.assertNotIn("Administration", analyst.get("/workbench").text)
        before = accounts()
        csrf = token_of(analyst.get("/account"))
        for path in ("/admin/invite", f"/admin/people/{self.number}", f"/admin/people/{self.number}/disable"):
            self.assertEqual(analyst.post(path, {"csrf": csrf, "name": "eve", "role": "administrator"}).status, 404)
        self.assertEqual(accounts(), before)

    def test_invited_person_comes_in(self):
        link = self.invite("new.person", display="<b>New</b> person", organisation="Synthetic Police")
        made = accounts()["new.person"]
        self.assertEqual((made["status"], made["organisation"], made["display"]), ("invited", "Synthetic Police", "<b>New</b> person"))
        self.assertIn(("account.invited", f"account {made['account']}", self.number), audit())
        page = self.admin.get(f"/admin/people/{made['account']}")
        self.assertIn("&lt;b&gt;New&lt;/b&gt; person", page.text)
        self.assertNotIn("<b>New", page.text)
        self.assertNotIn(link, page.text)  # shown once
        person = Person(service)
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", person.get(link).text)[1].replace(" ", "")
        words = "four quite unlikely words"
        done = person.post(link, {"password": words, "again": words, "code": one_time_code(secret)})
        self.assertEqual(done.status, 200)
        self.assertEqual(accounts()["new.person"]["status"], "active")
        recovery = re.findall(r"<li><code>([a-z0-9-]{19})</code>", done.text)
        signed_in = sign_in("new.person", password=words, code=recovery[0])
        self.assertIsNotNone(signed_in)
        self.change_and_shut_out(made["account"], signed_in, words, recovery)

    def change_and_shut_out(self, number, signed_in, words, recovery):
        address = f"/admin/people/{number}"
        self.assertEqual(signed_in.get("/workbench").status, 200)
        answer = send(self.admin, address, {"display": "", "organisation": "", "role": "coordinator"})
        self.assertEqual(answer.getheader("Location"), address + "?done=changed")
        self.assertIn("The changes are saved", self.admin.get(answer.getheader("Location")).text)
        changed = accounts()["new.person"]
        self.assertEqual((changed["role"], changed["organisation"], changed["display"]), ("coordinator", None, "new.person"))
        self.assertIn("127.0.0.1", self.admin.get(address).text)
        self.assertEqual(send(self.admin, address + "/sign-out", of=address).status, 303)
        self.assertEqual(signed_in.get("/workbench").status, 303)
        self.assertEqual(send(self.admin, address + "/disable", of=address).status, 303)
        self.assertIsNone(sign_in("new.person", password=words, code=recovery[1]))
        self.assertEqual(self.admin.post(address + "/disable", {"csrf": token_of(self.admin.get(address))}).status, 422)
        self.assertEqual(send(self.admin, address + "/enable", of=address).status, 303)
        self.assertIsNotNone(sign_in("new.person", password=words, code=recovery[2]))
        reset = send(self.admin, address + "/reset")
        self.assertEqual(reset.status, 200)
        self.assertIn("/invitation/", reset.text)
        self.assertIsNone(sign_in("new.person", password=words, code=recovery[3]))
        self.assertEqual(accounts()["new.person"]["status"], "invited")
        actions = [action for action, subject, actor in audit() if subject == f"account {number}" and actor == self.number]
        self.assertEqual(actions, ["account.invited", "account.changed", "sign-out.everywhere", "account.disabled", "account.enabled",
                                   "account.reset"])

    def test_without_codes(self):
        self.assertNotIn("authenticator", Person(service).get(self.invite("no.codes", **{"no-codes": "yes"})).text)

    def test_what_is_wrong_is_told_at_its_field(self):
        for form, field in (({"name": "ADA LOVELACE", "role": "partner"}, "name"), ({"name": "eve", "role": "public"}, "role"),
                            ({"name": "eve"}, "role"), ({"name": "ann", "role": "partner"}, "name"), ({"name": "", "role": "x"}, "name"),
                            ({"name": "eve", "role": "partner", "display": "x" * 200}, "name")):
            answer = send(self.admin, "/admin/invite", form)
            self.assertEqual(answer.status, 422, form)
            self.assertIn(f'<a href="#{field}">', answer.text)
            self.assertIn(f'id="{field}-error"', answer.text)
        hostile = send(self.admin, "/admin/invite", {"name": '"><script>x', "organisation": '"><script>y', "role": "analyst"})
        self.assertNotIn("<script>x", hostile.text)
        self.assertNotIn("<script>y", hostile.text)
        self.assertRegex(hostile.text, 'value="analyst" checked')
        self.assertNotIn("eve", accounts())

    def test_nobody_shuts_out_the_own_account(self):
        address = f"/admin/people/{self.number}"
        page = self.admin.get(address)
        self.assertNotIn("Disable the account", page.text)
        self.assertIn("your own account", page.text)
        csrf = token_of(page)
        before = accounts()[ADMINISTRATOR]
        for path, form in ((address, {"role": "partner"}), (address + "/disable", {}), (address + "/reset", {})):
            answer = self.admin.post(path, {"csrf": csrf} | form)
            self.assertEqual(answer.status, 422, path)
            self.assertIn("another administrator can do that", answer.text)
        self.assertEqual(accounts()[ADMINISTRATOR], before)
        self.assertEqual(self.admin.post(address, {"csrf": csrf, "role": "administrator", "display": "A. Admin"}).status, 303)
        self.assertEqual(accounts()[ADMINISTRATOR]["display"], "A. Admin")

    def test_the_last_administrator_stays(self):
        """Two at once, each of whom shuts the other out: one is left."""
        other = sign_in(SECOND)
        address = {name: f"/admin/people/{accounts()[name]['account']}" for name in (ADMINISTRATOR, SECOND)}
        forms = (other, address[ADMINISTRATOR], token_of(other.get("/account"))), (self.admin, address[SECOND], token_of(self.admin.get("/account")))
        statuses = [person.post(path + "/disable", {"csrf": csrf}).status for person, path, csrf in forms]
        self.assertEqual(statuses[0], 303)
        self.assertIn(statuses[1], (303, 401))  # signed out meanwhile
        left = [a["name"] for a in accounts().values() if a["role"] == "administrator" and a["status"] == "active"]
        self.assertEqual(left, [SECOND])
        self.assertEqual(send(other, address[ADMINISTRATOR] + "/enable", of=address[ADMINISTRATOR]).status, 303)

    def test_accounts_that_are_not_there(self):
        for number in ("0", "999", "-1", "x", "1x", "99999999999999999999"):
            self.assertEqual(self.admin.get(f"/admin/people/{number}").status, 404, number)

    def test_who_lost_the_role_meanwhile(self):
        """The right is that of now, not of when the session began."""
        must("user", file, "add", "short.admin", "--role", "administrator", "--no-codes", "--password-file", home / "password")
        person = sign_in("short.admin")
        csrf = token_of(person.get("/admin/invite"))
        must("user", file, "change", "short.admin", "--role", "partner")
        self.assertEqual(person.post("/admin/invite", {"csrf": csrf, "name": "eve", "role": "administrator"}).status, 404)
        self.assertNotIn("eve", accounts())


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The administrator at the web service: people, the audit, agreements, the self-check; signing in by the proxy.

All people here are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import datetime
import io
import json
import os
import pathlib
import re
import shutil
import sqlite3
import tempfile
import time
import unittest

from harness import STREET_HEADER, must, run, street_row
from service import PASSWORD, Person, Service, add_people, token_of
from test_user import one_time_code

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
    add_people(file, {ADMINISTRATOR: "administrator", SECOND: "administrator", "ann": "analyst"})
    service = Service(file)


def tearDownModule():
    service.__exit__(None, None, None)
    folder.cleanup()


def sign_in(name, where=None, password=PASSWORD, code=""):
    person = Person(where or service)
    answer = person.post("/sign-in", {"name": name, "password": password, "code": code})
    return person if answer.status == 303 else None


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
        add_people(file, {"short.admin": "administrator"})
        person = sign_in("short.admin")
        csrf = token_of(person.get("/admin/invite"))
        must("user", file, "change", "short.admin", "--role", "partner")
        self.assertEqual(person.post("/admin/invite", {"csrf": csrf, "name": "eve", "role": "administrator"}).status, 404)
        self.assertNotIn("eve", accounts())


class Audit(unittest.TestCase):
    def setUp(self):
        self.admin = sign_in(ADMINISTRATOR)

    def page(self, choice=""):
        return json.loads(self.admin.get("/admin/audit" + choice, Accept="application/json").text)

    def test_the_rows_are_the_command_s(self):
        rows = self.page()["rows"]
        wanted = list(reversed(must("audit", file, "export", "--json").json()))[:50]
        self.assertEqual([(r["row"], r["at"], r["actor"], r["action"], r["subject"], r["outcome"]) for r in rows],
                         [(r["row"], r["at"], r["actor"], r["action"], r["subject"], r["outcome"]) for r in wanted])
        self.assertIn(ADMINISTRATOR, self.admin.get("/admin/audit").text)

    def test_a_choice(self):
        number = accounts()["ann"]["account"]
        sign_in("ann")
        found = self.page(f"?person={number}&what=sign-in")["rows"]
        self.assertTrue(found)
        self.assertEqual({(r["action"], r["subject"]) for r in found}, {("sign-in", f"account {number}")})
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.assertTrue(self.page(f"?from={today - datetime.timedelta(days=1)}&to={today + datetime.timedelta(days=1)}")["rows"])
        self.assertEqual(self.page("?to=2020-01-01")["rows"], [])
        self.assertEqual(self.page("?what=nothing-such")["rows"], [])
        self.assertIn("No row fits", self.admin.get("/admin/audit?to=2020-01-01").text)
        for bad in ("from=2026-02-30", "to=yesterday", "from=%22%3E%3Cscript%3Ex"):
            answer = self.admin.get("/admin/audit?" + bad)
            self.assertEqual(answer.status, 422)
            self.assertNotIn("<script>x", answer.text)
            self.assertIn("There is a problem", answer.text)

    def test_pages_go_on_until_the_first_row(self):
        address = f"/admin/people/{accounts()['ann']['account']}"
        csrf = token_of(self.admin.get(address))
        for _ in range(60):
            self.assertEqual(self.admin.post(address, {"csrf": csrf, "role": "analyst"}).status, 303)
        seen, path = [], "/admin/audit?what=account.changed"
        while path:
            answer = self.admin.get(path, Accept="application/json")
            page = json.loads(answer.text)
            self.assertLessEqual(len(page["rows"]), 50)
            seen += [row["row"] for row in page["rows"]]
            path = page.get("older")
        wanted = [row["row"] for row in reversed(must("audit", file, "export", "--json").json()) if row["action"] == "account.changed"]
        self.assertEqual(seen, wanted)
        self.assertGreater(len(seen), 50)
        self.assertIn("older rows", self.admin.get("/admin/audit").text)

    def test_all_of_it_as_csv(self):
        answer = self.admin.get("/admin/audit.csv")
        self.assertEqual(answer.status, 200)
        self.assertIn("attachment", answer.getheader("Content-Disposition"))
        after = must("audit", file, "export")
        self.assertTrue(after.out.startswith(answer.text) or answer.text == after.out)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        self.assertEqual([int(r["row"]) for r in rows], list(range(1, len(rows) + 1)))
        self.assertIn(("audit.exported", "", accounts()[ADMINISTRATOR]["account"]), audit())

    def test_formulas_are_harmless(self):
        """A subject that a spreadsheet would compute: by hand, because the service writes none."""
        held = home / "formula.reeve"
        shutil.copy(file, held)
        shutil.copy(f"{file}-key", f"{held}-key")
        with sqlite3.connect(held) as db:
            db.execute("DROP TRIGGER audit_is_not_changed")
            db.execute("UPDATE audit SET subject = '=cmd|calc' WHERE id = 1")
        with Service(held) as other:
            admin = sign_in(ADMINISTRATOR, other)
            self.assertIn("'=cmd|calc", admin.get("/admin/audit.csv").text)
            self.assertNotIn(",=cmd", admin.get("/admin/audit.csv").text)
            checked = admin.get("/admin/audit/check")
            self.assertEqual(checked.status, 200)
            self.assertIn("Not whole", checked.text)
            state = json.loads(admin.get("/admin/self-check", Accept="application/json").text)
            self.assertFalse(next(c for c in state["checks"] if c["what"] == "Audit")["is-good"])

    def test_is_it_whole(self):
        page = json.loads(self.admin.get("/admin/audit/check", Accept="application/json").text)
        self.assertTrue(page["is-whole"])
        wanted = must("audit", file, "verify", "--json").json()
        self.assertEqual((page["rows"], page["head"]), (wanted["rows"], wanted["head"]))
        head = page["head"]
        Person(service).post("/sign-in", {"name": "", "password": "x", "code": ""})
        page = json.loads(self.admin.get("/admin/audit/check?head=" + head, Accept="application/json").text)
        self.assertEqual(page["anchor-row"], wanted["rows"])
        strange = self.admin.get("/admin/audit/check?head=" + "0" * 63 + "1")
        self.assertIn("Not whole", strange.text)
        self.assertEqual(self.admin.get("/admin/audit/check?head=%22%3E%3Cscript%3Ex").status, 422)

    def test_only_for_administrators(self):
        analyst = sign_in("ann")
        for path in ("/admin/audit", "/admin/audit/check", "/admin/audit.csv", "/admin/agreements", "/admin/self-check", "/admin/backups"):
            self.assertEqual(analyst.get(path).status, 404, path)


class Agreements(unittest.TestCase):
    def test_terms_extracts_and_what_is_due(self):
        held, terms = home / "held.reeve", home / "terms.json"
        must("new", held, "--synthetic")
        for name, more in (("close", {"marking": "official-sensitive", "retention_months": 1, "note": "<i>synthetic</i>"}),
                           ("over", {"expires": "2021-01-01", "counts_for": ["Synthetic Council"], "publish": "nothing"})):
            terms.write_text(json.dumps({"agreement": name, "supplier": "Synthetic Police", "gateway": "a test", "purposes": ["a test"],
                                         "from": "2020-01-01", "expires": "2099-12-31"} | more))
            must("agreement", held, "add", terms, "--author", "the test")
        for number, words in enumerate((["--agreement", "close"], ["--open"], [])):
            street = home / f"2021-05-{number}-street.csv"
            street.write_text(STREET_HEADER + street_row(number))
            must("import", held, street, *words)
        add_people(held, {ADMINISTRATOR: "administrator"})
        with sqlite3.connect(held) as db:
            db.execute("UPDATE extract SET imported_at = '2020-01-31T10:00:00Z' WHERE id = 1")
        with Service(held) as other:
            admin = sign_in(ADMINISTRATOR, other)
            page = json.loads(admin.get("/admin/agreements", Accept="application/json").text)
            html = admin.get("/admin/agreements").text
        state = {a["agreement"]: (a["state"], [e["extract"] for e in a["extracts"]]) for a in page["agreements"]}
        self.assertEqual(state, {"close": ("in force", [1]), "over": ("expired", [])})
        self.assertEqual({a["agreement"]: a["publish"] for a in page["agreements"]},
                         {"close": "nothing, as the marking says", "over": "nothing"})
        self.assertEqual([(e["extract"], e["keep-until"], e["agreement"]) for e in page["due"]], [(1, "29 February 2020", "close")])
        wanted = {e["extract"]: e for e in must("agreement", held, "--json").json()["extracts"]}
        self.assertEqual([e for e, x in wanted.items() if x["past_retention"]], [1])
        self.assertEqual(len(page["open"]) + len(page["undeclared"]), 2)
        self.assertIn("&lt;i&gt;synthetic", html)
        self.assertNotIn("<i>", html)
        guide = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "guide" / "accounts.md").read_text()
        for row in page["sight"]:
            self.assertIn(f"| {row['role']} | {row['public']} | {row['official']} | {row['sensitive']} |", guide)


class SelfCheck(unittest.TestCase):
    def checks(self, admin):
        page = json.loads(admin.get("/admin/self-check", Accept="application/json").text)
        return {c["what"]: c for c in page["checks"]}, page

    def test_each_line(self):
        checks, page = self.checks(sign_in(ADMINISTRATOR))
        self.assertEqual(page["count"], len(checks))
        self.assertEqual(page["to-look-at"], sum(not c["is-good"] for c in checks.values()))
        for what in ("Who can reach it", "TLS", "Signing in by the proxy", "The key beside it", "Schema of the file", "Clock", "Administrators",
                     "Audit"):
            self.assertTrue(checks[what]["is-good"], checks[what])
        self.assertFalse(checks["One-time codes of administrators"]["is-good"])
        self.assertEqual(checks["User of the service"]["is-good"], os.geteuid() != 0)
        self.assertIn(f"127.0.0.1:{service.port}", checks["Who can reach it"]["found"])
        filtered = "Seccomp:\t2" in pathlib.Path(f"/proc/{service.process.pid}/status").read_text()
        self.assertEqual("system calls): holds" in checks["Confinement"]["found"], filtered)
        for check in checks.values():
            self.assertEqual("advice" in check, not check["is-good"])

    def test_what_is_wrong_is_seen(self):
        mode = os.stat(f"{file}-key").st_mode
        must("user", file, "disable", SECOND)
        try:
            admin = sign_in(ADMINISTRATOR)
            os.chmod(f"{file}-key", 0o644)
            os.chmod(home, 0o777)
            checks, _ = self.checks(admin)
        finally:
            os.chmod(f"{file}-key", mode)
            os.chmod(home, 0o700)
            must("user", file, "enable", SECOND)
        for what in ("The key beside it", "Its folder", "Administrators"):
            self.assertFalse(checks[what]["is-good"], what)
        self.assertIn("0644", checks["The key beside it"]["found"])

    def test_behind_a_proxy(self):
        with Service(file, "--behind-proxy", "--user-header", "X-User", listen="0.0.0.0:0") as other:
            admin = Person(other)
            answer = admin.post("/sign-in", {"name": ADMINISTRATOR, "password": PASSWORD, "code": ""})
            self.assertEqual(answer.status, 303)
            checks, _ = self.checks(admin)
            for what in ("Who can reach it", "TLS", "Signing in by the proxy"):
                self.assertFalse(checks[what]["is-good"], what)


class Backups(unittest.TestCase):
    def wait(self, admin, path, told):
        for _ in range(300):
            page = json.loads(admin.get(path, Accept="application/json").text)
            found = told(page)
            if found:
                return found
            time.sleep(0.2)
        self.fail(f"never seen on {path}: {page}")

    def test_a_backup_and_a_check(self):
        held = home / "kept.reeve"
        must("new", held, "--synthetic")
        add_people(held, {ADMINISTRATOR: "administrator"})
        with Service(held) as other:
            admin = sign_in(ADMINISTRATOR, other)
            self.assertIn("None was asked for", admin.get("/admin/backups").text)
            self.assertEqual(send(admin, "/admin/backups").getheader("Location"), "/admin/backups?asked=yes")
            made = self.wait(admin, "/admin/backups", lambda p: next((b for b in p["backups"] if b["is-over"]), None))
            self.assertTrue(made["is-done"], made)
            self.assertIn(made["path"], admin.get("/admin/backups").text)
            must("verify", made["path"])
            self.assertEqual(send(admin, "/admin/self-check").status, 303)
            self.wait(admin, "/admin/self-check", lambda p: any(c["found"].startswith("Whole on") for c in p["checks"]))
            checks = {c["what"]: c["is-good"] for c in json.loads(admin.get("/admin/self-check", Accept="application/json").text)["checks"]}
            self.assertTrue(checks["Jobs"] and checks["Backup"] and checks["Every chunk of the file"], checks)
        actions = [row["action"] for row in must("audit", held, "export", "--json").json()]
        self.assertEqual([a for a in actions if a.startswith("job.")].count("job.ask"), 2)


class Proxy(unittest.TestCase):
    """Whom the proxy names in its header is signed in, and nobody else can name anybody."""

    def ask(self, service, **headers):
        person = Person(service, **headers)
        return person, person.get("/sign-in?next=/account")

    def test_whom_the_proxy_names_is_signed_in(self):
        with Service(file, "--behind-proxy", "--user-header", "X-Remote-User") as behind:
            person, answer = self.ask(behind, **{"X-Remote-User": "ann", "X-Forwarded-Proto": "https", "X-Real-IP": "192.0.2.7"})
            self.assertEqual((answer.status, answer.getheader("Location")), (303, "/account"))
            self.assertIn("__Host-reeve=", answer.getheader("Set-Cookie"))
            self.assertIn("; Secure", answer.getheader("Set-Cookie"))
            page = person.get("/account")
            self.assertIn("192.0.2.7", page.text)
            self.assertIn(">ann<", page.text)
            self.assertIn("proxy", must("user", file, "sessions", "ann").out)
            # The name is as people write it; only an active account has one.
            self.assertEqual(self.ask(behind, **{"X-Remote-User": " ANN "})[1].status, 303)
            for nobody in ("eve", "", "ann\tx", "ann, " + ADMINISTRATOR, "x" * 300):
                person, answer = self.ask(behind, **{"X-Remote-User": nobody})
                self.assertEqual((answer.status, answer.getheader("Set-Cookie")), (200, None), nobody)
            must("user", file, "disable", "ann")
            try:
                self.assertEqual(self.ask(behind, **{"X-Remote-User": "ann"})[1].getheader("Set-Cookie"), None)
            finally:
                must("user", file, "enable", "ann")

    def test_other_headers_name_nobody(self):
        with Service(file, "--behind-proxy", "--user-header", "X-Remote-User") as behind:
            for name in ("X-User", "Remote-User", "X-Forwarded-User", "Authorization", "X_Remote_User", "X-Remote-User2"):
                self.assertIsNone(self.ask(behind, **{name: "ann"})[1].getheader("Set-Cookie"), name)

    def test_without_it_the_header_is_ignored(self):
        for words in ((), ("--behind-proxy",)):
            with Service(file, *words) as plain:
                for name in ("X-Remote-User", "X-User", "Remote-User"):
                    person, answer = self.ask(plain, **{name: "ann"})
                    self.assertEqual((answer.status, answer.getheader("Set-Cookie")), (200, None), (words, name))
                    self.assertEqual(person.get("/account").status, 303)

    def test_it_needs_the_proxy(self):
        refused = run("serve", file, "--user-header", "X-Remote-User")
        self.assertEqual(refused.status, 2)
        self.assertIn("--behind-proxy", refused.err)

    def test_two_of_them_name_nobody(self):
        """A browser's own header before that of a proxy which adds instead of overwriting."""
        with Service(file, "--behind-proxy", "--user-header", "X-Remote-User") as behind:
            request = (b"GET /sign-in HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n"
                       b"X-Remote-User: " + ADMINISTRATOR.encode() + b"\r\nX-Remote-User: ann\r\n\r\n")
            got = behind.raw(request)
            self.assertNotIn(b"Set-Cookie", got)


class Guide(unittest.TestCase):
    FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guide"

    def test_every_page_and_every_link(self):
        person, ids, links = Person(service), {}, []
        paths = ["/guide"] + [f"/guide/{page.stem}" for page in sorted(self.FOLDER.glob("*.md")) if page.stem != "README"]
        self.assertGreater(len(paths), 20)
        for path in paths:
            answer = person.get(path)
            self.assertEqual(answer.status, 200, path)
            main = answer.text.split("<main", 1)[1].split("</main>")[0]
            levels = [int(level) for level in re.findall(r"<h(\d)", main)]
            self.assertEqual(levels.count(1), 1, path)
            self.assertTrue(all(b <= a + 1 for a, b in zip([0, *levels], levels)), (path, levels))
            ids[path] = set(re.findall(r'id="([^"]+)"', main))
            links += [(path, href) for href in re.findall(r'href="([^"]+)"', main)]
            source = (self.FOLDER / f"{path.removeprefix('/guide').strip('/') or 'README'}.md").read_text()
            wanted = len(re.findall(r"\]\((?!\.\./images)[^)]+\)", re.sub(r"```.*?```", "", source, flags=re.S)))
            self.assertEqual(len([h for p, h in links if p == path and h != "/guide"]), wanted, path)
        for path, href in set(links):
            target, _, fragment = href.partition("#")
            target = target or path
            if target.startswith("/"):
                answer = person.get(target)
                self.assertEqual(answer.status, 200, (path, href))
                if fragment:
                    self.assertIn(f'id="{fragment}"', answer.text, (path, href))

    def test_what_is_no_page(self):
        for name in ("README", "nothing", "..%2fsecret", "../methods/wilson", "accounts.md", "a%00"):
            self.assertIn(Person(service).get("/guide/" + name).status, (400, 404), name)

    def test_every_method_s_card(self):
        person = Person(service)
        index = person.get("/methods")
        self.assertEqual(index.status, 200)
        for href in set(re.findall(r'href="(/methods/[^"#]+)', index.text)):
            self.assertEqual(person.get(href).status, 200, href)


if __name__ == "__main__":
    unittest.main()
